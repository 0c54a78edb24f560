/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The tasks as a graph: a node for each, a box around the tasks of one process, an arrow to each from its creator, and
 * a dashed one from its parent if that is another process. In the languages of Graphviz and Mermaid. */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/text.h"
#include "render/column.h"
#include "render/forest.h"
#include "render/words.h"
#include "sink/formats.h"

#define COMMAND_MAX 40 /* bytes of a command that a node shows */
#define NAME_MAX_LENGTH 24

enum shape { SHAPE_PROCESS, SHAPE_THREAD, SHAPE_OUTSIDE };

/* How a language writes a graph. LABEL is text for people: lines with \n between them. */
struct language {
	const char *begin, *end;
	void (*box)(struct text *text, const char *name); /* TASK NULL: ends the box */
	void (*node)(struct text *text, const char *name, enum shape shape, const char *label);
	void (*edge)(struct text *text, const char *from, const char *to, bool dashed, const char *label);
};

struct sink {
	struct sink_base base;
	const struct language *language;
	struct text label;
	struct forest forest;
	const struct branch **nodes; /* the branches that are drawn, those of one process next to each other */
	size_t count;
	bool incomplete; /* the model may have removed tasks */
	pid_t *outside;	 /* parents that are not tasks of the graph, and already have their nodes */
	size_t outside_count;
};

/* ---- Graphviz ---- */

/* A string of DOT: \n ends a line, and a backslash of the text itself (from text_add_escaped()) is doubled. */
static void dot_quote(struct text *text, const char *label)
{
	text_add(text, "\"");
	for (; *label; label++) {
		if (*label == '\n')
			text_add(text, "\\n");
		else if (*label == '"' || *label == '\\')
			text_addf(text, "\\%c", *label);
		else
			text_add_bytes(text, label, 1);
	}
	text_add(text, "\"");
}

static void dot_box(struct text *text, const char *name)
{
	if (name)
		text_addf(text, "\tsubgraph cluster_%s {\n\tstyle=rounded\n", name);
	else
		text_add(text, "\t}\n");
}

static void dot_node(struct text *text, const char *name, enum shape shape, const char *label)
{
	static const char *const shapes[] = {
		[SHAPE_PROCESS] = "box",
		[SHAPE_THREAD] = "ellipse",
		[SHAPE_OUTSIDE] = "plaintext",
	};

	text_addf(text, "\t%s [shape=%s, label=", name, shapes[shape]);
	dot_quote(text, label);
	text_add(text, "]\n");
}

static void dot_edge(struct text *text, const char *from, const char *to, bool dashed, const char *label)
{
	text_addf(text, "\t%s -> %s [%slabel=", from, to, dashed ? "style=dashed, constraint=false, " : "");
	dot_quote(text, label);
	text_add(text, "]\n");
}

static const struct language dot_language = {
	.begin = "digraph cltrace {\n"
		 "\tnode [fontname=\"sans-serif\", fontsize=10]\n"
		 "\tedge [fontname=\"sans-serif\", fontsize=9]\n",
	.end = "}\n",
	.box = dot_box,
	.node = dot_node,
	.edge = dot_edge,
};

/* ---- Mermaid ---- */

/* Mermaid reads a label as Markdown with HTML in it, so characters with a meaning there are written by their numbers.
 */
static void mermaid_quote(struct text *text, const char *label)
{
	text_add(text, "\"");
	for (; *label; label++) {
		if (*label == '\n')
			text_add(text, "<br/>");
		else if (strchr("\"\\<>&#;`*_", *label))
			text_addf(text, "#%d;", *label);
		else
			text_add_bytes(text, label, 1);
	}
	text_add(text, "\"");
}

static void mermaid_box(struct text *text, const char *name)
{
	if (name)
		text_addf(text, "\tsubgraph box_%s [\" \"]\n", name);
	else
		text_add(text, "\tend\n");
}

static void mermaid_node(struct text *text, const char *name, enum shape shape, const char *label)
{
	static const struct {
		const char *open, *close;
	} shapes[] = {
		[SHAPE_PROCESS] = { "[", "]" },
		[SHAPE_THREAD] = { "([", "])" },
		[SHAPE_OUTSIDE] = { "[/", "/]" },
	};

	text_addf(text, "\t%s%s", name, shapes[shape].open);
	mermaid_quote(text, label);
	text_addf(text, "%s\n", shapes[shape].close);
}

static void mermaid_edge(struct text *text, const char *from, const char *to, bool dashed, const char *label)
{
	text_addf(text, "\t%s %s", from, dashed ? "-.->" : "-->");
	if (*label) {
		text_add(text, "|");
		mermaid_quote(text, label);
		text_add(text, "|");
	}
	text_addf(text, " %s\n", to);
}

static const struct language mermaid_language = {
	.begin = "flowchart TD\n",
	.end = "",
	.box = mermaid_box,
	.node = mermaid_node,
	.edge = mermaid_edge,
};

/* ---- the graph ---- */

static void task_name(const struct task *task, char ret_name[NAME_MAX_LENGTH])
{
	snprintf(ret_name, NAME_MAX_LENGTH, "t%" PRIu64, task->birth);
}

static void add_node(struct sink *sink, const struct task *task)
{
	const struct process *process = task->process;
	const bool leader = task->tid == process->tgid;
	const char *command = column_command(task);
	char name[NAME_MAX_LENGTH];

	task_name(task, name);
	text_clear(&sink->label);
	words_add_ids(&sink->label, task);
	text_add(&sink->label, " ");
	words_add_kind(&sink->label, task);
	if (command) {
		text_add(&sink->label, "\n");
		words_add_command(&sink->label, command, COMMAND_MAX);
	}
	text_add(&sink->label, "\n");
	words_add_outcome(&sink->label, task);
	sink->language->node(&sink->base.text, name, leader ? SHAPE_PROCESS : SHAPE_THREAD, text_get(&sink->label));
}

/* The arrow from TASK's creator: the library call. */
static void add_creation(struct sink *sink, const struct task *task)
{
	char from[NAME_MAX_LENGTH], to[NAME_MAX_LENGTH];

	if (!task->creator)
		return;
	task_name(task->creator, from);
	task_name(task, to);
	if (task->made_by) { /* the creator was removed; only the next task above it is known */
		text_clear(&sink->label);
		text_addf(&sink->label, "by %d, left out", (int)task->made_by);
		sink->language->edge(&sink->base.text, from, to, true, text_get(&sink->label));
		return;
	}
	text_clear(&sink->label);
	words_add_made_by(&sink->label, "", task, &sink->base.options);
	sink->language->edge(&sink->base.text, from, to, false, text_get(&sink->label));
}

/* By process, in the order of the leaders' births; in one process by birth. */
static int compare_nodes(const void *a, const void *b)
{
	const struct task *one = (*(const struct branch *const *)a)->task;
	const struct task *two = (*(const struct branch *const *)b)->task;
	const uint64_t process_one = one->process->leader->birth, process_two = two->process->leader->birth;

	if (process_one != process_two)
		return process_one < process_two ? -1 : 1;
	return one->birth < two->birth ? -1 : one->birth > two->birth;
}

static bool is_drawn(const struct forest *forest, const struct task *task)
{
	const struct branch *branch = forest_find(forest, task);

	return branch && !branch->hidden;
}

/* The process that created TASK gets no second arrow as its parent. A parent outside the graph gets none either, if
 * TASK's creator is not drawn. */
static bool has_parent_arrow(const struct sink *sink, const struct task *task, const struct task *parent)
{
	const struct process *process = task->process;

	if (task->tid != process->tgid || !process->ppid)
		return false;
	if (!task->creator)
		return parent && is_drawn(&sink->forest, parent);
	return task->creator->process != process && process->ppid != task->creator->process->tgid;
}

/* Adds the node of the process PPID, which is not a task of the graph, once. WHY: the reason. */
static void add_outside(struct sink *sink, pid_t ppid, const char *name, const char *why)
{
	for (size_t i = 0; i < sink->outside_count; i++)
		if (sink->outside[i] == ppid)
			return;
	sink->outside = mem_resize(sink->outside, sink->outside_count + 1, sizeof(*sink->outside));
	sink->outside[sink->outside_count++] = ppid;
	text_clear(&sink->label);
	text_addf(&sink->label, "%d\n(%s)", (int)ppid, why);
	sink->language->node(&sink->base.text, name, SHAPE_OUTSIDE, text_get(&sink->label));
}

/* The arrow from the parent of NODE's process at the end, if that is not the process that created it: CLONE_PARENT, an
 * orphan's new parent, or a task that existed before the trace. */
static void add_parent(struct sink *sink, const struct branch *node)
{
	const struct task *task = node->task, *parent = node->parent ? node->parent->process->leader : NULL;
	char from[NAME_MAX_LENGTH], to[NAME_MAX_LENGTH];

	if (!has_parent_arrow(sink, task, parent))
		return;
	task_name(task, to);
	if (parent && is_drawn(&sink->forest, parent)) {
		task_name(parent, from);
	} else {
		snprintf(from, sizeof(from), "p%d", (int)task->process->ppid);
		add_outside(sink, task->process->ppid, from,
			    parent	       ? "left out"
			    : sink->incomplete ? "not traced, or left out"
					       : "not traced");
	}
	sink->language->edge(&sink->base.text, from, to, true, "parent at the end");
}

static void add_nodes(struct sink *sink)
{
	for (size_t i = 0; i < sink->count; i++) {
		const struct process *process = sink->nodes[i]->task->process;
		const bool first = !i || sink->nodes[i - 1]->task->process != process;
		const bool last = i + 1 == sink->count || sink->nodes[i + 1]->task->process != process;
		char name[NAME_MAX_LENGTH];

		if (first && !last) {
			task_name(sink->nodes[i]->task, name);
			sink->language->box(&sink->base.text, name);
		}
		add_node(sink, sink->nodes[i]->task);
		if (last && !first)
			sink->language->box(&sink->base.text, NULL);
	}
}

/* Says how many tasks the filter hides and the model has removed because of --tree-limit. */
static void add_left_out(struct sink *sink, const struct model *model)
{
	const uint64_t tasks = model_tally(model)->tasks;

	if (tasks <= sink->count)
		return;
	text_clear(&sink->label);
	text_addf(&sink->label, "%" PRIu64 " more, left out (%s--tree-limit)", tasks - sink->count,
		  sink->base.options.filter ? "-e, " : "");
	sink->language->node(&sink->base.text, "more", SHAPE_OUTSIDE, text_get(&sink->label));
}

/* ---- the ops ---- */

static void dot_open(struct sink *sink)
{
	sink->language = &dot_language;
}

static void mermaid_open(struct sink *sink)
{
	sink->language = &mermaid_language;
}

static size_t graph_keeps(const struct sink_options *options)
{
	return options->tree_limit;
}

static void choose_nodes(struct sink *sink, const struct model *model)
{
	forest_init(&sink->forest, model, FOREST_BY_CREATOR, sink->base.options.filter);
	forest_limit(&sink->forest, sink->base.options.tree_limit);
	sink->incomplete = model_tally(model)->tasks > sink->base.options.tree_limit;
	sink->nodes = mem_zalloc(sink->forest.count + 1, sizeof(*sink->nodes));
	for (size_t i = 0; i < sink->forest.count; i++)
		if (!sink->forest.branches[i].hidden)
			sink->nodes[sink->count++] = &sink->forest.branches[i];
	if (sink->count)
		qsort(sink->nodes, sink->count, sizeof(*sink->nodes), compare_nodes);
}

static void graph_finish(struct sink *sink, const struct model *model)
{
	text_add(&sink->base.text, sink->language->begin);
	choose_nodes(sink, model);
	add_nodes(sink);
	add_left_out(sink, model);
	for (size_t i = 0; i < sink->count; i++)
		add_creation(sink, sink->nodes[i]->task);
	for (size_t i = 0; i < sink->count; i++)
		add_parent(sink, sink->nodes[i]);
	text_add(&sink->base.text, sink->language->end);
}

static void graph_close(struct sink *sink)
{
	text_done(&sink->label);
	forest_done(&sink->forest);
	free(sink->outside);
	free(sink->nodes);
}

static unsigned graph_needs(const struct sink_options *options)
{
	(void)options;
	return WANT_NAMES | WANT_CHEAP_ORIGINS;
}

const struct sink_ops dot_sink = {
	.whole = true,
	.name = "dot",
	.extensions = ".dot .gv",
	.help = "a graph of who made whom, for Graphviz",
	.at_end = true,
	.needs = graph_needs,
	.keeps = graph_keeps,
	.size = sizeof(struct sink),
	.open = dot_open,
	.finish = graph_finish,
	.close = graph_close,
};

const struct sink_ops mermaid_sink = {
	.whole = true,
	.name = "mermaid",
	.extensions = ".mmd .mermaid",
	.help = "the same graph in Mermaid, for Markdown",
	.at_end = true,
	.needs = graph_needs,
	.keeps = graph_keeps,
	.size = sizeof(struct sink),
	.open = mermaid_open,
	.finish = graph_finish,
	.close = graph_close,
};
