#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
# -c and the format summary: what is counted in runs of which the counts are known.
load common

# counted SCENE ARGS...: under -c, as tables in `table` and as JSON in `object`.
counted() {
	limited "$CLTRACE" -o summary:table -o summary,json:object "$actor" -o facts "$@" >out 2>err </dev/null 3>&- ||
		fail "status $?: $(cat err)"
	[ ! -s err ] || fail "something on stderr: $(cat err)"
}

# row COUNT NAME [PART]: `table` has a row that begins with COUNT and ends with NAME, with PART between.
row() {
	grep -Eq "^ *$1 .*${3-} $2\$" table || fail "no row $1 $2: $(cat table)"
}

@test "threads are counted" {
	counted threads 7
	has table '^7 tasks made in .*: 0 processes, 7 threads; no refused creation seen$' \
		'^at most [2-8] alive at once$'
	row 7 thread '100\.0 .* 7 .*'
	row 7 'pthread_create\(\)'
	row 7 actor
	has object '"processes":0,"threads":7,"refused":0,' '"kinds":\[\{"name":"thread","count":7,"timed":7,' \
		'"library_calls":\[\{"name":"pthread_create\(\)","seen":(true|false),"count":7,' '"ended":7,' \
		'"refusals":\[\]'
	lacks table REFUSED 'without an exec'
}

@test "what cannot be known is said" {
	limited "$CLTRACE" -c --seccomp=no -o table "$actor" -o facts fork 3 >out
	has table '; refused creations were not looked for$' \
		'^how long the creating calls took was not measured \(-T\)$'
	lacks table MEAN
	limited "$CLTRACE" -c -T --seccomp=no -o table "$actor" -o facts fork 3 >out
	has table MEAN
}

@test "-c on stderr, and the program's status" {
	local status=0
	limited "$CLTRACE" -c sh -c 'sh -c :; exit 3' >out 2>table || status=$?
	[ $status = 3 ] || fail "status $status"
	[ ! -s out ]
	row 1 sh
	lacks table '^TASK +KIND' '^ +PROCESS'
	status=0
	limited "$CLTRACE" -c ./none >out 2>err || status=$?
	[ $status = 127 ] || fail "status $status"
	[ "$(wc -l <err)" = 1 ] || fail "it says: $(cat err)"
	# beside a recording, from which it comes again
	limited "$CLTRACE" -c -o run.jsonl "$actor" -o facts fork 2 >out 2>table
	row 2 process
	valid run.jsonl
	limited "$CLTRACE" --replay run.jsonl -c | cmp table -
}
