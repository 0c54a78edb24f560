/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The table of resources, and the rules for what becomes of each. */
#include "clone/resource.h"

#include "clone/flags.h"
#include "clone/request.h"

/* With its flag a resource meets `set`, without it `clear`: kernel/fork.c's copy_mm(), copy_files(), copy_fs(),
 * copy_sighand(), copy_io(); ipc/sem.c's copy_semundo(); kernel/nsproxy.c's copy_namespaces(). */
static const struct resource_row {
	const char *name;
	uint64_t flag;
	enum fate set, clear;
} resource_rows[RESOURCE_COUNT] = {
	[RESOURCE_MEMORY] = { "memory", FLAG_VM, FATE_SHARED, FATE_COPIED_WRITE },
	[RESOURCE_FILES] = { "descriptors", FLAG_FILES, FATE_SHARED, FATE_COPIED },
	[RESOURCE_FS] = { "cwd and umask", FLAG_FS, FATE_SHARED, FATE_COPIED },
	[RESOURCE_SIGHAND] = { "signal handlers", FLAG_SIGHAND, FATE_SHARED, FATE_COPIED },
	[RESOURCE_SYSVSEM] = { "semaphore undo", FLAG_SYSVSEM, FATE_SHARED, FATE_NEW },
	[RESOURCE_IO] = { "I/O context", FLAG_IO, FATE_SHARED, FATE_KEPT },
	[RESOURCE_TLS] = { "TLS", FLAG_SETTLS, FATE_NEW, FATE_KEPT },
	[RESOURCE_STACK] = { "stack", 0, FATE_NEW, FATE_KEPT }, /* an argument decides */
	[RESOURCE_THREAD_GROUP] = { "thread group", FLAG_THREAD, FATE_SHARED, FATE_NEW },
	[RESOURCE_PARENT] = { "parent", FLAG_PARENT, FATE_SHARED, FATE_NEW },
	[RESOURCE_NS_MNT] = { "mount namespace", FLAG_NEWNS, FATE_NEW, FATE_KEPT },
	[RESOURCE_NS_CGROUP] = { "cgroup namespace", FLAG_NEWCGROUP, FATE_NEW, FATE_KEPT },
	[RESOURCE_NS_UTS] = { "UTS namespace", FLAG_NEWUTS, FATE_NEW, FATE_KEPT },
	[RESOURCE_NS_IPC] = { "IPC namespace", FLAG_NEWIPC, FATE_NEW, FATE_KEPT },
	[RESOURCE_NS_USER] = { "user namespace", FLAG_NEWUSER, FATE_NEW, FATE_KEPT },
	[RESOURCE_NS_PID] = { "pid namespace", FLAG_NEWPID, FATE_NEW, FATE_KEPT },
	[RESOURCE_NS_NET] = { "network namespace", FLAG_NEWNET, FATE_NEW, FATE_KEPT },
	[RESOURCE_NS_TIME] = { "time namespace", FLAG_NEWTIME, FATE_NEW, FATE_KEPT },
};

void resource_fates(const struct request *request, enum fate ret_fates[RESOURCE_COUNT])
{
	/* Of the namespace flags those in force: what NEWTIME means depends on the call. */
	const uint64_t flags = (request->flags & ~FLAG_NAMESPACES) | request_namespaces(request);

	for (unsigned i = 0; i < RESOURCE_COUNT; i++)
		ret_fates[i] = flags & resource_rows[i].flag ? resource_rows[i].set : resource_rows[i].clear;

	/* An exec in a thread ends the caller, so that "until exec" would be no comfort. */
	if ((flags & (FLAG_VM | FLAG_VFORK | FLAG_THREAD)) == (FLAG_VM | FLAG_VFORK))
		ret_fates[RESOURCE_MEMORY] = FATE_SHARED_EXEC;
	if (flags & FLAG_CLEAR_SIGHAND && !(flags & FLAG_SIGHAND)) /* together they are refused */
		ret_fates[RESOURCE_SIGHAND] = FATE_RESET;
	if (request->have & REQUEST_STACK)
		ret_fates[RESOURCE_STACK] = FATE_NEW;
	if (flags & FLAG_THREAD)
		ret_fates[RESOURCE_PARENT] = FATE_SHARED;
}

uint64_t resource_flag(enum resource resource)
{
	return resource_rows[resource].flag;
}

const char *resource_name(enum resource resource)
{
	return resource_rows[resource].name;
}
