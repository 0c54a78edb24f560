/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Keeps the namespaces of tasks, as a list that all tasks with the same namespaces share. */
#include "model/namespaces.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "clone/flags.h"
#include "clone/namespace.h"
#include "clone/resource.h"

#define BIT(ns) (1u << (ns))

static void load(const struct task *task, uint64_t ids[NAMESPACE_COUNT])
{
	if (task && task->ns)
		memcpy(ids, task->ns->ids, sizeof(task->ns->ids));
	else
		memset(ids, 0, NAMESPACE_COUNT * sizeof(*ids));
}

void namespaces_done(struct task *task)
{
	if (task->ns && --task->ns->refs == 0)
		free(task->ns);
	task->ns = NULL;
}

static void share(struct task *task, struct task_ns *ns)
{
	if (ns)
		ns->refs++;
	task->ns = ns;
}

static void store(struct task *task, const uint64_t ids[NAMESPACE_COUNT])
{
	static const uint64_t none[NAMESPACE_COUNT];

	if (task->ns && !memcmp(task->ns->ids, ids, sizeof(task->ns->ids)))
		return;
	namespaces_done(task);
	if (!memcmp(none, ids, sizeof(none)))
		return;
	task->ns = mem_zalloc(1, sizeof(*task->ns));
	task->ns->refs = 1;
	memcpy(task->ns->ids, ids, sizeof(task->ns->ids));
}

static unsigned for_children(unsigned ns)
{
	return namespace_row(ns)->children;
}

/* Applies what the kernel said of one kind. If the tracer's own namespace is not known, the number only means something
 * for a task that is known to be in another one. */
static void take_one(uint64_t *id, uint64_t seen, uint64_t own)
{
	if (seen && own)
		*id = seen == own ? 0 : seen;
	else if (seen && *id)
		*id = seen;
}

/* If nothing is said of the children, they are where the task is, unless they were in another namespace before. */
static void take_seen(uint64_t ids[NAMESPACE_COUNT], const uint64_t *ns, unsigned count, const uint64_t *own)
{
	for (unsigned i = 0; i < NAMESPACE_KINDS; i++) {
		const unsigned below = for_children(i);
		const bool same = ids[below] == ids[i];

		take_one(&ids[i], ns[i], own[i]);
		if (below != i && below < count && ns[below])
			take_one(&ids[below], ns[below], own[below]);
		else if (same)
			ids[below] = ids[i];
	}
}

static bool is_named(uint64_t id)
{
	return id && !(id & TASK_NS_UNNAMED);
}

/* The namespaces that differ between BEFORE and AFTER. If a namespace has only got its number, that is not a change,
 * unless a call led there: WISHED is where the call was to lead. */
static unsigned changes(const uint64_t *before, const uint64_t *wished, const uint64_t *after)
{
	unsigned changed = 0;

	for (unsigned i = 0; i < NAMESPACE_COUNT; i++) {
		const bool numbered = before[i] && before[i] == wished[i] && !is_named(before[i]) && is_named(after[i]);

		changed |= before[i] != after[i] && !numbered ? BIT(i) : 0;
	}
	return changed;
}

/* Applies REQUEST to IDS. SEQ distinguishes namespaces whose numbers are not known yet. Returns the kinds that REQUEST
 * creates. */
static uint16_t take_request(uint64_t ids[NAMESPACE_COUNT], const struct request *request, uint64_t seq)
{
	const uint64_t unnamed = TASK_NS_UNNAMED | seq;
	enum outcome outcomes[RESOURCE_COUNT];
	unsigned made = 0;

	resource_outcomes(request, outcomes);
	for (unsigned i = 0; i < NAMESPACE_KINDS; i++) {
		const enum outcome outcome = outcomes[resource_of_namespace(i)];

		if (outcome == OUTCOME_NEW || outcome == OUTCOME_MOVED)
			ids[i] = ids[for_children(i)] = unnamed;
		else if (outcome == OUTCOME_NEW_CHILDREN || outcome == OUTCOME_MOVED_CHILDREN)
			ids[for_children(i)] = unnamed;
		made |= outcome == OUTCOME_NEW || outcome == OUTCOME_NEW_CHILDREN ? BIT(i) : 0;
	}
	return (uint16_t)made;
}

/* copy_pid_ns() starts from the namespace for the children; timens_on_fork() enters it, but not under CLONE_VM
 * (kernel/nsproxy.c). */
static void descend(uint64_t ids[NAMESPACE_COUNT], bool in_memory)
{
	ids[NAMESPACE_PID] = ids[NAMESPACE_PID_CHILDREN];
	if (!in_memory)
		ids[NAMESPACE_TIME] = ids[NAMESPACE_TIME_CHILDREN];
}

/* The creator's namespace of kind NS that CHILD inherited. For the two kinds in which children can differ, it is the
 * namespace for children. */
static unsigned inherited_from(unsigned ns, bool in_memory)
{
	return ns == NAMESPACE_TIME && in_memory ? ns : for_children(ns);
}

/* The first child of a task shows the number of the pid namespace that was created for it. If calls are not seen, an
 * inherited namespace of the child is the first sign of where its creator is. All tasks that share the list get the
 * numbers. */
static void learn_from_child(struct task *creator, const uint64_t *child, unsigned made, bool in_memory)
{
	uint64_t ids[NAMESPACE_COUNT];

	load(creator, ids);
	for (unsigned i = 0; i < NAMESPACE_KINDS; i++) {
		const unsigned from = inherited_from(i, in_memory);

		if (made & BIT(i) || ids[from] == child[i])
			continue;
		if (ids[from] && !is_named(ids[from]))
			creator->ns->ids[from] = child[i];
		ids[from] = child[i];
	}
	store(creator, ids);
}

void namespaces_spawn(struct task *task, struct task *creator, const struct event *event, const uint64_t *own,
		      struct step *ret)
{
	const bool known = event->have & EVENT_HAVE_REQUEST;
	const struct request *request = &event->attempt.request;
	const bool in_memory = known && request->flags & FLAG_VM;
	uint64_t before[NAMESPACE_COUNT], ids[NAMESPACE_COUNT];
	uint16_t made = 0;

	if (!(known && request->flags & (FLAG_NAMESPACES | FLAG_EMPTY_MNTNS)) && !(event->have & EVENT_HAVE_NS) &&
	    (!creator || !creator->ns))
		return; /* nearly all tasks */
	load(creator, ids);
	descend(ids, in_memory);
	if (known)
		made = take_request(ids, request, event->seq);
	if (event->have & EVENT_HAVE_NS)
		take_seen(ids, event->ns, NAMESPACE_COUNT, own);
	if (creator)
		learn_from_child(creator, ids, made, in_memory);
	load(creator, before);
	task->brought |= made;
	ret->ns_changed = changes(before, before, ids);
	if (memcmp(before, ids, sizeof(ids)))
		store(task, ids);
	else
		share(task, creator ? creator->ns : NULL);
}

/* The kinds of the namespaces in CHANGED, of the task or its children. */
static uint16_t kinds_of(unsigned changed)
{
	unsigned kinds = 0;

	for (unsigned i = 0; i < NAMESPACE_COUNT; i++)
		kinds |= changed & BIT(i) ? BIT(namespace_row(i)->kind) : 0;
	return (uint16_t)kinds;
}

void namespaces_call(struct task *task, const struct event *event, const uint64_t *own, struct step *ret)
{
	const struct request *request = &event->attempt.request;
	uint64_t before[NAMESPACE_COUNT], wished[NAMESPACE_COUNT], ids[NAMESPACE_COUNT];

	if (request->call != CALL_UNSHARE && request->call != CALL_SETNS)
		return;
	load(task, before);
	memcpy(wished, before, sizeof(wished));
	task->brought |= take_request(wished, request, event->seq);
	memcpy(ids, wished, sizeof(ids));
	if (event->have & EVENT_HAVE_NS)
		take_seen(ids, event->ns, NAMESPACE_COUNT, own);
	ret->ns_changed = changes(before, wished, ids);
	if (request->call == CALL_SETNS) /* without flags it accepts a descriptor of any kind */
		task->entered |= kinds_of(ret->ns_changed);
	store(task, ids);
}

void namespaces_seen(struct task *task, const uint64_t *ns, unsigned count, const uint64_t *own, struct step *ret)
{
	uint64_t before[NAMESPACE_COUNT], ids[NAMESPACE_COUNT];

	load(task, before);
	memcpy(ids, before, sizeof(ids));
	take_seen(ids, ns, count, own);
	ret->ns_changed = changes(before, before, ids);
	store(task, ids);
}

unsigned task_ns_others(const struct task *task)
{
	unsigned others = 0;

	for (unsigned i = 0; task->ns && i < NAMESPACE_COUNT; i++)
		others |= task->ns->ids[i] ? BIT(i) : 0;
	return others;
}
