/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A daemon as it is made by hand: fork, setsid, fork again.
 *
 * Run:       cltrace ./daemon
 * Look for:  two PROCESSes and a setsid() in between. The first child leads the new session and ends; the second can
 *            therefore never get a controlling terminal, and its parent is init. When the
 *            first child has ended, the trace says who the daemon's parent is. */
#include <stdio.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

/* The daemon begins its work when nobody can write to READY any more: when main() has seen its child end. */
static void run_daemon(const int ready[2])
{
	char byte;

	close(ready[1]);
	while (read(ready[0], &byte, 1) > 0)
		;
	printf("the daemon %s its session\n", getsid(0) == getpid() ? "leads" : "does not lead");
	fflush(stdout);
	_exit(0);
}

int main(void)
{
	int ready[2], done[2];
	char byte;
	pid_t child;

	if (pipe(ready) < 0 || pipe(done) < 0)
		return EXIT_FAILURE;
	child = fork();
	if (child < 0)
		return EXIT_FAILURE;
	if (child == 0) {
		setsid();
		if (fork() == 0)
			run_daemon(ready);
		_exit(0);
	}
	waitpid(child, NULL, 0);
	close(ready[1]);
	close(done[1]);
	/* A real one would not wait for its daemon; here the output is in order then. */
	return read(done[0], &byte, 1) == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
