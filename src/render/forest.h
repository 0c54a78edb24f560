/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Arranges the tasks of a model for drawing: below their creator or their parent, with similar tasks folded, and
 * limited in number. */
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
	/* the oldest task of its process, which represents the process: an exec can make a younger one the leader */
	const struct task *head;
	const struct task *parent; /* the same of its process's parent at the end; NULL: not known */
	struct column_looks looks; /* of it and of all below it */
	/* other tasks below the same task that its line also represents, with all below them */
	uint64_t alike;
	char *names;   /* their names and its own, from pattern_format(); NULL: none */
	uint64_t size; /* the number of tasks, of it and all below it */
	bool lives;    /* it lives at the end, or a task below it does */
	bool wanted;   /* something below it is shown */
	/* another branch represents it, or it is left out; the same is true of all below it */
	bool hidden;
};

struct forest {
	struct branch *branches; /* by birth: a branch comes behind those above it */
	size_t count;
	struct branch *first, *last; /* the roots */
};

enum forest_by {
	FOREST_BY_CREATOR, /* below its creator */
	FOREST_BY_PARENT,  /* processes below their parent process at the end, threads below their leader */
};

/* Arranges the tasks of MODEL that FILTER (NULL: all) shows, and those above them. MODEL must outlive RET, which
 * forest_done() frees. */
void forest_init(struct forest *ret, const struct model *model, enum forest_by by, const struct filter *filter);
void forest_done(struct forest *forest);

/* If at least FROM (2 or more) tasks below one task look the same in COLUMNS at MOMENT, with all below them, hides all
 * except the first. Their own names may differ in numbers. */
void forest_fold(struct forest *forest, uint64_t from, const struct column_set *columns,
		 const struct column_row *moment);

/* Hides all except LIMIT: first those that live at the end are kept, with those above them, and then the first ones. */
void forest_limit(struct forest *forest, size_t limit);

/* The branch of TASK, which may be hidden; NULL: there is none, or TASK is NULL. */
const struct branch *forest_find(const struct forest *forest, const struct task *task);

/* The one to draw after BRANCH (NULL: the first), above before below; NULL at the end. *DEPTH is kept: 0 for roots. */
const struct branch *forest_next(const struct forest *forest, const struct branch *branch, unsigned *depth);

#endif
