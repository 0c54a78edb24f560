/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Joins a recording and views, and says what of the recording could not be had. */
#include "cli/replay.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdbool.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/diag.h"
#include "base/text.h"
#include "cli/options.h"
#include "cli/run.h"
#include "cli/views.h"
#include "source/ptrace/signals.h"
#include "source/replay/replay.h"

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

/* "; 3 lines are no events (the first is line 17)" */
static void add_count(struct text *text, uint64_t number, uint64_t line, const char *one, const char *many)
{
	if (!number)
		return;
	text_add(text, text->length ? "; " : "");
	text_addf(text, "%" PRIu64 " %s", number, number == 1 ? one : many);
	if (line)
		text_addf(text, " (%s line %" PRIu64 ")", number == 1 ? "in" : "the first in", line);
}

static void add_part(struct text *text, bool wanted, const char *part)
{
	if (!wanted)
		return;
	text_add(text, text->length ? "; " : "");
	text_add(text, part);
}

/* Adds what is missing, or nothing. Events that are not there and were lines are counted as lines. A file that is
 * followed has no end yet. */
static void add_missing(struct text *text, const struct replay_result *result, bool follow)
{
	uint64_t told = result->broken + result->unknown;

	if (result->format)
		text_addf(text, "it is of format %u, newer than this cltrace knows", result->format);
	add_part(text, result->events && !result->begun, "its beginning is missing");
	add_count(text, result->broken, result->broken_line, "line is no event", "lines are no events");
	add_count(text, result->unknown, result->unknown_line, "event only a newer cltrace knows",
		  "events only a newer cltrace knows");
	if (result->missing > told)
		add_count(text, result->missing - told, 0, "event is missing", "events are missing");
	if (follow && result->signo)
		return;
	add_part(text, result->cut, "it is cut off within a line");
	add_part(text, !result->ended && !result->cut, result->signo ? "interrupted" : "its end is missing");
}

/* Says in one line how RESULT, of a recording that was read with ERROR, is less than a whole one. Returns whether. */
static bool complain(const struct options *options, const struct replay_result *result, int error)
{
	struct text text = TEXT_INIT;
	bool wrong = true;

	add_missing(&text, result, options->follow);
	if (error < 0)
		diag_errno(-error, "cannot read the recording '%s'", recording_name(options));
	else if (result->stopped)
		wrong = false; /* nobody reads: nobody misses anything */
	else if (!result->lines && !result->signo)
		diag("'%s' is empty: a recording is what -o json:FILE writes", recording_name(options));
	else if (!result->events && !result->signo && !result->format)
		diag("'%s' is no recording: give a file that -o json:FILE has written", recording_name(options));
	else if (text.length)
		diag("the recording '%s' is incomplete: %s", recording_name(options), text_get(&text));
	else
		wrong = false;
	text_done(&text);
	return wrong;
}

int replay(const struct options *options)
{
	struct replay_config config = { .follow = options->follow, .event = on_event, .idle = on_idle };
	struct replay_result result;
	struct signals signals;
	struct views *views;
	bool wrong;
	int r;

	config.fd = open_recording(options);
	if (config.fd < 0)
		return RUN_FAILED;
	if (views_open(options, &views) < 0) {
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
	wrong |= complain(options, &result, r);
	return wrong ? RUN_FAILED : 0;
}
