/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The flag table and the printing of flags. */
#include "clone/flags.h"

#include <inttypes.h>

#include "base/array.h"
#include "base/text.h"

#define IN_CLONE (1U << CALL_CLONE)
#define IN_CLONE3 (1U << CALL_CLONE3)
#define IN_UNSHARE (1U << CALL_UNSHARE)
#define IN_SETNS (1U << CALL_SETNS)
#define IN_BOTH (IN_CLONE | IN_CLONE3)
#define IN_THREE (IN_BOTH | IN_UNSHARE)
#define IN_ALL (IN_THREE | IN_SETNS)

/* `means` is about the task that clone creates; unshare and setns do the same for the caller. */
static const struct flag flag_rows[] = {
	{ "CLONE_NEWTIME", FLAG_NEWTIME, IN_CLONE3 | IN_UNSHARE | IN_SETNS, "5.6", "gets a new time namespace" },
	{ "CLONE_VM", FLAG_VM, IN_THREE, NULL, "shares the memory" },
	{ "CLONE_FS", FLAG_FS, IN_THREE, NULL, "shares root, cwd and umask" },
	{ "CLONE_FILES", FLAG_FILES, IN_THREE, NULL, "shares the descriptor table" },
	{ "CLONE_SIGHAND", FLAG_SIGHAND, IN_THREE, NULL, "shares the signal handlers" },
	{ "CLONE_PIDFD", FLAG_PIDFD, IN_BOTH, "5.2", "gives the caller a pidfd" },
	{ "CLONE_PTRACE", FLAG_PTRACE, IN_BOTH, NULL, "is traced as the caller is" },
	{ "CLONE_VFORK", FLAG_VFORK, IN_BOTH, NULL, "makes the caller wait until exec or exit" },
	{ "CLONE_PARENT", FLAG_PARENT, IN_BOTH, NULL, "becomes a child of the caller's parent" },
	{ "CLONE_THREAD", FLAG_THREAD, IN_THREE, NULL, "joins the caller's thread group" },
	{ "CLONE_NEWNS", FLAG_NEWNS, IN_ALL, NULL, "gets a new mount namespace" },
	{ "CLONE_SYSVSEM", FLAG_SYSVSEM, IN_THREE, NULL, "shares the System V semaphore undo list" },
	{ "CLONE_SETTLS", FLAG_SETTLS, IN_BOTH, NULL, "gets its own thread-local storage" },
	{ "CLONE_PARENT_SETTID", FLAG_PARENT_SETTID, IN_BOTH, NULL, "has its tid written for the caller" },
	{ "UNSHARE_EMPTY_MNTNS", FLAG_UNSHARE_EMPTY_MNTNS, IN_UNSHARE, "7.1", "gets a new, empty mount namespace" },
	{ "CLONE_CHILD_CLEARTID", FLAG_CHILD_CLEARTID, IN_BOTH, NULL, "clears its tid at exit and wakes a futex" },
	{ "CLONE_DETACHED", FLAG_DETACHED, IN_CLONE, NULL, "has no effect since 2.6.0" },
	{ "CLONE_UNTRACED", FLAG_UNTRACED, IN_BOTH, NULL, "is not to be followed by the caller's tracer" },
	{ "CLONE_CHILD_SETTID", FLAG_CHILD_SETTID, IN_BOTH, NULL, "has its tid written in its own memory" },
	{ "CLONE_NEWCGROUP", FLAG_NEWCGROUP, IN_ALL, "4.6", "gets a new cgroup namespace" },
	{ "CLONE_NEWUTS", FLAG_NEWUTS, IN_ALL, "2.6.19", "gets a new UTS namespace (host name)" },
	{ "CLONE_NEWIPC", FLAG_NEWIPC, IN_ALL, "2.6.19", "gets a new IPC namespace" },
	{ "CLONE_NEWUSER", FLAG_NEWUSER, IN_ALL, "2.6.23", "gets a new user namespace" },
	{ "CLONE_NEWPID", FLAG_NEWPID, IN_ALL, "2.6.24", "is pid 1 of a new pid namespace" },
	{ "CLONE_NEWNET", FLAG_NEWNET, IN_ALL, "2.6.24", "gets a new network namespace" },
	{ "CLONE_IO", FLAG_IO, IN_BOTH, "2.6.25", "shares the I/O context" },
	{ "CLONE_CLEAR_SIGHAND", FLAG_CLEAR_SIGHAND, IN_CLONE3, "5.5", "begins with default signal handlers" },
	{ "CLONE_INTO_CGROUP", FLAG_INTO_CGROUP, IN_CLONE3, "5.7", "begins in the cgroup of a descriptor" },
	{ "CLONE_AUTOREAP", FLAG_AUTOREAP, IN_CLONE3, "7.1", "leaves no zombie and sends no signal" },
	{ "CLONE_NNP", FLAG_NNP, IN_CLONE3, "7.1", "begins with no_new_privs" },
	{ "CLONE_PIDFD_AUTOKILL", FLAG_PIDFD_AUTOKILL, IN_CLONE3, "7.1", "is killed when its pidfd is closed" },
	{ "CLONE_EMPTY_MNTNS", FLAG_EMPTY_MNTNS, IN_CLONE3, "7.1", "gets a new, empty mount namespace" },
};

const struct flag *flag_table(size_t *ret_count)
{
	*ret_count = ARRAY_LENGTH(flag_rows);
	return flag_rows;
}

const struct flag *flag_find(uint64_t value, enum call call)
{
	if (call == CALL_FORK || call == CALL_VFORK)
		call = CALL_CLONE;
	for (size_t i = 0; i < ARRAY_LENGTH(flag_rows); i++)
		if (flag_rows[i].value == value && flag_rows[i].calls & 1U << call)
			return &flag_rows[i];
	return NULL;
}

void flags_format(struct text *text, uint64_t flags, enum call call)
{
	const char *separator = "";

	if (!flags) {
		text_add(text, "0");
		return;
	}
	/* The table's order is that of the bits, the lowest first. */
	for (uint64_t bit = 1; bit; bit <<= 1) {
		const struct flag *flag = flags & bit ? flag_find(bit, call) : NULL;

		if (!flag)
			continue;
		text_add(text, separator);
		text_add(text, flag->name);
		separator = "|";
		flags &= ~bit;
	}
	if (flags)
		text_addf(text, "%s0x%" PRIx64, separator, flags);
}
