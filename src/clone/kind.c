/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Decides the kind of a task from the flags of its request. */
#include "clone/kind.h"

#include "clone/flags.h"
#include "clone/request.h"

static const char *const kind_names[KIND_COUNT] = {
	[KIND_UNKNOWN] = "unknown",
	[KIND_THREAD] = "thread",
	[KIND_PROCESS] = "process",
	[KIND_PROCESS_VFORK] = "process-vfork",
	[KIND_PROCESS_SHARING] = "process-sharing",
	[KIND_PROCESS_NAMESPACES] = "process-namespaces",
};

enum kind kind_of(const struct request *request)
{
	if (!call_is_creation(request->call) || !(request->have & REQUEST_FLAGS))
		return KIND_UNKNOWN;
	/* The one bit that decides (kernel/fork.c, copy_process()): with it tgid and group_leader are the caller's. */
	if (request->flags & FLAG_THREAD)
		return KIND_THREAD;
	if (request_namespaces(request))
		return KIND_PROCESS_NAMESPACES;
	if (!(request->flags & FLAG_VM))
		return KIND_PROCESS;
	return request->flags & FLAG_VFORK ? KIND_PROCESS_VFORK : KIND_PROCESS_SHARING;
}

void kind_reasons(const struct request *request, uint64_t *ret_set, uint64_t *ret_clear)
{
	static const struct {
		uint64_t set, clear;
	} reasons[KIND_COUNT] = {
		[KIND_THREAD] = { FLAG_THREAD, 0 },
		[KIND_PROCESS] = { 0, FLAG_VM | FLAG_THREAD },
		[KIND_PROCESS_VFORK] = { FLAG_VM | FLAG_VFORK, FLAG_THREAD },
		[KIND_PROCESS_SHARING] = { FLAG_VM, FLAG_VFORK | FLAG_THREAD },
		[KIND_PROCESS_NAMESPACES] = { 0, FLAG_THREAD },
	};
	enum kind kind = kind_of(request);

	*ret_set = reasons[kind].set;
	*ret_clear = reasons[kind].clear;
	if (kind == KIND_PROCESS_NAMESPACES)
		*ret_set = (request_namespaces(request) | FLAG_EMPTY_MNTNS) & request->flags;
}

static const char *const kind_sources[KIND_COUNT] = {
	[KIND_UNKNOWN] = "nothing is claimed but the tgid, which is /proc/TID/status's",
	[KIND_THREAD] = "clone(2), CLONE_THREAD; kernel/fork.c, copy_process()",
	[KIND_PROCESS] = "clone(2), CLONE_THREAD; kernel/fork.c, copy_process()",
	[KIND_PROCESS_VFORK] = "vfork(2); clone(2), CLONE_VM and CLONE_VFORK",
	[KIND_PROCESS_SHARING] = "clone(2), CLONE_VM and CLONE_THREAD",
	[KIND_PROCESS_NAMESPACES] = "namespaces(7); kernel/nsproxy.c, copy_namespaces()",
};

const char *kind_source(enum kind kind)
{
	return kind_sources[(unsigned)kind < KIND_COUNT ? kind : KIND_UNKNOWN];
}

const char *kind_name(enum kind kind)
{
	return kind_names[(unsigned)kind < KIND_COUNT ? kind : KIND_UNKNOWN];
}
