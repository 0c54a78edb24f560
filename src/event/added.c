/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Joins what follow reports of an event and what the source has added to the event. */
#include <assert.h>
#include <string.h>

#include "event/schema.h"

unsigned event_added(enum event_kind kind)
{
	static const unsigned added[EVENT_KIND_COUNT] = {
		[EVENT_BEGIN] = EVENT_HAVE_HOST | EVENT_HAVE_NS,
		[EVENT_ATTACH] = EVENT_HAVE_ARGV | EVENT_HAVE_ARGV_CUT | EVENT_HAVE_NS,
		[EVENT_SPAWN] = EVENT_HAVE_ORIGIN | EVENT_HAVE_REFERS | EVENT_HAVE_PIDFD | EVENT_HAVE_NS,
		[EVENT_REFUSED] = EVENT_HAVE_STACK | EVENT_HAVE_REFERS,
		[EVENT_CALL] = EVENT_HAVE_REFERS | EVENT_HAVE_FILE | EVENT_HAVE_NS,
		[EVENT_EXEC] = EVENT_HAVE_ARGV | EVENT_HAVE_ARGV_CUT | EVENT_HAVE_SCRIPT | EVENT_HAVE_EXE |
			       EVENT_HAVE_LOADER | EVENT_HAVE_CWD | EVENT_HAVE_NS,
		[EVENT_EXIT] = EVENT_HAVE_FORBIDDEN,
	};

	return added[kind];
}

/* How many bytes a field of TYPE has in its struct. */
static size_t field_size(enum field_type type)
{
	static const size_t sizes[FIELD_DERIVED] = {
		[FIELD_KIND] = sizeof(enum event_kind),
		[FIELD_MODE] = sizeof(enum event_mode),
		[FIELD_NOTE] = sizeof(enum event_note),
		[FIELD_PID] = sizeof(pid_t),
		[FIELD_INT] = sizeof(int),
		[FIELD_UINT] = sizeof(uint32_t),
		[FIELD_BOOL] = sizeof(bool),
		[FIELD_COUNT] = sizeof(uint64_t),
		[FIELD_BITS] = sizeof(uint64_t),
		[FIELD_SIGNED] = sizeof(int64_t),
		[FIELD_STRING] = sizeof(const char *),
		[FIELD_BYTES] = sizeof(const char *),
		[FIELD_ARGV] = sizeof(struct arguments),
		[FIELD_REQUEST] = sizeof(struct request),
		[FIELD_NSPIDS] = sizeof(struct nspids),
		[FIELD_NAMESPACES] = sizeof(uint64_t[NAMESPACE_COUNT]),
		[FIELD_FACTS] = sizeof(const struct facts *),
		[FIELD_STACK] = sizeof(struct stack),
		[FIELD_STACK_END] = sizeof(enum stack_end),
		[FIELD_FRAME] = sizeof(struct frame),
	};

	assert(type < FIELD_DERIVED && sizes[type]);
	return sizes[type];
}

void event_add(struct event *event, const struct event *from)
{
	const unsigned had = event->have, added = event_added(event->kind) & from->have;
	const struct fields *own = &event_kind_row(event->kind)->own;

	for (const struct field *field = own->rows; field < own->rows + own->count; field++) {
		const bool is_name = field->type == FIELD_STRING || field->type == FIELD_BYTES;

		if (field->type < FIELD_DERIVED && field->have & added && (!(field->have & had) || is_name))
			memcpy((char *)event + field->offset, (const char *)from + field->offset,
			       field_size(field->type));
	}
	event->have |= added;
}
