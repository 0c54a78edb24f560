/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The table of requests that library calls are known to make. */
#include "clone/fingerprint.h"

#include <stdbool.h>

#include "clone/flags.h"
#include "clone/request.h"

#define ARRAY_LENGTH(array) (sizeof(array) / sizeof((array)[0]))

#define BY_CLONE (1U << CALL_CLONE)
#define BY_CLONE3 (1U << CALL_CLONE3)
#define BY_BOTH (BY_CLONE | BY_CLONE3)

#define FLAGS_GO (FLAG_VM | FLAG_FS | FLAG_FILES | FLAG_SIGHAND | FLAG_THREAD | FLAG_SYSVSEM)
#define FLAGS_PTHREAD (FLAGS_GO | FLAG_SETTLS | FLAG_PARENT_SETTID | FLAG_CHILD_CLEARTID)
#define FLAGS_FORK (FLAG_CHILD_SETTID | FLAG_CHILD_CLEARTID)
#define FLAGS_VFORK (FLAG_VM | FLAG_VFORK)
#define FLAGS_SPAWN (FLAGS_VFORK | FLAG_CLEAR_SIGHAND)
#define FLAGS_LINUXTHREADS (FLAG_VM | FLAG_FS | FLAG_FILES | FLAG_SIGHAND)

enum { SIGNO_CHLD = 17, SIGNO_RT_FIRST = 32, SIGNO_RT_LAST = 64 };

/* A row fits when everything is the same, the flags to the last bit; pointers are not looked at, but whether the call
 * brings a stack is: it tells posix_spawn() (a function runs) from vfork() (the caller's code goes on). */
static const struct fingerprint {
	const char *name;
	unsigned calls;
	uint64_t flags;
	unsigned signal_low, signal_high;
	bool stack;
} fingerprints[] = {
	{ "fork()", 1U << CALL_FORK, 0, SIGNO_CHLD, SIGNO_CHLD, false },
	{ "fork()", BY_CLONE, FLAGS_FORK, SIGNO_CHLD, SIGNO_CHLD, false }, /* glibc, bionic */
	{ "fork()", BY_CLONE, 0, SIGNO_CHLD, SIGNO_CHLD, false },	   /* musl without a call fork, nolibc */
	{ "vfork()", 1U << CALL_VFORK, FLAGS_VFORK, SIGNO_CHLD, SIGNO_CHLD, false },
	{ "vfork()", BY_CLONE, FLAGS_VFORK, SIGNO_CHLD, SIGNO_CHLD, false },
	{ "posix_spawn()", BY_BOTH, FLAGS_VFORK, SIGNO_CHLD, SIGNO_CHLD, true }, /* musl; glibc before 2.38 */
	{ "posix_spawn()", BY_CLONE3, FLAGS_SPAWN, SIGNO_CHLD, SIGNO_CHLD, true },
	{ "posix_spawn()", BY_CLONE3, FLAGS_SPAWN | FLAG_INTO_CGROUP, SIGNO_CHLD, SIGNO_CHLD, true },
	{ "pidfd_spawn()", BY_CLONE3, FLAGS_SPAWN | FLAG_PIDFD, SIGNO_CHLD, SIGNO_CHLD, true },
	{ "pidfd_spawn()", BY_CLONE3, FLAGS_SPAWN | FLAG_PIDFD | FLAG_INTO_CGROUP, SIGNO_CHLD, SIGNO_CHLD, true },
	{ "pthread_create()", BY_BOTH, FLAGS_PTHREAD, 0, 0, true },
	{ "pthread_create() (musl)", BY_CLONE, FLAGS_PTHREAD | FLAG_DETACHED, 0, 0, true },
	{ "a goroutine's thread (Go)", BY_CLONE, FLAGS_GO, 0, 0, true },
	{ "a goroutine's thread (Go)", BY_CLONE, FLAGS_GO | FLAG_SETTLS, 0, 0, true }, /* on amd64 */
	{ "a LinuxThreads pthread", BY_CLONE, FLAGS_LINUXTHREADS, SIGNO_RT_FIRST, SIGNO_RT_LAST, true },
};

const char *fingerprint_find(const struct request *request)
{
	const bool stack = request->have & REQUEST_STACK;

	if (!(request->have & REQUEST_FLAGS))
		return NULL;
	for (size_t i = 0; i < ARRAY_LENGTH(fingerprints); i++) {
		const struct fingerprint *row = &fingerprints[i];

		if (row->calls & 1U << request->call && row->flags == request->flags && row->stack == stack &&
		    request->exit_signal >= row->signal_low && request->exit_signal <= row->signal_high)
			return row->name;
	}
	return NULL;
}
