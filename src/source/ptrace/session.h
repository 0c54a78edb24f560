/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What signals for cltrace do: which are for the launched program, which ask for the end, and how cltrace then ends. */
#ifndef SOURCE_PTRACE_SESSION_H
#define SOURCE_PTRACE_SESSION_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

#include "event/event.h"
#include "source/ptrace/launch.h"
#include "source/ptrace/relay.h"
#include "source/ptrace/tracer_signals.h"
#include "source/ptrace/wait.h"

/* What a signal makes the engine do. */
enum session_want {
	SESSION_NOTHING,
	SESSION_SAY,	/* say that the remaining tasks cannot continue without cltrace */
	SESSION_DETACH, /* from every task */
	SESSION_KILL,	/* every task */
	SESSION_LEAVE,	/* end at once, whatever happens to the remaining tasks */
};

struct session {
	const struct signals *signals;
	const struct launch *launch; /* NULL: no program was launched */
	/* attached to processes, which did not start cltrace, so no signal is for them */
	bool attached;
	bool ended; /* the launched program has ended */
	/* tasks cannot continue without cltrace: they have the filter, or --kill-on-exit */
	bool lethal;
	bool kill_on_exit;
	bool warned;	  /* SESSION_SAY was given */
	uint64_t ending;  /* ns, CLOCK_MONOTONIC: since when all are killed or detached; 0: not yet */
	bool stopped;	  /* the program is in a group stop */
	bool stop_wanted; /* the stand-in waits for SIGSTOP until the program is in a group stop */
	struct relay relay;
};

/* The first request may take some time; another request after so many ns ends cltrace at once. */
#define SESSION_PATIENCE_NS 1000000000

/* SIGNAL came to us at NOW. */
enum session_want session_signal(struct session *session, const struct wait_signal *signal, uint64_t now);

/* How many ns until session_due() is to be called, or -1. */
int64_t session_timeout(const struct session *session, uint64_t now);
/* Passes on the signals that the program did not get by itself in time. */
enum session_want session_due(struct session *session, uint64_t now);

/* The trace is over: passes on the signals that still wait. */
void session_over(struct session *session);

/* TID is stopped for SIGNO at NOW: if the program gets a signal that also came to us, it is not sent again. */
void session_delivery(struct session *session, pid_t tid, int signo, uint64_t now);

/* Group stops of the program, and their ends, which the stand-in repeats. */
void session_event(struct session *session, const struct event *event);
void session_program_ended(struct session *session);

#endif
