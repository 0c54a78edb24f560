/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Reads a request that a person writes or pastes: a mask, an expression, a library call's name, a line of strace, of
 * perf trace or of cltrace. */
#ifndef TEACH_PARSE_PARSE_H
#define TEACH_PARSE_PARSE_H

#include <stdbool.h>
#include <sys/types.h>

#include "clone/request.h"

struct fingerprint;
struct text;

enum parsed_as {
	PARSED_FLAGS, /* a mask or an expression; the call may be a guess (call_given) */
	PARSED_NAME,  /* a library call: `row` */
	PARSED_LINE,  /* a call that was made: `caller` and its result */
};

struct parsed {
	enum parsed_as as;
	struct request request;
	bool call_given;  /* the call is known, from the line or the user */
	bool stack_given; /* whether there is a stack is known */
	/* the addresses in `request` are the program's; else they replace them */
	bool pointers_given;
	uint64_t cut;		       /* bits beyond the low 32, which clone does not look at */
	const struct fingerprint *row; /* NAME: the library call's usual request */
	pid_t caller, child;	       /* LINE: 0: not known */
	int error;		       /* LINE: the errno; 0: it did not fail, or has not ended */
};

/* Reads WHAT:
 *
 *   0x1200011   4001536   1<<33   (3d0f00 is no number: hexadecimal ones begin with 0x)
 *
 *   CLONE_VM|CLONE_FS|SIGCHLD   vm|fs   0x100|CLONE_FS   pthread_create|~CLONE_SETTLS (all but)
 *
 *   fork   pthread_create()   posix_spawn   system   goroutine
 *
 *   [pid 12] clone(child_stack=NULL, flags=...|SIGCHLD, ...) = 13   clone3({flags=..., ...}, 88) = -1 EINVAL (...)
 *
 * CALL is clone, clone3, unshare or setns if the user says for which call the flags are meant. Else it is CALL_NONE,
 * which means clone, or the only call that accepts the flags. Returns 0 and fills *RET, or -EINVAL and adds to MESSAGE
 * one line with what was not understood and what to do, without WHAT itself. */
int parse_what(const char *what, enum call call, struct parsed *ret, struct text *message);

#endif
