/* SPDX-License-Identifier: GPL-2.0-or-later */
/* JSON Lines: every event with all of its facts as one line, which --replay reads. cltrace-events(5) is the contract.
 */
#include "event/codec.h"
#include "sink/formats.h"

struct sink {
	struct sink_base base;
};

/* The options are for people, so a recording has everything, except origins with --no-origin. */
static void json_every(struct sink *sink, const struct step *step)
{
	struct event event = *step->event;

	if (sink->base.options.origin == SINK_ORIGIN_NEVER &&
	    (event.kind == EVENT_SPAWN || event.kind == EVENT_REFUSED))
		event.have &= ~(unsigned)EVENT_HAVE_ORIGIN;
	codec_encode(&sink->base.text, &event);
}

static unsigned json_needs(const struct sink_options *options)
{
	(void)options;
	return WANT_NAMES | WANT_CHEAP_ORIGINS | WANT_CHEAP_DURATIONS | WANT_IGNORED;
}

const struct sink_ops json_sink = {
	.name = "json",
	.extensions = ".jsonl .json",
	.help = "one JSON object for each event (cltrace-events(5))",
	.records = true,
	.needs = json_needs,
	.size = sizeof(struct sink),
	.every = json_every,
};
