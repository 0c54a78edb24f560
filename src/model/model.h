/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The live task tree, folded from events. Pure: no clock, no kernel, no output.
 *
 * A task is (tid, birth): tids are reused, and exec by a non-leader thread moves a task to another tid. Two relations
 * are distinguished: which task created a task, and which process is its parent (PPID). */
#ifndef MODEL_MODEL_H
#define MODEL_MODEL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#include "clone/kind.h"
#include "event/event.h"

struct model;
struct process;

/* A task's status if its end was not seen but inferred: its tid is used again, or an exec has replaced its process. Not
 * a status of wait(2): neither WIFEXITED nor WIFSIGNALED. */
#define TASK_STATUS_UNKNOWN (-1)

/* How a task ended, or that it has not. */
enum task_state {
	TASK_ALIVE,
	TASK_ZOMBIE,   /* a leader that exited before its threads */
	TASK_ENDED,    /* exited or killed: `status` */
	TASK_REPLACED, /* a leader that a thread's exec replaced, or another thread that the exec ended */
	TASK_DETACHED, /* detached while alive */
};

/* In place of a namespace's inode number that nothing has reported yet, with the sequence number of the event that
 * created the namespace. */
#define TASK_NS_UNNAMED (UINT64_C(1) << 63)

/* The namespaces of a task, if not all of them are the tracer's. */
struct task_ns {
	unsigned refs;
	uint64_t ids[NAMESPACE_COUNT]; /* by enum namespace; 0: the tracer's, as far as known */
};

/* Ordered so that it has no holes, because 16 bytes for each of 15,000 tasks matter. */
struct task {
	uint64_t birth;		 /* sequence number of the first event about it: with tid its identity */
	pid_t tid;		 /* now, or at its end */
	int status;		 /* if ENDED or ZOMBIE: wait status, or TASK_STATUS_UNKNOWN */
	struct process *process; /* its thread group */
	struct task *creator;	 /* NULL: not known or not seen (roots); but see made_by */
	/* tasks that it created, oldest first; also those of removed tasks, in their place */
	struct task *first, *last;
	struct task *next; /* the next one of the same creator, or the next root */
	enum kind kind;	   /* of its creation; KIND_UNKNOWN for roots */
	enum task_state state;
	pid_t nspid;  /* as it sees itself; 0: the same as tid */
	pid_t former; /* the tid that it had before it exec'ed as a non-leader, or 0 */
	/* its creator's tid if the creator has been removed; then `creator` is the nearest known task above it, or
	 * NULL; else 0 */
	pid_t made_by;
	unsigned execs; /* that were seen */
	/* the name that it gave itself since its last exec, or has in a snapshot; NULL: not known */
	char *name;
	/* ns; end is 0 while it is alive; a zombie leader's end is when it became a zombie */
	uint64_t start, end;
	/* the length of the chain of its creators, as far as known at its birth; roots: 0 */
	unsigned depth;
	uint32_t watched; /* model_is_under() */
	uint64_t flags;	  /* of the request */
	uint64_t exit_signal;
	/* fingerprint_find() of the request, or a more exact answer from what the task did afterwards; or NULL.
	 * Static */
	const char *looks_like;
	const char *seen;	       /* the library call on its creator's stack, or NULL; static */
	struct unanswered *unanswered; /* its last creation, if that is a clone3 that failed with ENOSYS; else NULL */
	uint32_t passed;	       /* stack_functions() of that stack */
	bool attached : 1;	       /* was there before us */
	bool launched : 1;	       /* the program that cltrace started */
	bool with_process : 1;	       /* ENDED: because its process ended */
	bool requested : 1;	       /* its request is known: task_request() returns it */
	bool stack : 1;		       /* ... and passed a stack */
	uint8_t call : 3;	       /* ... this enum call */
	bool worker : 1;	       /* io_uring's: the kernel created it in the process */
	bool kept : 1;		       /* one of the first tasks, which stay until model_free() */
	uint8_t shares;	    /* bits 1 << enum check, memory to sysvsem: what it still shares with its creator */
	uint16_t brought;   /* bits 1 << enum namespace: namespaces that its creation, or an unshare, created */
	uint16_t entered;   /* ... and those that it, or for pid its future children, entered by setns */
	struct task_ns *ns; /* the namespaces that it is in; NULL: all are the tracer's */
};

_Static_assert(NAMESPACE_KINDS <= 16 && CHECK_SYSVSEM < 8, "the bits of brought, entered and shares");
_Static_assert(CALL_CLONE < 8 && CALL_CLONE3 < 8 && CALL_FORK < 8 && CALL_VFORK < 8,
	       "the call of a creation has 3 bits");

/* A creation that C libraries try again with clone. */
struct unanswered {
	uint64_t seq, flags, exit_signal;
};

/* The last thing that a task did, as far as was seen: execs that failed one after the other, of files with the same
 * name and with the same error. */
struct failed_exec {
	pid_t tid;
	int error;
	unsigned count;
	char *file; /* the last file, by the name that the caller gave; NULL: not known */
};

struct process {
	pid_t tgid;
	pid_t ppid; /* 0: not known */
	/* never NULL: the task with tid == tgid or, if that was not seen or has been removed, the first task seen */
	struct task *leader;
	unsigned nlwp;		    /* live tasks; a zombie leader is not counted */
	unsigned most;		    /* the highest nlwp */
	unsigned ended;		    /* nlwp when the process as a whole began to end; 0: it has not, as far as known */
	char *command;		    /* command line; inherited at fork, replaced at exec; NULL: not known */
	uid_t uid;		    /* effective, from its last exec, its attach, or inherited; -1: not known */
	struct failed_exec *failed; /* NULL: no exec has failed, or the task did something else since */
	bool stopped;		    /* in a group stop */
	bool kernel;		    /* a kernel thread */
	bool autoreap;		    /* created with CLONE_AUTOREAP: its end never sends a signal */
	/* the signal that its end sends, or sent, to its parent, with all changes since its birth; 0: none, -1: not
	 * known */
	int exit_signal;
};

/* The request that created TASK, as far as it is kept: call, flags, exit signal, and whether it passed a stack. If it
 * is not known, `have` is 0. */
struct request task_request(const struct task *task);

/* An event with the tasks that it concerns, after the model has applied it. Pointers are valid during the call. */
struct step {
	const struct event *event;
	const struct task *task; /* the task of event->tid; NULL for BEGIN, END and a tid that is not known */
	/* spawn: the child; exec by a non-leader: the leader that was replaced; verify, difference, vfork-done: the
	 * other task */
	const struct task *other;
	const struct model *model;
	/* spawn, refused: the seq of the task's clone3 that failed with ENOSYS and that this clone repeats, as C
	 * libraries do; else 0 */
	uint64_t retry_of;
	/* exec, call: the library call that seems to have created its task, because of what the task did now; or NULL
	 */
	const char *guess;
	/* call, of an exec that failed: the exec before failed in the same way, see struct failed_exec */
	bool again;
	/* exec, call: what its task shared until then with `parted_from`, its creator or a task that it created, which
	 * lives */
	unsigned parted; /* bits 1 << enum check */
	pid_t parted_from;
	/* spawn: the namespaces that differ from the creator's; attach: from the tracer's; call, exec: from those
	 * before. Bits 1 << enum namespace, of task->ns. */
	unsigned ns_changed;
};

/* The namespaces of TASK that are not the tracer's, including those for its children: bits 1 << enum namespace. */
unsigned task_ns_others(const struct task *task);

/* The counts of the whole run. */
struct tally {
	uint64_t tasks;		     /* all that were seen, including those that existed before the trace */
	uint64_t threads, processes; /* created, by kind */
	uint64_t kinds[KIND_COUNT];
	uint64_t refused, execs;
	uint64_t workers;	/* io_uring's: how many there were when those of each process were reported */
	uint64_t exits, killed; /* ends that were seen, and how many of them by a signal */
	uint64_t attached;	/* tasks that existed before the trace, without the launched program */
	unsigned alive, most;	/* tasks alive now, and the most at one time, roots included */
	unsigned living;	/* processes that have a task alive now */
	bool namespaces;	/* a task was in other namespaces than the tracer's, or created some */
	bool entered;		/* ... or entered some by setns */
};

/* The first KEEP tasks stay in the tree until model_free(). Other tasks are removed some time after their end, because
 * an event about them may still come (a creator killed before its creation was seen). The tasks that they created are
 * then below the nearest known creator. So a model holds at most KEEP tasks, the living ones, and a constant number of
 * dead ones, however long it runs. */
#define MODEL_KEEP_ALL SIZE_MAX
struct model *model_new(size_t keep);
void model_free(struct model *model);

/* Makes model_is_under() answer for PID. To be called before the first event, and for at most MODEL_WATCHED_MAX pids;
 * the same pid twice counts once. */
#define MODEL_WATCHED_MAX 32
void model_watch(struct model *model, pid_t pid);

/* Whether TASK is PID, one of the threads of process PID, or was created by one of these or by a task below them, even
 * if that has been removed. A task that existed before the trace is under its parent. False for a PID that is not
 * watched. */
bool model_is_under(const struct model *model, const struct task *task, pid_t pid);

/* Applies EVENT and fills *RET. Never fails: an event that does not fit (a tid that was never announced) gives a step
 * with NULL tasks. An event of a task that has ended finds this task until its tid is used again. */
void model_apply(struct model *model, const struct event *event, struct step *ret);

/* The live task (or zombie leader) TID, or NULL. */
const struct task *model_find(const struct model *model, pid_t tid);

/* The process TGID that still has a live task or a zombie leader, or NULL. */
const struct process *model_find_process(const struct model *model, pid_t tgid);

/* The program's name in a command line: the first word, without its directory; *RET_LENGTH bytes. */
const char *model_program(const char *command, size_t *ret_length);

/* The first root (attached, launched, or of unknown creator); follow task->next. */
const struct task *model_roots(const struct model *model);

/* The task behind TASK: from the first root on all of them, creators first; NULL past the last. */
const struct task *model_next(const struct task *task);

const struct tally *model_tally(const struct model *model);

#endif
