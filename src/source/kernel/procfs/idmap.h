/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Which users and groups a user namespace has: /proc/TID/uid_map and gid_map (user_namespaces(7)). */
#ifndef SOURCE_KERNEL_PROCFS_IDMAP_H
#define SOURCE_KERNEL_PROCFS_IDMAP_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

/* How the first column of a map counts, in the namespace, or the second, outside of it. */
enum idmap_side { IDMAP_INSIDE, IDMAP_OUTSIDE };

/* Whether the map NAME, "uid_map" or "gid_map", of TID has ID on SIDE. 1: it has, 0: it has not, or -errno. */
int proc_is_mapped(pid_t tid, const char *name, enum idmap_side side, uint64_t id);

#endif
