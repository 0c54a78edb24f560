/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Runs events through the codec and back, the model and the text sink, and holds each to its contract. */
#include "trace.h"

#include <locale.h>

#include "event/codec.h"
#include "event/event.h"
#include "fuzz.h"
#include "model/model.h"
#include "sink/formats.h"

#define STRANGERS (1 << 30)  /* tids that the fuzzers do not use */
#define STRANGERS_COUNT 1100 /* more than the dead that a model keeps for a while */
#define TASKS_MAX 200	     /* in larger trees the threads of each process are not counted: that takes square time */

static void check_bytes(const char *bytes, size_t length, const char *allowed)
{
	for (size_t i = 0; i < length; i++) {
		FUZZ_CHECK(bytes[i] != '\0' && bytes[i] != 0x7f);
		FUZZ_CHECK((unsigned char)bytes[i] >= 0x20 || strchr(allowed, bytes[i]));
	}
}

void trace_check_line(const struct text *text)
{
	FUZZ_CHECK(strlen(text_get(text)) == text->length);
	check_bytes(text_get(text), text->length, "");
}

static int on_write(void *data, const char *bytes, size_t length)
{
	struct trace *trace = data;

	trace->writes++;
	FUZZ_CHECK(length && bytes[length - 1] == '\n');
	check_bytes(bytes, length, trace->color ? "\n\033" : "\n");
	return 0;
}

void trace_open(struct trace *trace, uint64_t bits)
{
	static const unsigned widths[] = { 0, 1, 24, 40, 80, 100, 132, 1000 };
	static const size_t limits[] = { 0, 1, 5, SIZE_MAX };
	struct sink_output output = { .write = on_write, .data = trace };
	struct sink_options options = {
		.clock = (enum sink_clock)(bits % (SINK_CLOCK_RELATIVE + 1)),
		.quiet = (bits >> 8 & 7) == 7,
		.verbose = bits >> 11 & 1,
		.duration = bits >> 12 & 1,
		.signals = bits >> 23 & 1,
		.color = bits >> 13 & 1,
		.utf8 = setlocale(LC_CTYPE, bits >> 14 & 1 ? "C.UTF-8" : "C") && bits >> 14 & 1,
		.width = widths[bits >> 16 & 7],
		.tree_limit = bits >> 15 & 1 ? limits[bits >> 22 & 3] : 0,
	};

	*trace = (struct trace){ .line = TEXT_INIT, .again = TEXT_INIT, .color = options.color };
	trace->model = model_new(options.tree_limit);
	trace->forgets = (bits >> 19 & 7) == 7;
	trace->sink = sink_open(&text_sink, &options, &output);
}

void trace_round_trip(struct trace *trace, const struct event *event)
{
	struct event *copy = NULL;

	text_clear(&trace->line);
	text_clear(&trace->again);
	codec_encode(&trace->line, event);
	FUZZ_CHECK(trace->line.length && trace->line.data[trace->line.length - 1] == '\n');
	check_bytes(trace->line.data, trace->line.length - 1, "");
	FUZZ_CHECK(codec_decode(trace->line.data, trace->line.length, &copy) == 0);
	codec_encode(&trace->again, copy);
	FUZZ_CHECK(strcmp(trace->line.data, trace->again.data) == 0);
	event_free(copy);
}

/* So many tasks come and go that a model which does not keep the dead forgets those it has. */
static void age(struct trace *trace)
{
	struct step step;

	for (pid_t tid = STRANGERS; tid < STRANGERS + STRANGERS_COUNT; tid++) {
		struct event attach = { .seq = 1, .kind = EVENT_ATTACH, .tid = tid, .attach = { .tgid = tid } };
		struct event end = { .seq = 1, .kind = EVENT_EXIT, .tid = tid };

		model_apply(trace->model, &attach, &step);
		model_apply(trace->model, &end, &step);
	}
}

void trace_event(struct trace *trace, const struct event *event)
{
	struct step step;

	trace_round_trip(trace, event);
	model_apply(trace->model, event, &step);
	FUZZ_CHECK(step.event == event && step.model == trace->model);
	trace->writes = 0;
	trace->events++;
	FUZZ_CHECK(sink_step(trace->sink, &step) == 0);
	FUZZ_CHECK(trace->writes <= 1);
	if (trace->forgets && trace->events % 16 == 8)
		age(trace);
}

/* The task behind TASK in the whole tree, creators before the tasks that they created. */
static const struct task *task_next(const struct task *task)
{
	if (task->first)
		return task->first;
	while (task && !task->next)
		task = task->creator;
	return task ? task->next : NULL;
}

static void check_process(const struct model *model, const struct process *process)
{
	unsigned live = 0;

	for (const struct task *task = model_roots(model); task; task = task_next(task))
		live += task->process == process && task->state == TASK_ALIVE;
	FUZZ_CHECK(live == process->nlwp && live <= process->most);
}

static void check_task(const struct model *model, const struct task *task)
{
	bool live = task->state == TASK_ALIVE || task->state == TASK_ZOMBIE;

	FUZZ_CHECK(task->process && task->process->leader && task->process->leader->process == task->process);
	FUZZ_CHECK(!live || model_find(model, task->tid) == task);
	FUZZ_CHECK((unsigned)task->kind < KIND_COUNT);
	for (const struct task *child = task->first; child; child = child->next)
		FUZZ_CHECK(child->creator == task && (child->next || child == task->last));
}

static void check_model(const struct model *model)
{
	unsigned tasks = 0, alive = 0;

	for (const struct task *task = model_roots(model); task; task = task_next(task)) {
		check_task(model, task);
		tasks++;
		alive += task->state == TASK_ALIVE;
	}
	FUZZ_CHECK(alive == model_tally(model)->alive && alive <= model_tally(model)->most);
	if (tasks > TASKS_MAX)
		return;
	for (const struct task *task = model_roots(model); task; task = task_next(task)) {
		if (task->process->leader == task)
			check_process(model, task->process);
	}
}

void trace_close(struct trace *trace)
{
	check_model(trace->model);
	trace->writes = 0;
	FUZZ_CHECK(sink_finish(trace->sink, trace->model) == 0);
	FUZZ_CHECK(trace->writes <= 1);
	sink_close(trace->sink);
	model_free(trace->model);
	text_done(&trace->line);
	text_done(&trace->again);
}
