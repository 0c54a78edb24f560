/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Each format asks for what it shows: else a live run lacks what the replay of its recording has. Every format that
 * there is draws recordings with and without a fact; whose output differs must have said so. */
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
#include "event/codec.h"
#include "model/filter.h"
#include "model/model.h"
#include "sink/sink.h"

#define EVENTS_MAX 512

static const char *const recordings[] = { "names", "stacks", "everything", "cost", "programs" };

/* Words for one output each; a format that does not take them is passed over. */
static const char *const variants[][3] = {
	{ NULL },
	{ "-q", NULL },
	{ "-v", NULL },
	{ "--no-origin", NULL },
	{ "-O+CALL", "--no-origin", NULL },
	{ "-J", NULL },
	{ "-O+CALL", NULL },
	{ "-OTID,COMMAND", NULL },
	{ "-OTID,KIND", NULL },
	{ "-efork", NULL },
	{ "-q", "-esystem", NULL },
	{ "--tree=parent", NULL },
	{ "--tree-limit=0", NULL },
	{ "-T", NULL },
	{ "-T", "-v", NULL },
	{ "-y", NULL },
	{ "-k", NULL },
};

#define VARIANTS (sizeof(variants) / sizeof(variants[0]))

/* What a trace learns for any of `wants`. */
struct learned {
	unsigned wants;
	bool asked;			    /* only for an option: a recording has it only if the option was given */
	bool (*strip)(struct event *event); /* removes it from the event; false: nothing is left of the event */
};

static bool strip_names(struct event *event)
{
	return event->kind != EVENT_NAME;
}

static bool strip_origin(struct event *event)
{
	if (event->kind == EVENT_SPAWN || event->kind == EVENT_REFUSED)
		event->have &= ~(unsigned)EVENT_HAVE_ORIGIN;
	return true;
}

static bool strip_duration(struct event *event)
{
	event->have &= ~(unsigned)EVENT_HAVE_DURATION;
	return event->kind != EVENT_NOTE || event->note.code != NOTE_STOP_COST;
}

static bool strip_ignored(struct event *event)
{
	if (event->kind == EVENT_EXIT)
		event->have &= ~(unsigned)EVENT_HAVE_IGNORED;
	return true;
}

static bool strip_memory(struct event *event)
{
	if (event->kind == EVENT_SPAWN)
		event->have &= ~(unsigned)EVENT_HAVE_MEMORY;
	return true;
}

static bool strip_descriptors(struct event *event)
{
	if (event->kind == EVENT_SPAWN)
		event->have &= ~(unsigned)EVENT_HAVE_PIDFD;
	if (event->kind == EVENT_SPAWN || event->kind == EVENT_REFUSED)
		event->have &= ~(unsigned)EVENT_HAVE_REFERS;
	return true;
}

/* Without signals, because lanes always draws them if they are in the recording. */
static const struct learned learned[] = {
	{ WANT_NAMES, false, strip_names },
	{ WANT_ORIGINS | WANT_STACKS | WANT_CHEAP_ORIGINS, false, strip_origin },
	{ WANT_DURATIONS | WANT_CHEAP_DURATIONS, false, strip_duration },
	{ WANT_IGNORED, false, strip_ignored },
	{ WANT_MEMORY, true, strip_memory },
	{ WANT_DESCRIPTORS, true, strip_descriptors },
};

#define LEARNED (sizeof(learned) / sizeof(learned[0]))

struct recording {
	struct event *events[EVENTS_MAX];
	size_t count;
};

static void read_recording(const char *name, struct recording *ret)
{
	const char *folder = getenv("top_srcdir");
	char path[4096], *line = NULL;
	size_t size = 0;
	ssize_t length;
	FILE *file;

	snprintf(path, sizeof(path), "%s/tests/golden/%s.jsonl", folder ? folder : ".", name);
	file = fopen(path, "re");
	assert_non_null(file);
	ret->count = 0;
	while ((length = getline(&line, &size, file)) > 0) {
		assert_true(ret->count < EVENTS_MAX);
		assert_int_equal(codec_decode(line, (size_t)length, &ret->events[ret->count]), 0);
		ret->count++;
	}
	free(line);
	fclose(file);
}

static int write_text(void *data, const char *bytes, size_t length)
{
	text_add_bytes(data, bytes, length);
	return 0;
}

/* The output of OPS for RECORDING, without the facts of WITHOUT (NULL: with all). */
static void draw(struct text *text, const struct recording *recording, const struct sink_ops *ops,
		 const struct sink_options *options, const struct learned *without)
{
	const struct sink_output output = { .write = write_text, .data = text };
	struct model *model = model_new(MODEL_KEEP_ALL);
	struct sink *sink = sink_open(ops, options, &output);

	filter_watch(options->filter, model);
	text_clear(text);
	for (size_t i = 0; i < recording->count; i++) {
		struct event event = *recording->events[i];
		struct step step;

		if (without && !without->strip(&event))
			continue;
		model_apply(model, &event, &step);
		assert_int_equal(sink_step(sink, &step), 0);
	}
	assert_int_equal(sink_finish(sink, model), 0);
	sink_close(sink);
	model_free(model);
}

/* Whether the output differs without WHAT. */
static bool shows(const struct recording *recording, const struct sink_ops *ops, const struct sink_options *options,
		  const struct learned *what)
{
	struct text with = TEXT_INIT, without = TEXT_INIT;
	bool differs;

	draw(&with, recording, ops, options, NULL);
	draw(&without, recording, ops, options, what);
	differs = strcmp(text_get(&with), text_get(&without)) != 0;
	text_done(&with);
	text_done(&without);
	return differs;
}

/* The output that a run with the format OPS and the words of VARIANT has. */
static bool parse(const struct sink_ops *ops, const char *const variant[], struct options *ret)
{
	static char format[64], *argv[8];
	char *message = NULL;
	int argc = 0;

	snprintf(format, sizeof(format), "--format=%s", ops->name);
	argv[argc++] = (char *)"cltrace";
	argv[argc++] = format;
	while (*variant)
		argv[argc++] = (char *)*variant++;
	argv[argc++] = (char *)"true";
	argv[argc] = NULL;
	if (options_parse(argc, argv, ret, &message) == 0)
		return true;
	free(message);
	return false;
}

/* Bits of enum event_want that the format shows in a recording, and says that it needs. */
static void look(const struct recording *recording, const struct sink_ops *ops, const char *const variant[],
		 unsigned *shown, unsigned *said)
{
	const struct sink_options *sink_options;
	struct options options;

	if (parse(ops, variant, &options)) {
		assert_int_equal(options.output_count, 1);
		sink_options = &options.outputs[0].detail.sink;
		*said |= ops->needs && !sink_options->filter ? ops->needs(sink_options) : 0;
		for (size_t i = 0; i < LEARNED; i++) {
			const struct learned *what = &learned[i];

			if ((what->asked && ops->records) || !shows(recording, ops, sink_options, what))
				continue;
			*shown |= what->wants;
			if (!(sink_needs(ops, sink_options) & what->wants))
				fail_msg("%s %s shows 0x%x and does not need it", ops->name,
					 *variant ? *variant : "alone", what->wants);
		}
	}
	options_done(&options);
}

/* A sink that says it needs something shows it, in one recording at least: looking costs the program time. */
static void each_format_needs_what_it_shows(void **state)
{
	static struct recording recording[sizeof(recordings) / sizeof(recordings[0])];
	const size_t count = sizeof(recordings) / sizeof(recordings[0]);
	const struct sink_ops *ops;

	(void)state;
	for (size_t i = 0; i < count; i++)
		read_recording(recordings[i], &recording[i]);
	for (size_t i = 0; (ops = sink_at(i)); i++) {
		unsigned shown = 0, said = 0;

		for (size_t j = 0; j < count * VARIANTS; j++)
			look(&recording[j % count], ops, variants[j / count], &shown, &said);
		if (said & ~shown)
			fail_msg("%s needs 0x%x and never shows it", ops->name, said & ~shown);
	}
	for (size_t i = 0; i < count; i++) {
		for (size_t j = 0; j < recording[i].count; j++)
			event_free(recording[i].events[j]);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(each_format_needs_what_it_shows),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
