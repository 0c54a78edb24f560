/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Two runs side by side: their creations are paired in order, and each pair that differs is a table. */
#ifndef PAGE_COMPARISON_H
#define PAGE_COMPARISON_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "clone/request.h"

struct sink_options;
struct step;
struct text;

/* One creation, or several in a row that asked for the same in the same way. */
struct creation {
	struct request request;
	const char *seen;  /* the library call, as it was on the stack; NULL: not known. Static */
	int error;	   /* a refused one's errno; 0: it made a task */
	char *command;	   /* its creator's command line; NULL when not known */
	uint64_t count;	   /* how many there were */
	uint64_t timed;	   /* of how many the time is known */
	uint64_t duration; /* ns that those took together */
};

/* The creations of one run, in order. */
struct creations {
	struct creation *list;
	size_t count, size;
	uint64_t unknown; /* tasks of which the request is not known: they are not in the list */
	int status;	  /* how the program ended, where that was no success: its wait status; else 0 */
	bool incomplete;  /* a part of its recording is missing */
};

/* Takes the creation that STEP reports, if it does. */
void creations_add(struct creations *creations, const struct step *step);
void creations_done(struct creations *creations);

/* Adds the comparison of RUNS, which the user calls HEADS: what differs first, what is the same in one sentence. */
void comparison_draw(struct text *text, const struct creations runs[2], const char *const heads[2],
		     const struct sink_options *options);

#endif
