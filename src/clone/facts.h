/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What was looked at when a call was refused: the limits and the caller's state on which a refusal can depend. */
#ifndef CLONE_FACTS_H
#define CLONE_FACTS_H

#include <stddef.h>
#include <stdint.h>

/* A `value` without limit, and a `use` that is not known. */
#define FACT_UNLIMITED UINT64_MAX
#define FACT_UNKNOWN UINT64_MAX

/* What a fact's three numbers are; those that are not named are 0. Ids are the tracer's view. */
enum fact_what {
	FACT_KERNEL,	     /* value.use: its version, as 6.18 */
	FACT_THREADS,	     /* use: tasks in the caller's process */
	FACT_CAPABILITIES,   /* value: the effective set; id: inode of the user namespace that it counts in */
	FACT_USER_NS,	     /* id: inode of the caller's user namespace; value: its owner's uid; use: its depth below
				the tracer's, which is 0 */
	FACT_PID_NS,	     /* id: inode of the pid namespace of the caller's children; value: 1 when it is not the
				caller's own; use: processes seen in it */
	FACT_PID_DEPTH,	     /* use: nesting of the caller's pid namespace, 1: the tracer's; value: the caller's process
				as it sees its own pid */
	FACT_ROOT,	     /* value: 1 when the root directory is that of the mount namespace, 0 when it is not */
	FACT_MAPPED,	     /* value: 1 when the caller's user and group are mapped in its user namespace, 0: not;
				id: the user */
	FACT_USERNS_POLICY,  /* value: 1 if a sysctl forbids user namespaces for unprivileged callers */
	FACT_NAMESPACES,     /* value: flags of the namespaces that this kernel has */
	FACT_SECCOMP,	     /* value: mode (2: filter); use: how many filters, cltrace's own not counted */
	FACT_NPROC,	     /* RLIMIT_NPROC. value: the soft limit; id: the user; use: its tasks in /proc */
	FACT_PIDS,	     /* pids.max of `cgroup`. value: the limit; use: pids.current */
	FACT_THREADS_MAX,    /* value: kernel.threads-max; use: tasks on the machine (/proc/loadavg) */
	FACT_PID_MAX,	     /* value: kernel.pid_max; use: as above */
	FACT_MAX_NAMESPACES, /* user.max_*_namespaces. id: the flag; value: the limit; use: always not known */
	FACT_CGROUP,	     /* CLONE_INTO_CGROUP's descriptor. id: enum fact_cgroup; value: bits FACT_CGROUP_... */
	FACT_DESCRIPTOR,     /* setns: id: enum fact_descriptor; value: the flag of the namespace's type; use: inode */
	FACT_COUNT
};

_Static_assert(FACT_COUNT <= 32, "masks have a bit 1 << enum fact_what");

enum fact_descriptor {
	FACT_DESCRIPTOR_BAD = 1, /* not open */
	FACT_DESCRIPTOR_NAMESPACE,
	FACT_DESCRIPTOR_PIDFD,
	FACT_DESCRIPTOR_OTHER,
};

enum fact_cgroup {
	FACT_CGROUP_BAD = 1, /* not open */
	FACT_CGROUP_OTHER,   /* not a directory of a cgroup hierarchy */
	FACT_CGROUP_V1,
	FACT_CGROUP_REMOVED, /* of either version */
	FACT_CGROUP_LIVE,
};

/* Of a cgroup that exists. */
enum {
	FACT_CGROUP_INVALID = 1 << 0,  /* its cgroup.type is "domain invalid" */
	FACT_CGROUP_INNER = 1 << 1,    /* it has controllers in its cgroup.subtree_control */
	FACT_CGROUP_NO_CPU = 1 << 2,   /* its cpuset.cpus.effective is empty */
	FACT_CGROUP_DELEGATE = 1 << 3, /* the hierarchy is mounted with nsdelegate */
};

struct fact {
	enum fact_what what;
	uint64_t value, use, id;
};

#define FACTS_MAX 25 /* one of each, and of FACT_MAX_NAMESPACES one for each of 8 types */

struct facts {
	size_t count;
	struct fact list[FACTS_MAX];
	const char *cgroup; /* FACT_PIDS: its path below the mount of the hierarchy; NULL without that fact */
};

/* "nproc", "pids", ...; NULL past the last. */
const char *fact_name(enum fact_what what);

/* The fact of that name, or FACT_COUNT. */
enum fact_what fact_find(const char *name);

/* Adds FACT unless there is no room. */
void facts_add(struct facts *facts, const struct fact *fact);

/* The fact about WHAT, with ID if that is not 0; NULL: it was not looked at. FACTS may be NULL. */
const struct fact *facts_find(const struct facts *facts, enum fact_what what, uint64_t id);

/* A copy on the heap with its string; facts_free() frees it. */
struct facts *facts_copy(const struct facts *facts);
void facts_free(struct facts *facts);

#endif
