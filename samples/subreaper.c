/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A subreaper: the process that orphans among its descendants fall to, instead of init.
 *
 * Run:       cltrace ./subreaper     and compare with     cltrace ./orphan
 * Look for:  prctl(PR_SET_CHILD_SUBREAPER, 1). When the child has ended, the grandchild's parent is main()'s process,
 *            which can wait for it though it never made it. */
#include <stdio.h>
#include <stdlib.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

int main(void)
{
	const pid_t self = getpid();
	int ends[2];
	pid_t child;
	int reaped = 0;

	if (pipe(ends) < 0 || prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0) < 0)
		return EXIT_FAILURE;
	child = fork();
	if (child < 0)
		return EXIT_FAILURE;
	if (child == 0) {
		char byte;

		if (fork() == 0) {
			close(ends[1]);
			while (read(ends[0], &byte, 1) > 0) /* until the child has ended */
				;
			_exit(getppid() == self ? 7 : 0);
		}
		_exit(0);
	}
	waitpid(child, NULL, 0);
	close(ends[1]);
	for (int status; wait(&status) > 0; reaped = WEXITSTATUS(status))
		;
	printf("waited for the grandchild: it %s\n", reaped == 7 ? "had become a child" : "had not become a child");
	return EXIT_SUCCESS;
}
