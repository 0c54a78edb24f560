/* SPDX-License-Identifier: GPL-2.0-or-later */
/* vfork(): a child that borrows its parent's memory until it execs or exits.
 *
 * Run:       cltrace ./vfork
 * Look for:  CLONE_VM and CLONE_VFORK (or the system call vfork, which means the same): memory is shared, and yet it is
 * a PROCESS, for there is no CLONE_THREAD; the exec, with which the sharing ends. */
#include <stdio.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

int main(void)
{
	int status;
	pid_t child;

	child = vfork();
	if (child == 0) {
		/* On the parent's stack: do nothing here but exec or _exit. */
		execl("/bin/true", "true", (char *)NULL);
		_exit(127);
	}
	if (child < 0) {
		perror("vfork");
		return EXIT_FAILURE;
	}
	if (waitpid(child, &status, 0) != child)
		return EXIT_FAILURE;
	printf("the child, by then the program true, exited %d\n", WEXITSTATUS(status));
	return EXIT_SUCCESS;
}
