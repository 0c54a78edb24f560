/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The tables of tasks, groups and calls under way, and the event that is being filled. */
#include "follow/state.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"

struct event *event_start(struct follow *f, enum event_kind kind, pid_t tid, uint64_t when)
{
	memset(&f->event, 0, sizeof(f->event));
	f->event.kind = kind;
	f->event.tid = tid;
	f->event.when = when > f->reported_at ? when : f->reported_at;
	return &f->event;
}

void event_emit(struct follow *f)
{
	f->event.seq = ++f->seq;
	f->reported_at = f->event.when;
	f->ops->event(f->data, &f->event);
}

void note_report(struct follow *f, enum event_note code, pid_t tid, int64_t number, int64_t value, uint64_t when)
{
	struct event *e = event_start(f, EVENT_NOTE, tid, when);

	e->note.code = code;
	e->note.number = number;
	e->note.value = value;
	event_emit(f);
}

struct tracee *tracee_find(const struct follow *f, pid_t tid)
{
	struct tracee *t;

	HASH_FIND_INT(f->tracees, &tid, t);
	return t;
}

struct group *group_find(const struct follow *f, pid_t tgid)
{
	struct group *g;

	HASH_FIND_INT(f->groups, &tgid, g);
	return g;
}

void pending_drop(struct pending **pending)
{
	free(*pending);
	*pending = NULL;
}

/* A call that creates no task cannot explain a new task. */
void pending_keep_creation(struct pending **pending)
{
	if (*pending && !call_is_creation((*pending)->request.call))
		pending_drop(pending);
}

void group_link(struct group *g, struct group *parent)
{
	g->parent = parent;
	g->prev = NULL;
	g->next = parent ? parent->children : NULL;
	if (g->next)
		g->next->prev = g;
	if (parent)
		parent->children = g;
}

void group_unlink(struct group *g)
{
	if (g->prev)
		g->prev->next = g->next;
	else if (g->parent)
		g->parent->children = g->next;
	if (g->next)
		g->next->prev = g->prev;
	g->parent = g->next = g->prev = NULL;
}

struct group *group_add(struct follow *f, pid_t tgid, pid_t ppid)
{
	struct group *g = group_find(f, tgid);

	if (g)
		return g;
	g = mem_zalloc(1, sizeof(*g));
	g->tgid = tgid;
	g->ppid = ppid;
	HASH_ADD_INT(f->groups, tgid, g);
	group_link(g, ppid == tgid ? NULL : group_find(f, ppid));
	return g;
}

void group_remove(struct follow *f, struct group *g)
{
	struct group *child;

	ended_resolve(f, g, ENDED_WITH_GROUP);
	while ((child = g->children))
		group_unlink(child);
	group_unlink(g);
	HASH_DEL(f->groups, g);
	free(g);
}

/* Removes TID from those that were detached; true: it was there. */
bool detached_take(struct follow *f, pid_t tid)
{
	struct detached *entry;

	HASH_FIND_INT(f->detached, &tid, entry);
	if (!entry)
		return false;
	HASH_DEL(f->detached, entry);
	free(entry);
	return true;
}

void detached_put(struct follow *f, pid_t tid)
{
	struct detached *entry = mem_zalloc(1, sizeof(*entry));

	detached_take(f, tid);
	entry->tid = tid;
	HASH_ADD_INT(f->detached, tid, entry);
}

struct tracee *tracee_add(struct follow *f, pid_t tid, struct group *g)
{
	struct tracee *t = mem_zalloc(1, sizeof(*t));

	detached_take(f, tid); /* the tid is another task's now */
	ended_reuse(f, tid);
	t->tid = tid;
	t->group = g;
	if (g)
		g->live++;
	HASH_ADD_INT(f->tracees, tid, t);
	return t;
}

void tracee_leave_group(const struct tracee *t)
{
	t->group->live--;
	t->group->leaving -= t->alone;
}

void tracee_remove(struct follow *f, struct tracee *t)
{
	if (!t->group)
		f->held--;
	doom_ends(f, t);
	pending_drop(&t->pending);
	pending_drop(&t->restore);
	if (f->turn == t)
		f->turn = t->hh.prev;
	HASH_DEL(f->tracees, t);
	free(t);
}

/* Decodes the call in STOP; NULL: it is not a call that cltrace follows. */
struct pending *pending_decode(const struct stop *stop)
{
	const struct abi *abi = abi_find(stop->call.audit_arch, stop->call.nr);
	struct pending *p;

	if (!abi || abi_call(abi, stop->call.nr) == CALL_NONE)
		return NULL;
	p = mem_zalloc(1, sizeof(*p));
	if (request_decode(abi, stop->call.nr, stop->call.args, &stop->clone_args, &p->request) < 0) {
		free(p);
		return NULL;
	}
	p->call = stop->call;
	p->when = stop->when;
	return p;
}

/* The call of the task that has stopped. If the caller's stack pointer is given as the child's, the child has no stack
 * of its own: glibc's vfork() does so if there is no system call vfork (sysdeps/unix/sysv/linux/aarch64/vfork.S). The
 * registers of a new task do not show that, because its stack pointer is that argument. */
struct pending *pending_of_caller(const struct stop *stop)
{
	struct pending *p = pending_decode(stop);

	if (p && p->request.call == CALL_CLONE && p->request.have & REQUEST_STACK &&
	    p->request.stack == stop->call.sp) {
		p->request.have &= ~(unsigned)REQUEST_STACK;
		p->request.stack = 0;
	}
	return p;
}

pid_t stop_message_tid(const struct stop *stop)
{
	return stop->have & STOP_MESSAGE ? (pid_t)stop->message : 0;
}

void gather_call(struct follow *f, struct stop *stop)
{
	if (!(stop->have & (STOP_CALL | STOP_RESULT)))
		f->ops->gather(f->data, stop, STOP_CALL);
}
