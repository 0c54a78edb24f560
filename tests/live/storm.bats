#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
# Much at once, and often.
load common

@test "2,000 threads and 2,000 forks by eight threads at once, by events too" {
	local how
	untraced storm 8 2000
	for how in yes no; do
		traced --seccomp=$how -- storm 8 2000
		same
		told -f facts
		[ "$("$HELPERS/compare" -c trace)" = 4008 ] || fail "not all"
	done
}

# bats test_tags=memory,user
@test "the storm with --verify: the kernel disagrees about none" {
	local how
	untraced storm 8 250
	for how in yes no; do
		traced --seccomp=$how --verify -- storm 8 250
		same
		undisputed
		[ "$(grep -c '"kind":"verify"' recording)" -ge 508 ] || fail "not each was verified"
		lacks recording '"kind":"verify".*"not_asked":[1-9]'
	done
}

@test "the storm is the kernel's, by events too" {
	kernel_play -- storm 8 2000
	kernel_play --seccomp=no -- storm 8 2000
}

# bats test_tags=memory
@test "1,000 threads that live at once" {
	untraced crowd 1000
	traced -- crowd 1000
	same
	told -f facts
}

# peak THREADS: the peak of the tracer's memory, in KiB, when the tracer has written the whole trace of so many threads.
# The tracer is the parent of the command that reads the trace.
peak() {
	limited "$CLTRACE" --no-origin -o "|cat >trace; cat /proc/\$PPID/status >status" "$actor" exit-group "$1" \
		>out </dev/null 3>&-
	sed -n 's/^VmHWM:[^0-9]*\([0-9]*\).*/\1/p' status
}

@test "the memory of a task, though 3,000 end at once" {
	! grep -q __asan_init "$CLTRACE" || skip "AddressSanitizer needs all memory"
	untraced exit-group 3000
	local few many
	few=$(peak 10) many=$(peak 3000)
	[ $(((many - few) * 1024 / 2990)) -lt 1200 ] || fail "peaks of $few and $many KiB"
}

# bats test_tags=memory
@test "creators killed at once, 100 times" {
	untraced killed-creators 100 4
	traced -- killed-creators 100 4
	same
	told -f facts
}

# bats test_tags=user
@test "attached to and detached from a busy process 100 times" {
	local i
	start_actor churn 3
	for ((i = 0; i < 100; i++)); do
		start_cltrace -p "$subject"
		case $((i % 4)) in
		0) ;; # at once
		1) "$HELPERS/await" lines trace 1 ;;
		2) "$HELPERS/await" lines trace 20 ;;
		3) "$HELPERS/await" traced "$subject" ;;
		esac
		kill -INT "$tracer"
		end_cltrace
		[ ! -s err ] || fail "round $i"
		"$HELPERS/await" untraced "$subject" || fail "round $i: still traced"
	done
	"$HELPERS/await" state "$subject" RSDZ
	end_actor
	grep -q 'nothing went wrong' out
}

# bats test_tags=memory
@test "the busy process goes on creating while it is attached" {
	start_actor churn 3
	attach
	"$HELPERS/await" lines trace 2000
	detach
	end_actor
	told -a -f facts -o program
	grep -Eq '^ +THREAD ' trace
	grep -Eq '^ +PROCESS ' trace
}

@test "^C with thousands of tasks" {
	start_actor remote 64 40
	start_cltrace --descendants -p "$subject"
	"$HELPERS/await" traced "$subject"
	kill -INT "$tracer"
	end_cltrace
	"$HELPERS/await" untraced "$subject"
	order tfT
	end_actor
}

@test "pids are used again" {
	local space=(unshare --fork --pid --mount-proc) limit release
	[ "$(id -u)" = 0 ] || space=(unshare -Ur --fork --pid --mount-proc)
	# Before 6.14 the limit is the machine's, and none of ours to change.
	IFS=.- read -r -a release < <(uname -r)
	[ $((release[0] * 1000 + release[1])) -ge 6014 ] || skip "pid_max of a pid namespace: needs Linux 6.14"
	limit='echo 400 >/proc/sys/kernel/pid_max'
	"${space[@]}" sh -c "$limit" 2>/dev/null || skip "pid namespaces: no privilege, and no user namespaces"
	# The shell stays, so that the tracer is not the namespace's init.
	limited "${space[@]}" sh -c "$limit"' || exit 1; "$@"; exit $?' sh "$CLTRACE" -o trace \
		"$actor" -o facts storm 2 500 >out 2>err </dev/null 3>&-
	told -f facts
	[ -n "$(sed -n 's/.*"fact":"task","tid":\([0-9]*\),.*/\1/p' facts | sort | uniq -d)" ] ||
		fail "no number came again"
}
