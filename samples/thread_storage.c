/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Three variables, ten threads that each add one: pthread_setspecific(), __thread, and a plain global.
 *
 * Run:       cltrace ./thread_storage
 * Look for:  thirty THREADs that all have CLONE_VM (one memory) and CLONE_SETTLS, each with a tls= of its own. That is
 *            why only the plain global goes from 3 to 13: the other two are found through the thread's TLS, and each
 *            thread adds to one of its own. */
#include <pthread.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#define THREADS 10

static pthread_key_t key;
static __thread int per_thread = 3;
static int plain = 3;

/* The threads run one after the other, so that nothing here is a matter of luck. */
static void run_threads(void *(*add)(void *))
{
	for (int i = 0; i < THREADS; i++) {
		pthread_t thread;

		if (pthread_create(&thread, NULL, add, NULL) != 0)
			exit(EXIT_FAILURE);
		pthread_join(thread, NULL);
	}
}

static void *add_to_specific(void *unused)
{
	(void)unused;
	pthread_setspecific(key, (void *)((intptr_t)pthread_getspecific(key) + 1));
	return NULL;
}

static void *add_to_per_thread(void *unused)
{
	(void)unused;
	per_thread++;
	return NULL;
}

static void *add_to_plain(void *unused)
{
	(void)unused;
	plain++;
	return NULL;
}

int main(void)
{
	pthread_key_create(&key, NULL);
	pthread_setspecific(key, (void *)(intptr_t)3);
	run_threads(add_to_specific);
	printf("pthread_setspecific: %d\n", (int)(intptr_t)pthread_getspecific(key));
	run_threads(add_to_per_thread);
	printf("__thread:            %d\n", per_thread);
	run_threads(add_to_plain);
	printf("plain global:        %d\n", plain);
	return EXIT_SUCCESS;
}
