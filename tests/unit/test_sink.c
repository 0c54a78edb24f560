/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Tests of how steps reach sinks and lines reach outputs: handlers by kind, the printer, words for each note. */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/text.h"
#include "event/event.h"
#include "model/model.h"
#include "render/palette.h"
#include "render/printer.h"
#include "sink/formats.h"

/* What a sink wrote, each write in brackets. */
struct page {
	struct text text;
	unsigned columns;
	int error;
};

static int page_write(void *data, const char *bytes, size_t length)
{
	struct page *page = data;

	text_add(&page->text, "[");
	text_add_bytes(&page->text, bytes, length);
	text_add(&page->text, "]");
	return page->error;
}

static unsigned page_columns(void *data)
{
	return ((struct page *)data)->columns;
}

/* ---- the dispatcher ---- */

struct sink {
	struct sink_base base;
	unsigned steps;
};

static void probe_open(struct sink *sink)
{
	assert_string_equal(sink->base.ops->name, "probe");
	assert_int_equal(sink->steps, 0);
}

static void probe_every(struct sink *sink, const struct step *step)
{
	if (step->event->kind != EVENT_END)
		text_addf(&sink->base.text, "%u", ++sink->steps);
}

static void probe_spawn(struct sink *sink, const struct step *step)
{
	text_addf(&sink->base.text, " spawn %d, width %u", (int)step->event->tid, sink->base.options.width);
}

static void probe_finish(struct sink *sink, const struct model *model)
{
	(void)model;
	text_addf(&sink->base.text, "width %u at the end", sink->base.options.width);
}

static void probe_close(struct sink *sink)
{
	sink->steps = 0;
}

static sink_handler *const probe_handlers[EVENT_KIND_COUNT] = {
	[EVENT_SPAWN] = probe_spawn,
};

static struct sink_ops probe = {
	.name = "probe",
	.whole = true,
	.size = sizeof(struct sink),
	.open = probe_open,
	.every = probe_every,
	.handlers = probe_handlers,
	.finish = probe_finish,
	.close = probe_close,
};

static int hand(struct sink *sink, enum event_kind kind)
{
	const struct event event = { .kind = kind, .tid = 7 };
	const struct step step = { .event = &event };

	return sink_step(sink, &step);
}

static void check_page(struct page *page, const char *expected)
{
	assert_string_equal(text_get(&page->text), expected);
	text_clear(&page->text);
}

static void test_handlers(void **state)
{
	struct page page = { .columns = 50 };
	const struct sink_output output = { .write = page_write, .columns = page_columns, .data = &page };
	const struct sink_options options = { .width = 9 };
	struct sink *sink = sink_open(&probe, &options, &output);

	(void)state;
	hand(sink, EVENT_SPAWN);
	check_page(&page, "[1 spawn 7, width 50]");
	page.columns = 60;
	hand(sink, EVENT_SPAWN);
	check_page(&page, "[2 spawn 7, width 60]");
	hand(sink, EVENT_EXIT); /* no handler */
	check_page(&page, "[3]");
	assert_int_equal(hand(sink, EVENT_END), 0); /* nothing to write */
	check_page(&page, "");
	page.error = -EPIPE;
	assert_int_equal(hand(sink, EVENT_EXIT), -EPIPE);
	check_page(&page, "[4]");
	assert_int_equal(sink_finish(sink, NULL), -EPIPE);
	check_page(&page, "[width 60 at the end]");
	sink_close(sink);
	sink_close(NULL);
	text_done(&page.text);
}

/* A sink that writes only at the end does not ask for the width before; a sink without finish() writes nothing at the
 * end. */
static void test_at_end(void **state)
{
	struct page page = { .columns = 50 };
	const struct sink_output output = { .write = page_write, .columns = page_columns, .data = &page };
	const struct sink_options options = { .width = 9 };
	struct sink_ops ops = probe;
	struct sink *sink;

	(void)state;
	ops.at_end = true;
	ops.every = NULL;
	sink = sink_open(&ops, &options, &output);
	hand(sink, EVENT_SPAWN);
	check_page(&page, "[ spawn 7, width 9]");
	hand(sink, EVENT_EXIT);
	check_page(&page, "");
	assert_int_equal(sink_finish(sink, NULL), 0);
	check_page(&page, "[width 50 at the end]");
	sink_close(sink);
	ops.finish = NULL;
	ops.handlers = NULL;
	sink = sink_open(&ops, &options, &output);
	hand(sink, EVENT_SPAWN);
	assert_int_equal(sink_finish(sink, NULL), 0);
	check_page(&page, "");
	sink_close(sink);
	text_done(&page.text);
}

/* ---- the printer ---- */

static void test_lines(void **state)
{
	const struct sink_options options = { .width = 0 };
	struct text text = TEXT_INIT;
	struct printer printer;

	(void)state;
	printer_init(&printer, &text, &options);
	text_add(&text, "7 ");
	printer_begin(&printer, 2);
	printer_add_line(&printer, "first");
	printer_finish(&printer, FOLD_WORDS); /* nothing was added */
	printer_add_line(&printer, "second");
	printer_begin(&printer, 0);
	printer_add_line(&printer, "third");
	printer_indent(&printer, 4);
	printer_add_line(&printer, "fourth");
	assert_string_equal(text_get(&text), "7 first\n  second\nthird\n    fourth\n");
	printer_done(&printer);
	text_done(&text);
}

/* Sentences are folded at 100 columns if there is no width, calls are not. */
static void test_width(void **state)
{
	struct sink_options options = { .width = 0 };
	struct text text = TEXT_INIT;
	char words[2 * 60 + 1];
	struct printer printer;

	(void)state;
	for (unsigned i = 0; i < sizeof(words) - 1; i++)
		words[i] = i % 2 ? ' ' : ',';
	words[sizeof(words) - 1] = '\0';
	printer_init(&printer, &text, &options);
	printer_begin(&printer, 0);
	assert_int_equal(printer_room(&printer), 100);
	text_add(&printer.line, words);
	printer_finish(&printer, FOLD_ARGUMENTS);
	assert_int_equal(text.length, strlen(words) + 1);
	text_clear(&text);
	printer_add_line(&printer, words);
	assert_int_equal(strcspn(text_get(&text), "\n"), 99);
	options.width = 60;
	text_clear(&text);
	printer_add_line(&printer, words);
	assert_int_equal(strcspn(text_get(&text), "\n"), 59);
	printer_begin(&printer, 70);
	assert_int_equal(printer_room(&printer), 0);
	printer_done(&printer);
	text_done(&text);
}

static void test_colors(void **state)
{
	struct sink_options options = { .color = true };
	struct text text = TEXT_INIT;
	struct printer printer;

	(void)state;
	printer_init(&printer, &text, &options);
	text_add(&printer.line, "THREAD 7: shares");
	printer_finish_verdict(&printer);
	text_add(&printer.line, "REFUSED: no");
	printer_finish_verdict(&printer);
	text_add(&printer.line, "call = ");
	printer_color(&printer, PALETTE_PROCESS);
	printer_add_line(&printer, "8");
	printer_add_line(&printer, "plain");
	options.color = false;
	text_add(&printer.line, "PROCESS 7");
	printer_finish_verdict(&printer);
	assert_string_equal(text_get(&text), PALETTE_THREAD "THREAD" PALETTE_END " 7: shares\n" PALETTE_REFUSED
							    "REFUSED" PALETTE_END ": no\n"
							    "call = " PALETTE_PROCESS "8" PALETTE_END "\n"
							    "plain\n"
							    "PROCESS 7\n");
	printer_done(&printer);
	text_done(&text);
}

/* ---- text ---- */

/* Each note has words, whatever its numbers are, and the words have only known letters. */
static void test_notes(void **state)
{
	struct page page = { .columns = 0 };
	const struct sink_output output = { .write = page_write, .data = &page };
	const struct sink_options options = { .duration = true, .width = 1000 };
	struct sink *sink = sink_open(&text_sink, &options, &output);
	struct model *model = model_new(0);

	(void)state;
	for (unsigned code = 0; code < NOTE_COUNT; code++) {
		for (int number = 0; number < 3; number++) {
			const struct event event = {
				.kind = EVENT_NOTE,
				.tid = 7,
				.note = { .code = (enum event_note)code, .number = number, .value = 5 },
			};
			const struct step step = { .event = &event, .model = model };

			assert_int_equal(sink_step(sink, &step), 0);
			assert_int_equal(strncmp(text_get(&page.text), "[7 note: ", 9), 0);
			assert_true(page.text.length > 20);
			assert_null(strchr(text_get(&page.text), '$'));
			assert_null(strstr(text_get(&page.text), "  "));
			text_clear(&page.text);
		}
	}
	sink_close(sink);
	model_free(model);
	text_done(&page.text);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_handlers), cmocka_unit_test(test_at_end), cmocka_unit_test(test_lines),
		cmocka_unit_test(test_width),	 cmocka_unit_test(test_colors), cmocka_unit_test(test_notes),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
