/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A thread that is not the leader execs.
 *
 * Run:       cltrace ./exec_from_thread
 * Look for:  two THREADs, one of which execs. The other thread and the leader are gone without an end of their own,
 *            and the one that called exec goes on under the leader's tid: the pid of a process never changes. */
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

static void *run_pause(void *unused)
{
	for (;;)
		pause();
	return unused;
}

static void *run_exec(void *unused)
{
	execl("/bin/echo", "echo", "the program that the thread started", (char *)NULL);
	perror("execl");
	return unused;
}

int main(void)
{
	pthread_t sleeper, other;

	if (pthread_create(&sleeper, NULL, run_pause, NULL) != 0 || pthread_create(&other, NULL, run_exec, NULL) != 0)
		return EXIT_FAILURE;
	pthread_join(other, NULL);
	return EXIT_FAILURE; /* not reached: exec ends this thread, too */
}
