/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Counts calls by a name, with the time that they took: the rows of summary's tables, and their order. */
#ifndef RENDER_COUNT_H
#define RENDER_COUNT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/mem.h"
#include "render/sink_options.h"

#define uthash_malloc(size) mem_alloc(size)
#include <uthash.h>

struct histogram;

/* When a count has so many names, other names are counted as COUNT_OTHERS, because a trace can run for a long time. */
#define COUNT_NAMES_MAX 1000
#define COUNT_OTHERS "(others)"

struct count_row {
	char *name;
	const char *word;	 /* for JSON, static; NULL: `name` */
	int call, error;	 /* of refusals: enum call, errno */
	bool seen;		 /* of library calls: it was on the stack */
	const char *rule;	 /* of refusals: the rule that was violated, static; NULL: not known */
	struct histogram *lives; /* ns, of tasks whose end was seen; NULL: not asked for */
	uint64_t count;
	uint64_t timed;	     /* how many of them have a known time */
	uint64_t total, max; /* ns, of those with a known time */
	UT_hash_handle hh;
};

/* Zeroed: nothing is in it. Its rows are linked by hh.next. */
struct count {
	struct count_row *rows;
	uint64_t count, timed, total, max; /* of all rows */
};

void count_done(struct count *count);

/* The row NAME of LENGTH bytes, which is created if there is none. */
struct count_row *count_row(struct count *count, const char *name, size_t length);

/* Counts one more in ROW, which took *DURATION ns; NULL: not known. */
void count_call(struct count *count, struct count_row *row, const uint64_t *duration);

/* Most first, or by name; SINK_SORT_NONE leaves the order in which names came. */
void count_sort(struct count *count, enum sink_sort sort);

#endif
