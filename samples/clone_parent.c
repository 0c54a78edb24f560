/* SPDX-License-Identifier: GPL-2.0-or-later */
/* CLONE_PARENT: the new process is not the caller's child but its sibling.
 *
 * Run:       cltrace ./clone_parent
 * Look for:  the middle process makes the last one, but that one is a child of main()'s process: it says "child of ...
 *            (CLONE_PARENT), not of ... that made it". main() can wait for it, the one that made it cannot. */
#include <errno.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

int main(void)
{
	pid_t child = fork();
	int reaped = 0;

	if (child < 0)
		return EXIT_FAILURE;
	if (child == 0) {
		long sibling = syscall(SYS_clone, CLONE_PARENT | SIGCHLD, NULL, NULL, NULL, NULL);

		if (sibling < 0)
			_exit(1);
		if (sibling == 0)
			_exit(0);
		/* Not its own child: */
		_exit(wait(NULL) < 0 && errno == ECHILD ? 0 : 1);
	}
	for (int status; wait(&status) > 0;)
		reaped += status == 0;
	printf("main() made one child and waited for %d\n", reaped);
	return EXIT_SUCCESS;
}
