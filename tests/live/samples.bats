#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
# Each sample prints what it prints untraced, and the trace teaches what its head comment promises.
load common

# sample [OPTIONS OF CLTRACE...] NAME [ARGS...]: runs it untraced and traced.
sample() {
	local options=()
	while [ "${1#-}" != "$1" ]; do
		options+=("$1")
		shift
	done
	"$SAMPLES/$1" "${@:2}" >untraced.out 2>untraced.err
	limited "$CLTRACE" "${options[@]}" -o trace "$SAMPLES/$1" "${@:2}" >out 2>err </dev/null 3>&-
	diff untraced.out out
	diff untraced.err err
	told
}

# What these print differs from run to run (ids, order), so the two outputs are not compared.
loose() {
	limited "$CLTRACE" -o trace "$@" >out 2>err </dev/null 3>&-
	told
}

# bats test_tags=user
@test "sample thread_ids, with ps" {
	loose -o ps:picture "$SAMPLES/thread_ids"
	local pid
	pid=$(sed -n '1s/.* pid \([0-9]*\) .*/\1/p' out)
	[ "$(grep -c '^ \+THREAD ' trace)" = 3 ]
	# ps shows the moment when most tasks lived, each with its own numbers
	[ "$(wc -l <picture)" = 5 ]
	has picture "^ *$(id -u) +$pid +[0-9]+ +$pid +4 .*thread_ids$"
	while read -r tid; do
		has trace "^ +THREAD $tid: CLONE_THREAD puts it in process $pid"
		has picture "^ *$(id -u) +$pid +[0-9]+ +$tid +4 .*thread_ids$"
	done < <(sed -n 's/^thread .*tid (LWP) \([0-9]*\) .*/\1/p' out)
}

# bats test_tags=user
@test "sample namespaces" {
	unshare -U true 2>/dev/null || skip "user namespaces are not permitted here"
	sample namespaces
	[ "$(grep -Ec '^ +PROCESS [0-9]+ \(1 inside\)' trace)" = 3 ]
	has trace 'clone\(CLONE_NEWNS\|CLONE_NEWUSER\|CLONE_NEWPID\|SIGCHLD\)' \
		'clone3\(CLONE_NEWUSER\|CLONE_NEWPID\|CLONE_NEWNET' \
		'unshare\(CLONE_NEWTIME\|CLONE_NEWUTS\|CLONE_NEWUSER\|CLONE_NEWPID\) = 0'
}

# bats test_tags=user
@test "sample unshare_in_thread" {
	sample unshare_in_thread
	grep -q 'still open here' out
	has trace 'unshare\(CLONE_FS\|CLONE_FILES\) = 0' 'setns\([0-9]+, CLONE_NEWUTS\) = '
}

# bats test_tags=memory,user
@test "sample refusals" {
	sample refusals
	[ "$(grep -c '^ \+REFUSED' trace)" -ge 5 ]
	has trace '0x1000000000000000, exit_signal=SIGCHLD\) = -1 EINVAL'
}

@test "sample fork_memory" {
	local made
	sample -T -v fork_memory 64
	has trace '^note: times \(-T\) include the stops of tracing: a call that does nothing takes 0\.[0-9]+ to 0\.' \
		'SIGCHLD.* = [0-9]+ <0\.[0-9]{6}>$' 'CLONE_THREAD.* = [0-9]+ <0\.[0-9]{6}>$'
	# 64 MiB are 16384 pages, each of 8 bytes in a table.
	tr -s '\n ' ' ' <trace >line
	mapfile -t made < <(grep -oE '[0-9]+ KiB were made for' line | cut -d ' ' -f 1)
	[ ${#made[@]} = 2 ]
	[ $((made[1] - made[0])) -ge 128 ] && [ $((made[1] - made[0])) -lt 256 ]
	has line 'page tables: [0-9]+ has [0-9]+ KiB of them, for [0-9]+ KiB in memory; [0-9]+ uses the same,'
	# Without -v the sizes are not asked for; without -T nothing of it is said.
	sample -T fork_memory 1
	lacks trace 'page tables:'
	has trace '^note: times'
	sample -v fork_memory 1
	lacks trace 'page tables:' '^note: times'
}

@test "samples fork, vfork, posix_spawn and clone_without_vm: processes" {
	sample fork
	has trace '(clone|fork)\(.*\) = [0-9]+$' '^ +PROCESS ' 'copied: memory' '^[0-9]+ exited 3 ' 'SIGCHLD'
	lacks trace '^ +THREAD|CLONE_VM'
	sample vfork
	has trace 'vfork\(\)|CLONE_VM\|CLONE_VFORK' '^ +PROCESS ' '^[0-9]+ exec: .*true'
	lacks trace '^ +THREAD'
	sample posix_spawn
	has trace 'CLONE_VM\|CLONE_VFORK' '^ +PROCESS ' '^[0-9]+ exec: .*true'
	lacks trace '^ +THREAD'
	sample clone_without_vm
	grep -q 'the parent' out
	has trace 'clone\(SIGCHLD, stack=' '^ +PROCESS ' 'copied: memory'
	lacks trace '^ +THREAD'
}

@test "samples pthread_create, fork_then_pthread, fork_vs_pthread and thread_storage: threads" {
	sample pthread_create
	has trace 'CLONE_THREAD' '^ +THREAD ' 'shared: memory, descriptors' 'no signal is sent'
	lacks trace '^ +PROCESS'
	sample fork_vs_pthread
	has trace '^ +PROCESS ' '^ +THREAD '
	[ "$(grep -cE '^ +(PROCESS|THREAD) ' trace)" = 2 ]
	sample thread_storage
	[ "$(grep -c 'CLONE_VM.*CLONE_SETTLS' trace)" = 30 ]
	grep -q 'plain global: *13' out
	[ "$(grep -c ': *3$' out)" = 2 ]
	sample fork_then_pthread
	has trace '^ +PROCESS ' '^ +THREAD '
	# The thread is its creator's, the child's.
	local child
	child=$(sed -nE 's/^ +PROCESS ([0-9]+).*/\1/p' trace)
	has trace "^$child clone3?\\(.*CLONE_THREAD" "^ +THREAD [0-9]+.*process $child"
}

@test "samples clone_linuxthreads, clone_with_vm and clone_own_files: shared memory without being threads" {
	sample clone_linuxthreads
	grep -q 'cannot write' out
	has trace 'clone\(CLONE_VM\|CLONE_FS\|CLONE_FILES\|CLONE_SIGHAND\|SIGCHLD, stack=' \
		'^ +PROCESS ' 'shared: memory, descriptors'
	lacks trace '^ +THREAD'
	sample clone_with_vm
	grep -q 'the child' out
	has trace 'clone\(CLONE_VM\|SIGCHLD, stack=' '^ +PROCESS ' 'shared: memory'
	lacks trace '^ +THREAD'
	sample clone_own_files
	grep -q 'can still write' out
	has trace 'clone\(CLONE_VM\|CLONE_FS\|CLONE_SIGHAND\|SIGCHLD, stack=' '^ +PROCESS ' 'copied: descriptors'
	lacks trace '^ +THREAD|CLONE_FILES'
}

@test "samples exec_from_thread, orphan and clone_parent: who is whose child" {
	sample exec_from_thread
	has trace '^[0-9]+ exec by thread [0-9]+: echo ' "takes the leader's tid"
	sample orphan
	has trace '^[0-9]+ now child of [0-9]+'
	grep -q 'another one now' out
	sample clone_parent
	has trace 'clone\(CLONE_PARENT\|SIGCHLD\)' '\(CLONE_PARENT\), not of [0-9]+ that made it'
	grep -q 'waited for 2' out
}

# bats test_tags=user
@test "samples daemon and subreaper" {
	sample daemon
	has trace '^[0-9]+ setsid\(\) = ' '^[0-9]+ now child of [0-9]+'
	grep -q 'does not lead' out
	sample subreaper
	has trace '^[0-9]+ prctl\(PR_SET_CHILD_SUBREAPER, 1\) = 0' '^[0-9]+ now child of [0-9]+'
	grep -q 'it had become a child' out
}

# bats test_tags=memory
@test "samples eight_ways and thread_stacks" {
	sample eight_ways
	[ "$(grep -c 'counter at 1' out)" = 3 ]
	[ "$(grep -c '^ \+THREAD ' trace)" = 2 ]
	# The two threads are the same request but for the addresses.
	[ "$(grep 'CLONE_THREAD' trace | sed -n 's/^[0-9]* \([^,]*\), stack=.*/\1/p' | sort -u | wc -l)" = 1 ]
	[ "$(grep -c '^[0-9]* exec: .*sh -c' trace)" = 2 ]
	[ "$(grep -c '^ \+looks like system() or popen()' trace)" = 2 ] ||
		{ has trace '^ +(by system\(\) )?from by_system' '^ +by popen\(\) from by_popen'; }
	sample thread_stacks
	[ "$(grep -c '^ \+THREAD ' trace)" = 2 ]
}

@test "samples signal_targets and endings, with --signals" {
	sample --signals signal_targets
	grep -q '^kill(tid of thread 1, SIGUSR2): thread 2 took it' out
	has trace '^[0-9]+ gets SIGUSR1: kill\(\) by its own process$' \
		'^[0-9]+ gets SIGUSR2: tgkill\(\) by its own process$' \
		'^ +aimed at process [0-9]+, taken by its thread [0-9]+, one of 3 tasks; a handler runs$' \
		'^ +aimed at task [0-9]+ alone, a thread of process [0-9]+; a handler runs$' \
		'stopped by SIGSTOP \(the whole process, 2 tasks\)' \
		'goes on by SIGCONT \(the whole process, 2 tasks\)' \
		'gets SIGSEGV: SEGV_MAPERR by the kernel, at address 0x0$' \
		'\(process ends with its 3 tasks; '
	lacks trace '^ +aimed at process [0-9]+, taken by its leader, one of 3 tasks; a handler'
	sample --signals endings
	has trace '^[0-9]+ exit_group\(3\) ends the whole process [0-9]+, 2 tasks$' \
		'^[0-9]+ exited 3 \(process ends with its 2 tasks; ' \
		'^[0-9]+ ended with its process \(thread of [0-9]+: [01] threads? left\)$' \
		'^[0-9]+ exited 0 \(thread of [0-9]+: 1 thread left\)$' \
		'^[0-9]+ exited 4 \(process ends; ' \
		'^[0-9]+ exited 0 \(leader; stays as a zombie until its 1 thread has ended\)$' \
		'^[0-9]+ ended with its process \(thread of [0-9]+: 0 threads left\)$'
	[ "$(grep -c ' ends the whole process' trace)" = 1 ]
}

@test "sample thread_attributes, and what its thread has for itself, in a snapshot" {
	loose "$SAMPLES/thread_attributes"
	[ "$(grep -c '^ \+THREAD ' trace)" = 1 ]
	grep -q "^the thread: nice $(nicer 5), on 1 CPUs, effective capabilities 0*$" out
	grep -q "^main(): *nice $(nice)," out
	mkfifo in
	"$SAMPLES/thread_attributes" wait <in >out 2>err &
	exec 7>in
	"$HELPERS/await" text out 'the thread:'
	limited "$CLTRACE" --snapshot -p $! --width=1000 >snap
	exec 7>&-
	wait $!
	has snap ' thread +[A-Z] +all +thread_attribut'
	# nobody is nicer than 19
	[ "$(nice)" = 19 ] || has snap '^process [0-9]+ .*: threads with other nice value than '
	[ "$(nproc)" = 1 ] || has snap '^process [0-9]+ .*: threads with other CPUs than '
	grep -q 'before:.* 0\{16\}$' out || has snap '^process [0-9]+ .*: threads with other capabilities than .*: 0x0$'
}
