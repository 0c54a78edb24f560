/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The whole run in a few tables (-c): creations by kind, library call and program, refusals, lives, time, rate. */
#include "sink/summary/summary.h"

#include <stdlib.h>

#include "sink/formats.h"

const struct summary_table summary_tables[COUNTS] = {
	[COUNT_KINDS] = { "TASKS MADE", "kinds", true },
	[COUNT_LIBRARY] = { "LIBRARY CALL", "library_calls", false },
	[COUNT_PROGRAMS] = { "MADE BY", "programs", false },
	[COUNT_ORIGINS] = { "ORIGIN", "origins", false },
	[COUNT_REFUSALS] = { "REFUSED", "refusals", false },
};

static void summary_open(struct sink *sink)
{
	sink->rate = (struct rate)RATE_INIT;
}

/* The rate over time extends to the last event. */
static void summary_every(struct sink *sink, const struct step *step)
{
	const struct event *event = step->event;

	if (event->when > sink->begun && event->kind != EVENT_BEGIN)
		rate_add(&sink->rate, event->when - sink->begun, 0);
}

static void summary_finish(struct sink *sink, const struct model *model)
{
	summary_conclude(sink, model);
	if (sink->base.options.json)
		summary_write(&sink->base.text, sink, model);
	else
		summary_draw(&sink->base.text, sink, model);
}

static void summary_close(struct sink *sink)
{
	struct guess *guess, *next;

	HASH_ITER (hh, sink->guesses, guess, next) {
		HASH_DEL(sink->guesses, guess);
		free(guess);
	}
	for (size_t i = 0; i < COUNTS; i++)
		count_done(&sink->counts[i]);
	text_done(&sink->name);
}

static unsigned summary_needs(const struct sink_options *options)
{
	(void)options;
	return WANT_CHEAP_ORIGINS | WANT_CHEAP_DURATIONS;
}

static sink_handler *const handlers[EVENT_KIND_COUNT] = {
	[EVENT_BEGIN] = summary_on_begin,   [EVENT_SPAWN] = summary_on_spawn, [EVENT_REFUSED] = summary_on_refused,
	[EVENT_CALL] = summary_on_call,	    [EVENT_EXEC] = summary_on_exec,   [EVENT_EXIT] = summary_on_exit,
	[EVENT_DETACH] = summary_on_detach, [EVENT_NOTE] = summary_on_note,
};

const struct sink_ops summary_sink = {
	.name = "summary",
	.help = "counts, times and lives in tables (-c, -S)",
	.at_end = true,
	.whole = true,
	.needs = summary_needs,
	.size = sizeof(struct sink),
	.open = summary_open,
	.every = summary_every,
	.handlers = handlers,
	.finish = summary_finish,
	.close = summary_close,
};
