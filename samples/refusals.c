/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Requests that the kernel refuses, for one kind of reason each.
 *
 * Run:       cltrace ./refusals
 * Look for:  not only the errno, which is EINVAL for five different mistakes, but the rule that was broken, or the
 * limit that was hit with its value. Run it as an ordinary user and as root, for whom RLIMIT_NPROC does not hold and no
 * privilege is missing. To meet the limit of a pids cgroup, run any program in one whose pids.max is small. */
#include <errno.h>
#include <linux/sched.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

static void report(const char *what, long child)
{
	if (child == 0)
		_exit(EXIT_SUCCESS);
	printf("%-52s %s\n", what, child < 0 ? strerror(errno) : "accepted");
	fflush(stdout);
	if (child > 0)
		waitpid((pid_t)child, NULL, __WALL);
}

static long clone_plain(unsigned long flags)
{
	return syscall(SYS_clone, flags, NULL, NULL, NULL, NULL);
}

static long clone_new(unsigned long long flags, unsigned long long exit_signal)
{
	struct clone_args arguments = { .flags = flags, .exit_signal = exit_signal };

	return syscall(SYS_clone3, &arguments, sizeof(arguments));
}

int main(void)
{
	struct rlimit limit, none;

	report("CLONE_THREAD without CLONE_SIGHAND", clone_plain(CLONE_THREAD | CLONE_VM));
	report("CLONE_SIGHAND without CLONE_VM", clone_plain(CLONE_SIGHAND | SIGCHLD));
	report("CLONE_FS together with CLONE_NEWNS", clone_plain(CLONE_FS | CLONE_NEWNS | SIGCHLD));
	report("clone3: exit signal 65, where the last one is 64", clone_new(0, 65));
	report("clone3: a flag that this kernel does not know", clone_new(1ULL << 60, SIGCHLD));
	report("CLONE_NEWUTS, which takes privilege", clone_plain(CLONE_NEWUTS | SIGCHLD));

	getrlimit(RLIMIT_NPROC, &limit);
	none = limit;
	none.rlim_cur = 0;
	setrlimit(RLIMIT_NPROC, &none);
	report("fork() with RLIMIT_NPROC at 0", fork());
	setrlimit(RLIMIT_NPROC, &limit);

	/* The first child is the new pid namespace's init; once it has ended, nobody can be born there any more. */
	if (unshare(CLONE_NEWUSER | CLONE_NEWPID) < 0) {
		report("unshare(CLONE_NEWUSER|CLONE_NEWPID)", -1);
		return EXIT_SUCCESS;
	}
	report("fork() into a new pid namespace", fork());
	report("fork() into that namespace, whose init has ended", fork());
	return EXIT_SUCCESS;
}
