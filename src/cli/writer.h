/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Writes to an output that may block (a pipe, a FIFO, a terminal, a socket) in a thread of its own, so that the tracer
 * never waits in write(2), where it takes no signal and resumes no task. */
#ifndef CLI_WRITER_H
#define CLI_WRITER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* How many bytes are kept for a slow reader. */
#define WRITER_ROOM (16 << 20)

/* If somebody asks for the end and the reader has read nothing for this time, the reader is given up. */
#define WRITER_PATIENCE_NS 1000000000

/* When to wait for a slow reader; for all outputs of a run. */
struct writer_waits {
	/* Whether somebody wants an end: a signal that ends cltrace or the program is pending, or has been taken.
	 * Called every 20 ms while a caller waits. NULL: nobody can want it. */
	bool (*hurry)(void *data);
	void *data;
	/* The tracer does not wait, because the traced tasks were running before. Lines for which there is no room are
	 * lost. */
	bool never;
};

struct writer;

/* Makes a writer for FD, which stays the caller's. WAITS must live as long; its members may change. */
struct writer *writer_new(int fd, const struct writer_waits *waits);

/* Queues LENGTH bytes, one write(2) for them all, copied. Waits while there is no room, as long as WAITS says. Returns
 * 0; 1: there is no room, they are lost, and writer_end() counts their lines; or the first error that write(2) had,
 * -errno, after which everything is dropped. At an error the process gets SIGCHLD, for a caller that sleeps. */
int writer_put(struct writer *writer, const char *bytes, size_t length);

/* 0 or the first error, -errno. */
int writer_error(struct writer *writer);

/* Waits until all that is queued is written, as long as WAITS says. Returns 0 or the first error. */
int writer_settle(struct writer *writer);

/* Waits until all that is queued is written, or the reader has taken nothing for WRITER_PATIENCE_NS: false. */
bool writer_drain(struct writer *writer);

/* Settles and frees. Lines that were lost, of those put and of those still queued, are counted in RET_LOST. Returns 0
 * or the first error; -EINTR if the reader was given up: then a write(2) to the descriptor may still be under way, and
 * it must not be closed. */
int writer_end(struct writer *writer, uint64_t *ret_lost);

/* The same write(2) loop without a queue, for what does not block: 0 or -errno. */
int writer_write(int fd, const char *bytes, size_t length);

#endif
