/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Scenes of job control: what programs do about ^Z, and signals that reach more than the program. */
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/time.h>
#include <unistd.h>

#include "actor.h"

static void write_line(const char *line)
{
	if (write(STDOUT_FILENO, line, strlen(line)) < 0)
		_exit(9);
}

/* As full-screen programs do. */
static void tidy_up(int signo)
{
	(void)signo;
	write_line("tidying up\n");
	raise(SIGSTOP);
	write_line("back\n");
}

/* "plain", "handles" or "ignores" SIGTSTP. Each line typed comes back; "stop" makes it stop itself, "quit" ends it. */
static int play_job(int argc, char *argv[])
{
	struct sigaction action = { .sa_flags = SA_RESTART };
	char line[128];

	action.sa_handler = argc < 2			      ? SIG_DFL
			    : strcmp(argv[1], "ignores") == 0 ? SIG_IGN
			    : strcmp(argv[1], "handles") == 0 ? tidy_up
							      : SIG_DFL;
	sigaction(SIGTSTP, &action, NULL);
	if (fact_path())
		fact_line("{\"fact\":\"ready\",\"pid\":%d}", getpid());
	say("ready"); /* the last that it writes by itself */
	for (;;) {
		/* By read(2), so that nothing typed waits in a buffer while it is stopped. */
		ssize_t n = read(STDIN_FILENO, line, sizeof(line) - 1);

		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0)
			return 3;
		line[n] = '\0';
		line[strcspn(line, "\n")] = '\0';
		if (strcmp(line, "quit") == 0)
			return 6;
		if (strcmp(line, "stop") == 0)
			raise(SIGSTOP);
		say("line: %s", line);
	}
}

/* A signal for its own process group; then 3, unless that ends it. */
static int play_kill_group(int argc, char *argv[])
{
	kill(0, number_of(argc, argv, 1, SIGTERM));
	return 3;
}

/* A timer of before the exec is the new program's. */
static int play_alarmed(int argc, char *argv[])
{
	const int milliseconds = number_of(argc, argv, 1, 50);
	const struct itimerval then = { .it_value = { milliseconds / 1000, milliseconds % 1000 * 1000 } };

	if (argc < 3)
		die("alarmed MILLISECONDS PROGRAM [ARGUMENTS]");
	setitimer(ITIMER_REAL, &then, NULL);
	execvp(argv[2], argv + 2);
	die("%s: %s", argv[2], strerror(errno));
}

const struct scene job_scenes[] = {
	{ "job", "[plain|handles|ignores]", play_job },
	{ "kill-group", "SIGNAL", play_kill_group },
	{ "alarmed", "MILLISECONDS PROGRAM [ARGUMENTS]", play_alarmed },
	{ .name = NULL },
};
