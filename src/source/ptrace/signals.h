/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The signals that the tracer takes while it traces, and those that the stand-in forwards to it. */
#ifndef SOURCE_PTRACE_SIGNALS_H
#define SOURCE_PTRACE_SIGNALS_H

#include <signal.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

struct wait_signal;

/* Signals that were to be forwarded when the kernel had no room for what is to be said of them, which RLIMIT_SIGPENDING
 * limits for all of a user's processes: bit SIGNO - 1. */
struct signals_unqueued {
	_Atomic uint64_t of_kernel, of_others;
};

struct signals {
	sigset_t taken; /* blocked; read by sigtimedwait */
	bool forwarded; /* what reaches the tracer comes from the stand-in (standin.h) */
	struct signals_unqueued *unqueued;
};

/* The real-time signal by which the stand-in forwards a signal, the one that tells the tracer that the stand-in has
 * died, and those of two timers: the tracer's CPU time is all but used up; a task is being seized (seize.h). */
#define SIGNALS_FORWARD SIGRTMAX
#define SIGNALS_PARENT_DIED (SIGRTMAX - 1)
#define SIGNALS_OUT_OF_TIME (SIGRTMAX - 2)
#define SIGNALS_TICK (SIGRTMAX - 3)

/* Who takes signals. */
enum signals_of {
	SIGNALS_OF_TRACER,   /* with a stand-in: SIGCHLD and what the stand-in forwards */
	SIGNALS_OF_ATTACHED, /* without: SIGCHLD, SIGTSTP and each signal that would end the process */
	SIGNALS_OF_READER,   /* of recordings: each signal that would end the process */
};

/* Blocks signals and takes some of them; one that is ignored at the moment stays ignored. SIGPIPE and SIGXFSZ are
 * ignored: a reader that goes away and a trace that outgrows RLIMIT_FSIZE are errors of write(2), because the tracer's
 * death would kill a program that has its filter.
 *
 * A tracer makes SIGCHLD report every stop, is never stopped by its terminal (SIGTTIN and SIGTTOU are ignored), and
 * blocks all signals but those of faults: those that it does not take do no harm, and the kernel may send it a task's
 * exit signal (wait.h). UNQUEUED is shared with the stand-in; NULL: there is none. */
void signals_take(struct signals *ret, enum signals_of who, struct signals_unqueued *unqueued);

/* In memory that a process shares with those that it forks later, and that lives as long as they; NULL with errno. */
struct signals_unqueued *signals_unqueued_new(void);

/* Whether the default action of SIGNO ends the process (signal(7)), and SIGNO can be caught. */
bool signals_ends(int signo);

/* Whether a signal is pending that would end the process, or was forwarded. */
bool signals_end_pending(void);

/* Whether a terminal sends SIGNO to the whole process group, so that the program gets it by itself. */
bool signals_of_terminal(int signo);

/* Forwards INFO, which the caller got, to TRACER; its number alone where the kernel queues no more. */
void signals_forward(pid_t tracer, const siginfo_t *info, struct signals_unqueued *unqueued);

/* What INFO, taken as SIGNALS says, is: the signal itself, or the one that was forwarded; pid is 0 where the sender got
 * lost. False: neither. */
bool signals_read(const struct signals *signals, const siginfo_t *info, struct wait_signal *ret);

/* Dies of SIGNO as another process did, without a core of its own, so that the caller sees the same end. Returns the
 * exit status to use if that fails. */
int signals_die_of(int signo);

#endif
