/* SPDX-License-Identifier: GPL-2.0-or-later */
/* How long to poll for the next stop before sleeping: pure arithmetic, which wait.c feeds with what it sees.
 *
 * A tracer that sleeps must be woken, often on a processor that has halted meanwhile, and the task that it resumes is
 * then woken on another one: some 30 us each on a virtual machine, several times what a stop takes. A tracer that polls
 * answers within a microsecond or two. But polling keeps a processor busy. It pays only while three things hold:
 *
 * - stops follow each other closely: nearly all gaps, the times that nothing is ready, have been short of late. A
 *   program that creates one task now and then has a few short gaps and a long one, again and again: for it, it sleeps;
 * - the machine has a processor to spare. If more tasks can run than there are processors, none of them ever halts, to
 *   be woken is cheap, and polling takes time from somebody. How many tasks can run is counted, now and then, over the
 *   whole machine: it makes no difference whose they are. A long sched_yield(2) says nothing: the task that runs
 *   meanwhile is mostly the one that stops next;
 * - it has not been in vain too often. Polling in vain spends credit. Credit grows by what a wake-up costs whenever
 *   polling finds a stop, so that in the end polling never costs more than sleeping would have, and by a fixed share of
 *   the time (POLLING_SHARE), so that it is tried again. A program that does nothing costs nothing at all.
 *
 * With one processor there is nobody to poll for: the tracee cannot run meanwhile. */
#ifndef SOURCE_PTRACE_POLLING_H
#define SOURCE_PTRACE_POLLING_H

#include <stdbool.h>
#include <stdint.h>

/* All times are in ns, of CLOCK_MONOTONIC. */
#define POLLING_NS 1000000 /* for how long to poll; gaps that are no longer are short */
#define POLLING_SHORT 224  /* so many of POLLING_ALL gaps have to be short */
#define POLLING_ALL 256
#define POLLING_SAVES 30000	   /* what it saves to find a stop */
#define POLLING_SHARE 200	   /* one ns of credit for so many ns */
#define POLLING_CREDIT_MAX 2000000 /* the most credit */
#define POLLING_COUNT_EVERY 500000 /* how often the tasks that can run are counted, at the most */

/* What has been decided last, and why. */
enum polling_state {
	POLLING_UNDECIDED,
	POLLING_ALONE,	 /* not to poll: there is one processor */
	POLLING_RARE,	 /* ... too many gaps are long */
	POLLING_CROWDED, /* ... more tasks can run than there are processors for */
	POLLING_SPENT,	 /* ... it has been in vain too often */
	POLLING_ON,	 /* to poll */
};

struct polling {
	enum polling_state state;
	unsigned own;	     /* processors that this process may run on */
	unsigned processors; /* ... and that the machine has */
	unsigned short_gaps; /* the average, of POLLING_ALL */
	uint64_t credit;
	uint64_t credited; /* when credit was last added */
	unsigned running;  /* tasks that can run, this process included: the average, times POLLING_UNIT */
	uint64_t counted;  /* when */
};

#define POLLING_UNIT 16

/* OWN and PROCESSORS: at least 1. */
void polling_init(struct polling *polling, unsigned own, unsigned processors);

/* Whether the number of tasks that can run is wanted before polling_time(): its average is old, and all else says that
 * polling would pay. */
bool polling_wants_count(const struct polling *polling, uint64_t now);

/* So many tasks can run now, the caller included; 0: not known. */
void polling_count(struct polling *polling, unsigned running, uint64_t now);

/* For how long to poll, from NOW on: POLLING_NS, or 0: sleep at once. */
uint64_t polling_time(struct polling *polling, uint64_t now);

/* Polling has found a stop. */
void polling_pays(struct polling *polling);

/* Nothing was ready from BEGIN to END, when a stop came (FOUND), or polling had been in vain. */
void polling_learn(struct polling *polling, uint64_t begin, uint64_t end, bool found);

/* The name of a state. */
const char *polling_name(enum polling_state state);

#endif
