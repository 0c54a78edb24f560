/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Stacks of creations as flame graphs read them: one line for each different stack, outermost function first, with
 * semicolons between functions, and the number of tasks that were created there. */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/text.h"
#include "model/filter.h"
#include "render/words.h"
#include "sink/formats.h"

#define uthash_malloc(size) mem_alloc(size)
#include <uthash.h>

#define STACKS_MAX 100000 /* then all new stacks count as one, because a trace can run for a long time */
#define OTHERS "(others)"

struct folded {
	char *line;
	uint64_t count;
	UT_hash_handle hh;
};

struct sink {
	struct sink_base base;
	struct folded *stacks;
	struct text line; /* of the present event */
};

static void add_count(struct sink *sink, const char *line)
{
	struct folded *folded;

	HASH_FIND_STR(sink->stacks, line, folded);
	if (!folded && HASH_COUNT(sink->stacks) >= STACKS_MAX) {
		line = OTHERS;
		HASH_FIND_STR(sink->stacks, line, folded);
	}
	if (!folded) {
		folded = mem_zalloc(1, sizeof(*folded));
		folded->line = mem_strdup(line);
		HASH_ADD_KEYPTR(hh, sink->stacks, folded->line, strlen(folded->line), folded);
	}
	folded->count++;
}

/* Makes what was added to LINE from FROM on one name: a semicolon in it would begin the next name. */
static void end_name(struct text *line, size_t from)
{
	for (size_t i = from; i < line->length; i++)
		line->data[i] = line->data[i] == ';' ? ':' : line->data[i];
}

/* The name of the program that creates the task. */
static void add_program(struct text *line, const struct step *step)
{
	const struct process *process =
		step->task ? step->task->process : model_find_process(step->model, step->event->spawn.creator_tgid);
	size_t length = 0;
	const char *name = process && process->command ? model_program(process->command, &length) : NULL;
	char *copy;

	if (!name) {
		text_add(line, "not known");
		return;
	}
	copy = mem_alloc(length + 1);
	memcpy(copy, name, length);
	copy[length] = '\0';
	text_add_escaped(line, copy);
	free(copy);
}

static void folded_spawn(struct sink *sink, const struct step *step)
{
	const struct event *event = step->event;
	const struct stack *stack = &event->attempt.stack;
	struct text *line = &sink->line;

	text_clear(line);
	add_program(line, step);
	end_name(line, 0);
	if (!(event->have & EVENT_HAVE_STACK) || !stack->count)
		text_add(line, ";(no stack)");
	else if (stack->end != STACK_WHOLE)
		text_add(line, ";(not known)");
	for (unsigned i = event->have & EVENT_HAVE_STACK ? stack->count : 0; i-- > 0;) {
		size_t from;

		text_add(line, ";");
		from = line->length;
		words_add_function(line, &stack->frames[i]);
		end_name(line, from);
	}
	add_count(sink, text_get(line));
}

static int by_line(const struct folded *a, const struct folded *b)
{
	return strcmp(a->line, b->line);
}

static void folded_finish(struct sink *sink, const struct model *model)
{
	(void)model;
	HASH_SORT(sink->stacks, by_line);
	for (const struct folded *folded = sink->stacks; folded; folded = folded->hh.next)
		text_addf(&sink->base.text, "%s %" PRIu64 "\n", folded->line, folded->count);
}

static void folded_close(struct sink *sink)
{
	struct folded *folded, *next;

	HASH_ITER (hh, sink->stacks, folded, next) {
		HASH_DEL(sink->stacks, folded);
		free(folded->line);
		free(folded);
	}
	text_done(&sink->line);
}

static sink_handler *const handlers[EVENT_KIND_COUNT] = {
	[EVENT_SPAWN] = folded_spawn,
};

static unsigned folded_needs(const struct sink_options *options)
{
	(void)options;
	return WANT_STACKS;
}

const struct sink_ops folded_sink = {
	.name = "folded",
	.extensions = ".folded",
	.help = "call stacks of creations, for flame graphs",
	.at_end = true,
	.needs = folded_needs,
	.size = sizeof(struct sink),
	.handlers = handlers,
	.finish = folded_finish,
	.close = folded_close,
};
