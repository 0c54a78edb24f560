/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What renders steps: one ops struct for each format, fed by one function. */
#ifndef SINK_SINK_H
#define SINK_SINK_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/text.h"
#include "event/want.h"
#include "model/model.h"
#include "render/sink_options.h"

/* Where a sink's text goes. Returns 0 or -errno; after an error nothing more is asked of the destination. */
struct sink_output {
	int (*write)(void *data, const char *bytes, size_t length);
	/* How wide it is now, 0: no limit. Asked before each event, because windows can be resized; NULL: see the
	 * options. */
	unsigned (*columns)(void *data);
	void *data;
};

/* Each format has its own, which begins with a struct sink_base. */
struct sink;

/* Handles one step. The text that it adds to its base is written when it returns. */
typedef void sink_handler(struct sink *sink, const struct step *step);

/* What all sinks have. */
struct sink_base {
	const struct sink_ops *ops;
	sink_handler *const *handlers; /* those of ops; open() can choose others, as the options require */
	struct sink_options options;   /* `width` is the output's present width */
	struct sink_output output;
	struct text text; /* the text to be written: empty when the sink gets a step, or the end */
};

struct sink_ops {
	const char *name; /* "text": the FORMAT of --format and -o */
	/* of its files, with blanks between them: ".jsonl .json"; NULL: none of its own */
	const char *extensions;
	const char *help; /* a few words for --help */
	/* Writes only in finish(), so its file is replaced as a whole. */
	bool at_end;
	/* Shows the model, not steps: it gets every step, and asks the filter about tasks. */
	bool whole;
	/* Draws tasks from birth to end, so a filter's trace= and comm= do not apply to the steps of birth, exec and
	 * end: it gets each exec, and births and ends if filter_draws() the task. */
	bool lives;
	/* A recording, to be replayed: it has every event, unless it has a filter of its own. */
	bool records;
	/* The wants that it shows with OPTIONS, except those that an option asks for whatever the format is: bits of
	 * enum event_want. NULL: none. */
	unsigned (*needs)(const struct sink_options *options);
	/* How many of the first tasks the model must keep for it even if they have ended. NULL: none. */
	size_t (*keeps)(const struct sink_options *options);
	size_t size; /* of its struct sink, which is zeroed except for the base */
	/* What it prepares. May be NULL. */
	void (*open)(struct sink *sink);
	/* Called for every step that it gets, before the handler of the event's kind. May be NULL. */
	sink_handler *every;
	/* By enum event_kind, NULL: that kind is ignored. NULL as a whole: all kinds are. */
	sink_handler *const *handlers;
	/* Called when the stream is over, with or without an END (a recording that was cut off): writes what belongs at
	 * the end. May be NULL. */
	void (*finish)(struct sink *sink, const struct model *model);
	/* Frees what it has besides the base. May be NULL. */
	void (*close)(struct sink *sink);
};

/* Every format, NULL past the end. */
const struct sink_ops *sink_at(size_t index);

/* The format whose name is the LENGTH bytes at NAME, or NULL. */
const struct sink_ops *sink_find(const char *name, size_t length);

/* The format with FILE's extension, or NULL. */
const struct sink_ops *sink_find_file(const char *file);

/* The wants that a sink of OPS shows with OPTIONS, whose colors and width do not matter: bits of enum event_want. */
unsigned sink_needs(const struct sink_ops *ops, const struct sink_options *options);

/* The most frames of each stack that it shows; 0: none. */
unsigned sink_frames(const struct sink_ops *ops, const struct sink_options *options);

/* A sink of OPS; the sink keeps a copy of OPTIONS and OUTPUT. */
struct sink *sink_open(const struct sink_ops *ops, const struct sink_options *options,
		       const struct sink_output *output);

/* Passes STEP to SINK, if its filter shows STEP. Returns 0 or the output's -errno. */
int sink_step(struct sink *sink, const struct step *step);

/* The stream is over: writes what belongs at the end. Returns as sink_step() does. */
int sink_finish(struct sink *sink, const struct model *model);

/* SINK may be NULL. */
void sink_close(struct sink *sink);

/* For sinks that lay something out before the end: sets the width to the output's present width. */
void sink_measure(struct sink_base *base);

#endif
