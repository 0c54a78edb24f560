/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Reads /proc/loadavg. */
#include "source/kernel/procfs/loadavg.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>

#include "source/kernel/procfs/path.h"

/* The fourth field is "RUNNING/TASKS". */
int proc_loadavg(struct proc_loadavg *ret)
{
	char line[128];
	const ssize_t n = proc_read_system("loadavg", line, sizeof(line));

	if (n < 0)
		return (int)n;
	return sscanf(line, "%*s %*s %*s %u/%" SCNu64, &ret->running, &ret->tasks) == 2 ? 0 : -EINVAL;
}
