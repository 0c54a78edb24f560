/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The same job, adding one to a counter, done in eight ways.
 *
 * Run:       cltrace ./eight_ways
 * Look for:  what each function really asks the kernel for. fork() brings no flags of sharing; vfork(), posix_spawn(),
 *            system() and popen() are all CLONE_VM|CLONE_VFORK; pthread_create() and thrd_create() are the very same
 *            request. What follows tells more: system() and popen() exec "sh -c". Only in the two threads, and in the
 *            vfork() child, which borrows its parent's memory, is the counter that is counted the one that main() has.
 *
 * With an argument (`cltrace ./eight_ways popen`) only that way is taken. */
#include <fcntl.h>
#include <linux/sched.h>
#include <pthread.h>
#include <signal.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <threads.h>
#include <unistd.h>

static volatile int counter;

/* For those ways that run a shell, which can count only for itself. */
static const char program[] = "expr 0 + 1 >/dev/null";

static void wait_for(pid_t child)
{
	if (child < 0 || waitpid(child, NULL, 0) != child)
		perror("no child");
}

static void by_fork(void)
{
	pid_t child = fork();

	if (child == 0) {
		counter++;
		_exit(0);
	}
	wait_for(child);
}

static void by_vfork(void)
{
	pid_t child = vfork();

	if (child == 0) {
		counter++; /* more than POSIX allows; Linux shares the memory */
		_exit(0);
	}
	wait_for(child);
}

static void by_posix_spawn(void)
{
	char expr[] = "expr", zero[] = "0", plus[] = "+", one[] = "1";
	char *arguments[] = { expr, zero, plus, one, NULL };
	posix_spawn_file_actions_t actions;
	pid_t child = -1;

	posix_spawn_file_actions_init(&actions);
	posix_spawn_file_actions_addopen(&actions, STDOUT_FILENO, "/dev/null", O_WRONLY, 0);
	if (posix_spawnp(&child, expr, &actions, NULL, arguments, environ) == 0)
		wait_for(child);
	posix_spawn_file_actions_destroy(&actions);
}

static void by_system(void)
{
	if (system(program) != 0)
		perror("system");
}

static void by_popen(void)
{
	FILE *pipe = popen(program, "r");

	if (pipe == NULL || pclose(pipe) != 0)
		perror("popen");
}

static void *count_in_pthread(void *unused)
{
	(void)unused;
	counter++;
	return NULL;
}

static void by_pthread_create(void)
{
	pthread_t thread;

	if (pthread_create(&thread, NULL, count_in_pthread, NULL) == 0)
		pthread_join(thread, NULL);
}

static int count_in_thrd(void *unused)
{
	(void)unused;
	counter++;
	return 0;
}

static void by_thrd_create(void)
{
	thrd_t thread;

	if (thrd_create(&thread, count_in_thrd, NULL) == thrd_success)
		thrd_join(thread, NULL);
}

static void by_clone3(void)
{
	struct clone_args arguments = { .exit_signal = SIGCHLD };
	pid_t child = (pid_t)syscall(SYS_clone3, &arguments, sizeof(arguments));

	if (child == 0) {
		counter++;
		_exit(0);
	}
	wait_for(child);
}

static const struct way {
	const char *name;
	void (*run)(void);
} ways[] = {
	{ "fork", by_fork },
	{ "vfork", by_vfork },
	{ "posix_spawn", by_posix_spawn },
	{ "system", by_system },
	{ "popen", by_popen },
	{ "pthread_create", by_pthread_create },
	{ "thrd_create", by_thrd_create },
	{ "clone3", by_clone3 },
};

int main(int argc, char *argv[])
{
	for (size_t i = 0; i < sizeof(ways) / sizeof(ways[0]); i++) {
		if (argc > 1 && strcmp(argv[1], ways[i].name) != 0)
			continue;
		counter = 0;
		ways[i].run();
		printf("%-16s leaves the counter at %d\n", ways[i].name, counter);
		fflush(stdout);
	}
	return EXIT_SUCCESS;
}
