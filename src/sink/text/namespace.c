/* SPDX-License-Identifier: GPL-2.0-or-later */
/* -v: the namespaces of a task that have changed, and its numbers in pid namespaces. */
#include "sink/text/text.h"

#include <inttypes.h>

#include "clone/namespace.h"

/* Adds INTRO and TASK's namespaces in MASK: "mnt 4026531841, net (the tracer's)". */
static void add_namespaces(struct text *line, const char *intro, const struct task *task, unsigned mask)
{
	const char *before = intro;

	for (unsigned i = 0; i < NAMESPACE_COUNT; i++) {
		const uint64_t id = task->ns ? task->ns->ids[i] : 0;

		if (!(mask >> i & 1))
			continue;
		text_addf(line, "%s%s ", before, namespace_key(namespace_row(i)->kind));
		if (!id)
			text_add(line, "(the tracer's)");
		else if (id & TASK_NS_UNNAMED)
			text_add(line, "(number not known)");
		else
			text_addf(line, "%" PRIu64, id);
		before = ", ";
	}
}

void namespace_finish(struct sink *sink, const struct step *step, const struct task *task, const char *intro)
{
	const unsigned own = step->ns_changed & ((1U << NAMESPACE_KINDS) - 1);
	unsigned children = 0;

	if (!sink->base.options.verbose || !task || !step->ns_changed)
		return;
	for (unsigned i = 0; task->ns && i < NAMESPACE_KINDS; i++) {
		const unsigned below = namespace_row(i)->children;

		children |= task->ns->ids[i] != task->ns->ids[below] ? 1U << below : 0;
	}
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
