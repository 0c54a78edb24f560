#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
# The replay law: what a view shows of a run, it shows of the recording of that run, byte for byte. tests/stops holds
# the formats to it for every story; here it is about what a real run adds. And recordings that are less than whole.
# bats file_tags=memory
load common

# Every format that there is, by --help.
has_stacks() {
	! "$CLTRACE" --version | grep -q 'no unwinder'
}

# All, but for folded where there are no stacks.
formats() {
	"$CLTRACE" --help | sed -n '/^FORMAT is/,/^$/s/^  \([a-z]*\) .*/\1/p' | grep -vx "$(has_stacks || echo folded)"
}

# The options of all views: each format as it is, and with some details.
views() {
	local format key
	for format in $(formats); do
		printf '%s\n' -o "$format:$1.$format"
		for key in v q vT tt r width=60 color no-origin json tree=parent columns=+call; do
			printf '%s\n' -o "$format,$key:$1.$format.$key"
		done
		! has_stacks || printf '%s\n' -o "$format,stack-trace=3,quiet:$1.$format.k"
	done
}

# law OPTIONS... -- SCENE ARGS...: a run, its recording replayed, all views compared.
law() {
	local options=() live again file
	while [ "$1" != -- ]; do
		options+=("$1")
		shift
	done
	shift
	rm -f live.* again.* run.jsonl facts
	mapfile -t live < <(views live)
	mapfile -t again < <(views again)
	status=0
	limited "$CLTRACE" "${options[@]}" -o run.jsonl "${live[@]}" "$actor" -o facts "$@" \
		>out 2>err </dev/null 3>&- || status=$?
	[ $status != 77 ] || skip "$(sed 's/.*skip: //' err)"
	[[ -s run.jsonl && -s facts ]] || fail "status $status: $(cat err)"
	valid run.jsonl
	# what is shown is asked for again, how it was traced is not
	mapfile -t -O "${#again[@]}" again < <(printf '%s\n' "${options[@]}" | grep -x -e -T)
	replayed "${again[@]}"
}

# replayed VIEWS...: of run.jsonl.
replayed() {
	limited "$CLTRACE" --replay run.jsonl "$@" >replay.out 2>replay.err || fail "replay: $(cat replay.err)"
	[ ! -s replay.err ] || fail "replay says: $(cat replay.err)"
	for file in live.*; do
		cmp "$file" "again.${file#live.}" || fail "$file is another after $*"
	done
}

# record: run.jsonl, of a scene.
record() {
	limited "$CLTRACE" -o run.jsonl "$actor" -o facts fork-thread >out 2>err </dev/null 3>&-
	[ -s run.jsonl ]
}

# partly MESSAGE: a replay of run.jsonl gives a trace, and says in one line what is missing.
partly() {
	status=0
	limited "$CLTRACE" --replay run.jsonl -o trace 2>err || status=$?
	[ $status = 125 ] || fail "status $status"
	[ "$(cat err)" = "cltrace: the recording 'run.jsonl' is incomplete: $1" ] || fail "it says: $(cat err)"
	has trace '^TASK'
}

# bats test_tags=bare
@test "the law has every format" {
	[ "$(formats | head -n 2 | tr '\n' ' ')" = "text json " ]
}

@test "forks and threads" { law -- fork-thread; }
@test "forks and threads, by events" { law --seccomp=no -- fork-thread; }
@test "forks and threads, with times, by every call" { law -T --seccomp=no -- tree 3; }
@test "tasks that name themselves" { law -- named; }
@test "a storm" { law -- storm 4 300; }
@test "namespaces" { law -- namespaces; }
@test "refused creations" { law -- refusals; }
# bats test_tags=user
@test "attached" {
	local live again
	start_actor remote 2 2
	mapfile -t live < <(views live)
	mapfile -t again < <(views again)
	start_cltrace -o run.jsonl "${live[@]}" --descendants -p "$subject"
	"$HELPERS/await" traced "$subject"
	order tf
	detach
	end_actor
	valid run.jsonl
	replayed "${again[@]}"
}

# bats test_tags=user,bare
@test "each format alone, on stdout" {
	local format
	law -- fork 2
	for format in $(formats); do
		limited "$CLTRACE" --replay run.jsonl --format="$format" -o - >again
		cmp "live.$format" again
		limited "$CLTRACE" --replay - --format="$format" >again <run.jsonl
		cmp "live.$format" again
	done
}

# All whose facts every recording has: whole stacks are there if -k or the format folded asked for them.
recorded_formats() {
	formats | grep -vx folded
}

# plain FILE: without what differs between two runs of a program: numbers, and what is as wide as they are.
plain() {
	sed -E '/^Tasks made in each/,$d; s/0x[0-9a-f]+/0x/g; s/[0-9]+([.][0-9]+)?( [mun]?s\b)?/N/g
		s/ +/ /g; s/\[(N,)*N\]/[N]/g' "$1"
}

# alone OPTIONS -- FORMAT,KEYS...: a run with one such output and no other has what the recording of another run has.
# Where a line is broken hangs on the widths of the numbers in it, so none is.
alone() {
	local options=() output
	while [ "$1" != -- ]; do
		options+=("$1")
		shift
	done
	shift
	limited "$CLTRACE" "${options[@]}" -o json:run.jsonl "$actor" -o facts named >out 2>err </dev/null 3>&-
	for output; do
		limited "$CLTRACE" "${options[@]}" --width=0 -o "$output:live" "$actor" -o facts named \
			>out 2>err </dev/null 3>&-
		limited "$CLTRACE" --replay run.jsonl --width=0 -o "$output:again" 2>err || fail "replay: $(cat err)"
		diff <(plain live) <(plain again) || fail "${options[*]} $output: the replay is another"
	done
}

# bats test_tags=user
@test "each format alone: no other output has asked for what it shows" {
	local format key outputs=()
	for format in $(recorded_formats); do
		for key in '' ,q ,v ,json ,no-origin ,columns=+call ,columns=+call,no-origin ,q,filter=system; do
			outputs+=("$format$key")
		done
	done
	alone -- "${outputs[@]}"
	has run.jsonl '"name":"worker-12"'
}

@test "each format alone, by events" {
	# shellcheck disable=SC2046 # one word for each
	alone --seccomp=no -- $(recorded_formats)
}

@test "the time zone is the one of the replay" {
	record
	TZ=UTC0 "$CLTRACE" --replay run.jsonl -tt -q -o a
	TZ=XYZ-3 "$CLTRACE" --replay run.jsonl -tt -q -o b
	! cmp -s a b || fail "the same"
	diff <(cut -d: -f2- a) <(cut -d: -f2- b)
}

@test "several recordings in one file are several traces" {
	law -- fork 2
	mv run.jsonl one.jsonl
	cat one.jsonl one.jsonl >run.jsonl
	"$CLTRACE" --replay run.jsonl -o again -o json:again.json
	cat live.text live.text | cmp - again
	cmp run.jsonl again.json
}

@test "a recording that is cut off" {
	record
	local lines
	lines=$(wc -l <run.jsonl)
	mv run.jsonl whole
	head -n $((lines - 2)) whole >run.jsonl
	partly "its end is missing"
	head -c -3 whole >run.jsonl
	partly "it is cut off within a line"
	tail -n +2 whole >run.jsonl
	partly "its beginning is missing; 1 event is missing"
	# the last newline alone is nothing to speak of
	head -c -1 whole >run.jsonl
	"$CLTRACE" --replay run.jsonl -o trace 2>err
	[ ! -s err ]
}

@test "a recording with garbage in it" {
	record
	mv run.jsonl whole
	awk 'NR == 3 { print "{\"seq\":3,"; next } NR == 4 { print "\001\377" } 1' whole >run.jsonl
	partly "2 lines are not events (the first in line 3)"
	awk 'NR == 4 { print "" } NR != 3' whole >run.jsonl
	partly "1 event is missing"
	head -c 100000 /dev/urandom | tr -d '\n' | cat <(head -n 5 whole) - <(echo) <(tail -n +6 whole) >run.jsonl
	partly "1 line is not an event (in line 6)"
}

@test "a recording of a newer format" {
	record
	mv run.jsonl whole
	sed '1s/"format":1,/"format":7,"colour":[{"a":null}],/' whole >run.jsonl
	partly "it is of format 7, newer than this cltrace knows"
	sed '4s/"kind":"[a-z]*"/"kind":"teleport"/; 5s/"seq":/"mood":"good","seq":/' whole >run.jsonl
	partly "1 event only a newer cltrace knows (in line 4)"
}

@test "what is no recording" {
	local status
	: >empty
	run -125 "$CLTRACE" --replay empty
	[ "$output" = "cltrace: 'empty' is empty: a recording is what -o json:FILE writes" ]
	echo hello >hello
	run -125 "$CLTRACE" --replay hello
	[ "$output" = "cltrace: 'hello' is not a recording: give a file that -o json:FILE has written" ]
	run -125 "$CLTRACE" --replay none
	[ "$output" = "cltrace: cannot read the recording 'none': No such file or directory" ]
	run -125 "$CLTRACE" --replay .
	[ "$output" = "cltrace: cannot read the recording '.': Is a directory" ]
	record
	run -125 "$CLTRACE" --replay run.jsonl -o text:run.jsonl
	[ "$output" = "cltrace: 'run.jsonl' is the recording that is read: give the output another file" ]
	[ -s run.jsonl ]
	run -125 "$CLTRACE" --replay run.jsonl true
	[ "$output" = "cltrace: --replay shows what was recorded and traces nothing: leave out PROGRAM and -p" ]
	run -125 "$CLTRACE" --replay run.jsonl -p 1
	[ "$output" = "cltrace: --replay shows what was recorded and traces nothing: leave out PROGRAM and -p" ]
}

@test "a recording that grows is followed to its end" {
	record
	mv run.jsonl whole
	head -n 3 whole >run.jsonl
	"$CLTRACE" --replay run.jsonl --follow -o trace -o json:again 2>err 3>&- &
	tracer=$!
	"$HELPERS/await" lines again 3
	# within a line
	sed -n 4p whole | head -c 20 >>run.jsonl
	sed -n 4p whole | tail -c +21 >>run.jsonl
	"$HELPERS/await" lines again 4
	tail -n +5 whole >>run.jsonl
	end_cltrace
	[ "$tracer_status" = 0 ] || fail "status $tracer_status"
	[ ! -s err ] || fail "it says: $(cat err)"
	cmp whole again
	has trace '^TASK'
}

@test "a recording that is followed may be interrupted" {
	record
	mv run.jsonl whole
	head -n 3 whole >run.jsonl
	set -m
	"$CLTRACE" --replay run.jsonl --follow -o trace -o json:again 2>err 3>&- &
	set +m
	tracer=$!
	"$HELPERS/await" lines again 3
	kill -INT "$tracer"
	end_cltrace
	[ "$tracer_status" = 0 ] || fail "status $tracer_status"
	[ ! -s err ] || fail "it says: $(cat err)"
	has trace '^TASK'
}

@test "a pipe's end is the end of a recording that is followed" {
	record
	"$CLTRACE" --replay - --follow -o json:again < <(cat run.jsonl)
	cmp run.jsonl again
	mkfifo pipe
	head -n 3 run.jsonl >pipe 3>&- &
	run -125 limited "$CLTRACE" --replay - --follow -o json:again <pipe
	wait
	[ "$(wc -l <again)" = 3 ]
}

@test "who reads no more is no trouble" {
	limited "$CLTRACE" -o run.jsonl "$actor" storm 2 300 >/dev/null 2>&1
	limited "$CLTRACE" --replay run.jsonl -o - 2>err | head -n 1
	[ "${PIPESTATUS[0]}" = 0 ]
	[ ! -s err ]
}
