/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Where the trace goes: stderr, a file, a command's standard input. Buffers, and gives up quietly once nobody reads. */
#ifndef CLI_OUTPUT_H
#define CLI_OUTPUT_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

struct output;

/* TARGET: NULL for stderr, "|command" (or "!command") run by /bin/sh, else a file, truncated or with APPEND appended to.
 * The descriptor is close-on-exec and above 2 (so that a program started with stdio closed never gets it). When USER_UID
 * is not (uid_t)-1, files and commands are opened and run as cltrace's real user where cltrace is set-user-ID: keep
 * simple. Returns 0 or -errno; the message is the caller's. */
int output_open(const char *target, bool append, struct output **ret);

/* Adds bytes. A terminal gets them at once, anything else when the buffer is full, at output_flush() and at close; a line
 * is never split between two writes unless it is longer than the buffer. Returns 0 or the first error, -errno, after
 * which everything is dropped (-EPIPE: the reader has gone: no reason to say anything). */
int output_write(void *output, const char *bytes, size_t length);
int output_flush(struct output *output);

bool output_is_terminal(const struct output *output);
unsigned output_columns(const struct output *output); /* of the terminal; 0: not a terminal or not known */
pid_t output_pid(const struct output *output);	      /* the command's shell, or 0 */

/* Flushes, closes, and for a command waits for its end. Returns 0 or -errno. */
int output_close(struct output *output);

#endif
