/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What the pages of --explain and --compare share. */
#ifndef PAGE_PAGE_H
#define PAGE_PAGE_H

#include "render/sink_options.h"
#include "render/printer.h"

#define PAGE_INDENT 4

struct page {
	struct printer printer;
	struct sink_options options; /* always with a width: calls are folded, too */
	unsigned reported;	     /* bits: the misconceptions that were corrected */
};

/* Lines go to TEXT, which must outlive the page. */
void page_init(struct page *ret, struct text *text, const struct sink_options *options);
void page_done(struct page *page);

#endif
