/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What stacks.c, walk.c and start.c share. Nobody else includes it. */
#ifndef SOURCE_STACK_STACK_STATE_H
#define SOURCE_STACK_STACK_STATE_H

#include "source/stack/stacks.h"
#include "source/stack/unwind.h"

struct member;

struct stacks {
	struct stacks_config config;
	struct stacks_ops ops;
	void *data;
	struct code *code;
	struct member *members;
	uint32_t pthread_create; /* its bit of stack_functions() */
	struct stacks_counts counts;
	struct unwinder *unwinder;
	/* The stack at hand. */
	struct unwind_task task;
	struct code_log log;
	bool origin;	/* the origin is among the frames */
	bool nameless;	/* the last frame may be the origin, or a library's, which only its caller shows */
	struct way way; /* to it */
	struct frame frames[STACK_MAX];
};

/* walk.c: the frames of the task at hand, starting from its registers. */
void walk_stack(struct stacks *stacks, struct stack *stack);

/* start.c: the thread library's data for the process at hand; NULL: none. */
struct threads *start_threads(struct stacks *stacks);

#endif
