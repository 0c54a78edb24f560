/* SPDX-License-Identifier: GPL-2.0-or-later */
/* pthread_create(): a second thread in the same process.
 *
 * Run:       cltrace ./pthread_create
 * Look for:  CLONE_THREAD, which alone makes the new task a THREAD, and CLONE_VM and CLONE_SIGHAND, without which the
 *            kernel refuses it; the stack and the TLS that the thread brings along; parent_tid and child_tid: the
 * kernel writes the thread's id to the first, and clears and wakes the second when it ends, which is how pthread_join()
 * learns of it. No signal is sent. */
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

static int answer = 42;

static void *change_answer(void *unused)
{
	(void)unused;
	answer = 0; /* the only one there is */
	printf("the thread's id %s the process's\n", syscall(SYS_gettid) == getpid() ? "is" : "differs from");
	return NULL;
}

int main(void)
{
	pthread_t thread;
	int error;

	error = pthread_create(&thread, NULL, change_answer, NULL);
	if (error != 0) {
		fprintf(stderr, "pthread_create: %s\n", strerror(error));
		return EXIT_FAILURE;
	}
	pthread_join(thread, NULL);
	printf("the answer is now %d\n", answer);
	return EXIT_SUCCESS;
}
