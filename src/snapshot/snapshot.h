/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The tasks of one moment and what each pair of them shares, looked at without stopping anything. Pure: who fills it in
 * asks the kernel. */
#ifndef SNAPSHOT_SNAPSHOT_H
#define SNAPSHOT_SNAPSHOT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#include "clone/namespace.h"
#include "clone/object.h"

/* What a task has instead of the index of an object's first holder. */
enum { SNAP_UNKNOWN = -1, SNAP_NONE = -2 };

struct snap_task {
	pid_t tid, tgid, ppid;
	pid_t nspid;	/* the tid as the task itself sees it */
	uint64_t start; /* clock ticks from boot to its begin: with tid its identity */
	uid_t uid;	/* effective */
	unsigned nlwp;	/* tasks in its process, as the kernel counts them */
	char state;	/* as in /proc/TID/stat: R, S, D, Z ... */
	bool kernel;	/* a kernel thread */
	bool worker;	/* an io_uring worker: made by the kernel, within the process */
	bool refused;	/* we may not ask what it shares, nor see its namespaces */
	char name[64];
	char *command;		      /* of its process, with the first task of each alone; NULL: it has none */
	bool command_cut;	      /* it had more, in place of which there is "..." */
	int nice, policy, priority;   /* sched(7); priority: real-time, 0 for the others */
	uint64_t capabilities;	      /* effective */
	char *cpus;		      /* on which it may run: "0-3,7"; NULL: not known */
	uint64_t ns[NAMESPACE_KINDS]; /* inode numbers, 0: not known */
	/* The first task in the snapshot that has the same object, by index: itself, if no earlier one has it. */
	int32_t object[OBJECT_COUNT];
	/* A bit for each object about which the kernel was asked. The others are known within the process alone: two
	 * processes that were not asked about are not known to differ. */
	unsigned asked;
	bool gone; /* it ended meanwhile */
};

/* Ordered by tgid, the leader first, then by tid. */
struct snapshot {
	struct snap_task *tasks;
	size_t count, size;
	uint64_t ended;		       /* tasks that were left out because they ended meanwhile */
	bool limited;		       /* not the whole machine */
	uint64_t own[NAMESPACE_KINDS]; /* the namespaces of who looked; 0: not known */
};

void snapshot_done(struct snapshot *snapshot);

/* Adds a task of which nothing is known: objects unknown. Valid until the next is added. */
struct snap_task *snapshot_add(struct snapshot *snapshot, pid_t tgid, pid_t tid);

/* Moves the tasks of FROM to the end of SNAPSHOT; FROM is empty then. */
void snapshot_add_all(struct snapshot *snapshot, struct snapshot *from);

/* Puts the tasks in order. Before objects are filled in. */
void snapshot_sort(struct snapshot *snapshot);

/* Takes out the tasks that are gone, and counts them. */
void snapshot_drop_gone(struct snapshot *snapshot);

/* Keeps the processes PIDS and, with DESCENDANTS, what is below them by PPid; others are dropped uncounted. A pid of a
 * thread stands for its process. */
void snapshot_keep(struct snapshot *snapshot, const pid_t *pids, size_t count, bool descendants);

/* The task TID, or NULL. */
const struct snap_task *snapshot_find(const struct snapshot *snapshot, pid_t tid);

/* The first task of TASK's process: its leader, where that is there. */
const struct snap_task *snapshot_head(const struct snapshot *snapshot, const struct snap_task *task);

/* Whom TASK is set beside: for a thread the leader of its process, or the first task that lives where the leader has
 * ended; for the others the parent process. NULL: it is not in the snapshot. */
const struct snap_task *snapshot_above(const struct snapshot *snapshot, const struct snap_task *task);

/* Whom TASK stands below in a tree: the same, but for a thread whose leader has ended that leader all the same. NULL:
 * nobody, it is a root. */
const struct snap_task *snapshot_parent(const struct snapshot *snapshot, const struct snap_task *task);

enum relation {
	RELATION_UNKNOWN,
	RELATION_SHARED,
	RELATION_APART,	  /* each its own, or only one has any */
	RELATION_NEITHER, /* neither has one: for kcmp(2) the same as shared */
};

/* Of two tasks of one snapshot. */
enum relation snapshot_relation(const struct snap_task *one, const struct snap_task *other, enum task_object object);

/* Fills in what /proc shows if the kernel could not be asked: threads share memory and signal handlers (clone(2):
 * THREAD needs SIGHAND needs VM, and unshare(2) cannot part them), the ended have nothing left, kernel threads have no
 * memory of their own. */
void snapshot_infer(struct snapshot *snapshot);

/* "process", "thread", "kernel thread" or "io_uring worker"; WORKER: one of io_uring's. */
const char *snap_kind_name(bool kernel, bool worker, bool leader);
const char *snapshot_kind_name(const struct snap_task *task);

/* "other", "fifo", ... of sched_setscheduler(2); NULL: none that is known. */
const char *snap_policy_name(int policy);

#endif
