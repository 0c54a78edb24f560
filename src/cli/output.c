/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Where the trace goes: one descriptor behind a buffer that is written out in whole lines, and perhaps a command. */
#include "cli/output.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/mem.h"

struct output {
	int fd;
	pid_t pid; /* the command's shell; 0: none */
	bool terminal;
	int error; /* the first one, -errno */
	size_t used;
	/* Not larger: a pipe takes writes of up to PIPE_BUF whole (pipe(7)), so that our lines and those of the traced
	 * program on the same pipe do not mix. */
	char buffer[PIPE_BUF];
};

/* Moves FD (or an error) above stdio, close-on-exec, and closes it where it was. Returns the new one or -errno. */
static int move_above_stdio(int fd)
{
	int moved, error;

	if (fd < 0 || fd > STDERR_FILENO)
		return fd;
	moved = fcntl(fd, F_DUPFD_CLOEXEC, STDERR_FILENO + 1);
	error = errno;
	close(fd);
	return moved < 0 ? -error : moved;
}

static int open_file(const char *name, int flags)
{
	int fd = open(name, O_WRONLY | O_CREAT | O_CLOEXEC | O_NOCTTY | flags, 0666);

	return fd < 0 ? -errno : move_above_stdio(fd);
}

static int open_stderr(void)
{
	int fd = fcntl(STDERR_FILENO, F_DUPFD_CLOEXEC, STDERR_FILENO + 1);

	if (fd < 0 && errno == EBADF)
		return open_file("/dev/null", 0);
	return fd < 0 ? -errno : fd;
}

/* In the child, all signals blocked: becomes the command with IN as its standard input. */
static void __attribute__((noreturn)) run_command(const char *command, int in)
{
	sigset_t none;

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
static int open_command(const char *command, pid_t *ret_pid)
{
	int ends[2];
	pid_t pid;

	if (pipe2(ends, O_CLOEXEC) < 0)
		return -errno;
	for (int i = 0; i < 2; i++) {
		ends[i] = move_above_stdio(ends[i]);
		if (ends[i] < 0) {
			close(ends[!i]);
			return ends[i];
		}
	}
	pid = fork_blocked();
	if (pid == 0)
		run_command(command, ends[0]);
	close(ends[0]);
	if (pid < 0) {
		close(ends[1]);
		return pid;
	}
	*ret_pid = pid;
	return ends[1];
}

int output_open(const char *target, bool append, struct output **ret)
{
	struct output *output;
	pid_t pid = 0;
	int fd;

	if (!target)
		fd = open_stderr();
	else if (*target == '|' || *target == '!')
		fd = open_command(target + 1, &pid);
	else
		fd = open_file(target, append ? O_APPEND : O_TRUNC);
	if (fd < 0)
		return fd;
	output = mem_zalloc(1, sizeof(*output));
	output->fd = fd;
	output->pid = pid;
	output->terminal = isatty(fd);
	*ret = output;
	return 0;
}

/* Waits until a non-blocking descriptor (stderr may have been made one by others) takes bytes again, or has an error
 * for the next write to tell. */
static int wait_writable(int fd)
{
	struct pollfd wait = { .fd = fd, .events = POLLOUT };

	return poll(&wait, 1, -1) < 0 && errno != EINTR ? -errno : 0;
}

static int write_all(int fd, const char *bytes, size_t length)
{
	int error = 0;

	while (length > 0 && !error) {
		ssize_t written = write(fd, bytes, length);

		if (written > 0) {
			bytes += written;
			length -= (size_t)written;
		} else if (written == 0) {
			error = -EIO; /* no device should; rather than for ever */
		} else if (errno == EAGAIN) {
			error = wait_writable(fd);
		} else if (errno != EINTR) {
			error = -errno;
		}
	}
	return error;
}

/* Writes out the first LENGTH bytes of the buffer; what is behind them moves up, or goes too after an error. */
static void emit(struct output *output, size_t length)
{
	output->error = write_all(output->fd, output->buffer, length);
	output->used -= length;
	memmove(output->buffer, output->buffer + length, output->used);
	if (output->error)
		output->used = 0;
}

/* The length of the complete lines in the buffer. */
static size_t complete_lines(const struct output *output)
{
	const char *end = memrchr(output->buffer, '\n', output->used);

	return end ? (size_t)(end - output->buffer) + 1 : 0;
}

int output_write(void *data, const char *bytes, size_t length)
{
	struct output *output = data;
	size_t lines;

	while (length > 0 && !output->error) {
		size_t part = sizeof(output->buffer) - output->used;

		if (part == 0) {
			lines = complete_lines(output);
			emit(output, lines ? lines : output->used);
			continue;
		}
		part = length < part ? length : part;
		memcpy(output->buffer + output->used, bytes, part);
		output->used += part;
		bytes += part;
		length -= part;
	}
	lines = output->terminal ? complete_lines(output) : 0;
	if (lines)
		emit(output, lines);
	return output->error;
}

int output_flush(struct output *output)
{
	if (output->used)
		emit(output, output->used);
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

int output_close(struct output *output)
{
	int error;

	if (!output)
		return 0;
	error = output_flush(output);
	/* Linux has closed it even when it says EINTR (close(2)). */
	if (close(output->fd) < 0 && errno != EINTR && !error)
		error = -errno;
	while (output->pid && waitpid(output->pid, NULL, 0) < 0 && errno == EINTR)
		;
	free(output);
	return error;
}
