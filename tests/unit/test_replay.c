/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The replay source: what it reads, and how it counts what cannot be read. */
#include <errno.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/text.h"
#include "event/codec.h"
#include "event/event.h"
#include "source/replay/reader.h"

#define BEGIN                                                                                            \
	"{\"seq\":1,\"when\":5,\"kind\":\"begin\",\"tid\":0,\"format\":1,\"clock\":\"CLOCK_MONOTONIC\"," \
	"\"realtime\":7,\"mode\":\"filter\",\"launched\":true,\"audit_arch\":3221225534,\"arch\":\"x86_64\"}\n"
#define DETACH(seq) "{\"seq\":" #seq ",\"when\":9,\"kind\":\"detach\",\"tid\":4}\n"
#define END(seq) "{\"seq\":" #seq ",\"when\":9,\"kind\":\"end\",\"tid\":0,\"status\":0,\"exit_code\":0}\n"

struct seen {
	unsigned events, stop_after, idles;
	struct text lines;
};

static int on_event(void *data, const struct event *event)
{
	struct seen *seen = data;

	codec_encode(&seen->lines, event);
	return ++seen->events == seen->stop_after ? -EPIPE : 0;
}

static void on_idle(void *data)
{
	struct seen *seen = data;

	seen->idles++;
}

/* A file that holds LENGTH bytes, read from its beginning. */
static int file_of(const char *bytes, size_t length)
{
	int fd = memfd_create("recording", MFD_CLOEXEC);

	assert_true(fd >= 0);
	for (size_t at = 0; at < length;) {
		ssize_t written = pwrite(fd, bytes + at, length - at, (off_t)at);

		assert_true(written > 0);
		at += (size_t)written;
	}
	return fd;
}

static struct replay_result replay(const char *bytes, size_t length, struct seen *seen)
{
	struct replay_config config = {
		.fd = file_of(bytes, length), .event = on_event, .idle = on_idle, .data = seen
	};
	struct replay_result result;

	assert_int_equal(replay_run(&config, &result), 0);
	close(config.fd);
	return result;
}

static struct replay_result replay_text(const char *text)
{
	struct seen seen = { 0 };
	struct replay_result result = replay(text, strlen(text), &seen);

	assert_int_equal(seen.events, result.events);
	text_done(&seen.lines);
	return result;
}

static void whole(void **state)
{
	struct seen seen = { 0 };
	static const char text[] = BEGIN DETACH(2) END(3);
	struct replay_result result = replay(text, strlen(text), &seen);

	(void)state;
	assert_int_equal(result.events, 3);
	assert_int_equal(result.lines, 3);
	assert_true(result.begun && result.ended && !result.cut && !result.stopped);
	assert_int_equal(result.malformed + result.unknown + result.missing + result.format, 0);
	assert_string_equal(text_get(&seen.lines), text);
	text_done(&seen.lines);
}

static void parts(void **state)
{
	struct replay_result result;

	(void)state;
	result = replay_text("");
	assert_int_equal(result.lines + result.events, 0);
	assert_false(result.begun || result.ended || result.cut);
	result = replay_text("\n \r\n");
	assert_int_equal(result.lines, 2);
	assert_int_equal(result.events + result.malformed, 0);
	/* an end without its newline is one */
	result = replay_text("\n" BEGIN "{\"seq\":2,\"when\":9,\"kind\":\"end\",\"tid\":0,\"status\":0}");
	assert_true(result.begun && result.ended && !result.cut);
	result = replay_text(BEGIN "{\"seq\":2,");
	assert_true(result.cut && !result.ended);
	assert_int_equal(result.malformed, 0);
	result = replay_text(DETACH(5) END(6));
	assert_false(result.begun);
	assert_int_equal(result.missing, 4);
}

static void gaps_and_garbage(void **state)
{
	struct replay_result result;

	(void)state;
	result = replay_text(BEGIN "garbage\n" DETACH(4) "\377\n" DETACH(9) END(10));
	assert_int_equal(result.malformed, 2);
	assert_int_equal(result.malformed_line, 2);
	assert_int_equal(result.missing, 2 + 4);
	result = replay_text(BEGIN "{\"seq\":2,\"when\":9,\"kind\":\"new\",\"tid\":4}\n" END(3));
	assert_int_equal(result.unknown, 1);
	assert_int_equal(result.unknown_line, 2);
	assert_int_equal(result.malformed, 0);
	/* a second recording counts anew */
	result = replay_text(BEGIN END(2) BEGIN DETACH(2) END(3));
	assert_int_equal(result.events, 5);
	assert_int_equal(result.missing, 0);
	/* numbers that go back are none of ours, and count nothing */
	result = replay_text(BEGIN DETACH(9) DETACH(3) DETACH(18446744073709551615) DETACH(0) END(1));
	assert_true(result.events >= 4);
}

static void newer_format(void **state)
{
	struct replay_result result;

	(void)state;
	result = replay_text("{\"format\":3,\"seq\":1,\"when\":5,\"kind\":\"begin\",\"tid\":0,\"realtime\":7,"
			     "\"mode\":\"filter\",\"launched\":true,\"audit_arch\":1,\"news\":[]}\n" END(2));
	assert_int_equal(result.format, 3);
	assert_int_equal(result.events, 2);
	assert_int_equal(result.unknown + result.malformed, 0);
}

/* Lines of every length about the sizes of what is read at once, and one that is longer than any of ours. */
static void long_lines(void **state)
{
	static const size_t lengths[] = { 1, 65535, 65536, 65537, 131071, 131072, 200000, (1 << 24) + 200000 };
	struct text text = TEXT_INIT;
	struct replay_result result;
	struct seen seen = { 0 };

	(void)state;
	text_add(&text, BEGIN);
	for (size_t i = 0; i < sizeof(lengths) / sizeof(lengths[0]); i++) {
		char *command = calloc(1, lengths[i] + 1);

		memset(command, 'x', lengths[i]);
		text_addf(&text,
			  "{\"seq\":%zu,\"when\":5,\"kind\":\"exec\",\"tid\":4,\"former\":4,\"command\":\"%s\"}\n",
			  i + 2, command);
		free(command);
	}
	text_add(&text, END(10));
	result = replay(text.data, text.length, &seen);
	assert_int_equal(result.events, 9);
	assert_int_equal(result.lines, 10);
	assert_int_equal(result.malformed, 1);
	assert_int_equal(result.malformed_line, 9);
	assert_int_equal(result.missing, 1);
	text_done(&seen.lines);
	/* the same without its end */
	text_cut(&text, text.length - 100);
	result = replay(text.data, text.length, &seen);
	assert_true(result.cut);
	text_done(&seen.lines);
	text_done(&text);
}

static void ends_when_asked(void **state)
{
	struct seen seen = { .stop_after = 2 };
	struct replay_result result = replay(BEGIN DETACH(2) END(3), strlen(BEGIN DETACH(2) END(3)), &seen);

	(void)state;
	assert_true(result.stopped);
	assert_int_equal(result.events, 2);
	text_done(&seen.lines);
}

/* A pipe whose writer is slow: what has come is shown, and a signal ends the waiting. */
static void signal_ends_the_waiting(void **state)
{
	struct seen seen = { 0 };
	struct replay_config config = { .event = on_event, .idle = on_idle, .data = &seen };
	struct replay_result result;
	sigset_t signals, before;
	int ends[2];

	(void)state;
	sigemptyset(&signals);
	sigaddset(&signals, SIGUSR1);
	sigprocmask(SIG_BLOCK, &signals, &before);
	assert_int_equal(pipe(ends), 0);
	assert_int_equal(write(ends[1], BEGIN, strlen(BEGIN)), strlen(BEGIN));
	config.fd = ends[0];
	config.signals = &signals;
	seen.stop_after = 0;
	raise(SIGUSR1);
	assert_int_equal(replay_run(&config, &result), 0);
	assert_int_equal(result.signo, SIGUSR1);
	close(ends[0]);
	close(ends[1]);
	sigprocmask(SIG_SETMASK, &before, NULL);
	text_done(&seen.lines);
}

static void errors_of_reading(void **state)
{
	struct replay_config config = { .fd = -1, .event = on_event };
	struct replay_result result;

	(void)state;
	assert_int_equal(replay_run(&config, &result), -EBADF);
	assert_int_equal(result.lines, 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(whole),
		cmocka_unit_test(parts),
		cmocka_unit_test(gaps_and_garbage),
		cmocka_unit_test(newer_format),
		cmocka_unit_test(long_lines),
		cmocka_unit_test(ends_when_asked),
		cmocka_unit_test(signal_ends_the_waiting),
		cmocka_unit_test(errors_of_reading),
	};

	return cmocka_run_group_tests_name("replay", tests, NULL, NULL);
}
