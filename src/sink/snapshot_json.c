/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Which tasks share what, and what is unusual, and what has changed since another snapshot, as JSON. */
#include "sink/snapshot_json.h"

#include <inttypes.h>
#include <stdbool.h>
#include <stdlib.h>

#include "base/mem.h"
#include "base/text.h"
#include "snapshot/diff.h"
#include "snapshot/findings.h"

static const char *const kinds[FINDING_KINDS] = {
	[FINDING_ACROSS] = "shared-by-processes",
	[FINDING_APART] = "not-shared-by-threads",
	[FINDING_NAMESPACE] = "threads-in-another-namespace",
	[FINDING_LEADER_GONE] = "leader-ended",
	[FINDING_WORKERS] = "io-uring-workers",
	[FINDING_NICE] = "threads-with-other-nice-value",
	[FINDING_POLICY] = "threads-with-other-scheduling",
	[FINDING_CPUS] = "threads-with-other-cpus",
	[FINDING_CAPABILITIES] = "threads-with-other-capabilities",
};

/* ---- groups ---- */

/* The tasks that have one object: of each task the next one of its group, by index; 0 where there is none, for the
 * first of the snapshot is nobody's next. */
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

static void add_group(struct text *text, const struct snapshot *snapshot, unsigned object, size_t first,
		      const size_t *next)
{
	text_add(text, "{\"shares\": ");
	text_add_json(text, snap_object_name(object));
	text_addf(text, ", \"tasks\": [%d", (int)snapshot->tasks[first].tid);
	for (size_t i = next[first]; i; i = next[i])
		text_addf(text, ", %d", (int)snapshot->tasks[i].tid);
	text_add(text, "]}");
}

static void add_groups(struct text *text, const struct snapshot *snapshot)
{
	size_t *next = mem_alloc((snapshot->count + 1) * sizeof(*next));
	const char *before = "\n      ";

	for (unsigned object = 0; object < SNAP_OBJECT_COUNT; object++) {
		link_group(snapshot, object, next);
		for (size_t i = 0; i < snapshot->count; i++) {
			const struct snap_task *task = &snapshot->tasks[i];

			if (!next[i] || task->kernel || task->object[object] != (int32_t)i)
				continue;
			text_add(text, before);
			add_group(text, snapshot, object, i, next);
			before = ",\n      ";
		}
	}
	free(next);
}

/* ---- findings ---- */

static void add_finding(struct text *text, const struct snapshot *snapshot, const struct finding *finding)
{
	const bool object = finding->kind == FINDING_ACROSS || finding->kind == FINDING_APART;
	struct text sentence = TEXT_INIT;

	text_addf(text, "{\"finding\": \"%s\", \"what\": ", kinds[finding->kind]);
	if (object)
		text_add_json(text, snap_object_name(finding->what));
	else if (finding->kind == FINDING_NAMESPACE)
		text_add_json(text, namespace_words(finding->what));
	else
		text_add(text, "null");
	text_addf(text, ", \"beside\": %d, \"tasks\": [", (int)snapshot->tasks[finding->head].tid);
	for (size_t i = 0; i < finding->count; i++)
		text_addf(text, "%s%d", i ? ", " : "", (int)snapshot->tasks[finding->members[i]].tid);
	finding_explain(&sentence, snapshot, finding);
	text_add(text, "], \"sentence\": ");
	text_add_json(text, text_get(&sentence));
	text_add(text, "}");
	text_done(&sentence);
}

static void add_findings(struct text *text, const struct snapshot *snapshot)
{
	struct findings findings;

	findings_find(snapshot, &findings);
	for (size_t i = 0; i < findings.count; i++) {
		text_add(text, i ? ",\n      " : "\n      ");
		add_finding(text, snapshot, &findings.findings[i]);
	}
	findings_done(&findings);
}

void snapshot_json_add(struct text *text, const struct snapshot *snapshot)
{
	text_add(text, ",\n   \"groups\": [");
	add_groups(text, snapshot);
	text_add(text, "\n   ],\n   \"findings\": [");
	add_findings(text, snapshot);
	text_add(text, "\n   ]");
}

/* ---- changes ---- */

enum { GONE, NEW, CHANGED, FINDINGS_GONE, FINDINGS_NEW, LISTS };

struct lists {
	struct text list[LISTS];
	unsigned changes; /* of the task at hand */
	bool open;	  /* its list of changes */
};

static struct text *lists_next(struct lists *lists, unsigned which)
{
	struct text *text = &lists->list[which];

	if (lists->open)
		text_add(&lists->list[CHANGED], "]}");
	lists->open = false;
	text_add(text, text->length ? ",\n      " : "\n      ");
	return text;
}

static void add_task(void *data, enum diff_what what, const struct snap_task *task)
{
	static const unsigned which[] = { [DIFF_GONE] = GONE, [DIFF_NEW] = NEW, [DIFF_CHANGED] = CHANGED };
	struct lists *lists = data;
	struct text *text = lists_next(lists, which[what]);

	text_addf(text, "{\"lwp\": %d, \"pid\": %d, \"ppid\": %d, \"kind\": \"%s\", \"command\": ", (int)task->tid,
		  (int)task->tgid, (int)task->ppid, snapshot_kind_name(task));
	text_add_json(text, task->command ? task->command : task->name);
	lists->open = what == DIFF_CHANGED;
	lists->changes = 0;
	text_add(text, lists->open ? ", \"changes\": [" : "}");
}

static void add_change(void *data, const struct diff_change *change)
{
	struct lists *lists = data;
	struct text *text = &lists->list[CHANGED];

	text_add(text, lists->changes++ ? ", {\"what\": " : "{\"what\": ");
	text_add_json(text, change->what);
	switch (change->form) {
	case DIFF_NUMBER:
	case DIFF_MASK:
		text_addf(text, ", \"before\": %" PRId64 ", \"now\": %" PRId64, change->before, change->now);
		break;
	case DIFF_WORD:
		text_add(text, ", \"before\": ");
		text_add_json(text, change->before_word);
		text_add(text, ", \"now\": ");
		text_add_json(text, change->now_word);
		break;
	case DIFF_SHARED:
		text_addf(text, ", \"shared_with\": %d", (int)change->with);
		/* fall through */
	case DIFF_ZOMBIE:
		text_addf(text, ", \"before\": %s, \"now\": %s", change->before ? "true" : "false",
			  change->now ? "true" : "false");
		break;
	}
	text_add(text, "}");
}

static void add_changed_finding(void *data, enum diff_what what, const struct snapshot *snapshot,
				const struct finding *finding)
{
	add_finding(lists_next(data, what == DIFF_GONE ? FINDINGS_GONE : FINDINGS_NEW), snapshot, finding);
}

void snapshot_json_diff(struct text *text, const struct snapshot *before, const struct snapshot *now)
{
	static const char *const names[LISTS] = { "gone", "new", "changed", "findings_gone", "findings_new" };
	static const struct diff_view view = { add_task, add_change, add_changed_finding };
	struct lists lists = { .open = false };
	struct diff_counts counts;

	diff_walk(before, now, &view, &lists, &counts);
	if (lists.open)
		text_add(&lists.list[CHANGED], "]}");
	text_add(text, "{");
	for (unsigned i = 0; i < LISTS; i++) {
		text_addf(text, "\n   \"%s\": [", names[i]);
		if (lists.list[i].length)
			text_addf(text, "%s\n   ", text_get(&lists.list[i]));
		text_add(text, "],");
		text_done(&lists.list[i]);
	}
	text_addf(text, "\n   \"tasks_now\": %zu\n}\n", now->count);
}
