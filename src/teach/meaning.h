/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What each flag means if it is set and if it is not, in terms of the two tasks, and the source that says so. */
#ifndef TEACH_MEANING_H
#define TEACH_MEANING_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct request;

/* One sentence. $c is the new task, $m its creator (or the task that calls unshare or setns), $t the process of $m, $p
 * the new task's parent. */
struct meaning {
	uint64_t flag;
	bool set;		/* whether the sentence is about FLAG set, or not set */
	uint64_t with, without; /* other flags that must be set, or must not be */
	unsigned calls;		/* bits 1 << enum call */
	const char *text;
	const char *source; /* a section of a manual, a function of the kernel */
};

/* All of them, sorted by flag. */
const struct meaning *meaning_table(size_t *ret_count);

/* The sentence for FLAG, set or not, in REQUEST; NULL: there is nothing to say. */
const struct meaning *meaning_find(uint64_t flag, bool set, const struct request *request);

/* A misconception about a request. */
struct correction {
	unsigned kinds;		/* bits 1 << enum kind; 0: any, and calls that create no task */
	uint64_t with, without; /* as above */
	unsigned calls;
	bool other_signal; /* only if the exit signal is not SIGCHLD */
	bool by_thread;	   /* only if a thread other than the leader calls */
	const char *half;  /* the misconception */
	const char *text;  /* what is true */
	const char *source;
};

const struct correction *correction_table(size_t *ret_count);

/* Whether CORRECTION applies to REQUEST; BY_THREAD: the caller is a thread other than the leader. */
bool correction_fits(const struct correction *correction, const struct request *request, bool by_thread);

#endif
