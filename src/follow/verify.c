/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What the kernel says that tasks share, against what their flags and calls say. */
#include "follow/state.h"

void verify_tell(struct follow *f, pid_t tid, pid_t other, const struct check_masks *said,
		 const struct check_answers *answers, uint64_t when)
{
	uint64_t differences = check_differences(said, answers);
	struct event *e = event_start(f, EVENT_VERIFY, tid, when);

	e->verify.other = other;
	e->verify.said = *said;
	e->verify.answers = *answers;
	event_emit(f);
	for (unsigned i = 0; i < CHECK_COUNT; i++) {
		const uint64_t bit = differences & UINT64_C(1) << i;

		if (!bit)
			continue;
		e = event_start(f, EVENT_DIFFERENCE, tid, when);
		e->verify.other = other;
		e->verify.said = (struct check_masks){ said->shared & bit, said->apart & bit };
		e->verify.answers.shared = answers->shared & bit;
		e->verify.answers.apart = answers->apart & bit;
		e->verify.answers.neither = answers->neither & bit;
		e->verify.cause = check_cause((enum check)i, answers);
		event_emit(f);
	}
}

void verify_beside(struct follow *f, const struct tracee *t, const struct group *group, const struct check_masks *said,
		   uint64_t when)
{
	struct stop look = { .tid = t->tid, .when = when };
	const struct tracee *other, *next;

	if (!f->config.verify || !group || !(said->shared | said->apart))
		return;
	HASH_ITER (hh, f->tracees, other, next) {
		if (other->group == group && other != t && other->seen && !other->alone) {
			look.beside = other->tid;
			break;
		}
	}
	if (!look.beside)
		return;
	f->ops->gather(f->data, &look, STOP_ANSWERS);
	if (look.have & STOP_ANSWERS)
		verify_tell(f, t->tid, look.beside, said, &look.answers, when);
}
