/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Two ids for one thread: the kernel's (gettid) and the C library's (pthread_self).
 *
 * Run:       cltrace ./thread_ids
 * Look for:  three THREADs. Each is one LWP: the tid that the program prints for it is the one in the trace. getpid()
 *            is the same in all of them, the tgid: only the main thread, the thread group leader, has a tid equal to
 *            it. pthread_self() is neither: it is an address in the process's memory, and of no meaning outside.
 *            The trace has the two side by side: "pthread_t ... is LWP ...". */
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/syscall.h>
#include <unistd.h>

#define TASKS 4

/* What each task says of itself, the main thread first. */
static struct ids {
	pid_t pid;
	long tid;
	unsigned long self;
} tasks[TASKS];

static pthread_barrier_t barrier;

static void *write_down(void *data)
{
	struct ids *ids = data;

	ids->pid = getpid();
	ids->tid = syscall(SYS_gettid);
	ids->self = (unsigned long)pthread_self();
	pthread_barrier_wait(&barrier); /* all four are there at once */
	return NULL;
}

int main(void)
{
	pthread_t threads[TASKS];

	pthread_barrier_init(&barrier, NULL, TASKS);
	for (int i = 1; i < TASKS; i++)
		if (pthread_create(&threads[i], NULL, write_down, &tasks[i]) != 0)
			return EXIT_FAILURE;
	write_down(&tasks[0]);
	for (int i = 1; i < TASKS; i++)
		pthread_join(threads[i], NULL);
	for (int i = 0; i < TASKS; i++)
		printf("%s  pid %d  tid (LWP) %ld  pthread_self() %#lx\n", i == 0 ? "main thread" : "thread     ",
		       (int)tasks[i].pid, tasks[i].tid, tasks[i].self);
	return EXIT_SUCCESS;
}
