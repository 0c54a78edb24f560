/* SPDX-License-Identifier: GPL-2.0-or-later */
/* posix_spawn(): fork and exec in one function, which is why shells and language runtimes like it.
 *
 * Run:       cltrace ./posix_spawn     and compare with     cltrace ./vfork
 * Look for:  nearly the same request as vfork()'s: CLONE_VM and CLONE_VFORK make a PROCESS that shares memory until its
 *            exec. The C library gives the child a stack of its own, which vfork() does not. */
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

int main(void)
{
	char name[] = "true";
	char *arguments[] = { name, NULL };
	int status;
	int error;
	pid_t child;

	error = posix_spawn(&child, "/bin/true", NULL, NULL, arguments, environ);
	if (error != 0) {
		fprintf(stderr, "posix_spawn: %s\n", strerror(error));
		return EXIT_FAILURE;
	}
	if (waitpid(child, &status, 0) != child)
		return EXIT_FAILURE;
	printf("the program true exited %d\n", WEXITSTATUS(status));
	return EXIT_SUCCESS;
}
