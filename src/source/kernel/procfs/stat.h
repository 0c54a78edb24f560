/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What /proc/TID/stat says of a task, and whether the task lives (proc_pid_stat(5)). */
#ifndef SOURCE_KERNEL_PROCFS_STAT_H
#define SOURCE_KERNEL_PROCFS_STAT_H

#include <stdbool.h>
#include <sys/types.h>

#include "follow/stop.h"

/* include/linux/sched.h; they are among what /proc/TID/stat shows of a task's flags */
#define PF_EXITING 0x4
#define PF_IO_WORKER 0x10
#define PF_KTHREAD 0x200000

struct proc_stat {
	char state;
	pid_t ppid;
	unsigned flags, nlwp;
	int nice, priority, policy;
	unsigned long long start; /* clock ticks since boot */
};

/* The thread TID of TGID. 0 or -errno. */
int proc_stat(pid_t tgid, pid_t tid, struct proc_stat *ret);

/* Whether TID lives. One that runs may be on its way out, which shows late (kernel/exit.c: do_exit() sets PF_EXITING
 * after PTRACE_EVENT_EXIT); so may one that is stopped for its tracer. */
enum stop_life proc_life(pid_t tid);

/* Whether TID is on its way out, ended or gone: what it has then is being given back (PF_EXITING). */
bool proc_is_ending(pid_t tid);

/* Whether the thread TID of TGID is a worker of io_uring's: the kernel has made it, and ptrace(2) must leave it alone.
 * It can be seized, but each stop makes the operation fail that it is at. */
bool proc_is_worker(pid_t tgid, pid_t tid);

/* How many such workers the process of TID has: not looked for if it has no more than KNOWN threads. IS_KNOWN says
 * those. 0 or -errno. */
int proc_workers(pid_t tid, unsigned known, bool (*is_known)(const void *data, pid_t tid), const void *data,
		 unsigned *ret);

#endif
