/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The live task tree, folded from events. Pure: no clock, no kernel, no output.
 *
 * A task is (tid, birth): tids are reused, and exec by a non-leader thread moves a task to another tid. Two relations
 * are kept apart: who created a task (a task), and whose child it is (a process: its PPID). */
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

/* A task's status when its end was not seen but follows from something else: its tid is used again, its process was
 * replaced by exec. Not a status of wait(2): neither WIFEXITED nor WIFSIGNALED. */
#define TASK_STATUS_UNKNOWN (-1)

/* How a task came to its end, or that it has not. */
enum task_state {
	TASK_ALIVE,
	TASK_ZOMBIE,   /* a leader that exited before its threads */
	TASK_ENDED,    /* exited or killed: `status` */
	TASK_REPLACED, /* a leader whose place was taken by a thread's exec, or another thread that the exec ended */
	TASK_DETACHED, /* detached alive */
};

/* In place of a namespace's inode number, with the sequence number of the event that made it: nobody has reported it.
 */
#define TASK_NS_UNNAMED (UINT64_C(1) << 63)

/* Namespaces, not all of which are the tracer's. */
struct task_ns {
	unsigned refs;
	uint64_t ids[NAMESPACE_COUNT]; /* by enum namespace; 0: the tracer's, as far as is known */
};

/* Ordered so that it has no holes: of 15,000 tasks 16 bytes each are noticed. */
struct task {
	uint64_t birth;		   /* sequence number of the event that showed it: with tid its identity */
	pid_t tid;		   /* at present, or at its end */
	int status;		   /* wait status once ENDED or ZOMBIE, or TASK_STATUS_UNKNOWN */
	struct process *process;   /* its thread group */
	struct task *creator;	   /* who made it; NULL when not known or not seen (roots); but see made_by */
	struct task *first, *last; /* tasks it created, oldest first; with those of tasks forgotten, in their place */
	struct task *next;	   /* the next one of the same creator, or the next root */
	enum kind kind;		   /* of its creation; KIND_UNKNOWN for roots */
	enum task_state state;
	pid_t nspid;	     /* as it sees itself; 0 when the same as tid */
	pid_t former;	     /* the tid it had before it exec'ed as a non-leader; 0 */
	pid_t made_by;	     /* its creator's tid where that one has been forgotten: `creator` is the nearest one
				above it that is still known, or NULL; else 0 */
	unsigned execs;	     /* that were seen */
	char *name;	     /* that it gave itself, since its last exec, or has in a snapshot; NULL: not known */
	uint64_t start, end; /* ns; end 0 while alive; a zombie leader's end is when it became one */
	unsigned depth;	     /* how many tasks made it, one by the other, as far as was known at its birth; roots 0 */
	uint32_t watched;    /* model_is_under() */
	uint64_t flags;	     /* of the request */
	uint64_t exit_signal;
	const char *looks_like; /* fingerprint_find() of the request, and what the task itself did then, which may show
				   more; or NULL. Static */
	const char *seen;	/* the library call on its creator's stack, or NULL; static */
	struct unanswered *unanswered; /* its last creation, if that is a clone3 that failed with ENOSYS; else NULL */
	uint32_t passed;	       /* stack_functions() of that stack */
	bool attached : 1;	       /* was there before us */
	bool launched : 1;	       /* the program that we started */
	bool with_process : 1;	       /* ENDED: because its process did */
	bool requested : 1;	       /* its request is known: task_request() has it */
	bool stack : 1;		       /* ... and brought a stack */
	uint8_t call : 3;	       /* ... by this enum call */
	bool worker : 1;	       /* io_uring's: made by the kernel, in the process */
	bool kept : 1;		       /* one of the first, which stay until model_free() */
	uint8_t shares;	    /* bits 1 << enum check, memory to sysvsem: what it still shares with who made it */
	uint16_t brought;   /* bits 1 << enum namespace: namespaces that it was made with, or made by unshare */
	uint16_t entered;   /* ... and that it, or for pid its children to come, went into by setns */
	struct task_ns *ns; /* that it is in, NULL: in all of the tracer's */
};

_Static_assert(NAMESPACE_KINDS <= 16 && CHECK_SYSVSEM < 8, "the bits of brought, entered and shares");
_Static_assert(CALL_CLONE < 8 && CALL_CLONE3 < 8 && CALL_FORK < 8 && CALL_VFORK < 8,
	       "the call of a creation has 3 bits");

/* A creation that C libraries ask of clone next. */
struct unanswered {
	uint64_t seq, flags, exit_signal;
};

/* The last thing that a task did, as far as was seen: execs that failed, one behind the other, of files of one name,
 * and with one error. */
struct failed_exec {
	pid_t tid;
	int error;
	unsigned count;
	char *file; /* the last one, as it was named; NULL: not known */
};

struct process {
	pid_t tgid;
	pid_t ppid;	     /* 0: not known */
	struct task *leader; /* never NULL: the task with tid == tgid, or the first seen where that one was not, or
				has been forgotten */
	unsigned nlwp;	     /* live tasks; a zombie leader is not counted */
	unsigned most;	     /* the highest nlwp */
	unsigned ended;	     /* nlwp when the process as a whole began to end; 0: it has not, as far as is known */
	char *command;	     /* command line; inherited at fork, replaced at exec; NULL when not known */
	uid_t uid;	     /* effective, as last seen: at its exec, inherited, attached; -1: not known */
	struct failed_exec *failed; /* NULL: none has, or its task did something else since */
	bool stopped;		    /* in a group stop */
	bool kernel;		    /* a kernel thread */
	bool autoreap;		    /* made with CLONE_AUTOREAP: its end sends nothing, whatever happens */
	int exit_signal; /* what its end sends to its parent, or sent: what has happened since its birth included;
			    0: nothing, -1: not known */
};

/* The request that made TASK, as far as it is kept: call, flags, exit signal, and whether it brought a stack. `have` is
 * 0 where it is not known. */
struct request task_request(const struct task *task);

/* An event with the tasks that it concerns, after the model has taken it in. Pointers are valid during the call. */
struct step {
	const struct event *event;
	const struct task *task; /* the task of event->tid; NULL for BEGIN, END and a tid that is not known */
	/* spawn: the child; exec by a non-leader: the leader that was replaced; verify, difference, vfork-done: the
	 * other task */
	const struct task *other;
	const struct model *model;
	uint64_t retry_of; /* spawn, refused: by clone what the task asked of clone3 in the event with this seq, which
			      failed with ENOSYS: so C libraries fall back; else 0 */
	/* exec, call: what its task did now says of the library call that made it, so that it looks like that; or NULL
	 */
	const char *guess;
	bool again; /* call, of an exec that failed: so did the one before, see struct failed_exec */
	/* exec, call: what its task shared until then with who made it, or one that it made, who lives: `parted_from`
	 */
	unsigned parted; /* bits 1 << enum check */
	pid_t parted_from;
	/* spawn: the namespaces in which the child is not with its creator; attach: not with the tracer; call, exec:
	 * those that are others now. Bits 1 << enum namespace, of task->ns. */
	unsigned ns_changed;
};

/* The namespaces of TASK that are not the tracer's: bits 1 << enum namespace, those for its children too. */
unsigned task_ns_others(const struct task *task);

/* What the whole run came to. */
struct tally {
	uint64_t tasks;		     /* seen in all, those included that were there before us */
	uint64_t threads, processes; /* made, by kind */
	uint64_t kinds[KIND_COUNT];
	uint64_t refused, execs;
	uint64_t workers;	/* of io_uring's: how many were there when each process's were reported */
	uint64_t exits, killed; /* ends that were seen, and those of them by a signal */
	uint64_t attached;	/* tasks that were already there, the launched program not counted */
	unsigned alive, most;	/* tasks alive now and at most at once, roots included */
	unsigned living;	/* processes that have a task alive now */
	bool namespaces;	/* a task was in other ones than the tracer's, or made some */
	bool entered;		/* ... or went into some by setns */
};

/* The first KEEP tasks stay in the tree until model_free(). Of all others the dead are forgotten, though not at once:
 * an event of their own may still come (a creator killed before its creation was seen). What they made then hangs below
 * the nearest creator that is known. So a model holds no more than KEEP tasks, those that live, and a constant number
 * of dead ones, however long it runs. */
#define MODEL_KEEP_ALL SIZE_MAX
struct model *model_new(size_t keep);
void model_free(struct model *model);

/* Makes model_is_under() answer for PID. Before the first event, and for MODEL_WATCHED_MAX pids at most; the same one
 * twice counts once. */
#define MODEL_WATCHED_MAX 32
void model_watch(struct model *model, pid_t pid);

/* Whether TASK is PID, one of the threads of process PID, or was made by one of these or by what they made; be that
 * forgotten long since. What was there before us is under its parent. False for a PID that is not watched. */
bool model_is_under(const struct model *model, const struct task *task, pid_t pid);

/* Takes EVENT in and fills *RET. Never fails: what does not fit (a tid never announced) gives a step with NULL tasks.
 * An event of a task that has ended finds that task until its tid is used again. */
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
