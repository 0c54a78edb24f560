/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Asks the kernel what two tasks share (--verify). */
#ifndef SOURCE_PTRACE_ANSWERS_H
#define SOURCE_PTRACE_ANSWERS_H

#include <sys/types.h>

#include "clone/check.h"

struct kcmp;

/* Fills *RET about CREATOR and CHILD (or, for a call that creates no task, its caller and another task). `refused` has
 * the checks that are impossible; without a /proc of our pid namespace these are all checks. 0, or -ESRCH: one of them
 * is ending, so what it still has means nothing. */
int answers_ask(const struct kcmp *kcmp, pid_t creator, pid_t child, struct check_answers *ret);

/* Whether TID is in the namespaces of FD, its descriptor of a namespace or a process: those in FLAGS, which can be 0
 * for a namespace. If the process may be in another namespace by now, the check is in `refused`. 0 or -errno. */
int answers_entered(pid_t tid, int fd, uint64_t flags, struct check_answers *ret);

#endif
