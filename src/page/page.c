/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Lays the lines of a page out. */
#include "page/page.h"

#include <string.h>

#include "render/options.h"

#define PAGE_WIDTH 100 /* where lines are folded when the output has no width of its own */

#define COLOR_THREAD "\033[1;36m"
#define COLOR_PROCESS "\033[1;32m"
#define COLOR_REFUSED "\033[1;31m"

unsigned page_width(const struct sink_options *options)
{
	return options->width ? options->width : PAGE_WIDTH;
}

void page_finish(struct page *page, enum fold_at at)
{
	const char *line = text_get(&page->line);
	const size_t capitals = strspn(line, "ABCDEFGHIJKLMNOPQRSTUVWXYZ");
	struct fold fold = { .at = at, .width = page_width(page->options), .column = page->indent };

	if (page->options->color && capitals > 2 && (line[capitals] == ' ' || line[capitals] == ':')) {
		fold.color = !strncmp(line, "THREAD", capitals)	   ? COLOR_THREAD
			     : !strncmp(line, "PROCESS", capitals) ? COLOR_PROCESS
								   : COLOR_REFUSED;
		fold.color_to = capitals;
	}
	if (page->line.length) {
		text_addf(page->text, "%*s", (int)page->indent, "");
		fold_add(page->text, line, &fold);
	}
	text_clear(&page->line);
}

void page_line(void *data, const char *line)
{
	struct page *page = data;

	text_add(&page->line, line);
	page_finish(page, FOLD_WORDS);
}
