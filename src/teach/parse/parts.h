/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What the files of this folder share: pieces of the input, and the values that are read from them. */
#ifndef TEACH_PARSE_PARTS_H
#define TEACH_PARSE_PARTS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#include "clone/request.h"

struct fingerprint;
struct parsed;
struct text;

/* A piece of the input. */
struct span {
	const char *at;
	size_t length;
};

/* The value of a mask or an expression. */
struct mask {
	uint64_t value;	 /* flags; from numbers also bits that may be clone's exit signal */
	uint64_t signal; /* by name */
	bool has_signal;
	struct span signal_by; /* which word gave it */
	struct span low_by;    /* the number that gave the lowest byte, if one did */
	struct span low_too;   /* a number that gives another one */
	uint64_t named;	       /* flags that were given by name */
	unsigned calls;	       /* bits: the calls that take every flag given by name */
	struct span call_by;   /* the named flag after which fewer calls were possible; perhaps none is left */
	const struct fingerprint *row;
	struct span row_by;
};

/* The values of a call's arguments, by their names in all three notations. */
enum argument {
	ARGUMENT_NONE,
	ARGUMENT_FLAGS,
	ARGUMENT_EXIT_SIGNAL,
	ARGUMENT_STACK,
	ARGUMENT_STACK_SIZE,
	ARGUMENT_PARENT_TID,
	ARGUMENT_CHILD_TID,
	ARGUMENT_TLS,
	ARGUMENT_PIDFD,
	ARGUMENT_SET_TID,
	ARGUMENT_SET_TID_SIZE,
	ARGUMENT_CGROUP,
	ARGUMENT_SIZE,
	ARGUMENT_FD,
	ARGUMENT_STRANGE, /* its name is none of these */
	ARGUMENT_BEYOND,  /* it has no name, and its place is not a known one */
	ARGUMENT_COUNT
};

struct arguments {
	bool given[ARGUMENT_COUNT];
	uint64_t values[ARGUMENT_COUNT];
	struct mask mask; /* of ARGUMENT_FLAGS */
	int32_t set_tid[CLONE_SET_TID_MAX];
	size_t set_tid_count;
	bool lists; /* the line shows what was at an address after the call, in place of the address */
};

/* ---- span.c ---- */

/* Whether BYTE can be in the name of a flag, a call or an argument. */
bool is_word_byte(char byte);

bool span_is(struct span span, const char *string);
struct span span_trim(struct span span);

/* Whether SPAN is a number beyond 64 bits. */
bool span_overflows(struct span span);

/* The number SPAN, in C's notation; false: it is not a number. */
bool span_number(struct span span, uint64_t *ret);

/* Adds to MESSAGE that SPAN is WRONG. Returns -EINVAL. */
int span_refuse(struct text *message, struct span span, const char *wrong);

/* The same of two words that do not go together: WRONG has a %s for the second one. */
int span_refuse_two(struct text *message, struct span span, const char *wrong, struct span other);

/* ---- expression.c ---- */

/* Reads flags joined by '|'; '~' removes what follows it. REST is in a NUL-terminated string. */
int expression_parse(struct span rest, enum call call, struct mask *ret, struct text *message);

/* Reports contradictions in MASK if it is CALL's. Only clone has an exit signal among its flags. */
int expression_check(const struct mask *mask, enum call call, struct text *message);

/* ---- line.c ---- */

/* Where a '(' follows the name of a call that cltrace follows, and which call; NULL: nowhere. */
const char *line_find_call(const char *line, enum call *ret_call, const char **ret_arguments);

/* Reads the arguments at *AT, which is moved to the ')' behind them or to the end of what there is. */
int line_parse_arguments(const char **at, enum call call, struct arguments *arguments, struct text *message);

/* ") = 123", ") = -1 EINVAL (Invalid argument)", ") = ?" */
int line_parse_result(const char *at, struct parsed *parsed, struct text *message);

/* The caller's tid, before the call: "[pid 12] ", "12 ", perf's "name/12 ". */
pid_t line_parse_caller(const char *line, const char *call);

/* ---- build.c ---- */

/* If nothing is known of pointers, different ones, because the kernel refuses equal ones. */
void build_pointers(struct arguments *arguments);

/* CALL; if it is CALL_NONE, the one that is probably meant: one that accepts MASK. A person who knows only the name of
 * a library call may mean fork or vfork, which have no flags to give. */
enum call build_call(const struct mask *mask, enum call call);

void build_request(enum call call, const struct arguments *arguments, struct request *ret);

#endif
