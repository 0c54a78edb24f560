/* SPDX-License-Identifier: GPL-2.0-or-later */
/* One task ends, or all do: three processes that end in different ways.
 *
 * Run:       cltrace --signals ./endings
 * Look for:  in the first, "exit_group(3) ends the whole process": exit() by a thread that is not main's. In the
 * second, a thread that ends "alone" by pthread_exit(): the others go on. In the third main's thread does that: the
 * leader "stays as a zombie" until the last thread has ended, and only then does the parent learn of the end. */
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

static void *exit_all(void *unused)
{
	(void)unused;
	exit(3);
}

static void *exit_alone(void *unused)
{
	pthread_exit(unused);
}

/* Until main's thread has ended: the leader is a zombie then (proc(5)). pthread_join() may return before that. */
static void *outlive(void *unused)
{
	for (char state = 0; state != 'Z';) {
		FILE *stat = fopen("/proc/self/stat", "re");

		if (!stat || fscanf(stat, "%*d (%*[^)]) %c", &state) != 1 || fclose(stat))
			abort();
	}
	return unused;
}

/* What each process does. */
static void thread_exits_all(void)
{
	pthread_t thread;

	pthread_create(&thread, NULL, exit_all, NULL);
	for (;;)
		pause();
}

static void thread_exits_alone(void)
{
	pthread_t thread;

	pthread_create(&thread, NULL, exit_alone, NULL);
	pthread_join(thread, NULL);
	_exit(4);
}

static void main_exits_first(void)
{
	pthread_t thread;

	pthread_create(&thread, NULL, outlive, NULL);
	pthread_exit(NULL);
}

static void play(const char *name, void (*run)(void))
{
	int status;
	pid_t pid = fork();

	if (pid == 0)
		run();
	if (pid < 0 || waitpid(pid, &status, 0) != pid)
		exit(EXIT_FAILURE);
	printf("%s: the process exited %d\n", name, WEXITSTATUS(status));
	fflush(stdout);
}

int main(void)
{
	play("a thread calls exit()", thread_exits_all);
	play("a thread calls pthread_exit()", thread_exits_alone);
	play("main calls pthread_exit() first", main_exits_first);
	return EXIT_SUCCESS;
}
