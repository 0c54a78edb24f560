/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The checks of kernel/ptrace.c: ptrace_attach() and __ptrace_may_access(), of commoncap and of Yama, by /proc. */
#include "source/ptrace/maytrace.h"

#include <linux/capability.h>
#include <stdint.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "source/kernel/procfs/label.h"
#include "source/kernel/procfs/ns.h"
#include "source/kernel/procfs/path.h"
#include "source/kernel/procfs/status.h"

/* What is compared of a task. */
struct party {
	struct proc_status status;
	uint64_t ns[NAMESPACE_COUNT];
	bool may_all; /* CAP_SYS_PTRACE */
	bool dumpable;
};

static bool read_party(pid_t tid, struct party *ret)
{
	const struct proc_status *status = &ret->status;

	if (proc_status(tid, &ret->status) < 0 || !status_has(status, STATUS_UIDS) ||
	    !status_has(status, STATUS_GIDS) || !status_has(status, STATUS_PERMITTED) ||
	    !status_has(status, STATUS_EFFECTIVE))
		return false;
	ret->may_all = status->effective >> CAP_SYS_PTRACE & 1;
	/* the owner root shows nothing */
	ret->dumpable = !is_undumpable(tid) && status->uids[ID_EFFECTIVE] != 0;
	return proc_namespaces(tid, ret->ns);
}

bool is_undumpable(pid_t other)
{
	struct proc_status status;
	struct stat file;
	char path[PROC_PATH_SIZE];

	return !proc_status(other, &status) && !stat(proc_path(path, other, "status"), &file) &&
	       file.st_uid != status.uids[ID_EFFECTIVE];
}

static bool same_ids(const unsigned caller, const unsigned ids[ID_COUNT])
{
	return caller == ids[ID_REAL] && caller == ids[ID_EFFECTIVE] && caller == ids[ID_SAVED];
}

static bool is_descendant(const struct party *caller, const struct party *other)
{
	struct proc_status status = other->status;

	for (pid_t pid = status.ids.ppid; pid > 1 && pid != caller->status.ids.tgid; pid = status.ids.ppid)
		if (proc_status(pid, &status) < 0)
			return false;
	return status.ids.ppid == caller->status.ids.tgid;
}

/* security/yama/yama_lsm.c: yama_ptrace_access_check(). No file shows which process a task has named by PR_SET_PTRACER.
 */
static bool yama_allows(const struct party *caller, const struct party *other)
{
	uint64_t scope = 0;

	proc_sysctl("kernel/yama/ptrace_scope", &scope);
	return scope == 0 || (scope == 1 && is_descendant(caller, other)) || (scope <= 2 && caller->may_all);
}

bool may_trace(pid_t tid, pid_t other)
{
	struct party caller, target;

	if (!read_party(tid, &caller) || !read_party(other, &target) || target.status.tracer != getpid() ||
	    strchr("ZX", target.status.ids.state) || caller.status.ids.tgid == target.status.ids.tgid ||
	    !caller.ns[NAMESPACE_USER] || caller.ns[NAMESPACE_USER] != target.ns[NAMESPACE_USER] ||
	    !proc_is_unconfined(tid))
		return false;
	if (!caller.may_all && (!same_ids(caller.status.uids[ID_REAL], target.status.uids) ||
				!same_ids(caller.status.gids[ID_REAL], target.status.gids) || !target.dumpable ||
				target.status.permitted & ~caller.status.permitted))
		return false;
	return yama_allows(&caller, &target);
}
