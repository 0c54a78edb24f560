/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Writes cltrace's own messages to stderr, one write(2) each, and makes them harmless. */
#include "base/diag.h"

#include <errno.h>
#include <poll.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/text.h"
#include "base/utf8.h"

/* Longer messages are cut, and end with "...". No more than PIPE_BUF, so that a message to a pipe arrives in one piece
 * (pipe(7)). The text is on the stack because the message may be that there is no memory. */
#define DIAG_SIZE 4096
#define DIAG_WAIT_MS 1000 /* a message that cannot be written until then is lost */

static void diag_write(int error, const char *format, va_list ap) __attribute__((format(printf, 2, 0)));

/* Adds as much of STRING at *POSITION as fits before LIMIT, escaped so that it cannot harm a terminal and stays on one
 * line. Returns whether all of STRING was added. A backslash stays as it is, because STRING may be escaped already, and
 * because people copy names. */
static bool diag_add(char line[DIAG_SIZE], size_t *position, size_t limit, const char *string)
{
	const unsigned char *byte = (const unsigned char *)string;
	char escape[UTF8_ESCAPED];

	while (*byte) {
		const size_t shown = utf8_shown(byte, UTF8_MAX);
		const size_t length = shown ? shown : utf8_escape(*byte, escape);

		if (*position + length > limit)
			return false;
		memcpy(line + *position, shown ? (const char *)byte : escape, length);
		*position += length;
		byte += shown ? shown : 1;
	}
	return true;
}

/* Writes FORMAT's text into MESSAGE. Returns whether it fits. */
static bool diag_format(char message[DIAG_SIZE], const char *format, va_list ap) __attribute__((format(printf, 2, 0)));

static bool diag_format(char message[DIAG_SIZE], const char *format, va_list ap)
{
	if (vsnprintf(message, DIAG_SIZE, format, ap) < DIAG_SIZE)
		return true;
	message[utf8_whole(message, DIAG_SIZE - 2)] = '\0';
	return false;
}

/* Whether stderr can be written to, perhaps after some time. The tracer must not wait for a reader for ever. */
static bool diag_can_write(void)
{
	struct pollfd wait = { .fd = STDERR_FILENO, .events = POLLOUT };

	return poll(&wait, 1, DIAG_WAIT_MS) != 0;
}

static void diag_write(int error, const char *format, va_list ap)
{
	char message[DIAG_SIZE] = "", line[DIAG_SIZE];
	const int saved = errno;
	const char *cause = error ? strerror(error) : "";
	const size_t end = DIAG_SIZE - strlen("\n"), room = end - strlen("...: ") - strlen(cause);
	const bool fits = diag_format(message, format, ap);
	size_t position = 0;
	ssize_t written;

	diag_add(line, &position, room, "cltrace: ");
	if (!diag_add(line, &position, room, message) || !fits)
		diag_add(line, &position, end, "...");
	if (error) {
		diag_add(line, &position, end, ": ");
		diag_add(line, &position, end, cause);
	}
	line[position++] = '\n';
	do
		written = diag_can_write() ? write(STDERR_FILENO, line, position) : 0;
	while (written < 0 && errno == EINTR);
	/* If stderr is closed, nobody can read a report. */
	errno = saved;
}

void diag(const char *format, ...)
{
	va_list ap;

	va_start(ap, format);
	diag_write(0, format, ap);
	va_end(ap);
}

void diag_errno(int error, const char *format, ...)
{
	va_list ap;

	va_start(ap, format);
	diag_write(error, format, ap);
	va_end(ap);
}
