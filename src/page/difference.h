/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The page of --explain for several requests, and of --compare for a pair of creations: where they differ. */
#ifndef PAGE_DIFFERENCE_H
#define PAGE_DIFFERENCE_H

#include <stddef.h>

struct parsed;
struct sink_options;
struct text;

/* A row that a pair has besides the requests themselves; drawn where the cells differ. */
struct difference_row {
	const char *name;
	const char *cells[2];
};

/* Adds a table of where the COUNT requests differ, under the HEADS that the user gave them, and in one sentence what is
 * the same in all. Two of them can have ROW_COUNT rows more. */
void difference_draw(struct text *text, const struct parsed *parsed, const char *const *heads, size_t count,
		     const struct difference_row *rows, size_t row_count, const struct sink_options *options);

#endif
