/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The tree of the tasks as a table: the end of text, and a format of its own. */
#ifndef RENDER_TREE_TABLE_H
#define RENDER_TREE_TABLE_H

#include <stdbool.h>
#include <stdint.h>

struct model;
struct sink_options;
struct text;

/* When the trace began and which moment is drawn, ns. */
struct tree_table_times {
	uint64_t begun, now;
	bool snapshot; /* creators are not known, so the tree shows parents */
};

/* Renders the tree of the tasks of MODEL as a table, or as JSON if the options say so. If there are more tasks than the
 * options' limit, it draws those that live, with those above them, and then the first ones, and says how many are left
 * out. MODEL must keep as many tasks as the limit says. */
void tree_table_draw(struct text *text, const struct model *model, const struct sink_options *options,
		     const struct tree_table_times *times);

/* The wants that it shows with OPTIONS: bits of enum event_want. */
unsigned tree_table_needs(const struct sink_options *options);

#endif
