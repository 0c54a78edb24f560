/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Which tasks share what, and what is unusual, and what has changed since another snapshot, as JSON. */
#include "sink/snapshot_json.h"

#include <stdbool.h>
#include <stdlib.h>

#include "base/json.h"
#include "base/mem.h"
#include "base/text.h"
#include "snapshot/diff.h"
#include "snapshot/findings.h"

/* ---- groups ---- */

/* The tasks that share one object: for each task the index of the next one in its group; 0: there is none, because the
 * first task of the snapshot is never the next one. */
static void link_group(const struct snapshot *snapshot, unsigned object, size_t *next)
{
	size_t *last = mem_alloc((snapshot->count + 1) * sizeof(*last));

	for (size_t i = 0; i < snapshot->count; i++) {
		const int32_t first = snapshot->tasks[i].object[object];

		next[i] = 0;
		last[i] = i;
		if (first < 0 || (size_t)first >= i || snapshot->tasks[i].kernel)
			continue;
		next[last[first]] = i;
		last[first] = i;
	}
	free(last);
}

static void add_group(struct json *json, const struct snapshot *snapshot, unsigned object, size_t first,
		      const size_t *next)
{
	json_open_object(json, JSON_SPACED);
	json_put_string(json, "shares", object_name(object));
	json_key(json, "tasks");
	json_open_array(json, JSON_SPACED);
	json_add_signed(json, snapshot->tasks[first].tid);
	for (size_t i = next[first]; i; i = next[i])
		json_add_signed(json, snapshot->tasks[i].tid);
	json_close(json);
	json_close(json);
}

static void put_groups(struct json *json, const struct snapshot *snapshot)
{
	size_t *next = mem_alloc((snapshot->count + 1) * sizeof(*next));

	json_key(json, "groups");
	json_open_array(json, JSON_LINES);
	for (unsigned object = 0; object < OBJECT_COUNT; object++) {
		link_group(snapshot, object, next);
		for (size_t i = 0; i < snapshot->count; i++) {
			const struct snap_task *task = &snapshot->tasks[i];

			if (next[i] && !task->kernel && task->object[object] == (int32_t)i)
				add_group(json, snapshot, object, i, next);
		}
	}
	json_close(json);
	free(next);
}

/* ---- findings ---- */

/* The object of FINDING; NULL: its kind says it. */
static const char *what_of(const struct finding *finding)
{
	if (finding->kind == FINDING_ACROSS || finding->kind == FINDING_APART)
		return object_name(finding->what);
	return finding->kind == FINDING_NAMESPACE ? namespace_words(finding->what) : NULL;
}

static void add_finding(struct json *json, const struct snapshot *snapshot, const struct finding *finding)
{
	const char *what = what_of(finding);
	struct text sentence = TEXT_INIT;

	json_open_object(json, JSON_SPACED);
	json_put_string(json, "finding", finding_key(finding->kind));
	json_key(json, "what");
	if (what)
		json_add_string(json, what);
	else
		json_add_null(json);
	json_put_signed(json, "beside", snapshot->tasks[finding->head].tid);
	json_key(json, "tasks");
	json_open_array(json, JSON_SPACED);
	for (size_t i = 0; i < finding->count; i++)
		json_add_signed(json, snapshot->tasks[finding->members[i]].tid);
	json_close(json);
	finding_explain(&sentence, snapshot, finding);
	json_put_string(json, "sentence", text_get(&sentence));
	json_close(json);
	text_done(&sentence);
}

static void put_findings(struct json *json, const struct snapshot *snapshot)
{
	struct findings findings;

	json_key(json, "findings");
	json_open_array(json, JSON_LINES);
	findings_find(snapshot, &findings);
	for (size_t i = 0; i < findings.count; i++)
		add_finding(json, snapshot, &findings.findings[i]);
	findings_done(&findings);
	json_close(json);
}

void snapshot_json_put(struct json *json, const struct snapshot *snapshot)
{
	put_groups(json, snapshot);
	put_findings(json, snapshot);
}

/* ---- changes ---- */

/* The lists, in the order in which diff_walk() fills them. */
enum list { LIST_GONE, LIST_NEW, LIST_CHANGED, LIST_FINDINGS_GONE, LIST_FINDINGS_NEW, LISTS };

struct lists {
	struct json json;
	unsigned next;	/* the list behind the open one */
	bool open;	/* a list is open */
	bool task_open; /* ... and a task in it whose changes are listed */
};

static void end_task(struct lists *lists)
{
	if (!lists->task_open)
		return;
	json_close(&lists->json);
	json_close(&lists->json);
	lists->task_open = false;
}

/* Ends what is open, and adds the empty lists before LIST. */
static void end_lists(struct lists *lists, unsigned list)
{
	static const char *const names[LISTS] = {
		[LIST_GONE] = "gone",
		[LIST_NEW] = "new",
		[LIST_CHANGED] = "changed",
		[LIST_FINDINGS_GONE] = "findings_gone",
		[LIST_FINDINGS_NEW] = "findings_new",
	};

	end_task(lists);
	if (lists->open && lists->next == list + 1)
		return;
	if (lists->open)
		json_close(&lists->json);
	for (; lists->next < list; lists->next++) {
		json_key(&lists->json, names[lists->next]);
		json_open_array(&lists->json, JSON_DENSE);
		json_close(&lists->json);
	}
	lists->open = list < LISTS;
	if (!lists->open)
		return;
	json_key(&lists->json, names[list]);
	json_open_array(&lists->json, JSON_LINES);
	lists->next = list + 1;
}

static void add_task(void *data, enum diff_what what, const struct snap_task *task)
{
	static const enum list which[] = {
		[DIFF_GONE] = LIST_GONE,
		[DIFF_NEW] = LIST_NEW,
		[DIFF_CHANGED] = LIST_CHANGED,
	};
	struct lists *lists = data;
	struct json *json = &lists->json;

	end_lists(lists, which[what]);
	json_open_object(json, JSON_SPACED);
	json_put_signed(json, "lwp", task->tid);
	json_put_signed(json, "pid", task->tgid);
	json_put_signed(json, "ppid", task->ppid);
	json_put_string(json, "kind", snapshot_kind_name(task));
	json_put_string(json, "command", task->command ? task->command : task->name);
	lists->task_open = what == DIFF_CHANGED;
	if (!lists->task_open) {
		json_close(json);
		return;
	}
	json_key(json, "changes");
	json_open_array(json, JSON_SPACED);
}

static void add_change(void *data, const struct diff_change *change)
{
	struct json *json = &((struct lists *)data)->json;

	json_open_object(json, JSON_SPACED);
	json_put_string(json, "what", change->what);
	switch (change->form) {
	case DIFF_NUMBER:
	case DIFF_MASK:
		json_put_signed(json, "before", change->before);
		json_put_signed(json, "now", change->now);
		break;
	case DIFF_WORD:
		json_put_string(json, "before", change->before_word);
		json_put_string(json, "now", change->now_word);
		break;
	case DIFF_SHARED:
		json_put_signed(json, "shared_with", change->with);
		/* fall through */
	case DIFF_ZOMBIE:
		json_put_bool(json, "before", change->before);
		json_put_bool(json, "now", change->now);
		break;
	}
	json_close(json);
}

static void add_changed_finding(void *data, enum diff_what what, const struct snapshot *snapshot,
				const struct finding *finding)
{
	struct lists *lists = data;

	end_lists(lists, what == DIFF_GONE ? LIST_FINDINGS_GONE : LIST_FINDINGS_NEW);
	add_finding(&lists->json, snapshot, finding);
}

void snapshot_json_diff(struct text *text, const struct snapshot *before, const struct snapshot *now)
{
	static const struct diff_view view = { add_task, add_change, add_changed_finding };
	struct lists lists = { .open = false };
	struct diff_counts counts;

	json_init(&lists.json, text, JSON_INDENT);
	json_open_object(&lists.json, JSON_LINES);
	diff_walk(before, now, &view, &lists, &counts);
	end_lists(&lists, LISTS);
	json_put_unsigned(&lists.json, "tasks_now", now->count);
	json_close(&lists.json);
	text_add(text, "\n");
}
