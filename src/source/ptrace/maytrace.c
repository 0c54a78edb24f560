/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The checks of kernel/ptrace.c: ptrace_attach() and __ptrace_may_access(), of commoncap and of Yama, by /proc. */
#include "source/ptrace/maytrace.h"

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "source/kernel/procfs/ns.h"
#include "source/kernel/procfs/path.h"
#include "source/kernel/procfs/status.h"

#define CAP_SYS_PTRACE_BIT 19 /* <linux/capability.h> */

/* What is compared of a task. */
struct party {
	struct proc_status status;
	uint64_t ns[NAMESPACE_COUNT];
	unsigned uids[4], gids[4]; /* real, effective, saved, of files */
	uint64_t permitted, effective;
	bool may_all; /* CAP_SYS_PTRACE */
	bool dumpable;
};

static bool read_ids(const char *status, const char *key, unsigned ret[4])
{
	const char *at = status_field(status, key);

	return at && sscanf(at, "%u %u %u %u", &ret[0], &ret[1], &ret[2], &ret[3]) == 4;
}

static bool read_party(pid_t tid, struct party *ret)
{
	char status[PROC_STATUS_SIZE];

	if (proc_status(tid, &ret->status) < 0 || proc_read(tid, "status", status, sizeof(status)) < 0 ||
	    !read_ids(status, "Uid", ret->uids) || !read_ids(status, "Gid", ret->gids) ||
	    !status_number(status, "CapPrm", 0, 16, &ret->permitted) ||
	    !status_number(status, "CapEff", 0, 16, &ret->effective))
		return false;
	ret->may_all = ret->effective >> CAP_SYS_PTRACE_BIT & 1;
	ret->dumpable = !is_undumpable(tid) && ret->status.euid != 0; /* root's shows nothing */
	return proc_namespaces(tid, ret->ns);
}

bool is_undumpable(pid_t other)
{
	struct proc_status status;
	struct stat file;
	char path[PROC_PATH_SIZE];

	return !proc_status(other, &status) && !stat(proc_path(path, other, "status"), &file) &&
	       file.st_uid != status.euid;
}

static bool same_ids(const unsigned caller, const unsigned ids[4])
{
	return caller == ids[0] && caller == ids[1] && caller == ids[2];
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

/* Whether no security module confines TID: "unconfined" is AppArmor's word, and what SELinux's begins with. */
static bool is_unconfined(pid_t tid)
{
	char label[256];
	const ssize_t n = proc_read(tid, "attr/current", label, sizeof(label));

	return n <= 0 || strncmp(label, "unconfined", 10) == 0;
}

bool may_trace(pid_t tid, pid_t other)
{
	struct party caller, target;

	if (!read_party(tid, &caller) || !read_party(other, &target) || target.status.tracer != getpid() ||
	    strchr("ZX", target.status.ids.state) || caller.status.ids.tgid == target.status.ids.tgid ||
	    !caller.ns[NAMESPACE_USER] || caller.ns[NAMESPACE_USER] != target.ns[NAMESPACE_USER] || !is_unconfined(tid))
		return false;
	if (!caller.may_all && (!same_ids(caller.uids[0], target.uids) || !same_ids(caller.gids[0], target.gids) ||
				!target.dumpable || target.permitted & ~caller.permitted))
		return false;
	return yama_allows(&caller, &target);
}
