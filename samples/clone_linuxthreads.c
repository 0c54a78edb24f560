/* SPDX-License-Identifier: GPL-2.0-or-later */
/* clone() of a task that shares nearly everything and is no thread: the kind that LinuxThreads, the threads of Linux
 * before 2.6, were made of.
 *
 * Run:       cltrace ./clone_linuxthreads
 * Look for:  memory, descriptors, cwd and signal handlers are all shared, but CLONE_THREAD is missing: the verdict is
 *            PROCESS. It has its own getpid(), it ends with SIGCHLD and has to be waited for. That the descriptors are
 *            shared is seen at the end: the child closes one, and the parent can no longer write to it. */
#include <errno.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#define STACK_SIZE (64 * 1024)

static int run_child(void *data)
{
	const int *descriptor = data;

	close(*descriptor);
	return 0;
}

int main(void)
{
	const int flags = CLONE_VM | CLONE_FS | CLONE_FILES | CLONE_SIGHAND | SIGCHLD;
	int descriptor = dup(STDOUT_FILENO);
	char *stack = malloc(STACK_SIZE);
	pid_t child;

	if (descriptor < 0 || stack == NULL)
		return EXIT_FAILURE;

	/* Stacks grow down: clone() wants the upper end. */
	child = clone(run_child, stack + STACK_SIZE, flags, &descriptor);
	if (child < 0) {
		perror("clone");
		return EXIT_FAILURE;
	}
	if (waitpid(child, NULL, 0) != child)
		return EXIT_FAILURE;

	if (write(descriptor, "the parent can still write: its descriptors are its own\n", 56) < 0)
		printf("the parent cannot write: %s\n", strerror(errno));
	free(stack);
	return EXIT_SUCCESS;
}
