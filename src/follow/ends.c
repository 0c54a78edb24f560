/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The ends of tasks and of processes, and the new parents of their children. */
#include "follow/state.h"

#include <errno.h>
#include <signal.h>
#include <sys/wait.h>

#include "abi/abi.h"
#include "clone/flags.h"
#include "event/signal.h"

void on_last_look(struct follow *f, struct group *g, pid_t tid, uint64_t when)
{
	struct stop look = { .tid = tid, .when = when };

	workers_look(f, g, tid, when);
	if (!g->may_have_zombie || g->unreaped_reported)
		return;
	g->unreaped_reported = true;
	f->ops->gather(f->data, &look, STOP_UNREAPED);
	if ((look.have & STOP_UNREAPED) && look.unreaped)
		note_report(f, NOTE_UNREAPED, g->tgid, look.unreaped, 0, when);
}

/* The children of a process that has ended have another parent now: /proc shows which one. */
static void on_orphans(struct follow *f, struct group *g, uint64_t when)
{
	struct group *child;

	while ((child = g->children)) {
		struct stop look = { .tid = child->tgid, .when = when };
		struct event *e;

		group_unlink(child);
		f->ops->gather(f->data, &look, STOP_IDS);
		if (!(look.have & STOP_IDS) || !look.ids.ppid || look.ids.ppid == child->ppid)
			continue;
		e = event_start(f, EVENT_REPARENT, child->tgid, when);
		e->reparent.from = child->ppid;
		e->reparent.to = look.ids.ppid;
		child->ppid = look.ids.ppid;
		group_link(child, group_find(f, child->ppid));
		event_emit(f);
	}
}

static unsigned count_stopped(const struct follow *f)
{
	const struct group *g, *next;
	unsigned stopped = 0;

	HASH_ITER (hh, f->groups, g, next)
		stopped += g->stopped != 0;
	return stopped;
}

static void on_group_end(struct follow *f, struct group *g, uint64_t when)
{
	bool launched = g->launched;

	if (g->parent)
		g->parent->may_have_zombie = true;
	on_orphans(f, g, when);
	group_remove(f, g);
	if (launched && f->tracees && !f->outlived_reported) {
		f->outlived_reported = true;
		note_report(f, NOTE_OUTLIVED, 0, HASH_COUNT(f->tracees), count_stopped(f), when);
	}
}

struct event *end_start(struct follow *f, pid_t tid, int status, const struct forbidden *forbidden, uint64_t when)
{
	struct event *e = event_start(f, EVENT_EXIT, tid, when);

	e->have |= EVENT_HAVE_LEADER;
	e->exit.status = status;
	if (WIFSIGNALED(status) && WTERMSIG(status) == SIGSYS && forbidden->code) {
		e->have |= EVENT_HAVE_FORBIDDEN;
		e->exit.forbidden_by = forbidden->code;
		e->exit.nr = forbidden->nr;
		e->exit.audit_arch = forbidden->audit_arch;
		e->exit.call = "";
	}
	return e;
}

/* Whether T, which ended with STATUS, is known to have ended with its process. */
static bool ends_with_group(const struct tracee *t, int status)
{
	const struct group *g = t->group;

	if (t->tid == g->tgid || g->live == 1 || g->ending || t->ends_group)
		return true;
	return WIFSIGNALED(status) && WTERMSIG(status) != SIGSYS;
}

/* Whether the parent of G, a traced process, ignores SIGCHLD now that G has ended: then the kernel keeps no zombie of G
 * and sends nothing (kernel/signal.c: do_notify_parent()). SA_NOCLDWAIT, which only keeps zombies away, is not in
 * /proc. */
static bool is_ignored(struct follow *f, const struct group *g, uint64_t when)
{
	const int status = SIGCHLD << 8 | 0x7f; /* a stop by SIGCHLD; musl has no W_STOPCODE() */
	struct stop look = { .tid = g->ppid, .status = status, .when = when };

	if (!state_wants(f, WANT_IGNORED) || !g->parent)
		return false;
	f->ops->gather(f->data, &look, STOP_ACTION);
	return look.have & STOP_ACTION && look.action.ignored;
}

static void report_end(struct follow *f, const struct tracee *t, int status, bool with_group, uint64_t when)
{
	const bool ignored = t->tid == t->group->tgid && is_ignored(f, t->group, when);
	struct event *e = end_start(f, t->tid, status, &t->forbidden, when);

	e->exit.with_group = with_group;
	e->exit.sigchld_ignored = ignored;
	e->have |= ignored ? EVENT_HAVE_IGNORED : 0;
	event_emit(f);
}

void on_lost_death(struct follow *f, struct tracee *t, const struct stop *stop)
{
	const bool creating = t->pending && call_is_creation(t->pending->request.call);
	struct group *g = t->group;

	if (g->live == 1) {
		g->ended_as_known = true;
		g->ended_as = stop->status;
		ended_resolve(f, g, ENDED_WITH_GROUP);
	}
	if (t->alone && t->tid != g->tgid)
		report_end(f, t, t->own_status, false, stop->when);
	else if (ends_with_group(t, stop->status))
		report_end(f, t, stop->status, true, stop->when);
	else
		ended_add(f, t, stop);
	if (g->ended && stop->when < g->exec_when)
		ended_resolve_last(f, g, ENDED_BY_EXEC);
	g->taken += t->taken;
	past_creator_add(f, t, stop->when);
	tracee_leave_group(t);
	tracee_remove(f, t);
	if (!g->live)
		on_group_end(f, g, stop->when);
	if (f->held && (creating || f->config.mode == EVENT_MODE_EVENTS))
		held_resolve_all(f, false, stop->when);
}

static struct tracee *find_other(const struct follow *f, const struct group *g, pid_t tid)
{
	struct tracee *t, *next;

	HASH_ITER (hh, f->tracees, t, next) {
		if (t->group == g && t->tid != tid)
			return t;
	}
	return NULL;
}

void on_death(struct follow *f, struct tracee *t, const struct stop *stop)
{
	struct stop other = { .status = stop->status, .when = stop->when };
	struct tracee *found;

	while (t->tid == t->group->tgid && t->group->live > 1 && (found = find_other(f, t->group, t->tid))) {
		other.tid = found->tid;
		on_lost_death(f, found, &other);
	}
	on_lost_death(f, t, stop);
}

/* Whether T, in its call, has created CHILD: a task that has shown itself, or that the kernel lists as our tracee, in
 * the place that follows from the request. */
static bool has_made(struct follow *f, const struct tracee *t, const struct pending *pending, pid_t child)
{
	struct stop look = { .tid = child, .when = pending->when };
	const bool thread = pending->request.have & REQUEST_FLAGS && pending->request.flags & FLAG_THREAD;

	if (tracee_find(f, child) || lost_find(f, child))
		return true;
	f->ops->gather(f->data, &look, STOP_IDS);
	return look.have & STOP_IDS && look.ids.ours && (look.ids.tgid == t->group->tgid) == thread;
}

/* The result register: the child's tid as T sees it, or still -ENOSYS, or the error, or the call's number if SIGSYS
 * kills T. */
void on_exit_in_creation(struct follow *f, struct tracee *t, const struct stop *stop)
{
	struct creation c = {
		.creator = t->tid, .creator_tgid = t->group->tgid, .group = t->group, .when = stop->when
	};
	bool entered = t->pending;
	pid_t child = stop->call.value > 0 ? (pid_t)stop->call.value : 0;

	if (!entered && !child)
		return; /* not a tid, or T is a new task with its creator's registers */
	if (!entered)
		t->pending = pending_of_caller(stop);
	if (!stop->call.value || !t->pending || creation_foreign(&c) || (t->pending->request.flags & FLAG_NEWPID))
		return; /* not known, or a number of another pid namespace: a past creator may explain the child */
	/* Without an entry stop the call may be one reported long ago, or one whose child cltrace cannot see. */
	if (child && (entered || (child != t->announced && !(t->pending->request.flags & FLAG_UNTRACED))) &&
	    has_made(f, t, t->pending, child)) {
		c.pending = t->pending;
		c.duration = entered && state_wants(f, WANT_DURATIONS);
		creation_apply(f, &c, child, t->exit_stop);
	}
	pending_drop(&t->pending);
}

/* T ends by itself, with STATUS as wait(2) gives it. */
static void leaves_alone(struct tracee *t, int status)
{
	if (t->alone)
		return;
	t->alone = true;
	t->own_status = status;
	t->group->leaving++;
}

/* T ends by CALL, if that is exit(2) or exit_group(2). Which tasks exit_group() ends is known only if every task stops
 * at its exit: a thread that has been joined may not have been waited for yet. */
static void on_exit_call(struct follow *f, struct tracee *t, enum call call, const struct stop *stop)
{
	struct group *g = t->group;
	enum event_kind kind;

	if (call == CALL_EXIT_GROUP && !g->ending_reported && state_wants(f, WANT_SIGNALS))
		kind = EVENT_GROUP_EXIT;
	else if (call == CALL_EXIT && t->tid == g->tgid)
		kind = EVENT_LEADER_EXIT;
	else
		kind = EVENT_KIND_COUNT;
	g->ending |= call == CALL_EXIT_GROUP && state_wants(f, WANT_SIGNALS);
	t->ends_group = call == CALL_EXIT_GROUP;
	t->taken = call != CALL_EXIT && call != CALL_EXIT_GROUP;
	g->ending_reported |= kind == EVENT_GROUP_EXIT;
	if (kind != EVENT_KIND_COUNT && g->live + g->taken > (kind == EVENT_GROUP_EXIT ? g->leaving + 1 : 1)) {
		struct event *e = event_start(f, kind, t->tid, stop->when);

		e->exit.status = (int)stop->message;
		e->exit.tasks = kind == EVENT_GROUP_EXIT ? g->live + g->taken - g->leaving : 0;
		event_emit(f);
	}
	if (call == CALL_EXIT)
		leaves_alone(t, (int)stop->message);
}

/* Whether T's process ends with T, which ends by CALL or by a signal. */
static bool ends_group(const struct tracee *t, enum call call, const struct stop *stop)
{
	const struct group *g = t->group;
	const int status = (int)stop->message;

	if (!(stop->have & STOP_MESSAGE))
		return false;
	if (WIFSIGNALED(status) && WTERMSIG(status) != SIGSYS)
		return true;
	return g->ending || call == CALL_EXIT_GROUP || g->live == 1 || g->live == g->leaving;
}

/* T ends by SIGSYS, as STOP shows. If a filter kills at once, no signal is delivered before. The result register then
 * holds the call's number or, if the filter killed one thread of several, still -ENOSYS (kernel/seccomp.c:
 * __seccomp_filter()). The other threads, which end with the caller, have neither, unless they are at the entry of a
 * call that follow knows. */
static void on_forbidden(struct tracee *t, const struct stop *stop)
{
	const int status = (int)stop->message;
	const bool alone = stop->call.value == -ENOSYS && !t->pending;

	if (!WIFSIGNALED(status) || WTERMSIG(status) != SIGSYS || !(stop->have & STOP_CALL))
		return;
	if (!alone && stop->call.value != (int64_t)stop->call.nr)
		return;
	/* An earlier signal for the same call shows what forbids the call: syscall user dispatch leaves the same
	 * registers. */
	if (!t->forbidden.code || t->forbidden.nr != stop->call.nr || t->forbidden.audit_arch != stop->call.audit_arch)
		t->forbidden = (struct forbidden){ .code = SIGNAL_SYS_SECCOMP,
						   .nr = stop->call.nr,
						   .audit_arch = stop->call.audit_arch };
	if (alone)
		leaves_alone(t, status);
}

/* PTRACE_EVENT_EXIT, which tasks have that create others or have a filter of their own. exit(2), unlike exit_group(2),
 * ends only the leader; it then stays as a zombie, and wait() reports it only after the last thread (kernel/exit.c:
 * delay_group_leader()). */
void on_exit_stop(struct follow *f, struct tracee *t, struct stop *stop)
{
	enum call call = CALL_NONE;

	f->ops->gather(f->data, stop, STOP_MESSAGE | STOP_CALL);
	if (stop->have & STOP_CALL) {
		const struct abi *abi = abi_find(stop->call.audit_arch, stop->call.nr);

		call = abi ? abi_call(abi, stop->call.nr) : CALL_NONE;
	}
	if (call_is_creation(call) && (!t->pending || t->pending->request.call == call))
		on_exit_in_creation(f, t, stop);
	if (stop->have & STOP_MESSAGE && WIFEXITED((int)stop->message))
		on_exit_call(f, t, call, stop);
	if (stop->have & STOP_MESSAGE)
		on_forbidden(t, stop);
	if (stop->have & STOP_MESSAGE && WIFEXITED((int)stop->message) && !t->alone)
		ended_at_exit(f, t, stop->when);
	if (ends_group(t, call, stop))
		on_last_look(f, t->group, t->tid, stop->when);
	resume_plain(f, t, 0, stop);
}
