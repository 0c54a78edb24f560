/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Which task stopped? Finds it at a cost that does not grow with the number of tasks, and never misses one.
 *
 * waitpid(-1) walks all tracees until it meets one that is ready (kernel/exit.c: do_wait()); waitpid(tid) does not,
 * since 5.14. So tasks are asked one by one, and the question is whom to ask:
 * 1. the pids that SIGCHLD names. SIGCHLD is blocked and taken with sigtimedwait(2). It does not queue: of several
 * stops while one signal is pending only the first is named;
 * 2. the tasks that were active last: they are the likeliest to be ready again. Only after a signal: where none was
 *    taken none can have been hidden;
 * 3. at each call one task of all, in turn (of few, at each 16th): so a stop whose signal was lost is found after some
 *    rounds at the most even when other tasks never leave the tracer idle. So are signals for us, at each 16th call;
 * 4. when none is ready, after a short wait for a signal, all of them, by waitpid(-1). The short wait is so much longer
 *    than the walk that walks take but a small share of the time. With few tasks, and where stops have not followed
 * each other closely, there is none. Before it sleeps at all it looks on for a moment (SPIN_NS), for signals above all,
 * as long as that has paid lately: to be put to sleep and woken costs more than a stop. With every tracee asleep this
 * has not paid, and it sleeps at once. So it does where others need the processor: who has slept gets it back at once,
 * who has used it up waits.
 *
 * Why nothing is lost when it then blocks on the signal for ever: it does so only after a walk that found nothing ready
 * and that began after a look at the signals found none pending. A stop before the walk's beginning would have been
 * found by the walk. A stop after the look raises SIGCHLD, which stays pending, under its own name or merged into
 * another's, until it is taken: the block ends at once. (SIGCHLD must be neither ignored nor SA_NOCLDSTOP:
 * do_notify_parent_cldstop().)
 *
 * One end may come with another signal than SIGCHLD, or with none: that of a leader that ended before its threads is
 * told by its own exit signal, to a tracer that has exec'ed as many times as its creator (release_task(),
 * do_notify_parent()). It is told when its last thread is reaped, which is within our own wait; so a walk comes before
 * the block. And whatever its number, a signal that says CLD_* names a task and asks nothing of us. */
#ifndef SOURCE_PTRACE_WAIT_H
#define SOURCE_PTRACE_WAIT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

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
	/* How many processors we may run on. */
	unsigned (*processors)(void *data);
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

struct wait *wait_new(const struct wait_ops *ops, void *data);
void wait_free(struct wait *wait);

/* TID is a tracee from now on; it is asked early, for its first stop is near. Adding it twice is no harm. */
void wait_add(struct wait *wait, pid_t tid);
void wait_remove(struct wait *wait, pid_t tid);

/* The next report, within TIMEOUT ns (negative: for ever). IDLE is called before the call goes to sleep, so that output
 * can be flushed; when it returns false, the call returns WAIT_TIMEOUT instead. May be NULL. */
void wait_next(struct wait *wait, int64_t timeout, bool (*idle)(void *data), void *data, struct wait_report *ret);

#endif
