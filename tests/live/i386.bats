#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
# The same for i386 programs: other call numbers and another order of arguments.
load common

setup_i386() {
	need_actor32
}

@test "i386: processes by all calls, exec by a thread, CLONE_PARENT and CLONE_UNTRACED, exit signals" {
	setup_i386
	each play "fork 3" vfork vfork-exec vfork-nested spawn "exec-thread 3" clone-parent exit-signals
	each play_filter untraced
}

@test "i386: threads, odd ones too, and tasks that share all" {
	setup_i386
	each play "threads 3" thread-creates thread-clone3 thread-exit-signal thread-vfork thread-codes
	each play sharing vfork-stack
}

# bats test_tags=memory
@test "i386: several threads create at once" { setup_i386 && play storm 4 50; }

@test "i386: a leader that exits first, signals, clone3, sessions" {
	setup_i386
	each play zombie-leader zombie-leader-exec signals group-stop clone3 clone3-stack sessions
}

# bats test_tags=user
@test "i386: refused creations, a program's own filter, pid namespaces" {
	setup_i386
	each play refusals filter-trace filter-errno unshare-pid "clone-pid 2"
}

# bats test_tags=memory
@test "i386: a 64-bit program becomes a 32-bit one and makes threads" {
	need_actor32
	limited "$CLTRACE" -o trace sh -c "$ACTOR32 -o facts threads 2; exec $ACTOR32 -o facts fork 2" \
		>out </dev/null 3>&-
	told -f facts
}

@test "i386: its calls are marked as such, those of cltrace's own ABI are not" {
	need_actor32
	limited "$CLTRACE" -q -o trace "$ACTOR32" -o facts fork 2 >out </dev/null 3>&-
	has trace '^[0-9]+ \[i386\] (clone|fork)\('
	[ "$(grep -vcE '^[0-9]+ \[i386\] ' trace)" = 0 ]
	limited "$CLTRACE" -q -o trace "$ACTOR" -o facts fork 2 >out </dev/null 3>&-
	has trace '^[0-9]+ (clone|fork)\('
}
