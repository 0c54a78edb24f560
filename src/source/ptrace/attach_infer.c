/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Infers how the seized tasks were created, from what they share. */
#include "source/ptrace/attach_list.h"

#include <stdlib.h>

#include "clone/flags.h"
#include "clone/object.h"
#include "source/kernel/kcmp.h"
#include "source/kernel/procfs/path.h"
#include "source/kernel/procfs/stat.h"
#include "source/kernel/procfs/tasks.h"

/* The memory is the first thing that an ending task gives back, of all that kcmp(2) compares (kernel/exit.c:
 * do_exit()). After that the task has no memory, as kcmp_has() shows. */
static bool is_ending(const struct kcmp *kcmp, pid_t tid)
{
	const int has = kcmp_has(kcmp, tid, OBJECT_MEMORY);

	return has < 0 ? proc_is_ending(tid) : !has;
}

/* The flags with which TID, or its creator, was created to share things with OTHER. Those in KNOWN are known to be
 * shared. */
static uint64_t shared_flags(const struct kcmp *kcmp, pid_t tid, pid_t other, uint64_t known)
{
	uint64_t flags = 0;

	for (unsigned i = 0; i < OBJECT_COUNT; i++) {
		const struct object_row *row = object_row(i);
		int order;

		if (!(known & row->flag) && !kcmp_order(tid, other, i, &order) && !order &&
		    (!row->optional || kcmp_has(kcmp, tid, i) == 1))
			flags |= row->flag;
	}
	return flags && (is_ending(kcmp, tid) || is_ending(kcmp, other)) ? 0 : flags;
}

static void infer_flags(const struct attach *attach, const struct kcmp *kcmp, struct follow_attached *task)
{
	const bool thread = task->tid != task->tgid;
	struct attach_tid *entry = attach_entry(attach, thread ? task->tgid : task->ppid);
	const struct follow_attached *beside = entry ? &attach->tasks[entry->index] : NULL;

	if (entry && !thread)
		entry->parent = true;
	if (thread) /* clone(2): THREAD needs SIGHAND, and that VM */
		task->inferred = FLAG_THREAD | FLAG_SIGHAND | FLAG_VM;
	if (beside && !beside->zombie && !task->zombie)
		task->inferred |= shared_flags(kcmp, task->tid, beside->tid, task->inferred);
}

/* Sets the parent thread of the seized children of each task of TASK's process. */
static void infer_children(struct attach *attach, const struct follow_attached *task)
{
	pid_t *children = NULL;
	const ssize_t n = proc_task_children(task->tgid, task->tid, &children);

	for (ssize_t i = 0; i < n; i++) {
		const struct attach_tid *child = attach_entry(attach, children[i]);

		if (child)
			attach->tasks[child->index].creator = task->tid;
	}
	free(children);
}

void attach_infer(struct attach *attach)
{
	struct kcmp *kcmp = attach->count > 1 && proc_is_ours() ? kcmp_new() : NULL;

	for (size_t i = 0; kcmp && i < attach->count; i++)
		infer_flags(attach, kcmp, &attach->tasks[i]);
	for (size_t i = 0; kcmp && i < attach->count; i++) {
		const struct attach_tid *leader = attach_entry(attach, attach->tasks[i].tgid);

		if (leader && leader->parent)
			infer_children(attach, &attach->tasks[i]);
	}
	kcmp_free(kcmp);
}
