/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What becomes of each of the caller's resources in the new task: shared, copied, new (kernel/fork.c, copy_*()). */
#ifndef CLONE_RESOURCE_H
#define CLONE_RESOURCE_H

#include <stdint.h>

struct request;

enum resource {
	RESOURCE_MEMORY,
	RESOURCE_FILES,
	RESOURCE_FS,
	RESOURCE_SIGHAND,
	RESOURCE_SYSVSEM,
	RESOURCE_IO,
	RESOURCE_TLS,
	RESOURCE_STACK,
	RESOURCE_THREAD_GROUP,
	RESOURCE_PARENT,
	RESOURCE_NS_MNT,
	RESOURCE_NS_CGROUP,
	RESOURCE_NS_UTS,
	RESOURCE_NS_IPC,
	RESOURCE_NS_USER,
	RESOURCE_NS_PID,
	RESOURCE_NS_NET,
	RESOURCE_NS_TIME,
	RESOURCE_COUNT
};

enum fate {
	FATE_SHARED,	   /* one object, both see every change */
	FATE_SHARED_EXEC,  /* memory under VM|VFORK: shared until exec or exit */
	FATE_COPIED,	   /* its own copy, changes are not seen by the other */
	FATE_COPIED_WRITE, /* memory: copied when either writes */
	FATE_RESET,	   /* signal handlers under CLEAR_SIGHAND: its own table, handlers back to the default */
	FATE_NEW,	   /* begins empty or fresh */
	FATE_KEPT,	   /* the same, worth no word: namespaces without NEW*, I/O context, stack of a fork */
};

/* Fills RET_FATES for the task that REQUEST makes; it must be a creation whose flags are known. RESOURCE_PARENT is
 * FATE_SHARED under CLONE_PARENT or CLONE_THREAD (the caller's parent) and FATE_NEW otherwise (the caller).
 * RESOURCE_TLS and RESOURCE_STACK are FATE_NEW when the call brings one, else FATE_KEPT. */
void resource_fates(const struct request *request, enum fate ret_fates[RESOURCE_COUNT]);

/* The flag that decides about RESOURCE. */
uint64_t resource_flag(enum resource resource);

/* "memory", "descriptors", "cwd and umask", "signal handlers", "semaphore undo", "I/O context", "TLS", "stack",
 * "thread group", "parent", "mount namespace", ... */
const char *resource_name(enum resource resource);

#endif
