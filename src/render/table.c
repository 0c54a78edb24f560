/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Fills libsmartcols' table from the columns' own functions. */
#include "render/table.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include <libsmartcols.h>

#include "base/mem.h"
#include "base/text.h"
#include "model/model.h"

struct table {
	struct libscols_table *table;
	struct column_set set;
	bool json;
	bool color;
	struct text cell;
};

static int set_symbols(struct libscols_table *table, bool utf8)
{
	struct libscols_symbols *symbols;
	int result;

	if (!utf8)
		return scols_table_enable_ascii(table, 1);
	symbols = scols_new_symbols();
	if (!symbols)
		return -ENOMEM;
	result = scols_symbols_set_branch(symbols, "├─");
	result = result ? result : scols_symbols_set_vertical(symbols, "│ ");
	result = result ? result : scols_symbols_set_right(symbols, "└─");
	result = result ? result : scols_table_set_symbols(table, symbols);
	scols_unref_symbols(symbols);
	return result;
}

static int add_column(struct table *table, const struct column *column)
{
	struct libscols_column *added;
	int flags = 0;

	if (column->type == COLUMN_TREE)
		flags |= SCOLS_FL_TREE;
	if (column->type == COLUMN_NUMBER)
		flags |= SCOLS_FL_RIGHT;
	if (column->marks & COLUMN_CUT)
		flags |= SCOLS_FL_TRUNC;
	added = scols_table_new_column(table->table, column->name, 0, flags);
	if (!added)
		return -ENOMEM;
	return scols_column_set_json_type(added, column->type == COLUMN_NUMBER ? SCOLS_JSON_NUMBER : SCOLS_JSON_STRING);
}

static int set_up(struct table *table, const struct sink_options *options, const char *name)
{
	int result = 0;

	for (unsigned i = 0; i < table->set.count && !result; i++)
		result = add_column(table, column_at(table->set.columns[i]));
	if (!result && options->json) {
		scols_table_enable_json(table->table, 1);
		result = scols_table_set_name(table->table, name);
	}
	scols_table_enable_colors(table->table, options->color);
	scols_table_set_termforce(table->table, options->width ? SCOLS_TERMFORCE_ALWAYS : SCOLS_TERMFORCE_NEVER);
	if (options->width)
		scols_table_set_termwidth(table->table, options->width);
	return result ? result : set_symbols(table->table, options->utf8);
}

struct table *table_new(const struct column_set *set, const struct sink_options *options, const char *name)
{
	struct table *table = mem_zalloc(1, sizeof(*table));

	table->set = *set;
	table->json = options->json;
	table->color = options->color;
	table->table = scols_new_table();
	if (!table->table || set_up(table, options, name)) {
		table_free(table);
		return NULL;
	}
	return table;
}

void table_free(struct table *table)
{
	if (!table)
		return;
	scols_unref_table(table->table);
	text_done(&table->cell);
	free(table);
}

/* The colors that text has for its verdicts. */
static const char *color_of(const struct task *task)
{
	if (task->process->tgid != task->tid)
		return "cyan";
	return task->kind == KIND_UNKNOWN ? NULL : "green";
}

struct libscols_line *table_add(struct table *table, const struct column_row *row, struct libscols_line *above)
{
	struct libscols_line *line = scols_table_new_line(table->table, above);
	int result = line ? 0 : -ENOMEM;

	for (unsigned i = 0; i < table->set.count && !result; i++) {
		text_clear(&table->cell);
		column_at(table->set.columns[i])->add(&table->cell, row);
		/* An empty cell has no data: null in JSON. */
		if (table->cell.length)
			result = scols_line_set_data(line, i, text_get(&table->cell));
		if (!result && table->color && column_at(table->set.columns[i])->marks & COLUMN_KIND)
			result = scols_cell_set_color(scols_line_get_cell(line, i), color_of(row->task));
	}
	return result ? NULL : line;
}

void table_add_lines(struct text *text, const char *lines)
{
	while (*lines) {
		size_t length = strcspn(lines, "\n"), shown = length;

		while (shown && lines[shown - 1] == ' ')
			shown--;
		text_add_bytes(text, lines, shown);
		text_add(text, "\n");
		lines += length + (lines[length] == '\n');
	}
}

int table_draw(struct table *table, struct text *text)
{
	char *lines = NULL;

	if (scols_print_table_to_string(table->table, &lines))
		return -ENOMEM;
	table_add_lines(text, lines ? lines : "");
	free(lines);
	return 0;
}
