/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The types of values that options accept. */
#include "cli/options/types.h"

#include <assert.h>
#include <ctype.h>
#include <errno.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>

#include "base/array.h"
#include "base/mem.h"
#include "model/filter.h"

#define AT_MAX 1e9 /* seconds */

/* Puts NUMBER into the member of ROW, a bool, an enum or an integer. */
static void store(struct parse *parse, const struct option_row *row, uint64_t number)
{
	void *field = option_field(parse, row);
	const bool flag = number;
	const uint32_t word = (uint32_t)number;

	if (row->size == sizeof(flag))
		memcpy(field, &flag, sizeof(flag));
	else if (row->size == sizeof(word))
		memcpy(field, &word, sizeof(word));
	else
		memcpy(field, &number, sizeof(number));
}

int take_nothing(struct parse *parse, const struct option_row *row, const char *value)
{
	(void)parse, (void)row, (void)value;
	return 0;
}

int take_flag(struct parse *parse, const struct option_row *row, const char *value)
{
	(void)value;
	store(parse, row, true);
	return 0;
}

int take_set(struct parse *parse, const struct option_row *row, const char *value)
{
	(void)value;
	store(parse, row, row->sets);
	return 0;
}

int take_count(struct parse *parse, const struct option_row *row, const char *value)
{
	unsigned *count = option_field(parse, row);

	(void)value;
	*count += 1;
	return 0;
}

/* The choice with the name VALUE, or NULL. */
static const struct option_choice *find_choice(const struct option_choice *choices, const char *value)
{
	for (; choices->name; choices++) {
		if (strcmp(value, choices->name) == 0)
			return choices;
	}
	return NULL;
}

int take_choice(struct parse *parse, const struct option_row *row, const char *value)
{
	const char *given = value ? value : row->values->absent;
	const struct option_choice *choice = find_choice(row->values->choices, given);

	if (!choice)
		return option_refuse_value(parse, row, given, strlen(given), row->values->wrong);
	store(parse, row, choice->value);
	return 0;
}

int take_number(struct parse *parse, const struct option_row *row, const char *value)
{
	const struct option_values *values = row->values;
	const char *given = value ? value : values->absent;
	const bool digits = *given && strspn(given, "0123456789") == strlen(given);
	unsigned long long number;
	bool larger;

	if (values->word && strcmp(given, values->word) == 0) {
		store(parse, row, values->word_value);
		return 0;
	}
	errno = 0;
	number = digits ? strtoull(given, NULL, 10) : 0;
	larger = errno || number > values->most;
	if (!digits || (larger && !values->cut) || (number < values->least && (number || !values->zero)))
		return option_refuse_value(parse, row, given, strlen(given), values->wrong);
	store(parse, row, larger ? values->most : number);
	return 0;
}

int take_word(struct parse *parse, const struct option_row *row, const char *value)
{
	char **word = option_field(parse, row);

	if (!*value)
		return option_refuse_value(parse, row, value, 0, "is empty; give a name");
	free(*word);
	*word = mem_strdup(value);
	return 0;
}

int take_at(struct parse *parse, const struct option_row *row, const char *value)
{
	int64_t *at = option_field(parse, row);
	char *end;
	double seconds;

	errno = 0;
	seconds = strtod(value, &end);
	if (!(isdigit((unsigned char)*value) || *value == '.') || *end || errno || !(seconds <= AT_MAX))
		return option_refuse_value(parse, row, value, strlen(value),
					   "is no time; give seconds, as in --at=0.5");
	*at = (int64_t)(seconds * 1e9);
	return 0;
}

/* A number with a unit; without a unit, seconds. */
int take_duration(struct parse *parse, const struct option_row *row, const char *value)
{
	static const struct {
		const char *name;
		double seconds;
	} units[] = { { "", 1 }, { "s", 1 }, { "ms", 1e-3 }, { "us", 1e-6 }, { "m", 60 }, { "h", 3600 } };
	int64_t *limit = option_field(parse, row);
	size_t digits = strspn(value, "0123456789."); /* so neither hex nor an exponent */
	char *end = NULL;
	double number = digits ? strtod(value, &end) : 0;

	for (size_t i = 0; i < ARRAY_LENGTH(units); i++) {
		double seconds = number * units[i].seconds;

		if (end == value + digits && !strcmp(end, units[i].name) && seconds >= 1e-9 && seconds <= AT_MAX) {
			*limit = (int64_t)(seconds * 1e9);
			return 0;
		}
	}
	return option_refuse_value(parse, row, value, strlen(value),
				   "is no time; give such as --duration=10, 500ms or 2m");
}

int take_column_list(struct parse *parse, const struct option_row *row, const char *value)
{
	struct column_set *set = option_field(parse, row);
	const char *wrong;
	size_t length;

	if (column_set_parse(value, set, &wrong, &length) < 0)
		return option_refuse_value(parse, row, wrong, length,
					   "is no column, or is there twice; see cltrace --list-columns");
	return 0;
}

/* The number of -k is in the same word, with or without an =. */
int take_frames(struct parse *parse, const struct option_row *row, const char *value)
{
	parse->detail->sink.origin = SINK_ORIGIN_ALWAYS;
	return take_number(parse, row, value ? value + (*value == '=') : NULL);
}

/* The stack also shows the origin. */
int take_no_origin(struct parse *parse, const struct option_row *row, const char *value)
{
	(void)row, (void)value;
	parse->detail->sink.origin = SINK_ORIGIN_NEVER;
	parse->detail->sink.frames = 0;
	return 0;
}

int take_environment(struct parse *parse, const struct option_row *row, const char *value)
{
	struct options *options = parse->options;

	if (!*value || *value == '=')
		return option_refuse_value(parse, row, value, strlen(value),
					   "names no variable; give VAR=VALUE to set it or VAR to remove it");
	options->environment = mem_resize(options->environment, options->environment_count + 1, sizeof(char *));
	options->environment[options->environment_count++] = mem_strdup(value);
	return 0;
}

/* The process id in the LENGTH bytes at TEXT: only decimal digits. 0: it is not a process id. */
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

/* Commas and white space separate pids, so the output of pidof and of pgrep can be used unchanged. */
int take_pids(struct parse *parse, const struct option_row *row, const char *value)
{
	static const char separators[] = ", \t\r\n";
	const char *at = value + strspn(value, separators);

	if (!*at)
		return option_refuse(parse, "-p: the list of process ids is empty (is the program running?); "
					    "give numbers such as -p 4471,4472");
	while (*at) {
		size_t length = strcspn(at, separators);
		pid_t pid = parse_pid(at, length);

		if (pid == 0)
			return option_refuse_value(parse, row, at, length,
						   "is no process id; give numbers such as -p 4471,4472");
		add_pid(parse->options, pid);
		at += length;
		at += strspn(at, separators);
	}
	return 0;
}

int take_until_exit(struct parse *parse, const struct option_row *row, const char *value)
{
	struct options *options = parse->options;
	pid_t pid = value ? parse_pid(value, strlen(value)) : 0;

	if (value && !pid)
		return option_refuse_value(parse, row, value, strlen(value),
					   "is no process id; give a number, or nothing for PROGRAM");
	options->until_exit = true;
	options->until_pid = pid;
	return 0;
}

static const char clock_conflict[] = "-t and -r exclude each other: give -t for the time of day, or -r for the time "
				     "since the event before";

/* -t, given one, two or three times: the time of day, the same with microseconds, seconds since the epoch. */
int take_clock(struct parse *parse, const struct option_row *row, const char *value)
{
	enum sink_clock *clock = &parse->detail->sink.clock;

	(void)row, (void)value;
	if (*clock == SINK_CLOCK_RELATIVE)
		return option_refuse(parse, clock_conflict);
	if (*clock < SINK_CLOCK_EPOCH)
		*clock = (enum sink_clock)(*clock + 1);
	return 0;
}

/* --absolute-timestamps without a value is -t; its values are strace's names for the formats of -t, -tt and -ttt. */
int take_clock_format(struct parse *parse, const struct option_row *row, const char *value)
{
	static const struct option_choice formats[] = {
		{ "none", SINK_CLOCK_NONE },	  { "time", SINK_CLOCK_SECONDS },  { "s", SINK_CLOCK_SECONDS },
		{ "time,s", SINK_CLOCK_SECONDS }, { "us", SINK_CLOCK_MICRO },	   { "time,us", SINK_CLOCK_MICRO },
		{ "unix", SINK_CLOCK_EPOCH },	  { "unix,us", SINK_CLOCK_EPOCH }, { 0 },
	};
	const struct option_choice *format;

	if (!value)
		return take_clock(parse, row, value);
	if (parse->detail->sink.clock == SINK_CLOCK_RELATIVE)
		return option_refuse(parse, clock_conflict);
	format = find_choice(formats, value);
	if (format) {
		parse->detail->sink.clock = (enum sink_clock)format->value;
		return 0;
	}
	text_add(&parse->message, "--absolute-timestamps: ");
	text_add_quoted(&parse->message, value, strlen(value));
	return option_refuse(parse, " is no format; give time, us or unix");
}

int take_relative(struct parse *parse, const struct option_row *row, const char *value)
{
	enum sink_clock *clock = &parse->detail->sink.clock;

	(void)row, (void)value;
	if (*clock != SINK_CLOCK_NONE && *clock != SINK_CLOCK_RELATIVE)
		return option_refuse(parse, clock_conflict);
	*clock = SINK_CLOCK_RELATIVE;
	return 0;
}

/* The filter to which -e adds now: that of all outputs, or of one output. It is the last one, because the words of one
 * output are read together, after those for all outputs. */
static struct filter *filter_of(struct parse *parse)
{
	struct options *options = parse->options;
	struct options_detail *detail = parse->detail;
	bool own = detail != &options->detail;

	if (!detail->sink.filter || detail->own_filter != own) {
		options->filters = mem_resize(options->filters, options->filter_count + 1, sizeof(struct filter *));
		detail->sink.filter = options->filters[options->filter_count++] = filter_new();
		detail->own_filter = own;
	}
	assert(detail->sink.filter == options->filters[options->filter_count - 1]);
	return options->filters[options->filter_count - 1];
}

/* -e EXPR, and strace's --trace=WORDS, which is -e trace=WORDS. */
int take_filter(struct parse *parse, const struct option_row *row, const char *value)
{
	struct filter_error error;
	struct text expr = TEXT_INIT;
	int result;

	if (!row->letter)
		text_add(&expr, "trace=");
	text_add(&expr, value);
	result = filter_add(filter_of(parse), text_get(&expr), &error);
	if (result) {
		option_refuse_value(parse, row, error.at, error.length, text_get(&error.why));
		text_done(&error.why);
	}
	text_done(&expr);
	return result;
}
