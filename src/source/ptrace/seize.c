/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Looks at a timer while PTRACE_SEIZE waits, and gives up.
 *
 * An exec holds the mutex that PTRACE_SEIZE takes (cred_guard_mutex; kernel/ptrace.c: ptrace_attach()), waits until all
 * other threads have gone (fs/exec.c: de_thread()), and traced threads are gone only when their tracer has reaped them.
 * So a tracer that waits for the mutex waits for itself. Signals interrupt the wait but not the call: after the handler
 * the kernel restarts it (ERESTARTNOINTR). Therefore the handler does not return: it jumps. */
#include "source/ptrace/seize.h"

#include <errno.h>
#include <setjmp.h>
#include <signal.h>
#include <stddef.h>
#include <time.h>

#include "source/ptrace/tracer_signals.h"

#define TICK SIGRTMAX - 2 /* tracer_signals.h has the signals behind it */
#define TICK_NS 50000000  /* a call that two ticks meet takes long: most take microseconds */

static sigjmp_buf way_out;
static volatile sig_atomic_t calling; /* the number of the present call; 0: none */
static volatile sig_atomic_t met;     /* the call that the last tick met */
static timer_t timer;
static bool has_timer;

static void on_tick(int signo)
{
	(void)signo;
	if (calling && calling == met)
		siglongjmp(way_out, 1);
	met = calling;
}

static void block_tick(int how)
{
	sigset_t set;

	sigemptyset(&set);
	sigaddset(&set, SIGNALS_TICK);
	sigprocmask(how, &set, NULL);
}

void seize_begin(void)
{
	const struct itimerspec every = { { 0, TICK_NS }, { 0, TICK_NS } };
	struct sigevent event = { .sigev_notify = SIGEV_SIGNAL, .sigev_signo = SIGNALS_TICK };
	struct sigaction action = { .sa_handler = on_tick, .sa_flags = SA_RESTART | SA_NODEFER };

	has_timer = sigaction(SIGNALS_TICK, &action, NULL) == 0 && timer_create(CLOCK_MONOTONIC, &event, &timer) == 0;
	if (!has_timer)
		return;
	block_tick(SIG_UNBLOCK);
	timer_settime(timer, 0, &every, NULL);
}

void seize_end(void)
{
	if (!has_timer)
		return;
	timer_delete(timer);
	block_tick(SIG_BLOCK);
	has_timer = false;
}

int seize(pid_t tid, const struct sys_options *options, bool exit_stop)
{
	static sig_atomic_t last;
	int r;

	if (sigsetjmp(way_out, 0)) { /* the mask does not change, because of SA_NODEFER */
		calling = 0;
		return -EAGAIN;
	}
	last = last == SIG_ATOMIC_MAX ? 1 : last + 1;
	calling = last;
	r = sys_seize(tid, options, exit_stop);
	calling = 0;
	return r;
}
