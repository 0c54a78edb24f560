/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Counts calls by a name, with the time that they took: the rows of summary's tables, and their order. */
#include "render/count.h"

#include <stdlib.h>
#include <string.h>

void count_done(struct count *count)
{
	struct count_row *row, *next;

	HASH_ITER (hh, count->rows, row, next) {
		HASH_DEL(count->rows, row);
		free(row->lives);
		free(row->name);
		free(row);
	}
}

static struct count_row *find(const struct count *count, const char *name, size_t length)
{
	struct count_row *row;

	HASH_FIND(hh, count->rows, name, length, row);
	return row;
}

struct count_row *count_row(struct count *count, const char *name, size_t length)
{
	struct count_row *row = find(count, name, length);

	if (!row && HASH_COUNT(count->rows) >= COUNT_NAMES_MAX) {
		name = COUNT_OTHERS;
		length = strlen(name);
		row = find(count, name, length);
	}
	if (row)
		return row;
	row = mem_zalloc(1, sizeof(*row));
	row->name = mem_alloc(length + 1);
	memcpy(row->name, name, length);
	row->name[length] = '\0';
	HASH_ADD_KEYPTR(hh, count->rows, row->name, length, row);
	return row;
}

void count_call(struct count *count, struct count_row *row, const uint64_t *duration)
{
	row->count++;
	count->count++;
	if (!duration)
		return;
	row->timed++;
	count->timed++;
	row->total += *duration;
	count->total += *duration;
	if (*duration > row->max)
		row->max = *duration;
	if (*duration > count->max)
		count->max = *duration;
}

/* The greater count comes first; equal counts are ordered by name. */
static int order(uint64_t one, uint64_t other, const struct count_row *a, const struct count_row *b)
{
	if (one != other)
		return one > other ? -1 : 1;
	return strcmp(a->name, b->name);
}

static uint64_t mean(const struct count_row *row)
{
	return row->timed ? row->total / row->timed : 0;
}

static int by_count(const struct count_row *a, const struct count_row *b)
{
	return order(a->count, b->count, a, b);
}

static int by_time(const struct count_row *a, const struct count_row *b)
{
	return order(a->total, b->total, a, b);
}

static int by_mean(const struct count_row *a, const struct count_row *b)
{
	return order(mean(a), mean(b), a, b);
}

static int by_max(const struct count_row *a, const struct count_row *b)
{
	return order(a->max, b->max, a, b);
}

static int by_name(const struct count_row *a, const struct count_row *b)
{
	return order(0, 0, a, b);
}

void count_sort(struct count *count, enum sink_sort sort)
{
	static int (*const orders[])(const struct count_row *, const struct count_row *) = {
		[SINK_SORT_COUNT] = by_count, [SINK_SORT_TIME] = by_time, [SINK_SORT_MEAN] = by_mean,
		[SINK_SORT_MAX] = by_max,     [SINK_SORT_NAME] = by_name,
	};

	if (sort != SINK_SORT_NONE)
		HASH_SORT(count->rows, orders[sort]);
}
