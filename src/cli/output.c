/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Where the trace goes: one descriptor behind a buffer that is written out in whole lines, and perhaps a command. */
#include "cli/output.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <limits.h>
#include <linux/major.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "base/diag.h"
#include "base/mem.h"
#include "base/names.h"
#include "base/text.h"
#include "cli/replacement.h"
#include "cli/stdfds.h"
#include "cli/writer.h"

/* Not larger, because a pipe accepts only writes of up to PIPE_BUF as a whole (pipe(7)): so lines of cltrace and of the
 * traced program on the same pipe do not mix. */
#define BATCH PIPE_BUF
/* If only cltrace writes to an output, its lines are written only when nothing else is to be done, and then only if
 * there is a batch or this time has passed since the last write. The batch for a file is larger. */
#define IDLE_BATCH (64 << 10)
#define IDLE_NS 20000000
#define IDLE_MOST (256 << 10)	/* at most so many bytes wait, whatever else is to be done */
#define LINE_MAX_HELD (1 << 20) /* a line that is longer is written in parts */

struct output {
	int fd;
	const char *name;
	struct writer *writer; /* NULL: it does not block */
	const struct output_host *host;
	char *command;
	pid_t pid; /* the command's shell; 0: none, or it was waited for */
	int ended; /* its wait status */
	bool terminal, lossy;
	bool shared;			/* stdout or stderr, which others write to, too: all lines must stay in order */
	size_t batch;			/* bytes that are written at once */
	uint64_t written;		/* when the buffer was last written out, clock_monotonic() */
	int error;			/* the first one, -errno */
	struct replacement replacement; /* OUTPUT_REPLACE */
	char *buffer;
	size_t used, size;
};

/* Whether FD is closed, or held by stdfds_hold(). */
static bool is_closed(int stdio)
{
	const int flags = fcntl(stdio, F_GETFL);

	return flags < 0 || flags & O_PATH;
}

/* This does not open /dev/stdout, because that would empty a file to which others write, and fails for a socket. */
static int open_stdio(int stdio)
{
	int fd = fcntl(stdio, F_DUPFD_CLOEXEC, STDERR_FILENO + 1);

	return fd < 0 ? -errno : fd;
}

/* In the child, all signals blocked: becomes the command with IN as its standard input. */
static void __attribute__((noreturn)) run_command(const char *command, int in, pid_t group)
{
	sigset_t none;

	if (group)
		setpgid(0, group);

	signal(SIGPIPE, SIG_DFL);
	signal(SIGINT, SIG_IGN);
	signal(SIGQUIT, SIG_IGN);
	sigemptyset(&none);
	sigprocmask(SIG_SETMASK, &none, NULL);
	if (dup2(in, STDIN_FILENO) == STDIN_FILENO)
		execl("/bin/sh", "sh", "-c", "--", command, (char *)NULL);
	_exit(127);
}

/* A fork whose child has every signal blocked, so that no handler of ours runs in it. Returns as fork(), or -errno. */
static pid_t fork_blocked(void)
{
	sigset_t all, before;
	pid_t pid;
	int error;

	sigfillset(&all);
	sigprocmask(SIG_SETMASK, &all, &before);
	pid = fork();
	error = errno;
	if (pid != 0)
		sigprocmask(SIG_SETMASK, &before, NULL);
	return pid < 0 ? -error : pid;
}

/* Starts COMMAND. Returns the descriptor that it reads from, or -errno. */
static int open_command(const char *command, pid_t group, pid_t *ret_pid)
{
	int ends[2];
	pid_t pid;

	if (pipe2(ends, O_CLOEXEC) < 0)
		return -errno;
	for (int i = 0; i < 2; i++) {
		ends[i] = stdfds_move_above(ends[i]);
		if (ends[i] < 0) {
			close(ends[!i]);
			return ends[i];
		}
	}
	pid = fork_blocked();
	if (pid == 0)
		run_command(command, ends[0], group);
	close(ends[0]);
	if (pid < 0) {
		close(ends[1]);
		return pid;
	}
	*ret_pid = pid;
	return ends[1];
}

/* The descriptor of stdio that TARGET names, or -1. */
static int find_stdio(const char *target)
{
	if (!target || !strcmp(target, "/dev/stderr"))
		return STDERR_FILENO;
	return !strcmp(target, "-") || !strcmp(target, "/dev/stdout") ? STDOUT_FILENO : -1;
}

static int open_target(const char *target, enum output_how how, struct output *output)
{
	int stdio = find_stdio(target), fd;

	if (stdio >= 0 && is_closed(stdio))
		return target ? -EBADF : stdfds_open_file("/dev/null", 0);
	if (stdio >= 0)
		return open_stdio(stdio);
	if (*target == '|' || *target == '!')
		return open_command(target + 1, output->host ? output->host->group : 0, &output->pid);
	if (how == OUTPUT_APPEND)
		return stdfds_open_file(target, O_APPEND);
	fd = how == OUTPUT_REPLACE ? replacement_open(&output->replacement, target) : -1;
	return fd >= 0 ? fd : stdfds_open_file(target, O_TRUNC);
}

const char *output_name(const char *target)
{
	if (!target)
		return "stderr";
	return strcmp(target, "-") ? target : "stdout";
}

/* Whether FILE is one of our standard descriptors, which the program has inherited. */
static bool is_stdio(const struct stat *file)
{
	struct stat st;

	for (int fd = STDIN_FILENO; fd <= STDERR_FILENO; fd++) {
		if (fstat(fd, &st) == 0 && st.st_dev == file->st_dev && st.st_ino == file->st_ino)
			return true;
	}
	return false;
}

/* How to write to an output: with a writer if write(2) may sleep without limit. */
static void choose_writing(struct output *output, const struct output_host *host)
{
	struct stat st;
	bool known = fstat(output->fd, &st) == 0, file = known && (S_ISREG(st.st_mode) || S_ISBLK(st.st_mode));

	output->shared |= known && is_stdio(&st);
	if (known && !file && (!S_ISCHR(st.st_mode) || major(st.st_rdev) != MEM_MAJOR))
		output->writer = writer_new(output->fd, host ? &host->waits : NULL);
	output->batch = file && !output->shared ? IDLE_BATCH : BATCH;
}

int output_open(const char *target, enum output_how how, const struct output_host *host, struct output **ret)
{
	struct output *output = mem_zalloc(1, sizeof(*output));
	int fd;

	output->name = output_name(target);
	output->host = host;
	fd = open_target(target, how, output);
	if (fd < 0) {
		free(output);
		return fd;
	}
	output->fd = fd;
	output->shared = find_stdio(target) >= 0;
	output->terminal = isatty(fd);
	choose_writing(output, host);
	output->command = output->pid ? mem_strdup(target + 1) : NULL;
	*ret = output;
	return 0;
}

/* Writes LENGTH bytes out unless there was an error. */
static void emit(struct output *output, const char *bytes, size_t length)
{
	int r;

	if (output->error || !length)
		return;
	if (output->writer)
		r = writer_put(output->writer, bytes, length);
	else
		r = writer_write(output->fd, bytes, length);
	if (r > 0 && !output->lossy)
		diag("the reader of '%s' is too slow: lines of the trace are lost until it reads more", output->name);
	output->lossy |= r > 0;
	output->error = r < 0 ? r : 0;
}

/* The length of the next batch of those LENGTH bytes: as many whole lines as fit into MOST bytes, or one line that is
 * longer. 0: there is no whole line yet. */
static size_t next_batch(const char *bytes, size_t length, size_t most)
{
	const char *end = memrchr(bytes, '\n', length < most ? length : most);

	if (!end && length > most)
		end = memchr(bytes + most, '\n', length - most);
	if (!end)
		return length < LINE_MAX_HELD ? 0 : length;
	return (size_t)(end - bytes) + 1;
}

/* Writes batches out until no more than KEEP bytes are left, or no whole line is. */
static void emit_batches(struct output *output, size_t keep)
{
	size_t at = 0;

	while (output->used - at > keep && !output->error) {
		size_t length = next_batch(output->buffer + at, output->used - at, output->batch);

		if (!length)
			break;
		emit(output, output->buffer + at, length);
		at += length;
	}
	output->used = output->error ? 0 : output->used - at;
	memmove(output->buffer, output->buffer + at, output->used);
}

int output_write(void *data, const char *bytes, size_t length)
{
	struct output *output = data;

	if (output->error || !length)
		return output->error;
	if (output->size - output->used < length) {
		output->size = 2 * (output->used + length);
		output->size = output->size < 2 * output->batch ? 2 * output->batch : output->size;
		output->buffer = mem_resize(output->buffer, output->size, 1);
	}
	memcpy(output->buffer + output->used, bytes, length);
	output->used += length;
	if (output->terminal || output->used > (output->batch == IDLE_BATCH ? IDLE_MOST : BATCH))
		emit_batches(output, output->terminal ? 0 : output->batch);
	return output->error;
}

/* Writes out the buffer, or hands it to the writer. */
static void emit_all(struct output *output)
{
	if (output->used) {
		emit_batches(output, 0);
		emit(output, output->buffer, output->used);
		output->used = 0;
	}
	if (output->writer && !output->error)
		output->error = writer_error(output->writer);
}

int output_flush(struct output *output)
{
	emit_all(output);
	if (output->writer && !output->error && output->terminal)
		output->error = writer_settle(output->writer);
	return output->error;
}

int output_idle(struct output *output, uint64_t now, int64_t *again)
{
	int64_t left;

	if (output->used && !output->shared && output->used < output->batch && now - output->written < IDLE_NS) {
		left = (int64_t)(IDLE_NS - (now - output->written));
		*again = *again < 0 || left < *again ? left : *again;
		return 0;
	}
	output->written = output->used ? now : output->written;
	if (output->terminal)
		return output_flush(output);
	emit_all(output);
	return output->error;
}

bool output_is_terminal(const struct output *output)
{
	return output->terminal;
}

unsigned output_columns(const struct output *output)
{
	struct winsize size = { 0 };

	return ioctl(output->fd, TIOCGWINSZ, &size) < 0 ? 0 : size.ws_col;
}

pid_t output_pid(const struct output *output)
{
	return output->pid;
}

void output_command_ended(struct output *output, int status)
{
	output->pid = 0;
	output->ended = status;
}

/* Whether a command that ended with STATUS did what it was to do: also if its own reader had enough. */
static bool command_is_content(int status)
{
	if (WIFSIGNALED(status))
		return WTERMSIG(status) == SIGPIPE;
	return WEXITSTATUS(status) == 0 || WEXITSTATUS(status) == 128 + SIGPIPE;
}

static void say_command(const struct output *output)
{
	struct text how = TEXT_INIT;

	if (WIFSIGNALED(output->ended)) {
		text_add(&how, "was killed by ");
		signal_add_name(&how, WTERMSIG(output->ended));
	} else {
		text_addf(&how, "exited %d", WEXITSTATUS(output->ended));
	}
	diag("the trace may be lost: the command '%s', which was to take it, %s", output->command, text_get(&how));
	text_done(&how);
}

/* Ends the writing. Returns the first error, or -ECHILD after a message. */
static int end_writer(struct output *output)
{
	uint64_t lost;
	int error;

	if (!output->writer)
		return 0;
	if (!writer_drain(output->writer) && output->host && !output->command)
		diag("waiting for the reader of '%s' to read the rest of the trace; a signal (^C) ends the wait",
		     output->name);
	error = writer_end(output->writer, &lost);
	output->fd = error == -EINTR ? -1 : output->fd;
	if (!lost)
		return error;
	diag("%" PRIu64 " %s of the trace %s lost: the reader of '%s' was too slow", lost, lost == 1 ? "line" : "lines",
	     lost == 1 ? "was" : "were", output->name);
	return -ECHILD;
}

/* Waits for the command, unless somebody wants the end. */
static bool wait_for_command(struct output *output)
{
	const struct timespec a_little = { .tv_nsec = 5000000 };
	pid_t pid = 0;

	while (output->pid) {
		pid = waitpid(output->pid, &output->ended, output->host ? WNOHANG : 0);
		if (pid > 0 || (pid < 0 && errno != EINTR))
			return true;
		if (pid == 0 && output->host->waits.hurry(output->host->waits.data))
			return false;
		if (pid == 0)
			nanosleep(&a_little, NULL);
	}
	return true;
}

static int end_command(struct output *output)
{
	if (!wait_for_command(output)) {
		diag("not waiting any more for the command '%s', which reads the trace", output->command);
		return -ECHILD;
	}
	if (command_is_content(output->ended))
		return 0;
	say_command(output);
	return -ECHILD;
}

static int finish(struct output *output, bool good)
{
	int error = good ? output_flush(output) : 0, ended = end_writer(output), placed;

	error = ended == -ECHILD || !error ? ended : error;
	/* Linux has closed it even if close(2) fails with EINTR. */
	if (output->fd >= 0 && close(output->fd) < 0 && errno != EINTR && !error)
		error = -errno;
	placed = replacement_finish(&output->replacement, good && !error);
	ended = output->command ? end_command(output) : 0;
	if (good && ended)
		error = ended;
	free(output->command);
	free(output->buffer);
	free(output);
	return error ? error : placed;
}

int output_close(struct output *output)
{
	return output ? finish(output, true) : 0;
}

void output_discard(struct output *output)
{
	if (output)
		finish(output, false);
}
