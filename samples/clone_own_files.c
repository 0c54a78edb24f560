/* SPDX-License-Identifier: GPL-2.0-or-later */
/* clone() as in clone_linuxthreads, but without CLONE_FILES: the child has descriptors of its own.
 *
 * Run:       cltrace ./clone_own_files     and compare with     cltrace ./clone_linuxthreads
 * Look for:  one flag less, and "copied: descriptors" where the other program has them shared. The child closes its
 *            copy of a descriptor, and the parent's still works. */
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
	const int flags = CLONE_VM | CLONE_FS | CLONE_SIGHAND | SIGCHLD;
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
