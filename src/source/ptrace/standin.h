/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The stand-in: the process that the caller of cltrace knows, waits for and sends signals to.
 *
 * It is the parent of the launched program and traces nothing. So the kernel reports the program's group stops to it. A
 * tracer that is the parent never sees them (kernel/exit.c, wait_consider_task()). It stops exactly when the program is
 * in a group stop, with the same signal. It forwards every signal to the tracer, and ends like the tracer, or like the
 * program if the program ends after the tracer.
 *
 * The tracer never stops, because other traced tasks need it, and so does a stopped program that is continued. It has a
 * process group of its own, so signals for the program's group do not reach it. The stand-in is in the tracer's group,
 * too, unless the program is stopped or has ended. */
#ifndef SOURCE_PTRACE_STANDIN_H
#define SOURCE_PTRACE_STANDIN_H

#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

#include "source/ptrace/tracer_signals.h"

/* What the tracer and the stand-in report to each other in shared memory. */
struct standin_shared {
	struct signals_ring ring;
	_Atomic bool detached; /* the tracer ends, and does not know how the programs end */
};

struct standin {
	pid_t tracer;
	const pid_t *programs; /* one behind the other */
	size_t count;
	int ready; /* a pipe, in which there is a byte when the tracer takes its signals */
	struct standin_shared *shared;
};

/* What the stand-in forwards, as if it were a signal, when the program was stopped by SIGSTOP: the tracer then sends
 * SIGSTOP unless the program has been continued. The stand-in itself sends other stop signals. But SIGSTOP cannot be
 * blocked, so only the process that also sends SIGCONT can keep the two in order. */
#define STANDIN_STOP_ME SIGSTOP

/* Shared with the processes that are forked later, as long as these live; NULL with errno. */
struct standin_shared *standin_share(void);

/* Becomes the stand-in; every signal is blocked. Never returns. */
void standin_run(const struct standin *standin) __attribute__((noreturn));

#endif
