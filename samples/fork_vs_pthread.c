/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The same job done twice: first by a child process, then by a thread.
 *
 * Run:       cltrace ./fork_vs_pthread
 * Look for:  one PROCESS and one THREAD, and the flags that make the difference. Both children add one to a counter:
 * the process adds to its copy, the thread to the one that main() has. */
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

static int counter;

static void *add_one(void *unused)
{
	(void)unused;
	counter++;
	return NULL;
}

int main(void)
{
	pthread_t thread;
	pid_t child;

	child = fork();
	if (child < 0) {
		perror("fork");
		return EXIT_FAILURE;
	}
	if (child == 0) {
		add_one(NULL);
		_exit(EXIT_SUCCESS);
	}
	if (waitpid(child, NULL, 0) != child)
		return EXIT_FAILURE;
	printf("after the child process the counter is %d\n", counter);
	fflush(stdout);

	if (pthread_create(&thread, NULL, add_one, NULL) != 0)
		return EXIT_FAILURE;
	pthread_join(thread, NULL);
	printf("after the thread the counter is %d\n", counter);
	return EXIT_SUCCESS;
}
