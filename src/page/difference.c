/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Requests side by side. */
#include "page/difference.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/names.h"
#include "base/text.h"
#include "base/utf8.h"
#include "clone/flags.h"
#include "clone/kind.h"
#include "clone/resource.h"
#include "clone/rules/rules.h"
#include "page/judged.h"
#include "page/page.h"
#include "render/table.h"
#include "teach/explain.h"
#include "teach/parse/parse.h"

/* One row of the comparison: what it is called, and what it is for each request. */
struct aspect {
	const char *name; /* NULL: none */
	void (*add)(struct text *cell, const struct parsed *parsed, const enum outcome *outcomes, unsigned which);
	unsigned which;
};

static void add_call_name(struct text *cell, const struct parsed *parsed, const enum outcome *outcomes, unsigned which)
{
	(void)outcomes, (void)which;
	text_add(cell, call_name(parsed->request.call));
}

static void add_kind(struct text *cell, const struct parsed *parsed, const enum outcome *outcomes, unsigned which)
{
	(void)outcomes, (void)which;
	text_add(cell, call_is_creation(parsed->request.call) ? kind_name(kind_of(&parsed->request)) : "no task");
}

static void add_exit_signal(struct text *cell, const struct parsed *parsed, const enum outcome *outcomes,
			    unsigned which)
{
	const struct request *request = &parsed->request;

	(void)outcomes, (void)which;
	if (!call_is_creation(request->call) || !request->exit_signal || request->flags & FLAG_THREAD)
		text_add(cell, "none");
	else
		request_add_exit_signal(cell, request->exit_signal);
}

static void add_outcome(struct text *cell, const struct parsed *parsed, const enum outcome *outcomes, unsigned which)
{
	if (which == RESOURCE_STACK && !parsed->stack_given && call_is_creation(parsed->request.call))
		explain_open_stack(cell, &parsed->request);
	else
		text_add(cell, outcome_name(outcomes[which]));
}

static void add_flag(struct text *cell, const struct parsed *parsed, const enum outcome *outcomes, unsigned which)
{
	(void)outcomes;
	text_add(cell, parsed->request.flags & UINT64_C(1) << which ? "set" : "-");
}

static void add_taken(struct text *cell, const struct parsed *parsed, const enum outcome *outcomes, unsigned which)
{
	const struct rule *rule = judged_refusal(parsed);

	(void)outcomes, (void)which;
	if (rule)
		errno_add_name(cell, rule->error);
	else
		text_add(cell, "yes");
}

static void add_aspect_since(struct text *cell, const struct parsed *parsed, const enum outcome *outcomes,
			     unsigned which)
{
	const char *what, *since = judged_since(&parsed->request, &what);

	(void)outcomes, (void)which;
	text_addf(cell, "%sLinux %s", since ? "" : "before ", since ? since : "2.6.16");
}

static const char *bit_name(unsigned bit, const struct parsed *parsed, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		const struct flag *flag = flag_find(UINT64_C(1) << bit, parsed[i].request.call);

		if (flag && parsed[i].request.flags & UINT64_C(1) << bit)
			return flag->name;
	}
	return NULL;
}

enum { ASPECTS_MAX = 5 + RESOURCE_COUNT + 64 };

static size_t list_aspects(struct aspect aspects[ASPECTS_MAX], const struct parsed *parsed, size_t count)
{
	size_t n = 0;

	aspects[n++] = (struct aspect){ "kind", add_kind, 0 };
	aspects[n++] = (struct aspect){ "call", add_call_name, 0 };
	for (unsigned bit = 0; bit < 64; bit++) {
		const char *name = bit_name(bit, parsed, count);

		if (name)
			aspects[n++] = (struct aspect){ name, add_flag, bit };
	}
	aspects[n++] = (struct aspect){ "exit signal", add_exit_signal, 0 };
	for (unsigned i = 0; i < RESOURCE_COUNT; i++)
		aspects[n++] = (struct aspect){ resource_name((enum resource)i), add_outcome, i };
	aspects[n++] = (struct aspect){ "taken", add_taken, 0 };
	aspects[n++] = (struct aspect){ "since", add_aspect_since, 0 };
	return n;
}

/* Adds to SAME that ASPECT is VALUE for all; what is the caller's anyway needs no word. */
static void add_same(struct text *same, const struct aspect *aspect, const char *value, const enum outcome *outcomes)
{
	if (aspect->add == add_outcome && outcomes[aspect->which] == OUTCOME_CALLERS)
		return;
	text_addf(same, "%s%s", same->length ? ", " : "", aspect->name);
	if (aspect->add != add_flag)
		text_addf(same, " %s", value);
}

/* The table that is being filled, and what the requests have in common. */
struct difference {
	const struct parsed *parsed;
	size_t count; /* of the requests, and of the members of what follows */
	struct text *cells;
	enum outcome (*outcomes)[RESOURCE_COUNT];
	struct table *table;
	size_t room; /* columns of a cell */
	struct text same;
};

static bool cells_differ(const struct difference *difference)
{
	for (size_t i = 1; i < difference->count; i++)
		if (strcmp(text_get(&difference->cells[i]), text_get(&difference->cells[0])) != 0)
			return true;
	return false;
}

static void add_line(struct difference *difference, const char *name)
{
	table_add_line(difference->table, NULL);
	table_set(difference->table, 0, name);
	for (size_t i = 0; i < difference->count; i++)
		table_set_words(difference->table, i + 1, text_get(&difference->cells[i]), difference->room);
}

/* Adds ASPECT as a line if the requests differ, else to the list of what is the same. */
static void add_aspect(struct difference *difference, const struct aspect *aspect)
{
	for (size_t i = 0; i < difference->count; i++) {
		text_clear(&difference->cells[i]);
		aspect->add(&difference->cells[i], &difference->parsed[i], difference->outcomes[i], aspect->which);
	}
	if (cells_differ(difference))
		add_line(difference, aspect->name);
	else
		add_same(&difference->same, aspect, text_get(&difference->cells[0]), difference->outcomes[0]);
}

/* The same for ROW of a pair. */
static void add_row(struct difference *difference, const struct difference_row *row)
{
	struct text *same = &difference->same;

	for (size_t i = 0; i < 2; i++) {
		text_clear(&difference->cells[i]);
		text_add(&difference->cells[i], row->cells[i]);
	}
	if (cells_differ(difference))
		add_line(difference, row->name);
	else if (*row->cells[0])
		text_addf(same, "%s%s %s", same->length ? ", " : "", row->name, row->cells[0]);
}

static void cut_head(struct text *head, size_t room)
{
	if (utf8_fit(text_get(head), room) == head->length || room < 4)
		return;
	text_cut(head, utf8_fit(text_get(head), room - strlen("...")));
	text_add(head, "...");
}

static void add_columns(struct difference *difference, const char *const *heads)
{
	table_add_column(difference->table, "", 0);
	for (size_t i = 0; i < difference->count; i++) {
		struct text head = TEXT_INIT;

		text_add_escaped(&head, heads[i]);
		cut_head(&head, difference->room);
		table_add_column(difference->table, text_get(&head), TABLE_ROWS);
		text_done(&head);
	}
}

static void difference_init(struct difference *difference, const struct parsed *parsed, size_t count,
			    const struct sink_options *options)
{
	enum { NAMES = 22, ROOM_MIN = 8 }; /* columns of the names and a gap */
	const size_t width = printer_width(options->width);
	const size_t share = width > NAMES ? (width - NAMES) / count - 1 : 0;

	*difference = (struct difference){
		.parsed = parsed,
		.count = count,
		.cells = mem_zalloc(count, sizeof(*difference->cells)),
		.outcomes = mem_zalloc(count, sizeof(*difference->outcomes)),
		.table = table_new(options, (unsigned)width),
		.room = share > ROOM_MIN ? share : ROOM_MIN,
		.same = TEXT_INIT,
	};
	for (size_t i = 0; i < count; i++)
		resource_outcomes(&parsed[i].request, difference->outcomes[i]);
}

static void difference_done(struct difference *difference)
{
	for (size_t i = 0; i < difference->count; i++)
		text_done(&difference->cells[i]);
	table_free(difference->table);
	free(difference->cells);
	free(difference->outcomes);
	text_done(&difference->same);
}

void difference_draw(struct text *text, const struct parsed *parsed, const char *const *heads, size_t count,
		     const struct difference_row *rows, size_t row_count, const struct sink_options *options)
{
	struct page page;
	struct aspect aspects[ASPECTS_MAX];
	const size_t aspect_count = list_aspects(aspects, parsed, count);
	struct difference difference;
	bool differ;

	page_init(&page, text, options);
	difference_init(&difference, parsed, count, options);
	add_columns(&difference, heads);
	for (size_t i = 0; i < aspect_count; i++)
		add_aspect(&difference, &aspects[i]);
	for (size_t i = 0; i < row_count; i++)
		add_row(&difference, &rows[i]);
	differ = table_lines(difference.table) > 0;
	table_draw(difference.table, text);
	if (difference.same.length) {
		text_addf(&page.printer.line, "%s in %s: %s", differ ? "the same" : "all the same",
			  count == 2 ? "both" : "all", text_get(&difference.same));
		printer_finish(&page.printer, FOLD_WORDS);
	}
	difference_done(&difference);
	page_done(&page);
}
