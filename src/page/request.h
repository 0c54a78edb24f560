/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The page of --explain for one request. */
#ifndef PAGE_REQUEST_H
#define PAGE_REQUEST_H

struct parsed;
struct sink_options;
struct text;

/* Adds all that can be said of one request without running it. With options->verbose also the flags that are not set,
 * the misconceptions about it, and what speaks for the library calls. */
void page_request(struct text *text, const struct parsed *parsed, const struct sink_options *options);

#endif
