/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What flags need and exclude: the refusals that follow from a request alone, whoever makes it; and what its caller
 * must be. */
#ifndef CLONE_NEEDS_H
#define CLONE_NEEDS_H

#include <stddef.h>
#include <stdint.h>

struct request;
struct text;

/* What else breaks a rule than flags. */
enum need_about {
	NEED_FLAGS,	   /* `needs` and `excludes` alone */
	NEED_UNKNOWN,	   /* bits that the call does not take */
	NEED_EXIT_SIGNAL,  /* any exit signal is given */
	NEED_SIGNAL_RANGE, /* one above 64 is */
	NEED_STACK,	   /* of stack and stack_size exactly one is zero */
	NEED_POINTERS,	   /* pidfd and parent_tid are the same */
	NEED_SIZE,	   /* clone3's struct is shorter than 64 bytes */
	NEED_SIZE_CGROUP,  /* ... too short for cgroup */
	NEED_SET_TID,	   /* of set_tid and set_tid_size exactly one is zero, or the size is over 32 */
};

/* A rule for requests with all of `flags`: then all of `needs` must be set and nothing of `excludes` may be. */
struct need {
	unsigned calls; /* bits 1 << enum call */
	uint64_t flags, needs, excludes;
	enum need_about about;
	int error;	   /* the errno */
	const char *until; /* the version from which the rule does not hold any more; NULL: it does */
	const char *text;  /* where `needs` and `excludes` do not say it */
	const char *source;
};

const struct need *need_table(size_t *ret_count);

/* The first rule that REQUEST, whose flags are known, breaks on every version of Linux that knows its flags; or NULL.
 */
const struct need *need_broken(const struct request *request);

/* The next rule from *INDEX on (begin with 0) that REQUEST breaks on older versions alone; NULL after the last. */
const struct need *need_broken_once(const struct request *request, size_t *index);

/* Adds which rule NEED is in terms of REQUEST: "CLONE_THREAD needs CLONE_SIGHAND, which is not set". */
void need_explain(struct text *text, const struct need *need, const struct request *request);

/* What must hold of the caller, of requests with any flag of `flags` (0: always) and none of `without`. */
struct condition {
	unsigned calls;
	uint64_t flags, without;
	int error;
	const char *text; /* "the caller has CAP_SYS_ADMIN in its user namespace" */
	const char *source;
};

const struct condition *condition_table(size_t *ret_count);

/* The next condition from *INDEX on (begin with 0) that REQUEST is under; NULL after the last. */
const struct condition *condition_next(const struct request *request, size_t *index);

#endif
