/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The table of what can be asked, and which flag promises what. */
#include "clone/check.h"

#include <stddef.h>

#include "clone/flags.h"
#include "clone/request.h"
#include "clone/resource.h"

#define BIT(check) (UINT64_C(1) << (check))

/* How a flag decides about a new task. */
enum sense {
	SHARES, /* set: shared; clear: apart */
	PARTS,	/* set: apart; clear: shared */
	SILENT, /* no flag says */
};

static const struct row {
	uint64_t flags; /* one of them is enough */
	enum sense sense;
	enum resource resource;
	const char *name; /* NULL: the resource's */
	const char *key;
} rows[CHECK_COUNT] = {
	[CHECK_MEMORY] = { FLAG_VM, SHARES, RESOURCE_MEMORY, NULL, "memory" },
	[CHECK_FILES] = { FLAG_FILES, SHARES, RESOURCE_FILES, NULL, "files" },
	[CHECK_FS] = { FLAG_FS, SHARES, RESOURCE_FS, NULL, "fs" },
	[CHECK_SIGHAND] = { FLAG_SIGHAND, SHARES, RESOURCE_SIGHAND, NULL, "sighand" },
	[CHECK_SYSVSEM] = { FLAG_SYSVSEM, SHARES, RESOURCE_SYSVSEM, NULL, "sysvsem" },
	[CHECK_IO] = { FLAG_IO, SHARES, RESOURCE_IO, NULL, "io" },
	[CHECK_NS_CGROUP] = { FLAG_NEWCGROUP, PARTS, RESOURCE_NS_CGROUP, NULL, "cgroup_ns" },
	[CHECK_NS_IPC] = { FLAG_NEWIPC, PARTS, RESOURCE_NS_IPC, NULL, "ipc_ns" },
	[CHECK_NS_MNT] = { FLAG_NEWNS, PARTS, RESOURCE_NS_MNT, NULL, "mnt_ns" },
	[CHECK_NS_NET] = { FLAG_NEWNET, PARTS, RESOURCE_NS_NET, NULL, "net_ns" },
	[CHECK_NS_PID] = { FLAG_NEWPID, PARTS, RESOURCE_NS_PID, NULL, "pid_ns" },
	[CHECK_NS_TIME] = { FLAG_NEWTIME, PARTS, RESOURCE_NS_TIME, NULL, "time_ns" },
	[CHECK_NS_USER] = { FLAG_NEWUSER, PARTS, RESOURCE_NS_USER, NULL, "user_ns" },
	[CHECK_NS_UTS] = { FLAG_NEWUTS, PARTS, RESOURCE_NS_UTS, NULL, "uts_ns" },
	[CHECK_TGID] = { FLAG_THREAD, SHARES, RESOURCE_THREAD_GROUP, NULL, "tgid" },
	[CHECK_PPID] = { FLAG_THREAD | FLAG_PARENT, SHARES, RESOURCE_PARENT, NULL, "ppid" },
	[CHECK_NSPID] = { FLAG_NEWPID, PARTS, RESOURCE_NS_PID, "number of pids", "nspid" },
	[CHECK_NSTGID] = { FLAG_THREAD, SHARES, RESOURCE_THREAD_GROUP, "process's pid inside", "nstgid" },
	[CHECK_NS_PID_CHILDREN] = { 0, SILENT, RESOURCE_NS_PID, "pid namespace for children", "pid_for_children" },
	[CHECK_NS_TIME_CHILDREN] = { 0, SILENT, RESOURCE_NS_TIME, "time namespace for children", "time_for_children" },
};

/* unshare(2): what is its caller's own from then on. */
static const uint64_t unshare_parts = BIT(CHECK_FILES) | BIT(CHECK_FS) | BIT(CHECK_SYSVSEM) | BIT(CHECK_NS_CGROUP) |
				      BIT(CHECK_NS_IPC) | BIT(CHECK_NS_MNT) | BIT(CHECK_NS_NET) | BIT(CHECK_NS_USER) |
				      BIT(CHECK_NS_UTS);

static void expect_creation(uint64_t flags, struct check_masks *ret)
{
	for (unsigned i = 0; i < CHECK_COUNT; i++) {
		const struct row *row = &rows[i];

		if (row->sense == SILENT)
			continue;
		if (!(flags & row->flags) == (row->sense == PARTS))
			ret->shared |= BIT(i);
		else
			ret->apart |= BIT(i);
	}
}

static void expect_unshare(uint64_t flags, struct check_masks *ret)
{
	if (flags & FLAG_UNSHARE_EMPTY_MNTNS)
		flags |= FLAG_NEWNS;
	if (flags & (FLAG_NEWNS | FLAG_NEWUSER)) /* kernel/fork.c: ksys_unshare() */
		flags |= FLAG_FS;
	if (flags & FLAG_NEWIPC)
		flags |= FLAG_SYSVSEM;
	for (unsigned i = 0; i < CHECK_COUNT; i++) {
		if (unshare_parts & BIT(i) && flags & rows[i].flags)
			ret->apart |= BIT(i);
	}
	/* These are for the children to come. */
	ret->apart |= flags & FLAG_NEWPID ? BIT(CHECK_NS_PID_CHILDREN) : 0;
	ret->apart |= flags & FLAG_NEWTIME ? BIT(CHECK_NS_TIME_CHILDREN) : 0;
}

void check_expect(const struct request *request, struct check_masks *ret)
{
	*ret = (struct check_masks){ 0 };
	if (request->call == CALL_CLOSE_RANGE && request->args[2] & REQUEST_CLOSE_UNSHARE)
		ret->apart = BIT(CHECK_FILES);
	if (!(request->have & REQUEST_FLAGS))
		return;
	if (request->call == CALL_SETNS) /* kernel/nsproxy.c, commit_nsset(): exit_sem() */
		ret->apart = request->flags & FLAG_NEWIPC ? BIT(CHECK_SYSVSEM) : 0;
	else if (request->call == CALL_UNSHARE)
		expect_unshare(request->flags, ret);
	else if (call_is_creation(request->call))
		/* Of the namespace flags those in force: what NEWTIME means depends on the call. */
		expect_creation((request->flags & ~FLAG_NAMESPACES) | request_namespaces(request), ret);
}

uint64_t check_namespaces(void)
{
	return (BIT(CHECK_NS_UTS + 1) - BIT(CHECK_NS_CGROUP)) | BIT(CHECK_NS_PID_CHILDREN) |
	       BIT(CHECK_NS_TIME_CHILDREN);
}

void check_expect_exec(struct check_masks *ret)
{
	*ret = (struct check_masks){ .apart = BIT(CHECK_MEMORY) | BIT(CHECK_FILES) | BIT(CHECK_SIGHAND) };
}

uint64_t check_differences(const struct check_masks *expected, const struct check_answers *answers)
{
	return (expected->shared & (answers->apart | answers->neither)) | (expected->apart & answers->shared);
}

enum check_cause check_cause(enum check check, const struct check_answers *answers)
{
	const bool new_pids = answers->apart & BIT(CHECK_NS_PID) && answers->shared & BIT(CHECK_NS_PID_CHILDREN);

	if (check == CHECK_IO && answers->neither & BIT(CHECK_IO))
		return CAUSE_NO_IO_CONTEXT;
	if ((check == CHECK_NS_PID || check == CHECK_NSPID) && new_pids)
		return CAUSE_FOR_CHILDREN;
	if (check == CHECK_NS_TIME && answers->shared & BIT(CHECK_NS_TIME_CHILDREN))
		return CAUSE_FOR_CHILDREN;
	return CAUSE_UNKNOWN;
}

const char *check_name(enum check check)
{
	return rows[check].name ? rows[check].name : resource_name(rows[check].resource);
}

const char *check_key(enum check check)
{
	return rows[check].key;
}

const char *check_cause_explain(enum check_cause cause)
{
	static const char *const sentences[CAUSE_COUNT] = {
		[CAUSE_UNKNOWN] = "why is not known",
		[CAUSE_NO_IO_CONTEXT] =
			"the creator had no I/O context to share: the kernel makes one when it is first "
			"needed, and then for one task alone",
		[CAUSE_FOR_CHILDREN] = "the creator had put its children to come into another namespace, by unshare or "
				       "setns",
	};

	return sentences[(unsigned)cause < CAUSE_COUNT ? cause : CAUSE_UNKNOWN];
}

const char *check_cause_name(enum check_cause cause)
{
	static const char *const names[CAUSE_COUNT] = {
		[CAUSE_UNKNOWN] = "unknown",
		[CAUSE_NO_IO_CONTEXT] = "no-io-context",
		[CAUSE_FOR_CHILDREN] = "for-children",
	};

	return names[(unsigned)cause < CAUSE_COUNT ? cause : CAUSE_UNKNOWN];
}
