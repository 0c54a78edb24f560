/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What the files that look at the causes of refused calls share: causes.c has the table of looks, cause_caller.c,
 * cause_limits.c and cgroup.c have the looks. Nobody else includes it. */
#ifndef SOURCE_PTRACE_CAUSE_H
#define SOURCE_PTRACE_CAUSE_H

#include <stdint.h>

#include "source/kernel/procfs/status.h"
#include "source/ptrace/causes.h"

struct look {
	pid_t tid;
	const struct causes_wanted *wanted;
	struct facts *facts;
	struct text *cgroup;
	struct proc_status status;
};

/* Adds a fact that a look has found. */
void look_add(struct look *look, enum fact_what what, uint64_t value, uint64_t use, uint64_t id);

/* Each adds the facts of one kind, as far as they can be found. */
void look_threads(struct look *look);
void look_capabilities(struct look *look);
void look_user_ns(struct look *look);
void look_pid_ns(struct look *look);
void look_pid_depth(struct look *look);
void look_root(struct look *look);
void look_mapped(struct look *look);
void look_userns_policy(struct look *look);
void look_namespaces(struct look *look);
void look_seccomp(struct look *look);
void look_descriptor(struct look *look);
void look_nproc(struct look *look);
void look_threads_max(struct look *look);
void look_pid_max(struct look *look);
void look_max_namespaces(struct look *look);
void look_pids(struct look *look);
void look_cgroup(struct look *look);

#endif
