/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The table of looks, by the facts that rules ask for. */
#include "source/ptrace/causes.h"

#include <stdio.h>
#include <sys/utsname.h>

#include "base/text.h"
#include "source/kernel/procfs/path.h"
#include "source/ptrace/cause.h"

void look_add(struct look *look, enum fact_what what, uint64_t value, uint64_t use, uint64_t id)
{
	facts_add(look->facts, &(struct fact){ what, value, use, id });
}

static void look_kernel(struct look *look)
{
	struct utsname host;
	unsigned major, minor;

	if (uname(&host) == 0 && sscanf(host.release, "%u.%u", &major, &minor) == 2)
		look_add(look, FACT_KERNEL, major, minor, 0);
}

void causes_look(pid_t tid, const struct causes_wanted *wanted, struct facts *ret, struct text *cgroup)
{
	static void (*const looks[FACT_COUNT])(struct look * look) = {
		[FACT_KERNEL] = look_kernel,
		[FACT_THREADS] = look_threads,
		[FACT_CAPABILITIES] = look_capabilities,
		[FACT_USER_NS] = look_user_ns,
		[FACT_PID_NS] = look_pid_ns,
		[FACT_PID_DEPTH] = look_pid_depth,
		[FACT_ROOT] = look_root,
		[FACT_MAPPED] = look_mapped,
		[FACT_USERNS_POLICY] = look_userns_policy,
		[FACT_NAMESPACES] = look_namespaces,
		[FACT_SECCOMP] = look_seccomp,
		[FACT_NPROC] = look_nproc,
		[FACT_PIDS] = look_pids,
		[FACT_THREADS_MAX] = look_threads_max,
		[FACT_PID_MAX] = look_pid_max,
		[FACT_MAX_NAMESPACES] = look_max_namespaces,
		[FACT_CGROUP] = look_cgroup,
		[FACT_DESCRIPTOR] = look_descriptor,
	};
	struct look look = { .tid = tid, .wanted = wanted, .facts = ret, .cgroup = cgroup };

	*ret = (struct facts){ 0 };
	text_clear(cgroup);
	if (!proc_is_ours())
		return; /* what could be read would be about other tasks */
	proc_status(tid, &look.status);
	for (unsigned what = 0; what < FACT_COUNT; what++)
		if (wanted->facts & 1U << what)
			looks[what](&look);
}
