/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What renders steps: one ops struct per format, fed by one function. */
#ifndef SINK_SINK_H
#define SINK_SINK_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "model/model.h"

struct text;

enum sink_clock {
	SINK_CLOCK_NONE,
	SINK_CLOCK_SECONDS,  /* -t: HH:MM:SS */
	SINK_CLOCK_MICRO,    /* -tt: HH:MM:SS.ffffff */
	SINK_CLOCK_EPOCH,    /* -ttt: seconds.ffffff since the epoch */
	SINK_CLOCK_RELATIVE, /* -r: seconds.ffffff since the event before */
};

/* How a sink is to print; one per destination. */
struct sink_options {
	enum sink_clock clock;
	bool quiet;	  /* -q: the call lines alone */
	unsigned verbose; /* -v: each flag on its own line */
	bool duration;	  /* -T */
	bool color;
	bool utf8;	/* line drawing */
	unsigned width; /* columns to fold and cut at; 0: no limit, one call stays on one line */
};

/* Where a sink's text goes. Returns 0 or -errno; after an error nothing more is asked of the destination. */
struct sink_output {
	int (*write)(void *data, const char *bytes, size_t length);
	/* How wide it is now, 0: no limit. Asked before each event, for windows are resized; NULL: see the options. */
	unsigned (*columns)(void *data);
	void *data;
};

struct sink;

struct sink_ops {
	const char *name; /* "text" */
	struct sink *(*open)(const struct sink_options *options, const struct sink_output *output);
	int (*step)(struct sink *sink, const struct step *step); /* 0 or the output's -errno */
	void (*close)(struct sink *sink);
};

extern const struct sink_ops text_sink; /* sink/text.c */

/* Renders the tree of all tasks of MODEL (who made whom) as a table: TASK, KIND, FATE, COMMAND. sink/tree.c. */
void tree_draw(struct text *text, const struct model *model, const struct sink_options *options);

#endif
