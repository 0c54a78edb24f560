/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Creations without libc's hand in them: the flags that are given here are those that the kernel sees. */
#ifndef ACTOR_RAW_H
#define ACTOR_RAW_H

#include <stdint.h>
#include <sys/types.h>

/* struct clone_args as of Linux 5.7, with room for more. */
struct raw_clone_args {
	uint64_t flags, pidfd, child_tid, parent_tid, exit_signal, stack, stack_size, tls;
	uint64_t set_tid, set_tid_size;
	uint64_t cgroup;
	uint64_t beyond;
};
enum { RAW_SIZE_5_3 = 64, RAW_SIZE_5_5 = 80, RAW_SIZE_5_7 = 88 };

#if defined(__x86_64__) || defined(__i386__)
#define RAW_HAVE_STACK 1
#else
#define RAW_HAVE_STACK 0 /* scenes that need it skip */
#endif

/* All return what the kernel does: the child's tid, or -errno. */

/* The child, on a copy of the caller's stack, returns 0: not with CLONE_VM. */
long raw_clone(uint64_t flags, int *parent_tid, int *child_tid);
long raw_clone3(const struct raw_clone_args *args, size_t size);

/* The child runs RUN(DATA) on STACK (its lowest byte, SIZE bytes) and exits with what that returns. Without
 * CLONE_SETTLS it has its creator's TLS: RUN must keep away from errno and from what uses it. */
struct raw_task {
	int (*run)(void *data);
	void *data;
	void *stack;
	size_t size;
	int *parent_tid, *child_tid;
	void *tls; /* of raw_clone_on() on x86_64; raw_clone3_on() has it in its arguments */
};
long raw_clone_on(uint64_t flags, const struct raw_task *task);
long raw_clone3_on(struct raw_clone_args *args, size_t size, const struct raw_task *task);

/* 64-bit code asking through the 32-bit gate; x86_64 alone, -ENOSYS elsewhere or where the kernel has no such gate. */
long raw_int80_fork(void);
long raw_int80_clone(uint32_t flags);
/* The stack must lie below 4 GiB. */
long raw_int80_clone_on(uint32_t flags, const struct raw_task *task);

/* Waits until the kernel has cleared *WORD (CLONE_CHILD_CLEARTID). */
void raw_wait_cleared(int *word);

void *raw_stack(size_t size, int low); /* LOW: below 4 GiB */

#endif
