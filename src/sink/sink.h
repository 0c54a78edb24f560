/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What renders steps: one ops struct per format, fed by one function. */
#ifndef SINK_SINK_H
#define SINK_SINK_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "model/model.h"
#include "sink/column.h"

struct filter;
struct text;

enum sink_clock {
	SINK_CLOCK_NONE,
	SINK_CLOCK_SECONDS,  /* -t: HH:MM:SS */
	SINK_CLOCK_MICRO,    /* -tt: HH:MM:SS.ffffff */
	SINK_CLOCK_EPOCH,    /* -ttt: seconds.ffffff since the epoch */
	SINK_CLOCK_RELATIVE, /* -r: seconds.ffffff since the event before */
};

/* Where in the program creations come from. */
enum sink_origin {
	SINK_ORIGIN_AUTO,   /* where it is known and not -q */
	SINK_ORIGIN_ALWAYS, /* --origin, -k: else, why it is not known */
	SINK_ORIGIN_NEVER,  /* --no-origin */
};

/* The order of summary's tables. */
enum sink_sort {
	SINK_SORT_COUNT, /* most calls first */
	SINK_SORT_TIME,	 /* most time in all first */
	SINK_SORT_MEAN,
	SINK_SORT_MAX,
	SINK_SORT_NAME,
	SINK_SORT_NONE, /* as they came */
};

/* How a sink is to print; one per destination. */
struct sink_options {
	enum sink_clock clock;
	bool quiet;	  /* -q: the call lines alone */
	unsigned verbose; /* -v: each flag on its own line */
	bool duration;	  /* -T */
	bool signals;	  /* --signals */
	unsigned frames;  /* -k: of each stack at most; 0: none */
	enum sink_origin origin;
	bool descriptors; /* -y: what descriptors refer to */
	bool color;
	bool utf8;		   /* line drawing */
	unsigned width;		   /* columns to fold and cut at; 0: no limit, one call stays on one line */
	size_t tree_limit;	   /* tasks that the tree draws at most: 0 none, SIZE_MAX all */
	size_t tree_fold;	   /* how many alike below one task become one line; 0: none do */
	bool by_parent;		   /* the tree: whose child it is, not who made it */
	bool json;		   /* tables as JSON */
	int64_t at;		   /* ps: the moment, ns from BEGIN on; -1: when the most tasks live */
	struct column_set columns; /* of tables */
	enum sink_sort sort;	   /* -S: of summary */
	/* What is shown, NULL: all. step() is handed no other steps; what is drawn from the model asks it. */
	const struct filter *filter;
};

/* What an output shows that a trace looks at only when some output shows it. A recording has all of it, so that a sink
 * which shows one of these without a word here breaks the replay law (tests/unit/test_needs.c). */
enum sink_need {
	SINK_NEEDS_NAMES = 1 << 0,   /* the names that tasks give themselves */
	SINK_NEEDS_ORIGINS = 1 << 1, /* where creations come from; of launched programs only, unless asked for */
	SINK_NEEDS_STACKS = 1 << 2,  /* their whole stacks */
	SINK_NEEDS_TIMES = 1 << 3,   /* the time in calls, where measuring it costs nothing */
	SINK_NEEDS_IGNORED = 1 << 4, /* whether the parent of a process that ends ignores SIGCHLD */
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

/* When the trace began and which moment is drawn, ns. */
struct tree_times {
	uint64_t begun, now;
	bool snapshot; /* creators are not known, so the tree shows parents */
};

/* Renders the tree of the tasks of MODEL as a table; as one of JSON, if the options say so. Past the options' limit it
 * draws those that live, with what is above them, and then the first ones, and says how many are left out: all of them
 * are in a model that keeps so many. sink/tree.c. */
void tree_draw(struct text *text, const struct model *model, const struct sink_options *options,
	       const struct tree_times *times);

#endif
