/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Tasks that appear, get a name or a signal, stop, continue and end. */
#include "sink/text/text.h"

#include <signal.h>
#include <sys/wait.h>

#include "base/names.h"
#include "clone/flags.h"
#include "render/delivery.h"
#include "render/words.h"

#define SIGNAL_MAX 64

/* -v: the flags that must have created a task which existed before the trace. */
static void finish_inferred(struct sink *sink, const struct event *event)
{
	struct text *line = &sink->printer.line;

	if (!sink->base.options.verbose || !(event->have & EVENT_HAVE_INFERRED || event->attach.creator))
		return;
	text_add(line, "inferred: ");
	if (event->have & EVENT_HAVE_INFERRED) {
		text_add(line, "made with ");
		flags_format(line, event->attach.inferred, CALL_CLONE3);
		text_add(line, ", by what it shares");
	}
	if (event->attach.creator)
		text_addf(line, "%schild of task %d, which made it or has it from a thread that ended",
			  event->have & EVENT_HAVE_INFERRED ? "; " : "", (int)event->attach.creator);
	printer_finish(&sink->printer, FOLD_WORDS);
}

static void print_attach_leader(struct sink *sink, const struct event *event)
{
	struct text *line = &sink->printer.line;

	line_begin(sink, event, event->tid);
	text_add(line, event->attach.launched ? "launched: " : "already there: ");
	text_add(line, event->attach.zombie ? "zombie leader of a process" : "process");
	if (event->attach.nlwp && !event->attach.launched) {
		text_add(line, " with ");
		words_add_count(line, event->attach.nlwp, "thread");
	}
	if (event->have & EVENT_HAVE_PPID)
		text_addf(line, ", child of %d", (int)event->attach.ppid);
	if (event->have & EVENT_HAVE_NSPID)
		text_addf(line, ", %d inside its pid namespace", (int)event->attach.nspid);
	line_finish_command(sink, event, event->attach.command);
}

void text_on_name(struct sink *sink, const struct step *step)
{
	const struct event *event = step->event;

	line_begin(sink, event, event->tid);
	words_add_name(&sink->printer.line, event);
	printer_finish(&sink->printer, FOLD_CUT);
}

static void finish_attached(struct sink *sink, const struct step *step)
{
	finish_inferred(sink, step->event);
	namespace_finish_ids(sink, step->event, &step->event->attach.nspids);
	namespace_finish(sink, step, step->task, "in other namespaces than the tracer: ");
}

void text_on_attach(struct sink *sink, const struct step *step)
{
	const struct event *event = step->event;
	bool leader = event->tid == event->attach.tgid;

	if (!sink->base.options.verbose && (!leader || event->attach.launched))
		return;
	if (leader) {
		print_attach_leader(sink, event);
		finish_attached(sink, step);
		return;
	}
	line_begin(sink, event, event->tid);
	text_addf(&sink->printer.line, "already there: thread of %d", (int)event->attach.tgid);
	if (event->have & EVENT_HAVE_NSPID)
		text_addf(&sink->printer.line, ", %d inside its pid namespace", (int)event->attach.nspid);
	printer_finish(&sink->printer, FOLD_WORDS);
	finish_attached(sink, step);
}

/* What is left after a thread's end. It does not say that the other threads continue, because they may be ending, too.
 * Not every exit_group() is seen, so it says that the process ends only if that is known, and then for all its threads.
 */
static void add_thread_end(struct text *line, const struct event *event, const struct process *process)
{
	const bool killed =
		event->have & EVENT_HAVE_LEADER && event->exit.with_group && WIFSIGNALED(event->exit.status);

	text_addf(line, "thread of %d%s", (int)process->tgid, killed ? ", with its whole process" : "");
	if (event->exit.replaced)
		return;
	text_add(line, ": ");
	words_add_count(line, process->nlwp, "thread");
	text_add(line, " left");
}

/* Which process the kernel signals at the end of TASK's process, and with what. The kernel ignores a number that is no
 * signal. A signal that is sent need not arrive: the parent may ignore it. IGNORED: the parent ignores SIGCHLD. */
static void add_process_end(struct text *line, const struct task *task, bool ignored)
{
	const struct process *process = task->process;

	text_add(line, "process ends");
	if (process->ended > 1) {
		text_add(line, " with its ");
		words_add_count(line, process->ended, "task");
	}
	if (task->launched) {
		text_add(line, ": the program that was launched");
	} else if (process->ppid && process->exit_signal < 0) {
		text_addf(line, "; its parent is %d", (int)process->ppid);
	} else if (process->ppid && (!process->exit_signal || process->exit_signal > SIGNAL_MAX)) {
		text_addf(line, "; %d gets no signal", (int)process->ppid);
	} else if (process->ppid && process->exit_signal == SIGCHLD && ignored) {
		text_addf(line, "; %d ignores SIGCHLD, so no signal is sent and no zombie stays", (int)process->ppid);
	} else if (process->ppid) {
		text_addf(line, "; sends %d ", (int)process->ppid);
		signal_add_name(line, process->exit_signal);
	}
}

/* Begins an addition to an end: with " (" or, if the words already end in brackets, with "; " in these. */
static void open_brackets(struct text *line)
{
	if (line->length && line->data[line->length - 1] == ')') {
		line->length--;
		text_add(line, "; ");
	} else {
		text_add(line, " (");
	}
}

/* The execs that failed before EVENT's task ended without success, which are mostly the reason. */
static void finish_failed_exec(struct sink *sink, const struct event *event, const struct task *task)
{
	const struct failed_exec *failed = task ? task->process->failed : NULL;
	struct text *line = &sink->printer.line;

	if (!failed || failed->tid != event->tid || !event->exit.status || event->exit.replaced)
		return;
	if (failed->count > 1)
		text_addf(line, "its last %u execs failed, the last one", failed->count);
	else
		text_add(line, "its last exec");
	if (failed->file && *failed->file) {
		text_add(line, ", of ");
		text_add_escaped(line, failed->file);
		text_add(line, ",");
	}
	text_add(line, failed->count > 1 ? " with " : " failed with ");
	words_add_errno(line, failed->error);
	printer_finish(&sink->printer, FOLD_WORDS);
}

void text_on_exit(struct sink *sink, const struct step *step)
{
	const struct event *event = step->event;
	const struct task *task = step->task;
	struct text *line = &sink->printer.line;

	line_begin(sink, event, event->tid);
	words_add_end(line, event, task);
	if (event->have & EVENT_HAVE_FORBIDDEN) {
		open_brackets(line);
		words_add_forbidden(line, event);
		text_add(line, ")");
	}
	if (task) {
		open_brackets(line);
		if (task->process->tgid == task->tid)
			add_process_end(line, task, sink->base.options.verbose && event->have & EVENT_HAVE_IGNORED);
		else
			add_thread_end(line, event, task->process);
		text_add(line, ")");
	}
	printer_finish(&sink->printer, FOLD_WORDS);
	finish_failed_exec(sink, event, task);
}

void text_on_leader_exit(struct sink *sink, const struct step *step)
{
	struct text *line = &sink->printer.line;

	line_begin(sink, step->event, step->event->tid);
	words_add_status(line, step->event->exit.status);
	open_brackets(line);
	text_add(line, "leader; stays as a zombie until ");
	if (step->task) {
		text_add(line, "its ");
		words_add_count(line, step->task->process->nlwp, "thread");
		text_add(line, step->task->process->nlwp == 1 ? " has ended)" : " have ended)");
	} else {
		text_add(line, "its threads have ended)");
	}
	printer_finish(&sink->printer, FOLD_WORDS);
}

void text_on_signal(struct sink *sink, const struct step *step)
{
	struct text *line = &sink->printer.line;

	if (!sink->base.options.signals)
		return;
	line_begin(sink, step->event, step->event->tid);
	text_add(line, "gets ");
	signal_add_name(line, step->event->signal.signo);
	text_add(line, ": ");
	if (step->event->have & EVENT_HAVE_SIGINFO)
		delivery_add_origin(line, step);
	else
		text_add(line, "who sent it could not be read");
	printer_finish(&sink->printer, FOLD_WORDS);
	delivery_add_aim(line, step);
	if (line->length && step->event->have & EVENT_HAVE_ACTION)
		text_add(line, "; ");
	delivery_add_action(line, step);
	printer_finish(&sink->printer, FOLD_WORDS);
}

/* " (the whole process, 3 tasks)" */
static void add_whole(struct text *line, const struct step *step)
{
	const struct process *process = step->task ? step->task->process : NULL;

	text_add(line, " (the whole process");
	if (process && process->nlwp > 1) {
		text_add(line, ", ");
		words_add_count(line, process->nlwp, "task");
	}
	text_add(line, ")");
}

void text_on_group_stop(struct sink *sink, const struct step *step)
{
	line_begin(sink, step->event, step->event->tid);
	text_add(&sink->printer.line, "stopped by ");
	signal_add_name(&sink->printer.line, step->event->signal.signo);
	add_whole(&sink->printer.line, step);
	printer_finish(&sink->printer, FOLD_WORDS);
}

void text_on_group_cont(struct sink *sink, const struct step *step)
{
	int signo = step->event->signal.signo;

	line_begin(sink, step->event, step->event->tid);
	text_add(&sink->printer.line, signo ? "goes on by " : "goes on");
	if (signo)
		signal_add_name(&sink->printer.line, signo);
	add_whole(&sink->printer.line, step);
	printer_finish(&sink->printer, FOLD_WORDS);
}

void text_on_group_exit(struct sink *sink, const struct step *step)
{
	const struct process *process = step->task ? step->task->process : NULL;

	line_begin(sink, step->event, step->event->tid);
	text_addf(&sink->printer.line, "exit_group(%d) ends ", WEXITSTATUS(step->event->exit.status));
	if (process) {
		text_addf(&sink->printer.line, "the whole process %d, ", (int)process->tgid);
		words_add_count(&sink->printer.line, process->ended, "task");
	} else {
		text_add(&sink->printer.line, "its whole process");
	}
	printer_finish(&sink->printer, FOLD_WORDS);
}

void text_on_reparent(struct sink *sink, const struct step *step)
{
	const struct event *event = step->event;

	line_begin(sink, event, event->tid);
	text_addf(&sink->printer.line, "now child of %d%s", (int)event->reparent.to,
		  event->reparent.to == 1 ? ", init" : "");
	if (event->reparent.from)
		text_addf(&sink->printer.line, " (its parent %d ended)", (int)event->reparent.from);
	printer_finish(&sink->printer, FOLD_WORDS);
}

/* One line for a process, with its last thread. */
void text_on_detach(struct sink *sink, const struct step *step)
{
	const struct process *process = step->task ? step->task->process : NULL;

	if (process && process->nlwp)
		return;
	line_begin(sink, step->event, process ? process->tgid : step->event->tid);
	text_add(&sink->printer.line, "detached: no longer followed");
	printer_finish(&sink->printer, FOLD_WORDS);
}
