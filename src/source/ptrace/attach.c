/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Seizes running processes. */
#include "source/ptrace/attach.h"

#include <errno.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/diag.h"
#include "base/mem.h"
#include "base/text.h"
#include "source/kernel/hidden.h"
#include "source/kernel/procfs/memory.h"
#include "source/kernel/procfs/stat.h"
#include "source/kernel/procfs/status.h"
#include "source/kernel/procfs/tasks.h"
#include "source/ptrace/attach_list.h"
#include "source/ptrace/seize.h"
#include "source/ptrace/tracer_signals.h"

#define REFUSED_MAX 100 /* tries for a process that refuses: it may change each time */
#define LOOKS_MAX 100	/* at a process that kill(2) finds and /proc lacks */
#define WAITED 20	/* tries that seize() gave up after a while, until a message says so */

/* The status of a process. /proc may lack it for a moment, see hidden_from_us(). */
static int attach_look(pid_t pid, struct proc_status *ret)
{
	int r = proc_status(pid, ret);

	for (unsigned looks = 1; looks < LOOKS_MAX && attach_is_absent(r) && hidden_exists(pid); looks++) {
		sched_yield();
		r = proc_status(pid, ret);
	}
	return r;
}

static bool is_ancestor(pid_t pid)
{
	struct proc_status status;

	for (pid_t at = getpid(); at > 0; at = status.ids.ppid) {
		if (at == pid)
			return true;
		if (proc_status(at, &status) < 0)
			break;
	}
	return false;
}

/* Seizing */

/* A process that executes another program, or ends, changes meanwhile: the caller of exec takes the leader's tid, and
 * the other threads are killed. A task that is dead already refuses to be seized, like a task that cltrace may not
 * trace. */

/* Seizes the leader of TGID, whichever task that is by now. AMONG: other tasks of its process are in the list. 1: it is
 * new there, or is another task; 0: it is seized already; or -errno. */
static int attach_leader(struct attach *attach, pid_t tgid, const struct sys_options *options, bool among,
			 struct proc_status *status)
{
	struct attach_tid *entry = attach_entry(attach, tgid);
	struct follow_attached *task = entry ? &attach->tasks[entry->index] : NULL;
	int r = 0;

	if (proc_status(tgid, status) < 0)
		return -ESRCH;
	if (status->tracer == getpid() && (task ? !task->zombie : !among))
		return 0; /* seized, or traced since its birth */
	if (status->tracer && status->tracer != getpid())
		return -EPERM; /* trying may take as long as the other tracer traces */
	if (!status->tracer)
		r = seize(tgid, options, true);
	if (r < 0 && proc_status(tgid, status) < 0)
		return -ESRCH;
	if (r < 0 && status->tracer != getpid() && (r != -EPERM || status->ids.state != 'Z'))
		return r;
	if (task && task->zombie && r < 0 && status->tracer != getpid())
		return 0; /* it is still a zombie */
	if (!task)
		task = attach_add(attach, tgid, status);
	task->zombie = r < 0 && status->tracer != getpid();
	task->exit_stop = true;
	return 1;
}

/* Seizes a thread of a process whose LEADER's status is known: only their tids differ. 1: seized now; 0: seized
 * already, or it has ended, or it is one of io_uring's WORKERS, which are counted; or -errno. */
static int attach_thread(struct attach *attach, const struct proc_status *leader, pid_t tid,
			 const struct sys_options *options, unsigned *workers)
{
	struct proc_status status = *leader;
	struct follow_attached *task;
	int r;

	if (attach_has(attach, tid))
		return 0;
	if (proc_is_worker(leader->ids.tgid, tid)) {
		(*workers)++;
		return 0;
	}
	r = seize(tid, options, options->exit_stop);
	if (r == -ESRCH || ((r < 0 || leader->ids.depth > 1) && proc_status(tid, &status) < 0))
		return 0;
	if (r == -EPERM && (status.tracer == getpid() || strchr("ZX", status.ids.state)))
		return 0; /* traced since its birth, or dead */
	if (r < 0 && status.tracer != getpid())
		return r;
	task = attach_add(attach, tid, &status);
	task->exit_stop = options->exit_stop;
	return 1;
}

/* What a round has found. */
struct round {
	bool changed;
	unsigned workers;
};

/* Seizes all tasks of the process TGID that are listed now. Its tasks are in the list from FIRST on. */
static int attach_round(struct attach *attach, pid_t tgid, const struct sys_options *options, size_t first,
			struct round *ret)
{
	struct proc_status leader;
	pid_t *tids = NULL;
	int r = attach_leader(attach, tgid, options, attach->count > first, &leader), error = 0;
	ssize_t n = r < 0 ? r : proc_tasks(tgid, &tids);

	*ret = (struct round){ .changed = r > 0 };
	for (ssize_t i = 0; i < n && error != -EAGAIN; i++) {
		r = tids[i] == tgid ? 0 : attach_thread(attach, &leader, tids[i], options, &ret->workers);
		ret->changed |= r > 0;
		error = r < 0 ? r : error;
	}
	free(tids);
	return n < 0 ? (int)n : error;
}

/* Lets those tasks of the list from FIRST on end that have been killed, because an exec waits for them (seize.h). */
static void attach_reap(struct attach *attach, size_t first)
{
	static const int exit_stop = SIGTRAP | STOP_EVENT_EXIT << 8;

	for (size_t i = first; i < attach->count; i++) {
		const pid_t tid = attach->tasks[i].tid;
		siginfo_t info = { 0 };

		if (waitid(P_PID, (id_t)tid, &info, WEXITED | WSTOPPED | WNOHANG | WNOWAIT | __WALL) < 0 ||
		    !info.si_pid)
			continue;
		if (info.si_code != CLD_TRAPPED)
			waitpid(tid, NULL, WNOHANG | __WALL);
		else if (info.si_status == exit_stop)
			sys_order(&(struct order){ .tid = tid, .how = ORDER_CONT }, NULL);
	}
}

/* Removes those tasks of the list from FIRST on whose tids do not exist any more. (A list of many tasks can lack some
 * if others end meanwhile.) */
static void attach_sift(struct attach *attach, size_t first, pid_t tgid)
{
	const size_t count = attach->count;
	pid_t *tids = NULL;
	ssize_t n = proc_tasks(tgid, &tids);
	bool *seen = n > 0 ? mem_zalloc(count, sizeof(*seen)) : NULL;

	for (ssize_t i = 0; i < n; i++) {
		const struct attach_tid *entry = attach_entry(attach, tids[i]);

		if (entry)
			seen[entry->index] = true;
	}
	for (size_t i = count; seen && i-- > first;) {
		if (!seen[i] && !proc_has_thread(tgid, attach->tasks[i].tid))
			attach_drop(attach, i);
	}
	free(seen);
	free(tids);
}

/* Whether none of the tasks from FIRST on was seized. */
static bool attach_is_empty(const struct attach *attach, size_t first)
{
	return attach->count == first || (attach->count == first + 1 && attach->tasks[first].zombie);
}

/* The leader's line has the number of threads and the command, known once all are seized. */
static void attach_describe(struct attach *attach, size_t first, pid_t tgid)
{
	struct text command = TEXT_INIT;

	for (size_t i = first; i < attach->count; i++) {
		struct follow_attached *task = &attach->tasks[i];

		if (task->tgid != tgid || (i > first && task->tid != tgid))
			continue;
		task->nlwp = (unsigned)(attach->count - first) - task->zombie;
		if (!proc_command(&command, tgid, NULL, &task->command_cut))
			task->command = mem_strdup(text_get(&command));
		break;
	}
	text_done(&command);
}

/* Seizes all tasks of the process TGID. Returns how many were seized, or -errno if none was; -EINTR: cltrace is to end.
 */
static ssize_t attach_tasks(struct attach *attach, pid_t tgid, const struct sys_options *options)
{
	size_t first = attach->count;
	unsigned refused = 0, waited = 0;
	struct round round;
	int r = 0;

	for (int quiet = 0; quiet < 2;) {
		r = attach_round(attach, tgid, options, first, &round);
		quiet = round.changed || r == -EAGAIN ? 0 : quiet + 1;
		if (r == -EAGAIN) {
			attach_reap(attach, first);
			if (signals_end_pending())
				return -EINTR;
			if (++waited == WAITED)
				diag("waiting for %d, which is executing another program", (int)tgid);
		} else if (attach_is_absent(r) && !hidden_exists(tgid)) {
			r = -ESRCH;
			break;
		} else if (r < 0 && (attach_is_absent(r) || attach_is_empty(attach, first)) &&
			   ++refused < REFUSED_MAX) {
			quiet = 0;
			sched_yield();
		}
	}
	attach_sift(attach, first, tgid);
	if (attach->count == first)
		return r;
	if (attach_is_empty(attach, first)) { /* a zombie leader without a living thread */
		attach_drop(attach, first);
		return r < 0 ? r : -EPERM;
	}
	attach_describe(attach, first, tgid);
	attach->tasks[first].workers = round.workers;
	return (ssize_t)(attach->count - first);
}

/* Seizes the children of the process TGID, their children, and so on. A child that cannot be seized (another user's) is
 * skipped, and so are new children, which are traced already. */
static void attach_descendants(struct attach *attach, pid_t tgid, const struct sys_options *options)
{
	struct proc_status status;
	pid_t *children = NULL;
	ssize_t n = proc_children(tgid, &children);

	for (ssize_t i = 0; i < n; i++) {
		if (attach_has(attach, children[i]) || children[i] == getpid() ||
		    attach_look(children[i], &status) < 0 || status.tracer == getpid())
			continue;
		if (attach_tasks(attach, children[i], options) > 0)
			attach_descendants(attach, children[i], options);
	}
	free(children);
}

int attach_process(struct attach *attach, pid_t pid, bool descendants, const struct sys_options *options,
		   char **ret_why)
{
	struct proc_status status;
	ssize_t n;

	if (attach_look(pid, &status) < 0) {
		*ret_why = attach_explain(pid, ESRCH, NULL);
		return -ESRCH;
	}
	if (is_ancestor(status.ids.tgid)) {
		struct text why = TEXT_INIT;

		text_addf(&why, "cannot attach to %d: it is %s; run cltrace from another terminal", (int)pid,
			  status.ids.tgid == getpid() ? "cltrace itself"
						      : "an ancestor of this cltrace, which would wait for itself");
		*ret_why = mem_strdup(text_get(&why));
		text_done(&why);
		return -EPERM;
	}
	seize_begin();
	n = attach_has(attach, status.ids.tgid) ? 1 : attach_tasks(attach, status.ids.tgid, options);
	if (n >= 0 && descendants)
		attach_descendants(attach, status.ids.tgid, options);
	seize_end();
	if (n >= 0)
		return 0;
	if (n == -EPERM && attach_look(status.ids.tgid, &status) < 0)
		n = -ESRCH;
	*ret_why = attach_explain(pid, (int)-n, &status);
	return (int)n;
}
