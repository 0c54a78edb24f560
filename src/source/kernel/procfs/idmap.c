/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Reads the maps of user namespaces. */
#include "source/kernel/procfs/idmap.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "source/kernel/procfs/path.h"

/* Three columns: the first number inside, the first one outside, how many. *AT is behind the line then. */
static bool next_line(const char **at, struct idmap *ret)
{
	int length;

	if (sscanf(*at, "%" SCNu64 "%" SCNu64 "%" SCNu64 "%n", &ret->inside, &ret->outside, &ret->count, &length) != 3)
		return false;
	*at += length;
	return true;
}

int proc_first_mapped(pid_t tid, const char *name, struct idmap *ret)
{
	char map[64];
	const char *at = map;
	const ssize_t n = proc_read(tid, name, map, sizeof(map));

	if (n < 0)
		return (int)n;
	return next_line(&at, ret) ? 0 : -ENODATA;
}

int proc_is_mapped(pid_t tid, const char *name, enum idmap_side side, uint64_t id)
{
	char map[16384]; /* 340 lines at most (UID_GID_MAP_MAX_EXTENTS) */
	const char *at = map;
	struct idmap line;
	const ssize_t n = proc_read(tid, name, map, sizeof(map));

	if (n < 0)
		return (int)n;
	while (next_line(&at, &line)) {
		const uint64_t first = side == IDMAP_OUTSIDE ? line.outside : line.inside;

		if (id >= first && id - first < line.count)
			return 1;
	}
	return 0;
}

bool proc_may_set_groups(pid_t tid)
{
	char word[8];

	return proc_read(tid, "setgroups", word, sizeof(word)) < 0 || strncmp(word, "deny", 4) != 0;
}
