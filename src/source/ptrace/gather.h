/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What follow asks for about a stopped task: one function for each part of a stop. */
#ifndef SOURCE_PTRACE_GATHER_H
#define SOURCE_PTRACE_GATHER_H

#include <stdbool.h>

#include "base/text.h"
#include "clone/facts.h"
#include "follow/stop.h"
#include "source/ptrace/program.h"

struct follow;
struct kcmp;
struct late;
struct stacks;

#define GATHER_PID_NS_SIZE 32 /* "pid:[INODE]" */

/* The gathered parts point into this struct, until the same part is gathered again. */
struct gather {
	const struct follow *follow;	 /* its tasks are not workers of io_uring */
	const struct kcmp *kcmp;	 /* NULL: nothing is compared */
	struct stacks *unwind;		 /* NULL: this build has no stacks */
	struct late *late;		 /* events that may point into this */
	bool own_filter;		 /* tasks have our filter, which is not counted */
	char pid_ns[GATHER_PID_NS_SIZE]; /* our own; empty: not known */
	struct program program;		 /* of the last exec, with */
	struct text command, argv;	 /* its arguments, and */
	bool argv_cut;			 /* whether there were more of them */
	struct text name;
	struct facts facts; /* of the last refusal, and */
	struct text cgroup; /* its cgroup */
};

/* GATHER is zeroed except for the members that the caller sets: everything above `pid_ns`. */
void gather_init(struct gather *gather);
void gather_done(struct gather *gather);

/* Gathers PARTS (enum stop_part) about stop->tid, as follow_ops.gather does. A part that could not be gathered has no
 * bit in stop->have. */
void gather(struct gather *gather, struct stop *stop, unsigned parts);

#endif
