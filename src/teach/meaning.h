/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What each flag means where it is set and where it is not, in terms of the two tasks at hand, and where that stands.
 */
#ifndef TEACH_MEANING_H
#define TEACH_MEANING_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct request;

/* One sentence. $c is the new task, $m the task that made it (or that calls unshare or setns), $t the process of $m, $p
 * the new task's parent. */
struct meaning {
	uint64_t flag;
	bool set;		/* what it means that FLAG is set, or that it is not */
	uint64_t with, without; /* other flags that must be set, or must not be */
	unsigned calls;		/* bits 1 << enum call */
	const char *text;
	const char *source; /* a manual's section, a function of the kernel */
};

/* All of them, sorted by flag. */
const struct meaning *meaning_table(size_t *ret_count);

/* The sentence for FLAG, set or not, in REQUEST; NULL where there is nothing to say. */
const struct meaning *meaning_find(uint64_t flag, bool set, const struct request *request);

/* A misconception that REQUEST gives occasion to correct. */
struct correction {
	unsigned kinds;		/* bits 1 << enum kind; 0: any, and calls that make no task */
	uint64_t with, without; /* as above */
	unsigned calls;
	bool other_signal; /* only where the exit signal is not SIGCHLD */
	bool by_thread;	   /* only where a thread other than the leader calls */
	const char *half;  /* the misconception */
	const char *text;  /* what holds */
	const char *source;
};

const struct correction *correction_table(size_t *ret_count);

/* Whether CORRECTION has its place at REQUEST; BY_THREAD: the caller is a thread other than the leader. */
bool correction_fits(const struct correction *correction, const struct request *request, bool by_thread);

#endif
