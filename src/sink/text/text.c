/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The default output: one strace-like line for each call, then its effect in plain words; a tally and a tree at the
 * end. */
#include "sink/text/text.h"

#include <inttypes.h>

#include "model/filter.h"
#include "render/tree_table.h"
#include "render/words.h"
#include "sink/formats.h"

/* "5 processes made (3 with copied memory, 2 sharing it until exec), 7 threads" */
static void add_made(struct text *line, const struct tally *tally)
{
	static const char *const kinds[KIND_COUNT] = {
		[KIND_PROCESS] = "with copied memory",
		[KIND_PROCESS_VFORK] = "sharing memory until exec",
		[KIND_PROCESS_SHARING] = "sharing memory for good",
		[KIND_PROCESS_NAMESPACES] = "in new namespaces",
	};
	const char *before = " (";

	words_add_count(line, tally->processes, "process");
	text_add(line, " made");
	for (int i = 0; i < KIND_COUNT; i++) {
		if (!kinds[i] || !tally->kinds[i])
			continue;
		text_addf(line, "%s%" PRIu64 " %s", before, tally->kinds[i], kinds[i]);
		before = ", ";
	}
	text_add(line, *before == ',' ? "), " : ", ");
	words_add_count(line, tally->threads, "thread");
	if (!tally->workers)
		return;
	text_add(line, ", ");
	words_add_count(line, tally->workers, "io_uring worker");
	text_add(line, " not followed");
}

static void print_tally(struct sink *sink, const struct tally *tally)
{
	struct text *line = &sink->printer.line;

	add_made(line, tally);
	printer_finish(&sink->printer, FOLD_WORDS);
	text_add(line, "at most ");
	words_add_count(line, tally->most, "task");
	text_add(line, " at once");
	if (tally->attached)
		text_addf(line, "; %" PRIu64 " already there", tally->attached);
	text_add(line, "; ");
	words_add_refusals(line, tally->refused, sink->mode); /* calls that create no task are not counted */
	printer_finish(&sink->printer, FOLD_WORDS);
	if (sink->verified) {
		text_add(line, "verified: ");
		words_add_count(line, sink->verified, "answer");
		text_add(line, " of the kernel's, ");
		words_add_count(line, sink->differences, "difference");
		printer_finish(&sink->printer, FOLD_WORDS);
	}
	if (!sink->base.options.filter)
		return;
	text_add(line, "counted over the whole trace; lines and tree show ");
	filter_format(line, sink->base.options.filter);
	printer_finish(&sink->printer, FOLD_WORDS);
}

static void print_end(struct sink *sink, const struct model *model, uint64_t when)
{
	const struct tree_table_times times = { .begun = sink->when,
						.now = when,
						.snapshot = sink->mode == EVENT_MODE_SNAPSHOT };
	struct sink_options options = sink->base.options;

	text_add(&sink->base.text, "\n");
	printer_begin(&sink->printer, 0);
	print_tally(sink, model_tally(model));
	if (!sink->base.options.tree_limit)
		return;
	text_add(&sink->base.text, "\n");
	options.json = false; /* this is text */
	tree_table_draw(&sink->base.text, model, &options, &times);
}

static sink_handler *const handlers[EVENT_KIND_COUNT] = {
	[EVENT_BEGIN] = text_on_begin,
	[EVENT_ATTACH] = text_on_attach,
	[EVENT_SPAWN] = text_on_spawn,
	[EVENT_REFUSED] = text_on_refused,
	[EVENT_VFORK_DONE] = text_on_vfork_done,
	[EVENT_CALL] = text_on_call,
	[EVENT_EXEC] = text_on_exec,
	[EVENT_NAME] = text_on_name,
	[EVENT_SIGNAL] = text_on_signal,
	[EVENT_GROUP_STOP] = text_on_group_stop,
	[EVENT_GROUP_CONT] = text_on_group_cont,
	[EVENT_LEADER_EXIT] = text_on_leader_exit,
	[EVENT_GROUP_EXIT] = text_on_group_exit,
	[EVENT_EXIT] = text_on_exit,
	[EVENT_VERIFY] = text_on_verify,
	[EVENT_DIFFERENCE] = text_on_difference,
	[EVENT_REPARENT] = text_on_reparent,
	[EVENT_DETACH] = text_on_detach,
	[EVENT_NOTE] = text_on_note,
};

/* -q keeps the lines of calls; BEGIN is still read for its clock. */
static sink_handler *const quiet_handlers[EVENT_KIND_COUNT] = {
	[EVENT_BEGIN] = text_on_begin, [EVENT_SPAWN] = text_on_spawn,		[EVENT_REFUSED] = text_on_refused,
	[EVENT_CALL] = text_on_call,   [EVENT_VFORK_DONE] = text_on_vfork_done, [EVENT_DIFFERENCE] = text_on_difference,
};

static void text_open(struct sink *sink)
{
	struct sink_options *options = &sink->base.options;

	printer_init(&sink->printer, &sink->base.text, options);
	if (!options->quiet)
		return;
	sink->base.handlers = quiet_handlers;
	options->verbose = 0;
	if (options->origin == SINK_ORIGIN_AUTO)
		options->origin = SINK_ORIGIN_NEVER;
}

static void text_every(struct sink *sink, const struct step *step)
{
	sink->last = step->event->when;
}

/* With -q only the lines of calls are shown, without a tree. */
static unsigned text_needs(const struct sink_options *options)
{
	if (options->quiet)
		return 0;
	return WANT_NAMES | WANT_CHEAP_ORIGINS | (options->verbose ? WANT_IGNORED : 0);
}

/* Only the tree needs tasks that have ended, and with -q there is no tree. */
static size_t text_keeps(const struct sink_options *options)
{
	return options->quiet ? 0 : options->tree_limit;
}

static void text_finish(struct sink *sink, const struct model *model)
{
	if (!sink->base.options.quiet)
		print_end(sink, model, sink->last);
}

static void text_close(struct sink *sink)
{
	printer_done(&sink->printer);
}

const struct sink_ops text_sink = {
	.name = "text",
	.help = "each call as strace shows it, then what it made",
	.needs = text_needs,
	.keeps = text_keeps,
	.size = sizeof(struct sink),
	.open = text_open,
	.every = text_every,
	.handlers = handlers,
	.finish = text_finish,
	.close = text_close,
};
