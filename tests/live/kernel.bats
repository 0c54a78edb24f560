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

@test "kernel: processes, vfork, and leaders that exit first" {
	local scene
	for scene in "tree 4" spawn shell clone-parent exit-signals zombie-leader zombie-leader-quiet \
		vfork vfork-exec vfork-killed vfork-nested vfork-stack; do
		# shellcheck disable=SC2086 # several words
		both $scene
	done
}

@test "kernel: threads, odd ones too, exec by a thread, and several that create at once" {
	local scene
	for scene in "threads 20" "crowd 100" c11 thread-creates fork-thread thread-exit-signal thread-vfork \
		thread-clone3 sharing "exec-thread 5" "exec-race 8" zombie-leader-exec "storm 8 200"; do
		# shellcheck disable=SC2086 # several words
		both $scene
	done
}

@test "kernel: int 0x80" { both int80; }
@test "kernel: CLONE_UNTRACED, with the filter; refusals" {
	kernel_play -- untraced
	kernel_play -- thread-untraced
	both refusals
	both clone3
}
@test "kernel: namespaces" { both unshare-pid; both clone-pid 3; both namespaces; both setns; }

# bats test_tags=memory
@test "kernel: creators killed at once, nothing is missing or without its flags" {
	both --lost killed-creators 50 4
}

@test "kernel: i386, creators killed at once too" {
	need_actor32
	both thread-creates
	both sharing
	both clone3
	both tree 3
	both --lost killed-creators 20 4
}
