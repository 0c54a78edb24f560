/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Unit tests: cli/main_stack: a large stack under a low limit, and nothing else has changed. */
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#include "cli/main_stack.h"

#define LOW (256 << 10)

enum { GOOD = 7 };

static bool handler_before, pending_before;

/* What the program, on its stack, finds; it is to find it in a process of its own. */
static int look(int argc, char *argv[])
{
	volatile char *memory = __builtin_alloca(STACK_SIZE / 2);
	struct sigaction action;
	sigset_t mask, pending;

	for (size_t i = 0; i < STACK_SIZE / 2; i += 1024)
		memory[i] = 1;
	sigaction(SIGUSR2, NULL, &action);
	sigprocmask(SIG_SETMASK, NULL, &mask);
	sigpending(&pending);
	if (argc != 3 || strcmp(argv[2], "two"))
		return 1;
	if (action.sa_handler != (handler_before ? SIG_IGN : SIG_DFL))
		return 2;
	if (sigismember(&mask, SIGUSR2) != pending_before || !sigismember(&mask, SIGUSR1) ||
	    sigismember(&mask, SIGTERM))
		return 3;
	if (sigismember(&pending, SIGUSR2) != pending_before)
		return 4;
	return GOOD;
}

static int run(void)
{
	char zero[] = "zero", one[] = "one", two[] = "two";
	char *argv[] = { zero, one, two, NULL };
	struct rlimit limit = { LOW, LOW };
	sigset_t set;

	signal(SIGUSR2, handler_before ? SIG_IGN : SIG_DFL);
	sigemptyset(&set);
	sigaddset(&set, SIGUSR1);
	if (pending_before)
		sigaddset(&set, SIGUSR2);
	sigprocmask(SIG_SETMASK, &set, NULL);
	if (pending_before)
		raise(SIGUSR2);
	setrlimit(RLIMIT_STACK, &limit);
	return stack_run(look, 3, argv);
}

static void run_apart(void)
{
	pid_t pid = fork();
	int status;

	if (pid == 0)
		_exit(run()); /* or by exit(), with the same status */
	assert_int_equal(waitpid(pid, &status, 0), pid);
	assert_true(WIFEXITED(status));
	assert_int_equal(WEXITSTATUS(status), GOOD);
}

static void test_plain(void **state)
{
	(void)state;
	run_apart();
}

static void test_ignored(void **state)
{
	(void)state;
	handler_before = true;
	run_apart();
	handler_before = false;
}

static void test_pending(void **state)
{
	(void)state;
	pending_before = true;
	run_apart();
	pending_before = false;
}

static int status_of(int argc, char *argv[])
{
	(void)argv;
	return argc;
}

/* With a limit as usual it is a call like others. */
static void test_not_needed(void **state)
{
	struct rlimit limit;

	(void)state;
	assert_int_equal(getrlimit(RLIMIT_STACK, &limit), 0);
	if (limit.rlim_cur >= STACK_SIZE)
		assert_int_equal(stack_run(status_of, 5, NULL), 5);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_plain),
		cmocka_unit_test(test_ignored),
		cmocka_unit_test(test_pending),
		cmocka_unit_test(test_not_needed),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
