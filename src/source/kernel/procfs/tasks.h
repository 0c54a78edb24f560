/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Which tasks there are: the threads of a process, its children, and all processes. */
#ifndef SOURCE_KERNEL_PROCFS_TASKS_H
#define SOURCE_KERNEL_PROCFS_TASKS_H

#include <stdbool.h>
#include <sys/types.h>

/* The numbers of all processes; of /proc/TGID/task; or the children of all its tasks (CONFIG_PROC_CHILDREN; else found
 * by every process's PPid). *RET is malloc'ed. Returns the count or -errno. */
ssize_t proc_processes(pid_t **ret);
ssize_t proc_tasks(pid_t tgid, pid_t **ret);
ssize_t proc_children(pid_t tgid, pid_t **ret);
bool proc_has_process(pid_t pid);
bool proc_has_thread(pid_t tgid, pid_t tid);
/* Those of the thread TID of TGID alone; -ENOENT without CONFIG_PROC_CHILDREN. */
ssize_t proc_task_children(pid_t tgid, pid_t tid, pid_t **ret);

/* How many children of the process of TID have ended, all their threads too, and have not been waited for. 0 or -errno
 * (-ENOENT: without CONFIG_PROC_CHILDREN, for it would take too long). */
int proc_unreaped(pid_t tid, unsigned *ret);

#endif
