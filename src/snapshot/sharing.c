/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Sorts the tasks by the addresses of their objects, which kcmp(2) compares without telling them; the same ones are
 * then neighbours.
 *
 * The machine goes on meanwhile. A task that ends or moves to another object between two questions can leave the list
 * in disorder, others with it. So the list is sorted until a walk through it finds it in order, and who will not come
 * to rest is left out as unknown. */
#include "snapshot/sharing.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"

enum { PATIENCE = 3 }; /* times that the list is sorted before those in disorder are left out */

struct sharing {
	struct snapshot *snapshot;
	const struct sharing_ask *ask;
	enum snap_object object;
	bool *lost;	 /* by index: no answer, or none that lasts */
	size_t *members; /* indices: those that have an object and stand for their process */
	size_t *merged;	 /* room to merge into */
	size_t *runs;	 /* where ordered runs of members begin */
	bool *same;	 /* member N has what N - 1 has */
	bool *across;	 /* by index: several processes have the memory that this task has first */
	size_t count, run_count;
};

/* Whether it is INDEX that the kernel has no answer about. */
static void blame(struct sharing *sharing, size_t index)
{
	struct snap_task *task = &sharing->snapshot->tasks[index];
	int order, r = sharing->ask->compare(sharing->ask->data, task->tid, task->tid, sharing->object, &order);

	if (r < 0)
		sharing->lost[index] = true;
	if (r == -ESRCH)
		task->gone = true;
}

/* How the objects of two tasks are ordered; 0 for tasks one of which is lost. */
static int order_of(struct sharing *sharing, size_t one, size_t other)
{
	const struct snap_task *tasks = sharing->snapshot->tasks;
	int order;

	if (sharing->lost[one] || sharing->lost[other])
		return 0;
	if (!sharing->ask->compare(sharing->ask->data, tasks[one].tid, tasks[other].tid, sharing->object, &order))
		return order;
	blame(sharing, one);
	blame(sharing, other);
	return 0;
}

static bool has_object(struct sharing *sharing, size_t index)
{
	const struct snap_task *task = &sharing->snapshot->tasks[index];
	const struct sharing_ask *ask = sharing->ask;
	int order, r;

	/* A program's task lacks the others at its end alone, and then it is left out. */
	if (sharing->object == SNAP_SIGHAND || (sharing->object < SNAP_SIGHAND && !task->kernel && task->state != 'Z'))
		return true;
	r = ask->compare(ask->data, sharing->snapshot->tasks[index].tid, ask->without, sharing->object, &order);
	if (r < 0)
		blame(sharing, index);
	return r < 0 || order != 0;
}

/* ---- sorting ---- */

static void forget_lost(struct sharing *sharing)
{
	size_t kept = 0;

	for (size_t i = 0; i < sharing->count; i++)
		if (!sharing->lost[sharing->members[i]])
			sharing->members[kept++] = sharing->members[i];
	sharing->count = kept;
}

/* Finds the runs that are in order, and which neighbours are the same. */
static void find_runs(struct sharing *sharing)
{
	sharing->run_count = 0;
	for (size_t i = 0; i < sharing->count; i++) {
		int order = i ? order_of(sharing, sharing->members[i - 1], sharing->members[i]) : 1;

		sharing->same[i] = order == 0;
		if (order > 0)
			sharing->runs[sharing->run_count++] = i;
	}
}

/* Merges the runs from FROM to MIDDLE and from there to END. */
static void merge(struct sharing *sharing, size_t from, size_t middle, size_t end)
{
	size_t left = from, right = middle, to = from;

	while (left < middle && right < end) {
		bool second = order_of(sharing, sharing->members[left], sharing->members[right]) > 0;

		sharing->merged[to++] = sharing->members[second ? right++ : left++];
	}
	memcpy(&sharing->merged[to], &sharing->members[left], (middle - left) * sizeof(size_t));
	to += middle - left;
	memcpy(&sharing->merged[to], &sharing->members[right], (end - right) * sizeof(size_t));
}

static size_t run_end(const struct sharing *sharing, size_t run)
{
	return run + 1 < sharing->run_count ? sharing->runs[run + 1] : sharing->count;
}

/* Merges the runs two by two. */
static void merge_runs(struct sharing *sharing)
{
	size_t kept = 0, *members = sharing->members;

	for (size_t run = 0; run < sharing->run_count; run += 2) {
		const size_t from = sharing->runs[run], middle = run_end(sharing, run);

		if (run + 1 < sharing->run_count)
			merge(sharing, from, middle, run_end(sharing, run + 1));
		else
			memcpy(&sharing->merged[from], &members[from], (middle - from) * sizeof(size_t));
	}
	for (size_t run = 0; run < sharing->run_count; run += 2)
		sharing->runs[kept++] = sharing->runs[run];
	sharing->run_count = kept;
	sharing->members = sharing->merged;
	sharing->merged = members;
}

static void sort(struct sharing *sharing)
{
	for (unsigned round = 0;; round++) {
		forget_lost(sharing);
		find_runs(sharing);
		if (sharing->run_count <= 1)
			break;
		for (size_t run = 1; round >= PATIENCE && run < sharing->run_count; run++) {
			sharing->lost[sharing->members[sharing->runs[run] - 1]] = true;
			sharing->lost[sharing->members[sharing->runs[run]]] = true;
		}
		while (sharing->run_count > 1)
			merge_runs(sharing);
	}
}

/* ---- one object ---- */

/* Whether TASK has its memory with its own process alone, and so its signal handlers too: CLONE_SIGHAND needs CLONE_VM,
 * and exec parts both. */
static bool is_alone(const struct sharing *sharing, size_t index)
{
	const int32_t memory = sharing->snapshot->tasks[index].object[SNAP_MEMORY];

	return memory >= 0 && !sharing->across[memory];
}

/* Which memories, by who has them first, are those of several processes. */
static void find_across(struct sharing *sharing)
{
	const struct snap_task *tasks = sharing->snapshot->tasks;

	for (size_t i = 0; i < sharing->snapshot->count; i++) {
		const int32_t memory = tasks[i].object[SNAP_MEMORY];

		if (memory >= 0 && tasks[memory].tgid != tasks[i].tgid)
			sharing->across[memory] = true;
	}
}

/* Tasks of a process mostly have the same: one question each, and only those that differ are sorted. */
static void collect(struct sharing *sharing, size_t *like, int32_t *names)
{
	const struct snap_task *tasks = sharing->snapshot->tasks;
	size_t head = SIZE_MAX;

	sharing->count = 0;
	for (size_t i = 0; i < sharing->snapshot->count; i++) {
		like[i] = SIZE_MAX;
		if (tasks[i].refused || tasks[i].gone || sharing->lost[i])
			continue;
		if (!has_object(sharing, i)) {
			sharing->snapshot->tasks[i].object[sharing->object] = SNAP_NONE;
			continue;
		}
		if (head != SIZE_MAX && tasks[head].tgid == tasks[i].tgid && order_of(sharing, head, i) == 0) {
			like[i] = head;
			continue;
		}
		if (head == SIZE_MAX || tasks[head].tgid != tasks[i].tgid)
			head = i;
		like[i] = i;
		if (sharing->object == SNAP_SIGHAND && is_alone(sharing, i))
			names[i] = (int32_t)i;
		else
			sharing->members[sharing->count++] = i;
	}
}

/* Names each row of equal members by the first task of them, and gives that name to the tasks that are like them. */
static void name(struct sharing *sharing, const size_t *like, int32_t *names)
{
	struct snap_task *tasks = sharing->snapshot->tasks;

	for (size_t from = 0, end; from < sharing->count; from = end) {
		size_t first = sharing->members[from];

		for (end = from + 1; end < sharing->count && sharing->same[end]; end++)
			first = sharing->members[end] < first ? sharing->members[end] : first;
		for (size_t i = from; i < end; i++)
			names[sharing->members[i]] = (int32_t)first;
	}
	for (size_t i = 0; i < sharing->snapshot->count; i++)
		if (like[i] != SIZE_MAX)
			tasks[i].object[sharing->object] = names[like[i]];
}

/* Asks once more whether each has what it is said to have, and marks what is sure. */
static void confirm(struct sharing *sharing)
{
	const unsigned bit = 1U << sharing->object;

	for (size_t i = 0; i < sharing->snapshot->count; i++) {
		struct snap_task *task = &sharing->snapshot->tasks[i];
		int32_t *has = &task->object[sharing->object];

		if (*has == SNAP_NONE && !has_object(sharing, i) && !sharing->lost[i])
			task->asked |= bit;
		else if (*has == (int32_t)i && !sharing->lost[i])
			task->asked |= bit;
		else if (*has >= 0 && order_of(sharing, i, (size_t)*has) == 0 && !sharing->lost[i] &&
			 !sharing->lost[*has])
			task->asked |= bit;
		else
			*has = SNAP_UNKNOWN;
	}
}

static void find_one(struct sharing *sharing)
{
	const size_t count = sharing->snapshot->count;
	size_t *like = mem_alloc(count * sizeof(*like));
	int32_t *names = mem_alloc(count * sizeof(*names));

	memset(sharing->lost, 0, count * sizeof(*sharing->lost));
	for (size_t i = 0; i < count; i++)
		names[i] = SNAP_UNKNOWN;
	collect(sharing, like, names);
	sort(sharing);
	name(sharing, like, names);
	confirm(sharing);
	free(like);
	free(names);
}

/* Whether the kernel answers about each task at all. */
static void ask_leave(struct sharing *sharing)
{
	const struct sharing_ask *ask = sharing->ask;

	for (size_t i = 0; i < sharing->snapshot->count; i++) {
		struct snap_task *task = &sharing->snapshot->tasks[i];
		int order, r = ask->compare(ask->data, task->tid, ask->without, SNAP_MEMORY, &order);

		task->gone |= r == -ESRCH;
		task->refused = r < 0 && r != -ESRCH;
	}
}

void sharing_find(struct snapshot *snapshot, const struct sharing_ask *ask)
{
	const size_t count = snapshot->count;
	struct sharing sharing = { .snapshot = snapshot, .ask = ask };

	if (!count)
		return;
	sharing.lost = mem_zalloc(count, sizeof(*sharing.lost));
	sharing.members = mem_alloc(count * sizeof(size_t));
	sharing.merged = mem_alloc(count * sizeof(size_t));
	sharing.runs = mem_alloc(count * sizeof(size_t));
	sharing.same = mem_zalloc(count, sizeof(*sharing.same));
	sharing.across = mem_zalloc(count, sizeof(*sharing.across));
	ask_leave(&sharing);
	for (unsigned object = 0; object < SNAP_OBJECT_COUNT; object++) {
		sharing.object = object;
		find_one(&sharing);
		if (object == SNAP_MEMORY)
			find_across(&sharing);
	}
	free(sharing.lost);
	free(sharing.members);
	free(sharing.merged);
	free(sharing.runs);
	free(sharing.same);
	free(sharing.across);
}
