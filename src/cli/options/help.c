/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The text of --help, --list-columns and --version. */
#include "cli/options.h"

#include <string.h>

#include "base/text.h"
#include "cli/options/table.h"

#ifndef PACKAGE_VERSION
#define PACKAGE_VERSION "unknown"
#endif

#if defined(UNWINDER_LIBUNWIND)
#define UNWINDER "libunwind"
#elif defined(UNWINDER_LIBDW)
#define UNWINDER "libdw unwinds"
#else
#define UNWINDER "no unwinder"
#endif
#ifdef HAVE_LIBDW
#define WITH_LIBDW "libdw"
#else
#define WITH_LIBDW "no libdw"
#endif
#ifdef HAVE_LIBTHREAD_DB
#define WITH_LIBTHREAD_DB "libthread_db"
#else
#define WITH_LIBTHREAD_DB "no libthread_db"
#endif
#ifdef HAVE_LIBIBERTY
#define WITH_LIBIBERTY "libiberty"
#else
#define WITH_LIBIBERTY "no libiberty"
#endif
#define OPTIONAL_LIBRARIES " (" UNWINDER ", " WITH_LIBDW ", " WITH_LIBTHREAD_DB ", " WITH_LIBIBERTY ")"

#define HELP_COLUMN 26 /* where the help text begins */

/* "  -p, --attach=PID[,PID...]" */
static void add_option_names(struct text *text, const struct option_row *row)
{
	if (row->letter)
		text_addf(text, "  -%c, --%s", row->letter, row->name);
	else
		text_addf(text, "      --%s", row->name);
	if (row->argument)
		text_addf(text, row->optional ? "[=%s]" : "=%s", row->argument);
}

static void add_option_help(struct text *text, const struct option_row *row)
{
	size_t start = text->length;
	const char *line = row->help;

	add_option_names(text, row);
	/* names that reach into the column of the help have a line of their own */
	if (text->length - start > HELP_COLUMN - 2) {
		text_add(text, "\n");
		start = text->length;
	}
	while (*line) {
		size_t length = strcspn(line, "\n");

		text_addf(text, "%*s%.*s\n", HELP_COLUMN - (int)(text->length - start), "", (int)length, line);
		start = text->length;
		line += length + (line[length] == '\n');
	}
}

static void add_formats(struct text *text)
{
	const struct sink_ops *sink;

	for (size_t i = 0; (sink = sink_at(i)); i++)
		text_addf(text, "  %-8s %-14s %s\n", sink->name, sink->extensions ? sink->extensions : "", sink->help);
}

void options_help(struct text *text)
{
	const struct option_row *row;

	text_add(text, "Usage: cltrace [OPTIONS] PROGRAM [ARGS]\n"
		       "       cltrace [OPTIONS] -p PID[,PID...]\n"
		       "       cltrace [OPTIONS] --replay FILE\n"
		       "       cltrace [-v] --explain [WHAT...]\n\n"
		       "Follows every task that PROGRAM or the processes PID make by fork, vfork, clone\n"
		       "or clone3, and says of each whether it is a thread or a process, and why.\n");
	for (size_t i = 0; (row = option_at(i)); i++) {
		if (!row->take)
			text_addf(text, "\n%s:\n", row->help);
		else if (row->help)
			add_option_help(text, row);
	}
	text_add(text, "\nFORMAT is one of these; where it is left out, the extension of FILE chooses:\n");
	add_formats(text);
	text_add(text, "\nOptions end at PROGRAM. cltrace exits as PROGRAM does; 127: not found, 126: not\n"
		       "executable, 125: cltrace failed or was misused. See cltrace(1).\n");
}

void options_version(struct text *text)
{
	text_add(text, "cltrace " PACKAGE_VERSION OPTIONAL_LIBRARIES "\n"
		       "Copyright (C) the cltrace authors\n"
		       "License GPL-2.0-or-later: GNU GPL version 2 or later\n"
		       "<https://www.gnu.org/licenses/old-licenses/gpl-2.0.html>.\n"
		       "This is free software: you are free to change and redistribute it.\n"
		       "There is NO WARRANTY, to the extent permitted by law.\n");
}

void options_columns(struct text *text)
{
	size_t count;
	const struct column *columns = column_table(&count);

	for (size_t i = 0; i < count; i++)
		if (!(columns[i].marks & COLUMN_SEEN))
			text_addf(text, "%-8s  %s\n", columns[i].name, columns[i].help);
}
