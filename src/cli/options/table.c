/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Each option with its names, the values that it accepts, the member that it sets, and its help. */
#include "cli/options/table.h"

#include <errno.h>
#include <string.h>

#include "base/array.h"
#include "cli/options/output_spec.h"
#include "cli/options/types.h"
#include "event/stack.h"

#define SIZE_OF(type, member) sizeof(((type *)NULL)->member)
#define NO_FIELD OF_NONE, 0, 0
#define FIELD(member) OF_OPTIONS, offsetof(struct options, member), SIZE_OF(struct options, member)
#define DETAIL(member) OF_DETAIL, offsetof(struct options_detail, member), SIZE_OF(struct options_detail, member)

#define SINK(member) DETAIL(sink.member)

#define CHOICES (const struct option_choice[])

static const struct option_values seccomp_values = {
	.choices = CHOICES{ { "yes", true }, { "no", false }, { 0 } },
	.wrong = "is neither yes nor no; give --seccomp=yes or =no",
};

static const struct option_values event_values = {
	.least = 1,
	.most = UINT64_MAX,
	.wrong = "is no number of events; give such as 1000",
};

/* As in strace, where execve is also the only call. */
static const struct option_values detach_values = {
	.choices = CHOICES{ { "execve", true }, { "exec", true }, { 0 } },
	.wrong = "is no call to detach on; execve is the only one",
};

static const struct option_values frame_values = {
	.least = 1,
	.most = STACK_MAX,
	.absent = "64",
	.wrong = "is no number of frames; give -k, or one up to 256 as in -k=20",
};

static const struct option_values width_values = {
	.least = 20,
	.most = 100000,
	.zero = true,
	.wrong = "is no width; give a number of columns from 20 on, or 0 for no limit",
};

static const struct option_values limit_values = {
	.most = SIZE_MAX,
	.cut = true,
	.word = "all",
	.word_value = SIZE_MAX,
	.wrong = "is no number of tasks; give --tree-limit=1000, =all or =0",
};

static const struct option_values tree_values = {
	.choices = CHOICES{ { "creator", false }, { "parent", true }, { 0 } },
	.wrong = "is neither; give --tree=creator or --tree=parent",
};

static const struct option_values fold_values = {
	.least = 2,
	.most = SIZE_MAX,
	.cut = true,
	.word = "no",
	.wrong = "is no number of lines; give --tree-fold=10, 2 or more, or =no",
};

/* The names are strace's, except syscall-*. */
static const struct option_values sort_values = {
	.choices =
		CHOICES{
			{ "count", SINK_SORT_COUNT },
			{ "calls", SINK_SORT_COUNT },
			{ "time", SINK_SORT_TIME },
			{ "time-total", SINK_SORT_TIME },
			{ "total-time", SINK_SORT_TIME },
			{ "avg-time", SINK_SORT_MEAN },
			{ "time-avg", SINK_SORT_MEAN },
			{ "max-time", SINK_SORT_MAX },
			{ "time-max", SINK_SORT_MAX },
			{ "name", SINK_SORT_NAME },
			{ "none", SINK_SORT_NONE },
			{ "nothing", SINK_SORT_NONE },
			{ 0 },
		},
	.wrong = "is no order; give count, time, avg-time, max-time, name or none",
};

static const struct option_values color_values = {
	.choices = CHOICES{ { "auto", OPTIONS_COLOR_AUTO },
			    { "always", OPTIONS_COLOR_ALWAYS },
			    { "never", OPTIONS_COLOR_NEVER },
			    { 0 } },
	.absent = "always", /* as in ls(1) and grep(1) */
	.wrong = "is no choice; give --color=auto, always or never",
};

static const struct option_values call_values = {
	.choices = CHOICES{ { "clone", CALL_CLONE },
			    { "clone3", CALL_CLONE3 },
			    { "unshare", CALL_UNSHARE },
			    { "setns", CALL_SETNS },
			    { 0 } },
	.wrong = "takes no flags; give --call=clone, clone3, unshare or setns",
};

static const struct option_row rows[] = {
	{ .help = "What to trace" },
	{ 'p', "attach", "PID[,PID...]", false, take_pids, NO_FIELD,
	  .help = "attach to these processes, with all their threads;\n"
		  "may be repeated; blanks separate too: \"$(pidof x)\"" },
	{ 0, "descendants", NULL, false, take_flag, FIELD(descendants),
	  .help = "with -p: attach to their present descendants as well" },
	{ 'f', "follow-forks", NULL, false, take_nothing, NO_FIELD, .help = "accepted for strace's sake: always on" },
	{ 'E', "env", "VAR[=VALUE]", false, take_environment, NO_FIELD,
	  .help = "set VAR for PROGRAM; without =VALUE, remove it" },
	{ 'u', "user", "USER", false, take_word, FIELD(user), .help = "run PROGRAM as USER[:GROUP]" },
	{ 0, "username", "USER", false, take_word, FIELD(user), .help = NULL },
	{ 'D', "daemonize", NULL, false, take_flag, FIELD(daemonize),
	  .help = "trace from a grandchild: PROGRAM is then the direct\n"
		  "child of whoever calls cltrace" },
	{ 0, "seccomp", "yes|no", false, take_choice, FIELD(seccomp),
	  .help = "no: no filter in PROGRAM; refused calls and unshare,\n"
		  "setns, setsid, setpgid are not seen then; default yes",
	  .values = &seccomp_values },
	{ 0, "replay", "FILE", false, take_word, FIELD(replay),
	  .help = "show a recording that -o json:FILE has made; FILE\n"
		  "may be - for stdin" },
	{ 0, "follow", NULL, false, take_flag, FIELD(follow),
	  .help = "with --replay: wait for more until the trace ends" },
	{ 0, "verify", NULL, false, take_flag, FIELD(verify),
	  .help = "ask the kernel what each new task really shares, and\n"
		  "tell where that is not what its flags say" },
	{ 0, "kill-on-exit", NULL, false, take_flag, FIELD(kill_on_exit),
	  .help = "should cltrace die, everything traced dies with it" },

	{ .help = "How long to trace; what is traced goes on without cltrace" },
	{ 0, "duration", "TIME", false, take_duration, FIELD(time_limit),
	  .help = "for TIME: 10 or 10s are seconds; also ms, m, h" },
	{ 0, "max-events", "N", false, take_number, FIELD(max_events), .help = "for N events, be they shown or not",
	  .values = &event_values },
	{ 0, "until-exit", "PID", LONG, take_until_exit, NO_FIELD,
	  .help = "until PID ends; without it, PROGRAM or the processes\n"
		  "of -p; what these have made may live on" },
	{ 'b', "detach-on", "execve", false, take_choice, FIELD(detach_on_exec),
	  .help = "of each process until it execs (PROGRAM: again)", .values = &detach_values },

	{ .help = "What to print" },
	{ 'e', "filter", "[KEY=][!]WORD[,WORD...]", false, take_filter, SINK(filter),
	  .help = "show what fits a WORD, with ! what fits none; all is\n"
		  "followed all the same. KEY trace, or none: creations,\n"
		  "refused, exec, exit, signals, namespaces ... or the\n"
		  "name of a call; kind: thread, process, vfork, ...;\n"
		  "tid, comm, under, depth; each -e narrows it further" },
	{ 0, "trace", "WORD[,WORD...]", false, take_filter, SINK(filter), .help = NULL },
	{ 'q', "quiet", NULL, false, take_flag, SINK(quiet),
	  .help = "the call lines alone: no explanations, tally or tree" },
	{ 'v', "verbose", NULL, false, take_count, SINK(verbose),
	  .help = "each flag on its own line, with what it means here" },
	{ 't', "absolute-timestamps", "FORMAT", LONG, take_clock_format, SINK(clock),
	  .help = "begin events with the time of day; -tt: with\n"
		  "microseconds; -ttt: seconds since the epoch\n"
		  "(FORMAT, long name only: time, us or unix)" },
	{ 'r', "relative-timestamps", NULL, false, take_relative, SINK(clock),
	  .help = "begin events with the time since the one before" },
	{ 'T', "syscall-times", NULL, false, take_flag, SINK(duration),
	  .help = "show the time spent in the creating call" },
	{ 0, "signals", NULL, false, take_flag, SINK(signals),
	  .help = "show each signal that is delivered: who sent it, at\n"
		  "whom it was aimed, which task took it; also: -vv" },
	{ 'k', "stack-trace", "N", EITHER, take_frames, SINK(frames),
	  .help = "show the stack of each creation, at most N frames\n"
		  "(64); -k=N",
	  .values = &frame_values },
	{ 0, "origin", NULL, false, take_set, SINK(origin),
	  .help = "show where in the program each creation comes from,\n"
		  "and what a new thread runs: so it is for PROGRAM;\n"
		  "with -p, only if this is given",
	  .sets = SINK_ORIGIN_ALWAYS },
	{ 0, "no-origin", NULL, false, take_no_origin, SINK(origin), .help = "do not look for that, nor show it" },
	{ 'y', "decode-fds", NULL, false, take_flag, SINK(descriptors),
	  .help = "show what descriptors refer to: a pidfd its process,\n"
		  "setns's its namespace, a cgroup's its path" },
	{ 0, "width", "COLUMNS", false, take_number, DETAIL(width),
	  .help = "fold lines at this width; 0: as in a file, with each\n"
		  "call on one line; default: the terminal's width",
	  .values = &width_values },
	{ 0, "tree-limit", "N|all", false, take_number, SINK(tree_limit),
	  .help = "draw at most N tasks in the tree at the end (5000):\n"
		  "those that live then, and the first; 0: no tree",
	  .values = &limit_values },
	{ 0, "tree", "creator|parent", false, take_choice, SINK(by_parent),
	  .help = "below the task that made it (the default), or below\n"
		  "its parent process",
	  .values = &tree_values },
	{ 0, "tree-fold", "N|no", false, take_number, SINK(tree_fold),
	  .help = "make one line of N or more alike (default 10)", .values = &fold_values },
	{ 0, "at", "SECONDS", false, take_at, SINK(at),
	  .help = "ps: the moment to show, from the trace's begin on;\n"
		  "default: when the most tasks lived" },
	{ 'O', "columns", "[+]COLUMN,...", false, take_column_list, SINK(columns),
	  .help = "of the tree and other tables; +: besides their own" },
	{ 'S', "summary-sort-by", "ORDER", false, take_choice, SINK(sort),
	  .help = "summary: most first by count (the default), time,\n"
		  "avg-time or max-time; or by name; none: as it came",
	  .values = &sort_values },
	{ 'J', "json", NULL, false, take_flag, SINK(json), .help = "the formats that are tables as JSON" },
	{ 0, "color", "WHEN", LONG, take_choice, DETAIL(color),
	  .help = "auto (on a terminal, unless NO_COLOR is set), always\n"
		  "or never",
	  .values = &color_values },

	{ .help = "Where to" },
	{ 'o', "output", "[FORMAT:]FILE", false, take_output, NO_FIELD,
	  .help = "write the trace to FILE instead of stderr (--replay:\n"
		  "of stdout); '|COMMAND' pipes it into a shell command,\n"
		  "'-' is stdout; may be repeated, each in its FORMAT;\n"
		  "with -o FORMAT,KEY:FILE one output gets what KEY, the\n"
		  "name of an option such as quiet, gives to all" },
	{ 0, "format", "FORMAT", false, take_format, NO_FIELD,
	  .help = "where no -o says otherwise, nor the extension of FILE" },
	{ 'c', "summary-only", NULL, false, take_flag, FIELD(summary_only),
	  .help = "print a summary instead: short for --format=summary" },
	{ 'C', "summary", NULL, false, take_flag, FIELD(summary), .help = "print a summary after the trace" },
	{ 'A', "output-append-mode", NULL, false, take_flag, DETAIL(append), .help = "with -o: append to FILE" },
	{ 0, "debug-stops", "FILE", false, take_word, FIELD(debug_stops),
	  .help = "record what the kernel reported, for bug reports" },

	{ .help = "Instead of tracing" },
	{ 0, "snapshot", NULL, false, take_flag, FIELD(snapshot),
	  .help = "show the tasks of the machine, or of -p, and what they\n"
		  "share, without stopping any" },
	{ 0, "diff", "FILE", false, take_word, FIELD(diff),
	  .help = "with --snapshot: what has changed since that of FILE,\n"
		  "which -o json:FILE has recorded" },
	{ 0, "explain", NULL, false, take_set, FIELD(action),
	  .help = "explain each WHAT on stdout: a mask, flags, a library\n"
		  "call such as fork, a line of strace; several: where\n"
		  "they differ; none: all flags; -v says more",
	  .sets = OPTIONS_EXPLAIN },
	{ 0, "compare", NULL, false, take_set, FIELD(action),
	  .help = "run two PROGRAMs, or read two recordings, and show\n"
		  "where their creations differ: --compare A B",
	  .sets = OPTIONS_COMPARE },
	{ 0, "call", "CALL", false, take_choice, FIELD(call),
	  .help = "the call that flags are meant for: clone, clone3,\n"
		  "unshare or setns",
	  .values = &call_values },

	{ .help = "About cltrace" },
	{ 'h', "help", NULL, false, take_set, FIELD(action), .help = "print this text", .sets = OPTIONS_HELP },
	{ 0, "list-columns", NULL, false, take_set, FIELD(action), .help = "list the columns of tables",
	  .sets = OPTIONS_COLUMNS },
	{ 'V', "version", NULL, false, take_set, FIELD(action), .help = "print the version and the licence",
	  .sets = OPTIONS_VERSION },
};

const struct option_row *option_at(size_t index)
{
	return index < ARRAY_LENGTH(rows) ? &rows[index] : NULL;
}

const struct option_row *option_find_letter(int letter)
{
	for (size_t i = 0; letter > 0 && i < ARRAY_LENGTH(rows); i++) {
		if (rows[i].letter == letter)
			return &rows[i];
	}
	return NULL;
}

const struct option_row *option_find_detail(const char *name, size_t length)
{
	for (size_t i = 0; i < ARRAY_LENGTH(rows); i++) {
		if (rows[i].owner == OF_DETAIL && strlen(rows[i].name) == length &&
		    memcmp(rows[i].name, name, length) == 0)
			return &rows[i];
	}
	return NULL;
}

const struct option_row *option_find_detail_letter(char letter)
{
	const struct option_row *row = option_find_letter((unsigned char)letter);

	return row && row->owner == OF_DETAIL && (!row->argument || row->optional) ? row : NULL;
}

const struct option_row *option_of(take_fn *take)
{
	const struct option_row *row = rows;

	while (row->take != take)
		row++;
	return row;
}

void *option_field(struct parse *parse, const struct option_row *row)
{
	char *owner = row->owner == OF_DETAIL ? (char *)parse->detail : (char *)parse->options;

	return owner + row->field;
}

void option_add_name(struct text *text, const struct option_row *row)
{
	if (row->letter)
		text_addf(text, "-%c", row->letter);
	else
		text_addf(text, "--%s", row->name);
}

int option_refuse(struct parse *parse, const char *message)
{
	text_add(&parse->message, message);
	return -EINVAL;
}

int option_refuse_value(struct parse *parse, const struct option_row *row, const char *value, size_t length,
			const char *wrong)
{
	option_add_name(&parse->message, row);
	text_add(&parse->message, ": ");
	text_add_quoted(&parse->message, value, length);
	text_addf(&parse->message, " %s", wrong);
	return -EINVAL;
}
