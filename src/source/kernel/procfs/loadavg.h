/* SPDX-License-Identifier: GPL-2.0-or-later */
/* How many tasks there are: /proc/loadavg (proc_loadavg(5)). */
#ifndef SOURCE_KERNEL_PROCFS_LOADAVG_H
#define SOURCE_KERNEL_PROCFS_LOADAVG_H

#include <stdint.h>

struct proc_loadavg {
	unsigned running; /* on a processor, or ready to run (kernel/sched/core.c: nr_running()) */
	uint64_t tasks;	  /* all */
};

/* 0 or -errno. The file is not kept open, because the program could not unmount /proc then. */
int proc_loadavg(struct proc_loadavg *ret);

#endif
