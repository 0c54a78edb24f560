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
	/* How wide it is now, 0: no limit. Asked before each event, for windows are resized; NULL: see the options. */
	unsigned (*columns)(void *data);
	void *data;
};

/* Each format has its own, which begins with a struct sink_base. */
struct sink;

/* What a sink does about one step: what it puts into its base's text is written when it returns. */
typedef void sink_handler(struct sink *sink, const struct step *step);

/* What all sinks have. */
struct sink_base {
	const struct sink_ops *ops;
	sink_handler *const *handlers; /* those of ops; open() may choose others, as the options want them */
	struct sink_options options;   /* the width is what the output has now */
	struct sink_output output;
	struct text text; /* what is to be written: empty when a step, or the end, is handed over */
};

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
	/* What it shows under OPTIONS of what a trace learns only if it is shown, but for what an option asks of every
	 * format: bits of enum event_want. NULL: none. */
	unsigned (*needs)(const struct sink_options *options);
	/* How many tasks, the first, the model must keep for it although they have ended. NULL: none. */
	size_t (*keeps)(const struct sink_options *options);
	size_t size; /* of its struct sink, which is all zero but for the base */
	/* What it prepares. May be NULL. */
	void (*open)(struct sink *sink);
	/* What it does about every step that it is handed, before the handler of the event's kind. May be NULL. */
	sink_handler *every;
	/* By enum event_kind, NULL: that kind is ignored. NULL as a whole: all kinds are. */
	sink_handler *const *handlers;
	/* The stream is over, be it without an END (a recording that was cut off): what belongs at the end. May be
	 * NULL. */
	void (*finish)(struct sink *sink, const struct model *model);
	/* Frees what it has beside the base. May be NULL. */
	void (*close)(struct sink *sink);
};

/* Every format, NULL past the end. */
const struct sink_ops *sink_at(size_t index);

/* The format whose name is the LENGTH bytes at NAME, or NULL. */
const struct sink_ops *sink_find(const char *name, size_t length);

/* The format that FILE's extension stands for, or NULL. */
const struct sink_ops *sink_find_file(const char *file);

/* What a sink of OPS shows under OPTIONS, whose colors and width do not matter: bits of enum event_want. */
unsigned sink_needs(const struct sink_ops *ops, const struct sink_options *options);

/* How many frames of each stack it shows at most; 0: none. */
unsigned sink_frames(const struct sink_ops *ops, const struct sink_options *options);

/* A sink of OPS; the sink keeps a copy of OPTIONS and OUTPUT. */
struct sink *sink_open(const struct sink_ops *ops, const struct sink_options *options,
		       const struct sink_output *output);

/* Hands STEP to SINK, if its filter shows that. Returns 0 or the output's -errno. */
int sink_step(struct sink *sink, const struct step *step);

/* The stream is over: writes what belongs at the end. Returns as sink_step() does. */
int sink_finish(struct sink *sink, const struct model *model);

/* SINK may be NULL. */
void sink_close(struct sink *sink);

/* For sinks that lay something out before the end: sets the width to what the output has now. */
void sink_measure(struct sink_base *base);

#endif
