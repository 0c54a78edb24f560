#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
# Launching: exit statuses, options, where the trace goes, what the program is given.
load common

# ---- how cltrace ends ----

# bats test_tags=user
@test "exits with the program's status" {
	local code
	for code in 0 1 2 42 77 124 125 126 127 128 255; do
		run -"$code" limited "$CLTRACE" -o trace "$ACTOR" exit "$code"
	done
}

# died OPTIONS...: the shell's view of a program, and of cltrace with it, killed by a signal. No core of cltrace's own.
died() {
	local number=$1 plain_text traced_text
	shift
	plain_text=$(bash -c 'ulimit -c 0; "$@"; echo "$?"' bash "$ACTOR" die "$number" 2>/dev/null)
	traced_text=$(bash -c 'ulimit -c unlimited; "$@"; echo "$?"' bash "$CLTRACE" "$@" \
		-o trace "$ACTOR" die "$number" 2>/dev/null)
	[ "$plain_text" = "$traced_text" ] || fail "signal $number: $plain_text, traced $traced_text"
	[ -z "$(find . -name 'core*')" ] || fail "a core"
}

@test "dies of the program's signal, by events too, in a way that the waiting shell sees" {
	local number
	for number in 1 2 3 4 6 8 9 11 13 14 15 31 34 64; do
		died "$number"
	done
	grep -Eq '^[0-9]+ killed by ' trace
	died 15 --seccomp=no
	died 9 --seccomp=no
	# A shell names the signal of a death; of an exit with 143 it says nothing.
	bash -c '"$@"; :' bash "$CLTRACE" -o trace "$ACTOR" die 15 2>err
	has err Terminated
}

# bats test_tags=memory,user
@test "127 for what is not there, and for what is in no folder of PATH" {
	run -127 limited "$CLTRACE" /nowhere/at/all
	[[ $output == *"/nowhere/at/all"* ]]
	PATH=/usr/bin:/bin run -127 limited "$CLTRACE" no-such-command-anywhere
	[[ $output == *"no-such-command-anywhere"* ]]
	[ "${#lines[@]}" = 1 ]
	run -127 limited "$CLTRACE" ''
	[ "$output" = "cltrace: cannot run '': there is no such command in PATH" ]
	mkdir folder closed
	run -127 limited "$CLTRACE" -E PATH="$PWD" folder
	[[ $output == *"no such command"* ]]
	chmod 0 closed
	run -127 limited "$CLTRACE" -E PATH="$PWD/closed:/nowhere" no-such-program
	[ "$output" = "cltrace: cannot run 'no-such-program': there is no such command in PATH" ]
	run -127 limited "$CLTRACE" -E PATH="$PWD/closed/below:/nowhere" no-such-program
	[[ $output == *"no such command"* ]]
	chmod 700 closed
	printf '#!/bin/sh\n' >compiled
	chmod +x compiled
	run -127 limited "$CLTRACE" -E PATH=/nowhere compiled
	[[ $output == *"no such command in PATH; for the one in this directory give ./compiled" ]]
}

# bats test_tags=user
@test "126 for what cannot be executed, and for a file whose interpreter is missing, which is named" {
	touch plain
	run -126 limited "$CLTRACE" ./plain
	[ "$output" = "cltrace: cannot run './plain': it is not executable; if it is a program, chmod +x makes it so" ]
	run -126 limited "$CLTRACE" -E PATH="/nowhere:$PWD" plain
	[[ $output == *"'$PWD/plain': it is not executable"* ]]
	run -126 limited "$CLTRACE" /
	mkdir folder
	run -126 limited "$CLTRACE" ./folder
	[ "$output" = "cltrace: cannot run './folder': it is a directory; give a program" ]
	printf '#! /no/such/interpreter -x\n' >script
	printf '#!/bin/sh\r\n' >edited_elsewhere
	printf '#!./script\n' >of_script
	chmod +x script edited_elsewhere of_script
	run -126 limited "$CLTRACE" ./script
	[ "$output" = "cltrace: cannot run './script': '/no/such/interpreter', the interpreter that its first line\
 names, does not exist" ]
	run -126 limited "$CLTRACE" -E PATH="/nowhere:$PWD" script
	[[ $output == *"'$PWD/script': '/no/such/interpreter'"* ]]
	run -126 limited "$CLTRACE" ./edited_elsewhere
	[[ $output == *"'/bin/sh\\015'"*"does not exist" ]]
	run -126 limited "$CLTRACE" ./of_script
	[[ $output == *"'./script'"*"needs a file that does not exist" ]]
}

# With -D the caller sees the status of the process that was to become the program; else the tracer's.
@test "the same status with -D for what does not start" {
	printf '#! /no/such/interpreter\n' >script
	printf '#!/etc/passwd/x\n' >through_file
	touch plain
	chmod +x script through_file
	mkdir folder closed
	chmod 0 closed
	local options expected arguments
	for options in '' -D; do
		while read -r expected arguments; do
			# shellcheck disable=SC2086
			run -"$expected" limited "$CLTRACE" $options $arguments
			[ "${#lines[@]}" = 1 ] || fail "$options $arguments: $output"
			[[ $output == "cltrace: "* ]] || fail "$options $arguments: $output"
		done <<-END
			125 -p 999999999 true
			125 -p 999999999 no-such-command-anywhere
			125 --seccomp=no -p 999999999 false
			125 -o /nowhere/at/all true
			125 -o /nowhere/at/all no-such-command-anywhere
			125 -u no-such-user-anywhere true
			125 --debug-stops=/nowhere/at/all true
			126 -o trace ./script
			126 -o trace -E PATH=/nowhere:$PWD script
			126 -o trace ./through_file
			126 -o trace ./plain
			126 -o trace ./folder
			127 -o trace no-such-command-anywhere
			127 -o trace ./no-such-command-here
			127 -o trace plain/no-such-command
			127 -o trace ./plain/no-such-command
			127 -o trace -E PATH=$PWD folder
			127 -o trace -E PATH=$PWD/closed:/nowhere no-such-command-anywhere
			127 -o trace -E PATH=$PWD/plain no-such-command-anywhere
		END
	done
	chmod 700 closed
}

@test "the program is found by PATH, keeps its own name and options, and reads stdin" {
	PATH=$SAMPLES:$PATH run -0 limited "$CLTRACE" -o trace fork
	[[ $output == *"still 42"* ]]
	cat >named <<-'EOF'
		#!/bin/sh
		echo "$0"
	EOF
	chmod +x named
	run -0 limited "$CLTRACE" -o trace ./named
	[ "$output" = ./named ]
	run -0 limited "$CLTRACE" -o trace "$ACTOR" echo -o -q --help -p 1
	[ "$output" = "$(printf '%s\n' -o -q --help -p 1)" ]
	run -0 limited "$CLTRACE" -o trace -- "$ACTOR" echo -- x
	[ "$output" = "$(printf '%s\n' -- x)" ]
	run -0 limited "$CLTRACE" -o trace cat <<<"from stdin"
	[ "$output" = "from stdin" ]
}

# ---- where the trace goes ----

@test "the trace goes to stderr, the program's output stays as it is" {
	local options now stamp
	"$SAMPLES/fork_vs_pthread" >untraced.out
	for options in --format=json -ttt; do
		limited "$CLTRACE" $options "$SAMPLES/fork_vs_pthread" >out 2>err </dev/null
		diff untraced.out out
		[ $options = -ttt ] || valid err
	done
	grep -Eq '^ +THREAD ' err
	# its times are those of the clock
	now=$(date +%s)
	stamp=$(sed -nE 's/^([0-9]{9,})\.[0-9]{6} [0-9]+ .*/\1/p' err | head -n 1)
	[ $((now - stamp)) -ge -1 ] && [ $((now - stamp)) -le 400 ] || fail "$now, $stamp"
}

# bats test_tags=memory
@test "a command of -o gets the trace; its failure is 125 only if the program itself ended with 0" {
	limited "$CLTRACE" -o '|cat >piped; echo done >>piped' "$ACTOR" fork 3 >out
	[ "$(tail -n 1 piped)" = "done" ]
	[ "$(grep -cE ' = [0-9]+$' piped)" = 3 ]
	local command
	for command in 'cat >/dev/null' 'exit 3' no-such-command-anywhere; do
		run -7 limited "$CLTRACE" -o "|$command" "$ACTOR" exit 7
	done
	run -125 limited "$CLTRACE" -o '|exit 3' "$ACTOR" exit 0
	[[ $output == "cltrace: "*" exited 3" ]] || fail "$output"
	# It has ended long before the program.
	mkfifo in
	exec 8<>in
	"$CLTRACE" -o '|exit 5' "$ACTOR" -o facts remote <in >out 2>err 3>&- 8>&- &
	tracer=$!
	"$HELPERS/await" text facts ready
	exec 8>&-
	end_cltrace
	[ "$tracer_status" = 125 ] || fail "status $tracer_status"
	has err 'exited 5$'
	run -0 limited "$CLTRACE" -o '|head -n 1 >/dev/null' "$ACTOR" exit 0
	[ -z "$output" ] || fail "$output"
}

@test "a command of -o that fails, when attached" {
	start_actor remote 1
	"$CLTRACE" -o '|exec <&-; echo >closed; exit 3' -p "$subject" 2>err 3>&- 7>&- </dev/null &
	tracer=$!
	"$HELPERS/await" lines closed 1
	order t
	end_cltrace
	[ "$tracer_status" = 125 ] || fail "status $tracer_status"
	[ "$(wc -l <err)" = 1 ] || fail "$(cat err)"
	has err 'exited 3$'
	order t
	end_actor
}

# bats test_tags=memory
@test "a reader of the trace that goes away is no reason to stop" {
	untraced storm 2 300
	limited "$CLTRACE" "$ACTOR" -o facts storm 2 300 2> >(head -n 1 >/dev/null) >out
	diff untraced.out out
	limited "$CLTRACE" -o '|head -n 1 >/dev/null' "$ACTOR" -o facts storm 2 300 >out
	diff untraced.out out
}

@test "closed stdin, stdout, stderr" {
	untraced fork 3
	limited "$CLTRACE" -o trace "$ACTOR" -o facts fork 3 <&- >out
	diff untraced.out out
	told -f facts
	rm -f facts
	limited "$CLTRACE" -o trace "$ACTOR" -o facts fork 3 2>&- >out
	diff untraced.out out
	rm -f facts
	limited "$CLTRACE" "$ACTOR" -o facts fork 3 2>&- >out
	diff untraced.out out
	# With stdout closed the program itself fails to write: as it would untraced.
	local plain=0 status=0
	"$ACTOR" state <&- 2>&- >untraced.out || plain=$?
	limited "$CLTRACE" -o trace "$ACTOR" state <&- 2>&- >out || status=$?
	[ $plain = $status ]
	diff untraced.out out
}

# bats test_tags=memory,user
@test "a full device is said once, and the program goes on" {
	[ -c /dev/full ] || skip "/dev/full is missing"
	untraced storm 2 300
	run limited "$CLTRACE" -o /dev/full "$ACTOR" -o facts storm 2 300
	[[ $output == *"300 threads and 300 forks by 2 threads"* ]]
	[ "${#lines[@]}" -le 2 ]
}

# ---- what is printed ----

# ERRNO goes before our TRACE, so that such a call never stops: the tally must not say that there was none.
# bats test_tags=user
@test "what the program's own filter refuses is not said not to have been" {
	limited "$CLTRACE" -o trace "$ACTOR" filter-errno >out
	grep -Eq '^at most 2 tasks at once; no refused creation seen$' trace || fail "$(grep '^at most' trace)"
}

# ---- what the program is given ----

# bats test_tags=memory
@test "-E sets and unsets" {
	export KEPT=kept GONE=gone
	run -0 limited "$CLTRACE" -o trace -E ADDED=added -E GONE -E EMPTY= "$ACTOR" environment KEPT GONE ADDED EMPTY
	[ "$output" = "$(printf '%s\n' KEPT=kept 'GONE is not set' ADDED=added EMPTY=)" ]
}

@test "-u" {
	need_root
	run -0 limited "$CLTRACE" -o trace -u nobody "$(type -P id)" -u
	[ "$output" = "$(id -u nobody)" ]
	run -0 limited "$CLTRACE" -o trace -u nobody "$(type -P id)" -G
	[ "$output" = "$(id -G nobody)" ]
	# shellcheck disable=SC2016
	run -0 limited "$CLTRACE" -o trace -u 1234:5678 sh -c 'echo $(id -u) $(id -g) $(id -G)'
	[ "$output" = "1234 5678 5678" ] || fail "$output"
	# shellcheck disable=SC2016
	run -0 limited "$CLTRACE" -o trace -u :5678 sh -c 'echo $(id -u) $(id -g) $(id -G)'
	[ "$output" = "$(id -u) 5678 5678" ] || fail "$output"
	run -125 limited "$CLTRACE" -o trace -u 4000000001 true
	[[ $output == *"-u 4000000001:GROUP"* ]] || fail "$output"
}

# bats test_tags=user
@test "-u where it cannot be: in a user namespace" {
	unshare --user --map-root-user true 2>/dev/null || skip "needs root, or user namespaces"
	run -125 limited unshare --user --map-root-user "$CLTRACE" -o trace -u 0:0 true
	[[ $output == *"-u: this user namespace"* ]] || fail "$output"
}

# bats test_tags=user
@test "-u of another user needs privilege" {
	need_user
	run -125 limited "$CLTRACE" -o trace -u root true
}

# bats test_tags=user
@test "-D: the program is the caller's child" {
	"$ACTOR" state >untraced.out 3>&-
	limited "$CLTRACE" -D -o trace "$ACTOR" state >out 3>&-
	diff untraced.out out
	run -9 limited "$CLTRACE" -D -o trace "$ACTOR" exit 9
	# shellcheck disable=SC2016
	run -0 bash -c '"$@" & echo $!; wait' bash "$CLTRACE" -D -o trace sh -c 'echo $$'
	[ "${lines[0]}" = "${lines[1]}" ] || fail "the program's pid is ${lines[1]}, not ${lines[0]}"
}

@test "children that the tracer inherits by its own exec are none of the trace's" {
	run -0 limited "$ACTOR" -o before inherit "$CLTRACE" -o trace "$ACTOR" -o facts fork 3
	told -f facts
	[ "$("$HELPERS/compare" -c trace)" = 3 ]
}

# bats test_tags=user
@test "without seccomp: by events, which is said once" {
	run -7 limited "$ACTOR" -o before no-seccomp "$CLTRACE" -o trace "$ACTOR" -o facts exit 7
	[ "$(grep -c 'note: .*seccomp' trace)" = 1 ] || fail "not said once"
	run -0 limited "$ACTOR" -o before no-seccomp "$CLTRACE" -o trace "$ACTOR" -o facts fork 3
	told -f facts
}

# bats test_tags=user
@test "set-user-ID programs run without their privilege, and that is said" {
	need_user
	local program
	program=$(find /usr/bin /bin -perm -4000 -user root -name 'su' 2>/dev/null | head -n 1)
	[ -n "$program" ] || skip "no set-user-ID program here (su)"
	limited "$CLTRACE" -o trace "$program" --version >out 2>err </dev/null || true
	grep -q 'note: the program is set-user-ID' trace || fail "not said"
}

@test "set-user-ID programs under root's trace" {
	need_root
	cp "$ACTOR" owned && chown nobody owned && chmod 4755 owned
	run -0 limited "$CLTRACE" -o trace ./owned ids
	[ "$output" = "uid 0 euid $(id -u nobody) gid 0 egid 0" ] || grep -q 'note: the program is set-user-ID' trace
}

# bats test_tags=user
@test "without the filter no_new_privs is not set" {
	run -0 limited "$CLTRACE" --seccomp=no -o trace grep NoNewPrivs /proc/self/status
	[[ $output == *0 ]]
}

# bats test_tags=user
@test "the tracer is killed: so is the program, which it had filtered, or with --kill-on-exit" {
	local options
	mkfifo in
	for options in --seccomp=yes '--seccomp=no --kill-on-exit'; do
		rm -f facts
		exec 8<>in
		# shellcheck disable=SC2086 # several words
		"$CLTRACE" $options -o trace "$ACTOR" -o facts remote <in >out 3>&- 8>&- &
		tracer=$!
		"$HELPERS/await" text facts ready
		kill -KILL $tracer
		"$HELPERS/await" gone "$(program_pid)"
	done
}

# start_listener OPTIONS OF CLTRACE... -- [THREADS]: a program that says what signals it gets, and cltrace in a process
# group of their own: tracer; the program's stdin is descriptor 8.
start_listener() {
	local options=()
	while [ "$1" != -- ]; do
		options+=("$1")
		shift
	done
	shift
	rm -f in out facts trace err
	mkfifo in
	exec 8<>in
	set -m
	"$CLTRACE" "${options[@]}" -o trace "$ACTOR" -o facts hears "$@" <in >out 2>err 3>&- 8>&- &
	set +m
	tracer=$!
	"$HELPERS/await" text facts ready
}

end_listener() {
	exec 8>&-
	end_cltrace
	[ "$tracer_status" = 0 ] || fail "status $tracer_status"
}

# told_times SIGNAL NUMBER: the program got it so many times, and no more: a signal sent later to cltrace alone is
# passed on later than any copy of the one before would be.
told_times() {
	kill -HUP "$tracer"
	"$HELPERS/await" text out 'got SIGHUP'
	[ "$(grep -c "got $1" out)" = "$2" ] || fail "got $1 $(grep -c "got $1" out) times, not $2"
}

# group_once OPTIONS OF CLTRACE... -- [THREADS]
group_once() {
	local i
	start_listener "$@"
	for ((i = 1; i <= 15; i++)); do
		kill -INT -- "-$tracer"
		"$HELPERS/await" lines out $i
	done
	told_times SIGINT 15
	end_listener
}

@test "a signal to the process group reaches the program once" {
	group_once --
	group_once -- 3
	group_once --seccomp=no --
}

@test "a signal to cltrace alone reaches the program once, and from everybody" {
	local i
	start_listener --
	kill -TERM "$tracer"
	"$HELPERS/await" text out 'got SIGTERM'
	# Each by another process: other senders' signals are no copies.
	for ((i = 1; i <= 3; i++)); do
		bash -c 'kill -INT "$1"' bash "$tracer"
		"$HELPERS/await" lines out $((i + 1))
	done
	bash -c 'kill -QUIT "$1"' bash "$(sed -n 's/.*"pid":\([0-9]*\).*/\1/p' facts | head -n 1)"
	"$HELPERS/await" text out 'got SIGQUIT'
	bash -c 'kill -QUIT "$1"' bash "$tracer"
	"$HELPERS/await" lines out 6
	told_times SIGINT 3
	[ "$(grep -c 'got SIGTERM' out)" = 1 ] || fail "SIGTERM: $(cat out)"
	[ "$(grep -c 'got SIGQUIT' out)" = 2 ] || fail "SIGQUIT: $(cat out)"
	end_listener
}

@test "a signal to the process group that the program dies of is none for what it leaves" {
	local i
	for ((i = 0; i < 5; i++)); do
		rm -f in out facts trace err
		mkfifo in
		exec 8<>in
		set -m
		# shellcheck disable=SC2016
		"$CLTRACE" -o trace bash -c '(trap "" TERM; exec "$@") <&0 & wait' bash \
			"$ACTOR" -o facts remote 1 <in >out 2>err 3>&- 8>&- &
		set +m
		tracer=$!
		"$HELPERS/await" text facts ready
		kill -TERM -- "-$tracer"
		"$HELPERS/await" text trace 'lives on'
		exec 8>&-
		end_cltrace
		[ "$tracer_status" = 143 ] || fail "status $tracer_status"
		lacks err .
		has trace 'exited 0'
	done
}

# bats test_tags=user
@test "what a program leaves is said: processes, threads, and whether they are stopped" {
	mkfifo in gate
	exec 8<>in 9<>gate
	# shellcheck disable=SC2016
	limited "$CLTRACE" -o trace bash -c '"$@" <&0 & read -r _ <gate' bash "$ACTOR" -o facts stops-itself 2 \
		<in >out 2>err 3>&- 8>&- 9>&- &
	tracer=$!
	"$HELPERS/await" text trace 'stopped by SIGSTOP'
	echo go >&9
	"$HELPERS/await" text trace 'note: the launched program has ended'
	has trace 'ended; 1 process \(3 threads\) lives on, stopped, and is followed$'
	kill -CONT "$(sed -n 's/.*"pid":\([0-9]*\).*/\1/p' facts | tail -n 1)"
	"$HELPERS/await" text out continued
	exec 8>&-
	end_cltrace
	[ "$tracer_status" = 0 ] || fail "status $tracer_status"
}

# bats test_tags=memory,user
@test "interrupted, cltrace says how many processes cannot go on without it" {
	mkfifo in
	exec 8<>in
	set -m
	# shellcheck disable=SC2016
	"$CLTRACE" -o trace bash -c '"$@" <&0 & "$HELPERS/await" text facts ready' bash "$ACTOR" -o facts remote 2 1 \
		<in >out 2>err 3>&- 8>&- &
	set +m
	tracer=$!
	"$HELPERS/await" text trace 'note: the launched program has ended'
	has trace 'ended; 2 processes \([0-9]+ threads\) live on and are followed$'
	kill -TERM "$tracer"
	"$HELPERS/await" text err 'processes: 2, threads: '
	kill -TERM "$tracer"
	end_cltrace
}

# bats test_tags=user
@test "SIGTERM to cltrace ends the program, too" {
	mkfifo in
	exec 8<>in
	"$CLTRACE" -o trace "$ACTOR" -o facts remote 2 2 <in >out 3>&- 8>&- &
	tracer=$!
	"$HELPERS/await" text facts ready
	local program
	program=$(program_pid)
	kill -TERM $tracer
	end_cltrace
	[ "$tracer_status" = 143 ] || fail "status $tracer_status"
	"$HELPERS/await" gone "$program"
}

# bats test_tags=memory
@test "a daemon that outlives the program is followed to its end" {
	mkfifo in
	exec 8<>in
	limited "$CLTRACE" -o trace "$ACTOR" -o facts daemon-outlives <in >out 3>&- 8>&- &
	tracer=$!
	"$HELPERS/await" text out 'the program ends'
	"$HELPERS/await" text trace 'lives on'
	exec 8>&-
	end_cltrace
	[ "$tracer_status" = 0 ]
	told -f facts -o task,exit,call
	grep -q 'the daemon ends' out
}

# bats test_tags=user
@test "without the filter and --kill-on-exit the program outlives its tracer" {
	mkfifo in
	exec 8<>in
	"$CLTRACE" --seccomp=no -o trace "$ACTOR" -o facts remote <in >out 3>&- 8>&- &
	tracer=$!
	"$HELPERS/await" text facts ready
	subject=$(program_pid)
	kill -KILL $tracer
	"$HELPERS/await" untraced "$subject"
	printf tf >&8
	"$HELPERS/await" lines out 2
	exec 8>&-
	"$HELPERS/await" gone "$subject"
	has out '^end$'
}

# bats test_tags=memory,user
@test "the program can unmount /proc, which cltrace reads" {
	local space=(unshare --fork --pid --mount-proc) command
	[ "$(id -u)" = 0 ] || space=(unshare -Ur --fork --pid --mount-proc)
	"${space[@]}" true 2>/dev/null || skip "pid namespaces: no privilege, and no user namespaces"
	command='for i in 1 2 3 4 5 6 7 8 9; do (:); done; umount /proc'
	limited "${space[@]}" sh -c "$command"
	limited "${space[@]}" "$CLTRACE" -o trace sh -c "$command"
	limited "${space[@]}" "$CLTRACE" --seccomp=no -o trace sh -c "$command"
}

# bats test_tags=user
@test "a /proc of another pid namespace is not believed" {
	local space=(unshare --fork --pid)
	[ "$(id -u)" = 0 ] || space=(unshare -Ur --fork --pid)
	"${space[@]}" true 2>/dev/null || skip "pid namespaces: no privilege, and no user namespaces"
	run -0 limited "${space[@]}" "$CLTRACE" -o trace sh -c '(:)'
	[ "${#lines[@]}" = 1 ]
	[[ $output == "cltrace: /proc is missing or of another pid namespace: "*"--mount-proc'" ]]
	grep -Eqx '[0-9]+ exec' trace
	grep -Eqx ' +PROCESS [0-9]+: a new thread group .*' trace
	grep -Eqx '[0-9]+ +process exited 0' trace
	# its kernel threads are not ours either
	run -125 limited "${space[@]}" "$CLTRACE" -p 2
	[[ $output == "cltrace: cannot attach to 2: /proc is missing or of another pid namespace; "* ]]
}
