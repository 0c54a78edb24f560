/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A table whose cells the caller fills with text, drawn by libsmartcols. What fails is remembered until it is drawn. */
#ifndef RENDER_GRID_H
#define RENDER_GRID_H

#include <stddef.h>

struct grid;
struct text;

/* For rows of WIDTH columns. */
struct grid *grid_new(unsigned width);

/* Adds a column; without a head it is as wide as its widest cell, else its cells can have several rows. */
void grid_add_column(struct grid *grid, const char *head);

/* Adds a line, which the cells that follow belong to. */
void grid_add_line(struct grid *grid);
void grid_set(struct grid *grid, size_t column, const char *cell);

/* The same with the words of CELL broken into rows of WIDTH columns. */
void grid_set_words(struct grid *grid, size_t column, const char *cell, size_t width);

size_t grid_lines(const struct grid *grid);

/* Adds what the table looks like to TEXT, nothing if it has no lines; or that it could not be drawn. Frees GRID.
 * Returns 0 or -ENOMEM. */
int grid_draw(struct grid *grid, struct text *text);

#endif
