/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Runs a command at a terminal of its own and plays its user, as a script on stdin says:
 *
 *   expect TEXT     waits until TEXT is shown, behind what was expected before
 *   insist TEXT     for the `expect` below it: types TEXT, and again every few seconds until that is shown
 *   send TEXT       types it; ^C and so on for control characters, \r for Enter, \\ and \^ for themselves
 *   size ROWS COLS  gives the terminal that size
 *   hangup          closes the terminal
 *   run COMMAND     runs a shell command beside it, and fails if that does; $1 is the command's pid
 *   absent TEXT     fails if TEXT has been shown
 *
 * Everything shown goes to stdout. Exits as the command does, 124 when something expected does not come. */
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/wait.h>
#include <termios.h>
#include <time.h>
#include <unistd.h>

enum { SECONDS = 120, REPEAT_SECONDS = 3 };

static int master = -1;
static pid_t command;
static char *shown;
static size_t shown_length, shown_from;

__attribute__((noreturn)) static void give_up(const char *what, const char *text)
{
	fprintf(stderr, "terminal: %s %s\n", what, text);
	if (command > 0) {
		kill(command, SIGKILL); /* its terminal goes with us: the others get SIGHUP */
		waitpid(command, NULL, 0);
	}
	exit(124);
}

/* Reads what comes within MILLISECONDS. Returns false at the end of it. */
static bool take(int milliseconds)
{
	struct pollfd poll_master = { .fd = master, .events = POLLIN };
	char buffer[4096];
	ssize_t n;

	if (poll(&poll_master, 1, milliseconds) <= 0)
		return true;
	n = read(master, buffer, sizeof(buffer));
	if (n <= 0)
		return false; /* EIO: nobody has the other side open */
	fwrite(buffer, 1, (size_t)n, stdout);
	fflush(stdout);
	shown = realloc(shown, shown_length + (size_t)n + 1);
	if (shown == NULL)
		abort();
	memcpy(shown + shown_length, buffer, (size_t)n);
	shown_length += (size_t)n;
	shown[shown_length] = '\0';
	return true;
}

static void type(const char *text)
{
	for (; *text != '\0'; text++) {
		char byte = *text;

		if (byte == '^' && text[1] != '\0')
			byte = (char)(*++text & 0x1f);
		else if (byte == '\\' && text[1] != '\0')
			byte = *++text == 'r' ? '\r' : *text;
		if (write(master, &byte, 1) != 1)
			give_up("cannot type", text);
	}
}

/* KEYS: typed now and then until that is so; NULL: none. */
static void expect(const char *text, const char *keys)
{
	struct timespec now;
	time_t end, next = 0;
	bool open = true;

	clock_gettime(CLOCK_MONOTONIC, &now);
	end = now.tv_sec + SECONDS;
	for (;;) {
		const char *found = shown != NULL ? strstr(shown + shown_from, text) : NULL;

		if (found != NULL) {
			shown_from = (size_t)(found - shown) + strlen(text);
			return;
		}
		clock_gettime(CLOCK_MONOTONIC, &now);
		if (!open || now.tv_sec >= end)
			give_up("was not shown:", text);
		if (keys != NULL && now.tv_sec >= next) {
			next = now.tv_sec + REPEAT_SECONDS;
			type(keys);
		}
		open = take(100);
	}
}

static void run_beside(const char *line)
{
	char text[1024];

	snprintf(text, sizeof(text), "set -- %d; %s", command, line);
	fflush(stdout);
	if (system(text) != 0)
		give_up("failed:", line);
}

static void hang_up(void)
{
	close(master);
	master = -1;
}

static void play(const char *line, const char *insisted)
{
	struct winsize size = { 0 };

	if (strncmp(line, "expect ", 7) == 0)
		expect(line + 7, insisted);
	else if (strncmp(line, "send ", 5) == 0)
		type(line + 5);
	else if (sscanf(line, "size %hu %hu", &size.ws_row, &size.ws_col) == 2)
		ioctl(master, TIOCSWINSZ, &size);
	else if (strcmp(line, "hangup") == 0)
		hang_up();
	else if (strncmp(line, "run ", 4) == 0)
		run_beside(line + 4);
	else if (strncmp(line, "absent ", 7) == 0 && shown != NULL && strstr(shown, line + 7) != NULL)
		give_up("was shown:", line + 7);
}

static void start(char *argv[])
{
	const char *name;

	master = posix_openpt(O_RDWR | O_NOCTTY | O_CLOEXEC);
	if (master < 0 || grantpt(master) != 0 || unlockpt(master) != 0 || (name = ptsname(master)) == NULL) {
		perror("terminal");
		exit(77);
	}
	ioctl(master, TIOCSWINSZ, &(struct winsize){ .ws_row = 24, .ws_col = 80 });
	command = fork();
	if (command == 0) {
		int fd;

		setsid();
		fd = open(name, O_RDWR); /* of a session leader: its controlling terminal */
		if (fd < 0)
			_exit(126);
		for (int i = 0; i < 3; i++)
			dup2(fd, i);
		if (fd > 2)
			close(fd);
		execvp(argv[0], argv);
		_exit(127);
	}
}

/* Reads to the end, so that a command that writes much can end. */
static int finish(void)
{
	struct timespec now;
	time_t end;
	int status = 0;

	clock_gettime(CLOCK_MONOTONIC, &now);
	end = now.tv_sec + SECONDS;
	while (waitpid(command, &status, WNOHANG) == 0) {
		clock_gettime(CLOCK_MONOTONIC, &now);
		if (now.tv_sec >= end)
			give_up("has not ended:", "the command");
		if (master < 0 || !take(20))
			nanosleep(&(struct timespec){ .tv_nsec = 5 * 1000 * 1000 }, NULL);
	}
	while (take(0) && poll(&(struct pollfd){ .fd = master, .events = POLLIN }, 1, 0) > 0)
		;
	return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

int main(int argc, char *argv[])
{
	char *line = NULL, *insisted = NULL;
	size_t size = 0;

	if (argc < 2) {
		fputs("Usage: terminal COMMAND [ARGUMENTS] <SCRIPT\n", stderr);
		return 2;
	}
	signal(SIGPIPE, SIG_IGN);
	start(argv + 1);
	while (getline(&line, &size, stdin) > 0) {
		line[strcspn(line, "\n")] = '\0';
		if (strncmp(line, "insist ", 7) == 0) {
			insisted = strdup(line + 7);
			continue;
		}
		play(line, insisted);
		free(insisted);
		insisted = NULL;
	}
	free(insisted);
	free(line);
	return finish();
}
