/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The table of namespaces: one row for each kind. Whatever else lists the kinds of namespaces is derived from it. */
#ifndef CLONE_NAMESPACE_H
#define CLONE_NAMESPACE_H

#include <stdbool.h>
#include <stdint.h>

/* The columns:
 *
 * NAME      NAMESPACE_NAME, RESOURCE_NS_NAME and CHECK_NS_NAME come from it key       the file in /proc/TID/ns and the
 * word in recordings and tables; max_KEY_namespaces in /proc/sys/user limits
 *           the number of such namespaces
 * words     "WORDS namespace" in texts flag      of clone, unshare and setns; its row in clone/flags.c says which of
 * these calls accept it place     where tables and texts show it, among the namespaces, from 0 turn      when the
 * kernel creates it, if one call asks for several, from 0: kernel/cred.c, copy_creds(), then
 *           kernel/nsproxy.c, create_new_namespaces()
 * check     the bit of --verify (enum check): it is in recordings, so it never changes ioctl     the number of the
 * ioctl(2) on a pidfd that opens it (<linux/pidfd.h>) unshare   what becomes of the caller's namespace: OUTCOME_UNSHARE
 * setns     the same for setns(2) children  which file shows the namespace of future children: the same or, if
 * unshare(2) or setns(2) leave the caller
 *           in its own, one of NAMESPACES_FOR_CHILDREN
 * process   whether all threads of a process are in the same: the kernel does not allow a thread to have another one
 * (kernel/fork.c,
 *           copy_process() and check_unshare_flags(); kernel/time/namespace.c, timens_install();
 *           kernel/user_namespace.c, userns_install()). A thread can have a namespace of its own of each other kind, of
 * mount namespaces even if it shares its root and working directory (kernel/nsproxy.c, commit_nsset()) source    where
 * the kernel creates it
 *
 * The rows are in the order of recordings: new ones come last. */
/* clang-format off */
#define NAMESPACES(X) \
	X(CGROUP, "cgroup", "cgroup", FLAG_NEWCGROUP, 1, 5, 6, 1, NEW, MOVED, CGROUP, false, \
	  "kernel/cgroup/namespace.c, copy_cgroup_ns()") \
	X(IPC, "ipc", "IPC", FLAG_NEWIPC, 3, 3, 7, 2, NEW, MOVED, IPC, false, \
	  "ipc/namespace.c, copy_ipcs()") \
	X(MNT, "mnt", "mount", FLAG_NEWNS, 0, 1, 8, 3, NEW, MOVED, MNT, false, \
	  "fs/namespace.c, copy_mnt_ns()") \
	X(NET, "net", "network", FLAG_NEWNET, 6, 6, 9, 4, NEW, MOVED, NET, false, \
	  "net/core/net_namespace.c, copy_net_ns()") \
	X(PID, "pid", "pid", FLAG_NEWPID, 5, 4, 10, 5, NEW_CHILDREN, MOVED_CHILDREN, PID_CHILDREN, true, \
	  "pid_namespaces(7), setns(2) and unshare(2) semantics") \
	X(TIME, "time", "time", FLAG_NEWTIME, 7, 7, 11, 7, NEW_CHILDREN, MOVED, TIME_CHILDREN, true, \
	  "kernel/nsproxy.c, copy_namespaces(); kernel/time/namespace.c, timens_install()") \
	X(USER, "user", "user", FLAG_NEWUSER, 4, 0, 12, 9, NEW, MOVED, USER, true, \
	  "kernel/user_namespace.c, create_user_ns()") \
	X(UTS, "uts", "UTS", FLAG_NEWUTS, 2, 2, 13, 10, NEW, MOVED, UTS, false, \
	  "kernel/utsname.c, copy_utsname()")

/* The files KEY_for_children, which show the namespace of future children. The columns: NAME of the kind, key (the
 * words, too), check and ioctl, as above. */
#define NAMESPACES_FOR_CHILDREN(X) \
	X(PID, "pid", 18, 6) \
	X(TIME, "time", 19, 8)
/* clang-format on */

/* The index of arrays of namespaces: a task's own, and behind them the two that only its children will be in. */
enum namespace {
#define KIND(NAME, ...) NAMESPACE_##NAME,
	NAMESPACES(KIND)
#undef KIND
		NAMESPACE_KINDS, /* how many kinds there are */
	NAMESPACE_BEFORE_CHILDREN = NAMESPACE_KINDS - 1,
#define FOR_CHILDREN(NAME, ...) NAMESPACE_##NAME##_CHILDREN,
	NAMESPACES_FOR_CHILDREN(FOR_CHILDREN)
#undef FOR_CHILDREN
		NAMESPACE_COUNT
};

struct namespace_row {
	const char *key;   /* "mnt", "pid_for_children" */
	const char *words; /* "mount"; for children that of the kind */
	const char *limit; /* "max_mnt_namespaces" */
	uint64_t flag;
	unsigned check, ioctl;
	enum namespace kind, children; /* the task's own, and that of its future children */
	enum namespace entered;	       /* which of the two setns(2) changes */
	bool process;
};

const struct namespace_row *namespace_row(enum namespace ns);

/* "mnt" and "mount" of the row. */
const char *namespace_key(enum namespace ns);
const char *namespace_words(enum namespace ns);

/* The kind whose turn is TURN when one call asks for several. */
const struct namespace_row *namespace_in_turn(unsigned turn);

/* The kind that has FLAG, one bit; NULL: none. */
const struct namespace_row *namespace_of_flag(uint64_t flag);

#endif
