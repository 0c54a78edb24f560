/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A call that was followed: what SPAWN, REFUSED and CALL have in common, however it ended. */
#ifndef EVENT_ATTEMPT_H
#define EVENT_ATTEMPT_H

#include <stdint.h>

#include "clone/facts.h"
#include "clone/request.h"
#include "event/stack.h"

struct event;

struct attempt {
	struct request request;	   /* SPAWN: HAVE_REQUEST; REFUSED, CALL: always */
	uint64_t duration;	   /* HAVE_DURATION: ns from entry to return of the call */
	const struct facts *facts; /* HAVE_FACTS: REFUSED, CALL: the facts that show why the call failed */
	struct stack stack;	   /* HAVE_STACK: SPAWN, REFUSED: the caller's */
	/* HAVE_REFERS: what the descriptor of the request refers to: `cgroup` of a creation, or the descriptor of setns
	 * or execveat */
	const char *refers;
};

/* The attempt of EVENT, or NULL: its kind has none. */
const struct attempt *event_attempt(const struct event *event);

/* These parts of EVENT's attempt. NULL: the kind has no attempt, or the part is not known. */
const struct request *event_request(const struct event *event);
const struct facts *event_facts(const struct event *event);
const struct stack *event_stack(const struct event *event);

#endif
