/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Unit tests: source/ptrace/session: whatever state a trace is in, a signal ends it, if not the first, then another. */
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <unistd.h>

#include <cmocka.h>

#include "source/ptrace/session.h"
#include "source/ptrace/sys.h"

#define SECOND 1000000000u

static const struct signals none;

/* No task is stopped for a signal here. */
int sys_signal(pid_t tid, struct wait_signal *ret)
{
	(void)tid;
	(void)ret;
	return -1;
}

static const struct wait_signal by_user = { .signo = SIGTERM, .pid = 1, .code = SI_USER };

static struct session attached(void)
{
	return (struct session){ .signals = &none, .attached = true };
}

static void test_detach(void **state)
{
	struct session s = attached();

	(void)state;
	assert_int_equal(session_signal(&s, &by_user, 100), SESSION_DETACH);
	assert_int_equal(session_signal(&s, &by_user, 200), SESSION_NOTHING);
	assert_int_equal(session_signal(&s, &by_user, 100 + SESSION_PATIENCE_NS), SESSION_LEAVE);
	assert_int_equal(session_signal(&s, &by_user, 200 + SESSION_PATIENCE_NS), SESSION_LEAVE);
}

/* The first signal only gives a message if tasks would die when cltrace ends. */
static void test_lethal(void **state)
{
	struct session s = attached();

	(void)state;
	s.lethal = true;
	assert_int_equal(session_signal(&s, &by_user, 1), SESSION_SAY);
	assert_int_equal(session_signal(&s, &by_user, 2), SESSION_KILL);
	assert_int_equal(session_signal(&s, &by_user, 3), SESSION_NOTHING);
	assert_int_equal(session_signal(&s, &by_user, 2 + SESSION_PATIENCE_NS), SESSION_LEAVE);
}

static void test_kill_on_exit(void **state)
{
	struct session s = attached();

	(void)state;
	s.lethal = s.kill_on_exit = true;
	assert_int_equal(session_signal(&s, &by_user, 1), SESSION_KILL);
}

/* Every signal that would end a process does, and no other. */
static void test_which(void **state)
{
	static const int harmless[] = { SIGCHLD, SIGCONT, SIGURG, SIGWINCH, SIGTTIN, SIGTTOU };

	(void)state;
	for (int signo = 1; signo <= SIGRTMAX; signo++) {
		const struct wait_signal signal = { .signo = signo, .pid = 1, .code = SI_USER };
		struct session s = attached();
		bool ends = signo != SIGKILL && signo != SIGSTOP && signo != SIGTSTP &&
			    !(signo > SIGSYS && signo < SIGRTMIN);

		for (size_t i = 0; i < sizeof(harmless) / sizeof(harmless[0]); i++)
			ends &= signo != harmless[i];
		if (ends)
			assert_int_equal(session_signal(&s, &signal, 1), SESSION_DETACH);
		else if (signo <= SIGSYS && signo != SIGTSTP)
			assert_int_equal(session_signal(&s, &signal, 1), SESSION_NOTHING);
	}
}

/* A program was launched and its end is known: what comes is for us, at once or when it has waited for a copy. */
static void test_launched(void **state)
{
	const struct launch launch = { .tid = getpid() };
	struct session s = { .signals = &none, .launch = &launch, .ended = true };

	(void)state;
	assert_int_equal(session_signal(&s, &by_user, 1), SESSION_DETACH);
	s = (struct session){ .signals = &none, .launch = &launch };
	assert_int_equal(session_signal(&s, &by_user, 1), SESSION_NOTHING);
	s.ended = true;
	assert_true(session_timeout(&s, 1) > 0);
	assert_int_equal(session_due(&s, 1), SESSION_NOTHING);
	assert_int_equal(session_due(&s, SECOND), SESSION_DETACH);
	assert_int_equal(session_timeout(&s, SECOND), -1);
}

/* There is no time left to be asked twice; the signal of somebody else is one like others. */
static void test_out_of_time(void **state)
{
	struct wait_signal signal = { .signo = SIGNALS_OUT_OF_TIME, .code = SI_TIMER };
	const struct launch launch = { .tid = getpid() };
	struct session s = { .signals = &none, .launch = &launch, .lethal = true };

	(void)state;
	assert_int_equal(session_signal(&s, &signal, 1), SESSION_KILL);
	s = attached();
	signal.code = SI_USER;
	s.lethal = true;
	assert_int_equal(session_signal(&s, &signal, 1), SESSION_SAY);
}

/* Whoever was to say how the program ends has died, if it has. */
static void test_parent_died(void **state)
{
	const struct wait_signal signal = { .signo = SIGNALS_PARENT_DIED, .code = SI_USER };
	const struct signals forwarded = { .forwarded = true };
	struct launch launch = { .tid = getpid(), .standin = getppid() };
	struct session s = { .signals = &forwarded, .launch = &launch, .lethal = true };

	(void)state;
	assert_int_equal(session_signal(&s, &signal, 1), SESSION_NOTHING);
	launch.standin = getpid();
	assert_int_equal(session_signal(&s, &signal, 1), SESSION_KILL);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_detach),	     cmocka_unit_test(test_lethal),
		cmocka_unit_test(test_kill_on_exit), cmocka_unit_test(test_which),
		cmocka_unit_test(test_launched),     cmocka_unit_test(test_out_of_time),
		cmocka_unit_test(test_parent_died),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
