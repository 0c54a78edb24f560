/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The table of formats, and the only place that passes steps to sinks. */
#include "sink/sink.h"

#include <stdlib.h>
#include <string.h>

#include "base/array.h"
#include "base/mem.h"
#include "base/names.h"
#include "event/schema.h"
#include "event/stack.h"
#include "model/filter.h"
#include "sink/formats.h"

#define ROW(name) &name##_sink,
static const struct sink_ops *const sinks[] = { SINK_FORMATS(ROW) };

const struct sink_ops *sink_at(size_t index)
{
	return index < ARRAY_LENGTH(sinks) ? sinks[index] : NULL;
}

const struct sink_ops *sink_find(const char *name, size_t length)
{
	const struct sink_ops *sink;

	for (size_t i = 0; (sink = sink_at(i)); i++) {
		if (strlen(sink->name) == length && memcmp(sink->name, name, length) == 0)
			return sink;
	}
	return NULL;
}

const struct sink_ops *sink_find_file(const char *file)
{
	const char *slash = strrchr(file, '/');
	const char *extension = strrchr(slash ? slash + 1 : file, '.');
	const struct sink_ops *sink;

	for (size_t i = 0; extension && (sink = sink_at(i)); i++) {
		if (sink->extensions && name_is_listed(sink->extensions, extension, strlen(extension)))
			return sink;
	}
	return NULL;
}

/* The task that starts or ends with STEP, or NULL. */
static const struct task *life_of(const struct step *step)
{
	const struct kind_row *row = event_kind_row(step->event->kind);

	if (row->life == EVENT_LIFE_CONTINUES)
		return NULL;
	return row->about == EVENT_ABOUT_CHILD ? step->other : step->task;
}

/* The wants of OPTIONS, whatever the format is. */
static unsigned asked(const struct sink_options *options)
{
	const struct {
		bool given;
		unsigned wants;
	} rows[] = {
		{ options->duration, WANT_DURATIONS },
		{ options->duration && options->verbose, WANT_MEMORY },
		{ options->signals && !options->quiet, WANT_SIGNALS },
		{ options->descriptors, WANT_DESCRIPTORS },
		{ options->frames, WANT_STACKS },
		{ options->origin == SINK_ORIGIN_ALWAYS, WANT_ORIGINS },
		{ filter_asks_origins(options->filter), WANT_CHEAP_ORIGINS },
	};
	unsigned wants = 0;

	for (size_t i = 0; i < ARRAY_LENGTH(rows); i++)
		wants |= rows[i].given ? rows[i].wants : 0;
	return wants;
}

unsigned sink_needs(const struct sink_ops *ops, const struct sink_options *options)
{
	unsigned needs = ops->needs ? ops->needs(options) : 0;

	if (options->origin == SINK_ORIGIN_NEVER)
		needs &= ~(unsigned)WANT_CHEAP_ORIGINS;
	return needs | asked(options);
}

unsigned sink_frames(const struct sink_ops *ops, const struct sink_options *options)
{
	return ops->needs && ops->needs(options) & WANT_STACKS ? STACK_MAX : options->frames;
}

/* ---- handing over ---- */

/* Whether the sink of BASE gets STEP under its filter. */
static bool is_wanted(const struct sink_base *base, const struct step *step)
{
	const struct filter *filter = base->options.filter;
	const struct task *life = base->ops->lives ? life_of(step) : NULL;

	if (!filter || base->ops->whole || (base->ops->lives && step->event->kind == EVENT_EXEC))
		return true;
	return life ? filter_draws(filter, step->model, life) : filter_shows(filter, step);
}

/* Each format's struct sink begins with its base. */
static struct sink_base *base_of(struct sink *sink)
{
	return (struct sink_base *)sink;
}

static int write_text(struct sink_base *base)
{
	return base->text.length ? base->output.write(base->output.data, base->text.data, base->text.length) : 0;
}

void sink_measure(struct sink_base *base)
{
	if (base->output.columns)
		base->options.width = base->output.columns(base->output.data);
}

struct sink *sink_open(const struct sink_ops *ops, const struct sink_options *options, const struct sink_output *output)
{
	struct sink *sink = mem_zalloc(1, ops->size);

	*base_of(sink) =
		(struct sink_base){ .ops = ops, .handlers = ops->handlers, .options = *options, .output = *output };
	if (ops->open)
		ops->open(sink);
	return sink;
}

int sink_step(struct sink *sink, const struct step *step)
{
	struct sink_base *base = base_of(sink);
	sink_handler *const handler = base->handlers ? base->handlers[step->event->kind] : NULL;

	if ((!handler && !base->ops->every) || !is_wanted(base, step))
		return 0;
	text_clear(&base->text);
	if (!base->ops->at_end)
		sink_measure(base);
	if (base->ops->every)
		base->ops->every(sink, step);
	if (handler)
		handler(sink, step);
	return write_text(base);
}

int sink_finish(struct sink *sink, const struct model *model)
{
	struct sink_base *base = base_of(sink);

	if (!base->ops->finish)
		return 0;
	text_clear(&base->text);
	sink_measure(base);
	base->ops->finish(sink, model);
	return write_text(base);
}

void sink_close(struct sink *sink)
{
	if (!sink)
		return;
	if (base_of(sink)->ops->close)
		base_of(sink)->ops->close(sink);
	text_done(&base_of(sink)->text);
	free(sink);
}
