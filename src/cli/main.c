/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The program. */
#include <locale.h>
#include <stdlib.h>

#include "base/diag.h"
#include "base/text.h"
#include "cli/compare_run.h"
#include "cli/explain_run.h"
#include "cli/main_stack.h"
#include "cli/options.h"
#include "cli/page_out.h"
#include "cli/replay_run.h"
#include "cli/run.h"
#include "cli/snapshot_run.h"
#include "cli/stdfds.h"

typedef void format_fn(struct text *text);

static void draw(struct text *text, const struct sink_options *options, void *data)
{
	format_fn *const *format = data;

	(void)options;
	(*format)(text);
}

static int print(const struct options *options, format_fn *format)
{
	return page_out(&options->detail, draw, &format, NULL);
}

static int run_command(int argc, char *argv[])
{
	struct options options;
	char *message = NULL;
	int status = RUN_FAILED;

	setlocale(LC_ALL, "");
	if (options_parse(argc, argv, &options, &message) < 0) {
		diag("%s", message);
	} else {
		switch (options.action) {
		case OPTIONS_TRACE:
			if (options.snapshot)
				status = snapshot(&options);
			else
				status = options.replay ? replay(&options) : run(&options);
			break;
		case OPTIONS_EXPLAIN:
			status = explain(&options);
			break;
		case OPTIONS_COMPARE:
			status = compare(&options);
			break;
		case OPTIONS_HELP:
			status = print(&options, options_help);
			break;
		case OPTIONS_COLUMNS:
			status = print(&options, options_columns);
			break;
		case OPTIONS_VERSION:
			status = print(&options, options_version);
			break;
		}
	}
	free(message);
	options_done(&options);
	return status;
}

int main(int argc, char *argv[])
{
	stdfds_hold();
	return stack_run(run_command, argc, argv);
}
