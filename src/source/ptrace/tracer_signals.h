/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The signals that the tracer takes while it traces, and those that the stand-in forwards to it. */
#ifndef SOURCE_PTRACE_TRACER_SIGNALS_H
#define SOURCE_PTRACE_TRACER_SIGNALS_H

#include <signal.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

#include "source/ptrace/wait.h"

#define SIGNALS_MAX 64 /* forwarded and not taken yet */

/* The signals that one process forwards and another one takes, in shared memory, because a signal that carries more
 * than its number may not be sent (RLIMIT_SIGPENDING). Zeroed at first. */
struct signals_ring {
	_Atomic unsigned put, taken; /* the counts until now */
	struct wait_signal signals[SIGNALS_MAX];
};

struct signals {
	sigset_t taken; /* blocked; read by sigtimedwait */
	bool forwarded; /* the tracer's signals come from the stand-in (standin.h) */
	struct signals_ring *ring;
};

/* The real-time signal by which the stand-in forwards a signal, the one that informs the tracer that the stand-in has
 * died, and those of two timers: the tracer has hardly any CPU time left; a task is being seized (seize.h). */
#define SIGNALS_FORWARD SIGRTMAX
#define SIGNALS_PARENT_DIED (SIGRTMAX - 1)
#define SIGNALS_OUT_OF_TIME (SIGRTMAX - 2)
#define SIGNALS_TICK (SIGRTMAX - 3)

/* Which process takes signals. */
enum signals_of {
	SIGNALS_OF_TRACER,   /* with a stand-in: SIGCHLD and what the stand-in forwards */
	SIGNALS_OF_ATTACHED, /* without: SIGCHLD, SIGTSTP and each signal that would end the process */
	SIGNALS_OF_READER,   /* of recordings: each signal that would end the process */
};

/* Blocks signals and takes some of them; a signal that is ignored now stays ignored. SIGPIPE and SIGXFSZ are ignored: a
 * reader that goes away and a trace that outgrows RLIMIT_FSIZE are errors of write(2), because the tracer's death would
 * kill a program that has its filter.
 *
 * A tracer makes SIGCHLD report every stop, is never stopped by its terminal (SIGTTIN and SIGTTOU are ignored), and
 * blocks all signals but those of faults: signals that it does not take do no harm, and the kernel may send it a task's
 * exit signal (wait.h). RING has the signals that the stand-in forwards; NULL: there is none. */
void signals_take(struct signals *ret, enum signals_of who, struct signals_ring *ring);

/* Whether the default action of SIGNO ends the process (signal(7)), and SIGNO can be caught. */
bool signals_ends(int signo);

/* Whether a signal that would end the process is pending or was forwarded. */
bool signals_end_pending(void);

/* Whether one of those that DATA, a struct signals, takes is waiting to be taken, and would end a process: what outputs
 * ask while they wait (cli/writer.h). */
bool signals_end_waiting(void *data);

/* Whether a terminal sends SIGNO to the whole process group, so that the program gets it by itself. */
bool signals_of_terminal(int signo);

/* Forwards INFO, which the caller got, to TRACER. A standard signal that is already on its way is merged with the first
 * one, as the kernel does. If there are SIGNALS_MAX signals, it is lost. */
void signals_forward(struct signals_ring *ring, pid_t tracer, const siginfo_t *info);

/* Takes the oldest signal; false: there is none. */
bool signals_next(struct signals_ring *ring, struct wait_signal *ret);

/* The signal that INFO, taken as SIGNALS says, means: itself, or a forwarded one. False: neither. */
bool signals_read(const struct signals *signals, const siginfo_t *info, struct wait_signal *ret);

/* Dies of SIGNO as another process did, without a core of its own, so that the caller sees the same end. Returns the
 * exit status to use if that fails. */
int signals_die_of(int signo);

#endif
