/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The columns that tables of tasks may have: one table drives the header, -O, --list-columns and JSON. */
#ifndef RENDER_COLUMN_H
#define RENDER_COLUMN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct sink_options;
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
	uint64_t alike;			    /* others that the row stands for */
	const char *names;		    /* of all of them, instead of the task's own; NULL: the task's */
	bool deeper;			    /* it stands next to its creator, for lack of room */
	unsigned nlwp;			    /* tasks in its process at that moment; 0: take the process's own */
	uint64_t begun;			    /* ns: when the trace began */
	uint64_t now;			    /* ns: the moment that is shown */
	const struct sink_options *options; /* of the table */
};

enum column_type { COLUMN_STRING, COLUMN_NUMBER, COLUMN_TREE };

enum column_mark {
	COLUMN_CUT = 1 << 0,  /* gives way where the width is short */
	COLUMN_KIND = 1 << 1, /* shown in the color of the task's kind */
	COLUMN_OWN = 1 << 2,  /* its numbers are the task's own: ids and times, which tasks do not have in common */
	COLUMN_NAME = 1 << 3, /* has the names that tasks give themselves */
	COLUMN_CALL = 1 << 4, /* has the library call, as it was seen on the stack */
};

struct column {
	const char *name;
	const char *help;
	enum column_type type;
	/* Adds the cell; nothing where there is nothing to say. */
	void (*add)(struct text *cell, const struct column_row *row);
	unsigned marks; /* bits of enum column_mark */
};

/* Column INDEX, NULL past the end. */
const struct column *column_at(size_t index);

/* Reads LIST, "TID,NLWP", or "+NLWP" for columns to be added; names in any case. Returns 0 or -EINVAL, with the word
 * that is no column (or is there twice) in *RET_WRONG and its length in *RET_LENGTH. */
int column_parse(const char *list, struct column_set *ret, const char **ret_wrong, size_t *ret_length);

/* The columns to draw where SET was asked for and a format's own are those of LIST, as column_parse() reads it. Added
 * ones come before the last of these, the command line: what stands behind that is far away, or pushed out of sight. */
struct column_set column_resolve(const struct column_set *set, const char *list);

/* The name that stands for TASK where the command line of its process would stand; NULL: that does, or nothing. */
const char *column_name(const struct task *task);

/* What stands there: the command line of TASK's process, once for each process, or that name; NULL: nothing. */
const char *column_command(const struct task *task);

/* What a row looks like, as a number: equal for tasks of which the columns show the same but for numbers of their own.
 * `numbered` is also equal where no more than the numbers within names differ (pattern.h). */
struct column_looks {
	uint64_t exact, numbered;
};
struct column_looks column_look(const struct column_set *set, const struct column_row *row);

/* What the columns that column_resolve() gives need: bits of enum event_want. */
unsigned column_needs(const struct column_set *set, const char *list);

#endif
