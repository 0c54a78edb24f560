/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Where the trace goes: stderr, a file, a command's standard input. Buffers, and gives up quietly once nobody reads. */
#ifndef CLI_OUTPUT_H
#define CLI_OUTPUT_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

#include "cli/writer.h"

struct output;

/* What outputs must know about a run. */
struct output_host {
	struct writer_waits waits;
	pid_t group; /* the process group that commands are to be in, the terminal's; 0: ours */
};

enum output_how {
	OUTPUT_TRUNCATE, /* a file is emptied first */
	OUTPUT_APPEND,
	/* The new file replaces the old one at output_close(), as a whole, with the mode of the old one. If that is
	 * impossible (not a regular file, not our own, more than one name, a folder that we cannot write to), as
	 * OUTPUT_TRUNCATE. */
	OUTPUT_REPLACE,
};

/* TARGET: NULL or /dev/stderr for stderr, "-" or /dev/stdout for stdout, "|command" (or "!command") run by /bin/sh,
 * else a file. HOW says what becomes of the contents of that file. The descriptor is close-on-exec and above 2 (so that
 * a program started with stdio closed never gets it). If TARGET is NULL and stderr is closed, the trace goes nowhere,
 * as with 2>/dev/null; if the user has asked for a closed descriptor, the function returns -EBADF. The caller ignores
 * SIGPIPE. Returns 0 or -errno; the message is the caller's.
 *
 * A thread (writer.h) writes to an output that may block. HOST says how long it waits for a slow reader, and must live
 * until output_close(). NULL: it waits without end.
 *
 * A command is in the process group that HOST says, so that a pager may read the terminal, and ignores SIGINT and
 * SIGQUIT, so a ^C for the traced program does not end the command before it has read the end of the trace. A pager's
 * own handler for ^C works as before. In the command SIGPIPE has its default action, no signal is blocked, and
 * everything else is inherited: open the output before other signals are ignored. */
int output_open(const char *target, enum output_how how, const struct output_host *host, struct output **ret);

/* The name of TARGET in messages. */
const char *output_name(const char *target);

/* Adds bytes. A terminal gets complete lines at once. Any other output gets them when enough bytes have come, at
 * output_idle(), at output_flush() and at close. Every write(2) ends with a line. It writes at most 4096 bytes (what a
 * pipe accepts whole), or 64 KiB to a file that only we write to, unless one line is longer (up to 1 MiB; a longer line
 * is written in parts). So a tracer that is killed leaves whole lines, unless the kernel itself stops during a write:
 * then the file ends with a page (mm/filemap.c, generic_perform_write()).
 *
 * For a slow reader, some MiB are kept before the caller has to wait. Returns 0 or the first error, -errno, after which
 * everything is dropped (-EPIPE: the reader has exited, which needs no message). An error in the writer's thread is
 * returned by a later call; SIGCHLD wakes a caller that sleeps. The first parameter is a struct output. */
int output_write(void *output, const char *bytes, size_t length);

/* Writes out what is buffered, an incomplete line too; to a terminal, before it returns. */
int output_flush(struct output *output);

/* To be called when there is nothing else to do, at NOW (clock_monotonic()). Writes out the buffer if others write to
 * the output, too, if there is a batch, or if some time has passed since the last write. Else sets *AGAIN to the ns
 * after which the function is to be called again, if *AGAIN is greater or negative. Returns as output_flush(). */
int output_idle(struct output *output, uint64_t now, int64_t *again);

bool output_is_terminal(const struct output *output);

/* Columns of the terminal, read at each call, because a window can be resized. 0: not a terminal or not known. */
unsigned output_columns(const struct output *output);

/* The command's shell, for a caller that waits for any child; or 0. */
pid_t output_pid(const struct output *output);

/* For a caller that waits for any child: the command has ended, with this wait status. */
void output_command_ended(struct output *output, int status);

/* Flushes, closes, and, for a command, waits for its end (with waitpid() for its pid only). HOST of output_open() says
 * how long both wait. Returns 0, the first error, -errno, or -ECHILD, after a message: the command failed (a status
 * other than 0, or killed), or its output was given up, or some lines were lost. A command that stops reading does not
 * fail, nor does one that SIGPIPE kills because its own reader has stopped. OUTPUT may be NULL. */
int output_close(struct output *output);

/* The same, but a command may end as it likes, what has not been written out yet is dropped, and a file that was to be
 * replaced stays as it was. */
void output_discard(struct output *output);

#endif
