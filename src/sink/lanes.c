/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A picture for a terminal, time going down: each live task has a lane, a column of its own, and a creation is a line
 * from one lane to another.
 *
 *   0.000000 *       4470 exec: ./fork_vs_pthread
 *   0.000312 ├─╮     4471 PROCESS by 4470, like fork()
 *   0.000402 │ ●     4471 exited 0
 *
 * A free lane is used again. Tasks for which the width has no lane are written without one. */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>

#include "base/clock.h"
#include "base/mem.h"
#include "base/names.h"
#include "base/text.h"
#include "clone/request.h"
#include "model/filter.h"
#include "render/printer.h"
#include "render/words.h"
#include "sink/formats.h"

#define LANES_MIN 4
#define LANES_MAX 64
#define LANES_STEP 4	/* the text moves by so many lanes at a time */
#define TEXT_COLUMNS 48 /* that are left for the text */
#define NO_LANE SIZE_MAX

/* What a lane can show. */
enum mark {
	MARK_LIVE,
	MARK_FROM,  /* a creation begins here */
	MARK_RIGHT, /* ... and ends here, the creator to the left */
	MARK_LEFT,  /* ... the creator to the right */
	MARK_CROSS, /* ... and passes a live lane */
	MARK_LINE,  /* ... or none */
	MARK_EXEC,
	MARK_CALL,
	MARK_REFUSED,
	MARK_SIGNAL,
	MARK_EXIT,
	MARK_KILLED,
	MARK_GONE, /* detached, or replaced by exec */
	MARK_COUNT
};

static const char *const marks_utf8[MARK_COUNT] = {
	"│", "├", "╮", "╭", "┼", "─", "*", "◆", "!", "~", "●", "✗", "╵",
};

static const char *const marks_ascii[MARK_COUNT] = {
	"|", "+", ".", ".", "|", "-", "*", "#", "!", "~", "o", "x", "'",
};

struct sink {
	struct sink_base base;
	const char *const *marks;
	pid_t lanes[LANES_MAX]; /* the task that has the lane; 0: free */
	size_t most;		/* lanes that the width allows */
	size_t used;		/* lanes with which lines are now drawn */
	uint64_t begun;		/* ns */
	uint32_t arch;		/* the tracer's audit arch */
	struct text line;	/* the text beside the lanes */
	struct printer printer;
};

/* ---- lanes ---- */

static size_t lane_of(const struct sink *sink, pid_t tid)
{
	for (size_t i = 0; i < sink->most; i++)
		if (sink->lanes[i] == tid)
			return i;
	return NO_LANE;
}

/* Gives TID the first free lane. */
static size_t lane_take(struct sink *sink, pid_t tid)
{
	size_t lane = lane_of(sink, tid);

	if (lane == NO_LANE) /* if it has one, its end was not seen */
		lane = lane_of(sink, 0);
	if (lane == NO_LANE)
		return NO_LANE;
	sink->lanes[lane] = tid;
	while (sink->used <= lane)
		sink->used += LANES_STEP;
	return lane;
}

static void lane_free(struct sink *sink, size_t lane)
{
	if (lane != NO_LANE)
		sink->lanes[lane] = 0;
}

/* ---- lines ---- */

/* The mark of LANE, and whether a horizontal line continues from it to the next lane. */
static const char *mark_at(const struct sink *sink, size_t lane, size_t at, enum mark mark, size_t from, bool *ret_line)
{
	const size_t left = from < at ? from : at, right = from < at ? at : from;
	const bool within = from != NO_LANE && at != NO_LANE && lane >= left && lane <= right;

	*ret_line = within && lane < right;
	if (lane == at)
		return sink->marks[mark];
	if (lane == from)
		return sink->marks[MARK_FROM];
	if (sink->lanes[lane])
		return sink->marks[within ? MARK_CROSS : MARK_LIVE];
	return within ? sink->marks[MARK_LINE] : " ";
}

/* Writes `line` beside the lanes, with MARK in lane AT and, for a creation, a line from lane FROM to it. */
static void write_line(struct sink *sink, uint64_t when, size_t at, enum mark mark, size_t from)
{
	const uint64_t since = when - sink->begun;
	struct text *row = &sink->printer.line;

	text_addf(row, "%4" PRIu64 ".%06" PRIu64 " ", since / CLOCK_SECOND, since % CLOCK_SECOND / 1000);
	for (size_t lane = 0; lane < sink->used; lane++) {
		bool line;

		text_add(row, mark_at(sink, lane, at, mark, from, &line));
		text_add(row, line ? sink->marks[MARK_LINE] : " ");
	}
	text_add(row, at == NO_LANE ? "+ " : "  ");
	text_add(row, text_get(&sink->line));
	text_clear(&sink->line);
	printer_finish(&sink->printer, FOLD_CUT);
}

/* An event of the task TID. */
static void write_mark(struct sink *sink, const struct event *event, enum mark mark)
{
	write_line(sink, event->when, lane_of(sink, event->tid), mark, NO_LANE);
}

static void write_end(struct sink *sink, const struct event *event, enum mark mark)
{
	const size_t lane = lane_of(sink, event->tid);

	write_line(sink, event->when, lane, mark, NO_LANE);
	lane_free(sink, lane);
}

/* ---- events ---- */

static void on_begin(struct sink *sink, const struct step *step)
{
	const struct event *event = step->event;

	sink->begun = event->when;
	sink->arch = event->begin.audit_arch;
	text_addf(&sink->printer.line,
		  "# seconds, a lane for each task, events; %s%s%s creates, %s exec, %s exits, %s killed",
		  sink->marks[MARK_FROM], sink->marks[MARK_LINE], sink->marks[MARK_RIGHT], sink->marks[MARK_EXEC],
		  sink->marks[MARK_EXIT], sink->marks[MARK_KILLED]);
	printer_finish(&sink->printer, FOLD_CUT);
}

static void on_attach(struct sink *sink, const struct step *step)
{
	const struct event *event = step->event;
	const size_t lane = lane_take(sink, event->tid);

	text_addf(&sink->line, "%d ", (int)event->tid);
	text_add(&sink->line, event->attach.launched ? "launched" : "already there");
	if (event->have & EVENT_HAVE_COMMAND) {
		text_add(&sink->line, ": ");
		text_add_escaped(&sink->line, event->attach.command);
	}
	write_line(sink, event->when, lane, MARK_LIVE, NO_LANE);
}

static void on_spawn(struct sink *sink, const struct step *step)
{
	const struct event *event = step->event;
	const struct task *child = step->other;
	const size_t from = event->have & EVENT_HAVE_CREATOR ? lane_of(sink, event->tid) : NO_LANE;
	const size_t lane = lane_take(sink, event->spawn.child);
	const bool thread = event->spawn.child_tgid != event->spawn.child;

	text_addf(&sink->line, "%d %s", (int)event->spawn.child, thread ? "THREAD" : "PROCESS");
	if (thread)
		text_addf(&sink->line, " of %d", (int)event->spawn.child_tgid);
	if (event->have & EVENT_HAVE_CREATOR)
		text_addf(&sink->line, " by %d", (int)event->tid);
	if (child)
		words_add_made_by(&sink->line, ", ", child, &sink->base.options);
	write_line(sink, event->when, lane, from != NO_LANE && from > lane ? MARK_LEFT : MARK_RIGHT, from);
}

/* `line` has a call, which failed with ERROR; 0: it succeeded. */
static void write_call(struct sink *sink, const struct event *event, const char *failed, int error)
{
	if (error) {
		text_add(&sink->line, failed);
		words_add_errno(&sink->line, error);
	}
	write_mark(sink, event, error ? MARK_REFUSED : MARK_CALL);
}

static void on_refused(struct sink *sink, const struct step *step)
{
	const struct event *event = step->event;

	text_addf(&sink->line, "%d ", (int)event->tid);
	words_add_call(&sink->line, &event->attempt.request, sink->arch);
	write_call(sink, event, " refused: ", event->refused.error);
}

static void on_call(struct sink *sink, const struct step *step)
{
	const struct event *event = step->event;
	const bool exec = words_is_failed_exec(event);

	text_addf(&sink->line, "%d ", (int)event->tid);
	if (exec)
		words_add_exec(&sink->line, event, sink->arch);
	else
		words_add_call(&sink->line, &event->attempt.request, sink->arch);
	write_call(sink, event,
		   exec ? " failed: " : " refused: ", event->call.result < 0 ? (int)-event->call.result : 0);
}

static void on_vfork_done(struct sink *sink, const struct step *step)
{
	text_addf(&sink->line, "%d ", (int)step->event->tid);
	words_add_wait(&sink->line, step->event);
	write_mark(sink, step->event, MARK_LIVE);
}

/* Ends the lanes of tasks that have no end of their own: the other threads at an exec. */
static void end_missing(struct sink *sink, const struct step *step, pid_t but)
{
	for (size_t lane = 0; lane < sink->most; lane++) {
		const pid_t tid = sink->lanes[lane];

		if (!tid || tid == but || model_find(step->model, tid))
			continue;
		text_addf(&sink->line, "%d ended by the exec of process %d", (int)tid, (int)step->event->tid);
		write_line(sink, step->event->when, lane, MARK_GONE, NO_LANE);
		lane_free(sink, lane);
	}
}

/* A thread that execs gets the leader's tid and continues in its own lane. */
static void on_exec(struct sink *sink, const struct step *step)
{
	const struct event *event = step->event;
	const bool moved = event->exec.former > 0 && event->exec.former != event->tid;
	const size_t leader = moved ? lane_of(sink, event->tid) : NO_LANE;
	const size_t caller = moved ? lane_of(sink, event->exec.former) : NO_LANE;

	if (leader != NO_LANE) {
		text_addf(&sink->line, "%d replaced by exec of its thread %d", (int)event->tid,
			  (int)event->exec.former);
		write_end(sink, event, MARK_GONE);
	}
	if (caller != NO_LANE)
		sink->lanes[caller] = event->tid;
	end_missing(sink, step, event->tid);
	if (step->task && !filter_draws(sink->base.options.filter, step->model, step->task))
		return;
	text_addf(&sink->line, "%d exec", (int)event->tid);
	if (event->have & EVENT_HAVE_COMMAND) {
		text_add(&sink->line, ": ");
		text_add_escaped(&sink->line, event->exec.command);
	}
	write_mark(sink, event, MARK_EXEC);
}

static void on_name(struct sink *sink, const struct step *step)
{
	text_addf(&sink->line, "%d ", (int)step->event->tid);
	words_add_name(&sink->line, step->event);
	write_mark(sink, step->event, MARK_LIVE);
}

static void on_signal(struct sink *sink, const struct step *step)
{
	text_addf(&sink->line, "%d gets ", (int)step->event->tid);
	signal_add_name(&sink->line, step->event->signal.signo);
	write_mark(sink, step->event, MARK_SIGNAL);
}

static void on_group_stop(struct sink *sink, const struct step *step)
{
	text_addf(&sink->line, "%d stopped by ", (int)step->event->tid);
	signal_add_name(&sink->line, step->event->signal.signo);
	write_mark(sink, step->event, MARK_SIGNAL);
}

static void on_group_cont(struct sink *sink, const struct step *step)
{
	text_addf(&sink->line, "%d continued", (int)step->event->tid);
	write_mark(sink, step->event, MARK_SIGNAL);
}

static void on_leader_exit(struct sink *sink, const struct step *step)
{
	text_addf(&sink->line, "%d ", (int)step->event->tid);
	words_add_end(&sink->line, step->event, step->task);
	text_add(&sink->line, ", its threads go on");
	write_mark(sink, step->event, MARK_EXIT);
}

static void on_group_exit(struct sink *sink, const struct step *step)
{
	const struct event *event = step->event;

	text_addf(&sink->line, "%d exit_group(%d)", (int)event->tid, WEXITSTATUS(event->exit.status));
	write_mark(sink, event, MARK_LIVE);
}

static void on_end(struct sink *sink, const struct step *step)
{
	const struct event *event = step->event;

	if (event->exit.replaced)
		return; /* its lane ended with the exec */
	text_addf(&sink->line, "%d ", (int)event->tid);
	words_add_end(&sink->line, event, step->task);
	write_end(sink, event, WIFSIGNALED(event->exit.status) ? MARK_KILLED : MARK_EXIT);
}

static void on_reparent(struct sink *sink, const struct step *step)
{
	const struct event *event = step->event;

	text_addf(&sink->line, "%d now child of %d", (int)event->tid, (int)event->reparent.to);
	write_mark(sink, event, MARK_LIVE);
}

static void on_detach(struct sink *sink, const struct step *step)
{
	text_addf(&sink->line, "%d let go", (int)step->event->tid);
	write_end(sink, step->event, MARK_GONE);
}

/* ---- the ops ---- */

static size_t lanes_most(unsigned width)
{
	size_t most;

	if (!width)
		return LANES_MAX;
	most = width > TEXT_COLUMNS ? (width - TEXT_COLUMNS) / 2 : 0;
	if (most < LANES_MIN)
		return LANES_MIN;
	return most < LANES_MAX ? most : LANES_MAX;
}

static void lanes_open(struct sink *sink)
{
	sink->marks = sink->base.options.utf8 ? marks_utf8 : marks_ascii;
	sink->most = lanes_most(sink->base.options.width);
	sink->used = LANES_STEP;
	printer_init(&sink->printer, &sink->base.text, &sink->base.options);
}

static void lanes_close(struct sink *sink)
{
	text_done(&sink->line);
	printer_done(&sink->printer);
}

static sink_handler *const handlers[EVENT_KIND_COUNT] = {
	[EVENT_BEGIN] = on_begin,
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
	[EVENT_LEADER_EXIT] = on_leader_exit,
	[EVENT_GROUP_EXIT] = on_group_exit,
	[EVENT_EXIT] = on_end,
	[EVENT_REPARENT] = on_reparent,
	[EVENT_DETACH] = on_detach,
};

static unsigned lanes_needs(const struct sink_options *options)
{
	(void)options;
	return WANT_NAMES | WANT_CHEAP_ORIGINS;
}

const struct sink_ops lanes_sink = {
	.lives = true,
	.needs = lanes_needs,
	.name = "lanes",
	.help = "a lane for each task, creations and ends between them",
	.size = sizeof(struct sink),
	.open = lanes_open,
	.handlers = handlers,
	.close = lanes_close,
};
