/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Keeps the list of the seized tasks. */
#include "source/ptrace/attach_list.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"

struct attach_tid *attach_entry(const struct attach *attach, pid_t tid)
{
	struct attach_tid *entry;

	HASH_FIND_INT(attach->tids, &tid, entry);
	return entry;
}

bool attach_has(const struct attach *attach, pid_t tid)
{
	return attach_entry(attach, tid);
}

struct follow_attached *attach_add(struct attach *attach, pid_t tid, const struct proc_status *status)
{
	struct attach_tid *entry = mem_zalloc(1, sizeof(*entry));
	struct follow_attached *task;

	entry->tid = tid;
	entry->index = attach->count;
	HASH_ADD_INT(attach->tids, tid, entry);

	if (attach->count == attach->size) {
		attach->size = attach->size ? attach->size * 2 : 16;
		attach->tasks = mem_resize(attach->tasks, attach->size, sizeof(*attach->tasks));
	}
	task = &attach->tasks[attach->count++];
	*task = (struct follow_attached){ .tid = tid,
					  .tgid = status->ids.tgid,
					  .has_uid = true,
					  .uid = status->uids[ID_EFFECTIVE],
					  .ppid = status->ids.ppid,
					  .nspid = status->ids.depth > 1 ? status->ids.nspid : 0,
					  .all = status->ids.all };
	return task;
}

void attach_drop(struct attach *attach, size_t index)
{
	struct attach_tid *entry = attach_entry(attach, attach->tasks[index].tid);

	HASH_DEL(attach->tids, entry);
	free(entry);
	attach->count--;
	memmove(&attach->tasks[index], &attach->tasks[index + 1], (attach->count - index) * sizeof(*attach->tasks));
	for (size_t i = index; i < attach->count; i++)
		attach_entry(attach, attach->tasks[i].tid)->index = i;
}

void attach_done(struct attach *attach)
{
	struct attach_tid *entry, *next;

	HASH_ITER (hh, attach->tids, entry, next) {
		HASH_DEL(attach->tids, entry);
		free(entry);
	}
	for (size_t i = 0; i < attach->count; i++)
		free((char *)attach->tasks[i].command);
	free(attach->tasks);
	*attach = (struct attach){ 0 };
}

bool attach_is_absent(int error)
{
	return error == -ENOENT || error == -ESRCH;
}
