#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
# Where the trace of a real run goes beside the program's own output, and readers that are slow. tests/cli has the rest.
# bats file_tags=memory
load common

# several OPTIONS... : the actor's scene under cltrace, with these options and no others.
several() {
	status=0
	limited "$CLTRACE" "$@" "$actor" -o facts fork 3 >out 2>err </dev/null 3>&- || status=$?
}

# on_stdout: what traces a program and writes to stdout, a line each. (tests/cli has what traces nothing.)
on_stdout() {
	cat <<-END
		--compare true true
		-o - true
		-o /dev/stdout true
		-o trace -o json:- true
		-o - -C true
	END
}

@test "a closed or full stdout is an error for whatever is to go there" {
	complains 'Bad file descriptor' '>&-'
	limited bash -c 'exec "$@" >&-' bash "$CLTRACE" -o - touch started 2>err && fail "it is taken"
	[ ! -e started ] || fail "it ran"
	limited bash -c 'exec "$@" 2>&-' bash "$CLTRACE" -o /dev/stderr true && fail "a closed stderr is taken"
	# Nothing is asked for on stdout here.
	limited bash -c 'exec "$@" >&-' bash "$CLTRACE" true 2>err
	has err '^TASK'
	[ -c /dev/full ] || skip "/dev/full is missing"
	complains 'No space left on device' '>/dev/full'
}

@test "a closed stderr takes the trace nowhere, and the program goes on" {
	for program in true false; do
		limited "$program" && expected=0 || expected=$?
		for closed in '2>&-' '>&- 2>&-' '<&- 2>&-' '<&- >&- 2>&-'; do
			status=0
			limited bash -c "exec \"\$@\" $closed" bash "$CLTRACE" "$program" || status=$?
			[ $status = "$expected" ] || fail "$closed $program: status $status"
		done
	done
}

# Ours have the numbers of those that are closed meanwhile, so that no file of ours gets them.
@test "the program finds closed what was closed" {
	for closed in 0 1 2; do
		for options in '' -D; do
			# shellcheck disable=SC2086
			limited bash -c "exec \"\$@\" $closed>&-" bash "$CLTRACE" $options -o trace \
				sh -c "test ! -e /proc/self/fd/$closed" || fail "$options: $closed is open"
		done
	done
}

@test "--debug-stops says how cltrace waits" {
	taskset -cp "$(taskset -cp $$ | sed 's/.*: *//; s/[-,].*//')" $$ # one processor, also for what this starts
	start_actor remote 1 1
	attach -q --debug-stops=stops
	until_blocked
	end_actor
	end_cltrace
	has stops '^# sleeping: there is one processor \([0-9]+% of gaps are short, '
	"${HELPERS%/live}/stops/replay" <stops | grep -q '"kind":"exit"'
}

@test "the file of --debug-stops gives the trace's events again" {
	local scene option
	for scene in "shell" "exec 2" "tree 2" "exec-files"; do
		for option in "" "-k -y" "--verify" "-T --signals" "--seccomp=no"; do
			# shellcheck disable=SC2086
			limited "$CLTRACE" $option -o json:recording --debug-stops=stops "$actor" -o facts $scene \
				>out 2>err </dev/null 3>&- || fail "$option $scene: status $?"
			"${HELPERS%/live}/stops/replay" <stops >replayed || fail "$option $scene: not replayed"
			cmp recording replayed || fail "$option $scene: other events"
		done
	done
}

@test "what --debug-stops cannot write is said" {
	[ -c /dev/full ] || skip "/dev/full is missing"
	several -o trace --debug-stops=/dev/full
	[ $status = 125 ] || fail "status $status"
	[ "$(cat err)" = "cltrace: --debug-stops: writing to '/dev/full' failed, so it is incomplete" ]
}

@test "what is written at the end replaces the file then, or never" {
	local status=0
	echo old >x.dot
	"$CLTRACE" -o x.dot ./none 2>err || status=$?
	[ $status = 127 ] || fail "status $status"
	[ "$(cat x.dot)" = old ]
	start_actor remote 1 1
	start_cltrace -o x.dot -p "$subject"
	"$HELPERS/await" traced "$subject"
	[ "$(cat x.dot)" = old ]
	detach
	end_actor
	has x.dot '^digraph'
	[ "$(find . -name '.*~')" = "" ] || fail "something is left"
}

# The kernel may stop a write of a tracer that is killed at the end of a page, and nowhere else.
# bats test_tags=user
@test "a tracer that is killed leaves whole lines" {
	local i size
	for ((i = 0; i < 5; i++)); do
		rm -f trace run.jsonl
		"$CLTRACE" -o trace -o run.jsonl "$actor" storm 2 4000 >/dev/null 2>err 3>&- &
		tracer=$!
		"$HELPERS/await" lines run.jsonl $((20 + 100 * i))
		kill -KILL "$tracer"
		wait "$tracer" || true
		tracer=''
		for file in trace run.jsonl; do
			size=$(wc -c <$file)
			[ -z "$(tail -c 1 $file)" ] || [ $((size % 4096)) = 0 ] || fail "$file ends within a line"
		done
		head -n -1 run.jsonl >lines
		valid lines
	done
}

# How often a letter of order() is given: tells more than a pipe holds, and less than what is kept for a reader.
often() {
	local letters
	letters=$(printf "$1%.0s" {1..400})
	order "$letters"
}

# bats test_tags=user
@test "a reader that takes nothing keeps no attached process waiting, nor the end" {
	slow_reader fifo
	start_actor remote 1
	start_cltrace -o fifo -p "$subject"
	"$HELPERS/await" traced "$subject"
	often f
	kill -TERM "$tracer"
	"$HELPERS/await" untraced "$subject"
	"$HELPERS/await" text err "waiting for the reader of 'fifo'"
	kill -TERM "$tracer"
	end_cltrace
	[ "$tracer_status" = 125 ] || fail "status $tracer_status"
	has err "^cltrace: [0-9]+ lines of the trace were lost: the reader of 'fifo' was too slow\$"
	order f
	end_actor
}

@test "a reader that takes all in the end loses nothing" {
	local reader
	slow_reader fifo
	start_actor remote 1
	start_cltrace -o fifo -p "$subject"
	"$HELPERS/await" traced "$subject"
	often f
	kill -TERM "$tracer"
	"$HELPERS/await" untraced "$subject"
	exec 9<fifo 8>&- # never without a reader
	cat <&9 >all &
	reader=$!
	exec 9<&-
	end_cltrace
	[ "$tracer_status" = 0 ] || fail "status $tracer_status"
	wait "$reader"
	[ "$(grep -c ' PROCESS ' all)" = 400 ] || fail "$(grep -c ' PROCESS ' all) processes"
	has all '^TASK'
	end_actor
}

@test "a reader that takes nothing keeps no launched program waiting, nor the end" {
	local options
	slow_reader fifo
	for options in '' --seccomp=no; do
		# shellcheck disable=SC2086
		start_cltrace $options -o fifo "$actor" fork 200
		"$HELPERS/await" text err "waiting for the reader of 'fifo'" || fail "$options"
		kill -TERM "$tracer"
		end_cltrace
		[ "$tracer_status" = 125 ] || fail "$options: status $tracer_status"
		has err "lines of the trace were lost: the reader of 'fifo' was too slow"
	done
}

@test "a command that takes its time keeps nobody who has had enough" {
	slow_reader fifo
	start_cltrace -o '|exec cat <fifo' true
	"$HELPERS/await" text trace 'TASK '
	kill -TERM "$tracer"
	end_cltrace
	[ "$tracer_status" = 125 ] || fail "status $tracer_status"
	has err "not waiting any more for the command 'exec cat <fifo', which reads the trace"
}
