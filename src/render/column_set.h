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
	bool added; /* in addition to the format's own columns; else in place of them, if there are any */
};

/* Reads LIST, "TID,NLWP", or "+NLWP" for columns to be added; names in any case. Returns 0 or -EINVAL: *RET_WRONG is
 * the word that is not a column of traces, or a duplicate, and *RET_LENGTH its length. */
int column_set_parse(const char *list, struct column_set *ret, const char **ret_wrong, size_t *ret_length);

/* The columns of LIST, a format's own columns. SEEN: they are a snapshot's. */
struct column_set column_set_own(const char *list, bool seen);

/* The columns to draw if SET was asked for and the format's own columns are those of LIST, as column_set_parse() reads
 * it. Added columns come before the last of these, the command line, because a column behind it would be far away or
 * not visible. */
struct column_set column_set_resolve(const struct column_set *set, const char *list);

/* The wants of the columns that column_set_resolve() gives: bits of enum event_want. */
unsigned column_set_needs(const struct column_set *set, const char *list);

/* A hash of what a row shows: equal for tasks whose columns show the same, except numbers of their own. `numbered` is
 * also equal if only the numbers in names differ (pattern.h). */
struct column_looks {
	uint64_t exact, numbered;
};
struct column_looks column_set_look(const struct column_set *set, const struct column_row *row);

/* Gives TABLE the columns of SET. */
void column_set_add_heads(const struct column_set *set, struct table *table);

/* Adds ROW, in a tree below the line ABOVE (NULL: a root). Returns the line, which belongs to the table. */
struct libscols_line *column_set_add_line(const struct column_set *set, struct table *table,
					  const struct column_row *row, struct libscols_line *above);

#endif
