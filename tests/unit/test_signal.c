/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What siginfo shows: origin, aim and default action of signals. */
#include <errno.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "event/event.h"
#include "event/signal.h"

/* The numbers are the C library's here and the table's own there. */
static void test_origin(void **state)
{
	static const struct {
		int signo, code;
		enum signal_origin origin;
	} rows[] = {
		{ SIGUSR1, SI_USER, SIGNAL_KILL },	{ SIGSEGV, SI_USER, SIGNAL_KILL },
		{ SIGUSR1, SI_TKILL, SIGNAL_TGKILL },	{ SIGSEGV, SI_TKILL, SIGNAL_TGKILL },
		{ SIGUSR1, SI_QUEUE, SIGNAL_QUEUE },	{ SIGCHLD, SI_QUEUE, SIGNAL_QUEUE },
		{ SIGUSR1, SI_ASYNCIO, SIGNAL_QUEUE },	{ SIGUSR1, -1000, SIGNAL_QUEUE },
		{ SIGALRM, SI_TIMER, SIGNAL_TIMER },	{ SIGUSR1, SI_MESGQ, SIGNAL_MESSAGE },
		{ SIGIO, SI_SIGIO, SIGNAL_IO },		{ SIGIO, POLL_IN, SIGNAL_IO },
		{ SIGSEGV, SEGV_MAPERR, SIGNAL_FAULT }, { SIGBUS, BUS_ADRERR, SIGNAL_FAULT },
		{ SIGILL, ILL_ILLOPC, SIGNAL_FAULT },	{ SIGFPE, FPE_INTDIV, SIGNAL_FAULT },
		{ SIGTRAP, TRAP_BRKPT, SIGNAL_FAULT },	{ SIGSYS, 1, SIGNAL_SYSCALL },
		{ SIGCHLD, CLD_EXITED, SIGNAL_CHILD },	{ SIGCHLD, CLD_CONTINUED, SIGNAL_CHILD },
		{ SIGUSR1, CLD_EXITED, SIGNAL_OTHER },	{ 40, POLL_IN, SIGNAL_OTHER },
		{ SIGUSR1, SI_KERNEL, SIGNAL_KERNEL },	{ SIGSEGV, SI_KERNEL, SIGNAL_KERNEL },
		{ SIGCHLD, 7, SIGNAL_KERNEL },		{ SIGSEGV, 10, SIGNAL_FAULT },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
		if (signal_origin(rows[i].signo, rows[i].code) != rows[i].origin)
			fail_msg("signal %d, code %d: origin %d", rows[i].signo, rows[i].code,
				 (int)signal_origin(rows[i].signo, rows[i].code));
}

static void test_aim(void **state)
{
	static const struct {
		int signo, code, error;
		pid_t sender;
		enum signal_aim aim;
	} rows[] = {
		{ SIGUSR1, SI_USER, 0, 20, SIGNAL_AIM_PROCESS },
		{ SIGSEGV, SI_USER, 0, 10, SIGNAL_AIM_PROCESS },
		{ SIGUSR1, SI_TKILL, 0, 20, SIGNAL_AIM_TASK },
		{ SIGUSR1, SI_QUEUE, 0, 20, SIGNAL_AIM_UNKNOWN },
		{ SIGUSR1, SI_TIMER, 0, 0, SIGNAL_AIM_UNKNOWN },
		{ SIGIO, POLL_IN, 0, 0, SIGNAL_AIM_UNKNOWN },
		{ SIGUSR1, CLD_EXITED, 0, 0, SIGNAL_AIM_UNKNOWN },
		{ SIGCHLD, CLD_EXITED, 0, 20, SIGNAL_AIM_PROCESS },
		{ SIGSEGV, SEGV_MAPERR, 0, 0, SIGNAL_AIM_TASK },
		{ SIGSEGV, SI_KERNEL, 0, 0, SIGNAL_AIM_TASK },
		{ SIGTRAP, SI_KERNEL, 0, 0, SIGNAL_AIM_TASK },
		{ SIGALRM, SI_KERNEL, 0, 0, SIGNAL_AIM_PROCESS },
		{ SIGINT, SI_KERNEL, 0, 0, SIGNAL_AIM_PROCESS },
		{ SIGURG, SI_KERNEL, 0, 0, SIGNAL_AIM_UNKNOWN },
		/* A write that fails has the siginfo of a kill() by its own process. */
		{ SIGPIPE, SI_USER, EPIPE, 10, SIGNAL_AIM_TASK },
		{ SIGPIPE, SI_USER, 0, 10, SIGNAL_AIM_UNKNOWN },
		{ SIGPIPE, SI_USER, EBADF, 10, SIGNAL_AIM_UNKNOWN },
		{ SIGPIPE, SI_USER, EPIPE, 20, SIGNAL_AIM_PROCESS },
		{ SIGXFSZ, SI_USER, EFBIG, 10, SIGNAL_AIM_TASK },
		{ SIGXFSZ, SI_USER, EPIPE, 10, SIGNAL_AIM_UNKNOWN },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		const struct event event = { .kind = EVENT_SIGNAL,
					     .have = EVENT_HAVE_SIGINFO,
					     .signal = { .signo = rows[i].signo,
							 .code = rows[i].code,
							 .error = rows[i].error,
							 .sender = rows[i].sender } };

		if (signal_aim(&event, 10) != rows[i].aim)
			fail_msg("signal %d, code %d, sender %d: aim %d", rows[i].signo, rows[i].code,
				 (int)rows[i].sender, (int)signal_aim(&event, 10));
	}
}

/* In another pid namespace 10 may be anybody: only the failed call speaks for a write. */
static void test_aim_inside(void **state)
{
	struct event event = { .kind = EVENT_SIGNAL,
			       .have = EVENT_HAVE_SIGINFO,
			       .signal = { .signo = SIGPIPE, .sender = 3, .inside = true } };

	(void)state;
	assert_int_equal(signal_aim(&event, 10), SIGNAL_AIM_UNKNOWN);
	event.signal.error = EPIPE;
	assert_int_equal(signal_aim(&event, 10), SIGNAL_AIM_TASK);
}

static void test_default(void **state)
{
	static const int nothing[] = { SIGCHLD, SIGURG, SIGWINCH }, stops[] = { SIGSTOP, SIGTSTP, SIGTTIN, SIGTTOU };
	unsigned others = 0;

	(void)state;
	for (size_t i = 0; i < 3; i++)
		assert_int_equal(signal_default(nothing[i]), SIGNAL_NOTHING);
	for (size_t i = 0; i < 4; i++)
		assert_int_equal(signal_default(stops[i]), SIGNAL_STOPS);
	assert_int_equal(signal_default(SIGCONT), SIGNAL_CONTINUES);
	for (int signo = 1; signo <= 64; signo++)
		others += signal_default(signo) == SIGNAL_ENDS;
	assert_int_equal(others, 64 - 3 - 4 - 1);
}

static void test_code_name(void **state)
{
	(void)state;
	assert_string_equal(signal_code_name(SIGSEGV, SEGV_MAPERR), "SEGV_MAPERR");
	assert_string_equal(signal_code_name(SIGSEGV, SEGV_ACCERR), "SEGV_ACCERR");
	assert_string_equal(signal_code_name(SIGBUS, BUS_ADRERR), "BUS_ADRERR");
	assert_string_equal(signal_code_name(SIGFPE, FPE_INTDIV), "FPE_INTDIV");
	assert_string_equal(signal_code_name(SIGILL, ILL_ILLOPN), "ILL_ILLOPN");
	assert_string_equal(signal_code_name(SIGTRAP, TRAP_TRACE), "TRAP_TRACE");
	assert_null(signal_code_name(SIGSEGV, 99));
	assert_null(signal_code_name(SIGUSR1, 1));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_origin),	cmocka_unit_test(test_aim),	  cmocka_unit_test(test_aim_inside),
		cmocka_unit_test(test_default), cmocka_unit_test(test_code_name),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
