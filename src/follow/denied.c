/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What the kernel denies a program, or cltrace, because the program is traced: reported once for each process.
 *
 * - A task has at most one tracer, so PTRACE_TRACEME fails in each task that cltrace traces, and so does an attempt to
 *   attach to such a task (kernel/ptrace.c: ptrace_traceme(), ptrace_attach()). Calls without permission fail with
 *   EPERM, too.
 * - Strict seccomp mode is refused to a task that has a filter (kernel/seccomp.c: seccomp_may_assign_mode()):
 *   cltrace's, if there is no other.
 * - The memory of a process that is not dumpable may not be read, even by its tracer (__ptrace_may_access()). */
#include "follow/state.h"

#include <errno.h>

/* <linux/ptrace.h>, <linux/prctl.h>, <linux/seccomp.h> */
#define PTRACE_TRACEME_NR 0
#define PTRACE_ATTACH_NR 16
#define PTRACE_SEIZE_NR 0x4206
#define PR_SET_SECCOMP_NR 22
#define SECCOMP_MODE_STRICT_NR 1
#define SECCOMP_SET_MODE_STRICT_NR 0

/* The note that CALL may cause; NOTE_COUNT: none. */
static enum event_note note_of(const struct request *request)
{
	const uint64_t *args = request->args;

	switch ((int)request->call) {
	case CALL_PTRACE:
		return args[0] == PTRACE_TRACEME_NR || args[0] == PTRACE_ATTACH_NR || args[0] == PTRACE_SEIZE_NR
			       ? NOTE_PTRACE_DENIED
			       : NOTE_COUNT;
	case CALL_PRCTL:
		return (int)args[0] == PR_SET_SECCOMP_NR && args[1] == SECCOMP_MODE_STRICT_NR ? NOTE_STRICT_DENIED
											      : NOTE_COUNT;
	case CALL_SECCOMP: /* which accepts neither flags nor arguments */
		return (unsigned)args[0] == SECCOMP_SET_MODE_STRICT_NR && !(unsigned)args[1] && !args[2]
			       ? NOTE_STRICT_DENIED
			       : NOTE_COUNT;
	default:
		return NOTE_COUNT;
	}
}

static void report_once(struct follow *f, struct group *g, enum event_note code, pid_t tid, int64_t number,
			uint64_t when)
{
	if (g->denied & 1u << code)
		return;
	g->denied |= 1u << code;
	note_report(f, code, tid, number, 0, when);
}

bool denied_may_come(const struct group *g, const struct request *request)
{
	const enum event_note code = note_of(request);

	return code != NOTE_COUNT && !(g->denied & 1u << code);
}

/* Whether only cltrace's filters are in force. If a call stopped because of cltrace's filter, no other filter has
 * refused it, because a refusal takes precedence. */
static bool no_other_filter(struct follow *f, struct stop *stop)
{
	f->ops->gather(f->data, stop, STOP_FILTERS);
	return stop->have & STOP_FILTERS && stop->filters == (f->config.mode == EVENT_MODE_FILTER);
}

/* Whether TARGET, which T tried to trace, is a task that cltrace traces, and T could trace it otherwise. */
static bool is_rival(struct follow *f, const struct tracee *t, pid_t target, struct stop *stop)
{
	const struct tracee *other = tracee_find(f, target);

	if (t->group->foreign_ids || !other || !other->group || other->group == t->group)
		return false;
	stop->beside = target;
	f->ops->gather(f->data, stop, STOP_TRACEABLE);
	return stop->have & STOP_TRACEABLE && stop->traceable;
}

void denied_comes(struct follow *f, struct tracee *t, const struct request *request, struct stop *stop)
{
	const enum event_note code = note_of(request);
	const pid_t target = request->args[0] == PTRACE_TRACEME_NR ? 0 : (pid_t)request->args[1];

	if (code == NOTE_PTRACE_DENIED) {
		if (stop->result != -EPERM || (f->config.mode == EVENT_MODE_CALLS && !no_other_filter(f, stop)) ||
		    (request->args[0] != PTRACE_TRACEME_NR && !is_rival(f, t, target, stop)))
			return;
		report_once(f, t->group, code, t->tid, target, stop->when);
	} else if (code == NOTE_STRICT_DENIED) {
		if (stop->result != -EINVAL || f->config.mode != EVENT_MODE_FILTER || !no_other_filter(f, stop))
			return;
		report_once(f, t->group, code, t->tid, 0, stop->when);
	}
}

void denied_memory(struct follow *f, const struct tracee *t, const struct stop *stop)
{
	if (stop->unreadable)
		report_once(f, t->group, NOTE_UNREADABLE, t->tid, t->group->tgid, stop->when);
}
