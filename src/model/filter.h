/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What a view shows: strace's -e EXPR, parsed, and compared with steps and tasks. Pure; it never changes what is
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

/* The part of an expression that is wrong, and what to write instead: "is no kind; give thread, ...". */
struct filter_error {
	const char *at; /* in the expression */
	size_t length;
	struct text why;
};

struct filter *filter_new(void);
void filter_free(struct filter *filter);

/* Adds EXPR: [KEY=][!]WORD[,WORD]...; Without KEY, it is trace. A step passes EXPR if one of the words fits it or, with
 * the !, if none does. It passes a filter if it passes every EXPR. Returns 0, or -EINVAL with *RET_ERROR filled, whose
 * text the caller frees; FILTER is then unchanged. */
int filter_add(struct filter *filter, const char *expr, struct filter_error *ret_error);

/* Makes MODEL watch the pids of under=, before its first event. And the number of these pids: at most MODEL_WATCHED_MAX
 * for all filters of a model. */
size_t filter_watched(const struct filter *filter);
void filter_watch(const struct filter *filter, struct model *model);

/* Whether STEP is shown. BEGIN, END and notes about the trace itself always are. The step of a creation is about the
 * new task, that of a refused one about the task that it would have made. If FILTER is NULL, everything is shown. */
bool filter_shows(const struct filter *filter, const struct step *step);

/* Whether TASK of MODEL is shown. Every key counts, but trace only if one of its words says how tasks are created: by a
 * call such as clone3 or a library function. Its other words are about events. */
bool filter_shows_task(const struct filter *filter, const struct model *model, const struct task *task);

/* The same with only the keys whose answer never changes during a task's life (kind, tid, under, depth, and how it was
 * created): for sinks that draw lives. */
bool filter_draws(const struct filter *filter, const struct model *model, const struct task *task);

/* Whether FILTER (NULL: none) has a word for a library function, which is seen on the stacks of creations. */
bool filter_asks_origins(const struct filter *filter);

/* Adds the expressions as they were given, " and " between them. */
void filter_format(struct text *text, const struct filter *filter);

#endif
