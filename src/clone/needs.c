/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The tables of what flags need and exclude, and of what their caller must be. */
#include "clone/needs.h"

#include <errno.h>
#include <inttypes.h>
#include <stdbool.h>

#include "base/text.h"
#include "clone/flags.h"
#include "clone/request.h"

#define ARRAY_LENGTH(array) (sizeof(array) / sizeof((array)[0]))

#define IN_CLONE (1U << CALL_CLONE)
#define IN_CLONE3 (1U << CALL_CLONE3)
#define IN_BOTH (IN_CLONE | IN_CLONE3)
#define IN_UNSHARE (1U << CALL_UNSHARE)
#define IN_SETNS (1U << CALL_SETNS)

enum { SIGNAL_LAST = 64, SET_TID_LAST = 32 };

/* In the order of the kernel's own checks, as far as they give different errors. */
static const struct need needs[] = {
	{ IN_CLONE3, 0, 0, 0, NEED_SIZE, EINVAL, NULL, "clone3's struct has at least 64 bytes",
	  "kernel/fork.c, copy_clone_args_from_user()" },
	{ IN_CLONE3, 0, 0, 0, NEED_SET_TID, EINVAL, NULL,
	  "set_tid and set_tid_size go together, and there are at most 32 entries",
	  "kernel/fork.c, copy_clone_args_from_user()" },
	{ IN_CLONE3, 0, 0, 0, NEED_SIGNAL_RANGE, EINVAL, NULL, "the last signal is 64",
	  "kernel/fork.c, copy_clone_args_from_user()" },
	{ IN_CLONE3, FLAG_INTO_CGROUP, 0, 0, NEED_SIZE_CGROUP, EINVAL, NULL,
	  "CLONE_INTO_CGROUP needs the field cgroup: a struct of 88 bytes",
	  "kernel/fork.c, copy_clone_args_from_user()" },
	{ IN_CLONE3, 0, 0, 0, NEED_UNKNOWN, EINVAL, NULL, "clone3 refuses bits that it does not know",
	  "kernel/fork.c, clone3_args_valid()" },
	{ IN_CLONE3, FLAG_SIGHAND, 0, FLAG_CLEAR_SIGHAND, NEED_FLAGS, EINVAL, NULL, NULL,
	  "clone(2), CLONE_CLEAR_SIGHAND" },
	{ IN_CLONE3, FLAG_THREAD, 0, 0, NEED_EXIT_SIGNAL, EINVAL, NULL,
	  "a thread has no exit signal: with CLONE_THREAD clone3 wants 0", "kernel/fork.c, clone3_args_valid()" },
	{ IN_CLONE3, FLAG_PARENT, 0, 0, NEED_EXIT_SIGNAL, EINVAL, NULL,
	  "CLONE_PARENT takes over the caller's exit signal: clone3 wants 0", "kernel/fork.c, clone3_args_valid()" },
	{ IN_CLONE3, 0, 0, 0, NEED_STACK, EINVAL, NULL, "stack and stack_size are given both or not at all",
	  "kernel/fork.c, clone3_stack_valid()" },
	{ IN_CLONE, FLAG_PIDFD, 0, FLAG_DETACHED, NEED_FLAGS, EINVAL, NULL, NULL, "clone(2), CLONE_PIDFD" },
	{ IN_CLONE, FLAG_PIDFD, 0, FLAG_PARENT_SETTID, NEED_FLAGS, EINVAL, NULL,
	  "CLONE_PIDFD and CLONE_PARENT_SETTID exclude each other in clone, which has one pointer for both",
	  "clone(2), CLONE_PIDFD" },
	{ IN_CLONE3, FLAG_PIDFD | FLAG_PARENT_SETTID, 0, 0, NEED_POINTERS, EINVAL, NULL,
	  "pidfd and parent_tid point to one place", "kernel/fork.c, kernel_clone()" },
	{ IN_BOTH, FLAG_NEWNS, 0, FLAG_FS, NEED_FLAGS, EINVAL, NULL, NULL, "clone(2), CLONE_NEWNS" },
	{ IN_BOTH, FLAG_NEWUSER, 0, FLAG_FS, NEED_FLAGS, EINVAL, NULL, NULL, "clone(2), CLONE_NEWUSER" },
	{ IN_BOTH, FLAG_THREAD, FLAG_SIGHAND, 0, NEED_FLAGS, EINVAL, NULL, NULL, "clone(2), CLONE_THREAD" },
	{ IN_BOTH, FLAG_SIGHAND, FLAG_VM, 0, NEED_FLAGS, EINVAL, NULL, NULL, "clone(2), CLONE_SIGHAND" },
	{ IN_BOTH, FLAG_THREAD, 0, FLAG_NEWUSER, NEED_FLAGS, EINVAL, NULL, NULL, "clone(2), CLONE_NEWUSER" },
	{ IN_BOTH, FLAG_THREAD, 0, FLAG_NEWPID, NEED_FLAGS, EINVAL, NULL, NULL, "clone(2), CLONE_NEWPID" },
	{ IN_BOTH, FLAG_THREAD, 0, FLAG_PIDFD, NEED_FLAGS, EINVAL, "6.9", NULL, "clone(2), CLONE_PIDFD" },
	{ IN_CLONE3, FLAG_EMPTY_MNTNS, 0, FLAG_FS, NEED_FLAGS, EINVAL, NULL, NULL,
	  "kernel/fork.c, copy_process() (7.1)" },
	{ IN_CLONE3, FLAG_AUTOREAP, 0, FLAG_THREAD, NEED_FLAGS, EINVAL, NULL, NULL, "clone: add CLONE_AUTOREAP (7.1)" },
	{ IN_CLONE3, FLAG_AUTOREAP, 0, FLAG_PARENT, NEED_FLAGS, EINVAL, NULL, NULL, "clone: add CLONE_AUTOREAP (7.1)" },
	{ IN_CLONE3, FLAG_AUTOREAP, 0, 0, NEED_EXIT_SIGNAL, EINVAL, NULL,
	  "with CLONE_AUTOREAP nobody is signalled: the exit signal must be 0", "clone: add CLONE_AUTOREAP (7.1)" },
	{ IN_CLONE3, FLAG_NNP, 0, FLAG_THREAD, NEED_FLAGS, EINVAL, NULL, NULL, "clone: add CLONE_NNP (7.1)" },
	{ IN_CLONE3, FLAG_PIDFD_AUTOKILL, FLAG_PIDFD | FLAG_AUTOREAP, FLAG_THREAD, NEED_FLAGS, EINVAL, NULL, NULL,
	  "pidfd: add CLONE_PIDFD_AUTOKILL (7.1)" },
	{ IN_BOTH, FLAG_SYSVSEM, 0, FLAG_NEWIPC, NEED_FLAGS, EINVAL, NULL, NULL, "clone(2), CLONE_NEWIPC" },
	{ IN_UNSHARE, 0, 0, 0, NEED_UNKNOWN, EINVAL, NULL, "unshare refuses bits that it does not know",
	  "kernel/fork.c, check_unshare_flags()" },
	{ IN_SETNS, 0, 0, 0, NEED_UNKNOWN, EINVAL, NULL, "setns takes the flags of namespaces alone",
	  "kernel/nsproxy.c, check_setns_flags()" },
};

#define NEED_ADMIN (FLAG_NEWNS | FLAG_NEWCGROUP | FLAG_NEWUTS | FLAG_NEWIPC | FLAG_NEWPID | FLAG_NEWNET)

static const struct condition conditions[] = {
	{ IN_BOTH | IN_UNSHARE, NEED_ADMIN, FLAG_NEWUSER, EPERM, "the caller has CAP_SYS_ADMIN in its user namespace",
	  "clone(2) and unshare(2), EPERM" },
	{ IN_CLONE3 | IN_UNSHARE, FLAG_NEWTIME, FLAG_NEWUSER, EPERM,
	  "the caller has CAP_SYS_ADMIN in its user namespace", "clone(2) and unshare(2), EPERM" },
	{ IN_CLONE3, FLAG_EMPTY_MNTNS, FLAG_NEWUSER, EPERM, "the caller has CAP_SYS_ADMIN in its user namespace",
	  "kernel/nsproxy.c, copy_namespaces()" },
	{ IN_UNSHARE, FLAG_UNSHARE_EMPTY_MNTNS, FLAG_NEWUSER, EPERM,
	  "the caller has CAP_SYS_ADMIN in its user namespace", "kernel/nsproxy.c, unshare_nsproxy_namespaces()" },
	{ IN_SETNS, 0, 0, EPERM, "the caller has CAP_SYS_ADMIN in the user namespace that owns the other namespace",
	  "setns(2), EPERM" },
	{ IN_BOTH, FLAG_PARENT, 0, EINVAL, "the caller is not the init of a pid namespace", "clone(2), CLONE_PARENT" },
	{ IN_BOTH, FLAG_THREAD, 0, EINVAL, "the caller has not given its children another pid namespace",
	  "clone(2), EINVAL; kernel/fork.c, copy_process()" },
	{ IN_BOTH | IN_UNSHARE, FLAG_NEWUSER, 0, EPERM,
	  "the caller's ids are mapped in its user namespace and it is not in a chroot", "clone(2), EPERM" },
	{ IN_UNSHARE, FLAG_VM | FLAG_SIGHAND | FLAG_THREAD | FLAG_NEWUSER, 0, EINVAL,
	  "the caller is the only thread of its process", "unshare(2), EINVAL" },
	{ IN_CLONE3, FLAG_INTO_CGROUP, 0, EBADF, "the descriptor is of a version 2 cgroup that the caller may enter",
	  "clone(2), CLONE_INTO_CGROUP" },
	{ IN_CLONE3, FLAG_PIDFD_AUTOKILL, FLAG_NNP, EPERM, "the caller has CAP_SYS_ADMIN, or CLONE_NNP is set",
	  "pidfd: add CLONE_PIDFD_AUTOKILL (7.1)" },
};

const struct need *need_table(size_t *ret_count)
{
	*ret_count = ARRAY_LENGTH(needs);
	return needs;
}

const struct condition *condition_table(size_t *ret_count)
{
	*ret_count = ARRAY_LENGTH(conditions);
	return conditions;
}

/* The bits of REQUEST that its call does not take. */
static uint64_t unknown_flags(const struct request *request)
{
	uint64_t unknown = 0;

	for (unsigned bit = 0; bit < 64; bit++)
		if (request->flags & UINT64_C(1) << bit && !flag_find(UINT64_C(1) << bit, request->call))
			unknown |= UINT64_C(1) << bit;
	return unknown;
}

static bool breaks(const struct need *need, const struct request *request)
{
	const bool no_size = !(request->have & REQUEST_SIZE);

	switch (need->about) {
	case NEED_FLAGS:
		return (request->flags & need->needs) != need->needs || request->flags & need->excludes;
	case NEED_UNKNOWN:
		return unknown_flags(request);
	case NEED_EXIT_SIGNAL:
		return request->exit_signal;
	case NEED_SIGNAL_RANGE:
		return request->exit_signal > SIGNAL_LAST;
	case NEED_STACK:
		return !request->stack != !request->stack_size;
	case NEED_POINTERS:
		return request->pidfd == request->parent_tid;
	case NEED_SIZE:
		return !no_size && request->size < CLONE_ARGS_SIZE_VER0;
	case NEED_SIZE_CGROUP:
		return !no_size && request->size < CLONE_ARGS_SIZE_VER2;
	case NEED_SET_TID:
		return !request->set_tid != !request->set_tid_size || request->set_tid_size > SET_TID_LAST;
	}
	return false;
}

static bool is_broken(const struct need *need, const struct request *request)
{
	return request->have & REQUEST_FLAGS && need->calls & 1U << request->call &&
	       (request->flags & need->flags) == need->flags && breaks(need, request);
}

const struct need *need_broken(const struct request *request)
{
	for (size_t i = 0; i < ARRAY_LENGTH(needs); i++)
		if (!needs[i].until && is_broken(&needs[i], request))
			return &needs[i];
	return NULL;
}

const struct need *need_broken_once(const struct request *request, size_t *index)
{
	while (*index < ARRAY_LENGTH(needs)) {
		const struct need *need = &needs[(*index)++];

		if (need->until && is_broken(need, request))
			return need;
	}
	return NULL;
}

void need_explain(struct text *text, const struct need *need, const struct request *request)
{
	const uint64_t missing = need->needs & ~request->flags, present = need->excludes & request->flags;

	if (need->text) {
		text_add(text, need->text);
	} else if (missing) {
		flags_format(text, need->flags, request->call);
		text_add(text, " needs ");
		flags_format(text, missing, request->call);
		text_addf(text, ", which %s not set", missing & (missing - 1) ? "are" : "is");
	} else {
		flags_format(text, need->flags, request->call);
		text_add(text, " and ");
		flags_format(text, present, request->call);
		text_add(text, " exclude each other");
	}
	if (need->about == NEED_UNKNOWN)
		text_addf(text, ", here 0x%" PRIx64, unknown_flags(request));
}

const struct condition *condition_next(const struct request *request, size_t *index)
{
	while (*index < ARRAY_LENGTH(conditions)) {
		const struct condition *row = &conditions[(*index)++];

		if (request->have & REQUEST_FLAGS && row->calls & 1U << request->call &&
		    (!row->flags || request->flags & row->flags) && !(request->flags & row->without))
			return row;
	}
	return NULL;
}
