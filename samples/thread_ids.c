/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Two ids for one thread: the kernel's (gettid) and the C library's (pthread_self).
 *
 * Run:       cltrace ./thread_ids
 * Look for:  three THREADs. Each is one LWP: the tid that the program prints for it is the one in the trace. getpid()
 *            is the same in all of them, the tgid: only the main thread, the thread group leader, has a tid equal to
 *            it. pthread_self() is neither: it is an address in the process's memory, and of no meaning outside. */
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/syscall.h>
#include <unistd.h>

#define THREADS 3

static void print_ids(const char *who)
{
	printf("%-12s pid %d   tid (LWP) %ld   pthread_self() %#lx\n", who, (int)getpid(), syscall(SYS_gettid),
	       (unsigned long)pthread_self());
}

static void *run_thread(void *name)
{
	print_ids(name);
	return NULL;
}

int main(void)
{
	static char names[THREADS][16];
	pthread_t threads[THREADS];

	print_ids("main thread");
	for (int i = 0; i < THREADS; i++) {
		snprintf(names[i], sizeof(names[i]), "thread %d", i + 1);
		if (pthread_create(&threads[i], NULL, run_thread, names[i]) != 0)
			return EXIT_FAILURE;
	}
	for (int i = 0; i < THREADS; i++)
		pthread_join(threads[i], NULL);
	return EXIT_SUCCESS;
}
