/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Changes to a stack that RLIMIT_STACK does not limit, if that limit is low.
 *
 * Only the stacks of threads and of signal handlers (sigaltstack(2)) have no such limit. The tracer, and the program
 * with -D, must be processes of one thread, so this is the stack of a signal handler, which never returns. */
#include "cli/main_stack.h"

#include <signal.h>
#include <stdbool.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <unistd.h>

#define SIGNAL SIGUSR2

static struct {
	int (*program)(int argc, char *argv[]);
	int argc;
	char **argv;
	struct sigaction action; /* what they were before: the program's */
	sigset_t mask;
	bool pending; /* somebody has sent it already */
} call;

static void run(int signo)
{
	sigaction(signo, &call.action, NULL);
	if (call.pending)
		raise(signo); /* blocked: it is pending again */
	sigprocmask(SIG_SETMASK, &call.mask, NULL);
	exit(call.program(call.argc, call.argv));
}

/* Makes the stack, with a guard at its end. False: it could not be made. */
static bool provide_stack(void)
{
	const size_t guard = (size_t)sysconf(_SC_PAGESIZE);
	char *memory = mmap(NULL, guard + STACK_SIZE, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_STACK, -1, 0);
	stack_t stack = { .ss_size = STACK_SIZE };

	if (memory == MAP_FAILED)
		return false;
	stack.ss_sp = memory + guard;
	return !mprotect(stack.ss_sp, STACK_SIZE, PROT_READ | PROT_WRITE) && !sigaltstack(&stack, NULL);
}

static void run_on_other_stack(void)
{
	struct sigaction action = { .sa_handler = run, .sa_flags = SA_ONSTACK };
	sigset_t set;

	sigfillset(&set);
	action.sa_mask = set;
	sigprocmask(SIG_SETMASK, &set, &call.mask);
	sigpending(&set);
	call.pending = sigismember(&set, SIGNAL);
	sigaction(SIGNAL, &action, &call.action);
	raise(SIGNAL);
	sigfillset(&set);
	sigdelset(&set, SIGNAL);
	sigsuspend(&set);
}

int stack_run(int (*program)(int argc, char *argv[]), int argc, char *argv[])
{
	struct rlimit limit;

	call.program = program;
	call.argc = argc;
	call.argv = argv;
	if (!getrlimit(RLIMIT_STACK, &limit) && limit.rlim_cur < STACK_SIZE && provide_stack())
		run_on_other_stack();
	return program(argc, argv);
}
