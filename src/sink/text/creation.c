/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A new task, or a creation that was refused: the call, the verdict, and what is shared. */
#include "sink/text/text.h"

#include <inttypes.h>

#include "clone/flags.h"
#include "clone/rules/rules.h"
#include "render/words.h"
#include "teach/explain.h"

/* In brackets, before the call: what is not known about the creator and the call. */
static void add_unseen(struct text *line, const struct event *event)
{
	bool creator = event->have & EVENT_HAVE_CREATOR, request = event->have & EVENT_HAVE_REQUEST;

	if (creator) {
		text_add(line, request ? "" : "(call not seen)");
		return;
	}
	if (event->spawn.creator_tgid)
		text_addf(line, "(by process %d, task not known", (int)event->spawn.creator_tgid);
	else
		text_add(line, "(by a task not known");
	text_add(line, request ? ") " : ", call not seen)");
}

/* The task's pid in its own namespace; 0: it is the same as the tracer's. */
static void add_inside(struct text *line, pid_t nspid)
{
	if (nspid)
		text_addf(line, " (%d inside)", (int)nspid);
}

static void finish_spawn_call(struct sink *sink, const struct event *event)
{
	struct text *line = &sink->printer.line;

	add_unseen(line, event);
	if (event->have & EVENT_HAVE_REQUEST)
		words_add_call(line, &event->attempt.request, sink->own_arch);
	text_addf(line, " = %d", (int)event->spawn.child);
	if (event->have & EVENT_HAVE_RETURNED)
		text_addf(line, " (the caller got %d)", (int)event->spawn.returned);
	if (sink->base.options.quiet)
		add_inside(line, event->have & EVENT_HAVE_NSPID ? event->spawn.nspid : 0);
	line_add_duration(sink, event, event->attempt.duration);
	printer_finish(&sink->printer, FOLD_ARGUMENTS);
}

/* The verdict, as far as it follows from the pids. */
static void finish_verdict_unknown(struct sink *sink, const struct parties *parties)
{
	struct text *line = &sink->printer.line;

	if (!parties->child_tgid) {
		text_addf(line, "TASK %d", (int)parties->child);
		add_inside(line, parties->inside);
		text_add(line, ": thread or process is not known");
	} else if (parties->child_tgid == parties->child) {
		text_addf(line, "PROCESS %d", (int)parties->child);
		add_inside(line, parties->inside);
		text_add(line, ": leads its own thread group");
		if (parties->parent)
			text_addf(line, ", child of %d", (int)parties->parent);
	} else {
		text_addf(line, "THREAD %d", (int)parties->child);
		add_inside(line, parties->inside);
		text_addf(line, " of process %d", (int)parties->child_tgid);
		if (parties->threads) {
			text_add(line, ", now ");
			words_add_count(line, parties->threads, "thread");
		}
	}
	text_add(line, "; its flags are not known");
	printer_finish_verdict(&sink->printer);
}

static struct parties spawn_parties(const struct step *step)
{
	const struct event *event = step->event;
	const struct process *process = step->other ? step->other->process : NULL;

	return (struct parties){
		.creator = event->have & EVENT_HAVE_CREATOR ? event->tid : 0,
		.creator_tgid = event->spawn.creator_tgid,
		.child = event->spawn.child,
		.inside = event->have & EVENT_HAVE_NSPID ? event->spawn.nspid : 0,
		.child_tgid = event->spawn.child_tgid,
		.parent = event->have & EVENT_HAVE_PPID ? event->spawn.ppid
			  : process			? process->ppid
							: 0,
		.threads = process ? process->nlwp : 0,
	};
}

/* Where a creation comes from and what the new task runs: the program's side of the call. */
static void finish_program_side(struct sink *sink, const struct event *event)
{
	origin_finish(sink, event, &event->attempt.stack);
	origin_finish_start(sink, event);
}

/* -T and -v: what the creation had to copy, next to the time that it took. */
static void finish_memory(struct sink *sink, const struct event *event, const struct parties *parties)
{
	const struct request *request = &event->attempt.request;
	uint64_t made = event->spawn.child_page_tables;
	struct text *line = &sink->printer.line;

	if (!sink->base.options.duration || !(event->have & EVENT_HAVE_MEMORY))
		return;
	text_addf(line, "page tables: %d has %" PRIu64 " KiB of them, for %" PRIu64 " KiB in memory; ",
		  (int)parties->creator, event->spawn.page_tables / 1024, event->spawn.resident / 1024);
	if (request->flags & FLAG_VM)
		text_addf(line, "%d uses the same, and nothing was copied", (int)parties->child);
	else if (made)
		text_addf(line,
			  "%" PRIu64 " KiB were made for %d by copying those, the pages themselves were not copied",
			  made / 1024, (int)parties->child);
	else
		text_addf(line, "%d got a copy of those, the pages themselves were not copied", (int)parties->child);
	printer_finish(&sink->printer, FOLD_WORDS);
}

/* That the call is a library's second attempt. */
static void finish_retry(struct sink *sink, const struct step *step)
{
	if (!step->retry_of)
		return;
	text_addf(&sink->printer.line,
		  "second attempt of %d: its clone3 for the same failed with ENOSYS, and C libraries then fall back "
		  "to clone",
		  (int)step->event->tid);
	printer_finish(&sink->printer, FOLD_WORDS);
}

static void finish_spawn_namespaces(struct sink *sink, const struct step *step)
{
	struct text intro = TEXT_INIT;

	if (step->task && step->ns_changed)
		text_addf(&intro, "in other namespaces than %d: ", (int)step->task->tid);
	else
		text_add(&intro, "in other namespaces than the tracer: ");
	namespace_finish(sink, step, step->other, text_get(&intro));
	text_done(&intro);
}

/* The lines between that of the call and those about what the tasks share. */
static void finish_made(struct sink *sink, const struct step *step, const struct parties *parties)
{
	const struct event *event = step->event;

	if (!(event->have & EVENT_HAVE_REQUEST)) {
		finish_verdict_unknown(sink, parties);
	} else {
		explain_verdict(&sink->printer.line, &event->attempt.request, parties);
		printer_finish_verdict(&sink->printer);
		finish_retry(sink, step);
	}
	namespace_finish_ids(sink, event, &event->spawn.nspids);
	finish_spawn_namespaces(sink, step);
	finish_program_side(sink, event);
}

static void finish_sharing(struct sink *sink, const struct event *event, const struct parties *parties)
{
	const struct request *request = &event->attempt.request;

	if (!(event->have & EVENT_HAVE_REQUEST))
		return;
	if (sink->base.options.verbose) {
		const struct detail detail = line_detail(sink);

		finish_memory(sink, event, parties);
		detail_matrix(&detail, request, parties);
		detail_flags(&detail, request, parties);
		detail_missing(&detail, request, parties);
		detail_remarks(&detail, request, parties);
		return;
	}
	explain_sharing(&sink->printer.line, request, parties);
	printer_finish(&sink->printer, FOLD_WORDS);
}

void text_on_spawn(struct sink *sink, const struct step *step)
{
	const struct event *event = step->event;
	struct parties parties = spawn_parties(step);

	line_begin(sink, event, event->have & EVENT_HAVE_CREATOR ? event->tid : event->spawn.child);
	finish_spawn_call(sink, event);
	if (sink->base.options.quiet) {
		finish_program_side(sink, event);
	} else {
		parties.seen = origin_is_call_seen(sink, step->other);
		finish_made(sink, step, &parties);
		finish_sharing(sink, event, &parties);
		line_finish_descriptors(sink, event);
	}
	origin_finish_stack(sink, event, &event->attempt.stack);
}

struct parties creation_caller(const struct step *step)
{
	return (struct parties){
		.creator = step->event->tid,
		.creator_tgid = step->task ? step->task->process->tgid : 0,
	};
}

void creation_finish_refused(struct sink *sink, const struct step *step, const struct request *request, int error,
			     const char *what)
{
	const struct event *event = step->event;
	const struct parties parties = creation_caller(step);

	text_addf(&sink->printer.line, "REFUSED: %s", what);
	rules_explain_refusal(&sink->printer.line, request, error, event_facts(event));
	printer_finish_verdict(&sink->printer);
	finish_retry(sink, step);
	if (event->kind == EVENT_REFUSED)
		origin_finish(sink, event, &event->attempt.stack);
	if (sink->base.options.verbose) {
		const struct detail detail = line_detail(sink);

		detail_refused(&detail, request, &parties);
	}
}

void text_on_refused(struct sink *sink, const struct step *step)
{
	const struct event *event = step->event;

	line_begin(sink, event, event->tid);
	words_add_call(&sink->printer.line, &event->attempt.request, sink->own_arch);
	line_add_error(sink, event->refused.error);
	line_add_duration(sink, event, event->attempt.duration);
	printer_finish(&sink->printer, FOLD_ARGUMENTS);
	if (sink->base.options.quiet) {
		origin_finish(sink, event, &event->attempt.stack);
	} else {
		creation_finish_refused(sink, step, &event->attempt.request, event->refused.error, "no task was made");
		line_finish_descriptors(sink, event);
	}
	origin_finish_stack(sink, event, &event->attempt.stack);
}
