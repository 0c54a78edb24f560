/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A process whose parent ends first.
 *
 * Run:       cltrace ./orphan
 * Look for:  main() makes a child, the child makes a grandchild and ends. The grandchild then has another parent (init,
 *            or a subreaper), and the trace says so; in the tree it stays under the child that made it: creation and
 *            parenthood are two things. */
#include <stdio.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

/* The grandchild, which waits until it is an orphan. END is closed with the last of those who could write to it. */
static void run_grandchild(pid_t parent, int end)
{
	char byte;

	while (read(end, &byte, 1) > 0)
		;
	printf("the grandchild's parent is %s\n", getppid() == parent ? "the one that made it" : "another one now");
	fflush(stdout);
	_exit(0);
}

int main(void)
{
	int ends[2], done[2];
	char byte;
	pid_t child;

	if (pipe(ends) < 0 || pipe(done) < 0)
		return EXIT_FAILURE;
	child = fork();
	if (child < 0)
		return EXIT_FAILURE;
	if (child == 0) {
		const pid_t self = getpid();

		if (fork() == 0) {
			close(ends[1]);
			run_grandchild(self, ends[0]);
		}
		_exit(0);
	}
	close(done[1]);
	waitpid(child, NULL, 0);
	close(ends[1]); /* the child has ended: its child may look now */
	if (read(done[0], &byte, 1) != 0)
		return EXIT_FAILURE;
	return EXIT_SUCCESS;
}
