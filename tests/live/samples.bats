#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
# Each sample prints what it prints untraced, and the trace teaches what its head comment promises.
load common

# sample NAME: runs it untraced and traced.
sample() {
	"$SAMPLES/$1" >untraced.out 2>untraced.err
	limited "$CLTRACE" -o trace "$SAMPLES/$1" >out 2>err </dev/null 3>&-
	diff untraced.out out
	diff untraced.err err
	told
}

@test "sample fork" {
	sample fork
	has trace '(clone|fork)\(.*\) = [0-9]+$' '^ +PROCESS ' 'copied: memory' '^[0-9]+ exited 3 ' 'SIGCHLD'
	lacks trace '^ +THREAD|CLONE_VM'
}

@test "sample vfork" {
	sample vfork
	has trace 'vfork\(\)|CLONE_VM\|CLONE_VFORK' '^ +PROCESS ' '^[0-9]+ exec: .*true'
	lacks trace '^ +THREAD'
}

@test "sample posix_spawn" {
	sample posix_spawn
	has trace 'CLONE_VM\|CLONE_VFORK' '^ +PROCESS ' '^[0-9]+ exec: .*true'
	lacks trace '^ +THREAD'
}

@test "sample pthread_create" {
	sample pthread_create
	has trace 'CLONE_THREAD' '^ +THREAD ' 'shared: memory, descriptors' 'nobody is signalled'
	lacks trace '^ +PROCESS'
}

@test "sample clone_linuxthreads" {
	sample clone_linuxthreads
	grep -q 'cannot write' out
	has trace 'clone\(CLONE_VM\|CLONE_FS\|CLONE_FILES\|CLONE_SIGHAND\|SIGCHLD, stack=' \
		'^ +PROCESS ' 'shared: memory, descriptors'
	lacks trace '^ +THREAD'
}

@test "sample clone_with_vm" {
	sample clone_with_vm
	grep -q 'the child' out
	has trace 'clone\(CLONE_VM\|SIGCHLD, stack=' '^ +PROCESS ' 'shared: memory'
	lacks trace '^ +THREAD'
}

@test "sample clone_without_vm" {
	sample clone_without_vm
	grep -q 'the parent' out
	has trace 'clone\(SIGCHLD, stack=' '^ +PROCESS ' 'copied: memory'
	lacks trace '^ +THREAD'
}

@test "sample fork_then_pthread" {
	sample fork_then_pthread
	has trace '^ +PROCESS ' '^ +THREAD '
	# The thread is its creator's, the child's.
	local child
	child=$(sed -nE 's/^ +PROCESS ([0-9]+).*/\1/p' trace)
	has trace "^$child clone3?\\(.*CLONE_THREAD" "^ +THREAD [0-9]+.*process $child"
}

@test "sample fork_vs_pthread" {
	sample fork_vs_pthread
	has trace '^ +PROCESS ' '^ +THREAD '
	[ "$(grep -cE '^ +(PROCESS|THREAD) ' trace)" = 2 ]
}

# What these print differs from run to run (ids, order), so the two outputs are not compared.
loose() {
	limited "$CLTRACE" -o trace "$@" >out 2>err </dev/null 3>&-
	told
}

@test "sample thread_ids" {
	loose "$SAMPLES/thread_ids"
	[ "$(grep -c '^ \+THREAD ' trace)" = 3 ]
	while read -r tid; do
		has trace "^ +THREAD $tid: CLONE_THREAD puts it in process $(sed -n '1s/.* pid \([0-9]*\) .*/\1/p' out)"
	done < <(sed -n 's/^thread .*tid (LWP) \([0-9]*\) .*/\1/p' out)
}

@test "sample clone_own_files" {
	sample clone_own_files
	grep -q 'can still write' out
	has trace 'clone\(CLONE_VM\|CLONE_FS\|CLONE_SIGHAND\|SIGCHLD, stack=' '^ +PROCESS ' 'copied: descriptors'
	lacks trace '^ +THREAD|CLONE_FILES'
}

@test "sample eight_ways" {
	sample eight_ways
	[ "$(grep -c 'counter at 1' out)" = 3 ]
	[ "$(grep -c '^ \+THREAD ' trace)" = 2 ]
	# The two threads are the same request but for the addresses.
	[ "$(grep 'CLONE_THREAD' trace | sed -n 's/^[0-9]* \([^,]*\), stack=.*/\1/p' | sort -u | wc -l)" = 1 ]
	[ "$(grep -c '^[0-9]* exec: .*sh -c' trace)" = 3 ]
}

@test "sample thread_stacks" {
	sample thread_stacks
	[ "$(grep -c '^ \+THREAD ' trace)" = 2 ]
}

@test "sample thread_storage" {
	sample thread_storage
	[ "$(grep -c 'CLONE_VM.*CLONE_SETTLS' trace)" = 30 ]
	grep -q 'plain global: *13' out
	[ "$(grep -c ': *3$' out)" = 2 ]
}

@test "sample exec_from_thread" {
	sample exec_from_thread
	has trace '^[0-9]+ exec by thread [0-9]+: echo ' "takes the leader's tid"
}

@test "sample orphan" {
	sample orphan
	has trace '^[0-9]+ now child of [0-9]+'
	grep -q 'another one now' out
}

@test "sample daemon" {
	sample daemon
	has trace '^[0-9]+ setsid\(\) = ' '^[0-9]+ now child of [0-9]+'
	grep -q 'does not lead' out
}

@test "sample subreaper" {
	sample subreaper
	has trace '^[0-9]+ prctl\(PR_SET_CHILD_SUBREAPER, 1\) = 0' '^[0-9]+ now child of [0-9]+'
	grep -q 'it had become a child' out
}

@test "sample clone_parent" {
	sample clone_parent
	has trace 'clone\(CLONE_PARENT\|SIGCHLD\)' '\(CLONE_PARENT\), not of [0-9]+ that made it'
	grep -q 'waited for 2' out
}

@test "sample namespaces" {
	unshare -U true 2>/dev/null || skip "user namespaces are not permitted here"
	sample namespaces
	[ "$(grep -c '1 inside its pid namespace' trace)" = 3 ]
	has trace 'clone\(CLONE_NEWNS\|CLONE_NEWUSER\|CLONE_NEWPID\|SIGCHLD\)' \
		'clone3\(CLONE_NEWUSER\|CLONE_NEWPID\|CLONE_NEWNET' \
		'unshare\(CLONE_NEWTIME\|CLONE_NEWUTS\|CLONE_NEWUSER\|CLONE_NEWPID\) = 0'
}

@test "sample unshare_in_thread" {
	sample unshare_in_thread
	grep -q 'still open here' out
	has trace 'unshare\(CLONE_FS\|CLONE_FILES\) = 0' 'setns\([0-9]+, CLONE_NEWUTS\) = '
}

@test "sample refusals" {
	sample refusals
	[ "$(grep -c '^ \+REFUSED' trace)" -ge 5 ]
	has trace '0x1000000000000000, exit_signal=SIGCHLD\) = -1 EINVAL'
}

@test "sample thread_attributes" {
	loose "$SAMPLES/thread_attributes"
	[ "$(grep -c '^ \+THREAD ' trace)" = 1 ]
	grep -q '^the thread: nice 5, on 1 CPUs, effective capabilities 0*$' out
	grep -q '^main(): *nice 0' out
}
