/* SPDX-License-Identifier: GPL-2.0-or-later */
/* --compare: what two programs, or recordings of them, ask the kernel for, side by side. */
#include "cli/compare_run.h"

#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/diag.h"
#include "base/mem.h"
#include "base/text.h"
#include "cli/not_started.h"
#include "cli/options.h"
#include "cli/output.h"
#include "cli/page_out.h"
#include "cli/recording.h"
#include "cli/rlimits.h"
#include "cli/run.h"
#include "model/model.h"
#include "page/comparison.h"
#include "sink/sink.h"
#include "source/ptrace/engine.h"
#include "source/ptrace/launch.h"
#include "source/ptrace/standin.h"
#include "source/ptrace/tracer_signals.h"
#include "source/replay/reader.h"
#include "source/stack/unwind.h"

/* What the shell would not take as it is, besides the blanks between words. */
#define NEEDS_SHELL "\n|&;<>()$`\\\"'*?[]#~=%{}!"
#define BLANKS " \t"

/* One of the two. */
struct side {
	struct model *model;
	struct creations creations;
	pid_t launched;
	unsigned execs; /* of that one */
};

static void on_event(void *data, const struct event *event)
{
	struct side *side = data;
	struct step step;

	model_apply(side->model, event, &step);
	creations_add(&side->creations, &step);
	if (event->kind == EVENT_ATTACH && event->attach.launched)
		side->launched = event->tid;
	side->execs += event->kind == EVENT_EXEC && event->tid == side->launched;
}

static int on_recorded(void *data, const struct event *event)
{
	on_event(data, event);
	return 0;
}

static bool begins_as_recording(int fd)
{
	static const char begin[] = "{\"seq\":";
	char first[sizeof(begin) - 1];

	return pread(fd, first, sizeof(first), 0) == (ssize_t)sizeof(first) && !memcmp(first, begin, sizeof(first));
}

/* Whether WHAT, a file that cannot be run, was meant as a recording: by its name, or because nothing is in it. */
static bool is_meant_as_recording(const char *what, const struct stat *st)
{
	const struct sink_ops *sink = sink_find_file(what);

	return !st->st_size || (sink && sink->records);
}

/* A recording is a regular file that begins as one, or is meant as one; else WHAT is a program. Returns a descriptor,
 * or -errno. */
static int open_recording(const char *what)
{
	struct stat st;
	int fd;

	if (stat(what, &st) < 0 || !S_ISREG(st.st_mode))
		return -ENOENT;
	fd = open(what, O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		return -errno;
	if (begins_as_recording(fd) || (!(st.st_mode & 0111) && is_meant_as_recording(what, &st)))
		return fd;
	close(fd);
	return -ENOENT;
}

static int read_side(struct side *side, const char *what, int fd)
{
	const struct replay_config config = { .fd = fd, .event = on_recorded, .data = side };
	struct replay_result result;
	int r = replay_run(&config, &result);

	close(fd);
	side->creations.incomplete = recording_complain(what, &result, r, false);
	return r < 0 || !result.events ? RUN_FAILED : 0;
}

/* Splits COMMAND, which it changes, at its blanks. The list ends with a NULL, and is the caller's. */
static char **split(char *command)
{
	char **argv = mem_zalloc(strlen(command) / 2 + 3, sizeof(*argv)), *save = NULL;
	size_t count = 0;

	for (char *word = strtok_r(command, BLANKS, &save); word; word = strtok_r(NULL, BLANKS, &save))
		argv[count++] = word;
	if (!count)
		argv[0] = command + strlen(command); /* only blanks */
	return argv;
}

/* A program with its arguments; the shell runs it if it needs one. */
struct command {
	struct text text; /* holds the words */
	char **argv;
};

static void command_make(struct command *command, const char *what)
{
	static char shell[] = "sh", option[] = "-c";

	*command = (struct command){ .text = TEXT_INIT };
	if (!strpbrk(what, NEEDS_SHELL)) {
		text_add(&command->text, what);
		text_add(&command->text, " "); /* so that there is a string, perhaps only of blanks */
		command->argv = split(command->text.data);
		return;
	}
	text_addf(&command->text, "exec %s", what);
	command->argv = mem_zalloc(4, sizeof(*command->argv));
	command->argv[0] = shell;
	command->argv[1] = option;
	command->argv[2] = command->text.data;
}

static void command_done(struct command *command)
{
	free(command->argv);
	text_done(&command->text);
}

/* The shell has said why it could not run WHAT, and exited as shells do: without an exec but its own. */
static int check_shell(const struct side *side, const char *what, int status)
{
	const int code = WIFEXITED(status) ? WEXITSTATUS(status) : 0;

	if (side->execs > 1 || (code != RUN_NOT_FOUND && code != RUN_NOT_EXECUTABLE))
		return 0;
	diag("cannot run '%s': the shell ran no program and exited with %d", what, code);
	return code;
}

/* Runs COMMAND, made of WHAT, by LAUNCH. Returns 0 or an exit status of ours, after a message. */
static int trace_side(struct side *side, const struct options *options, const char *what, const struct command *command,
		      struct launch *launch, const struct signals *signals)
{
	const struct options traced = { .command = command->argv };
	const bool stacks = !unwind_lack(); /* which library call it is, as every other view shows it */
	const struct engine_config config = {
		.signals = signals,
		.mode = options->seccomp ? EVENT_MODE_FILTER : EVENT_MODE_CALLS,
		.wants = WANT_DURATIONS | (stacks ? WANT_ORIGINS : 0),
		.frames = stacks ? STACK_MAX : 0,
		.event = on_event,
		.data = side,
	};
	struct engine_result result = { 0 };
	struct engine *engine = engine_new(&config);
	const int r = engine_launch(engine, launch, command->argv[0]);

	if (!r)
		engine_run(engine, &result);
	engine_free(engine);
	launch_close(launch);
	if (r)
		return RUN_FAILED;
	if (result.exec_error)
		return not_started(&traced, result.exec_error);
	return strpbrk(what, NEEDS_SHELL) ? check_shell(side, what, result.status) : 0;
}

struct comparison {
	const struct options *options;
	struct creations runs[2];
};

static void draw(struct text *text, const struct sink_options *options, void *data)
{
	const struct comparison *comparison = data;

	comparison_draw(text, comparison->runs, (const char *const *)comparison->options->whats, options);
}

/* The two, and what they are. */
struct sides {
	struct side sides[2];
	int fds[2]; /* of a recording; < 0: a program */
	struct command commands[2];
	struct launch launches[2]; /* of the programs, in their order */
	struct signals signals;
};

/* Forks the programs. Returns in the tracer: 0, or RUN_FAILED after a message. */
static int start(struct sides *sides, const struct options *options)
{
	struct launch_config configs[2] = { 0 };
	size_t programs = 0;

	for (size_t i = 0; i < 2; i++) {
		sides->fds[i] = open_recording(options->whats[i]);
		command_make(&sides->commands[i], options->whats[i]);
		if (sides->fds[i] < 0)
			configs[programs++] = (struct launch_config){ .command = sides->commands[i].argv,
								      .filter = options->seccomp };
	}
	if (!programs)
		return 0;
	if (launch_start(configs, programs, sides->launches) < 0)
		return RUN_FAILED;
	rlimits_raise();
	signals_take(&sides->signals, SIGNALS_OF_TRACER, &sides->launches[0].shared->ring);
	launch_ready(&sides->launches[0]);
	return 0;
}

/* Returns 0 or an exit status of ours, after a message. */
static int take_sides(struct sides *sides, const struct options *options)
{
	struct launch *launch = sides->launches;
	int status = 0;

	for (size_t i = 0; i < 2 && !status; i++) {
		struct side *side = &sides->sides[i];
		const char *what = options->whats[i];

		side->model = model_new(0);
		if (sides->fds[i] >= 0)
			status = read_side(side, what, sides->fds[i]);
		else
			status = trace_side(side, options, what, &sides->commands[i], launch++, &sides->signals);
		model_free(side->model);
	}
	return status;
}

int compare(const struct options *options)
{
	struct comparison comparison = { .options = options };
	struct sides sides = { 0 };
	const struct output_host host = { .waits = { .hurry = signals_end_waiting, .data = &sides.signals } };
	int status = start(&sides, options);

	if (!status)
		status = take_sides(&sides, options);
	for (size_t i = 0; i < 2; i++)
		comparison.runs[i] = sides.sides[i].creations;
	if (!status)
		status = page_out(&options->detail, draw, &comparison, &host);
	for (size_t i = 0; i < 2; i++) {
		if (!status && comparison.runs[i].incomplete)
			status = RUN_FAILED;
		creations_done(&comparison.runs[i]);
		command_done(&sides.commands[i]);
	}
	return status;
}
