/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The source that looks at the tasks of the machine once, without stopping any. */
#ifndef SOURCE_SNAPSHOT_SCAN_H
#define SOURCE_SNAPSHOT_SCAN_H

#include <stdbool.h>
#include <stddef.h>

#include "snapshot/snapshot.h"

struct scan_config {
	const pid_t *pids; /* these processes alone (a thread's tid stands for its process); none: all */
	size_t pid_count;
	bool descendants; /* and theirs */
};

/* Fills *RET, which snapshot_done() frees. Tasks that end while they are looked at are left out and counted: all that
 * is said of a task was true of one and the same. Processes that are asked for are looked at again when they changed
 * meanwhile (exec). 0, or -errno: -ENOENT where there is no /proc of our pid namespace.
 */
int scan(const struct scan_config *config, struct snapshot *ret);

#endif
