/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Two runs side by side: their creations are paired in order, and each pair that differs gets a table. */
#ifndef PAGE_COMPARISON_H
#define PAGE_COMPARISON_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "clone/request.h"

struct sink_options;
struct step;
struct text;

/* One creation, or several in a row with the same request and library call. */
struct creation {
	struct request request;
	const char *seen;  /* the library call that was seen on the stack; NULL: not known. Static */
	int error;	   /* the errno if it was refused; 0: it created a task */
	char *command;	   /* its creator's command line; NULL: not known */
	uint64_t count;	   /* how many there were */
	uint64_t timed;	   /* how many of them have a known time */
	uint64_t duration; /* ns that these took together */
};

/* The creations of one run, in order. */
struct creations {
	struct creation *list;
	size_t count, size;
	uint64_t unknown; /* tasks whose request is not known; they are not in the list */
	int status;	  /* the program's wait status if it did not end with success; else 0 */
	bool incomplete;  /* a part of its recording is missing */
};

/* Adds the creation of STEP, if STEP reports one. */
void creations_add(struct creations *creations, const struct step *step);
void creations_done(struct creations *creations);

/* Adds the comparison of RUNS, whose names for the user are HEADS: first what differs, then one sentence about what is
 * the same. */
void comparison_draw(struct text *text, const struct creations runs[2], const char *const heads[2],
		     const struct sink_options *options);

#endif
