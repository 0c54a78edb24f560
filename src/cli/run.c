/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Joins source and views for one trace, and works out the exit status. */
#include "cli/run.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/diag.h"
#include "cli/not_started.h"
#include "cli/options.h"
#include "cli/output.h"
#include "cli/rlimits.h"
#include "cli/until.h"
#include "cli/views.h"
#include "cli/wants.h"
#include "source/kernel/procfs/path.h"
#include "source/ptrace/engine.h"
#include "source/ptrace/launch.h"
#include "source/ptrace/standin.h"
#include "source/ptrace/tracer_signals.h"
#include "source/stack/symbol.h"
#include "source/stack/unwind.h"

struct run {
	const struct options *options;
	struct wants wants;
	struct views *views;
	struct engine *engine;
	struct launch launch;	/* of a program */
	struct signals signals; /* taken until the last line is written */
	FILE *stops;
	struct until until;
	struct output_host host;
};

/* When nobody reads the output any more, cltrace detaches from the processes that it attached to; a launched program
 * continues to its end. */
static void on_output(struct run *run, int r)
{
	if (r < 0 && !run->options->command)
		engine_ask_end(run->engine);
}

static void on_event(void *data, const struct event *event)
{
	struct run *run = data;

	on_output(run, views_event(run->views, event));
	if (until_reached(&run->until, event))
		engine_ask_end(run->engine);
}

static int64_t on_idle(void *data)
{
	struct run *run = data;
	int64_t again;

	on_output(run, views_idle(run->views, &again));
	return again;
}

static void on_command(void *data, pid_t command, int status)
{
	struct run *run = data;

	views_command_ended(run->views, command, status);
}

static int run_open(struct run *run)
{
	const struct options *o = run->options;
	const char *stacks_by = run->wants.stacks_by;
	int r;

	if (*stacks_by && unwind_lack()) {
		diag("%s cannot be had: %s", stacks_by, unwind_lack());
		return -ENOTSUP;
	}
	run->host.group = o->command ? getpgid(run->launch.tid) : 0;
	r = views_open(o, &run->host, &run->views);

	if (r < 0)
		return r;
	/* The commands that read the trace have started by now, with the signals and limits as they were. */
	rlimits_raise();
	if (*stacks_by && symbols_lack())
		diag("%s shows no names and lines: %s", stacks_by, symbols_lack());
	signals_take(&run->signals, run->launch.standin ? SIGNALS_OF_TRACER : SIGNALS_OF_ATTACHED,
		     run->launch.standin ? &run->launch.shared->ring : NULL);
	launch_ready(&run->launch);
	if (o->debug_stops) {
		run->stops = fopen(o->debug_stops, "we");
		if (!run->stops) {
			diag_errno(errno, "--debug-stops: cannot write '%s'", o->debug_stops);
			return -errno;
		}
	}
	return 0;
}

/* All else is known of the tasks themselves. */
static void check_proc(const struct options *o)
{
	if (o->command && !proc_is_ours())
		diag("/proc is missing or of another pid namespace: commands and users of tasks are not known; "
		     "mount it: 'mount -t proc proc /proc', or 'unshare --mount-proc'");
}

/* Forks the program, if there is one. Returns in the tracer. */
static int run_launch(struct run *run)
{
	const struct options *o = run->options;
	const struct launch_config launch = {
		.command = o->command,
		.environment = o->environment,
		.environment_count = o->environment_count,
		.user = o->user,
		.daemonize = o->daemonize,
		.filter = run->wants.mode == EVENT_MODE_FILTER,
		.names = run->wants.mask & WANT_NAMES,
	};

	run->launch = (struct launch){ .go = -1, .report = -1, .ready = -1 };
	return o->command ? launch_start(&launch, 1, &run->launch) : 0;
}

static int run_trace(struct run *run, struct engine_result *ret)
{
	const struct options *o = run->options;
	struct engine_config config = {
		.signals = &run->signals,
		.mode = run->wants.mode,
		.wants = run->wants.mask,
		.frames = run->wants.frames,
		.kill_on_exit = o->kill_on_exit,
		.detach_on_exec = o->detach_on_exec,
		.time_limit = o->time_limit,
		.prompt = views_on_terminal(run->views),
		.stops = run->stops,
		.event = on_event,
		.idle = on_idle,
		.command_ended = on_command,
		.data = run,
	};
	int r = 0;

	config.commands = views_commands(run->views, &config.command_count);
	check_proc(o);
	run->engine = engine_new(&config);
	if (o->command)
		r = engine_launch(run->engine, &run->launch, o->command[0]);
	if (!r && o->pid_count && !engine_attach(run->engine, o->pids, o->pid_count, o->descendants))
		r = -ESRCH; /* said already */
	run->host.waits.never = o->pid_count;
	if (!r)
		engine_run(run->engine, ret);
	run->host.waits.never = false;
	if (ret->launched && !ret->ended && !ret->exec_error)
		launch_detach(&run->launch);
	return r;
}

/* Returns 0, or -EIO after a message. */
static int close_stops(struct run *run)
{
	bool failed;

	if (!run->stops)
		return 0;
	failed = ferror(run->stops);
	failed |= fclose(run->stops) != 0;
	if (failed)
		diag("--debug-stops: writing to '%s' failed, so it is incomplete", run->options->debug_stops);
	return failed ? -EIO : 0;
}

int run(const struct options *options)
{
	/* An output that is full delays nobody who is to end. */
	struct run run = { .options = options,
			   .host = { .waits = { .hurry = signals_end_waiting, .data = &run.signals } } };
	struct engine_result result = { 0 };
	int r, closed;

	wants_init(&run.wants, options, !unwind_lack());
	r = run_launch(&run);
	if (r < 0)
		return RUN_FAILED;
	until_init(&run.until, options);
	r = run_open(&run);
	if (r >= 0)
		r = run_trace(&run, &result);
	if (r >= 0 && !result.exec_error)
		views_finish(run.views);
	closed = views_close(run.views);
	if (close_stops(&run) < 0)
		closed = -EIO;
	engine_free(run.engine);
	launch_close(&run.launch);
	until_done(&run.until);
	if (r < 0)
		return RUN_FAILED;
	if (result.exec_error)
		return not_started(options, result.exec_error);
	if (result.ended && WIFSIGNALED(result.status))
		return signals_die_of(WTERMSIG(result.status));
	if (result.ended && WEXITSTATUS(result.status))
		return WEXITSTATUS(result.status);
	return closed < 0 ? RUN_FAILED : 0;
}
