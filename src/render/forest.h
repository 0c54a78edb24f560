/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Arranges the tasks of a model for drawing: below who made them or below their parent, the alike folded, the rest cut.
 */
#ifndef RENDER_FOREST_H
#define RENDER_FOREST_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "model/model.h"
#include "render/column_set.h"

struct filter;

/* One task in its place. */
struct branch {
	const struct task *task;
	struct branch *above;	     /* NULL: a root */
	struct branch *first, *last; /* below it, oldest first */
	struct branch *next;	     /* beside it */
	const struct task *head;     /* the oldest one of its process, which stands for that: exec may make a younger
					one the leader */
	const struct task *parent;   /* the same of its process's parent, at the end; NULL: not known */
	struct column_looks looks;   /* of it and of all below it */
	uint64_t alike;		     /* others below the same task, with all below them, that its line is for, too */
	char *names;		     /* theirs and its own, as pattern_format() has them; NULL: none */
	uint64_t size;		     /* tasks that it and all below it are */
	bool lives;		     /* at the end, or one below it does */
	bool wanted;		     /* something below it is shown */
	bool hidden;		     /* another stands for it, or it is left out; so is all below it */
};

struct forest {
	struct branch *branches; /* by birth: what is above is always before */
	size_t count;
	struct branch *first, *last; /* the roots */
};

enum forest_by {
	FOREST_BY_CREATOR, /* below the task that made it */
	FOREST_BY_PARENT,  /* processes below their parent process at the end, threads below their leader */
};

/* Arranges the tasks of MODEL, which must outlive RET, that FILTER shows, and what is above these; NULL: all tasks.
 * forest_done() frees. */
void forest_init(struct forest *ret, const struct model *model, enum forest_by by, const struct filter *filter);
void forest_done(struct forest *forest);

/* If at least FROM (2 or more) below one task look the same in COLUMNS at MOMENT, with all below them, hides all but
 * the first. Their own names may differ in numbers. */
void forest_fold(struct forest *forest, uint64_t from, const struct column_set *columns,
		 const struct column_row *moment);

/* Hides all but LIMIT: what lives at the end is kept, with what is above it, and then the first ones. */
void forest_limit(struct forest *forest, size_t limit);

/* The branch of TASK (NULL: none), NULL where there is none. It may be hidden. */
const struct branch *forest_find(const struct forest *forest, const struct task *task);

/* The one to draw after BRANCH (NULL: the first), above before below; NULL at the end. *DEPTH is kept: 0 for roots. */
const struct branch *forest_next(const struct forest *forest, const struct branch *branch, unsigned *depth);

#endif
