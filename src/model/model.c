/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The interface of the live task tree. */
#include "model/model.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "model/tree.h"

struct model *model_new(size_t keep)
{
	struct model *model = mem_zalloc(1, sizeof(*model));

	model->keep = keep;
	model->dead_tail = &model->dead;
	return model;
}

void model_free(struct model *model)
{
	struct task *task, *next;

	if (!model)
		return;
	/* Leaves first, and without recursion, because each of a million tasks may have created the next. */
	for (task = model->first_root; task; task = next) {
		next = task->first;
		if (next)
			continue;
		next = task->next ? task->next : task->creator;
		node_free(model, node_of(task));
	}
	tids_done(&model->nodes);
	tids_done(&model->groups);
	free(model);
}

void model_watch(struct model *model, pid_t pid)
{
	for (unsigned i = 0; i < model->watched_count; i++) {
		if (model->watched[i] == pid)
			return;
	}
	assert(model->watched_count < MODEL_WATCHED_MAX);
	model->watched[model->watched_count++] = pid;
}

bool model_is_under(const struct model *model, const struct task *task, pid_t pid)
{
	for (unsigned i = 0; i < model->watched_count; i++) {
		if (model->watched[i] == pid)
			return task->watched >> i & 1;
	}
	return false;
}

const struct task *model_find(const struct model *model, pid_t tid)
{
	const struct node *node = tree_find_node(model, tid);

	return node && is_live(&node->task) ? &node->task : NULL;
}

const struct process *model_find_process(const struct model *model, pid_t tgid)
{
	const struct group *group = tree_find_group(model, tgid);

	return group && group_is_live(group) ? &group->process : NULL;
}

const struct task *model_roots(const struct model *model)
{
	return model->first_root;
}

const struct task *model_next(const struct task *task)
{
	if (task->first)
		return task->first;
	while (task->creator && !task->next)
		task = task->creator;
	return task->next;
}

const struct tally *model_tally(const struct model *model)
{
	return &model->tally;
}

const char *model_program(const char *command, size_t *ret_length)
{
	const size_t length = strcspn(command, " ");
	size_t start = length;

	while (start && command[start - 1] != '/')
		start--;
	*ret_length = length - start;
	return command + start;
}
