/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A scene to be looked at: tasks that stand still, and share what is not usual. */
#include <errno.h>
#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "actor.h"
#include "raw.h"

#define STACK_SIZE 65536

/* The purpose of each task, found by its tid. */
static int apart, nicer, memory, files, inside;
static struct gate ready, hold;

/* Not errno's friend: it runs beside the leader, on the same TLS. */
static int stand(void *data)
{
	char end;

	(void)data;
	while (syscall(SYS_read, hold.in, &end, 1) > 0)
		;
	return 0;
}

/* A child does not outlive the one that would end it. */
static int stand_below(void *data)
{
	syscall(SYS_prctl, PR_SET_PDEATHSIG, SIGKILL);
	return stand(data);
}

static void *stand_apart(void *unused)
{
	if (unshare(CLONE_FILES))
		die("unshare: %s", strerror(errno));
	close(hold.out); /* its own now */
	apart = own_tid();
	gate_open(&ready);
	stand(NULL);
	return unused;
}

/* What POSIX says the process shares, and Linux keeps for each thread. */
static void *stand_nicer(void *unused)
{
	cpu_set_t set;
	int cpu = 0;

	prctl(PR_SET_NAME, "standing nicer");
	nicer = own_tid();
	if (setpriority(PRIO_PROCESS, (id_t)nicer, getpriority(PRIO_PROCESS, (id_t)nicer) + 7))
		die("setpriority: %s", strerror(errno));
	if (sched_getaffinity(0, sizeof(set), &set))
		die("sched_getaffinity: %s", strerror(errno));
	while (!CPU_ISSET(cpu, &set))
		cpu++;
	CPU_ZERO(&set);
	CPU_SET(cpu, &set);
	if (sched_setaffinity(0, sizeof(set), &set))
		die("sched_setaffinity: %s", strerror(errno));
	gate_open(&ready);
	stand(NULL);
	return unused;
}

static long made(long pid, const char *what)
{
	if (pid < 0)
		die("%s: %s", what, strerror((int)-pid));
	return pid;
}

static int play_standing(int argc, char *argv[])
{
	const struct raw_task task = { .run = stand_below, .stack = raw_stack(STACK_SIZE, 0), .size = STACK_SIZE };
	struct thread *threads[2];
	char byte;

	(void)argc;
	(void)argv;
	ready = gate_make();
	hold = gate_make();
	threads[0] = thread_start(stand_apart, NULL);
	threads[1] = thread_start(stand_nicer, NULL);
	/* Each task reports when it is ready. */
	for (int i = 0; i < 2; i++)
		gate_wait(&ready);
	inside = (int)raw_clone(CLONE_NEWUSER | CLONE_NEWPID | SIGCHLD, NULL, NULL);
	if (inside == 0) {
		close(hold.out);
		_exit(stand_below(NULL));
	}
	memory = (int)made(raw_clone_on(CLONE_VM | SIGCHLD, &task), "clone with CLONE_VM");
	files = (int)made(raw_clone(CLONE_FILES | SIGCHLD, NULL, NULL), "clone with CLONE_FILES");
	if (files == 0)
		_exit(stand_below(NULL));
	fact_line("{\"fact\":\"standing\",\"apart\":%d,\"nicer\":%d,\"memory\":%d,\"files\":%d,\"inside\":%d}", apart,
		  nicer, memory, files, inside);
	fact_line("{\"fact\":\"ready\"}");
	while (read(STDIN_FILENO, &byte, 1) > 0)
		;
	/* CLONE_VM's child has a table of its own, with an end of the pipe that it cannot close. */
	kill(memory, SIGKILL);
	kill(files, SIGKILL);
	if (inside > 0)
		kill(inside, SIGKILL);
	close(hold.out);
	thread_join(threads[0]);
	thread_join(threads[1]);
	while (waitpid(-1, NULL, 0) >= 0)
		;
	return 0;
}

const struct scene standing_scenes[] = {
	{ "standing", NULL, play_standing },
	{ .name = NULL },
};
