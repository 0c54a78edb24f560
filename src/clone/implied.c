/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The table of what unshare and setns imply. */
#include "clone/implied.h"

#include <stddef.h>

#include "base/array.h"
#include "clone/flags.h"
#include "clone/request.h"

#define IN_UNSHARE (1U << CALL_UNSHARE)
#define IN_SETNS (1U << CALL_SETNS)

/* In the kernel's order, because a later row can depend on what an earlier row adds. UNSHARE_EMPTY_MNTNS is CLONE_NEWNS
 * already (request_namespaces()). */
static const struct row {
	unsigned calls;
	uint64_t flag, adds;
} rows[] = {
	/* kernel/fork.c, ksys_unshare() */
	{ IN_UNSHARE, FLAG_NEWUSER, FLAG_THREAD | FLAG_FS },
	{ IN_UNSHARE, FLAG_VM, FLAG_SIGHAND },
	{ IN_UNSHARE, FLAG_SIGHAND, FLAG_THREAD },
	{ IN_UNSHARE, FLAG_NEWNS, FLAG_FS },
	{ IN_UNSHARE, FLAG_NEWIPC, FLAG_SYSVSEM },
	/* fs/namespace.c, mntns_install(): root and cwd become those of the other namespace. ipc/namespace.c,
	 * ipcns_install(), and kernel/nsproxy.c, commit_nsset(): exit_sem(). */
	{ IN_SETNS, FLAG_NEWNS, FLAG_FS },
	{ IN_SETNS, FLAG_NEWIPC, FLAG_SYSVSEM },
};

uint64_t implied_flags(const struct request *request)
{
	uint64_t flags = (request->flags & ~FLAG_NAMESPACES) | request_namespaces(request);

	for (size_t i = 0; i < ARRAY_LENGTH(rows); i++)
		if (rows[i].calls & 1U << request->call && flags & rows[i].flag)
			flags |= rows[i].adds;
	return flags;
}
