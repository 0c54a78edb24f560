#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
# -c, -C and the format summary: what is counted in runs of which the counts are known.
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

@test "forks that never exec, and their time" {
	counted fork 5
	has table '^5 tasks made in .*: 5 processes, 0 threads' '^5 of 5 processes ended without an exec$' \
		' in creating calls: a mean of ' '^a call that does nothing takes '
	row 5 process
	row 5 'fork\(\)'
	has object '"ended_without_exec":5,"alive_without_exec":0' '"timed":5,"time":[0-9]+,"time_max":[0-9]+'
}

@test "those that exec" {
	counted vfork-exec
	has table '^0 of 1 process ended without an exec$'
	row 1 'process \(vfork\)'
	row 1 'vfork\(\)'
}

@test "children that are never waited for" {
	for scene in "unwaited 3" "unwaited 3 exit"; do
		# shellcheck disable=SC2086 # a scene and what it takes
		counted $scene
		has table '^3 child processes ended and were not waited for$' '^3 of 3 processes ended without an exec$'
		has object '"unreaped":3'
		# shellcheck disable=SC2086
		traced -- $scene
		[ "$(grep -c ' note: 3 children have ended and have not been waited for$' trace)" = 1 ] ||
			fail "$(cat trace)"
	done
	counted fork 3
	lacks table 'waited for'
	has object '"unreaped":0'
}

@test "an exec tells more of a library call" {
	limited "$CLTRACE" --no-origin -c -o table "$actor" -o facts shell >out 2>err </dev/null 3>&-
	row '[1-9]' 'system\(\) or popen\(\)'
	limited "$CLTRACE" --no-origin -c -o table "$SAMPLES/eight_ways" >out
	row '[1-9]' 'system\(\) or popen\(\)'
	row 1 'fork\(\)'
	row 2 'pthread_create\(\)'
}

@test "a process that lives on" {
	counted daemon-outlives
	row '[1-9]' '(fork|daemon|daemon\(\) or forkpty)\(\)'
	has table '^[1-9] of [1-9] process(es)? ended without an exec'
}

@test "refusals by their reason" {
	counted refusals
	has table '^1 task made in .*: 1 process, 0 threads; [0-9]+ creations refused$'
	row 2 'clone: EINVAL: CLONE_THREAD needs CLONE_SIGHAND, which is not set'
	has object '"call":"clone","error":22,"error_name":"EINVAL","rule":"thread-sighand","count":2,'
	[ "$(awk '/REFUSED$/ { on = 1; next } !$0 { on = 0 } on { n += $1 } END { print n }' table)" = \
		"$(sed -n 's/.*; \([0-9]*\) creations refused$/\1/p' table)" ]
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
}

@test "-c beside a recording, and -C behind the trace" {
	limited "$CLTRACE" -c -o run.jsonl "$actor" -o facts fork 2 >out 2>table
	row 2 process
	valid run.jsonl
	limited "$CLTRACE" --replay run.jsonl -c >again
	cmp table again
	limited "$CLTRACE" --replay run.jsonl -o alone
	limited "$CLTRACE" --replay run.jsonl -C -o both 2>err
	[ ! -s err ]
	cat alone <(echo) table | cmp - both
	limited "$CLTRACE" --replay run.jsonl -C >both
	cat alone <(echo) table | cmp - both
	limited "$CLTRACE" --replay run.jsonl -C -o '|cat >both'
	cat alone <(echo) table | cmp - both
}

@test "an output that fails is said once with -C, too" {
	local status=0
	limited "$CLTRACE" -C -o /dev/full true 2>err || status=$?
	[ $status = 125 ] || fail "status $status"
	[ "$(wc -l <err)" = 1 ] || fail "it says: $(cat err)"
}

@test "sorted as asked" {
	limited "$CLTRACE" -o run.jsonl "$actor" -o facts fork-thread >out
	limited "$CLTRACE" --replay run.jsonl -c -S name -o table
	sed -n '/TASKS MADE$/,/^$/s/^ *[1-9].*  *\([a-z]*\)$/\1/p' table >names
	[ -s names ]
	LC_ALL=C sort -c names
	limited "$CLTRACE" --replay run.jsonl -c -S count -o table
	sed -n '/TASKS MADE$/,/^$/s/^ *\([1-9][0-9]*\) .*/\1/p' table >counts
	[ "$(wc -l <counts)" = 2 ] || fail "$(cat table)"
	sort -rnc counts
}

@test "what a filter shows is what is counted" {
	limited "$CLTRACE" -c -e kind=thread -o table "$actor" -o facts fork-thread >out
	has table '^[1-9][0-9]* tasks? made in .*: 0 processes, ' '^this counts what fits kind=thread, '
	lacks table ' process$'
}
