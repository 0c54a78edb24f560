/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Lays one logical line out on a terminal's rows: folded, cut, with one part coloured. */
#include "render/fold.h"

#include <stdbool.h>
#include <string.h>

#include "base/text.h"
#include "base/utf8.h"
#include "render/palette.h"

#define FOLD_INDENT 4	 /* of a folded line's further rows */
#define FOLD_ROOM_MIN 24 /* however narrow the terminal is */

/* Whether a row may end before AT, which is not the line's first byte. */
static bool is_place(const char *at, enum fold_at where)
{
	switch (where) {
	case FOLD_ARGUMENTS:
		return at[-1] == '|' || (at[-1] == ',' && at[0] == ' ');
	case FOLD_WORDS:
		return at[0] == ' ' && at[-1] != ' ';
	case FOLD_CUT:
		break;
	}
	return false;
}

/* The length of the longest piece of LINE that fits into ROOM columns, or of the shortest piece if none fits. Three
 * blanks separate groups of words: a piece ends with a group if possible. */
static size_t piece_length(const char *line, size_t room, enum fold_at where)
{
	size_t best = 0, group = 0, fits, i = strlen(line);

	if (i <= room) /* no byte is wider than a column */
		return i;
	fits = utf8_fit(line, room);
	if (!line[fits])
		return fits;
	for (i = 0; line[i]; i++) {
		if (!i || !is_place(line + i, where))
			continue;
		if (i > fits)
			break;
		best = i;
		if (!strncmp(line + i, "   ", 3))
			group = i;
	}
	if (!best)
		return i;
	return group ? group : best;
}

static void add_piece(struct text *text, const char *line, size_t from, size_t to, const struct fold *fold)
{
	size_t begin = fold->color_from > from ? fold->color_from : from;
	size_t end = fold->color_to < to ? fold->color_to : to;

	if (!fold->color || begin >= end) {
		text_add_bytes(text, line + from, to - from);
		return;
	}
	text_add_bytes(text, line + from, begin - from);
	text_add(text, fold->color);
	text_add_bytes(text, line + begin, end - begin);
	text_add(text, PALETTE_END);
	text_add_bytes(text, line + end, to - end);
}

static void add_cut(struct text *text, const char *line, size_t room, const struct fold *fold)
{
	size_t length = strlen(line);
	bool cut = utf8_fit(line, room) < length;

	add_piece(text, line, 0, cut ? utf8_fit(line, room - strlen("...")) : length, fold);
	text_add(text, cut ? "...\n" : "\n");
}

void fold_add(struct text *text, const char *line, const struct fold *fold)
{
	size_t room = fold->width > fold->column + FOLD_ROOM_MIN ? fold->width - fold->column : FOLD_ROOM_MIN;
	size_t from = 0;

	if (!fold->width) {
		add_piece(text, line, 0, strlen(line), fold);
		text_add(text, "\n");
		return;
	}
	if (fold->at == FOLD_CUT) {
		add_cut(text, line, room, fold);
		return;
	}
	for (;;) {
		size_t length = piece_length(line + from, from ? room - FOLD_INDENT : room, fold->at);

		add_piece(text, line, from, from + length, fold);
		text_add(text, "\n");
		from += length;
		from += strspn(line + from, " ");
		if (!line[from])
			return;
		text_addf(text, "%*s", (int)fold->column + FOLD_INDENT, "");
	}
}
