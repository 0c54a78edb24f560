/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What events run through under a fuzzer: the codec and back, the model, the text sink; each held to its contract. */
#ifndef FUZZ_TRACE_H
#define FUZZ_TRACE_H

#include <stdbool.h>
#include <stdint.h>

#include "base/text.h"
#include "sink/sink.h"

struct event;

struct trace {
	struct model *model;
	struct sink *sink;
	struct text line, again; /* an event as JSON, and once more from what was read back */
	bool color;
	bool forgets; /* its model is made to forget the dead now and then */
	unsigned writes, events;
};

/* BITS decide about the sink's options. */
void trace_open(struct trace *trace, uint64_t bits);
void trace_event(struct trace *trace, const struct event *event);
void trace_close(struct trace *trace);

/* Encodes EVENT, decodes the line and encodes again: both lines must be the same. */
void trace_round_trip(struct trace *trace, const struct event *event);

/* TEXT is one line without its end, and nothing in it disturbs a terminal. */
void trace_check_line(const struct text *text);

#endif
