/* SPDX-License-Identifier: GPL-2.0-or-later */
/* --explain: says what there is to say of requests without making them. */
#include "cli/explain.h"

#include <errno.h>
#include <langinfo.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>

#include "base/diag.h"
#include "base/mem.h"
#include "base/text.h"
#include "cli/options.h"
#include "cli/output.h"
#include "cli/run.h"
#include "cli/views.h"
#include "clone/parse.h"
#include "sink/page.h"
#include "sink/sink.h"

enum { QUOTE_MAX = 60 };

/* "cltrace: 'WHAT': ..." */
static void refuse(const char *what, const struct text *message)
{
	struct text quoted = TEXT_INIT;
	char copy[QUOTE_MAX + 1];
	const size_t length = strlen(what), kept = length < QUOTE_MAX ? length : QUOTE_MAX;

	memcpy(copy, what, kept);
	copy[kept] = '\0';
	text_add_escaped(&quoted, copy);
	diag("--explain '%s%s': %s", text_get(&quoted), kept < length ? "..." : "", text_get(message));
	text_done(&quoted);
}

static int parse_all(const struct options *options, struct parsed *parsed)
{
	struct text message = TEXT_INIT;
	int r = 0;

	for (size_t i = 0; i < options->what_count; i++) {
		text_clear(&message);
		if (parse_what(options->whats[i], options->call, &parsed[i], &message) < 0) {
			refuse(options->whats[i], &message);
			r = -EINVAL;
		}
	}
	text_done(&message);
	return r;
}

static void add_pages(struct text *text, const struct options *options, const struct parsed *parsed,
		      const struct sink_options *sink)
{
	const size_t count = options->what_count;

	if (!count)
		page_flags(text, sink);
	for (size_t i = 0; i < count && (count == 1 || sink->verbose); i++) {
		page_request(text, &parsed[i], sink);
		text_add(text, count > 1 ? "\n" : "");
	}
	if (count > 1)
		page_differences(text, parsed, (const char *const *)options->whats, count, sink);
}

static int write_pages(const struct options *options, const struct parsed *parsed)
{
	const struct options_detail *detail = &options->detail;
	struct sink_options sink = { .verbose = detail->verbose };
	struct text text = TEXT_INIT;
	struct output *output;
	int r, closed;

	r = output_open("-", OUTPUT_APPEND, &output);
	if (r < 0)
		return r;
	sink.color = views_want_color(detail->color, output_is_terminal(output));
	sink.utf8 = !strcmp(nl_langinfo(CODESET), "UTF-8");
	sink.width = detail->width >= 0 ? (unsigned)detail->width : output_columns(output);
	add_pages(&text, options, parsed, &sink);
	r = output_write(output, text_get(&text), text.length);
	closed = output_close(output);
	text_done(&text);
	return r < 0 ? r : closed;
}

int explain(const struct options *options)
{
	struct parsed *parsed = mem_zalloc(options->what_count + 1, sizeof(*parsed));
	int r = parse_all(options, parsed);

	signal(SIGPIPE, SIG_IGN); /* a pager that is left is no error */
	if (r == 0) {
		r = write_pages(options, parsed);
		if (r == -EPIPE)
			r = 0;
		if (r < 0)
			diag_errno(-r, "cannot write to stdout");
	}
	free(parsed);
	return r < 0 ? RUN_FAILED : 0;
}
