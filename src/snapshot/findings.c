/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Finds what is unusual, and puts it into words. */
#include "snapshot/findings.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "base/array.h"
#include "base/mem.h"
#include "base/text.h"

#define SHOWN_MAX 8 /* members that are named */

/* ---- how tasks of one process differ ---- */

static bool differs_apart(const struct snap_task *head, const struct snap_task *task, unsigned what)
{
	return snapshot_relation(head, task, what) == RELATION_APART;
}

static bool differs_namespace(const struct snap_task *head, const struct snap_task *task, unsigned what)
{
	return head->ns[what] && task->ns[what] && head->ns[what] != task->ns[what];
}

static bool differs_worker(const struct snap_task *head, const struct snap_task *task, unsigned what)
{
	(void)head, (void)what;
	return task->worker;
}

static bool differs_nice(const struct snap_task *head, const struct snap_task *task, unsigned what)
{
	(void)what;
	return head->nice != task->nice;
}

static bool differs_policy(const struct snap_task *head, const struct snap_task *task, unsigned what)
{
	(void)what;
	return head->policy != task->policy || head->priority != task->priority;
}

static bool differs_cpus(const struct snap_task *head, const struct snap_task *task, unsigned what)
{
	(void)what;
	return head->cpus && task->cpus && strcmp(head->cpus, task->cpus) != 0;
}

static bool differs_capabilities(const struct snap_task *head, const struct snap_task *task, unsigned what)
{
	(void)what;
	return head->capabilities != task->capabilities;
}

/* ---- what is known of a task ---- */

static bool knows_object(const struct snap_task *task, unsigned what)
{
	return task->object[what] != SNAP_UNKNOWN && task->asked >> what & 1;
}

static bool knows_namespace(const struct snap_task *task, unsigned what)
{
	return task->ns[what] != 0;
}

static bool knows_cpus(const struct snap_task *task, unsigned what)
{
	(void)what;
	return task->cpus != NULL;
}

/* ---- the value that a task has ---- */

static void add_namespace(struct text *text, const struct snap_task *task, unsigned what)
{
	text_addf(text, "%" PRIu64, task->ns[what]);
}

static void add_nice(struct text *text, const struct snap_task *task, unsigned what)
{
	(void)what;
	text_addf(text, "%d", task->nice);
}

static void add_policy(struct text *text, const struct snap_task *task, unsigned what)
{
	const char *name = snap_policy_name(task->policy);

	(void)what;
	if (name)
		text_add(text, name);
	else
		text_addf(text, "%d", task->policy);
	if (task->priority)
		text_addf(text, " %d", task->priority);
}

static void add_cpus(struct text *text, const struct snap_task *task, unsigned what)
{
	(void)what;
	text_add_escaped(text, task->cpus);
}

static void add_capabilities(struct text *text, const struct snap_task *task, unsigned what)
{
	(void)what;
	text_addf(text, "0x%" PRIx64, task->capabilities);
}

/* ---- sentences ---- */

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

static void explain_across(struct text *text, const struct snapshot *snapshot, const struct finding *finding)
{
	text_addf(text, "%s shared by processes%s: ", object_name(finding->what),
		  finding->what == OBJECT_MEMORY ? " without being threads of one" : "");
	add_members(text, snapshot, finding);
}

static void add_process(struct text *text, const struct snap_task *head)
{
	text_addf(text, "process %d (", (int)head->tgid);
	text_add_escaped(text, head->name);
	text_add(text, "): ");
}

static void explain_apart(struct text *text, const struct snapshot *snapshot, const struct finding *finding)
{
	const struct snap_task *head = &snapshot->tasks[finding->head];

	add_process(text, head);
	text_addf(text, "threads that do not share %s with %d: ", object_name(finding->what), (int)head->tid);
	add_members(text, snapshot, finding);
}

static void explain_workers(struct text *text, const struct snapshot *snapshot, const struct finding *finding)
{
	add_process(text, &snapshot->tasks[finding->head]);
	text_add(text, "io_uring workers, threads that the kernel made: ");
	add_members(text, snapshot, finding);
}

static void explain_leader_gone(struct text *text, const struct snapshot *snapshot, const struct finding *finding)
{
	add_process(text, &snapshot->tasks[finding->head]);
	text_add(text, "its leader has ended and is a zombie while its threads live");
}

static void explain_values(struct text *text, const struct snapshot *snapshot, const struct finding *finding);

/* ---- the table ---- */

/* KEY: in JSON. DIFFERS: whether TASK differs from HEAD, the first of its process, in the object or namespace WHAT;
 * NULL: that is not how it is found. KNOWS: whether that could be looked at in TASK; NULL: it always can. VALUE: what
 * TASK has; WORDS: what such a value is called. */
static const struct {
	const char *key;
	bool (*differs)(const struct snap_task *head, const struct snap_task *task, unsigned what);
	bool (*knows)(const struct snap_task *task, unsigned what);
	void (*add_value)(struct text *text, const struct snap_task *task, unsigned what);
	const char *words;
	void (*explain)(struct text *text, const struct snapshot *snapshot, const struct finding *finding);
} rows[] = {
	[FINDING_ACROSS] = { "shared-by-processes", NULL, knows_object, NULL, NULL, explain_across },
	[FINDING_APART] = { "not-shared-by-threads", differs_apart, knows_object, NULL, NULL, explain_apart },
	[FINDING_NAMESPACE] = { "threads-in-another-namespace", differs_namespace, knows_namespace, add_namespace, NULL,
				explain_values },
	[FINDING_LEADER_GONE] = { "leader-ended", NULL, NULL, NULL, NULL, explain_leader_gone },
	[FINDING_WORKERS] = { "io-uring-workers", differs_worker, NULL, NULL, NULL, explain_workers },
	[FINDING_NICE] = { "threads-with-other-nice-value", differs_nice, NULL, add_nice, "nice value",
			   explain_values },
	[FINDING_POLICY] = { "threads-with-other-scheduling", differs_policy, NULL, add_policy, "scheduling",
			     explain_values },
	[FINDING_CPUS] = { "threads-with-other-cpus", differs_cpus, knows_cpus, add_cpus, "CPUs", explain_values },
	[FINDING_CAPABILITIES] = { "threads-with-other-capabilities", differs_capabilities, NULL, add_capabilities,
				   "capabilities", explain_values },
};

_Static_assert(ARRAY_LENGTH(rows) == FINDING_KINDS, "each kind of finding has a row");

/* What threads of one process can differ in on Linux, and the value of each thread. */
static void explain_values(struct text *text, const struct snapshot *snapshot, const struct finding *finding)
{
	const struct snap_task *head = &snapshot->tasks[finding->head];

	add_process(text, head);
	if (finding->kind == FINDING_NAMESPACE)
		text_addf(text, "threads in another %s namespace than ", namespace_words(finding->what));
	else
		text_addf(text, "threads with other %s than ", rows[finding->kind].words);
	text_addf(text, "%d's ", (int)head->tid);
	rows[finding->kind].add_value(text, head, finding->what);
	for (size_t i = 0; i < finding->count && i < SHOWN_MAX; i++) {
		const struct snap_task *task = &snapshot->tasks[finding->members[i]];

		text_addf(text, "%s%d: ", i ? ", " : "; ", (int)task->tid);
		rows[finding->kind].add_value(text, task, finding->what);
	}
	if (finding->count > SHOWN_MAX)
		text_addf(text, " and %zu more", finding->count - SHOWN_MAX);
}

const char *finding_key(enum finding_kind kind)
{
	return rows[kind].key;
}

bool finding_is_known_of(const struct finding *finding, const struct snap_task *task)
{
	return !rows[finding->kind].knows || rows[finding->kind].knows(task, finding->what);
}

void finding_explain(struct text *text, const struct snapshot *snapshot, const struct finding *finding)
{
	rows[finding->kind].explain(text, snapshot, finding);
}

/* ---- finding them ---- */

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

/* Processes that share OBJECT: each task whose object a task of another process had first. */
static void find_across(const struct snapshot *snapshot, unsigned object, struct findings *findings)
{
	const struct snap_task *tasks = snapshot->tasks;
	/* 1 + the finding, by the first holder of the object */
	size_t *at = mem_zalloc(snapshot->count + 1, sizeof(*at));

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

/* The tasks behind HEAD up to END that differ from it. */
static void find_within(const struct snapshot *snapshot, size_t head, size_t end, enum finding_kind kind, unsigned what,
			struct findings *findings)
{
	struct finding *finding = NULL;

	for (size_t i = head + 1; i < end; i++) {
		/* The kernel gave a worker values of its own. */
		if (snapshot->tasks[i].worker && kind != FINDING_WORKERS)
			continue;
		if (!rows[kind].differs(&snapshot->tasks[head], &snapshot->tasks[i], what))
			continue;
		if (!finding)
			finding = find_add(findings, kind, what, head);
		member_add(finding, i);
	}
}

/* The process from HEAD to END. A leader that has ended has no objects any more, so the next task represents it. */
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
