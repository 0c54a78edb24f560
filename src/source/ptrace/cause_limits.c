/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Looks at limits and their use. */
#include "source/ptrace/cause.h"

#include <ctype.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "source/kernel/procfs/ns.h"
#include "source/kernel/procfs/path.h"
#include "source/kernel/procfs/status.h"
#include "source/kernel/procfs/tasks.h"

/* How many tasks the user UID has. A zombie counts for its user until it is waited for. */
static uint64_t count_tasks(uint64_t uid)
{
	char status[PROC_STATUS_SIZE];
	pid_t *pids = NULL;
	const ssize_t n = proc_processes(&pids);
	uint64_t count = 0;

	for (ssize_t i = 0; i < n; i++) {
		uint64_t owner, threads = 1;

		if (proc_read(pids[i], "status", status, sizeof(status)) <= 0 ||
		    !status_number(status, "Uid", 0, 10, &owner) || owner != uid)
			continue;
		status_number(status, "Threads", 0, 10, &threads);
		count += threads ? threads : 1;
	}
	free(pids);
	return count;
}

void look_nproc(struct look *look)
{
	static const char key[] = "Max processes";
	char limits[4096];
	uint64_t uid;
	const char *at;

	if (proc_read(look->tid, "limits", limits, sizeof(limits)) <= 0 ||
	    !status_number(look->status, "Uid", 0, 10, &uid))
		return;
	at = strstr(limits, key);
	if (!at)
		return;
	at += strlen(key);
	at += strspn(at, " ");
	look_add(look, FACT_NPROC, isdigit((unsigned char)*at) ? strtoull(at, NULL, 10) : FACT_UNLIMITED,
		 count_tasks(uid), uid);
}

static uint64_t tasks_of_machine(void)
{
	char loadavg[128];
	uint64_t tasks;

	if (proc_read_system("loadavg", loadavg, sizeof(loadavg)) <= 0 ||
	    sscanf(loadavg, "%*s %*s %*s %*u/%" SCNu64, &tasks) != 1)
		return FACT_UNKNOWN;
	return tasks;
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

/* These files show the reader's user namespace, whoever's /proc it is: those of another one cannot be read. */
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
