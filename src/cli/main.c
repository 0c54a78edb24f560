/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The program. */
#include <errno.h>
#include <locale.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/diag.h"
#include "base/text.h"
#include "cli/compare.h"
#include "cli/explain.h"
#include "cli/options.h"
#include "cli/replay.h"
#include "cli/run.h"
#include "cli/snapshot.h"
#include "cli/stack.h"

static int print(void (*format)(struct text *text))
{
	struct text text = TEXT_INIT;
	bool failed;

	format(&text);
	failed = fputs(text_get(&text), stdout) < 0 || fflush(stdout);
	if (failed)
		diag_errno(errno, "cannot write to stdout");
	text_done(&text);
	return failed ? RUN_FAILED : 0;
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
			status = print(options_help);
			break;
		case OPTIONS_COLUMNS:
			status = print(options_columns);
			break;
		case OPTIONS_VERSION:
			status = print(options_version);
			break;
		}
	}
	free(message);
	options_done(&options);
	return status;
}

int main(int argc, char *argv[])
{
	return stack_run(run_command, argc, argv);
}
