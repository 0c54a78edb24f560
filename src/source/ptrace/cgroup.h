/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What the descriptor of CLONE_INTO_CGROUP is, and where its cgroup stands. */
#ifndef SOURCE_PTRACE_CGROUP_H
#define SOURCE_PTRACE_CGROUP_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

#include "clone/facts.h"

/* Sets *RET to the FACT_CGROUP of TID's DESCRIPTOR. False: it cannot be looked at. */
bool cgroup_look(pid_t tid, int descriptor, struct fact *ret);

/* Puts into RET, SIZE bytes, the path of the directory that is TID's DESCRIPTOR below POINT, where we see a hierarchy
 * mounted: "/jobs". False: that is not below it, or TID has another view of the files. */
bool cgroup_below(pid_t tid, int descriptor, const char *point, char *ret, size_t size);

#endif
