/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Seizes processes that run already, with all their threads, and says why where that is refused. */
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

/* Seizes every task of the process that PID (a tgid, or the tid of any of its threads) is, listing them again until
 * none is new: a thread born meanwhile to one that is seized is traced from its birth and is not listed here; its
 * creator's event will show. With DESCENDANTS its children's processes too. A process that is seized already is no
 * error. Returns 0, or -errno with the reason and the remedy in *RET_WHY (malloc'ed, one line). */
int attach_process(struct attach *attach, pid_t pid, bool descendants, const struct sys_options *options,
		   char **ret_why);
/* Fills in what made the tasks that were seized, where what they share with the leader of their process, or a process
 * with its parent, leaves no doubt: sharing comes by a flag of clone(2) and by nothing else; that something is not
 * shared shows nothing, because unshare(2) and exec(2) end sharing. And whose child each process is, among the threads
 * of its parent. */
void attach_infer(struct attach *attach);
void attach_done(struct attach *attach);

#endif
