/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Makes a task by the library call that its argument names, to be recognised; built with musl-gcc too. */
#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <spawn.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <threads.h>
#include <unistd.h>

#define STACK_SIZE 65536
#define FLAGS_GO (CLONE_VM | CLONE_FS | CLONE_FILES | CLONE_SIGHAND | CLONE_SYSVSEM | CLONE_THREAD)
#define FLAGS_LINUXTHREADS (CLONE_VM | CLONE_FS | CLONE_FILES | CLONE_SIGHAND)

extern char **environ;
/* clone() by its inner name: from 1.2.5 on musl's clone() refuses CLONE_THREAD. */
extern int __clone(int (*function)(void *), void *stack, int flags, void *data, ...);
static _Alignas(16) char stack[STACK_SIZE];
static int ready[2];

static void *thread(void *data)
{
	return data;
}

static int c11_thread(void *data)
{
	(void)data;
	return 0;
}

/* No thread-local storage here: it is the maker's. */
static int bare_task(void *data)
{
	(void)data;
	return write(ready[1], "", 1) != 1;
}

static int make_bare(int flags)
{
	char byte;

	if (pipe(ready) || __clone(bare_task, stack + STACK_SIZE, flags, NULL) < 0)
		return 1;
	return read(ready[0], &byte, 1) != 1;
}

static int call_fork(void)
{
	const pid_t pid = fork();

	if (!pid)
		_exit(0);
	return waitpid(pid, NULL, 0) != pid;
}

static int call_vfork(void)
{
	const pid_t pid = vfork();

	if (!pid)
		_exit(0);
	return waitpid(pid, NULL, 0) != pid;
}

static int call_posix_spawn(void)
{
	char name[] = "true", *argv[] = { name, NULL };
	pid_t pid;

	return posix_spawnp(&pid, name, NULL, NULL, argv, environ) || waitpid(pid, NULL, 0) != pid;
}

static int call_system(void)
{
	return system("true");
}

static int call_popen(void)
{
	FILE *pipe = popen("true", "r");

	return !pipe || pclose(pipe);
}

static int call_daemon(void)
{
	return daemon(1, 1);
}

static int call_pthread_create(void)
{
	pthread_t id;

	return pthread_create(&id, NULL, thread, NULL) || pthread_join(id, NULL);
}

static int call_thrd_create(void)
{
	thrd_t id;

	return thrd_create(&id, c11_thread, NULL) != thrd_success || thrd_join(id, NULL) != thrd_success;
}

static int call_goroutine(void)
{
	return make_bare(FLAGS_GO);
}

/* Its end sends signal 33, which the C library keeps to itself: it must be blocked behind its back. */
static int call_linuxthreads(void)
{
	const uint64_t signal_33 = UINT64_C(1) << (33 - 1);

	if (syscall(SYS_rt_sigprocmask, SIG_BLOCK, &signal_33, NULL, sizeof(signal_33)) < 0)
		return 1;
	return make_bare(FLAGS_LINUXTHREADS | 33);
}

static const struct {
	const char *name;
	int (*call)(void);
} calls[] = {
	{ "fork", call_fork },
	{ "vfork", call_vfork },
	{ "posix_spawn", call_posix_spawn },
	{ "system", call_system },
	{ "popen", call_popen },
	{ "daemon", call_daemon },
	{ "pthread_create", call_pthread_create },
	{ "thrd_create", call_thrd_create },
	{ "goroutine", call_goroutine },
	{ "linuxthreads", call_linuxthreads },
};

int main(int argc, char *argv[])
{
	for (size_t i = 0; argc == 2 && i < sizeof(calls) / sizeof(calls[0]); i++)
		if (!strcmp(argv[1], calls[i].name))
			return calls[i].call();
	fputs("usage: library_calls NAME\n", stderr);
	return 2;
}
