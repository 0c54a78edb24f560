/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Nice value, CPU affinity and capabilities of one thread: POSIX (or common sense) says that the process has them, on
 * Linux each thread has its own.
 *
 * Run:       cltrace ./thread_attributes
 * Look for:  one THREAD that shares all that a thread shares. What it changes for itself, main() does not get: the
 *            system calls nice, sched_setaffinity and capset work on the task that makes them.
 * And:       ./thread_attributes wait, which keeps the thread until it gets a line to read, and meanwhile, elsewhere:
 *            cltrace --snapshot -p $(pgrep thread_attribut)
 *            It shares all, and below the table is what it has for itself. */
#include <linux/capability.h>
#include <pthread.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <unistd.h>

static void print_attributes(const char *who)
{
	struct __user_cap_header_struct header = { .version = _LINUX_CAPABILITY_VERSION_3 };
	struct __user_cap_data_struct capabilities[2] = { { 0 } };
	cpu_set_t cpus;

	sched_getaffinity(0, sizeof(cpus), &cpus);
	syscall(SYS_capget, &header, capabilities);
	printf("%-11s nice %d, on %d CPUs, effective capabilities %08x%08x\n", who, getpriority(PRIO_PROCESS, 0),
	       CPU_COUNT(&cpus), capabilities[1].effective, capabilities[0].effective);
}

static void *run_thread(void *waits)
{
	struct __user_cap_header_struct header = { .version = _LINUX_CAPABILITY_VERSION_3 };
	struct __user_cap_data_struct capabilities[2] = { { 0 } };
	const int here = sched_getcpu();
	cpu_set_t cpus;

	CPU_ZERO(&cpus);
	CPU_SET(here < 0 ? 0 : here, &cpus);
	sched_setaffinity(0, sizeof(cpus), &cpus);
	if (setpriority(PRIO_PROCESS, 0, getpriority(PRIO_PROCESS, 0) + 5) < 0)
		perror("setpriority");
	syscall(SYS_capset, &header, capabilities); /* gives up all */
	print_attributes("the thread:");
	if (waits) {
		fflush(stdout);
		getchar();
	}
	return NULL;
}

int main(int argc, char *argv[])
{
	pthread_t thread;

	print_attributes("before:");
	if (pthread_create(&thread, NULL, run_thread, argc > 1 ? argv[1] : NULL) != 0)
		return EXIT_FAILURE;
	pthread_join(thread, NULL);
	print_attributes("main():");
	return EXIT_SUCCESS;
}
