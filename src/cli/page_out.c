/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A page on stdout. */
#include "cli/page_out.h"

#include <errno.h>
#include <signal.h>

#include "base/diag.h"
#include "base/text.h"
#include "cli/options.h"
#include "cli/output.h"
#include "cli/run.h"
#include "cli/views.h"

int page_out(const struct options_detail *detail,
	     void (*draw)(struct text *text, const struct sink_options *options, void *data), void *data,
	     const struct output_host *host)
{
	struct sink_options sink = detail->sink;
	struct text text = TEXT_INIT;
	struct output *output;
	int r, closed;

	signal(SIGPIPE, SIG_IGN);
	r = output_open("-", OUTPUT_APPEND, host, &output);
	if (r >= 0) {
		views_set_look(&sink, detail, output);
		draw(&text, &sink, data);
		r = output_write(output, text_get(&text), text.length);
		closed = output_close(output);
		r = r < 0 ? r : closed;
		text_done(&text);
	}
	if (r < 0 && r != -EPIPE && r != -ECHILD)
		diag_errno(-r, "cannot write to stdout");
	return r < 0 && r != -EPIPE ? RUN_FAILED : 0;
}
