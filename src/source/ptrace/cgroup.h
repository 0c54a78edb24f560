/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What the descriptor of CLONE_INTO_CGROUP is, where its cgroup is, and which pids.max is the closest. */
#ifndef SOURCE_PTRACE_CGROUP_H
#define SOURCE_PTRACE_CGROUP_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

#include "clone/facts.h"

struct text;

/* Sets *RET to the FACT_CGROUP of TID's DESCRIPTOR. False: it cannot be looked at. */
bool cgroup_look(pid_t tid, int descriptor, struct fact *ret);

/* Writes to RET, SIZE bytes, the path of TID's DESCRIPTOR, a directory, below POINT, where cltrace sees a hierarchy
 * mounted: "/jobs". False: the directory is not below POINT, or TID has another view of the files. */
bool cgroup_below(pid_t tid, int descriptor, const char *point, char *ret, size_t size);

/* The value and use of the pids.max that is closest to being reached, among the cgroup at ROOT/PATH and those above it
 * up to ROOT; its path is in CGROUP. False: no such file can be read. */
bool cgroup_pids(const char *root, const char *path, struct fact *ret, struct text *cgroup);

#endif
