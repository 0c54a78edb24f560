/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The call that a task is in: /proc/TID/syscall (proc_pid_syscall(5)). */
#ifndef SOURCE_KERNEL_PROCFS_CALL_H
#define SOURCE_KERNEL_PROCFS_CALL_H

#include <sys/types.h>

#include "follow/stop.h"

/* Sets the number, the arguments and the stack pointer, for any ABI. PTRACE_GET_SYSCALL_INFO is some twenty times
 * faster. Returns 0, or -errno: -EINVAL if TID runs, or is not in a call. */
int proc_call(pid_t tid, struct stop_call *ret);

#endif
