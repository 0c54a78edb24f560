/* SPDX-License-Identifier: GPL-2.0-or-later */
/* When a trace is over although what is traced goes on: limits that events tell of. The time is the engine's to watch.
 */
#ifndef CLI_LIMITS_H
#define CLI_LIMITS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

struct event;
struct options;

struct limits {
	const struct options *options;
	uint64_t events;   /* so far; what was there at the beginning is not counted */
	pid_t *roots;	   /* the processes that --until-exit waits for: launched, or given by -p */
	size_t root_count; /* of those that have not ended */
};

void limits_init(struct limits *ret, const struct options *options);
void limits_done(struct limits *limits);

/* Whether OPTIONS have a limit at which tasks are let go, and so must not have the filter. */
bool limits_let_go(const struct options *options);

/* Takes EVENT in; true: the trace is over. */
bool limits_reached(struct limits *limits, const struct event *event);

#endif
