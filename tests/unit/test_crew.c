/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Each part of the work is done once, by threads that leave signals to the caller, and without threads. */
#include <pthread.h>
#include <sched.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#include "source/kernel/crew.h"

#define COUNT 1000

struct work {
	pthread_t caller;
	size_t count;
	bool meets; /* the caller waits until another thread works, too */
	atomic_uint calls[COUNT];
	atomic_uint open; /* signals that are not blocked in a thread, counted in each part */
	atomic_uint others, done;
};

static bool has_processors(void)
{
	cpu_set_t set;

	return sched_getaffinity(0, sizeof(set), &set) < 0 || CPU_COUNT(&set) > 1;
}

/* The first part that another thread does is the last one to be done, so that crew_run() has to wait for it. */
static void wait_for_rest(struct work *work)
{
	if (work->others++)
		return;
	while (work->done + 1 < work->count)
		sched_yield();
	for (int i = 0; i < 1000; i++)
		sched_yield();
}

static void work_on(void *data, size_t part)
{
	struct work *work = data;
	sigset_t blocked;

	if (pthread_equal(pthread_self(), work->caller)) {
		while (work->meets && !work->others)
			sched_yield();
	} else {
		pthread_sigmask(SIG_BLOCK, NULL, &blocked);
		for (int signo = 1; signo < 32; signo++)
			work->open += signo != SIGKILL && signo != SIGSTOP && !sigismember(&blocked, signo);
		wait_for_rest(work);
	}
	if (part < COUNT)
		work->calls[part]++;
	work->done++;
}

static bool is_done_once(const struct work *work, size_t count)
{
	for (size_t i = 0; i < COUNT; i++)
		if (work->calls[i] != (i < count))
			return false;
	return true;
}

static void test_once(void **state)
{
	static const size_t counts[] = { 0, 1, 2, 3, 9, COUNT };

	(void)state;
	for (size_t i = 0; i < sizeof(counts) / sizeof(counts[0]); i++) {
		struct work work = { .caller = pthread_self(),
				     .count = counts[i],
				     .meets = counts[i] > 1 && has_processors() };

		crew_run(counts[i], work_on, &work);
		assert_int_equal(work.done, counts[i]);
		assert_true(is_done_once(&work, counts[i]));
		assert_int_equal(work.open, 0);
	}
}

/* The caller's own signals are as they were. */
static void test_signals(void **state)
{
	struct work work = { .caller = pthread_self() };
	sigset_t before, after;

	(void)state;
	sigemptyset(&before);
	sigaddset(&before, SIGUSR1);
	pthread_sigmask(SIG_SETMASK, &before, NULL);
	crew_run(COUNT, work_on, &work);
	pthread_sigmask(SIG_BLOCK, NULL, &after);
	for (int signo = 1; signo < 32; signo++)
		assert_int_equal(sigismember(&after, signo), sigismember(&before, signo));
}

/* RLIMIT_NPROC does not bind root. */
static void work_alone(void)
{
	struct work work = { .caller = pthread_self() };
	const struct rlimit none = { 0, 0 };

	if (!getuid() && setuid(65534) < 0)
		_exit(2);
	if (setrlimit(RLIMIT_NPROC, &none) < 0)
		_exit(3);
	crew_run(COUNT, work_on, &work);
	_exit(work.others ? 4 : !is_done_once(&work, COUNT));
}

static void test_without_threads(void **state)
{
	pid_t pid = fork();
	int status;

	(void)state;
	if (!pid)
		work_alone();
	assert_int_equal(waitpid(pid, &status, 0), pid);
	assert_int_equal(status, 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_once),
		cmocka_unit_test(test_signals),
		cmocka_unit_test(test_without_threads),
	};

	alarm(30); /* the caller waits for a thread that may not come */
	return cmocka_run_group_tests(tests, NULL, NULL);
}
