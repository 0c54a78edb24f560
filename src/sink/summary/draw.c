/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Draws the counts for people: tables, the lines around them, and a plot. */
#include <inttypes.h>

#include "base/array.h"
#include "base/histogram.h"
#include "model/filter.h"
#include "render/table.h"
#include "render/words.h"
#include "sink/summary/summary.h"

#define ORIGINS 10 /* that are shown if they were not asked for */

/* ---- tables ---- */

struct cell {
	const char *head;
	bool timed; /* only if some time is known */
	bool lives; /* only if lives are asked for */
	void (*add)(struct text *cell, const struct count *count, const struct count_row *row);
};

static void add_calls(struct text *cell, const struct count *count, const struct count_row *row)
{
	(void)count;
	text_add_unsigned(cell, row->count);
}

static void add_share(struct text *cell, const struct count *count, const struct count_row *row)
{
	text_addf(cell, "%.1f", 100.0 * (double)row->count / (double)count->count);
}

static void add_total(struct text *cell, const struct count *count, const struct count_row *row)
{
	(void)count;
	if (row->timed)
		words_add_time(cell, row->total);
}

static void add_mean(struct text *cell, const struct count *count, const struct count_row *row)
{
	(void)count;
	if (row->timed)
		words_add_time(cell, row->total / row->timed);
}

static void add_max(struct text *cell, const struct count *count, const struct count_row *row)
{
	(void)count;
	if (row->timed)
		words_add_time(cell, row->max);
}

static void add_ended(struct text *cell, const struct count *count, const struct count_row *row)
{
	(void)count;
	text_add_unsigned(cell, row->lives->count);
}

static void add_shortest(struct text *cell, const struct count *count, const struct count_row *row)
{
	(void)count;
	if (row->lives->count)
		words_add_time(cell, row->lives->least);
}

static void add_median(struct text *cell, const struct count *count, const struct count_row *row)
{
	(void)count;
	if (row->lives->count)
		words_add_time(cell, histogram_quantile(row->lives, 500));
}

static void add_p99(struct text *cell, const struct count *count, const struct count_row *row)
{
	(void)count;
	if (row->lives->count)
		words_add_time(cell, histogram_quantile(row->lives, 990));
}

static const struct cell cells[] = {
	{ "COUNT", false, false, add_calls },
	{ "%", false, false, add_share },
	{ "TIME", true, false, add_total },
	{ "MEAN", true, false, add_mean },
	{ "MAX", true, false, add_max },
	{ "ENDED", false, true, add_ended },
	{ "LIFE: MIN", false, true, add_shortest },
	{ "MEDIAN", false, true, add_median },
	{ "P99", false, true, add_p99 },
};

#define CELLS ARRAY_LENGTH(cells)

static bool has_cell(const struct count *count, const struct cell *cell, bool lives)
{
	return (!cell->timed || count->timed) && (!cell->lives || lives);
}

/* The name comes last, as in strace, because a long name needs several rows. */
static void add_columns(struct table *table, const struct count *count, const char *head, bool lives)
{
	for (size_t i = 0; i < CELLS; i++)
		if (has_cell(count, &cells[i], lives))
			table_add_column(table, cells[i].head, TABLE_NUMBER);
	table_add_column(table, head, TABLE_WRAP);
}

static void add_line(struct table *table, const struct count *count, const struct count_row *row, bool lives)
{
	struct text cell = TEXT_INIT;
	size_t column = 0;

	table_add_line(table, NULL);
	for (size_t i = 0; i < CELLS; i++) {
		if (!has_cell(count, &cells[i], lives))
			continue;
		text_clear(&cell);
		cells[i].add(&cell, count, row);
		table_set(table, column++, text_get(&cell));
	}
	text_clear(&cell);
	text_add_escaped(&cell, row->name);
	table_set(table, column, text_get(&cell));
	text_done(&cell);
}

/* How many rows of table WHICH are shown. Origins are shown without being asked for, and can be many. */
static size_t rows_shown(const struct sink *sink, size_t which)
{
	return which == COUNT_ORIGINS && sink->base.options.origin == SINK_ORIGIN_AUTO ? ORIGINS : SIZE_MAX;
}

/* Says what of table WHICH is not shown. */
static void add_rest(struct text *text, const struct sink *sink, size_t which)
{
	size_t left = rows_shown(sink, which), rows = 0;
	uint64_t count = 0;

	for (const struct count_row *row = sink->counts[which].rows; row; row = row->hh.next) {
		if (left) {
			left--;
			continue;
		}
		rows++;
		count += row->count;
	}
	if (!rows)
		return;
	text_add(text, "and ");
	words_add_count(text, rows, "more origin");
	text_add(text, " of ");
	words_add_count(text, count, "task");
	text_add(text, ": --origin shows all\n");
}

static void draw_count(struct text *text, const struct sink *sink, size_t which)
{
	const struct count *count = &sink->counts[which];
	const struct sink_options *options = &sink->base.options;
	const bool lives = summary_tables[which].lives;
	size_t left = rows_shown(sink, which);
	struct table *table;

	if (!count->rows)
		return;
	text_add(text, "\n");
	table = table_new(options, options->width);
	add_columns(table, count, summary_tables[which].head, lives);
	for (const struct count_row *row = count->rows; row && left; row = row->hh.next, left--)
		add_line(table, count, row, lives);
	table_draw(table, text);
	table_free(table);
	add_rest(text, sink, which);
}

/* ---- the lines around them ---- */

static void add_made(struct text *text, const struct sink *sink, const struct tally *tally)
{
	const uint64_t made = sink->counts[COUNT_KINDS].count;

	words_add_count(text, made, "task");
	text_add(text, " made in ");
	words_add_time(text, sink->rate.last);
	text_add(text, ": ");
	words_add_count(text, sink->processes, "process");
	text_add(text, ", ");
	words_add_count(text, made - sink->processes, "thread");
	text_add(text, "; ");
	words_add_refusals(text, sink->counts[COUNT_REFUSALS].count, sink->mode);
	text_addf(text, "\nat most %u alive at once", tally->most);
	if (tally->attached)
		text_addf(text, "; %" PRIu64 " already there", tally->attached);
	if (tally->workers) {
		text_add(text, "; ");
		words_add_count(text, tally->workers, "io_uring worker");
		text_add(text, " not followed");
	}
	text_add(text, "\n");
	if (!sink->base.options.filter)
		return;
	text_add(text, "this counts what fits ");
	filter_format(text, sink->base.options.filter);
	text_add(text, ", but for those alive at once\n");
}

static void add_never(struct text *text, const struct sink *sink)
{
	if (sink->unreaped) {
		words_add_count(text, sink->unreaped, "child process");
		text_addf(text, " ended and %s not waited for\n", sink->unreaped == 1 ? "was" : "were");
	}
	if (!sink->processes)
		return;
	text_addf(text, "%" PRIu64 " of ", sink->never);
	words_add_count(text, sink->processes, "process");
	text_add(text, " ended without an exec");
	if (sink->lacking)
		text_addf(text, "; %" PRIu64 " more had none yet", sink->lacking);
	text_add(text, "\n");
}

/* The time of refused calls counts, too. */
static void add_times(struct text *text, const struct sink *sink)
{
	const struct count *made = &sink->counts[COUNT_KINDS], *refused = &sink->counts[COUNT_REFUSALS];
	const uint64_t timed = made->timed + refused->timed, total = made->total + refused->total;
	const uint64_t max = made->max > refused->max ? made->max : refused->max;

	if (!made->count && !refused->count)
		return;
	if (!timed) {
		text_add(text, "how long the creating calls took was not measured (-T)\n");
		return;
	}
	words_add_time(text, total);
	text_add(text, " in creating calls: a mean of ");
	words_add_time(text, total / timed);
	text_add(text, ", at most ");
	words_add_time(text, max);
	if (timed < made->count + refused->count)
		text_addf(text, "; known for %" PRIu64 " of %" PRIu64, timed, made->count + refused->count);
	text_add(text, "\n");
	if (!sink->cost_least)
		return;
	text_add(text, "a call that does nothing takes ");
	words_add_time(text, (uint64_t)sink->cost_least);
	text_add(text, " to ");
	words_add_time(text, (uint64_t)sink->cost_most);
	text_add(text, " when it is measured so\n");
}

void summary_draw(struct text *text, const struct sink *sink, const struct model *model)
{
	add_made(text, sink, model_tally(model));
	add_never(text, sink);
	add_times(text, sink);
	for (size_t i = 0; i < COUNTS; i++)
		draw_count(text, sink, i);
	if (sink->counts[COUNT_KINDS].count)
		text_add(text, "\n");
	rate_draw(text, &sink->rate, sink->base.options.width, sink->base.options.utf8);
}
