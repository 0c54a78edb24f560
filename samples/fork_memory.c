/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What copy-on-write still costs: a fork with 1 MiB of memory in use, one with 512 MiB, and a thread.
 *
 * Run:       cltrace -T -v ./fork_memory [MIB]
 * Look for:  the times in <> behind the three calls, and the lines "page tables". fork() copies no page of memory, but
 * it copies the tables that say where the pages are, 8 bytes for each page of 4 KiB: one megabyte of tables for
 * 512 MiB takes its time. A thread uses the tables that are there, however large. */
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

/* Memory becomes real, and gets its tables, when it is written to. Huge pages would need fewer of them. */
static void use_memory(size_t mib)
{
	size_t size = mib << 20;
	char *memory = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	if (memory == MAP_FAILED) {
		perror("mmap");
		exit(EXIT_FAILURE);
	}
	madvise(memory, size, MADV_NOHUGEPAGE);
	for (size_t i = 0; i < size; i += 4096)
		memory[i] = 1;
}

static void fork_and_wait(void)
{
	pid_t child = fork();

	if (child == 0)
		_exit(EXIT_SUCCESS);
	if (child < 0 || waitpid(child, NULL, 0) != child) {
		perror("fork");
		exit(EXIT_FAILURE);
	}
}

static void *nothing(void *unused)
{
	return unused;
}

int main(int argc, char *argv[])
{
	size_t mib = argc > 1 ? strtoul(argv[1], NULL, 10) : 512;
	pthread_t thread;

	use_memory(1);
	printf("fork with 1 MiB\n");
	fflush(stdout);
	fork_and_wait();

	use_memory(mib);
	printf("fork with %zu MiB\n", mib);
	fflush(stdout);
	fork_and_wait();

	printf("a thread with %zu MiB\n", mib);
	fflush(stdout);
	if (pthread_create(&thread, NULL, nothing, NULL) != 0)
		return EXIT_FAILURE;
	pthread_join(thread, NULL);
	return EXIT_SUCCESS;
}
