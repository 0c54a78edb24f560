/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Finds the creator of a new task if no event reports the creation.
 *
 * - A creator that is killed in between never shows its event (ptrace_stop() gives way to a pending SIGKILL). At its
 *   PTRACE_EVENT_EXIT the result register still names the child. If that stop is missed too, the creator's entry stop,
 *   kept in its struct past_creator, or the child's registers, a copy of the creator's, show the request.
 * - If a child is killed before its first stop, wait(2) reports only its death. It is kept among the lost until its
 *   creator's event, or a past creator, explains it. */
#include "follow/state.h"

#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>

#include "base/mem.h"
#include "clone/flags.h"

#define PAST_CREATOR_NS 1000000000 /* how long a dead task may explain a lost task */

/* After so many calls of follow_idle() the creator of a held or lost task is assumed to have ended. The number is
 * higher while a task lives that was in a creation then, because on a busy machine it may take long until that task
 * runs again. */
#define IDLES_MAX 50
#define IDLES_CREATING 3000

static void tracee_hold(struct follow *f, struct tracee *t, uint64_t when)
{
	t->shown = f->seq;
	t->since = when;
	f->held++;
}

bool lost_take(struct follow *f, pid_t tid, struct stop *ret)
{
	for (struct lost **at = &f->lost; *at; at = &(*at)->next) {
		struct lost *lost = *at;

		if (lost->stop.tid != tid)
			continue;
		*ret = lost->stop;
		*at = lost->next;
		free(lost);
		return true;
	}
	return false;
}

const struct lost *lost_find(const struct follow *f, pid_t tid)
{
	const struct lost *lost = f->lost;

	while (lost && lost->stop.tid != tid)
		lost = lost->next;
	return lost;
}

/* Whether the held child's registers in LOOK, from which SEEN was decoded, are a copy of those of call P by a task of
 * TGID. */
static bool call_matches(const struct pending *p, pid_t tgid, const struct stop *look, const struct request *seen)
{
	const struct stop_call *a = &p->call, *b = &look->call;

	if (!call_is_creation(p->request.call) || a->audit_arch != b->audit_arch || a->nr != b->nr)
		return false;
	if (p->request.call == CALL_CLONE &&
	    ((a->args[0] ^ b->args[0]) & ~FLAG_UNTRACED || memcmp(a->args + 1, b->args + 1, 4 * sizeof(a->args[0]))))
		return false;
	if (p->request.flags & FLAG_THREAD && look->have & STOP_IDS && look->ids.tgid != tgid)
		return false;
	if (p->request.call == CALL_CLONE3 && (a->args[0] != b->args[0] || a->args[1] != b->args[1]))
		return false;
	if (seen->have & p->request.have & REQUEST_FLAGS && (seen->flags ^ p->request.flags) & ~FLAG_UNTRACED)
		return false; /* another struct is at that address now */
	return p->request.stack || !a->sp || !b->sp || a->sp == b->sp;
}

struct past_creator *past_creator_at(struct follow *f, unsigned back)
{
	return &f->past_creators[(f->past_creators_next + PAST_CREATORS - 1 - back) % PAST_CREATORS];
}

/* Whether a task died in a creation whose child is not known. */
static bool has_past_creation(struct follow *f)
{
	for (unsigned i = 0; i < PAST_CREATORS; i++)
		if (f->past_creators[i].pending)
			return true;
	return false;
}

/* Whether a living task is in such a call: its event may be about to name that child. Forked workers make the same
 * calls from the same stacks. */
static bool creator_may_live(const struct follow *f, const struct stop *look, const struct request *seen)
{
	const struct tracee *t, *next;

	HASH_ITER (hh, f->tracees, t, next) {
		if (t->group && t->pending && call_matches(t->pending, t->group->tgid, look, seen))
			return true;
	}
	return false;
}

/* The past creators that may have created one task. Only what they have in common is certain. */
struct suspects {
	struct past_creator *past; /* the one that died last; NULL: there is none */
	unsigned count;
	bool several; /* they belong to several processes */
};

static void suspects_add(struct suspects *suspects, struct past_creator *past)
{
	if (!suspects->count++)
		suspects->past = past;
	suspects->several |= suspects->past->tgid != past->tgid;
}

static void creation_from_suspects(struct follow *f, struct creation *c, const struct suspects *suspects)
{
	const struct past_creator *past = suspects->past;

	if (!past || suspects->several)
		return;
	c->creator = suspects->count == 1 ? past->tid : 0;
	c->creator_tgid = past->tgid;
	c->creator_ppid = past->ppid;
	c->group = group_find(f, past->tgid);
}

static void past_creators_find(struct follow *f, const struct stop *look, const struct request *seen, bool final,
			       struct suspects *ret)
{
	for (unsigned i = 0; i < PAST_CREATORS; i++) {
		struct past_creator *past = past_creator_at(f, i);

		if (past->pending && call_matches(past->pending, past->tgid, look, seen))
			suspects_add(ret, past);
	}
	if (ret->count && !final && creator_may_live(f, look, seen))
		*ret = (struct suspects){ 0 };
}

void past_creator_add(struct follow *f, struct tracee *t, uint64_t when)
{
	struct past_creator *past = &f->past_creators[f->past_creators_next++ % PAST_CREATORS];

	pending_drop(&past->pending);
	*past = (struct past_creator){ .tid = t->tid, .tgid = t->group->tgid, .ppid = t->group->ppid, .when = when };
	if (t->pending && call_is_creation(t->pending->request.call)) {
		past->pending = t->pending;
		t->pending = NULL;
	}
}

/* Finds the process of the creator of the held task T if there are no entry stops to compare with. The process must
 * have ended or exec'ed since, else the creator's event would still come. Fills C and returns true if it is settled. */
static bool creator_by_elimination(struct follow *f, const struct tracee *t, const struct stop *look,
				   const struct pending *p, struct creation *c)
{
	struct group *parent = group_find(f, look->ids.ppid);
	struct suspects suspects = { 0 };

	if (!(look->have & STOP_IDS) || !p || !(p->request.have & REQUEST_FLAGS) ||
	    p->request.flags & (FLAG_THREAD | FLAG_PARENT))
		return false; /* its parent does not show its creator */
	if (parent && parent->exec > t->shown) {
		c->creator_tgid = parent->tgid;
		c->creator_ppid = parent->ppid;
		c->group = parent;
		return true;
	}
	if (parent)
		return false;
	for (unsigned i = 0; i < PAST_CREATORS; i++) {
		struct past_creator *past = past_creator_at(f, i);

		if (past->tid && past->when + PAST_CREATOR_NS >= look->when && !group_find(f, past->tgid))
			suspects_add(&suspects, past);
	}
	creation_from_suspects(f, c, &suspects);
	return suspects.count;
}

/* Reports the held task T if its creator is known to be gone; with FINAL in any case. */
static void held_resolve(struct follow *f, struct tracee *t, bool final, uint64_t when)
{
	struct stop look = { .tid = t->tid, .when = when };
	struct creation c = { .when = when };
	struct suspects suspects = { 0 };
	struct pending *p = NULL;
	bool settled;

	f->ops->gather(f->data, &look, t->first ? STOP_CALL | STOP_IDS : STOP_IDS);
	if (look.have & STOP_CALL)
		p = pending_decode(&look);
	pending_keep_creation(&p);
	if (p)
		past_creators_find(f, &look, &p->request, final, &suspects);
	if (look.have & STOP_IDS)
		c.ids = &look.ids;
	settled = suspects.count;
	creation_from_suspects(f, &c, &suspects);
	if (!settled && f->config.mode == EVENT_MODE_EVENTS)
		settled = creator_by_elimination(f, t, &look, p, &c);
	if (settled || final) {
		pid_t tid = t->tid;

		c.pending = suspects.count ? suspects.past->pending : p;
		creation_apply(f, &c, tid, true);
		note_report(f, NOTE_CREATOR_LOST, tid, 0, 0, when);
		if (suspects.count == 1)
			pending_drop(&suspects.past->pending);
	}
	free(p);
}

/* Whether a living task began a creation before WHEN: its event, or its end, may still name the task that showed up or
 * died at WHEN. */
static bool creating_since(const struct follow *f, uint64_t when)
{
	const struct tracee *t, *next;

	HASH_ITER (hh, f->tracees, t, next) {
		if (t->group && t->pending && call_is_creation(t->pending->request.call) && t->pending->when <= when)
			return true;
	}
	return false;
}

/* Whether a task that showed up or died at WHEN, IDLES calls of follow_idle() ago, has waited long enough for its
 * creator's event. */
static bool is_overdue(const struct follow *f, unsigned idles, uint64_t when)
{
	return idles > IDLES_CREATING || (idles > IDLES_MAX && !creating_since(f, when));
}

void held_resolve_all(struct follow *f, bool final, uint64_t when)
{
	struct tracee *t, *next;

	if (!f->held || f->resolving)
		return;
	f->resolving = true; /* a death that is reported meanwhile must not restart it: NEXT could be freed */
	HASH_ITER (hh, f->tracees, t, next) {
		if (t->group)
			continue;
		held_resolve(f, t, final || is_overdue(f, t->idles, t->since), when);
	}
	f->resolving = false;
}

/* Reports TID, which died before its creation was reported. It may come from any of the creations that were under way
 * when their callers died: only what all of them have in common is certain. */
void lost_report(struct follow *f, pid_t tid, uint64_t when)
{
	struct creation c = { .when = when };
	struct suspects suspects = { 0 };
	bool one_request = true;
	struct stop rest;

	for (unsigned i = 0; i < PAST_CREATORS; i++) {
		struct past_creator *past = past_creator_at(f, i);

		if (!past->pending || past->when + PAST_CREATOR_NS < when)
			continue;
		suspects_add(&suspects, past);
		one_request &= suspects.past->pending->request.call == past->pending->request.call &&
			       suspects.past->pending->request.flags == past->pending->request.flags;
	}
	creation_from_suspects(f, &c, &suspects);
	c.creator = 0; /* the only evidence for it is that there is no other */
	if (suspects.count && one_request)
		c.pending = suspects.past->pending;
	if (c.pending && c.pending->request.flags & FLAG_THREAD && !c.creator_tgid)
		c.pending = NULL; /* a thread of an unknown process: it would be reported as a process */
	creation_apply(f, &c, tid, false);
	note_report(f, NOTE_CREATOR_LOST, tid, 0, 0, when);
	if (suspects.count == 1)
		pending_drop(&suspects.past->pending);
	lost_take(f, tid, &rest); /* the tid may be somebody else's by now */
}

/* Whether waiting longer cannot show more about LOST. */
static bool lost_is_ripe(struct follow *f, const struct lost *lost)
{
	return is_overdue(f, lost->idles, lost->stop.when) ||
	       (has_past_creation(f) && !creating_since(f, lost->stop.when));
}

void lost_resolve(struct follow *f, bool final, uint64_t when)
{
	struct lost *lost = f->lost;

	while (lost) {
		if (final || lost_is_ripe(f, lost)) {
			lost_report(f, lost->stop.tid, when);
			lost = f->lost;
		} else {
			lost = lost->next;
		}
	}
}

void on_unknown(struct follow *f, const struct stop *stop)
{
	struct tracee *t;

	if (lost_find(f, stop->tid)) /* its tid is in use again */
		lost_report(f, stop->tid, stop->when);
	if (!WIFSTOPPED(stop->status)) {
		struct lost *lost = mem_zalloc(1, sizeof(*lost));

		lost->stop = *stop;
		lost->next = f->lost;
		f->lost = lost;
		return;
	}
	t = tracee_add(f, stop->tid, NULL);
	t->first = stop->status;
	tracee_hold(f, t, stop->when);
	if (has_past_creation(f))
		held_resolve(f, t, false, stop->when);
}
