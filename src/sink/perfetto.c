/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Chrome's trace events, which the Perfetto UI opens: a track for each task, its life as a slice, an arrow to who it
 * made.
 *
 * Format: "Trace Event Format" (JSON array; its end may be missing, so that a trace that was cut off still opens). A
 * thread's slice is its life. A process has one more within it for each program that it runs. Times are microseconds of
 * CLOCK_MONOTONIC, as other traces of the same machine have them. */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>

#include "base/mem.h"
#include "base/names.h"
#include "base/text.h"
#include "clone/flags.h"
#include "model/filter.h"
#include "render/words.h"
#include "sink/formats.h"

struct sink {
	struct sink_base base;
	struct text word; /* a string before it is quoted */
	bool begun;
};

/* ---- JSON ---- */

/* Begins one trace event of PHASE at WHEN on a track; finish_entry() ends it. */
static void begin_on(struct sink *sink, const char *phase, pid_t tgid, pid_t tid, uint64_t when)
{
	text_addf(&sink->base.text, "{\"ph\":\"%s\",\"pid\":%d,\"tid\":%d,\"ts\":%" PRIu64 ".%03u", phase, (int)tgid,
		  (int)tid, when / 1000, (unsigned)(when % 1000));
}

static void begin_entry(struct sink *sink, const char *phase, const struct task *task, uint64_t when)
{
	begin_on(sink, phase, task->process->tgid, task->tid, when);
}

/* Adds what stands in `word` as the string of KEY, and empties it. */
static void add_word(struct sink *sink, const char *key)
{
	text_addf(&sink->base.text, ",\"%s\":", key);
	text_add_json(&sink->base.text, text_get(&sink->word));
	text_clear(&sink->word);
}

static void finish_entry(struct sink *sink)
{
	text_add(&sink->base.text, "},\n");
}

/* ---- what stands on the tracks ---- */

static void add_program(struct text *text, const char *command)
{
	size_t length;
	const char *program = model_program(command, &length);

	text_add_bytes(text, program, length);
}

/* What stands in `word` becomes the name that KIND, "process_name" or "thread_name", gives TASK's track. */
static void name_by(struct sink *sink, const char *kind, const struct task *task, uint64_t when)
{
	begin_entry(sink, "M", task, when);
	text_addf(&sink->base.text, ",\"name\":\"%s\",\"args\":{\"name\":", kind);
	text_add_json(&sink->base.text, text_get(&sink->word));
	text_clear(&sink->word);
	text_add(&sink->base.text, "}");
	finish_entry(sink);
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

/* Whether TASK's track has a slice for the program within the one for its life. */
static bool has_program(const struct task *task)
{
	return task->tid == task->process->tgid;
}

static void begin_program(struct sink *sink, const struct task *task, uint64_t when)
{
	const char *command = task->process->command;

	begin_entry(sink, "B", task, when);
	if (command)
		add_program(&sink->word, command);
	else
		text_add(&sink->word, task->launched ? "before its exec" : "command not known");
	add_word(sink, "name");
	text_add(&sink->base.text, ",\"cat\":\"program\"");
	if (command) {
		text_add(&sink->base.text, ",\"args\":{\"command\":");
		text_add_json(&sink->base.text, command);
		text_add(&sink->base.text, "}");
	}
	finish_entry(sink);
}

static void end_slice(struct sink *sink, const struct task *task, uint64_t when)
{
	begin_entry(sink, "E", task, when);
	finish_entry(sink);
}

/* The task's life begins: its name says what it is and how it was made. */
static void begin_life(struct sink *sink, const struct task *task, const struct event *event)
{
	const bool known = event->kind == EVENT_SPAWN && event->have & EVENT_HAVE_REQUEST;

	name_track(sink, task, event->when);
	begin_entry(sink, "B", task, event->when);
	words_add_kind(&sink->word, task);
	words_add_made_by(&sink->word, ", ", task, &sink->base.options);
	add_word(sink, "name");
	text_addf(&sink->base.text, ",\"cat\":\"%s\",\"args\":{\"kind\":\"%s\"", kind_name(task->kind),
		  kind_name(task->kind));
	text_addf(&sink->base.text, ",\"tgid\":%d,\"ppid\":%d", (int)task->process->tgid, (int)task->process->ppid);
	if (task->creator)
		text_addf(&sink->base.text, ",\"creator\":%d", (int)task->creator->tid);
	if (known) {
		flags_format(&sink->word, event->spawn.request.flags, event->spawn.request.call);
		add_word(sink, "flags");
	}
	if (event->kind == EVENT_SPAWN && event->have & EVENT_HAVE_STACK &&
	    sink->base.options.origin != SINK_ORIGIN_NEVER && stack_origin(&event->spawn.stack)) {
		words_add_origin(&sink->word, &event->spawn.stack);
		add_word(sink, "origin");
	}
	text_add(&sink->base.text, "}");
	finish_entry(sink);
	if (has_program(task))
		begin_program(sink, task, event->when);
}

static void end_life(struct sink *sink, const struct task *task, uint64_t when)
{
	end_slice(sink, task, when);
	if (has_program(task))
		end_slice(sink, task, when);
}

/* An arrow from the creator's slice to the child's. It lands a nanosecond late, lest it should be on its edge. */
static void draw_flow(struct sink *sink, const struct task *creator, const struct task *child, uint64_t when)
{
	begin_entry(sink, "s", creator, when);
	text_addf(&sink->base.text, ",\"name\":\"creates\",\"cat\":\"creation\",\"id\":%" PRIu64, child->birth);
	finish_entry(sink);
	begin_entry(sink, "f", child, when + 1);
	text_addf(&sink->base.text, ",\"name\":\"creates\",\"cat\":\"creation\",\"bp\":\"e\",\"id\":%" PRIu64,
		  child->birth);
	finish_entry(sink);
}

/* A moment on TASK's track, its name in `word`. */
static void mark(struct sink *sink, const struct task *task, uint64_t when, const char *category)
{
	begin_entry(sink, "i", task, when);
	text_addf(&sink->base.text, ",\"s\":\"t\",\"cat\":\"%s\"", category);
	add_word(sink, "name");
	finish_entry(sink);
}

/* ---- events ---- */

static bool is_drawn(const struct sink *sink, const struct step *step, const struct task *task)
{
	return filter_draws(sink->base.options.filter, step->model, task);
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

	if (!is_drawn(sink, step, task))
		return;
	if (event->exec.former == event->tid) {
		end_slice(sink, task, event->when);
		begin_program(sink, task, event->when);
		name_track(sink, task, event->when);
		return;
	}
	/* The caller takes over the leader's tid, and so its track. */
	begin_on(sink, "E", task->process->tgid, event->exec.former, event->when);
	finish_entry(sink);
	if (step->other && step->other->end == event->when && is_drawn(sink, step, step->other))
		end_life(sink, step->other, event->when);
	begin_life(sink, task, event);
}

static void on_call(struct sink *sink, const struct step *step, const struct request *request, int error)
{
	const bool exec = words_is_failed_exec(step->event);

	text_add(&sink->word, call_name(request->call));
	if (exec && step->event->have & EVENT_HAVE_FILE)
		text_addf(&sink->word, " %s", step->event->call.file);
	if (error) {
		text_add(&sink->word, exec ? " failed: " : " refused: ");
		words_add_errno(&sink->word, error);
	}
	mark(sink, step->task, step->event->when, error ? "refused" : "call");
}

static void on_end(struct sink *sink, const struct step *step)
{
	/* A leader that ended before its threads has had its end. */
	if (step->event->kind == EVENT_EXIT && step->task->end != step->event->when && !step->event->exit.replaced)
		return;
	words_add_end(&sink->word, step->event, step->task);
	mark(sink, step->task, step->event->when, "end");
	end_life(sink, step->task, step->event->when);
}

static void on_signal(struct sink *sink, const struct step *step, const char *before, const char *category)
{
	text_add(&sink->word, before);
	signal_add_name(&sink->word, step->event->signal.signo);
	mark(sink, step->task, step->event->when, category);
}

/* What is written of an event about a task that the model knows. */
static void write_step(struct sink *sink, const struct step *step)
{
	const struct event *event = step->event;

	switch (event->kind) {
	case EVENT_ATTACH:
		begin_life(sink, step->task, event);
		break;
	case EVENT_REFUSED:
		on_call(sink, step, &event->refused.request, event->refused.error);
		break;
	case EVENT_CALL:
		on_call(sink, step, &event->call.request, event->call.result < 0 ? (int)-event->call.result : 0);
		break;
	case EVENT_VFORK_DONE:
		words_add_wait(&sink->word, event);
		mark(sink, step->task, event->when, "call");
		break;
	case EVENT_EXEC:
		on_exec(sink, step);
		break;
	case EVENT_SIGNAL:
		on_signal(sink, step, "", "signal");
		break;
	case EVENT_GROUP_STOP:
		on_signal(sink, step, "stopped by ", "stop");
		break;
	case EVENT_NAME:
		words_add_name(&sink->word, event);
		mark(sink, step->task, event->when, "name");
		break;
	case EVENT_GROUP_CONT:
		text_add(&sink->word, "continued");
		mark(sink, step->task, event->when, "stop");
		break;
	case EVENT_GROUP_EXIT:
		text_addf(&sink->word, "exit_group(%d)", WEXITSTATUS(event->exit.status));
		mark(sink, step->task, event->when, "end");
		break;
	case EVENT_LEADER_EXIT:
	case EVENT_EXIT:
		on_end(sink, step);
		break;
	case EVENT_REPARENT:
		text_addf(&sink->word, "now child of %d", (int)event->reparent.to);
		mark(sink, step->task, event->when, "parent");
		break;
	case EVENT_DETACH:
		text_add(&sink->word, "let go");
		mark(sink, step->task, event->when, "end");
		end_life(sink, step->task, event->when);
		break;
	case EVENT_BEGIN:
	case EVENT_SPAWN:
	case EVENT_VERIFY:
	case EVENT_DIFFERENCE:
	case EVENT_NOTE:
	case EVENT_LOOK:
	case EVENT_END:
	case EVENT_KIND_COUNT:
		break;
	}
}

/* ---- the ops ---- */

static void perfetto_every(struct sink *sink, const struct step *step)
{
	if (!sink->begun)
		text_add(&sink->base.text, "[\n");
	sink->begun = true;
	if (step->event->kind == EVENT_SPAWN)
		on_spawn(sink, step);
	else if (step->task)
		write_step(sink, step);
}

/* The last entry takes no comma: one that says nothing new makes that simple. */
static void perfetto_finish(struct sink *sink, const struct model *model)
{
	struct text *text = &sink->base.text;

	(void)model;
	text_add(text, sink->begun ? "" : "[\n");
	text_add(text, "{\"ph\":\"M\",\"pid\":0,\"tid\":0,\"ts\":0,\"name\":\"trace_end\",\"args\":{}}\n]\n");
}

static void perfetto_close(struct sink *sink)
{
	text_done(&sink->word);
}

const struct sink_ops perfetto_sink = {
	.lives = true,
	.needs = SINK_NEEDS_NAMES | SINK_NEEDS_ORIGINS,
	.name = "perfetto",
	.extensions = ".perfetto",
	.help = "a timeline for the Perfetto UI (Chrome trace events)",
	.size = sizeof(struct sink),
	.every = perfetto_every,
	.finish = perfetto_finish,
	.close = perfetto_close,
};
