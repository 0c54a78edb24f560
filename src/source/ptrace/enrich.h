/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What is added to events before they are reported: facts about a stopped task on which no decision of follow depends.
 * Everything that is added is a field of the event and is in --debug-stops, so a recorded run gives the same events
 * again. */
#ifndef SOURCE_PTRACE_ENRICH_H
#define SOURCE_PTRACE_ENRICH_H

#include <stdbool.h>
#include <sys/types.h>
#include <sys/utsname.h>

#include "base/text.h"
#include "event/event.h"

struct gather;
struct stacks;

/* The added facts point into this struct and into `gather`, until the next event is enriched. */
struct enrich {
	struct gather *gather;		    /* has the program and the arguments of the last exec */
	struct stacks *unwind;		    /* NULL: this build has no stacks */
	unsigned wants;			    /* bits of enum event_want */
	bool calls_seen;		    /* not only ptrace's events, so unshare and setns are seen */
	pid_t stopped;			    /* the stopped task that follow handles now; 0: none */
	struct text call;		    /* of the last end that has one */
	struct text pidfd_is, refers, file; /* of the last event that has them */
	struct utsname host;
	pid_t leader; /* the leader attached to last, if its namespaces are known; else 0 */
	uint64_t leader_ns[NAMESPACE_COUNT];
	/* a task has called unshare(CLONE_NEWTIME): its next exec may enter the new namespace */
	bool time_moves;
};

/* ENRICH is zeroed except for the members that the caller sets: everything above `call`. */
void enrich_done(struct enrich *enrich);

/* What can be added to EVENT: bits for enrich_add(); 0: nothing. */
unsigned enrich_find(struct enrich *enrich, const struct event *event);

/* Adds to *EVENT, a copy of the event, what enrich_find() has FOUND. */
void enrich_add(struct enrich *enrich, struct event *event, unsigned found);

#endif
