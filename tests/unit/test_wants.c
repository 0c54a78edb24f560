/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What a run learns for its outputs: the union of what they need, and the cheap wants if they are cheap. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include "cli/options.h"
#include "cli/wants.h"
#include "event/stack.h"

#define WORDS_MAX 8

struct expected {
	const char *words[WORDS_MAX];
	enum event_mode mode;
	unsigned mask, frames;
	const char *stacks_by;
};

static void check(const struct expected *expected, bool unwinds)
{
	char *argv[WORDS_MAX + 2] = { (char *)"cltrace" }, *message = NULL;
	struct options options;
	struct wants wants;
	int argc = 1;

	for (size_t i = 0; expected->words[i]; i++)
		argv[argc++] = (char *)expected->words[i];
	assert_int_equal(options_parse(argc, argv, &options, &message), 0);
	wants_init(&wants, &options, unwinds);
	assert_int_equal(wants.mode, expected->mode);
	assert_int_equal(wants.mask, expected->mask);
	assert_int_equal(wants.frames, expected->frames);
	assert_string_equal(wants.stacks_by, expected->stacks_by ? expected->stacks_by : "");
	options_done(&options);
}

#define FILTER EVENT_MODE_FILTER, WANT_NAMES | WANT_ORIGINS
#define EVENTS EVENT_MODE_EVENTS, WANT_NAMES

static void test_wants(void **state)
{
	static const struct expected cases[] = {
		{ { "true" }, FILTER, STACK_MAX, NULL },
		{ { "-p1" }, EVENTS, 0, NULL },
		{ { "--no-origin", "true" }, EVENT_MODE_FILTER, WANT_NAMES, 0, NULL },
		{ { "-q", "true" }, EVENT_MODE_FILTER, 0, 0, NULL },
		{ { "-v", "true" }, FILTER | WANT_IGNORED, STACK_MAX, NULL },
		{ { "--verify", "true" }, FILTER | WANT_VERIFY, STACK_MAX, NULL },
		{ { "-y", "true" }, FILTER | WANT_DESCRIPTORS, STACK_MAX, NULL },
		/* -T costs stops without the filter; a recording has times if they are cheap */
		{ { "-T", "true" }, FILTER | WANT_DURATIONS, STACK_MAX, NULL },
		{ { "-T", "-p1" }, EVENT_MODE_CALLS, WANT_NAMES | WANT_DURATIONS, 0, NULL },
		{ { "-Tv", "-p1" },
		  EVENT_MODE_CALLS,
		  WANT_NAMES | WANT_DURATIONS | WANT_MEMORY | WANT_IGNORED,
		  0,
		  NULL },
		{ { "-ojson:a", "true" }, FILTER | WANT_DURATIONS | WANT_IGNORED, STACK_MAX, NULL },
		{ { "-ojson:a", "-p1" }, EVENTS | WANT_IGNORED, 0, NULL },
		{ { "-ojson:a", "--duration=1", "true" },
		  EVENT_MODE_EVENTS,
		  WANT_NAMES | WANT_ORIGINS | WANT_IGNORED,
		  STACK_MAX,
		  NULL },
		/* the size of memory is for an output that has both -T and -v */
		{ { "-otext,T:a", "-otext,v:b", "true" }, FILTER | WANT_DURATIONS | WANT_IGNORED, STACK_MAX, NULL },
		{ { "--signals", "true" }, FILTER | WANT_SIGNALS, STACK_MAX, NULL },
		{ { "-vv", "true" }, FILTER | WANT_SIGNALS | WANT_IGNORED, STACK_MAX, NULL },
		{ { "-qvv", "true" }, EVENT_MODE_FILTER, 0, 0, NULL },
		{ { "-oa", "-otext,signals:b", "true" }, FILTER | WANT_SIGNALS, STACK_MAX, NULL },
		/* stacks */
		{ { "--origin", "-p1" }, EVENTS | WANT_ORIGINS, STACK_MAX, "--origin" },
		{ { "-k5", "true" }, FILTER | WANT_STACKS, 5, "-k" },
		{ { "-otext,stack-trace=5:a", "-otext,stack-trace=7:b", "-p1" },
		  EVENTS | WANT_ORIGINS | WANT_STACKS,
		  7,
		  "-k" },
		{ { "-ofolded:a", "-p1" }, EVENT_MODE_EVENTS, WANT_STACKS, STACK_MAX, "the format folded" },
		{ { "-q", "-esystem", "true" }, EVENT_MODE_FILTER, WANT_ORIGINS, STACK_MAX, NULL },
		{ { "-ofolded:a", "-otext,stack-trace=5:b", "true" }, FILTER | WANT_STACKS, STACK_MAX, "-k" },

	};
	/* a build that cannot walk stacks */
	static const struct expected without[] = {
		{ { "true" }, EVENT_MODE_FILTER, WANT_NAMES, 0, NULL },
		{ { "--origin", "true" }, FILTER, STACK_MAX, "--origin" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
		check(&cases[i], true);
	for (size_t i = 0; i < sizeof(without) / sizeof(without[0]); i++)
		check(&without[i], false);
}

int main(void)
{
	const struct CMUnitTest tests[] = { cmocka_unit_test(test_wants) };

	return cmocka_run_group_tests(tests, NULL, NULL);
}
