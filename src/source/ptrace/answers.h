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

#endif
