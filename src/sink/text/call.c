/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Other calls, of which exec is one, and what they changed. */
#include "sink/text/text.h"

#include <inttypes.h>
#include <stddef.h>

#include "base/array.h"
#include "render/words.h"
#include "teach/effect.h"

static void finish_call_details(struct sink *sink, const struct request *request, const struct parties *parties)
{
	const struct detail detail = line_detail(sink);

	if (request->call != CALL_UNSHARE && request->call != CALL_SETNS)
		return;
	detail_matrix(&detail, request, parties);
	detail_flags(&detail, request, parties);
	detail_remarks(&detail, request, parties);
}

/* What the request of STEP's task looks like now, if that is more exact than before, because of WHY. */
static void finish_guess(struct sink *sink, const struct step *step, const char *why)
{
	if (!step->guess || origin_is_call_seen(sink, step->task))
		return;
	text_addf(&sink->printer.line, "looks like %s: %s", step->guess, why);
	printer_finish(&sink->printer, FOLD_WORDS);
}

/* -v: with which task it shared until now what it no longer shares. */
static void finish_parted(struct sink *sink, const struct step *step)
{
	if (!sink->base.options.verbose || !step->parted)
		return;
	text_addf(&sink->printer.line, "no longer shared with %d", (int)step->parted_from);
	verify_add_checks(&sink->printer.line, ": ", step->parted);
	printer_finish(&sink->printer, FOLD_WORDS);
}

/* In a search along PATH, which fails in the same way again and again, the first failure is shown; with -v all of them.
 */
static void print_failed_exec(struct sink *sink, const struct step *step)
{
	const struct event *event = step->event;

	if (step->again && !sink->base.options.verbose)
		return;
	line_begin(sink, event, event->tid);
	words_add_exec(&sink->printer.line, event, sink->own_arch);
	line_add_error(sink, (int)-(uint64_t)event->call.result);
	line_add_duration(sink, event, event->attempt.duration);
	printer_finish(&sink->printer, FOLD_ARGUMENTS);
	if (event->have & EVENT_HAVE_REFERS) {
		line_add_descriptor(sink, "fd", (int)event->attempt.request.args[0], event->attempt.refers);
		printer_finish(&sink->printer, FOLD_WORDS);
	}
}

void text_on_call(struct sink *sink, const struct step *step)
{
	const struct event *event = step->event;
	const struct parties parties = creation_caller(step);

	if (words_is_failed_exec(event)) {
		if (!sink->base.options.quiet)
			print_failed_exec(sink, step);
		return;
	}
	line_begin(sink, event, event->tid);
	words_add_call(&sink->printer.line, &event->attempt.request, sink->own_arch);
	if (event->call.result < 0)
		line_add_error(sink, (int)-(uint64_t)event->call.result); /* a recording can have any number */
	else
		text_addf(&sink->printer.line, " = %" PRId64, event->call.result);
	line_add_duration(sink, event, event->attempt.duration);
	printer_finish(&sink->printer, FOLD_ARGUMENTS);
	if (sink->base.options.quiet)
		return;
	line_finish_descriptors(sink, event);
	if (event->call.result < 0) {
		creation_finish_refused(sink, step, &event->attempt.request, (int)-(uint64_t)event->call.result,
					"nothing was changed");
		return;
	}
	effect_explain(&sink->printer.line, &event->attempt.request, parties.creator_tgid,
		       step->task ? step->task->process->leader->nspid : 0);
	printer_finish(&sink->printer, FOLD_WORDS);
	if (sink->base.options.verbose)
		finish_call_details(sink, &event->attempt.request, &parties);
	finish_parted(sink, step);
	namespace_finish(sink, step, step->task, "in other namespaces now: ");
	finish_guess(sink, step, "fork(), then setsid()");
}

/* -v: the file, its loader, and the working directory. */
static void finish_program(struct sink *sink, const struct event *event)
{
	static const struct {
		const char *before;
		size_t offset;
		unsigned have;
	} rows[] = {
		{ "runs ", offsetof(struct event, exec.exe), EVENT_HAVE_EXE },
		{ "loaded by ", offsetof(struct event, exec.loader), EVENT_HAVE_LOADER },
		{ "working directory: ", offsetof(struct event, exec.cwd), EVENT_HAVE_CWD },
	};
	struct text *line = &sink->printer.line;

	if (!sink->base.options.verbose)
		return;
	for (size_t i = 0; i < ARRAY_LENGTH(rows); i++) {
		if (!(event->have & rows[i].have))
			continue;
		text_add(line, line->length ? ", " : "");
		text_add(line, rows[i].before);
		text_add_escaped(line, *(const char *const *)((const char *)event + rows[i].offset));
	}
	printer_finish(&sink->printer, FOLD_WORDS);
}

void text_on_exec(struct sink *sink, const struct step *step)
{
	const struct event *event = step->event;
	bool by_thread = event->exec.former && event->exec.former != event->tid;

	line_begin(sink, event, event->tid);
	text_add(&sink->printer.line, "exec");
	if (by_thread)
		text_addf(&sink->printer.line, " by thread %d", (int)event->exec.former);
	if (event->have & EVENT_HAVE_SCRIPT) {
		text_add(&sink->printer.line, " of ");
		text_add_escaped(&sink->printer.line, event->exec.script);
	}
	line_finish_command(sink, event, event->exec.command);
	finish_program(sink, event);
	finish_guess(sink, step, "posix_spawn() of \"sh -c\"");
	finish_parted(sink, step);
	namespace_finish(sink, step, step->task, "in other namespaces now: ");
	if (!by_thread)
		return;
	text_addf(&sink->printer.line, "%d takes the leader's tid %d; the other threads are gone",
		  (int)event->exec.former, (int)event->tid);
	printer_finish(&sink->printer, FOLD_WORDS);
}

/* -T: how long the creator of a task with CLONE_VFORK waited; the time of its call is that of the creation. */
void text_on_vfork_done(struct sink *sink, const struct step *step)
{
	const struct event *event = step->event;

	if (!sink->base.options.duration)
		return;
	line_begin(sink, event, event->tid);
	text_addf(&sink->printer.line, "waited until %d executed a program or ended", (int)event->vfork_done.child);
	line_add_time_spent(sink, event->vfork_done.waited);
	printer_finish(&sink->printer, FOLD_WORDS);
}
