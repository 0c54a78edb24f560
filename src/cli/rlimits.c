/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Raises the tracer's resource limits, which come from the caller of cltrace. */
#include "cli/rlimits.h"

#include <signal.h>
#include <stddef.h>
#include <sys/resource.h>
#include <time.h>

#include "base/array.h"
#include "source/ptrace/tracer_signals.h"

/* The CPU time that is left to end a trace. */
#define LAST_NS 200000000

/* A process that has reached its hard limit of whole seconds is killed (kernel/time/posix-cpu-timers.c). */
static void watch_cpu(const struct rlimit *limit)
{
	struct itimerspec at = { .it_value = { (time_t)limit->rlim_max - 1, 1000000000 - LAST_NS } };
	struct sigevent event = { .sigev_notify = SIGEV_SIGNAL, .sigev_signo = SIGNALS_OUT_OF_TIME };
	timer_t timer;

	if (limit->rlim_max && !timer_create(CLOCK_PROCESS_CPUTIME_ID, &event, &timer))
		timer_settime(timer, TIMER_ABSTIME, &at, NULL);
}

/* A process may raise its hard limit with CAP_SYS_RESOURCE. */
static void raise_limit(int resource)
{
	const struct rlimit unlimited = { RLIM_INFINITY, RLIM_INFINITY };
	struct rlimit limit;

	if (!setrlimit(resource, &unlimited) || getrlimit(resource, &limit) < 0)
		return;
	limit.rlim_cur = limit.rlim_max;
	setrlimit(resource, &limit);
	if (resource == RLIMIT_CPU && limit.rlim_max != RLIM_INFINITY)
		watch_cpu(&limit);
}

void rlimits_raise(void)
{
	static const int resources[] = { RLIMIT_AS,	RLIMIT_CPU,	   RLIMIT_DATA, RLIMIT_FSIZE,
					 RLIMIT_NOFILE, RLIMIT_SIGPENDING, RLIMIT_STACK };

	for (size_t i = 0; i < ARRAY_LENGTH(resources); i++)
		raise_limit(resources[i]);
}
