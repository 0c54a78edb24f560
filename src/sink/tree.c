/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The tree of the tasks at the end, which is also the end of text. */
#include "render/tree_table.h"
#include "sink/formats.h"

struct sink {
	struct sink_base base;
	struct tree_table_times times;
};

static size_t tree_keeps(const struct sink_options *options)
{
	return options->tree_limit;
}

static void tree_every(struct sink *sink, const struct step *step)
{
	sink->times.now = step->event->when;
}

static void tree_begin(struct sink *sink, const struct step *step)
{
	sink->times.begun = step->event->when;
	sink->times.snapshot = step->event->begin.mode == EVENT_MODE_SNAPSHOT;
}

static void tree_finish(struct sink *sink, const struct model *model)
{
	tree_table_draw(&sink->base.text, model, &sink->base.options, &sink->times);
}

static sink_handler *const handlers[EVENT_KIND_COUNT] = {
	[EVENT_BEGIN] = tree_begin,
};

const struct sink_ops tree_sink = {
	.whole = true,
	.name = "tree",
	.help = "the tree of tasks alone, at the end (-O, --tree, -J)",
	.at_end = true,
	.needs = tree_table_needs,
	.keeps = tree_keeps,
	.size = sizeof(struct sink),
	.every = tree_every,
	.handlers = handlers,
	.finish = tree_finish,
};
