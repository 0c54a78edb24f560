/* SPDX-License-Identifier: GPL-2.0-or-later */
/* exec: which task is left of the process, and with which tid. */
#include "follow/state.h"

#include "clone/check.h"

/* The old tid of the caller of exec, which has the leader's tid in G now: the event's message. If the caller was killed
 * since, there is no message. But at this stop all other threads have been waited for, so if another one is left, it is
 * the caller. */
static pid_t exec_former(struct follow *f, const struct group *g, struct stop *stop)
{
	struct tracee *t, *next;

	if (stop->have & STOP_MESSAGE)
		return (pid_t)stop->message;
	f->ops->gather(f->data, stop, STOP_MESSAGE);
	if (!stop_message_tid(stop)) {
		stop->message = (uint64_t)stop->tid;
		HASH_ITER (hh, f->tracees, t, next) {
			if (t->group == g && t->tid != stop->tid)
				stop->message = (uint64_t)t->tid;
		}
		stop->have |= STOP_MESSAGE;
	}
	return (pid_t)stop->message;
}

/* FORMER, which is not the leader T, has exec'ed and has the leader's tid now. Returns its tracee; T is removed. */
static struct tracee *exec_take_tid(struct follow *f, struct tracee *t, struct tracee *former, const struct stop *stop)
{
	past_creator_add(f, t, stop->when);
	past_creator_at(f, 0)->tid = 0; /* the tid is the caller's now */
	tracee_leave_group(t);
	tracee_remove(f, t);
	HASH_DEL(f->tracees, former);
	former->tid = stop->tid;
	HASH_ADD_INT(f->tracees, tid, former);
	return former;
}

static void exec_report(struct follow *f, const struct stop *stop, pid_t former)
{
	struct event *e = event_start(f, EVENT_EXEC, stop->tid, stop->when);

	e->exec.former = former;
	if (stop->have & STOP_COMMAND) {
		e->have |= EVENT_HAVE_COMMAND | (stop->command_cut ? EVENT_HAVE_COMMAND_CUT : 0);
		e->exec.command = stop->command;
		e->exec.command_cut = stop->command_cut;
	}
	if (stop->have & STOP_USER) {
		e->have |= EVENT_HAVE_UID;
		e->exec.uid = stop->user;
	}
	event_emit(f);
}

/* exec. If a thread that is not the leader calls it, the others have died, and the caller has the leader's tid now.
 * wait(2) never reports the leader's own end (fs/exec.c: de_thread()). */
void on_exec(struct follow *f, struct tracee *t, struct stop *stop)
{
	struct order order = { .how = ORDER_CONT };
	struct group *g = t->group;
	struct tracee *caller;
	pid_t former;
	bool leave = f->config.detach_on_exec && (g->exec || !g->launched);
	struct check_masks said;

	former = exec_former(f, g, stop);
	ended_forget(f, former);
	f->ops->gather(f->data, stop, STOP_COMMAND | STOP_USER);
	caller = tracee_find(f, former);
	if (caller && caller != t && caller->group == g)
		t = exec_take_tid(f, t, caller, stop);
	pending_drop(&t->pending);
	g->ending = g->ending_reported = false;
	g->taken = 0;
	g->exec = f->seq + 1;
	g->exec_when = stop->when;
	workers_exec(f, g, stop->when);
	exec_report(f, stop, former);
	ended_resolve(f, g, ENDED_BY_EXEC);
	if ((stop->have & STOP_COMMAND) && stop->set_id.ignored)
		note_report(f, NOTE_SET_ID, stop->tid, stop->set_id.file_id, stop->set_id.actual_id, stop->when);
	check_expect_exec(&said);
	verify_change(f, t, NULL, &said, stop->when);
	if (f->held)
		held_resolve_all(f, false, stop->when);
	if (g->children || g->may_have_zombie)
		order_exit_stop(t, &order); /* for on_last_look() */
	else
		order_no_exit_stop(f, t, &order); /* its process has one task and no children now */
	if (leave)
		tracee_detach(f, t, &order, stop->when);
	else
		resume(f, t, &order, stop);
}

struct tracee *exec_leader(struct follow *f, struct stop *stop)
{
	struct group *g = group_find(f, stop->tid);
	struct tracee *t;

	if (!g)
		return NULL;
	t = tracee_find(f, exec_former(f, g, stop));
	if (!t || t->group != g)
		return NULL;
	t = tracee_add(f, stop->tid, g);
	t->seen = true;
	return t;
}
