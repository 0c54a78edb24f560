/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Writes cltrace's own messages to stderr, one write(2) each. */
#include "base/diag.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

/* Longer messages are cut. No more than PIPE_BUF, so that a message to a pipe arrives in one piece (pipe(7)). It lies
 * on the stack because the message may be that there is no memory. */
#define DIAG_SIZE 4096

static void diag_write(int error, const char *format, va_list ap) __attribute__((format(printf, 2, 0)));

/* Adds at *POSITION as snprintf() does, never past the place that is kept for the newline. */
static void diag_advance(size_t *position, int added)
{
	const size_t last = DIAG_SIZE - 2;

	if (added > 0)
		*position = (size_t)added < last - *position ? *position + (size_t)added : last;
}

static void diag_write(int error, const char *format, va_list ap)
{
	char line[DIAG_SIZE];
	size_t position = 0;
	int saved = errno;
	ssize_t written;

	diag_advance(&position, snprintf(line, sizeof(line), "cltrace: "));
	diag_advance(&position, vsnprintf(line + position, sizeof(line) - position, format, ap));
	if (error)
		diag_advance(&position, snprintf(line + position, sizeof(line) - position, ": %s", strerror(error)));
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
