/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Hands each event to the model and from there to every sink, and keeps the troubles of one output from the others. */
#include "cli/views.h"

#include <errno.h>
#include <langinfo.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/diag.h"
#include "base/mem.h"
#include "cli/options.h"
#include "cli/output.h"
#include "model/filter.h"
#include "model/model.h"
#include "sink/sink.h"

struct view {
	const struct options_output *options;
	struct sink_options sink_options;
	struct output *output;
	struct sink *sink;
	int error; /* of the output, the first one; after it nothing is written any more */
};

struct views {
	struct view *views;
	size_t count;
	pid_t *commands;
	size_t command_count;
	size_t keep;
	bool begun, finished;
	struct model *model;
};

static bool wants_color(enum options_color color, bool terminal)
{
	const char *no_color = getenv("NO_COLOR"), *term = getenv("TERM");

	switch (color) {
	case OPTIONS_COLOR_ALWAYS:
		return true;
	case OPTIONS_COLOR_NEVER:
		return false;
	case OPTIONS_COLOR_AUTO:
		break;
	}
	return terminal && !(no_color && *no_color) && !(term && !strcmp(term, "dumb"));
}

static enum output_how output_how(const struct options_output *options)
{
	if (options->detail.append)
		return OUTPUT_APPEND;
	return options->sink->at_end ? OUTPUT_REPLACE : OUTPUT_TRUNCATE;
}

void views_set_look(struct sink_options *options, const struct options_detail *detail, const struct output *output)
{
	options->color = wants_color(detail->color, output_is_terminal(output));
	options->utf8 = !strcmp(nl_langinfo(CODESET), "UTF-8");
	options->width = detail->width >= 0 ? (unsigned)detail->width : output_columns(output);
}

/* BEFORE is the view before it, whose output a joined one takes as its own. */
static int view_open(struct view *view, const struct options_output *options, const struct output_host *host,
		     const struct view *before)
{
	const struct options_detail *detail = &options->detail;
	int r = 0;

	if (options->joined)
		view->output = before->output;
	else
		r = output_open(options->target, output_how(options), host, &view->output);
	if (r < 0) {
		diag_errno(-r, "cannot write the trace to '%s'", output_name(options->target));
		return r;
	}
	view->options = options;
	view->sink_options = detail->sink;
	views_set_look(&view->sink_options, detail, view->output);
	/* A call stays on one line, for grep, unless a width is asked for. */
	if (detail->width < 0 && detail->sink.quiet)
		view->sink_options.width = 0;
	return 0;
}

static unsigned columns(void *output)
{
	return output_columns(output);
}

static void open_sink(struct view *view)
{
	const struct options_detail *detail = &view->options->detail;
	bool resized = detail->width < 0 && !detail->sink.quiet && output_is_terminal(view->output);
	struct sink_output to = {
		.write = output_write,
		.columns = resized ? columns : NULL,
		.data = view->output,
	};

	view->sink = sink_open(view->options->sink, &view->sink_options, &to);
}

static void begin(struct views *views)
{
	views->model = model_new(views->keep);
	for (size_t i = 0; i < views->count; i++) {
		filter_watch(views->views[i].sink_options.filter, views->model);
		open_sink(&views->views[i]);
	}
	views->begun = views->finished = false;
}

static void end(struct views *views)
{
	for (size_t i = 0; i < views->count; i++) {
		sink_close(views->views[i].sink);
		views->views[i].sink = NULL;
	}
	model_free(views->model);
	views->model = NULL;
}

/* What a view has to know of all, once it is open. */
static void add_view(struct views *views, const struct view *view)
{
	const struct sink_ops *sink = view->options->sink;
	pid_t command = view->options->joined ? 0 : output_pid(view->output);

	if (sink->keeps && sink->keeps(&view->sink_options) > views->keep)
		views->keep = sink->keeps(&view->sink_options);
	if (command) {
		views->commands = mem_resize(views->commands, views->command_count + 1, sizeof(pid_t));
		views->commands[views->command_count++] = command;
	}
	views->count++;
}

int views_open(const struct options *options, const struct output_host *host, struct views **ret)
{
	struct views *views = mem_zalloc(1, sizeof(*views));
	int r = 0;

	views->views = mem_zalloc(options->output_count, sizeof(*views->views));
	for (size_t i = 0; i < options->output_count && r >= 0; i++) {
		r = view_open(&views->views[i], &options->outputs[i], host, i ? &views->views[i - 1] : NULL);
		if (r >= 0)
			add_view(views, &views->views[i]);
	}
	if (r < 0) {
		views_close(views);
		return r;
	}
	begin(views);
	*ret = views;
	return 0;
}

const pid_t *views_commands(const struct views *views, size_t *ret_count)
{
	*ret_count = views->command_count;
	return views->commands;
}

void views_command_ended(struct views *views, pid_t command, int status)
{
	for (size_t i = 0; i < views->count; i++) {
		if (!views->views[i].options->joined && output_pid(views->views[i].output) == command)
			output_command_ended(views->views[i].output, status);
	}
}

bool views_on_terminal(const struct views *views)
{
	bool terminal = false;

	for (size_t i = 0; i < views->count; i++)
		terminal |= output_is_terminal(views->views[i].output);
	return terminal;
}

/* 0 while there is an output that takes something. */
static int trouble(const struct views *views)
{
	for (size_t i = 0; i < views->count; i++) {
		if (!views->views[i].error)
			return 0;
	}
	return views->views[0].error;
}

int views_event(struct views *views, const struct event *event)
{
	struct step step;

	if (event->kind == EVENT_BEGIN && views->begun) {
		views_finish(views);
		end(views);
		begin(views);
	}
	views->begun = true;
	model_apply(views->model, event, &step);
	for (size_t i = 0; i < views->count; i++) {
		struct view *view = &views->views[i];

		if (!view->error)
			view->error = sink_step(view->sink, &step);
	}
	return trouble(views);
}

int views_flush(struct views *views)
{
	for (size_t i = 0; i < views->count; i++) {
		struct view *view = &views->views[i];

		if (!view->error)
			view->error = output_flush(view->output);
	}
	return trouble(views);
}

int views_idle(struct views *views, int64_t *ret_again)
{
	const uint64_t now = clock_monotonic();

	*ret_again = -1;
	for (size_t i = 0; i < views->count; i++) {
		struct view *view = &views->views[i];

		if (!view->error)
			view->error = output_idle(view->output, now, ret_again);
	}
	return trouble(views);
}

void views_finish(struct views *views)
{
	views->finished = true;
	for (size_t i = 0; i < views->count; i++) {
		struct view *view = &views->views[i];

		if (!view->error && view->options->joined)
			view->error = output_write(view->output, "\n", 1);
		if (!view->error)
			view->error = sink_finish(view->sink, views->model);
	}
}

/* Returns the error that was said, or 0. */
static int view_close(struct view *view, bool finished)
{
	int r = view->error;

	if (view->options->joined)
		return 0; /* whose output it is says it */
	if (view->options->sink->at_end && !finished) {
		output_discard(view->output);
	} else {
		int closed = output_close(view->output);

		r = !r || closed == -ECHILD ? closed : r;
	}
	if (r == 0 || r == -EPIPE)
		return 0;
	if (r == -ECHILD)
		return r; /* said already */
	diag_errno(-r, "the trace is incomplete: writing to '%s' failed", output_name(view->options->target));
	return r;
}

int views_close(struct views *views)
{
	int error = 0;

	if (!views)
		return 0;
	end(views);
	for (size_t i = 0; i < views->count; i++) {
		int r = view_close(&views->views[i], views->finished);

		error = error ? error : r;
	}
	free(views->commands);
	free(views->views);
	free(views);
	return error;
}
