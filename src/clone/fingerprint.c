/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The table of requests that library calls are known to make. */
#include "clone/fingerprint.h"

#include <stdbool.h>
#include <string.h>

#include "base/array.h"
#include "clone/flags.h"
#include "clone/request.h"

#define BY_CLONE (1U << CALL_CLONE)
#define BY_CLONE3 (1U << CALL_CLONE3)

#define FLAGS_GO (FLAG_VM | FLAG_FS | FLAG_FILES | FLAG_SIGHAND | FLAG_THREAD | FLAG_SYSVSEM)
#define FLAGS_PTHREAD (FLAGS_GO | FLAG_SETTLS | FLAG_PARENT_SETTID | FLAG_CHILD_CLEARTID)
#define FLAGS_FORK (FLAG_CHILD_SETTID | FLAG_CHILD_CLEARTID)
#define FLAGS_VFORK (FLAG_VM | FLAG_VFORK)
#define FLAGS_SPAWN (FLAGS_VFORK | FLAG_CLEAR_SIGHAND)
#define FLAGS_LINUXTHREADS (FLAG_VM | FLAG_FS | FLAG_FILES | FLAG_SIGHAND)

enum { SIGNO_CHLD = 17, SIGNO_CANCEL = 33 }; /* LinuxThreads: __pthread_sig_cancel, __SIGRTMIN + 1 */

#define THREADS "thrd_create(), std::thread"
#define FORKS "daemon(), forkpty()"
#define SPAWNS "posix_spawnp(), system(), popen()"

static const struct fingerprint fingerprints[] = {
	{ "fork()", "glibc and bionic", FORKS, BY_CLONE, FLAGS_FORK, SIGNO_CHLD, SIGNO_CHLD, false,
	  "glibc, sysdeps/nptl/arch-fork.h" },
	{ "fork()", "musl", FORKS, 1U << CALL_FORK, 0, SIGNO_CHLD, SIGNO_CHLD, false, "musl, src/process/_Fork.c" },
	{ "fork()", "musl where there is no call fork", FORKS, BY_CLONE, 0, SIGNO_CHLD, SIGNO_CHLD, false,
	  "musl, src/process/_Fork.c" },
	{ "vfork()", "glibc and musl", NULL, 1U << CALL_VFORK, FLAGS_VFORK, SIGNO_CHLD, SIGNO_CHLD, false,
	  "glibc, sysdeps/unix/sysv/linux/x86_64/vfork.S; musl, src/process/x86_64/vfork.s" },
	{ "vfork()", "glibc and musl where there is no call vfork", "os/exec of Go", BY_CLONE, FLAGS_VFORK, SIGNO_CHLD,
	  SIGNO_CHLD, false,
	  "glibc, sysdeps/unix/sysv/linux/aarch64/vfork.S; Go, src/syscall/exec_linux.go, forkAndExecInChild1()" },
	{ "os/exec (Go)", "Go 1.23 and newer", NULL, BY_CLONE, FLAGS_VFORK | FLAG_PIDFD, SIGNO_CHLD, SIGNO_CHLD, false,
	  "Go, src/syscall/exec_linux.go, forkAndExecInChild1()" },
	{ "posix_spawn()", "glibc 2.38 and newer", SPAWNS, BY_CLONE3, FLAGS_SPAWN, SIGNO_CHLD, SIGNO_CHLD, true,
	  "glibc, sysdeps/unix/sysv/linux/spawni.c" },
	{ "posix_spawn()", "glibc 2.34 to 2.37", SPAWNS, BY_CLONE3, FLAGS_VFORK, SIGNO_CHLD, SIGNO_CHLD, true,
	  "glibc, sysdeps/unix/sysv/linux/spawni.c" },
	{ "posix_spawn()", "musl, and glibc 2.24 to 2.33 or where clone3 is missing", SPAWNS, BY_CLONE, FLAGS_VFORK,
	  SIGNO_CHLD, SIGNO_CHLD, true, "musl, src/process/posix_spawn.c; glibc, sysdeps/unix/sysv/linux/spawni.c" },
	{ "posix_spawn()", "glibc 2.39 and newer, into a cgroup", NULL, BY_CLONE3, FLAGS_SPAWN | FLAG_INTO_CGROUP,
	  SIGNO_CHLD, SIGNO_CHLD, true, "glibc, sysdeps/unix/sysv/linux/spawni.c" },
	{ "pidfd_spawn()", "glibc 2.39 and newer", "pidfd_spawnp()", BY_CLONE3, FLAGS_SPAWN | FLAG_PIDFD, SIGNO_CHLD,
	  SIGNO_CHLD, true, "glibc, sysdeps/unix/sysv/linux/spawni.c" },
	{ "pidfd_spawn()", "glibc 2.39 and newer, into a cgroup", "pidfd_spawnp()", BY_CLONE3,
	  FLAGS_SPAWN | FLAG_PIDFD | FLAG_INTO_CGROUP, SIGNO_CHLD, SIGNO_CHLD, true,
	  "glibc, sysdeps/unix/sysv/linux/spawni.c" },
	{ "pthread_create()", "glibc 2.34 and newer", THREADS, BY_CLONE3, FLAGS_PTHREAD, 0, 0, true,
	  "glibc, nptl/pthread_create.c, create_thread()" },
	{ "pthread_create()", "glibc before 2.34 or where clone3 is missing, and bionic", THREADS, BY_CLONE,
	  FLAGS_PTHREAD, 0, 0, true, "glibc, nptl/pthread_create.c, create_thread()" },
	{ "pthread_create() (musl)", "musl", THREADS, BY_CLONE, FLAGS_PTHREAD | FLAG_DETACHED, 0, 0, true,
	  "musl, src/thread/pthread_create.c" },
	{ "a goroutine's thread (Go)", "Go", NULL, BY_CLONE, FLAGS_GO, 0, 0, true,
	  "Go, src/runtime/os_linux.go, newosproc()" },
	{ "a goroutine's thread (Go)", "Go on amd64", NULL, BY_CLONE, FLAGS_GO | FLAG_SETTLS, 0, 0, true,
	  "Go, src/runtime/sys_linux_amd64.s, clone" },
	{ "a LinuxThreads pthread", "glibc before 2.4", NULL, BY_CLONE, FLAGS_LINUXTHREADS, SIGNO_CANCEL, SIGNO_CANCEL,
	  true, "glibc 2.3, linuxthreads/manager.c, pthread_handle_create(); pthread.c, init_rtsigs()" },
};

const struct fingerprint *fingerprint_table(size_t *ret_count)
{
	*ret_count = ARRAY_LENGTH(fingerprints);
	return fingerprints;
}

const struct fingerprint *fingerprint_row(const struct request *request)
{
	const bool stack = request->have & REQUEST_STACK;

	if (!(request->have & REQUEST_FLAGS))
		return NULL;
	for (size_t i = 0; i < ARRAY_LENGTH(fingerprints); i++) {
		const struct fingerprint *row = &fingerprints[i];

		if (row->calls & 1U << request->call && row->flags == request->flags && row->stack == stack &&
		    request->exit_signal >= row->signal_low && request->exit_signal <= row->signal_high)
			return row;
	}
	return NULL;
}

const char *fingerprint_find(const struct request *request)
{
	const struct fingerprint *row = fingerprint_row(request);

	return row ? row->name : NULL;
}

/* glibc, sysdeps/posix/system.c and libio/iopopen.c; musl, src/process/system.c and src/stdio/popen.c: both spawn a
 * shell whose argv[0] is "sh". A program may do the same by itself. */
const char *fingerprint_after_exec(const char *looks_like, const char *command)
{
	static const char shell[] = "sh -c ";

	if (!looks_like || strcmp(looks_like, "posix_spawn()") || strncmp(command, shell, strlen(shell)))
		return NULL;
	return "system() or popen()";
}

/* glibc, misc/daemon.c and login/forkpty.c (login_tty()): the first thing that the child of their fork() does. */
const char *fingerprint_after_setsid(const char *looks_like)
{
	return looks_like && !strcmp(looks_like, "fork()") ? "daemon() or forkpty()" : NULL;
}
