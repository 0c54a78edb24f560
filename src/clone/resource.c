/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The table of resources, and the rules that decide what becomes of each. */
#include "clone/resource.h"

#include "base/array.h"
#include "clone/flags.h"
#include "clone/implied.h"
#include "clone/request.h"

/* clang-format off */
#define NAMESPACE_ROW(NAME, KEY, WORDS, FLAG, PLACE, TURN, CHECK, IOCTL, UNSHARE, SETNS, CHILDREN, PROCESS, SOURCE) \
	[RESOURCE_NS_##NAME] = \
		{ WORDS " namespace", FLAG, OUTCOME_NEW, OUTCOME_CALLERS, OUTCOME_##UNSHARE, OUTCOME_##SETNS, SOURCE },
/* clang-format on */

/* With its flag, the outcome of a resource in a new task is `set`, without it `clear`; `unshare` and `setns` are what
 * these calls do to their caller's resource. */
static const struct resource_row {
	const char *name;
	uint64_t flag;
	enum outcome set, clear, unshare, setns;
	const char *source;
} resource_rows[RESOURCE_COUNT] = {
	[RESOURCE_MEMORY] = { "memory", FLAG_VM, OUTCOME_SHARED, OUTCOME_COPIED_WRITE, OUTCOME_CALLERS, OUTCOME_CALLERS,
			      "kernel/fork.c, copy_mm(), dup_mmap()" },
	[RESOURCE_FILES] = { "descriptors", FLAG_FILES, OUTCOME_SHARED, OUTCOME_COPIED, OUTCOME_COPIED, OUTCOME_CALLERS,
			     "kernel/fork.c, copy_files(), unshare_fd()" },
	[RESOURCE_FS] = { "cwd and umask", FLAG_FS, OUTCOME_SHARED, OUTCOME_COPIED, OUTCOME_COPIED, OUTCOME_MOVED,
			  "kernel/fork.c, copy_fs(), unshare_fs()" },
	[RESOURCE_SIGHAND] = { "signal handlers", FLAG_SIGHAND, OUTCOME_SHARED, OUTCOME_COPIED, OUTCOME_CALLERS,
			       OUTCOME_CALLERS, "kernel/fork.c, copy_sighand()" },
	[RESOURCE_PENDING] = { "pending signals", FLAG_THREAD, OUTCOME_SHARED_OWN, OUTCOME_NEW, OUTCOME_CALLERS,
			       OUTCOME_CALLERS,
			       "kernel/fork.c, copy_process() (pending), copy_signal() (shared_pending)" },
	[RESOURCE_SYSVSEM] = { "semaphore undo", FLAG_SYSVSEM, OUTCOME_SHARED, OUTCOME_APART, OUTCOME_APART,
			       OUTCOME_APART, "ipc/sem.c, copy_semundo(), exit_sem()" },
	[RESOURCE_IO] = { "I/O context", FLAG_IO, OUTCOME_SHARED_ANY, OUTCOME_APART, OUTCOME_CALLERS, OUTCOME_CALLERS,
			  "block/blk-ioc.c, __copy_io()" },
	[RESOURCE_TLS] = { "TLS", FLAG_SETTLS, OUTCOME_NEW, OUTCOME_COPIED, OUTCOME_CALLERS, OUTCOME_CALLERS,
			   "arch/x86/kernel/process.c, copy_thread()" },
	[RESOURCE_STACK] = { "stack", 0, OUTCOME_NEW, OUTCOME_COPIED, OUTCOME_CALLERS,
			     OUTCOME_CALLERS, /* an argument decides */
			     "arch/x86/kernel/process.c, copy_thread()" },
	[RESOURCE_THREAD_GROUP] = { "thread group", FLAG_THREAD, OUTCOME_SHARED, OUTCOME_NEW, OUTCOME_CALLERS,
				    OUTCOME_CALLERS, "kernel/fork.c, copy_process() (group_leader, tgid)" },
	[RESOURCE_PARENT] = { "parent", FLAG_PARENT, OUTCOME_SHARED, OUTCOME_NEW, OUTCOME_CALLERS, OUTCOME_CALLERS,
			      "kernel/fork.c, copy_process() (real_parent)" },
	[RESOURCE_CGROUP] = { "cgroup", FLAG_INTO_CGROUP, OUTCOME_MOVED, OUTCOME_CALLERS, OUTCOME_CALLERS,
			      OUTCOME_CALLERS, "kernel/cgroup/cgroup.c, cgroup_css_set_fork()" },
	[RESOURCE_NNP] = { "no_new_privs", FLAG_NNP, OUTCOME_SET, OUTCOME_CALLERS, OUTCOME_CALLERS, OUTCOME_CALLERS,
			   "kernel/fork.c, copy_process() (clone: add CLONE_NNP)" },
	NAMESPACES(NAMESPACE_ROW)
};

static const char *const outcome_names[OUTCOME_COUNT] = {
	[OUTCOME_SHARED] = "shared",
	[OUTCOME_SHARED_EXEC] = "shared until exec",
	[OUTCOME_SHARED_OWN] = "shared, and own",
	[OUTCOME_SHARED_ANY] = "shared, if any",
	[OUTCOME_COPIED] = "copied",
	[OUTCOME_COPIED_WRITE] = "copied on write",
	[OUTCOME_RESET] = "reset",
	[OUTCOME_NEW] = "new",
	[OUTCOME_APART] = "not shared",
	[OUTCOME_NEW_CHILDREN] = "new for children",
	[OUTCOME_MOVED] = "moved",
	[OUTCOME_MOVED_CHILDREN] = "moved for children",
	[OUTCOME_SET] = "set",
	[OUTCOME_CALLERS] = "the caller's",
};

/* What decides about a new task's resources besides the flag of each. */
static void outcomes_of_child(const struct request *request, uint64_t flags, enum outcome outcomes[RESOURCE_COUNT])
{
	static const enum resource in_memory[] = { RESOURCE_MEMORY, RESOURCE_TLS, RESOURCE_STACK };
	/* Without arguments of their own, thread pointer and stack pointer are copied: into which memory? */
	const enum outcome beside = flags & FLAG_VM ? OUTCOME_SHARED : OUTCOME_COPIED;

	if (!(flags & FLAG_SETTLS))
		outcomes[RESOURCE_TLS] = beside;
	outcomes[RESOURCE_STACK] = request->have & REQUEST_STACK ? OUTCOME_NEW : beside;
	/* An exec in a thread ends the caller, so "until exec" would be misleading. */
	if ((flags & (FLAG_VM | FLAG_VFORK | FLAG_THREAD)) == (FLAG_VM | FLAG_VFORK))
		for (size_t i = 0; i < ARRAY_LENGTH(in_memory); i++)
			if (outcomes[in_memory[i]] == OUTCOME_SHARED)
				outcomes[in_memory[i]] = OUTCOME_SHARED_EXEC;
	if (flags & FLAG_CLEAR_SIGHAND && !(flags & FLAG_SIGHAND)) /* the kernel refuses both together */
		outcomes[RESOURCE_SIGHAND] = OUTCOME_RESET;
	if (flags & FLAG_THREAD)
		outcomes[RESOURCE_PARENT] = OUTCOME_SHARED;
	/* copy_namespaces() does not call timens_on_fork(): request_namespaces() */
	if (request->call == CALL_CLONE3 && (request->flags & (FLAG_NEWTIME | FLAG_VM)) == (FLAG_NEWTIME | FLAG_VM))
		outcomes[RESOURCE_NS_TIME] = OUTCOME_NEW_CHILDREN;
}

void resource_outcomes(const struct request *request, enum outcome ret_outcomes[RESOURCE_COUNT])
{
	const uint64_t flags = implied_flags(request);

	for (unsigned i = 0; i < RESOURCE_COUNT; i++) {
		const struct resource_row *row = &resource_rows[i];
		const int has = !!(flags & row->flag);

		if (request->call == CALL_UNSHARE)
			ret_outcomes[i] = has ? row->unshare : OUTCOME_CALLERS;
		else if (request->call == CALL_SETNS)
			ret_outcomes[i] = has ? row->setns : OUTCOME_CALLERS;
		else
			ret_outcomes[i] = has ? row->set : row->clear;
	}
	if (call_is_creation(request->call))
		outcomes_of_child(request, flags, ret_outcomes);
}

/* copy_pid_ns() uses pid_ns_for_children, which must be the caller's own if the task is a thread; timens_on_fork() is
 * not called under CLONE_VM. */
bool resource_is_for_children(const struct request *request, enum resource resource)
{
	const uint64_t without = resource == RESOURCE_NS_PID ? FLAG_THREAD : resource == RESOURCE_NS_TIME ? FLAG_VM : 0;

	return without && call_is_creation(request->call) && !(request->flags & without);
}

enum resource resource_of_namespace(enum namespace ns)
{
	static const enum resource resources[NAMESPACE_KINDS] = {
#define OF_KIND(NAME, ...) [NAMESPACE_##NAME] = RESOURCE_NS_##NAME,
		NAMESPACES(OF_KIND)
#undef OF_KIND
	};

	return resources[namespace_row(ns)->kind];
}

uint64_t resource_flag(enum resource resource)
{
	return resource_rows[resource].flag;
}

const char *resource_name(enum resource resource)
{
	return resource_rows[resource].name;
}

const char *resource_source(enum resource resource)
{
	return resource_rows[resource].source;
}

const char *outcome_name(enum outcome outcome)
{
	return outcome_names[outcome];
}
