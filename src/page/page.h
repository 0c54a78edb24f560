/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What the pages of --explain and --compare are written with: lines that are folded and indented. */
#ifndef PAGE_PAGE_H
#define PAGE_PAGE_H

#include "base/text.h"
#include "render/fold.h"

struct sink_options;

#define PAGE_INDENT 4

struct page {
	struct text *text;
	struct text line; /* the one that is being written */
	const struct sink_options *options;
	unsigned indent;
	unsigned reported; /* bits: the misconceptions that were corrected */
};

/* Columns of a row: the output's, or 100 if it has no width of its own. */
unsigned page_width(const struct sink_options *options);

/* Adds page->line, if there is anything in it, to the text, folded at AT, and begins another one. */
void page_finish(struct page *page, enum fold_at at);

/* Adds LINE as a line. DATA is the page. */
void page_line(void *data, const char *line);

#endif
