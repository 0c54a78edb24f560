/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Compares steps and tasks with a filter. */
#include "model/filter_keys.h"

#include "event/schema.h"

/* Whether the kernel was asked about a new task, STEP's other one. */
static bool verifies_spawn(const struct step *step)
{
	return (step->event->kind == EVENT_VERIFY || step->event->kind == EVENT_DIFFERENCE) && step->other &&
	       step->other->creator == step->task;
}

/* Fills SUBJECT with what EVENT is about; false: every filter shows EVENT. */
static bool subject_of(const struct step *step, struct subject *ret)
{
	const struct event *event = step->event;
	const enum event_about about = event_kind_row(event->kind)->about;
	const bool spawned = about == EVENT_ABOUT_CHILD || verifies_spawn(step);
	const struct task *task = spawned ? step->other : step->task;

	*ret = (struct subject){ .event = event, .task = task, .model = step->model, .kinds = KIND_WORD_UNKNOWN };
	if (about == EVENT_ABOUT_TRACE || (event->kind == EVENT_NOTE && !event->tid))
		return false;
	if (event->kind == EVENT_REFUSED) {
		enum kind kind = kind_of(&event->attempt.request);

		ret->unborn = true;
		ret->kinds = kind == KIND_UNKNOWN ? KIND_WORD_UNKNOWN : filter_kinds(kind, false);
	} else if (task) {
		ret->kinds = filter_kinds(task->kind, task->process->tgid != task->tid);
	}
	return true;
}

static bool term_passes(const struct term *term, const struct subject *subject)
{
	for (size_t i = 0; i < term->count; i++) {
		if (term->key->fits(&term->words[i], subject))
			return !term->negated;
	}
	return term->negated;
}

bool filter_shows(const struct filter *filter, const struct step *step)
{
	struct subject subject;

	if (!filter || !subject_of(step, &subject))
		return true;
	for (size_t i = 0; i < filter->count; i++) {
		if (!term_passes(&filter->terms[i], &subject))
			return false;
	}
	return true;
}

static bool task_passes(const struct filter *filter, const struct model *model, const struct task *task, bool fixed)
{
	struct subject subject = { .task = task, .model = model };

	if (!filter)
		return true;
	subject.kinds = filter_kinds(task->kind, task->process->tgid != task->tid);
	for (size_t i = 0; i < filter->count; i++) {
		const struct term *term = &filter->terms[i];

		if (!(term->key->events ? term->creation : term->key->fixed || !fixed))
			continue;
		if (!term_passes(term, &subject))
			return false;
	}
	return true;
}

bool filter_shows_task(const struct filter *filter, const struct model *model, const struct task *task)
{
	return task_passes(filter, model, task, false);
}

bool filter_draws(const struct filter *filter, const struct model *model, const struct task *task)
{
	return task_passes(filter, model, task, true);
}
