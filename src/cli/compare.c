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
#include "cli/run.h"
#include "model/model.h"
#include "sink/contrast.h"
#include "source/ptrace/engine.h"
#include "source/ptrace/signals.h"
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

/* Runs WHAT, by the shell where it is more than a word. */
static int trace_side(struct side *side, const struct options *options, const char *what)
{
	static char shell[] = "sh", option[] = "-c";
	struct text command = TEXT_INIT;
	char *argv[] = { NULL, NULL, NULL, NULL };
	struct options traced = { .command = argv };
	struct launch_config launch = { .command = argv };
	struct engine_config config = { .duration = true, .event = on_event, .data = side };
	struct engine_result result = { 0 };
	struct signals signals;
	struct engine *engine;
	int r;

	if (strpbrk(what, NEEDS_SHELL)) {
		text_addf(&command, "exec %s", what);
		argv[0] = shell;
		argv[1] = option;
		argv[2] = command.data;
	} else {
		text_add(&command, what);
		argv[0] = command.data;
	}
	fflush(stdout);
	config.mode = options->seccomp ? EVENT_MODE_FILTER : EVENT_MODE_CALLS;
	config.signals = &signals;
	signals_take(&signals);
	engine = engine_new(&config);
	r = engine_launch(engine, &launch);
	if (!r)
		engine_run(engine, &result);
	engine_free(engine);
	if (!r && result.exec_error) {
		not_started(&traced, result.exec_error);
		r = -result.exec_error;
	}
	text_done(&command);
	return r;
}

static int take_side(struct side *side, const struct options *options, const char *what)
{
	const int fd = open_recording(what);
	int r;

	side->model = model_new(0);
	r = fd >= 0 ? read_side(side, what, fd) : trace_side(side, options, what);
	model_free(side->model);
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

int compare(const struct options *options)
{
	struct contrast contrast = { .options = options };
	int r = 0, status = RUN_FAILED;

	for (size_t i = 0; i < 2 && r >= 0; i++) {
		struct side side = { .model = NULL };

		r = take_side(&side, options, options->whats[i]);
		contrast.runs[i] = side.makings;
	}
	if (r >= 0)
		status = page_out(&options->detail, draw, &contrast);
	for (size_t i = 0; i < 2; i++)
		makings_done(&contrast.runs[i]);
	return status;
}
