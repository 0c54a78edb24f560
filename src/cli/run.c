/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Joins source, model, sink and output for one trace, and works out the exit status. */
#include "cli/run.h"

#include <errno.h>
#include <fcntl.h>
#include <langinfo.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/diag.h"
#include "cli/not_started.h"
#include "cli/options.h"
#include "cli/output.h"
#include "model/model.h"
#include "sink/sink.h"
#include "source/ptrace/engine.h"
#include "source/ptrace/signals.h"

struct run {
	const struct options *options;
	struct output *output;
	struct model *model;
	struct sink *sink;
	struct engine *engine;
	struct signals signals; /* taken until the last line is written */
	FILE *stops;
	int error; /* of the output, -errno; after it nothing is printed any more */
};

/* When nobody reads any more, what is attached to is let go; a launched program runs on to its end. */
static void on_output(struct run *run, int r)
{
	if (r >= 0)
		return;
	run->error = r;
	if (!run->options->command)
		engine_ask_end(run->engine);
}

static void on_event(void *data, const struct event *event)
{
	struct run *run = data;
	struct step step;

	model_apply(run->model, event, &step);
	if (!run->error)
		on_output(run, text_sink.step(run->sink, &step));
}

static void on_idle(void *data)
{
	struct run *run = data;

	if (!run->error)
		on_output(run, output_flush(run->output));
}

static unsigned columns(void *output)
{
	return output_columns(output);
}

static bool wants_color(const struct options *options, bool terminal)
{
	const char *no_color = getenv("NO_COLOR"), *term = getenv("TERM");

	switch (options->color) {
	case OPTIONS_COLOR_ALWAYS:
		return true;
	case OPTIONS_COLOR_NEVER:
		return false;
	case OPTIONS_COLOR_AUTO:
		break;
	}
	return terminal && !(no_color && *no_color) && !(term && !strcmp(term, "dumb"));
}

/* -q keeps a call on one line, for grep, unless a width is asked for. */
static unsigned wants_width(const struct options *options, const struct output *output)
{
	if (options->width >= 0)
		return (unsigned)options->width;
	return options->quiet ? 0 : output_columns(output);
}

static int run_open(struct run *run)
{
	const struct options *o = run->options;
	struct sink_output to = { .write = output_write };
	struct sink_options sink;
	int r = output_open(o->output, o->append, &run->output);

	if (r < 0) {
		diag_errno(-r, "cannot write the trace to '%s'", o->output ? o->output : "stderr");
		return r;
	}
	signals_take(&run->signals); /* a command that reads the trace has begun with the signals as they were */
	sink = (struct sink_options){
		.clock = o->clock,
		.quiet = o->quiet,
		.verbose = o->verbose,
		.duration = o->duration,
		.color = wants_color(o, output_is_terminal(run->output)),
		.utf8 = !strcmp(nl_langinfo(CODESET), "UTF-8"),
		.width = wants_width(o, run->output),
	};
	if (o->debug_stops) {
		run->stops = fopen(o->debug_stops, "we");
		if (!run->stops) {
			diag_errno(errno, "--debug-stops: cannot write '%s'", o->debug_stops);
			return -errno;
		}
	}
	run->model = model_new(!o->quiet);
	to.data = run->output;
	if (o->width < 0 && !o->quiet && output_is_terminal(run->output))
		to.columns = columns;
	run->sink = text_sink.open(&sink, &to);
	return 0;
}

/* The filter cannot be loaded into what runs already, and a process that has it cannot be let go; so attaching means
 * event stops alone. */
static enum event_mode run_mode(const struct options *o)
{
	if (o->seccomp && !o->pid_count)
		return EVENT_MODE_FILTER;
	return o->duration ? EVENT_MODE_CALLS : EVENT_MODE_EVENTS;
}

static int run_trace(struct run *run, struct engine_result *ret)
{
	const struct options *o = run->options;
	struct engine_config config = {
		.signals = &run->signals,
		.mode = run_mode(o),
		.duration = o->duration,
		.kill_on_exit = o->kill_on_exit,
		.helper = output_pid(run->output),
		.stops = run->stops,
		.event = on_event,
		.idle = on_idle,
		.data = run,
	};
	struct launch_config launch = {
		.command = o->command,
		.environment = o->environment,
		.environment_count = o->environment_count,
		.user = o->user,
		.daemonize = o->daemonize,
	};
	int r = 0;

	run->engine = engine_new(&config);
	if (o->command)
		r = engine_launch(run->engine, &launch);
	if (!r && o->pid_count && !engine_attach(run->engine, o->pids, o->pid_count, o->descendants))
		r = -ESRCH; /* said already */
	if (!r)
		engine_run(run->engine, ret);
	engine_free(run->engine);
	return r;
}

static int run_close(struct run *run)
{
	int r = run->error;

	if (run->sink)
		text_sink.close(run->sink);
	if (run->output) {
		int closed = output_close(run->output);

		r = r ? r : closed;
	}
	if (run->stops)
		fclose(run->stops);
	model_free(run->model);
	if (r < 0 && r != -EPIPE)
		diag_errno(-r, "the trace is incomplete: writing to '%s' failed",
			   run->options->output ? run->options->output : "stderr");
	return r;
}

/* Dies of SIGNO as the program did, so that the caller's shell sees the same; without a core of our own. */
static int die_of(int signo)
{
	struct rlimit none = { 0, 0 };
	sigset_t set;

	setrlimit(RLIMIT_CORE, &none);
	signal(signo, SIG_DFL);
	sigemptyset(&set);
	sigaddset(&set, signo);
	sigprocmask(SIG_UNBLOCK, &set, NULL);
	raise(signo);
	return 128 + signo;
}

int run(const struct options *options)
{
	struct run run = { .options = options };
	struct engine_result result = { 0 };
	int r = run_open(&run);
	int closed;

	if (r >= 0)
		r = run_trace(&run, &result);
	closed = run_close(&run);
	if (r < 0)
		return RUN_FAILED;
	if (result.exec_error)
		return not_started(options, result.exec_error);
	if (result.launched && WIFSIGNALED(result.status))
		return die_of(WTERMSIG(result.status));
	if (result.launched && WEXITSTATUS(result.status))
		return WEXITSTATUS(result.status);
	return closed < 0 && closed != -EPIPE ? RUN_FAILED : 0;
}
