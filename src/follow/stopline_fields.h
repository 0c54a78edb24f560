/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The fields of the lines of --debug-stops, for the files of stopline only: one table for formatting, parsing and
 * answering. */
#ifndef FOLLOW_STOPLINE_FIELDS_H
#define FOLLOW_STOPLINE_FIELDS_H

#include <stddef.h>

#include "follow/stopline.h"

enum stopline_type {
	FIELD_DECIMAL, /* a signed number, 1, 4 or 8 bytes wide */
	FIELD_HEX,     /* ... in which bits matter */
	FIELD_STATUS,  /* ... that is written even if it is zero */
	FIELD_WANT,    /* 1: one bit of enum event_want, which is `have` of the row */
	FIELD_MODE,    /* enum event_mode by name */
	FIELD_HOW,     /* enum order_how by name */
	FIELD_LETTER,  /* a char */
	FIELD_ARGS,    /* a call's six arguments */
	FIELD_BYTES,   /* clone_args: pairs of hexadecimal digits */
	FIELD_SET_TID, /* clone_args: the list */
	FIELD_NSPIDS,  /* struct nspids, if there is more than one */
	FIELD_FACTS,   /* stop.facts: what:value:use:id, with commas */
	FIELD_CGROUP,  /* their cgroup, as a command */
	FIELD_COMMAND, /* an escaped string to the end of the line; NULL: left out */
	FIELD_LINE,    /* a string to the end of the line, as it is */
	FIELD_TYPE_COUNT
};

struct stopline_field {
	unsigned kinds; /* bits 1 << enum stopline_kind */
	unsigned have;	/* in a gather line: only with one of these parts; 0: always. For FIELD_WANT: the bit */
	const char *key;
	enum stopline_type type;
	uint16_t offset, size; /* in struct stopline */
};

/* The fields in the order in which lines have them; those that extend to the end of the line are last. */
extern const struct stopline_field stopline_fields[];
extern const size_t stopline_field_count;

/* "begin", "attach", ...: the first word of a line. */
const char *stopline_word(enum stopline_kind kind);

/* "cont", "syscall", ...; NULL: there is no such order. */
const char *stopline_how(unsigned how);

/* Whether LINE has FIELD: the field belongs to its kind and, in an answer, to a part that the answer has. */
bool stopline_has(const struct stopline *line, const struct stopline_field *field);

#endif
