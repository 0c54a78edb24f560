/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The source that looks once at the tasks of the machine, without stopping any. */
#ifndef SOURCE_SNAPSHOT_SCAN_H
#define SOURCE_SNAPSHOT_SCAN_H

#include <stdbool.h>
#include <stddef.h>

#include "snapshot/snapshot.h"

struct scan_config {
	const pid_t *pids; /* only these processes (a thread's tid means its process); none: all */
	size_t pid_count;
	bool descendants; /* and their descendants */
};

/* Fills *RET, which snapshot_done() frees. Tasks that end while they are looked at are left out and counted: everything
 * in the snapshot about a task was true of the same task. Wanted processes are looked at again if they changed
 * meanwhile (exec). 0, or -errno: -ENOENT: there is no /proc of our pid namespace. */
int scan(const struct scan_config *config, struct snapshot *ret);

#endif
