/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Whether one task may trace another, as ptrace(2) says under "Ptrace access mode checking". */
#ifndef SOURCE_PTRACE_MAYTRACE_H
#define SOURCE_PTRACE_MAYTRACE_H

#include <stdbool.h>
#include <sys/types.h>

/* Whether TID could attach to OTHER, which cltrace traces, if cltrace did not. False: it could not, or that is not
 * certain: in another user namespace, or under a security module that has rules of its own. */
bool may_trace(pid_t tid, pid_t other);

/* Whether OTHER's process is certain not to be dumpable: its files in /proc are not its effective user's (proc(5);
 * fs/proc/base.c: task_dump_owner()). */
bool is_undumpable(pid_t other);

#endif
