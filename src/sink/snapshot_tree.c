/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A snapshot: the tree of the tasks, what each task shares with the one above it, and what is unusual. */
#include <stdlib.h>

#include "base/json.h"
#include "base/mem.h"
#include "base/text.h"
#include "model/filter.h"
#include "render/column_set.h"
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

#define SNAPSHOT_COLUMNS "LWP,PID,PPID,UID,NLWP,KIND,S,SHARES,NAMESPACES,COMMAND"

/* ---- the table ---- */

struct drawing {
	struct table *table;
	struct column_set columns;
	struct libscols_line **lines; /* of each task; NULL: it has none yet */
	const struct snapshot *snapshot;
	unsigned depth;
};

/* A recording can claim that tasks are above each other in a circle. */
enum { DEPTH_MAX = 1000 };

/* The line of TASK, below that of the one above it, whichever comes first in the snapshot. */
static struct libscols_line *draw_task(struct drawing *drawing, const struct snap_task *task)
{
	const size_t index = (size_t)(task - drawing->snapshot->tasks);
	const struct column_row row = { .snapshot = drawing->snapshot,
					.seen = task,
					.above = snapshot_above(drawing->snapshot, task) };
	const struct snap_task *hung = snapshot_parent(drawing->snapshot, task);
	struct libscols_line *above = NULL;

	if (drawing->lines[index])
		return drawing->lines[index];
	if (hung && drawing->depth < DEPTH_MAX) {
		drawing->depth++;
		above = draw_task(drawing, hung);
		drawing->depth--;
	}
	if (!drawing->lines[index]) /* if it has one, it is above itself */
		drawing->lines[index] = column_set_add_line(&drawing->columns, drawing->table, &row, above);
	return drawing->lines[index];
}

/* The table and, in the same object, which tasks share what and what is unusual. */
static void write_json(struct text *text, struct table *table, const struct snapshot *snapshot)
{
	struct json json;

	json_init(&json, text, JSON_INDENT);
	json_open_object(&json, JSON_LINES);
	json_key(&json, "tasks");
	table_write(table, &json);
	snapshot_json_put(&json, snapshot);
	json_close(&json);
	text_add(text, "\n");
}

static void draw_table(struct sink *sink, const struct model *model, struct text *text)
{
	const struct sink_options *options = &sink->base.options;
	const struct snapshot *snapshot = &sink->snapshot;
	struct drawing drawing = { .table = table_new(options, options->width),
				   .columns = column_set_own(SNAPSHOT_COLUMNS, true),
				   .lines = mem_zalloc(snapshot->count + 1, sizeof(struct libscols_line *)),
				   .snapshot = snapshot };

	column_set_add_heads(&drawing.columns, drawing.table);
	for (size_t i = 0; i < snapshot->count; i++) {
		const struct task *task = model_find(model, snapshot->tasks[i].tid);

		if (!options->filter || (task && filter_shows_task(options->filter, model, task)))
			draw_task(&drawing, &snapshot->tasks[i]);
	}
	if (options->json)
		write_json(text, drawing.table, snapshot);
	else
		table_draw(drawing.table, text);
	table_free(drawing.table);
	free(drawing.lines);
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
