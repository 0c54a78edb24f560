/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A fork whose child makes a thread: the process ids and the thread ids part ways.
 *
 * Run:       cltrace ./fork_then_pthread
 * Look for:  both requests side by side. The fork brings no stack, for the child gets a copy of its parent's; the
 * thread shares the memory and needs a stack and a TLS of its own. The THREAD belongs to the child's process: its tgid
 * is the child's pid, its tid is new. The tree at the end shows who made whom. */
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

static void *run_thread(void *unused)
{
	(void)unused;
	puts("a thread of the child");
	return NULL;
}

int main(void)
{
	pthread_t thread;
	int status;
	pid_t child;

	child = fork();
	if (child < 0) {
		perror("fork");
		return EXIT_FAILURE;
	}
	if (child == 0) {
		if (pthread_create(&thread, NULL, run_thread, NULL) != 0)
			exit(EXIT_FAILURE);
		pthread_join(thread, NULL);
		exit(EXIT_SUCCESS);
	}
	if (waitpid(child, &status, 0) != child || status != 0)
		return EXIT_FAILURE;
	puts("the parent, which has one thread as ever");
	return EXIT_SUCCESS;
}
