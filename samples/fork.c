/* SPDX-License-Identifier: GPL-2.0-or-later */
/* fork(): one process becomes two.
 *
 * Run:       cltrace ./fork
 * Look for:  the call behind fork() (clone, on most systems), no CLONE_VM and no CLONE_THREAD among its flags, so a
 *            PROCESS with copied memory; SIGCHLD, with which the parent is told of the child's end; and the exit status
 *            3 that the child leaves for its parent's wait. */
#include <stdio.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

int main(void)
{
	int answer = 42;
	int status;
	pid_t child;

	child = fork();
	if (child < 0) {
		perror("fork");
		return EXIT_FAILURE;
	}
	if (child == 0) {
		answer = 0; /* the child's own copy */
		_exit(3);
	}
	if (waitpid(child, &status, 0) != child)
		return EXIT_FAILURE;
	printf("the child exited %d; the parent's answer is still %d\n", WEXITSTATUS(status), answer);
	return EXIT_SUCCESS;
}
