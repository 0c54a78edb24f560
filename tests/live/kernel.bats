#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
# The list of creations is the kernel's own: who made whom, with which flags, nothing more and nothing less.
load common

both() {
	local lost=()
	if [ "$1" = --lost ]; then
		lost=(--lost)
		shift
	fi
	kernel_play "${lost[@]}" -- "$@"
	kernel_play "${lost[@]}" --seccomp=no -- "$@"
}

@test "kernel: processes" { both tree 4; both spawn; both shell; both clone-parent; both exit-signals; }
@test "kernel: vfork" { both vfork; both vfork-exec; both vfork-killed; both vfork-nested; both vfork-stack; }
@test "kernel: threads" { both threads 20; both crowd 100; both c11; both thread-creates; both fork-thread; }
@test "kernel: odd threads" { both thread-exit-signal; both thread-vfork; both thread-clone3; both sharing; }
@test "kernel: exec by a thread" { both exec-thread 5; both exec-race 8; both zombie-leader-exec; }
@test "kernel: leaders that exit first" { both zombie-leader; both zombie-leader-quiet; }
@test "kernel: int 0x80" { both int80; }
@test "kernel: i386" { need_actor32; both thread-creates; both sharing; both clone3; both tree 3; }
@test "kernel: CLONE_UNTRACED, with the filter" { kernel_play -- untraced; kernel_play -- thread-untraced; }
@test "kernel: refusals" { both refusals; both clone3; }
@test "kernel: namespaces" { both unshare-pid; both clone-pid 3; both namespaces; both setns; }
@test "kernel: several threads create at once" { both storm 8 200; }

# bats test_tags=memory
@test "kernel: creators killed at once, nothing is missing or without its flags" {
	both --lost killed-creators 50 4
}

@test "kernel: creators killed at once, i386" {
	need_actor32
	both --lost killed-creators 20 4
}
