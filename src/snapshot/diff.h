/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Two snapshots side by side. */
#ifndef SNAPSHOT_DIFF_H
#define SNAPSHOT_DIFF_H

#include <stdint.h>

#include "snapshot/findings.h"
#include "snapshot/snapshot.h"

struct text;

enum diff_what { DIFF_GONE, DIFF_NEW, DIFF_CHANGED };

enum diff_form {
	DIFF_NUMBER,
	DIFF_MASK,   /* a number whose bits count */
	DIFF_WORD,   /* the words */
	DIFF_ZOMBIE, /* 0 or 1: whether it is one */
	DIFF_SHARED, /* 0 or 1: whether it shares `what` with `with` */
};

/* What differs in a task. */
struct diff_change {
	enum diff_form form;
	const char *what; /* "parent", "mount namespace", "memory" ... */
	int64_t before, now;
	const char *before_word, *now_word;
	pid_t with;
};

struct diff_counts {
	size_t gone, come, changed;
};

struct diff_view {
	/* A task of one snapshot or, if it is in both and has changed, of the later one: its changes follow. */
	void (*task)(void *data, enum diff_what what, const struct snap_task *task);
	void (*change)(void *data, const struct diff_change *change);
	/* What was unusual in SNAPSHOT, and is not in the other one. */
	void (*finding)(void *data, enum diff_what what, const struct snapshot *snapshot,
			const struct finding *finding);
};

/* Reports to VIEW the tasks that are only in one of them, those that are in both and have changed, and the findings
 * that are only in one, in this order. A task is the same if its tid and its start are the same. Another state is not a
 * change, and what is not known in one of them is not compared. A finding is the same if its tasks are the same. */
void diff_walk(const struct snapshot *before, const struct snapshot *now, const struct diff_view *view, void *data,
	       struct diff_counts *ret);

/* Adds a line for each of them ("- ", "+ ", "~ "), and one with the counts. */
void snapshot_diff(struct text *text, const struct snapshot *before, const struct snapshot *now);

#endif
