/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Runs parts of work in threads. */
#include "source/kernel/crew.h"

#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <stdatomic.h>

#define CREW_MAX 8
#define STACK_SIZE (256 << 10) /* the default is the user's limit, which may be too small or too large */

struct crew {
	atomic_size_t next; /* the first part that no thread has taken */
	size_t count;
	void (*work)(void *data, size_t part);
	void *data;
};

static void *serve(void *data)
{
	struct crew *crew = data;
	size_t part;

	while ((part = atomic_fetch_add(&crew->next, 1)) < crew->count)
		crew->work(crew->data, part);
	return NULL;
}

/* sched_getaffinity(2) fails if the machine may have more processors than a cpu_set_t has room for, which is 1024. */
static size_t processors(void)
{
	cpu_set_t set;

	if (sched_getaffinity(0, sizeof(set), &set) < 0)
		return CREW_MAX;
	return CPU_COUNT(&set) < CREW_MAX ? (size_t)CPU_COUNT(&set) : CREW_MAX;
}

void crew_run(size_t count, void (*work)(void *data, size_t part), void *data)
{
	struct crew crew = { .count = count, .work = work, .data = data };
	const size_t hands = count > 1 ? processors() : 1;
	pthread_t threads[CREW_MAX];
	sigset_t every, before;
	size_t started = 0;
	pthread_attr_t attr;

	sigfillset(&every);
	pthread_attr_init(&attr);
	pthread_attr_setstacksize(&attr, STACK_SIZE);
	pthread_sigmask(SIG_SETMASK, &every, &before);
	while (started + 1 < hands && started + 1 < count && !pthread_create(&threads[started], &attr, serve, &crew))
		started++;
	pthread_sigmask(SIG_SETMASK, &before, NULL);
	pthread_attr_destroy(&attr);
	serve(&crew);
	while (started)
		pthread_join(threads[--started], NULL);
}
