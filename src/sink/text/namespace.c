/* SPDX-License-Identifier: GPL-2.0-or-later */
/* -v: the namespaces of a task that are others now, and its numbers in pid namespaces. */
#include "sink/text/text.h"

#include <inttypes.h>

#include "snapshot/snapshot.h"

/* Adds INTRO and the namespaces in MASK, as TASK has them: "mnt 4026531841, net (the tracer's)". */
static void add_namespaces(struct text *line, const char *intro, const struct task *task, unsigned mask)
{
	const char *before = intro;

	for (unsigned i = 0; i < EVENT_NS_COUNT; i++) {
		const uint64_t id = task->ns ? task->ns->ids[i] : 0;
		const enum event_ns kind = i == EVENT_NS_PID_CHILDREN	 ? EVENT_NS_PID
					   : i == EVENT_NS_TIME_CHILDREN ? EVENT_NS_TIME
									 : (enum event_ns)i;

		if (!(mask >> i & 1))
			continue;
		text_addf(line, "%s%s ", before, snap_ns_key((enum snap_ns)kind));
		if (!id)
			text_add(line, "(the tracer's)");
		else if (id & TASK_NS_UNNAMED)
			text_add(line, "(number not known)");
		else
			text_addf(line, "%" PRIu64, id);
		before = ", ";
	}
}

/* Whether TASK's children will be in another namespace OWN than it is. */
static bool parts_from_children(const struct task *task, enum event_ns own, enum event_ns children)
{
	return task->ns && task->ns->ids[own] != task->ns->ids[children];
}

void namespace_finish(struct sink *sink, const struct step *step, const struct task *task, const char *intro)
{
	const unsigned own = step->ns_changed & ((1U << EVENT_NAMESPACES) - 1);
	unsigned children = 0;

	if (!sink->base.options.verbose || !task || !step->ns_changed)
		return;
	if (parts_from_children(task, EVENT_NS_PID, EVENT_NS_PID_CHILDREN))
		children |= 1U << EVENT_NS_PID_CHILDREN;
	if (parts_from_children(task, EVENT_NS_TIME, EVENT_NS_TIME_CHILDREN))
		children |= 1U << EVENT_NS_TIME_CHILDREN;
	children &= step->ns_changed;
	add_namespaces(&sink->printer.line, intro, task, own);
	add_namespaces(&sink->printer.line, own ? "; for its children: " : "other namespaces for its children: ", task,
		       children);
	printer_finish(&sink->printer, FOLD_WORDS);
}

void namespace_finish_ids(struct sink *sink, const struct event *event, const struct nspids *nspids)
{
	if (!sink->base.options.verbose || !(event->have & EVENT_HAVE_NSPIDS))
		return;
	text_add(&sink->printer.line, "its ids, from the tracer's pid namespace to its own: ");
	for (unsigned i = 0; i < nspids->count; i++)
		text_addf(&sink->printer.line, "%s%d", i ? ", " : "", (int)nspids->list[i]);
	printer_finish(&sink->printer, FOLD_WORDS);
}
