/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Keeps tasks and processes: which task created which, and which process each task is in. */
#include "model/tree.h"

#include <signal.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "model/namespaces.h"

/* How many dead tasks are kept besides those that the caller wants, so that events which come after an end find their
 * task. Only the largest processes have more threads, and all threads can be reported as ended before a creation by one
 * of them. */
#define DEAD_MAX 1024

/* Processes */

struct command *command_new(const char *text)
{
	size_t size = strlen(text) + 1;
	struct command *command = mem_alloc(sizeof(*command) + size);

	command->refs = 0;
	memcpy(command->text, text, size);
	return command;
}

bool group_is_live(const struct group *group)
{
	return group->members && is_live(&group->members->task);
}

void group_set_command(struct group *group, struct command *command)
{
	struct command *old = group->command;

	if (command)
		command->refs++;
	if (old && --old->refs == 0)
		free(old);
	group->command = command;
	group->process.command = command ? command->text : NULL;
}

struct group *tree_find_group(const struct model *model, pid_t tgid)
{
	struct tids_link *link = tids_find(&model->groups, tgid);

	return link ? TIDS_ENTRY(link, struct group, link) : NULL;
}

void group_set_signal(struct model *model, struct group *group, int signo)
{
	const bool odd = signo != SIGCHLD && !group->process.autoreap;

	group->process.exit_signal = group->process.autoreap ? 0 : signo;
	if (odd && !group->odd)
		DL_APPEND2(model->odd, group, odd_prev, odd_next);
	else if (!odd && group->odd)
		DL_DELETE2(model->odd, group, odd_prev, odd_next);
	group->odd = odd;
}

/* The signal that the end of GROUP sent no longer changes. */
static void group_keep_signal(struct model *model, struct group *group)
{
	if (group->odd)
		DL_DELETE2(model->odd, group, odd_prev, odd_next);
	group->odd = false;
}

void children_set_signal(struct model *model, pid_t ppid, int signo)
{
	struct group *group, *next;

	DL_FOREACH_SAFE2(model->odd, group, next, odd_next)
	{
		if (group->process.ppid == ppid)
			group_set_signal(model, group, signo);
	}
}

void forget_failed(struct process *process, pid_t tid)
{
	struct failed_exec *failed = process->failed;

	if (!failed || (tid && failed->tid != tid))
		return;
	free(failed->file);
	free(failed);
	process->failed = NULL;
}

static void group_free(struct model *model, struct group *group)
{
	tids_remove(&model->groups, &group->link);
	group_keep_signal(model, group);
	forget_failed(&group->process, 0);
	group_set_command(group, NULL);
	free(group);
}

/* Tasks */

struct node *tree_find_node(const struct model *model, pid_t tid)
{
	struct tids_link *link = tids_find(&model->nodes, tid);

	return link ? TIDS_ENTRY(link, struct node, link) : NULL;
}

void node_link(struct model *model, struct node *node, struct node *creator)
{
	struct task **first = creator ? &creator->task.first : &model->first_root;
	struct task **last = creator ? &creator->task.last : &model->last_root;

	node->task.creator = creator ? &creator->task : NULL;
	node->task.depth = creator ? creator->task.depth + 1 : 0;
	node->prev = *last ? node_of(*last) : NULL;
	if (*last)
		(*last)->next = &node->task;
	else
		*first = &node->task;
	*last = &node->task;
}

static void node_unlink(struct model *model, struct node *node)
{
	struct task *task = &node->task;
	struct task **first = task->creator ? &task->creator->first : &model->first_root;
	struct task **last = task->creator ? &task->creator->last : &model->last_root;

	if (node->prev)
		node->prev->task.next = task->next;
	else
		*first = task->next;
	if (task->next)
		node_of(task->next)->prev = node->prev;
	else
		*last = node->prev ? &node->prev->task : NULL;
}

void node_join(struct model *model, struct node *node, struct group *group)
{
	struct process *process = &group->process;

	node->task.process = process;
	DL_PREPEND2(group->members, node, member_prev, member_next);
	if (!process->leader || node->task.tid == process->tgid)
		process->leader = &node->task;
	if (node->task.state != TASK_ALIVE)
		return;
	model->tally.living += !process->nlwp;
	if (++process->nlwp > process->most)
		process->most = process->nlwp;
	if (++model->tally.alive > model->tally.most)
		model->tally.most = model->tally.alive;
}

void node_stop_running(struct model *model, struct node *node, uint64_t when)
{
	if (node->task.state != TASK_ALIVE)
		return;
	model->tally.living -= !--node->task.process->nlwp;
	node->task.end = when;
	model->tally.alive--;
}

static void node_queue(struct model *model, struct node *node)
{
	if (node->task.kept)
		return;
	node->dead_next = NULL;
	*model->dead_tail = node;
	model->dead_tail = &node->dead_next;
	model->dead_count++;
}

void node_end(struct model *model, struct node *node, enum task_state state, int status, uint64_t when)
{
	struct group *group = group_of(node->task.process);

	node_stop_running(model, node, when);
	DL_DELETE2(group->members, node, member_prev, member_next);
	DL_APPEND2(group->members, node, member_prev, member_next);
	if (node->task.state == TASK_ALIVE || status != TASK_STATUS_UNKNOWN)
		node->task.status = status;
	node->task.state = state;
	if (!group_is_live(group))
		group_keep_signal(model, group);
	node_queue(model, node);
}

void group_end_others(struct model *model, struct group *group, const struct node *survivor, enum task_state state,
		      uint64_t when)
{
	struct node *node, *next;

	for (node = group->members; node && is_live(&node->task); node = next) {
		next = node->member_next; /* an ended task moves to the end of the list */
		if (node != survivor)
			node_end(model, node, state, TASK_STATUS_UNKNOWN, when);
	}
}

struct group *group_new(struct model *model, pid_t tgid, uint64_t when)
{
	struct group *old = tree_find_group(model, tgid);
	struct group *group = mem_zalloc(1, sizeof(*group));

	if (old) {
		group_end_others(model, old, NULL, TASK_ENDED, when);
		tids_remove(&model->groups, &old->link);
	}
	group->process.tgid = tgid;
	group_set_signal(model, group, -1);
	group->process.uid = (uid_t)-1;
	tids_add(&model->groups, &group->link, tgid);
	return group;
}

struct node *node_new(struct model *model, pid_t tid, const struct event *event)
{
	struct node *old = tree_find_node(model, tid);
	struct node *node = mem_zalloc(1, sizeof(*node));

	if (old) {
		if (is_live(&old->task))
			node_end(model, old, TASK_ENDED, TASK_STATUS_UNKNOWN, event->when);
		tids_remove(&model->nodes, &old->link);
	}
	node->task.kept = model->tally.tasks++ < model->keep;
	node->task.tid = tid;
	node->task.birth = event->seq;
	node->task.start = event->when;
	tids_add(&model->nodes, &node->link, tid);
	return node;
}

/* The task whose watch a new task inherits: its creator or, if that is not known, its leader or its parent. */
static const struct task *watch_from(const struct model *model, const struct task *task)
{
	const struct process *process = task->process;
	const struct group *parent;

	if (task->creator)
		return task->creator;
	if (process->leader != task)
		return process->leader;
	parent = process->ppid > 0 ? tree_find_group(model, process->ppid) : NULL;
	return parent ? parent->process.leader : NULL;
}

void node_watch(const struct model *model, struct node *node)
{
	struct task *task = &node->task;
	const struct task *from = model->watched_count ? watch_from(model, task) : NULL;

	if (from)
		task->watched = from->watched;
	for (unsigned i = 0; i < model->watched_count; i++) {
		if (task->tid == model->watched[i] || task->process->tgid == model->watched[i])
			task->watched |= UINT32_C(1) << i;
	}
}

/* Replaces NODE, below its creator, with the tasks that NODE created. */
static void node_hand_over(struct model *model, struct node *node)
{
	struct task *task = &node->task, *child;
	struct task **first = task->creator ? &task->creator->first : &model->first_root;

	if (!task->first)
		return;
	for (child = task->first; child; child = child->next) {
		child->creator = task->creator;
		if (!child->made_by)
			child->made_by = task->tid;
	}
	if (node->prev)
		node->prev->task.next = task->first;
	else
		*first = task->first;
	node_of(task->first)->prev = node->prev;
	task->last->next = task;
	node->prev = node_of(task->last);
	task->first = task->last = NULL;
}

void node_free(struct model *model, struct node *node)
{
	struct group *group = group_of(node->task.process);

	node_hand_over(model, node);
	node_unlink(model, node);
	tids_remove(&model->nodes, &node->link);
	DL_DELETE2(group->members, node, member_prev, member_next);
	if (!group->members)
		group_free(model, group);
	else if (group->process.leader == &node->task)
		group->process.leader = &group->members->task;
	free(node->task.name);
	free(node->task.unanswered);
	namespaces_done(&node->task);
	free(node);
}

void model_bury(struct model *model)
{
	struct node *node;

	while (model->dead_count > DEAD_MAX) {
		node = model->dead;
		model->dead = node->dead_next;
		if (!model->dead)
			model->dead_tail = &model->dead;
		model->dead_count--;
		node_free(model, node);
	}
}

void model_note_namespaces(struct model *model, const struct task *task)
{
	model->tally.namespaces |= task->ns || task->brought;
	model->tally.entered |= task->entered != 0;
}
