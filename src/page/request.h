/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The pages of --explain. */
#ifndef PAGE_REQUEST_H
#define PAGE_REQUEST_H

#include <stddef.h>

struct parsed;
struct sink_options;
struct text;

/* Adds everything that can be said of one request without making it. With options->verbose also the flags that are not
 * set, the misconceptions about it, and the evidence for the library calls. */
void page_request(struct text *text, const struct parsed *parsed, const struct sink_options *options);

/* Adds the page of the COUNT requests under the HEADS that the user gave them: for one request, its page; for several,
 * how they differ (with options->verbose behind the page of each); for none, the table of flags. */
void page_requests(struct text *text, const struct parsed *parsed, const char *const *heads, size_t count,
		   const struct sink_options *options);

#endif
