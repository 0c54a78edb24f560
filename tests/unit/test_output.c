/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The output: whole lines, every error that write(2) knows, terminals, and the command behind '|'. */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <poll.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/clock.h"
#include "cli/output.h"
#include "cli/stdfds.h"
#include "cli/writer.h"
#include "skip.h"

#define FILE_BATCH (64 << 10) /* the most that is written to a file at once */

/* write() and poll() of this program come before the C library's, so that a test can say how the kernel answers. */
static struct {
	int fd;		    /* the descriptor under test, or -1: leave all alone */
	const int *answers; /* per call: -errno, or the most bytes to take; ends with 0: no limits from there on */
	unsigned writes, polls;
	size_t lengths[64]; /* asked for, per call */
} kernel = { .fd = -1 };

ssize_t write(int fd, const void *bytes, size_t length)
{
	if (fd >= 0 && fd == kernel.fd) {
		int answer = kernel.answers ? *kernel.answers : 0;

		kernel.lengths[kernel.writes++ % 64] = length;
		if (answer) {
			kernel.answers++;
			if (answer < 0) {
				errno = -answer;
				return -1;
			}
			length = (size_t)answer < length ? (size_t)answer : length;
		}
	}
	return syscall(SYS_write, fd, bytes, length);
}

int poll(struct pollfd *fds, nfds_t count, int timeout)
{
	if (count == 1 && kernel.fd >= 0) {
		kernel.polls++;
		assert_int_equal(timeout, -1);
		fds[0].revents = POLLOUT;
		return 1;
	}
	return ppoll(fds, count, NULL, NULL);
}

static char directory[] = "/tmp/test_output.XXXXXX";

static const char *path(const char *name)
{
	static char path[sizeof(directory) + 32];

	snprintf(path, sizeof(path), "%s/%s", directory, name);
	return path;
}

/* All of a file, as a string that the caller frees. */
static char *content(const char *file)
{
	char *bytes = calloc(1, 1 << 20);
	int fd = open(file, O_RDONLY | O_CLOEXEC);
	size_t length = 0;
	ssize_t got;

	assert_non_null(bytes);
	assert_true(fd >= 0);
	while ((got = read(fd, bytes + length, (1 << 20) - 1 - length)) > 0)
		length += (size_t)got;
	assert_int_equal(got, 0);
	close(fd);
	return bytes;
}

static void must_hold(const char *file, const char *expected)
{
	char *bytes = content(file);

	assert_string_equal(bytes, expected);
	free(bytes);
}

static int put(struct output *output, const char *string)
{
	return output_write(output, string, strlen(string));
}

static struct output *must_open(const char *target, enum output_how how)
{
	struct output *output = NULL;

	assert_int_equal(output_open(target, how, NULL, &output), 0);
	assert_non_null(output);
	return output;
}

/* What a thread writes has its error later. */
static void must_fail(struct output *output, int error)
{
	const struct timespec a_little = { .tv_nsec = 1000000 };
	int r = 0;

	for (int i = 0; i < 20000 && !r; i++) {
		r = output_flush(output);
		nanosleep(&a_little, NULL);
	}
	assert_int_equal(r, error);
}

/* The lowest free descriptor above stdio: the one that an output opened next will have. */
static int next_fd(void)
{
	int fd = fcntl(STDOUT_FILENO, F_DUPFD_CLOEXEC, STDERR_FILENO + 1);

	assert_true(fd > STDERR_FILENO);
	close(fd);
	return fd;
}

/* Opens a file with the kernel's answers set for it. */
static struct output *open_scripted(const int *answers)
{
	int fd = next_fd();
	struct output *output = must_open(path("scripted"), OUTPUT_TRUNCATE);

	kernel.fd = fd;
	kernel.answers = answers;
	kernel.writes = kernel.polls = 0;
	return output;
}

static int reset_kernel(void **state)
{
	(void)state;
	kernel.fd = -1;
	kernel.answers = NULL;
	return 0;
}

static void file_is_truncated_or_appended_to(void **state)
{
	struct output *output;
	int fd = next_fd();

	(void)state;
	output = must_open(path("file"), OUTPUT_TRUNCATE);
	assert_int_equal(fcntl(fd, F_GETFD), FD_CLOEXEC);
	assert_false(output_is_terminal(output));
	assert_int_equal(output_columns(output), 0);
	assert_int_equal(output_pid(output), 0);
	assert_int_equal(put(output, "old\n"), 0);
	assert_int_equal(output_close(output), 0);
	output = must_open(path("file"), OUTPUT_TRUNCATE);
	assert_int_equal(put(output, "one\n"), 0);
	assert_int_equal(output_close(output), 0);
	must_hold(path("file"), "one\n");
	output = must_open(path("file"), OUTPUT_APPEND);
	assert_int_equal(put(output, "two\n"), 0);
	assert_int_equal(output_close(output), 0);
	must_hold(path("file"), "one\ntwo\n");
	assert_int_equal(output_close(NULL), 0);
}

static void file_that_cannot_be_opened(void **state)
{
	struct output *output = (struct output *)state;

	assert_int_equal(output_open(path("none/file"), OUTPUT_TRUNCATE, NULL, &output), -ENOENT);
	assert_int_equal(output_open(directory, OUTPUT_TRUNCATE, NULL, &output), -EISDIR);
	assert_ptr_equal(output, state); /* untouched */
}

static void file_is_buffered(void **state)
{
	struct output *output = must_open(path("buffered"), OUTPUT_TRUNCATE);

	(void)state;
	assert_int_equal(put(output, "one\nhalf"), 0);
	must_hold(path("buffered"), "");
	assert_int_equal(output_flush(output), 0);
	must_hold(path("buffered"), "one\nhalf");
	assert_int_equal(output_flush(output), 0);
	assert_int_equal(put(output, " a line"), 0);
	assert_int_equal(output_close(output), 0);
	must_hold(path("buffered"), "one\nhalf a line");
}

/* Lines of changing length: every write but those at the end must end with a newline, and nothing may be lost. */
static void lines_are_not_split(void **state)
{
	struct output *output = open_scripted(NULL);
	char *expected = calloc(1, 1 << 19), *at = expected;
	size_t offset = 0;

	(void)state;
	assert_non_null(expected);
	for (int i = 0; i < 6000; i++) {
		int length = sprintf(at, "%d %*s|\n", i, i % 97, "");

		/* in two pieces, as a sink may */
		assert_int_equal(output_write(output, at, 2), 0);
		assert_int_equal(output_write(output, at + 2, (size_t)length - 2), 0);
		at += length;
	}
	assert_int_equal(output_close(output), 0);
	assert_true(kernel.writes > 3 && kernel.writes < 64);
	must_hold(path("scripted"), expected);
	for (unsigned i = 0; i < kernel.writes; i++) {
		assert_true(kernel.lengths[i] >= 1 && kernel.lengths[i] <= FILE_BATCH);
		offset += kernel.lengths[i];
		assert_int_equal(expected[offset - 1], '\n');
	}
	free(expected);
}

static void long_line_passes(void **state)
{
	struct output *output = open_scripted(NULL);
	size_t length = 3 * FILE_BATCH + 7;
	char *line = calloc(1, length + 1);
	char *bytes;

	(void)state;
	assert_non_null(line);
	memset(line, 'x', length - 1);
	line[length - 1] = '\n';
	assert_int_equal(put(output, "before\n"), 0);
	assert_int_equal(put(output, line), 0);
	assert_int_equal(put(output, "behind\n"), 0);
	assert_int_equal(output_close(output), 0);
	bytes = content(path("scripted"));
	assert_int_equal(strlen(bytes), 7 + length + 7);
	assert_memory_equal(bytes, "before\nx", 8);
	assert_memory_equal(bytes + 7, line, length);
	assert_string_equal(bytes + 7 + length, "behind\n");
	assert_int_equal(kernel.lengths[0], 7);
	free(bytes);
	free(line);
}

static void exactly_full_buffer(void **state)
{
	struct output *output = open_scripted(NULL);
	static char line[FILE_BATCH + 1];

	(void)state;
	memset(line, 'y', FILE_BATCH - 1);
	line[FILE_BATCH - 1] = '\n';
	assert_int_equal(put(output, line), 0);
	assert_int_equal(put(output, "z"), 0);
	assert_int_equal(output_close(output), 0);
	assert_int_equal(kernel.lengths[0], FILE_BATCH);
	assert_int_equal(kernel.writes, 2);
	assert_int_equal(kernel.lengths[1], 1);
}

static void partial_and_interrupted_writes(void **state)
{
	static const int answers[] = { 3, -EINTR, 1, -EAGAIN, -EAGAIN, 2, 0 };
	struct output *output = open_scripted(answers);

	(void)state;
	assert_int_equal(put(output, "0123456789\n"), 0);
	assert_int_equal(output_flush(output), 0);
	must_hold(path("scripted"), "0123456789\n");
	assert_int_equal(kernel.writes, 7);
	assert_int_equal(kernel.polls, 2); /* EAGAIN waits, and does not spin */
	assert_int_equal(output_close(output), 0);
}

static void first_error_stays(void **state)
{
	static const int answers[] = { 4, -EIO, -ENOSPC, 0 };
	struct output *output = open_scripted(answers);

	(void)state;
	assert_int_equal(put(output, "one\ntwo\n"), 0);
	assert_int_equal(output_flush(output), -EIO);
	assert_int_equal(put(output, "three\n"), -EIO);
	assert_int_equal(output_flush(output), -EIO);
	assert_int_equal(output_close(output), -EIO);
	assert_int_equal(kernel.writes, 2); /* no more was tried */
	must_hold(path("scripted"), "one\n");
}

static void error_amid_a_long_write(void **state)
{
	static const int answers[] = { -EPIPE, 0 };
	struct output *output = open_scripted(answers);
	static char bytes[5 * FILE_BATCH];

	(void)state;
	memset(bytes, '\n', sizeof(bytes));
	bytes[FILE_BATCH - 1] = 'x'; /* stays in the buffer */
	output_write(output, bytes, sizeof(bytes));
	must_fail(output, -EPIPE);
	assert_int_equal(put(output, "more\n"), -EPIPE);
	assert_int_equal(output_close(output), -EPIPE);
	assert_int_equal(kernel.writes, 1);
}

/* Lines for a file that only we write to may wait for a moment, so that few writes are needed, but not longer. */
static void idle_writes_later(void **state)
{
	struct output *output = must_open(path("idle"), OUTPUT_TRUNCATE);
	const uint64_t now = clock_monotonic();
	int64_t again = -1;

	(void)state;
	assert_int_equal(output_idle(output, now, &again), 0);
	assert_true(again < 0); /* nothing to write */
	assert_int_equal(put(output, "one\n"), 0);
	assert_int_equal(output_idle(output, now, &again), 0);
	assert_true(again < 0); /* nothing was written lately */
	assert_int_equal(output_flush(output), 0);
	must_hold(path("idle"), "one\n");
	assert_int_equal(put(output, "two\n"), 0);
	assert_int_equal(output_idle(output, now + 1000000, &again), 0);
	assert_true(again > 1000000 && again < 1000000000);
	must_hold(path("idle"), "one\n");
	assert_int_equal(output_idle(output, now + 1000000 + (uint64_t)again, &again), 0);
	assert_int_equal(output_close(output), 0);
	must_hold(path("idle"), "one\ntwo\n");
}

/* Where the program writes too, by whatever name, lines are to be in order. */
static void idle_writes_at_once(void **state)
{
	const int before = fcntl(STDIN_FILENO, F_DUPFD_CLOEXEC, STDERR_FILENO + 1);
	const uint64_t now = clock_monotonic();
	struct output *output;
	int64_t again = -1;
	int fd;

	(void)state;
	fd = open(path("idle"), O_WRONLY | O_CREAT | O_CLOEXEC, 0600);
	assert_true(before >= 0 && fd >= 0);
	assert_int_equal(dup2(fd, STDIN_FILENO), STDIN_FILENO);
	output = must_open(path("idle"), OUTPUT_APPEND);
	assert_int_equal(put(output, "one\n"), 0);
	assert_int_equal(output_idle(output, now, &again), 0);
	assert_int_equal(put(output, "two\n"), 0);
	assert_int_equal(output_idle(output, now + 1, &again), 0);
	assert_true(again < 0);
	must_hold(path("idle"), "one\ntwo\none\ntwo\n");
	assert_int_equal(output_close(output), 0);
	close(fd);
	dup2(before, STDIN_FILENO);
	close(before);
}

static mode_t mode_of(const char *file)
{
	struct stat st;

	assert_int_equal(lstat(file, &st), 0);
	return st.st_mode;
}

/* How many names there are in our directory. */
static unsigned names(void)
{
	DIR *dir = opendir(directory);
	unsigned count = 0;

	assert_non_null(dir);
	while (readdir(dir))
		count++;
	closedir(dir);
	return count - 2;
}

/* Nothing is seen of what is written until close, and nothing ever where it is discarded or fails. */
static void file_is_replaced_at_once(void **state)
{
	static const int answers[] = { -ENOSPC, 0 };
	unsigned before = names();
	struct output *output;
	mode_t mask = umask(027);
	int fd;

	(void)state;
	output = must_open(path("replaced"), OUTPUT_REPLACE);
	assert_int_equal(access(path("replaced"), F_OK), -1);
	assert_int_equal(put(output, "one\n"), 0);
	assert_int_equal(output_flush(output), 0);
	assert_int_equal(access(path("replaced"), F_OK), -1);
	assert_int_equal(output_close(output), 0);
	must_hold(path("replaced"), "one\n");
	assert_int_equal(mode_of(path("replaced")), S_IFREG | 0640);

	/* the mode of the one that was there stays */
	assert_int_equal(chmod(path("replaced"), 0604), 0);
	output = must_open(path("replaced"), OUTPUT_REPLACE);
	assert_int_equal(put(output, "two\n"), 0);
	must_hold(path("replaced"), "one\n");
	assert_int_equal(output_close(output), 0);
	must_hold(path("replaced"), "two\n");
	assert_int_equal(mode_of(path("replaced")), S_IFREG | 0604);

	output = must_open(path("replaced"), OUTPUT_REPLACE);
	assert_int_equal(put(output, "three\n"), 0);
	output_discard(output);
	output_discard(NULL);
	must_hold(path("replaced"), "two\n");

	fd = next_fd();
	output = must_open(path("replaced"), OUTPUT_REPLACE);
	kernel.fd = fd;
	kernel.answers = answers;
	assert_int_equal(put(output, "four\n"), 0);
	assert_int_equal(output_close(output), -ENOSPC);
	must_hold(path("replaced"), "two\n");
	assert_int_equal(names(), before + 1);
	umask(mask);
}

/* A link is followed; what is no file of ours alone is written to as it is. */
static void what_cannot_be_replaced(void **state)
{
	char link_name[sizeof(directory) + 32];
	struct output *output;
	int fd;

	(void)state;
	assert_int_equal(output_close(must_open(path("replaced"), OUTPUT_TRUNCATE)), 0);
	snprintf(link_name, sizeof(link_name), "%s/link", directory);
	assert_int_equal(symlink("replaced", link_name), 0);
	output = must_open(link_name, OUTPUT_REPLACE);
	assert_int_equal(put(output, "by link\n"), 0);
	must_hold(path("replaced"), "");
	assert_int_equal(output_close(output), 0);
	assert_true(S_ISLNK(mode_of(link_name)));
	must_hold(path("replaced"), "by link\n");

	/* a link to nothing makes the file */
	unlink(path("replaced"));
	output = must_open(link_name, OUTPUT_REPLACE);
	assert_int_equal(put(output, "made\n"), 0);
	assert_int_equal(output_close(output), 0);
	assert_true(S_ISLNK(mode_of(link_name)));
	must_hold(path("replaced"), "made\n");
	unlink(link_name);

	/* the other name of a file keeps its content */
	assert_int_equal(link(path("replaced"), link_name), 0);
	output = must_open(path("replaced"), OUTPUT_REPLACE);
	assert_int_equal(put(output, "both\n"), 0);
	assert_int_equal(output_close(output), 0);
	must_hold(link_name, "both\n");
	unlink(link_name);

	assert_int_equal(mkfifo(link_name, 0600), 0);
	fd = open(link_name, O_RDWR | O_CLOEXEC);
	assert_true(fd >= 0);
	output = must_open(link_name, OUTPUT_REPLACE);
	assert_int_equal(put(output, "fifo\n"), 0);
	assert_int_equal(output_close(output), 0);
	assert_true(S_ISFIFO(mode_of(link_name)));
	close(fd);
	unlink(link_name);

	output = must_open("/dev/null", OUTPUT_REPLACE);
	assert_int_equal(output_close(output), 0);
	assert_int_equal(output_open(path("none/file"), OUTPUT_REPLACE, NULL, &output), -ENOENT);
	assert_int_equal(output_open(directory, OUTPUT_REPLACE, NULL, &output), -EISDIR);
}

static void full_device(void **state)
{
	struct output *output;

	(void)state;
	output = must_open("/dev/full", OUTPUT_TRUNCATE);
	assert_int_equal(put(output, "lost\n"), 0);
	assert_int_equal(output_flush(output), -ENOSPC);
	assert_int_equal(output_close(output), -ENOSPC);

	output = must_open("/dev/full", OUTPUT_APPEND);
	assert_int_equal(put(output, "lost\n"), 0);
	assert_int_equal(output_close(output), -ENOSPC);
}

/* Runs BODY with stderr being FD, and puts stderr back. */
static struct output *open_on_stderr(int fd)
{
	int saved = fcntl(STDERR_FILENO, F_DUPFD_CLOEXEC, 10);
	struct output *output = NULL;
	int result;

	assert_true(saved >= 0);
	if (fd >= 0)
		assert_int_equal(dup2(fd, STDERR_FILENO), STDERR_FILENO);
	else
		close(STDERR_FILENO);
	result = output_open(NULL, OUTPUT_TRUNCATE, NULL, &output);
	dup2(saved, STDERR_FILENO);
	close(saved);
	assert_int_equal(result, 0);
	return output;
}

static void reader_that_has_gone(void **state)
{
	struct output *output;
	int ends[2];

	(void)state;
	assert_int_equal(pipe2(ends, O_CLOEXEC), 0);
	output = open_on_stderr(ends[1]);
	close(ends[1]);
	close(ends[0]);
	assert_int_equal(put(output, "nobody reads\n"), 0);
	must_fail(output, -EPIPE);
	assert_int_equal(put(output, "nobody reads\n"), -EPIPE);
	assert_int_equal(output_close(output), -EPIPE);
}

/* A pipe that somebody made non-blocking, and a reader slower than we are. */
static void non_blocking_stderr(void **state)
{
	enum { LINES = 100000 };
	char line[] = "0123456789012345678901234567890123456789\n";
	struct output *output;
	int ends[2], status;
	pid_t pid;

	(void)state;
	assert_int_equal(pipe2(ends, O_CLOEXEC), 0);
	assert_int_equal(fcntl(ends[1], F_SETFL, O_NONBLOCK), 0);
	pid = fork();
	assert_true(pid >= 0);
	if (pid == 0) {
		char bytes[512];
		size_t total = 0;
		ssize_t got;

		close(ends[1]);
		while ((got = read(ends[0], bytes, sizeof(bytes))) > 0)
			total += (size_t)got;
		_exit(total == LINES * (sizeof(line) - 1) ? 0 : 1);
	}
	output = open_on_stderr(ends[1]);
	close(ends[0]);
	close(ends[1]);
	for (int i = 0; i < LINES; i++)
		assert_int_equal(output_write(output, line, sizeof(line) - 1), 0);
	assert_int_equal(output_close(output), 0);
	assert_int_equal(waitpid(pid, &status, 0), pid);
	assert_int_equal(status, 0);
}

static void closed_stderr(void **state)
{
	struct output *output = open_on_stderr(-1);

	(void)state;
	assert_int_equal(put(output, "to nowhere\n"), 0);
	assert_int_equal(output_close(output), 0);
}

/* What is asked for and is closed is no place to write to: whether nothing is there, or a descriptor that only keeps
 * the number (stdfds.h). */
static void closed_by_request(void **state)
{
	static const char *const targets[] = { "-", "/dev/stdout", "/dev/stderr" };

	(void)state;
	for (size_t i = 0; i < 2 * sizeof(targets) / sizeof(targets[0]); i++) {
		int status;
		pid_t pid = fork();

		assert_true(pid >= 0);
		if (pid == 0) {
			struct output *output;

			close(STDOUT_FILENO);
			close(STDERR_FILENO);
			if (i % 2)
				stdfds_hold();
			_exit(output_open(targets[i / 2], OUTPUT_TRUNCATE, NULL, &output) == -EBADF &&
			      output_open(NULL, OUTPUT_TRUNCATE, NULL, &output) == 0 &&
			      put(output, "to nowhere\n") == 0 && output_close(output) == 0);
		}
		assert_int_equal(waitpid(pid, &status, 0), pid);
		assert_true(WIFEXITED(status));
		assert_int_equal(WEXITSTATUS(status), 1);
	}
}

/* Opens TARGET in a child with stdio closed and says what the descriptors are: 0 when as promised. */
static int open_without_stdio(const char *target)
{
	int status;
	pid_t pid = fork();

	assert_true(pid >= 0);
	if (pid == 0) {
		struct output *output = NULL;
		int stray = 0;

		for (int fd = 0; fd < 64; fd++)
			close(fd);
		if (output_open(target, OUTPUT_TRUNCATE, NULL, &output) < 0)
			_exit(100);
		for (int fd = 0; fd < 3; fd++)
			stray += fcntl(fd, F_GETFD) >= 0;
		for (int fd = 3; fd < 64; fd++) {
			int flags = fcntl(fd, F_GETFD);

			stray += flags >= 0 && !(flags & FD_CLOEXEC);
		}
		if (put(output, "here\n") < 0 || output_close(output) < 0)
			_exit(101);
		_exit(stray);
	}
	assert_int_equal(waitpid(pid, &status, 0), pid);
	assert_true(WIFEXITED(status));
	return WEXITSTATUS(status);
}

static void descriptors_stay_out_of_the_way(void **state)
{
	char command[128];

	(void)state;
	assert_int_equal(open_without_stdio(path("high")), 0);
	must_hold(path("high"), "here\n");
	snprintf(command, sizeof(command), "|cat >%s", path("high2"));
	assert_int_equal(open_without_stdio(command), 0);
	must_hold(path("high2"), "here\n");
	assert_int_equal(open_without_stdio(NULL), 0);
}

/* The master of a new pseudo-terminal whose slave is *RET_SLAVE, 80 columns wide. */
static int open_terminal(int *ret_slave)
{
	struct winsize size = { .ws_row = 24, .ws_col = 80 };
	int master = posix_openpt(O_RDWR | O_NOCTTY | O_CLOEXEC);

	if (master < 0 || grantpt(master) < 0 || unlockpt(master) < 0)
		return -1;
	*ret_slave = open(ptsname(master), O_RDWR | O_NOCTTY | O_CLOEXEC);
	if (*ret_slave < 0 || ioctl(*ret_slave, TIOCSWINSZ, &size) < 0)
		return -1;
	return master;
}

/* The next of what MASTER shows is EXPECTED. "line" and what the terminal makes of the newline come one after the
 * other, by a thread of the kernel's: a read may find the first alone. */
static void must_show(int master, const char *expected)
{
	char bytes[64];
	size_t length = strlen(expected), got = 0;

	assert_true(length >= 1 && length <= sizeof(bytes));
	while (got < length) {
		ssize_t n = read(master, bytes + got, length - got);

		assert_true(n > 0);
		got += (size_t)n;
	}
	assert_memory_equal(bytes, expected, length);
}

static void terminal_gets_lines_at_once(void **state)
{
	struct winsize size = { .ws_row = 24, .ws_col = 132 };
	struct output *output;
	int master, slave = -1, ready = 0;

	(void)state;
	master = open_terminal(&slave);
	if (master < 0) {
		skip_because("no pseudo-terminal: %s", strerror(errno));
	}
	output = open_on_stderr(slave);
	assert_true(output_is_terminal(output));
	assert_int_equal(output_columns(output), 80);
	assert_int_equal(ioctl(slave, TIOCSWINSZ, &size), 0);
	assert_int_equal(output_columns(output), 132);

	assert_int_equal(put(output, "line\nhalf"), 0);
	must_show(master, "line\r\n");
	assert_int_equal(ioctl(master, FIONREAD, &ready), 0);
	assert_int_equal(ready, 0);
	assert_int_equal(put(output, " more"), 0);
	assert_int_equal(output_flush(output), 0);
	must_show(master, "half more");
	assert_int_equal(output_close(output), 0);
	close(slave);
	close(master);
}

/* "|COMMAND >FILE", for the tests below; static. */
static const char *piped(char mark, const char *command, const char *file)
{
	static char target[512];

	snprintf(target, sizeof(target), "%c%s >%s", mark, command, path(file));
	return target;
}

static void command_gets_the_trace(void **state)
{
	struct output *output;

	(void)state;
	output = must_open(piped('|', "tr a-z A-Z", "piped"), OUTPUT_TRUNCATE);
	assert_false(output_is_terminal(output));
	assert_true(output_pid(output) > 0);
	assert_int_equal(kill(output_pid(output), 0), 0);
	assert_int_equal(put(output, "one\ntwo\n"), 0);
	assert_int_equal(output_close(output), 0);
	/* close has waited: all is there, and no child is left */
	must_hold(path("piped"), "ONE\nTWO\n");
	assert_int_equal(waitpid(-1, NULL, WNOHANG), -1);
	assert_int_equal(errno, ECHILD);

	output = must_open(piped('!', "cat", "piped"), OUTPUT_TRUNCATE);
	assert_int_equal(put(output, "three\n"), 0);
	assert_int_equal(output_close(output), 0);
	must_hold(path("piped"), "three\n");

	/* what looks like an option of the shell's is none */
	output = must_open(piped('|', "-x 2>/dev/null; cat", "piped"), false);
	assert_int_equal(put(output, "four\n"), 0);
	assert_int_equal(output_close(output), 0);
	must_hold(path("piped"), "four\n");
}

static void command_that_ends_early(void **state)
{
	struct output *output = must_open("|:", OUTPUT_TRUNCATE);
	siginfo_t info;
	int result;

	(void)state;
	/* it has ended, and with it the reading end has gone; it stays for close to reap */
	assert_int_equal(waitid(P_PID, (id_t)output_pid(output), &info, WEXITED | WNOWAIT), 0);
	put(output, "unread\n");
	must_fail(output, -EPIPE);
	result = output_close(output);
	assert_int_equal(result, -EPIPE);
	assert_int_equal(waitpid(-1, NULL, WNOHANG), -1);
}

/* A FIFO whose reader is the test, and takes nothing until it reads. */
struct slow {
	struct output_host host;
	struct output *output;
	int reader;
	bool hurry;
};

static bool slow_hurry(void *data)
{
	const struct slow *slow = data;

	return slow->hurry;
}

#define SLOW_LINE "a line of thirty-two bytes......\n"

/* Puts more in than pipe and queue hold. */
static void slow_open(struct slow *slow, bool never, size_t lines)
{
	*slow = (struct slow){ .host = { .waits = { .hurry = slow_hurry, .data = slow, .never = never } } };
	assert_int_equal(mkfifo(path("fifo"), 0600), 0);
	slow->reader = open(path("fifo"), O_RDONLY | O_NONBLOCK | O_CLOEXEC);
	assert_true(slow->reader >= 0);
	assert_int_equal(output_open(path("fifo"), OUTPUT_TRUNCATE, &slow->host, &slow->output), 0);
	unlink(path("fifo"));
	for (size_t i = 0; i < lines; i++)
		assert_int_equal(put(slow->output, SLOW_LINE), 0);
}

/* fork(), with nothing open in the child but what it reads. */
static pid_t slow_child(const struct slow *slow)
{
	pid_t pid = fork();

	assert_true(pid >= 0);
	for (int fd = STDERR_FILENO + 1; pid == 0 && fd < 64; fd++) {
		if (fd != slow->reader)
			close(fd);
	}
	return pid;
}

/* How many lines there are to be read, all of them whole, until nobody writes any more. */
static size_t slow_read(const struct slow *slow)
{
	const size_t length = strlen(SLOW_LINE);
	char bytes[4096];
	size_t at = 0;
	ssize_t got;

	assert_int_equal(fcntl(slow->reader, F_SETFL, 0), 0);
	while ((got = read(slow->reader, bytes, sizeof(bytes))) > 0) {
		for (ssize_t i = 0; i < got; i++)
			assert_int_equal(bytes[i], SLOW_LINE[at++ % length]);
	}
	assert_int_equal(got, 0);
	assert_int_equal(at % length, 0);
	close(slow->reader);
	return at / length;
}

#define SLOW_MANY ((WRITER_ROOM + (1 << 20)) / strlen(SLOW_LINE))

/* While tracing nobody waits; what there is no room for is lost, line by line, and that is an error. */
static void slow_reader_loses_lines(void **state)
{
	struct slow slow;
	int status;
	pid_t pid;

	(void)state;
	slow_open(&slow, true, SLOW_MANY);
	pid = slow_child(&slow);
	if (pid == 0)
		_exit(slow_read(&slow) < SLOW_MANY ? 7 : 1);
	slow.host.waits.never = false;
	assert_int_equal(output_close(slow.output), -ECHILD);
	close(slow.reader);
	assert_int_equal(waitpid(pid, &status, 0), pid);
	assert_int_equal(WEXITSTATUS(status), 7);
}

static void slow_reader_is_waited_for(void **state)
{
	struct slow slow;
	int status;
	pid_t pid;

	(void)state;
	slow_open(&slow, false, 1);
	pid = slow_child(&slow);
	if (pid == 0)
		_exit(slow_read(&slow) == SLOW_MANY ? 7 : 1);
	close(slow.reader);
	for (size_t i = 1; i < SLOW_MANY; i++)
		assert_int_equal(put(slow.output, SLOW_LINE), 0);
	assert_int_equal(output_close(slow.output), 0);
	assert_int_equal(waitpid(pid, &status, 0), pid);
	assert_int_equal(WEXITSTATUS(status), 7);
}

/* A full queue keeps nobody who is to end: neither while there is more to write, nor at the end. */
static void stuck_reader_is_given_up(void **state)
{
	struct slow slow;

	(void)state;
	slow_open(&slow, false, 1);
	slow.hurry = true;
	for (size_t i = 1; i < SLOW_MANY; i++)
		assert_int_equal(put(slow.output, SLOW_LINE), 0);
	assert_int_equal(output_close(slow.output), -ECHILD);
	close(slow.reader);
}

/* Somebody who waits for any child may have taken it before us, and says how it ended. */
static void command_reaped_by_others(void **state)
{
	struct output *output = must_open("|:", OUTPUT_TRUNCATE);
	int status;

	(void)state;
	assert_int_equal(waitpid(-1, NULL, 0), output_pid(output));
	assert_int_equal(output_close(output), 0);

	output = must_open("|exit 3", OUTPUT_TRUNCATE);
	assert_int_equal(waitpid(-1, &status, 0), output_pid(output));
	output_command_ended(output, status);
	assert_int_equal(output_close(output), -ECHILD);
}

static void commands_that_fail(void **state)
{
	static const struct {
		const char *target;
		int result;
	} rows[] = {
		{ "|exit 0", 0 },	 { "|exit 1", -ECHILD },     { "|exit 141", 0 },
		{ "|kill -PIPE $$", 0 }, { "|kill -9 $$", -ECHILD }, { "|cat >/dev/null; exit 127", -ECHILD },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
		assert_int_equal(output_close(must_open(rows[i].target, OUTPUT_TRUNCATE)), rows[i].result);
	output_discard(must_open("|exit 1", OUTPUT_TRUNCATE));
}

/* close() waits for the command alone, and leaves other children to their owner. */
static void other_children_are_left_alone(void **state)
{
	struct output *output;
	pid_t pid = fork();
	int status;

	(void)state;
	assert_true(pid >= 0);
	if (pid == 0)
		_exit(7);
	output = must_open("|cat >/dev/null", OUTPUT_TRUNCATE);
	assert_int_equal(output_close(output), 0);
	assert_int_equal(waitpid(pid, &status, 0), pid);
	assert_int_equal(WEXITSTATUS(status), 7);
}

/* The mask that LINE of /proc/PID/status gives in hex. */
static unsigned long long status_mask(const char *status, const char *line)
{
	const char *at = strstr(status, line);

	assert_non_null(at);
	return strtoull(at + strlen(line), NULL, 16);
}

#define BIT(signo) (1ULL << ((signo)-1))

static void signals_of_a_command(void **state)
{
	struct sigaction ignore = { .sa_handler = SIG_IGN }, before;
	sigset_t mask, before_mask, behind_mask;
	struct output *output;
	char *status;

	(void)state;
	if (access("/proc/self/status", R_OK) < 0) {
		skip_because("/proc/self/status cannot be read");
	}
	sigemptyset(&mask);
	sigaddset(&mask, SIGTERM);
	sigprocmask(SIG_SETMASK, &mask, &before_mask);
	sigaction(SIGPIPE, &ignore, &before);
	output = must_open(piped('|', "cat /proc/self/status", "signals"), OUTPUT_TRUNCATE);
	sigaction(SIGPIPE, &before, NULL);
	sigprocmask(SIG_SETMASK, &before_mask, &behind_mask);
	/* ours is as it was */
	assert_true(sigismember(&behind_mask, SIGTERM));
	assert_false(sigismember(&behind_mask, SIGUSR1));
	assert_int_equal(output_close(output), 0);

	status = content(path("signals"));
	assert_int_equal(status_mask(status, "\nSigBlk:"), 0);
	assert_int_equal(status_mask(status, "\nSigIgn:") & (BIT(SIGINT) | BIT(SIGQUIT) | BIT(SIGPIPE) | BIT(SIGTERM)),
			 BIT(SIGINT) | BIT(SIGQUIT));
	free(status);
}

static int make_directory(void **state)
{
	(void)state;
	signal(SIGPIPE, SIG_IGN);
	return mkdtemp(directory) ? 0 : -1;
}

static int remove_directory(void **state)
{
	static const char *const files[] = { "file",  "idle",  "buffered", "scripted", "high",
					     "high2", "piped", "signals",  "replaced" };

	(void)state;
	for (size_t i = 0; i < sizeof(files) / sizeof(files[0]); i++)
		unlink(path(files[i]));
	return rmdir(directory);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(file_is_truncated_or_appended_to),
		cmocka_unit_test(file_that_cannot_be_opened),
		cmocka_unit_test(file_is_buffered),
		cmocka_unit_test_teardown(lines_are_not_split, reset_kernel),
		cmocka_unit_test_teardown(long_line_passes, reset_kernel),
		cmocka_unit_test_teardown(exactly_full_buffer, reset_kernel),
		cmocka_unit_test_teardown(partial_and_interrupted_writes, reset_kernel),
		cmocka_unit_test_teardown(first_error_stays, reset_kernel),
		cmocka_unit_test_teardown(error_amid_a_long_write, reset_kernel),
		cmocka_unit_test(idle_writes_later),
		cmocka_unit_test(idle_writes_at_once),
		cmocka_unit_test_teardown(file_is_replaced_at_once, reset_kernel),
		cmocka_unit_test(what_cannot_be_replaced),
		cmocka_unit_test(full_device),
		cmocka_unit_test(reader_that_has_gone),
		cmocka_unit_test(non_blocking_stderr),
		cmocka_unit_test(closed_stderr),
		cmocka_unit_test(closed_by_request),
		cmocka_unit_test(descriptors_stay_out_of_the_way),
		cmocka_unit_test(terminal_gets_lines_at_once),
		cmocka_unit_test(command_gets_the_trace),
		cmocka_unit_test(command_that_ends_early),
		cmocka_unit_test(slow_reader_loses_lines),
		cmocka_unit_test(slow_reader_is_waited_for),
		cmocka_unit_test(stuck_reader_is_given_up),
		cmocka_unit_test(command_reaped_by_others),
		cmocka_unit_test(commands_that_fail),
		cmocka_unit_test(other_children_are_left_alone),
		cmocka_unit_test(signals_of_a_command),
	};

	return cmocka_run_group_tests_name("output", tests, make_directory, remove_directory);
}
