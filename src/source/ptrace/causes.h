/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Looks at what can explain a refused call: limits and their use, capabilities, namespaces, cgroups. It reads much of
 * /proc, so it is only for refusals. */
#ifndef SOURCE_PTRACE_CAUSES_H
#define SOURCE_PTRACE_CAUSES_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

#include "clone/facts.h"

struct text;

struct causes_wanted {
	unsigned facts;	     /* bits 1 << enum fact_what */
	uint64_t namespaces; /* for FACT_MAX_NAMESPACES: flags */
	int descriptor;	     /* for FACT_DESCRIPTOR and FACT_CGROUP; FACT_PIDS is about its cgroup; -1: none */
	bool own_filter;     /* the task has the tracer's seccomp filter, which is not counted */
};

/* Sets *RET to the wanted facts about TID that could be found. RET's cgroup is in CGROUP, and valid until that changes.
 */
void causes_look(pid_t tid, const struct causes_wanted *wanted, struct facts *ret, struct text *cgroup);

#endif
