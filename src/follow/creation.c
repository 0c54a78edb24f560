/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A creator reports the task that it has created: the event, and the task's place in its group. */
#include "follow/state.h"

#include "base/mem.h"
#include "clone/flags.h"

static bool creation_is_thread(const struct creation *c, pid_t child)
{
	if (c->pending && c->pending->request.have & REQUEST_FLAGS)
		return c->pending->request.flags & FLAG_THREAD;
	return c->ids && c->ids->tgid != child; /* clone3's struct could not be read */
}

static pid_t creation_ppid(const struct creation *c, bool thread)
{
	if (c->ids && c->ids->ppid)
		return c->ids->ppid;
	if (thread || (c->pending && (c->pending->request.flags & FLAG_PARENT)))
		return c->group ? c->group->ppid : c->creator_ppid;
	return c->creator_tgid;
}

/* The creator's call returned the number in the creator's pid namespace. This is the new task's own namespace or an
 * ancestor of it: clone(2) and setns(2) lead only downwards. */
static void emit_ids(struct event *e, const struct creation *c)
{
	const struct nspids *all = &c->ids->all;
	const unsigned depth = c->group ? c->group->depth : 0;

	e->have |= EVENT_HAVE_NSPID;
	e->spawn.nspid = c->ids->nspid;
	if (all->count > 2) {
		e->have |= EVENT_HAVE_NSPIDS;
		e->spawn.nspids = *all;
	}
	if (c->creator && depth > 1 && depth <= all->count) {
		e->have |= EVENT_HAVE_RETURNED;
		e->spawn.returned = all->list[depth - 1];
	}
}

/* The depth of the new process's pid namespace. Its ids are not read if it is in its creator's pid namespace, and that
 * is the tracer's. */
static unsigned creation_depth(const struct creation *c)
{
	if (c->ids)
		return c->ids->depth;
	return creation_foreign(c) ? 0 : c->group ? c->group->depth : 1;
}

static void creation_emit(struct follow *f, const struct creation *c, pid_t child, pid_t child_tgid, pid_t ppid)
{
	struct event *e = event_start(f, EVENT_SPAWN, c->creator, c->when);

	e->spawn.child = child;
	e->spawn.child_tgid = child_tgid;
	e->spawn.creator_tgid = c->creator_tgid;
	e->spawn.ppid = ppid;
	if (c->creator)
		e->have |= EVENT_HAVE_CREATOR;
	if (ppid)
		e->have |= EVENT_HAVE_PPID;
	if (c->pending) {
		e->have |= EVENT_HAVE_REQUEST;
		e->attempt.request = c->pending->request;
	}
	if (c->duration && c->pending) {
		e->have |= EVENT_HAVE_DURATION;
		e->attempt.duration = c->when - c->pending->when;
	}
	if (c->memory) {
		e->have |= EVENT_HAVE_MEMORY;
		e->spawn.page_tables = c->memory->page_tables;
		e->spawn.resident = c->memory->resident;
		e->spawn.child_page_tables = c->child_memory ? c->child_memory->page_tables : 0;
	}
	if (c->ids && c->ids->depth > 1)
		emit_ids(e, c);
	event_emit(f);
}

static void creation_verify(struct follow *f, const struct creation *c, pid_t child)
{
	struct check_masks said = { 0 };

	if (!c->answers)
		return;
	if (c->pending)
		check_expect(&c->pending->request, &said);
	verify_report(f, c->creator, child, &said, c->answers, c->when);
}

bool creation_foreign(const struct creation *c)
{
	return (c->group && c->group->foreign_ids) || (c->ids && c->ids->depth > 1) ||
	       (c->pending && (c->pending->request.flags & FLAG_NEWPID));
}

void creation_apply(struct follow *f, const struct creation *c, pid_t child, bool exit_stop)
{
	bool thread = creation_is_thread(c, child);
	struct tracee *t = tracee_find(f, child);
	bool foreign = creation_foreign(c);
	struct group *g = c->group;
	struct stop death, first = { .tid = child, .when = c->when };
	bool held = t;
	pid_t ppid = creation_ppid(c, thread);

	if (t && t->group)
		return; /* reported before, as a task whose creator was lost */
	if (!thread) {
		g = group_add(f, child, ppid);
		workers_begin(f, g, c->group, c->when);
	} else if (!g) {
		g = group_add(f, c->creator_tgid ? c->creator_tgid : c->ids ? c->ids->tgid : child, ppid);
	}
	g->foreign_ids |= foreign;
	g->filtered |= c->group && c->group->filtered;
	if (!g->depth)
		g->depth = creation_depth(c);
	if (t) {
		f->held--;
		t->group = g;
		g->live++;
	} else {
		t = tracee_add(f, child, g);
	}
	t->exit_stop = exit_stop;
	t->stop = g->stops;
	if (thread && c->pending && c->pending->request.have & REQUEST_TLS)
		t->pthread = c->pending->request.tls;
	g->init |= !thread && c->ids && c->ids->nspid == 1;
	if (c->pending && c->pending->untraced) {
		t->restore = mem_alloc(sizeof(*t->restore));
		*t->restore = *c->pending;
	}
	creation_emit(f, c, child, g->tgid, ppid);
	if (c->pending && c->pending->untraced)
		note_report(f, NOTE_UNTRACED, c->creator, child, 0, c->when);
	creation_verify(f, c, child);
	if (lost_take(f, child, &death)) {
		on_lost_death(f, t, &death);
	} else if (held && t->first) {
		first.status = t->first;
		on_first(f, t, &first);
	}
}

/* The child's ids are read if its flags do not show them: in or next to another pid namespace. If cltrace does not see
 * each call, or has not from the start, it may have missed an unshare(CLONE_NEWPID). In this case follow asks for the
 * namespace that T puts its children into, which costs a small part of the time. */
static bool creation_wants_ids(struct follow *f, const struct tracee *t, struct stop *stop)
{
	const struct request *r = t->pending ? &t->pending->request : NULL;

	if (!r || !(r->have & REQUEST_FLAGS) || t->group->foreign_ids || (r->flags & FLAG_NEWPID))
		return true;
	if (f->config.mode == EVENT_MODE_FILTER || (r->flags & FLAG_THREAD))
		return false;
	f->ops->gather(f->data, stop, STOP_PID_NS);
	return !(stop->have & STOP_PID_NS) || stop->other_pid_ns;
}

/* What the creation has copied: the child has not run yet, because its creator's event comes before its first order. */
static void creation_memory(struct follow *f, struct creation *c, struct stop *stop, struct stop *child)
{
	f->ops->gather(f->data, stop, STOP_MEMORY);
	f->ops->gather(f->data, child, STOP_MEMORY);
	if (stop->have & STOP_MEMORY)
		c->memory = &stop->memory;
	if (child->have & STOP_MEMORY)
		c->child_memory = &child->memory;
}

/* T was killed in its call, and the event message names no task any more: T may be at its exit already. */
static void creator_is_killed(struct follow *f, struct tracee *t, struct stop *stop)
{
	gather_call(f, stop);
	if (stop->have & STOP_CALL)
		on_exit_in_creation(f, t, stop);
	if (f->detaching)
		past_creator_add(f, t, stop->when); /* its end will not be reported */
	resume_plain(f, t, 0, stop);
}

/* Looks at both tasks, neither of which runs: CHILD's first order comes behind this event. */
static void creation_look(struct follow *f, struct tracee *t, struct creation *c, struct stop *stop, struct stop *child)
{
	if (creation_wants_ids(f, t, stop)) {
		f->ops->gather(f->data, child, STOP_IDS);
		if (child->have & STOP_IDS)
			c->ids = &child->ids;
	}
	if (state_wants(f, WANT_MEMORY))
		creation_memory(f, c, stop, child);
	if (state_wants(f, WANT_VERIFY)) {
		stop->beside = child->tid;
		f->ops->gather(f->data, stop, STOP_ANSWERS);
		c->answers = stop->have & STOP_ANSWERS ? &stop->answers : NULL;
	}
}

/* PTRACE_EVENT_FORK, VFORK or CLONE: t has created the task in the event message. */
void on_creation(struct follow *f, struct tracee *t, struct stop *stop)
{
	struct order order = { .how = ORDER_CONT };
	struct creation c = {
		.creator = t->tid, .creator_tgid = t->group->tgid, .group = t->group, .when = stop->when
	};
	bool exit_stop = t->exit_stop;
	struct stop child = { .when = stop->when };
	const struct lost *lost;
	bool entered;

	pending_keep_creation(&t->pending);
	entered = t->pending;
	if (!(stop->have & STOP_MESSAGE))
		f->ops->gather(f->data, stop, STOP_MESSAGE);
	child.tid = stop_message_tid(stop);
	if (!child.tid) {
		creator_is_killed(f, t, stop);
		return;
	}
	if (!t->pending) {
		gather_call(f, stop);
		if (stop->have & STOP_CALL)
			t->pending = pending_of_caller(stop);
		pending_keep_creation(&t->pending);
	}
	creation_look(f, t, &c, stop, &child);
	c.pending = t->pending;
	c.duration = entered && state_wants(f, WANT_DURATIONS);
	lost = entered ? lost_find(f, child.tid) : NULL;
	if (lost && lost->stop.when < t->pending->when)
		lost_report(f, child.tid, stop->when); /* died before this call began: it had the tid before */
	creation_apply(f, &c, child.tid, exit_stop);
	denied_memory(f, t, stop);
	if (t->pending && t->pending->untraced)
		order_set_flags(&order, t->pending, true);
	pending_drop(&t->pending);
	t->announced = child.tid;
	if (state_wants(f, WANT_DURATIONS) && stop_event(stop->status) == STOP_EVENT_VFORK) {
		t->vforked = child.tid;
		t->vforked_at = stop->when;
	}
	order_exit_stop(t, &order);
	resume(f, t, &order, stop);
}

/* The creation itself, which copies, was complete when it was reported: the rest of the call is waiting. */
void on_vfork_done(struct follow *f, struct tracee *t, const struct stop *stop)
{
	if (t->vforked) {
		struct event *e = event_start(f, EVENT_VFORK_DONE, t->tid, stop->when);

		e->vfork_done.child = t->vforked;
		e->vfork_done.waited = stop->when - t->vforked_at;
		event_emit(f);
	}
	t->vforked = 0;
	resume_plain(f, t, 0, stop);
}
