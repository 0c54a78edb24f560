/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Pairs the creations of two runs as `diff` pairs lines, so that the pairs differ as little as possible. */
#include "page/comparison.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "base/array.h"
#include "base/clock.h"
#include "base/mem.h"
#include "base/text.h"
#include "clone/fingerprint.h"
#include "clone/kind.h"
#include "model/model.h"
#include "page/difference.h"
#include "render/printer.h"
#include "render/fold.h"
#include "render/words.h"
#include "teach/parse/parse.h"

/* At most so many different creations of each run are compared, because the time of the pairing is their product. */
#define PAIRED_MAX 2000

#define COMMAND_MAX 60 /* bytes of a command that are shown */

/* The cost of a pair, or of a creation without a partner: the same request by another library call, another request for
 * a task of the same kind. A pair of different kinds costs less than two creations without a partner. */
enum { COST_SAME = 0, COST_WAY = 1, COST_KIND = 4, COST_ALONE = 6, COST_OTHER = 8 };

/* ---- collecting ---- */

/* Whether A and B are the same except for addresses. */
static bool same_request(const struct request *a, const struct request *b)
{
	const unsigned shape = (unsigned)~(REQUEST_ARGS_ADDRESS | REQUEST_NEWER);

	return a->call == b->call && a->abi == b->abi && a->flags == b->flags && a->exit_signal == b->exit_signal &&
	       a->stack_size == b->stack_size && (a->have & shape) == (b->have & shape);
}

static bool same_creation(const struct creation *a, const struct creation *b)
{
	return same_request(&a->request, &b->request) && a->error == b->error;
}

/* The library call of CREATION or, if that was not seen, the one that CREATION looks like; NULL: neither is known. */
static const char *way_of(const struct creation *creation)
{
	return creation->seen ? creation->seen : fingerprint_find(&creation->request);
}

static bool same_way(const struct creation *a, const struct creation *b)
{
	const char *one = way_of(a), *other = way_of(b);

	return one && other ? strcmp(one, other) == 0 : one == other;
}

static bool same_command(const char *a, const char *b)
{
	return a && b ? strcmp(a, b) == 0 : a == b;
}

static void add(struct creations *creations, const struct creation *creation)
{
	struct creation *last = creations->count ? &creations->list[creations->count - 1] : NULL;

	if (last && same_creation(last, creation) && same_way(last, creation) &&
	    same_command(last->command, creation->command)) {
		last->count++;
		last->timed += creation->timed;
		last->duration += creation->duration;
		return;
	}
	if (creations->count == creations->size) {
		creations->size = creations->size ? 2 * creations->size : 16;
		creations->list = mem_resize(creations->list, creations->size, sizeof(*creations->list));
	}
	creations->list[creations->count] = *creation;
	creations->list[creations->count++].command = mem_strdup(creation->command);
}

void creations_add(struct creations *creations, const struct step *step)
{
	const struct event *event = step->event;
	const bool made = event->kind == EVENT_SPAWN;
	struct creation creation = { .count = 1 };

	if (event->kind == EVENT_END && event->end.status > 0)
		creations->status = event->end.status;
	if (!made && event->kind != EVENT_REFUSED)
		return;
	if (made && !(event->have & EVENT_HAVE_REQUEST)) {
		creations->unknown++;
		return;
	}
	creation.request = event->attempt.request;
	creation.error = made ? 0 : event->refused.error;
	if (event_stack(event))
		creation.seen = stack_library_call(event_stack(event));
	if (event->have & EVENT_HAVE_DURATION) {
		creation.timed = 1;
		creation.duration = event->attempt.duration;
	}
	creation.command = step->task ? step->task->process->command : NULL;
	add(creations, &creation);
}

void creations_done(struct creations *creations)
{
	for (size_t i = 0; i < creations->count; i++)
		free(creations->list[i].command);
	free(creations->list);
	*creations = (struct creations){ .count = 0 };
}

/* ---- pairing ---- */

struct pair {
	const struct creation *sides[2]; /* NULL: there is none */
};

struct pairing {
	struct pair *pairs;
	size_t count;
};

static unsigned pair_cost(const struct creation *a, const struct creation *b)
{
	if (same_creation(a, b))
		return same_way(a, b) ? COST_SAME : COST_WAY;
	return !a->error == !b->error && kind_of(&a->request) == kind_of(&b->request) ? COST_KIND : COST_OTHER;
}

/* Costs of the cheapest pairing of the ends of both lists: costs[i][j] is for the lists from i and j on. */
static unsigned *list_costs(const struct creations runs[2], size_t rows, size_t columns)
{
	const size_t width = columns + 1;
	unsigned *costs = mem_zalloc((rows + 1) * width, sizeof(*costs));

	for (size_t i = rows + 1; i--;) {
		for (size_t j = width; j--;) {
			unsigned best;

			if (i == rows || j == columns) {
				costs[i * width + j] = (unsigned)(rows - i + columns - j) * COST_ALONE;
				continue;
			}
			best = pair_cost(&runs[0].list[i], &runs[1].list[j]) + costs[(i + 1) * width + j + 1];
			if (costs[(i + 1) * width + j] + COST_ALONE < best)
				best = costs[(i + 1) * width + j] + COST_ALONE;
			if (costs[i * width + j + 1] + COST_ALONE < best)
				best = costs[i * width + j + 1] + COST_ALONE;
			costs[i * width + j] = best;
		}
	}
	return costs;
}

static void pair_up(struct pairing *ret, const struct creations runs[2])
{
	const size_t rows = runs[0].count < PAIRED_MAX ? runs[0].count : PAIRED_MAX;
	const size_t columns = runs[1].count < PAIRED_MAX ? runs[1].count : PAIRED_MAX;
	const size_t width = columns + 1;
	unsigned *costs = list_costs(runs, rows, columns);

	*ret = (struct pairing){ .pairs = mem_zalloc(rows + columns + 1, sizeof(*ret->pairs)) };
	for (size_t i = 0, j = 0; i < rows || j < columns;) {
		struct pair *pair = &ret->pairs[ret->count++];
		const unsigned cost = costs[i * width + j];
		const struct creation *a = i < rows ? &runs[0].list[i] : NULL;
		const struct creation *b = j < columns ? &runs[1].list[j] : NULL;

		if (a && b && cost == pair_cost(a, b) + costs[(i + 1) * width + j + 1]) {
			*pair = (struct pair){ { a, b } };
			i++, j++;
		} else if (a && (!b || cost == costs[(i + 1) * width + j] + COST_ALONE)) {
			pair->sides[0] = a;
			i++;
		} else {
			pair->sides[1] = b;
			j++;
		}
	}
	free(costs);
}

/* ---- drawing ---- */

/* "fork()", "like fork()" if the library call was not seen, "clone3"; with the errno if it was refused. */
static void add_title(struct text *text, const struct creation *creation)
{
	if (!words_add_library_call(text, creation->seen, fingerprint_find(&creation->request)))
		text_add(text, call_name(creation->request.call));
	if (creation->error) {
		text_add(text, " refused: ");
		words_add_errno(text, creation->error);
	}
	if (creation->count > 1)
		text_addf(text, " (%" PRIu64 " times)", creation->count);
}

static void add_time(struct text *cell, const struct creation *creation)
{
	const uint64_t each = creation->timed ? creation->duration / creation->timed : 0;

	if (!creation->timed)
		text_add(cell, "not known");
	else
		text_addf(cell, "%" PRIu64 ".%06" PRIu64 " s%s", each / CLOCK_SECOND, each % CLOCK_SECOND / 1000,
			  creation->timed > 1 ? " (mean)" : "");
}

static void add_stack(struct text *cell, const struct creation *creation)
{
	const struct request *request = &creation->request;

	if (request->have & REQUEST_STACK_SIZE)
		text_addf(cell, "%" PRIu64 " KiB", request->stack_size / 1024);
	else
		text_add(cell, request->have & REQUEST_STACK ? "not told" : "-");
}

static void add_outcome(struct text *cell, const struct creation *creation)
{
	if (creation->error)
		words_add_errno(cell, creation->error);
	else
		text_add(cell, "a task");
}

static void add_count(struct text *cell, const struct creation *creation)
{
	text_addf(cell, "%" PRIu64, creation->count);
}

static void add_command(struct text *cell, const struct creation *creation)
{
	if (creation->command)
		words_add_command(cell, creation->command, COMMAND_MAX);
}

/* The rows of a pair besides the requests themselves. */
static const struct {
	const char *name;
	void (*add)(struct text *cell, const struct creation *creation);
} besides[] = {
	{ "made", add_outcome },	  { "times", add_count }, { "stack size", add_stack },
	{ "time in the call", add_time }, { "by", add_command },
};

enum { BESIDES = ARRAY_LENGTH(besides) };

static bool made_by_heads(const struct pair *pair, const char *const heads[2])
{
	for (size_t side = 0; side < 2; side++) {
		const char *command = pair->sides[side]->command;

		if (command && strcmp(command, heads[side]) != 0)
			return false;
	}
	return true;
}

static void draw_pair(struct text *text, const struct pair *pair, const char *const heads[2],
		      const struct sink_options *options)
{
	struct parsed parsed[2] = { { .as = PARSED_LINE, .call_given = true, .stack_given = true },
				    { .as = PARSED_LINE, .call_given = true, .stack_given = true } };
	struct text cells[BESIDES][2];
	struct difference_row rows[BESIDES];

	memset(cells, 0, sizeof(cells));
	for (size_t i = 0; i < BESIDES; i++) {
		rows[i].name = besides[i].name;
		for (size_t side = 0; side < 2; side++) {
			besides[i].add(&cells[i][side], pair->sides[side]);
			rows[i].cells[side] = text_get(&cells[i][side]);
		}
	}
	for (size_t side = 0; side < 2; side++) {
		parsed[side].request = pair->sides[side]->request;
		parsed[side].error = pair->sides[side]->error;
	}
	/* The last row, the creator, says nothing if the creator is the program itself. */
	difference_draw(text, parsed, heads, 2, rows, made_by_heads(pair, heads) ? BESIDES - 1 : BESIDES, options);
	for (size_t i = 0; i < BESIDES; i++)
		for (size_t side = 0; side < 2; side++)
			text_done(&cells[i][side]);
}

/* "CREATION 2: fork() against pthread_create()", or the head of a creation without a partner. */
static void draw_difference(struct text *text, size_t number, const struct pair *pair, const char *const heads[2],
			    const struct sink_options *options)
{
	const bool alone = !pair->sides[0] || !pair->sides[1];

	text_addf(text, "%screation %zu: ", text->length ? "\n" : "", number);
	if (!alone) {
		add_title(text, pair->sides[0]);
		text_add(text, " against ");
		add_title(text, pair->sides[1]);
		text_add(text, "\n");
		draw_pair(text, pair, heads, options);
		return;
	}
	add_title(text, pair->sides[pair->sides[0] ? 0 : 1]);
	text_add(text, " in ");
	text_add_escaped(text, heads[pair->sides[0] ? 0 : 1]);
	text_add(text, " alone\n    ");
	request_format(text, &pair->sides[pair->sides[0] ? 0 : 1]->request);
	text_add(text, "\n");
}

static bool differs(const struct pair *pair)
{
	return !pair->sides[0] || !pair->sides[1] || !same_creation(pair->sides[0], pair->sides[1]) ||
	       pair->sides[0]->count != pair->sides[1]->count;
}

static void draw_same(struct text *text, const struct pairing *pairing, const struct sink_options *options)
{
	struct printer printer;
	struct text *line = &printer.line;

	printer_init(&printer, text, options);
	for (size_t i = 0; i < pairing->count; i++) {
		if (differs(&pairing->pairs[i]))
			continue;
		text_add(line, line->length ? ", " : "the same in both: ");
		add_title(line, pairing->pairs[i].sides[0]);
		if (same_way(pairing->pairs[i].sides[0], pairing->pairs[i].sides[1]))
			continue;
		text_add(line, " against ");
		add_title(line, pairing->pairs[i].sides[1]);
		text_add(line, " (one request)");
	}
	text_add(text, line->length && text->length ? "\n" : "");
	printer_finish(&printer, FOLD_WORDS);
	printer_done(&printer);
}

static void draw_notes(struct text *text, const struct creations runs[2], const char *const heads[2])
{
	for (size_t i = 0; i < 2; i++) {
		if (!runs[i].count && !runs[i].unknown) {
			text_add_escaped(text, heads[i]);
			text_add(text, runs[i].incomplete ? ": the part that was recorded has no creation\n"
							  : " made no task\n");
		}
		if (runs[i].status) {
			text_add_escaped(text, heads[i]);
			text_add(text, " ");
			words_add_status(text, runs[i].status);
			text_add(text, "\n");
		}
		if (runs[i].unknown) {
			text_add_escaped(text, heads[i]);
			text_addf(text, ": the requests of %" PRIu64 " tasks are not known\n", runs[i].unknown);
		}
		if (runs[i].count > PAIRED_MAX) {
			text_add_escaped(text, heads[i]);
			text_addf(text, ": the first %d of %zu different creations are compared\n", PAIRED_MAX,
				  runs[i].count);
		}
	}
}

void comparison_draw(struct text *text, const struct creations runs[2], const char *const heads[2],
		     const struct sink_options *options)
{
	struct pairing pairing;

	pair_up(&pairing, runs);
	for (size_t i = 0; i < pairing.count; i++)
		if (differs(&pairing.pairs[i]))
			draw_difference(text, i + 1, &pairing.pairs[i], heads, options);
	draw_same(text, &pairing, options);
	draw_notes(text, runs, heads);
	free(pairing.pairs);
}
