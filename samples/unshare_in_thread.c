/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A thread stops sharing what it was born sharing.
 *
 * Run:       cltrace ./unshare_in_thread
 * Look for:  a THREAD that shares descriptors, cwd and umask with main(), as its flags say; then unshare(CLONE_FILES |
 *            CLONE_FS) in the thread, and setns(), for which CLONE_FS must not be shared with others. From then on what
 *            the thread closes stays open in main(). It is a THREAD for all that: the thread group cannot be left.
 *            setns() needs privilege, also for the namespace that one is in: without it the trace shows the refusal. */
#include <fcntl.h>
#include <pthread.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

static int shared_descriptor;

static void *run_thread(void *unused)
{
	int namespace;

	if (unshare(CLONE_FILES | CLONE_FS) < 0)
		perror("unshare");
	close(shared_descriptor);
	namespace = open("/proc/self/ns/uts", O_RDONLY | O_CLOEXEC);
	if (namespace >= 0 && setns(namespace, CLONE_NEWUTS) == 0)
		puts("the thread has entered a namespace (its own, here)");
	else
		puts("the thread may not enter a namespace");
	return unused;
}

int main(void)
{
	pthread_t thread;

	shared_descriptor = dup(STDOUT_FILENO);
	if (shared_descriptor < 0 || pthread_create(&thread, NULL, run_thread, NULL) != 0)
		return EXIT_FAILURE;
	pthread_join(thread, NULL);
	printf("the descriptor that the thread closed is %s here\n",
	       fcntl(shared_descriptor, F_GETFD) < 0 ? "closed" : "still open");
	return EXIT_SUCCESS;
}
