/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Compares what the kernel says tasks share with what their flags and calls say. */
#include "follow/state.h"

/* The two tasks that are compared. */
struct pair {
	pid_t tid, other;
	bool entered;
	int descriptor;
	uint64_t when;
};

static struct event *start(struct follow *f, enum event_kind kind, const struct pair *pair)
{
	struct event *e = event_start(f, kind, pair->tid, pair->when);

	e->verify.other = pair->other;
	e->verify.descriptor = pair->descriptor;
	e->have |= pair->entered ? EVENT_HAVE_ENTERED : 0;
	return e;
}

static void report(struct follow *f, const struct pair *pair, const struct check_masks *said,
		   const struct check_answers *answers)
{
	uint64_t differences = check_differences(said, answers);
	struct event *e = start(f, EVENT_VERIFY, pair);

	e->verify.said = *said;
	e->verify.answers = *answers;
	event_emit(f);
	for (unsigned i = 0; i < CHECK_COUNT; i++) {
		const uint64_t bit = differences & UINT64_C(1) << i;

		if (!bit)
			continue;
		e = start(f, EVENT_DIFFERENCE, pair);
		e->verify.said = (struct check_masks){ said->shared & bit, said->apart & bit };
		e->verify.answers.shared = answers->shared & bit;
		e->verify.answers.apart = answers->apart & bit;
		e->verify.answers.neither = answers->neither & bit;
		e->verify.cause = check_cause((enum check)i, answers);
		event_emit(f);
	}
}

void verify_report(struct follow *f, pid_t tid, pid_t other, const struct check_masks *said,
		   const struct check_answers *answers, uint64_t when)
{
	report(f, &(struct pair){ .tid = tid, .other = other, .when = when }, said, answers);
}

/* How close OTHER is to T; 0: it cannot be compared. */
static unsigned nearness(const struct tracee *t, const struct tracee *other, const struct group *own)
{
	if (other == t || !other->seen || other->alone || !other->group)
		return 0;
	if (other->group == t->group)
		return own ? 3 : 0;
	return other->group == t->group->parent ? 2 : other->group->parent == t->group;
}

void verify_change(struct follow *f, const struct tracee *t, const struct group *own, const struct check_masks *said,
		   uint64_t when)
{
	struct stop look = { .tid = t->tid, .when = when };
	const struct tracee *other, *next;
	unsigned nearest = 0;

	if (!state_wants(f, WANT_VERIFY) || !(said->shared | said->apart))
		return;
	HASH_ITER (hh, f->tracees, other, next) {
		const unsigned near = nearness(t, other, own);

		if (near > nearest) {
			nearest = near;
			look.beside = other->tid;
		}
	}
	if (!look.beside && !(said->apart & check_namespaces()))
		return;
	f->ops->gather(f->data, &look, STOP_ANSWERS);
	if (look.have & STOP_ANSWERS)
		verify_report(f, t->tid, look.beside, said, &look.answers, when);
}

void verify_entered(struct follow *f, const struct tracee *t, const struct request *request, uint64_t when)
{
	const struct pair pair = { t->tid, 0, true, (int)request->args[0], when };
	struct stop look = { .tid = t->tid, .when = when };
	struct check_masks said;

	if (!state_wants(f, WANT_VERIFY))
		return;
	look.wanted.descriptor = pair.descriptor;
	look.wanted.namespaces = request->flags;
	f->ops->gather(f->data, &look, STOP_ENTERED);
	/* The descriptor shows the kind, because the flags may be 0. */
	said = (struct check_masks){ .shared = look.answers.shared | look.answers.apart };
	if (look.have & STOP_ENTERED && (said.shared | look.answers.refused))
		report(f, &pair, &said, &look.answers);
}
