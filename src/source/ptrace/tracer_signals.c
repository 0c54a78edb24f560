/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Takes the tracer's signals, and carries signals from the stand-in to the tracer. */
#include "source/ptrace/tracer_signals.h"

#include <stddef.h>
#include <sys/resource.h>
#include <unistd.h>

#include "base/array.h"

/* Signals of faults are not blocked: they would kill the process anyway, and no debugger or sanitizer would see them.
 */
static const int faults[] = { SIGSEGV, SIGBUS, SIGILL, SIGFPE };

static bool is_among(int signo, const int *list, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		if (list[i] == signo)
			return true;
	}
	return false;
}

bool signals_ends(int signo)
{
	static const int harmless[] = {
		SIGCHLD, SIGCONT, SIGURG, SIGWINCH, SIGSTOP, SIGTSTP, SIGTTIN, SIGTTOU, SIGKILL
	};

	return !is_among(signo, harmless, ARRAY_LENGTH(harmless));
}

bool signals_end_pending(void)
{
	struct sigaction action;
	sigset_t pending;

	if (sigpending(&pending) < 0)
		return false;
	for (int signo = 1; signo <= SIGRTMAX; signo++) {
		if (sigismember(&pending, signo) > 0 && signals_ends(signo) && !sigaction(signo, NULL, &action) &&
		    action.sa_handler != SIG_IGN)
			return true;
	}
	return false;
}

/* Whether a signal that would end a process has been forwarded and not taken yet. */
static bool end_is_forwarded(struct signals_ring *ring)
{
	bool ends = false;

	for (unsigned i = ring->taken; i != atomic_load(&ring->put) && !ends; i++)
		ends = signals_ends(ring->signals[i % SIGNALS_MAX].signo);
	return ends;
}

bool signals_end_waiting(void *data)
{
	const struct signals *signals = data;
	bool ends = signals->forwarded && end_is_forwarded(signals->ring);
	sigset_t pending;

	sigpending(&pending);
	for (int signo = 1; signo <= SIGRTMAX && !ends; signo++) {
		ends = sigismember(&pending, signo) > 0 && sigismember(&signals->taken, signo) > 0 &&
		       signals_ends(signo) && !(signals->forwarded && signo == SIGNALS_FORWARD);
	}
	return ends;
}

bool signals_of_terminal(int signo)
{
	static const int terminal[] = { SIGINT, SIGQUIT, SIGHUP, SIGTSTP, SIGTTIN, SIGTTOU, SIGCONT, SIGWINCH };

	return is_among(signo, terminal, ARRAY_LENGTH(terminal));
}

/* Adds each signal that would end the process. */
static void add_ending(sigset_t *taken)
{
	struct sigaction old;

	for (int signo = 1; signo <= SIGRTMAX; signo++) {
		if (signals_ends(signo) && !is_among(signo, faults, ARRAY_LENGTH(faults)) &&
		    !sigaction(signo, NULL, &old) && old.sa_handler != SIG_IGN)
			sigaddset(taken, signo);
	}
}

static void ignore(int signo)
{
	struct sigaction action = { .sa_handler = SIG_IGN };

	sigaction(signo, &action, NULL);
}

static void take_of_tasks(struct signals *signals, sigset_t *blocked)
{
	struct sigaction action = { .sa_handler = SIG_DFL };

	ignore(SIGTTIN);
	ignore(SIGTTOU);
	sigaction(SIGCHLD, &action, NULL);
	sigaddset(&signals->taken, SIGCHLD);
	sigfillset(blocked);
	for (size_t i = 0; i < ARRAY_LENGTH(faults); i++)
		sigdelset(blocked, faults[i]);
}

void signals_take(struct signals *ret, enum signals_of who, struct signals_ring *ring)
{
	sigset_t blocked;

	ignore(SIGPIPE);
	ignore(SIGXFSZ);
	ret->forwarded = who == SIGNALS_OF_TRACER;
	ret->ring = ring;
	sigemptyset(&ret->taken);
	if (ret->forwarded) {
		sigaddset(&ret->taken, SIGNALS_FORWARD);
		sigaddset(&ret->taken, SIGNALS_PARENT_DIED);
		sigaddset(&ret->taken, SIGNALS_OUT_OF_TIME);
	} else {
		add_ending(&ret->taken);
	}
	blocked = ret->taken;
	if (who != SIGNALS_OF_READER)
		take_of_tasks(ret, &blocked);
	if (who == SIGNALS_OF_ATTACHED)
		sigaddset(&ret->taken, SIGTSTP);
	sigprocmask(SIG_SETMASK, &blocked, NULL);
}

static bool is_on_its_way(struct signals_ring *ring, int signo)
{
	for (unsigned i = atomic_load(&ring->taken); i != ring->put; i++) {
		if (ring->signals[i % SIGNALS_MAX].signo == signo)
			return true;
	}
	return false;
}

void signals_forward(struct signals_ring *ring, pid_t tracer, const siginfo_t *info)
{
	const int signo = info->si_signo;
	const unsigned put = ring->put;

	if (put - atomic_load(&ring->taken) == SIGNALS_MAX || (signo < SIGRTMIN && is_on_its_way(ring, signo)))
		return;
	ring->signals[put % SIGNALS_MAX] =
		(struct wait_signal){ .signo = signo, .pid = info->si_pid, .code = info->si_code };
	atomic_store(&ring->put, put + 1);
	kill(tracer, SIGNALS_FORWARD);
}

bool signals_next(struct signals_ring *ring, struct wait_signal *ret)
{
	const unsigned taken = ring->taken;

	if (taken == atomic_load(&ring->put))
		return false;
	*ret = ring->signals[taken % SIGNALS_MAX];
	atomic_store(&ring->taken, taken + 1);
	return true;
}

/* One SIGNALS_FORWARD can come for several signals. */
static bool take_forwarded(struct signals_ring *ring, struct wait_signal *ret)
{
	if (!signals_next(ring, ret))
		return false;
	if (ring->taken != atomic_load(&ring->put))
		kill(getpid(), SIGNALS_FORWARD);
	return true;
}

bool signals_read(const struct signals *signals, const siginfo_t *info, struct wait_signal *ret)
{
	/* Only the kernel, for a task's exit signal, sends codes above 0. */
	if (signals->forwarded && info->si_signo == SIGNALS_FORWARD && info->si_code <= 0)
		return take_forwarded(signals->ring, ret);
	*ret = (struct wait_signal){ .signo = info->si_signo, .pid = info->si_pid, .code = info->si_code };
	return true;
}

int signals_die_of(int signo)
{
	struct rlimit none = { 0, 0 };
	sigset_t set;

	setrlimit(RLIMIT_CORE, &none);
	signal(signo, SIG_DFL);
	sigemptyset(&set);
	sigaddset(&set, signo);
	sigprocmask(SIG_UNBLOCK, &set, NULL);
	raise(signo);
	return 128 + signo;
}
