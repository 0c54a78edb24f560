/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What becomes of each of the caller's resources: shared, copied, new in a new task, moved by unshare and setns. */
#ifndef CLONE_RESOURCE_H
#define CLONE_RESOURCE_H

#include <stdbool.h>
#include <stdint.h>

#include "clone/namespace.h"

struct request;

enum resource {
	RESOURCE_MEMORY,
	RESOURCE_FILES,
	RESOURCE_FS,
	RESOURCE_SIGHAND,
	RESOURCE_PENDING,
	RESOURCE_SYSVSEM,
	RESOURCE_IO,
	RESOURCE_TLS,
	RESOURCE_STACK,
	RESOURCE_THREAD_GROUP,
	RESOURCE_PARENT,
	RESOURCE_NS, /* the first of the namespaces, which are in the order of their places */
#define RESOURCE_OF_NAMESPACE(NAME, KEY, WORDS, FLAG, PLACE, ...) RESOURCE_NS_##NAME = RESOURCE_NS + (PLACE),
	NAMESPACES(RESOURCE_OF_NAMESPACE)
#undef RESOURCE_OF_NAMESPACE
		RESOURCE_NS_LAST = RESOURCE_NS + NAMESPACE_KINDS - 1,
	RESOURCE_CGROUP, /* the cgroup itself, not its namespace */
	RESOURCE_NNP,	 /* no_new_privs */
	RESOURCE_COUNT
};

enum outcome {
	OUTCOME_SHARED,		/* one object: each task sees what the other changes */
	OUTCOME_SHARED_EXEC,	/* under VM|VFORK: shared until exec or exit */
	OUTCOME_SHARED_OWN,	/* pending signals of a thread: the process's, and a set of its own */
	OUTCOME_SHARED_ANY,	/* shared if the creator has one; --verify reports it if the creator has none */
	OUTCOME_COPIED,		/* its own copy: neither task sees what the other changes */
	OUTCOME_COPIED_WRITE,	/* memory: copied when either writes */
	OUTCOME_RESET,		/* signal handlers under CLEAR_SIGHAND: its own table, handlers back to the default */
	OUTCOME_NEW,		/* a new one */
	OUTCOME_APART,		/* one of its own as soon as it needs one, perhaps none before */
	OUTCOME_NEW_CHILDREN,	/* of a namespace: new for future children only */
	OUTCOME_MOVED,		/* the caller, or with INTO_CGROUP the child, is in another one */
	OUTCOME_MOVED_CHILDREN, /* setns to a pid namespace: future children only */
	OUTCOME_SET,		/* no_new_privs under NNP */
	OUTCOME_CALLERS,	/* as the caller's, which need not be said */
	OUTCOME_COUNT
};

_Static_assert(OUTCOME_COUNT <= 32, "masks have a bit 1 << enum outcome");

/* Fills RET_OUTCOMES for the task that REQUEST creates or, for unshare and setns, for its caller; the flags must be
 * known. RESOURCE_PARENT is OUTCOME_SHARED under CLONE_PARENT or CLONE_THREAD (the caller's parent) and OUTCOME_NEW
 * otherwise (the caller). RESOURCE_TLS and RESOURCE_STACK are OUTCOME_NEW if the call sets one; else they have the
 * outcome of the memory. A setns without flags shows nothing, so all are OUTCOME_CALLERS. */
void resource_outcomes(const struct request *request, enum outcome ret_outcomes[RESOURCE_COUNT]);

/* Whether the OUTCOME_CALLERS of RESOURCE, a namespace, means that of the caller's future children. After unshare and
 * setns this namespace can differ from the caller's own. */
bool resource_is_for_children(const struct request *request, enum resource resource);

/* The resource of the namespace NS, for children or not. */
enum resource resource_of_namespace(enum namespace ns);

/* The flag that decides about RESOURCE. */
uint64_t resource_flag(enum resource resource);

/* "memory", "descriptors", "cwd and umask", "signal handlers", "pending signals", "semaphore undo", "I/O context",
 * "TLS", "stack", "thread group", "parent", "mount namespace", ..., "cgroup", "no_new_privs" */
const char *resource_name(enum resource resource);

/* The source that says what becomes of RESOURCE: a function of the kernel, a section of a manual. */
const char *resource_source(enum resource resource);

/* "shared", "shared until exec", "copied on write", ...: for tables. */
const char *outcome_name(enum outcome outcome);

#endif
