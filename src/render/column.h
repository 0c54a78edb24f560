/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The columns of tables of tasks: the header, the cells, -O, --list-columns and JSON come from one row for each. */
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
	uint64_t alike; /* other tasks that the row represents */
	/* of all these tasks, instead of the task's own; NULL: the task's */
	const char *names;
	bool deeper; /* it is next to its creator, because there is no room */
	/* tasks in its process at that moment; 0: the process's own count */
	unsigned nlwp;
	uint64_t begun;			    /* ns: when the trace began */
	uint64_t now;			    /* ns: the moment that is shown */
	const struct sink_options *options; /* of the table */
	/* Of a snapshot: */
	const struct snapshot *snapshot;
	/* the task, and the task that it is compared with; NULL: there is none */
	const struct snap_task *seen, *above;
};

enum column_type { COLUMN_STRING, COLUMN_NUMBER, COLUMN_TREE };

enum column_mark {
	COLUMN_CUT = 1 << 0,  /* is cut if the width is too small */
	COLUMN_KIND = 1 << 1, /* shown in the color of the task's kind */
	COLUMN_OWN = 1 << 2,  /* its numbers are the task's own: ids and times, which tasks do not have in common */
	COLUMN_NAME = 1 << 3, /* has the names that tasks give themselves */
	COLUMN_CALL = 1 << 4, /* has the library call that was seen on the stack */
	COLUMN_SEEN = 1 << 5, /* of the table of a snapshot, which -O does not change; the others are of traces */
};

struct column {
	const char *name;
	const char *help; /* for --list-columns */
	enum column_type type;
	/* Adds the cell; nothing if there is nothing to say. */
	void (*add)(struct text *cell, const struct column_row *row);
	unsigned marks; /* bits of enum column_mark */
};

/* All columns, those of traces first. */
const struct column *column_table(size_t *ret_count);

/* The name that is shown for TASK in place of the command line of its process; NULL: the command line is shown, or
 * nothing. */
const char *column_name(const struct task *task);

/* What is shown: the command line of TASK's process, once for each process, or that name; NULL: nothing. */
const char *column_command(const struct task *task);

#endif
