/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The tree of all tasks, who made whom, as a table drawn by libsmartcols (2.38 and newer). */
#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include <libsmartcols.h>

#include "base/mem.h"
#include "base/text.h"
#include "sink/sink.h"
#include "sink/words.h"

/* libsmartcols walks to the root for every line and draws two columns for each level: 10,000 tasks one below the other
 * are 800 MB and half a minute, and no terminal shows them. Below this level tasks stand beside their creator. */
#define TREE_DEPTH_MAX 64
#define TREE_DEPTH_MIN 8
#define TREE_OTHERS 48 /* columns that the tree leaves to the rest of the line */

enum { TREE_TASK, TREE_KIND, TREE_FATE, TREE_COMMAND };

/* A task that may be drawn. */
struct pick {
	const struct task *task;
	bool lives; /* at the end, or one that it made does */
};

struct tree {
	struct libscols_table *table;
	struct libscols_line *above[TREE_DEPTH_MAX]; /* the latest line on each level */
	unsigned depth_max;
	bool cut;	    /* a task was deeper */
	bool named;	    /* a task's creator is left out */
	struct pick *picks; /* where not all are drawn: those that are, by birth */
	size_t pick_count;
	uint64_t drawn;
	struct text cell;
};

/* Moves what was written into CELL over to COLUMN of LINE. */
static int set_cell(struct tree *tree, struct libscols_line *line, size_t column)
{
	int result = scols_line_set_data(line, column, text_get(&tree->cell));

	text_clear(&tree->cell);
	return result;
}

/* Choosing */

/* Births are events' numbers, so no two are the same; but a recording may be a forgery. */
static int compare_births(const void *a, const void *b)
{
	const struct task *one = ((const struct pick *)a)->task, *other = ((const struct pick *)b)->task;

	if (one->birth != other->birth)
		return one->birth < other->birth ? -1 : 1;
	return one->tid < other->tid ? -1 : one->tid > other->tid;
}

static int compare_worth(const void *a, const void *b)
{
	const struct pick *one = a, *other = b;

	return one->lives != other->lives ? (int)other->lives - (int)one->lives : compare_births(a, b);
}

static struct pick *pick_find(const struct tree *tree, const struct task *task)
{
	const struct pick key = { .task = task };

	return bsearch(&key, tree->picks, tree->pick_count, sizeof(key), compare_births);
}

/* The task behind TASK, makers before what they made, that below TASK left out unless INTO. *DEPTH is how many made it,
 * one by the other. Without recursion: that chain may be as long as a program likes. */
static const struct task *next_task(const struct task *task, bool into, unsigned *depth)
{
	if (into && task->first) {
		++*depth;
		return task->first;
	}
	while (task->creator && !task->next) {
		task = task->creator;
		--*depth;
	}
	return task->next;
}

/* Picks LIMIT tasks: those that live at the end, and who made them, then the first ones. Whose task is picked is picked
 * itself, for it is older and lives as long. */
static void pick(struct tree *tree, const struct model *model, size_t limit)
{
	size_t size = 0;
	unsigned depth = 0;

	for (const struct task *task = model_roots(model); task; task = next_task(task, true, &depth)) {
		if (tree->pick_count == size) {
			size = size ? 2 * size : 1024;
			tree->picks = mem_resize(tree->picks, size, sizeof(*tree->picks));
		}
		tree->picks[tree->pick_count++] = (struct pick){
			.task = task,
			.lives = task->state != TASK_ENDED && task->state != TASK_REPLACED,
		};
	}
	qsort(tree->picks, tree->pick_count, sizeof(*tree->picks), compare_births);
	for (size_t i = tree->pick_count; i--;) {
		const struct pick *at = &tree->picks[i];

		if (at->lives && at->task->creator)
			pick_find(tree, at->task->creator)->lives = true;
	}
	qsort(tree->picks, tree->pick_count, sizeof(*tree->picks), compare_worth);
	tree->pick_count = tree->pick_count < limit ? tree->pick_count : limit;
	qsort(tree->picks, tree->pick_count, sizeof(*tree->picks), compare_births);
}

static bool is_picked(const struct tree *tree, const struct task *task)
{
	return !tree->picks || pick_find(tree, task);
}

/* Lines */

static void add_task(struct text *cell, const struct task *task, bool deeper)
{
	text_addf(cell, "%d", (int)task->tid);
	if (task->nspid)
		text_addf(cell, " (inside %d)", (int)task->nspid);
	if (task->former)
		text_addf(cell, " (was %d)", (int)task->former);
	if (task->made_by)
		text_addf(cell, " (by %d)", (int)task->made_by);
	else if (deeper)
		text_addf(cell, " (by %d)", (int)task->creator->tid);
}

/* A process's command stands once, at the task that leads it. */
static void add_command(struct text *cell, const struct task *task)
{
	const struct process *process = task->process;

	if (process->command && (process->leader == task || process->tgid == task->tid) && task->state != TASK_REPLACED)
		text_add_escaped(cell, process->command);
}

static int add_line(struct tree *tree, const struct task *task, unsigned depth)
{
	unsigned level = depth < tree->depth_max ? depth : tree->depth_max - 1;
	struct libscols_line *line = scols_table_new_line(tree->table, level ? tree->above[level - 1] : NULL);

	int result;

	if (!line)
		return -ENOMEM;
	tree->above[level] = line;
	tree->cut = tree->cut || depth > level;
	tree->named = tree->named || task->made_by;
	tree->drawn++;

	add_task(&tree->cell, task, depth > level);
	result = set_cell(tree, line, TREE_TASK);
	words_add_kind(&tree->cell, task);
	result |= set_cell(tree, line, TREE_KIND);
	words_add_fate(&tree->cell, task);
	result |= set_cell(tree, line, TREE_FATE);
	add_command(&tree->cell, task);
	result |= set_cell(tree, line, TREE_COMMAND);
	return result ? -ENOMEM : 0;
}

static int add_tasks(struct tree *tree, const struct task *root)
{
	const struct task *task = root;
	unsigned depth = 0;

	while (task) {
		bool picked = is_picked(tree, task);
		int result = picked ? add_line(tree, task, depth) : 0;

		if (result)
			return result;
		task = next_task(task, picked, &depth);
	}
	return 0;
}

static int set_symbols(struct libscols_table *table, bool utf8)
{
	struct libscols_symbols *symbols;
	int result;

	if (!utf8)
		return scols_table_enable_ascii(table, 1);
	symbols = scols_new_symbols();
	if (!symbols)
		return -ENOMEM;
	result = scols_symbols_set_branch(symbols, "├─");
	result = result ? result : scols_symbols_set_vertical(symbols, "│ ");
	result = result ? result : scols_symbols_set_right(symbols, "└─");
	result = result ? result : scols_table_set_symbols(table, symbols);
	scols_unref_symbols(symbols);
	return result;
}

static int set_up(struct libscols_table *table, const struct sink_options *options)
{
	if (!scols_table_new_column(table, "TASK", 0, SCOLS_FL_TREE) || !scols_table_new_column(table, "KIND", 0, 0) ||
	    !scols_table_new_column(table, "FATE", 0, 0) ||
	    !scols_table_new_column(table, "COMMAND", 0, SCOLS_FL_TRUNC))
		return -ENOMEM;
	scols_table_set_termforce(table, options->width ? SCOLS_TERMFORCE_ALWAYS : SCOLS_TERMFORCE_NEVER);
	if (options->width)
		scols_table_set_termwidth(table, options->width);
	return set_symbols(table, options->utf8);
}

/* Adds TABLE's lines without the blanks that fill up its last column. */
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

/* What the tree does not show. */
static void add_notes(struct text *text, const struct tree *tree, uint64_t tasks)
{
	if (tasks > tree->drawn)
		text_addf(text, "... and %" PRIu64 " tasks more (%" PRIu64 " are drawn: --tree-limit)\n",
			  tasks - tree->drawn, tree->drawn);
	if (tree->named)
		text_add(text, "(\"by\" names a creator that is left out)\n");
	if (tree->cut)
		text_addf(text, "(drawn to level %u: deeper tasks stand beside their creator, named by \"by\")\n",
			  tree->depth_max);
}

void tree_draw(struct text *text, const struct model *model, const struct sink_options *options)
{
	struct tree tree = { .table = scols_new_table(), .depth_max = depth_max(options->width) };
	const struct task *root = options->tree_limit ? model_roots(model) : NULL;
	const uint64_t tasks = model_tally(model)->tasks;
	char *lines = NULL;
	int result = tree.table ? set_up(tree.table, options) : -ENOMEM;

	if (root && tasks > options->tree_limit)
		pick(&tree, model, options->tree_limit);
	if (root && !result)
		result = add_tasks(&tree, root);
	if (root && !result)
		result = scols_print_table_to_string(tree.table, &lines);
	if (result)
		text_add(text, "(the tree of tasks could not be drawn)\n");
	else if (root)
		add_lines(text, lines);
	if (root && !result)
		add_notes(text, &tree, tasks);
	free(lines);
	free(tree.picks);
	scols_unref_table(tree.table);
	text_done(&tree.cell);
}
