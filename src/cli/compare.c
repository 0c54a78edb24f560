/* SPDX-License-Identifier: GPL-2.0-or-later */
/* --compare: what two programs, or recordings of them, ask the kernel for, side by side. */
#include "cli/compare.h"

#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/diag.h"
#include "base/text.h"
#include "cli/not_started.h"
#include "cli/options.h"
#include "cli/page_out.h"
#include "cli/rlimits.h"
#include "cli/run.h"
#include "model/model.h"
#include "sink/contrast.h"
#include "source/ptrace/engine.h"
#include "source/ptrace/launch.h"
#include "source/ptrace/signals.h"
#include "source/ptrace/standin.h"
#include "source/replay/replay.h"

/* What the shell would not take as it is. */
#define NEEDS_SHELL " \t\n|&;<>()$`\\\"'*?[]#~=%{}!"

/* One of the two. */
struct side {
	struct model *model;
	struct makings makings;
};

static void on_event(void *data, const struct event *event)
{
	struct side *side = data;
	struct step step;

	model_apply(side->model, event, &step);
	makings_add(&side->makings, &step);
}

static int on_recorded(void *data, const struct event *event)
{
	on_event(data, event);
	return 0;
}

/* A recording is a regular file that begins as one; else WHAT is a program. Returns a descriptor, or -errno. */
static int open_recording(const char *what)
{
	char first[sizeof("{\"seq\":") - 1];
	struct stat st;
	int fd;

	if (stat(what, &st) < 0 || !S_ISREG(st.st_mode))
		return -ENOENT;
	fd = open(what, O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		return -errno;
	if (pread(fd, first, sizeof(first), 0) == (ssize_t)sizeof(first) && !memcmp(first, "{\"seq\":", sizeof(first)))
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
	if (r < 0)
		diag_errno(-r, "cannot read the recording '%s'", what);
	else if (!result.ended || result.broken || result.missing)
		diag("the recording '%s' is incomplete: what it has is compared", what);
	return r;
}

/* WHAT as a program with its arguments: by the shell where it is more than a word. */
struct command {
	struct text text;
	char *argv[4];
};

static void command_make(struct command *command, const char *what)
{
	static char shell[] = "sh", option[] = "-c";

	*command = (struct command){ .text = TEXT_INIT };
	if (strpbrk(what, NEEDS_SHELL)) {
		text_addf(&command->text, "exec %s", what);
		command->argv[0] = shell;
		command->argv[1] = option;
		command->argv[2] = command->text.data;
	} else {
		text_add(&command->text, what);
		command->argv[0] = command->text.data;
	}
}

static int trace_side(struct side *side, const struct options *options, struct command *command, struct launch *launch,
		      const struct signals *signals)
{
	const struct options traced = { .command = command->argv };
	const struct engine_config config = {
		.signals = signals,
		.mode = options->seccomp ? EVENT_MODE_FILTER : EVENT_MODE_CALLS,
		.duration = true,
		.event = on_event,
		.data = side,
	};
	struct engine_result result = { 0 };
	struct engine *engine = engine_new(&config);
	int r = engine_launch(engine, launch, command->argv[0]);

	if (!r)
		engine_run(engine, &result);
	engine_free(engine);
	launch_close(launch);
	if (!r && result.exec_error) {
		not_started(&traced, result.exec_error);
		r = -result.exec_error;
	}
	return r;
}

struct contrast {
	const struct options *options;
	struct makings runs[2];
};

static void draw(struct text *text, const struct sink_options *options, void *data)
{
	const struct contrast *contrast = data;

	contrast_draw(text, contrast->runs, (const char *const *)contrast->options->whats, options);
}

/* The two, and what they are. */
struct sides {
	struct side sides[2];
	int fds[2]; /* of a recording; < 0: a program */
	struct command commands[2];
	struct launch launches[2]; /* of the programs, in their order */
	struct signals signals;
};

/* Forks the programs. Returns in the tracer. */
static int start(struct sides *sides, const struct options *options)
{
	struct launch_config configs[2] = { 0 };
	size_t programs = 0;
	int r;

	for (size_t i = 0; i < 2; i++) {
		sides->fds[i] = open_recording(options->whats[i]);
		command_make(&sides->commands[i], options->whats[i]);
		if (sides->fds[i] < 0)
			configs[programs++] = (struct launch_config){ .command = sides->commands[i].argv,
								      .filter = options->seccomp };
	}
	if (!programs)
		return 0;
	fflush(stdout);
	r = launch_start(configs, programs, sides->launches);
	if (r < 0)
		return r;
	rlimits_raise();
	signals_take(&sides->signals, SIGNALS_OF_TRACER, &sides->launches[0].shared->ring);
	launch_ready(&sides->launches[0]);
	return 0;
}

static int take_sides(struct sides *sides, const struct options *options)
{
	struct launch *launch = sides->launches;
	int r = 0;

	for (size_t i = 0; i < 2 && r >= 0; i++) {
		struct side *side = &sides->sides[i];

		side->model = model_new(0);
		if (sides->fds[i] >= 0)
			r = read_side(side, options->whats[i], sides->fds[i]);
		else
			r = trace_side(side, options, &sides->commands[i], launch++, &sides->signals);
		model_free(side->model);
	}
	return r;
}

int compare(const struct options *options)
{
	struct contrast contrast = { .options = options };
	struct sides sides = { 0 };
	int status = RUN_FAILED, r = start(&sides, options);

	if (r >= 0)
		r = take_sides(&sides, options);
	for (size_t i = 0; i < 2; i++)
		contrast.runs[i] = sides.sides[i].makings;
	if (r >= 0)
		status = page_out(&options->detail, draw, &contrast);
	for (size_t i = 0; i < 2; i++) {
		makings_done(&contrast.runs[i]);
		text_done(&sides.commands[i].text);
	}
	return status;
}
