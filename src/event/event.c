/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Names of events and notes, and events that outlive the call that handed them over. */
#include "event/event.h"

#include <stdlib.h>

#include "base/mem.h"

static const char *const kind_names[EVENT_KIND_COUNT] = {
	[EVENT_BEGIN] = "begin",
	[EVENT_ATTACH] = "attach",
	[EVENT_LOOK] = "look",
	[EVENT_SPAWN] = "spawn",
	[EVENT_REFUSED] = "refused",
	[EVENT_CALL] = "call",
	[EVENT_EXEC] = "exec",
	[EVENT_SIGNAL] = "signal",
	[EVENT_GROUP_STOP] = "group-stop",
	[EVENT_GROUP_CONT] = "group-cont",
	[EVENT_LEADER_EXIT] = "leader-exit",
	[EVENT_GROUP_EXIT] = "group-exit",
	[EVENT_EXIT] = "exit",
	[EVENT_VERIFY] = "verify",
	[EVENT_DIFFERENCE] = "difference",
	[EVENT_REPARENT] = "reparent",
	[EVENT_DETACH] = "detach",
	[EVENT_NOTE] = "note",
	[EVENT_END] = "end",
};

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
	[NOTE_CLONE3_HIDDEN] = "clone-hidden",
};

const char *event_kind_name(enum event_kind kind)
{
	return (unsigned)kind < EVENT_KIND_COUNT && kind_names[kind] ? kind_names[kind] : "?";
}

const char *event_note_name(enum event_note note)
{
	return (unsigned)note < NOTE_COUNT && note_names[note] ? note_names[note] : "?";
}

#define STRINGS_MAX 3

/* Where EVENT keeps its strings, and the bit of `have` that says whether they are known. Returns how many there are. */
static unsigned event_strings(struct event *event, const char **ret[STRINGS_MAX], unsigned *ret_have)
{
	*ret_have = event->kind == EVENT_BEGIN ? EVENT_HAVE_HOST : EVENT_HAVE_COMMAND;
	switch (event->kind) {
	case EVENT_BEGIN:
		ret[0] = &event->begin.version;
		ret[1] = &event->begin.release;
		return 2;
	case EVENT_LOOK:
		*ret_have = EVENT_HAVE_LOOK;
		ret[0] = &event->look.state;
		ret[1] = &event->look.name;
		ret[2] = &event->look.cpus;
		return 3;
	case EVENT_ATTACH:
		ret[0] = &event->attach.command;
		return 1;
	case EVENT_EXEC:
		ret[0] = &event->exec.command;
		return 1;
	case EVENT_SPAWN:
	case EVENT_REFUSED:
	case EVENT_CALL:
	case EVENT_SIGNAL:
	case EVENT_GROUP_STOP:
	case EVENT_GROUP_CONT:
	case EVENT_LEADER_EXIT:
	case EVENT_GROUP_EXIT:
	case EVENT_EXIT:
	case EVENT_VERIFY:
	case EVENT_DIFFERENCE:
	case EVENT_REPARENT:
	case EVENT_DETACH:
	case EVENT_NOTE:
	case EVENT_END:
	case EVENT_KIND_COUNT:
		break;
	}
	return 0;
}

/* Where EVENT keeps what was looked at, NULL for one that has no place for it. */
static const struct facts **event_facts(struct event *event)
{
	if (event->kind == EVENT_REFUSED)
		return &event->refused.facts;
	return event->kind == EVENT_CALL ? &event->call.facts : NULL;
}

/* Where EVENT keeps a stack, or NULL. */
static struct stack *event_stack(struct event *event)
{
	if (event->kind == EVENT_SPAWN)
		return &event->spawn.stack;
	return event->kind == EVENT_REFUSED ? &event->refused.stack : NULL;
}

struct event *event_copy(const struct event *event)
{
	struct event *copy = mem_alloc(sizeof(*copy));
	const char **strings[STRINGS_MAX];
	const struct facts **facts;
	struct stack *stack;
	unsigned count, have;

	*copy = *event;
	facts = event_facts(copy);
	if (facts)
		*facts = copy->have & EVENT_HAVE_FACTS ? facts_copy(*facts) : NULL;
	stack = event_stack(copy);
	count = event_strings(copy, strings, &have);
	for (unsigned i = 0; i < count; i++)
		*strings[i] = copy->have & have ? mem_strdup(*strings[i]) : NULL;
	if (copy->kind == EVENT_SPAWN && copy->have & EVENT_HAVE_START)
		frame_own(&copy->spawn.start);
	else if (copy->kind == EVENT_SPAWN)
		copy->spawn.start = (struct frame){ 0 };
	if (stack && copy->have & EVENT_HAVE_STACK)
		stack->frames = frames_copy(stack->frames, stack->count);
	else if (stack)
		*stack = (struct stack){ 0 };
	return copy;
}

void event_free(struct event *event)
{
	const char **strings[STRINGS_MAX];
	const struct facts **facts;
	struct stack *stack;
	unsigned count, have;

	if (!event)
		return;
	facts = event_facts(event);
	if (facts)
		facts_free((struct facts *)*facts);
	stack = event_stack(event);
	count = event_strings(event, strings, &have);
	for (unsigned i = 0; i < count; i++)
		free((char *)*strings[i]);
	if (event->kind == EVENT_SPAWN)
		frame_done(&event->spawn.start);
	if (stack)
		frames_free((struct frame *)stack->frames, stack->count);
	free(event);
}
