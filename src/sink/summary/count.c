/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Counts creations, refusals and lives.
 *
 * It keeps few things: the tasks whose library call the next exec or setsid may show more exactly, and a histogram of
 * lives for each kind. */
#include <stdlib.h>
#include <string.h>

#include "base/histogram.h"
#include "base/mem.h"
#include "base/names.h"
#include "clone/fingerprint.h"
#include "clone/rules/rules.h"
#include "model/filter.h"
#include "render/words.h"
#include "sink/summary/summary.h"

static const uint64_t *duration_of(const struct event *event, const uint64_t *duration)
{
	return event->have & EVENT_HAVE_DURATION ? duration : NULL;
}

static bool is_thread(const struct task *task)
{
	return task->process->tgid != task->tid || task->former;
}

static struct count_row *kind_row(struct sink *sink, enum kind kind, bool thread)
{
	static const char *const unknown[] = { "process, flags not known", "thread, flags not known" };
	static const char *const unknown_word[] = { "process-unknown", "thread-unknown" };
	const char *name = kind == KIND_UNKNOWN ? unknown[thread] : words_kind(kind);
	struct count_row *row = count_row(&sink->counts[COUNT_KINDS], name, strlen(name));

	row->word = kind == KIND_UNKNOWN ? unknown_word[thread] : kind_name(kind);
	if (!row->lives)
		row->lives = mem_zalloc(1, sizeof(*row->lives));
	return row;
}

static bool shows_origin(const struct sink *sink)
{
	return sink->base.options.origin != SINK_ORIGIN_NEVER;
}

/* NAME: a static string. SEEN: it was on the stack, and is not only what the request looks like. */
static void count_library(struct sink *sink, const char *name, bool seen, const uint64_t *duration)
{
	struct count *count = &sink->counts[COUNT_LIBRARY];
	struct count_row *row;

	text_clear(&sink->name);
	text_addf(&sink->name, "%s%s", name && !seen ? "looks like " : "", name ? name : "none known");
	row = count_row(count, text_get(&sink->name), sink->name.length);
	row->word = name;
	row->seen = seen;
	count_call(count, row, duration);
}

/* The guess about TID is decided: it was NAME; NULL: what it looked like at first. */
static void settle(struct sink *sink, pid_t tid, const char *name)
{
	struct guess *guess;

	HASH_FIND_INT(sink->guesses, &tid, guess);
	if (!guess)
		return;
	count_library(sink, name ? name : guess->looks_like, false, guess->timed ? &guess->duration : NULL);
	HASH_DEL(sink->guesses, guess);
	free(guess);
}

static bool may_change(const char *looks_like)
{
	return fingerprint_after_exec(looks_like, "sh -c ") || fingerprint_after_setsid(looks_like);
}

static void count_looks(struct sink *sink, const struct task *task, const uint64_t *duration)
{
	const char *seen = words_seen_call(task, &sink->base.options);
	const char *name = seen ? seen : task->looks_like;
	struct guess *guess;

	settle(sink, task->tid, NULL); /* another task had this tid, and its end was not seen */
	if (seen || !may_change(name)) {
		count_library(sink, name, seen, duration);
		return;
	}
	guess = mem_alloc(sizeof(*guess));
	*guess = (struct guess){ .tid = task->tid,
				 .looks_like = task->looks_like,
				 .duration = duration ? *duration : 0,
				 .timed = duration };
	HASH_ADD_INT(sink->guesses, tid, guess);
}

static void count_program(struct sink *sink, const struct step *step, const uint64_t *duration)
{
	const struct process *process =
		step->task ? step->task->process : model_find_process(step->model, step->event->spawn.creator_tgid);
	struct count *count = &sink->counts[COUNT_PROGRAMS];
	size_t length = 0;
	const char *name = process && process->command ? model_program(process->command, &length) : NULL;

	if (!name)
		length = strlen(name = "not known");
	count_call(count, count_row(count, name, length), duration);
}

/* Where in the program the creation comes from. */
static void count_origin(struct sink *sink, const struct event *event, const uint64_t *duration)
{
	struct count *count = &sink->counts[COUNT_ORIGINS];

	if (!(event->have & EVENT_HAVE_STACK) || !shows_origin(sink))
		return;
	text_clear(&sink->name);
	words_add_origin(&sink->name, &event->attempt.stack);
	if (!sink->name.length)
		text_add(&sink->name, "not known");
	count_call(count, count_row(count, text_get(&sink->name), sink->name.length), duration);
}

/* The task of the event, if the filter shows it. */
static const struct task *shown(const struct sink *sink, const struct step *step)
{
	const struct task *task = step->event->kind == EVENT_SPAWN ? step->other : step->task;

	return task && filter_draws(sink->base.options.filter, step->model, task) ? task : NULL;
}

void summary_on_spawn(struct sink *sink, const struct step *step)
{
	const struct event *event = step->event;
	const uint64_t *duration = duration_of(event, &event->attempt.duration);
	bool thread;

	if (!shown(sink, step))
		return;
	thread = is_thread(step->other);
	count_call(&sink->counts[COUNT_KINDS], kind_row(sink, step->other->kind, thread), duration);
	count_looks(sink, step->other, duration);
	count_program(sink, step, duration);
	count_origin(sink, event, duration);
	sink->processes += !thread;
	rate_add(&sink->rate, event->when > sink->begun ? event->when - sink->begun : 0, 1);
}

static void count_refusal(struct sink *sink, const struct event *event)
{
	const struct request *request = &event->attempt.request;
	const struct facts *facts = event_facts(event);
	const struct rule *rule = rules_violated(request, event->refused.error, facts);
	struct count *count = &sink->counts[COUNT_REFUSALS];
	struct count_row *row;

	text_clear(&sink->name);
	text_addf(&sink->name, "%s: ", call_name(request->call));
	if (!rule) {
		words_add_errno(&sink->name, event->refused.error);
	} else {
		text_addf(&sink->name, "%s: ", errno_name(event->refused.error));
		/* one row, even if the numbers differ each time */
		if (rule->about == RULE_MACHINE && rule->condition)
			rule_explain_condition(&sink->name, rule, request, NULL);
		else
			rule_explain(&sink->name, rule, request, facts);
	}
	row = count_row(count, text_get(&sink->name), sink->name.length);
	row->call = request->call;
	row->error = event->refused.error;
	row->rule = rule ? rule->name : NULL;
	count_call(count, row, duration_of(event, &event->attempt.duration));
}

void summary_on_refused(struct sink *sink, const struct step *step)
{
	if (filter_shows(sink->base.options.filter, step))
		count_refusal(sink, step->event);
}

static bool made_here(const struct task *task)
{
	return !task->attached && !task->launched;
}

/* TASK has ended, and its end is known. A task that existed before the trace has lived longer than is known. */
static void count_life(struct sink *sink, const struct task *task)
{
	struct count_row *row;

	if (!made_here(task) || task->end < task->start)
		return;
	row = kind_row(sink, task->kind, is_thread(task));
	histogram_add(row->lives, task->end - task->start);
}

/* If a thread that is not the leader execs, the filter may show only one of the two tasks. */
void summary_on_exec(struct sink *sink, const struct step *step)
{
	const struct event *event = step->event;
	const struct task *replaced = step->other;

	if (!step->task)
		return;
	settle(sink, event->tid, replaced ? NULL : step->guess);
	if (replaced && filter_draws(sink->base.options.filter, step->model, replaced))
		count_life(sink, replaced);
}

void summary_on_call(struct sink *sink, const struct step *step)
{
	if (step->guess && shown(sink, step))
		settle(sink, step->event->tid, step->guess);
}

void summary_on_exit(struct sink *sink, const struct step *step)
{
	const struct task *task = shown(sink, step);

	if (!task)
		return;
	settle(sink, task->tid, NULL);
	count_life(sink, task);
	sink->never += made_here(task) && !is_thread(task) && !task->execs;
}

void summary_on_detach(struct sink *sink, const struct step *step)
{
	settle(sink, step->event->tid, NULL);
}

void summary_on_begin(struct sink *sink, const struct step *step)
{
	sink->begun = step->event->when;
	sink->mode = step->event->begin.mode;
}

void summary_on_note(struct sink *sink, const struct step *step)
{
	const struct event *event = step->event;

	if (event->note.code == NOTE_STOP_COST) {
		sink->cost_least = event->note.number;
		sink->cost_most = event->note.value;
	} else if (event->note.code == NOTE_UNREAPED && event->note.number > 0 && shown(sink, step)) {
		sink->unreaped += (uint64_t)event->note.number;
	}
}

static const struct task *next_task(const struct task *task)
{
	if (task->first)
		return task->first;
	while (task->creator && !task->next)
		task = task->creator;
	return task->next;
}

void summary_conclude(struct sink *sink, const struct model *model)
{
	struct guess *guess, *next;

	HASH_ITER (hh, sink->guesses, guess, next)
		settle(sink, guess->tid, NULL);
	sink->lacking = 0;
	for (const struct task *task = model_roots(model); task; task = next_task(task)) {
		sink->lacking += (task->state == TASK_ALIVE || task->state == TASK_ZOMBIE) && made_here(task) &&
				 !is_thread(task) && !task->execs &&
				 filter_draws(sink->base.options.filter, model, task);
	}
	for (size_t i = 0; i < COUNTS; i++)
		count_sort(&sink->counts[i], sink->base.options.sort);
}
