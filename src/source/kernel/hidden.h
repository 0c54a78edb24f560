/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Processes that exist although /proc does not show them (proc(5): hidepid). */
#ifndef SOURCE_KERNEL_HIDDEN_H
#define SOURCE_KERNEL_HIDDEN_H

#include <stdbool.h>
#include <sys/types.h>

/* Whether kill(2) finds a process, or a thread, PID. */
bool hidden_exists(pid_t pid);

/* Whether /proc hides the processes of other users from us. */
bool hidden_others(void);

/* Whether /proc hides PID, which exists, from us. One failed lookup is not a proof: while a thread that is not the
 * leader executes a program, it takes the leader's tid, and a lookup in /proc may find the old leader and fail
 * (fs/exec.c: de_thread()). */
bool hidden_from_us(pid_t pid);

/* Whether we have CAP_SYS_PTRACE in our user namespace. */
bool hidden_may_trace(void);

#endif
