/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Fills libsmartcols' table cell by cell. */
#include "render/grid.h"

#include <errno.h>
#include <stdlib.h>

#include <libsmartcols.h>

#include "base/mem.h"
#include "base/text.h"
#include "render/table.h"

struct grid {
	struct libscols_table *table;
	struct libscols_line *line;
	int result; /* other than 0 from the first failure on */
};

struct grid *grid_new(unsigned width)
{
	struct grid *grid = mem_zalloc(1, sizeof(*grid));

	grid->table = scols_new_table();
	if (!grid->table) {
		grid->result = -ENOMEM;
		return grid;
	}
	scols_table_set_termforce(grid->table, SCOLS_TERMFORCE_ALWAYS);
	scols_table_set_termwidth(grid->table, width);
	return grid;
}

void grid_add_column(struct grid *grid, const char *head)
{
	struct libscols_column *column;

	if (grid->result)
		return;
	column = scols_table_new_column(grid->table, head, 0, *head ? SCOLS_FL_WRAP : 0);
	if (!column)
		grid->result = -ENOMEM;
	else if (*head && !(grid->result = scols_column_set_safechars(column, "\n")))
		grid->result = scols_column_set_wrapfunc(column, scols_wrapnl_chunksize, scols_wrapnl_nextchunk, NULL);
}

void grid_add_line(struct grid *grid)
{
	if (grid->result)
		return;
	grid->line = scols_table_new_line(grid->table, NULL);
	if (!grid->line)
		grid->result = -ENOMEM;
}

void grid_set(struct grid *grid, size_t column, const char *cell)
{
	if (!grid->result)
		grid->result = scols_line_set_data(grid->line, column, cell);
}

static void wrap_words(struct text *text, size_t width)
{
	size_t row = 0, blank = 0;

	for (size_t i = 0; i <= text->length; i++) {
		if (i < text->length && text->data[i] != ' ')
			continue;
		if (blank > row && i - row > width) {
			text->data[blank] = '\n';
			row = blank + 1;
		}
		blank = i;
	}
}

void grid_set_words(struct grid *grid, size_t column, const char *cell, size_t width)
{
	struct text rows = TEXT_INIT;

	text_add(&rows, cell);
	wrap_words(&rows, width);
	grid_set(grid, column, text_get(&rows));
	text_done(&rows);
}

size_t grid_lines(const struct grid *grid)
{
	return grid->table ? scols_table_get_nlines(grid->table) : 0;
}

int grid_draw(struct grid *grid, struct text *text)
{
	int result = grid->result;
	char *lines = NULL;

	if (!result && grid_lines(grid))
		result = scols_print_table_to_string(grid->table, &lines);
	if (result)
		text_add(text, "(the table could not be drawn)\n");
	else if (lines)
		table_add_lines(text, lines);
	free(lines);
	scols_unref_table(grid->table);
	free(grid);
	return result;
}
