/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Parses the command line by getopt_long(3), whose tables are made from the table of options. */
#include "cli/options.h"

#include <ctype.h>
#include <errno.h>
#include <getopt.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/text.h"
#include "cli/options/exclusive.h"
#include "cli/options/output_spec.h"
#include "cli/options/table.h"
#include "cli/options/types.h"
#include "model/filter.h"

/* The value that getopt returns for row N of the table. It is above every character, so that short and long names
 * cannot be confused. */
#define VALUE_OF_ROW(n) (UCHAR_MAX + 1 + (int)(n))

static const struct options defaults = {
	.seccomp = true,
	.detail = {
		.width = -1,
		.sink = {
			.tree_limit = 5000, /* drawn in some 30 ms, and more than anybody reads */
			.tree_fold = 10,
			.at = -1,
		},
	},
};

/* The arguments of getopt_long(), made from the table. */
struct getopt_tables {
	char *letters;
	struct option *longs;
};

/* Adds the letter of ROW in getopt(3)'s form, and returns the end. */
static char *add_letter(char *letters, const struct option_row *row)
{
	*letters++ = row->letter;
	if (row->argument && row->optional != LONG)
		*letters++ = ':';
	if (row->optional == EITHER)
		*letters++ = ':';
	return letters;
}

static void tables_init(struct getopt_tables *tables)
{
	const struct option_row *row;
	size_t count = 0, longs = 0;
	char *letter;

	while (option_at(count))
		count++;
	tables->letters = letter = mem_alloc(2 + 3 * count + 1);
	tables->longs = mem_zalloc(count + 1, sizeof(*tables->longs));
	*letter++ = '+'; /* options end at PROGRAM */
	*letter++ = ':'; /* distinguishes a missing argument from an unknown option */
	for (size_t i = 0; (row = option_at(i)); i++) {
		struct option *option = &tables->longs[longs];

		if (!row->take)
			continue;
		if (row->letter)
			letter = add_letter(letter, row);
		*option = (struct option){ .name = row->name, .has_arg = no_argument, .val = VALUE_OF_ROW(i) };
		if (row->argument)
			option->has_arg = row->optional ? optional_argument : required_argument;
		longs++;
	}
	*letter = '\0';
}

static void tables_done(struct getopt_tables *tables)
{
	free(tables->letters);
	free(tables->longs);
}

/* The row of VALUE, which getopt has returned or which is optopt; or NULL. */
static const struct option_row *find_row(int value)
{
	const struct option_row *row = value >= VALUE_OF_ROW(0) ? option_at((size_t)(value - VALUE_OF_ROW(0))) : NULL;

	return row ? row : option_find_letter(value);
}

/* If a shortened long name fits several options: "; it could be --seccomp, --syscall-times". */
static void add_candidates(struct text *text, const char *name, size_t length)
{
	const char *before = "; it could be --";
	const struct option_row *row;

	for (size_t i = 0; length > 0 && (row = option_at(i)); i++) {
		if (row->name && row->help && strncmp(row->name, name, length) == 0) {
			text_addf(text, "%s%s", before, row->name);
			before = ", --";
		}
	}
}

/* getopt found an option in WORD that is not in the table. */
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
	return option_refuse(parse, "; see cltrace --help");
}

/* getopt returned '?' or ':' for WORD. */
static int refuse_word(struct parse *parse, int result, const char *word)
{
	const struct option_row *row = find_row(optopt);
	bool is_long = strncmp(word, "--", 2) == 0;

	/* for an unknown option, optopt is 0 or a letter */
	if (!row || !row->take || (result == '?' && !is_long))
		return refuse_unknown(parse, word);
	if (is_long)
		text_addf(&parse->message, "--%s", row->name);
	else
		option_add_name(&parse->message, row);
	if (result == '?')
		text_add(&parse->message, " takes no value; leave it out");
	else if (is_long)
		text_addf(&parse->message, " needs a value: --%s=%s", row->name, row->argument);
	else
		text_addf(&parse->message, " needs a value: -%c %s", row->letter, row->argument);
	return -EINVAL;
}

/* The words of --explain and --compare may be among the options; behind "--" there are only words. Returns whether
 * options can follow. */
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

/* Applies ROW. Remembers its value if that is a separate word and the last one. */
static int take_row(struct parse *parse, const struct option_row *row, int argc, char *const argv[])
{
	const bool last = optarg && optind == argc && optarg == argv[argc - 1];
	const int error = row->take(parse, row, optarg);

	parse->last = last ? row : NULL;
	parse->last_words = (const char *const *)argv + argc - 2;
	if (error && last && row->take != take_pids && exclusive_needs_program(parse->options))
		text_add(&parse->message, "; no PROGRAM follows");
	return error;
}

/* Reads the next result of getopt_long() with TABLES. Returns 0, 1 when only words are left, or -EINVAL. */
static int take_next(struct parse *parse, int argc, char *const argv[], const struct getopt_tables *tables)
{
	const int at = optind ? optind : 1; /* the word that is next, or half read */
	int result;

	optarg = NULL; /* musl leaves the one before */
	result = getopt_long(argc, argv, tables->letters, tables->longs, NULL);

	if (result == '?' || result == ':')
		return refuse_word(parse, result, argv[at]);
	if (result != -1)
		return take_row(parse, find_row(result), argc, argv);
	if (parse->options->action != OPTIONS_TRACE && take_what(parse, argc, argv))
		return 0;
	if (optind < argc)
		parse->options->command = (char **)argv + optind;
	return 1;
}

static int parse_words(struct parse *parse, int argc, char *const argv[])
{
	struct getopt_tables tables;
	int r = 0;

	tables_init(&tables);
	opterr = 0;
	optind = 0; /* with 0, not 1, glibc and musl also forget a half-read word of an earlier call */
	while (!r && parse->options->action <= OPTIONS_COMPARE)
		r = take_next(parse, argc, argv, &tables);
	tables_done(&tables);
	return r < 0 ? r : 0;
}

/* The last word is an option's value, but a PROGRAM is needed: "cltrace --format ls". */
static int refuse_last(struct parse *parse)
{
	text_add(&parse->message, "nothing to trace: ");
	text_add_quoted(&parse->message, parse->last_words[1], strlen(parse->last_words[1]));
	text_add(&parse->message, " is the value of ");
	if (strncmp(parse->last_words[0], "--", 2) == 0)
		text_addf(&parse->message, "--%s", parse->last->name);
	else
		option_add_name(&parse->message, parse->last);
	return option_refuse(parse,
			     ", and no PROGRAM follows; give a PROGRAM to run, or -p PID to attach to (see cltrace "
			     "--help)");
}

/* Reports words that are wrong only together. */
static int check_together(struct parse *parse)
{
	return parse->last && exclusive_needs_program(parse->options) ? refuse_last(parse) : exclusive_check(parse);
}

int options_parse(int argc, char *const argv[], struct options *ret, char **ret_message)
{
	struct parse parse = { .options = ret, .detail = &ret->detail, .message = TEXT_INIT };
	int error = 0;

	*ret = defaults;
	if (argc > 0)
		error = parse_words(&parse, argc, argv);
	if (!error && ret->action <= OPTIONS_COMPARE)
		error = check_together(&parse);
	if (!error && ret->action == OPTIONS_TRACE)
		error = output_spec_complete(&parse);
	if (error)
		*ret_message = mem_strdup(text_get(&parse.message));
	text_done(&parse.message);
	return error;
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
