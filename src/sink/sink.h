/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What renders steps: one ops struct per format, fed by one function. */
#ifndef SINK_SINK_H
#define SINK_SINK_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "event/want.h"
#include "model/model.h"
#include "render/options.h"

/* Where a sink's text goes. Returns 0 or -errno; after an error nothing more is asked of the destination. */
struct sink_output {
	int (*write)(void *data, const char *bytes, size_t length);
	/* How wide it is now, 0: no limit. Asked before each event, for windows are resized; NULL: see the options. */
	unsigned (*columns)(void *data);
	void *data;
};

struct sink;

struct sink_ops {
	const char *name;	/* "text": the FORMAT of --format and -o */
	const char *extensions; /* of files that hold it, a blank between them: ".jsonl .json"; NULL: none of its own */
	const char *help;	/* a few words for --help */
	/* Writes in finish() alone: its file is put into place as a whole. */
	bool at_end;
	/* Shows the model, not steps: it is handed every step whatever the filter, and asks that about tasks. */
	bool whole;
	/* Draws tasks from birth to end, so a filter's trace= and comm= are not for the steps of birth, exec and end:
	 * it is handed each exec, and those others whose task filter_draws(). */
	bool lives;
	/* A recording, to be replayed: holds every event, unless it has a filter of its own. */
	bool records;
	unsigned needs; /* bits of enum sink_need, whatever the options are */
	/* Those that it has besides, under OPTIONS. May be NULL. */
	unsigned (*needs_under)(const struct sink_options *options);
	/* How many tasks, the first, the model must keep for it although they have ended. NULL: none. */
	size_t (*keeps)(const struct sink_options *options);
	struct sink *(*open)(const struct sink_options *options, const struct sink_output *output);
	int (*step)(struct sink *sink, const struct step *step); /* 0 or the output's -errno */
	/* The stream is over, be it without an END (a recording that was cut off): what belongs at the end. May be
	 * NULL. Returns as step() does. */
	int (*finish)(struct sink *sink, const struct model *model);
	void (*close)(struct sink *sink);
};

/* Every format, NULL past the end; the first is the default. */
const struct sink_ops *sink_at(size_t index);

/* The format whose name is the LENGTH bytes at NAME, or NULL. */
const struct sink_ops *sink_find(const char *name, size_t length);

/* The format that FILE's extension stands for, or NULL. */
const struct sink_ops *sink_find_file(const char *file);

/* Whether STEP is one that a sink of OPS is handed under OPTIONS. */
bool sink_wants(const struct sink_ops *ops, const struct sink_options *options, const struct step *step);

/* What a sink of OPS shows under OPTIONS, whose colors and width do not matter: bits of enum sink_need. */
unsigned sink_needs(const struct sink_ops *ops, const struct sink_options *options);

#endif
