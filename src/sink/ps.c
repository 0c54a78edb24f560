/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The tasks that live at one moment, like `ps -eLf`: the moment of --at, or that at which the most tasks lived.
 *
 * The sink gets an event after the model has applied it. A task that the event ends is still in the model, with its end
 * at the event's time. So the table is made at the first event after the moment, of the tasks that lived before this
 * event. */
#include <stdlib.h>

#include "base/mem.h"
#include "base/text.h"
#include "model/filter.h"
#include "render/column_set.h"
#include "render/table.h"
#include "sink/formats.h"

#define PS_COLUMNS "UID,PID,PPID,LWP,NLWP,CMD"

struct sink {
	struct sink_base base;
	struct column_set columns;
	struct table *table; /* of the latest moment that could be the one */
	uint64_t begun;	     /* ns */
	uint64_t last;	     /* ns: `when` of the event before */
	unsigned most;	     /* tasks that lived at once, so far */
	bool rising;	     /* their number has risen since the table was made */
	bool done;	     /* the moment of --at is past */
};

static void ps_open(struct sink *sink)
{
	sink->columns = column_set_resolve(&sink->base.options.columns, PS_COLUMNS);
}

static unsigned ps_needs(const struct sink_options *options)
{
	return column_set_needs(&options->columns, PS_COLUMNS);
}

/* Whether TASK lived just before WHEN; a zombie leader counts, as for ps. */
static bool lived(const struct task *task, uint64_t when)
{
	return task->start < when && (!task->end || task->end >= when || task->state == TASK_ZOMBIE);
}

static int compare_tasks(const void *a, const void *b)
{
	const struct task *one = *(const struct task *const *)a, *other = *(const struct task *const *)b;

	if (one->process->tgid != other->process->tgid)
		return one->process->tgid < other->process->tgid ? -1 : 1;
	return one->tid < other->tid ? -1 : one->tid > other->tid;
}

/* Makes a table of TASKS, by process as ps does. */
static void fill(struct sink *sink, const struct model *model, const struct task **tasks, size_t count, uint64_t when)
{
	struct column_row row = { .begun = sink->begun, .now = when, .options = &sink->base.options };

	if (count)
		qsort(tasks, count, sizeof(*tasks), compare_tasks);
	for (size_t i = 0, end; i < count; i = end) {
		for (end = i + 1; end < count && tasks[end]->process == tasks[i]->process; end++)
			;
		row.nlwp = (unsigned)(end - i);
		for (size_t at = i; at < end; at++) {
			row.task = tasks[at];
			if (filter_shows_task(sink->base.options.filter, model, row.task))
				column_set_add_line(&sink->columns, sink->table, &row, NULL);
		}
	}
}

/* Makes the table of the tasks that lived before WHEN. */
static void take(struct sink *sink, const struct model *model, uint64_t when)
{
	const struct task **tasks = NULL;
	size_t count = 0, size = 0;

	sink_measure(&sink->base);
	for (const struct task *task = model_roots(model); task; task = model_next(task)) {
		if (!lived(task, when))
			continue;
		if (count == size) {
			size = size ? 2 * size : 64;
			tasks = mem_resize(tasks, size, sizeof(*tasks));
		}
		tasks[count++] = task;
	}
	table_free(sink->table);
	sink->table = table_new(&sink->base.options, sink->base.options.width);
	column_set_add_heads(&sink->columns, sink->table);
	fill(sink, model, tasks, count, when);
	free(tasks);
	sink->rising = false;
}

static void ps_begin(struct sink *sink, const struct step *step)
{
	sink->begun = step->event->when;
}

static void ps_every(struct sink *sink, const struct step *step)
{
	const unsigned alive = model_tally(step->model)->alive;
	const uint64_t when = step->event->when;

	if (sink->base.options.at >= 0) {
		if (!sink->done && when > sink->begun + (uint64_t)sink->base.options.at) {
			take(sink, step->model, when);
			sink->done = true;
		}
	} else if (alive > sink->most) {
		sink->most = alive;
		sink->rising = true;
	} else if (sink->rising && alive < sink->most) {
		take(sink, step->model, when);
	}
	sink->last = when;
}

static void ps_finish(struct sink *sink, const struct model *model)
{
	struct text *text = &sink->base.text;

	/* Nothing came after the moment, or no task ever lived. */
	if (sink->base.options.at >= 0 ? !sink->done : sink->rising || !sink->table)
		take(sink, model, sink->last + 1);
	if (table_lines(sink->table) || sink->base.options.json)
		table_show(sink->table, text, &sink->base.options, "tasks");
	else
		text_add(text, "(no task lived at that moment)\n");
}

static void ps_close(struct sink *sink)
{
	table_free(sink->table);
}

static sink_handler *const handlers[EVENT_KIND_COUNT] = {
	[EVENT_BEGIN] = ps_begin,
};

const struct sink_ops ps_sink = {
	.whole = true,
	.name = "ps",
	.help = "the tasks of one moment, as ps -eLf shows them (--at)",
	.at_end = true,
	.needs = ps_needs,
	.size = sizeof(struct sink),
	.open = ps_open,
	.every = ps_every,
	.handlers = handlers,
	.finish = ps_finish,
	.close = ps_close,
};
