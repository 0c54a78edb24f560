/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Which task stopped? Finds it at a cost that does not grow with the number of tasks, and never misses one.
 *
 * waitpid(-1) walks all tracees until it meets one that is ready (kernel/exit.c: do_wait()); waitpid(tid) does not,
 * since 5.14. So tasks are asked one by one, in this order:
 * 1. the pids that SIGCHLD names. SIGCHLD is blocked and taken with sigtimedwait(2). It does not queue: of several
 *    stops while one signal is pending only the first is named;
 * 2. when no signal is pending: all tasks, by waitpid(-1), if they are few; else those that were active last, because
 *    they are the likeliest to be ready again. They are asked only if a signal was taken, because only a signal hides
 *    others;
 * 3. now and then one task of all, in turn. So a stop whose signal was lost is found after a limited number of rounds,
 *    even if other tasks never leave the tracer idle. Signals for us are found in the same way, at each 16th call;
 * 4. when none is ready, after a short wait for a signal: all tasks, by waitpid(-1). The short wait is so much longer
 *    than the walk that walks take only a small share of the time. As long as each walk finds a stop, the next walk is
 *    done in step 2: when many tasks are interrupted, or end, at once, one signal hides all their stops.
 *
 * Before wait_next() sleeps, it polls for signals if that is likely to pay (polling.h).
 *
 * Why no stop is lost when wait_next() then blocks on the signal for ever: it blocks only after a walk that found
 * nothing ready and that began after a look that found no signal pending, and only if no stop was found and no signal
 * was taken since (`walked`). The walk finds each stop that came before the walk began. A stop after the look raises
 * SIGCHLD, which stays pending, under its own name or merged into another's, until it is taken: polling sees the
 * signal, and the block ends at once. (SIGCHLD must be neither ignored nor SA_NOCLDSTOP: do_notify_parent_cldstop().)
 *
 * One end may come with another signal than SIGCHLD, or with none: that of a leader that ended before its threads is
 * reported by its own exit signal, to a tracer that has exec'ed as many times as its creator (release_task(),
 * do_notify_parent()). The kernel reports that end when the last thread is reaped, which is within our own wait; so a
 * walk comes before the block. And whatever its number, a signal that says CLD_* names a task and asks nothing of us.
 */
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
	/* waitpid(TID or -1, __WALL | WNOHANG): a tid, 0: no task is ready, or -errno. */
	pid_t (*wait)(void *data, pid_t tid, int *ret_status);
	/* The next of our signals, waiting up to TIMEOUT ns (0: not at all, negative: for ever). 1, or 0: no signal. */
	int (*signal)(void *data, int64_t timeout, struct wait_signal *ret);
	/* CLOCK_MONOTONIC, in ns. */
	uint64_t (*now)(void *data);
	/* Lets other tasks have the processor, if any can run: sched_yield(2). */
	void (*yield)(void *data);
	/* How many processors we may run on, and how many there are. */
	void (*processors)(void *data, unsigned *ret_own, unsigned *ret_all);
	/* How many tasks of the whole machine can run now, ourselves included; 0: not known. */
	unsigned (*running)(void *data);
};

/* The real one; its data is a const struct signals (tracer_signals.h), which has been taken. */
extern const struct wait_ops wait_kernel;

enum wait_what {
	WAIT_STOP,    /* tid, status */
	WAIT_SIGNAL,  /* a signal that is not of a task */
	WAIT_TIMEOUT, /* nothing within the timeout */
	WAIT_NONE,    /* there are neither children nor tracees */
};

struct wait_report {
	enum wait_what what;
	pid_t tid;
	int status;
	struct wait_signal signal;
};

/* The tasks to wait for, which follow knows. */
struct wait_tasks {
	size_t (*count)(void *data);
	pid_t (*next)(void *data); /* each of these tasks in turn; 0: there is none */
	void *data;
};

struct wait *wait_new(const struct wait_ops *ops, void *data, const struct wait_tasks *tasks);
void wait_free(struct wait *wait);

/* TID is a tracee from now on; it is asked early, because its first stop is near. */
void wait_add(struct wait *wait, pid_t tid);
/* TID has ended, or was detached. */
void wait_remove(struct wait *wait, pid_t tid);

/* The next report, within TIMEOUT ns (negative: for ever). IDLE is called when nothing is ready, so that output can be
 * written. It returns the ns after which it is to be called again (negative: never), or 0: wait_next() then returns
 * WAIT_TIMEOUT at once. IDLE may be NULL. */
void wait_next(struct wait *wait, int64_t timeout, int64_t (*idle)(void *data), void *data, struct wait_report *ret);

/* How wait_next() waits, and why. */
const struct polling *wait_polling(const struct wait *wait);

#endif
