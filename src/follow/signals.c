/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Signals on their way to a task, group stops and their ends, and the first stop of a new task. */
#include "follow/state.h"

#include <signal.h>
#include <sys/wait.h>

#include "event/signal.h"

#define FAULTS_MAX 200 /* after so many faults in a row, an init that does not die of them is killed */

/* An init of a pid namespace is immune to signals from within the namespace and, while it is traced, to its own faults
 * (kernel/signal.c: sig_task_ignored(), force_sig_info_to_task()). While it is traced, such a signal would stop it, and
 * a fault would come again for ever. */

/* Whether STOP's signal was sent by a task of the receiver's pid namespace, or of one below: otherwise the kernel hides
 * the sender (kernel/signal.c: send_signal_locked()). */
static bool is_from_within(const struct stop *stop)
{
	switch (signal_origin(WSTOPSIG(stop->status), stop->siginfo.code)) {
	case SIGNAL_KILL:
	case SIGNAL_TGKILL:
	case SIGNAL_QUEUE:
		return stop->siginfo.sender;
	case SIGNAL_TIMER:
	case SIGNAL_MESSAGE:
	case SIGNAL_IO:
	case SIGNAL_FAULT:
	case SIGNAL_SYSCALL:
	case SIGNAL_CHILD:
	case SIGNAL_KERNEL:
	case SIGNAL_OTHER:
		break;
	}
	return false;
}

/* Whether an instruction or a call of the task itself has caused STOP's signal, which ends the process unless it has a
 * handler. */
static bool is_forced(const struct stop *stop)
{
	return signal_is_fault(WSTOPSIG(stop->status)) && stop->siginfo.code > 0;
}

/* A fault that is to end T's process: the kernel makes the init mortal if T is not traced when it faults. If cltrace is
 * quick enough, the signal of such a fault stops T again, and then the signal ends the process; else it has no effect.
 */
static void on_init_fault(struct follow *f, struct tracee *t, int signo, const struct stop *stop)
{
	struct order order = { .how = ORDER_CONT, .signal = signo };

	if (++t->faults % 2)
		order.how = ORDER_FAULT_UNTRACED;
	if (t->faults == FAULTS_MAX) {
		note_report(f, NOTE_SIGNAL_REPEATS, t->tid, signo, t->faults, stop->when);
		order = (struct order){ .how = ORDER_CONT, .signal = SIGKILL };
	}
	resume(f, t, &order, stop);
}

/* T is a task of an init. True: SIGNO has been handled. */
static bool on_init_signal(struct follow *f, struct tracee *t, int signo, struct stop *stop)
{
	if (signo != SIGSTOP && !signal_is_fault(signo))
		return false;
	f->ops->gather(f->data, stop, STOP_SIGINFO | STOP_ACTION);
	if (!(stop->have & STOP_SIGINFO) || !(stop->have & STOP_ACTION))
		return false;
	if (signo == SIGSTOP && is_from_within(stop)) {
		resume_plain(f, t, 0, stop);
		return true;
	}
	if (!is_forced(stop) || stop->action.caught)
		return false;
	on_init_fault(f, t, signo, stop);
	return true;
}

/* --signals: what is known of the signal that is about to be delivered. */
static void report_signal(struct follow *f, struct tracee *t, int signo, struct stop *stop)
{
	bool write = signal_write_error(signo);
	struct event *e;

	f->ops->gather(f->data, stop, STOP_SIGINFO | STOP_ACTION | STOP_IDS | (write ? STOP_CALL : 0));
	e = event_start(f, EVENT_SIGNAL, t->tid, stop->when);
	e->signal.signo = signo;
	if (stop->have & STOP_SIGINFO) {
		e->have |= EVENT_HAVE_SIGINFO;
		e->signal.code = stop->siginfo.code;
		e->signal.sender = stop->siginfo.sender;
		e->signal.value = stop->siginfo.value;
		e->signal.inside = stop->have & STOP_IDS ? stop->ids.depth > 1 : t->group->foreign_ids;
	}
	if (write && stop->have & STOP_CALL && stop->call.value < 0 && stop->call.value >= -ERRNO_MAX)
		e->signal.error = (int)-stop->call.value;
	if (stop->have & STOP_ACTION) {
		e->have |= EVENT_HAVE_ACTION;
		e->signal.caught = stop->action.caught;
		e->signal.ignored = stop->action.ignored;
	}
	event_emit(f);
}

/* SIGSYS: which call is forbidden. A filter can also kill at once, which only a stop at the exit shows. */
static void on_sys(struct follow *f, struct tracee *t, struct stop *stop)
{
	f->ops->gather(f->data, stop, STOP_SIGINFO);
	t->forbidden = (struct forbidden){ 0 };
	if (!(stop->have & STOP_SIGINFO) || signal_origin(SIGSYS, stop->siginfo.code) != SIGNAL_SYSCALL)
		return;
	t->forbidden = (struct forbidden){ .code = stop->siginfo.code,
					   .nr = stop->siginfo.value,
					   .audit_arch = stop->siginfo.arch };
	t->group->filtered |= stop->siginfo.code == SIGNAL_SYS_SECCOMP;
}

void on_signal(struct follow *f, struct tracee *t, int signo, struct stop *stop)
{
	if (signo == SIGSYS)
		on_sys(f, t, stop);
	if (state_wants(f, WANT_SIGNALS) && !t->faults)
		report_signal(f, t, signo, stop);
	if (!t->group->init || !on_init_signal(f, t, signo, stop)) {
		t->faults = 0;
		resume_plain(f, t, signo, stop);
	}
}

static void group_event(struct follow *f, struct tracee *t, enum event_kind kind, int signo, uint64_t when)
{
	struct event *e = event_start(f, kind, t->group->tgid, when);

	e->signal.signo = signo;
	t->group->stopped = kind == EVENT_GROUP_STOP ? signo : 0;
	event_emit(f);
}

/* A thread's part in a group stop. Reports come in any order, and SIGCONT can come before some of them. A report of a
 * thread that has not yet reported the last stop belongs to the last stop, and only threads that reported a stop can
 * report its end. */
static void on_group_stop(struct follow *f, struct tracee *t, int signo, uint64_t when)
{
	struct group *g = t->group;

	if (!g->stopped && t->stop == g->stops) {
		g->stops++;
		group_event(f, t, EVENT_GROUP_STOP, signo, when);
	}
	t->stop = g->stops;
}

void on_trap(struct follow *f, struct tracee *t, const struct stop *stop)
{
	int signo = WSTOPSIG(stop->status);
	bool group_stop = signo == SIGSTOP || signo == SIGTSTP || signo == SIGTTIN || signo == SIGTTOU;
	struct order listen = { .how = ORDER_LISTEN };
	bool first = !t->seen;

	t->seen = true;
	if (group_stop)
		on_group_stop(f, t, signo, stop->when);
	else if (t->listening && t->group->stopped && t->stop == t->group->stops && !f->detaching)
		group_event(f, t, EVENT_GROUP_CONT, SIGCONT, stop->when);
	t->listening = group_stop;
	if (first)
		resume_first(f, t, group_stop ? ORDER_LISTEN : ORDER_CONT, stop);
	else if (group_stop)
		resume(f, t, &listen, stop);
	else
		resume_plain(f, t, 0, stop);
}

void on_first(struct follow *f, struct tracee *t, const struct stop *stop)
{
	if (stop_event(stop->status) == STOP_EVENT_STOP) {
		on_trap(f, t, stop);
		return;
	}
	t->seen = true;
	resume_first(f, t, ORDER_CONT, stop);
}
