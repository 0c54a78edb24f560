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
	uint64_t events;   /* so far; those of the tasks that existed before are not counted */
	pid_t *roots;	   /* the processes that --until-exit waits for: launched, or given by -p */
	size_t root_count; /* how many of them have not ended */
};

void until_init(struct until *ret, const struct options *options);
void until_done(struct until *until);

/* Whether OPTIONS have a limit at which tasks are detached. Such tasks must not have the filter. */
bool until_detaches(const struct options *options);

/* Counts EVENT; true: the trace is over. */
bool until_reached(struct until *until, const struct event *event);

#endif
