/* SPDX-License-Identifier: GPL-2.0-or-later */
/* --explain: explains requests without issuing them. */
#include "cli/explain_run.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/diag.h"
#include "base/mem.h"
#include "base/text.h"
#include "cli/options.h"
#include "cli/page_out.h"
#include "cli/run.h"
#include "page/request.h"
#include "sink/sink.h"
#include "teach/parse/parse.h"

/* "cltrace: --explain 'WHAT': ..." */
static void refuse(const char *what, const struct text *message)
{
	struct text quoted = TEXT_INIT;

	text_add_quoted(&quoted, what, strlen(what));
	diag("--explain %s: %s", text_get(&quoted), text_get(message));
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

struct pages {
	const struct options *options;
	const struct parsed *parsed;
};

static void draw(struct text *text, const struct sink_options *sink, void *data)
{
	const struct pages *pages = data;

	page_requests(text, pages->parsed, (const char *const *)pages->options->whats, pages->options->what_count,
		      sink);
}

int explain(const struct options *options)
{
	struct parsed *parsed = mem_zalloc(options->what_count + 1, sizeof(*parsed));
	struct pages pages = { options, parsed };
	int status = RUN_FAILED;

	if (parse_all(options, parsed) == 0)
		status = page_out(&options->detail, draw, &pages, NULL);
	free(parsed);
	return status;
}
