/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Which library call a request looks like. An inference from the flags: say "looks like", never "is". */
#ifndef CLONE_FINGERPRINT_H
#define CLONE_FINGERPRINT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct request;

/* A request that a library call is known to make. It fits if everything is the same, including each bit of the flags.
 * Pointers are not compared, except whether the call passes a stack: this distinguishes posix_spawn() (a function runs)
 * from vfork() (the caller's code continues). */
struct fingerprint {
	const char *name;    /* "pthread_create()" */
	const char *library; /* "glibc 2.34 and newer" */
	const char *also;    /* other functions that make this request by calling it; or NULL */
	unsigned calls;	     /* bits 1 << enum call */
	uint64_t flags;
	unsigned signal_low, signal_high;
	bool stack;
	const char *source;
};

const struct fingerprint *fingerprint_table(size_t *ret_count);

/* The row that REQUEST fits, or NULL. */
const struct fingerprint *fingerprint_row(const struct request *request);

/* Its name: "fork()", "pthread_create()", "posix_spawn()", "vfork()", "a goroutine's thread (Go)", "a LinuxThreads
 * pthread", ... or NULL: cltrace does not know the request. Static. */
const char *fingerprint_find(const struct request *request);

/* What the new task's first exec, of COMMAND, or its setsid() adds to LOOKS_LIKE (of fingerprint_find(), or NULL):
 * "system() or popen()", "daemon() or forkpty()"; NULL when nothing. */
const char *fingerprint_after_exec(const char *looks_like, const char *command);
const char *fingerprint_after_setsid(const char *looks_like);

#endif
