/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Which users and groups a user namespace has, and whether its groups may be set: /proc/TID/uid_map, gid_map and
 * setgroups (user_namespaces(7)). */
#ifndef SOURCE_KERNEL_PROCFS_IDMAP_H
#define SOURCE_KERNEL_PROCFS_IDMAP_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

/* How the first column of a map counts, in the namespace, or the second, outside of it. */
enum idmap_side { IDMAP_INSIDE, IDMAP_OUTSIDE };

/* A line of a map: COUNT numbers from INSIDE on are those from OUTSIDE on. */
struct idmap {
	uint64_t inside, outside, count;
};

/* The first line of the map NAME of TID. 0 or -errno; -ENODATA: the map has no line. */
int proc_first_mapped(pid_t tid, const char *name, struct idmap *ret);

/* Whether the map NAME, "uid_map" or "gid_map", of TID has ID on SIDE. 1: it has, 0: it has not, or -errno. */
int proc_is_mapped(pid_t tid, const char *name, enum idmap_side side, uint64_t id);

/* Whether the user namespace of TID permits setgroups(2): one that an ordinary user has made may not, because a group
 * may forbid something. True if that is not known. */
bool proc_may_set_groups(pid_t tid);

#endif
