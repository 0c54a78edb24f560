/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Lays the lines of a page out. */
#include "page/page.h"

void page_init(struct page *ret, struct text *text, const struct sink_options *options)
{
	ret->options = *options;
	ret->options.width = printer_width(options->width);
	ret->reported = 0;
	printer_init(&ret->printer, text, &ret->options);
}

void page_done(struct page *page)
{
	printer_done(&page->printer);
}
