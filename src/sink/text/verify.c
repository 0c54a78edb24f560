/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What the kernel says of two tasks (--verify). */
#include "sink/text/text.h"

#include "base/names.h"
#include "clone/check.h"
#include "render/palette.h"

/* Checks that say the same in numbers are shown only with -v. */
static const uint64_t asides = UINT64_C(1) << CHECK_NSPID | UINT64_C(1) << CHECK_NSTGID;

void verify_add_checks(struct text *line, const char *intro, uint64_t mask)
{
	const uint64_t namespaces = check_namespace_kinds();
	const bool all = (mask & namespaces) == namespaces;
	const char *before = intro;

	mask &= all ? ~(asides | namespaces) : ~asides;
	for (unsigned i = 0; i < CHECK_COUNT; i++) {
		if (!(mask >> i & 1))
			continue;
		text_addf(line, "%s%s", before, check_name((enum check)i));
		before = ", ";
	}
	if (all)
		text_addf(line, "%sall namespaces", before);
}

/* ": shared, kernel agrees" */
static void finish_answer(struct sink *sink, const struct event *event, uint64_t bit)
{
	const struct check_answers *answers = &event->verify.answers;

	text_addf(&sink->printer.line, ": %s",
		  answers->shared & bit	 ? "shared"
		  : answers->apart & bit ? "not shared"
					 : "neither has one");
	if ((event->verify.said.shared | event->verify.said.apart) & bit)
		text_add(&sink->printer.line, ", kernel agrees");
	printer_finish(&sink->printer, FOLD_WORDS);
}

/* -v: one line for each answer, and one for all namespaces if all are shared. */
static void finish_answers(struct sink *sink, const struct event *event)
{
	const struct check_answers *answers = &event->verify.answers;
	const struct check_masks *said = &event->verify.said;
	const uint64_t namespaces = check_namespace_kinds();
	const bool all = (answers->shared & said->shared & namespaces) == namespaces;
	uint64_t left = (answers->shared | answers->apart | answers->neither) & ~check_differences(said, answers);

	for (unsigned i = 0; i < CHECK_COUNT; i++) {
		const uint64_t bit = UINT64_C(1) << i;

		if (!(left & bit))
			continue;
		text_add(&sink->printer.line, all && namespaces & bit ? "all namespaces" : check_name((enum check)i));
		finish_answer(sink, event, bit);
		if (all && namespaces & bit)
			left &= ~namespaces;
	}
}

/* The task that a task is compared with. */
static void add_other(struct text *line, const struct event *event)
{
	if (event->have & EVENT_HAVE_ENTERED)
		text_addf(line, "what descriptor %d names", event->verify.descriptor);
	else if (event->verify.other)
		text_addf(line, "%d", (int)event->verify.other);
	else
		text_add(line, "cltrace itself");
}

void text_on_verify(struct sink *sink, const struct step *step)
{
	const struct event *event = step->event;
	const struct check_answers *answers = &event->verify.answers;
	const uint64_t differences = check_differences(&event->verify.said, answers);
	const uint64_t known = answers->shared | answers->apart | answers->neither;
	/* Namespaces for children are shown only if the call was about them. */
	const uint64_t behind = check_namespaces() & ~check_namespace_kinds();
	const uint64_t said = event->verify.said.shared | event->verify.said.apart, shown = ~(behind & ~said);
	struct text *line = &sink->printer.line;

	sink->verified++;
	line_begin(sink, event, event->tid ? event->tid : event->verify.other);
	text_add(line, !(known & said) ? "verify: " : differences ? "kernel disagrees: " : "kernel agrees: ");
	if (event->tid) {
		text_addf(line, "%d and ", (int)event->tid);
		add_other(line, event);
	} else {
		text_addf(line, "%d and its creator", (int)event->verify.other);
	}
	if (!sink->base.options.verbose) {
		verify_add_checks(line, " share: ", answers->shared & shown);
		verify_add_checks(line, "; not shared: ", answers->apart & shown);
		verify_add_checks(line, "; neither has: ", answers->neither);
	}
	if (answers->refused) {
		verify_add_checks(line, "; not known: ", answers->refused & shown);
		if (errno_name(answers->error))
			text_addf(line, " (%s)", errno_name(answers->error));
	}
	printer_finish(&sink->printer, FOLD_WORDS);
	if (sink->base.options.verbose)
		finish_answers(sink, event);
}

void text_on_difference(struct sink *sink, const struct step *step)
{
	const struct event *event = step->event;
	const struct check_answers *answers = &event->verify.answers;
	const uint64_t mask = event->verify.said.shared | event->verify.said.apart;
	struct text *line = &sink->printer.line;
	unsigned check = 0;

	sink->differences++;
	while (check < CHECK_COUNT && !(mask >> check & 1))
		check++;
	line_begin(sink, event, event->tid ? event->tid : event->verify.other);
	printer_color(&sink->printer, PALETTE_REFUSED);
	text_add(line, "DIFFERENCE to ");
	add_other(line, event);
	text_addf(line, ": %s: ", check < CHECK_COUNT ? check_name((enum check)check) : "something newer");
	text_addf(line, "%s by the flags, %s by the kernel; ", event->verify.said.shared ? "shared" : "not shared",
		  answers->shared  ? "shared"
		  : answers->apart ? "not shared"
				   : "neither has one");
	text_add(line, check_cause_explain((enum check_cause)event->verify.cause));
	printer_finish(&sink->printer, FOLD_WORDS);
}
