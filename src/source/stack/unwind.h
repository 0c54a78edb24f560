/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The stacks of tasks that are stopped within a call. */
#ifndef SOURCE_STACK_UNWIND_H
#define SOURCE_STACK_UNWIND_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

#include "event/event.h"
#include "source/stack/aspace.h"
#include "source/stack/memo.h"

#define UNWIND_REGISTERS MEMO_REGISTERS

/* The general registers in the order of their DWARF numbers (System V ABI, AMD64 supplement, 3.6.2), rip last. */
struct unwind_registers {
	uint64_t values[UNWIND_REGISTERS];
};

struct unwind_ops {
	/* 0, -ENOTSUP for a task in 32-bit code, or another -errno. */
	int (*registers)(void *data, pid_t tid, struct unwind_registers *ret);
	struct code_ops code;
};

/* The kernel's, which do not use their data. */
extern const struct unwind_ops unwind_kernel;

struct unwind_config {
	unsigned limit; /* frames, at most STACK_MAX; more only up to the origin */
	bool origin;	/* only the frames up to the origin; no server is asked for it */
	bool check;	/* for tests: walks also if a stack is remembered, and counts the stacks that differ */
};

/* How many stacks were walked, and how many were remembered. */
struct unwind_counts {
	unsigned long walked, remembered;
	unsigned long wrong; /* of the remembered ones, with `check`: those that a walk does not find */
};

struct unwind;

/* NULL, or why there are no stacks: in this build or on this machine. */
const char *unwind_lack(void);

struct unwind *unwind_new(const struct unwind_config *config, const struct unwind_ops *ops, void *data);
void unwind_free(struct unwind *unwind);

/* The stack of TID of process TGID, which is stopped in a call. REQUEST is that call's request if unwind_start()
 * follows, so that the memory for unwind_start() is read, too; else NULL. Valid until the next stack, or until
 * unwind_has_left(). */
void unwind_stack(struct unwind *unwind, pid_t tid, pid_t tgid, const struct request *request, struct stack *ret);

/* Adds to EVENT, a SPAWN whose stack has just been had, what the new task runs, as far as that is known. Valid until
 * the next stack. */
void unwind_start(struct unwind *unwind, struct event *event);

/* Whether PTHREAD of process TGID, of which STOPPED is a task that is stopped, has left by itself, joined or not. 1, 0,
 * or -ENODATA: that is not known. */
int unwind_has_left(struct unwind *unwind, pid_t stopped, pid_t tgid, uint64_t pthread);

void unwind_counts(const struct unwind *unwind, struct unwind_counts *ret);

/* Which processes share an address space, or have a copy of one: to be informed of each event, a SPAWN's after its
 * stack.
 */
void unwind_event(struct unwind *unwind, const struct event *event);

#endif
