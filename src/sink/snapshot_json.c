/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Which tasks share what, and what is unusual, as JSON. */
#include "sink/snapshot_json.h"

#include <stdbool.h>
#include <stdlib.h>

#include "base/mem.h"
#include "base/text.h"
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
		text_add_json(text, snap_ns_name(finding->what));
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
