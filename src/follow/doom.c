/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A thread that sends its own process a fatal signal.
 *
 * Untraced, all threads are killed before kill(2) returns (kernel/signal.c: complete_signal()). The kernel does not do
 * so if the thread that is to take the signal is traced: this thread first stops for its tracer. Meanwhile the sender
 * would continue, and could even take the signal itself by sigtimedwait(2). Therefore the sender waits in the stop at
 * the end of its call until it is killed. */
#include "follow/state.h"

#include "event/signal.h"

#define SPARED_MAX 5 /* calls of follow_idle() after which it is resumed all the same */

static int signal_of(const struct request *request)
{
	return (int)request->args[1];
}

/* Whether the target of a call may be T's process: a process, a process group, or the process of a pidfd. A number that
 * may be of another pid namespace may mean T's process, and so may a group. */
bool doom_may_come(const struct tracee *t, const struct request *request)
{
	const struct group *g = t->group;
	const pid_t target = (pid_t)request->args[0];

	if (request->call != CALL_KILL && request->call != CALL_RT_SIGQUEUEINFO &&
	    request->call != CALL_PIDFD_SEND_SIGNAL)
		return false;
	if (g->live - g->leaving < 2 || g->init || signal_default(signal_of(request)) != SIGNAL_ENDS)
		return false;
	return request->call == CALL_PIDFD_SEND_SIGNAL || target <= 0 || target == g->tgid || g->foreign_ids;
}

bool doom_comes(struct follow *f, struct tracee *t, const struct pending *p, const struct stop *stop)
{
	struct stop look = { .tid = t->tid, .when = stop->when, .signo = signal_of(&p->request) };

	if (stop->result != 0 || f->detaching || !doom_may_come(t, &p->request))
		return false;
	f->ops->gather(f->data, &look, STOP_FATAL);
	if (!(look.have & STOP_FATAL) || !look.fatal)
		return false;
	t->doomed = true;
	t->spared = 0;
	f->doomed++;
	return true;
}

void doom_ends(struct follow *f, struct tracee *t)
{
	f->doomed -= t->doomed;
	t->doomed = false;
}

void doom_idle(struct follow *f, bool all, uint64_t when)
{
	const struct stop stop = { .when = when };
	struct tracee *t, *next;

	if (!f->doomed)
		return;
	HASH_ITER (hh, f->tracees, t, next) {
		if (!t->doomed || (++t->spared <= SPARED_MAX && !all))
			continue;
		doom_ends(f, t);
		resume_plain(f, t, 0, &stop);
	}
}
