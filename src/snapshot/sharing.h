/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Finds which tasks have the same object, by the order of objects that kcmp(2) shows: n log n questions, not n². */
#ifndef SNAPSHOT_SHARING_H
#define SNAPSHOT_SHARING_H

#include "snapshot/snapshot.h"

struct sharing_ask {
	/* How the objects of two tasks are ordered: *RET is below, at or above 0. Returns 0 or -errno: -EPERM, -ESRCH.
	 */
	int (*compare)(void *data, pid_t one, pid_t other, enum task_object object, int *ret);
	void *data;
	/* A task without the objects that a task can lack: a zombie of cltrace's own. A task that compares equal to it
	 * has no object either; kcmp(2) by itself would find two such tasks the same. A zombie does have signal
	 * handlers. */
	pid_t without;
	/* Calls WORK once for each PART below COUNT, in any order, perhaps in several threads at the same time, which
	 * call COMPARE. NULL: the parts are done one after the other. */
	void (*run)(size_t count, void (*work)(void *data, size_t part), void *data);
};

/* Fills in `object`, `asked` and `refused` of each task, and `gone` of those that end meanwhile. Tasks that change what
 * they share in the meantime do not spoil the answer about the others: each claim that two share is asked once more at
 * the end, and what does not hold is unknown. */
void sharing_find(struct snapshot *snapshot, const struct sharing_ask *ask);

#endif
