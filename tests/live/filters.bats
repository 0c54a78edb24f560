#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
# -e: what is shown, in each output its own; what is followed does not change.
load common

# steps FILE: what is printed of events, without the tally and what follows it.
steps() {
	sed '/^$/,$d' "$1"
}

@test "a recording is complete, and can be filtered itself" {
	limited "$CLTRACE" -e exec -o a -o run.jsonl -o text,filter=!exec,q:b -o json,filter=none:d.jsonl \
		"$actor" -o facts fork 2
	has a '^[0-9]+ exec: '
	lacks a ' = [0-9]+$'
	[ "$(grep -c ' = [0-9]' b)" = 2 ]
	[ "$(grep -c '"kind":"spawn"' run.jsonl)" = 2 ]
	[ "$(grep -c '"kind":"exec"' run.jsonl)" = 1 ]
	[ "$(sed 's/.*"kind":"\([a-z]*\)".*/\1/' d.jsonl | tr '\n' ' ')" = "begin note end " ]
}

# bats test_tags=memory
@test "the tree has what fits and who made it" {
	traced -e trace=none -e kind=thread -- fork-thread
	[ -z "$(steps trace)" ] || fail "something is shown"
	[ "$(sed -n '/^TASK/,$p' trace | grep -c ' thread ')" = 2 ]
	[ "$(sed -n '/^TASK/,$p' trace | grep -c ' process ')" = 2 ]
	has trace '^\.\.\. and 2 more tasks \(4 are drawn: -e\)$'
}
