/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Keeps events until nothing else is ready. */
#include "source/ptrace/late.h"

#include <stdlib.h>

#include "base/mem.h"

/* When a process ends, many thousand threads may end at once, so not all of their events are kept. */
#define LATE_MAX 64

void late_report(struct late *late)
{
	for (size_t i = 0; i < late->count; i++)
		late->event(late->data, &late->events[i]);
	late->count = 0;
	late->points = false;
}

void late_report_pointing(struct late *late)
{
	if (late->points)
		late_report(late);
}

void late_add(struct late *late, const struct event *event)
{
	if (late->prompt) {
		late->event(late->data, event);
		return;
	}
	if (late->count == LATE_MAX)
		late_report(late);
	if (late->count == late->size) {
		late->size = late->size ? late->size * 2 : 8;
		late->events = mem_resize(late->events, late->size, sizeof(*late->events));
	}
	late->events[late->count++] = *event;
	late->points = late->points || event_points(event);
}

void late_done(struct late *late)
{
	free(late->events);
}
