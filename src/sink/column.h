/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The columns that tables of tasks may have: one table drives the header, -O, --list-columns and JSON. */
#ifndef SINK_COLUMN_H
#define SINK_COLUMN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct task;
struct text;

#define COLUMN_SET_MAX 32

/* Columns in the order in which they are drawn, each at most once. */
struct column_set {
	unsigned char columns[COLUMN_SET_MAX];
	unsigned count;
	bool added; /* to those that a format has by itself; else instead of them, if there are any */
};

/* What a cell is made from. */
struct column_row {
	const struct task *task;
	uint64_t alike; /* others that the row stands for */
	bool deeper;	/* it stands beside its creator, for want of room */
	unsigned nlwp;	/* tasks in its process at that moment; 0: take the process's own */
	uint64_t begun; /* ns: when the trace began */
	uint64_t now;	/* ns: the moment that is shown */
};

enum column_type { COLUMN_STRING, COLUMN_NUMBER, COLUMN_TREE };

struct column {
	const char *name;
	const char *help;
	enum column_type type;
	bool cut;  /* gives way where the width is short */
	bool kind; /* shown in the color of the task's kind */
	/* Adds the cell; nothing where there is nothing to say. */
	void (*add)(struct text *cell, const struct column_row *row);
};

/* Column INDEX, NULL past the end. */
const struct column *column_at(size_t index);

/* Reads LIST, "TID,NLWP", or "+NLWP" for columns to be added; names in any case. Returns 0 or -EINVAL, with the word
 * that is no column (or is there twice) in *RET_WRONG and its length in *RET_LENGTH. */
int column_parse(const char *list, struct column_set *ret, const char **ret_wrong, size_t *ret_length);

/* The columns to draw where SET was asked for and a format's own are those of LIST, as column_parse() reads it. Added
 * ones come before the last of these, the command line: what stands behind that is far away, or pushed out of sight. */
struct column_set column_resolve(const struct column_set *set, const char *list);

#endif
