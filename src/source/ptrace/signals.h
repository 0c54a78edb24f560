/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The signals that cltrace itself takes while it traces, and how a program that it starts gets them back. */
#ifndef SOURCE_PTRACE_SIGNALS_H
#define SOURCE_PTRACE_SIGNALS_H

#include <signal.h>

struct signals {
	sigset_t taken; /* blocked; read by sigtimedwait */
	sigset_t old_mask;
	struct sigaction old_child, old_pipe, old_size;
};

/* Blocks SIGCHLD and what asks us to end (SIGINT, SIGQUIT, SIGTERM, SIGHUP; one that was ignored stays ignored), makes
 * SIGCHLD tell of every stop, and ignores SIGPIPE and SIGXFSZ, so that a reader who goes away and a trace that outgrows
 * RLIMIT_FSIZE are errors of write(2): dead of them, cltrace would take a program that has its filter along. Terminal
 * stops (SIGTSTP, SIGTTIN, SIGTTOU) keep their effect: ^Z stops cltrace with its program.
 *
 * SIGUSR1, SIGUSR2 and real-time signals are blocked and never taken: where such a signal is to tell of a task's end,
 * the kernel may send it to us (wait.h). */
void signals_take(struct signals *ret);

/* As it was before: in a child, before exec; in the tracer, before it dies of a signal. */
void signals_give_back(const struct signals *signals);

#endif
