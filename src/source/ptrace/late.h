/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Events that are reported when nothing else is ready, because reporting an event takes about as long as the rest of a
 * stop, and the child of a creation has mostly stopped by then and waits for the tracer. */
#ifndef SOURCE_PTRACE_LATE_H
#define SOURCE_PTRACE_LATE_H

#include <stdbool.h>
#include <stddef.h>

#include "event/event.h"

struct late {
	bool prompt; /* each event is reported at once */
	void (*event)(void *data, const struct event *event);
	void *data;
	struct event *events;
	size_t count, size;
	bool points; /* one of them points to something that the next stop can change: a string, a stack */
};

/* Reports EVENT, or keeps it until late_report(). What EVENT points to must not change until then, or until
 * late_report_pointing(). */
void late_add(struct late *late, const struct event *event);

/* Reports all events that are kept. */
void late_report(struct late *late);

/* The same if one of them points to anything. Call it before you change a string or a stack to which an event can
 * point. */
void late_report_pointing(struct late *late);

void late_done(struct late *late);

#endif
