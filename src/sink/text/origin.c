/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The program's side: where in the program a creation comes from, and what the new task runs. */
#include "sink/text/text.h"

#include <inttypes.h>

#include "render/words.h"

static bool shows_origin(const struct sink *sink)
{
	return sink->base.options.origin != SINK_ORIGIN_NEVER;
}

bool origin_is_call_seen(const struct sink *sink, const struct task *task)
{
	return task && words_seen_call(task, &sink->base.options);
}

/* Why the stack that is shown ends where it ends. */
static void finish_stack_end(struct sink *sink, const struct stack *stack)
{
	const struct stack cut = { .end = STACK_LIMIT, .count = sink->base.options.frames };
	const char *end = words_stack_end(stack->count > cut.count ? &cut : stack);

	if (!*end)
		return;
	text_addf(&sink->printer.line, "  (%s)", end);
	printer_finish(&sink->printer, FOLD_WORDS);
}

/* Why there is no origin in STACK. */
static const char *lack_of_origin(const struct stack *stack)
{
	if (stack->end == STACK_LIMIT)
		return "the stack is too deep";
	if (stack->end == STACK_ORIGIN)
		return "what asked the kernel has no name, and may be the C library's";
	return stack->end == STACK_WHOLE ? "no function of the program's is on the stack" : words_stack_end(stack);
}

void origin_finish(struct sink *sink, const struct event *event, const struct stack *stack)
{
	if (!(event->have & EVENT_HAVE_STACK) || !shows_origin(sink))
		return;
	words_add_origin(&sink->printer.line, stack);
	if (!sink->printer.line.length && !sink->base.options.frames && sink->base.options.origin == SINK_ORIGIN_ALWAYS)
		text_addf(&sink->printer.line, "origin not known: %s", lack_of_origin(stack));
	printer_finish(&sink->printer, FOLD_WORDS);
}

void origin_finish_stack(struct sink *sink, const struct event *event, const struct stack *stack)
{
	if (!(event->have & EVENT_HAVE_STACK) || !sink->base.options.frames)
		return;
	text_add(&sink->printer.line, "stack:");
	printer_finish(&sink->printer, FOLD_WORDS);
	for (unsigned i = 0; i < stack->count && i < sink->base.options.frames; i++) {
		text_addf(&sink->printer.line, "  #%u ", i);
		words_add_frame(&sink->printer.line, &stack->frames[i]);
		printer_finish(&sink->printer, FOLD_CUT);
	}
	finish_stack_end(sink, stack);
}

static void finish_memory_of_stack(struct sink *sink, const char *intro, uint64_t base, uint64_t size, uint64_t guard)
{
	text_addf(&sink->printer.line, "%s 0x%" PRIx64 "+0x%" PRIx64, intro, base, size);
	if (guard)
		text_addf(&sink->printer.line, " above a guard of %" PRIu64 " bytes", guard);
	printer_finish(&sink->printer, FOLD_WORDS);
}

void origin_finish_start(struct sink *sink, const struct event *event)
{
	struct text *line = &sink->printer.line;

	if (!shows_origin(sink))
		return;
	if (event->have & EVENT_HAVE_START) {
		text_add(line, "runs ");
		words_add_start(line, &event->spawn.start,
				event->have & EVENT_HAVE_ARGUMENT ? &event->spawn.argument : NULL);
	}
	if (event->have & EVENT_HAVE_PTHREAD)
		text_addf(line, "%spthread_t 0x%" PRIx64 " is LWP %d", line->length ? "; " : "", event->spawn.pthread,
			  (int)event->spawn.child);
	printer_finish(&sink->printer, FOLD_WORDS);
	if (event->have & EVENT_HAVE_NEW_STACK)
		finish_memory_of_stack(sink, "its stack is", event->spawn.new_stack, event->spawn.new_stack_size,
				       event->spawn.new_stack_guard);
	if (event->have & EVENT_HAVE_STACK_MAPPING)
		finish_memory_of_stack(sink, "its stack is in the memory", event->spawn.stack_mapping,
				       event->spawn.stack_mapping_size, event->spawn.stack_mapping_guard);
}
