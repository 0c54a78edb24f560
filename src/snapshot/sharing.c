/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Sorts the tasks by the addresses of their objects, which kcmp(2) compares without showing them; tasks with the same
 * object are then neighbors.
 *
 * Tasks continue meanwhile. A task that ends or changes to another object between two questions can leave itself and
 * others in disorder. So the list is sorted until a walk through it finds it in order, and tasks that stay in disorder
 * are left out as unknown. */
#include "snapshot/sharing.h"

#include <errno.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"

enum { PATIENCE = 3 }; /* how often the list is sorted before tasks in disorder are left out */
enum { PARTS = 16 };   /* of each step, which may be done at the same time */

struct sharing {
	struct snapshot *snapshot;
	const struct sharing_ask *ask;
	enum task_object object;
	atomic_bool *lost; /* by index: no answer, or only answers that change */
	atomic_bool *gone; /* by index: it has ended */
	bool *has;	   /* by index: has an object */
	size_t *members;   /* indices: those that have an object and represent their process */
	size_t *merged;	   /* room to merge into */
	size_t *runs;	   /* where ordered runs of members begin */
	size_t width;	   /* runs that a part of the work merges */
	int *orders;	   /* of member N - 1 and member N */
	bool *across;	   /* by index: several processes have the memory that this task has first */
	size_t count, run_count;
};

/* Whether INDEX is the task about which the kernel has no answer. */
static void blame(struct sharing *sharing, size_t index)
{
	const pid_t tid = sharing->snapshot->tasks[index].tid;
	int order, r = sharing->ask->compare(sharing->ask->data, tid, tid, sharing->object, &order);

	if (r < 0)
		sharing->lost[index] = true;
	if (r == -ESRCH)
		sharing->gone[index] = true;
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

	/* A task of a program lacks the other objects only when it is ending, and then it is left out. */
	if (sharing->object == OBJECT_SIGHAND ||
	    (sharing->object < OBJECT_SIGHAND && !task->kernel && task->state != 'Z'))
		return true;
	r = ask->compare(ask->data, sharing->snapshot->tasks[index].tid, ask->without, sharing->object, &order);
	if (r < 0)
		blame(sharing, index);
	return r < 0 || order != 0;
}

/* ---- parts ---- */

static void run(struct sharing *sharing, size_t count, void (*work)(void *data, size_t part))
{
	if (sharing->ask->run && count > 1) {
		sharing->ask->run(count, work, sharing);
		return;
	}
	for (size_t part = 0; part < count; part++)
		work(sharing, part);
}

/* Where part PART of COUNT elements begins; part PARTS: where the last part ends. */
static size_t part_begin(size_t count, size_t part)
{
	return count * part / PARTS;
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

static void compare_neighbours(void *data, size_t part)
{
	struct sharing *sharing = data;

	for (size_t i = part_begin(sharing->count, part); i < part_begin(sharing->count, part + 1); i++)
		sharing->orders[i] = i ? order_of(sharing, sharing->members[i - 1], sharing->members[i]) : 1;
}

/* Finds the runs that are in order, and which neighbours are the same. */
static void find_runs(struct sharing *sharing)
{
	run(sharing, PARTS, compare_neighbours);
	sharing->run_count = 0;
	for (size_t i = 0; i < sharing->count; i++)
		if (sharing->orders[i] > 0)
			sharing->runs[sharing->run_count++] = i;
}

/* Merges the members from FROM to MIDDLE and from there to END. */
static void merge(struct sharing *sharing, size_t from, size_t middle, size_t end)
{
	size_t left = from, right = middle, to = from;

	while (left < middle && right < end) {
		bool second = order_of(sharing, sharing->members[left], sharing->members[right]) > 0;

		sharing->merged[to++] = sharing->members[second ? right++ : left++];
	}
	/* what is left at the right is in its place */
	memcpy(&sharing->merged[to], &sharing->members[left], (middle - left) * sizeof(size_t));
	memcpy(&sharing->members[from], &sharing->merged[from], (right - from) * sizeof(size_t));
}

/* Where run RUN begins; for the run after the last one: where the last one ends. */
static size_t run_begin(const struct sharing *sharing, size_t run)
{
	return run < sharing->run_count ? sharing->runs[run] : sharing->count;
}

/* Merges the runs from FROM to END. Each half is merged first, so that what the kernel looks at stays in the
 * processor's cache. */
static void merge_runs(struct sharing *sharing, size_t from, size_t end)
{
	const size_t middle = from + (end - from) / 2;

	if (end - from < 2)
		return;
	merge_runs(sharing, from, middle);
	merge_runs(sharing, middle, end);
	merge(sharing, run_begin(sharing, from), run_begin(sharing, middle), run_begin(sharing, end));
}

static size_t least(size_t one, size_t other)
{
	return one < other ? one : other;
}

static void merge_part(void *data, size_t part)
{
	struct sharing *sharing = data;

	merge_runs(sharing, part * sharing->width, least((part + 1) * sharing->width, sharing->run_count));
}

/* Merges two neighboring parts, each of which is merged already. */
static void merge_pair(void *data, size_t pair)
{
	struct sharing *sharing = data;
	const size_t from = 2 * pair * sharing->width;

	merge(sharing, run_begin(sharing, from), run_begin(sharing, from + sharing->width),
	      run_begin(sharing, from + 2 * sharing->width));
}

static void merge_all(struct sharing *sharing)
{
	sharing->width = (sharing->run_count + PARTS - 1) / PARTS;
	run(sharing, (sharing->run_count + sharing->width - 1) / sharing->width, merge_part);
	for (; sharing->width < sharing->run_count; sharing->width *= 2)
		run(sharing, (sharing->run_count + 2 * sharing->width - 1) / (2 * sharing->width), merge_pair);
}

static void sort(struct sharing *sharing)
{
	for (unsigned round = 0;; round++) {
		forget_lost(sharing);
		find_runs(sharing);
		if (sharing->run_count <= 1)
			break;
		for (size_t i = 1; round >= PATIENCE && i < sharing->run_count; i++) {
			sharing->lost[sharing->members[sharing->runs[i] - 1]] = true;
			sharing->lost[sharing->members[sharing->runs[i]]] = true;
		}
		merge_all(sharing);
	}
}

/* ---- one object ---- */

/* Whether TASK shares its memory only with its own process, and so its signal handlers, too: CLONE_SIGHAND needs
 * CLONE_VM, and exec separates both. */
static bool is_alone(const struct sharing *sharing, size_t index)
{
	const int32_t memory = sharing->snapshot->tasks[index].object[OBJECT_MEMORY];

	return memory >= 0 && !sharing->across[memory];
}

/* Which memories, by their first holders, belong to several processes. */
static void find_across(struct sharing *sharing)
{
	const struct snap_task *tasks = sharing->snapshot->tasks;

	for (size_t i = 0; i < sharing->snapshot->count; i++) {
		const int32_t memory = tasks[i].object[OBJECT_MEMORY];

		if (memory >= 0 && tasks[memory].tgid != tasks[i].tgid)
			sharing->across[memory] = true;
	}
}

static bool is_out(const struct sharing *sharing, size_t index)
{
	const struct snap_task *task = &sharing->snapshot->tasks[index];

	return task->refused || task->gone || sharing->lost[index];
}

static void find_those_with(void *data, size_t part)
{
	struct sharing *sharing = data;
	const size_t count = sharing->snapshot->count;

	for (size_t i = part_begin(count, part); i < part_begin(count, part + 1); i++)
		sharing->has[i] = !is_out(sharing, i) && has_object(sharing, i);
}

/* Tasks of a process mostly have the same object: one question for each, and only those that differ are sorted. */
static void collect(struct sharing *sharing, size_t *like, int32_t *names)
{
	const struct snap_task *tasks = sharing->snapshot->tasks;
	size_t head = SIZE_MAX;

	sharing->count = 0;
	run(sharing, PARTS, find_those_with);
	for (size_t i = 0; i < sharing->snapshot->count; i++) {
		like[i] = SIZE_MAX;
		if (is_out(sharing, i))
			continue;
		if (!sharing->has[i]) {
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
		if (sharing->object == OBJECT_SIGHAND && is_alone(sharing, i))
			names[i] = (int32_t)i;
		else
			sharing->members[sharing->count++] = i;
	}
}

/* Names each row of equal members after its first task, and gives the same name to the tasks that equal them. */
static void name(struct sharing *sharing, const size_t *like, int32_t *names)
{
	struct snap_task *tasks = sharing->snapshot->tasks;

	for (size_t from = 0, end; from < sharing->count; from = end) {
		size_t first = sharing->members[from];

		for (end = from + 1; end < sharing->count && sharing->orders[end] == 0; end++)
			first = sharing->members[end] < first ? sharing->members[end] : first;
		for (size_t i = from; i < end; i++)
			names[sharing->members[i]] = (int32_t)first;
	}
	for (size_t i = 0; i < sharing->snapshot->count; i++)
		if (like[i] != SIZE_MAX)
			tasks[i].object[sharing->object] = names[like[i]];
}

/* Asks once more whether each task has the object that was found, and marks what is certain. */
static void confirm_part(void *data, size_t part)
{
	struct sharing *sharing = data;
	const size_t count = sharing->snapshot->count;
	const unsigned bit = 1U << sharing->object;

	for (size_t i = part_begin(count, part); i < part_begin(count, part + 1); i++) {
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

	for (size_t i = 0; i < count; i++) {
		names[i] = SNAP_UNKNOWN;
		sharing->lost[i] = sharing->gone[i] = false;
	}
	collect(sharing, like, names);
	sort(sharing);
	name(sharing, like, names);
	run(sharing, PARTS, confirm_part);
	for (size_t i = 0; i < count; i++)
		sharing->snapshot->tasks[i].gone |= sharing->gone[i];
	free(like);
	free(names);
}

/* Whether the kernel answers about each task at all. */
static void ask_leave(void *data, size_t part)
{
	struct sharing *sharing = data;
	const struct sharing_ask *ask = sharing->ask;
	const size_t count = sharing->snapshot->count;

	for (size_t i = part_begin(count, part); i < part_begin(count, part + 1); i++) {
		struct snap_task *task = &sharing->snapshot->tasks[i];
		int order, r = ask->compare(ask->data, task->tid, ask->without, OBJECT_MEMORY, &order);

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
	sharing.gone = mem_zalloc(count, sizeof(*sharing.gone));
	sharing.members = mem_alloc(count * sizeof(size_t));
	sharing.merged = mem_alloc(count * sizeof(size_t));
	sharing.runs = mem_alloc(count * sizeof(size_t));
	sharing.orders = mem_zalloc(count, sizeof(*sharing.orders));
	sharing.has = mem_zalloc(count, sizeof(*sharing.has));
	sharing.across = mem_zalloc(count, sizeof(*sharing.across));
	run(&sharing, PARTS, ask_leave);
	for (unsigned object = 0; object < OBJECT_COUNT; object++) {
		sharing.object = object;
		find_one(&sharing);
		if (object == OBJECT_MEMORY)
			find_across(&sharing);
	}
	free(sharing.lost);
	free(sharing.members);
	free(sharing.merged);
	free(sharing.runs);
	free(sharing.orders);
	free(sharing.has);
	free(sharing.gone);
	free(sharing.across);
}
