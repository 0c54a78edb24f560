/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Finds the task that stopped: by hints, by recent activity, in turn, and by a walk over all when idle (see wait.h). */
#include "source/ptrace/wait.h"

#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/mem.h"
#include "source/kernel/procfs/loadavg.h"
#include "source/ptrace/tracer_signals.h"

#define RECENT 16    /* most recently active tasks */
#define FEW 64	     /* a walk over so few tracees costs less than asking the recent tasks in vain */
#define WALK_NS 100  /* how long waitpid(-1) usually needs for each tracee, at most */
#define WALK_SHARE 8 /* the short wait is this many times the walk */
#define HINTS_MIN 64 /* so many hints are kept however few tasks there are */
#define SHORT_WAIT_MIN 20000
/* how often signals are looked at, and one of few tasks is asked, however busy the others are */
#define FAIR_EVERY 16
#define TURN_EVERY 4 /* how often one of many tasks is asked in turn */

/* A queue of tids; grows as needed. */
struct queue {
	pid_t *tids;
	size_t head, count, size;
};

struct wait {
	const struct wait_ops *ops;
	void *data;
	struct wait_tasks tasks;
	struct queue hints;
	pid_t recent[RECENT]; /* the latest first; 0: empty */
	bool merged;	      /* a signal has been taken since `recent` was asked in vain: it may have hidden others */
	bool walked;	/* a walk after a look that found no signal found nothing, and nothing has been found since */
	bool hidden;	/* the last walk has found a stop, so more stops are probably hidden */
	unsigned calls; /* of ask_ready() */
	struct polling polling;
};

static size_t count(const struct wait *w)
{
	return w->tasks.count(w->tasks.data);
}

static void queue_push(struct queue *q, pid_t tid)
{
	if (q->count == q->size) {
		size_t size = q->size ? q->size * 2 : 64;
		pid_t *tids = mem_alloc(size * sizeof(*tids));

		for (size_t i = 0; i < q->count; i++)
			tids[i] = q->tids[(q->head + i) % q->size];
		free(q->tids);
		*q = (struct queue){ .tids = tids, .count = q->count, .size = size };
	}
	q->tids[(q->head + q->count++) % q->size] = tid;
}

static pid_t queue_pop(struct queue *q)
{
	pid_t tid;

	if (!q->count)
		return 0;
	tid = q->tids[q->head];
	q->head = (q->head + 1) % q->size;
	q->count--;
	return tid;
}

/* TID is to be asked early. Hints must not accumulate, because while other tasks are always ready, no hint may ever be
 * looked at. */
static void hint(struct wait *w, pid_t tid)
{
	if (w->hints.count < HINTS_MIN + 2 * count(w))
		queue_push(&w->hints, tid);
}

struct wait *wait_new(const struct wait_ops *ops, void *data, const struct wait_tasks *tasks)
{
	struct wait *w = mem_zalloc(1, sizeof(*w));
	unsigned own, processors;

	w->ops = ops;
	w->data = data;
	w->tasks = *tasks;
	ops->processors(data, &own, &processors);
	polling_init(&w->polling, own, processors);
	return w;
}

void wait_free(struct wait *w)
{
	if (!w)
		return;
	free(w->hints.tids);
	free(w);
}

void wait_add(struct wait *w, pid_t tid)
{
	hint(w, tid);
	w->walked = false; /* it may have stopped before it was our tracee */
}

void wait_remove(struct wait *w, pid_t tid)
{
	size_t i = 0;

	while (i < RECENT && w->recent[i] != tid)
		i++;
	if (i == RECENT)
		return;
	memmove(w->recent + i, w->recent + i + 1, (RECENT - 1 - i) * sizeof(w->recent[0]));
	w->recent[RECENT - 1] = 0;
}

static void recent_put(struct wait *w, pid_t tid)
{
	size_t i = 0;

	while (i < RECENT - 1 && w->recent[i] != tid)
		i++;
	memmove(w->recent + 1, w->recent, i * sizeof(w->recent[0]));
	w->recent[0] = tid;
}

/* Asks for TID (-1: for all). True: *RET is filled, with a stop or because there is no task left to wait for. */
static bool ask(struct wait *w, pid_t tid, struct wait_report *ret)
{
	pid_t got = w->ops->wait(w->data, tid, &ret->status);

	if (got > 0) {
		ret->what = WAIT_STOP;
		ret->tid = got;
		recent_put(w, got);
		w->walked = false;
		return true;
	}
	if (got == -ECHILD && tid == -1) {
		ret->what = WAIT_NONE;
		return true;
	}
	return false;
}

/* Asks for all tasks. To be called when the last look found no signal, and no stop has been found since. */
static bool walk(struct wait *w, struct wait_report *ret)
{
	if (w->walked)
		return false;
	w->hidden = ask(w, -1, ret);
	if (w->hidden)
		return true;
	w->walked = true;
	w->merged = false;
	return false;
}

/* Whether the signal reports a task: SIGCHLD, or the task's own exit signal. Only the kernel sends CLD_*. */
static bool is_of_task(const struct wait_signal *s)
{
	return s->signo == SIGCHLD || (s->code >= CLD_EXITED && s->code <= CLD_CONTINUED);
}

/* Takes one signal, waiting up to TIMEOUT. 1: of a task, whose pid is a hint now; 0: none; -1: another signal, in *RET.
 */
static int take_signal(struct wait *w, int64_t timeout, struct wait_report *ret)
{
	struct wait_signal s;

	if (!w->ops->signal(w->data, timeout, &s))
		return 0;
	if (is_of_task(&s)) {
		if (s.pid > 0)
			hint(w, s.pid);
		w->merged = true;
		w->walked = false;
		return 1;
	}
	ret->what = WAIT_SIGNAL;
	ret->signal = s;
	return -1;
}

static bool ask_hints(struct wait *w, struct wait_report *ret)
{
	pid_t tid;

	while ((tid = queue_pop(&w->hints))) {
		if (ask(w, tid, ret))
			return true;
	}
	return false;
}

/* A stop that no signal names came while the signal of another stop was pending. So if no signal has been taken since
 * the recent tasks were asked in vain, none of them is ready. */
static bool ask_recent(struct wait *w, struct wait_report *ret)
{
	if (!w->merged)
		return false;
	for (size_t i = 0; i < RECENT && w->recent[i]; i++) {
		if (ask(w, w->recent[i], ret))
			return true;
	}
	w->merged = false;
	return false;
}

/* Takes all pending signals, or those up to the first one for us. True: one for us was found. */
static bool take_signals(struct wait *w, struct wait_report *ret)
{
	int r;

	while ((r = take_signal(w, 0, ret)) > 0)
		continue;
	return r < 0;
}

/* Makes sure that tasks which are always ready do not hide other tasks and signals. */
static bool ask_fairly(struct wait *w, struct wait_report *ret)
{
	const bool fair = ++w->calls % FAIR_EVERY == 0;
	pid_t tid;

	if (fair && take_signals(w, ret))
		return true;
	if (!fair && (w->calls % TURN_EVERY || count(w) <= FEW))
		return false;
	tid = w->tasks.next(w->tasks.data);
	return tid && ask(w, tid, ret);
}

/* Asks everything that can be asked without sleeping. After the last look, which found no signal, it walks over the
 * tasks if they are few, or if the last walk has found a stop. */
static bool ask_ready(struct wait *w, struct wait_report *ret)
{
	int r;

	if (ask_fairly(w, ret))
		return true;
	do {
		if (ask_hints(w, ret))
			return true;
		r = take_signal(w, 0, ret);
	} while (r > 0);
	return r < 0 || (count(w) <= FEW || w->hidden ? walk(w, ret) : ask_recent(w, ret));
}

/* Looks for signals again and again, from NOW on, for at most TIME. Tasks are not asked, because asking takes locks
 * that the tracees need to create and end tasks. Between two looks other tasks can have the processor, above all a new
 * task. */
static bool poll_signals(struct wait *w, uint64_t now, uint64_t time, struct wait_report *ret)
{
	const uint64_t begin = now;
	int r;

	for (; now - begin < time; now = w->ops->now(w->data)) {
		r = take_signal(w, 0, ret);
		if (r < 0 || (r > 0 && ask_ready(w, ret))) {
			polling_pays(&w->polling);
			return true;
		}
		if (!r)
			w->ops->yield(w->data);
	}
	polling_fails(&w->polling, now - begin);
	return false;
}

/* Polls if that is likely to pay, for at most LIMIT (negative: no limit). */
static bool poll_awhile(struct wait *w, uint64_t now, int64_t limit, struct wait_report *ret)
{
	uint64_t time = polling_time(&w->polling, now);

	if (limit >= 0 && time > (uint64_t)limit)
		time = (uint64_t)limit;
	return time && poll_signals(w, now, time, ret);
}

/* Before a walk over many tasks: waits for a signal during the time that the walk would take. True: *RET is filled. */
static bool wait_shortly(struct wait *w, int64_t limit, struct wait_report *ret)
{
	int64_t ns = (int64_t)count(w) * WALK_NS * WALK_SHARE;
	int r;

	ns = ns > SHORT_WAIT_MIN ? ns : SHORT_WAIT_MIN;
	do
		r = take_signal(w, limit >= 0 && limit < ns ? limit : ns, ret);
	while (r > 0 && !ask_ready(w, ret));
	return r != 0;
}

static int64_t shorter(int64_t a, int64_t b)
{
	return a < 0 || (b >= 0 && b < a) ? b : a;
}

/* Nothing is ready at NOW. True: *RET is filled. LIMIT: for how long to wait at most (negative: no limit). */
static bool wait_awhile(struct wait *w, uint64_t now, int64_t limit, struct wait_report *ret)
{
	int r;

	if (limit && poll_awhile(w, now, limit, ret))
		return true;
	if (!w->walked && limit && wait_shortly(w, limit, ret))
		return true;
	if (walk(w, ret))
		return true;
	if (!limit)
		return false;
	w->polling.slept++;
	r = take_signal(w, limit, ret);
	return r < 0 || (r > 0 && ask_ready(w, ret));
}

/* Nothing was ready since BEGIN, and something is now. The task that stopped does not run now, and the tracer runs, so
 * this is the moment to count which other tasks can run. While nothing is ready, all resumed tasks can run. */
static void learn(struct wait *w, uint64_t begin)
{
	const uint64_t now = w->ops->now(w->data);

	polling_learn(&w->polling, now - begin);
	if (polling_wants_count(&w->polling, now))
		polling_count(&w->polling, w->ops->running(w->data), now);
}

/* What is left of TIMEOUT, which began at BEGIN. */
static int64_t time_left(int64_t timeout, uint64_t begin, uint64_t now)
{
	if (timeout < 0)
		return -1;
	return (uint64_t)timeout > now - begin ? timeout - (int64_t)(now - begin) : 0;
}

void wait_next(struct wait *w, int64_t timeout, int64_t (*idle)(void *data), void *data, struct wait_report *ret)
{
	uint64_t begin, now;

	if (ask_ready(w, ret))
		return;
	begin = now = w->ops->now(w->data);
	for (;; now = w->ops->now(w->data)) {
		const int64_t left = time_left(timeout, begin, now);
		const int64_t again = idle && left ? idle(data) : -1;

		if (!again) {
			ret->what = WAIT_TIMEOUT;
			return;
		}
		if (wait_awhile(w, now, shorter(left, again), ret))
			break;
		if (!left) {
			ret->what = WAIT_TIMEOUT;
			return;
		}
	}
	learn(w, begin);
}

const struct polling *wait_polling(const struct wait *w)
{
	return &w->polling;
}

/* The kernel's side */

static pid_t kernel_wait(void *data, pid_t tid, int *ret_status)
{
	pid_t got;

	(void)data;
	do
		got = waitpid(tid, ret_status, __WALL | WNOHANG);
	while (got < 0 && errno == EINTR);
	return got < 0 ? -errno : got;
}

static int kernel_signal(void *data, int64_t timeout, struct wait_signal *ret)
{
	struct timespec at = { timeout / (int64_t)CLOCK_SECOND, timeout % (int64_t)CLOCK_SECOND };
	const struct signals *signals = data;
	siginfo_t info;
	int signo;

	do
		signo = timeout < 0 ? sigwaitinfo(&signals->taken, &info) : sigtimedwait(&signals->taken, &info, &at);
	while (signo > 0 ? !signals_read(signals, &info, ret) : signo < 0 && errno == EINTR && timeout < 0);
	return signo > 0;
}

static uint64_t kernel_now(void *data)
{
	(void)data;
	return clock_monotonic();
}

static void kernel_yield(void *data)
{
	(void)data;
	sched_yield();
}

static void kernel_processors(void *data, unsigned *ret_own, unsigned *ret_all)
{
	const long online = sysconf(_SC_NPROCESSORS_ONLN);
	cpu_set_t set;

	(void)data;
	*ret_all = online > 0 ? (unsigned)online : 1;
	*ret_own = sched_getaffinity(0, sizeof(set), &set) ? *ret_all : (unsigned)CPU_COUNT(&set);
}

static unsigned kernel_running(void *data)
{
	struct proc_loadavg load;

	(void)data;
	return proc_loadavg(&load) ? 0 : load.running;
}

const struct wait_ops wait_kernel = {
	kernel_wait, kernel_signal, kernel_now, kernel_yield, kernel_processors, kernel_running,
};
