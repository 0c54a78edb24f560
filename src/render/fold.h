/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Lays one logical line out on a terminal's rows: folded, cut, with one part coloured. */
#ifndef RENDER_FOLD_H
#define RENDER_FOLD_H

#include <stddef.h>

struct text;

enum fold_at {
	FOLD_ARGUMENTS, /* behind '|' and ", ": for system calls */
	FOLD_WORDS,	/* at blanks: for sentences */
	FOLD_CUT,	/* nowhere: what is too long ends in "..." */
};

struct fold {
	enum fold_at at;
	unsigned width;	   /* columns of a row; 0: no limit */
	unsigned column;   /* where LINE's first row begins; the other rows are indented beyond it */
	const char *color; /* escape sequence for the bytes from color_from to color_to of LINE, or NULL */
	size_t color_from, color_to;
};

/* Adds LINE, which holds no line end, and its newline. The caller adds what precedes `column` on the first row. A piece
 * without a place to fold stays whole, however long it is. Columns are those of a terminal (base/utf8). */
void fold_add(struct text *text, const char *line, const struct fold *fold);

#endif
