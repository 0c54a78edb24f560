/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Names of events and notes, and events that outlive the call that handed them over. */
#include "event/event.h"

#include <stdlib.h>

#include "base/mem.h"

static const char *const kind_names[EVENT_KIND_COUNT] = {
	[EVENT_BEGIN] = "begin",
	[EVENT_ATTACH] = "attach",
	[EVENT_SPAWN] = "spawn",
	[EVENT_REFUSED] = "refused",
	[EVENT_CALL] = "call",
	[EVENT_EXEC] = "exec",
	[EVENT_SIGNAL] = "signal",
	[EVENT_GROUP_STOP] = "group-stop",
	[EVENT_GROUP_CONT] = "group-cont",
	[EVENT_LEADER_EXIT] = "leader-exit",
	[EVENT_EXIT] = "exit",
	[EVENT_REPARENT] = "reparent",
	[EVENT_DETACH] = "detach",
	[EVENT_NOTE] = "note",
	[EVENT_END] = "end",
};

static const char *const note_names[NOTE_COUNT] = {
	[NOTE_NO_FILTER] = "no-filter",		  [NOTE_UNTRACED] = "untraced",
	[NOTE_CREATOR_LOST] = "creator-lost",	  [NOTE_SET_ID] = "set-id",
	[NOTE_SIGNAL_REPEATS] = "signal-repeats", [NOTE_OUTLIVED] = "outlived",
	[NOTE_NO_DURATION] = "no-duration",
};

const char *event_kind_name(enum event_kind kind)
{
	return (unsigned)kind < EVENT_KIND_COUNT && kind_names[kind] ? kind_names[kind] : "?";
}

const char *event_note_name(enum event_note note)
{
	return (unsigned)note < NOTE_COUNT && note_names[note] ? note_names[note] : "?";
}

/* Where EVENT keeps its string, or NULL for a kind that has none. */
static const char **event_string(struct event *event)
{
	switch (event->kind) {
	case EVENT_ATTACH:
		return &event->attach.command;
	case EVENT_EXEC:
		return &event->exec.command;
	case EVENT_BEGIN:
	case EVENT_SPAWN:
	case EVENT_REFUSED:
	case EVENT_CALL:
	case EVENT_SIGNAL:
	case EVENT_GROUP_STOP:
	case EVENT_GROUP_CONT:
	case EVENT_LEADER_EXIT:
	case EVENT_EXIT:
	case EVENT_REPARENT:
	case EVENT_DETACH:
	case EVENT_NOTE:
	case EVENT_END:
	case EVENT_KIND_COUNT:
		break;
	}
	return NULL;
}

struct event *event_copy(const struct event *event)
{
	struct event *copy = mem_alloc(sizeof(*copy));
	const char **string;

	*copy = *event;
	string = event_string(copy);
	if (string)
		*string = copy->have & EVENT_HAVE_COMMAND ? mem_strdup(*string) : NULL;
	return copy;
}

void event_free(struct event *event)
{
	const char **string;

	if (!event)
		return;
	string = event_string(event);
	if (string)
		free((char *)*string);
	free(event);
}
