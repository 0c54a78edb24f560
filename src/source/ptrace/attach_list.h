/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What the files that attach share: the list of the seized tasks. attach.c seizes, attach_infer.c infers how the tasks
 * were created, attach_why.c says why a process could not be seized. Nobody else includes it. */
#ifndef SOURCE_PTRACE_ATTACH_LIST_H
#define SOURCE_PTRACE_ATTACH_LIST_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>
#include <uthash.h>

#include "source/kernel/procfs/status.h"
#include "source/ptrace/attach.h"

struct attach_tid {
	pid_t tid;
	size_t index; /* in the list */
	bool parent;  /* of a process that is in the list, too */
	UT_hash_handle hh;
};

/* The entry of TID, or NULL. */
struct attach_tid *attach_entry(const struct attach *attach, pid_t tid);
bool attach_has(const struct attach *attach, pid_t tid);

/* Adds TID, whose STATUS has been read. The task is valid until the next call. */
struct follow_attached *attach_add(struct attach *attach, pid_t tid, const struct proc_status *status);

/* Removes the task INDEX. */
void attach_drop(struct attach *attach, size_t index);

/* Whether ERROR says that a process, or its entry in /proc, was not found. */
bool attach_is_absent(int error);

/* Says in one line why PID could not be seized, malloc'ed. STATUS NULL: it could not be read. */
char *attach_explain(pid_t pid, int error, const struct proc_status *status);

#endif
