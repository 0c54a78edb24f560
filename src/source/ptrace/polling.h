/* SPDX-License-Identifier: GPL-2.0-or-later */
/* How long to poll for the next stop before sleeping: pure arithmetic, which gets from wait.c what wait.c sees.
 *
 * A tracer that sleeps must be woken, often on a processor that has halted meanwhile, and the task that the tracer
 * resumes is then woken on another such processor. Each of the two costs some 30 us on a virtual machine, several times
 * the cost of a stop. A tracer that polls answers within a microsecond or two. But polling keeps a processor busy. It
 * pays only while three things are true:
 *
 * - Stops follow each other closely. A gap is a time in which nothing is ready; nearly all of the last gaps were short.
 *   A program that creates one task now and then has a few short gaps and a long one, again and again, so the tracer
 *   sleeps.
 * - The machine has a processor to spare. If more tasks can run than there are processors, no processor halts, so a
 *   wake-up is cheap, and polling takes time from other tasks. The tasks that can run are counted now and then, on the
 *   whole machine, because it makes no difference to whom a task belongs. A long sched_yield(2) shows nothing: the task
 *   that runs meanwhile is mostly the one that stops next.
 * - Polling has not failed too often. Polling that finds no stop spends credit. Polling that finds a stop earns what a
 *   wake-up costs, so in the end polling never costs more than sleeping would have cost. A fixed share of the time
 *   (POLLING_SHARE) is added as credit, too, so that polling is tried again. While the traced program does nothing,
 *   polling costs nothing.
 *
 * With one processor polling is useless, because the tracee cannot run meanwhile. */
#ifndef SOURCE_PTRACE_POLLING_H
#define SOURCE_PTRACE_POLLING_H

#include <stdbool.h>
#include <stdint.h>

/* All times are in ns, of CLOCK_MONOTONIC. */
#define POLLING_NS 1000000 /* how long to poll; a gap that is not longer is short */
#define POLLING_SHORT 224  /* so many of POLLING_ALL gaps must be short */
#define POLLING_ALL 256
#define POLLING_SAVES 30000	    /* what polling saves when it finds a stop */
#define POLLING_SHARE 200	    /* one ns of credit is added in so many ns */
#define POLLING_CREDIT_MAX 2000000  /* the most credit */
#define POLLING_COUNT_EVERY 1000000 /* the tasks that can run are counted at most once in this time */

/* The last decision, and why. */
enum polling_state {
	POLLING_UNDECIDED,
	POLLING_ALONE,	 /* not to poll: there is only one processor */
	POLLING_RARE,	 /* ... too many gaps are long */
	POLLING_CROWDED, /* ... more tasks can run than there are processors */
	POLLING_SPENT,	 /* ... polling has found no stop too often */
	POLLING_ON,	 /* to poll */
};

struct polling {
	enum polling_state state;
	unsigned own;	     /* the processors that this process may run on, */
	unsigned processors; /* ... and those that the machine has */
	unsigned short_gaps; /* of POLLING_ALL, on average */
	uint64_t credit;
	uint64_t credited; /* when credit was last added */
	unsigned running;  /* tasks that can run, this process included, on average, times POLLING_UNIT */
	uint64_t counted;  /* when `running` was counted last */
	/* For people: how often polling has found a stop, and none, and how often the caller has slept, which the
	 * caller counts. */
	uint64_t found, in_vain, slept;
};

#define POLLING_UNIT 256

/* OWN and PROCESSORS: at least 1. */
void polling_init(struct polling *polling, unsigned own, unsigned processors);

/* Whether polling_count() is to be called now: the average of the tasks that can run is old, and polling may pay. */
bool polling_wants_count(const struct polling *polling, uint64_t now);

/* RUNNING tasks can run now, the caller included; 0: the number is not known. */
void polling_count(struct polling *polling, unsigned running, uint64_t now);

/* For how long to poll, from NOW on: POLLING_NS, or 0: sleep at once. */
uint64_t polling_time(struct polling *polling, uint64_t now);

/* Polling has found a stop. */
void polling_pays(struct polling *polling);

/* Polling has found no stop in NS. */
void polling_fails(struct polling *polling, uint64_t ns);

/* Nothing was ready for NS; then a stop came. */
void polling_learn(struct polling *polling, uint64_t ns);

/* The name of a state. */
const char *polling_name(enum polling_state state);

#endif
