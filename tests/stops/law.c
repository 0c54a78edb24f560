/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The replay law. */
#include "law.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/text.h"
#include "event/codec.h"
#include "model/filter.h"
#include "model/model.h"
#include "sink/sink.h"

/* One format under some options. */
struct view {
	struct sink *sink;
	struct text text; /* all that it wrote */
};

/* A run, or its replay: a model and all views. */
struct side {
	struct model *model;
	struct filter *filter;
	struct view *views;
};

/* If a story has some 100,000 events, to see what a server remembers, the first events are enough. */
#define LAW_EVENTS 1000

struct law {
	struct side run, replay;
	size_t count; /* of the views of each side */
	struct text line, fault;
	size_t events;
};

#define SHOWS_ALL .tree_limit = SIZE_MAX, .at = -1

static const struct sink_options details[] = {
	{ SHOWS_ALL },
	{ SHOWS_ALL, .verbose = 2, .duration = true, .clock = SINK_CLOCK_MICRO, .signals = true, .descriptors = true,
	  .origin = SINK_ORIGIN_ALWAYS, .frames = 3, .width = 60, .color = true, .tree_fold = 10 },
	{ SHOWS_ALL, .quiet = true, .clock = SINK_CLOCK_RELATIVE, .by_parent = true, .json = true },
	{ SHOWS_ALL, .filter = NULL /* its side's */ },
};

enum { DETAILS = sizeof(details) / sizeof(details[0]), FILTERED = DETAILS - 1 };

static int on_write(void *data, const char *bytes, size_t length)
{
	struct view *view = data;

	text_add_bytes(&view->text, bytes, length);
	return 0;
}

static void side_open(struct side *side, size_t count)
{
	side->model = model_new(SIZE_MAX);
	side->filter = filter_new();
	if (filter_add(side->filter, "kind=process,fork", &(struct filter_error){ 0 }) < 0)
		abort();
	filter_watch(side->filter, side->model);
	side->views = mem_zalloc(count, sizeof(*side->views));
	for (size_t i = 0; i < count; i++) {
		struct sink_output output = { .write = on_write, .data = &side->views[i] };
		struct sink_options options = details[i % DETAILS];

		if (i % DETAILS == FILTERED)
			options.filter = side->filter;
		side->views[i].sink = sink_open(sink_at(i / DETAILS), &options, &output);
	}
}

static void side_event(struct side *side, size_t count, const struct event *event)
{
	struct step step;

	model_apply(side->model, event, &step);
	for (size_t i = 0; i < count; i++)
		sink_step(side->views[i].sink, &step);
}

static void side_finish(struct side *side, size_t count)
{
	for (size_t i = 0; i < count; i++)
		sink_finish(side->views[i].sink, side->model);
}

static void side_close(struct side *side, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		sink_close(side->views[i].sink);
		text_done(&side->views[i].text);
	}
	free(side->views);
	model_free(side->model);
	filter_free(side->filter);
}

struct law *law_new(void)
{
	struct law *law = mem_zalloc(1, sizeof(*law));

	while (sink_at(law->count / DETAILS))
		law->count += DETAILS;
	side_open(&law->run, law->count);
	side_open(&law->replay, law->count);
	return law;
}

void law_event(struct law *law, const struct event *event)
{
	struct event *recorded;

	if (law->events++ >= LAW_EVENTS)
		return;
	text_clear(&law->line);
	codec_encode(&law->line, event);
	side_event(&law->run, law->count, event);
	if (codec_decode(text_get(&law->line), law->line.length, &recorded) < 0) {
		text_addf(&law->fault, "this line of a recording cannot be read: %s", text_get(&law->line));
		return;
	}
	side_event(&law->replay, law->count, recorded);
	event_free(recorded);
}

void law_end(struct law *law, struct text *fault)
{
	side_finish(&law->run, law->count);
	side_finish(&law->replay, law->count);
	text_add(fault, text_get(&law->fault));
	for (size_t i = 0; i < law->count && !fault->length; i++) {
		const char *run = text_get(&law->run.views[i].text), *replay = text_get(&law->replay.views[i].text);

		if (strcmp(run, replay) != 0)
			text_addf(fault, "the run as %s (details %zu):\n%sits replay:\n%s", sink_at(i / DETAILS)->name,
				  i % DETAILS, run, replay);
	}
	side_close(&law->run, law->count);
	side_close(&law->replay, law->count);
	text_done(&law->line);
	text_done(&law->fault);
	free(law);
}
