/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The command line, from one table: parsing, --help and the bad-usage lines. */
#ifndef CLI_OPTIONS_H
#define CLI_OPTIONS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#include "abi/abi.h"
#include "sink/sink.h"

enum options_action { OPTIONS_TRACE, OPTIONS_EXPLAIN, OPTIONS_COMPARE, OPTIONS_HELP, OPTIONS_COLUMNS, OPTIONS_VERSION };

enum options_color { OPTIONS_COLOR_AUTO, OPTIONS_COLOR_ALWAYS, OPTIONS_COLOR_NEVER };

/* The options that each output can have of its own. An option by itself is for all outputs, one in -o FORMAT,KEY:FILE
 * for that output only. */
struct options_detail {
	/* except color, utf8 and width, which depend on where the output goes: not set */
	struct sink_options sink;
	int width;		  /* --width: columns; 0: no limit; -1: not given */
	enum options_color color; /* --color */
	bool append;		  /* -A */
	bool own_filter;	  /* sink.filter is for this output only, so -e does not apply to it */
};

struct options_output {
	const struct sink_ops *sink; /* the format */
	char *target;		     /* file name, "-" for stdout or "|command"; NULL: stderr */
	bool joined;		     /* -C: shown behind the output before it, in the same place */
	struct options_detail detail;
};

struct options {
	enum options_action action;
	struct options_output *outputs; /* -o, in order; without -o, one on stderr */
	size_t output_count;
	struct options_detail detail; /* for all outputs, which already have it */
	bool summary_only, summary;   /* -c, -C: `outputs` already has it */
	char *format;		      /* --format as it was given */
	struct filter **filters;      /* all to which the details point */
	size_t filter_count;
	pid_t *pids; /* -p, each positive, duplicates removed, in the order given */
	size_t pid_count;
	bool descendants;   /* --descendants */
	char **environment; /* -E in order: "VAR=VAL" to set, "VAR" to unset */
	size_t environment_count;
	char *user;	     /* -u */
	bool daemonize;	     /* -D */
	bool seccomp;	     /* --seccomp=yes|no; true when not given */
	bool verify;	     /* --verify */
	bool snapshot;	     /* --snapshot */
	char *diff;	     /* --diff=FILE */
	bool kill_on_exit;   /* --kill-on-exit */
	int64_t time_limit;  /* --duration: ns; 0: none */
	uint64_t max_events; /* --max-events; 0: no limit */
	bool until_exit;     /* --until-exit */
	pid_t until_pid;     /* ... of this process; 0: of what was launched or given by -p */
	bool detach_on_exec; /* -b execve */
	char *debug_stops;   /* --debug-stops=FILE */
	char *replay;	     /* --replay=FILE, "-" for stdin */
	bool follow;	     /* --follow */
	char **whats;	     /* of --explain and --compare: words within the caller's argv */
	size_t what_count;
	enum call call; /* --call; CALL_NONE when not given */
	char **command; /* PROGRAM and ARGS, NULL-terminated, within the caller's argv; NULL when there is none */
};

/* Parses ARGV into *RET, which options_done() frees (call it after an error too). Touches no file and no environment.
 * Returns 0, or -EINVAL with one line in *RET_MESSAGE (malloc'ed, without the program's name and newline; says what was
 * wrong and what to do). The options end at the first word that is not an option: the rest belongs to PROGRAM. */
int options_parse(int argc, char *const argv[], struct options *ret, char **ret_message);
void options_done(struct options *options);

/* The text of --help, --list-columns and --version. */
struct text;
void options_help(struct text *text);
void options_columns(struct text *text);
void options_version(struct text *text);

#endif
