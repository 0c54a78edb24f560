/* SPDX-License-Identifier: GPL-2.0-or-later */
/* JSON Lines: every event as one line, all of its facts; what --replay reads. cltrace-events(5) is the contract. */
#include <stdlib.h>

#include "base/mem.h"
#include "base/text.h"
#include "event/codec.h"
#include "sink/formats.h"

struct sink {
	struct sink_output output;
	struct text line;
	bool no_origin;
};

/* The options are for people: a recording has everything, except origins with --no-origin. */
static struct sink *json_open(const struct sink_options *options, const struct sink_output *output)
{
	struct sink *sink = mem_zalloc(1, sizeof(*sink));

	sink->no_origin = options->origin == SINK_ORIGIN_NEVER;
	sink->output = *output;
	return sink;
}

static int json_step(struct sink *sink, const struct step *step)
{
	struct event event = *step->event;

	if (sink->no_origin && (event.kind == EVENT_SPAWN || event.kind == EVENT_REFUSED))
		event.have &= ~(unsigned)EVENT_HAVE_ORIGIN;
	text_clear(&sink->line);
	codec_encode(&sink->line, &event);
	return sink->output.write(sink->output.data, sink->line.data, sink->line.length);
}

static void json_close(struct sink *sink)
{
	text_done(&sink->line);
	free(sink);
}

const struct sink_ops json_sink = {
	.name = "json",
	.extensions = ".jsonl .json",
	.help = "one JSON object for each event (cltrace-events(5))",
	.records = true,
	.needs = SINK_NEEDS_NAMES | SINK_NEEDS_ORIGINS | SINK_NEEDS_TIMES | SINK_NEEDS_IGNORED,
	.open = json_open,
	.step = json_step,
	.close = json_close,
};
