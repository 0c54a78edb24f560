/* SPDX-License-Identifier: GPL-2.0-or-later */
/* clone() with CLONE_VM: the child writes to a buffer on its parent's stack, and the parent sees it.
 *
 * Run:       cltrace ./clone_with_vm     and compare with     cltrace ./clone_without_vm
 * Look for:  CLONE_VM, one flag more than the other program has: memory is shared for good. Still a PROCESS: it is
 *            CLONE_THREAD that makes a thread. "CLONE_VM makes a thread" is a half-truth: threads need it, but it is
 *            not enough. */
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>

#define STACK_SIZE (64 * 1024)

static int run_child(void *data)
{
	strcpy(data, "the child");
	return 0;
}

int main(void)
{
	char author[] = "the parent";
	char *stack = malloc(STACK_SIZE);
	pid_t child;

	if (stack == NULL)
		return EXIT_FAILURE;

	/* Stacks grow down: clone() wants the upper end. */
	child = clone(run_child, stack + STACK_SIZE, CLONE_VM | SIGCHLD, author);
	if (child < 0) {
		perror("clone");
		return EXIT_FAILURE;
	}
	if (waitpid(child, NULL, 0) != child)
		return EXIT_FAILURE;

	printf("the buffer was written by %s\n", author);
	free(stack);
	return EXIT_SUCCESS;
}
