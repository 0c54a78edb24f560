/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A table of tasks, drawn by libsmartcols (2.38 and newer): for people, or as JSON. */
#ifndef RENDER_TABLE_H
#define RENDER_TABLE_H

#include <stdbool.h>

#include "render/column.h"
#include "render/options.h"

struct libscols_line;
struct table;
struct text;

/* NAME is that of the list in JSON. NULL where there is no memory for it. */
struct table *table_new(const struct column_set *set, const struct sink_options *options, const char *name);
void table_free(struct table *table); /* NULL is none */

/* Adds ROW, in a tree below the line ABOVE (NULL: a root). Returns the line, which is the table's, or NULL. */
struct libscols_line *table_add(struct table *table, const struct column_row *row, struct libscols_line *above);

/* Adds what the table looks like to TEXT. Returns 0 or -ENOMEM. */
int table_draw(struct table *table, struct text *text);

/* Adds the LINES of a table of libsmartcols without the blanks that fill up its last column. */
void table_add_lines(struct text *text, const char *lines);

#endif
