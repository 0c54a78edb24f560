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
