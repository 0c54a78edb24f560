/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Seizes running processes. */
#include "source/ptrace/attach.h"

#include <errno.h>
#include <linux/kcmp.h>
#include <pwd.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>
#include <uthash.h>

#include "base/diag.h"
#include "base/mem.h"
#include "base/text.h"
#include "clone/flags.h"
#include "source/kernel/hidden.h"
#include "source/kernel/kcmp.h"
#include "source/kernel/procfs.h"
#include "source/ptrace/seize.h"
#include "source/ptrace/tracer_signals.h"

#define REFUSED_MAX 100 /* tries of a process that refuses: it may change each time */
#define LOOKS_MAX 100	/* at a process that kill(2) finds and /proc lacks */
#define WAITED 20	/* tries that seize() gave up after a while, until it is said */

struct attach_tid {
	pid_t tid;
	size_t index; /* in the list */
	bool parent;  /* of a process that is in the list, too */
	UT_hash_handle hh;
};

static struct attach_tid *attach_entry(const struct attach *attach, pid_t tid)
{
	struct attach_tid *entry;

	HASH_FIND_INT(attach->tids, &tid, entry);
	return entry;
}

static bool attach_has(const struct attach *attach, pid_t tid)
{
	return attach_entry(attach, tid);
}

static struct follow_attached *attach_add(struct attach *attach, pid_t tid, const struct proc_status *status)
{
	struct attach_tid *entry = mem_zalloc(1, sizeof(*entry));
	struct follow_attached *task;

	entry->tid = tid;
	entry->index = attach->count;
	HASH_ADD_INT(attach->tids, tid, entry);

	if (attach->count == attach->size) {
		attach->size = attach->size ? attach->size * 2 : 16;
		attach->tasks = mem_resize(attach->tasks, attach->size, sizeof(*attach->tasks));
	}
	task = &attach->tasks[attach->count++];
	*task = (struct follow_attached){ .tid = tid,
					  .tgid = status->ids.tgid,
					  .has_uid = true,
					  .uid = status->euid,
					  .ppid = status->ids.ppid,
					  .nspid = status->ids.depth > 1 ? status->ids.nspid : 0,
					  .all = status->ids.all };
	return task;
}

/* Takes the task INDEX back. */
static void attach_drop(struct attach *attach, size_t index)
{
	struct attach_tid *entry = attach_entry(attach, attach->tasks[index].tid);

	HASH_DEL(attach->tids, entry);
	free(entry);
	attach->count--;
	memmove(&attach->tasks[index], &attach->tasks[index + 1], (attach->count - index) * sizeof(*attach->tasks));
	for (size_t i = index; i < attach->count; i++)
		attach_entry(attach, attach->tasks[i].tid)->index = i;
}

void attach_done(struct attach *attach)
{
	struct attach_tid *entry, *next;

	HASH_ITER (hh, attach->tids, entry, next) {
		HASH_DEL(attach->tids, entry);
		free(entry);
	}
	for (size_t i = 0; i < attach->count; i++)
		free((char *)attach->tasks[i].command);
	free(attach->tasks);
	*attach = (struct attach){ 0 };
}

/* Whether ERROR says that a process, or its entry in /proc, was not found. */
static bool is_absent(int error)
{
	return error == -ENOENT || error == -ESRCH;
}

/* The status of a process. /proc may lack it for a moment, see hidden_from_us(). */
static int attach_look(pid_t pid, struct proc_status *ret)
{
	int r = proc_status(pid, ret);

	for (unsigned looks = 1; looks < LOOKS_MAX && is_absent(r) && hidden_exists(pid); looks++) {
		sched_yield();
		r = proc_status(pid, ret);
	}
	return r;
}

/* Why a refusal */

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

static int yama_scope(void)
{
	FILE *file = fopen("/proc/sys/kernel/yama/ptrace_scope", "re");
	int scope = 0;

	if (!file)
		return 0;
	if (fscanf(file, "%d", &scope) != 1)
		scope = 0;
	fclose(file);
	return scope;
}

static void why_tracer(struct text *why, pid_t tracer)
{
	struct proc_status status;

	text_addf(why, "it is already traced by process %d", (int)tracer);
	if (!proc_status(tracer, &status))
		text_addf(why, " (%s)", status.name);
	text_add(why, "; a task has one tracer: end that one first");
}

/* Whether UID is what the kernel shows for users that have no number in our user namespace: where all have one, it is a
 * user's own. */
static bool is_unknown_user(uid_t uid)
{
	FILE *file = fopen("/proc/sys/kernel/overflowuid", "re"), *map = fopen("/proc/self/uid_map", "re");
	unsigned overflow, first = 1, outer, count;
	bool unknown = file && map && fscanf(file, "%u", &overflow) == 1 && overflow == uid;

	if (unknown && fscanf(map, "%u %u %u", &first, &outer, &count) == 3)
		unknown = first || count <= uid;
	if (file)
		fclose(file);
	if (map)
		fclose(map);
	return unknown;
}

static void why_user(struct text *why, uid_t uid)
{
	struct passwd *pw = getpwuid(uid);

	if (is_unknown_user(uid))
		text_add(why, "it belongs to a user of another user namespace, for example outside of this container; "
			      "run cltrace in that namespace");
	else if (pw)
		text_addf(why, "it belongs to user %s; run cltrace as that user or as root", pw->pw_name);
	else
		text_addf(why, "it belongs to user id %u; run cltrace as that user or as root", (unsigned)uid);
}

static void why_root(struct text *why, uid_t uid)
{
	if (is_unknown_user(uid))
		why_user(why, uid);
	else if (!hidden_may_trace())
		text_add(why, "cltrace is root here without the capability CAP_SYS_PTRACE, as in a container; give the "
			      "container this capability, or run cltrace outside");
	else
		text_add(why,
			 "the kernel refuses even root: a security module (LSM) denies it, or the process has more "
			 "capabilities than this container; allow it, or run cltrace outside");
}

static void why_permission(struct text *why, const struct proc_status *status)
{
	int scope = yama_scope();

	if (status->tracer) {
		why_tracer(why, status->tracer);
	} else if (geteuid() != 0 && (status->uid != getuid() || is_unknown_user(status->uid))) {
		why_user(why, status->uid);
	} else if (scope == 3) {
		text_add(why, "kernel.yama.ptrace_scope is 3: nobody may attach until the machine is started again; "
			      "launch the program with 'cltrace PROGRAM' instead");
	} else if (scope > 0 && geteuid() != 0) {
		text_addf(why,
			  "kernel.yama.ptrace_scope is %d: only %s may attach; run cltrace as root, launch the program "
			  "with 'cltrace PROGRAM', or set it to 0",
			  scope, scope == 1 ? "an ancestor, or root," : "root");
	} else if (geteuid() != 0) {
		text_add(why,
			 "it runs with more privileges than you (a set-user-ID program, or one that is not dumpable), "
			 "or a security module refuses; run cltrace as root");
	} else {
		why_root(why, status->uid);
	}
}

static void why_changes(struct text *why)
{
	text_add(why, "it changed each time that cltrace looked at it; it probably executes one program after another, "
		      "so try again");
}

/* It is not in /proc. */
static void why_absent(struct text *why, pid_t pid)
{
	if (!hidden_exists(pid))
		text_add(why, "there is no such process; see 'ps -e' for those that exist");
	else if (!hidden_from_us(pid))
		why_changes(why);
	else if (geteuid() == 0)
		text_add(why,
			 "it is there, but /proc does not show it (see hidepid in proc(5)), because cltrace is root "
			 "here without the capability CAP_SYS_PTRACE; run cltrace outside of this container");
	else
		text_add(why, "it is there, but /proc does not show it to you (see hidepid in proc(5)), because it "
			      "belongs to another user or has more privileges; run cltrace as root");
}

/* Says in one line why PID could not be seized. STATUS: NULL when it could not be read. */
static char *attach_why(pid_t pid, int error, const struct proc_status *status)
{
	struct text why = TEXT_INIT;
	char *line;

	text_addf(&why, "cannot attach to %d: ", (int)pid);
	if (!proc_is_ours())
		text_add(&why, "/proc is missing or of another pid namespace; mount it: 'mount -t proc proc /proc', or "
			       "'unshare --mount-proc'");
	else if (!status)
		why_absent(&why, pid);
	else if (error == EINTR)
		text_add(&why, "it was executing another program, and cltrace was asked to end");
	else if (is_absent(-error) && hidden_exists(pid))
		why_changes(&why);
	else if (is_absent(-error))
		text_addf(&why, "'%s' has ended meanwhile", status->name);
	else if (status->kernel)
		text_addf(&why, "'%s' is a kernel thread, which has no program to trace", status->name);
	else if (status->ids.state == 'Z' || status->ids.state == 'X')
		text_addf(&why, "'%s' has ended already and is a zombie; its parent %d has not waited for it yet",
			  status->name, (int)status->ids.ppid);
	else if (error == EPERM)
		why_permission(&why, status);
	else
		text_add(&why, strerror(error));
	line = mem_strdup(text_get(&why));
	text_done(&why);
	return line;
}

/* Seizing */

/* A process that executes another program, or ends, changes meanwhile: the caller of exec takes the leader's tid, and
 * the other threads are killed. A task that is dead already refuses to be seized, as one does that is not ours. */

/* The leader of TGID, whoever that is by now. AMONG: other tasks of its process are in the list. 1: it is new there, or
 * is another task; 0: it is seized already; or -errno. */
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
		return -EPERM; /* to try may take as long as the other tracer traces */
	if (!status->tracer)
		r = seize(tgid, options, true);
	if (r < 0 && proc_status(tgid, status) < 0)
		return -ESRCH;
	if (r < 0 && status->tracer != getpid() && (r != -EPERM || status->ids.state != 'Z'))
		return r;
	if (task && task->zombie && r < 0 && status->tracer != getpid())
		return 0; /* it still is one */
	if (!task)
		task = attach_add(attach, tgid, status);
	task->zombie = r < 0 && status->tracer != getpid();
	task->exit_stop = true;
	return 1;
}

/* A thread of a process whose LEADER's status is known: they differ in their own tids alone. 1: seized now, 0: was
 * there already, or has ended, or is one of io_uring's WORKERS, which are counted; or -errno. */
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

/* What a round has seen. */
struct round {
	bool changed;
	unsigned workers;
};

/* All tasks of the process TGID that are to be seen at the moment. Its own are in the list from FIRST on. */
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

/* Lets the tasks of the list from FIRST on end that have been killed: an exec waits for them (seize.h). */
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

/* Takes those of the list from FIRST on back that are not there any more, under their tids. (A list of many tasks may
 * lack some when others end meanwhile.) */
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

/* Whether none was seized of those from FIRST on. */
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
		if (!proc_command(&command, tgid, &task->command_cut))
			task->command = mem_strdup(text_get(&command));
		break;
	}
	text_done(&command);
}

/* All tasks of the process TGID. Returns how many were seized, or -errno when none was; -EINTR: we are to end. */
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
		} else if (is_absent(r) && !hidden_exists(tgid)) {
			r = -ESRCH;
			break;
		} else if (r < 0 && (is_absent(r) || attach_is_empty(attach, first)) && ++refused < REFUSED_MAX) {
			quiet = 0;
			sched_yield();
		}
	}
	attach_sift(attach, first, tgid);
	if (attach->count == first)
		return r;
	if (attach_is_empty(attach, first)) { /* a zombie leader that no thread lives behind */
		attach_drop(attach, first);
		return r < 0 ? r : -EPERM;
	}
	attach_describe(attach, first, tgid);
	attach->tasks[first].workers = round.workers;
	return (ssize_t)(attach->count - first);
}

/* The children of the process TGID, theirs, and so on. A child that cannot be seized (another user's) is passed over,
 * as are those born since, which are traced already. */
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

/* What made them */

/* The memory is the first thing that an ending task gives back, of all that kcmp(2) compares (kernel/exit.c:
 * do_exit()). After that the task has no memory, as kcmp_has() shows. */
static bool is_ending(const struct kcmp *kcmp, pid_t tid)
{
	const int has = kcmp_has(kcmp, tid, KCMP_VM);

	return has < 0 ? proc_is_ending(tid) : !has;
}

/* The flags with which TID, or its creator, was created to share things with OTHER. Those in KNOWN are known to be
 * shared. */
static uint64_t shared_flags(const struct kcmp *kcmp, pid_t tid, pid_t other, uint64_t known)
{
	static const struct {
		int type;
		bool optional; /* a task may have none, which kcmp(2) calls the same */
		uint64_t flag;
	} rows[] = {
		{ KCMP_VM, false, FLAG_VM },	      { KCMP_FILES, false, FLAG_FILES },
		{ KCMP_FS, false, FLAG_FS },	      { KCMP_SIGHAND, false, FLAG_SIGHAND },
		{ KCMP_SYSVSEM, true, FLAG_SYSVSEM }, { KCMP_IO, true, FLAG_IO },
	};
	uint64_t flags = 0;

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		int order;

		if (!(known & rows[i].flag) && !kcmp_order(tid, other, rows[i].type, &order) && !order &&
		    (!rows[i].optional || kcmp_has(kcmp, tid, rows[i].type) == 1))
			flags |= rows[i].flag;
	}
	return flags && (is_ending(kcmp, tid) || is_ending(kcmp, other)) ? 0 : flags;
}

static void infer_flags(const struct attach *attach, const struct kcmp *kcmp, struct follow_attached *task)
{
	const bool thread = task->tid != task->tgid;
	struct attach_tid *entry = attach_entry(attach, thread ? task->tgid : task->ppid);
	const struct follow_attached *beside = entry ? &attach->tasks[entry->index] : NULL;

	if (entry && !thread)
		entry->parent = true;
	if (thread) /* clone(2): THREAD needs SIGHAND, and that VM */
		task->inferred = FLAG_THREAD | FLAG_SIGHAND | FLAG_VM;
	if (beside && !beside->zombie && !task->zombie)
		task->inferred |= shared_flags(kcmp, task->tid, beside->tid, task->inferred);
}

/* The children of each task of TASK's process that were seized are its. */
static void infer_children(struct attach *attach, const struct follow_attached *task)
{
	pid_t *children = NULL;
	const ssize_t n = proc_task_children(task->tgid, task->tid, &children);

	for (ssize_t i = 0; i < n; i++) {
		const struct attach_tid *child = attach_entry(attach, children[i]);

		if (child)
			attach->tasks[child->index].creator = task->tid;
	}
	free(children);
}

void attach_infer(struct attach *attach)
{
	struct kcmp *kcmp = attach->count > 1 && proc_is_ours() ? kcmp_new() : NULL;

	for (size_t i = 0; kcmp && i < attach->count; i++)
		infer_flags(attach, kcmp, &attach->tasks[i]);
	for (size_t i = 0; kcmp && i < attach->count; i++) {
		const struct attach_tid *leader = attach_entry(attach, attach->tasks[i].tgid);

		if (leader && leader->parent)
			infer_children(attach, &attach->tasks[i]);
	}
	kcmp_free(kcmp);
}

int attach_process(struct attach *attach, pid_t pid, bool descendants, const struct sys_options *options,
		   char **ret_why)
{
	struct proc_status status;
	ssize_t n;

	if (attach_look(pid, &status) < 0) {
		*ret_why = attach_why(pid, ESRCH, NULL);
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
	*ret_why = attach_why(pid, (int)-n, &status);
	return (int)n;
}
