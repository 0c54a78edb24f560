/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Which columns a table has, in which order, and its lines. */
#include "render/column_set.h"

#include <assert.h>
#include <errno.h>
#include <string.h>
#include <strings.h>

#include "base/text.h"
#include "event/want.h"
#include "model/model.h"
#include "render/palette.h"
#include "render/pattern.h"
#include "render/table.h"

static const struct column *column_at(unsigned number)
{
	size_t count;

	return &column_table(&count)[number];
}

/* The number of the column NAME, or -1. SEEN: it is a snapshot's column. */
static int find(const char *name, size_t length, bool seen)
{
	size_t count;
	const struct column *table = column_table(&count);

	for (size_t i = 0; i < count; i++)
		if (!(table[i].marks & COLUMN_SEEN) == !seen && strlen(table[i].name) == length &&
		    strncasecmp(table[i].name, name, length) == 0)
			return (int)i;
	return -1;
}

static bool has(const struct column_set *set, int index)
{
	for (unsigned i = 0; i < set->count; i++)
		if (set->columns[i] == index)
			return true;
	return false;
}

static int parse(const char *list, bool seen, struct column_set *ret, const char **ret_wrong, size_t *ret_length)
{
	struct column_set set = { .added = *list == '+' };
	const char *at = list + set.added;

	for (;;) {
		const size_t length = strcspn(at, ", ");
		const int index = find(at, length, seen);

		if (index < 0 || has(&set, index)) {
			*ret_wrong = at;
			*ret_length = length;
			return -EINVAL;
		}
		set.columns[set.count++] = (unsigned char)index;
		if (!at[length])
			break;
		at += length + 1;
	}
	*ret = set;
	return 0;
}

int column_set_parse(const char *list, struct column_set *ret, const char **ret_wrong, size_t *ret_length)
{
	return parse(list, false, ret, ret_wrong, ret_length);
}

struct column_set column_set_own(const char *list, bool seen)
{
	struct column_set own = { .count = 0 };
	const char *wrong;
	size_t length;

	parse(list, seen, &own, &wrong, &length);
	assert(own.count);
	return own;
}

struct column_set column_set_resolve(const struct column_set *set, const char *list)
{
	struct column_set own = column_set_own(list, false);
	unsigned char last;

	if (set->count && !set->added)
		return *set;
	last = own.columns[own.count - 1];
	for (unsigned i = 0; i < set->count; i++)
		if (!has(&own, set->columns[i])) {
			own.columns[own.count - 1] = set->columns[i];
			own.columns[own.count++] = last;
		}
	return own;
}

unsigned column_set_needs(const struct column_set *set, const char *list)
{
	const struct column_set drawn = column_set_resolve(set, list);
	unsigned marks = 0;

	for (unsigned i = 0; i < drawn.count; i++)
		marks |= column_at(drawn.columns[i])->marks;
	return (marks & COLUMN_NAME ? WANT_NAMES : 0) | (marks & COLUMN_CALL ? WANT_CHEAP_ORIGINS : 0);
}

/* FNV-1a, 64 bits. */
static void mix(uint64_t *hash, const char *bytes, size_t length)
{
	for (size_t i = 0; i < length; i++)
		*hash = (*hash ^ (unsigned char)bytes[i]) * UINT64_C(0x100000001b3);
}

/* Adds the parts of TEXT between its numbers to the hash. */
static void mix_pattern(uint64_t *hash, const char *text)
{
	size_t before, digits;

	for (unsigned i = 0; i < PATTERN_NUMBERS_MAX; i++) {
		before = pattern_next(text, &digits);
		mix(hash, text, before);
		if (!digits)
			return;
		mix(hash, "0", 1);
		text += before + digits;
	}
	mix(hash, text, strlen(text));
}

struct column_looks column_set_look(const struct column_set *set, const struct column_row *row)
{
	struct column_looks looks = { .exact = UINT64_C(0xcbf29ce484222325), .numbered = UINT64_C(0xcbf29ce484222325) };
	struct text cell = TEXT_INIT;

	for (unsigned i = 0; i < set->count; i++) {
		const struct column *column = column_at(set->columns[i]);
		const char *name = column->marks & COLUMN_NAME ? column_name(row->task) : NULL;
		const bool own = column->marks & COLUMN_OWN;

		text_clear(&cell);
		column->add(&cell, row);
		if (own)
			mix_pattern(&looks.exact, text_get(&cell));
		else
			mix(&looks.exact, text_get(&cell), cell.length);
		if (own || name)
			mix_pattern(&looks.numbered, name ? name : text_get(&cell));
		else
			mix(&looks.numbered, text_get(&cell), cell.length);
		mix(&looks.exact, "", 1); /* the cell's end */
		mix(&looks.numbered, "", 1);
	}
	text_done(&cell);
	return looks;
}

/* ---- the table ---- */

void column_set_add_heads(const struct column_set *set, struct table *table)
{
	static const unsigned marks[] = {
		[COLUMN_STRING] = 0, [COLUMN_NUMBER] = TABLE_NUMBER, [COLUMN_TREE] = TABLE_TREE
	};

	for (unsigned i = 0; i < set->count; i++) {
		const struct column *column = column_at(set->columns[i]);

		table_add_column(table, column->name,
				 marks[column->type] | (column->marks & COLUMN_CUT ? TABLE_CUT : 0));
	}
}

/* The colors that the format text uses for its verdicts. */
static const char *color_of(const struct task *task)
{
	if (task->process->tgid != task->tid)
		return PALETTE_THREAD_CELL;
	return task->kind == KIND_UNKNOWN ? NULL : PALETTE_PROCESS_CELL;
}

struct libscols_line *column_set_add_line(const struct column_set *set, struct table *table,
					  const struct column_row *row, struct libscols_line *above)
{
	struct libscols_line *line = table_add_line(table, above);
	struct text cell = TEXT_INIT;

	for (unsigned i = 0; i < set->count; i++) {
		const struct column *column = column_at(set->columns[i]);

		text_clear(&cell);
		column->add(&cell, row);
		if (cell.length)
			table_set(table, i, text_get(&cell));
		if (column->marks & COLUMN_KIND)
			table_set_color(table, i, color_of(row->task));
	}
	text_done(&cell);
	return line;
}
