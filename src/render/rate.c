/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Counts over time, in a limited number of steps however long the trace is, and a plot of them. */
#include "render/rate.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "base/clock.h"
#include "base/text.h"
#include "render/words.h"

#define PLOT_ROWS 4   /* at most */
#define RATED 10      /* a rate is shown for so many and more: fewer may be chance */
#define PLOT_MARGIN 2 /* columns between the numbers and the plot */

/* What a part of a column looks like, from nothing to full. */
static const char *const blocks[] = { " ", "▁", "▂", "▃", "▄", "▅", "▆", "▇", "█" };
static const char *const characters[] = { " ", ".", ":", "#" };

/* Joins each two steps into one. */
static void widen(struct rate *rate)
{
	for (unsigned i = 0; i < RATE_STEPS; i += 2)
		rate->counts[i / 2] = rate->counts[i] + rate->counts[i + 1];
	memset(rate->counts + RATE_STEPS / 2, 0, sizeof(rate->counts) / 2);
	rate->step *= 2;
}

void rate_add(struct rate *rate, uint64_t when, uint64_t count)
{
	while (when / rate->step >= RATE_STEPS)
		widen(rate);
	if (when > rate->last)
		rate->last = when;
	rate->counts[when / rate->step] += count;
}

unsigned rate_steps(const struct rate *rate)
{
	return (unsigned)(rate->last / rate->step) + 1;
}

static uint64_t most_of(const struct rate *rate)
{
	uint64_t most = 0;

	for (unsigned i = 0; i < RATE_STEPS; i++)
		most = rate->counts[i] > most ? rate->counts[i] : most;
	return most;
}

/* How many of LEVELS the column of COUNT fills, if MOST fills all; at least one if COUNT is not 0. */
static unsigned level_of(uint64_t count, uint64_t most, unsigned levels)
{
	const unsigned level = (unsigned)((double)count * levels / (double)most + 0.5);

	return count && !level ? 1 : level;
}

/* ROW 0 is the lowest. */
static void add_row(struct text *text, const struct rate *rate, uint64_t most, unsigned rows, unsigned row, bool utf8)
{
	const char *const *parts = utf8 ? blocks : characters;
	const unsigned each = (utf8 ? sizeof(blocks) : sizeof(characters)) / sizeof(*parts) - 1;
	unsigned blanks = 0;

	for (unsigned i = 0; i < rate_steps(rate); i++) {
		const unsigned level = level_of(rate->counts[i], most, rows * each);
		const unsigned part = level > row * each ? level - row * each : 0;

		if (!part) {
			blanks++;
			continue;
		}
		text_addf(text, "%*s%s", (int)blanks, "", parts[part < each ? part : each]);
		blanks = 0;
	}
}

/* "0            1.08 s" below the plot. */
static void add_axis(struct text *text, const struct rate *rate, unsigned margin, bool utf8)
{
	struct text end = TEXT_INIT;
	int room;

	text_addf(text, "%*s%s", (int)margin, "", utf8 ? "└" : "+");
	for (unsigned i = 0; i < rate_steps(rate); i++)
		text_add(text, utf8 ? "─" : "-");
	words_add_time(&end, rate->last);
	room = (int)rate_steps(rate) - 1 - (int)end.length;
	text_addf(text, "\n%*s0%*s%s\n", (int)margin + 1, "", room > 0 ? room : 1, "", text_get(&end));
	text_done(&end);
}

static void add_head(struct text *text, const struct rate *rate, uint64_t most)
{
	text_add(text, "Tasks made in each ");
	words_add_time(text, rate->step);
	text_addf(text, ", at most %" PRIu64, most);
	if (most >= RATED)
		text_addf(text, " (%.0f a second)", (double)most * (double)CLOCK_SECOND / (double)rate->step);
	text_add(text, "\n");
}

void rate_draw(struct text *text, const struct rate *rate, unsigned width, bool utf8)
{
	struct rate plot = *rate;
	char number[24];
	unsigned margin, rows;
	uint64_t most;

	for (;;) {
		most = most_of(&plot);
		margin = (unsigned)snprintf(number, sizeof(number), "%" PRIu64, most);
		if (!width || margin + PLOT_MARGIN + rate_steps(&plot) <= width || rate_steps(&plot) == 1)
			break;
		widen(&plot);
	}
	if (!most)
		return;
	add_head(text, &plot, most);
	rows = most < PLOT_ROWS ? (unsigned)most : PLOT_ROWS;
	for (unsigned row = rows; row--;) {
		text_addf(text, "%*s%s", (int)margin + 1, row == rows - 1 ? strcat(number, " ") : "", utf8 ? "│" : "|");
		add_row(text, &plot, most, rows, row, utf8);
		text_add(text, "\n");
	}
	add_axis(text, &plot, margin + 1, utf8);
}
