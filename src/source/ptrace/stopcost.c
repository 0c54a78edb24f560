/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Measures a call that does nothing as -T measures other calls: from the report of one stop to that of the next. */
#include "source/ptrace/stopcost.h"

#include <errno.h>
#include <signal.h>
#include <stdbool.h>
#include <stdlib.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/clock.h"
#include "source/ptrace/sys.h"

enum { CALLS = 63, AWAKE_NS = 50000 };

/* The child stops itself, is seized meanwhile, and then makes calls without end. */
static void call_nothing(void)
{
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	raise(SIGSTOP);
	for (;;)
		syscall(SYS_getppid);
}

/* Waits for a report of TID, at first without sleeping, as wait.c does if stops follow each other closely. */
static bool next_stop(pid_t tid, int *ret_status)
{
	uint64_t until = clock_monotonic() + AWAKE_NS;
	pid_t r;

	do {
		r = waitpid(tid, ret_status, __WALL | (clock_monotonic() < until ? WNOHANG : 0));
	} while (r == 0 || (r < 0 && errno == EINTR));
	return r == tid && WIFSTOPPED(*ret_status);
}

static int compare(const void *a, const void *b)
{
	const uint64_t *left = a, *right = b;

	return *left < *right ? -1 : *left > *right;
}

/* Measures calls of TID, which is stopped. */
static void measure(pid_t tid, struct stopcost *ret)
{
	const struct sys_options options = { .exit_kill = true };
	const struct order order = { .tid = tid, .how = ORDER_SYSCALL };
	uint64_t took[CALLS], entry = 0;
	unsigned count = 0;

	while (count < CALLS) {
		struct stop stop = { .tid = tid };

		if (sys_order(&order, &options) < 0 || !next_stop(tid, &stop.status))
			return;
		stop.when = clock_monotonic();
		if (WSTOPSIG(stop.status) != (SIGTRAP | 0x80))
			continue;
		sys_gather(&stop, STOP_CALL);
		if (stop.have & STOP_CALL)
			entry = stop.when;
		else if (stop.have & STOP_RESULT && entry)
			took[count++] = stop.when - entry;
		else
			return;
	}
	qsort(took, CALLS, sizeof(took[0]), compare);
	*ret = (struct stopcost){ took[0], took[CALLS * 9 / 10] };
}

void stopcost_measure(struct stopcost *ret)
{
	const struct sys_options options = { .exit_kill = true };
	int status;
	pid_t pid = fork();

	*ret = (struct stopcost){ 0 };
	if (pid < 0)
		return;
	if (pid == 0)
		call_nothing();
	if (waitpid(pid, &status, WUNTRACED) == pid && WIFSTOPPED(status) && sys_seize(pid, &options, false) == 0) {
		kill(pid, SIGCONT);
		if (next_stop(pid, &status))
			measure(pid, ret);
	}
	kill(pid, SIGKILL);
	while (waitpid(pid, &status, __WALL) == pid && !WIFSIGNALED(status) && !WIFEXITED(status))
		;
}
