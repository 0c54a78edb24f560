#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
# --replay: what it accepts, what it says of recordings that are less than whole, and recordings that still grow.
load common

# partly MESSAGE: a replay of run.jsonl gives a trace, and says in one line what is missing.
partly() {
	status=0
	limited "$CLTRACE" --replay run.jsonl -o trace 2>err || status=$?
	[ $status = 125 ] || fail "status $status"
	[ "$(cat err)" = "cltrace: the recording 'run.jsonl' is incomplete: $1" ] || fail "it says: $(cat err)"
	has trace '^TASK'
}

@test "each format by its own, and on stdout" {
	local format
	[ "$(formats | head -n 2 | tr '\n' ' ')" = "text json " ]
	recording names
	for format in $(formats); do
		limited "$CLTRACE" --replay run.jsonl -o "$format:there"
		[ -s there ] || fail "$format shows nothing"
		limited "$CLTRACE" --replay run.jsonl --format="$format" -o - >again
		cmp there again
		limited "$CLTRACE" --replay - --format="$format" >again <run.jsonl
		cmp there again
	done
}

@test "the time zone is the one of the replay" {
	recording names
	TZ=UTC0 "$CLTRACE" --replay run.jsonl -tt -q -o a
	TZ=XYZ-3 "$CLTRACE" --replay run.jsonl -tt -q -o b
	! cmp -s a b || fail "the same"
	diff <(cut -d: -f2- a) <(cut -d: -f2- b)
}

@test "several recordings in one file are several traces" {
	recording names
	"$CLTRACE" --replay run.jsonl -o one
	mv run.jsonl one.jsonl
	cat one.jsonl one.jsonl >run.jsonl
	"$CLTRACE" --replay run.jsonl -o again -o json:again.json
	cat one one | cmp - again
	cmp run.jsonl again.json
}

@test "a recording that is cut off" {
	recording names
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
	recording names
	mv run.jsonl whole
	awk 'NR == 3 { print "{\"seq\":3,"; next } NR == 4 { print "\001\377" } 1' whole >run.jsonl
	partly "2 lines are not events (the first in line 3)"
	awk 'NR == 4 { print "" } NR != 3' whole >run.jsonl
	partly "1 event is missing"
	head -c 100000 /dev/urandom | tr -d '\n' | cat <(head -n 5 whole) - <(echo) <(tail -n +6 whole) >run.jsonl
	partly "1 line is not an event (in line 6)"
}

@test "a recording of a newer format" {
	recording names
	mv run.jsonl whole
	sed '1s/"format":1,/"format":7,"colour":[{"a":null}],/' whole >run.jsonl
	partly "it is of format 7, newer than this cltrace knows"
	sed '4s/"kind":"[a-z]*"/"kind":"teleport"/; 5s/"seq":/"mood":"good","seq":/' whole >run.jsonl
	partly "1 event only a newer cltrace knows (in line 4)"
}

@test "what is no recording" {
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
	recording names
	run -125 "$CLTRACE" --replay run.jsonl -o text:run.jsonl
	[ "$output" = "cltrace: 'run.jsonl' is the recording that is read: give the output another file" ]
	[ -s run.jsonl ]
	run -125 "$CLTRACE" --replay run.jsonl true
	[ "$output" = "cltrace: --replay shows what was recorded and traces nothing: leave out PROGRAM and -p" ]
	run -125 "$CLTRACE" --replay run.jsonl -p 1
	[ "$output" = "cltrace: --replay shows what was recorded and traces nothing: leave out PROGRAM and -p" ]
}

@test "a recording that grows is followed to its end" {
	recording names
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
	recording names
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
	recording names
	"$CLTRACE" --replay - --follow -o json:again < <(cat run.jsonl)
	cmp run.jsonl again
	mkfifo pipe
	head -n 3 run.jsonl >pipe 3>&- &
	run -125 limited "$CLTRACE" --replay - --follow -o json:again <pipe
	wait
	[ "$(wc -l <again)" = 3 ]
}

# many: run.jsonl, whose trace is longer than what a pipe holds.
many() {
	local i
	recording names
	mv run.jsonl one
	for ((i = 0; i < 20; i++)); do
		cat one
	done >run.jsonl
}

@test "a reader that goes away is not an error" {
	many
	limited "$CLTRACE" --replay run.jsonl -o - 2>err | head -n 1
	[ "${PIPESTATUS[0]}" = 0 ]
	[ ! -s err ]
}

@test "a replay for a reader that reads nothing can be ended" {
	many
	slow_reader fifo
	"$CLTRACE" -o fifo --replay run.jsonl 2>err 3>&- 8>&- </dev/null &
	tracer=$!
	"$HELPERS/await" text err "waiting for the reader of 'fifo'"
	kill -TERM "$tracer"
	end_cltrace
	[ "$tracer_status" = 125 ] || fail "status $tracer_status"
}
