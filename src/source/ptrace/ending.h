/* SPDX-License-Identifier: GPL-2.0-or-later */
/* How a trace ends before its tasks do: by detaching from all of them, by killing them, or by leaving them. */
#ifndef SOURCE_PTRACE_ENDING_H
#define SOURCE_PTRACE_ENDING_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

#include "source/ptrace/session.h"

struct follow;
struct stopline;

struct ending {
	struct follow *follow;
	bool kill_on_exit;
	void (*feed)(void *data, struct stopline *line); /* passes an input to follow: DETACH, LEAVE */
	void *data;
	bool asked; /* somebody has asked for the end */
	bool detaching, killing;
	bool left;	  /* the remaining tasks are left to the kernel, and the engine no longer waits */
	int64_t deadline; /* ns, CLOCK_MONOTONIC; 0: none */
};

/* Whether the end that was asked for is to be done now. STARTED: the launched program has exec'ed, or there is none; an
 * end waits for that. */
bool ending_is_due(const struct ending *ending, bool started);

/* Does it. */
void ending_begin(struct ending *ending);

/* TID is a new task: kills it if all tasks are being killed. */
void ending_new_task(const struct ending *ending, pid_t tid);

/* Does what a signal asks for, see session.h. */
void ending_want(struct ending *ending, enum session_want want);

/* Nothing has happened during the engine's timeout: leaves the tasks if none of them can report anything. Returns
 * whether it has left them. */
bool ending_silence(struct ending *ending);

#endif
