/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Fills libsmartcols' table, which knows widths and trees. cltrace writes the JSON itself, because other members are
 * next to the table. */
#include "render/table.h"

#include <assert.h>
#include <ctype.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include <libsmartcols.h>

#include "base/json.h"
#include "base/mem.h"
#include "base/text.h"
#include "base/utf8.h"
#include "render/sink_options.h"

struct head {
	char *key; /* in JSON */
	unsigned marks;
};

struct table {
	struct libscols_table *table;
	struct libscols_line *line; /* the latest one */
	struct head *heads;
	size_t columns;
	bool color;
};

/* RESULT of a function of libsmartcols, which fails only if there is no memory. */
static void check(int result)
{
	if (result)
		mem_check(NULL);
}

static void set_symbols(struct libscols_table *table, bool utf8)
{
	struct libscols_symbols *symbols;

	if (!utf8) {
		check(scols_table_enable_ascii(table, 1));
		return;
	}
	symbols = mem_check(scols_new_symbols());
	check(scols_symbols_set_branch(symbols, "├─"));
	check(scols_symbols_set_vertical(symbols, "│ "));
	check(scols_symbols_set_right(symbols, "└─"));
	check(scols_table_set_symbols(table, symbols));
	scols_unref_symbols(symbols);
}

struct table *table_new(const struct sink_options *options, unsigned width)
{
	struct table *table = mem_zalloc(1, sizeof(*table));

	table->color = options->color;
	table->table = mem_check(scols_new_table());
	scols_table_enable_colors(table->table, options->color);
	scols_table_set_termforce(table->table, width ? SCOLS_TERMFORCE_ALWAYS : SCOLS_TERMFORCE_NEVER);
	if (width)
		scols_table_set_termwidth(table->table, width);
	set_symbols(table->table, options->utf8);
	return table;
}

void table_free(struct table *table)
{
	if (!table)
		return;
	scols_unref_table(table->table);
	for (size_t i = 0; i < table->columns; i++)
		free(table->heads[i].key);
	free(table->heads);
	free(table);
}

void table_add_column(struct table *table, const char *head, unsigned marks)
{
	const int flags = (marks & TABLE_TREE ? SCOLS_FL_TREE : 0) | (marks & TABLE_NUMBER ? SCOLS_FL_RIGHT : 0) |
			  (marks & TABLE_CUT ? SCOLS_FL_TRUNC : 0) |
			  (marks & (TABLE_WRAP | TABLE_ROWS) ? SCOLS_FL_WRAP : 0);
	struct libscols_column *column = mem_check(scols_table_new_column(table->table, head, 0, flags));
	char *key = mem_strdup(head);

	if (marks & TABLE_ROWS) {
		check(scols_column_set_safechars(column, "\n"));
		check(scols_column_set_wrapfunc(column, scols_wrapnl_chunksize, scols_wrapnl_nextchunk, NULL));
	}
	for (char *at = key; *at; at++)
		*at = (char)tolower((unsigned char)*at);
	table->heads = mem_resize(table->heads, table->columns + 1, sizeof(*table->heads));
	table->heads[table->columns++] = (struct head){ .key = key, .marks = marks };
}

struct libscols_line *table_add_line(struct table *table, struct libscols_line *above)
{
	table->line = mem_check(scols_table_new_line(table->table, above));
	return table->line;
}

void table_set(struct table *table, size_t column, const char *cell)
{
	assert(column < table->columns);
	check(scols_line_set_data(table->line, column, cell));
}

/* Breaks the words of TEXT into rows of WIDTH columns. */
static void wrap_words(struct text *text, size_t width)
{
	size_t row = 0, blank = 0;

	for (size_t i = 0; i <= text->length; i++) {
		if (i < text->length && text->data[i] != ' ')
			continue;
		if (blank > row && utf8_columns(text->data + row, i - row) > width) {
			text->data[blank] = '\n';
			row = blank + 1;
		}
		blank = i;
	}
}

void table_set_words(struct table *table, size_t column, const char *cell, unsigned width)
{
	struct text rows = TEXT_INIT;

	text_add(&rows, cell);
	wrap_words(&rows, width);
	table_set(table, column, text_get(&rows));
	text_done(&rows);
}

void table_set_color(struct table *table, size_t column, const char *color)
{
	assert(column < table->columns);
	if (table->color)
		check(scols_cell_set_color(scols_line_get_cell(table->line, column), color));
}

size_t table_lines(const struct table *table)
{
	return scols_table_get_nlines(table->table);
}

/* ---- for people ---- */

static void add_lines(struct text *text, const char *lines)
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

void table_draw(struct table *table, struct text *text)
{
	char *lines = NULL;

	if (!table_lines(table))
		return;
	check(scols_print_table_to_string(table->table, &lines));
	add_lines(text, lines);
	free(lines);
}

/* ---- JSON ---- */

static void write_cell(struct json *json, const struct head *head, const char *cell)
{
	json_key(json, head->key);
	if (!cell)
		json_add_null(json);
	else if (head->marks & TABLE_NUMBER)
		json_add_number(json, cell);
	else
		json_add_string(json, cell);
}

static void write_line(struct table *table, struct json *json, struct libscols_line *line)
{
	struct libscols_iter *at;
	struct libscols_line *child;

	json_open_object(json, JSON_LINES);
	for (size_t i = 0; i < table->columns; i++)
		write_cell(json, &table->heads[i], scols_cell_get_data(scols_line_get_cell(line, i)));
	if (scols_table_is_tree(table->table) && scols_line_has_children(line)) {
		at = mem_check(scols_new_iter(SCOLS_ITER_FORWARD));
		json_key(json, "children");
		json_open_array(json, JSON_LINES);
		while (scols_line_next_child(line, at, &child) == 0)
			write_line(table, json, child);
		json_close(json);
		scols_free_iter(at);
	}
	json_close(json);
}

void table_write(struct table *table, struct json *json)
{
	struct libscols_iter *at = mem_check(scols_new_iter(SCOLS_ITER_FORWARD));
	const bool tree = scols_table_is_tree(table->table);
	struct libscols_line *line;

	json_open_array(json, JSON_LINES);
	while (scols_table_next_line(table->table, at, &line) == 0) {
		if (!tree || !scols_line_get_parent(line))
			write_line(table, json, line);
	}
	json_close(json);
	scols_free_iter(at);
}

void table_show(struct table *table, struct text *text, const struct sink_options *options, const char *name)
{
	struct json json;

	if (!options->json) {
		table_draw(table, text);
		return;
	}
	json_init(&json, text, JSON_INDENT);
	json_open_object(&json, JSON_LINES);
	json_key(&json, name);
	table_write(table, &json);
	json_close(&json);
	text_add(text, "\n");
}
