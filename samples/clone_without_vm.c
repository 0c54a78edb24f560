/* SPDX-License-Identifier: GPL-2.0-or-later */
/* clone() without CLONE_VM: the child writes to a buffer on its parent's stack, and the parent never sees it.
 *
 * Run:       cltrace ./clone_without_vm     and compare with     cltrace ./clone_with_vm
 * Look for:  no flag at all but the exit signal: a PROCESS like fork()'s, memory copied (on write). The stack that
 *            clone() was given is in that copy, too. */
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
	child = clone(run_child, stack + STACK_SIZE, SIGCHLD, author);
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
