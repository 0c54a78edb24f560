/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Writes cltrace's own messages to stderr, one write(2) each, and makes them harmless. */
#include "base/diag.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/utf8.h"

/* Longer messages are cut. No more than PIPE_BUF, so that a message to a pipe arrives in one piece (pipe(7)). It lies
 * on the stack because the message may be that there is no memory. */
#define DIAG_SIZE 4096

static void diag_write(int error, const char *format, va_list ap) __attribute__((format(printf, 2, 0)));

/* Adds STRING at *POSITION as far as there is room, harmless for a terminal and in one line, whoever chose what is in
 * it. A backslash stays as it is: what is in STRING may be escaped already, and names are there to be copied. */
static void diag_add(char line[DIAG_SIZE], size_t *position, const char *string)
{
	const unsigned char *byte = (const unsigned char *)string;
	char escape[UTF8_ESCAPED];

	while (*byte) {
		const size_t shown = utf8_shown(byte, UTF8_MAX);
		const size_t length = shown ? shown : utf8_escape(*byte, escape);

		if (length >= DIAG_SIZE - *position) /* one is for the newline */
			return;
		memcpy(line + *position, shown ? (const char *)byte : escape, length);
		*position += length;
		byte += shown ? shown : 1;
	}
}

static void diag_write(int error, const char *format, va_list ap)
{
	char message[DIAG_SIZE] = "", line[DIAG_SIZE];
	size_t position = 0;
	int saved = errno;
	ssize_t written;

	vsnprintf(message, sizeof(message), format, ap);
	diag_add(line, &position, "cltrace: ");
	diag_add(line, &position, message);
	if (error) {
		diag_add(line, &position, ": ");
		diag_add(line, &position, strerror(error));
	}
	line[position++] = '\n';
	do
		written = write(STDERR_FILENO, line, position);
	while (written < 0 && errno == EINTR);
	/* A closed stderr leaves nobody to tell. */
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
