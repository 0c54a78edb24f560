/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Fuzzes the option parser. Input: the words behind the program's name, each ended by a NUL byte. */
#include <errno.h>

#include "cli/options.h"
#include "sink/sink.h"
#include "fuzz.h"

#define WORDS_MAX 64

/* Fills ARGV, NULL-terminated, with words that point into BYTES, which end with a NUL. Returns their number. */
static int split(char *bytes, size_t size, char *argv[WORDS_MAX + 2])
{
	static char name[] = "cltrace";
	int argc = 0;

	argv[argc++] = name;
	for (size_t i = 0; i < size && argc <= WORDS_MAX; i += strlen(bytes + i) + 1)
		argv[argc++] = bytes + i;
	argv[argc] = NULL;
	return argc;
}

static void check_pids(const struct options *options)
{
	for (size_t i = 0; i < options->pid_count; i++) {
		FUZZ_CHECK(options->pids[i] > 0);
		for (size_t j = 0; j < i; j++)
			FUZZ_CHECK(options->pids[i] != options->pids[j]);
	}
}

static void check_outputs(const struct options *options)
{
	const struct sink_ops *summary = sink_find("summary", strlen("summary"));

	if (options->action != OPTIONS_TRACE)
		return;
	FUZZ_CHECK(options->output_count > 0);
	for (size_t i = 0; i < options->output_count; i++) {
		FUZZ_CHECK(options->outputs[i].sink);
		/* NULL is stderr: the trace, where no -o names anything, and the summary that -c and -C ask for. A
		 * replay and a snapshot have them on stdout. */
		FUZZ_CHECK(options->outputs[i].target ? *options->outputs[i].target != 0
						      : !options->replay && !options->snapshot &&
								(i == 0 || options->outputs[i].sink == summary));
		FUZZ_CHECK((unsigned)options->outputs[i].detail.sink.clock <= SINK_CLOCK_RELATIVE);
		FUZZ_CHECK((unsigned)options->outputs[i].detail.color <= OPTIONS_COLOR_NEVER);
	}
}

static void check_options(const struct options *options, char *const argv[], int argc)
{
	bool within = !options->command;

	check_pids(options);
	for (size_t i = 0; i < options->environment_count; i++)
		FUZZ_CHECK(*options->environment[i] && *options->environment[i] != '=');
	check_outputs(options);
	for (int i = 1; i < argc; i++)
		within |= options->command == (char **)argv + i;
	FUZZ_CHECK(within);
	if (options->action == OPTIONS_TRACE)
		FUZZ_CHECK(options->command || options->pid_count || options->replay || options->snapshot);
	if (options->snapshot)
		FUZZ_CHECK(!options->command);
}

/* getopt permutes or changes nothing in '+' mode: the words must be as they were. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	char *argv[WORDS_MAX + 2], *before[WORDS_MAX + 2];
	char *bytes = malloc(2 * (size + 1));
	struct options options;
	char *message = NULL;
	int argc, r;

	if (!bytes)
		abort();
	if (size)
		memcpy(bytes, data, size);
	bytes[size] = '\0';
	memcpy(bytes + size + 1, bytes, size + 1);
	argc = split(bytes, size, argv);
	memcpy(before, argv, sizeof(argv[0]) * (size_t)(argc + 1));
	r = options_parse(argc, argv, &options, &message);
	FUZZ_CHECK(r == 0 || r == -EINVAL);
	FUZZ_CHECK(r < 0 ? message && *message : !message); /* it quotes the words as they are: diag() escapes */
	if (r == 0)
		check_options(&options, argv, argc);
	FUZZ_CHECK(!memcmp(before, argv, sizeof(argv[0]) * (size_t)(argc + 1)));
	FUZZ_CHECK(!memcmp(bytes, bytes + size + 1, size + 1));
	options_done(&options);
	free(message);
	free(bytes);
	return 0;
}
