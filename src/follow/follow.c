/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The state machine that turns stops into events and orders: which stop is whose, and what follow.h promises.
 *
 * The hard part is to find the creator of a task that shows up. The kernel links a new task to the tracer before it
 * wakes it, then puts the creator into its event stop (kernel/fork.c: kernel_clone). So normally the creator's event
 * names the child (creation.c), before or after the child's own first stop: a child that comes first is held, stopped,
 * until the event is there. Consumers always see the creator's event first. creator.c is for the case that this event
 * never comes. */
#include "follow/follow.h"

#include <signal.h>
#include <stdlib.h>
#include <sys/wait.h>

#include "base/mem.h"
#include "follow/state.h"

static void on_stopped(struct follow *f, struct tracee *t, struct stop *stop)
{
	int signo = WSTOPSIG(stop->status);

	switch (stop_event(stop->status)) {
	case STOP_EVENT_FORK:
	case STOP_EVENT_VFORK:
	case STOP_EVENT_CLONE:
		on_creation(f, t, stop);
		return;
	case STOP_EVENT_VFORK_DONE:
		on_vfork_done(f, t, stop);
		return;
	case STOP_EVENT_EXEC:
		on_exec(f, t, stop);
		return;
	case STOP_EVENT_EXIT:
		on_exit_stop(f, t, stop);
		return;
	case STOP_EVENT_SECCOMP:
		on_seccomp(f, t, stop);
		return;
	case STOP_EVENT_STOP:
		on_trap(f, t, stop);
		return;
	case 0:
		if (signo == (SIGTRAP | 0x80))
			on_syscall_stop(f, t, stop);
		else
			on_signal(f, t, signo, stop);
		return;
	default: /* whatever a newer kernel adds */
		resume_plain(f, t, 0, stop);
		return;
	}
}

struct follow *follow_new(const struct follow_config *config, const struct follow_ops *ops, void *data)
{
	struct follow *f = mem_zalloc(1, sizeof(*f));

	f->config = *config;
	f->ops = ops;
	f->data = data;
	return f;
}

void follow_free(struct follow *f)
{
	struct tracee *t, *next_t;
	struct group *g, *next_g;

	if (!f)
		return;
	HASH_ITER (hh, f->tracees, t, next_t)
		tracee_remove(f, t);
	ended_drop(f);
	HASH_ITER (hh, f->groups, g, next_g)
		group_remove(f, g);
	for (unsigned i = 0; i < PAST_CREATORS; i++)
		pending_drop(&f->past_creators[i].pending);
	while (f->lost) {
		struct lost *lost = f->lost;

		f->lost = lost->next;
		free(lost);
	}
	while (f->detached)
		detached_take(f, f->detached->tid);
	free(f);
}

void follow_begin(struct follow *f, bool launched, uint32_t audit_arch, uint64_t when, uint64_t realtime)
{
	struct event *e = event_start(f, EVENT_BEGIN, 0, when);

	e->begin.realtime = realtime;
	e->begin.mode = f->config.mode;
	e->begin.launched = launched;
	e->begin.audit_arch = audit_arch;
	event_emit(f);
	if (f->config.clone3_hidden)
		note_report(f, NOTE_CLONE3_HIDDEN, 0, f->config.clone3_hidden, 0, when);
	if (state_wants(f, WANT_DURATIONS) && f->config.mode == EVENT_MODE_EVENTS)
		note_report(f, NOTE_NO_DURATION, 0, 0, 0, when);
	else if (state_wants(f, WANT_DURATIONS) && f->config.stop_cost)
		note_report(f, NOTE_STOP_COST, 0, (int64_t)f->config.stop_cost, (int64_t)f->config.stop_cost_most,
			    when);
}

void follow_set_mode(struct follow *f, enum event_mode mode, int error, uint64_t when)
{
	struct group *g, *next;

	f->config.mode = mode;
	note_report(f, NOTE_NO_FILTER, 0, error, 0, when);
	HASH_ITER (hh, f->groups, g, next)
		workers_begin(f, g, NULL, when);
	if (state_wants(f, WANT_DURATIONS) && mode == EVENT_MODE_EVENTS)
		note_report(f, NOTE_NO_DURATION, 0, 0, 0, when);
}

void follow_attach(struct follow *f, const struct follow_attached *a, uint64_t when)
{
	struct group *g = group_add(f, a->tgid, a->ppid);
	struct tracee *t;
	struct event *e;

	if (!a->zombie && !tracee_find(f, a->tid)) {
		t = tracee_add(f, a->tid, g);
		t->seen = true;
		t->exit_stop = a->exit_stop;
	}
	g->launched |= a->launched;
	g->init |= a->tgid == a->tid && (a->nspid ? a->nspid : a->tid) == 1;
	g->foreign_ids |= a->nspid != 0;
	if (!g->depth)
		g->depth = a->all.count ? a->all.count : !a->nspid;
	e = event_start(f, EVENT_ATTACH, a->tid, when);
	e->attach.tgid = a->tgid;
	e->attach.ppid = a->ppid;
	e->attach.creator = a->creator;
	e->attach.inferred = a->inferred;
	e->attach.nlwp = a->nlwp;
	e->attach.launched = a->launched;
	e->attach.zombie = a->zombie;
	e->attach.nspid = a->nspid;
	e->attach.nspids = a->all;
	e->attach.command = a->command;
	e->attach.command_cut = a->command_cut;
	e->attach.uid = a->uid;
	e->have = (a->has_uid ? EVENT_HAVE_UID : 0) | (a->inferred ? EVENT_HAVE_INFERRED : 0) |
		  (a->nspid ? EVENT_HAVE_NSPID : 0) | (a->all.count > 2 ? EVENT_HAVE_NSPIDS : 0) |
		  (a->ppid ? EVENT_HAVE_PPID : 0) | (a->command ? EVENT_HAVE_COMMAND : 0) |
		  (a->command_cut ? EVENT_HAVE_COMMAND_CUT : 0);
	event_emit(f);
	if (a->workers)
		workers_report(f, g, a->workers, when);
	else if (a->tid == a->tgid)
		workers_begin(f, g, NULL, when);
}

/* A detached task shows up again if PTRACE_DETACH came too late, because the task was being killed. Its end shows up if
 * the task is a child of cltrace. False: STOP is of another task, which has the same tid. */
static bool on_detached(struct follow *f, const struct stop *stop)
{
	const struct order order = { .tid = stop->tid, .how = ORDER_DETACH };

	if (!detached_take(f, stop->tid))
		return false;
	if (!WIFSTOPPED(stop->status))
		return true;
	if (!f->detaching || stop_event(stop->status) != STOP_EVENT_EXIT)
		return false;
	f->ops->order(f->data, &order);
	detached_put(f, stop->tid);
	return true;
}

void follow_stop(struct follow *f, struct stop *stop)
{
	const struct order run_out = { .tid = stop->tid, .how = ORDER_CONT };
	struct tracee *t = tracee_find(f, stop->tid);

	ended_probe(f, true, stop->when);
	if (!t && WIFSTOPPED(stop->status) && stop_event(stop->status) == STOP_EVENT_EXEC)
		t = exec_leader(f, stop);
	if (!t) {
		if (!on_detached(f, stop))
			on_unknown(f, stop);
	} else if (!t->group) { /* held: only its end can come, by SIGKILL */
		if (!WIFSTOPPED(stop->status)) {
			tracee_remove(f, t);
			on_unknown(f, stop);
		} else if (stop_event(stop->status) == STOP_EVENT_EXIT) {
			t->first = 0;
			f->ops->order(f->data, &run_out); /* never DETACH, because its end must be reported */
		} else {
			t->first = stop->status;
		}
	} else if (!WIFSTOPPED(stop->status)) {
		on_death(f, t, stop);
	} else {
		doom_ends(f, t);
		ended_by_stop(f, t, stop);
		workers_look_if_due(f, t->group, t->tid, stop->when);
		on_stopped(f, t, stop);
	}
}

bool follow_is_holding(const struct follow *f)
{
	return f->held || f->lost || f->probed || f->doomed;
}

void follow_idle(struct follow *f, uint64_t when)
{
	struct tracee *t, *next;

	HASH_ITER (hh, f->tracees, t, next) {
		if (!t->group)
			t->idles++;
	}
	for (struct lost *lost = f->lost; lost; lost = lost->next)
		lost->idles++;
	held_resolve_all(f, false, when);
	lost_resolve(f, false, when);
	ended_probe(f, false, when);
	doom_idle(f, false, when);
}

void follow_detach(struct follow *f, uint64_t when)
{
	/* A held task stays held: its creator is about to report it, and would announce a task whose first stop is
	 * still to come. */
	f->detaching = true;
	workers_detach(f, when);
	doom_idle(f, true, when);
}

void follow_leave(struct follow *f, uint64_t when)
{
	struct tracee *t, *next;

	HASH_ITER (hh, f->tracees, t, next)
		tracee_part(f, t, when);
}

size_t follow_count(const struct follow *f)
{
	return HASH_COUNT(f->tracees);
}

/* New tasks come last, so each task gets its turn, however many tasks come and go. */
pid_t follow_next(struct follow *f)
{
	f->turn = f->turn ? f->turn : f->tracees;
	if (!f->turn)
		return 0;
	f->turn = f->turn->hh.next ? f->turn->hh.next : f->tracees;
	return f->turn->tid;
}

size_t follow_remembers(const struct follow *f)
{
	size_t count = HASH_COUNT(f->tracees) + HASH_COUNT(f->groups) + HASH_COUNT(f->detached) + HASH_COUNT(f->ended);

	for (const struct lost *lost = f->lost; lost; lost = lost->next)
		count++;
	return count;
}

size_t follow_count_processes(const struct follow *f)
{
	return HASH_COUNT(f->groups);
}

bool follow_knows(const struct follow *f, pid_t tid)
{
	return tracee_find(f, tid);
}

size_t follow_tids(const struct follow *f, pid_t **ret)
{
	struct tracee *t, *next;
	size_t n = 0;

	*ret = mem_zalloc(HASH_COUNT(f->tracees) + 1, sizeof(**ret));
	HASH_ITER (hh, f->tracees, t, next)
		(*ret)[n++] = t->tid;
	return n;
}

void follow_end(struct follow *f, int status, uint64_t when)
{
	struct event *e;

	held_resolve_all(f, true, when);
	lost_resolve(f, true, when);
	ended_finish(f);
	e = event_start(f, EVENT_END, 0, when);
	e->end.status = status;
	event_emit(f);
}
