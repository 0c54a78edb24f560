/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What the files of the format summary share: the counts, which handlers update and which are drawn at the end. */
#ifndef SINK_SUMMARY_SUMMARY_H
#define SINK_SUMMARY_SUMMARY_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

#include "base/text.h"
#include "render/count.h"
#include "render/rate.h"
#include "sink/sink.h"

/* A new task whose library call is not decided: fork() may be a part of daemon(). */
struct guess {
	pid_t tid;
	const char *looks_like; /* static */
	uint64_t duration;
	bool timed;
	UT_hash_handle hh;
};

enum { COUNT_KINDS, COUNT_LIBRARY, COUNT_PROGRAMS, COUNT_ORIGINS, COUNT_REFUSALS, COUNTS };

struct sink {
	struct sink_base base;
	enum event_mode mode;
	struct count counts[COUNTS];
	struct guess *guesses; /* by tid */
	struct rate rate;
	uint64_t begun;		       /* ns */
	uint64_t processes;	       /* made */
	uint64_t never;		       /* created processes that ended without an exec */
	uint64_t lacking;	       /* the same, alive at the end */
	uint64_t unreaped;	       /* children that their parents did not wait for */
	int64_t cost_least, cost_most; /* ns: NOTE_STOP_COST's */
	struct text name;
};

/* The names of a table: the head of its first column, and of the list in JSON. */
struct summary_table {
	const char *head, *word;
	bool lives; /* also counts how long its tasks lived */
};
extern const struct summary_table summary_tables[COUNTS];

/* count.c */
sink_handler summary_on_begin, summary_on_spawn, summary_on_refused, summary_on_call, summary_on_exec, summary_on_exit;
sink_handler summary_on_detach, summary_on_note;

/* Decides the remaining guesses, counts the processes that live without an exec, and sorts. */
void summary_conclude(struct sink *sink, const struct model *model);

/* draw.c: for people */
void summary_draw(struct text *text, const struct sink *sink, const struct model *model);

/* json.c */
void summary_write(struct text *text, const struct sink *sink, const struct model *model);

#endif
