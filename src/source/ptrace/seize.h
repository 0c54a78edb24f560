/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Seizes tasks, and does not wait for ever for a task whose process is in an exec. */
#ifndef SOURCE_PTRACE_SEIZE_H
#define SOURCE_PTRACE_SEIZE_H

#include <stdbool.h>
#include <sys/types.h>

#include "source/ptrace/sys.h"

/* seize() is called between these two. */
void seize_begin(void);
void seize_end(void);

/* Seizes TID. 0 or -errno. -EAGAIN: it takes long, because the task's process executes another program. The exec may
 * wait for the caller itself to reap the threads that it has killed and that are traced already. The task may or may
 * not have been seized. */
int seize(pid_t tid, const struct sys_options *options, bool exit_stop);

#endif
