#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
# Each situation of the actor: the program does what it does untraced, and the trace tells what the actor states.
load common

# bats test_tags=user
@test "no creation at all; descriptors, signal masks, limits and process group are the untraced program's" {
	each play "exit 3" state
}

@test "fork, and children that are not waited for" { each play "fork 5" "unwaited 3" "unwaited 3 exit"; }

@test "vfork whose child exits, execs or is killed, vfork within vfork, posix_spawn" {
	each play vfork vfork-exec vfork-killed vfork-nested spawn vfork-stack
}

# pairs KIND WORD: creator and child of the recording's events of KIND whose lines have WORD
pairs() {
	grep "\"kind\":\"$1\".*$2" recording | sed -E 's/.*"tid":([0-9]+),.*"child":([0-9]+),.*/\1 \2/' | sort
}

@test "the wait for a child of vfork is told apart from the creation, with -T" {
	local scene options
	for scene in vfork vfork-exec vfork-stack; do
		for options in -T '-T --seccomp=no'; do
			untraced $scene
			# shellcheck disable=SC2086 # several words
			traced $options -- $scene
			same "$scene $options"
			has trace '^[0-9]+ waited until [0-9]+ executed a program or ended <[0-9.]+>$'
			# There is one for each creation with CLONE_VFORK, by its creator.
			pairs spawn CLONE_VFORK >made
			pairs vfork-done '"waited":[0-9]' >waits
			diff made waits
			"$CLTRACE" -T --replay=recording -o again
			cmp trace again
			"$CLTRACE" --replay=recording -o again
			lacks again ' waited until '
		done
	done
}

@test "exec while other threads live, by the leader and by other threads" { each play "exec 5" "exec-thread 5"; }

# bats test_tags=memory
@test "exec by several threads at once, and by a thread whose leader has exited" {
	each play exec-race zombie-leader-exec
}

@test "orphans, daemons and CLONE_PARENT" { each play orphan daemon clone-parent; }

# bats test_tags=memory,user
@test "a subreaper" { play subreaper; }

# bats test_tags=user
@test "CLONE_PARENT by the program itself: the child is the tracer's" { play clone-parent-top; }

@test "exit signals other than SIGCHLD, one that kills the parent" { each play exit-signals exit-signal-kills; }

@test "an exit signal after an exec of the parent: the kernel sends SIGCHLD, and so it is told" {
	local signal
	for signal in 10 0; do
		play exit-signal-exec $signal
		has out '^SIGCHLD: has come$' '^SIGUSR1: has not come$'
		traced -- exit-signal-exec $signal
		has trace "^[0-9]+ exited 33 \\(process ends; sends $(program_pid) SIGCHLD\\)$"
	done
}

@test "a parent that ignores SIGCHLD: with -v its child's end says so" {
	local says='exited 7 \(process ends; [0-9]+ ignores SIGCHLD, so no signal is sent and no zombie stays\)$'
	play sigchld-ignored
	traced -v -- sigchld-ignored
	has trace "^[0-9]+ $says" '^[0-9]+ exited 8 \(process ends; sends [0-9]+ SIGCHLD\)$'
	traced -- sigchld-ignored
	has trace '^[0-9]+ exited 7 \(process ends; sends [0-9]+ SIGCHLD\)$'
}

# bats test_tags=user
@test "CLONE_UNTRACED, of processes and threads, is taken out, which is said" {
	each play_filter untraced thread-untraced
	traced -- untraced
	grep -Eq '^[0-9]+ note: CLONE_UNTRACED' trace || fail "no note"
}

# bats test_tags=user
@test "CLONE_PTRACE, and a program that is a tracer itself" { each play ptrace-flag tracer; }

# bats test_tags=user
@test "CLONE_IO" { play io-flag; }

@test "threads, of C11 too, many at once, and such that make threads and processes" {
	each play "threads 5" "crowd 200" c11 thread-creates
}

# bats test_tags=memory
@test "trees of processes, threads and shells, which name themselves" {
	each play "tree 4" fork-thread shell named
}

# bats test_tags=memory
@test "several threads create at once" { play storm 4 100; }

@test "a leader that exits first, threads that exit for all or by themselves" {
	each play zombie-leader zombie-leader-quiet exit-group thread-codes
}

@test "threads with SIGCHLD or CLONE_VFORK in their flags, threads by clone3" {
	each play thread-exit-signal thread-vfork thread-clone3
}

# bats test_tags=memory
@test "tasks that share all and are no threads" { play sharing; }

@test "int 0x80 from 64-bit code" { play int80; }

@test "descriptors: unshared by a thread, ended by exec, closed in a table of its own" {
	each play unshare-files exec-files close-range
}

@test "signals to processes and threads, which arrive once, and faults" {
	each play signals thread-signals signal-aims thread-faults
}

@test "stop and continue, each of which is told once" {
	local signal
	play group-stop
	traced -- group-stop 3
	for signal in SIGSTOP SIGTSTP SIGTTIN SIGTTOU; do
		[ "$(grep -c "stopped by $signal" trace)" = 1 ] || fail "$signal"
	done
	[ "$(grep -c "goes on by SIGCONT" trace)" = 4 ] || fail "SIGCONT"
}

# bats test_tags=memory
@test "killed while stopped" { play stop-kill; }
# With events alone nothing can hold the sender (NOTES of the manual).
@test "a thread kills its own process" { play_filter kills-itself 5; }

# bats test_tags=memory,user
@test "refused creations, and other calls and execs that fail" { each play refusals call-refusals failed-execs; }

@test "sessions and process groups, clone3 in all sizes and with a stack" {
	each play sessions clone3 clone3-stack
}

# bats test_tags=user
@test "a program's own filter: RET_TRACE is ENOSYS, no clone3" {
	each play filter-trace filter-trace-clone filter-errno
}

# bats test_tags=memory,user
@test "a program's own filter: death, and which call it was" {
	play filter-kill
	traced -- filter-kill
	[ "$(grep -c '"forbidden_by":1,"call":"clone3","call_nr":435' recording)" = 6 ] || fail "not six calls"
}

# bats test_tags=user
@test "a program's own filter: death of the program, and cltrace ends" {
	local options trap
	for trap in 0 1; do
		for options in --seccomp=yes --seccomp=no --verify '--verify --seccomp=no' --signals; do
			untraced filter-kills-all $trap
			# shellcheck disable=SC2086 # several words
			traced $options -- filter-kills-all $trap
			[ "$status" = "$untraced_status" ] || fail "exit status $status, not $untraced_status: $options"
			told -f facts -o task,exit
			has trace ' killed by SIGSYS \(its seccomp filter forbids clone3\(\); process ends'
		done
	done
}

# bats test_tags=user
@test "pid namespaces, by unshare and in one another, with the numbers inside" {
	local tid nspid
	each play unshare-pid "clone-pid 3"
	traced -- clone-pid 3
	while read -r tid nspid; do
		# A thread or process made there: its line says which number it has inside.
		grep -Eq "^ +(PROCESS|THREAD) $tid \\($nspid inside\\)[ :]" trace || fail "$tid is $nspid inside"
	done < <(sed -n 's/.*"fact":"task","tid":\([0-9]*\),.*"nspid":\([0-9]*\).*/\1 \2/p' facts)
	grep -q '"nspid":1' facts
}

# bats test_tags=memory,user
@test "every namespace" { play namespaces; }

# bats test_tags=user
@test "setns, by a thread too" { each play setns setns-thread; }

# bats test_tags=user
@test "the init of a pid namespace: its faults, its handlers, and signals from within" {
	each play init-faults init-survives
}
