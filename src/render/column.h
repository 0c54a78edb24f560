/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The columns that tables of tasks have: one row drives the header, the cells, -O, --list-columns and JSON. */
#ifndef RENDER_COLUMN_H
#define RENDER_COLUMN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct sink_options;
struct snap_task;
struct snapshot;
struct task;
struct text;

/* What a cell is made from. */
struct column_row {
	/* Of a trace: */
	const struct task *task;
	uint64_t alike;			    /* others that the row stands for */
	const char *names;		    /* of all of them, instead of the task's own; NULL: the task's */
	bool deeper;			    /* it stands next to its creator, for lack of room */
	unsigned nlwp;			    /* tasks in its process at that moment; 0: take the process's own */
	uint64_t begun;			    /* ns: when the trace began */
	uint64_t now;			    /* ns: the moment that is shown */
	const struct sink_options *options; /* of the table */
	/* Of a snapshot: */
	const struct snapshot *snapshot;
	const struct snap_task *seen, *above; /* the task, and the one that it is set beside; NULL: there is none */
};

enum column_type { COLUMN_STRING, COLUMN_NUMBER, COLUMN_TREE };

enum column_mark {
	COLUMN_CUT = 1 << 0,  /* gives way where the width is short */
	COLUMN_KIND = 1 << 1, /* shown in the color of the task's kind */
	COLUMN_OWN = 1 << 2,  /* its numbers are the task's own: ids and times, which tasks do not have in common */
	COLUMN_NAME = 1 << 3, /* has the names that tasks give themselves */
	COLUMN_CALL = 1 << 4, /* has the library call, as it was seen on the stack */
	COLUMN_SEEN = 1 << 5, /* of the table of a snapshot, which -O does not change; the others are of traces */
};

struct column {
	const char *name;
	const char *help; /* for --list-columns */
	enum column_type type;
	/* Adds the cell; nothing where there is nothing to say. */
	void (*add)(struct text *cell, const struct column_row *row);
	unsigned marks; /* bits of enum column_mark */
};

/* All columns, those of traces first. */
const struct column *column_table(size_t *ret_count);

/* The name that stands for TASK where the command line of its process would stand; NULL: that does, or nothing. */
const char *column_name(const struct task *task);

/* What stands there: the command line of TASK's process, once for each process, or that name; NULL: nothing. */
const char *column_command(const struct task *task);

#endif
