/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Which columns a table of tasks has, in which order, and its lines. */
#ifndef RENDER_COLUMN_SET_H
#define RENDER_COLUMN_SET_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "render/column.h"

struct libscols_line;
struct sink_options;
struct table;

#define COLUMN_SET_MAX 32

/* Columns in the order in which they are drawn, each at most once. */
struct column_set {
	unsigned char columns[COLUMN_SET_MAX]; /* as numbers of column_table()'s rows */
	unsigned count;
	bool added; /* to those that a format has by itself; else instead of them, if there are any */
};

/* Reads LIST, "TID,NLWP", or "+NLWP" for columns to be added; names in any case. Returns 0 or -EINVAL, with the word
 * that is no column of traces (or is there twice) in *RET_WRONG and its length in *RET_LENGTH. */
int column_set_parse(const char *list, struct column_set *ret, const char **ret_wrong, size_t *ret_length);

/* The columns of LIST, which a format has by itself. SEEN: they are a snapshot's. */
struct column_set column_set_own(const char *list, bool seen);

/* The columns to draw if SET was asked for and the format's own columns are those of LIST, as column_set_parse() reads
 * it. Added ones come before the last of these, the command line: what stands behind that is far away, or pushed out of
 * sight. */
struct column_set column_set_resolve(const struct column_set *set, const char *list);

/* What the columns that column_set_resolve() gives need: bits of enum event_want. */
unsigned column_set_needs(const struct column_set *set, const char *list);

/* What a row looks like, as a number: equal for tasks of which the columns show the same but for numbers of their own.
 * `numbered` is also equal where no more than the numbers within names differ (pattern.h). */
struct column_looks {
	uint64_t exact, numbered;
};
struct column_looks column_set_look(const struct column_set *set, const struct column_row *row);

/* Gives TABLE the columns of SET. */
void column_set_add_heads(const struct column_set *set, struct table *table);

/* Adds ROW, in a tree below the line ABOVE (NULL: a root). Returns the line, which is the table's. */
struct libscols_line *column_set_add_line(const struct column_set *set, struct table *table,
					  const struct column_row *row, struct libscols_line *above);

#endif
