/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Counts over time, in a limited number of steps however long the trace is, and a plot of them. */
#ifndef RENDER_RATE_H
#define RENDER_RATE_H

#include <stdbool.h>
#include <stdint.h>

struct text;

#define RATE_STEPS 64
#define RATE_FIRST UINT64_C(1000) /* ns: a step at first */

/* Start with RATE_INIT. */
struct rate {
	uint64_t step; /* ns: RATE_FIRST, doubled as often as necessary */
	uint64_t last; /* ns: the latest moment reported */
	uint64_t counts[RATE_STEPS];
};

#define RATE_INIT                  \
	{                          \
		.step = RATE_FIRST \
	}

/* COUNT happened at WHEN, ns after the start. COUNT 0: only the time has advanced. */
void rate_add(struct rate *rate, uint64_t when, uint64_t count);

/* How many steps there are up to the latest moment: at least one. */
unsigned rate_steps(const struct rate *rate);

/* Adds a plot that is at most WIDTH columns wide (0: no limit), or wider if WIDTH is too small for any plot. A step of
 * the plot can be two or more of RATE's. */
void rate_draw(struct text *text, const struct rate *rate, unsigned width, bool utf8);

#endif
