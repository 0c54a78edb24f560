/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Asks the kernel what two tasks share (--verify). */
#ifndef SOURCE_PTRACE_ANSWERS_H
#define SOURCE_PTRACE_ANSWERS_H

#include <sys/types.h>

#include "clone/check.h"

struct kcmp;

/* Fills *RET about CREATOR and CHILD (of a call that made none, its caller and another task). What cannot be asked is
 * in `refused`; without a /proc of our pid namespace that is all. 0, or -ESRCH: one of them is ending, and what it
 * still has says nothing. */
int answers_ask(const struct kcmp *kcmp, pid_t creator, pid_t child, struct check_answers *ret);

/* Whether TID is in the namespaces that FD, its descriptor of a namespace or a process, names: FLAGS of them, or for a
 * namespace 0. That a process which it names is in another one by now says nothing: that is in `refused`. 0 or
 * -errno. */
int answers_entered(pid_t tid, int fd, uint64_t flags, struct check_answers *ret);

#endif
