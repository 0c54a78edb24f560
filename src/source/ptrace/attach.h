/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Seizes processes that run already, with all their threads, and says why if that is refused. */
#ifndef SOURCE_PTRACE_ATTACH_H
#define SOURCE_PTRACE_ATTACH_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

#include "follow/follow.h"
#include "source/ptrace/sys.h"

struct attach_tid;

/* The tasks that were seized: a process's leader before its threads, a parent before its children. */
struct attach {
	struct follow_attached *tasks;
	size_t count, size;
	struct attach_tid *tids; /* the same, by tid */
};

/* Seizes every task of the process PID (a tgid, or the tid of any of its threads), and lists the tasks again until none
 * is new. If a seized task creates a thread meanwhile, that is traced from its birth and is not listed here, because
 * its creator's event will come. With DESCENDANTS also its child processes and their descendants. It is not an error if
 * a process is seized already. Returns 0, or -errno with the reason and the remedy in *RET_WHY (malloc'ed, one line).
 */
int attach_process(struct attach *attach, pid_t pid, bool descendants, const struct sys_options *options,
		   char **ret_why);
/* Fills in the flags that created the seized tasks, if they are certain because of what a task shares with the leader
 * of its process, or a process with its parent. Only a flag of clone(2) leads to sharing. If something is not shared,
 * that shows nothing, because unshare(2) and exec(2) end sharing. Also fills in which thread of its parent each process
 * is the child of. */
void attach_infer(struct attach *attach);
void attach_done(struct attach *attach);

#endif
