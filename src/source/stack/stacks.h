/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The stacks of tasks that are stopped within a call. */
#ifndef SOURCE_STACK_STACKS_H
#define SOURCE_STACK_STACKS_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

#include "event/event.h"
#include "source/arch/arch.h"
#include "source/stack/aspace.h"

struct stacks_ops {
	/* 0, -ENOTSUP for a task in 32-bit code, or another -errno. */
	int (*registers)(void *data, pid_t tid, struct arch_frame *ret);
	struct code_ops code;
};

struct stacks_config {
	unsigned limit; /* frames, at most STACK_MAX; more only up to the origin */
	bool origin;	/* only the frames up to the origin; no server is asked for it */
	bool check;	/* for tests: also walks if a stack is remembered, and counts the stacks that differ */
};

/* How many stacks were walked, and how many were remembered. */
struct stacks_counts {
	unsigned long walked, remembered;
	unsigned long wrong; /* of the remembered ones, with `check`: those that a walk does not find */
};

struct stacks;

/* NULL if there are no stacks: unwind_lack() says why. */
struct stacks *stacks_new(const struct stacks_config *config, const struct stacks_ops *ops, void *data);
void stacks_free(struct stacks *stacks);

/* The stack of TID of process TGID, which is stopped in a call. REQUEST is that call's request if stacks_start()
 * follows, so that the memory for stacks_start() is read, too; else NULL. Valid until the next stack, or until
 * stacks_has_left(). */
void stacks_find(struct stacks *stacks, pid_t tid, pid_t tgid, const struct request *request, struct stack *ret);

/* Adds to EVENT, a SPAWN whose stack was the last one, what the new task runs, as far as known. Valid until the next
 * stack. */
void stacks_start(struct stacks *stacks, struct event *event);

/* Whether PTHREAD of process TGID, of which STOPPED is a stopped task, has ended by itself, joined or not. 1, 0, or
 * -ENODATA: not known. */
int stacks_has_left(struct stacks *stacks, pid_t stopped, pid_t tgid, uint64_t pthread);

void stacks_counts(const struct stacks *stacks, struct stacks_counts *ret);

/* Updates which processes share an address space, or have a copy of one. To be called for each event; for a SPAWN after
 * its stack. */
void stacks_event(struct stacks *stacks, const struct event *event);

#endif
