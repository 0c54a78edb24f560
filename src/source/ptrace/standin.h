/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The stand-in: the process that the caller of cltrace knows, waits for and sends signals to.
 *
 * It is the parent of the launched program and traces nothing. So the kernel reports the program's group stops to it,
 * which a tracer that is the parent itself never sees (kernel/exit.c, wait_consider_task()). It stops when and only
 * when the program is in a group stop, with the same signal, forwards every signal to the tracer, and ends as the
 * tracer does, or as the program if that outlives the tracer.
 *
 * The tracer never stops: other tasks that it traces need it, and so does a stopped program that somebody continues.
 * It has a process group of its own, so signals for the program's group do not reach it; the stand-in is in that one,
 * too, unless the program is stopped or has ended. */
#ifndef SOURCE_PTRACE_STANDIN_H
#define SOURCE_PTRACE_STANDIN_H

#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

#include "source/ptrace/tracer_signals.h"

/* What the two report to each other in memory that they share. */
struct standin_shared {
	struct signals_ring ring;
	_Atomic bool detached; /* the tracer ends, and does not know how the programs end */
};

struct standin {
	pid_t tracer;
	const pid_t *programs; /* one after the other */
	size_t count;
	int ready; /* a pipe, which has a byte when the tracer takes its signals */
	struct standin_shared *shared;
};

/* What the stand-in forwards, as if it were a signal, when the program was stopped by SIGSTOP: the tracer then sends
 * SIGSTOP unless the program has been continued. Other stop signals the stand-in sends itself; but SIGSTOP cannot be
 * blocked, so only the process that also sends SIGCONT can keep the two in order. */
#define STANDIN_STOP_ME SIGSTOP

/* For the processes that are forked later, and as long as those live; NULL with errno. */
struct standin_shared *standin_share(void);

/* Becomes the stand-in; every signal is blocked. Never returns. */
void standin_run(const struct standin *standin) __attribute__((noreturn));

#endif
