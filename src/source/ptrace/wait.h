/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Which task stopped? Finds it at a cost that does not grow with the number of tasks, and never misses one.
 *
 * waitpid(-1) walks all tracees until it meets one that is ready (kernel/exit.c: do_wait()); waitpid(tid) does not,
 * since 5.14. So tasks are asked one by one, and the question is whom to ask:
 * 1. the pids that SIGCHLD names. SIGCHLD is blocked and taken with sigtimedwait(2). It does not queue: of several
 *    stops while one signal is pending only the first is named;
 * 2. when no signal is pending, all tasks by waitpid(-1), if they are few, else those that were active last: they are
 *    the likeliest to be ready again. Only after a signal: if none was taken none can have been hidden;
 * 3. now and then one task of all, in turn, so that a stop whose signal was lost is found after some rounds at the most
 *    even when other tasks never leave the tracer idle. So are signals for us, at each 16th call;
 * 4. when none is ready, after a short wait for a signal, all of them, by waitpid(-1). The short wait is so much longer
 *    than the walk that walks take but a small share of the time.
 *
 * Before it sleeps it polls for signals, if polling.h says that this is likely to pay.
 *
 * Why nothing is lost when it then blocks on the signal for ever: it does so only after a walk that found nothing ready
 * and that began after a look at the signals found none pending, with nothing found and no signal taken since
 * (`walked`). A stop before the walk's beginning would have been found by the walk. A stop after the look raises
 * SIGCHLD, which stays pending, under its own name or merged into another's, until it is taken: polling sees it, and
 * the block ends at once. (SIGCHLD must be neither ignored nor SA_NOCLDSTOP: do_notify_parent_cldstop().)
 *
 * One end may come with another signal than SIGCHLD, or with none: that of a leader that ended before its threads is
 * reported by its own exit signal, to a tracer that has exec'ed as many times as its creator (release_task(),
 * do_notify_parent()). It is reported when its last thread is reaped, which is within our own wait; so a walk comes
 * before the block. And whatever its number, a signal that says CLD_* names a task and asks nothing of us. */
#ifndef SOURCE_PTRACE_WAIT_H
#define SOURCE_PTRACE_WAIT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#include "source/ptrace/polling.h"

struct wait;

/* The kernel's side, replaceable by a script in tests. */
struct wait_signal {
	int signo;
	pid_t pid; /* si_pid */
	int code;  /* si_code */
};

struct wait_ops {
	/* waitpid(TID or -1, __WALL | WNOHANG): a tid, 0: none ready, or -errno. */
	pid_t (*wait)(void *data, pid_t tid, int *ret_status);
	/* The next of our signals, waiting up to TIMEOUT ns (0: not at all, negative: for ever). 1, or 0: none. */
	int (*signal)(void *data, int64_t timeout, struct wait_signal *ret);
	/* CLOCK_MONOTONIC, in ns. */
	uint64_t (*now)(void *data);
	/* Lets others have the processor, if there are any: sched_yield(2). */
	void (*yield)(void *data);
	/* How many processors we may run on, and how many there are. */
	void (*processors)(void *data, unsigned *ret_own, unsigned *ret_all);
	/* How many tasks of the whole machine can run now, ourselves included; 0: that is not known. */
	unsigned (*running)(void *data);
};

/* The real one; its data is a const struct signals (signals.h), which has been taken. */
extern const struct wait_ops wait_kernel;

enum wait_what {
	WAIT_STOP,    /* tid, status */
	WAIT_SIGNAL,  /* a signal that is not of a task */
	WAIT_TIMEOUT, /* nothing within the timeout */
	WAIT_NONE,    /* no children and no tracees at all */
};

struct wait_report {
	enum wait_what what;
	pid_t tid;
	int status;
	struct wait_signal signal;
};

/* Whom there is to wait for: who follows them knows them. */
struct wait_tasks {
	size_t (*count)(void *data);
	pid_t (*next)(void *data); /* each of them in turn; 0: there is none */
	void *data;
};

/* What has been done so far, for people. */
struct wait_seen {
	enum polling_state state;
	uint64_t polled, polled_in_vain, slept;
	unsigned short_gaps; /* of POLLING_ALL */
	unsigned running;    /* tasks that can run, on average, times POLLING_UNIT */
};

struct wait *wait_new(const struct wait_ops *ops, void *data, const struct wait_tasks *tasks);
void wait_free(struct wait *wait);

/* TID is a tracee from now on; it is asked early, because its first stop is near. */
void wait_add(struct wait *wait, pid_t tid);
/* TID has ended, or was let go. */
void wait_remove(struct wait *wait, pid_t tid);

/* The next report, within TIMEOUT ns (negative: for ever). IDLE is called when nothing is ready, so that output can be
 * written, and returns after how many ns it is to be called again (negative: never); 0: the call returns WAIT_TIMEOUT
 * at once. May be NULL. */
void wait_next(struct wait *wait, int64_t timeout, int64_t (*idle)(void *data), void *data, struct wait_report *ret);

/* How it waits now, and what has been done so far. */
void wait_seen(const struct wait *wait, struct wait_seen *ret);

#endif
