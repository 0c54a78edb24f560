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
};

/* The options are for people: a recording has everything. */
static struct sink *json_open(const struct sink_options *options, const struct sink_output *output)
{
	struct sink *sink = mem_zalloc(1, sizeof(*sink));

	(void)options;
	sink->output = *output;
	return sink;
}

static int json_step(struct sink *sink, const struct step *step)
{
	text_clear(&sink->line);
	codec_encode(&sink->line, step->event);
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
	.origins = true,
	.open = json_open,
	.step = json_step,
	.close = json_close,
};
