/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Arranges tasks with arrays and loops, never with recursion, because a program can make the chain of creators as long
 * as it likes. A task above another is older (in a forged recording, a younger task is not used as an ancestor). So one
 * walk through the births from the end sees each task before those above it, and there is no circle. */
#include "render/forest.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/text.h"
#include "model/filter.h"
#include "render/pattern.h"

/* ---- arranging ---- */

/* Births are numbers of events, so no two are the same, unless a recording is forged. */
static int compare_births(const void *a, const void *b)
{
	const struct task *one = ((const struct branch *)a)->task, *other = ((const struct branch *)b)->task;

	if (one->birth != other->birth)
		return one->birth < other->birth ? -1 : 1;
	return one->tid < other->tid ? -1 : one->tid > other->tid;
}

static void collect(struct forest *forest, const struct model *model)
{
	size_t size = 0;

	for (const struct task *task = model_roots(model); task; task = model_next(task)) {
		if (forest->count == size) {
			size = size ? 2 * size : 256;
			forest->branches = mem_resize(forest->branches, size, sizeof(*forest->branches));
		}
		forest->branches[forest->count++] = (struct branch){
			.task = task,
			.size = 1,
			.lives = task->state != TASK_ENDED && task->state != TASK_REPLACED,
		};
	}
	if (forest->count)
		qsort(forest->branches, forest->count, sizeof(*forest->branches), compare_births);
}

static struct branch *find(const struct forest *forest, const struct task *task)
{
	const struct branch key = { .task = task };

	return task ? bsearch(&key, forest->branches, forest->count, sizeof(key), compare_births) : NULL;
}

const struct branch *forest_find(const struct forest *forest, const struct task *task)
{
	return find(forest, task);
}

/* A process: its oldest task represents it, because an exec can make a younger one its leader. */
struct head {
	const struct process *process;
	struct branch *branch;
};

struct heads {
	struct head *by_process, *by_tgid; /* the same, sorted by address and by tgid and birth */
	size_t count;
};

static int compare_processes(const void *a, const void *b)
{
	const struct head *one = a, *other = b;
	const uintptr_t address = (uintptr_t)one->process, other_address = (uintptr_t)other->process;

	if (address != other_address)
		return address < other_address ? -1 : 1;
	return one->branch < other->branch ? -1 : one->branch > other->branch;
}

static int compare_tgids(const void *a, const void *b)
{
	const struct head *one = a, *other = b;

	if (one->process->tgid != other->process->tgid)
		return one->process->tgid < other->process->tgid ? -1 : 1;
	return one->branch < other->branch ? -1 : one->branch > other->branch;
}

static void heads_init(struct heads *ret, const struct forest *forest)
{
	struct head *all = mem_zalloc(forest->count + 1, sizeof(*all));
	size_t count = 0;

	for (size_t i = 0; i < forest->count; i++)
		all[i] = (struct head){ forest->branches[i].task->process, &forest->branches[i] };
	qsort(all, forest->count, sizeof(*all), compare_processes);
	for (size_t i = 0; i < forest->count; i++)
		if (!i || all[i].process != all[count - 1].process)
			all[count++] = all[i];
	*ret = (struct heads){ .by_process = all, .by_tgid = mem_zalloc(count + 1, sizeof(*all)), .count = count };
	memcpy(ret->by_tgid, all, count * sizeof(*all));
	qsort(ret->by_tgid, count, sizeof(*all), compare_tgids);
}

static void heads_done(struct heads *heads)
{
	free(heads->by_process);
	free(heads->by_tgid);
}

static int compare_address(const void *key, const void *element)
{
	const uintptr_t address = (uintptr_t)key, other = (uintptr_t)((const struct head *)element)->process;

	return address < other ? -1 : address > other;
}

/* The process TGID that was there when BRANCH was born: the last one that is older. */
static struct branch *process_before(const struct heads *heads, pid_t tgid, const struct branch *branch)
{
	size_t low = 0, high = heads->count;

	while (low < high) {
		const size_t middle = low + (high - low) / 2;
		const struct head *head = &heads->by_tgid[middle];
		const pid_t at = head->process->tgid;

		if (at < tgid || (at == tgid && head->branch < branch))
			low = middle + 1;
		else
			high = middle;
	}
	return low && heads->by_tgid[low - 1].process->tgid == tgid ? heads->by_tgid[low - 1].branch : NULL;
}

/* Sets the process and the parent process of each branch, as long as all tasks are there. */
static void find_processes(struct forest *forest)
{
	struct heads heads;

	heads_init(&heads, forest);
	for (size_t i = 0; i < forest->count; i++) {
		struct branch *branch = &forest->branches[i];
		const struct process *process = branch->task->process;
		const struct head *head =
			bsearch(process, heads.by_process, heads.count, sizeof(*head), compare_address);
		const struct branch *parent =
			process->ppid ? process_before(&heads, process->ppid, head->branch) : NULL;

		branch->head = head->branch->task;
		branch->parent = parent ? parent->task : NULL;
	}
	heads_done(&heads);
}

static const struct task *above_of(const struct branch *branch, enum forest_by by)
{
	if (by == FOREST_BY_CREATOR)
		return branch->task->creator;
	return branch->task == branch->head ? branch->parent : branch->head;
}

static void link(struct forest *forest, struct branch *branch, struct branch *above)
{
	struct branch **first = &forest->first, **last = &forest->last;

	if (above && above < branch) {
		branch->above = above;
		first = &above->first;
		last = &above->last;
	}
	if (*last)
		(*last)->next = branch;
	else
		*first = branch;
	*last = branch;
}

/* Puts each task in its place, and discards the previous arrangement. */
static void arrange(struct forest *forest, enum forest_by by)
{
	forest->first = forest->last = NULL;
	for (size_t i = 0; i < forest->count; i++) {
		struct branch *branch = &forest->branches[i];

		branch->above = branch->first = branch->last = branch->next = NULL;
	}
	for (size_t i = 0; i < forest->count; i++) {
		struct branch *branch = &forest->branches[i];

		link(forest, branch, find(forest, above_of(branch, by)));
	}
}

/* Leaves out what FILTER does not show, but keeps what it shows below. */
static void drop(struct forest *forest, const struct model *model, const struct filter *filter)
{
	size_t kept = 0;

	for (size_t i = forest->count; i--;) {
		struct branch *branch = &forest->branches[i];

		branch->hidden = !branch->wanted && !filter_shows_task(filter, model, branch->task);
		if (branch->above && !branch->hidden)
			branch->above->wanted = true;
	}
	for (size_t i = 0; i < forest->count; i++) {
		if (!forest->branches[i].hidden)
			forest->branches[kept++] = forest->branches[i];
	}
	forest->count = kept;
}

void forest_init(struct forest *ret, const struct model *model, enum forest_by by, const struct filter *filter)
{
	*ret = (struct forest){ .count = 0 };
	collect(ret, model);
	if (!ret->count)
		return;
	find_processes(ret);
	arrange(ret, by);
	if (filter) {
		drop(ret, model, filter);
		arrange(ret, by);
	}
	for (size_t i = ret->count; i--;) {
		struct branch *branch = &ret->branches[i];

		if (!branch->above)
			continue;
		branch->above->size += branch->size;
		branch->above->lives |= branch->lives;
	}
}

void forest_done(struct forest *forest)
{
	for (size_t i = 0; i < forest->count; i++)
		free(forest->branches[i].names);
	free(forest->branches);
	*forest = (struct forest){ .count = 0 };
}

/* ---- folding ---- */

/* Adds the looks of WHAT, which is below a branch, with all names, to both looks of the branch. */
static void mix(struct column_looks *looks, uint64_t what)
{
	looks->exact = (looks->exact ^ what) * UINT64_C(0x100000001b3);
	looks->numbered = (looks->numbered ^ what) * UINT64_C(0x100000001b3);
}

static int compare_looks(const void *a, const void *b)
{
	const struct branch *one = *(struct branch *const *)a, *other = *(struct branch *const *)b;

	if (one->looks.numbered != other->looks.numbered)
		return one->looks.numbered < other->looks.numbered ? -1 : 1;
	return one < other ? -1 : one > other;
}

/* The names of the COUNT branches at FOLDED, which look alike, if they have names and these differ. */
static char *fold_names(struct branch *const *folded, size_t count)
{
	const char *name = column_name(folded[0]->task);
	struct text text = TEXT_INIT;
	struct pattern pattern;

	if (!name)
		return NULL;
	pattern_init(&pattern, name);
	for (size_t i = 1; i < count; i++) {
		name = column_name(folded[i]->task);
		if (name)
			pattern_add(&pattern, name);
	}
	pattern_format(&text, &pattern);
	return text.data;
}

/* Folds the branches beside FIRST. */
static void fold_beside(struct branch *first, uint64_t from, struct branch **room)
{
	size_t count = 0;

	for (struct branch *branch = first; branch; branch = branch->next)
		room[count++] = branch;
	qsort(room, count, sizeof(*room), compare_looks);
	for (size_t i = 0, end; i < count; i = end) {
		for (end = i + 1; end < count && room[end]->looks.numbered == room[i]->looks.numbered; end++)
			;
		if (end - i < from)
			continue;
		room[i]->alike = end - i - 1;
		room[i]->names = fold_names(&room[i], end - i);
		for (size_t hidden = i + 1; hidden < end; hidden++)
			room[hidden]->hidden = true;
	}
}

void forest_fold(struct forest *forest, uint64_t from, const struct column_set *columns,
		 const struct column_row *moment)
{
	struct branch **room = mem_zalloc(forest->count ? forest->count : 1, sizeof(*room));
	struct column_row row = *moment;

	for (size_t i = forest->count; i--;) {
		struct branch *branch = &forest->branches[i];

		row.task = branch->task;
		branch->looks = column_set_look(columns, &row);
		for (const struct branch *below = branch->first; below; below = below->next)
			mix(&branch->looks, below->looks.exact);
	}
	for (size_t i = 0; i < forest->count; i++)
		if (forest->branches[i].first)
			fold_beside(forest->branches[i].first, from, room);
	if (forest->first)
		fold_beside(forest->first, from, room);
	free(room);
}

/* ---- limiting ---- */

static int compare_worth(const void *a, const void *b)
{
	const struct branch *one = *(struct branch *const *)a, *other = *(struct branch *const *)b;

	if (one->lives != other->lives)
		return one->lives ? -1 : 1;
	return one < other ? -1 : one > other;
}

/* A branch above another is older and lives as long, so it is never hidden if the branch below is shown. */
void forest_limit(struct forest *forest, size_t limit)
{
	struct branch **shown = mem_zalloc(forest->count ? forest->count : 1, sizeof(*shown));
	size_t count = 0;

	for (size_t i = 0; i < forest->count; i++) {
		struct branch *branch = &forest->branches[i];

		branch->hidden |= branch->above && branch->above->hidden;
		if (!branch->hidden)
			shown[count++] = branch;
	}
	if (count > limit) {
		qsort(shown, count, sizeof(*shown), compare_worth);
		for (size_t i = limit; i < count; i++)
			shown[i]->hidden = true;
	}
	free(shown);
}

/* ---- walking ---- */

const struct branch *forest_next(const struct forest *forest, const struct branch *branch, unsigned *depth)
{
	const struct branch *at = branch ? branch->first : forest->first;

	if (!branch)
		*depth = 0;
	else if (at)
		++*depth;
	else
		at = branch;
	while (at && (at == branch || at->hidden)) {
		while (at->above && !at->next) {
			at = at->above;
			--*depth;
		}
		at = at->next;
	}
	return at;
}
