/* SPDX-License-Identifier: GPL-2.0-or-later */
/* How security modules label a task: /proc/TID/attr/current (proc_pid_attr(5)). */
#ifndef SOURCE_KERNEL_PROCFS_LABEL_H
#define SOURCE_KERNEL_PROCFS_LABEL_H

#include <stdbool.h>
#include <sys/types.h>

/* Whether no security module confines TID. */
bool proc_is_unconfined(pid_t tid);

#endif
