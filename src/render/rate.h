/* SPDX-License-Identifier: GPL-2.0-or-later */
/* How much happened when: counts over time in a fixed number of steps, however long it takes, and a plot of them. */
#ifndef RENDER_RATE_H
#define RENDER_RATE_H

#include <stdbool.h>
#include <stdint.h>

struct text;

#define RATE_STEPS 64
#define RATE_FIRST UINT64_C(1000) /* ns: a step at first */

/* Start with RATE_INIT. */
struct rate {
	uint64_t step; /* ns: RATE_FIRST, doubled as often as it took */
	uint64_t last; /* ns: the latest moment reported */
	uint64_t counts[RATE_STEPS];
};

#define RATE_INIT                  \
	{                          \
		.step = RATE_FIRST \
	}

/* COUNT happened at WHEN, ns from the begin. 0: time has got that far. */
void rate_add(struct rate *rate, uint64_t when, uint64_t count);

/* How many steps there are up to the latest moment: at least one. */
unsigned rate_steps(const struct rate *rate);

/* Adds a plot, no wider than WIDTH columns (0: no limit) but for one that is too narrow for any. A step may then be two
 * or more of RATE's. */
void rate_draw(struct text *text, const struct rate *rate, unsigned width, bool utf8);

#endif
