/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Applies creations: the new task with its request and its process, and attempts that failed. */
#include "model/tree.h"

#include <errno.h>
#include <stddef.h>
#include <stdlib.h>

#include "base/mem.h"
#include "clone/check.h"
#include "clone/fingerprint.h"
#include "clone/flags.h"
#include "event/stack.h"
#include "model/namespaces.h"

static void count_made(struct tally *tally, enum kind kind, bool thread)
{
	tally->kinds[kind]++;
	if (kind == KIND_THREAD || (kind == KIND_UNKNOWN && thread))
		tally->threads++;
	else
		tally->processes++;
}

static void take_request(struct task *task, const struct request *request)
{
	struct check_masks said;

	task->requested = true;
	task->call = call_is_creation(request->call) ? request->call & 7 : CALL_NONE;
	task->stack = request->have & REQUEST_STACK;
	task->kind = kind_of(request);
	task->flags = request->flags;
	task->exit_signal = request->exit_signal;
	task->looks_like = fingerprint_find(request);
	check_expect(request, &said);
	task->shares = (uint8_t)(said.shared & OBJECTS);
}

struct request task_request(const struct task *task)
{
	return (struct request){
		.call = (enum call)task->call,
		.have = task->requested ? REQUEST_FLAGS | (task->stack ? REQUEST_STACK : 0u) : 0,
		.flags = task->flags,
		.exit_signal = task->exit_signal,
	};
}

/* The process whose child EVENT's new process TGID is; PARENT is the creator's process, or NULL. */
static pid_t spawn_ppid(pid_t tgid, const struct event *event, const struct group *parent)
{
	if (event->have & EVENT_HAVE_PPID)
		return event->spawn.ppid;
	if (tgid != event->spawn.child)
		return 0; /* a thread of a process that was not seen */
	if (event->have & EVENT_HAVE_REQUEST && event->attempt.request.flags & FLAG_PARENT)
		return parent ? parent->process.ppid : 0;
	return event->spawn.creator_tgid;
}

/* The signal that a process created by EVENT sends when it ends: a CLONE_PARENT child has its creator's own exit signal
 * (clone(2)). */
static int spawn_exit_signal(const struct event *event, const struct group *parent)
{
	const struct request *request = &event->attempt.request;

	if (!(event->have & EVENT_HAVE_REQUEST) || request->flags & FLAG_THREAD)
		return -1;
	if (request->flags & FLAG_PARENT)
		return parent ? parent->process.exit_signal : -1;
	return (int)request->exit_signal;
}

static struct group *spawn_process(struct model *model, pid_t tgid, const struct event *event,
				   const struct group *parent)
{
	pid_t ppid = spawn_ppid(tgid, event, parent);
	struct group *group = group_new(model, tgid, event->when);

	group->process.ppid = ppid;
	group->process.autoreap = event->have & EVENT_HAVE_REQUEST && event->attempt.request.flags & FLAG_AUTOREAP;
	group_set_signal(model, group, spawn_exit_signal(event, parent));
	group->process.uid = parent ? parent->process.uid : (uid_t)-1;
	group_set_command(group, parent ? parent->command : NULL);
	return group;
}

/* The child's thread group; if it is not known, the flags show it. */
static pid_t spawn_tgid(const struct event *event)
{
	bool thread = event->have & EVENT_HAVE_REQUEST && event->attempt.request.flags & FLAG_THREAD;

	if (event->spawn.child_tgid > 0)
		return event->spawn.child_tgid;
	return thread && event->spawn.creator_tgid > 0 ? event->spawn.creator_tgid : event->spawn.child;
}

/* CREATOR has made REQUEST, which failed with ERROR; 0: it succeeded. Returns whether that is a second attempt. */
static void note_attempt(struct task *creator, const struct event *event, const struct request *request, int error,
			 struct step *ret)
{
	const uint64_t flags = request->flags & UINT32_MAX; /* clone has no other flags */
	struct unanswered *before = creator->unanswered;

	if (before && request->call == CALL_CLONE && before->flags == flags &&
	    before->exit_signal == request->exit_signal)
		ret->retry_of = before->seq;
	free(before);
	creator->unanswered = NULL;
	if (request->call != CALL_CLONE3 || error != ENOSYS)
		return;
	creator->unanswered = mem_alloc(sizeof(*creator->unanswered));
	*creator->unanswered = (struct unanswered){ event->seq, flags, request->exit_signal };
}

void apply_refused(struct model *model, struct step *ret)
{
	const struct event *event = ret->event;
	struct node *node = node_of_step(ret);

	model->tally.refused++;
	if (node)
		note_attempt(&node->task, event, &event->attempt.request, event->refused.error, ret);
}

void apply_spawn(struct model *model, struct step *ret)
{
	const struct event *event = ret->event;
	struct node *creator = event->have & EVENT_HAVE_CREATOR ? tree_find_node(model, event->tid) : NULL;
	struct group *parent =
		creator ? group_of(creator->task.process) : tree_find_group(model, event->spawn.creator_tgid);
	pid_t tgid = spawn_tgid(event);
	bool thread = tgid != event->spawn.child;
	struct group *group;
	struct node *node;

	ret->task = creator ? &creator->task : NULL;
	if (creator)
		forget_failed(creator->task.process, event->tid);
	if (event->spawn.child <= 0)
		return;
	node = node_new(model, event->spawn.child, event);
	group = thread ? tree_find_group(model, tgid) : NULL;
	if (!group)
		group = spawn_process(model, tgid, event, parent);
	if (event_request(event))
		take_request(&node->task, event_request(event));
	if (event_stack(event)) {
		node->task.seen = stack_library_call(&event->attempt.stack);
		node->task.passed = stack_functions(&event->attempt.stack);
	}
	if (event->have & EVENT_HAVE_REQUEST && creator)
		note_attempt(&creator->task, event, &event->attempt.request, 0, ret);
	node->task.nspid = event->have & EVENT_HAVE_NSPID ? event->spawn.nspid : 0;
	node_link(model, node, creator);
	node_join(model, node, group);
	node_watch(model, node);
	namespaces_spawn(&node->task, creator ? &creator->task : NULL, event, model->own_ns, ret);
	model_note_namespaces(model, &node->task);
	count_made(&model->tally, node->task.kind, thread);
	ret->other = &node->task;
}
