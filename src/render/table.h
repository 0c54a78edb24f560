/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A table whose cells the caller fills with text: drawn for people by libsmartcols, or written as JSON. */
#ifndef RENDER_TABLE_H
#define RENDER_TABLE_H

#include <stddef.h>

struct json;
struct libscols_line;
struct sink_options;
struct table;
struct text;

enum table_mark {
	TABLE_TREE = 1 << 0,   /* shows which lines are below which other lines */
	TABLE_NUMBER = 1 << 1, /* on the right; a number in JSON */
	TABLE_CUT = 1 << 2,    /* is cut if the width is short */
	TABLE_WRAP = 1 << 3,   /* uses several rows if the width is short */
	TABLE_ROWS = 1 << 4,   /* the same, and a line end in a cell begins another row */
};

/* A table that is WIDTH columns wide, 0: as wide as its cells. OPTIONS choose colors and line characters. */
struct table *table_new(const struct sink_options *options, unsigned width);
void table_free(struct table *table); /* TABLE may be NULL */

/* Adds a column with MARKS, bits of enum table_mark. Columns come before lines. */
void table_add_column(struct table *table, const char *head, unsigned marks);

/* Adds a line, to which the following cells belong; in a tree it is below the line ABOVE (NULL: a root). */
struct libscols_line *table_add_line(struct table *table, struct libscols_line *above);

/* A cell that is not set is empty: null in JSON. */
void table_set(struct table *table, size_t column, const char *cell);

/* The same with the words of CELL broken into rows of WIDTH columns. */
void table_set_words(struct table *table, size_t column, const char *cell, unsigned width);

/* Shows the cell in COLOR, from render/palette.h; NULL: in none. */
void table_set_color(struct table *table, size_t column, const char *color);

size_t table_lines(const struct table *table);

/* Adds the drawn table to TEXT, without the blanks behind its last column; nothing if it has no lines. */
void table_draw(struct table *table, struct text *text);

/* Adds an array with an object for each line, with the lines below it as "children". */
void table_write(struct table *table, struct json *json);

/* Adds the table to TEXT as OPTIONS say: as table_draw() does, or as an object of JSON with the list NAME. */
void table_show(struct table *table, struct text *text, const struct sink_options *options, const char *name);

#endif
