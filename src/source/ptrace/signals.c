/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Takes the tracer's signals, and carries signals from the stand-in to the tracer. */
#include "source/ptrace/signals.h"

#include <errno.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "source/ptrace/wait.h"

/* si_value of a forwarded signal: the mark, si_code (16 bits), the signal (8 bits). */
#define FORWARD_MARK 0x5au

/* Faults are left alone: blocked, they kill all the same, and a debugger or sanitizer does not hear of them. */
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

	return !is_among(signo, harmless, sizeof(harmless) / sizeof(harmless[0]));
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

bool signals_of_terminal(int signo)
{
	static const int terminal[] = { SIGINT, SIGQUIT, SIGHUP, SIGTSTP, SIGTTIN, SIGTTOU, SIGCONT, SIGWINCH };

	return is_among(signo, terminal, sizeof(terminal) / sizeof(terminal[0]));
}

/* Adds each signal that would end the process. */
static void add_ending(sigset_t *taken)
{
	struct sigaction old;

	for (int signo = 1; signo <= SIGRTMAX; signo++) {
		if (signals_ends(signo) && !is_among(signo, faults, sizeof(faults) / sizeof(faults[0])) &&
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
	for (size_t i = 0; i < sizeof(faults) / sizeof(faults[0]); i++)
		sigdelset(blocked, faults[i]);
}

void signals_take(struct signals *ret, enum signals_of who, struct signals_unqueued *unqueued)
{
	sigset_t blocked;

	ignore(SIGPIPE);
	ignore(SIGXFSZ);
	ret->forwarded = who == SIGNALS_OF_TRACER;
	ret->unqueued = unqueued;
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

struct signals_unqueued *signals_unqueued_new(void)
{
	void *memory =
		mmap(NULL, sizeof(struct signals_unqueued), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);

	return memory == MAP_FAILED ? NULL : memory;
}

/* The signal alone, without a siginfo, the kernel sends in any case (kernel/signal.c: send_signal_locked()). */
static void forward_unqueued(pid_t tracer, const siginfo_t *info, struct signals_unqueued *unqueued)
{
	const uint64_t bit = UINT64_C(1) << (info->si_signo - 1);

	atomic_fetch_or(info->si_code == SI_KERNEL ? &unqueued->of_kernel : &unqueued->of_others, bit);
	kill(tracer, SIGNALS_FORWARD);
}

/* rt_sigqueueinfo(2) takes the sender's pid as it is given, and a code below 0. */
void signals_forward(pid_t tracer, const siginfo_t *info, struct signals_unqueued *unqueued)
{
	siginfo_t forwarded;

	memset(&forwarded, 0, sizeof(forwarded));
	forwarded.si_signo = SIGNALS_FORWARD;
	forwarded.si_code = SI_QUEUE;
	forwarded.si_pid = info->si_pid;
	forwarded.si_uid = info->si_uid;
	forwarded.si_value.sival_int =
		(int)(FORWARD_MARK << 24 | ((unsigned)info->si_code & 0xffff) << 8 | (unsigned)info->si_signo);
	if (syscall(SYS_rt_sigqueueinfo, tracer, SIGNALS_FORWARD, &forwarded) < 0 && errno == EAGAIN)
		forward_unqueued(tracer, info, unqueued);
}

/* The lowest of SET; 0: none. */
static int take_lowest(_Atomic uint64_t *set)
{
	uint64_t bits = atomic_load(set);

	while (bits && !atomic_compare_exchange_weak(set, &bits, bits & (bits - 1)))
		;
	return bits ? __builtin_ctzll(bits) + 1 : 0;
}

static bool read_unqueued(struct signals_unqueued *unqueued, struct wait_signal *ret)
{
	*ret = (struct wait_signal){ .signo = take_lowest(&unqueued->of_kernel), .code = SI_KERNEL };
	if (!ret->signo)
		*ret = (struct wait_signal){ .signo = take_lowest(&unqueued->of_others), .code = SI_USER };
	if (ret->signo)
		kill(getpid(), SIGNALS_FORWARD); /* for the next, if there is one */
	return ret->signo;
}

bool signals_read(const struct signals *signals, const siginfo_t *info, struct wait_signal *ret)
{
	const unsigned value = (unsigned)info->si_value.sival_int;

	*ret = (struct wait_signal){ .signo = info->si_signo, .pid = info->si_pid, .code = info->si_code };
	if (!signals->forwarded || info->si_signo != SIGNALS_FORWARD || info->si_code > 0)
		return true; /* only the kernel, for a task's exit signal, sends codes above 0 */
	if (info->si_code == SI_USER)
		return read_unqueued(signals->unqueued, ret);
	if (info->si_code != SI_QUEUE || value >> 24 != FORWARD_MARK)
		return false;
	ret->signo = value & 0xff;
	ret->code = (int16_t)(value >> 8 & 0xffff);
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
