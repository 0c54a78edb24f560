/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The command line: what each option sets, where options end, and that every misuse is reported in one clear line. */
#include <errno.h>
#include <getopt.h>
#include <limits.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/text.h"
#include "cli/options.h"
#include "model/filter.h"
#include "skip.h"

#define WORDS_MAX 16

/* Parses the words behind the program's name; the array is static, for options keep pointers into it. */
static int parse(struct options *options, char **message, const char *const words[])
{
	static char *argv[WORDS_MAX + 2];
	int argc = 1;

	argv[0] = (char *)"cltrace";
	for (; words[argc - 1]; argc++) {
		assert_true(argc <= WORDS_MAX);
		argv[argc] = (char *)words[argc - 1];
	}
	argv[argc] = NULL;
	*message = NULL;
	return options_parse(argc, argv, options, message);
}

static void must_parse(struct options *options, const char *const words[])
{
	char *message;
	int result = parse(options, &message, words);

	if (result)
		print_error("refused: %s\n", message);
	assert_int_equal(result, 0);
	assert_null(message);
}

static void must_refuse(const char *expected, const char *const words[])
{
	struct options options;
	char *message;

	assert_int_equal(parse(&options, &message, words), -EINVAL);
	assert_non_null(message);
	assert_string_equal(message, expected);
	free(message);
	options_done(&options);
}

#define ACCEPT(options, ...) must_parse(options, (const char *const[]){ __VA_ARGS__, NULL })
#define REFUSE(expected, ...) must_refuse(expected, (const char *const[]){ __VA_ARGS__, NULL })

static void defaults(void **state)
{
	struct options options;

	(void)state;
	ACCEPT(&options, "true");
	assert_int_equal(options.action, OPTIONS_TRACE);
	assert_int_equal(options.output_count, 1);
	assert_null(options.outputs[0].target);
	assert_string_equal(options.outputs[0].sink->name, "text");
	assert_false(options.detail.append);
	assert_null(options.pids);
	assert_int_equal(options.pid_count, 0);
	assert_false(options.descendants);
	assert_int_equal(options.detail.sink.quiet, 0);
	assert_int_equal(options.detail.sink.verbose, 0);
	assert_int_equal(options.detail.sink.clock, SINK_CLOCK_NONE);
	assert_false(options.detail.sink.signals);
	assert_false(options.detail.sink.duration);
	assert_int_equal(options.environment_count, 0);
	assert_null(options.user);
	assert_false(options.daemonize);
	assert_true(options.seccomp);
	assert_int_equal(options.detail.width, -1);
	assert_false(options.kill_on_exit);
	assert_int_equal(options.detail.color, OPTIONS_COLOR_AUTO);
	assert_null(options.debug_stops);
	assert_string_equal(options.command[0], "true");
	assert_null(options.command[1]);
	options_done(&options);
}

static void short_options(void **state)
{
	struct options options;

	(void)state;
	ACCEPT(&options, "-fqqvTDA", "-o", "trace", "-u", "nobody", "-Ea=b", "-E", "c", "make", "-j2");
	assert_true(options.detail.sink.quiet);
	assert_int_equal(options.detail.sink.verbose, 1);
	assert_true(options.detail.sink.duration);
	assert_true(options.daemonize);
	assert_true(options.detail.append);
	assert_string_equal(options.outputs[0].target, "trace");
	assert_string_equal(options.user, "nobody");
	assert_int_equal(options.environment_count, 2);
	assert_string_equal(options.environment[0], "a=b");
	assert_string_equal(options.environment[1], "c");
	assert_string_equal(options.command[0], "make");
	assert_string_equal(options.command[1], "-j2");
	options_done(&options);
}

static void summaries(void **state)
{
	struct options options;

	(void)state;
	ACCEPT(&options, "-c", "true");
	assert_int_equal(options.output_count, 1);
	assert_string_equal(options.outputs[0].sink->name, "summary");
	assert_null(options.outputs[0].target);
	options_done(&options);

	ACCEPT(&options, "-c", "-S", "time", "-o", "file", "-o", "run.jsonl", "true");
	assert_int_equal(options.output_count, 2);
	assert_string_equal(options.outputs[0].sink->name, "summary");
	assert_int_equal(options.outputs[0].detail.sink.sort, SINK_SORT_TIME);
	assert_string_equal(options.outputs[1].sink->name, "json");
	options_done(&options);

	/* a recording alone is no summary */
	ACCEPT(&options, "-c", "-o", "run.jsonl", "true");
	assert_int_equal(options.output_count, 2);
	assert_string_equal(options.outputs[0].sink->name, "json");
	assert_string_equal(options.outputs[1].sink->name, "summary");
	assert_null(options.outputs[1].target);
	assert_false(options.outputs[1].joined);
	options_done(&options);

	ACCEPT(&options, "-C", "true");
	assert_int_equal(options.output_count, 2);
	assert_string_equal(options.outputs[0].sink->name, "text");
	assert_string_equal(options.outputs[1].sink->name, "summary");
	assert_true(options.outputs[1].joined);
	assert_null(options.outputs[1].target);
	options_done(&options);

	/* behind the first text, in the same file */
	ACCEPT(&options, "-C", "-o", "run.jsonl", "-o", "trace", "-o", "more", "true");
	assert_int_equal(options.output_count, 4);
	assert_string_equal(options.outputs[2].sink->name, "summary");
	assert_true(options.outputs[2].joined);
	assert_string_equal(options.outputs[2].target, "trace");
	assert_string_equal(options.outputs[3].target, "more");
	options_done(&options);

	ACCEPT(&options, "-C", "-o", "run.jsonl", "true");
	assert_int_equal(options.output_count, 2);
	assert_false(options.outputs[1].joined);
	assert_null(options.outputs[1].target);
	options_done(&options);

	ACCEPT(&options, "-C", "-o", "summary,summary-sort-by=name:file", "true");
	assert_int_equal(options.output_count, 1);
	assert_int_equal(options.outputs[0].detail.sink.sort, SINK_SORT_NAME);
	options_done(&options);

	REFUSE("-c shows a summary instead of the trace, -C behind it: give one of them", "-c", "-C", "true");
	REFUSE("-c stands for --format=summary: leave out --format, or give -C for both", "-c", "--format=json",
	       "true");
	REFUSE("-S: 'size' is no order; give count, time, avg-time, max-time, name or none", "-c", "-S", "size",
	       "true");
}

static void long_options(void **state)
{
	struct options options;

	(void)state;
	ACCEPT(&options, "--follow-forks", "--signals", "--quiet", "--verbose", "--syscall-times", "--daemonize",
	       "--output-append-mode", "--output=trace", "--user", "a", "--env=x=y=z", "--seccomp=no", "--kill-on-exit",
	       "--debug-stops=stops", "--color=never", "true");
	assert_int_equal(options.detail.sink.quiet, 1);
	assert_int_equal(options.detail.sink.verbose, 1);
	assert_true(options.detail.sink.duration);
	assert_true(options.daemonize);
	assert_true(options.detail.append);
	assert_string_equal(options.outputs[0].target, "trace");
	assert_string_equal(options.user, "a");
	assert_string_equal(options.environment[0], "x=y=z");
	assert_false(options.seccomp);
	assert_true(options.detail.sink.signals);
	assert_true(options.kill_on_exit);
	assert_string_equal(options.debug_stops, "stops");
	assert_int_equal(options.detail.color, OPTIONS_COLOR_NEVER);
	assert_string_equal(options.command[0], "true");
	options_done(&options);

	/* the second name, a name cut short, a value as the next word */
	ACCEPT(&options, "--username=b", "--verb", "--seccomp", "yes", "true");
	assert_string_equal(options.user, "b");
	assert_int_equal(options.detail.sink.verbose, 1);
	assert_true(options.seccomp);
	options_done(&options);

	ACCEPT(&options, "--replay=-", "--follow", "-v");
	assert_string_equal(options.replay, "-");
	assert_true(options.follow);
	assert_null(options.command);
	assert_string_equal(options.outputs[0].target, "-"); /* there is no program's output to keep it from */
	options_done(&options);

	ACCEPT(&options, "--replay=a", "-c", "-o", "json:b");
	assert_int_equal(options.output_count, 2);
	assert_string_equal(options.outputs[1].target, "-");
	options_done(&options);

	ACCEPT(&options, "--attach=7", "--descendants");
	assert_int_equal(options.pids[0], 7);
	assert_true(options.descendants);
	options_done(&options);
}

static void last_one_counts(void **state)
{
	struct options options;

	(void)state;
	ACCEPT(&options, "-ua", "-ub", "--seccomp=no", "--seccomp=yes", "--color=never", "--color=auto",
	       "--debug-stops=a", "--debug-stops=b", "true");
	assert_string_equal(options.user, "b");
	assert_true(options.seccomp);
	assert_int_equal(options.detail.color, OPTIONS_COLOR_AUTO);
	assert_string_equal(options.debug_stops, "b");
	options_done(&options);
}

static void options_end_at_program(void **state)
{
	struct options options;

	(void)state;
	ACCEPT(&options, "-q", "ls", "-v", "--help");
	assert_int_equal(options.action, OPTIONS_TRACE);
	assert_int_equal(options.detail.sink.verbose, 0);
	assert_string_equal(options.command[0], "ls");
	assert_string_equal(options.command[1], "-v");
	assert_string_equal(options.command[2], "--help");
	assert_null(options.command[3]);
	options_done(&options);

	ACCEPT(&options, "-q", "--", "-v");
	assert_int_equal(options.detail.sink.verbose, 0);
	assert_string_equal(options.command[0], "-v");
	options_done(&options);

	ACCEPT(&options, "-", "-v");
	assert_string_equal(options.command[0], "-");
	options_done(&options);

	/* an empty name is execve's to refuse */
	ACCEPT(&options, "");
	assert_string_equal(options.command[0], "");
	options_done(&options);
}

static void pids(void **state)
{
	static const pid_t expected[] = { 5, 1, 4471, INT_MAX };
	struct options options;

	(void)state;
	ACCEPT(&options, "-p", "5,1", "-p", " 4471\t5\n2147483647\n", "-p1,,5 ,");
	assert_int_equal(options.pid_count, 4);
	assert_memory_equal(options.pids, expected, sizeof(expected));
	assert_null(options.command);
	options_done(&options);

	/* with a PROGRAM too, as strace allows */
	ACCEPT(&options, "-p", "012", "true");
	assert_int_equal(options.pids[0], 12);
	assert_string_equal(options.command[0], "true");
	options_done(&options);
}

static void wrong_pids(void **state)
{
	(void)state;
	REFUSE("-p: 'abc' is no process id; give numbers such as -p 4471,4472", "-p", "abc");
	REFUSE("-p: '0' is no process id; give numbers such as -p 4471,4472", "-p", "1,0");
	REFUSE("-p: '-1' is no process id; give numbers such as -p 4471,4472", "-p", "-1");
	REFUSE("-p: '1x' is no process id; give numbers such as -p 4471,4472", "-p", "3,1x,4");
	REFUSE("-p: '0x10' is no process id; give numbers such as -p 4471,4472", "--attach=0x10");
	REFUSE("-p: '2147483648' is no process id; give numbers such as -p 4471,4472", "-p", "2147483648");
	REFUSE("-p: '18446744073709551617' is no process id; give numbers such as -p 4471,4472", "-p",
	       "18446744073709551617");
	REFUSE("-p: the list of process ids is empty (is the program running?); give numbers such as -p 4471,4472",
	       "-p", "", "true");
	REFUSE("-p: the list of process ids is empty (is the program running?); give numbers such as -p 4471,4472",
	       "-p", " ,\n");
	REFUSE("-p needs a value: -p PID[,PID...]", "-p");
	REFUSE("--attach needs a value: --attach=PID[,PID...]", "--attach");
}

static void clocks(void **state)
{
	static const struct {
		const char *words[4];
		enum sink_clock clock;
	} cases[] = {
		{ { "-t", "true" }, SINK_CLOCK_SECONDS },
		{ { "-tt", "true" }, SINK_CLOCK_MICRO },
		{ { "-t", "-t", "true" }, SINK_CLOCK_MICRO },
		{ { "-ttt", "true" }, SINK_CLOCK_EPOCH },
		{ { "-tttt", "true" }, SINK_CLOCK_EPOCH },
		{ { "-r", "true" }, SINK_CLOCK_RELATIVE },
		{ { "-rr", "true" }, SINK_CLOCK_RELATIVE },
		{ { "--relative-timestamps", "true" }, SINK_CLOCK_RELATIVE },
		{ { "--absolute-timestamps", "true" }, SINK_CLOCK_SECONDS },
		{ { "--absolute-timestamps", "-t", "true" }, SINK_CLOCK_MICRO },
		{ { "--absolute-timestamps=time", "true" }, SINK_CLOCK_SECONDS },
		{ { "--absolute-timestamps=us", "true" }, SINK_CLOCK_MICRO },
		{ { "--absolute-timestamps=unix,us", "true" }, SINK_CLOCK_EPOCH },
		{ { "-t", "--absolute-timestamps=none", "true" }, SINK_CLOCK_NONE },
		/* a value of an option before must not become the format */
		{ { "-oFILE", "-t", "true" }, SINK_CLOCK_SECONDS },
	};
	struct options options;

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		must_parse(&options, cases[i].words);
		assert_int_equal(options.detail.sink.clock, cases[i].clock);
		options_done(&options);
	}
}

static void clocks_exclude_each_other(void **state)
{
	static const char conflict[] =
		"-t and -r exclude each other: give -t for the time of day, or -r for the time since the event before";

	(void)state;
	REFUSE(conflict, "-t", "-r", "true");
	REFUSE(conflict, "-rt", "true");
	REFUSE(conflict, "-r", "--absolute-timestamps", "true");
	REFUSE(conflict, "-r", "--absolute-timestamps=us", "true");
	REFUSE(conflict, "-ttt", "--relative-timestamps", "true");
	REFUSE("--absolute-timestamps: 'noon' is no format; give time, us or unix", "--absolute-timestamps=noon",
	       "true");
}

static void tree_limits(void **state)
{
	struct options options;

	(void)state;
	ACCEPT(&options, "true");
	assert_int_equal(options.detail.sink.tree_limit, 5000);
	options_done(&options);
	ACCEPT(&options, "--tree-limit=0", "true");
	assert_int_equal(options.detail.sink.tree_limit, 0);
	options_done(&options);
	ACCEPT(&options, "--tree-limit", "70000", "true");
	assert_int_equal(options.detail.sink.tree_limit, 70000);
	options_done(&options);
	ACCEPT(&options, "--tree-limit=5", "--tree-limit=all", "true");
	assert_int_equal(options.detail.sink.tree_limit, SIZE_MAX);
	options_done(&options);
	ACCEPT(&options, "--tree-limit=99999999999999999999999", "true");
	assert_int_equal(options.detail.sink.tree_limit, SIZE_MAX);
	options_done(&options);
	REFUSE("--tree-limit: 'none' is no number of tasks; give --tree-limit=1000, =all or =0", "--tree-limit=none",
	       "true");
	REFUSE("--tree-limit: '-1' is no number of tasks; give --tree-limit=1000, =all or =0", "--tree-limit=-1",
	       "true");
	REFUSE("--tree-limit: '' is no number of tasks; give --tree-limit=1000, =all or =0", "--tree-limit=", "true");
	REFUSE("--tree-limit needs a value: --tree-limit=N|all", "--tree-limit");
}

static void colors(void **state)
{
	struct options options;

	(void)state;
	ACCEPT(&options, "--color", "true");
	assert_int_equal(options.detail.color, OPTIONS_COLOR_ALWAYS);
	assert_string_equal(options.command[0], "true");
	options_done(&options);
	ACCEPT(&options, "--color=always", "true");
	assert_int_equal(options.detail.color, OPTIONS_COLOR_ALWAYS);
	options_done(&options);
	REFUSE("--color: 'sometimes' is no choice; give --color=auto, always or never", "--color=sometimes", "true");
	REFUSE("--color: '' is no choice; give --color=auto, always or never", "--color=", "true");
}

static void width(void **state)
{
	struct options options;

	(void)state;
	ACCEPT(&options, "--width=20", "true");
	assert_int_equal(options.detail.width, 20);
	options_done(&options);
	ACCEPT(&options, "--width", "80", "--width=0", "true");
	assert_int_equal(options.detail.width, 0);
	options_done(&options);
	REFUSE("--width: '19' is no width; give a number of columns from 20 on, or 0 for no limit", "--width=19",
	       "true");
	REFUSE("--width: '8x' is no width; give a number of columns from 20 on, or 0 for no limit", "--width=8x",
	       "true");
	REFUSE("--width: '-1' is no width; give a number of columns from 20 on, or 0 for no limit", "--width=-1",
	       "true");
	REFUSE("--width: '' is no width; give a number of columns from 20 on, or 0 for no limit", "--width=", "true");
	REFUSE("--width: '99999999999999999999' is no width; give a number of columns from 20 on, or 0 for no limit",
	       "--width=99999999999999999999", "true");
}

static void wrong_values(void **state)
{
	(void)state;
	REFUSE("--seccomp: 'maybe' is neither yes nor no; give --seccomp=yes or =no", "--seccomp=maybe", "true");
	REFUSE("--seccomp needs a value: --seccomp=yes|no", "--seccomp");
	REFUSE("-E: '' names no variable; give VAR=VALUE to set it or VAR to remove it", "-E", "", "true");
	REFUSE("-E: '=x' names no variable; give VAR=VALUE to set it or VAR to remove it", "--env==x", "true");
	REFUSE("-u: '' is empty; give a name", "-u", "", "true");
	REFUSE("--debug-stops: '' is empty; give a name", "--debug-stops=", "true");
	REFUSE("-o: '' is no file name; give one such as -o trace.txt", "-o", "", "true");
	REFUSE("-o: '|' has no command behind it; give one such as -o '|less'", "-o", "|", "true");
	REFUSE("-o: '!' has no command behind it; give one such as -o '|less'", "-o!", "true");
	REFUSE("-o needs a value: -o [FORMAT:]FILE", "-qo");
	REFUSE("--output needs a value: --output=[FORMAT:]FILE", "--output");
	REFUSE("--quiet takes no value; leave it out", "--quiet=all", "true");
}

/* Output N of the words: its format and its target. */
static void must_write(const struct options *options, size_t n, const char *format, const char *target)
{
	assert_true(n < options->output_count);
	assert_string_equal(options->outputs[n].sink->name, format);
	if (target)
		assert_string_equal(options->outputs[n].target, target);
	else
		assert_null(options->outputs[n].target);
}

/* WORD names GIVEN, which is not a format: the message lists all formats. */
static void refuse_format(const char *given, const char *word)
{
	struct text expected = TEXT_INIT;

	text_addf(&expected, "--format: '%s' is no format; give one of", given);
	for (size_t i = 0; sink_at(i); i++)
		text_addf(&expected, "%s %s", i ? "," : "", sink_at(i)->name);
	REFUSE(text_get(&expected), word, "true");
	text_done(&expected);
}

static void outputs(void **state)
{
	static const struct {
		const char *given, *format, *target;
	} cases[] = {
		{ "trace", "text", "trace" },
		{ "trace.txt", "text", "trace.txt" },
		{ "json:trace", "json", "trace" },
		{ "text:run.jsonl", "text", "run.jsonl" },
		{ "run.jsonl", "json", "run.jsonl" },
		{ "run.json", "json", "run.json" },
		{ "a.json/run", "text", "a.json/run" },
		{ ".json", "json", ".json" },
		{ "run.jsonl2", "text", "run.jsonl2" },
		{ "run.jso", "text", "run.jso" },
		/* a colon alone makes no format */
		{ "log:2024", "text", "log:2024" },
		{ "jso:n", "text", "jso:n" },
		{ "jsonl:x.json", "json", "jsonl:x.json" },
		{ "./json:x", "text", "./json:x" },
		{ "json:json:x", "json", "json:x" },
		{ ":x", "text", ":x" },
		{ "json", "text", "json" },
		{ "json,quiet", "text", "json,quiet" },
		{ "a,b:c", "text", "a,b:c" },
		/* commands and stdout */
		{ "|cat >x.json", "text", "|cat >x.json" },
		{ "!cat", "text", "!cat" },
		{ "json:|jq .", "json", "|jq ." },
		{ "json:!jq .", "json", "!jq ." },
		{ "-", "text", "-" },
		{ "json:-", "json", "-" },
	};
	struct options options;

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		ACCEPT(&options, "-o", cases[i].given, "true");
		assert_int_equal(options.output_count, 1);
		must_write(&options, 0, cases[i].format, cases[i].target);
		options_done(&options);
	}
	ACCEPT(&options, "-ojson:a", "-v", "-o", "b", "--output=c.jsonl", "-o-", "-otext:-", "-o|a", "-o|a", "true");
	assert_int_equal(options.output_count, 7);
	must_write(&options, 0, "json", "a");
	must_write(&options, 1, "text", "b");
	must_write(&options, 2, "json", "c.jsonl");
	must_write(&options, 6, "text", "|a");
	options_done(&options);

	/* --format: for stderr, and where neither FORMAT nor extension says otherwise */
	ACCEPT(&options, "--format=json", "true");
	assert_int_equal(options.output_count, 1);
	must_write(&options, 0, "json", NULL);
	options_done(&options);
	ACCEPT(&options, "--format=json", "-oa", "-otext:b", "-o|c", "--format=text", "--format=json", "true");
	must_write(&options, 0, "json", "a");
	must_write(&options, 1, "text", "b");
	must_write(&options, 2, "json", "|c");
	options_done(&options);
	ACCEPT(&options, "--format=text", "-oa.jsonl", "true");
	must_write(&options, 0, "json", "a.jsonl");
	options_done(&options);

	REFUSE("-o: 'json:' names no file; give one such as -o json:run.jsonl, or - for stdout", "-o", "json:", "true");
	REFUSE("-o: 'json:|' has no command behind it; give one such as -o '|less'", "-o", "json:|", "true");
	REFUSE("-o: 'x' is given twice; give each output a file of its own", "-ox", "-ojson:x", "true");
	refuse_format("xml", "--format=xml");
	refuse_format("", "--format=");
	refuse_format("json", "--format=json:x");
}

static void details_of_one_output(void **state)
{
	const struct options_detail *detail;
	struct options options;

	(void)state;
	/* what is given without an output is for all, wherever it stands */
	ACCEPT(&options, "-o", "a", "-vT", "-o", "text,quiet:b", "-o", "text,tt,color=never:c", "-t", "true");
	detail = &options.outputs[0].detail;
	assert_int_equal(detail->sink.quiet, 0);
	assert_int_equal(detail->sink.verbose, 1);
	assert_true(detail->sink.duration);
	assert_int_equal(detail->sink.clock, SINK_CLOCK_SECONDS);
	assert_int_equal(detail->color, OPTIONS_COLOR_AUTO);
	detail = &options.outputs[1].detail;
	assert_int_equal(detail->sink.quiet, 1);
	assert_int_equal(detail->sink.verbose, 1);
	detail = &options.outputs[2].detail;
	assert_int_equal(detail->sink.quiet, 0);
	assert_int_equal(detail->sink.clock, SINK_CLOCK_MICRO);
	assert_int_equal(detail->color, OPTIONS_COLOR_NEVER);
	assert_int_equal(options.detail.sink.quiet, 0);
	assert_int_equal(options.detail.sink.clock, SINK_CLOCK_SECONDS);
	options_done(&options);

	ACCEPT(&options, "-r", "-o", "text,absolute-timestamps=unix\\,us,qvA:a", "-o", "text,v,r:b:c", "true");
	detail = &options.outputs[0].detail;
	assert_int_equal(detail->sink.clock, SINK_CLOCK_EPOCH);
	assert_int_equal(detail->sink.quiet, 1);
	assert_int_equal(detail->sink.verbose, 1);
	assert_true(detail->append);
	assert_false(options.outputs[1].detail.append);
	assert_int_equal(options.outputs[1].detail.sink.clock, SINK_CLOCK_RELATIVE);
	must_write(&options, 1, "text", "b:c");
	options_done(&options);

	/* -vv shows signals, wherever it is */
	ACCEPT(&options, "-v", "-o", "a", "-o", "text,v:b", "-o", "text,signals:c", "-o", "json,vv:d", "true");
	assert_false(options.outputs[0].detail.sink.signals);
	for (size_t i = 1; i < options.output_count; i++)
		assert_true(options.outputs[i].detail.sink.signals);
	options_done(&options);

	/* --format has them too, and gives them where it gives the format */
	ACCEPT(&options, "--format=text,q", "-oa", "-otext:b", "true");
	assert_int_equal(options.outputs[0].detail.sink.quiet, 1);
	assert_int_equal(options.outputs[1].detail.sink.quiet, 0);
	options_done(&options);

	REFUSE("-o: 'loud' is no option for one output; give such as quiet, verbose or tt (see cltrace(1))", "-o",
	       "text,loud:a", "true");
	REFUSE("-o: '' is no option for one output; give such as quiet, verbose or tt (see cltrace(1))", "-o",
	       "text,:a", "true");
	REFUSE("-o: 'p' is no option for one output; give such as quiet, verbose or tt (see cltrace(1))", "-o",
	       "text,p:a", "true");
	REFUSE("-o: 'q=1' is no option for one output; give such as quiet, verbose or tt (see cltrace(1))", "-o",
	       "text,q=1:a", "true");
	REFUSE("-o: 'quiet=1' is no option for one output; give such as quiet, verbose or tt (see cltrace(1))", "-o",
	       "text,quiet=1:a", "true");
	REFUSE("-t and -r exclude each other: give -t for the time of day, or -r for the time since the event before",
	       "-o", "text,t,r:a", "true");
	REFUSE("--color: 'no' is no choice; give --color=auto, always or never", "-o", "text,color=no:a", "true");
	REFUSE("--format: 'x' is no option for one output; give such as quiet, verbose or tt (see cltrace(1))",
	       "--format=text,x", "true");
}

static void wrong_together(void **state)
{
	(void)state;
	REFUSE("-D needs a PROGRAM to run: cltrace -D PROGRAM [ARGS]", "-D", "-p", "1");
	REFUSE("-u needs a PROGRAM to run: cltrace -u USER PROGRAM [ARGS]", "-u", "a", "-p", "1");
	REFUSE("-E needs a PROGRAM to run: cltrace -E VAR=VALUE PROGRAM [ARGS]", "-E", "a", "-p", "1");
	REFUSE("-D needs a PROGRAM to run: cltrace -D PROGRAM [ARGS]", "-D");
	REFUSE("-A appends to a file: name it with -o FILE", "-A", "true");
	REFUSE("--descendants goes with -p PID; those of a PROGRAM are followed anyway", "--descendants", "true");
	REFUSE("--kill-on-exit goes with a PROGRAM alone: what -p attaches to lives on when cltrace ends",
	       "--kill-on-exit", "-p", "1");
	REFUSE("nothing to trace: give a PROGRAM to run, or -p PID to attach to (see cltrace --help)", "-q");
	REFUSE("--replay shows what was recorded and traces nothing: leave out PROGRAM and -p", "--replay=a", "true");
	REFUSE("--replay shows what was recorded and traces nothing: leave out PROGRAM and -p", "--replay=a", "-p1");
	REFUSE("--replay traces nothing: leave out --kill-on-exit, --debug-stops and --seccomp", "--replay=a",
	       "--kill-on-exit");
	REFUSE("--replay traces nothing: leave out --kill-on-exit, --debug-stops and --seccomp", "--replay=a",
	       "--seccomp=no");
	REFUSE("-u needs a PROGRAM to run: cltrace -u USER PROGRAM [ARGS]", "--replay=a", "-uroot");
	REFUSE("--follow goes with --replay FILE; PROGRAM is followed anyway", "--follow", "true");
	REFUSE("--replay: '' is empty; give a name", "--replay=");
	REFUSE("nothing to trace: give a PROGRAM to run, or -p PID to attach to (see cltrace --help)", "--");
}

/* Whether output NUMBER has the filter EXPECTED, as filter_format() has it; "": none. */
static void must_filter(const struct options *options, size_t number, const char *expected)
{
	struct text text = TEXT_INIT;

	if (options->outputs[number].detail.sink.filter)
		filter_format(&text, options->outputs[number].detail.sink.filter);
	assert_string_equal(text_get(&text), expected);
	text_done(&text);
}

static void filters(void **state)
{
	static const char json[] = "-e is for what is read, and json records everything: filter that when it is read "
				   "again, or give it a filter of its own, as in --format=json,filter=kind=thread";
	struct options options;

	(void)state;
	ACCEPT(&options, "true");
	must_filter(&options, 0, "");
	options_done(&options);
	ACCEPT(&options, "-e", "kind=thread", "-qe!exit", "--filter=depth=<3", "--trace=clone,fork", "true");
	must_filter(&options, 0, "kind=thread and !exit and depth=<3 and trace=clone,fork");
	options_done(&options);

	/* for each output, but for a recording; what one output has of its own replaces it */
	ACCEPT(&options, "-oa", "-e", "exec", "-ob.jsonl", "-o", "text,filter=comm=a\\,b\\:c,filter=tid=1,trace=exit:c",
	       "-o", "json,filter=kind=thread:d", "-etid=2", "true");
	must_filter(&options, 0, "exec and tid=2");
	must_filter(&options, 1, "");
	must_filter(&options, 2, "comm=a,b:c and tid=1 and trace=exit");
	must_filter(&options, 3, "kind=thread");
	options_done(&options);
	ACCEPT(&options, "--format=json,filter=exec", "-e", "exit", "-oa", "-o|b", "-otext:c", "true");
	must_filter(&options, 0, "exec");
	must_filter(&options, 1, "exec");
	must_filter(&options, 2, "exit");
	options_done(&options);
	ACCEPT(&options, "--format=json,filter=exec", "true");
	must_filter(&options, 0, "exec");
	options_done(&options);
	REFUSE(json, "-e", "exec", "--format=json", "true");
	REFUSE(json, "-e", "exec", "-oa.jsonl", "-o", "json,filter=exit:b", "true");

	REFUSE("-e: 'frok' is no kind of task; give thread, process, fork, vfork, sharing, container, unknown",
	       "-ekind=thread,frok", "true");
	REFUSE("--trace: 'a\nb' is neither an event nor a call that is followed; give creations, refused, exec, "
	       "names, exit, signals, stops, namespaces, sessions, parents, verify, attach, notes, process, all, none, "
	       "or the name of a call such as clone3, unshare or pthread_create",
	       "--trace=a\nb", "true");
	REFUSE("-e: '0' is no task id; give numbers such as tid=4471,4472", "-o", "text,filter=tid=0:x", "true");
	REFUSE("-e needs a value: -e [KEY=][!]WORD[,WORD...]", "-e");
	REFUSE("-e under= is given for too many processes; 32 can be told apart", "-e",
	       "under=1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1", "-e", "under=!1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1", "true");
	ACCEPT(&options, "-e", "under=1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1", "-e", "under=!1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1",
	       "true");
	options_done(&options);
}

static void limits(void **state)
{
	static const struct {
		const char *given;
		int64_t ns;
	} times[] = {
		{ "1", 1000000000 }, { "10s", 10000000000 }, { "0.5", 500000000 },	{ "250ms", 250000000 },
		{ "7us", 7000 },     { "2m", 120000000000 }, { "1.5h", 5400000000000 }, { ".25s", 250000000 },
	};
	static const char *const wrong[] = { "",    "0",   "x",	  "s",	 "-1",	  "1e3",    "0x10", "1 s",
					     "1sm", "1 h", "inf", "nan", "1.2.3", "0.1us.", "1d",   "99999999999h" };
	struct options options;

	(void)state;
	ACCEPT(&options, "true");
	assert_int_equal(options.time_limit, 0);
	assert_int_equal(options.max_events, 0);
	assert_false(options.until_exit || options.detach_on_exec);
	options_done(&options);
	for (size_t i = 0; i < sizeof(times) / sizeof(times[0]); i++) {
		ACCEPT(&options, "--duration", times[i].given, "true");
		assert_int_equal(options.time_limit, times[i].ns);
		options_done(&options);
	}
	for (size_t i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++) {
		char *expected;

		assert_true(asprintf(&expected, "--duration: '%s' is no time; give such as --duration=10, 500ms or 2m",
				     wrong[i]) > 0);
		REFUSE(expected, "--duration", wrong[i], "true");
		free(expected);
	}
	ACCEPT(&options, "--max-events=5", "--until-exit", "-bexecve", "true");
	assert_int_equal(options.max_events, 5);
	assert_true(options.until_exit);
	assert_int_equal(options.until_pid, 0);
	assert_true(options.detach_on_exec);
	options_done(&options);
	ACCEPT(&options, "--until-exit=77", "--detach-on=exec", "-p1");
	assert_int_equal(options.until_pid, 77);
	assert_true(options.detach_on_exec);
	options_done(&options);
	REFUSE("--max-events: '0' is no number of events; give such as 1000", "--max-events=0", "true");
	REFUSE("--max-events: '-1' is no number of events; give such as 1000", "--max-events=-1", "true");
	REFUSE("--max-events: '18446744073709551616' is no number of events; give such as 1000",
	       "--max-events=18446744073709551616", "true");
	REFUSE("--until-exit: '0' is no process id; give a number, or nothing for PROGRAM", "--until-exit=0", "true");
	REFUSE("--until-exit: '' is no process id; give a number, or nothing for PROGRAM", "--until-exit=", "true");
	REFUSE("-b: 'clone' is no call to detach on; execve is the only one", "-b", "clone", "true");
	REFUSE("--replay traces nothing: leave out --duration, --max-events, --until-exit and -b", "--duration=1",
	       "--replay", "x");
	REFUSE("--replay traces nothing: leave out --duration, --max-events, --until-exit and -b", "--until-exit",
	       "--replay", "x");
}

#define NO_PROGRAM_FOLLOWS \
	", and no PROGRAM follows; give a PROGRAM to run, or -p PID to attach to (see cltrace --help)"

/* A program that an option takes for its value is not missed without a word. */
static void values_meant_as_program(void **state)
{
	static const char nothing[] =
		"nothing to trace: give a PROGRAM to run, or -p PID to attach to (see cltrace --help)";
	struct options options;

	(void)state;
	REFUSE("nothing to trace: 'true' is the value of --format" NO_PROGRAM_FOLLOWS, "--format", "true");
	REFUSE("nothing to trace: 'true' is the value of --format" NO_PROGRAM_FOLLOWS, "-D", "--form", "true");
	REFUSE("nothing to trace: 'ls' is the value of -o" NO_PROGRAM_FOLLOWS, "-o", "ls");
	REFUSE("nothing to trace: 'ls' is the value of -o" NO_PROGRAM_FOLLOWS, "-qo", "ls");
	REFUSE("nothing to trace: 'a' is the value of --output" NO_PROGRAM_FOLLOWS, "-o", "b", "--output", "a");
	REFUSE("nothing to trace: 'true' is the value of -u" NO_PROGRAM_FOLLOWS, "-u", "true");
	REFUSE("nothing to trace: 'true' is the value of --user" NO_PROGRAM_FOLLOWS, "--user", "true");
	REFUSE("nothing to trace: 'true' is the value of -E" NO_PROGRAM_FOLLOWS, "-E", "true");
	REFUSE("nothing to trace: 'exec' is the value of -e" NO_PROGRAM_FOLLOWS, "-e", "exec");
	REFUSE("nothing to trace: 'ls' is the value of --debug-stops" NO_PROGRAM_FOLLOWS, "--debug-stops", "ls");
	REFUSE("-O: 'ls' is no column, or is there twice; see cltrace --list-columns; no PROGRAM follows", "-O", "ls");
	REFUSE("--seccomp: 'ls' is neither yes nor no; give --seccomp=yes or =no; no PROGRAM follows", "--seccomp",
	       "ls");
	/* here nobody can have meant it so */
	REFUSE(nothing, "--format=true");
	REFUSE(nothing, "-ols");
	REFUSE(nothing, "-o", "ls", "-q");
	REFUSE(nothing, "-q");
	REFUSE("-O: 'ls' is no column, or is there twice; see cltrace --list-columns", "-Ols");
	REFUSE("-O: 'x' is no column, or is there twice; see cltrace --list-columns", "-O", "x", "ls");
	REFUSE("-O: 'x' is no column, or is there twice; see cltrace --list-columns", "-p", "1", "-O", "x");
	REFUSE("-p: 'ls' is no process id; give numbers such as -p 4471,4472", "-p", "ls");
	REFUSE("--diff compares snapshots: cltrace --snapshot --diff=FILE", "--diff", "ls");
	ACCEPT(&options, "-p", "1", "-o", "ls");
	options_done(&options);
	ACCEPT(&options, "--replay", "ls");
	options_done(&options);
	ACCEPT(&options, "--snapshot", "-o", "ls");
	options_done(&options);
}

static void unknown_options(void **state)
{
	(void)state;
	REFUSE("'-z' is no option; see cltrace --help", "-z", "true");
	REFUSE("'-z' is no option; see cltrace --help", "-qzv", "true");
	REFUSE("'--tracer' is no option; see cltrace --help", "--tracer", "true");
	REFUSE("'-:' is no option; see cltrace --help", "-:");
	REFUSE("'-?' is no option; see cltrace --help", "-?");
	REFUSE("'-q-' is no option; see cltrace --help", "-q-");
	REFUSE("'--zebra' is no option; see cltrace --help", "--zebra=3", "true");
	REFUSE("'--' is no option; see cltrace --help", "--=");
	REFUSE("'--s' is no option; it could be --seccomp, --syscall-times, --signals, --stack-trace, "
	       "--summary-sort-by, --summary-only, --summary, --snapshot; see cltrace --help",
	       "--s=no", "true");
	REFUSE("'--use' is no option; it could be --user; see cltrace --help", "--use=no", "true");
}

/* What users typed comes back as it is, for diag() to escape, and cut, so that a message is one short line. */
static void messages_are_short(void **state)
{
	char word[4096] = "--";

	(void)state;
	REFUSE("'--a\nb' is no option; see cltrace --help", "--a\nb");
	REFUSE("'-\033[31m' is no option; see cltrace --help", "-\033[31m");
	memset(word + 2, 'x', sizeof(word) - 3);
	REFUSE("'--xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx...' is no option; see cltrace --help",
	       word);
}

static void help_and_version_win(void **state)
{
	struct options options;

	(void)state;
	ACCEPT(&options, "-h");
	assert_int_equal(options.action, OPTIONS_HELP);
	options_done(&options);
	ACCEPT(&options, "--version");
	assert_int_equal(options.action, OPTIONS_VERSION);
	options_done(&options);
	/* nothing behind them is looked at, nothing before them needs to make sense together */
	ACCEPT(&options, "-A", "-D", "--help", "--zebra", "true");
	assert_int_equal(options.action, OPTIONS_HELP);
	assert_null(options.command);
	options_done(&options);
	REFUSE("'--zebra' is no option; see cltrace --help", "--zebra", "--help");
}

static void test_explain(void **state)
{
	struct options options;

	(void)state;
	ACCEPT(&options, "--explain");
	assert_int_equal(options.action, OPTIONS_EXPLAIN);
	assert_int_equal(options.what_count, 0);
	assert_int_equal(options.call, CALL_NONE);
	options_done(&options);
	ACCEPT(&options, "--explain", "fork", "-v", "--call=clone3", "vfork", "--", "-v", "--help");
	assert_int_equal(options.action, OPTIONS_EXPLAIN);
	assert_int_equal(options.detail.sink.verbose, 1);
	assert_int_equal(options.call, CALL_CLONE3);
	assert_int_equal(options.what_count, 4);
	assert_string_equal(options.whats[0], "fork");
	assert_string_equal(options.whats[1], "vfork");
	assert_string_equal(options.whats[2], "-v");
	assert_string_equal(options.whats[3], "--help");
	assert_null(options.command);
	options_done(&options);
	/* before it comes a PROGRAM, to which it belongs */
	ACCEPT(&options, "true", "--explain");
	assert_int_equal(options.action, OPTIONS_TRACE);
	options_done(&options);
	REFUSE("--call: 'fork' takes no flags; give --call=clone, clone3, unshare or setns", "--explain",
	       "--call=fork");
	REFUSE("--call is for --explain: cltrace --explain --call=clone3 FLAGS", "--call=clone3", "true");
	REFUSE("--explain traces nothing and writes to stdout: give it no -p, -o or options of a PROGRAM", "-p1",
	       "--explain", "fork");
}

/* A fuzzer, and these tests, parse again and again in one process. */
static void parses_again(void **state)
{
	struct options options;

	(void)state;
	for (int i = 0; i < 3; i++) {
		/* leaves getopt in the midst of a word */
		REFUSE("'-z' is no option; see cltrace --help", "-zqqqqq", "-v");
		ACCEPT(&options, "-v", "true");
		assert_int_equal(options.detail.sink.quiet, 0);
		assert_int_equal(options.detail.sink.verbose, 1);
		options_done(&options);
		ACCEPT(&options, "-qhv", "true");
		assert_int_equal(options.action, OPTIONS_HELP);
		options_done(&options);
		ACCEPT(&options, "true");
		assert_int_equal(options.detail.sink.verbose, 0);
		options_done(&options);
	}
}

static void no_words_at_all(void **state)
{
	char *none[] = { NULL };
	struct options options;
	char *message = NULL;

	(void)state;
	assert_int_equal(options_parse(0, none, &options, &message), -EINVAL);
	assert_non_null(message);
	assert_null(options.command);
	free(message);
	options_done(&options);
	options_done(&options); /* and twice does no harm */
}

static void help_is_tidy(void **state)
{
	static const char *const mentioned[] = {
		"-o, --output=[FORMAT:]FILE",
		"-A, --output-append-mode",
		"-p, --attach=PID",
		"-q, --quiet",
		"-v, --verbose",
		"-f, --follow-forks",
		"-t, --absolute-timestamps",
		"-r, --relative-timestamps",
		"-T, --syscall-times",
		"-k, --stack-trace[=N]",
		"--origin",
		"--no-origin",
		"-y, --decode-fds",
		"-E, --env=VAR[=VALUE]",
		"-u, --user=USER",
		"-D, --daemonize",
		"-h, --help",
		"-V, --version",
		"--seccomp=yes|no",
		"--color[=WHEN]",
		"--tree-limit=N|all",
		"--signals",
		"--descendants",
		"--kill-on-exit",
		"--debug-stops=FILE",
		"cltrace [OPTIONS] -p PID[",
		"cltrace [OPTIONS] PROGRAM [ARGS]",
	};
	struct text text = TEXT_INIT;
	const char *help;

	(void)state;
	options_help(&text);
	help = text_get(&text);
	for (size_t i = 0; i < sizeof(mentioned) / sizeof(mentioned[0]); i++) {
		if (!strstr(help, mentioned[i]))
			fail_msg("--help does not mention %s", mentioned[i]);
	}
	assert_null(strstr(help, "--username")); /* a second name */
	assert_null(strchr(help, '\t'));
	while (*help) {
		size_t length = strcspn(help, "\n");

		if (length > 80)
			fail_msg("--help has a line of %zu columns: %.*s", length, (int)length, help);
		assert_int_equal(help[length], '\n');
		assert_true(length == 0 || help[length - 1] != ' ');
		help += length + 1;
	}
	text_done(&text);
}

static void takes_stacks(void **state)
{
	static const struct {
		const char *word;
		unsigned frames;
	} cases[] = {
		{ "-k", 64 },  { "-k7", 7 }, { "-k=20", 20 }, { "--stack-trace", 64 }, { "--stack-trace=256", 256 },
		{ "-vk", 64 },
	};
	struct options options;

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		ACCEPT(&options, cases[i].word, "true");
		assert_int_equal(options.outputs[0].detail.sink.frames, cases[i].frames);
		assert_string_equal(options.command[0], "true");
		options_done(&options);
	}
	ACCEPT(&options, "--origin", "-o", "text,k:a", "-o", "text,stack-trace=3:b", "true");
	assert_int_equal(options.outputs[0].detail.sink.origin, SINK_ORIGIN_ALWAYS);
	assert_int_equal(options.outputs[0].detail.sink.frames, 64);
	assert_int_equal(options.outputs[1].detail.sink.frames, 3);
	options_done(&options);
	ACCEPT(&options, "-k", "--no-origin", "-o", "a", "-o", "text,k:b", "-o", "text,origin:c", "true");
	assert_int_equal(options.outputs[0].detail.sink.origin, SINK_ORIGIN_NEVER);
	assert_int_equal(options.outputs[0].detail.sink.frames, 0);
	assert_int_equal(options.outputs[1].detail.sink.origin, SINK_ORIGIN_ALWAYS);
	assert_int_equal(options.outputs[1].detail.sink.frames, 64);
	assert_int_equal(options.outputs[2].detail.sink.origin, SINK_ORIGIN_ALWAYS);
	assert_int_equal(options.outputs[2].detail.sink.frames, 0);
	options_done(&options);
	ACCEPT(&options, "--no-origin", "-k", "-o", "a", "-o", "text,no-origin:b", "true");
	assert_int_equal(options.outputs[0].detail.sink.origin, SINK_ORIGIN_ALWAYS);
	assert_int_equal(options.outputs[0].detail.sink.frames, 64);
	assert_int_equal(options.outputs[1].detail.sink.origin, SINK_ORIGIN_NEVER);
	assert_int_equal(options.outputs[1].detail.sink.frames, 0);
	options_done(&options);
	ACCEPT(&options, "true");
	assert_int_equal(options.outputs[0].detail.sink.origin, SINK_ORIGIN_AUTO);
	options_done(&options);
	REFUSE("-k: '0' is no number of frames; give -k, or one up to 256 as in -k=20", "-k0", "true");
	REFUSE("-k: '257' is no number of frames; give -k, or one up to 256 as in -k=20", "-k=257", "true");
	REFUSE("-k: 'f' is no number of frames; give -k, or one up to 256 as in -k=20", "-kf", "true");
	REFUSE("-k: '' is no number of frames; give -k, or one up to 256 as in -k=20", "-k=", "true");
	REFUSE("-k: '-1' is no number of frames; give -k, or one up to 256 as in -k=20", "-k-1", "true");
}

static void version_shows_the_license(void **state)
{
	struct text text = TEXT_INIT;
	const char *version;

	(void)state;
	options_version(&text);
	version = text_get(&text);
	assert_int_equal(strncmp(version, "cltrace ", 8), 0);
	assert_int_not_equal(version[8], '\n');
	assert_non_null(strstr(version, "\nLicense GPL-2.0-or-later"));
	assert_non_null(strstr(version, "NO WARRANTY"));
	assert_int_equal(version[strlen(version) - 1], '\n');
	text_done(&text);
}

/* The manual, from the source tree that the build names. Freed by the caller; NULL when it is not there. */
static char *read_manual(void)
{
	const char *top = getenv("top_srcdir");
	char path[PATH_MAX];
	char *bytes = calloc(1, 1 << 17);
	FILE *file;

	snprintf(path, sizeof(path), "%s/man/cltrace.1", top ? top : ".");
	file = fopen(path, "re");
	if (!file || !bytes) {
		free(bytes);
		return NULL;
	}
	assert_true(fread(bytes, 1, (1 << 17) - 1, file) > 0);
	fclose(file);
	return bytes;
}

/* Every name that --help lists stands in the manual as "Fl p" or "Fl -attach". */
static void manual_has_every_option(void **state)
{
	char *manual = read_manual();
	struct text text = TEXT_INIT;
	unsigned found = 0;

	(void)state;
	if (!manual) {
		skip_because("man/cltrace.1 cannot be read; set top_srcdir");
	}
	options_help(&text);
	for (const char *at = text_get(&text); (at = strstr(at, "\n  ")); at++) {
		char wanted[64];
		const char *name = at + 1 + strspn(at + 1, " ");

		if (*name != '-')
			continue;
		if (name[1] != '-') {
			snprintf(wanted, sizeof(wanted), ".It Fl %c ", name[1]);
			if (!strstr(manual, wanted))
				fail_msg("the manual lacks -%c", name[1]);
			name += strlen("-x, ");
		}
		snprintf(wanted, sizeof(wanted), "Fl %.*s", (int)strcspn(name + 1, "=[ \n"), name + 1);
		if (!strstr(manual, wanted))
			fail_msg("the manual lacks %s", wanted);
		found++;
	}
	assert_true(found >= 19);
	text_done(&text);
	free(manual);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_explain),
		cmocka_unit_test(defaults),
		cmocka_unit_test(short_options),
		cmocka_unit_test(summaries),
		cmocka_unit_test(long_options),
		cmocka_unit_test(last_one_counts),
		cmocka_unit_test(options_end_at_program),
		cmocka_unit_test(pids),
		cmocka_unit_test(wrong_pids),
		cmocka_unit_test(clocks),
		cmocka_unit_test(clocks_exclude_each_other),
		cmocka_unit_test(colors),
		cmocka_unit_test(width),
		cmocka_unit_test(tree_limits),
		cmocka_unit_test(wrong_values),
		cmocka_unit_test(outputs),
		cmocka_unit_test(details_of_one_output),
		cmocka_unit_test(wrong_together),
		cmocka_unit_test(filters),
		cmocka_unit_test(limits),
		cmocka_unit_test(values_meant_as_program),
		cmocka_unit_test(unknown_options),
		cmocka_unit_test(messages_are_short),
		cmocka_unit_test(help_and_version_win),
		cmocka_unit_test(parses_again),
		cmocka_unit_test(no_words_at_all),
		cmocka_unit_test(help_is_tidy),
		cmocka_unit_test(takes_stacks),
		cmocka_unit_test(version_shows_the_license),
		cmocka_unit_test(manual_has_every_option),
	};

	return cmocka_run_group_tests_name("options", tests, NULL, NULL);
}
