/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Where the trace goes, in which format, and with what details: FORMAT[,KEY[=VALUE]]...:FILE. */
#include "cli/options/output_spec.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "cli/options/types.h"
#include "model/filter.h"
#include "sink/formats.h"

int take_output(struct parse *parse, const struct option_row *row, const char *value)
{
	struct options *options = parse->options;
	struct options_output *output;

	if (!*value)
		return option_refuse_value(parse, row, value, 0, "is no file name; give one such as -o trace.txt");
	options->outputs = mem_resize(options->outputs, options->output_count + 1, sizeof(*options->outputs));
	output = &options->outputs[options->output_count++];
	*output = (struct options_output){ .target = mem_strdup(value) };
	return 0;
}

int take_format(struct parse *parse, const struct option_row *row, const char *value)
{
	(void)row;
	free(parse->options->format);
	parse->options->format = mem_strdup(value);
	return 0;
}

/* Accepts the LENGTH bytes at KEY as a key, a long name or letters: "verbose", "tt". -EINVAL without a message: there
 * is no such key. */
static int take_key(struct parse *parse, const char *key, size_t length, const char *value)
{
	const struct option_row *row = option_find_detail(key, length);
	int error = 0;

	if (row) {
		if ((value && !row->argument) || (!value && row->argument && !row->optional))
			return -EINVAL;
		return row->take(parse, row, value);
	}
	for (size_t i = 0; i < length; i++) {
		if (value || !option_find_detail_letter(key[i]))
			return -EINVAL;
	}
	for (size_t i = 0; i < length && !error; i++) {
		row = option_find_detail_letter(key[i]);
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

/* Reads one KEY[=VALUE], the LENGTH bytes at PART, in which a backslash makes the next character an ordinary one. */
static int take_part(struct parse *parse, const struct option_row *row, const char *part, size_t length)
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
		option_refuse_value(parse, row, copy, strlen(copy),
				    "is no option for one output; give such as quiet, verbose or tt (see cltrace(1))");
	free(copy);
	return error;
}

static bool sets_clock(const char *part, size_t length)
{
	const char *equals = memchr(part, '=', length);
	const struct option_row *row = option_find_detail(part, equals ? (size_t)(equals - part) : length);

	return row ? row->take == take_clock_format || row->take == take_relative
		   : memchr(part, 't', length) || memchr(part, 'r', length);
}

/* Reads the parts from AT, which is a comma, to END into DETAIL. The first clock among them replaces the clock of all
 * outputs. */
static int take_parts(struct parse *parse, const struct option_row *row, const char *at, const char *end,
		      struct options_detail *detail)
{
	bool clock = false;
	int error = 0;

	parse->detail = detail;
	while (at < end && !error) {
		size_t length = part_length(++at);

		if (!clock && sets_clock(at, length)) {
			detail->sink.clock = SINK_CLOCK_NONE;
			clock = true;
		}
		error = take_part(parse, row, at, length);
		at += length;
	}
	parse->detail = &parse->options->detail;
	return error;
}

/* Where the FORMAT and details at SPEC end: at a colon, or at the end of SPEC. */
static const char *spec_end(const char *spec)
{
	const char *end = spec + part_length(spec);

	while (*end == ',')
		end += 1 + part_length(end + 1);
	return end;
}

/* Reads --format into DEFAULTS. */
static int complete_format(struct parse *parse, struct options_output *defaults)
{
	const char *format = parse->options->format;
	const struct option_row *row = option_of(take_format);
	const struct sink_ops *sink;
	size_t length;

	*defaults = (struct options_output){ .sink = &text_sink, .detail = parse->options->detail };
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
	option_refuse_value(parse, row, format, length, "is no format; give one of");
	for (size_t i = 0; (sink = sink_at(i)); i++)
		text_addf(&parse->message, "%s %s", i ? "," : "", sink->name);
	return -EINVAL;
}

/* Sets what follows for OUTPUT from all its options. A recording is complete unless this output has a filter of its
 * own, because a recording can be filtered when it is replayed. */
static void settle(struct options_output *output)
{
	struct sink_options *sink = &output->detail.sink;

	sink->signals |= sink->verbose > 1;
	if (output->sink->records && !output->detail.own_filter)
		sink->filter = NULL;
}

/* A colon after a known format, and perhaps details, distinguishes FORMAT from the name of a file. */
static int complete_output(struct parse *parse, struct options_output *output, const struct options_output *defaults)
{
	const struct option_row *row = option_of(take_output);
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
		return option_refuse_value(
			parse, row, given, strlen(given),
			piped ? "has no command behind it; give one such as -o '|less'"
			      : "names no file; give one such as -o json:run.jsonl, or - for stdout");
	if (!sink && !piped)
		sink = sink_find_file(target);
	output->sink = sink ? sink : defaults->sink;
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

/* Where the trace goes without -o: to stderr, because stdout is PROGRAM's. A replay and a snapshot have no PROGRAM, so
 * they go to stdout and can be piped. */
static char *default_target(const struct options *options)
{
	return options->replay || options->snapshot ? mem_strdup("-") : NULL;
}

/* -c and -C: if no output is a summary, adds one, which goes where the trace would go without -o. With -C it follows
 * the first trace that is text, in the same place. */
static void complete_summary(struct options *options)
{
	struct options_output summary = { .sink = &summary_sink, .detail = options->detail };
	size_t at = 0;

	if ((!options->summary && !options->summary_only) || has_summary(options))
		return;
	while (options->summary && at < options->output_count && options->outputs[at].sink != &text_sink)
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

/* Two outputs in one file would overwrite each other; on stdout or in a device they can follow each other. */
static int check_targets(struct parse *parse)
{
	const struct options *options = parse->options;

	for (size_t i = 0; i < options->output_count; i++) {
		const char *target = options->outputs[i].target;

		if (strchr("|!", *target) || !strcmp(target, "-") || !strncmp(target, "/dev/", strlen("/dev/")))
			continue;
		for (size_t j = 0; j < i; j++) {
			if (!strcmp(target, options->outputs[j].target))
				return option_refuse_value(parse, option_of(take_output), target, strlen(target),
							   "is given twice; give each output a file of its own");
		}
	}
	return 0;
}

/* Checks that -e applies to some output and does not require a model to watch too many pids. */
static int check_filters(struct parse *parse)
{
	const struct options *options = parse->options;
	bool used = !options->detail.sink.filter;
	size_t watched = 0;

	for (size_t i = 0; i < options->output_count; i++)
		used |= options->outputs[i].detail.sink.filter == options->detail.sink.filter;
	for (size_t i = 0; i < options->filter_count; i++)
		watched += filter_watched(options->filters[i]);
	if (!used)
		return option_refuse(parse,
				     "-e is for what is read, and json records everything: filter that when it is read "
				     "again, or give it a filter of its own, as in --format=json,filter=kind=thread");
	if (watched > MODEL_WATCHED_MAX)
		return option_refuse(parse, "-e under= is given for too many processes; 32 can be told apart");
	return 0;
}

int output_spec_complete(struct parse *parse)
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
	}
	if (error)
		return error;
	complete_summary(options);
	for (size_t i = 0; i < options->output_count; i++)
		settle(&options->outputs[i]);
	return check_filters(parse);
}
