/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The page of --explain without arguments: all flags. */
#ifndef PAGE_FLAGS_H
#define PAGE_FLAGS_H

struct sink_options;
struct text;

/* Adds the table of all flags; with options->verbose also what each means, set and not set, and the source. */
void page_flags(struct text *text, const struct sink_options *options);

#endif
