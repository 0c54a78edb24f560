/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The resource limits of a task: /proc/TID/limits (proc_pid_limits(5)). */
#ifndef SOURCE_KERNEL_PROCFS_LIMITS_H
#define SOURCE_KERNEL_PROCFS_LIMITS_H

#include <stdint.h>
#include <sys/types.h>

/* The soft limit in the line NAME ("Max processes") of TID; UINT64_MAX: there is no limit. 0 or -errno. */
int proc_limit(pid_t tid, const char *name, uint64_t *ret);

#endif
