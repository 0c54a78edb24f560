/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Fuzzes the language of -e. Input: expressions, each ended by a NUL byte. What one shows of a short story and what its
 * negation shows must make up the whole. */
#include <errno.h>

#include "base/mem.h"
#include "clone/flags.h"
#include "fuzz.h"
#include "model/filter.h"
#include "trace.h"

#define EXPRS_MAX 16
#define STORY_LENGTH 8

/* A task as it is launched, what it makes, and its end; EVENT is the one with NUMBER. */
static struct event story(unsigned number)
{
	struct event event = { .seq = number + 1, .when = number, .tid = 10 };
	const uint64_t args[6] = { number == 3 ? FLAG_VM | FLAG_SIGHAND | FLAG_THREAD : 17, 0x1000 };
	struct request request;

	request_decode(abi_find_name("x86_64"), 56, args, NULL, &request); /* clone */
	switch (number) {
	case 0:
		event.kind = EVENT_ATTACH;
		event.attach.tgid = 10;
		event.attach.command = "/bin/sh -c x";
		event.have = EVENT_HAVE_COMMAND;
		break;
	case 1:
	case 2:
	case 3:
		event.kind = EVENT_SPAWN;
		event.tid = number == 1 ? 10 : 11;
		event.have = EVENT_HAVE_CREATOR | (number == 2 ? 0 : EVENT_HAVE_REQUEST);
		event.spawn.child = event.tid + (pid_t)number;
		event.spawn.child_tgid = number == 3 ? 11 : event.spawn.child;
		event.spawn.creator_tgid = event.tid;
		event.attempt.request = request;
		break;
	case 4:
		event.kind = EVENT_REFUSED;
		event.attempt.request = request;
		event.refused.error = EINVAL;
		break;
	case 5:
		event.kind = EVENT_EXEC;
		event.have = EVENT_HAVE_COMMAND;
		event.exec.former = 10;
		event.exec.command = "";
		break;
	case 6:
		event.kind = EVENT_EXIT;
		break;
	default:
		event.kind = EVENT_SIGNAL;
		event.tid = 4711;
		break;
	}
	return event;
}

/* What FILTER, which may be NULL, shows of the story: a bit for each event. */
static unsigned shown_by(const struct filter *filter)
{
	struct model *model = model_new(MODEL_KEEP_ALL);
	unsigned shown = 0;

	if (filter_watched(filter) <= MODEL_WATCHED_MAX)
		filter_watch(filter, model);
	for (unsigned i = 0; i < STORY_LENGTH; i++) {
		struct event event = story(i);
		struct step step;

		model_apply(model, &event, &step);
		shown |= (unsigned)filter_shows(filter, &step) << i;
	}
	/* what says the same of a task all its life is asked of it at the end, too */
	for (const struct task *task = model_roots(model); task; task = model_next(task))
		FUZZ_CHECK(!filter_shows_task(filter, model, task) || filter_draws(filter, model, task));
	model_free(model);
	return shown;
}

/* EXPR turned round: a ! before its list goes or comes. */
static char *turned(const char *expr)
{
	const char *equals = strchr(expr, '=');
	size_t before = equals ? (size_t)(equals - expr) + 1 : 0;
	bool negated = expr[before] == '!';
	char *copy = mem_alloc(strlen(expr) + 2);

	memcpy(copy, expr, before);
	copy[before] = '!';
	strcpy(copy + before + !negated, expr + before + negated);
	return copy;
}

static void check_turned(const char *expr, const struct filter *one)
{
	struct filter *other = filter_new();
	struct filter_error error;
	char *again = turned(expr);

	FUZZ_CHECK(filter_add(other, again, &error) == 0);
	FUZZ_CHECK((shown_by(one) ^ shown_by(other)) == (1U << STORY_LENGTH) - 1);
	filter_free(other);
	free(again);
}

static void check_error(const char *expr, struct filter_error *error)
{
	FUZZ_CHECK(error->at >= expr && error->at + error->length <= expr + strlen(expr));
	FUZZ_CHECK(error->why.length);
	trace_check_line(&error->why);
	text_done(&error->why);
}

static void try_expr(struct filter *all, const char *expr)
{
	struct filter *alone = filter_new();
	struct filter_error error;
	struct text before = TEXT_INIT, after = TEXT_INIT;
	unsigned shown = shown_by(all);
	int r = filter_add(alone, expr, &error);

	FUZZ_CHECK(r == 0 || r == -EINVAL);
	filter_format(&before, all);
	if (r < 0) {
		check_error(expr, &error);
		FUZZ_CHECK(filter_add(all, expr, &error) == r);
		text_done(&error.why);
		filter_format(&after, all);
		FUZZ_CHECK(!strcmp(text_get(&before), text_get(&after)));
		FUZZ_CHECK(shown_by(all) == shown);
	} else {
		check_turned(expr, alone);
		FUZZ_CHECK(filter_add(all, expr, &error) == 0);
		FUZZ_CHECK(shown_by(all) == (shown & shown_by(alone)) || filter_watched(all) > MODEL_WATCHED_MAX);
		filter_format(&after, all);
		trace_check_line(&after);
	}
	text_done(&before);
	text_done(&after);
	filter_free(alone);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	char *bytes = malloc(size + 1);
	struct filter *all = filter_new();
	unsigned count = 0;

	if (!bytes)
		abort();
	if (size)
		memcpy(bytes, data, size);
	bytes[size] = '\0';
	FUZZ_CHECK(shown_by(NULL) == (1U << STORY_LENGTH) - 1);
	for (size_t i = 0; i < size && count < EXPRS_MAX; i += strlen(bytes + i) + 1, count++)
		try_expr(all, bytes + i);
	filter_free(all);
	free(bytes);
	return 0;
}
