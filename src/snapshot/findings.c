/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Finds what is unusual, and says it. */
#include "snapshot/findings.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/text.h"

#define SHOWN_MAX 8 /* members that are named */

/* ---- finding ---- */

static struct finding *find_add(struct findings *findings, enum finding_kind kind, unsigned what, size_t head)
{
	struct finding *finding;

	if (findings->count == findings->size) {
		findings->size = findings->size ? 2 * findings->size : 16;
		findings->findings = mem_resize(findings->findings, findings->size, sizeof(*findings->findings));
	}
	finding = &findings->findings[findings->count++];
	*finding = (struct finding){ .kind = kind, .what = what, .head = head };
	return finding;
}

static void member_add(struct finding *finding, size_t index)
{
	if (!(finding->count & (finding->count - 1)))
		finding->members = mem_resize(finding->members, finding->count ? 2 * finding->count : 1,
					      sizeof(*finding->members));
	finding->members[finding->count++] = index;
}

/* Processes that have OBJECT in common: each task that has what a task of another process had first. */
static void find_across(const struct snapshot *snapshot, unsigned object, struct findings *findings)
{
	const struct snap_task *tasks = snapshot->tasks;
	size_t *at = mem_zalloc(snapshot->count + 1, sizeof(*at)); /* 1 + the finding, by who has it first */

	for (size_t i = 0; i < snapshot->count; i++) {
		const int32_t first = tasks[i].object[object];
		struct finding *finding;

		if (first < 0 || tasks[i].kernel || tasks[first].kernel || tasks[first].tgid == tasks[i].tgid)
			continue;
		if (!at[first]) {
			member_add(find_add(findings, FINDING_ACROSS, object, (size_t)first), (size_t)first);
			at[first] = findings->count;
		}
		finding = &findings->findings[at[first] - 1];
		if (tasks[finding->members[finding->count - 1]].tgid != tasks[i].tgid)
			member_add(finding, i);
	}
	free(at);
}

/* Whether TASK, of the same process, differs from HEAD in the respect of KIND. */
static bool differs(const struct snap_task *head, const struct snap_task *task, enum finding_kind kind, unsigned what)
{
	switch (kind) {
	case FINDING_APART:
		return snapshot_relation(head, task, what) == RELATION_APART;
	case FINDING_NAMESPACE:
		return head->ns[what] && task->ns[what] && head->ns[what] != task->ns[what];
	case FINDING_WORKERS:
		return task->worker;
	case FINDING_NICE:
		return head->nice != task->nice;
	case FINDING_POLICY:
		return head->policy != task->policy || head->priority != task->priority;
	case FINDING_CPUS:
		return head->cpus && task->cpus && strcmp(head->cpus, task->cpus) != 0;
	case FINDING_CAPABILITIES:
		return head->capabilities != task->capabilities;
	case FINDING_ACROSS:
	case FINDING_LEADER_GONE:
	case FINDING_KINDS:
		break;
	}
	return false;
}

/* The tasks behind HEAD up to END that differ from it. */
static void find_within(const struct snapshot *snapshot, size_t head, size_t end, enum finding_kind kind, unsigned what,
			struct findings *findings)
{
	struct finding *finding = NULL;

	for (size_t i = head + 1; i < end; i++) {
		/* The kernel made a worker's ways of its own. */
		if (snapshot->tasks[i].worker && kind != FINDING_WORKERS)
			continue;
		if (!differs(&snapshot->tasks[head], &snapshot->tasks[i], kind, what))
			continue;
		if (!finding)
			finding = find_add(findings, kind, what, head);
		member_add(finding, i);
	}
}

/* The process from HEAD to END. A leader that has ended has given back what it had: the next one stands for it. */
static void find_in_process(const struct snapshot *snapshot, size_t head, size_t end, struct findings *findings)
{
	if (snapshot->tasks[head].state == 'Z' && end > head + 1) {
		member_add(find_add(findings, FINDING_LEADER_GONE, 0, head), head);
		head++;
	}
	if (snapshot->tasks[head].kernel)
		return;
	for (unsigned i = 0; i < OBJECT_COUNT; i++) {
		if (!object_row(i)->optional)
			find_within(snapshot, head, end, FINDING_APART, i, findings);
	}
	for (unsigned i = 0; i < NAMESPACE_KINDS; i++)
		find_within(snapshot, head, end, FINDING_NAMESPACE, i, findings);
	for (unsigned kind = FINDING_WORKERS; kind < FINDING_KINDS; kind++)
		find_within(snapshot, head, end, kind, 0, findings);
}

void findings_find(const struct snapshot *snapshot, struct findings *ret)
{
	*ret = (struct findings){ 0 };
	for (unsigned i = 0; i < OBJECT_COUNT; i++)
		find_across(snapshot, i, ret);
	for (size_t head = 0, end; head < snapshot->count; head = end) {
		for (end = head + 1; end < snapshot->count && snapshot->tasks[end].tgid == snapshot->tasks[head].tgid;
		     end++)
			;
		find_in_process(snapshot, head, end, ret);
	}
}

void findings_done(struct findings *findings)
{
	for (size_t i = 0; i < findings->count; i++)
		free(findings->findings[i].members);
	free(findings->findings);
	*findings = (struct findings){ 0 };
}

/* ---- saying ---- */

/* "4711 (sh), 4712 (cat) and 3 more" */
static void add_members(struct text *text, const struct snapshot *snapshot, const struct finding *finding)
{
	for (size_t i = 0; i < finding->count && i < SHOWN_MAX; i++) {
		const struct snap_task *task = &snapshot->tasks[finding->members[i]];

		text_addf(text, "%s%d (", i ? ", " : "",
			  (int)(finding->kind == FINDING_ACROSS ? task->tgid : task->tid));
		text_add_escaped(text, task->name);
		text_add(text, ")");
	}
	if (finding->count > SHOWN_MAX)
		text_addf(text, " and %zu more", finding->count - SHOWN_MAX);
}

static void add_scheduling(struct text *text, const struct snap_task *task)
{
	const char *name = snap_policy_name(task->policy);

	if (name)
		text_add(text, name);
	else
		text_addf(text, "%d", task->policy);
	if (task->priority)
		text_addf(text, " %d", task->priority);
}

/* What ONE, a task of the group, has in the respect of KIND. */
static void add_value(struct text *text, const struct snap_task *task, const struct finding *finding)
{
	if (finding->kind == FINDING_NICE)
		text_addf(text, "%d", task->nice);
	else if (finding->kind == FINDING_POLICY)
		add_scheduling(text, task);
	else if (finding->kind == FINDING_CPUS)
		text_add_escaped(text, task->cpus);
	else if (finding->kind == FINDING_CAPABILITIES)
		text_addf(text, "0x%" PRIx64, task->capabilities);
	else
		text_addf(text, "%" PRIu64, task->ns[finding->what]);
}

static void explain_across(struct text *text, const struct snapshot *snapshot, const struct finding *finding)
{
	text_addf(text, "%s shared by processes%s: ", object_name(finding->what),
		  finding->what == OBJECT_MEMORY ? " without being threads of one" : "");
	add_members(text, snapshot, finding);
}

/* What is a thread's own on Linux, and each one's value. */
static void explain_values(struct text *text, const struct snapshot *snapshot, const struct finding *finding)
{
	static const char *const names[FINDING_KINDS] = {
		[FINDING_NICE] = "nice value",
		[FINDING_POLICY] = "scheduling",
		[FINDING_CPUS] = "CPUs",
		[FINDING_CAPABILITIES] = "capabilities",
	};
	const struct snap_task *head = &snapshot->tasks[finding->head];

	text_addf(text, "process %d (", (int)head->tgid);
	text_add_escaped(text, head->name);
	if (finding->kind == FINDING_NAMESPACE)
		text_addf(text, "): threads in another %s namespace than ", namespace_words(finding->what));
	else
		text_addf(text, "): threads with other %s than ", names[finding->kind]);
	text_addf(text, "%d's ", (int)head->tid);
	add_value(text, head, finding);
	for (size_t i = 0; i < finding->count && i < SHOWN_MAX; i++) {
		const struct snap_task *task = &snapshot->tasks[finding->members[i]];

		text_addf(text, "%s%d: ", i ? ", " : "; ", (int)task->tid);
		add_value(text, task, finding);
	}
	if (finding->count > SHOWN_MAX)
		text_addf(text, " and %zu more", finding->count - SHOWN_MAX);
}

void finding_explain(struct text *text, const struct snapshot *snapshot, const struct finding *finding)
{
	const struct snap_task *head = &snapshot->tasks[finding->head];

	switch (finding->kind) {
	case FINDING_ACROSS:
		explain_across(text, snapshot, finding);
		break;
	case FINDING_APART:
		text_addf(text, "process %d (", (int)head->tgid);
		text_add_escaped(text, head->name);
		text_addf(text, "): threads that do not share %s with %d: ", object_name(finding->what),
			  (int)head->tid);
		add_members(text, snapshot, finding);
		break;
	case FINDING_WORKERS:
		text_addf(text, "process %d (", (int)head->tgid);
		text_add_escaped(text, head->name);
		text_add(text, "): io_uring workers, threads that the kernel made: ");
		add_members(text, snapshot, finding);
		break;
	case FINDING_LEADER_GONE:
		text_addf(text, "process %d (", (int)head->tgid);
		text_add_escaped(text, head->name);
		text_add(text, "): its leader has ended and is a zombie while its threads live");
		break;
	case FINDING_NAMESPACE:
	case FINDING_NICE:
	case FINDING_POLICY:
	case FINDING_CPUS:
	case FINDING_CAPABILITIES:
		explain_values(text, snapshot, finding);
		break;
	case FINDING_KINDS:
		break;
	}
}
