/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Which task stopped: nothing is lost, nobody starves, and it costs little, against a scripted kernel. */
#include <errno.h>
#include <limits.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>

#include <cmocka.h>

#include "source/ptrace/tracer_signals.h"
#include "source/ptrace/wait.h"

#define TIDS_MAX 20001
#define STOPPED 0x137f /* any wait status */

/* What the kernel would know. SIGCHLD does not queue: while one is pending, later ones are merged into it. */
struct kernel {
	struct wait *wait;
	bool child[TIDS_MAX];	   /* ours to wait for */
	unsigned ready[TIDS_MAX];  /* stops that were not reported yet */
	unsigned stopped_in_total; /* ... of all */
	pid_t lowest, highest;	   /* children are among these */
	unsigned children;
	pid_t sigchld;	/* pending, of this child; 0: none */
	int other;	/* another signal pending for us; 0: none */
	pid_t reported; /* ... which reports this child's end; 0: none */
	/* counts */
	unsigned asks, walks, looks, sleeps;
	unsigned asked[TIDS_MAX];
	unsigned idles, yields;
	uint64_t clock;
	uint64_t asleep_ns;   /* how long it takes until something happens while we sleep */
	uint64_t until;	      /* while we sleep: when the sleep ends by itself */
	uint64_t slept_ns;    /* in all */
	uint64_t due;	      /* happen_when_due(): when the next stop comes, */
	unsigned in_burst;    /* ... which stop of its burst it is, */
	unsigned burst;	      /* ... of so many stops */
	uint64_t after, rest; /* ... that follow each other after so long, and the next burst */
	uint64_t yield_ns;    /* ... and until we have the processor again */
	unsigned processors;
	unsigned running;      /* tasks that can run */
	unsigned counted;      /* how often `running` was asked for */
	int64_t again;	       /* what is returned when nothing is ready */
	bool member[TIDS_MAX]; /* followed: has its turn */
	size_t members;
	pid_t turn;
	bool busy_forever; /* every child is ready again as soon as it was reported */
	/* What happens by itself: called before each answer, and while we sleep. False: nothing will happen any more.
	 */
	bool (*happen)(struct kernel *k, bool asleep);
	uint64_t random;
	unsigned to_come; /* stops that HAPPEN may still make */
	pid_t alone;	  /* the child that busy_forever leaves out */
};

static struct kernel kernel;

static void kernel_add(struct kernel *k, pid_t tid)
{
	k->child[tid] = true;
	k->children++;
	k->lowest = k->lowest && k->lowest < tid ? k->lowest : tid;
	k->highest = k->highest > tid ? k->highest : tid;
}

static void kernel_stop(struct kernel *k, pid_t tid)
{
	k->ready[tid]++;
	k->stopped_in_total++;
	if (!k->sigchld)
		k->sigchld = tid;
}

static pid_t kernel_report(struct kernel *k, pid_t tid, int *ret_status)
{
	k->ready[tid]--;
	k->stopped_in_total--;
	*ret_status = STOPPED;
	if (k->busy_forever && tid != k->alone)
		kernel_stop(k, tid);
	return tid;
}

static pid_t op_wait(void *data, pid_t tid, int *ret_status)
{
	struct kernel *k = data;

	if (k->happen)
		k->happen(k, false);
	if (tid != -1) {
		k->asks++;
		if (tid < TIDS_MAX)
			k->asked[tid]++;
		if (tid >= TIDS_MAX || !k->child[tid])
			return -ECHILD;
		return k->ready[tid] ? kernel_report(k, tid, ret_status) : 0;
	}
	k->walks++;
	if (!k->children)
		return -ECHILD;
	for (tid = k->highest; tid >= k->lowest && k->stopped_in_total; tid--)
		if (k->ready[tid])
			return kernel_report(k, tid, ret_status);
	return 0;
}

/* Not inlined: gcc 16 guesses that wait_kernel.signal is this function, and warns of what that is called with. */
__attribute__((noinline)) static int op_signal(void *data, int64_t timeout, struct wait_signal *ret)
{
	struct kernel *k = data;

	k->looks++;
	if (k->happen)
		k->happen(k, false);
	if (timeout && !k->sigchld && !k->other) {
		const uint64_t begin = k->clock;

		k->sleeps++;
		k->until = timeout < 0 ? UINT64_MAX : k->clock + (uint64_t)timeout;
		k->clock += k->asleep_ns;
		/* Asleep for good is right only when nobody is ready, now or later. */
		while (!k->sigchld && !k->other && k->happen && k->happen(k, true))
			continue;
		if (timeout < 0 && !k->sigchld && !k->other) {
			if (k->stopped_in_total)
				fail_msg("asleep for ever, with a stop to report");
			k->other = SIGALRM; /* the story is over */
		}
		k->slept_ns += k->clock - begin;
	}
	if (k->other && (!k->sigchld || k->other < SIGCHLD)) {
		*ret = (struct wait_signal){ .signo = k->other, .pid = 7, .code = SI_KERNEL };
		if (k->reported)
			*ret = (struct wait_signal){ .signo = k->other, .pid = k->reported, .code = CLD_EXITED };
		k->other = k->reported = 0;
		return 1;
	}
	if (k->sigchld) {
		*ret = (struct wait_signal){ .signo = SIGCHLD, .pid = k->sigchld };
		k->sigchld = 0;
		return 1;
	}
	return 0;
}

/* All takes a microsecond. */
static uint64_t op_now(void *data)
{
	struct kernel *k = data;

	return k->clock += 1000;
}

static void op_yield(void *data)
{
	struct kernel *k = data;

	k->yields++;
	k->clock += k->yield_ns;
}

static void op_processors(void *data, unsigned *ret_own, unsigned *ret_all)
{
	const struct kernel *k = data;

	*ret_own = k->processors;
	*ret_all = k->processors;
}

static unsigned op_running(void *data)
{
	struct kernel *k = data;

	k->counted++;
	return k->running;
}

static const struct wait_ops script = { op_wait, op_signal, op_now, op_yield, op_processors, op_running };

static size_t tasks_count(void *data)
{
	const struct kernel *k = data;

	return k->members;
}

static pid_t tasks_next(void *data)
{
	struct kernel *k = data;

	if (!k->members)
		return 0;
	do
		k->turn = (k->turn + 1) % TIDS_MAX;
	while (!k->member[k->turn]);
	return k->turn;
}

/* TID is followed from now on, or no longer. */
static void follow(struct kernel *k, pid_t tid)
{
	k->members += !k->member[tid];
	k->member[tid] = true;
	wait_add(k->wait, tid);
}

static void unfollow(struct kernel *k, pid_t tid)
{
	k->members -= k->member[tid];
	k->member[tid] = false;
	wait_remove(k->wait, tid);
}

static int64_t on_idle(void *data)
{
	struct kernel *k = data;

	k->idles++;
	return k->again;
}

/* A kernel with children 1 to COUNT, all of them added. On one processor it never looks on before it sleeps. */
static struct kernel *set_up_on(unsigned processors, pid_t count)
{
	memset(&kernel, 0, sizeof(kernel));
	kernel.processors = processors;
	kernel.asleep_ns = 1000000;
	kernel.again = -1;
	kernel.running = 1;
	kernel.wait = wait_new(&script, &kernel, &(struct wait_tasks){ tasks_count, tasks_next, &kernel });
	for (pid_t tid = 1; tid <= count; tid++) {
		kernel_add(&kernel, tid);
		follow(&kernel, tid);
	}
	return &kernel;
}

static struct kernel *set_up(pid_t count)
{
	return set_up_on(1, count);
}

/* The same, with what adding leaves to be asked out of the way. */
static struct kernel *set_up_quiet(pid_t count)
{
	struct kernel *k = set_up(count);
	struct wait_report report;

	wait_next(k->wait, 0, NULL, NULL, &report);
	assert_int_equal(report.what, WAIT_TIMEOUT);
	k->asks = k->walks = k->looks = k->sleeps = 0;
	return k;
}

static int tear_down(void **state)
{
	(void)state;
	wait_free(kernel.wait);
	kernel.wait = NULL;
	return 0;
}

/* The next report is a stop; of whom? */
static pid_t next_stop(struct kernel *k)
{
	struct wait_report report;

	memset(&report, 0xff, sizeof(report));
	wait_next(k->wait, -1, on_idle, k, &report);
	assert_int_equal(report.what, WAIT_STOP);
	assert_int_equal(report.status, STOPPED);
	return report.tid;
}

/* All is quiet: what is slept for is the signal that ends the story. */
static void nothing_more(struct kernel *k)
{
	struct wait_report report;

	wait_next(k->wait, -1, on_idle, k, &report);
	assert_int_equal(report.what, WAIT_SIGNAL);
	assert_int_equal(report.signal.signo, SIGALRM);
}

static void test_nobody(void **state)
{
	struct kernel *k = set_up(0);
	struct wait_report report = { .what = WAIT_TIMEOUT };

	(void)state;
	wait_next(k->wait, -1, on_idle, k, &report);
	assert_int_equal(report.what, WAIT_NONE);
	assert_int_equal(k->sleeps, 0);
	assert_int_equal(k->idles, 0);
	wait_free(NULL);
}

/* A tracee that is added is asked at once, before any signal. */
static void test_added_is_asked(void **state)
{
	struct kernel *k = set_up_quiet(100);

	(void)state;
	for (pid_t tid = 200; tid < 300; tid++) {
		kernel_add(k, tid);
		k->ready[tid] = 1; /* its signal was taken long ago */
		k->stopped_in_total++;
		follow(k, tid);
	}
	for (int i = 0; i < 100; i++) {
		const pid_t tid = next_stop(k);

		assert_true(tid >= 200 && tid <= 299);
	}
	assert_true(k->asks < 300);
	assert_int_equal(k->walks, 0);
	nothing_more(k);
}

static void test_signal_names_it(void **state)
{
	struct kernel *k = set_up_quiet(1000);

	(void)state;
	kernel_stop(k, 500);
	assert_int_equal(next_stop(k), 500);
	assert_int_equal(k->walks, 0);
	assert_true(k->asks < 10);
	nothing_more(k);
}

/* Of five stops one is named. Found they are all. */
static void test_merged_signals(void **state)
{
	struct kernel *k = set_up_quiet(1000);
	unsigned seen[6] = { 0 };

	(void)state;
	for (pid_t tid = 101; tid <= 105; tid++)
		kernel_stop(k, tid);
	for (int i = 0; i < 5; i++)
		seen[next_stop(k) - 100]++;
	for (int i = 1; i <= 5; i++)
		assert_int_equal(seen[i], 1);
	nothing_more(k);
}

/* The signal named a task that is gone, and another's stop went with it. */
static void test_misnamed(void **state)
{
	static const pid_t counts[] = { 1, 4, 5, 1000 }; /* few are walked over at once */

	for (size_t i = 0; i < sizeof(counts) / sizeof(counts[0]); i++) {
		struct kernel *k = set_up_quiet(counts[i]);

		kernel_stop(k, 1);
		k->sigchld = 19999;
		assert_int_equal(next_stop(k), 1);
		nothing_more(k);
		tear_down(state);
	}
}

/* A child that nobody announced is found by the walk: a new task, or somebody's child that we inherited. */
static void test_unknown_child(void **state)
{
	struct kernel *k = set_up_quiet(1000);

	(void)state;
	kernel_add(k, 2000);
	kernel_stop(k, 2000);
	k->sigchld = 19999; /* its signal was merged into another's */
	assert_int_equal(next_stop(k), 2000);
	nothing_more(k);
}

static void test_other_signal(void **state)
{
	static const pid_t counts[] = { 1, 1000 };

	for (int i = 0; i < 2; i++) {
		struct kernel *k = set_up_quiet(counts[i]);
		struct wait_report report;

		k->other = SIGTERM;
		wait_next(k->wait, -1, NULL, NULL, &report);
		assert_int_equal(report.what, WAIT_SIGNAL);
		assert_int_equal(report.signal.signo, SIGTERM);
		assert_int_equal(report.signal.pid, 7);
		assert_int_equal(report.signal.code, SI_KERNEL);
		nothing_more(k);
		tear_down(state);
	}
}

/* However busy the tasks are: ^C must come through. */
/* A SIGTERM that reports a task's end is not a SIGTERM for the tracer. */
static void test_exit_signal(void **state)
{
	struct kernel *k = set_up_quiet(1000);

	(void)state;
	k->other = SIGTERM;
	k->reported = 700;
	k->ready[700] = k->stopped_in_total = 1;
	assert_int_equal(next_stop(k), 700);
	assert_int_equal(k->walks, 0);
	nothing_more(k);
}

static void test_other_signal_is_not_starved(void **state)
{
	static const pid_t counts[] = { 1, 3, 100 };

	for (int i = 0; i < 3; i++) {
		struct kernel *k = set_up_quiet(counts[i]);
		struct wait_report report;
		int calls = 0;

		k->busy_forever = true;
		for (pid_t tid = 1; tid <= counts[i]; tid++)
			kernel_stop(k, tid);
		for (int warm = 0; warm < 500; warm++)
			next_stop(k);
		k->other = SIGINT;
		do
			wait_next(k->wait, -1, NULL, NULL, &report);
		while (report.what != WAIT_SIGNAL && ++calls < 100);
		assert_int_equal(report.what, WAIT_SIGNAL);
		assert_int_equal(report.signal.signo, SIGINT);
		tear_down(state);
	}
}

/* Nor may they starve one task whose signal was lost: after a round of all it is found. */
static void test_no_task_is_starved(void **state)
{
	static const pid_t counts[] = { 2, 4, 5, 300 };

	for (int i = 0; i < 4; i++) {
		struct kernel *k = set_up_quiet(counts[i]);
		pid_t quiet = (counts[i] + 1) / 2;
		int calls = 0;

		k->busy_forever = true;
		k->alone = quiet;
		for (pid_t tid = 1; tid <= counts[i]; tid++)
			if (tid != quiet)
				kernel_stop(k, tid);
		k->ready[quiet] = 1; /* no signal */
		k->stopped_in_total++;
		while (next_stop(k) != quiet)
			assert_true(++calls <= 2 * counts[i] + 64);
		tear_down(state);
	}
}

/* Tasks come and go all the while: still everybody gets a turn. */
static void test_no_task_is_starved_by_comings_and_goings(void **state)
{
	struct kernel *k = set_up_quiet(50);
	pid_t quiet = 25, next = 51;
	pid_t tid;
	int calls = 0;

	(void)state;
	k->busy_forever = true;
	k->alone = quiet;
	for (tid = 1; tid <= 50; tid++)
		if (tid != quiet)
			kernel_stop(k, tid);
	k->ready[quiet] = 1;
	k->stopped_in_total++;
	while ((tid = next_stop(k)) != quiet) {
		assert_true(++calls < 1000);
		if (calls % 2)
			continue;
		/* This one ends; another begins. */
		k->stopped_in_total -= k->ready[tid];
		k->ready[tid] = 0;
		k->child[tid] = false;
		unfollow(k, tid);
		kernel_add(k, next);
		follow(k, next);
		kernel_stop(k, next++);
	}
}

/* What signals named while there was no time to ask does not pile up. */
static void test_hints_are_bounded(void **state)
{
	struct kernel *k = set_up_quiet(100);

	(void)state;
	k->busy_forever = true;
	for (pid_t tid = 1; tid <= 100; tid++)
		kernel_stop(k, tid);
	for (int i = 0; i < 50000; i++)
		next_stop(k);
	k->busy_forever = false;
	for (int i = 0; i < 100; i++)
		next_stop(k);
	k->asks = 0;
	nothing_more(k);
	assert_true(k->asks < 500);
}

static void test_timeout(void **state)
{
	static const pid_t counts[] = { 1, 1000 };

	for (int i = 0; i < 2; i++) {
		struct kernel *k = set_up_quiet(counts[i]);
		struct wait_report report;

		wait_next(k->wait, 0, on_idle, k, &report);
		assert_int_equal(report.what, WAIT_TIMEOUT);
		assert_int_equal(k->idles, 0); /* it would not have slept */
		wait_next(k->wait, 1000, on_idle, k, &report);
		assert_int_equal(report.what, WAIT_TIMEOUT);
		/* A stop comes before a timeout. */
		kernel_stop(k, 1);
		wait_next(k->wait, 0, on_idle, k, &report);
		assert_int_equal(report.what, WAIT_STOP);
		tear_down(state);
	}
}

static bool stop_in_sleep(struct kernel *k, bool asleep)
{
	if (!asleep || !k->to_come)
		return false;
	k->to_come--;
	kernel_stop(k, 1);
	return true;
}

/* Before it sleeps it says so, that output can be flushed; while there is work it does not. */
static void test_idle_before_sleep(void **state)
{
	struct kernel *k = set_up_quiet(3);
	struct wait_report report;

	(void)state;
	kernel_stop(k, 2);
	kernel_stop(k, 3);
	next_stop(k);
	next_stop(k);
	assert_int_equal(k->idles, 0);
	k->to_come = 1;
	k->happen = stop_in_sleep;
	assert_int_equal(next_stop(k), 1);
	assert_int_equal(k->idles, 1);
	/* The same within a time that is far from over. */
	k->to_come = 1;
	wait_next(k->wait, INT64_C(3600000000000), on_idle, k, &report);
	assert_int_equal(report.what, WAIT_STOP);
	assert_int_equal(k->idles, 2);
}

static int64_t refuse_idle(void *data)
{
	(void)data;
	return 0;
}

static void test_idle_refuses(void **state)
{
	struct kernel *k = set_up_quiet(3);
	struct wait_report report;

	(void)state;
	wait_next(k->wait, -1, refuse_idle, NULL, &report);
	assert_int_equal(report.what, WAIT_TIMEOUT);
	assert_int_equal(k->sleeps, 0);
}

/* Who was removed is not asked any more, in whatever order they go. */
static void test_remove(void **state)
{
	struct kernel *k = set_up(100);

	(void)state;
	follow(k, 50); /* twice is no harm */
	unfollow(k, 1);
	unfollow(k, 100);
	for (pid_t tid = 99; tid > 40; tid--)
		unfollow(k, tid);
	for (pid_t tid = 2; tid <= 40; tid++)
		unfollow(k, tid);
	unfollow(k, 40);
	unfollow(k, 12345);
	for (pid_t tid = 1; tid <= 100; tid++)
		k->child[tid] = false;
	k->children = 1;
	kernel_add(k, 200);
	nothing_more(k); /* what adding had left to be asked */
	k->asks = 0;
	kernel_stop(k, 200);
	assert_int_equal(next_stop(k), 200);
	assert_true(k->asks <= 2);
}

/* Those who are left after some have gone are all asked in turn. */
static void test_turns_after_remove(void **state)
{
	struct kernel *k = set_up_quiet(120);
	struct wait_report report;

	(void)state;
	for (pid_t tid = 3; tid <= 120; tid += 3)
		unfollow(k, tid);
	for (pid_t tid = 20; tid > 0; tid -= 7)
		unfollow(k, tid);
	memset(k->asked, 0, sizeof(k->asked));
	for (int i = 0; i < 120 * 4; i++)
		wait_next(k->wait, 0, NULL, NULL, &report);
	for (pid_t tid = 1; tid <= 120; tid++) {
		bool removed = tid % 3 == 0 || (tid <= 20 && (20 - tid) % 7 == 0);

		assert_int_equal(k->asked[tid] > 0, !removed);
	}
}

/* Who was active lately is asked before there is a walk over all. */
static void test_recent(void **state)
{
	struct kernel *k = set_up_quiet(1000);

	(void)state;
	for (pid_t tid = 1; tid <= 10; tid++) {
		kernel_stop(k, tid);
		assert_int_equal(next_stop(k), tid);
	}
	for (pid_t tid = 1; tid <= 10; tid++) {
		kernel_stop(k, tid);
		k->sigchld = 19999; /* its signal was merged into another's */
		assert_int_equal(next_stop(k), tid);
	}
	assert_int_equal(k->walks, 0);
}

/* Where no signal has come none can have been hidden: they are not asked again and again, nor after their end. */
static void test_recent_is_not_asked_in_vain(void **state)
{
	struct kernel *k = set_up_quiet(1000);
	struct wait_report report;

	(void)state;
	for (pid_t tid = 1; tid <= 10; tid++) {
		kernel_stop(k, tid);
		next_stop(k);
	}
	for (pid_t tid = 2; tid <= 10; tid += 2)
		unfollow(k, tid);
	memset(k->asked, 0, sizeof(k->asked));
	k->sigchld = 19999;
	k->turn = 500;
	for (int i = 0; i < 10; i++)
		wait_next(k->wait, 0, NULL, NULL, &report);
	for (pid_t tid = 1; tid <= 10; tid++)
		assert_int_equal(k->asked[tid], tid % 2);
}

/* One signal hides the stops of all tasks, as when all are interrupted, or end, at once: their number does not make the
 * tracer wait. Without the walks that follow each other, it would sleep for each task. */
static void test_all_at_once(void **state)
{
	struct kernel *k = set_up_quiet(15000);

	(void)state;
	for (pid_t tid = 1; tid <= 15000; tid++)
		kernel_stop(k, tid);
	for (pid_t tid = 1; tid <= 15000; tid++)
		next_stop(k);
	assert_int_equal(k->stopped_in_total, 0);
	assert_true(k->sleeps <= 2);
	nothing_more(k);
	/* It is over: one task that stops again and again is found without walks. */
	k->walks = 0;
	k->happen = stop_in_sleep;
	k->to_come = 100;
	for (int i = 0; i < 100; i++)
		assert_int_equal(next_stop(k), 1);
	assert_int_equal(k->walks, 0);
}

/* A task that stops again and again among many that sleep costs no more than among few, and no walks. */
static unsigned cost_among(pid_t count)
{
	struct kernel *k = set_up_quiet(count);
	unsigned asks;

	k->happen = stop_in_sleep;
	k->to_come = 1000;
	for (int i = 0; i < 1000; i++)
		assert_int_equal(next_stop(k), 1);
	if (count > 100)
		assert_int_equal(k->walks, 0);
	asks = k->asks + k->walks;
	wait_free(k->wait);
	k->wait = NULL;
	return asks;
}

static void test_cost(void **state)
{
	unsigned few = cost_among(10), hundred = cost_among(100), many = cost_among(15000);

	(void)state;
	assert_true(few <= 1000 * 3);
	assert_true(hundred <= 1000 * 4);
	assert_true(many <= hundred + hundred / 10);
}

/* Random arrivals at any moment, while it asks, looks and sleeps: each stop is reported once, and it never sleeps for
 * good while there is one to report (op_signal()). */

static unsigned pick(struct kernel *k, unsigned below)
{
	k->random ^= k->random >> 12;
	k->random ^= k->random << 25;
	k->random ^= k->random >> 27;
	return (unsigned)(k->random * UINT64_C(2685821657736338717) >> 33) % below;
}

static bool happen_at_random(struct kernel *k, bool asleep)
{
	if (!k->to_come)
		return false;
	if (!asleep && pick(k, 4))
		return true;
	for (unsigned n = 1 + pick(k, 5); n && k->to_come; n--) {
		pid_t tid = k->lowest + (pid_t)pick(k, (unsigned)(k->highest - k->lowest + 1));

		if (!k->child[tid] || k->ready[tid])
			continue;
		k->to_come--;
		kernel_stop(k, tid);
		if (!pick(k, 8))
			k->sigchld = 19999; /* misnamed: taken for one that has gone */
	}
	return true;
}

static void random_arrivals(unsigned processors)
{
	for (unsigned seed = 1; seed <= 300; seed++) {
		struct kernel *k = set_up_on(processors, 1 + (pid_t)(seed * 7919 % 200));
		unsigned reported = 0, total = 400;
		struct wait_report report;

		k->random = seed * UINT64_C(0x9e3779b97f4a7c15);
		k->happen = happen_at_random;
		k->to_come = total;
		k->asleep_ns = 10000;
		k->yield_ns = seed % 3 ? 0 : 1000000;
		for (;;) {
			wait_next(k->wait, -1, on_idle, k, &report);
			if (report.what == WAIT_SIGNAL && report.signal.signo == SIGALRM)
				break;
			assert_int_equal(report.what, WAIT_STOP);
			reported++;
		}
		assert_int_equal(reported, total);
		assert_int_equal(k->stopped_in_total, 0);
		tear_down(NULL);
	}
}

static void test_random_arrivals(void **state)
{
	(void)state;
	random_arrivals(1);
}

static void test_random_arrivals_looking_on(void **state)
{
	(void)state;
	random_arrivals(2);
}

/* Polling before sleeping. */

/* Bursts of stops: each stop comes K->after behind the one before, and each burst K->rest behind the burst before. */
static bool happen_when_due(struct kernel *k, bool asleep)
{
	if (!k->to_come)
		return false;
	if (asleep && k->due <= k->until && k->clock < k->due)
		k->clock = k->due;
	else if (asleep && k->clock < k->until && k->until != UINT64_MAX)
		k->clock = k->until;
	if (k->clock < k->due)
		return false;
	k->to_come--;
	k->in_burst = (k->in_burst + 1) % k->burst;
	k->due = k->clock + (k->in_burst ? k->after : k->rest);
	kernel_stop(k, 1);
	return true;
}

/* One of COUNT tasks stops in such bursts. */
static struct kernel *set_up_bursts(unsigned processors, pid_t count, unsigned burst, uint64_t after, uint64_t rest)
{
	struct kernel *k = set_up_on(processors, count);
	struct wait_report report;

	k->clock = 1000000000; /* as if the tracer had run for a second */
	wait_next(k->wait, 0, NULL, NULL, &report);
	k->burst = burst;
	k->after = after;
	k->rest = rest;
	k->asleep_ns = 0;
	k->happen = happen_when_due;
	return k;
}

/* TIMES stops. The counts start at 0. */
static void play(struct kernel *k, unsigned times)
{
	k->sleeps = k->yields = k->looks = k->asks = k->counted = 0;
	k->to_come = times;
	for (unsigned i = 0; i < times; i++)
		assert_int_equal(next_stop(k), 1);
}

/* The share of the time, in thousandths, in which the tracer did not sleep. */
static unsigned awake(struct kernel *k, unsigned times)
{
	const uint64_t begin = k->clock, slept = k->slept_ns;

	play(k, times);
	return (unsigned)(1000 - (k->slept_ns - slept) * 1000 / (k->clock - begin));
}

static void test_polls_when_stops_follow_closely(void **state)
{
	static const pid_t counts[] = { 1, 1000 };

	for (size_t i = 0; i < sizeof(counts) / sizeof(counts[0]); i++) {
		struct kernel *k = set_up_bursts(2, counts[i], 1, 20000, 20000);

		play(k, 10);
		play(k, 1000);
		assert_int_equal(k->sleeps, 0);
		assert_true(k->yields > 1000);
		assert_true(k->asks < k->looks / 2); /* polling looks for signals, and does not ask tasks */
		tear_down(state);
	}
}

static void test_sleeps_when_stops_are_rare(void **state)
{
	struct kernel *k = set_up_bursts(2, 1, 1, 10000000, 10000000);

	(void)state;
	play(k, 100);
	play(k, 1000);
	assert_int_equal(k->yields, 0);
	assert_true(k->sleeps >= 1000);
}

/* A program that creates a task now and then. */
static void test_polls_for_a_share_of_the_time(void **state)
{
	struct kernel *k = set_up_bursts(2, 1, 4, 20000, 10000000);
	uint64_t begin, slept, in_bursts;

	awake(k, 400);
	assert_true(awake(k, 4000) < 10);
	assert_int_equal(k->yields, 0);
	tear_down(state);
	/* Polling pays during longer bursts, and finds nothing at the end of each: that costs at most what was
	 * saved. */
	k = set_up_bursts(2, 1, 12, 20000, 10000000);
	awake(k, 1200);
	begin = k->clock;
	slept = k->slept_ns;
	play(k, 12000);
	in_bursts = UINT64_C(12000) * 20000;
	assert_true(k->yields > 1000);
	assert_true(k->clock - begin - (k->slept_ns - slept) <
		    in_bursts + UINT64_C(12000) * POLLING_SAVES + (k->clock - begin) / 100);
}

/* When nothing happens any more, the tracer sleeps, and does not poll again. */
static void test_polls_no_longer_than_a_moment(void **state)
{
	struct kernel *k = set_up_bursts(2, 1, 1, 20000, 20000);
	uint64_t begin, slept;

	(void)state;
	play(k, 1000);
	begin = k->clock;
	slept = k->slept_ns;
	k->sleeps = 0;
	nothing_more(k);
	assert_int_equal(k->sleeps, 1);
	assert_true(k->clock - begin - (k->slept_ns - slept) < 2000000);
}

/* On one processor the tracee could not run meanwhile. */
static void test_sleeps_on_one_processor(void **state)
{
	struct kernel *k = set_up_bursts(1, 1, 1, 20000, 20000);

	(void)state;
	play(k, 1000);
	assert_int_equal(k->yields, 0);
	assert_int_equal(k->counted, 0);
}

/* If more tasks can run than there are processors, polling would take time from other tasks, whoever they belong to. */
static void test_sleeps_when_all_processors_are_busy(void **state)
{
	struct kernel *k = set_up_bursts(2, 1, 1, 20000, 20000);

	(void)state;
	k->running = 6;
	play(k, 1000);
	play(k, 1000);
	assert_int_equal(k->yields, 0);
	assert_true(k->counted >= 1 && k->counted < 100); /* not at each stop */
	/* The other tasks are gone. */
	k->running = 2;
	play(k, 3000);
	play(k, 1000);
	assert_int_equal(k->sleeps, 0);
	/* If the tasks that can run cannot be counted, the tracer polls. */
	k->running = 0;
	play(k, 1000);
	assert_int_equal(k->sleeps, 0);
}

/* IDLE is called again at the time that it asked for, even if nothing happens. */
static void test_idle_again(void **state)
{
	struct kernel *k = set_up_bursts(1, 1, 1, 100000000, 100000000);
	struct wait_report report;

	(void)state;
	k->again = 20000000;
	play(k, 1);
	k->idles = 0;
	play(k, 1);
	assert_true(k->idles >= 5 && k->idles <= 7);
	/* ... but a timeout comes first. */
	k->to_come = 1;
	k->idles = 0;
	wait_next(k->wait, 10000000, on_idle, k, &report);
	assert_int_equal(report.what, WAIT_TIMEOUT);
	assert_int_equal(k->idles, 1);
}

static void test_seen(void **state)
{
	struct kernel *k = set_up_bursts(2, 1, 1, 20000, 20000);
	const struct polling *polling = wait_polling(k->wait);

	play(k, 1000);
	assert_true(polling->found > 900);
	assert_true(polling->short_gaps > POLLING_SHORT);
	assert_int_equal(polling->state, POLLING_ON);
	k->running = 6;
	play(k, 1000);
	assert_int_equal(polling->state, POLLING_CROWDED);
	assert_true(polling->running > 5 * POLLING_UNIT);
	tear_down(state);
	k = set_up_bursts(1, 1, 1, 20000, 20000);
	polling = wait_polling(k->wait);
	assert_int_equal(polling->state, POLLING_UNDECIDED);
	play(k, 10);
	assert_int_equal(polling->state, POLLING_ALONE);
	for (enum polling_state one = POLLING_UNDECIDED; one <= POLLING_ON; one++)
		assert_non_null(polling_name(one));
}

static void test_kernel_signal(void **state)
{
	struct signals signals = { .forwarded = false };
	struct wait_signal got;
	sigset_t old;

	(void)state;
	sigemptyset(&signals.taken);
	sigaddset(&signals.taken, SIGCHLD);
	sigaddset(&signals.taken, SIGUSR1);
	assert_int_equal(sigprocmask(SIG_BLOCK, &signals.taken, &old), 0);
	assert_int_equal(wait_kernel.signal(&signals, 0, &got), 0);
	raise(SIGUSR1);
	assert_int_equal(wait_kernel.signal(&signals, 0, &got), 1);
	assert_int_equal(got.signo, SIGUSR1);
	assert_int_equal(got.pid, getpid());
	assert_int_equal(wait_kernel.signal(&signals, 1000, &got), 0);
	raise(SIGUSR1);
	assert_int_equal(wait_kernel.signal(&signals, -1, &got), 1);
	sigprocmask(SIG_SETMASK, &old, NULL);
}

/* What the stand-in forwards has the sender and the code of what it got, even where the kernel queues nothing; the
 * signal by which it forwards, from anybody else, is nothing. */
static void test_kernel_forwarded(void **state)
{
	const siginfo_t infos[] = { { .si_signo = SIGTERM, .si_code = SI_USER, .si_pid = 4470 },
				    { .si_signo = SIGINT, .si_code = SI_KERNEL },
				    { .si_signo = SIGTERM, .si_code = SI_TKILL, .si_pid = 4471 },
				    { .si_signo = SIGRTMAX, .si_code = SI_QUEUE, .si_pid = 4472 },
				    { .si_signo = SIGRTMAX, .si_code = SI_QUEUE, .si_pid = 4473 } };
	static const size_t expected[] = { 0, 1, 3, 4 }; /* a second SIGTERM is merged with the first */
	struct signals_ring ring = { 0 };
	struct signals signals = { .forwarded = true, .ring = &ring };
	struct rlimit limit, nothing;
	struct wait_signal got;
	sigset_t old;

	(void)state;
	sigemptyset(&signals.taken);
	sigaddset(&signals.taken, SIGNALS_FORWARD);
	assert_int_equal(sigprocmask(SIG_BLOCK, &signals.taken, &old), 0);
	assert_int_equal(getrlimit(RLIMIT_SIGPENDING, &limit), 0);
	nothing = (struct rlimit){ 0, limit.rlim_max };
	for (int queued = 0; queued < 2; queued++) {
		assert_int_equal(setrlimit(RLIMIT_SIGPENDING, queued ? &limit : &nothing), 0);
		kill(getpid(), SIGNALS_FORWARD);
		raise(SIGNALS_FORWARD);
		for (size_t i = 0; i < sizeof(infos) / sizeof(infos[0]); i++)
			signals_forward(&ring, getpid(), &infos[i]);
		for (size_t i = 0; i < sizeof(expected) / sizeof(expected[0]); i++) {
			const siginfo_t *info = &infos[expected[i]];

			assert_int_equal(wait_kernel.signal(&signals, 0, &got), 1);
			assert_int_equal(got.signo, info->si_signo);
			assert_int_equal(got.pid, info->si_pid);
			assert_int_equal(got.code, info->si_code);
		}
		assert_int_equal(wait_kernel.signal(&signals, 0, &got), 0);
	}
	sigprocmask(SIG_SETMASK, &old, NULL);
}

static void test_ring(void **state)
{
	siginfo_t info = { .si_signo = SIGRTMIN, .si_code = SI_QUEUE };
	struct signals_ring ring = { .put = UINT_MAX - 5, .taken = UINT_MAX - 5 };
	struct wait_signal got;

	(void)state;
	for (int i = 0; i < SIGNALS_MAX + 10; i++) {
		info.si_pid = i;
		signals_forward(&ring, 0x7ffffff0, &info); /* nobody */
	}
	for (int i = 0; i < SIGNALS_MAX; i++) {
		assert_true(signals_next(&ring, &got));
		assert_int_equal(got.pid, i);
	}
	assert_false(signals_next(&ring, &got));
}

static void test_kernel_wait(void **state)
{
	int status;

	(void)state;
	assert_int_equal(wait_kernel.wait(NULL, -1, &status), -ECHILD);
	assert_int_equal(wait_kernel.wait(NULL, getpid(), &status), -ECHILD);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_teardown(test_nobody, tear_down),
		cmocka_unit_test_teardown(test_added_is_asked, tear_down),
		cmocka_unit_test_teardown(test_signal_names_it, tear_down),
		cmocka_unit_test_teardown(test_merged_signals, tear_down),
		cmocka_unit_test_teardown(test_misnamed, tear_down),
		cmocka_unit_test_teardown(test_unknown_child, tear_down),
		cmocka_unit_test_teardown(test_other_signal, tear_down),
		cmocka_unit_test_teardown(test_exit_signal, tear_down),
		cmocka_unit_test_teardown(test_other_signal_is_not_starved, tear_down),
		cmocka_unit_test_teardown(test_no_task_is_starved, tear_down),
		cmocka_unit_test_teardown(test_no_task_is_starved_by_comings_and_goings, tear_down),
		cmocka_unit_test_teardown(test_hints_are_bounded, tear_down),
		cmocka_unit_test_teardown(test_timeout, tear_down),
		cmocka_unit_test_teardown(test_idle_before_sleep, tear_down),
		cmocka_unit_test_teardown(test_idle_refuses, tear_down),
		cmocka_unit_test_teardown(test_remove, tear_down),
		cmocka_unit_test_teardown(test_turns_after_remove, tear_down),
		cmocka_unit_test_teardown(test_recent, tear_down),
		cmocka_unit_test_teardown(test_recent_is_not_asked_in_vain, tear_down),
		cmocka_unit_test_teardown(test_all_at_once, tear_down),
		cmocka_unit_test_teardown(test_cost, tear_down),
		cmocka_unit_test_teardown(test_random_arrivals, tear_down),
		cmocka_unit_test_teardown(test_random_arrivals_looking_on, tear_down),
		cmocka_unit_test_teardown(test_polls_when_stops_follow_closely, tear_down),
		cmocka_unit_test_teardown(test_sleeps_when_stops_are_rare, tear_down),
		cmocka_unit_test_teardown(test_polls_for_a_share_of_the_time, tear_down),
		cmocka_unit_test_teardown(test_polls_no_longer_than_a_moment, tear_down),
		cmocka_unit_test_teardown(test_sleeps_on_one_processor, tear_down),
		cmocka_unit_test_teardown(test_sleeps_when_all_processors_are_busy, tear_down),
		cmocka_unit_test_teardown(test_idle_again, tear_down),
		cmocka_unit_test_teardown(test_seen, tear_down),
		cmocka_unit_test(test_kernel_signal),
		cmocka_unit_test(test_kernel_forwarded),
		cmocka_unit_test(test_ring),
		cmocka_unit_test(test_kernel_wait),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
