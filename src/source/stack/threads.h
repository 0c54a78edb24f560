/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What glibc knows of a thread, by libthread_db. */
#ifndef SOURCE_STACK_THREADS_H
#define SOURCE_STACK_THREADS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct threads;

/* How to read a process: libthread_db needs nothing else. */
struct threads_ops {
	/* The address of the C library's symbol NAME. */
	bool (*symbol)(void *data, const char *name, uint64_t *ret);
	bool (*read)(void *data, uint64_t address, void *to, size_t length);
};

/* NULL: the process has no threads of a glibc that our libthread_db knows, or this cltrace was built without
 * libthread_db. The result is valid for all processes with the same code in the same places. */
struct threads *threads_new(const struct threads_ops *ops, void *data);
void threads_free(struct threads *threads);

/* Sets *RET to the address of two words in the memory of PTHREAD: its start routine, and the routine's argument.
 * pthread_create() must be creating PTHREAD or have created it. */
bool threads_start(const struct threads *threads, uint64_t pthread, uint64_t *ret);

/* Whether PTHREAD has returned from its start routine, or called pthread_exit(3); it may have been joined since. */
bool threads_has_left(struct threads *threads, uint64_t pthread);

#endif
