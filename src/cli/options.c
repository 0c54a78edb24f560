/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The command line: one table of options, from which parsing, --help and the bad-usage lines are made. */
#include "cli/options.h"

#include <ctype.h>
#include <errno.h>
#include <getopt.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/text.h"
#include "event/stack.h"
#include "model/filter.h"
#include "sink/formats.h"

#ifndef PACKAGE_VERSION
#define PACKAGE_VERSION "unknown"
#endif

#ifdef HAVE_LIBUNWIND
#define WITH_LIBUNWIND "libunwind"
#else
#define WITH_LIBUNWIND "no libunwind"
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
#define OPTIONAL_LIBRARIES " (" WITH_LIBUNWIND ", " WITH_LIBDW ", " WITH_LIBTHREAD_DB ")"

#define ARRAY_SIZE(array) (sizeof(array) / sizeof((array)[0]))

/* What getopt gives for row N of the table: above every character, so that short and long names cannot be mixed up. */
#define VALUE_OF_ROW(n) (UCHAR_MAX + 1 + (int)(n))

#define WIDTH_MIN 20
#define WIDTH_MAX 100000

#define HELP_COLUMN 26 /* where the help text begins */
#define TREE_FOLD 10
#define FRAMES 64
#define AT_MAX 1e9	/* seconds */
#define TREE_LIMIT 5000 /* what is drawn in some 30 ms, and more than one reads */

struct parse {
	struct options *options;
	struct options_detail *detail; /* of all outputs, or of one */
	struct text message;	       /* filled when something is wrong */
	const struct row *last;	       /* whose value is the last word, perhaps meant as PROGRAM; or NULL */
	const char *const *last_words; /* that option and that value */
};

/* Where an argument may be left out, and so stands in the same word when it is there. */
enum { LONG = 1, EITHER = 2 };

struct row;

/* Takes one option in. VALUE is its argument, NULL when it has none. Returns 0 or -EINVAL with the message filled. */
typedef int take_fn(struct parse *parse, const struct row *row, const char *value);

struct row {
	char letter;	      /* 0: only a long name */
	const char *name;     /* long name */
	const char *argument; /* NULL: takes none */
	unsigned optional;    /* the argument may be left out: LONG, or also behind the letter, EITHER */
	take_fn *take;
	size_t field;	  /* for the plain takers: which member of struct options; for take_end the action */
	const char *help; /* lines separated by \n; NULL: a second name, not listed */
};

#define FIELD(member) offsetof(struct options, member)
#define DETAIL(member) (OF_DETAIL | offsetof(struct options_detail, member))
#define OF_DETAIL ((size_t)1 << 31) /* the option may be given for one output too */

static take_fn take_at, take_call, take_clock, take_clock_format, take_color, take_column_list, take_columns,
	take_count, take_detach_on, take_duration, take_end, take_environment, take_filter, take_flag, take_format,
	take_frames, take_max_events, take_no_origin, take_nothing, take_origin, take_output, take_pids, take_relative,
	take_seccomp, take_sort, take_tree, take_tree_fold, take_tree_limit, take_until_exit, take_word;

/* A row without a `take` is a heading. */
static const struct row rows[] = {
	{ .help = "What to trace" },
	{ 'p', "attach", "PID[,PID...]", false, take_pids, 0,
	  "attach to these processes, with all their threads;\n"
	  "may be repeated; blanks separate too: \"$(pidof x)\"" },
	{ 0, "descendants", NULL, false, take_flag, FIELD(descendants),
	  "with -p: attach to their present descendants as well" },
	{ 'f', "follow-forks", NULL, false, take_nothing, 0, "accepted for strace's sake: always on" },
	{ 'E', "env", "VAR[=VALUE]", false, take_environment, 0, "set VAR for PROGRAM; without =VALUE, remove it" },
	{ 'u', "user", "USER", false, take_word, FIELD(user), "run PROGRAM as USER[:GROUP]" },
	{ 0, "username", "USER", false, take_word, FIELD(user), NULL },
	{ 'D', "daemonize", NULL, false, take_flag, FIELD(daemonize),
	  "trace from a grandchild: PROGRAM is then the direct\n"
	  "child of whoever calls cltrace" },
	{ 0, "seccomp", "yes|no", false, take_seccomp, FIELD(seccomp),
	  "no: no filter in PROGRAM; refused calls and unshare,\n"
	  "setns, setsid, setpgid are not seen then; default yes" },
	{ 0, "replay", "FILE", false, take_word, FIELD(replay),
	  "show a recording that -o json:FILE has made; FILE\n"
	  "may be - for stdin" },
	{ 0, "follow", NULL, false, take_flag, FIELD(follow), "with --replay: wait for more until the trace ends" },
	{ 0, "verify", NULL, false, take_flag, FIELD(verify),
	  "ask the kernel what each new task really shares, and\n"
	  "tell where that is not what its flags say" },
	{ 0, "kill-on-exit", NULL, false, take_flag, FIELD(kill_on_exit),
	  "should cltrace die, everything traced dies with it" },

	{ .help = "How long to trace; what is traced goes on without cltrace" },
	{ 0, "duration", "TIME", false, take_duration, FIELD(time_limit),
	  "for TIME: 10 or 10s are seconds; also ms, m, h" },
	{ 0, "max-events", "N", false, take_max_events, FIELD(max_events), "for N events, be they shown or not" },
	{ 0, "until-exit", "PID", LONG, take_until_exit, FIELD(until_exit),
	  "until PID ends; without it, PROGRAM or the processes\n"
	  "of -p; what these have made may live on" },
	{ 'b', "detach-on", "execve", false, take_detach_on, FIELD(detach_on_exec),
	  "of each process until it execs (PROGRAM: again)" },

	{ .help = "What to print" },
	{ 'e', "filter", "[KEY=][!]WORD[,WORD...]", false, take_filter, DETAIL(filter),
	  "show what fits a WORD, with ! what fits none; all is\n"
	  "followed all the same. KEY trace, or none: creations,\n"
	  "refused, exec, exit, signals, namespaces ... or the\n"
	  "name of a call; kind: thread, process, vfork, ...;\n"
	  "tid, comm, under, depth; each -e narrows it further" },
	{ 0, "trace", "WORD[,WORD...]", false, take_filter, DETAIL(filter), NULL },
	{ 'q', "quiet", NULL, false, take_count, DETAIL(quiet),
	  "the call lines alone: no explanations, tally or tree" },
	{ 'v', "verbose", NULL, false, take_count, DETAIL(verbose),
	  "each flag on its own line, with what it means here" },
	{ 't', "absolute-timestamps", "FORMAT", LONG, take_clock_format, DETAIL(clock),
	  "begin events with the time of day; -tt: with\n"
	  "microseconds; -ttt: seconds since the epoch\n"
	  "(FORMAT, long name only: time, us or unix)" },
	{ 'r', "relative-timestamps", NULL, false, take_relative, DETAIL(clock),
	  "begin events with the time since the one before" },
	{ 'T', "syscall-times", NULL, false, take_flag, DETAIL(duration), "show the time spent in the creating call" },
	{ 0, "signals", NULL, false, take_flag, DETAIL(signals),
	  "show each signal that is delivered: who sent it, at\n"
	  "whom it was aimed, which task took it; also: -vv" },
	{ 'k', "stack-trace", "N", EITHER, take_frames, DETAIL(frames),
	  "show the stack of each creation, at most N frames\n"
	  "(64); -k=N" },
	{ 0, "origin", NULL, false, take_origin, DETAIL(origin),
	  "show where in the program each creation comes from,\n"
	  "and what a new thread runs: so it is for PROGRAM;\n"
	  "with -p, only if this is given" },
	{ 0, "no-origin", NULL, false, take_no_origin, DETAIL(origin), "do not look for that, nor show it" },
	{ 'y', "decode-fds", NULL, false, take_flag, DETAIL(descriptors),
	  "show what descriptors refer to: a pidfd its process,\n"
	  "setns's its namespace, a cgroup's its path" },
	{ 0, "width", "COLUMNS", false, take_columns, DETAIL(width),
	  "fold lines at this width; 0: as in a file, with each\n"
	  "call on one line; default: the terminal's width" },
	{ 0, "tree-limit", "N|all", false, take_tree_limit, DETAIL(tree_limit),
	  "draw at most N tasks in the tree at the end (5000):\n"
	  "those that live then, and the first; 0: no tree" },
	{ 0, "tree", "creator|parent", false, take_tree, DETAIL(by_parent),
	  "below the task that made it (the default), or below\n"
	  "its parent process" },
	{ 0, "tree-fold", "N|no", false, take_tree_fold, DETAIL(tree_fold),
	  "make one line of N or more alike (default 10)" },
	{ 0, "at", "SECONDS", false, take_at, DETAIL(at),
	  "ps: the moment to show, from the trace's begin on;\n"
	  "default: when the most tasks lived" },
	{ 'O', "columns", "[+]COLUMN,...", false, take_column_list, DETAIL(columns),
	  "of the tree and other tables; +: besides their own" },
	{ 'S', "summary-sort-by", "ORDER", false, take_sort, DETAIL(sort),
	  "summary: most first by count (the default), time,\n"
	  "avg-time or max-time; or by name; none: as it came" },
	{ 'J', "json", NULL, false, take_flag, DETAIL(json), "the formats that are tables as JSON" },
	{ 0, "color", "WHEN", LONG, take_color, DETAIL(color),
	  "auto (on a terminal, unless NO_COLOR is set), always\n"
	  "or never" },

	{ .help = "Where to" },
	{ 'o', "output", "[FORMAT:]FILE", false, take_output, 0,
	  "write the trace to FILE instead of stderr (--replay:\n"
	  "of stdout); '|COMMAND' pipes it into a shell command,\n"
	  "'-' is stdout; may be repeated, each in its FORMAT;\n"
	  "with -o FORMAT,KEY:FILE one output gets what KEY, the\n"
	  "name of an option such as quiet, gives to all" },
	{ 0, "format", "FORMAT", false, take_format, 0, "where no -o says otherwise, nor the extension of FILE" },
	{ 'c', "summary-only", NULL, false, take_flag, FIELD(summary_only),
	  "print a summary instead: short for --format=summary" },
	{ 'C', "summary", NULL, false, take_flag, FIELD(summary), "print a summary after the trace" },
	{ 'A', "output-append-mode", NULL, false, take_flag, DETAIL(append), "with -o: append to FILE" },
	{ 0, "debug-stops", "FILE", false, take_word, FIELD(debug_stops),
	  "record what the kernel reported, for bug reports" },

	{ .help = "Instead of tracing" },
	{ 0, "snapshot", NULL, false, take_flag, FIELD(snapshot),
	  "show the tasks of the machine, or of -p, and what they\n"
	  "share, without stopping any" },
	{ 0, "diff", "FILE", false, take_word, FIELD(diff),
	  "with --snapshot: what has changed since that of FILE,\n"
	  "which -o json:FILE has recorded" },
	{ 0, "explain", NULL, false, take_end, OPTIONS_EXPLAIN,
	  "explain each WHAT on stdout: a mask, flags, a library\n"
	  "call such as fork, a line of strace; several: where\n"
	  "they differ; none: all flags; -v says more" },
	{ 0, "compare", NULL, false, take_end, OPTIONS_COMPARE,
	  "run two PROGRAMs, or read two recordings, and show\n"
	  "where their creations differ: --compare A B" },
	{ 0, "call", "CALL", false, take_call, 0,
	  "the call that flags are meant for: clone, clone3,\n"
	  "unshare or setns" },

	{ .help = "About cltrace" },
	{ 'h', "help", NULL, false, take_end, OPTIONS_HELP, "print this text" },
	{ 0, "list-columns", NULL, false, take_end, OPTIONS_COLUMNS, "list the columns of tables" },
	{ 'V', "version", NULL, false, take_end, OPTIONS_VERSION, "print the version and the licence" },
};

/* Adds an option as users know it: "-p" or "--seccomp". */
static void add_name(struct text *text, const struct row *row)
{
	if (row->letter)
		text_addf(text, "-%c", row->letter);
	else
		text_addf(text, "--%s", row->name);
}

/* "-p: 'abc' WRONG", the message of most refusals. */
static int refuse_value(struct parse *parse, const struct row *row, const char *value, size_t length, const char *wrong)
{
	add_name(&parse->message, row);
	text_add(&parse->message, ": ");
	text_add_quoted(&parse->message, value, length);
	text_addf(&parse->message, " %s", wrong);
	return -EINVAL;
}

static int refuse(struct parse *parse, const char *message)
{
	text_add(&parse->message, message);
	return -EINVAL;
}

static bool is_detail(const struct row *row)
{
	return row->take && row->field & OF_DETAIL;
}

static void *field_of(struct parse *parse, const struct row *row)
{
	char *owner = is_detail(row) ? (char *)parse->detail : (char *)parse->options;

	return owner + (row->field & ~OF_DETAIL);
}

static int take_nothing(struct parse *parse, const struct row *row, const char *value)
{
	(void)parse, (void)row, (void)value;
	return 0;
}

static int take_flag(struct parse *parse, const struct row *row, const char *value)
{
	bool *flag = field_of(parse, row);

	(void)value;
	*flag = true;
	return 0;
}

static int take_origin(struct parse *parse, const struct row *row, const char *value)
{
	enum sink_origin *origin = field_of(parse, row);

	(void)value;
	*origin = SINK_ORIGIN_ALWAYS;
	return 0;
}

/* The stack tells it, too. */
static int take_no_origin(struct parse *parse, const struct row *row, const char *value)
{
	enum sink_origin *origin = field_of(parse, row);

	(void)value;
	*origin = SINK_ORIGIN_NEVER;
	parse->detail->frames = 0;
	return 0;
}

static int take_count(struct parse *parse, const struct row *row, const char *value)
{
	unsigned *count = field_of(parse, row);

	(void)value;
	*count += 1;
	return 0;
}

static int take_columns(struct parse *parse, const struct row *row, const char *value)
{
	int *columns = field_of(parse, row);
	char *end;
	unsigned long number;

	errno = 0;
	number = strtoul(value, &end, 10);
	if (!isdigit((unsigned char)*value) || *end || errno || (number && number < WIDTH_MIN) || number > WIDTH_MAX)
		return refuse_value(parse, row, value, strlen(value),
				    "is no width; give a number of columns from 20 on, or 0 for no limit");
	*columns = (int)number;
	return 0;
}

static int take_word(struct parse *parse, const struct row *row, const char *value)
{
	char **word = field_of(parse, row);

	if (!*value)
		return refuse_value(parse, row, value, 0, "is empty; give a name");
	free(*word);
	*word = mem_strdup(value);
	return 0;
}

/* --help and --version: nothing behind them matters; --explain. */
static int take_end(struct parse *parse, const struct row *row, const char *value)
{
	(void)value;
	parse->options->action = (enum options_action)row->field;
	return 0;
}

/* What FORMAT and FILE are is settled when all words have been read: complete_output(). */
static int take_call(struct parse *parse, const struct row *row, const char *value)
{
	const enum call call = call_find(value);

	if (call != CALL_CLONE && call != CALL_CLONE3 && call != CALL_UNSHARE && call != CALL_SETNS)
		return refuse_value(parse, row, value, strlen(value),
				    "takes no flags; give --call=clone, clone3, unshare or setns");
	parse->options->call = call;
	return 0;
}

static int take_output(struct parse *parse, const struct row *row, const char *value)
{
	struct options *options = parse->options;
	struct options_output *output;

	if (!*value)
		return refuse_value(parse, row, value, 0, "is no file name; give one such as -o trace.txt");
	options->outputs = mem_resize(options->outputs, options->output_count + 1, sizeof(*options->outputs));
	output = &options->outputs[options->output_count++];
	*output = (struct options_output){ .target = mem_strdup(value) };
	return 0;
}

static int take_format(struct parse *parse, const struct row *row, const char *value)
{
	(void)row;
	free(parse->options->format);
	parse->options->format = mem_strdup(value);
	return 0;
}

static int take_environment(struct parse *parse, const struct row *row, const char *value)
{
	struct options *options = parse->options;

	if (!*value || *value == '=')
		return refuse_value(parse, row, value, strlen(value),
				    "names no variable; give VAR=VALUE to set it or VAR to remove it");
	options->environment = mem_resize(options->environment, options->environment_count + 1, sizeof(char *));
	options->environment[options->environment_count++] = mem_strdup(value);
	return 0;
}

/* The process id in the LENGTH bytes at TEXT: decimal digits alone. 0 when it is none. */
static pid_t parse_pid(const char *text, size_t length)
{
	long long pid = 0;

	for (size_t i = 0; i < length; i++) {
		if (text[i] < '0' || text[i] > '9')
			return 0;
		pid = pid * 10 + (text[i] - '0');
		if (pid > INT_MAX)
			return 0;
	}
	return (pid_t)pid;
}

static void add_pid(struct options *options, pid_t pid)
{
	for (size_t i = 0; i < options->pid_count; i++) {
		if (options->pids[i] == pid)
			return;
	}
	options->pids = mem_resize(options->pids, options->pid_count + 1, sizeof(pid_t));
	options->pids[options->pid_count++] = pid;
}

/* Commas and any white space separate, so that the output of pidof and of pgrep serve as they are. */
static int take_pids(struct parse *parse, const struct row *row, const char *value)
{
	static const char separators[] = ", \t\r\n";
	const char *at = value + strspn(value, separators);

	if (!*at)
		return refuse(parse, "-p: the list of process ids is empty (is the program running?); "
				     "give numbers such as -p 4471,4472");
	while (*at) {
		size_t length = strcspn(at, separators);
		pid_t pid = parse_pid(at, length);

		if (pid == 0)
			return refuse_value(parse, row, at, length,
					    "is no process id; give numbers such as -p 4471,4472");
		add_pid(parse->options, pid);
		at += length;
		at += strspn(at, separators);
	}
	return 0;
}

static const char clock_conflict[] = "-t and -r exclude each other: give -t for the time of day, or -r for the time "
				     "since the event before";

/* -t, once more each time: the time of day, with microseconds, the epoch. */
static int take_clock(struct parse *parse, const struct row *row, const char *value)
{
	enum sink_clock *clock = &parse->detail->clock;

	(void)row, (void)value;
	if (*clock == SINK_CLOCK_RELATIVE)
		return refuse(parse, clock_conflict);
	if (*clock < SINK_CLOCK_EPOCH)
		*clock = (enum sink_clock)(*clock + 1);
	return 0;
}

/* --absolute-timestamps alone is -t; with one of strace's names for a format it says at once what -ttt counts up to. */
static int take_clock_format(struct parse *parse, const struct row *row, const char *value)
{
	static const struct {
		const char *name;
		enum sink_clock clock;
	} formats[] = {
		{ "none", SINK_CLOCK_NONE },	  { "time", SINK_CLOCK_SECONDS },  { "s", SINK_CLOCK_SECONDS },
		{ "time,s", SINK_CLOCK_SECONDS }, { "us", SINK_CLOCK_MICRO },	   { "time,us", SINK_CLOCK_MICRO },
		{ "unix", SINK_CLOCK_EPOCH },	  { "unix,us", SINK_CLOCK_EPOCH },
	};

	if (!value)
		return take_clock(parse, row, value);
	if (parse->detail->clock == SINK_CLOCK_RELATIVE)
		return refuse(parse, clock_conflict);
	for (size_t i = 0; i < ARRAY_SIZE(formats); i++) {
		if (strcmp(value, formats[i].name) == 0) {
			parse->detail->clock = formats[i].clock;
			return 0;
		}
	}
	text_add(&parse->message, "--absolute-timestamps: ");
	text_add_quoted(&parse->message, value, strlen(value));
	return refuse(parse, " is no format; give time, us or unix");
}

static int take_relative(struct parse *parse, const struct row *row, const char *value)
{
	enum sink_clock *clock = &parse->detail->clock;

	(void)row, (void)value;
	if (*clock != SINK_CLOCK_NONE && *clock != SINK_CLOCK_RELATIVE)
		return refuse(parse, clock_conflict);
	*clock = SINK_CLOCK_RELATIVE;
	return 0;
}

static int take_seccomp(struct parse *parse, const struct row *row, const char *value)
{
	bool *flag = field_of(parse, row);
	bool yes = strcmp(value, "yes") == 0;

	if (!yes && strcmp(value, "no") != 0)
		return refuse_value(parse, row, value, strlen(value),
				    "is neither yes nor no; give --seccomp=yes or =no");
	*flag = yes;
	return 0;
}

/* The filter that -e adds to at present: the one of all outputs, or of one. */
static struct filter *filter_of(struct parse *parse)
{
	struct options *options = parse->options;
	struct options_detail *detail = parse->detail;
	bool own = detail != &options->detail;

	if (!detail->filter || detail->own_filter != own) {
		options->filters = mem_resize(options->filters, options->filter_count + 1, sizeof(struct filter *));
		detail->filter = options->filters[options->filter_count++] = filter_new();
		detail->own_filter = own;
	}
	return detail->filter;
}

/* -e EXPR, and strace's --trace=WORDS, which is -e trace=WORDS. */
static int take_filter(struct parse *parse, const struct row *row, const char *value)
{
	struct filter_error error;
	struct text expr = TEXT_INIT;
	int result;

	if (!row->letter)
		text_add(&expr, "trace=");
	text_add(&expr, value);
	result = filter_add(filter_of(parse), text_get(&expr), &error);
	if (result) {
		refuse_value(parse, row, error.at, error.length, text_get(&error.why));
		text_done(&error.why);
	}
	text_done(&expr);
	return result;
}

/* -k takes its number in the same word, with an = or without. */
static int take_frames(struct parse *parse, const struct row *row, const char *value)
{
	unsigned *frames = field_of(parse, row);
	unsigned long number = FRAMES;
	char *end;

	if (value) {
		value += *value == '=';
		errno = 0;
		number = strtoul(value, &end, 10);
		if (!isdigit((unsigned char)*value) || *end || errno || !number || number > STACK_MAX)
			return refuse_value(parse, row, value, strlen(value),
					    "is no number of frames; give -k, or one up to 256 as in -k=20");
	}
	*frames = (unsigned)number;
	parse->detail->origin = SINK_ORIGIN_ALWAYS;
	return 0;
}

static int take_tree_limit(struct parse *parse, const struct row *row, const char *value)
{
	size_t *limit = field_of(parse, row);
	bool digits = *value && strspn(value, "0123456789") == strlen(value);
	unsigned long long number = digits ? strtoull(value, NULL, 10) : 0; /* at most ULLONG_MAX */

	if (!digits && strcmp(value, "all") != 0)
		return refuse_value(parse, row, value, strlen(value),
				    "is no number of tasks; give --tree-limit=1000, =all or =0");
	*limit = digits && number < SIZE_MAX ? (size_t)number : SIZE_MAX;
	return 0;
}

static int take_tree(struct parse *parse, const struct row *row, const char *value)
{
	bool *by_parent = field_of(parse, row);

	if (strcmp(value, "creator") != 0 && strcmp(value, "parent") != 0)
		return refuse_value(parse, row, value, strlen(value),
				    "is neither; give --tree=creator or --tree=parent");
	*by_parent = strcmp(value, "parent") == 0;
	return 0;
}

static int take_tree_fold(struct parse *parse, const struct row *row, const char *value)
{
	size_t *fold = field_of(parse, row);
	bool digits = *value && strspn(value, "0123456789") == strlen(value);
	unsigned long long number = digits ? strtoull(value, NULL, 10) : 0; /* at most ULLONG_MAX */

	if ((!digits && strcmp(value, "no") != 0) || (digits && number < 2))
		return refuse_value(parse, row, value, strlen(value),
				    "is no number of lines; give --tree-fold=10, 2 or more, or =no");
	*fold = number < SIZE_MAX ? (size_t)number : SIZE_MAX;
	return 0;
}

static int take_at(struct parse *parse, const struct row *row, const char *value)
{
	int64_t *at = field_of(parse, row);
	char *end;
	double seconds;

	errno = 0;
	seconds = strtod(value, &end);
	if (!(isdigit((unsigned char)*value) || *value == '.') || *end || errno || !(seconds <= AT_MAX))
		return refuse_value(parse, row, value, strlen(value), "is no time; give seconds, as in --at=0.5");
	*at = (int64_t)(seconds * 1e9);
	return 0;
}

/* A number with a unit, seconds where it has none. */
static int take_duration(struct parse *parse, const struct row *row, const char *value)
{
	static const struct {
		const char *name;
		double seconds;
	} units[] = { { "", 1 }, { "s", 1 }, { "ms", 1e-3 }, { "us", 1e-6 }, { "m", 60 }, { "h", 3600 } };
	int64_t *limit = field_of(parse, row);
	size_t digits = strspn(value, "0123456789."); /* so neither hex nor an exponent */
	char *end = NULL;
	double number = digits ? strtod(value, &end) : 0;

	for (size_t i = 0; i < ARRAY_SIZE(units); i++) {
		double seconds = number * units[i].seconds;

		if (end == value + digits && !strcmp(end, units[i].name) && seconds >= 1e-9 && seconds <= AT_MAX) {
			*limit = (int64_t)(seconds * 1e9);
			return 0;
		}
	}
	return refuse_value(parse, row, value, strlen(value), "is no time; give such as --duration=10, 500ms or 2m");
}

static int take_max_events(struct parse *parse, const struct row *row, const char *value)
{
	uint64_t *most = field_of(parse, row);
	unsigned long long number;
	char *end;

	errno = 0;
	number = strtoull(value, &end, 10);
	if (!isdigit((unsigned char)*value) || *end || errno || !number)
		return refuse_value(parse, row, value, strlen(value), "is no number of events; give such as 1000");
	*most = number;
	return 0;
}

static int take_until_exit(struct parse *parse, const struct row *row, const char *value)
{
	struct options *options = parse->options;
	pid_t pid = value ? parse_pid(value, strlen(value)) : 0;

	if (value && !pid)
		return refuse_value(parse, row, value, strlen(value),
				    "is no process id; give a number, or nothing for PROGRAM");
	options->until_exit = true;
	options->until_pid = pid;
	return 0;
}

/* As strace has it, where execve is the only call as well. */
static int take_detach_on(struct parse *parse, const struct row *row, const char *value)
{
	if (strcmp(value, "execve") != 0 && strcmp(value, "exec") != 0)
		return refuse_value(parse, row, value, strlen(value),
				    "is no call to detach on; execve is the only one");
	parse->options->detach_on_exec = true;
	return 0;
}

/* The names are strace's, but for syscall-*. */
static int take_sort(struct parse *parse, const struct row *row, const char *value)
{
	static const struct {
		const char *name;
		enum sink_sort sort;
	} sorts[] = {
		{ "count", SINK_SORT_COUNT },	  { "calls", SINK_SORT_COUNT },	    { "time", SINK_SORT_TIME },
		{ "time-total", SINK_SORT_TIME }, { "total-time", SINK_SORT_TIME }, { "avg-time", SINK_SORT_MEAN },
		{ "time-avg", SINK_SORT_MEAN },	  { "max-time", SINK_SORT_MAX },    { "time-max", SINK_SORT_MAX },
		{ "name", SINK_SORT_NAME },	  { "none", SINK_SORT_NONE },	    { "nothing", SINK_SORT_NONE },
	};
	enum sink_sort *sort = field_of(parse, row);

	for (size_t i = 0; i < ARRAY_SIZE(sorts); i++) {
		if (strcmp(value, sorts[i].name) == 0) {
			*sort = sorts[i].sort;
			return 0;
		}
	}
	return refuse_value(parse, row, value, strlen(value),
			    "is no order; give count, time, avg-time, max-time, name or none");
}

static int take_column_list(struct parse *parse, const struct row *row, const char *value)
{
	struct column_set *set = field_of(parse, row);
	const char *wrong;
	size_t length;

	if (column_parse(value, set, &wrong, &length) < 0)
		return refuse_value(parse, row, wrong, length,
				    "is no column, or is there twice; see cltrace --list-columns");
	return 0;
}

static int take_color(struct parse *parse, const struct row *row, const char *value)
{
	static const char *const names[] = {
		[OPTIONS_COLOR_AUTO] = "auto",
		[OPTIONS_COLOR_ALWAYS] = "always",
		[OPTIONS_COLOR_NEVER] = "never",
	};

	if (!value)
		value = names[OPTIONS_COLOR_ALWAYS]; /* as ls(1) and grep(1) have it */
	for (size_t i = 0; i < ARRAY_SIZE(names); i++) {
		if (strcmp(value, names[i]) == 0) {
			parse->detail->color = (enum options_color)i;
			return 0;
		}
	}
	return refuse_value(parse, row, value, strlen(value), "is no choice; give --color=auto, always or never");
}

/* What getopt_long() reads, made from the table. */
struct getopt_tables {
	char letters[2 + 3 * ARRAY_SIZE(rows) + 1];
	struct option longs[ARRAY_SIZE(rows) + 1];
};

static void fill_tables(struct getopt_tables *tables)
{
	char *letter = tables->letters;
	struct option *option = tables->longs;

	*letter++ = '+'; /* options end at PROGRAM */
	*letter++ = ':'; /* tells a missing argument from an unknown option */
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		const struct row *row = &rows[i];
		bool required = row->argument && !row->optional;

		if (!row->take)
			continue;
		if (row->letter) {
			*letter++ = row->letter;
			if (row->argument && row->optional != LONG)
				*letter++ = ':';
			if (row->optional == EITHER)
				*letter++ = ':';
		}
		*option = (struct option){ .name = row->name, .has_arg = no_argument, .val = VALUE_OF_ROW(i) };
		if (row->argument)
			option->has_arg = required ? required_argument : optional_argument;
		option++;
	}
	*letter = '\0';
	*option = (struct option){ 0 };
}

/* The row that getopt's result (or optopt) VALUE stands for, or NULL. */
static const struct row *find_row(int value)
{
	if (value >= VALUE_OF_ROW(0) && value < VALUE_OF_ROW(ARRAY_SIZE(rows)))
		return &rows[value - VALUE_OF_ROW(0)];
	for (size_t i = 0; value > 0 && i < ARRAY_SIZE(rows); i++) {
		if (rows[i].letter == value)
			return &rows[i];
	}
	return NULL;
}

/* For a long name cut short that is several: "; it could be --seccomp, --syscall-times". */
static void add_candidates(struct text *text, const char *name, size_t length)
{
	const char *before = "; it could be --";

	for (size_t i = 0; length > 0 && i < ARRAY_SIZE(rows); i++) {
		if (rows[i].name && rows[i].help && strncmp(rows[i].name, name, length) == 0) {
			text_addf(text, "%s%s", before, rows[i].name);
			before = ", --";
		}
	}
}

/* getopt found an option that is not in the table. WORD is where it stands. */
static int refuse_unknown(struct parse *parse, const char *word)
{
	struct text *message = &parse->message;
	bool is_long = strncmp(word, "--", 2) == 0;
	size_t length = strcspn(word, "=");

	if (is_long) {
		text_add_quoted(message, word, length);
		text_add(message, " is no option");
		add_candidates(message, word + 2, length - 2);
	} else {
		char letter[] = { '-', (char)optopt, '\0' };

		/* A byte beyond ASCII may be a part of a character, and "--" would mislead: show all of the word. */
		if (optopt > 0 && optopt < 0x80 && isgraph(optopt) && optopt != '-')
			text_add_quoted(message, letter, 2);
		else
			text_add_quoted(message, word, strlen(word));
		text_add(message, " is no option");
	}
	return refuse(parse, "; see cltrace --help");
}

/* getopt said '?' or ':' about WORD. */
static int refuse_word(struct parse *parse, int result, const char *word)
{
	const struct row *row = find_row(optopt);
	bool is_long = strncmp(word, "--", 2) == 0;

	/* optopt is set for known options alone, but 0 or a letter for the unknown */
	if (!row || !row->take || (result == '?' && !is_long))
		return refuse_unknown(parse, word);
	if (is_long)
		text_addf(&parse->message, "--%s", row->name);
	else
		add_name(&parse->message, row);
	if (result == '?')
		text_add(&parse->message, " takes no value; leave it out");
	else if (is_long)
		text_addf(&parse->message, " needs a value: --%s=%s", row->name, row->argument);
	else
		text_addf(&parse->message, " needs a value: -%c %s", row->letter, row->argument);
	return -EINVAL;
}

/* Of --explain and --compare the words may stand among the options; behind "--" all are words. Returns whether options
 * may follow. */
static bool take_what(struct parse *parse, int argc, char *const argv[])
{
	struct options *options = parse->options;
	const bool last = optind > 1 && !strcmp(argv[optind - 1], "--");

	while (optind < argc) {
		options->whats = mem_resize(options->whats, options->what_count + 1, sizeof(char *));
		options->whats[options->what_count++] = argv[optind++];
		if (!last)
			return true;
	}
	return false;
}

static bool needs_program(const struct options *options)
{
	return options->action == OPTIONS_TRACE && !options->command && !options->pid_count && !options->replay &&
	       !options->snapshot && !options->diff;
}

/* Takes ROW in. Remembers a value that is a word of its own, and the last one. */
static int take_row(struct parse *parse, const struct row *row, int argc, char *const argv[])
{
	const bool last = optarg && optind == argc && optarg == argv[argc - 1];
	const int error = row->take(parse, row, optarg);

	parse->last = last ? row : NULL;
	parse->last_words = (const char *const *)argv + argc - 2;
	if (error && last && row->take != take_pids && needs_program(parse->options))
		text_add(&parse->message, "; no PROGRAM follows");
	return error;
}

static int parse_words(struct parse *parse, int argc, char *const argv[])
{
	struct getopt_tables tables;

	fill_tables(&tables);
	opterr = 0;
	optind = 0; /* with 0, not 1, glibc and musl also forget a half-read word of an earlier call */
	while (parse->options->action <= OPTIONS_COMPARE) {
		int at = optind ? optind : 1; /* the word that is next, or half read */
		const struct row *row;
		int result, error;

		optarg = NULL; /* musl leaves the one before */
		result = getopt_long(argc, argv, tables.letters, tables.longs, NULL);

		if (result == -1 && parse->options->action != OPTIONS_TRACE && take_what(parse, argc, argv))
			continue;
		if (result == -1) {
			if (optind < argc)
				parse->options->command = (char **)argv + optind;
			break;
		}
		if (result == '?' || result == ':')
			return refuse_word(parse, result, argv[at]);
		row = find_row(result);
		error = take_row(parse, row, argc, argv);
		if (error)
			return error;
	}
	return 0;
}

/* The format and the details of one output: FORMAT[,KEY[=VALUE]]... ---------------------------------------------- */

/* The row of the option for single outputs with the LENGTH bytes at NAME as its long name, or NULL. */
static const struct row *find_detail(const char *name, size_t length)
{
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		if (is_detail(&rows[i]) && strlen(rows[i].name) == length && memcmp(rows[i].name, name, length) == 0)
			return &rows[i];
	}
	return NULL;
}

/* The same for a letter of an option that needs no value, or NULL. */
static const struct row *find_detail_letter(char letter)
{
	const struct row *row = find_row((unsigned char)letter);

	return row && is_detail(row) && (!row->argument || row->optional) ? row : NULL;
}

/* Takes the key with the LENGTH bytes at KEY, a long name or letters: "verbose", "tt". -EINVAL without a message: there
 * is none such. */
static int take_key(struct parse *parse, const char *key, size_t length, const char *value)
{
	const struct row *row = find_detail(key, length);
	int error = 0;

	if (row) {
		if ((value && !row->argument) || (!value && row->argument && !row->optional))
			return -EINVAL;
		return row->take(parse, row, value);
	}
	for (size_t i = 0; i < length; i++) {
		if (value || !find_detail_letter(key[i]))
			return -EINVAL;
	}
	for (size_t i = 0; i < length && !error; i++) {
		row = find_detail_letter(key[i]);
		error = row->take(parse, row, NULL);
	}
	return length ? error : -EINVAL;
}

/* The length of the part that AT begins with: up to a comma or colon without a backslash before it, or the end. */
static size_t part_length(const char *at)
{
	size_t length = 0;

	while (at[length] && !strchr(",:", at[length]))
		length += at[length] == '\\' && at[length + 1] ? 2 : 1;
	return length;
}

/* Takes one KEY[=VALUE], the LENGTH bytes at PART, in which a backslash makes the next character an ordinary one. */
static int take_part(struct parse *parse, const struct row *row, const char *part, size_t length)
{
	char *copy = mem_alloc(length + 1), *to = copy, *value;
	int error;

	for (size_t i = 0; i < length; i++) {
		i += part[i] == '\\' && i + 1 < length;
		*to++ = part[i];
	}
	*to = '\0';
	value = strchr(copy, '=');
	error = take_key(parse, copy, value ? (size_t)(value - copy) : strlen(copy), value ? value + 1 : NULL);
	if (error && !parse->message.length)
		refuse_value(parse, row, copy, strlen(copy),
			     "is no option for one output; give such as quiet, verbose or tt (see cltrace(1))");
	free(copy);
	return error;
}

static bool sets_clock(const char *part, size_t length)
{
	const char *equals = memchr(part, '=', length);
	const struct row *row = find_detail(part, equals ? (size_t)(equals - part) : length);

	return row ? row->take == take_clock_format || row->take == take_relative
		   : memchr(part, 't', length) || memchr(part, 'r', length);
}

/* Takes the parts from AT, which is a comma, to END into DETAIL. The first clock replaces the one of all outputs. */
static int take_parts(struct parse *parse, const struct row *row, const char *at, const char *end,
		      struct options_detail *detail)
{
	bool clock = false;
	int error = 0;

	parse->detail = detail;
	while (at < end && !error) {
		size_t length = part_length(++at);

		if (!clock && sets_clock(at, length)) {
			detail->clock = SINK_CLOCK_NONE;
			clock = true;
		}
		error = take_part(parse, row, at, length);
		at += length;
	}
	parse->detail = &parse->options->detail;
	return error;
}

/* Where the FORMAT and details at SPEC end: at a colon, or at the end where it has none. */
static const char *spec_end(const char *spec)
{
	const char *end = spec + part_length(spec);

	while (*end == ',')
		end += 1 + part_length(end + 1);
	return end;
}

static const struct row *row_of(take_fn *take)
{
	const struct row *row = rows;

	while (row->take != take)
		row++;
	return row;
}

/* Reads --format into DEFAULTS. */
static int complete_format(struct parse *parse, struct options_output *defaults)
{
	const char *format = parse->options->format;
	const struct row *row = row_of(take_format);
	const struct sink_ops *sink;
	size_t length;

	*defaults = (struct options_output){ .sink = sink_at(0), .detail = parse->options->detail };
	if (parse->options->snapshot)
		defaults->sink = &snapshot_sink;
	if (parse->options->summary_only)
		defaults->sink = &summary_sink;
	if (!format)
		return 0;
	length = part_length(format);
	defaults->sink = sink_find(format, length);
	if (defaults->sink && !*spec_end(format))
		return take_parts(parse, row, format + length, spec_end(format), &defaults->detail);
	refuse_value(parse, row, format, length, "is no format; give one of");
	for (size_t i = 0; (sink = sink_at(i)); i++)
		text_addf(&parse->message, "%s %s", i ? "," : "", sink->name);
	return -EINVAL;
}

/* What is recorded is complete unless that output itself says otherwise: it is filtered when it is replayed. */
static void spare_recording(struct options_output *output)
{
	if (output->sink->records && !output->detail.own_filter)
		output->detail.filter = NULL;
}

/* A colon with a known format before it, and perhaps details, is what tells FORMAT from a name of a file. */
static int complete_output(struct parse *parse, struct options_output *output, const struct options_output *defaults)
{
	const struct row *row = row_of(take_output);
	const char *given = output->target, *target = given, *end = spec_end(given);
	const struct sink_ops *sink = *end ? sink_find(given, part_length(given)) : NULL;
	bool piped;
	char *file;
	int error;

	output->detail = sink ? parse->options->detail : defaults->detail;
	if (sink) {
		target = end + 1;
		error = take_parts(parse, row, given + part_length(given), end, &output->detail);
		if (error)
			return error;
	}
	piped = *target == '|' || *target == '!';
	if (!target[piped])
		return refuse_value(parse, row, given, strlen(given),
				    piped ? "has no command behind it; give one such as -o '|less'"
					  : "names no file; give one such as -o json:run.jsonl, or - for stdout");
	if (!sink && !piped)
		sink = sink_find_file(target);
	output->sink = sink ? sink : defaults->sink;
	spare_recording(output);
	file = mem_strdup(target);
	free(output->target);
	output->target = file;
	return 0;
}

static struct options_output *insert_output(struct options *options, size_t at)
{
	const size_t behind = options->output_count - at;

	options->outputs = mem_resize(options->outputs, options->output_count + 1, sizeof(*options->outputs));
	memmove(&options->outputs[at + 1], &options->outputs[at], behind * sizeof(*options->outputs));
	options->output_count++;
	return &options->outputs[at];
}

static bool has_summary(const struct options *options)
{
	for (size_t i = 0; i < options->output_count; i++) {
		if (options->outputs[i].sink == &summary_sink)
			return true;
	}
	return false;
}

/* Where the trace goes without -o: to stderr, for stdout is PROGRAM's; a replay has none, nor has a snapshot, and can
 * be piped on. */
static char *default_target(const struct options *options)
{
	return options->replay || options->snapshot ? mem_strdup("-") : NULL;
}

/* -c and -C: where no output is a summary, one comes where the trace would without -o. With -C it comes behind the
 * first trace that is text, in the same place. */
static void complete_summary(struct options *options)
{
	struct options_output summary = { .sink = &summary_sink, .detail = options->detail };
	size_t at = 0;

	if ((!options->summary && !options->summary_only) || has_summary(options))
		return;
	while (options->summary && at < options->output_count && options->outputs[at].sink != sink_at(0))
		at++;
	if (options->summary && at < options->output_count) {
		summary.detail = options->outputs[at].detail;
		summary.joined = true;
		summary.target = mem_strdup(options->outputs[at++].target);
	} else {
		summary.target = default_target(options);
		at = options->output_count;
	}
	*insert_output(options, at) = summary;
}

/* Two outputs in one file would overwrite each other; on stdout or in a device they may stand together. */
static int check_targets(struct parse *parse)
{
	const struct options *options = parse->options;

	for (size_t i = 0; i < options->output_count; i++) {
		const char *target = options->outputs[i].target;

		if (strchr("|!", *target) || !strcmp(target, "-") || !strncmp(target, "/dev/", strlen("/dev/")))
			continue;
		for (size_t j = 0; j < i; j++) {
			if (!strcmp(target, options->outputs[j].target))
				return refuse_value(parse, row_of(take_output), target, strlen(target),
						    "is given twice; give each output a file of its own");
		}
	}
	return 0;
}

/* -e is for some output, and asks for no more than a model can watch. */
static int check_filters(struct parse *parse)
{
	const struct options *options = parse->options;
	bool used = !options->detail.filter;
	size_t watched = 0;

	for (size_t i = 0; i < options->output_count; i++)
		used |= options->outputs[i].detail.filter == options->detail.filter;
	for (size_t i = 0; i < options->filter_count; i++)
		watched += filter_watched(options->filters[i]);
	if (!used)
		return refuse(parse, "-e is for what is read, and json records everything: filter that when it is read "
				     "again, or give it a filter of its own, as in --format=json,filter=kind=thread");
	if (watched > MODEL_WATCHED_MAX)
		return refuse(parse, "-e under= is given for too many processes; 32 can be told apart");
	return 0;
}

static int complete_outputs(struct parse *parse)
{
	struct options *options = parse->options;
	struct options_output defaults;
	int error = complete_format(parse, &defaults);

	for (size_t i = 0; i < options->output_count && !error; i++)
		error = complete_output(parse, &options->outputs[i], &defaults);
	if (!error && options->output_count)
		error = check_targets(parse);
	if (!error && !options->output_count) {
		options->outputs = mem_alloc(sizeof(*options->outputs));
		defaults.target = default_target(options);
		options->outputs[options->output_count++] = defaults;
		spare_recording(&options->outputs[0]);
	}
	if (!error)
		complete_summary(options);
	return error ? error : check_filters(parse);
}

/* The last word is an option's value, where a PROGRAM is needed: "cltrace --format ls". */
static int refuse_last(struct parse *parse)
{
	text_add(&parse->message, "nothing to trace: ");
	text_add_quoted(&parse->message, parse->last_words[1], strlen(parse->last_words[1]));
	text_add(&parse->message, " is the value of ");
	if (strncmp(parse->last_words[0], "--", 2) == 0)
		text_addf(&parse->message, "--%s", parse->last->name);
	else
		add_name(&parse->message, parse->last);
	return refuse(parse, ", and no PROGRAM follows; give a PROGRAM to run, or -p PID to attach to (see cltrace "
			     "--help)");
}

/* What only the options together can show to be wrong. */
static int check_together(struct parse *parse)
{
	const struct options *options = parse->options;
	const bool explains = options->action == OPTIONS_EXPLAIN, compares = options->action == OPTIONS_COMPARE;
	const struct {
		bool wrong;
		const char *message;
	} checks[] = {
		{ options->replay && (options->command || options->pid_count),
		  "--replay shows what was recorded and traces nothing: leave out PROGRAM and -p" },
		{ options->replay && (options->kill_on_exit || options->debug_stops || !options->seccomp),
		  "--replay traces nothing: leave out --kill-on-exit, --debug-stops and --seccomp" },
		{ options->replay && (options->time_limit || options->max_events || options->until_exit ||
				      options->detach_on_exec),
		  "--replay traces nothing: leave out --duration, --max-events, --until-exit and -b" },
		{ options->snapshot && options->command,
		  "--snapshot runs nothing: leave out PROGRAM, and name processes that are there by -p" },
		{ options->snapshot && (options->verify || options->kill_on_exit || options->debug_stops ||
					!options->seccomp || options->time_limit || options->max_events ||
					options->until_exit || options->detach_on_exec || options->follow),
		  "--snapshot traces nothing: leave out what is about how a trace is made" },
		{ options->snapshot && options->replay && !options->diff,
		  "--snapshot looks at what is there now: --replay=FILE --format=snapshot shows a recorded one" },
		{ options->diff && !options->snapshot, "--diff compares snapshots: cltrace --snapshot --diff=FILE" },
		{ options->diff && options->outputs, "--diff writes to stdout: leave out -o" },
		{ options->replay && options->verify,
		  "--replay traces nothing: --verify is for the run that is recorded, whose answers are shown" },
		{ options->follow && !options->replay, "--follow goes with --replay FILE; PROGRAM is followed anyway" },
		{ options->summary_only && options->summary,
		  "-c shows a summary instead of the trace, -C behind it: give one of them" },
		{ options->summary_only && options->format,
		  "-c stands for --format=summary: leave out --format, or give -C for both" },
		{ options->call && !explains, "--call is for --explain: cltrace --explain --call=clone3 FLAGS" },
		{ explains && (options->pid_count || options->outputs || options->user || options->daemonize ||
			       options->environment_count || options->kill_on_exit || options->descendants ||
			       options->time_limit || options->max_events || options->until_exit ||
			       options->detach_on_exec || options->replay || options->verify),
		  "--explain traces nothing and writes to stdout: give it no -p, -o or options of a PROGRAM" },
		{ compares && options->what_count != 2,
		  "--compare takes two programs or recordings: cltrace --compare ./a './b --option'" },
		{ compares && (options->pid_count || options->outputs || options->user || options->daemonize ||
			       options->environment_count || options->descendants || options->replay),
		  "--compare runs its programs by itself and writes to stdout: leave out -p, -o, -u, -D, -E" },
		{ !options->command && options->daemonize, "-D needs a PROGRAM to run: cltrace -D PROGRAM [ARGS]" },
		{ !options->command && options->user, "-u needs a PROGRAM to run: cltrace -u USER PROGRAM [ARGS]" },
		{ !options->command && options->environment_count,
		  "-E needs a PROGRAM to run: cltrace -E VAR=VALUE PROGRAM [ARGS]" },
		{ needs_program(options),
		  "nothing to trace: give a PROGRAM to run, or -p PID to attach to (see cltrace --help)" },
		{ options->detail.append && !options->outputs, "-A appends to a file: name it with -o FILE" },
		{ options->kill_on_exit && options->pid_count,
		  "--kill-on-exit goes with a PROGRAM alone: what -p attaches to lives on when cltrace ends" },
		{ options->descendants && !options->pid_count,
		  "--descendants goes with -p PID; those of a PROGRAM are followed anyway" },
	};

	if (parse->last && needs_program(options))
		return refuse_last(parse);
	for (size_t i = 0; i < ARRAY_SIZE(checks); i++) {
		if (checks[i].wrong)
			return refuse(parse, checks[i].message);
	}
	return 0;
}

int options_parse(int argc, char *const argv[], struct options *ret, char **ret_message)
{
	struct parse parse = { .options = ret, .detail = &ret->detail, .message = TEXT_INIT };
	int error = 0;

	*ret = (struct options){
		.seccomp = true, .detail = { .width = -1, .tree_limit = TREE_LIMIT, .tree_fold = TREE_FOLD, .at = -1 }
	};
	if (argc > 0)
		error = parse_words(&parse, argc, argv);
	if (!error && ret->action <= OPTIONS_COMPARE)
		error = check_together(&parse);
	if (!error && ret->action == OPTIONS_TRACE)
		error = complete_outputs(&parse);
	if (error)
		*ret_message = mem_strdup(text_get(&parse.message));
	text_done(&parse.message);
	return error;
}

struct sink_options options_for_sink(const struct options_detail *detail)
{
	return (struct sink_options){
		.clock = detail->clock,
		.quiet = detail->quiet,
		.verbose = detail->verbose,
		.duration = detail->duration,
		.signals = detail->signals || detail->verbose > 1,
		.frames = detail->frames,
		.origin = detail->origin,
		.descriptors = detail->descriptors,
		.tree_limit = detail->tree_limit,
		.tree_fold = detail->tree_fold,
		.by_parent = detail->by_parent,
		.json = detail->json,
		.sort = detail->sort,
		.at = detail->at,
		.columns = detail->columns,
		.filter = detail->filter,
	};
}

void options_done(struct options *options)
{
	for (size_t i = 0; i < options->environment_count; i++)
		free(options->environment[i]);
	free(options->environment);
	for (size_t i = 0; i < options->output_count; i++)
		free(options->outputs[i].target);
	free(options->outputs);
	for (size_t i = 0; i < options->filter_count; i++)
		filter_free(options->filters[i]);
	free(options->filters);
	free(options->format);
	free(options->pids);
	free(options->whats);
	free(options->user);
	free(options->debug_stops);
	free(options->diff);
	free(options->replay);
	*options = (struct options){ 0 };
}

/* "  -p, --attach=PID[,PID...]" */
static void add_option_names(struct text *text, const struct row *row)
{
	if (row->letter)
		text_addf(text, "  -%c, --%s", row->letter, row->name);
	else
		text_addf(text, "      --%s", row->name);
	if (row->argument)
		text_addf(text, row->optional ? "[=%s]" : "=%s", row->argument);
}

static void add_option_help(struct text *text, const struct row *row)
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
	text_add(text, "Usage: cltrace [OPTIONS] PROGRAM [ARGS]\n"
		       "       cltrace [OPTIONS] -p PID[,PID...]\n"
		       "       cltrace [OPTIONS] --replay FILE\n"
		       "       cltrace [-v] --explain [WHAT...]\n\n"
		       "Follows every task that PROGRAM or the processes PID make by fork, vfork, clone\n"
		       "or clone3, and says of each whether it is a thread or a process, and why.\n");
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		if (!rows[i].take)
			text_addf(text, "\n%s:\n", rows[i].help);
		else if (rows[i].help)
			add_option_help(text, &rows[i]);
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
	const struct column *column;

	for (size_t i = 0; (column = column_at(i)); i++)
		text_addf(text, "%-8s  %s\n", column->name, column->help);
}
