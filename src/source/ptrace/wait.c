/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Finds the task that stopped: by hints, by recent activity, in turn, and by a walk over all when idle (see wait.h). */
#include "source/ptrace/wait.h"

#include <errno.h>
#include <sched.h>
#include <signal.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <uthash.h>

#include "base/clock.h"
#include "base/mem.h"
#include "source/ptrace/signals.h"

#define RECENT 16    /* most recently active tasks */
#define WALK_NS 100  /* what waitpid(-1) takes for each tracee, at the most usual */
#define WALK_SHARE 8 /* the short wait is this many times the walk */
#define WALK_FREE 4  /* with so few tracees the walk costs less than a wait */
#define HINTS_MIN 64 /* so many hints are kept however few tasks there are */
#define SHORT_WAIT_MIN 20000
#define SHORT_WAIT_BUSY 200000 /* where stops follow closely: neither walks nor flushes output in between */
#define FAIR_EVERY 16	 /* how often signals are looked at, and one of few tasks asked, however busy the others are */
#define SPIN_NS 50000	 /* how long to look again and again before sleeping, where that has paid lately */
#define SPIN_CREDIT 8	 /* so many useful looks in a row outweigh as many useless ones */
#define SPIN_LAPS 16	 /* how often tasks are asked meanwhile though no signal speaks for it */
#define CROWDED_NS 40000 /* when giving way takes so long somebody else has the processor */
#define REST_MIN 64	 /* then it is left out for so many sleeps, twice as many each time, down again by one ... */
#define REST_MAX 4096	 /* ... each time that it pays */

struct member {
	pid_t tid;
	size_t index; /* in `order` */
	UT_hash_handle hh;
};

/* A queue of tids; grows as needed. */
struct queue {
	pid_t *tids;
	size_t head, count, size;
};

struct wait {
	const struct wait_ops *ops;
	void *data;
	struct member *members;
	struct member **order; /* all members, in no order; taken in turn by `turn` */
	size_t count, size, turn;
	struct queue hints;
	pid_t recent[RECENT]; /* the latest first; 0: empty */
	bool merged;	      /* a signal has been taken since `recent` was asked in vain: it may have hidden others */
	int spin;	      /* > 0: the next stop is likely to come within SPIN_NS */
	unsigned calls;	      /* of ask_ready() */
	unsigned rest;	      /* sleeps before it may spin again */
	unsigned rest_next;   /* ... when others need the processor once more */
	bool alone;	      /* one processor: who spins keeps the tracee from running */
};

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

/* TID is to be asked early. While others are always ready no hint may ever be looked at: they must not pile up. */
static void hint(struct wait *w, pid_t tid)
{
	if (w->hints.count < HINTS_MIN + 2 * w->count)
		queue_push(&w->hints, tid);
}

struct wait *wait_new(const struct wait_ops *ops, void *data)
{
	struct wait *w = mem_zalloc(1, sizeof(*w));

	w->ops = ops;
	w->data = data;
	w->alone = ops->processors(data) == 1;
	w->rest_next = REST_MIN;
	return w;
}

void wait_free(struct wait *w)
{
	struct member *m, *next;

	if (!w)
		return;
	HASH_ITER (hh, w->members, m, next) {
		HASH_DEL(w->members, m);
		free(m);
	}
	free(w->order);
	free(w->hints.tids);
	free(w);
}

void wait_add(struct wait *w, pid_t tid)
{
	struct member *m;

	hint(w, tid);
	HASH_FIND_INT(w->members, &tid, m);
	if (m)
		return;
	if (w->count == w->size) {
		w->size = w->size ? w->size * 2 : 64;
		w->order = mem_resize(w->order, w->size, sizeof(*w->order));
	}
	m = mem_zalloc(1, sizeof(*m));
	m->tid = tid;
	m->index = w->count;
	w->order[w->count++] = m;
	HASH_ADD_INT(w->members, tid, m);
}

static void recent_drop(struct wait *w, pid_t tid)
{
	size_t i = 0;

	while (i < RECENT && w->recent[i] != tid)
		i++;
	if (i == RECENT)
		return;
	memmove(w->recent + i, w->recent + i + 1, (RECENT - 1 - i) * sizeof(w->recent[0]));
	w->recent[RECENT - 1] = 0;
}

void wait_remove(struct wait *w, pid_t tid)
{
	struct member *m;

	recent_drop(w, tid);
	HASH_FIND_INT(w->members, &tid, m);
	if (!m)
		return;
	w->order[m->index] = w->order[--w->count];
	w->order[m->index]->index = m->index;
	HASH_DEL(w->members, m);
	free(m);
}

static void recent_put(struct wait *w, pid_t tid)
{
	size_t i = 0;

	while (i < RECENT - 1 && w->recent[i] != tid)
		i++;
	memmove(w->recent + 1, w->recent, i * sizeof(w->recent[0]));
	w->recent[0] = tid;
}

/* Asks for TID (-1: for all). True when *RET is filled: with a stop, or when there is nobody left to wait for. */
static bool ask(struct wait *w, pid_t tid, struct wait_report *ret)
{
	pid_t got = w->ops->wait(w->data, tid, &ret->status);

	if (got > 0) {
		ret->what = WAIT_STOP;
		ret->tid = got;
		recent_put(w, got);
		return true;
	}
	if (got == -ECHILD && tid == -1) {
		ret->what = WAIT_NONE;
		return true;
	}
	return false;
}

/* Whether it tells of a task: by SIGCHLD, or by an exit signal of its own. Only the kernel sends CLD_*. */
static bool is_of_task(const struct wait_signal *s)
{
	return s->signo == SIGCHLD || (s->code >= CLD_EXITED && s->code <= CLD_CONTINUED);
}

/* Takes one signal, waiting up to TIMEOUT. 1: of a task, its pid is a hint now; 0: none; -1: another, in *RET. */
static int take_signal(struct wait *w, int64_t timeout, struct wait_report *ret)
{
	struct wait_signal s;

	if (!w->ops->signal(w->data, timeout, &s))
		return 0;
	if (is_of_task(&s)) {
		if (s.pid > 0)
			hint(w, s.pid);
		w->merged = true;
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

/* A stop that no signal names came while the signal of another was pending: when none has been taken since they were
 * asked in vain, there is nothing to be found. */
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

static bool ask_in_turn(struct wait *w, struct wait_report *ret)
{
	if (!w->count)
		return false;
	w->turn = (w->turn + 1) % w->count;
	return ask(w, w->order[w->turn]->tid, ret);
}

static int64_t short_wait(const struct wait *w)
{
	int64_t ns = (int64_t)w->count * WALK_NS * WALK_SHARE;
	int64_t least = w->spin > 0 ? SHORT_WAIT_BUSY : SHORT_WAIT_MIN;

	return ns > least ? ns : least;
}

/* Takes all signals that are pending, or up to the first that is for us: true. */
static bool take_signals(struct wait *w, struct wait_report *ret)
{
	int r;

	while ((r = take_signal(w, 0, ret)) > 0)
		continue;
	return r < 0;
}

/* Everything that does not sleep. Tasks that are always ready keep it from no other, and from no signal. */
static bool ask_ready(struct wait *w, struct wait_report *ret)
{
	bool fair = ++w->calls % FAIR_EVERY == 0;

	if (fair && take_signals(w, ret))
		return true;
	if ((fair || w->count > WALK_FREE) && ask_in_turn(w, ret))
		return true;
	return ask_hints(w, ret) || take_signals(w, ret) || ask_hints(w, ret) || ask_recent(w, ret);
}

static void spin_learn(struct wait *w, bool useful)
{
	if (useful && w->spin < SPIN_CREDIT)
		w->spin++;
	else if (!useful && w->spin > -SPIN_CREDIT)
		w->spin--;
}

static void spin_rest(struct wait *w)
{
	w->rest = w->rest_next;
	w->rest_next = w->rest_next < REST_MAX ? w->rest_next * 2 : REST_MAX;
}

/* One look of many. A stop comes with a signal, so that is what is looked for: asking tasks takes locks that the
 * tracees need to make and end tasks. In between others may have the processor, a new task that waits for it above all.
 */
static bool spin_lap(struct wait *w, bool thorough, struct wait_report *ret)
{
	int r = take_signal(w, 0, ret);

	if (r < 0 || ((r > 0 || thorough) && ask_ready(w, ret)))
		return true;
	if (!r)
		w->ops->yield(w->data);
	return false;
}

/* To be put to sleep and woken costs a task several times what a stop takes. Where stops have followed each other
 * closely it is cheaper for everybody to look on for a moment; where they have not, this is left out. */
static bool spin(struct wait *w, struct wait_report *ret)
{
	uint64_t begin, before, now;

	if (w->spin <= 0 || w->rest || w->alone)
		return false;
	begin = now = w->ops->now(w->data);
	for (unsigned lap = 1; now - begin < SPIN_NS; lap++) {
		if (spin_lap(w, lap % SPIN_LAPS == 0, ret)) {
			spin_learn(w, true);
			w->rest_next -= w->rest_next > REST_MIN;
			return true;
		}
		before = now;
		now = w->ops->now(w->data);
		if (now - before >= CROWDED_NS) {
			spin_rest(w);
			return false;
		}
	}
	spin_learn(w, false);
	return false;
}

/* Sleeps until a signal comes, and learns whether it was worth it. */
static int take_signal_asleep(struct wait *w, int64_t timeout, struct wait_report *ret)
{
	uint64_t begin = w->ops->now(w->data);
	int r = take_signal(w, timeout, ret);

	w->rest -= w->rest > 0;
	spin_learn(w, r && w->ops->now(w->data) - begin < SPIN_NS);
	return r;
}

void wait_next(struct wait *w, int64_t timeout, bool (*idle)(void *data), void *data, struct wait_report *ret)
{
	uint64_t start = 0;

	if (ask_ready(w, ret) || spin(w, ret))
		return;
	for (;;) {
		int64_t left = timeout;
		int r;

		if (w->count > WALK_FREE || w->spin > 0) {
			r = take_signal_asleep(w, short_wait(w), ret);
			if (r < 0 || (r > 0 && ask_ready(w, ret)))
				return;
			if (r > 0)
				continue;
		} else {
			r = take_signal(w, 0, ret);
			if (r < 0 || (r > 0 && ask_hints(w, ret)))
				return;
			if (r > 0)
				continue;
		}
		/* No signal was pending; now the walk. */
		if (ask(w, -1, ret))
			return;
		if (timeout >= 0) {
			start = start ? start : w->ops->now(w->data);
			left = timeout - (int64_t)(w->ops->now(w->data) - start);
			if (left <= 0) {
				ret->what = WAIT_TIMEOUT;
				return;
			}
		}
		if (idle && !idle(data)) {
			ret->what = WAIT_TIMEOUT;
			return;
		}
		if (take_signal_asleep(w, left, ret) < 0 || ask_ready(w, ret))
			return;
	}
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

static unsigned kernel_processors(void *data)
{
	cpu_set_t set;

	(void)data;
	return sched_getaffinity(0, sizeof(set), &set) ? 0 : (unsigned)CPU_COUNT(&set);
}

const struct wait_ops wait_kernel = { kernel_wait, kernel_signal, kernel_now, kernel_yield, kernel_processors };
