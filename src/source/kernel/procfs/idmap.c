/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Reads the maps of user namespaces. */
#include "source/kernel/procfs/idmap.h"

#include <inttypes.h>
#include <stdio.h>

#include "source/kernel/procfs/path.h"

/* Three columns: the first number inside, the first one outside, how many. */
int proc_is_mapped(pid_t tid, const char *name, enum idmap_side side, uint64_t id)
{
	uint64_t first[2], count;
	char map[16384]; /* 340 lines at most (UID_GID_MAP_MAX_EXTENTS) */
	int length;
	const ssize_t n = proc_read(tid, name, map, sizeof(map));

	if (n < 0)
		return (int)n;
	for (const char *at = map;
	     sscanf(at, "%" SCNu64 "%" SCNu64 "%" SCNu64 "%n", &first[0], &first[1], &count, &length) == 3;
	     at += length) {
		if (id >= first[side == IDMAP_OUTSIDE] && id - first[side == IDMAP_OUTSIDE] < count)
			return 1;
	}
	return 0;
}
