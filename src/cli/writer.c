/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A queue of bounded size, and a thread for each descriptor that may block, which does nothing but write(2). */
#include "cli/writer.h"

#include <errno.h>
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>
#include <utlist.h>

#include "base/clock.h"
#include "base/mem.h"

#define LOOK_NS 20000000      /* how often a waiting caller checks whether to wait any longer */
#define STACK_SIZE (64 << 10) /* the default is the user's limit, which may be too small or too large */

struct batch {
	struct batch *prev, *next;
	size_t length;
	char bytes[];
};

struct writer {
	int fd;
	const struct writer_waits *waits;
	struct writer *prev, *next; /* of all */
	pthread_t thread;
	bool started, direct; /* direct: there can be no thread */
	pthread_mutex_t lock; /* of all below */
	pthread_cond_t filled, emptied;
	struct batch *queue; /* the first one is being written */
	size_t used;	     /* bytes in the queue */
	uint64_t moved;	     /* when the reader last took something, or had nothing to take; clock_monotonic() */
	bool stuck;	     /* given up, until it takes something */
	bool ending;
	int error;
	uint64_t lost; /* lines */
};

/* A writer whose thread is still in its write(2) is kept, because the thread needs it. */
static struct writer *all, *given_up;

/* Waits until a non-blocking descriptor (stderr may have been made one by others) takes bytes again, or has an error
 * for the next write to report. */
static int wait_writable(int fd)
{
	struct pollfd wait = { .fd = fd, .events = POLLOUT };

	return poll(&wait, 1, -1) < 0 && errno != EINTR ? -errno : 0;
}

int writer_write(int fd, const char *bytes, size_t length)
{
	int error = 0;

	while (length > 0 && !error) {
		ssize_t written = write(fd, bytes, length);

		if (written > 0) {
			bytes += written;
			length -= (size_t)written;
		} else if (written == 0) {
			error = -EIO; /* no device should do that, and the loop would not end */
		} else if (errno == EAGAIN) {
			error = wait_writable(fd);
		} else if (errno != EINTR) {
			error = -errno;
		}
	}
	return error;
}

static uint64_t count_lines(const char *bytes, size_t length)
{
	const char *end = bytes + length, *newline;
	uint64_t lines = 0;

	for (; bytes < end && (newline = memchr(bytes, '\n', (size_t)(end - bytes))); bytes = newline + 1)
		lines++;
	return lines + (bytes < end);
}

/* Removes the first batch, which has been written or is dropped. */
static void drop_first(struct writer *w)
{
	struct batch *batch = w->queue;

	DL_DELETE(w->queue, batch);
	w->used -= batch->length;
	free(batch);
}

/* The thread. The lock is free while it writes: the batch is its own, and the others only add. */
static void *serve(void *data)
{
	struct writer *w = data;
	int error;

	pthread_mutex_lock(&w->lock);
	for (;;) {
		while (!w->queue && !w->ending)
			pthread_cond_wait(&w->filled, &w->lock);
		if (!w->queue)
			break;
		pthread_mutex_unlock(&w->lock);
		error = writer_write(w->fd, w->queue->bytes, w->queue->length);
		pthread_mutex_lock(&w->lock);
		w->moved = clock_monotonic();
		w->stuck = false;
		w->error = error;
		drop_first(w);
		while (error && w->queue)
			drop_first(w);
		pthread_cond_signal(&w->emptied);
		if (error)
			kill(getpid(), SIGCHLD);
	}
	pthread_mutex_unlock(&w->lock);
	return NULL;
}

/* All signals are blocked in the thread: they are the tracer's. False: no thread can be created. */
static bool start(struct writer *w)
{
	sigset_t every, before;
	pthread_attr_t attr;
	bool started;

	if (w->started || w->direct)
		return w->started;
	sigfillset(&every);
	pthread_attr_init(&attr);
	pthread_attr_setstacksize(&attr, STACK_SIZE);
	pthread_sigmask(SIG_SETMASK, &every, &before);
	started = !pthread_create(&w->thread, &attr, serve, w);
	pthread_sigmask(SIG_SETMASK, &before, NULL);
	pthread_attr_destroy(&attr);
	w->started = started;
	w->direct = !started;
	return started;
}

/* For the case that the process exits during its work (base/mem). */
static void settle_all(void)
{
	struct writer *w;

	DL_FOREACH (all, w)
		writer_settle(w);
}

struct writer *writer_new(int fd, const struct writer_waits *waits)
{
	static bool registered;
	struct writer *w = mem_zalloc(1, sizeof(*w));
	pthread_condattr_t attr;

	if (!registered)
		atexit(settle_all);
	registered = true;
	w->fd = fd;
	w->waits = waits;
	pthread_mutex_init(&w->lock, NULL);
	pthread_cond_init(&w->filled, NULL);
	pthread_condattr_init(&attr);
	pthread_condattr_setclock(&attr, CLOCK_MONOTONIC);
	pthread_cond_init(&w->emptied, &attr);
	pthread_condattr_destroy(&attr);
	DL_APPEND(all, w);
	return w;
}

/* Sleeps until the thread has written something, for no longer than LOOK_NS. */
static void sleep_a_little(struct writer *w)
{
	struct timespec until;

	clock_gettime(CLOCK_MONOTONIC, &until);
	until.tv_nsec += LOOK_NS;
	until.tv_sec += until.tv_nsec / 1000000000;
	until.tv_nsec %= 1000000000;
	pthread_cond_timedwait(&w->emptied, &w->lock, &until);
}

static bool in_hurry(const struct writer *w)
{
	return w->waits && w->waits->hurry && w->waits->hurry(w->waits->data);
}

/* Waits, with the lock, until no more than MOST bytes are queued. False: nobody is to wait any longer. */
static bool wait_for(struct writer *w, size_t most)
{
	while (w->used > most) {
		if (w->stuck || (w->waits && w->waits->never))
			return false;
		w->stuck = clock_monotonic() - w->moved >= WRITER_PATIENCE_NS && in_hurry(w);
		if (!w->stuck)
			sleep_a_little(w);
	}
	return true;
}

/* With the lock. A batch that is longer than the queue may be waits until the queue is empty. Returns as writer_put().
 */
static int append(struct writer *w, struct batch *batch)
{
	const bool room = wait_for(w, batch->length < WRITER_ROOM ? WRITER_ROOM - batch->length : 0);

	if (w->error || !room) {
		w->lost += w->error ? 0 : count_lines(batch->bytes, batch->length);
		free(batch);
		return w->error ? w->error : 1;
	}
	if (!w->queue)
		w->moved = clock_monotonic();
	w->used += batch->length;
	DL_APPEND(w->queue, batch);
	pthread_cond_signal(&w->filled);
	return 0;
}

int writer_put(struct writer *w, const char *bytes, size_t length)
{
	struct batch *batch;
	int r;

	if (!start(w)) {
		if (!w->error)
			w->error = writer_write(w->fd, bytes, length);
		return w->error;
	}
	batch = mem_alloc(sizeof(*batch) + length);
	batch->length = length;
	memcpy(batch->bytes, bytes, length);
	pthread_mutex_lock(&w->lock);
	r = append(w, batch);
	pthread_mutex_unlock(&w->lock);
	return r;
}

int writer_error(struct writer *w)
{
	int error;

	pthread_mutex_lock(&w->lock);
	error = w->error;
	pthread_mutex_unlock(&w->lock);
	return error;
}

int writer_settle(struct writer *w)
{
	int error;

	pthread_mutex_lock(&w->lock);
	wait_for(w, 0);
	error = w->error;
	pthread_mutex_unlock(&w->lock);
	return error;
}

bool writer_drain(struct writer *w)
{
	bool drained;

	pthread_mutex_lock(&w->lock);
	while (w->used && !w->stuck && clock_monotonic() - w->moved < WRITER_PATIENCE_NS)
		sleep_a_little(w);
	drained = !w->used;
	pthread_mutex_unlock(&w->lock);
	return drained;
}

/* Whether the thread has ended, or there was none. Else it stays in its write(2), with everything that it needs. */
static bool stop(struct writer *w)
{
	const struct batch *batch;
	bool stuck;

	pthread_mutex_lock(&w->lock);
	stuck = !wait_for(w, 0);
	w->ending = true;
	if (stuck)
		DL_FOREACH (w->queue, batch)
			w->lost += count_lines(batch->bytes, batch->length);
	pthread_cond_signal(&w->filled);
	pthread_mutex_unlock(&w->lock);
	if (!stuck && w->started)
		pthread_join(w->thread, NULL);
	return !stuck;
}

int writer_end(struct writer *w, uint64_t *ret_lost)
{
	const bool stopped = stop(w);
	const int error = stopped ? w->error : -EINTR;

	*ret_lost = w->lost;
	DL_DELETE(all, w);
	if (!stopped) {
		DL_APPEND(given_up, w);
		return error;
	}
	pthread_cond_destroy(&w->emptied);
	pthread_cond_destroy(&w->filled);
	pthread_mutex_destroy(&w->lock);
	free(w);
	return error;
}
