/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Joins a recording and views, and says what of the recording could not be had. */
#include "cli/replay_run.h"

#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/diag.h"
#include "cli/options.h"
#include "cli/output.h"
#include "cli/recording.h"
#include "cli/run.h"
#include "cli/views.h"
#include "source/ptrace/tracer_signals.h"
#include "source/replay/reader.h"

static const char *recording_name(const struct options *options)
{
	return strcmp(options->replay, "-") ? options->replay : "stdin";
}

static int on_event(void *data, const struct event *event)
{
	return views_event(data, event);
}

static void on_idle(void *data)
{
	views_flush(data);
}

/* Whether some output would empty the very file that is read. */
static bool overwrites(const struct options *options, int fd)
{
	struct stat recording, st;

	if (fstat(fd, &recording) < 0 || !S_ISREG(recording.st_mode))
		return false;
	for (size_t i = 0; i < options->output_count; i++) {
		const char *target = options->outputs[i].target;

		if (target && stat(target, &st) == 0 && st.st_dev == recording.st_dev && st.st_ino == recording.st_ino)
			return true;
	}
	return false;
}

static int open_recording(const struct options *options)
{
	int fd = strcmp(options->replay, "-") ? open(options->replay, O_RDONLY | O_CLOEXEC | O_NOCTTY)
					      : fcntl(STDIN_FILENO, F_DUPFD_CLOEXEC, STDERR_FILENO + 1);

	if (fd < 0) {
		int error = errno;

		diag_errno(error, "cannot read the recording '%s'", recording_name(options));
		return -error;
	}
	if (overwrites(options, fd)) {
		diag("'%s' is the recording that is read: give the output another file", options->replay);
		close(fd);
		return -EINVAL;
	}
	return fd;
}

int replay(const struct options *options)
{
	struct replay_config config = { .follow = options->follow, .event = on_event, .idle = on_idle };
	struct replay_result result;
	struct signals signals = { 0 };
	const struct output_host host = { .waits = { .hurry = signals_end_waiting, .data = &signals } };
	struct views *views;
	bool wrong;
	int r;

	config.fd = open_recording(options);
	if (config.fd < 0)
		return RUN_FAILED;
	if (views_open(options, &host, &views) < 0) {
		close(config.fd);
		return RUN_FAILED;
	}
	signals_take(&signals, SIGNALS_OF_READER, NULL);
	config.signals = &signals.taken;
	config.data = views;
	r = replay_run(&config, &result);
	close(config.fd);
	if (result.events)
		views_finish(views);
	wrong = views_close(views) < 0;
	wrong |= recording_complain(recording_name(options), &result, r, options->follow);
	return wrong ? RUN_FAILED : 0;
}
