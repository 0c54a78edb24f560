/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A page on stdout, for what traces nothing, such as --help, or has traced before it writes. */
#ifndef CLI_PAGE_OUT_H
#define CLI_PAGE_OUT_H

struct options_detail;
struct sink_options;
struct text;
struct output_host;

/* Has DRAW make the page as wide, and in color or not, as DETAIL and stdout want it, and writes it. SIGPIPE is ignored
 * from then on: a pager that is left is no error. HOST as of output_open(). Returns the exit status, 0 or RUN_FAILED
 * after a message. */
int page_out(const struct options_detail *detail,
	     void (*draw)(struct text *text, const struct sink_options *options, void *data), void *data,
	     const struct output_host *host);

#endif
