/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The list of tasks: its order, which task is above which, and what follows without asking the kernel. */
#include "snapshot/snapshot.h"

#include <stdlib.h>
#include <string.h>

#include "base/array.h"
#include "base/mem.h"

/* SCHED_OTHER and so on, include/uapi/linux/sched.h; 4 was never used. */
static const char *const policies[] = { "other", "fifo", "rr", "batch", NULL, "idle", "deadline", "ext" };

const char *snap_kind_name(bool kernel, bool worker, bool leader)
{
	return kernel ? "kernel thread" : worker ? "io_uring worker" : leader ? "process" : "thread";
}

const char *snapshot_kind_name(const struct snap_task *task)
{
	return snap_kind_name(task->kernel, task->worker, task->tid == task->tgid);
}

const char *snap_policy_name(int policy)
{
	return policy >= 0 && (size_t)policy < ARRAY_LENGTH(policies) ? policies[policy] : NULL;
}

/* ---- the list ---- */

static void task_done(struct snap_task *task)
{
	free(task->command);
	free(task->cpus);
}

void snapshot_done(struct snapshot *snapshot)
{
	for (size_t i = 0; i < snapshot->count; i++)
		task_done(&snapshot->tasks[i]);
	free(snapshot->tasks);
	*snapshot = (struct snapshot){ 0 };
}

/* Makes room for COUNT more tasks. */
static void reserve(struct snapshot *snapshot, size_t count)
{
	if (snapshot->size - snapshot->count >= count)
		return;
	snapshot->size = 2 * snapshot->size > snapshot->count + count ? 2 * snapshot->size : snapshot->count + count;
	snapshot->tasks = mem_resize(snapshot->tasks, snapshot->size, sizeof(*snapshot->tasks));
}

struct snap_task *snapshot_add(struct snapshot *snapshot, pid_t tgid, pid_t tid)
{
	struct snap_task *task;

	reserve(snapshot, 1);
	task = &snapshot->tasks[snapshot->count++];
	*task = (struct snap_task){ .tid = tid, .tgid = tgid, .nspid = tid, .nlwp = 1, .state = '?' };
	for (unsigned i = 0; i < OBJECT_COUNT; i++)
		task->object[i] = SNAP_UNKNOWN;
	return task;
}

void snapshot_add_all(struct snapshot *snapshot, struct snapshot *from)
{
	reserve(snapshot, from->count);
	if (from->count)
		memcpy(&snapshot->tasks[snapshot->count], from->tasks, from->count * sizeof(*from->tasks));
	snapshot->count += from->count;
	from->count = 0;
	snapshot_done(from);
}

static int compare_tasks(const void *a, const void *b)
{
	const struct snap_task *one = a, *other = b;

	if (one->tgid != other->tgid)
		return one->tgid < other->tgid ? -1 : 1;
	if ((one->tid == one->tgid) != (other->tid == other->tgid))
		return one->tid == one->tgid ? -1 : 1;
	return one->tid < other->tid ? -1 : one->tid > other->tid;
}

void snapshot_sort(struct snapshot *snapshot)
{
	if (snapshot->count)
		qsort(snapshot->tasks, snapshot->count, sizeof(*snapshot->tasks), compare_tasks);
}

/* Moves the command of a process, which its first task has, to NEXT when that first task is taken out. */
static void hand_over(struct snap_task *task, struct snap_task *next)
{
	if (task->command && !next->command && next->tgid == task->tgid) {
		next->command = task->command;
		next->command_cut = task->command_cut;
		task->command = NULL;
	}
}

/* Objects are named after their first holder; if that task is removed, after the first one that stays. */
static void rename_objects(struct snapshot *snapshot, const bool *out)
{
	int32_t *name = mem_alloc(snapshot->count * sizeof(*name)), *at = mem_alloc(snapshot->count * sizeof(*at));
	int32_t kept = 0;

	for (size_t i = 0; i < snapshot->count; i++)
		at[i] = out[i] ? SNAP_UNKNOWN : kept++;
	for (unsigned object = 0; object < OBJECT_COUNT; object++) {
		for (size_t i = 0; i < snapshot->count; i++)
			name[i] = SNAP_UNKNOWN;
		for (size_t i = 0; i < snapshot->count; i++) {
			int32_t *has = &snapshot->tasks[i].object[object];

			if (*has < 0 || out[i])
				continue;
			if (name[*has] < 0)
				name[*has] = at[i];
			*has = name[*has];
		}
	}
	free(name);
	free(at);
}

static void take_out(struct snapshot *snapshot, const bool *out)
{
	size_t kept = 0;

	if (snapshot->count)
		rename_objects(snapshot, out);
	for (size_t i = 0; i < snapshot->count; i++) {
		if (!out[i]) {
			snapshot->tasks[kept++] = snapshot->tasks[i];
			continue;
		}
		if (i + 1 < snapshot->count)
			hand_over(&snapshot->tasks[i], &snapshot->tasks[i + 1]);
		task_done(&snapshot->tasks[i]);
	}
	snapshot->count = kept;
}

void snapshot_drop_gone(struct snapshot *snapshot)
{
	bool *out = mem_zalloc(snapshot->count + 1, sizeof(*out));

	for (size_t i = 0; i < snapshot->count; i++) {
		out[i] = snapshot->tasks[i].gone;
		snapshot->ended += out[i];
	}
	take_out(snapshot, out);
	free(out);
}

static size_t index_of(const struct snapshot *snapshot, const struct snap_task *task)
{
	return (size_t)(task - snapshot->tasks);
}

/* The first task of process TGID, or NULL. */
static const struct snap_task *find_process(const struct snapshot *snapshot, pid_t tgid)
{
	size_t low = 0, high = snapshot->count;

	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (snapshot->tasks[middle].tgid < tgid)
			low = middle + 1;
		else
			high = middle;
	}
	return low < snapshot->count && snapshot->tasks[low].tgid == tgid ? &snapshot->tasks[low] : NULL;
}

const struct snap_task *snapshot_find(const struct snapshot *snapshot, pid_t tid)
{
	const struct snap_task *task = find_process(snapshot, tid);

	if (task && task->tid == tid)
		return task;
	for (size_t i = 0; i < snapshot->count; i++)
		if (snapshot->tasks[i].tid == tid)
			return &snapshot->tasks[i];
	return NULL;
}

void snapshot_keep(struct snapshot *snapshot, const pid_t *pids, size_t count, bool descendants)
{
	bool *out = mem_zalloc(snapshot->count + 1, sizeof(*out)), grows = true;

	for (size_t i = 0; i < snapshot->count; i++)
		out[i] = true;
	for (size_t i = 0; i < count; i++) {
		const struct snap_task *task = snapshot_find(snapshot, pids[i]);

		for (size_t at = 0; task && at < snapshot->count; at++)
			out[at] &= snapshot->tasks[at].tgid != task->tgid;
	}
	while (descendants && grows) { /* a child can have a lower pid than its parent, so once is not enough */
		grows = false;
		for (size_t i = 0; i < snapshot->count; i++) {
			const struct snap_task *above = find_process(snapshot, snapshot->tasks[i].ppid);

			if (out[i] && above && !out[index_of(snapshot, above)]) {
				out[i] = false;
				grows = true;
			}
		}
	}
	take_out(snapshot, out);
	snapshot->limited = true;
	free(out);
}

/* ---- who is set beside whom ---- */

const struct snap_task *snapshot_head(const struct snapshot *snapshot, const struct snap_task *task)
{
	while (task > snapshot->tasks && task[-1].tgid == task->tgid)
		task--;
	return task;
}

static bool has_ended(const struct snap_task *task)
{
	return task->state == 'Z' || task->state == 'X';
}

const struct snap_task *snapshot_above(const struct snapshot *snapshot, const struct snap_task *task)
{
	const struct snap_task *head;

	if (task->tid == task->tgid)
		return task->ppid == task->tgid ? NULL : find_process(snapshot, task->ppid);
	head = find_process(snapshot, task->tgid);
	while (head != task && has_ended(head))
		head++; /* at the latest at TASK itself, which is in the same process */
	return head == task ? NULL : head;
}

const struct snap_task *snapshot_parent(const struct snapshot *snapshot, const struct snap_task *task)
{
	const struct snap_task *above = snapshot_above(snapshot, task), *head = snapshot_head(snapshot, task);

	if (!above && head != task)
		return head;
	return above;
}

enum relation snapshot_relation(const struct snap_task *one, const struct snap_task *other, enum task_object object)
{
	const int32_t first = one->object[object], second = other->object[object];

	if (first == SNAP_UNKNOWN || second == SNAP_UNKNOWN)
		return RELATION_UNKNOWN;
	if (first == SNAP_NONE || second == SNAP_NONE)
		return first == second ? RELATION_NEITHER : RELATION_APART;
	if (first == second)
		return RELATION_SHARED;
	return one->asked & other->asked & 1U << object ? RELATION_APART : RELATION_UNKNOWN;
}

/* One rule of snapshot_infer() for TASK, about which the kernel could not be asked; HEAD is the first task of its
 * process that can be compared. */
static int32_t infer(const struct snapshot *snapshot, const struct snap_task *task, enum task_object object)
{
	const struct snap_task *head;

	if (object != OBJECT_SIGHAND && has_ended(task))
		return SNAP_NONE;
	if (object == OBJECT_MEMORY && task->kernel)
		return SNAP_NONE;
	if (object != OBJECT_MEMORY && object != OBJECT_SIGHAND)
		return SNAP_UNKNOWN;
	head = find_process(snapshot, task->tgid);
	while (head != task && head->object[object] < 0)
		head++;
	return head == task ? (int32_t)index_of(snapshot, head) : head->object[object];
}

void snapshot_infer(struct snapshot *snapshot)
{
	for (size_t i = 0; i < snapshot->count; i++)
		for (unsigned object = 0; object < OBJECT_COUNT; object++)
			if (snapshot->tasks[i].object[object] == SNAP_UNKNOWN)
				snapshot->tasks[i].object[object] = infer(snapshot, &snapshot->tasks[i], object);
}
