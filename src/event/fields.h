/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The fields of a line of JSON, in its order: the one table that writing and reading are driven by. For codec's files
 * alone. */
#ifndef EVENT_FIELDS_H
#define EVENT_FIELDS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "event/event.h"

/* Written into BEGIN; to be raised only when a reader of the format before would misunderstand a line. */
#define CODEC_FORMAT 1

/* From here on a double, which is what jq and JavaScript keep numbers in, no longer holds every integer. */
#define EXACT_LIMIT (UINT64_C(1) << 53)

#define NEWER_SIZE sizeof(((struct request *)NULL)->newer)

#define COUNT_OF(array) (sizeof(array) / sizeof((array)[0]))

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
	FIELD_COUNT,	  /* uint64_t that means a time or a number of things: rounding it would do no harm */
	FIELD_BITS,	  /* uint64_t in which every bit matters: flags, addresses */
	FIELD_SIGNED,	  /* int64_t */
	FIELD_STRING,	  /* const char * */
	FIELD_BYTES,	  /* const char *, any bytes but NUL; beside KEY stands KEY_hex where they are no UTF-8 */
	FIELD_ARGV,	  /* struct arguments; beside KEY stands KEY_hex where one of them is no UTF-8 */
	FIELD_REQUEST,	  /* struct request */
	FIELD_NSPIDS,	  /* struct nspids */
	FIELD_NAMESPACES, /* uint64_t[NAMESPACE_COUNT] by their names, what is not known left out */
	FIELD_TIDS,	  /* request's set_tid_list, as long as set_tid_size says */
	FIELD_NEWER,	  /* request's newer */
	FIELD_ARGS,	  /* request's args */
	FIELD_FACTS,	  /* const struct facts * */
	FIELD_STACK,	  /* struct stack's frames */
	FIELD_STACK_END,  /* enum stack_end */
	FIELD_FRAME,	  /* struct frame */

	/* Written for people and for jq, worked out from the others, and left out where there is nothing to say. Nobody
	 * reads them back. */
	FIELD_DERIVED,
	FIELD_CLOCK = FIELD_DERIVED, /* of `when` */
	FIELD_ARCH,
	FIELD_VERDICT,
	FIELD_REASONS, /* the flags that decided */
	FIELD_LOOKS_LIKE,
	FIELD_BY,     /* the library call that was seen on the stack */
	FIELD_ORIGIN, /* the index of the origin's frame */
	FIELD_ERROR_NAME,
	FIELD_WHY, /* the rule that was broken, in words */
	FIELD_SIGNAL_NAME,
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
};

/* One "key":value. Keys that share a bit of `have` come and go together; without one the key is always there. */
struct field {
	const char *key;
	const char *written; /* ,"key": */
	size_t length;	     /* of `written` */
	unsigned of;	     /* bits 1 << kind of event, or 1 << call for a request's fields */
	unsigned have;
	enum field_type type;
	size_t offset; /* into struct event or struct request */
};

struct fields {
	const struct field *rows;
	size_t count;
};

extern const struct fields event_fields, request_fields, frame_fields;

/* What is known of a frame. */
enum frame_have {
	FRAME_HAVE_OBJECT = 1 << 0,
	FRAME_HAVE_FUNCTION = 1 << 1,
	FRAME_HAVE_FILE = 1 << 2,
	FRAME_HAVE_INLINED = 1 << 3,
};

unsigned frame_have(const struct frame *frame);

/* The names of enum event_mode; NULL behind the last. */
const char *mode_name(unsigned mode);

/* How many entries of set_tid_list there are. */
size_t set_tid_count(const struct request *request);

/* Whether TEXT is one JSON value (RFC 8259) in UTF-8, with white space around it, nested less than 32 deep. */
bool json_is_valid(const char *text, size_t length);

/* Whether EVENT's request is of the sort that its kind speaks of. */
bool request_fits(const struct event *event);

/* Reads a line as codec_encode() writes it, in one pass. Returns 0, or -EAGAIN where it is not of that very form (other
 * keys, another order, escapes): then the general reader is to judge it, which gives the same for all lines that this
 * one takes. */
int scan_event(const char *line, size_t length, struct event *ret);

#endif
