/* SPDX-License-Identifier: GPL-2.0-or-later */
/* New namespaces in three ways: with clone(), with clone3(), and with unshare() before a fork.
 *
 * Run:       cltrace ./namespaces
 * Look for:  the CLONE_NEW* flags, "in a new ... namespace", and the pid inside: the tracer sees each child under its
 *            own number, the child sees itself as 1. After unshare() the caller itself stays where it is for pids and
 *            time: its next child is the one that begins in them. CLONE_NEWUSER is what makes all this possible without
 *            privilege; where the system forbids it, the program says so and the trace has the refusal. */
#include <errno.h>
#include <linux/sched.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#ifndef CLONE_NEWTIME
#define CLONE_NEWTIME 0x80
#endif

static void report(const char *how, pid_t child)
{
	int status;

	if (child < 0)
		printf("%s: refused, %s\n", how, strerror(errno));
	else if (waitpid(child, &status, 0) == child)
		printf("%s: the child saw itself as %d\n", how, WEXITSTATUS(status));
	fflush(stdout);
}

/* What a child does: it tells its pid as it sees it. */
static void run_child(void)
{
	pid_t self = getpid();

	_exit(self == 1 ? 1 : 2);
}

int main(void)
{
	struct clone_args arguments = {
		.flags = CLONE_NEWUSER | CLONE_NEWPID | CLONE_NEWNET,
		.exit_signal = SIGCHLD,
	};
	pid_t child;

	child = (pid_t)syscall(SYS_clone, CLONE_NEWUSER | CLONE_NEWPID | CLONE_NEWNS | SIGCHLD, NULL, NULL, NULL, NULL);
	if (child == 0)
		run_child();
	report("clone, user, pid and mount namespace", child);

	child = (pid_t)syscall(SYS_clone3, &arguments, sizeof(arguments));
	if (child == 0)
		run_child();
	report("clone3, user, pid and network namespace", child);

	if (unshare(CLONE_NEWUSER | CLONE_NEWPID | CLONE_NEWUTS | CLONE_NEWTIME) < 0) {
		report("unshare", -1);
		return EXIT_SUCCESS;
	}
	child = fork();
	if (child == 0)
		run_child();
	report("unshare, user, pid, UTS and time namespace, then fork", child);
	return EXIT_SUCCESS;
}
