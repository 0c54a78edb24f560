/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Takes the tracer's signals and gives them back. */
#include "source/ptrace/signals.h"

#include <stddef.h>

/* What programs choose to be told of their tasks' ends by, besides SIGCHLD. */
static void add_exit_signals(sigset_t *set)
{
	sigaddset(set, SIGUSR1);
	sigaddset(set, SIGUSR2);
	for (int signo = SIGRTMIN; signo <= SIGRTMAX; signo++)
		sigaddset(set, signo);
}

void signals_take(struct signals *ret)
{
	static const int ending[] = { SIGINT, SIGQUIT, SIGTERM, SIGHUP };
	struct sigaction action = { .sa_handler = SIG_DFL }, old;
	sigset_t blocked;

	sigemptyset(&ret->taken);
	sigaddset(&ret->taken, SIGCHLD);
	for (size_t i = 0; i < sizeof(ending) / sizeof(ending[0]); i++) {
		if (!sigaction(ending[i], NULL, &old) && old.sa_handler != SIG_IGN)
			sigaddset(&ret->taken, ending[i]);
	}
	sigemptyset(&action.sa_mask);
	sigaction(SIGCHLD, &action, &ret->old_child);
	action.sa_handler = SIG_IGN;
	sigaction(SIGPIPE, &action, &ret->old_pipe);
	sigaction(SIGXFSZ, &action, &ret->old_size);
	blocked = ret->taken;
	add_exit_signals(&blocked);
	sigprocmask(SIG_BLOCK, &blocked, &ret->old_mask);
}

void signals_give_back(const struct signals *signals)
{
	sigaction(SIGCHLD, &signals->old_child, NULL);
	sigaction(SIGPIPE, &signals->old_pipe, NULL);
	sigaction(SIGXFSZ, &signals->old_size, NULL);
	sigprocmask(SIG_SETMASK, &signals->old_mask, NULL);
}
