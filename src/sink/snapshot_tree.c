/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A snapshot: the tree of what was there, what each task shares with the one above it, and what is unusual. */
#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include <libsmartcols.h>

#include "base/mem.h"
#include "base/text.h"
#include "model/filter.h"
#include "render/printer.h"
#include "render/table.h"
#include "sink/formats.h"
#include "sink/snapshot_json.h"
#include "snapshot/events.h"
#include "snapshot/findings.h"

struct sink {
	struct sink_base base;
	struct snapshot snapshot;
};

/* One task, with whom it is set beside. */
struct row {
	const struct snapshot *snapshot;
	const struct snap_task *task, *above; /* NULL: nobody is */
};

/* ---- cells ---- */

static void add_lwp(struct text *cell, const struct row *row)
{
	text_addf(cell, "%d", (int)row->task->tid);
	if (row->task->nspid != row->task->tid)
		text_addf(cell, " (%d inside)", (int)row->task->nspid);
}

static void add_pid(struct text *cell, const struct row *row)
{
	text_addf(cell, "%d", (int)row->task->tgid);
}

static void add_ppid(struct text *cell, const struct row *row)
{
	text_addf(cell, "%d", (int)row->task->ppid);
}

static void add_uid(struct text *cell, const struct row *row)
{
	if (row->task->uid != (uid_t)-1)
		text_addf(cell, "%u", (unsigned)row->task->uid);
}

static void add_nlwp(struct text *cell, const struct row *row)
{
	const struct snap_task *head = snapshot_head(row->snapshot, row->task);

	if (head->nlwp)
		text_addf(cell, "%u", head->nlwp);
}

static void add_kind(struct text *cell, const struct row *row)
{
	text_add(cell, snapshot_kind_name(row->task));
}

static void add_state(struct text *cell, const struct row *row)
{
	const char state[] = { row->task->state, '\0' };

	text_add_escaped(cell, state);
}

/* What a task that shares all of these is said to share: the others are a thread's own as often as not. */
static const unsigned usual = 1U << SNAP_MEMORY | 1U << SNAP_FILES | 1U << SNAP_FS | 1U << SNAP_SIGHAND;

static void add_objects(struct text *cell, const char *intro, unsigned mask)
{
	const char *before = intro;

	for (unsigned i = 0; i < SNAP_OBJECT_COUNT; i++) {
		if (!(mask >> i & 1))
			continue;
		text_addf(cell, "%s%s", before, snap_object_name(i));
		before = ", ";
	}
}

/* Why it is not known what ROW has: we may not ask of one of them; else it was another thing each time that we asked,
 * or nobody has asked, as in a trace of what was attached to. */
static const char *why_unknown(const struct row *row)
{
	return row->task->refused || (row->above && row->above->refused) ? "not permitted" : "not known";
}

/* Of what it shares with the one above; a guess never. */
static void add_shares(struct text *cell, const struct row *row)
{
	unsigned shared = 0, unknown = 0;

	if (!row->above || row->task->state == 'Z')
		return;
	for (unsigned i = 0; i < SNAP_OBJECT_COUNT; i++) {
		const enum relation relation = snapshot_relation(row->above, row->task, i);

		shared |= relation == RELATION_SHARED ? 1U << i : 0;
		unknown |= relation == RELATION_UNKNOWN ? 1U << i : 0;
	}
	if (unknown == (1U << SNAP_OBJECT_COUNT) - 1) {
		text_add(cell, why_unknown(row));
		return;
	}
	if ((shared & usual) == usual)
		text_add(cell, "all");
	else
		add_objects(cell, "", shared);
	if (!shared && !(unknown & usual))
		text_add(cell, "nothing");
	if (!(unknown & usual))
		return;
	text_addf(cell, "%s%s", cell->length ? "; " : "", why_unknown(row));
	add_objects(cell, ": ", unknown & usual);
}

/* Those in which it is not with the one above, or for a root nothing. */
static void add_namespaces(struct text *cell, const struct row *row)
{
	bool any = false;

	for (unsigned i = 0; i < NAMESPACE_KINDS; i++) {
		any |= row->task->ns[i] != 0;
		if (!row->above || !row->task->ns[i] || !row->above->ns[i] || row->task->ns[i] == row->above->ns[i])
			continue;
		text_addf(cell, "%s%s:%" PRIu64, cell->length ? " " : "", namespace_key(i), row->task->ns[i]);
	}
	if (!any && row->task->state != 'Z')
		text_add(cell, row->task->refused ? "not permitted" : "not known");
}

static void add_command(struct text *cell, const struct row *row)
{
	if (row->task->command)
		text_add_escaped(cell, row->task->command);
	else
		text_add_escaped(cell, row->task->name);
}

static const struct snap_column {
	const char *name;
	int flags, json;
	void (*add)(struct text *cell, const struct row *row);
} columns[] = {
	{ "LWP", SCOLS_FL_TREE, SCOLS_JSON_STRING, add_lwp },
	{ "PID", SCOLS_FL_RIGHT, SCOLS_JSON_NUMBER, add_pid },
	{ "PPID", SCOLS_FL_RIGHT, SCOLS_JSON_NUMBER, add_ppid },
	{ "UID", SCOLS_FL_RIGHT, SCOLS_JSON_NUMBER, add_uid },
	{ "NLWP", SCOLS_FL_RIGHT, SCOLS_JSON_NUMBER, add_nlwp },
	{ "KIND", 0, SCOLS_JSON_STRING, add_kind },
	{ "S", 0, SCOLS_JSON_STRING, add_state },
	{ "SHARES", 0, SCOLS_JSON_STRING, add_shares },
	{ "NAMESPACES", 0, SCOLS_JSON_STRING, add_namespaces },
	{ "COMMAND", SCOLS_FL_TRUNC, SCOLS_JSON_STRING, add_command },
};
enum { COLUMNS = sizeof(columns) / sizeof(columns[0]) };

/* ---- the table ---- */

static struct libscols_table *new_table(const struct sink_options *options)
{
	struct libscols_table *table = scols_new_table();

	if (!table)
		return NULL;
	for (unsigned i = 0; i < COLUMNS; i++) {
		struct libscols_column *column = scols_table_new_column(table, columns[i].name, 0, columns[i].flags);

		if (column)
			scols_column_set_json_type(column, columns[i].json);
	}
	if (options->json) {
		scols_table_enable_json(table, 1);
		scols_table_set_name(table, "tasks");
	}
	if (!options->utf8)
		scols_table_enable_ascii(table, 1);
	scols_table_set_termforce(table, options->width ? SCOLS_TERMFORCE_ALWAYS : SCOLS_TERMFORCE_NEVER);
	if (options->width)
		scols_table_set_termwidth(table, options->width);
	return table;
}

struct drawing {
	struct libscols_table *table;
	struct libscols_line **lines; /* of each task, NULL: not yet */
	const struct snapshot *snapshot;
	struct text cell;
	unsigned depth;
};

/* A recording may claim that tasks are above each other in a circle. */
enum { DEPTH_MAX = 1000 };

/* The line of TASK, below that of the one above it, whichever comes first in the snapshot. */
static struct libscols_line *draw_task(struct drawing *drawing, const struct snap_task *task)
{
	const size_t index = (size_t)(task - drawing->snapshot->tasks);
	const struct row row = { drawing->snapshot, task, snapshot_above(drawing->snapshot, task) };
	const struct snap_task *hung = snapshot_parent(drawing->snapshot, task);
	struct libscols_line *above = NULL;

	if (drawing->lines[index])
		return drawing->lines[index];
	if (hung && drawing->depth < DEPTH_MAX) {
		drawing->depth++;
		above = draw_task(drawing, hung);
		drawing->depth--;
	}
	if (drawing->lines[index]) /* it is above itself */
		return drawing->lines[index];
	drawing->lines[index] = scols_table_new_line(drawing->table, above);
	for (unsigned i = 0; i < COLUMNS && drawing->lines[index]; i++) {
		text_clear(&drawing->cell);
		columns[i].add(&drawing->cell, &row);
		if (drawing->cell.length)
			scols_line_set_data(drawing->lines[index], i, text_get(&drawing->cell));
	}
	return drawing->lines[index];
}

/* Adds the table's LINES; as JSON they are an object, to which more is added. */
static void add_table(struct sink *sink, struct text *text, char *lines)
{
	char *end = sink->base.options.json ? strrchr(lines, '}') : NULL;

	if (!end) {
		table_add_lines(text, lines);
		return;
	}
	while (end > lines && strchr(" \n", end[-1]))
		end--;
	*end = '\0';
	text_add(text, lines);
	snapshot_json_add(text, &sink->snapshot);
	text_add(text, "\n}\n");
}

static void draw_table(struct sink *sink, const struct model *model, struct text *text)
{
	const struct snapshot *snapshot = &sink->snapshot;
	struct drawing drawing = { .table = new_table(&sink->base.options), .snapshot = snapshot };
	char *lines = NULL;

	drawing.lines = mem_zalloc(snapshot->count + 1, sizeof(struct libscols_line *));
	for (size_t i = 0; i < snapshot->count && drawing.table; i++) {
		const struct task *task = model_find(model, snapshot->tasks[i].tid);

		if (!sink->base.options.filter || (task && filter_shows_task(sink->base.options.filter, model, task)))
			draw_task(&drawing, &snapshot->tasks[i]);
	}
	if (drawing.table && !scols_print_table_to_string(drawing.table, &lines) && lines)
		add_table(sink, text, lines);
	else
		text_add(text, "(the table of tasks could not be drawn)\n");
	free(lines);
	free(drawing.lines);
	text_done(&drawing.cell);
	scols_unref_table(drawing.table);
}

/* ---- below it ---- */

static void draw_findings(struct printer *printer, const struct snapshot *snapshot)
{
	struct findings findings;

	findings_find(snapshot, &findings);
	for (size_t i = 0; i < findings.count; i++) {
		finding_explain(&printer->line, snapshot, &findings.findings[i]);
		printer_finish(printer, FOLD_WORDS);
	}
	findings_done(&findings);
}

static void draw_counts(struct printer *printer, const struct snapshot *snapshot)
{
	size_t processes = 0, kernel = 0, refused = 0;

	for (size_t i = 0; i < snapshot->count; i++) {
		const struct snap_task *task = &snapshot->tasks[i];

		kernel += task->kernel;
		processes += !task->kernel && (!i || task[-1].tgid != task->tgid);
		refused += task->refused;
	}
	text_addf(&printer->line, "tasks: %zu; processes: %zu; kernel threads: %zu", snapshot->count, processes,
		  kernel);
	if (refused)
		text_addf(&printer->line, "; what they share may not be asked of: %zu", refused);
	printer_finish(printer, FOLD_WORDS);
}

/* ---- the ops ---- */

static void snapshot_every(struct sink *sink, const struct step *step)
{
	snapshot_take(&sink->snapshot, step->event);
}

static void snapshot_finish(struct sink *sink, const struct model *model)
{
	struct text *text = &sink->base.text;
	struct printer printer;

	snapshot_taken(&sink->snapshot);
	draw_table(sink, model, text);
	if (sink->base.options.json || sink->base.options.quiet)
		return;
	text_add(text, "\n");
	printer_init(&printer, text, &sink->base.options);
	draw_counts(&printer, &sink->snapshot);
	draw_findings(&printer, &sink->snapshot);
	printer_done(&printer);
}

static void snapshot_close(struct sink *sink)
{
	snapshot_done(&sink->snapshot);
}

const struct sink_ops snapshot_sink = {
	.whole = true,
	.name = "snapshot",
	.help = "what was there already, as --snapshot shows it",
	.at_end = true,
	.size = sizeof(struct sink),
	.every = snapshot_every,
	.finish = snapshot_finish,
	.close = snapshot_close,
};
