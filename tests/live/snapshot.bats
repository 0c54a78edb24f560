#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
# --snapshot: what is there, and what it shares, without touching it.
# bats file_tags=memory,user
load common

# look OPTIONS...: to snap
look() {
	limited "$CLTRACE" --snapshot --width=0 "$@" >snap 2>err || fail "status $?: $(cat err)"
	[ ! -s err ] || fail "it says: $(cat err)"
}

# the tid that the scene has under a key
standing() {
	sed -n "s/.*\"standing\".*\"$1\":\(-\{0,1\}[0-9]*\).*/\1/p" facts
}

# awk over the recorded snapshot FILE: value("KEY") is what the line has under that key.
recorded() {
	awk 'function value(key) {
			if (!match($0, "\"" key "\":\"?[^\",}]*"))
				return ""
			key = substr($0, RSTART, RLENGTH)
			sub(/^"[a-z_]*":"?/, "", key)
			return key
		}'"$1" "$2" | sort
}

# Its tasks as ps has them: UID PID PPID LWP NLWP NI COMMAND.
recorded_tasks() {
	# shellcheck disable=SC2016 # they are awk's
	recorded '/"kind":"attach"/ {
			tgid = value("tgid")
			if (value("tid") == tgid)
				nlwp[tgid] = value("nlwp")
			ids = value("uid") " " tgid " " value("ppid") + 0 " " value("tid") " " nlwp[tgid]
		}
		/"kind":"look"/ { print ids, value("nice"), value("name") }' "$1"
}

# Its namespaces as lsns has them, of TYPE: TYPE INODE PROCESSES.
recorded_namespaces() {
	# shellcheck disable=SC2016
	recorded '/"kind":"attach"/ { leader = value("tid") == value("tgid") }
		/"kind":"look"/ && leader { count[value("'"$2"'_ns")]++ }
		END { for (inode in count) print "'"$2"'", inode, count[inode] }' "$1"
}

@test "a command line that is longer than what is kept ends with ..., in a snapshot and where it is attached to" {
	local long
	long=$(printf 'ü%.0s' $(seq 3000))
	mkfifo in
	cat - "$long" <in >out 2>&1 3>&- 7>&- 8>&- &
	subject=$!
	exec 7>in
	"$HELPERS/await" text "/proc/$subject/status" $'Name:\tcat' && "$HELPERS/await" idle "$subject" ||
		fail "no such program"
	look -p "$subject"
	has snap "^ *$subject .* cat - ü{2030,}\\.\\.\\.$"
	limited "$CLTRACE" --snapshot -o json:snapshot -p "$subject"
	valid snapshot
	has snapshot '"kind":"attach".*ü\.\.\.","command_cut":true'
	limited "$CLTRACE" --replay=snapshot --format=snapshot --width=0 >again
	has again 'ü\.\.\.$'
	attach -o json:recording
	exec 7>&-
	end_cltrace
	valid recording
	has recording '"kind":"attach".*ü\.\.\.","command_cut":true'
}

@test "what is unusual is found, and nothing else said of a usual process" {
	start_actor standing
	look -p "$subject" --descendants
	has snap "^memory shared by processes without being threads of one: $subject .*, $(standing memory) \(actor" \
		"^descriptors shared by processes: $subject \(actor\), $(standing files) \(actor\)$" \
		"^process $subject .*: threads that do not share descriptors with $subject: $(standing apart) \(" \
		"[─ -]$(standing nicer) .* thread +[A-Z] +all.* standing nicer$" \
		"[─ -]$(standing memory) .* process +[A-Z] +memory +"
	# nobody is nicer than 19
	[ "$(nice)" = 19 ] || has snap "^process $subject \(actor\): threads with other nice value than \
$subject's $(nice); $(standing nicer): $(nicer 7)$"
	if [ "$(standing inside)" -gt 0 ]; then
		has snap "[─ -]$(standing inside) \(1 inside\) .* process .* pid:[0-9]+ user:[0-9]+"
	fi
	[ "$(grep -c 'shared by processes' snap)" = 2 ] || fail "$(cat snap)"
	end_actor
	start_actor remote 3 1
	look -p "$subject" --descendants
	lacks snap 'shared by|other nice|do not share'
	[ "$(grep -c ' thread .* all ' snap)" = 6 ] || fail "$(cat snap)"
	[ "$(grep -c ' process .* nothing ' snap)" = 1 ] || fail "$(cat snap)"
	end_actor
}

@test "a leader that has ended, io_uring's workers" {
	start_actor remote-zombie-leader
	look -p "$subject"
	has snap "process $subject .*its leader has ended and is a zombie while its threads live"
	kill -KILL "$subject"
	wait "$subject" 2>/dev/null || true
	subject=''
	untraced remote-uring
	start_actor remote-uring
	look -p "$subject"
	# it names itself iou-wrk-N when it first runs
	has snap 'io_uring workers, threads that the kernel made: [0-9]+ \(' ' io_uring worker '
	end_actor
}

ps_tasks() {
	ps -L -o uid=,pid=,ppid=,lwp=,nlwp=,ni=,comm= "$@" >processes
	awk '{ $1 = $1; print }' processes | sort
}

@test "as ps has it: each task, its process and parent" {
	start_actor remote 5 3
	look -p "$subject" --descendants -o json:snap.jsonl
	valid snap.jsonl
	# shellcheck disable=SC2046 # words are wanted
	ps_tasks -p "$subject" $(pgrep -P "$subject" | sed 's/^/-p /') >expected
	recorded_tasks snap.jsonl >seen
	diff expected seen
	[ "$(wc -l <seen)" = 24 ] || fail "$(cat seen)"
	end_actor
}

# A machine of its own, in which nothing else moves: what ps, lsns and a snapshot of it all see, one after the other.
whole_machine() {
	mkfifo in
	"$actor" -o facts standing <in >out 2>actor.err &
	exec 7>in
	"$HELPERS/await" text facts '"ready"'
	ps_tasks -e >expected
	lsns -n -r -o TYPE,NS,NPROCS >listed
	"$CLTRACE" --snapshot -o json:snap.jsonl
	"$CLTRACE" --snapshot -q --width=0 >snap
	exec 7>&-
	wait
}

@test "the whole machine, as ps and lsns have it" {
	local type space=(unshare --fork --pid --mount-proc)
	[ "$(id -u)" = 0 ] || space+=(--map-root-user)
	"${space[@]}" true 2>/dev/null || skip "needs root, or user namespaces"
	type lsns >/dev/null || skip "needs root, or lsns"
	export -f whole_machine ps_tasks
	export actor CLTRACE
	limited "${space[@]}" --kill-child bash -e -c whole_machine 2>err 3>&- || fail "status $?"
	[ ! -s actor.err ] || fail "$(cat actor.err)"
	valid snap.jsonl
	grep -v ' ps$' expected | diff - <(recorded_tasks snap.jsonl | grep -v ' cltrace$') || fail "not as ps has it"
	grep -q ' actor$' expected || fail "the actor is not there"
	# lsns and cltrace were in the same ones, each for itself
	cut -d ' ' -f 1 listed | sort -u >types
	while read -r type; do
		grep "^$type .* [1-9][0-9]*$" listed | sort | diff - <(recorded_namespaces snap.jsonl "$type") ||
			fail "not as lsns has it: $type"
	done <types
	[ "$(wc -l <types)" -ge 7 ] || fail "$(cat listed)"
	[ $(($(wc -l <expected) + 1)) = "$(wc -l <snap)" ] || fail "the table has other lines: $(cat snap)"
}

@test "a snapshot is shown, recorded and replayed in every format" {
	start_actor standing
	look -p "$subject" --descendants -o snap.jsonl
	limited "$CLTRACE" --replay=snap.jsonl --format=snapshot --width=0 -o again
	look -p "$subject" --descendants
	diff snap again
	look -p "$subject" -J
	has snap '"kind": "thread"' '"lwp":' \
		"\"finding\": \"not-shared-by-threads\", \"what\": \"descriptors\", .*\"tasks\": \[$(standing apart)\]"
	look -p "$subject" --descendants -J
	has snap "\"finding\": \"shared-by-processes\", .*\"tasks\": \[$subject, $(standing memory)\]" \
		"\"shares\": \"memory\", \"tasks\": \[$subject, .*$(standing memory)\]" \
		"\"shares\": \"descriptors\", \"tasks\": \[$subject, .*$(standing files)\]"
	lacks snap "\"shares\": \"descriptors\", .*[ [](($(standing apart))|($(standing memory)))[],]"
	look -p "$subject" -q
	lacks snap '^tasks:'
	look -p "$subject" --format=ps
	has snap '^ *UID +PID +PPID +LWP +NLWP CMD' " $(standing apart) +3 "
	look -p "$subject" --descendants --format=tree --tree=parent
	has snap "[-─]$(standing files) .*process, already there"
	# nobody is known to have made another: the tree is that of parents anyway, with the names of threads
	mv snap parents
	look -p "$subject" --descendants --format=tree --width=0
	diff parents snap
	has snap "^$subject +process, already there" \
		"^[├└]─$(standing apart) +thread of $subject, already there .*actor"
	look -p "$subject" --descendants --format=dot
	has snap "parent at the end"
	end_actor
}

@test "--diff" {
	start_actor standing
	look -p "$subject" --descendants -o snap.jsonl
	look -p "$subject" --descendants --diff=snap.jsonl
	has snap '^gone: 0, new: 0, changed: 0, tasks now: [56]$'
	kill -KILL "$(standing files)"
	"$HELPERS/await" text "/proc/$(standing files)/stat" ') Z '
	look -p "$subject" --descendants --diff=snap.jsonl
	has snap "^~ $(standing files) .*has ended, and is a zombie" '^gone: 0, new: 0, changed: 1' \
		"^no longer: descriptors shared by processes: .* $(standing files) "
	look -p "$subject" --descendants --diff=snap.jsonl -J
	has snap '^   "gone": \[\],$' \
		"\"lwp\": $(standing files), .*\"what\": \"zombie\", \"before\": false, \"now\": true" \
		'"finding": "shared-by-processes", "what": "descriptors", ' '^   "findings_new": \[\],$'
	if type jq >/dev/null 2>&1; then jq -e '.findings_gone | length == 1' snap >out || fail "$(cat snap)"; fi
	look -p "$subject" -o now.jsonl
	limited "$CLTRACE" --snapshot --diff=snap.jsonl --replay=now.jsonl >snap
	has snap "^- $(standing memory) process, child of $subject"
	end_actor
}

@test "tasks that come and go while they are looked at: no line is wrong" {
	local i
	start_actor churn 4
	for i in 1 2 3 4 5 6 7 8 9 10; do
		look -p "$subject" --descendants
		lacks snap 'shared by processes: |do not share|in another|other capabilities|other CPUs|nice value'
		look -p "$subject" --descendants -o json:snap.jsonl
		valid snap.jsonl
		lacks snap.jsonl '"state":"X"'
	done
	end_actor
}

@test "what is not permitted is said, and not guessed" {
	need_user
	look -o json:snap.jsonl
	grep -q '"refused":true' snap.jsonl || skip "needs root's processes to be there"
	lacks snap.jsonl '"refused":true.*"asked":[1-9]'
	look
	has snap 'not permitted' 'what they share may not be asked of: [0-9]+'
}

@test "kernel threads are named as such" {
	look
	grep -q '\[kthreadd\]' snap || skip "needs root to see kernel threads, outside a container"
	has snap 'kernel thread .*\[kthreadd\]' 'kernel threads: [1-9]'
}

@test "bad input" {
	local words
	for words in "true" "--verify" "--replay=x" "--seccomp=no" "--diff=nowhere" "-p 2147483647"; do
		# shellcheck disable=SC2086 # words are wanted
		! limited "$CLTRACE" --snapshot $words >out 2>err || fail "$words is taken"
		[ "$(wc -l <err)" = 1 ] && [ ! -s out ] || fail "$words: $(cat err)"
	done
	echo nothing >file
	! limited "$CLTRACE" --snapshot --diff=file 2>err || fail "taken"
	has err 'is no snapshot'
	start_actor standing
	look -p "$subject" --descendants -o json:snap.jsonl
	sed '$d' snap.jsonl >half
	! limited "$CLTRACE" --snapshot -p "$subject" --diff=half >out 2>err || fail "taken"
	[ ! -s out ] || fail "$(cat out)"
	has err 'is incomplete'
	# attached to, but nobody has looked
	limited "$CLTRACE" -p "$subject" --max-events=1 --duration=1ms -o json:trace.jsonl
	! limited "$CLTRACE" --snapshot -p "$subject" --diff=trace.jsonl >out 2>err || fail "taken"
	has err 'is no snapshot'
	limited "$CLTRACE" --replay=trace.jsonl --format=snapshot --width=0 -o snap
	has snap "^[^ ]*$subject .* not known +" ' thread .* not known +not known'
	lacks snap 'not permitted'
	end_actor
	! limited "$CLTRACE" --diff=file true 2>err || fail "taken"
	has err '^cltrace: --diff compares snapshots'
}

@test "a process that executes itself all the time, by threads, is looked at each time" {
	start_actor exec-on
	for ((i = 0; i < 20; i++)); do
		limited "$CLTRACE" --snapshot -o trace -p "$subject" 2>err || fail "status $?"
		has trace "(^|[^0-9])$subject +$subject "
	done
	end_actor
}
