/* SPDX-License-Identifier: GPL-2.0-or-later */
/* When a trace ends although the traced tasks continue: limits that events show. The engine watches the time.
 */
#ifndef CLI_UNTIL_H
#define CLI_UNTIL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

struct event;
struct options;

struct until {
	const struct options *options;
	uint64_t events;   /* so far; what was there at the beginning is not counted */
	pid_t *roots;	   /* the processes that --until-exit waits for: launched, or given by -p */
	size_t root_count; /* of those that have not ended */
};

void until_init(struct until *ret, const struct options *options);
void until_done(struct until *until);

/* Whether OPTIONS have a limit at which tasks are detached, and so must not have the filter. */
bool until_detaches(const struct options *options);

/* Takes EVENT in; true: the trace is over. */
bool until_reached(struct until *until, const struct event *event);

#endif
