/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Names of events and notes, and copies of events. */
#include "event/event.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "event/schema.h"

static const char *const note_names[NOTE_COUNT] = {
	[NOTE_NO_FILTER] = "no-filter",
	[NOTE_UNTRACED] = "untraced",
	[NOTE_CREATOR_LOST] = "creator-lost",
	[NOTE_SET_ID] = "set-id",
	[NOTE_SIGNAL_REPEATS] = "signal-repeats",
	[NOTE_OUTLIVED] = "outlived",
	[NOTE_NO_DURATION] = "no-duration",
	[NOTE_STOP_COST] = "stop-cost",
	[NOTE_UNREAPED] = "unreaped",
	[NOTE_PTRACE_DENIED] = "ptrace-denied",
	[NOTE_STRICT_DENIED] = "strict-denied",
	[NOTE_UNREADABLE] = "unreadable",
	[NOTE_WORKERS] = "workers",
	[NOTE_CLONE3_HIDDEN] = "clone-hidden",
};

const char *event_mode_name(unsigned mode)
{
	static const char *const names[EVENT_MODE_COUNT] = {
		[EVENT_MODE_FILTER] = "filter",
		[EVENT_MODE_EVENTS] = "events",
		[EVENT_MODE_CALLS] = "calls",
		[EVENT_MODE_SNAPSHOT] = "snapshot",
	};

	return mode < EVENT_MODE_COUNT ? names[mode] : NULL;
}

const char *event_note_name(enum event_note note)
{
	return (unsigned)note < NOTE_COUNT && note_names[note] ? note_names[note] : "?";
}

const char *arguments_next(const struct arguments *arguments, const char *argument)
{
	const char *next = argument ? argument + strlen(argument) + 1 : arguments->bytes;

	return next && next < arguments->bytes + arguments->length ? next : NULL;
}

static struct arguments arguments_copy(const struct arguments *arguments)
{
	char *bytes = mem_alloc(arguments->length + 1);

	if (arguments->length)
		memcpy(bytes, arguments->bytes, arguments->length);
	return (struct arguments){ bytes, arguments->length, arguments->cut };
}

/* Gives EVENT its own copy of what FIELD points to; if the field is not known, it points to nothing. */
static void field_own(struct event *event, const struct field *field)
{
	void *at = (char *)event + field->offset;
	const bool known = !field->have || event->have & field->have;
	struct arguments *argv = at;
	const struct facts **facts = at;
	const char **string = at;
	struct stack *stack = at;
	struct frame *frame = at;

	switch ((int)field->type) {
	case FIELD_STRING:
	case FIELD_BYTES:
		*string = known ? mem_strdup(*string) : NULL;
		break;
	case FIELD_ARGV:
		*argv = known ? arguments_copy(argv) : (struct arguments){ 0 };
		break;
	case FIELD_FACTS:
		*facts = known ? facts_copy(*facts) : NULL;
		break;
	case FIELD_STACK:
		*stack = known ? *stack : (struct stack){ 0 };
		stack->frames = known ? frames_copy(stack->frames, stack->count) : NULL;
		break;
	case FIELD_FRAME:
		*frame = known ? *frame : (struct frame){ 0 };
		frame_own(frame);
		break;
	}
}

static void field_free(struct event *event, const struct field *field)
{
	void *at = (char *)event + field->offset;
	const struct stack *stack = at;

	switch ((int)field->type) {
	case FIELD_STRING:
	case FIELD_BYTES:
		free(*(char **)at);
		break;
	case FIELD_ARGV:
		free((char *)((struct arguments *)at)->bytes);
		break;
	case FIELD_FACTS:
		facts_free(*(struct facts **)at);
		break;
	case FIELD_STACK:
		frames_free((struct frame *)stack->frames, stack->count);
		break;
	case FIELD_FRAME:
		frame_done(at);
		break;
	}
}

static bool type_points(enum field_type type)
{
	return type == FIELD_STRING || type == FIELD_BYTES || type == FIELD_ARGV || type == FIELD_FACTS ||
	       type == FIELD_STACK || type == FIELD_FRAME;
}

bool event_points(const struct event *event)
{
	const struct fields *own = &event_kind_row(event->kind)->own;

	for (const struct field *field = own->rows; field < own->rows + own->count; field++)
		if (type_points(field->type) && (!field->have || event->have & field->have))
			return true;
	return false;
}

struct event *event_copy(const struct event *event)
{
	const struct fields *own = &event_kind_row(event->kind)->own;
	struct event *copy = mem_alloc(sizeof(*copy));

	*copy = *event;
	for (const struct field *field = own->rows; field < own->rows + own->count; field++)
		if (field->of & 1u << copy->kind)
			field_own(copy, field);
	return copy;
}

void event_free(struct event *event)
{
	const struct fields *own;

	if (!event)
		return;
	own = &event_kind_row(event->kind)->own;
	for (const struct field *field = own->rows; field < own->rows + own->count; field++)
		if (field->of & 1u << event->kind)
			field_free(event, field);
	free(event);
}
