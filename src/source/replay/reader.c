/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Reads lines, waits for more of them if that is wanted, and counts what could not be read. */
#include "source/replay/reader.h"

#include <errno.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/inotify.h>
#include <sys/signalfd.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/mem.h"
#include "event/codec.h"
#include "event/event.h"
#include "source/kernel/procfs/path.h"

#define READ_SIZE (1 << 16)
#define LINE_LIMIT (1 << 24) /* a longer line is not an event */
#define POLL_MS 200	     /* how often a growing file is looked at if there is no inotify */

struct replay {
	const struct replay_config *config;
	struct replay_result *result;
	bool follow;	      /* it is wanted, and the file can grow: a pipe's end is the end */
	int signals, changes; /* descriptors: signalfd, inotify; -1: none */
	char *buffer;
	size_t used, size;
	size_t searched; /* bytes of the buffer that are known to have no newline */
	bool skipping;	 /* in a line that is too long */
	uint64_t seq;	 /* of the previous event */
	bool done;
};

/* Lines */

static void count(uint64_t *number, uint64_t *first, uint64_t line)
{
	if (!(*number)++)
		*first = line;
}

static void take_event(struct replay *replay, const struct event *event)
{
	struct replay_result *result = replay->result;

	if (!result->events++)
		result->begun = event->kind == EVENT_BEGIN;
	if (event->kind == EVENT_BEGIN) {
		if (event->begin.format > codec_format())
			result->format = event->begin.format;
		replay->seq = 0; /* a recording behind another one counts from 1 again */
	}
	if (event->seq > replay->seq + 1 && replay->seq + 1)
		result->missing += event->seq - replay->seq - 1;
	replay->seq = event->seq;
	result->ended = event->kind == EVENT_END;
	if (replay->config->event(replay->config->data, event) < 0)
		replay->done = result->stopped = true;
	if (result->ended && replay->config->follow)
		replay->done = true;
}

static bool is_blank(const char *line, size_t length)
{
	while (length && memchr(" \t\r\n", line[length - 1], 4))
		length--;
	return !length;
}

/* Reads one line, which is WHOLE unless the file ends in it. */
static void take_line(struct replay *replay, const char *line, size_t length, bool whole)
{
	struct replay_result *result = replay->result;
	struct event *event;
	int r;

	result->lines++;
	if (is_blank(line, length))
		return;
	r = codec_decode(line, length, &event);
	if (r == 0) {
		take_event(replay, event);
		event_free(event);
	} else if (!whole) {
		result->cut = true;
	} else if (r == -ENOTSUP) {
		count(&result->unknown, &result->unknown_line, result->lines);
	} else {
		count(&result->malformed, &result->malformed_line, result->lines);
	}
}

/* Reads the whole lines in the buffer, and removes them. */
static void take_lines(struct replay *replay)
{
	size_t at = 0;
	const char *end;

	while (!replay->done) {
		size_t from = at > replay->searched ? at : replay->searched;

		end = memchr(replay->buffer + from, '\n', replay->used - from);
		if (!end)
			break;
		if (replay->skipping)
			count(&replay->result->malformed, &replay->result->malformed_line, ++replay->result->lines);
		else
			take_line(replay, replay->buffer + at, (size_t)(end + 1 - replay->buffer) - at, true);
		replay->skipping = false;
		at = (size_t)(end + 1 - replay->buffer);
	}
	replay->used -= at;
	memmove(replay->buffer, replay->buffer + at, replay->used);
	if (replay->used >= LINE_LIMIT) {
		replay->skipping = true;
		replay->used = 0;
	}
	replay->searched = replay->used;
}

/* The file has ended: reads what is behind the last newline. */
static void take_rest(struct replay *replay)
{
	if (replay->done)
		return;
	if (replay->skipping)
		replay->result->cut = true;
	else if (replay->used)
		take_line(replay, replay->buffer, replay->used, false);
	replay->used = 0;
}

/* Waiting */

/* Waits until FD (-1: none, but POLL_MS) is ready or a signal has come, which ends the reading. */
static void wait_for(struct replay *replay, int fd)
{
	struct pollfd fds[] = { { .fd = replay->signals, .events = POLLIN }, { .fd = fd, .events = POLLIN } };
	struct signalfd_siginfo info;
	int ready = poll(fds, 2, 0);

	if (ready == 0) {
		if (replay->config->idle)
			replay->config->idle(replay->config->data);
		poll(fds, 2, fd < 0 ? POLL_MS : -1);
	}
	if (fds[0].revents & POLLIN && read(replay->signals, &info, sizeof(info)) == sizeof(info)) {
		replay->result->signo = (int)info.ssi_signo;
		replay->done = true;
	}
}

/* Waits at the end of a file that can grow. */
static void wait_for_more(struct replay *replay)
{
	char changes[4096];

	wait_for(replay, replay->changes);
	if (replay->changes >= 0 && !replay->done && read(replay->changes, changes, sizeof(changes)) < 0)
		return; /* a change that is reported twice does no harm */
}

static void open_waiting(struct replay *replay)
{
	struct stat st;
	char name[PROC_PATH_SIZE];

	replay->signals = replay->changes = -1;
	if (replay->config->signals)
		replay->signals = signalfd(-1, replay->config->signals, SFD_CLOEXEC | SFD_NONBLOCK);
	replay->follow = replay->config->follow && fstat(replay->config->fd, &st) == 0 && S_ISREG(st.st_mode);
	if (!replay->follow)
		return;
	replay->changes = inotify_init1(IN_CLOEXEC | IN_NONBLOCK);
	proc_fd_path(name, PROC_SELF, replay->config->fd);
	if (replay->changes >= 0 && inotify_add_watch(replay->changes, name, IN_MODIFY) < 0) {
		close(replay->changes);
		replay->changes = -1;
	}
}

static void close_waiting(struct replay *replay)
{
	if (replay->signals >= 0)
		close(replay->signals);
	if (replay->changes >= 0)
		close(replay->changes);
}

/* Reading */

/* Returns 0 at the end, > 0 after some bytes (none, where a signal came), or -errno. */
static ssize_t read_some(struct replay *replay)
{
	ssize_t got;

	if (replay->size - replay->used < READ_SIZE) {
		replay->size = replay->used + 2 * READ_SIZE + replay->used / 2;
		replay->buffer = mem_resize(replay->buffer, replay->size, 1);
	}
	wait_for(replay, replay->config->fd);
	if (replay->done)
		return 1;
	got = read(replay->config->fd, replay->buffer + replay->used, READ_SIZE);
	if (got < 0)
		return errno == EINTR || errno == EAGAIN ? 1 : -errno;
	replay->used += (size_t)got;
	return got;
}

int replay_run(const struct replay_config *config, struct replay_result *ret)
{
	struct replay replay = { .config = config, .result = ret };
	ssize_t got = 1;

	*ret = (struct replay_result){ 0 };
	open_waiting(&replay);
	while (!replay.done && got >= 0) {
		got = read_some(&replay);
		if (got > 0)
			take_lines(&replay);
		if (got == 0 && !replay.follow)
			break;
		if (got == 0)
			wait_for_more(&replay);
	}
	take_rest(&replay);
	close_waiting(&replay);
	free(replay.buffer);
	return got < 0 ? (int)got : 0;
}
