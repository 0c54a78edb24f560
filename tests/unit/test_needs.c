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
};

#define VARIANTS (sizeof(variants) / sizeof(variants[0]))

/* Returns EVENT without what NEED is about; false: nothing is left of it. */
static bool strip(struct event *event, enum sink_need need)
{
	switch (need) {
	case SINK_NEEDS_NAMES:
		return event->kind != EVENT_NAME;
	case SINK_NEEDS_ORIGINS:
	case SINK_NEEDS_STACKS:
		if (event->kind == EVENT_SPAWN || event->kind == EVENT_REFUSED)
			event->have &= ~(unsigned)EVENT_HAVE_ORIGIN;
		return true;
	case SINK_NEEDS_TIMES:
		event->have &= ~(unsigned)EVENT_HAVE_DURATION;
		return event->kind != EVENT_NOTE || event->note.code != NOTE_STOP_COST;
	case SINK_NEEDS_IGNORED:
		if (event->kind == EVENT_EXIT)
			event->have &= ~(unsigned)EVENT_HAVE_IGNORED;
		return true;
	}
	return true;
}

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

/* What OPS makes of RECORDING, without what WITHOUT is about (0: with all). */
static void draw(struct text *text, const struct recording *recording, const struct sink_ops *ops,
		 const struct sink_options *options, unsigned without)
{
	const struct sink_output output = { .write = write_text, .data = text };
	struct model *model = model_new(MODEL_KEEP_ALL);
	struct sink *sink = sink_open(ops, options, &output);

	filter_watch(options->filter, model);
	text_clear(text);
	for (size_t i = 0; i < recording->count; i++) {
		struct event event = *recording->events[i];
		struct step step;

		if (without && !strip(&event, (enum sink_need)without))
			continue;
		model_apply(model, &event, &step);
		assert_int_equal(sink_step(sink, &step), 0);
	}
	assert_int_equal(sink_finish(sink, model), 0);
	sink_close(sink);
	model_free(model);
}

/* Whether the output differs for want of what NEED is about. */
static bool shows(const struct recording *recording, const struct sink_ops *ops, const struct sink_options *options,
		  unsigned need)
{
	struct text with = TEXT_INIT, without = TEXT_INIT;
	bool differs;

	draw(&with, recording, ops, options, 0);
	draw(&without, recording, ops, options, need);
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

/* Bits of enum sink_need that the format shows in a recording, and says that it needs. */
static void look(const struct recording *recording, const struct sink_ops *ops, const char *const variant[],
		 unsigned *shown, unsigned *said)
{
	const unsigned origin = SINK_NEEDS_ORIGINS | SINK_NEEDS_STACKS;
	const struct sink_options *sink_options;
	struct options options;

	if (parse(ops, variant, &options)) {
		assert_int_equal(options.output_count, 1);
		sink_options = &options.outputs[0].detail.sink;
		*said |= sink_options->filter ? 0 : sink_needs(ops, sink_options);
		for (unsigned need = 1; need <= SINK_NEEDS_IGNORED; need <<= 1) {
			unsigned enough = need & origin ? origin : need;

			if (!shows(recording, ops, sink_options, need))
				continue;
			*shown |= enough;
			if (!(sink_needs(ops, sink_options) & enough))
				fail_msg("%s %s shows 0x%x and does not need it", ops->name,
					 *variant ? *variant : "alone", need);
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
