/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Finds the call that an event is about. */
#include "event/attempt.h"

#include "event/event.h"

const struct attempt *event_attempt(const struct event *event)
{
	const unsigned with = 1u << EVENT_SPAWN | 1u << EVENT_REFUSED | 1u << EVENT_CALL;

	return with & 1u << event->kind ? &event->attempt : NULL;
}

const struct request *event_request(const struct event *event)
{
	if (event->kind == EVENT_SPAWN && !(event->have & EVENT_HAVE_REQUEST))
		return NULL;
	return event_attempt(event) ? &event->attempt.request : NULL;
}

const struct facts *event_facts(const struct event *event)
{
	return event_attempt(event) && event->have & EVENT_HAVE_FACTS ? event->attempt.facts : NULL;
}

const struct stack *event_stack(const struct event *event)
{
	return event_attempt(event) && event->have & EVENT_HAVE_STACK ? &event->attempt.stack : NULL;
}
