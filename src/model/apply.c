/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Applies events: what each changes in the tree, with a handler for each kind. The handlers for creations are in
 * creation.c. */
#include "model/tree.h"

#include <errno.h>
#include <signal.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>

#include "base/mem.h"
#include "clone/check.h"
#include "clone/fingerprint.h"
#include "model/namespaces.h"

static void see_namespaces(struct model *model, struct task *task, const struct event *event, struct step *ret)
{
	if (event->have & EVENT_HAVE_NS)
		namespaces_seen(task, event->ns, NAMESPACE_COUNT, model->own_ns, ret);
	model_note_namespaces(model, task);
}

static void apply_begin(struct model *model, struct step *ret)
{
	const struct event *event = ret->event;
	if (event->have & EVENT_HAVE_NS)
		memcpy(model->own_ns, event->ns, sizeof(model->own_ns));
	ret->task = NULL;
}

static void apply_look(struct model *model, struct step *ret)
{
	const struct event *event = ret->event;
	struct node *node = node_of_step(ret);
	if (!node || !(event->have & EVENT_HAVE_LOOK))
		return;
	node->task.worker = event->look.worker;
	node->task.process->kernel = event->look.kernel;
	if (node->task.process->leader == &node->task)
		node->task.process->stopped = event->look.state[0] == 'T';
	free(node->task.name);
	node->task.name = mem_strdup(event->look.name);
	namespaces_seen(&node->task, event->look.ns, NAMESPACE_KINDS, model->own_ns, ret);
	model_note_namespaces(model, &node->task);
}

static void apply_attach(struct model *model, struct step *ret)
{
	const struct event *event = ret->event;
	pid_t tgid = event->attach.tgid > 0 ? event->attach.tgid : event->tid;
	struct node *creator, *node;
	struct group *group;

	ret->task = NULL;
	if (event->tid <= 0)
		return;
	creator = event->attach.creator > 0 ? tree_find_node(model, event->attach.creator) : NULL;
	node = node_new(model, event->tid, event);
	group = tree_find_group(model, tgid);
	if (!group || !group_is_live(group))
		group = group_new(model, tgid, event->when);
	if (event->have & EVENT_HAVE_PPID)
		group->process.ppid = event->attach.ppid;
	if (event->have & EVENT_HAVE_UID)
		group->process.uid = event->attach.uid;
	if (event->have & EVENT_HAVE_COMMAND && event->attach.command)
		group_set_command(group, command_new(event->attach.command));
	node->task.launched = event->attach.launched;
	node->task.attached = !event->attach.launched;
	node->task.nspid = event->have & EVENT_HAVE_NSPID ? event->attach.nspid : 0;
	if (event->attach.zombie) {
		node->task.state = TASK_ZOMBIE;
		node->task.status = TASK_STATUS_UNKNOWN;
		node->task.end = event->when;
	}
	node_link(model, node, creator);
	node_join(model, node, group);
	node_watch(model, node);
	model->tally.attached += node->task.attached;
	see_namespaces(model, &node->task, event, ret);
	ret->task = &node->task;
}

/* TASK's action now shows that its request looks like GUESS; NULL: nothing new. */
static void take_guess(struct task *task, const char *guess, struct step *ret)
{
	if (!guess)
		return;
	task->looks_like = guess;
	ret->guess = guess;
}

/* From now on TASK no longer shares the objects in MASK: what it shared with its creator, and with the tasks that it
 * created. */
static void part(struct task *task, uint64_t mask, struct step *ret)
{
	if (task->shares & mask && task->creator && !task->made_by && is_live(task->creator)) {
		ret->parted = task->shares & mask;
		ret->parted_from = task->creator->tid;
	}
	task->shares &= (uint8_t)~mask;
	for (struct task *child = task->first; child; child = child->next) {
		if (child->made_by || !(child->shares & mask))
			continue;
		if (is_live(child)) {
			ret->parted |= child->shares & mask;
			ret->parted_from = ret->parted_from ? ret->parted_from : child->tid;
		}
		child->shares &= (uint8_t)~mask;
	}
}

/* The last part of a path. */
static const char *path_name(const char *path)
{
	const char *slash = strrchr(path, '/');

	return slash ? slash + 1 : path;
}

static void apply_failed_exec(struct process *process, const struct event *event, struct step *ret)
{
	const char *file = event->have & EVENT_HAVE_FILE ? event->call.file : NULL;
	const int error = (int)-(uint64_t)event->call.result;
	struct failed_exec *failed = process->failed;

	ret->again = failed && failed->tid == event->tid && failed->error == error && failed->file && file &&
		     strcmp(path_name(failed->file), path_name(file)) == 0;
	if (!ret->again) {
		forget_failed(process, 0);
		failed = process->failed = mem_zalloc(1, sizeof(*failed));
	}
	free(failed->file);
	failed->file = file ? mem_strdup(file) : NULL;
	failed->tid = event->tid;
	failed->error = error;
	failed->count++;
}

static void apply_call(struct model *model, struct step *ret)
{
	const struct event *event = ret->event;
	struct node *node = node_of_step(ret);
	struct check_masks said;

	if (!node)
		return;
	if (call_is_exec(event->attempt.request.call) && event->call.result < 0)
		apply_failed_exec(node->task.process, event, ret);
	else
		forget_failed(node->task.process, event->tid);
	if (event->call.result < 0)
		return;
	if (event->attempt.request.call == CALL_SETSID && !node->task.execs)
		take_guess(&node->task, fingerprint_after_setsid(node->task.looks_like), ret);
	check_expect(&event->attempt.request, &said);
	part(&node->task, said.apart & OBJECTS, ret);
	namespaces_call(&node->task, event, model->own_ns, ret);
	model_note_namespaces(model, &node->task);
}

/* CALLER, a thread that has exec'ed, takes the leader's TID (ptrace(2), "execve(2) under ptrace"). Returns the leader
 * that it replaced; NULL: the leader was not known. */
static struct node *replace_leader(struct model *model, struct node *caller, pid_t tid, uint64_t when)
{
	struct node *old = tree_find_node(model, tid);
	bool replaced = old && old->task.process == caller->task.process;

	if (old && is_live(&old->task))
		node_end(model, old, replaced ? TASK_REPLACED : TASK_ENDED, TASK_STATUS_UNKNOWN, when);
	else if (replaced)
		old->task.state = TASK_REPLACED;
	if (old)
		tids_remove(&model->nodes, &old->link);
	tids_remove(&model->nodes, &caller->link);
	caller->task.former = caller->task.tid;
	caller->task.tid = tid;
	tids_add(&model->nodes, &caller->link, tid);
	caller->task.launched |= replaced && old->task.launched; /* it is the leader of that process now */
	caller->task.process->leader = &caller->task;
	return replaced ? old : NULL;
}

static void apply_exec(struct model *model, struct step *ret)
{
	const struct event *event = ret->event;
	bool moved = event->exec.former > 0 && event->exec.former != event->tid;
	struct node *caller = tree_find_node(model, moved ? event->exec.former : event->tid);
	struct node *replaced = NULL;
	struct check_masks said;
	struct group *group;

	model->tally.execs++;
	if (moved && (!caller || !is_live(&caller->task))) {
		moved = false;
		caller = tree_find_node(model, event->tid);
	}
	if (!caller || !is_live(&caller->task))
		return;
	group = group_of(caller->task.process);
	if (moved)
		replaced = replace_leader(model, caller, event->tid, event->when);
	group_end_others(model, group, caller, TASK_REPLACED, event->when);
	if (!caller->task.execs++ && event->have & EVENT_HAVE_COMMAND && event->exec.command)
		take_guess(&caller->task, fingerprint_after_exec(caller->task.looks_like, event->exec.command), ret);
	free(caller->task.name); /* the name is the new program's from now on */
	caller->task.name = NULL;
	forget_failed(&group->process, 0);
	group->process.ended = 0; /* the exec came before the exit_group() */
	/* Whatever the request said: fs/exec.c, de_thread(); for its children: kernel/signal.c, do_notify_parent(). */
	group_set_signal(model, group, SIGCHLD);
	children_set_signal(model, group->process.tgid, SIGCHLD);
	if (event->have & EVENT_HAVE_UID)
		group->process.uid = event->exec.uid;
	group_set_command(group, event->have & EVENT_HAVE_COMMAND && event->exec.command
					 ? command_new(event->exec.command)
					 : NULL);
	ret->task = &caller->task;
	check_expect_exec(&said);
	part(&caller->task, said.apart, ret);
	see_namespaces(model, &caller->task, event, ret);
	ret->other = replaced ? &replaced->task : NULL;
}

static void count_exit(struct tally *tally, int status)
{
	tally->exits++;
	tally->killed += WIFSIGNALED(status);
}

/* Whether TASK, a thread, ends because its process ends, so the status is the process's. A signal ends all threads. */
static bool is_with_process(const struct task *task, const struct event *event)
{
	return task->tid != task->process->tgid && event->have & EVENT_HAVE_LEADER && event->exit.with_group &&
	       WIFEXITED(event->exit.status);
}

/* The status of a thread is that of its process if the process ended meanwhile (kernel/exit.c: wait_task_zombie()). If
 * that is not known, the status means nothing. */
static int own_status(const struct task *task, const struct event *event)
{
	const bool unknown =
		task->tid != task->process->tgid && !(event->have & EVENT_HAVE_LEADER) && WIFEXITED(event->exit.status);

	if (unknown || event->exit.replaced || is_with_process(task, event))
		return TASK_STATUS_UNKNOWN;
	return event->exit.status;
}

static void apply_exit(struct model *model, struct step *ret)
{
	const struct event *event = ret->event;
	struct node *node = node_of_step(ret);
	struct group *group;

	if (!node)
		return;
	if (is_live(&node->task)) {
		group = group_of(node->task.process);
		if (event->have & EVENT_HAVE_LEADER && event->exit.with_group && !group->process.ended)
			group->process.ended = group->process.nlwp;
		/* A leader's end is reported after that of the last other thread (ptrace(2)). */
		if (node->task.tid == group->process.tgid)
			group_end_others(model, group, node, TASK_ENDED, event->when);
		node->task.with_process = is_with_process(&node->task, event);
		node_end(model, node, event->exit.replaced ? TASK_REPLACED : TASK_ENDED, own_status(&node->task, event),
			 event->when);
	} else if (node->task.state == TASK_ENDED && node->task.status == TASK_STATUS_UNKNOWN) {
		node->task.with_process = is_with_process(&node->task, event);
		/* its end was only inferred before, and is reported now */
		node->task.status = own_status(&node->task, event);
	} else if (node->task.state != TASK_REPLACED || !event->exit.replaced) {
		return;
	}
	count_exit(&model->tally, event->exit.status);
}

static void apply_leader_exit(struct model *model, struct step *ret)
{
	const struct event *event = ret->event;
	struct node *node = node_of_step(ret);

	if (!node || node->task.state != TASK_ALIVE)
		return;
	node_stop_running(model, node, event->when);
	node->task.state = TASK_ZOMBIE;
	node->task.status = event->exit.status;
}

static void apply_group_exit(struct model *model, struct step *ret)
{
	const struct event *event = ret->event;
	struct node *node = node_of_step(ret);

	(void)model;
	if (node && is_live(&node->task))
		node->task.process->ended = event->exit.tasks ? event->exit.tasks : node->task.process->nlwp;
}

static void apply_group_stop(struct model *model, struct step *ret)
{
	const struct event *event = ret->event;
	struct node *node = node_of_step(ret);

	(void)model;
	if (node)
		node->task.process->stopped = event->kind == EVENT_GROUP_STOP;
}

static void apply_reparent(struct model *model, struct step *ret)
{
	const struct event *event = ret->event;
	struct group *group = tree_find_group(model, event->tid);

	if (!group)
		return;
	group->process.ppid = event->reparent.to;
	group_set_signal(model, group, SIGCHLD); /* kernel/exit.c, reparent_leader() */
}

static void apply_detach(struct model *model, struct step *ret)
{
	const struct event *event = ret->event;
	struct node *node = node_of_step(ret);

	if (!node || !is_live(&node->task))
		return;
	/* it may exec, and nothing will report that */
	children_set_signal(model, node->task.process->tgid, -1);
	node_end(model, node, TASK_DETACHED, TASK_STATUS_UNKNOWN, event->when);
}

static void apply_name(struct model *model, struct step *ret)
{
	const struct event *event = ret->event;
	struct node *node = node_of_step(ret);

	(void)model;
	if (!node || !(event->have & EVENT_HAVE_NAME))
		return;
	free(node->task.name);
	node->task.name = mem_strdup(event->name.name);
}

static void apply_vfork_done(struct model *model, struct step *ret)
{
	const struct node *child = tree_find_node(model, ret->event->vfork_done.child);

	ret->other = child ? &child->task : NULL;
}

static void apply_verify(struct model *model, struct step *ret)
{
	const struct node *other = tree_find_node(model, ret->event->verify.other);

	ret->other = other ? &other->task : NULL;
}

static void apply_end(struct model *model, struct step *ret)
{
	(void)model;
	ret->task = NULL;
}

static void apply_note(struct model *model, struct step *ret)
{
	const struct event *event = ret->event;

	if (event->note.code == NOTE_WORKERS && event->note.number > 0)
		model->tally.workers += (uint64_t)event->note.number;
}

/* The handlers of the kinds that change something. */
static void (*const handlers[EVENT_KIND_COUNT])(struct model *model, struct step *ret) = {
	[EVENT_BEGIN] = apply_begin,
	[EVENT_ATTACH] = apply_attach,
	[EVENT_SPAWN] = apply_spawn,
	[EVENT_REFUSED] = apply_refused,
	[EVENT_EXEC] = apply_exec,
	[EVENT_NAME] = apply_name,
	[EVENT_CALL] = apply_call,
	[EVENT_LOOK] = apply_look,
	[EVENT_VFORK_DONE] = apply_vfork_done,
	[EVENT_VERIFY] = apply_verify,
	[EVENT_DIFFERENCE] = apply_verify,
	[EVENT_GROUP_STOP] = apply_group_stop,
	[EVENT_GROUP_CONT] = apply_group_stop,
	[EVENT_LEADER_EXIT] = apply_leader_exit,
	[EVENT_GROUP_EXIT] = apply_group_exit,
	[EVENT_EXIT] = apply_exit,
	[EVENT_REPARENT] = apply_reparent,
	[EVENT_DETACH] = apply_detach,
	[EVENT_NOTE] = apply_note,
	[EVENT_END] = apply_end,
};

void model_apply(struct model *model, const struct event *event, struct step *ret)
{
	const struct node *node;

	model_bury(model);
	node = tree_find_node(model, event->tid);
	*ret = (struct step){ .event = event, .task = node ? &node->task : NULL, .model = model };
	if (handlers[event->kind])
		handlers[event->kind](model, ret);
}
