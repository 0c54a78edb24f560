#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
# The same for i386 programs: other call numbers and another order of arguments.
load common

setup_i386() {
	need_actor32
}

@test "i386: fork" { setup_i386 && play fork 3; }
@test "i386: vfork" { setup_i386 && play vfork && play vfork-exec && play vfork-nested; }
@test "i386: posix_spawn" { setup_i386 && play spawn; }
@test "i386: exec by a thread that is not the leader" { setup_i386 && play exec-thread 3; }
@test "i386: CLONE_PARENT and CLONE_UNTRACED" { setup_i386 && play clone-parent && play_filter untraced; }
@test "i386: exit signals" { setup_i386 && play exit-signals; }
@test "i386: threads" { setup_i386 && play threads 3 && play thread-creates && play thread-clone3; }
@test "i386: odd threads" { setup_i386 && play thread-exit-signal && play thread-vfork && play thread-codes; }
@test "i386: tasks that share all and are no threads" { setup_i386 && play sharing && play vfork-stack; }
# bats test_tags=memory
@test "i386: several threads create at once" { setup_i386 && play storm 4 50; }
@test "i386: a leader that exits first" { setup_i386 && play zombie-leader && play zombie-leader-exec; }
@test "i386: signals" { setup_i386 && play signals && play group-stop; }
# bats test_tags=user
@test "i386: refused creations" { setup_i386 && play refusals; }
@test "i386: clone3" { setup_i386 && play clone3 && play clone3-stack; }
@test "i386: sessions" { setup_i386 && play sessions; }
# bats test_tags=user
@test "i386: a program's own filter" { setup_i386 && play filter-trace && play filter-errno; }
# bats test_tags=user
@test "i386: pid namespaces" { setup_i386 && play unshare-pid && play clone-pid 2; }

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
