/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Looks at limits and their use. */
#include "source/ptrace/cause.h"

#include <stdio.h>
#include <stdlib.h>

#include "source/kernel/procfs/limits.h"
#include "source/kernel/procfs/loadavg.h"
#include "source/kernel/procfs/ns.h"
#include "source/kernel/procfs/path.h"
#include "source/kernel/procfs/status.h"
#include "source/kernel/procfs/tasks.h"

/* How many tasks the user UID has. A zombie counts for its user until it is waited for. */
static uint64_t count_tasks(uid_t uid)
{
	struct proc_status status;
	pid_t *pids = NULL;
	const ssize_t n = proc_processes(&pids);
	uint64_t count = 0;

	for (ssize_t i = 0; i < n; i++) {
		if (!proc_status(pids[i], &status) && status_has(&status, STATUS_UIDS) && status.uids[ID_REAL] == uid)
			count += status.threads ? status.threads : 1;
	}
	free(pids);
	return count;
}

void look_nproc(struct look *look)
{
	const uid_t uid = look->status.uids[ID_REAL];
	uint64_t limit;

	if (status_has(&look->status, STATUS_UIDS) && !proc_limit(look->tid, "Max processes", &limit))
		look_add(look, FACT_NPROC, limit == UINT64_MAX ? FACT_UNLIMITED : limit, count_tasks(uid), uid);
}

static uint64_t tasks_of_machine(void)
{
	struct proc_loadavg load;

	return proc_loadavg(&load) ? FACT_UNKNOWN : load.tasks;
}

void look_threads_max(struct look *look)
{
	uint64_t value;

	if (proc_sysctl("kernel/threads-max", &value))
		look_add(look, FACT_THREADS_MAX, value, tasks_of_machine(), 0);
}

void look_pid_max(struct look *look)
{
	uint64_t value;

	if (proc_sysctl("kernel/pid_max", &value))
		look_add(look, FACT_PID_MAX, value, tasks_of_machine(), 0);
}

/* These files always show the reader's user namespace, so the limits of another one cannot be read. */
void look_max_namespaces(struct look *look)
{
	uint64_t value;

	if (proc_namespace(look->tid, NAMESPACE_USER) != proc_namespace(PROC_SELF, NAMESPACE_USER))
		return;
	for (unsigned i = 0; i < NAMESPACE_KINDS; i++) {
		const struct namespace_row *ns = namespace_in_turn(i);

		char name[64];

		snprintf(name, sizeof(name), "user/%s", ns->limit);
		if (look->wanted->namespaces & ns->flag && proc_sysctl(name, &value))
			look_add(look, FACT_MAX_NAMESPACES, value, FACT_UNKNOWN, ns->flag);
	}
}
