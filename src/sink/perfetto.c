/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Chrome's trace events, which the Perfetto UI opens: a track for each task, its life as a slice, and an arrow to each
 * task that it created.
 *
 * Format: "Trace Event Format" (JSON array; its end may be missing, so a trace that was cut off can be opened). A
 * thread's slice is its life. A process has one more within it for each program that it runs. Times are microseconds of
 * CLOCK_MONOTONIC, as in other traces of the same machine. */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/wait.h>

#include "base/json.h"
#include "base/mem.h"
#include "base/names.h"
#include "base/text.h"
#include "clone/flags.h"
#include "model/filter.h"
#include "render/words.h"
#include "sink/formats.h"

struct sink {
	struct sink_base base;
	struct json json; /* the array of all entries, written to the base's text */
	struct text word; /* a string that is not quoted yet */
	bool begun;
};

/* ---- entries ---- */

/* Opens an entry of PHASE at WHEN on a track; close_entry() ends it. */
static void open_on(struct sink *sink, const char *phase, pid_t tgid, pid_t tid, uint64_t when)
{
	char microseconds[32];

	json_open_object(&sink->json, JSON_DENSE);
	json_put_string(&sink->json, "ph", phase);
	json_put_signed(&sink->json, "pid", tgid);
	json_put_signed(&sink->json, "tid", tid);
	snprintf(microseconds, sizeof(microseconds), "%" PRIu64 ".%03u", when / 1000, (unsigned)(when % 1000));
	json_key(&sink->json, "ts");
	json_add_number(&sink->json, microseconds);
}

static void open_entry(struct sink *sink, const char *phase, const struct task *task, uint64_t when)
{
	open_on(sink, phase, task->process->tgid, task->tid, when);
}

/* Adds `word` as the string of KEY, and empties it. */
static void put_word(struct sink *sink, const char *key)
{
	json_put_string(&sink->json, key, text_get(&sink->word));
	text_clear(&sink->word);
}

static void open_args(struct sink *sink)
{
	json_key(&sink->json, "args");
	json_open_object(&sink->json, JSON_DENSE);
}

static void close_args(struct sink *sink)
{
	json_close(&sink->json);
}

/* Also ends its line, so a trace that is cut off has whole lines. */
static void close_entry(struct sink *sink)
{
	json_close(&sink->json);
	json_separate(&sink->json);
}

/* ---- what stands on the tracks ---- */

static void add_program(struct text *text, const char *command)
{
	size_t length;
	const char *program = model_program(command, &length);

	text_add_bytes(text, program, length);
}

/* Names TASK's track with `word`. KIND: "process_name" or "thread_name". */
static void name_by(struct sink *sink, const char *kind, const struct task *task, uint64_t when)
{
	open_entry(sink, "M", task, when);
	json_put_string(&sink->json, "name", kind);
	open_args(sink);
	put_word(sink, "name");
	close_args(sink);
	close_entry(sink);
}

static void name_track(struct sink *sink, const struct task *task, uint64_t when)
{
	const struct process *process = task->process;

	if (task->tid == process->tgid && process->command) {
		add_program(&sink->word, process->command);
		name_by(sink, "process_name", task, when);
	}
	words_add_kind(&sink->word, task);
	name_by(sink, "thread_name", task, when);
}

/* Whether TASK's track has a slice for the program in the slice for its life. */
static bool has_program(const struct task *task)
{
	return task->tid == task->process->tgid;
}

static void begin_program(struct sink *sink, const struct task *task, uint64_t when)
{
	const char *command = task->process->command;

	open_entry(sink, "B", task, when);
	if (command)
		add_program(&sink->word, command);
	else
		text_add(&sink->word, task->launched ? "before its exec" : "command not known");
	put_word(sink, "name");
	json_put_string(&sink->json, "cat", "program");
	if (command) {
		open_args(sink);
		json_put_string(&sink->json, "command", command);
		close_args(sink);
	}
	close_entry(sink);
}

static void end_slice(struct sink *sink, const struct task *task, uint64_t when)
{
	open_entry(sink, "E", task, when);
	close_entry(sink);
}

/* How the task was created, as far as EVENT, the first of its life, says it. */
static void put_creation(struct sink *sink, const struct event *event)
{
	if (event->kind != EVENT_SPAWN)
		return;
	if (event->have & EVENT_HAVE_REQUEST) {
		flags_format(&sink->word, event->attempt.request.flags, event->attempt.request.call);
		put_word(sink, "flags");
	}
	if (event->have & EVENT_HAVE_STACK && sink->base.options.origin != SINK_ORIGIN_NEVER &&
	    stack_origin(&event->attempt.stack)) {
		words_add_origin(&sink->word, &event->attempt.stack);
		put_word(sink, "origin");
	}
}

/* Starts the slice of the task's life, whose name says what the task is and how it was created. */
static void begin_life(struct sink *sink, const struct task *task, const struct event *event)
{
	name_track(sink, task, event->when);
	open_entry(sink, "B", task, event->when);
	words_add_kind(&sink->word, task);
	words_add_made_by(&sink->word, ", ", task, &sink->base.options);
	put_word(sink, "name");
	json_put_string(&sink->json, "cat", kind_name(task->kind));
	open_args(sink);
	json_put_string(&sink->json, "kind", kind_name(task->kind));
	json_put_signed(&sink->json, "tgid", task->process->tgid);
	json_put_signed(&sink->json, "ppid", task->process->ppid);
	if (task->creator)
		json_put_signed(&sink->json, "creator", task->creator->tid);
	put_creation(sink, event);
	close_args(sink);
	close_entry(sink);
	if (has_program(task))
		begin_program(sink, task, event->when);
}

static void end_life(struct sink *sink, const struct task *task, uint64_t when)
{
	end_slice(sink, task, when);
	if (has_program(task))
		end_slice(sink, task, when);
}

/* One end of an arrow to CHILD, of PHASE, on TASK's track. */
static void draw_flow_end(struct sink *sink, const char *phase, const struct task *task, const struct task *child,
			  uint64_t when)
{
	open_entry(sink, phase, task, when);
	json_put_string(&sink->json, "name", "creates");
	json_put_string(&sink->json, "cat", "creation");
	if (task == child)
		json_put_string(&sink->json, "bp", "e");
	json_put_unsigned(&sink->json, "id", child->birth);
	close_entry(sink);
}

/* An arrow from the creator's slice to the child's. It ends a nanosecond late, so that it is not on the slice's edge.
 */
static void draw_flow(struct sink *sink, const struct task *creator, const struct task *child, uint64_t when)
{
	draw_flow_end(sink, "s", creator, child, when);
	draw_flow_end(sink, "f", child, child, when + 1);
}

/* An instant on TASK's track (NULL: it is not known, so there is no track), with the name `word`. */
static void mark(struct sink *sink, const struct task *task, uint64_t when, const char *category)
{
	if (task) {
		open_entry(sink, "i", task, when);
		json_put_string(&sink->json, "s", "t");
		json_put_string(&sink->json, "cat", category);
		put_word(sink, "name");
		close_entry(sink);
	}
	text_clear(&sink->word);
}

static void mark_step(struct sink *sink, const struct step *step, const char *category)
{
	mark(sink, step->task, step->event->when, category);
}

/* ---- events ---- */

static bool is_drawn(const struct sink *sink, const struct step *step, const struct task *task)
{
	return filter_draws(sink->base.options.filter, step->model, task);
}

static void on_attach(struct sink *sink, const struct step *step)
{
	if (step->task)
		begin_life(sink, step->task, step->event);
}

static void on_spawn(struct sink *sink, const struct step *step)
{
	if (!step->other)
		return;
	begin_life(sink, step->other, step->event);
	if (step->task && is_drawn(sink, step, step->task))
		draw_flow(sink, step->task, step->other, step->event->when);
}

static void on_exec(struct sink *sink, const struct step *step)
{
	const struct event *event = step->event;
	const struct task *task = step->task;

	if (!task || !is_drawn(sink, step, task))
		return;
	if (event->exec.former == event->tid) {
		end_slice(sink, task, event->when);
		begin_program(sink, task, event->when);
		name_track(sink, task, event->when);
		return;
	}
	/* The caller gets the leader's tid, and so the leader's track. */
	open_on(sink, "E", task->process->tgid, event->exec.former, event->when);
	close_entry(sink);
	if (step->other && step->other->end == event->when && is_drawn(sink, step, step->other))
		end_life(sink, step->other, event->when);
	begin_life(sink, task, event);
}

static void mark_call(struct sink *sink, const struct step *step, const struct request *request, int error)
{
	const bool exec = words_is_failed_exec(step->event);

	text_add(&sink->word, call_name(request->call));
	if (exec && step->event->have & EVENT_HAVE_FILE)
		text_addf(&sink->word, " %s", step->event->call.file);
	if (error) {
		text_add(&sink->word, exec ? " failed: " : " refused: ");
		words_add_errno(&sink->word, error);
	}
	mark_step(sink, step, error ? "refused" : "call");
}

static void on_refused(struct sink *sink, const struct step *step)
{
	mark_call(sink, step, &step->event->attempt.request, step->event->refused.error);
}

static void on_call(struct sink *sink, const struct step *step)
{
	const int64_t result = step->event->call.result;

	mark_call(sink, step, &step->event->attempt.request, result < 0 ? (int)-result : 0);
}

static void on_vfork_done(struct sink *sink, const struct step *step)
{
	words_add_wait(&sink->word, step->event);
	mark_step(sink, step, "call");
}

static void on_name(struct sink *sink, const struct step *step)
{
	words_add_name(&sink->word, step->event);
	mark_step(sink, step, "name");
}

static void on_signal(struct sink *sink, const struct step *step)
{
	signal_add_name(&sink->word, step->event->signal.signo);
	mark_step(sink, step, "signal");
}

static void on_group_stop(struct sink *sink, const struct step *step)
{
	text_add(&sink->word, "stopped by ");
	signal_add_name(&sink->word, step->event->signal.signo);
	mark_step(sink, step, "stop");
}

static void on_group_cont(struct sink *sink, const struct step *step)
{
	text_add(&sink->word, "continued");
	mark_step(sink, step, "stop");
}

static void on_group_exit(struct sink *sink, const struct step *step)
{
	text_addf(&sink->word, "exit_group(%d)", WEXITSTATUS(step->event->exit.status));
	mark_step(sink, step, "end");
}

static void on_end(struct sink *sink, const struct step *step)
{
	const struct event *event = step->event;
	const struct task *task = step->task;

	/* The end of a leader that ended before its threads was written then. */
	if (!task || (event->kind == EVENT_EXIT && task->end != event->when && !event->exit.replaced))
		return;
	words_add_end(&sink->word, event, task);
	mark_step(sink, step, "end");
	end_life(sink, task, event->when);
}

static void on_reparent(struct sink *sink, const struct step *step)
{
	text_addf(&sink->word, "now child of %d", (int)step->event->reparent.to);
	mark_step(sink, step, "parent");
}

static void on_detach(struct sink *sink, const struct step *step)
{
	text_add(&sink->word, "let go");
	mark_step(sink, step, "end");
	if (step->task)
		end_life(sink, step->task, step->event->when);
}

/* ---- the ops ---- */

static void perfetto_open(struct sink *sink)
{
	json_init(&sink->json, &sink->base.text, 0);
}

/* Opens the array of all entries, once. */
static void begin_trace(struct sink *sink)
{
	if (sink->begun)
		return;
	sink->begun = true;
	json_open_array(&sink->json, JSON_LINES);
	json_separate(&sink->json);
}

static void perfetto_every(struct sink *sink, const struct step *step)
{
	(void)step;
	begin_trace(sink);
}

/* The last entry must not have a comma, so it is an entry that says nothing new. */
static void perfetto_finish(struct sink *sink, const struct model *model)
{
	(void)model;
	begin_trace(sink);
	json_open_object(&sink->json, JSON_DENSE);
	json_put_string(&sink->json, "ph", "M");
	json_put_unsigned(&sink->json, "pid", 0);
	json_put_unsigned(&sink->json, "tid", 0);
	json_put_unsigned(&sink->json, "ts", 0);
	json_put_string(&sink->json, "name", "trace_end");
	open_args(sink);
	close_args(sink);
	json_close(&sink->json);
	json_close(&sink->json);
	text_add(&sink->base.text, "\n");
}

static void perfetto_close(struct sink *sink)
{
	text_done(&sink->word);
}

static sink_handler *const handlers[EVENT_KIND_COUNT] = {
	[EVENT_ATTACH] = on_attach,
	[EVENT_SPAWN] = on_spawn,
	[EVENT_REFUSED] = on_refused,
	[EVENT_VFORK_DONE] = on_vfork_done,
	[EVENT_CALL] = on_call,
	[EVENT_EXEC] = on_exec,
	[EVENT_NAME] = on_name,
	[EVENT_SIGNAL] = on_signal,
	[EVENT_GROUP_STOP] = on_group_stop,
	[EVENT_GROUP_CONT] = on_group_cont,
	[EVENT_LEADER_EXIT] = on_end,
	[EVENT_GROUP_EXIT] = on_group_exit,
	[EVENT_EXIT] = on_end,
	[EVENT_REPARENT] = on_reparent,
	[EVENT_DETACH] = on_detach,
};

static unsigned perfetto_needs(const struct sink_options *options)
{
	(void)options;
	return WANT_NAMES | WANT_CHEAP_ORIGINS;
}

const struct sink_ops perfetto_sink = {
	.lives = true,
	.needs = perfetto_needs,
	.name = "perfetto",
	.extensions = ".perfetto",
	.help = "a timeline for the Perfetto UI (Chrome trace events)",
	.size = sizeof(struct sink),
	.open = perfetto_open,
	.every = perfetto_every,
	.handlers = handlers,
	.finish = perfetto_finish,
	.close = perfetto_close,
};
