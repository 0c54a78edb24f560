#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
# Each situation of the actor: the program does what it does untraced, and the trace tells what the actor states.
load common

# bats test_tags=user
@test "no creation at all" { play exit 3; }
# bats test_tags=user
@test "descriptors, signal masks, limits and process group are the untraced program's" { play state; }
@test "fork" { play fork 5; }
@test "children that are not waited for" { play unwaited 3; }
@test "children that are not waited for, and an exec" { play unwaited 3 exit; }
# bats test_tags=memory
@test "a tree of forks" { play tree 4; }
@test "vfork whose child exits" { play vfork; }
@test "vfork whose child execs" { play vfork-exec; }
@test "vfork whose child is killed" { play vfork-killed; }
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

@test "nested vfork" { play vfork-nested; }
@test "posix_spawn" { play spawn; }
# bats test_tags=memory
@test "system and popen" { play shell; }
@test "exec while other threads live" { play exec 5; }
@test "exec by a thread that is not the leader, again and again" { play exec-thread 5; }
# bats test_tags=memory
@test "exec by several threads at once" { play exec-race; }
@test "an orphan" { play orphan; }
# bats test_tags=memory,user
@test "a subreaper" { play subreaper; }
@test "a daemon" { play daemon; }
@test "CLONE_PARENT" { play clone-parent; }
# bats test_tags=user
@test "CLONE_PARENT by the program itself: the child is the tracer's" { play clone-parent-top; }
@test "exit signals other than SIGCHLD" { play exit-signals; }
@test "an exit signal that kills the parent" { play exit-signal-kills; }
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
@test "CLONE_UNTRACED" { play_filter untraced; }
# bats test_tags=user
@test "CLONE_PTRACE" { play ptrace-flag; }
# bats test_tags=user
@test "CLONE_IO" { play io-flag; }
# bats test_tags=user
@test "a program that is a tracer itself" { play tracer; }

@test "threads" { play threads 5; }
@test "many threads that live at once" { play crowd 200; }
# bats test_tags=memory
@test "threads and a process that name themselves" { play named; }
@test "C11 threads" { play c11; }
@test "threads that make threads and processes" { play thread-creates; }
# bats test_tags=memory
@test "a fork whose child makes threads" { play fork-thread; }
# bats test_tags=memory
@test "several threads create at once" { play storm 4 100; }
@test "a leader that exits first, a thread that exits for all" { play zombie-leader; }
@test "a leader that exits first, threads that just end" { play zombie-leader-quiet; }
# bats test_tags=memory
@test "a leader that exits first, a thread that execs" { play zombie-leader-exec; }
@test "exit by a thread" { play exit-group; }
@test "threads with exit codes" { play thread-codes; }
@test "a thread with SIGCHLD in its flags" { play thread-exit-signal; }
@test "a thread with CLONE_VFORK" { play thread-vfork; }
# bats test_tags=user
@test "a thread with CLONE_UNTRACED" { play_filter thread-untraced; }
@test "threads by clone3" { play thread-clone3; }
# bats test_tags=memory
@test "tasks that share all and are no threads" { play sharing; }
@test "clone3 as posix_spawn does it" { play vfork-stack; }
@test "int 0x80 from 64-bit code" { play int80; }
@test "a thread that unshares its descriptors" { play unshare-files; }
@test "exec by one with its parent's descriptors" { play exec-files; }
@test "a thread that closes descriptors in a table of its own" { play close-range; }

@test "each signal arrives once" { play signals; }
@test "signals to threads" { play thread-signals; }
@test "signals aimed at the process and at threads" { play signal-aims; }
@test "a fault in a thread" { play thread-faults; }
@test "stop and continue" { play group-stop; }
# bats test_tags=memory
@test "killed while stopped" { play stop-kill; }
# With events alone nothing can hold the sender (NOTES of the manual).
@test "a thread kills its own process" { play_filter kills-itself 5; }

# bats test_tags=memory,user
@test "refused creations" { play refusals; }
# bats test_tags=memory,user
@test "other calls that fail" { play call-refusals; }
# bats test_tags=memory,user
@test "execs that fail" { play failed-execs; }
@test "sessions and process groups" { play sessions; }
@test "clone3 in all sizes" { play clone3; }
@test "clone3 with a stack" { play clone3-stack; }
# bats test_tags=user
@test "a program's own filter: RET_TRACE is ENOSYS" { play filter-trace; }
# bats test_tags=user
@test "a program's own filter: RET_TRACE of clone" { play filter-trace-clone; }
# bats test_tags=user
@test "a program's own filter: no clone3" { play filter-errno; }
# bats test_tags=memory,user
@test "a program's own filter: death" { play filter-kill; }
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
@test "a program's own filter: which call it was" {
	untraced filter-kill
	traced -- filter-kill
	[ "$(grep -c '"forbidden_by":1,"call":"clone3","call_nr":435' recording)" = 6 ] || fail "not six calls"
}

# bats test_tags=user
@test "unshare of the pid namespace" { play unshare-pid; }
# bats test_tags=user
@test "pid namespaces in pid namespaces" { play clone-pid 3; }
# bats test_tags=memory,user
@test "every namespace" { play namespaces; }
# bats test_tags=user
@test "setns" { play setns; }
# bats test_tags=user
@test "setns by a thread" { play setns-thread; }

# bats test_tags=user
@test "pids inside a pid namespace are told" {
	local tid nspid
	untraced clone-pid 3
	traced -- clone-pid 3
	while read -r tid nspid; do
		# A thread or process made there: its line says which number it has inside.
		grep -Eq "^ +(PROCESS|THREAD) $tid \\($nspid inside\\)[ :]" trace || fail "$tid is $nspid inside"
	done < <(sed -n 's/.*"fact":"task","tid":\([0-9]*\),.*"nspid":\([0-9]*\).*/\1 \2/p' facts)
	grep -q '"nspid":1' facts
}

@test "CLONE_UNTRACED is said to have been taken out" {
	traced -- untraced
	grep -Eq '^[0-9]+ note: CLONE_UNTRACED' trace || fail "no note"
}

@test "each stop and each continuation of a process is told once" {
	local signal
	traced -- group-stop 3
	for signal in SIGSTOP SIGTSTP SIGTTIN SIGTTOU; do
		[ "$(grep -c "stopped by $signal" trace)" = 1 ] || fail "$signal"
	done
	[ "$(grep -c "goes on by SIGCONT" trace)" = 4 ] || fail "SIGCONT"
}

# bats test_tags=user
@test "the init of a pid namespace dies of its faults" { play init-faults; }
# bats test_tags=user
@test "the init of a pid namespace handles its faults, and ignores signals from within" { play init-survives; }
