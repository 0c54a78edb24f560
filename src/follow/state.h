/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What the files of follow share and nobody else sees: the state, and the functions that one file has for another.
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
 * A function that is called on_ something is what is done about a stop: it orders how the task goes on, or hands the
 * stop to one that does. */
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

/* Why SIGSYS is about to end a task: the call that it came with. */
struct forbidden {
	uint64_t nr;
	uint32_t audit_arch;
	int code; /* SYS_SECCOMP or SYS_USER_DISPATCH; 0: nothing is known */
};

/* A thread that has ended. wait(2) gives the status of its process if that ends meanwhile (kernel/exit.c:
 * wait_task_zombie()), and 0 if an exec ends it, so its own status is not known yet. */
struct ended {
	pid_t tid;
	int status; /* as wait(2) gave it */
	bool taken; /* it did not end by a call of its own */
	struct forbidden forbidden;
	uint64_t pthread;
	uint64_t when;
	struct group *group;
	struct ended *prev, *next; /* of its group, in the order of their ends */
	UT_hash_handle hh;
};

enum ended_how {
	ENDED_ALONE,	  /* its process lived on, so the status is its own */
	ENDED_WITH_GROUP, /* its process ended; if with another status, it was too early to end the thread */
	ENDED_BY_EXEC,	  /* another thread of its process has exec'ed */
	ENDED_UNKNOWN,	  /* nothing will show it any more */
};

/* A thread group with at least one traced task. */
struct group {
	pid_t tgid, ppid;
	struct group *parent; /* NULL: not traced */
	struct group *children, *next, *prev;
	unsigned live;	  /* traced tasks that have not been reported as ended */
	unsigned leaving; /* those of them that are on their way out by exit(2), a zombie leader too */
	unsigned stops;	  /* group stops so far */
	int stopped;	  /* the signal of the group stop that was reported, 0 for none */
	bool foreign_ids; /* its new tasks may see other pids than we do */
	unsigned depth;	  /* of its pid namespace, as long as `nspids` of its tasks; 1: the tracer's; 0: not known */
	bool ending;	  /* exit_group is known to be under way */
	bool ending_reported; /* who called it is known, too */
	bool may_have_zombie; /* a child of it has ended, and may still be a zombie */
	bool unreaped_reported;
	unsigned taken; /* tasks that have ended by neither exit(2) nor exit_group(2): another's call, or an exec */
	bool launched;
	bool init;	     /* of a pid namespace, so that signals from within have no effect (pid_namespaces(7)) */
	bool uring;	     /* it has called io_uring_setup, or may use who made it's */
	unsigned workers;    /* of io_uring's that were reported; 0: none */
	uint64_t look_at;    /* when they are to be looked for; 0: never */
	unsigned looks;	     /* so many have been in vain */
	unsigned denied;     /* bits 1 << enum event_note: what was denied, and reported */
	bool filtered;	     /* a task of it has loaded a seccomp filter of its own, which may kill */
	uint64_t exec;	     /* sequence number of its last exec, */
	uint64_t exec_when;  /* ... and when that was */
	struct ended *ended; /* not reported yet */
	bool ended_as_known; /* its last task ended with `ended_as` */
	int ended_as;
	unsigned idles; /* calls of ended_probe() in vain since the last of them ended */
	UT_hash_handle hh;
};

/* Ordered so that it has no holes, which would cost memory for each of 15,000 tasks. */
struct tracee {
	pid_t tid;
	unsigned stop;	     /* the group stop that it reported last: group->stops then */
	struct group *group; /* NULL: held, its creator is not known yet */
	struct pending *pending;
	struct pending *restore; /* the creator's call, whose flags are to be written back before the first run */
	pid_t announced;	 /* the last task that was reported as created by this task */
	pid_t vforked;		 /* -T: the task that it waits for, with CLONE_VFORK; 0: none, */
	uint64_t vforked_at;	 /* ... and since when */
	uint64_t
		pthread; /* of one that has TLS of its own: where that is, which is pthread_self() if it is a pthread */
	struct forbidden forbidden;
	uint64_t shown;	     /* held: sequence number when it showed up, */
	uint64_t since;	     /* ... when that was, */
	unsigned idles;	     /* ... and the calls of follow_idle() since */
	int first;	     /* held: the status of its first stop; 0: it runs, towards its end */
	int own_status;	     /* with which it ends by exit(2): `alone` */
	unsigned faults;     /* of an init: those in a row that should have ended it */
	unsigned spared;     /* calls of follow_idle() since it was `doomed` */
	bool seen : 1;	     /* its first stop has come */
	bool exit_stop : 1;  /* stops at PTRACE_EVENT_EXIT */
	bool taken : 1;	     /* ends by what another one of its group did */
	bool alone : 1;	     /* ends by exit(2), not with its group, and with `own_status` */
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

/* A task that was reported as ended before anybody announced it; at most one of each tid. */
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
	struct tracee *turn; /* whose turn it was last; NULL: none has been asked yet, or the first one */
	struct group *groups;
	struct past_creator past_creators[PAST_CREATORS];
	unsigned past_creators_next;
	unsigned held;
	struct lost *lost;
	struct ended *ended; /* of all groups, by tid */
	unsigned doomed;
	unsigned probed; /* groups that have some of them and are looked at until that is settled */
	uint64_t probed_at;
	struct detached *detached;
	uint64_t reported_at; /* when the last event was */
	uint64_t look_at;     /* when follow_look() is to be called; 0: never */
	bool detaching, resolving;
	bool outlived_reported, duration_reported;
};

/* What is known of a creation, from whichever source. */
struct creation {
	pid_t creator;	    /* 0: not known */
	pid_t creator_tgid; /* 0: not known */
	pid_t creator_ppid;
	struct group *group;				 /* the creator's, while it is traced */
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

/* The scratch event, cleared; it is good until the next one is started. What happened before the last event, and could
 * not be reported then, is reported at the time of that: the times of events never run back. */
struct event *event_start(struct follow *f, enum event_kind kind, pid_t tid, uint64_t when);
/* Tells of what was started last. */
void event_emit(struct follow *f);
void note_report(struct follow *f, enum event_note code, pid_t tid, int64_t number, int64_t value, uint64_t when);

/* state: tables. The find functions return NULL for what is not there. */

struct tracee *tracee_find(const struct follow *f, pid_t tid);
/* G: NULL for a task that is held. */
struct tracee *tracee_add(struct follow *f, pid_t tid, struct group *g);
/* Its group is left before, by tracee_leave_group(); one that has no live task is for the caller to remove. */
void tracee_remove(struct follow *f, struct tracee *t);
void tracee_leave_group(const struct tracee *t);

struct group *group_find(const struct follow *f, pid_t tgid);
/* Finds it, or adds it as PPID's child. */
struct group *group_add(struct follow *f, pid_t tgid, pid_t ppid);
void group_remove(struct follow *f, struct group *g);
/* Makes G a child of PARENT (NULL: of nobody traced), and undoes it. */
void group_link(struct group *g, struct group *parent);
void group_unlink(struct group *g);

/* Tasks that were detached. Takes TID from them; true when it was there. */
bool detached_take(struct follow *f, pid_t tid);
void detached_put(struct follow *f, pid_t tid);

/* The call in STOP, malloc'ed; NULL when it is none of ours. */
struct pending *pending_decode(const struct stop *stop);
/* The call of the task that has stopped. */
struct pending *pending_of_caller(const struct stop *stop);
void pending_drop(struct pending **pending);
/* Drops a call that makes no task: what a task made cannot have come from it. */
void pending_keep_creation(struct pending **pending);

/* Has the call gathered, unless it or a result is there. */
void gather_call(struct follow *f, struct stop *stop);
/* The tid that an event's message names; 0 when it could not be had. */
pid_t stop_message_tid(const struct stop *stop);

/* resume */

void resume(struct follow *f, struct tracee *t, struct order *order, const struct stop *stop);
void resume_plain(struct follow *f, struct tracee *t, int signal, const struct stop *stop);
/* A new task's first run: what it inherited from its creator for our sake is taken back. */
void resume_first(struct follow *f, struct tracee *t, enum order_how how, const struct stop *stop);
/* Lets go of T as ORDER says: its signal is delivered and its changes are made all the same. */
void tracee_detach(struct follow *f, struct tracee *t, struct order *order, uint64_t when);

/* T is traced no longer: reports that, and forgets it. If T is held, nothing is reported, because T was never
 * announced. */
void tracee_part(struct follow *f, struct tracee *t, uint64_t when);

/* ORDER also writes the flags of the call P: as the program passed them where UNTRACED, else without CLONE_UNTRACED. */
void order_set_flags(struct order *order, const struct pending *p, bool untraced);
/* A task that makes others stops at its exit: killed within the call, it can then still say what it made. A leader of
 * several threads is always such a task, for only it can make the second one: its own exit shows before theirs. */
void order_exit_stop(struct tracee *t, struct order *order);
/* Of a task that makes none, or none yet; with --signals all do, to show which task ends its process and which ends by
 * itself. */
void order_no_exit_stop(const struct follow *f, struct tracee *t, struct order *order);

/* creation */

/* PTRACE_EVENT_FORK, VFORK or CLONE: T has made the task in the event message. */
void on_creation(struct follow *f, struct tracee *t, struct stop *stop);
/* PTRACE_EVENT_VFORK_DONE: the task that T has made with CLONE_VFORK has exec'ed or ended. */
void on_vfork_done(struct follow *f, struct tracee *t, const struct stop *stop);
/* Tells of CHILD and lets it run if it was waiting for that. EXIT_STOP: it inherited that option. */
void creation_apply(struct follow *f, const struct creation *c, pid_t child, bool exit_stop);
/* Whether tasks of a new group may see other pids than we: its creator's did, or it begins a pid namespace. */
bool creation_foreign(const struct creation *c);

/* creator */

/* STOP is of a task that nobody has reported: it is held, or lost if it has ended. */
void on_unknown(struct follow *f, const struct stop *stop);
/* Remembers T, which dies, and the creation that it was in. */
void past_creator_add(struct follow *f, struct tracee *t, uint64_t when);
/* The past creator that was added BACK additions before the last one; 0: the last one. */
struct past_creator *past_creator_at(struct follow *f, unsigned back);
/* Reports the held tasks whose creators are known to be gone; with FINAL all held tasks. */
void held_resolve_all(struct follow *f, bool final, uint64_t when);
const struct lost *lost_find(const struct follow *f, pid_t tid);
/* Takes the death of TID from the lost; true when it was there. */
bool lost_take(struct follow *f, pid_t tid, struct stop *ret);
/* Reports TID, which is among the lost, with what the past creators have in common. */
void lost_report(struct follow *f, pid_t tid, uint64_t when);
/* Tells of the lost for whom nothing better can be expected; with FINAL of all. */
void lost_resolve(struct follow *f, bool final, uint64_t when);

/* calls */

/* PTRACE_EVENT_SECCOMP. */
void on_seccomp(struct follow *f, struct tracee *t, struct stop *stop);
/* The entry or exit of a call. */
void on_syscall_stop(struct follow *f, struct tracee *t, struct stop *stop);

/* denied */

/* Whether REQUEST, by a task of G, may be refused because we trace, and that is to be reported: its end is to be seen.
 */
bool denied_may_come(const struct group *g, const struct request *request);
/* T's REQUEST of that sort has returned as STOP says. */
void denied_comes(struct follow *f, struct tracee *t, const struct request *request, struct stop *stop);
/* What STOP was asked for may be in memory of T's that we may not read. */
void denied_memory(struct follow *f, const struct tracee *t, const struct stop *stop);

/* doom */

/* Whether REQUEST, by T, may send a signal to T's own process that another thread takes: its end is to be seen. */
bool doom_may_come(const struct tracee *t, const struct request *request);
/* T's call P, which may do so, has returned as STOP says. True: T is not resumed. */
bool doom_comes(struct follow *f, struct tracee *t, const struct pending *p, const struct stop *stop);
/* T is on its way out, or resumed. */
void doom_ends(struct follow *f, struct tracee *t);
/* Resumes those that nothing happens to; with ALL everybody. */
void doom_idle(struct follow *f, bool all, uint64_t when);

/* exec */

/* PTRACE_EVENT_EXEC. */
void on_exec(struct follow *f, struct tracee *t, struct stop *stop);
/* exec by a thread of a process whose leader had exited before we attached, or was detached: the thread has the
 * leader's tid now, which was no tracee. Adds it; NULL when that is not what has happened. */
struct tracee *exec_leader(struct follow *f, struct stop *stop);

/* ends */

/* PTRACE_EVENT_EXIT. */
void on_exit_stop(struct follow *f, struct tracee *t, struct stop *stop);
/* wait(2) has reported T's end. It reports a leader's end when no thread of the process is left (kernel/exit.c:
 * delay_group_leader()): one that we still know of has taken the leader's tid by an exec that it did not live to end.
 */
void on_death(struct follow *f, struct tracee *t, const struct stop *stop);
/* ... before anybody had reported T: nothing follows from it for others. */
void on_lost_death(struct follow *f, struct tracee *t, const struct stop *stop);
/* T dies within a creation call, or on its way out of it: reports the task that it created, if it created one. The
 * result register alone is no proof: after SIGSYS it holds the call's number. */
void on_exit_in_creation(struct follow *f, struct tracee *t, const struct stop *stop);
/* Starts the event of the end of TID with STATUS, which is known to be its own. FORBIDDEN: its tracee's. */
struct event *end_start(struct follow *f, pid_t tid, int status, const struct forbidden *forbidden, uint64_t when);
/* G, of which TID is a stopped task, is about to end or to be detached: has it zombies? */
void on_last_look(struct follow *f, struct group *g, pid_t tid, uint64_t when);

/* ended */

/* T, a thread, has ended as STOP says, and nothing shows yet whether its process does. */
void ended_add(struct follow *f, const struct tracee *t, const struct stop *stop);
/* Tells of those of G as HOW; those that did not end by themselves stay when it is ENDED_ALONE: an exec is under way.
 */
void ended_resolve(struct follow *f, struct group *g, enum ended_how how);
/* Tells only of the one that was added last. */
void ended_resolve_last(struct follow *f, struct group *g, enum ended_how how);
/* T is stopped as STOP says: if it lives, those that ended before it stopped did so alone. */
void ended_by_stop(struct follow *f, const struct tracee *t, struct stop *stop);
/* T is stopped at its exit, by which its process ends: looks who of its process has left by itself before. */
void ended_at_exit(struct follow *f, const struct tracee *t, uint64_t when);
/* Nothing happened for a while (BUSY: or only elsewhere): looks whether the processes live. */
void ended_probe(struct follow *f, bool busy, uint64_t when);
/* TID is a task of G: settles now, as well as can be, what nothing will show any more. */
void ended_settle(struct follow *f, struct group *g, pid_t tid, uint64_t when);
/* TID, which is said to have exec'ed since, has not ended. */
void ended_forget(struct follow *f, pid_t tid);
/* TID is in use again. */
void ended_reuse(struct follow *f, pid_t tid);
/* Tells of all as ENDED_WITH_GROUP. */
void ended_finish(struct follow *f);
/* Forgets all without a word. */
void ended_drop(struct follow *f);

/* signals */

/* The stop before SIGNO is delivered. */
void on_signal(struct follow *f, struct tracee *t, int signo, struct stop *stop);
/* PTRACE_EVENT_STOP: the first stop of a new task, a group stop, its end, or our own PTRACE_INTERRUPT. */
void on_trap(struct follow *f, struct tracee *t, const struct stop *stop);
/* The stop that a held task came with: mostly PTRACE_EVENT_STOP, as of one that is not held; its end when it was killed
 * at once. */
void on_first(struct follow *f, struct tracee *t, const struct stop *stop);

/* verify */

/* What the kernel said of TID and OTHER, and each thing in which that is not what was SAID. */
void verify_report(struct follow *f, pid_t tid, pid_t other, const struct check_masks *said,
		   const struct check_answers *answers, uint64_t when);
/* T has changed what it has, as SAID: what does the kernel say of it and of another task? That is one of OWN, its group
 * (NULL: that ends), else of its parent's, else of a child's, else for namespaces the tracer. */
void verify_change(struct follow *f, const struct tracee *t, const struct group *own, const struct check_masks *said,
		   uint64_t when);
/* Is T in the namespaces that it entered by REQUEST, a setns? */
void verify_entered(struct follow *f, const struct tracee *t, const struct request *request, uint64_t when);

/* workers */

/* G is new; CREATOR: the group of who made it, or NULL. */
void workers_begin(struct follow *f, struct group *g, const struct group *creator, uint64_t when);
/* TID of G has called io_uring_setup. */
void workers_setup(struct follow *f, struct group *g, pid_t tid, uint64_t when);
/* G has exec'ed: what it had set up is gone. */
void workers_exec(struct follow *f, struct group *g, uint64_t when);
/* Tells of COUNT workers in G, which is done once for each. */
void workers_report(struct follow *f, struct group *g, unsigned count, uint64_t when);
/* Looks for workers in G, of which TID is a task, if it may have some and none were reported. */
void workers_look(struct follow *f, struct group *g, pid_t tid, uint64_t when);
/* The same, if it is time for that. */
void workers_look_if_due(struct follow *f, struct group *g, pid_t tid, uint64_t when);
/* All tasks are about to be detached: looks for workers in each group for the last time. After the first task is
 * detached, each such task would have to be looked at, to see whether it is a worker. */
void workers_detach(struct follow *f, uint64_t when);

#endif
