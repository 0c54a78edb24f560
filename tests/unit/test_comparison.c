/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Tests of the comparison of two runs: what is paired with what, what is folded, what is said of the rest. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <errno.h>
#include <string.h>

#include "abi/abi.h"
#include "base/text.h"
#include "clone/flags.h"
#include "model/model.h"
#include "page/comparison.h"
#include "sink/sink.h"

#define THREAD_FLAGS (FLAG_VM | FLAG_FS | FLAG_FILES | FLAG_SIGHAND | FLAG_THREAD)
#define SIGNAL_CHILD 17
#define PROGRAM 100

/* One run: its model, and its creations so far. */
struct play {
	struct model *model;
	struct creations creations;
	uint64_t seq;
	pid_t next;
};

static void apply(struct play *play, struct event *event)
{
	struct step step;

	event->seq = ++play->seq;
	event->when = play->seq * 1000;
	model_apply(play->model, event, &step);
	creations_add(&play->creations, &step);
}

static void begin(struct play *play, const char *command)
{
	struct event event = { .kind = EVENT_ATTACH, .tid = PROGRAM, .have = EVENT_HAVE_COMMAND };

	*play = (struct play){ .model = model_new(0), .next = PROGRAM + 1 };
	event.attach.tgid = PROGRAM;
	event.attach.launched = true;
	event.attach.command = command;
	apply(play, &event);
}

static void end(struct play *play)
{
	model_free(play->model);
	creations_done(&play->creations);
}

/* A creation with FLAGS that took DURATION ns (0: not known), with ERROR one that was refused, as STACK (or NULL) has
 * it. */
static void make_by(struct play *play, uint64_t flags, uint64_t duration, int error, const struct stack *stack)
{
	const struct request request = {
		.call = CALL_CLONE,
		.abi = abi_find_name("x86_64"),
		.have = REQUEST_FLAGS,
		.flags = flags,
		.exit_signal = flags & FLAG_THREAD ? 0 : SIGNAL_CHILD,
	};
	struct event event = { .kind = error ? EVENT_REFUSED : EVENT_SPAWN,
			       .tid = PROGRAM,
			       .attempt = { .request = request, .duration = duration } };

	event.have = EVENT_HAVE_CREATOR | EVENT_HAVE_REQUEST | (duration ? EVENT_HAVE_DURATION : 0) |
		     (stack ? EVENT_HAVE_STACK : 0);
	if (error) {
		event.refused.error = error;
	} else {
		event.spawn.creator_tgid = PROGRAM;
		event.spawn.child = play->next++;
		event.spawn.child_tgid = flags & FLAG_THREAD ? PROGRAM : event.spawn.child;
	}
	if (stack)
		event.attempt.stack = *stack;
	apply(play, &event);
}

static void make(struct play *play, uint64_t flags, uint64_t duration, int error)
{
	make_by(play, flags, duration, error, NULL);
}

/* The comparison of ONE and TWO, which are ended. */
static struct text comparison(struct play *one, struct play *two)
{
	static const char *const heads[2] = { "./one", "./two" };
	const struct sink_options options = { .width = 100 };
	const struct creations runs[2] = { one->creations, two->creations };
	struct text text = TEXT_INIT;

	comparison_draw(&text, runs, heads, &options);
	end(one);
	end(two);
	return text;
}

static size_t times(const char *text, const char *part)
{
	size_t count = 0;

	for (; (text = strstr(text, part)); text++)
		count++;
	return count;
}

static void has(const struct text *text, const char *part)
{
	if (!strstr(text_get(text), part))
		fail_msg("no '%s' in:\n%s", part, text_get(text));
}

static void lacks(const struct text *text, const char *part)
{
	if (strstr(text_get(text), part))
		fail_msg("'%s' in:\n%s", part, text_get(text));
}

static void test_same(void **state)
{
	struct play one, two;
	struct text text;

	(void)state;
	begin(&one, "./one");
	begin(&two, "./two");
	make(&one, 0, 0, 0);
	make(&two, 0, 0, 0);
	text = comparison(&one, &two);
	assert_string_equal(text_get(&text), "the same in both: like fork()\n");
	text_done(&text);
}

static void test_flag(void **state)
{
	struct play one, two;
	struct text text;

	(void)state;
	begin(&one, "./one");
	begin(&two, "./two");
	make(&one, FLAG_VM | FLAG_FILES, 5000, 0);
	make(&two, FLAG_VM, 5000, 0);
	text = comparison(&one, &two);
	has(&text, "creation 1: clone against clone\n");
	has(&text, "\nCLONE_FILES set    -\n");
	has(&text, "\ndescriptors shared copied\n");
	has(&text, "the same in both: kind process-sharing, call clone, CLONE_VM,");
	has(&text, "time in the call 0.000005 s");
	lacks(&text, "by ");
	text_done(&text);
}

/* What one has more stands alone, and what follows it is paired as before. */
static void test_alone(void **state)
{
	struct play one, two;
	struct text text;

	(void)state;
	begin(&one, "./one");
	begin(&two, "./two");
	make(&one, 0, 0, 0);
	make(&one, THREAD_FLAGS, 0, 0);
	make(&one, FLAG_VM, 0, 0);
	make(&two, THREAD_FLAGS, 0, 0);
	make(&two, FLAG_VM, 0, 0);
	text = comparison(&one, &two);
	has(&text, "creation 1: like fork() in ./one alone\n    clone(SIGCHLD)\n");
	assert_int_equal(times(text_get(&text), "creation "), 1);
	has(&text, "the same in both: clone, clone\n");
	text_done(&text);
}

/* A process against a thread is one difference and not two things alone. */
static void test_kinds(void **state)
{
	struct play one, two;
	struct text text;

	(void)state;
	begin(&one, "./one");
	begin(&two, "./two");
	make(&one, 0, 0, 0);
	make(&two, THREAD_FLAGS, 0, 0);
	text = comparison(&one, &two);
	has(&text, "creation 1: like fork() against clone\n");
	assert_int_equal(times(text_get(&text), "creation "), 1);
	has(&text, "CLONE_THREAD");
	text_done(&text);
}

/* Equal creations in a row count as one; their number and mean time are shown if they differ. */
static void test_counts(void **state)
{
	struct play one, two;
	struct text text;

	(void)state;
	begin(&one, "./one");
	begin(&two, "./other");
	for (unsigned i = 0; i < 30; i++)
		make(&one, THREAD_FLAGS, 1000 + 2000 * (i % 2), 0);
	make(&two, THREAD_FLAGS, 7000, 0);
	text = comparison(&one, &two);
	has(&text, "creation 1: clone (30 times) against clone\n");
	has(&text, "times            30                1\n");
	has(&text, "time in the call 0.000002 s (mean) 0.000007 s\n");
	has(&text, "by               ./one             ./other\n");
	text_done(&text);
}

/* The library call is the one that was seen; where it was not, what the request looks like, and that is said. */
static void test_library_calls(void **state)
{
	static const struct frame shell[] = { { .function = "fork", .object = "/lib/libc.so.6" },
					      { .function = "daemon", .object = "/lib/libc.so.6" },
					      { .function = "main", .object = "/bin/x" } };
	const struct stack seen = { .end = STACK_ORIGIN, .count = 3, .frames = shell };
	struct play one, two;
	struct text text;

	(void)state;
	begin(&one, "./one");
	begin(&two, "./two");
	make_by(&one, 0, 0, 0, &seen);
	make(&one, 0, 0, 0);
	make_by(&one, THREAD_FLAGS, 0, 0, &seen);
	make(&two, 0, 0, 0);
	make(&two, 0, 0, 0);
	make(&two, THREAD_FLAGS, 0, 0);
	text = comparison(&one, &two);
	has(&text, "creation 1: daemon() in ./one alone\n");
	has(&text, "creation 2: like fork() against like fork() (2 times)\n");
	has(&text, "the same in both: daemon() against clone (one request)\n");
	text_done(&text);
}

/* How a program ended that failed; what is missing of a recording is no claim about the program. */
static void test_notes(void **state)
{
	struct event event = { .kind = EVENT_END, .end = { .status = 3 << 8 } };
	struct play one, two;
	struct text text;

	(void)state;
	begin(&one, "./one");
	begin(&two, "./two");
	apply(&one, &event);
	event.end.status = -1; /* detached */
	apply(&two, &event);
	two.creations.incomplete = true;
	text = comparison(&one, &two);
	assert_string_equal(text_get(&text), "./one made no task\n./one exited 3\n"
					     "./two: the part that was recorded has no creation\n");
	text_done(&text);
}

static void test_refused(void **state)
{
	struct play one, two;
	struct text text;

	(void)state;
	begin(&one, "./one");
	begin(&two, "./two");
	make(&one, 0, 0, EAGAIN);
	make(&two, 0, 0, 0);
	text = comparison(&one, &two);
	has(&text, "creation 1: like fork() refused: EAGAIN");
	has(&text, "made EAGAIN");
	text_done(&text);
}

static void test_nothing(void **state)
{
	struct event event = { .kind = EVENT_SPAWN, .tid = PROGRAM, .have = EVENT_HAVE_CREATOR };
	struct play one, two;
	struct text text;

	(void)state;
	begin(&one, "./one");
	begin(&two, "./two");
	event.spawn.creator_tgid = PROGRAM;
	event.spawn.child = event.spawn.child_tgid = two.next++;
	apply(&two, &event);
	text = comparison(&one, &two);
	assert_string_equal(text_get(&text), "./one made no task\n./two: the requests of 1 tasks are not known\n");
	text_done(&text);
}

/* More than are paired: the first ones are compared, and that is said. */
static void test_many(void **state)
{
	struct play one, two;
	struct text text;

	(void)state;
	begin(&one, "./one");
	begin(&two, "./two");
	for (unsigned i = 0; i < 4100; i++)
		make(&one, i % 2 ? FLAG_VM : 0, 0, 0);
	for (unsigned i = 0; i < 2; i++)
		make(&two, i % 2 ? FLAG_VM : 0, 0, 0);
	text = comparison(&one, &two);
	has(&text, "./one: the first 2000 of 4100 different creations are compared\n");
	assert_int_equal(times(text_get(&text), " in ./one alone\n"), 1998);
	text_done(&text);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_same),	cmocka_unit_test(test_flag),	      cmocka_unit_test(test_alone),
		cmocka_unit_test(test_kinds),	cmocka_unit_test(test_counts),	      cmocka_unit_test(test_refused),
		cmocka_unit_test(test_nothing), cmocka_unit_test(test_library_calls), cmocka_unit_test(test_notes),
		cmocka_unit_test(test_many),
	};

	return cmocka_run_group_tests_name("comparison", tests, NULL, NULL);
}
