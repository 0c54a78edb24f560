/* SPDX-License-Identifier: GPL-2.0-or-later */
/* How a stopped task continues: the order that each stop gets. */
#include "follow/state.h"

#include "clone/flags.h"

void tracee_part(struct follow *f, struct tracee *t, uint64_t when)
{
	struct group *g = t->group;

	if (g) {
		if (g->live == 1)
			ended_settle(f, g, t->tid, when);
		event_start(f, EVENT_DETACH, t->tid, when);
		event_emit(f);
		tracee_leave_group(t);
	}
	tracee_remove(f, t);
	if (g && !g->live)
		group_remove(f, g);
}

void tracee_detach(struct follow *f, struct tracee *t, struct order *order, uint64_t when)
{
	if (t->group && t->group->live == 1) {
		/* its process ends: else the stop would have shown that the process lives */
		ended_resolve(f, t->group, ENDED_WITH_GROUP);
		on_last_look(f, t->group, t->tid, when);
	}
	order->tid = t->tid;
	order->how = ORDER_DETACH;
	f->ops->order(f->data, order);
	detached_put(f, t->tid);
	tracee_part(f, t, when);
}

void order_set_flags(struct order *order, const struct pending *p, bool untraced)
{
	uint64_t flags = p->request.call == CALL_CLONE ? p->call.args[0] : p->request.flags;

	order->change |= ORDER_SET_FLAGS;
	order->audit_arch = p->call.audit_arch;
	order->flags = untraced ? flags : flags & ~FLAG_UNTRACED;
	order->address = p->request.call == CALL_CLONE3 ? p->call.args[0] : 0;
}

void order_exit_stop(struct tracee *t, struct order *order)
{
	if (!t->exit_stop)
		order->change |= ORDER_EXIT_STOP;
	t->exit_stop = true;
}

void order_no_exit_stop(const struct follow *f, struct tracee *t, struct order *order)
{
	if (state_wants(f, WANT_SIGNALS) || t->group->filtered) {
		order_exit_stop(t, order);
		return;
	}
	if (t->exit_stop)
		order->change |= ORDER_NO_EXIT_STOP;
	t->exit_stop = false;
}

void resume(struct follow *f, struct tracee *t, struct order *order, const struct stop *stop)
{
	if (f->detaching) { /* an init's fault then ends it */
		tracee_detach(f, t, order, stop->when);
		return;
	}
	order->tid = t->tid;
	if (t->group->filtered)
		order_exit_stop(t, order);
	if (order->how == ORDER_CONT && f->config.mode == EVENT_MODE_CALLS)
		order->how = ORDER_SYSCALL;
	f->ops->order(f->data, order);
}

void resume_plain(struct follow *f, struct tracee *t, int signal, const struct stop *stop)
{
	struct order order = { .how = ORDER_CONT, .signal = signal };

	resume(f, t, &order, stop);
}

void resume_first(struct follow *f, struct tracee *t, enum order_how how, const struct stop *stop)
{
	struct order order = { .how = how };

	order_no_exit_stop(f, t, &order);
	if (t->restore)
		order_set_flags(&order, t->restore, true);
	pending_drop(&t->restore);
	resume(f, t, &order, stop);
}
