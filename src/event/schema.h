/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Tables describe events: one row for each kind and one for each field of the struct in event.h.
 *
 * Derived from these rows, and written nowhere else: names, the copies that event_copy() makes, lines of JSON both
 * ways, the groups of -e trace=, share/cltrace-events.schema.json and the fields in cltrace-events(5) ("make derived").
 */
#ifndef EVENT_SCHEMA_H
#define EVENT_SCHEMA_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "event/event.h"

/* Whose task an event is about. */
enum event_about {
	EVENT_ABOUT_TASK,  /* the task tid, if there is one */
	EVENT_ABOUT_CHILD, /* the task that tid created */
	EVENT_ABOUT_TRACE, /* none */
};

/* Whether the event begins or ends the life of that task. */
enum event_life { EVENT_LIFE_CONTINUES, EVENT_LIFE_STARTS, EVENT_LIFE_ENDS };

enum field_type {
	FIELD_FORMAT,
	FIELD_KIND,	  /* enum event_kind */
	FIELD_MODE,	  /* enum event_mode */
	FIELD_NOTE,	  /* enum event_note */
	FIELD_CALL,	  /* enum call */
	FIELD_ABI,	  /* const struct abi * */
	FIELD_PID,	  /* pid_t, never negative */
	FIELD_INT,	  /* int */
	FIELD_UINT,	  /* 32 bits, unsigned */
	FIELD_BOOL,	  /* bool */
	FIELD_COUNT,	  /* uint64_t, a time or a number of things: rounding it would do no harm */
	FIELD_BITS,	  /* uint64_t in which every bit matters: flags, addresses */
	FIELD_SIGNED,	  /* int64_t */
	FIELD_STRING,	  /* const char * */
	FIELD_BYTES,	  /* const char *, any bytes but NUL; if they are not UTF-8, there is also KEY_hex */
	FIELD_ARGV,	  /* struct arguments; if one of them is not UTF-8, there is also KEY_hex */
	FIELD_REQUEST,	  /* struct request */
	FIELD_NSPIDS,	  /* struct nspids */
	FIELD_NAMESPACES, /* uint64_t[NAMESPACE_COUNT] by their names, without those that are not known */
	FIELD_TIDS,	  /* request's set_tid_list, as long as set_tid_size says */
	FIELD_NEWER,	  /* request's newer */
	FIELD_ARGS,	  /* request's args */
	FIELD_FACTS,	  /* const struct facts * */
	FIELD_STACK,	  /* struct stack's frames */
	FIELD_STACK_END,  /* enum stack_end */
	FIELD_FRAME,	  /* struct frame */

	/* Written for people and for jq, derived from the others, and left out if there is nothing to say. cltrace does
	 * not read them back. */
	FIELD_DERIVED,
	FIELD_CLOCK = FIELD_DERIVED, /* of `when` */
	FIELD_ARCH,
	FIELD_VERDICT,
	FIELD_REASONS, /* the flags that decided */
	FIELD_LOOKS_LIKE,
	FIELD_BY,	   /* the library call that was seen on the stack */
	FIELD_ORIGIN,	   /* the index of the origin's frame */
	FIELD_ERROR_NAME,  /* of an int */
	FIELD_RESULT_NAME, /* of an int64_t: the errno of a negative result */
	FIELD_NOTE_ERROR_NAME,
	FIELD_RULE,	   /* the name of the rule that was violated */
	FIELD_WHY,	   /* the same in words */
	FIELD_SIGNAL_NAME, /* of an int */
	FIELD_NOTE_SIGNAL_NAME,
	FIELD_CODE_NAME, /* si_code's */
	FIELD_EXIT_CODE, /* what a wait status says: this, or the next three */
	FIELD_DEATH_SIGNAL,
	FIELD_DEATH_SIGNAL_NAME,
	FIELD_CORE,
	FIELD_FLAG_NAMES, /* of a request */
	FIELD_EXIT_SIGNAL_NAME,
	FIELD_CHECK_NAMES, /* of a mask of enum check */
	FIELD_INFERRED_NAMES,
	FIELD_CAUSE_NAME, /* enum check_cause */
	FIELD_TYPE_COUNT
};

/* One "key":value. Keys that share a bit of `have` are all present or all absent; a key without such a bit is always
 * present. */
struct field {
	const char *key;
	const char *written; /* ,"key": */
	size_t length;	     /* of `written` */
	bool added;	     /* by the source to what follow reports */
	unsigned of;	     /* bits 1 << kind, of those that have these rows, or 1 << call for a request's fields */
	unsigned have;
	enum field_type type;
	size_t offset; /* into struct event, struct request or struct frame; 0 for most that are derived */
	size_t size;   /* in bytes, of the member there */
	/* sentences for the manual; `...` marks something literal, a file, an option or a section */
	const char *doc;
};

struct fields {
	const struct field *rows;
	size_t count;
	const char *doc; /* what has these fields, in sentences like a field's; NULL: see kind_row */
};

struct kind_row {
	const char *name;
	const char *words; /* of -e trace=, with blanks between */
	enum event_about about;
	enum event_life life;
	struct fields own; /* besides those of event_common; similar kinds share them */
	const char *doc;   /* as a field's */
};

/* event_common: the fields of every line, before those of its kind. They point to nothing. */
extern const struct fields event_common, request_fields, frame_fields;

/* What is known of a frame. */
enum frame_have {
	FRAME_HAVE_OBJECT = 1 << 0,
	FRAME_HAVE_FUNCTION = 1 << 1,
	FRAME_HAVE_FILE = 1 << 2,
	FRAME_HAVE_INLINED = 1 << 3,
};

const struct kind_row *event_kind_row(enum event_kind kind);

/* The kinds, bits 1 << enum event_kind, that WORD of -e trace= names; 0: no kind has this word. */
unsigned event_kinds_of(const char *word, size_t length);

/* Whether each line of its kind has FIELD. */
bool field_is_always(const struct field *field);

/* The presence bits of the fields that the source adds to an event of KIND. */
unsigned event_added(enum event_kind kind);

#endif
