/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What a view shows: strace's -e EXPR, parsed, and held against steps and tasks. Pure; it never changes what is
 * followed. */
#ifndef MODEL_FILTER_H
#define MODEL_FILTER_H

#include <stdbool.h>
#include <stddef.h>

#include "base/text.h"

struct filter;
struct model;
struct step;
struct task;

/* The part of an expression that is wrong, and what to give instead: "is no kind; give thread, ...". */
struct filter_error {
	const char *at; /* in the expression */
	size_t length;
	struct text why;
};

struct filter *filter_new(void);
void filter_free(struct filter *filter);

/* Adds EXPR: [KEY=][!]WORD[,WORD]...; KEY is trace where it is left out. A step passes EXPR when one of the words fits
 * it, or with the ! none, and passes a filter when it passes every EXPR. Returns 0, or -EINVAL with *RET_ERROR filled,
 * whose text the caller frees; FILTER is as it was then. */
int filter_add(struct filter *filter, const char *expr, struct filter_error *ret_error);

/* Tells MODEL, before its first event, which pids under= asks for; and how many these are, MODEL_WATCHED_MAX at most
 * for all filters of a model. */
size_t filter_watched(const struct filter *filter);
void filter_watch(const struct filter *filter, struct model *model);

/* Whether STEP is shown. BEGIN, END and notes about the trace itself always are. The step of a creation is about the
 * new task, that of a refused one about the task that it would have made. FILTER may be NULL: all is shown. */
bool filter_shows(const struct filter *filter, const struct step *step);

/* Whether TASK of MODEL is one that is shown: every key is asked, but trace only where one of its words says how tasks
 * are made, by a call such as clone3 or a library function. Its other words are about events. */
bool filter_shows_task(const struct filter *filter, const struct model *model, const struct task *task);

/* The same with the keys alone that say the same of a task from its birth to its end (kind, tid, under, depth, and
 * how it was made): for what draws lives. */
bool filter_draws(const struct filter *filter, const struct model *model, const struct task *task);

/* Whether FILTER (NULL: none) has a word for a library function, which is seen on the stacks of creations. */
bool filter_asks_origins(const struct filter *filter);

/* Adds the expressions as they were given, " and " between them. */
void filter_format(struct text *text, const struct filter *filter);

#endif
