/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What is added to events on their way out: facts about a stopped task on which no decision of follow depends.
 * Everything that is added is a field of the event and has a line in --debug-stops, so that a recorded run gives the
 * same events again. */
#ifndef SOURCE_PTRACE_ENRICH_H
#define SOURCE_PTRACE_ENRICH_H

#include <stdbool.h>
#include <sys/types.h>
#include <sys/utsname.h>

#include "base/text.h"
#include "event/event.h"

struct gather;
struct stacks;

/* What is added points into this and into `gather`, until the next event that is enriched. */
struct enrich {
	struct gather *gather;		    /* has the program and the arguments of the last exec */
	struct stacks *unwind;		    /* NULL: there are no stacks in this build */
	unsigned wants;			    /* bits of enum event_want */
	bool calls_seen;		    /* not only ptrace's events, so that unshare and setns are seen */
	pid_t stopped;			    /* the task that is stopped and fed; 0: none */
	struct text call;		    /* of the last end that has one */
	struct text pidfd_is, refers, file; /* of the last event that has them */
	struct utsname host;
	pid_t leader; /* the leader attached to last, if its namespaces are known; else 0 */
	uint64_t leader_ns[NAMESPACE_COUNT];
	bool time_moves; /* a task has called unshare(CLONE_NEWTIME): an exec may take it there */
};

/* ENRICH is zeroed but for what the caller sets: everything above `call`. */
void enrich_done(struct enrich *enrich);

/* What there is to be added to EVENT: bits for enrich_add(); 0: nothing. */
unsigned enrich_find(struct enrich *enrich, const struct event *event);

/* Adds to *EVENT, a copy of the event in which enrich_find() has FOUND that. */
void enrich_add(struct enrich *enrich, struct event *event, unsigned found);

#endif
