/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The tree of the tasks as a table. */
#include "render/tree_table.h"

#include <inttypes.h>
#include <stdlib.h>

#include "base/text.h"
#include "render/column_set.h"
#include "render/forest.h"
#include "render/sink_options.h"
#include "render/table.h"

/* libsmartcols walks to the root for every line and draws two columns for each level: 10,000 tasks one below the other
 * need 800 MB and half a minute, and no terminal shows them. Below this level tasks are beside their creator. */
#define TREE_DEPTH_MAX 64
#define TREE_DEPTH_MIN 8
#define TREE_OTHERS 48 /* columns that the tree leaves to the rest of the line */

#define TREE_COLUMNS "TASK,KIND,FATE,COMMAND"
/* If there were new namespaces, also those of each task and those that it created. */
#define TREE_NAMESPACES "TASK,KIND,NS,BROUGHT,FATE,COMMAND"
#define TREE_ENTERED "TASK,KIND,NS,BROUGHT,ENTERED,FATE,COMMAND"

struct tree {
	struct table *table;
	struct column_set columns;
	struct libscols_line *above[TREE_DEPTH_MAX]; /* the latest line on each level */
	unsigned depth_max;
	bool cut;	/* a task was deeper */
	bool named;	/* a task's creator is left out */
	uint64_t drawn; /* tasks that the lines represent */
	uint64_t lines;
};

static unsigned depth_max(unsigned width)
{
	unsigned levels;

	if (!width)
		return TREE_DEPTH_MAX;
	levels = width > TREE_OTHERS ? (width - TREE_OTHERS) / 2 : 0;
	if (levels < TREE_DEPTH_MIN)
		return TREE_DEPTH_MIN;
	return levels < TREE_DEPTH_MAX ? levels : TREE_DEPTH_MAX;
}

static void add_line(struct tree *tree, const struct branch *branch, unsigned depth, struct column_row *row)
{
	unsigned level = depth < tree->depth_max ? depth : tree->depth_max - 1;

	row->task = branch->task;
	row->alike = branch->alike;
	row->names = branch->names;
	row->deeper = depth > level;
	tree->above[level] =
		column_set_add_line(&tree->columns, tree->table, row, level ? tree->above[level - 1] : NULL);
	tree->cut |= row->deeper;
	tree->named |= branch->task->made_by != 0;
	tree->drawn += 1 + branch->alike * branch->size;
	tree->lines++;
}

/* What the tree does not show. */
static void add_notes(struct text *text, const struct tree *tree, uint64_t tasks, const struct sink_options *options)
{
	const char *why = !options->filter ? "--tree-limit" : tasks > options->tree_limit ? "-e, --tree-limit" : "-e";

	if (tasks > tree->drawn)
		text_addf(text, "... and %" PRIu64 " more task%s (%" PRIu64 " %s drawn: %s)\n", tasks - tree->drawn,
			  tasks - tree->drawn == 1 ? "" : "s", tree->drawn, tree->drawn == 1 ? "is" : "are", why);
	if (tree->named)
		text_add(text, "(\"by\" names a creator that is left out)\n");
	if (tree->cut)
		text_addf(text, "(drawn to level %u: deeper tasks stand beside their creator, named by \"by\")\n",
			  tree->depth_max);
}

static void add_lines(struct tree *tree, const struct forest *forest, const struct column_row *moment)
{
	struct column_row row = *moment;
	unsigned depth;

	for (const struct branch *branch = forest_next(forest, NULL, &depth); branch;
	     branch = forest_next(forest, branch, &depth))
		add_line(tree, branch, depth, &row);
}

static const char *own_columns(const struct model *model)
{
	const struct tally *tally = model_tally(model);

	return tally->entered ? TREE_ENTERED : tally->namespaces ? TREE_NAMESPACES : TREE_COLUMNS;
}

void tree_table_draw(struct text *text, const struct model *model, const struct sink_options *options,
		     const struct tree_table_times *times)
{
	struct tree tree = { .table = table_new(options, options->width),
			     .columns = column_set_resolve(&options->columns, own_columns(model)),
			     .depth_max = depth_max(options->json ? 0 : options->width) };
	const struct column_row moment = { .begun = times->begun, .now = times->now, .options = options };
	struct forest forest;

	forest_init(&forest, model, options->by_parent || times->snapshot ? FOREST_BY_PARENT : FOREST_BY_CREATOR,
		    options->filter);
	if (options->tree_fold && !options->json)
		forest_fold(&forest, options->tree_fold, &tree.columns, &moment);
	forest_limit(&forest, options->tree_limit);
	column_set_add_heads(&tree.columns, tree.table);
	add_lines(&tree, &forest, &moment);
	table_show(tree.table, text, options, "tasks");
	if (tree.lines && !options->json)
		add_notes(text, &tree, model_tally(model)->tasks, options);
	table_free(tree.table);
	forest_done(&forest);
}

unsigned tree_table_needs(const struct sink_options *options)
{
	return column_set_needs(&options->columns, TREE_COLUMNS);
}
