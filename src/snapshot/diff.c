/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Says what has changed from one snapshot to another. */
#include "snapshot/diff.h"

#include <inttypes.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/array.h"
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

/* The task TID that started at START, or NULL. */
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

/* ---- changes of a task ---- */

struct walk {
	struct side sides[2]; /* before, now */
	const struct diff_view *view;
	void *data;
	struct diff_counts counts;
	bool reported; /* the present task is reported as changed */
};

static void report_change(struct walk *walk, const struct snap_task *task, const struct diff_change *change)
{
	if (!walk->reported)
		walk->view->task(walk->data, DIFF_CHANGED, task);
	walk->reported = true;
	walk->view->change(walk->data, change);
}

static void compare_words(struct walk *walk, const struct snap_task *before, const struct snap_task *now)
{
	const struct diff_change words[] = {
		{ .what = "name", .before_word = before->name, .now_word = now->name },
		{ .what = "command", .before_word = before->command, .now_word = now->command },
		{ .what = "CPUs", .before_word = before->cpus, .now_word = now->cpus },
	};

	for (size_t i = 0; i < ARRAY_LENGTH(words); i++) {
		struct diff_change change = words[i];

		if (!change.before_word || !change.now_word || !strcmp(change.before_word, change.now_word))
			continue;
		change.form = DIFF_WORD;
		report_change(walk, now, &change);
	}
}

static bool leads(const struct snap_task *task)
{
	return task->tid == task->tgid;
}

static void compare_numbers(struct walk *walk, const struct snap_task *before, const struct snap_task *now)
{
	const bool user = before->uid != (uid_t)-1 && now->uid != (uid_t)-1, count = leads(before) && leads(now);
	const struct diff_change numbers[] = {
		{ .form = DIFF_NUMBER, .what = "process", .before = before->tgid, .now = now->tgid },
		{ .form = DIFF_NUMBER, .what = "parent", .before = before->ppid, .now = now->ppid },
		{ .form = DIFF_NUMBER, .what = "user", .before = user ? before->uid : 0, .now = user ? now->uid : 0 },
		{ .form = DIFF_NUMBER,
		  .what = "tasks",
		  .before = count ? before->nlwp : 0,
		  .now = count ? now->nlwp : 0 },
		{ .form = DIFF_ZOMBIE, .what = "zombie", .before = before->state == 'Z', .now = now->state == 'Z' },
		{ .form = DIFF_NUMBER, .what = "nice value", .before = before->nice, .now = now->nice },
		{ .form = DIFF_NUMBER, .what = "scheduling policy", .before = before->policy, .now = now->policy },
		{ .form = DIFF_NUMBER, .what = "real-time priority", .before = before->priority, .now = now->priority },
		{ .form = DIFF_MASK,
		  .what = "capabilities",
		  .before = (int64_t)before->capabilities,
		  .now = (int64_t)now->capabilities },
	};

	for (size_t i = 0; i < ARRAY_LENGTH(numbers); i++) {
		if (numbers[i].before != numbers[i].now)
			report_change(walk, now, &numbers[i]);
	}
}

static void compare_namespaces(struct walk *walk, const struct snap_task *before, const struct snap_task *now)
{
	for (unsigned i = 0; i < NAMESPACE_KINDS; i++) {
		struct diff_change change = { .before = (int64_t)before->ns[i], .now = (int64_t)now->ns[i] };
		char what[64];

		if (!before->ns[i] || !now->ns[i] || before->ns[i] == now->ns[i])
			continue;
		snprintf(what, sizeof(what), "%s namespace", namespace_words(i));
		change.what = what;
		report_change(walk, now, &change);
	}
}

/* What it shares with the task that it is compared with, if that is the same one in both snapshots. */
static void compare_sharing(struct walk *walk, const struct snap_task *before, const struct snap_task *now)
{
	const struct snap_task *was = snapshot_above(walk->sides[0].snapshot, before);
	const struct snap_task *is = snapshot_above(walk->sides[1].snapshot, now);

	if (!was || !is || was->tid != is->tid || was->start != is->start)
		return;
	for (unsigned i = 0; i < OBJECT_COUNT; i++) {
		const enum relation one = snapshot_relation(was, before, i), other = snapshot_relation(is, now, i);
		const struct diff_change change = { .form = DIFF_SHARED,
						    .what = object_name(i),
						    .before = one == RELATION_SHARED,
						    .now = other == RELATION_SHARED,
						    .with = is->tid };

		if (one != RELATION_UNKNOWN && other != RELATION_UNKNOWN && change.before != change.now)
			report_change(walk, now, &change);
	}
}

static void compare_tasks(struct walk *walk)
{
	const struct snapshot *now = walk->sides[1].snapshot;

	for (size_t i = 0; i < now->count; i++) {
		const struct snap_task *task = &now->tasks[i];
		const struct snap_task *old = side_find(&walk->sides[0], task->tid, task->start);

		if (!old)
			continue;
		walk->reported = false;
		compare_numbers(walk, old, task);
		compare_words(walk, old, task);
		compare_namespaces(walk, old, task);
		compare_sharing(walk, old, task);
		walk->counts.changed += walk->reported;
	}
}

/* Reports each task of ONE that OTHER does not have. Returns how many. */
static size_t report_missing(struct walk *walk, const struct side *one, const struct side *other, enum diff_what what)
{
	size_t count = 0;

	for (size_t i = 0; i < one->snapshot->count; i++) {
		const struct snap_task *task = &one->snapshot->tasks[i];

		if (side_find(other, task->tid, task->start))
			continue;
		walk->view->task(walk->data, what, task);
		count++;
	}
	return count;
}

/* ---- findings ---- */

static bool same_task(const struct snap_task *one, const struct snap_task *other)
{
	return one->tid == other->tid && one->start == other->start;
}

static bool same_finding(const struct side *one, const struct finding *a, const struct side *other,
			 const struct finding *b)
{
	const struct snap_task *tasks = one->snapshot->tasks, *others = other->snapshot->tasks;

	if (a->kind != b->kind || a->what != b->what || a->count != b->count ||
	    !same_task(&tasks[a->head], &others[b->head]))
		return false;
	for (size_t i = 0; i < a->count; i++) {
		if (!same_task(&tasks[a->members[i]], &others[b->members[i]]))
			return false;
	}
	return true;
}

/* Whether SIDE knows about TASK, a task of another snapshot, what FINDING is about. A task that has ended is known. */
static bool knows(const struct side *side, const struct snap_task *task, const struct finding *finding)
{
	const struct snap_task *here = side_find(side, task->tid, task->start);

	return !here || here->state == 'Z' || finding_is_known_of(finding, here);
}

static bool is_missing(const struct side *one, const struct finding *finding, const struct side *other,
		       const struct findings *there)
{
	const struct snap_task *tasks = one->snapshot->tasks;

	for (size_t i = 0; i < there->count; i++) {
		if (same_finding(one, finding, other, &there->findings[i]))
			return false;
	}
	for (size_t i = 0; i < finding->count; i++) {
		if (!knows(other, &tasks[finding->members[i]], finding))
			return false;
	}
	return knows(other, &tasks[finding->head], finding);
}

static void compare_findings(struct walk *walk)
{
	static const enum diff_what what[] = { DIFF_GONE, DIFF_NEW };
	struct findings found[2];

	findings_find(walk->sides[0].snapshot, &found[0]);
	findings_find(walk->sides[1].snapshot, &found[1]);
	for (size_t side = 0; side < 2; side++) {
		for (size_t i = 0; i < found[side].count; i++) {
			const struct finding *finding = &found[side].findings[i];

			if (is_missing(&walk->sides[side], finding, &walk->sides[!side], &found[!side]))
				walk->view->finding(walk->data, what[side], walk->sides[side].snapshot, finding);
		}
	}
	findings_done(&found[0]);
	findings_done(&found[1]);
}

void diff_walk(const struct snapshot *before, const struct snapshot *now, const struct diff_view *view, void *data,
	       struct diff_counts *ret)
{
	struct walk walk = { .view = view, .data = data };

	side_init(&walk.sides[0], before);
	side_init(&walk.sides[1], now);
	walk.counts.gone = report_missing(&walk, &walk.sides[0], &walk.sides[1], DIFF_GONE);
	walk.counts.come = report_missing(&walk, &walk.sides[1], &walk.sides[0], DIFF_NEW);
	compare_tasks(&walk);
	compare_findings(&walk);
	*ret = walk.counts;
	free(walk.sides[0].tasks);
	free(walk.sides[1].tasks);
}

/* ---- words ---- */

struct lines {
	struct text *text;
	bool open; /* the line of a task that has changed */
};

static void lines_end(struct lines *lines)
{
	if (lines->open)
		text_add(lines->text, "\n");
	lines->open = false;
}

/* "4711 thread of 4710: name" */
static void add_task(void *data, enum diff_what what, const struct snap_task *task)
{
	static const char *const signs[] = { [DIFF_GONE] = "-", [DIFF_NEW] = "+", [DIFF_CHANGED] = "~" };
	struct lines *lines = data;

	lines_end(lines);
	lines->open = true;
	text_addf(lines->text, "%s %d ", signs[what], (int)task->tid);
	if (task->kernel)
		text_add(lines->text, "kernel thread");
	else if (task->worker)
		text_addf(lines->text, "io_uring worker of %d", (int)task->tgid);
	else if (!leads(task))
		text_addf(lines->text, "thread of %d", (int)task->tgid);
	else
		text_addf(lines->text, "process, child of %d", (int)task->ppid);
	text_add(lines->text, ": ");
	text_add_escaped(lines->text, task->command ? task->command : task->name);
}

static void add_change(void *data, const struct diff_change *change)
{
	struct text *text = ((struct lines *)data)->text;

	switch (change->form) {
	case DIFF_NUMBER:
		text_addf(text, "; %s %" PRId64 " -> %" PRId64, change->what, change->before, change->now);
		break;
	case DIFF_MASK:
		text_addf(text, "; %s 0x%" PRIx64 " -> 0x%" PRIx64, change->what, (uint64_t)change->before,
			  (uint64_t)change->now);
		break;
	case DIFF_WORD:
		text_addf(text, "; %s ", change->what);
		text_add_escaped(text, change->before_word);
		text_add(text, " -> ");
		text_add_escaped(text, change->now_word);
		break;
	case DIFF_ZOMBIE:
		text_add(text, change->now ? "; has ended, and is a zombie" : "; is a zombie no longer");
		break;
	case DIFF_SHARED:
		text_addf(text, "; %s %s shared with %d", change->what, change->now ? "now" : "no longer",
			  (int)change->with);
		break;
	}
}

static void add_finding(void *data, enum diff_what what, const struct snapshot *snapshot, const struct finding *finding)
{
	struct lines *lines = data;

	lines_end(lines);
	text_add(lines->text, what == DIFF_GONE ? "no longer: " : "new: ");
	finding_explain(lines->text, snapshot, finding);
	text_add(lines->text, "\n");
}

void snapshot_diff(struct text *text, const struct snapshot *before, const struct snapshot *now)
{
	static const struct diff_view view = { add_task, add_change, add_finding };
	struct lines lines = { .text = text };
	struct diff_counts counts;

	diff_walk(before, now, &view, &lines, &counts);
	lines_end(&lines);
	text_addf(text, "gone: %zu, new: %zu, changed: %zu, tasks now: %zu\n", counts.gone, counts.come, counts.changed,
		  now->count);
}
