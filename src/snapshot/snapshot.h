/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The tasks of one moment and what each pair of them shares, found without stopping any task. Pure: the code that fills
 * it asks the kernel. */
#ifndef SNAPSHOT_SNAPSHOT_H
#define SNAPSHOT_SNAPSHOT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#include "clone/namespace.h"
#include "clone/object.h"

/* What a task has in place of the index of an object's first holder. */
enum { SNAP_UNKNOWN = -1, SNAP_NONE = -2 };

struct snap_task {
	pid_t tid, tgid, ppid;
	pid_t nspid;	/* the tid as the task itself sees it */
	uint64_t start; /* clock ticks from boot to its start: with tid its identity */
	uid_t uid;	/* effective */
	unsigned nlwp;	/* tasks in its process, as the kernel counts them */
	char state;	/* as in /proc/TID/stat: R, S, D, Z ... */
	bool kernel;	/* a kernel thread */
	bool worker;	/* an io_uring worker: made by the kernel, within the process */
	bool refused;	/* cltrace may not ask what it shares, nor see its namespaces */
	char name[64];
	char *command;		      /* of its process, only for the first task of each; NULL: it has none */
	bool command_cut;	      /* it is longer, and ends in "..." */
	int nice, policy, priority;   /* sched(7); priority: real-time, 0 for the others */
	uint64_t capabilities;	      /* effective */
	char *cpus;		      /* the processors on which it may run: "0-3,7"; NULL: not known */
	uint64_t ns[NAMESPACE_KINDS]; /* inode numbers, 0: not known */
	/* The first task in the snapshot that has the same object, by index: itself, if no earlier task has it. */
	int32_t object[OBJECT_COUNT];
	/* A bit for each object about which the kernel was asked. The others are known only within the process: two
	 * processes about which the kernel was not asked may share them. */
	unsigned asked;
	bool gone; /* it ended meanwhile */
};

/* Ordered by tgid, the leader first, then by tid. */
struct snapshot {
	struct snap_task *tasks;
	size_t count, size;
	uint64_t ended;		       /* tasks that were left out because they ended meanwhile */
	bool limited;		       /* not the whole machine */
	uint64_t own[NAMESPACE_KINDS]; /* the namespaces of cltrace; 0: not known */
};

void snapshot_done(struct snapshot *snapshot);

/* Adds a task of which nothing is known, whose objects are unknown. Valid until the next task is added. */
struct snap_task *snapshot_add(struct snapshot *snapshot, pid_t tgid, pid_t tid);

/* Moves the tasks of FROM to the end of SNAPSHOT; FROM is empty then. */
void snapshot_add_all(struct snapshot *snapshot, struct snapshot *from);

/* Puts the tasks in order. To be called before objects are filled in. */
void snapshot_sort(struct snapshot *snapshot);

/* Removes the tasks that are gone, and counts them. */
void snapshot_drop_gone(struct snapshot *snapshot);

/* Keeps the processes PIDS and, with DESCENDANTS, those below them by PPid; others are removed and not counted. A
 * thread's tid means its process. */
void snapshot_keep(struct snapshot *snapshot, const pid_t *pids, size_t count, bool descendants);

/* The task TID, or NULL. */
const struct snap_task *snapshot_find(const struct snapshot *snapshot, pid_t tid);

/* The first task of TASK's process: its leader, if the snapshot has the leader. */
const struct snap_task *snapshot_head(const struct snapshot *snapshot, const struct snap_task *task);

/* The task that TASK is compared with: for a thread the leader of its process or, if the leader has ended, the first
 * task that lives; for others the parent process. NULL: it is not in the snapshot. */
const struct snap_task *snapshot_above(const struct snapshot *snapshot, const struct snap_task *task);

/* The task that is above TASK in a tree: the same, but for a thread always the leader, even if it has ended. NULL: TASK
 * is a root. */
const struct snap_task *snapshot_parent(const struct snapshot *snapshot, const struct snap_task *task);

enum relation {
	RELATION_UNKNOWN,
	RELATION_SHARED,
	RELATION_APART,	  /* each its own, or only one has any */
	RELATION_NEITHER, /* neither has one: kcmp(2) does not distinguish this from shared */
};

/* Of two tasks of one snapshot. */
enum relation snapshot_relation(const struct snap_task *one, const struct snap_task *other, enum task_object object);

/* Fills in what /proc shows if the kernel could not be asked: threads share memory and signal handlers (clone(2):
 * THREAD needs SIGHAND needs VM, and unshare(2) cannot part them), tasks that have ended have nothing left, and kernel
 * threads have no memory of their own. */
void snapshot_infer(struct snapshot *snapshot);

/* "process", "thread", "kernel thread" or "io_uring worker"; WORKER: one of io_uring's. */
const char *snap_kind_name(bool kernel, bool worker, bool leader);
const char *snapshot_kind_name(const struct snap_task *task);

/* "other", "fifo", ... of sched_setscheduler(2); NULL: the policy is not known. */
const char *snap_policy_name(int policy);

#endif
