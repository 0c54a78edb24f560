/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What the files of follow share and nobody else sees: the state, and the functions that the files offer each other.
 *
 *   follow    the contract of follow.h; which stop is whose
 *   state     the tables of tasks, groups and calls under way
 *   resume    the order that each stop gets
 *   creation  a creator reports the task that it has created
 *   creator   a new task that its creator never reported
 *   calls     entries to calls and their ends
 *   denied    what a program, or we, may not do because the program is traced
 *   doom      a thread has sent its process a signal that ends it
 *   exec      exec
 *   ends      of tasks and of processes
 *   ended     threads that have ended, and it is not known yet whether their processes end with them
 *   signals   signals, group stops, first stops
 *   verify    what the kernel says of tasks, against what is expected
 *   workers   io_uring's, which the kernel makes in a process
 *
 * A function called on_ something handles a stop: it orders how the task continues, or passes the stop to a function
 * that does. */
#ifndef FOLLOW_STATE_H
#define FOLLOW_STATE_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>
#include <uthash.h>

#include "clone/check.h"
#include "clone/request.h"
#include "event/event.h"
#include "follow/follow.h"
#include "follow/order.h"
#include "follow/stop.h"

#define ERRNO_MAX 4095	 /* MAX_ERRNO, include/linux/err.h */
#define PAST_CREATORS 64 /* dead tasks that are remembered as possible creators */

/* A call between its entry and its end. */
struct pending {
	struct request request;
	struct stop_call call;
	uint64_t when;
	bool untraced; /* CLONE_UNTRACED was cleared */
};

/* Why SIGSYS is about to end a task: the call that caused it. */
struct forbidden {
	uint64_t nr;
	uint32_t audit_arch;
	int code; /* SYS_SECCOMP or SYS_USER_DISPATCH; 0: not known */
};

/* A thread that has ended. wait(2) gives the status of its process if the process ends meanwhile (kernel/exit.c:
 * wait_task_zombie()), and 0 if an exec ends the thread, so the thread's own status is not known yet. */
struct ended {
	pid_t tid;
	int status; /* from wait(2) */
	bool taken; /* a call of another task ended it */
	struct forbidden forbidden;
	uint64_t pthread;
	uint64_t when;
	struct group *group;
	struct ended *prev, *next; /* of its group, in the order of their ends */
	UT_hash_handle hh;
};

enum ended_how {
	ENDED_ALONE,	  /* its process continued, so the status is its own */
	ENDED_WITH_GROUP, /* its process ended; if with another status, the thread had ended before */
	ENDED_BY_EXEC,	  /* another thread of its process has exec'ed */
	ENDED_UNKNOWN,	  /* nothing will show it */
};

/* A thread group with at least one traced task. */
struct group {
	pid_t tgid, ppid;
	struct group *parent; /* NULL: not traced */
	struct group *children, *next, *prev;
	unsigned live;	  /* traced tasks that are not reported as ended */
	unsigned leaving; /* those of them that are ending by exit(2), including a zombie leader */
	unsigned stops;	  /* group stops so far */
	int stopped;	  /* the signal of the group stop that was reported, 0 for none */
	bool foreign_ids; /* its new tasks may see other pids than the tracer does */
	/* the depth of its pid namespace, which is the length of `nspids` of its tasks; 1: the tracer's; 0: not
	 * known */
	unsigned depth;
	bool ending;	      /* exit_group is known to be under way */
	bool ending_reported; /* its caller is known, too */
	bool may_have_zombie; /* a child of it has ended, and may still be a zombie */
	bool unreaped_reported;
	/* tasks that have ended by neither exit(2) nor exit_group(2): by another task's call, or an exec */
	unsigned taken;
	bool launched;
	/* the init of a pid namespace, so signals from within have no effect (pid_namespaces(7)) */
	bool init;
	bool uring;	     /* it has called io_uring_setup, or may use its creator's ring */
	unsigned workers;    /* io_uring's workers that were reported; 0: none */
	uint64_t look_at;    /* when to look for them; 0: never */
	unsigned looks;	     /* so many looks were in vain */
	unsigned denied;     /* bits 1 << enum event_note: what was denied, and reported */
	bool filtered;	     /* one of its tasks has loaded a seccomp filter of its own, which may kill */
	uint64_t exec;	     /* sequence number of its last exec, */
	uint64_t exec_when;  /* ... and the time of that exec */
	struct ended *ended; /* not reported yet */
	bool ended_as_known; /* its last task ended with the status `ended_as` */
	int ended_as;
	unsigned idles; /* calls of ended_probe() in vain since the last one ended */
	UT_hash_handle hh;
};

/* Ordered so that it has no holes, which would cost memory for each of 15,000 tasks. */
struct tracee {
	pid_t tid;
	unsigned stop;	     /* the group stop that it reported last: group->stops then */
	struct group *group; /* NULL: held, its creator is not known yet */
	struct pending *pending;
	struct pending *restore; /* the creator's call, whose flags are restored before the first run */
	pid_t announced;	 /* the last task that was reported as created by this task */
	pid_t vforked;		 /* -T: the task that it waits for, with CLONE_VFORK; 0: none, */
	uint64_t vforked_at;	 /* ... and since when */
	uint64_t
		/* if it has TLS of its own, the address of its TLS, which is pthread_self() if it is a pthread */
		pthread;
	struct forbidden forbidden;
	uint64_t shown;	     /* held: sequence number when it showed up, */
	uint64_t since;	     /* ... when that was, */
	unsigned idles;	     /* ... and the calls of follow_idle() since */
	int first;	     /* held: the status of its first stop; 0: it runs and is ending */
	int own_status;	     /* if `alone`: the status of its exit(2) */
	unsigned faults;     /* of an init: faults in a row that should have ended it */
	unsigned spared;     /* calls of follow_idle() since it was `doomed` */
	bool seen : 1;	     /* its first stop has come */
	bool exit_stop : 1;  /* stops at PTRACE_EVENT_EXIT */
	bool taken : 1;	     /* another task of its group ends it */
	bool alone : 1;	     /* ends by exit(2) with `own_status`, and not with its group */
	bool ends_group : 1; /* ends by exit_group(2) */
	bool listening : 1;
	bool doomed : 1; /* has sent its own process a fatal signal: it is not resumed, because it is about to die */
	UT_hash_handle hh;
};

/* A task that has ended, or lost its tid by an exec, and may have created a task that nobody has reported. */
struct past_creator {
	pid_t tid, tgid, ppid;
	struct pending *pending; /* a creation under way at its death, or NULL */
	uint64_t when;
};

/* A task that wait(2) reported as ended before its creation was reported; at most one for each tid. */
struct lost {
	struct stop stop;
	unsigned idles;
	struct lost *next;
};

/* A tid that was detached. */
struct detached {
	pid_t tid;
	UT_hash_handle hh;
};

struct follow {
	struct follow_config config;
	const struct follow_ops *ops;
	void *data;
	uint64_t seq;
	struct event event; /* scratch */
	struct tracee *tracees;
	struct tracee *turn; /* the task that was asked last in turn; NULL: the first one is next */
	struct group *groups;
	struct past_creator past_creators[PAST_CREATORS];
	unsigned past_creators_next;
	unsigned held;
	struct lost *lost;
	struct ended *ended; /* of all groups, by tid */
	unsigned doomed;
	unsigned probed; /* groups that have some, and are looked at until the statuses are known */
	uint64_t probed_at;
	struct detached *detached;
	uint64_t reported_at; /* when the last event was */
	uint64_t look_at;     /* when follow_look() is to be called; 0: never */
	bool detaching, resolving;
	bool outlived_reported, duration_reported;
};

/* What is known of a creation, from any source. */
struct creation {
	pid_t creator;	    /* 0: not known */
	pid_t creator_tgid; /* 0: not known */
	pid_t creator_ppid;
	struct group *group;				 /* the creator's, if it is traced */
	const struct pending *pending;			 /* NULL: the request is not known */
	const struct stop_ids *ids;			 /* the child's, NULL: not read */
	const struct stop_memory *memory, *child_memory; /* NULL: not read */
	const struct check_answers *answers;		 /* NULL: not asked */
	bool duration;
	uint64_t when;
};

/* Whether the trace wants to learn WANT. */
static inline bool state_wants(const struct follow *f, enum event_want want)
{
	return f->config.wants & want;
}

/* state: events */

/* The scratch event, cleared; it is valid until the next one is started. If WHEN is before the last event, the event
 * gets the time of the last event, so the times of events never run back. */
struct event *event_start(struct follow *f, enum event_kind kind, pid_t tid, uint64_t when);
/* Reports the event that was started last. */
void event_emit(struct follow *f);
void note_report(struct follow *f, enum event_note code, pid_t tid, int64_t number, int64_t value, uint64_t when);

/* state: tables. The find functions return NULL if they find nothing. */

struct tracee *tracee_find(const struct follow *f, pid_t tid);
/* G: NULL for a task that is held. */
struct tracee *tracee_add(struct follow *f, pid_t tid, struct group *g);
/* The caller first calls tracee_leave_group(), and removes a group that has no live task. */
void tracee_remove(struct follow *f, struct tracee *t);
void tracee_leave_group(const struct tracee *t);

struct group *group_find(const struct follow *f, pid_t tgid);
/* Finds the group, or adds it as PPID's child. */
struct group *group_add(struct follow *f, pid_t tgid, pid_t ppid);
void group_remove(struct follow *f, struct group *g);
/* Makes G a child of PARENT (NULL: its parent is not traced), and undoes it. */
void group_link(struct group *g, struct group *parent);
void group_unlink(struct group *g);

/* Removes TID from the tasks that were detached; true: it was there. */
bool detached_take(struct follow *f, pid_t tid);
void detached_put(struct follow *f, pid_t tid);

/* The call in STOP, malloc'ed; NULL: it is not a call that cltrace follows. */
struct pending *pending_decode(const struct stop *stop);
/* The call of the task that has stopped. */
struct pending *pending_of_caller(const struct stop *stop);
void pending_drop(struct pending **pending);
/* Drops a call that creates no task, because such a call cannot explain a new task. */
void pending_keep_creation(struct pending **pending);

/* Gathers the call, unless STOP already has it or a result. */
void gather_call(struct follow *f, struct stop *stop);
/* The tid in an event's message; 0: the message could not be read. */
pid_t stop_message_tid(const struct stop *stop);

/* resume */

void resume(struct follow *f, struct tracee *t, struct order *order, const struct stop *stop);
void resume_plain(struct follow *f, struct tracee *t, int signal, const struct stop *stop);
/* Lets a new task run for the first time, and undoes what it inherited from its creator because of the trace. */
void resume_first(struct follow *f, struct tracee *t, enum order_how how, const struct stop *stop);
/* Detaches from T. The signal and the changes of ORDER are still delivered and made. */
void tracee_detach(struct follow *f, struct tracee *t, struct order *order, uint64_t when);

/* T is no longer traced: reports that, and removes T. If T is held, nothing is reported, because T was never announced.
 */
void tracee_part(struct follow *f, struct tracee *t, uint64_t when);

/* ORDER also writes the flags of the call P: if UNTRACED, as the program passed them; else without CLONE_UNTRACED. */
void order_set_flags(struct order *order, const struct pending *p, bool untraced);
/* A task that creates others stops at its exit: if it is killed in the call, its registers then still show the child.
 * The leader of several threads is always such a task, because only it can create the second thread: so its exit is
 * seen before theirs. */
void order_exit_stop(struct tracee *t, struct order *order);
/* For a task that creates none, or none yet. With --signals all tasks have the stop, to show which task ends its
 * process and which ends by itself. */
void order_no_exit_stop(const struct follow *f, struct tracee *t, struct order *order);

/* creation */

/* PTRACE_EVENT_FORK, VFORK or CLONE: T has created the task in the event message. */
void on_creation(struct follow *f, struct tracee *t, struct stop *stop);
/* PTRACE_EVENT_VFORK_DONE: the task that T created with CLONE_VFORK has exec'ed or ended. */
void on_vfork_done(struct follow *f, struct tracee *t, const struct stop *stop);
/* Reports CHILD and lets it run if it was held. EXIT_STOP: it inherited the option to stop at its exit. */
void creation_apply(struct follow *f, const struct creation *c, pid_t child, bool exit_stop);
/* Whether tasks of a new group may see other pids than the tracer: its creator's did, or it is in a new pid namespace.
 */
bool creation_foreign(const struct creation *c);

/* creator */

/* STOP is of a task whose creation is not reported yet: it is held, or lost if it has ended. */
void on_unknown(struct follow *f, const struct stop *stop);
/* Remembers T, which dies or loses its tid, and the creation that it was in. */
void past_creator_add(struct follow *f, struct tracee *t, uint64_t when);
/* The past creator that was added BACK additions before the last one; 0: the last one. */
struct past_creator *past_creator_at(struct follow *f, unsigned back);
/* Reports the held tasks whose creators are known to be gone; with FINAL all held tasks. */
void held_resolve_all(struct follow *f, bool final, uint64_t when);
const struct lost *lost_find(const struct follow *f, pid_t tid);
/* Removes the death of TID from the lost; true: it was there. */
bool lost_take(struct follow *f, pid_t tid, struct stop *ret);
/* Reports TID, which is among the lost, with what the past creators have in common. */
void lost_report(struct follow *f, pid_t tid, uint64_t when);
/* Reports the lost tasks about which waiting longer cannot show more; with FINAL all of them. */
void lost_resolve(struct follow *f, bool final, uint64_t when);

/* calls */

/* PTRACE_EVENT_SECCOMP. */
void on_seccomp(struct follow *f, struct tracee *t, struct stop *stop);
/* The entry or exit of a call. */
void on_syscall_stop(struct follow *f, struct tracee *t, struct stop *stop);

/* denied */

/* Whether REQUEST, by a task of G, may be refused because of the trace, and this is to be reported, so the end of the
 * call must be seen. */
bool denied_may_come(const struct group *g, const struct request *request);
/* T's REQUEST of that sort has returned with STOP. */
void denied_comes(struct follow *f, struct tracee *t, const struct request *request, struct stop *stop);
/* What was to be gathered for STOP may be in memory of T that the tracer may not read. */
void denied_memory(struct follow *f, const struct tracee *t, const struct stop *stop);

/* doom */

/* Whether REQUEST, by T, may send a signal to T's own process that another thread takes, so the end of the call must be
 * seen. */
bool doom_may_come(const struct tracee *t, const struct request *request);
/* T's call P of that sort has returned with STOP. True: T is not resumed. */
bool doom_comes(struct follow *f, struct tracee *t, const struct pending *p, const struct stop *stop);
/* T is ending, or resumed. */
void doom_ends(struct follow *f, struct tracee *t);
/* Resumes the doomed tasks to which nothing happens; with ALL all doomed tasks. */
void doom_idle(struct follow *f, bool all, uint64_t when);

/* exec */

/* PTRACE_EVENT_EXEC. */
void on_exec(struct follow *f, struct tracee *t, struct stop *stop);
/* exec by a thread of a process whose leader had exited before cltrace attached, or was detached: the thread has the
 * leader's tid now, which was not a tracee. Adds the thread. NULL: that has not happened. */
struct tracee *exec_leader(struct follow *f, struct stop *stop);

/* ends */

/* PTRACE_EVENT_EXIT. */
void on_exit_stop(struct follow *f, struct tracee *t, struct stop *stop);
/* wait(2) has reported T's end. It reports a leader's end when no thread of the process is left (kernel/exit.c:
 * delay_group_leader()). If follow still knows such a thread, it has taken the leader's tid by an exec, and was killed
 * before the exec ended. */
void on_death(struct follow *f, struct tracee *t, const struct stop *stop);
/* ... before T was reported: nothing follows from it for other tasks. */
void on_lost_death(struct follow *f, struct tracee *t, const struct stop *stop);
/* T dies in a creation call, or while it returns from it: reports the task that T created, if there is one. The result
 * register by itself is not a proof, because after SIGSYS it holds the call's number. */
void on_exit_in_creation(struct follow *f, struct tracee *t, const struct stop *stop);
/* Starts the event of the end of TID with STATUS, which is known to be its own. FORBIDDEN: its tracee's. */
struct event *end_start(struct follow *f, pid_t tid, int status, const struct forbidden *forbidden, uint64_t when);
/* G, of which TID is a stopped task, is about to end or to be detached: looks for zombies. */
void on_last_look(struct follow *f, struct group *g, pid_t tid, uint64_t when);

/* ended */

/* T, a thread, has ended with STOP, and nothing shows yet whether its process ends. */
void ended_add(struct follow *f, const struct tracee *t, const struct stop *stop);
/* Reports the ended threads of G as HOW. If HOW is ENDED_ALONE, those that did not end by themselves stay: an exec is
 * under way. */
void ended_resolve(struct follow *f, struct group *g, enum ended_how how);
/* Reports only the thread that was added last. */
void ended_resolve_last(struct follow *f, struct group *g, enum ended_how how);
/* T is stopped with STOP: if it lives, the threads that ended before it stopped ended by themselves. */
void ended_by_stop(struct follow *f, const struct tracee *t, struct stop *stop);
/* T is stopped at its exit, with which its process ends: looks which threads of its process had ended by themselves. */
void ended_at_exit(struct follow *f, const struct tracee *t, uint64_t when);
/* Nothing happened for a while (BUSY: or only elsewhere): looks whether the processes live. */
void ended_probe(struct follow *f, bool busy, uint64_t when);
/* TID is a task of G: decides now, as well as possible, because nothing will show more. */
void ended_settle(struct follow *f, struct group *g, pid_t tid, uint64_t when);
/* TID, which has exec'ed since, has not ended. */
void ended_forget(struct follow *f, pid_t tid);
/* TID is in use again. */
void ended_reuse(struct follow *f, pid_t tid);
/* Reports all as ENDED_WITH_GROUP. */
void ended_finish(struct follow *f);
/* Removes all without reporting them. */
void ended_drop(struct follow *f);

/* signals */

/* The stop before SIGNO is delivered. */
void on_signal(struct follow *f, struct tracee *t, int signo, struct stop *stop);
/* PTRACE_EVENT_STOP: the first stop of a new task, a group stop, its end, or our own PTRACE_INTERRUPT. */
void on_trap(struct follow *f, struct tracee *t, const struct stop *stop);
/* The first stop of a held task: mostly PTRACE_EVENT_STOP, as for tasks that are not held; its end if it was killed at
 * once. */
void on_first(struct follow *f, struct tracee *t, const struct stop *stop);

/* verify */

/* Reports what the kernel said about TID and OTHER, and each difference from what was SAID. */
void verify_report(struct follow *f, pid_t tid, pid_t other, const struct check_masks *said,
		   const struct check_answers *answers, uint64_t when);
/* T has changed what it has, as SAID: compares it with another task. This is a task of OWN, its group (NULL: the group
 * ends), else of its parent's group, else of a child's group, else, for namespaces, the tracer. */
void verify_change(struct follow *f, const struct tracee *t, const struct group *own, const struct check_masks *said,
		   uint64_t when);
/* Checks whether T is in the namespaces that it entered by REQUEST, a setns. */
void verify_entered(struct follow *f, const struct tracee *t, const struct request *request, uint64_t when);

/* workers */

/* G is new; CREATOR: its creator's group, or NULL. */
void workers_begin(struct follow *f, struct group *g, const struct group *creator, uint64_t when);
/* TID of G has called io_uring_setup. */
void workers_setup(struct follow *f, struct group *g, pid_t tid, uint64_t when);
/* G has exec'ed, so its rings are gone. */
void workers_exec(struct follow *f, struct group *g, uint64_t when);
/* Reports COUNT workers in G, once for each group. */
void workers_report(struct follow *f, struct group *g, unsigned count, uint64_t when);
/* Looks for workers in G, of which TID is a task, if G may have workers and none were reported. */
void workers_look(struct follow *f, struct group *g, pid_t tid, uint64_t when);
/* The same, if it is time for that. */
void workers_look_if_due(struct follow *f, struct group *g, pid_t tid, uint64_t when);
/* All tasks are about to be detached: looks for workers in each group for the last time. When the first task has been
 * detached, cltrace cannot distinguish detached tasks from workers without looking at each of them. */
void workers_detach(struct follow *f, uint64_t when);

#endif
