/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Names of events and notes, and events that outlive the call that handed them over. */
#include "event/event.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"

static const char *const kind_names[EVENT_KIND_COUNT] = {
	[EVENT_BEGIN] = "begin",
	[EVENT_ATTACH] = "attach",
	[EVENT_LOOK] = "look",
	[EVENT_SPAWN] = "spawn",
	[EVENT_REFUSED] = "refused",
	[EVENT_VFORK_DONE] = "vfork-done",
	[EVENT_CALL] = "call",
	[EVENT_EXEC] = "exec",
	[EVENT_NAME] = "name",
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
	[NOTE_PTRACE_DENIED] = "ptrace-denied",
	[NOTE_STRICT_DENIED] = "strict-denied",
	[NOTE_UNREADABLE] = "unreadable",
	[NOTE_WORKERS] = "workers",
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

const char *arguments_next(const struct arguments *arguments, const char *argument)
{
	const char *next = argument ? argument + strlen(argument) + 1 : arguments->bytes;

	return next && next < arguments->bytes + arguments->length ? next : NULL;
}

#define STRINGS_MAX 5

/* Where an event keeps a string, and the bit of `have` that says whether it is known. */
struct string {
	const char **at;
	unsigned have;
};

/* Where EVENT keeps its strings. Returns how many there are. */
static unsigned event_strings(struct event *event, struct string ret[STRINGS_MAX])
{
	switch (event->kind) {
	case EVENT_BEGIN:
		ret[0] = (struct string){ &event->begin.version, EVENT_HAVE_HOST };
		ret[1] = (struct string){ &event->begin.release, EVENT_HAVE_HOST };
		return 2;
	case EVENT_LOOK:
		ret[0] = (struct string){ &event->look.state, EVENT_HAVE_LOOK };
		ret[1] = (struct string){ &event->look.name, EVENT_HAVE_LOOK };
		ret[2] = (struct string){ &event->look.cpus, EVENT_HAVE_LOOK };
		return 3;
	case EVENT_ATTACH:
		ret[0] = (struct string){ &event->attach.command, EVENT_HAVE_COMMAND };
		return 1;
	case EVENT_EXEC:
		ret[0] = (struct string){ &event->exec.command, EVENT_HAVE_COMMAND };
		ret[1] = (struct string){ &event->exec.script, EVENT_HAVE_SCRIPT };
		ret[2] = (struct string){ &event->exec.exe, EVENT_HAVE_EXE };
		ret[3] = (struct string){ &event->exec.loader, EVENT_HAVE_LOADER };
		ret[4] = (struct string){ &event->exec.cwd, EVENT_HAVE_CWD };
		return 5;
	case EVENT_NAME:
		ret[0] = (struct string){ &event->name.name, EVENT_HAVE_NAME };
		return 1;
	case EVENT_SPAWN:
		ret[0] = (struct string){ &event->spawn.pidfd_is, EVENT_HAVE_PIDFD };
		ret[1] = (struct string){ &event->attempt.refers, EVENT_HAVE_REFERS };
		return 2;
	case EVENT_REFUSED:
		ret[0] = (struct string){ &event->attempt.refers, EVENT_HAVE_REFERS };
		return 1;
	case EVENT_CALL:
		ret[0] = (struct string){ &event->attempt.refers, EVENT_HAVE_REFERS };
		ret[1] = (struct string){ &event->call.file, EVENT_HAVE_FILE };
		return 2;
	case EVENT_EXIT:
		ret[0] = (struct string){ &event->exit.call, EVENT_HAVE_FORBIDDEN };
		return 1;
	case EVENT_VFORK_DONE:
	case EVENT_SIGNAL:
	case EVENT_GROUP_STOP:
	case EVENT_GROUP_CONT:
	case EVENT_LEADER_EXIT:
	case EVENT_GROUP_EXIT:
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

/* Where EVENT keeps arguments, or NULL. */
static struct arguments *event_arguments(struct event *event)
{
	if (event->kind == EVENT_EXEC)
		return &event->exec.argv;
	return event->kind == EVENT_ATTACH ? &event->attach.argv : NULL;
}

static struct arguments arguments_copy(const struct arguments *arguments)
{
	char *bytes = mem_alloc(arguments->length + 1);

	if (arguments->length)
		memcpy(bytes, arguments->bytes, arguments->length);
	return (struct arguments){ bytes, arguments->length, arguments->cut };
}

struct event *event_copy(const struct event *event)
{
	struct event *copy = mem_alloc(sizeof(*copy));
	struct attempt *attempt = &copy->attempt;
	struct string strings[STRINGS_MAX];
	struct arguments *argv;
	unsigned count;

	*copy = *event;
	argv = event_arguments(copy);
	if (argv)
		*argv = copy->have & EVENT_HAVE_ARGV ? arguments_copy(argv) : (struct arguments){ 0 };
	attempt->facts = event_facts(event) ? facts_copy(event_facts(event)) : NULL;
	count = event_strings(copy, strings);
	for (unsigned i = 0; i < count; i++)
		*strings[i].at = copy->have & strings[i].have ? mem_strdup(*strings[i].at) : NULL;
	if (copy->kind == EVENT_SPAWN && copy->have & EVENT_HAVE_START)
		frame_own(&copy->spawn.start);
	else if (copy->kind == EVENT_SPAWN)
		copy->spawn.start = (struct frame){ 0 };
	if (event_stack(event))
		attempt->stack.frames = frames_copy(attempt->stack.frames, attempt->stack.count);
	else
		attempt->stack = (struct stack){ 0 };
	return copy;
}

void event_free(struct event *event)
{
	struct string strings[STRINGS_MAX];
	struct arguments *argv;
	unsigned count;

	if (!event)
		return;
	argv = event_arguments(event);
	if (argv)
		free((char *)argv->bytes);
	count = event_strings(event, strings);
	for (unsigned i = 0; i < count; i++)
		free((char *)*strings[i].at);
	if (event->kind == EVENT_SPAWN)
		frame_done(&event->spawn.start);
	facts_free((struct facts *)event->attempt.facts);
	frames_free((struct frame *)event->attempt.stack.frames, event->attempt.stack.count);
	free(event);
}
