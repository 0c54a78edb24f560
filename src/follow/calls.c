/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Calls that are followed: their entries, their ends, and the facts that can explain a refusal. */
#include "follow/state.h"

#include <errno.h>
#include <stdlib.h>

#include "clone/flags.h"
#include "clone/rules/rules.h"

#define PR_SET_NAME_NR 15 /* <linux/prctl.h> */
#define PR_SET_CHILD_SUBREAPER_NR 36
#define PR_SET_SECCOMP_NR 22
#define SECCOMP_MODE_FILTER_NR 2 /* <linux/seccomp.h> */
#define SECCOMP_SET_MODE_FILTER_NR 1
#define ERESTART_FIRST 512 /* ERESTARTSYS .. ERESTART_RESTARTBLOCK, include/linux/errno.h: seen by tracers only */
#define ERESTART_LAST 516

static bool call_is_followed(const struct pending *p)
{
	switch (p->request.call) {
	case CALL_CLONE:
	case CALL_CLONE3:
	case CALL_FORK:
	case CALL_VFORK:
	case CALL_UNSHARE:
	case CALL_SETNS:
	case CALL_SETSID:
	case CALL_SETPGID:
	case CALL_IO_URING_SETUP:
	case CALL_EXECVE:
	case CALL_EXECVEAT:
		return true;
	case CALL_PRCTL:
		return (int)p->request.args[0] == PR_SET_CHILD_SUBREAPER_NR;
	case CALL_CLOSE_RANGE:
		return p->request.args[2] & REQUEST_CLOSE_UNSHARE;
	case CALL_NONE:
	case CALL_EXIT:
	case CALL_EXIT_GROUP:
	case CALL_PTRACE:
	case CALL_SECCOMP:
	case CALL_KILL:
	case CALL_RT_SIGQUEUEINFO:
	case CALL_PIDFD_SEND_SIGNAL:
	case CALL_COUNT:
		break;
	}
	return false;
}

/* Nothing shows the name when the call returns, so a string that can be read is taken at the entry. */
static void on_naming(struct follow *f, struct tracee *t, struct stop *stop)
{
	struct event *e;

	f->ops->gather(f->data, stop, STOP_NAME);
	denied_memory(f, t, stop);
	if (!(stop->have & STOP_NAME))
		return;
	e = event_start(f, EVENT_NAME, t->tid, stop->when);
	e->have |= EVENT_HAVE_NAME;
	e->name.name = stop->name;
	event_emit(f);
}

/* From now on a filter of the program's own may kill it in a call. */
static bool loads_filter(const struct request *request)
{
	return (request->call == CALL_SECCOMP && (int)request->args[0] == SECCOMP_SET_MODE_FILTER_NR) ||
	       (request->call == CALL_PRCTL && (int)request->args[0] == PR_SET_SECCOMP_NR &&
		(int)request->args[1] == SECCOMP_MODE_FILTER_NR);
}

static void on_call_entry(struct follow *f, struct tracee *t, struct stop *stop)
{
	struct order order = { .how = ORDER_SYSCALL };

	pending_drop(&t->pending);
	if (stop->have & STOP_CALL)
		t->pending = pending_of_caller(stop);
	if (t->pending && state_wants(f, WANT_NAMES) && t->pending->request.call == CALL_PRCTL &&
	    (int)t->pending->request.args[0] == PR_SET_NAME_NR)
		on_naming(f, t, stop);
	if (t->pending && loads_filter(&t->pending->request))
		t->group->filtered = true;
	if (t->pending)
		denied_memory(f, t, stop);
	if (t->pending && !call_is_followed(t->pending) && !doom_may_come(t, &t->pending->request) &&
	    !denied_may_come(t->group, &t->pending->request))
		pending_drop(&t->pending);
	if (!t->pending) {
		resume_plain(f, t, 0, stop);
		return;
	}
	if ((t->pending->request.call == CALL_CLONE || t->pending->request.call == CALL_CLONE3) &&
	    (t->pending->request.flags & FLAG_UNTRACED) && !f->detaching) {
		t->pending->untraced = true;
		order_set_flags(&order, t->pending, false);
	}
	if (call_is_creation(t->pending->request.call))
		order_exit_stop(t, &order);
	resume(f, t, &order, stop);
}

/* Gathers the facts that can explain the refusal of REQUEST, while they still hold. */
static const struct facts *gather_facts(struct follow *f, struct stop *stop, const struct request *request)
{
	if (stop->result >= 0)
		return NULL;
	stop->wanted = (struct stop_wanted){
		.facts = rules_facts(request, (int)-stop->result),
		.namespaces = request_namespaces(request),
		.descriptor = request->call == CALL_SETNS      ? (int)request->args[0]
			      : request->have & REQUEST_CGROUP ? (int)request->cgroup
							       : -1,
	};
	if (stop->wanted.facts)
		f->ops->gather(f->data, stop, STOP_FACTS);
	return stop->have & STOP_FACTS ? stop->facts : NULL;
}

/* Whether P, of G, is reported in another way, or not at all: io_uring by its workers, an exec by its event. cltrace
 * itself looks for the launched program along PATH. */
static bool call_is_unreported(const struct group *g, const struct pending *p, int64_t result)
{
	if (call_is_exec(p->request.call))
		return result >= 0 || (g->launched && !g->exec);
	return p->request.call == CALL_IO_URING_SETUP;
}

static void on_call_done(struct follow *f, struct tracee *t, struct stop *stop, const struct pending *p)
{
	const struct facts *facts;
	struct check_masks said;
	struct event *e;

	if (p->request.call == CALL_IO_URING_SETUP && stop->result >= 0)
		workers_setup(f, t->group, t->tid, stop->when);
	if (call_is_unreported(t->group, p, stop->result))
		return;
	facts = gather_facts(f, stop, &p->request);
	e = event_start(f, EVENT_CALL, t->tid, stop->when);
	if (call_is_creation(p->request.call) && stop->result < 0) {
		e->kind = EVENT_REFUSED;
		e->refused.error = (int)-stop->result;
	} else if (call_is_creation(p->request.call)) {
		return; /* a success whose event came before, or a task that cltrace cannot follow */
	} else {
		e->call.result = stop->result;
		if (stop->result >= 0 && ((p->request.flags & FLAG_NEWPID) ||
					  (p->request.call == CALL_SETNS && (int)p->request.args[1] == 0)))
			t->group->foreign_ids = true;
	}
	e->attempt.request = p->request;
	e->attempt.duration = stop->when - p->when;
	e->attempt.facts = facts;
	if (state_wants(f, WANT_DURATIONS))
		e->have |= EVENT_HAVE_DURATION;
	if (facts)
		e->have |= EVENT_HAVE_FACTS;
	event_emit(f);
	if (stop->result < 0)
		return;
	check_expect(&p->request, &said);
	verify_change(f, t, t->group, &said, stop->when);
	if (p->request.call == CALL_SETNS)
		verify_entered(f, t, &p->request, stop->when);
}

static void on_call_exit(struct follow *f, struct tracee *t, struct stop *stop)
{
	struct order order = { .how = ORDER_CONT };
	bool restart = stop->result <= -ERESTART_FIRST && stop->result >= -ERESTART_LAST;

	bool doomed = false;

	if (t->pending && !restart && call_is_followed(t->pending))
		on_call_done(f, t, stop, t->pending);
	else if (t->pending && denied_may_come(t->group, &t->pending->request))
		denied_comes(f, t, &t->pending->request, stop);
	else if (t->pending)
		doomed = doom_comes(f, t, t->pending, stop);
	if (t->pending && t->pending->untraced)
		order_set_flags(&order, t->pending, true);
	pending_drop(&t->pending);
	if (!doomed)
		resume(f, t, &order, stop);
}

/* A stop of the program's own filter, for a tracer of the program that does not exist: the call fails with ENOSYS, as
 * it does without cltrace (seccomp(2), SECCOMP_RET_TRACE). */
static void on_foreign_filter(struct follow *f, struct tracee *t, struct stop *stop)
{
	struct order order = { .how = ORDER_CONT, .change = ORDER_SKIP_CALL };
	struct pending *p = pending_of_caller(stop);

	stop->result = -ENOSYS;
	if (p && call_is_followed(p))
		on_call_done(f, t, stop, p);
	free(p);
	resume(f, t, &order, stop);
}

void on_seccomp(struct follow *f, struct tracee *t, struct stop *stop)
{
	gather_call(f, stop);
	if ((stop->have & STOP_CALL) && stop->call.seccomp_data != f->config.seccomp_data)
		on_foreign_filter(f, t, stop);
	else
		on_call_entry(f, t, stop);
}

void on_syscall_stop(struct follow *f, struct tracee *t, struct stop *stop)
{
	gather_call(f, stop);
	if (stop->have & STOP_CALL)
		on_call_entry(f, t, stop);
	else if ((stop->have & STOP_RESULT) && stop->result >= -ERRNO_MAX)
		on_call_exit(f, t, stop);
	else
		resume_plain(f, t, 0, stop);
}
