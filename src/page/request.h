/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The pages of --explain: a request, several side by side, the table of flags. */
#ifndef PAGE_REQUEST_H
#define PAGE_REQUEST_H

#include <stddef.h>

struct parsed;
struct sink_options;
struct text;

/* Adds all that can be said of one request without running it. With options->verbose also the flags that are not set,
 * what is commonly half known, and what speaks for the library calls. */
void page_request(struct text *text, const struct parsed *parsed, const struct sink_options *options);

/* Adds a table of where the COUNT requests differ, under the HEADS that the user gave them, and in one sentence what is
 * the same in all. */
void page_differences(struct text *text, const struct parsed *parsed, const char *const *heads, size_t count,
		      const struct sink_options *options);

/* A row that a comparison of two has besides the requests themselves; drawn where the cells differ. */
struct page_row {
	const char *name;
	const char *cells[2];
};

/* Adds the same for PARSED[0] and PARSED[1], with COUNT rows more. */
void page_pair(struct text *text, const struct parsed *parsed, const char *const heads[2], const struct page_row *rows,
	       size_t count, const struct sink_options *options);

/* Adds the table of all flags; with options->verbose with what each means set and not set, and where that stands. */
void page_flags(struct text *text, const struct sink_options *options);

#endif
