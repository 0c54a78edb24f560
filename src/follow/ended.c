/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Threads that have ended, until it is known whether they ended by themselves, with their process, or by an exec.
 *
 * A thread has no stop at its end, unless it creates tasks. The status from wait(2) is the thread's own only if its
 * process was not about to end. A process lives if ptrace(2) succeeds for a task of it. ptrace(2) fails when SIGKILL is
 * pending for the task (kernel/ptrace.c: ptrace_freeze_traced()), as it is when another thread ends the process
 * (kernel/signal.c: zap_other_threads()). So each later stop of the process shows that it lives, or a look at it does.
 *
 * If the process ends soon after the thread, the C library may have recorded that the thread ended by itself. */
#include "follow/state.h"

#include <stdlib.h>
#include <utlist.h>

#include "base/mem.h"

/* After so many looks in vain, some 10 ms apart, only a stop can show it: the process is about to end, or a thread of
 * it is about to exec. An exec is found before the last look. */
#define PROBES_MAX 20
#define PROBE_NS 20000000 /* how long other tasks may delay a look */
#define ASKED_MAX 64	  /* threads that are looked at when their process ends, which is stopped meanwhile */

void ended_add(struct follow *f, const struct tracee *t, const struct stop *stop)
{
	struct ended *ended = mem_zalloc(1, sizeof(*ended));
	struct group *g = t->group;

	ended->tid = t->tid;
	ended->status = stop->status;
	ended->taken = t->taken;
	ended->pthread = t->pthread;
	ended->forbidden = t->forbidden;
	ended->when = stop->when;
	ended->group = g;
	if (!g->ended || g->idles > PROBES_MAX)
		f->probed++;
	if (f->probed == 1)
		f->probed_at = stop->when;
	g->idles = 0;
	DL_APPEND(g->ended, ended);
	HASH_ADD_INT(f->ended, tid, ended);
}

static void report(struct follow *f, const struct ended *ended, enum ended_how how)
{
	const bool replaced = how == ENDED_BY_EXEC && (ended->taken || ended->status == 0);
	const struct group *g = ended->group;
	const bool earlier = !ended->taken && g->ended_as_known && g->ended_as != ended->status;
	struct event *e = end_start(f, ended->tid, ended->status, &ended->forbidden, ended->when);

	if (how == ENDED_UNKNOWN || replaced)
		e->have = 0;
	e->exit.with_group = how == ENDED_WITH_GROUP && !earlier;
	e->exit.replaced = replaced;
	e->have |= replaced ? EVENT_HAVE_REPLACED : 0;
	event_emit(f);
}

static void take_out(struct follow *f, struct ended *ended)
{
	struct group *g = ended->group;

	DL_DELETE(g->ended, ended);
	HASH_DEL(f->ended, ended);
	f->probed -= !g->ended && g->idles <= PROBES_MAX;
}

static void resolve(struct follow *f, struct ended *ended, enum ended_how how)
{
	take_out(f, ended);
	report(f, ended, how);
	free(ended);
}

void ended_forget(struct follow *f, pid_t tid)
{
	struct ended *ended;

	HASH_FIND_INT(f->ended, &tid, ended);
	if (!ended)
		return;
	take_out(f, ended);
	free(ended);
}

void ended_resolve(struct follow *f, struct group *g, enum ended_how how)
{
	struct ended *ended, *next;

	DL_FOREACH_SAFE (g->ended, ended, next) {
		if (how != ENDED_ALONE || !ended->taken)
			resolve(f, ended, how);
	}
}

void ended_resolve_last(struct follow *f, struct group *g, enum ended_how how)
{
	resolve(f, g->ended->prev, how); /* the head's `prev` is the last one (utlist.h) */
}

void ended_by_stop(struct follow *f, const struct tracee *t, struct stop *stop)
{
	const int event = stop_event(stop->status);

	if (!t->group->ended || event == STOP_EVENT_EXIT || event == STOP_EVENT_EXEC)
		return;
	/* what is gathered for the stop anyway */
	if (event == STOP_EVENT_SECCOMP)
		gather_call(f, stop);
	else
		f->ops->gather(f->data, stop, STOP_MESSAGE);
	if (stop->have & (STOP_CALL | STOP_RESULT | STOP_MESSAGE))
		ended_resolve(f, t->group, ENDED_ALONE);
}

/* Whether PTHREAD of T's process, which T ends, has ended by itself. PTHREAD 0: it is not a thread of the C library. */
static bool has_left(struct follow *f, const struct tracee *t, uint64_t pthread, uint64_t when)
{
	struct stop look = { .tid = t->tid, .when = when, .pthread = pthread };

	if (!pthread)
		return false;
	f->ops->gather(f->data, &look, STOP_LEFT);
	return look.have & STOP_LEFT && look.left;
}

void ended_at_exit(struct follow *f, const struct tracee *t, uint64_t when)
{
	struct group *g = t->group;
	struct ended *ended, *next;
	struct tracee *other, *next_other;
	unsigned asked = 0;

	DL_FOREACH_SAFE (g->ended, ended, next) {
		if (asked++ < ASKED_MAX && has_left(f, t, ended->pthread, when)) {
			ended->status = 0; /* the C library ends it by exit(0) */
			resolve(f, ended, ENDED_ALONE);
		}
	}
	if (g->live == 1)
		return;
	HASH_ITER (hh, f->tracees, other, next_other) {
		if (other->group != g || other == t || other->alone || other->tid == g->tgid)
			continue;
		if (asked++ < ASKED_MAX && has_left(f, t, other->pthread, when)) {
			other->alone = true;
			other->own_status = 0;
			g->leaving++;
		}
	}
}

/* A task of G that has not ended; NULL: there is none. */
static const struct tracee *find_member(const struct follow *f, const struct group *g)
{
	const struct tracee *leader = tracee_find(f, g->tgid), *t, *next;

	if (leader && !leader->alone)
		return leader;
	HASH_ITER (hh, f->tracees, t, next) {
		if (t->group == g && !t->alone)
			return t;
	}
	return NULL;
}

static enum stop_life life_of(struct follow *f, pid_t tid, uint64_t when)
{
	struct stop look = { .tid = tid, .when = when };

	f->ops->gather(f->data, &look, STOP_LIFE);
	return look.have & STOP_LIFE ? look.life : STOP_ENDING;
}

/* Whether T, the last task of its process, may be in an exec that has ended the others. */
static bool may_exec(const struct follow *f, const struct tracee *t)
{
	if (f->config.mode != EVENT_MODE_FILTER)
		return true;
	return t && t->pending && call_is_exec(t->pending->request.call);
}

static void probe(struct follow *f, struct group *g, uint64_t when)
{
	const struct tracee *t = find_member(f, g);
	bool last = ++g->idles > PROBES_MAX;
	enum stop_life life;

	if (last)
		f->probed--;
	if (!t || (g->live == 1 && may_exec(f, t) && !last))
		return;
	life = life_of(f, t->tid, when);
	if (life == STOP_SLEEPING || (life == STOP_RUNNING && last))
		ended_resolve(f, g, ENDED_ALONE);
}

void ended_probe(struct follow *f, bool busy, uint64_t when)
{
	struct group *g, *next;

	if (!f->probed)
		return;
	if (when - f->probed_at < (busy ? PROBE_NS : 0))
		return;
	f->probed_at = when;
	HASH_ITER (hh, f->groups, g, next) {
		if (g->ended && g->idles <= PROBES_MAX)
			probe(f, g, when);
	}
}

void ended_settle(struct follow *f, struct group *g, pid_t tid, uint64_t when)
{
	if (g->ended && life_of(f, tid, when) == STOP_SLEEPING && !(g->live == 1 && may_exec(f, tracee_find(f, tid))))
		ended_resolve(f, g, ENDED_ALONE);
	ended_resolve(f, g, ENDED_UNKNOWN);
}

void ended_reuse(struct follow *f, pid_t tid)
{
	const struct tracee *t;
	struct ended *ended;

	HASH_FIND_INT(f->ended, &tid, ended);
	if (!ended)
		return;
	t = find_member(f, ended->group);
	ended_settle(f, ended->group, t ? t->tid : 0, f->reported_at);
}

void ended_finish(struct follow *f)
{
	while (f->ended)
		ended_resolve(f, f->ended->group, ENDED_WITH_GROUP);
}

void ended_drop(struct follow *f)
{
	struct ended *ended, *next;

	HASH_ITER (hh, f->ended, ended, next) {
		HASH_DEL(f->ended, ended);
		DL_DELETE(ended->group->ended, ended);
		free(ended);
	}
}
