/* SPDX-License-Identifier: GPL-2.0-or-later */
/* How a sink is to print: what the user chose for one output. */
#ifndef RENDER_SINK_OPTIONS_H
#define RENDER_SINK_OPTIONS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "render/column_set.h"

struct filter;

enum sink_clock {
	SINK_CLOCK_NONE,
	SINK_CLOCK_SECONDS,  /* -t: HH:MM:SS */
	SINK_CLOCK_MICRO,    /* -tt: HH:MM:SS.ffffff */
	SINK_CLOCK_EPOCH,    /* -ttt: seconds.ffffff since the epoch */
	SINK_CLOCK_RELATIVE, /* -r: seconds.ffffff since the event before */
};

/* Where in the program creations come from. */
enum sink_origin {
	SINK_ORIGIN_AUTO,   /* if it is known, and not with -q */
	SINK_ORIGIN_ALWAYS, /* --origin, -k: if it is not known, the reason */
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
	bool quiet;	  /* -q: only the lines of calls */
	unsigned verbose; /* -v: each flag on its own line */
	bool duration;	  /* -T */
	bool signals;	  /* --signals, -vv */
	unsigned frames;  /* -k: of each stack at most; 0: none */
	enum sink_origin origin;
	bool descriptors; /* -y: what descriptors refer to */
	bool color;
	bool utf8;		   /* line drawing */
	unsigned width;		   /* columns to fold and cut at; 0: no limit, one call stays on one line */
	size_t tree_limit;	   /* the most tasks that the tree draws: 0 none, SIZE_MAX all */
	size_t tree_fold;	   /* how many similar tasks below one task become one line; 0: never */
	bool by_parent;		   /* the tree shows parents, not creators */
	bool json;		   /* tables as JSON */
	int64_t at;		   /* ps: the moment, ns after BEGIN; -1: when the most tasks live */
	struct column_set columns; /* of tables */
	enum sink_sort sort;	   /* -S: of summary */
	/* What is shown, NULL: everything. step() gets no other steps; code that draws from the model asks the filter.
	 */
	const struct filter *filter;
};

#endif
