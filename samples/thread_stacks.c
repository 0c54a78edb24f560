/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Threads with a stack size of one's own choice, after the example in pthread_create(3).
 *
 * Run:       cltrace ./thread_stacks [KIB [WORD...]]
 * Look for:  stack=ADDRESS+SIZE in each request (clone3 names the lowest byte and the size). The size is the chosen one
 *            or nearly so: the C library takes its own bookkeeping and the thread's TLS from the same block. Each
 *            thread's variable lies within the stack that its request names.
 *            With -k: what of it may be used, the guard below, what each thread runs and the argument of that. */
#include <ctype.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void *shout(void *word)
{
	char *copy = strdup(word);

	for (char *c = copy; c != NULL && *c != '\0'; c++)
		*c = (char)toupper((unsigned char)*c);
	return copy;
}

int main(int argc, char *argv[])
{
	static char hello[] = "hello", world[] = "world";
	static char *defaults[] = { hello, world };
	const size_t size = (argc > 1 ? strtoul(argv[1], NULL, 10) : 256) * 1024;
	char **words = argc > 2 ? argv + 2 : defaults;
	const int count = argc > 2 ? argc - 2 : 2;
	pthread_attr_t attributes;
	pthread_t threads[64];

	pthread_attr_init(&attributes);
	if (count > 64 || pthread_attr_setstacksize(&attributes, size) != 0) {
		fputs("usage: thread_stacks [KIB [WORD...]]: at least 16 KiB and at most 64 words\n", stderr);
		return EXIT_FAILURE;
	}
	for (int i = 0; i < count; i++)
		if (pthread_create(&threads[i], &attributes, shout, words[i]) != 0)
			return EXIT_FAILURE;
	pthread_attr_destroy(&attributes);
	for (int i = 0; i < count; i++) {
		void *result;

		pthread_join(threads[i], &result);
		printf("thread %d, stack of %zu KiB: %s becomes %s\n", i + 1, size / 1024, words[i], (char *)result);
		free(result);
	}
	return EXIT_SUCCESS;
}
