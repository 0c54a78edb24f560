/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Folds events into the live task tree: who made whom, whose process is whose, and what became of each task. */
#include "model/model.h"

#include <errno.h>
#include <assert.h>
#include <signal.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>

#include "base/mem.h"
#include "base/tids.h"
#include "clone/check.h"
#include "clone/fingerprint.h"
#include "clone/flags.h"
#include "event/stack.h"

#include <utlist.h>

#include "model/namespaces.h"

/* How many dead tasks are kept beyond those that the caller wants, so that events which come after an end find their
 * task: more than the threads of all but the largest processes, which can all be reported ended before a creation of
 * one of them. */
#define DEAD_KEPT 1024
#define OBJECTS ((1U << (CHECK_SYSVSEM + 1)) - 1) /* of which the flags, not the moment, say who has the same */

/* A command line, shared by all processes that inherited it: a fork costs no copy. */
struct command {
	unsigned refs;
	char text[];
};

struct group {
	struct process process; /* first: what others see */
	struct command *command;
	struct node *members; /* all its tasks that are still known, the live ones first */
	bool odd;	      /* in the model's list of these */
	struct group *odd_prev, *odd_next;
	struct tids_link link;
};

struct node {
	struct task task;  /* first: what others see */
	struct node *prev; /* the one whose task.next this is */
	struct node *member_prev, *member_next;
	struct node *dead_next; /* in the model's queue */
	struct tids_link link;
};

struct model {
	size_t keep;
	struct tids nodes;  /* the latest task of each tid, dead or alive */
	struct tids groups; /* the latest process of each tgid */
	struct group *odd;  /* those that live and whose end sends something else than SIGCHLD, or who knows what */
	struct task *first_root, *last_root;
	pid_t watched[MODEL_WATCHED_MAX];
	unsigned watched_count;
	struct node *dead, **dead_tail; /* dead tasks that are not kept, the one to be freed next first */
	unsigned dead_count;
	uint64_t own_ns[NAMESPACE_COUNT]; /* BEGIN's */
	struct tally tally;
};

static struct node *node_of(const struct task *task)
{
	return (struct node *)task;
}

static struct group *group_of(const struct process *process)
{
	return (struct group *)process;
}

static bool is_live(const struct task *task)
{
	return task->state == TASK_ALIVE || task->state == TASK_ZOMBIE;
}

/* Processes */

static struct command *command_new(const char *text)
{
	size_t size = strlen(text) + 1;
	struct command *command = mem_alloc(sizeof(*command) + size);

	command->refs = 0;
	memcpy(command->text, text, size);
	return command;
}

static bool group_is_live(const struct group *group)
{
	return group->members && is_live(&group->members->task);
}

/* COMMAND may be NULL: not known. */
static void group_set_command(struct group *group, struct command *command)
{
	struct command *old = group->command;

	if (command)
		command->refs++;
	if (old && --old->refs == 0)
		free(old);
	group->command = command;
	group->process.command = command ? command->text : NULL;
}

/* The latest process of TGID, be it dead. */
static struct group *group_find(const struct model *model, pid_t tgid)
{
	struct tids_link *link = tids_find(&model->groups, tgid);

	return link ? TIDS_ENTRY(link, struct group, link) : NULL;
}

/* The end of GROUP sends SIGNO from now on; -1: not known. A process made with CLONE_AUTOREAP never sends a signal. */
static void group_set_signal(struct model *model, struct group *group, int signo)
{
	const bool odd = signo != SIGCHLD && !group->process.autoreap;

	group->process.exit_signal = group->process.autoreap ? 0 : signo;
	if (odd && !group->odd)
		DL_APPEND2(model->odd, group, odd_prev, odd_next);
	else if (!odd && group->odd)
		DL_DELETE2(model->odd, group, odd_prev, odd_next);
	group->odd = odd;
}

/* What the end of GROUP sent stays. */
static void group_keep_signal(struct model *model, struct group *group)
{
	if (group->odd)
		DL_DELETE2(model->odd, group, odd_prev, odd_next);
	group->odd = false;
}

/* The ends of the children of process PPID send SIGNO from now on, if they did not send SIGCHLD before. */
static void children_set_signal(struct model *model, pid_t ppid, int signo)
{
	struct group *group, *next;

	DL_FOREACH_SAFE2(model->odd, group, next, odd_next)
	{
		if (group->process.ppid == ppid)
			group_set_signal(model, group, signo);
	}
}

/* TID of PROCESS (0: any task) does something other than fail to exec. */
static void forget_failed(struct process *process, pid_t tid)
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

/* The latest task of TID, be it dead. */
static struct node *node_find(const struct model *model, pid_t tid)
{
	struct tids_link *link = tids_find(&model->nodes, tid);

	return link ? TIDS_ENTRY(link, struct node, link) : NULL;
}

/* Makes NODE the youngest child of CREATOR, or the last root for NULL. */
static void node_link(struct model *model, struct node *node, struct node *creator)
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

/* NODE, which runs or is a zombie, is a member of GROUP from now on. */
static void node_join(struct model *model, struct node *node, struct group *group)
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

static void node_stop_running(struct model *model, struct node *node, uint64_t when)
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

/* NODE, which is live, comes to its end as STATE. What is known of a zombie's status stays. */
static void node_end(struct model *model, struct node *node, enum task_state state, int status, uint64_t when)
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

/* Ends every live task of GROUP but SURVIVOR (or NULL) as STATE: their ends were not seen, but they must be gone. */
static void group_end_others(struct model *model, struct group *group, const struct node *survivor,
			     enum task_state state, uint64_t when)
{
	struct node *node, *next;

	for (node = group->members; node && is_live(&node->task); node = next) {
		next = node->member_next; /* an ended one goes to the end of the list */
		if (node != survivor)
			node_end(model, node, state, TASK_STATUS_UNKNOWN, when);
	}
}

/* A process TGID that begins now; one that had the number before is over. */
static struct group *group_new(struct model *model, pid_t tgid, uint64_t when)
{
	struct group *old = group_find(model, tgid);
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

/* A task TID that shows itself by EVENT; one that had the number before is over. */
static struct node *node_new(struct model *model, pid_t tid, const struct event *event)
{
	struct node *old = node_find(model, tid);
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

/* Whose watch a new task inherits: its creator's or, where that is not known, its leader's or its parent's. */
static const struct task *watch_from(const struct model *model, const struct task *task)
{
	const struct process *process = task->process;
	const struct group *parent;

	if (task->creator)
		return task->creator;
	if (process->leader != task)
		return process->leader;
	parent = process->ppid > 0 ? group_find(model, process->ppid) : NULL;
	return parent ? parent->process.leader : NULL;
}

/* NODE has its place. */
static void node_watch(const struct model *model, struct node *node)
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

/* Puts what NODE made where it stands itself, below its own creator. */
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

/* Frees NODE, and its process with the last task of it. */
static void node_free(struct model *model, struct node *node)
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

/* Frees the oldest of the dead tasks that nobody wants. */
static void model_bury(struct model *model)
{
	struct node *node;

	while (model->dead_count > DEAD_KEPT) {
		node = model->dead;
		model->dead = node->dead_next;
		if (!model->dead)
			model->dead_tail = &model->dead;
		model->dead_count--;
		node_free(model, node);
	}
}

/* Events */

/* The namespaces of TASK may have changed. */
static void note_namespaces(struct model *model, const struct task *task)
{
	model->tally.namespaces |= task->ns || task->brought;
	model->tally.entered |= task->entered != 0;
}

static void see_namespaces(struct model *model, struct task *task, const struct event *event, struct step *ret)
{
	if (event->have & EVENT_HAVE_NS)
		namespaces_seen(task, event->ns, NAMESPACE_COUNT, model->own_ns, ret);
	note_namespaces(model, task);
}

static void apply_begin(struct model *model, const struct event *event, struct step *ret)
{
	if (event->have & EVENT_HAVE_NS)
		memcpy(model->own_ns, event->ns, sizeof(model->own_ns));
	ret->task = NULL;
}

static void apply_look(struct model *model, const struct event *event, struct node *node, struct step *ret)
{
	if (!node || !(event->have & EVENT_HAVE_LOOK))
		return;
	node->task.worker = event->look.worker;
	node->task.process->kernel = event->look.kernel;
	if (node->task.process->leader == &node->task)
		node->task.process->stopped = event->look.state[0] == 'T';
	free(node->task.name);
	node->task.name = mem_strdup(event->look.name);
	namespaces_seen(&node->task, event->look.ns, NAMESPACE_KINDS, model->own_ns, ret);
	note_namespaces(model, &node->task);
}

static void apply_attach(struct model *model, const struct event *event, struct step *ret)
{
	pid_t tgid = event->attach.tgid > 0 ? event->attach.tgid : event->tid;
	struct node *creator, *node;
	struct group *group;

	ret->task = NULL;
	if (event->tid <= 0)
		return;
	creator = event->attach.creator > 0 ? node_find(model, event->attach.creator) : NULL;
	node = node_new(model, event->tid, event);
	group = group_find(model, tgid);
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

/* TASK's action now shows that its request looks like GUESS; NULL: nothing new. */
static void take_guess(struct task *task, const char *guess, struct step *ret)
{
	if (!guess)
		return;
	task->looks_like = guess;
	ret->guess = guess;
}

/* TASK has its own of each in MASK from now on: what it shared with its creator, and with those that it made. */
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

/* A path without its folders. */
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

static void apply_call(struct model *model, const struct event *event, struct node *node, struct step *ret)
{
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
	note_namespaces(model, &node->task);
}

/* The process whose child EVENT's new process TGID is; PARENT is the creator's process, or NULL. */
static pid_t spawn_ppid(pid_t tgid, const struct event *event, const struct group *parent)
{
	if (event->have & EVENT_HAVE_PPID)
		return event->spawn.ppid;
	if (tgid != event->spawn.child)
		return 0; /* a thread of a process that we have not seen */
	if (event->have & EVENT_HAVE_REQUEST && event->attempt.request.flags & FLAG_PARENT)
		return parent ? parent->process.ppid : 0;
	return event->spawn.creator_tgid;
}

/* What the end of a process made by EVENT sends: a CLONE_PARENT child has its maker's own signal (clone(2)). */
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

/* The child's thread group; where it is not known the flags show it. */
static pid_t spawn_tgid(const struct event *event)
{
	bool thread = event->have & EVENT_HAVE_REQUEST && event->attempt.request.flags & FLAG_THREAD;

	if (event->spawn.child_tgid > 0)
		return event->spawn.child_tgid;
	return thread && event->spawn.creator_tgid > 0 ? event->spawn.creator_tgid : event->spawn.child;
}

/* CREATOR has made REQUEST, which failed with ERROR or, with 0, did not. Whether that is a second attempt. */
static void note_attempt(struct task *creator, const struct event *event, const struct request *request, int error,
			 struct step *ret)
{
	const uint64_t flags = request->flags & UINT32_MAX; /* clone has no others */
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

static void apply_refused(struct model *model, const struct event *event, struct step *ret)
{
	struct node *node = node_find(model, event->tid);

	model->tally.refused++;
	if (node)
		note_attempt(&node->task, event, &event->attempt.request, event->refused.error, ret);
}

static void apply_spawn(struct model *model, const struct event *event, struct step *ret)
{
	struct node *creator = event->have & EVENT_HAVE_CREATOR ? node_find(model, event->tid) : NULL;
	struct group *parent = creator ? group_of(creator->task.process) : group_find(model, event->spawn.creator_tgid);
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
	group = thread ? group_find(model, tgid) : NULL;
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
	note_namespaces(model, &node->task);
	count_made(&model->tally, node->task.kind, thread);
	ret->other = &node->task;
}

/* CALLER, a thread that has exec'ed, takes the leader's TID (ptrace(2), "execve(2) under ptrace"). Returns the leader
 * whose place it took, or NULL when that was not known. */
static struct node *replace_leader(struct model *model, struct node *caller, pid_t tid, uint64_t when)
{
	struct node *old = node_find(model, tid);
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
	caller->task.launched |= replaced && old->task.launched; /* it is that process now */
	caller->task.process->leader = &caller->task;
	return replaced ? old : NULL;
}

static void apply_exec(struct model *model, const struct event *event, struct step *ret)
{
	bool moved = event->exec.former > 0 && event->exec.former != event->tid;
	struct node *caller = node_find(model, moved ? event->exec.former : event->tid);
	struct node *replaced = NULL;
	struct check_masks said;
	struct group *group;

	model->tally.execs++;
	if (moved && (!caller || !is_live(&caller->task))) {
		moved = false;
		caller = node_find(model, event->tid);
	}
	if (!caller || !is_live(&caller->task))
		return;
	group = group_of(caller->task.process);
	if (moved)
		replaced = replace_leader(model, caller, event->tid, event->when);
	group_end_others(model, group, caller, TASK_REPLACED, event->when);
	if (!caller->task.execs++ && event->have & EVENT_HAVE_COMMAND && event->exec.command)
		take_guess(&caller->task, fingerprint_after_exec(caller->task.looks_like, event->exec.command), ret);
	free(caller->task.name); /* it is the program's from now on */
	caller->task.name = NULL;
	forget_failed(&group->process, 0);
	group->process.ended = 0; /* exec was faster than exit_group() */
	/* Whatever clone asked for: fs/exec.c, de_thread(); for its children: kernel/signal.c, do_notify_parent(). */
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

/* Whether TASK, a thread, ends because its process does: the status is the process's. A signal ends them all. */
static bool is_with_process(const struct task *task, const struct event *event)
{
	return task->tid != task->process->tgid && event->have & EVENT_HAVE_LEADER && event->exit.with_group &&
	       WIFEXITED(event->exit.status);
}

/* The status of a thread is the process's if that ended meanwhile (kernel/exit.c: wait_task_zombie()): where it is not
 * known whether it did, the status says nothing. */
static int own_status(const struct task *task, const struct event *event)
{
	const bool unknown =
		task->tid != task->process->tgid && !(event->have & EVENT_HAVE_LEADER) && WIFEXITED(event->exit.status);

	if (unknown || event->exit.replaced || is_with_process(task, event))
		return TASK_STATUS_UNKNOWN;
	return event->exit.status;
}

static void apply_exit(struct model *model, const struct event *event)
{
	struct node *node = node_find(model, event->tid);
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
		node->task.status = own_status(&node->task, event); /* its end had been concluded, here it is */
	} else if (node->task.state != TASK_REPLACED || !event->exit.replaced) {
		return;
	}
	count_exit(&model->tally, event->exit.status);
}

static void apply_leader_exit(struct model *model, const struct event *event)
{
	struct node *node = node_find(model, event->tid);

	if (!node || node->task.state != TASK_ALIVE)
		return;
	node_stop_running(model, node, event->when);
	node->task.state = TASK_ZOMBIE;
	node->task.status = event->exit.status;
}

static void apply_group_exit(struct model *model, const struct event *event)
{
	struct node *node = node_find(model, event->tid);

	if (node && is_live(&node->task))
		node->task.process->ended = event->exit.tasks ? event->exit.tasks : node->task.process->nlwp;
}

static void apply_group_stop(struct model *model, const struct event *event)
{
	struct node *node = node_find(model, event->tid);

	if (node)
		node->task.process->stopped = event->kind == EVENT_GROUP_STOP;
}

static void apply_reparent(struct model *model, const struct event *event)
{
	struct group *group = group_find(model, event->tid);

	if (!group)
		return;
	group->process.ppid = event->reparent.to;
	group_set_signal(model, group, SIGCHLD); /* kernel/exit.c, reparent_leader() */
}

static void apply_detach(struct model *model, const struct event *event)
{
	struct node *node = node_find(model, event->tid);

	if (!node || !is_live(&node->task))
		return;
	children_set_signal(model, node->task.process->tgid, -1); /* it may exec, and nobody will report it */
	node_end(model, node, TASK_DETACHED, TASK_STATUS_UNKNOWN, event->when);
}

static void apply_name(struct model *model, const struct event *event)
{
	struct node *node = node_find(model, event->tid);

	if (!node || !(event->have & EVENT_HAVE_NAME))
		return;
	free(node->task.name);
	node->task.name = mem_strdup(event->name.name);
}

void model_apply(struct model *model, const struct event *event, struct step *ret)
{
	const struct node *node;

	model_bury(model);
	node = node_find(model, event->tid);
	*ret = (struct step){ .event = event, .task = node ? &node->task : NULL, .model = model };
	switch (event->kind) {
	case EVENT_ATTACH:
		apply_attach(model, event, ret);
		break;
	case EVENT_SPAWN:
		apply_spawn(model, event, ret);
		break;
	case EVENT_REFUSED:
		apply_refused(model, event, ret);
		break;
	case EVENT_EXEC:
		apply_exec(model, event, ret);
		break;
	case EVENT_NAME:
		apply_name(model, event);
		break;
	case EVENT_GROUP_STOP:
	case EVENT_GROUP_CONT:
		apply_group_stop(model, event);
		break;
	case EVENT_LEADER_EXIT:
		apply_leader_exit(model, event);
		break;
	case EVENT_GROUP_EXIT:
		apply_group_exit(model, event);
		break;
	case EVENT_EXIT:
		apply_exit(model, event);
		break;
	case EVENT_REPARENT:
		apply_reparent(model, event);
		break;
	case EVENT_DETACH:
		apply_detach(model, event);
		break;
	case EVENT_VFORK_DONE:
		node = node_find(model, event->vfork_done.child);
		ret->other = node ? &node->task : NULL;
		break;
	case EVENT_VERIFY:
	case EVENT_DIFFERENCE:
		node = node_find(model, event->verify.other);
		ret->other = node ? &node->task : NULL;
		break;
	case EVENT_BEGIN:
		apply_begin(model, event, ret);
		break;
	case EVENT_END:
		ret->task = NULL;
		break;
	case EVENT_CALL:
		apply_call(model, event, node_find(model, event->tid), ret);
		break;
	case EVENT_LOOK:
		apply_look(model, event, node_find(model, event->tid), ret);
		break;
	case EVENT_NOTE:
		if (event->note.code == NOTE_WORKERS && event->note.number > 0)
			model->tally.workers += (uint64_t)event->note.number;
		break;
	case EVENT_SIGNAL:
	case EVENT_KIND_COUNT:
		break;
	}
}

/* The model */

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
	/* Leaves first, and without recursion: each of a million tasks may have made the next. */
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
	const struct node *node = node_find(model, tid);

	return node && is_live(&node->task) ? &node->task : NULL;
}

const struct process *model_find_process(const struct model *model, pid_t tgid)
{
	const struct group *group = group_find(model, tgid);

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
