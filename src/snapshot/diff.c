/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Says what has changed from one snapshot to another. */
#include "snapshot/diff.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/text.h"

struct side {
	const struct snapshot *snapshot;
	const struct snap_task **tasks; /* by tid */
};

static int compare_tids(const void *a, const void *b)
{
	const struct snap_task *one = *(const struct snap_task *const *)a;
	const struct snap_task *other = *(const struct snap_task *const *)b;

	return one->tid < other->tid ? -1 : one->tid > other->tid;
}

static void side_init(struct side *side, const struct snapshot *snapshot)
{
	side->snapshot = snapshot;
	side->tasks = mem_alloc((snapshot->count + 1) * sizeof(*side->tasks));
	for (size_t i = 0; i < snapshot->count; i++)
		side->tasks[i] = &snapshot->tasks[i];
	qsort(side->tasks, snapshot->count, sizeof(*side->tasks), compare_tids);
}

/* Who is there as TID and began at START, or NULL. */
static const struct snap_task *side_find(const struct side *side, pid_t tid, uint64_t start)
{
	size_t low = 0, high = side->snapshot->count;

	while (low < high) {
		const size_t middle = low + (high - low) / 2;

		if (side->tasks[middle]->tid < tid)
			low = middle + 1;
		else
			high = middle;
	}
	if (low == side->snapshot->count || side->tasks[low]->tid != tid || side->tasks[low]->start != start)
		return NULL;
	return side->tasks[low];
}

/* ---- words ---- */

/* "4711 thread of 4710 (name)" */
static void add_task(struct text *text, const struct snap_task *task)
{
	text_addf(text, "%d ", (int)task->tid);
	if (task->kernel)
		text_add(text, "kernel thread");
	else if (task->worker)
		text_addf(text, "io_uring worker of %d", (int)task->tgid);
	else if (task->tid != task->tgid)
		text_addf(text, "thread of %d", (int)task->tgid);
	else
		text_addf(text, "process, child of %d", (int)task->ppid);
	text_add(text, ": ");
	text_add_escaped(text, task->command ? task->command : task->name);
}

static void add_number(struct text *text, const char *what, int64_t before, int64_t now)
{
	if (before != now)
		text_addf(text, "; %s %" PRId64 " -> %" PRId64, what, before, now);
}

static void add_word(struct text *text, const char *what, const char *before, const char *now)
{
	if (!before || !now || !strcmp(before, now))
		return;
	text_addf(text, "; %s ", what);
	text_add_escaped(text, before);
	text_add(text, " -> ");
	text_add_escaped(text, now);
}

/* What it shares with whom it is set beside, where that is the same one in both. */
static void add_sharing(struct text *text, const struct side *sides, const struct snap_task *before,
			const struct snap_task *now)
{
	const struct snap_task *was = snapshot_above(sides[0].snapshot, before);
	const struct snap_task *is = snapshot_above(sides[1].snapshot, now);

	if (!was || !is || was->tid != is->tid || was->start != is->start)
		return;
	for (unsigned i = 0; i < SNAP_OBJECT_COUNT; i++) {
		const enum relation one = snapshot_relation(was, before, i), other = snapshot_relation(is, now, i);

		if (one == RELATION_UNKNOWN || other == RELATION_UNKNOWN)
			continue;
		if ((one == RELATION_SHARED) != (other == RELATION_SHARED))
			text_addf(text, "; %s %s shared with %d", snap_object_name(i),
				  other == RELATION_SHARED ? "now" : "no longer", (int)is->tid);
	}
}

static void add_changes(struct text *text, const struct side *sides, const struct snap_task *before,
			const struct snap_task *now)
{
	add_number(text, "process", before->tgid, now->tgid);
	add_number(text, "parent", before->ppid, now->ppid);
	add_number(text, "user", before->uid, now->uid);
	if (before->tid == before->tgid && now->tid == now->tgid)
		add_number(text, "tasks", before->nlwp, now->nlwp);
	if ((before->state == 'Z') != (now->state == 'Z'))
		text_add(text, now->state == 'Z' ? "; has ended, and is a zombie" : "; is a zombie no longer");
	add_word(text, "name", before->name, now->name);
	add_word(text, "command", before->command, now->command);
	add_number(text, "nice value", before->nice, now->nice);
	add_number(text, "scheduling policy", before->policy, now->policy);
	add_number(text, "real-time priority", before->priority, now->priority);
	add_word(text, "CPUs", before->cpus, now->cpus);
	if (before->capabilities != now->capabilities)
		text_addf(text, "; capabilities 0x%" PRIx64 " -> 0x%" PRIx64, before->capabilities, now->capabilities);
	for (unsigned i = 0; i < SNAP_NS_COUNT; i++) {
		if (before->ns[i] && now->ns[i] && before->ns[i] != now->ns[i])
			text_addf(text, "; %s namespace %" PRIu64 " -> %" PRIu64, snap_ns_name(i), before->ns[i],
				  now->ns[i]);
	}
	add_sharing(text, sides, before, now);
}

/* ---- the whole ---- */

/* Adds a line with SIGN for each task of SIDE that OTHER has not. Returns how many. */
static size_t add_missing(struct text *text, const struct side *side, const struct side *other, const char *sign)
{
	size_t count = 0;

	for (size_t i = 0; i < side->snapshot->count; i++) {
		const struct snap_task *task = &side->snapshot->tasks[i];

		if (side_find(other, task->tid, task->start))
			continue;
		text_add(text, sign);
		add_task(text, task);
		text_add(text, "\n");
		count++;
	}
	return count;
}

void snapshot_diff(struct text *text, const struct snapshot *before, const struct snapshot *now)
{
	struct text changes = TEXT_INIT;
	struct side sides[2];
	size_t gone, come, changed = 0;

	side_init(&sides[0], before);
	side_init(&sides[1], now);
	gone = add_missing(text, &sides[0], &sides[1], "- ");
	come = add_missing(text, &sides[1], &sides[0], "+ ");
	for (size_t i = 0; i < now->count; i++) {
		const struct snap_task *task = &now->tasks[i], *old = side_find(&sides[0], task->tid, task->start);

		text_clear(&changes);
		if (old)
			add_changes(&changes, sides, old, task);
		if (!changes.length)
			continue;
		text_add(text, "~ ");
		add_task(text, task);
		text_addf(text, "%s\n", text_get(&changes));
		changed++;
	}
	text_addf(text, "gone: %zu, new: %zu, changed: %zu, tasks now: %zu\n", gone, come, changed, now->count);
	text_done(&changes);
	free(sides[0].tasks);
	free(sides[1].tasks);
}
