/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Reads /proc, and asks kcmp(2), about every task.
 *
 * A tid can be used again between two readings. So the start of each task is read first and last, and a task is left
 * out if its start has changed or it is ending. */
#include "source/snapshot/scan.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/mem.h"
#include "base/text.h"
#include "snapshot/sharing.h"
#include "source/kernel/crew.h"
#include "source/kernel/hidden.h"
#include "source/kernel/kcmp.h"
#include "source/kernel/procfs/memory.h"
#include "source/kernel/procfs/ns.h"
#include "source/kernel/procfs/path.h"
#include "source/kernel/procfs/stat.h"
#include "source/kernel/procfs/status.h"
#include "source/kernel/procfs/tasks.h"

#define TRIES 100 /* how often to look at a process that changes each time */

static void take_stat(struct snap_task *task, const struct proc_stat *line)
{
	task->state = line->state;
	task->ppid = line->ppid;
	task->nlwp = line->nlwp;
	task->nice = line->nice;
	task->priority = line->priority;
	task->policy = line->policy;
	task->start = line->start;
	task->kernel = line->flags & PF_KTHREAD;
	task->worker = line->flags & PF_IO_WORKER && !task->kernel;
}

/* TASK is gone if its tid belongs to another task now, or if it has begun to end. A zombie is gone if it is not a
 * zombie any more. */
static void check_gone(struct snap_task *task)
{
	struct proc_stat line;

	if (proc_stat(task->tgid, task->tid, &line) < 0 || line.start != task->start)
		task->gone = true;
	else if (task->state == 'Z' ? line.state != 'Z' : (line.flags & PF_EXITING) != 0)
		task->gone = true;
}

static char *copy_line(const char *line)
{
	const size_t length = strcspn(line, "\n");
	char *copy = mem_alloc(length + 1);

	memcpy(copy, line, length);
	copy[length] = '\0';
	return copy;
}

static int read_status(struct snap_task *task)
{
	char text[PROC_STATUS_SIZE];
	struct proc_status status;
	const int r = proc_thread_status(task->tgid, task->tid, text, &status);

	if (r < 0)
		return r;
	snprintf(task->name, sizeof(task->name), "%s", status.name);
	task->uid = status.uids[ID_EFFECTIVE];
	task->nspid = status.ids.nspid;
	task->capabilities = status.effective;
	if (status.cpus)
		task->cpus = copy_line(status.cpus);
	return 0;
}

static void read_command(struct snap_task *task)
{
	struct text command = TEXT_INIT;

	if (proc_command(&command, task->tgid, task->name, &task->command_cut) < 0)
		text_addf(&command, "[%s]", task->name);
	task->command = mem_strdup(text_get(&command));
	text_done(&command);
}

static void read_namespaces(struct snap_task *task)
{
	uint64_t ns[NAMESPACE_COUNT] = { 0 };

	proc_ns_links(task->tgid, task->tid, (1U << NAMESPACE_KINDS) - 1, ns);
	memcpy(task->ns, ns, sizeof(task->ns));
}

static void read_task(struct snap_task *task)
{
	if (read_status(task) < 0) {
		task->gone = true;
		return;
	}
	read_namespaces(task);
	if (task->tid == task->tgid)
		read_command(task);
}

/* ---- the list ---- */

/* Processes, or tasks, in one part of the crew's work: so few that all threads have work until the end. */
#define PART 64

struct numbers {
	pid_t *list;
	size_t count;
};

static void list_tasks(struct snapshot *snapshot, pid_t tgid)
{
	pid_t *tids = NULL;
	const ssize_t count = proc_tasks(tgid, &tids);

	for (ssize_t i = 0; i < count; i++) {
		struct snap_task *task;
		struct proc_stat line;

		if (tids[i] == tgid) /* the leader was looked at already */
			continue;
		task = snapshot_add(snapshot, tgid, tids[i]);
		if (proc_stat(task->tgid, task->tid, &line) < 0)
			task->gone = true;
		else
			take_stat(task, &line);
	}
	free(tids);
}

/* Most processes have one task: the list of tasks is for the others. */
static void list_process(struct snapshot *snapshot, pid_t tgid)
{
	struct snap_task *task = snapshot_add(snapshot, tgid, tgid);
	struct proc_stat line;

	if (proc_stat(task->tgid, task->tid, &line) < 0 ||
	    (!line.nlwp && line.state != 'Z')) { /* the kernel is removing it */
		task->gone = true;
		return;
	}
	if (tgid == getpid()) { /* this is cltrace, and its other threads are the crew's */
		line.state = 'R';
		line.nlwp = 1;
	}
	take_stat(task, &line);
	if (line.nlwp > 1)
		list_tasks(snapshot, tgid);
}

struct listing {
	const struct numbers *tgids;
	struct snapshot *parts;
};

static void list_part(void *data, size_t part)
{
	const struct listing *listing = data;
	const struct numbers *tgids = listing->tgids;

	for (size_t i = part * PART; i < tgids->count && i < (part + 1) * PART; i++)
		list_process(&listing->parts[part], tgids->list[i]);
}

static size_t part_count(size_t count)
{
	return (count + PART - 1) / PART;
}

/* Fills SNAPSHOT with the tasks of the processes TGIDS that still exist. */
static void list(struct snapshot *snapshot, const struct numbers *tgids)
{
	const size_t count = part_count(tgids->count);
	struct listing listing = { tgids, mem_zalloc(count, sizeof(*listing.parts)) };

	crew_run(count, list_part, &listing);
	for (size_t i = 0; i < count; i++)
		snapshot_add_all(snapshot, &listing.parts[i]);
	free(listing.parts);
	snapshot_sort(snapshot);
	snapshot_drop_gone(snapshot);
}

/* ---- what they share ---- */

static int compare(void *data, pid_t one, pid_t other, enum task_object object, int *ret)
{
	(void)data;
	return kcmp_order(one, other, object, ret);
}

static void find_sharing(struct snapshot *snapshot, const struct kcmp *kcmp)
{
	const struct sharing_ask ask = { compare, NULL, kcmp_without(kcmp), crew_run };

	if (kcmp)
		sharing_find(snapshot, &ask);
	else
		for (size_t i = 0; i < snapshot->count; i++)
			snapshot->tasks[i].refused = true;
}

/* Lists the tasks of the processes in SNAPSHOT again, because listing the whole machine took time. */
static void list_again(struct snapshot *snapshot)
{
	struct snapshot again = { .limited = snapshot->limited };
	struct numbers tgids = { mem_alloc(snapshot->count * sizeof(*tgids.list)), 0 };

	for (size_t i = 0; i < snapshot->count; i++) {
		if (!i || snapshot->tasks[i].tgid != snapshot->tasks[i - 1].tgid)
			tgids.list[tgids.count++] = snapshot->tasks[i].tgid;
	}
	list(&again, &tgids);
	free(tgids.list);
	again.ended = 0;
	snapshot_done(snapshot);
	*snapshot = again;
}

/* Calls ONE for each task, in the crew. */
struct each {
	struct snapshot *snapshot;
	void (*one)(struct snap_task *task);
};

static void each_part(void *data, size_t part)
{
	const struct each *each = data;

	for (size_t i = part * PART; i < each->snapshot->count && i < (part + 1) * PART; i++)
		each->one(&each->snapshot->tasks[i]);
}

static void each_task(struct snapshot *snapshot, void (*one)(struct snap_task *task))
{
	struct each each = { snapshot, one };

	crew_run(part_count(snapshot->count), each_part, &each);
}

static int scan_once(const struct scan_config *config, struct snapshot *ret)
{
	struct snapshot snapshot = { 0 };
	struct snap_task self = { .tid = getpid(), .tgid = getpid() };
	struct numbers tgids = { 0 };
	const ssize_t count = proc_is_ours() ? proc_processes(&tgids.list) : -ENOENT;
	struct kcmp *kcmp;

	if (count < 0)
		return (int)count;
	tgids.count = (size_t)count;
	list(&snapshot, &tgids);
	free(tgids.list);
	kcmp = kcmp_new(); /* its processes must not be listed */
	if (config->pid_count) {
		snapshot_keep(&snapshot, config->pids, config->pid_count, config->descendants);
		list_again(&snapshot);
	}
	read_namespaces(&self);
	memcpy(snapshot.own, self.ns, sizeof(snapshot.own));
	each_task(&snapshot, read_task);
	find_sharing(&snapshot, kcmp);
	kcmp_free(kcmp);
	each_task(&snapshot, check_gone);
	snapshot_drop_gone(&snapshot);
	snapshot_infer(&snapshot);
	*ret = snapshot;
	return 0;
}

/* Whether one of the wanted processes was left out although it still exists: it was executing another program, and a
 * leader that is being replaced is ending. */
static bool has_missed(const struct scan_config *config, const struct snapshot *snapshot)
{
	for (size_t i = 0; i < config->pid_count; i++) {
		const pid_t pid = config->pids[i];

		if (!snapshot_find(snapshot, pid) && hidden_exists(pid) && !hidden_from_us(pid))
			return true;
	}
	return false;
}

int scan(const struct scan_config *config, struct snapshot *ret)
{
	int r = scan_once(config, ret);

	for (unsigned tries = 1; r >= 0 && tries < TRIES && has_missed(config, ret); tries++) {
		snapshot_done(ret);
		r = scan_once(config, ret);
	}
	return r;
}
