/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Tests each rule violated and satisfied, and undecided if what it depends on is not known. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/array.h"
#include "base/names.h"
#include "base/text.h"
#include "clone/flags.h"
#include "clone/rules/rules.h"
#include "requests.h"

#define INIT_USER_NS 0xeffffffd
#define ADMIN (UINT64_C(1) << 21)
#define THREAD_FLAGS (FLAG_VM | FLAG_SIGHAND | FLAG_THREAD)

/* At most three facts; FACT_KERNEL with value 0 is none. */
#define FACTS(...)                      \
	{                               \
		.list = { __VA_ARGS__ } \
	}
#define KERNEL(major, minor)                     \
	{                                        \
		FACT_KERNEL, (major), (minor), 0 \
	}

struct rule_case {
	const char *name;
	enum rule_answer answer;
	enum call call;
	uint64_t flags, signal;
	struct facts facts;
};

static const struct rule_case cases[] = {
	{ "no-clone3", RULE_VIOLATED, CALL_CLONE3, 0, 17, FACTS(KERNEL(5, 2)) },
	{ "no-clone3", RULE_SATISFIED, CALL_CLONE3, 0, 17, FACTS(KERNEL(5, 3)) },
	{ "seccomp", RULE_VIOLATED, CALL_CLONE3, 0, 17, FACTS(KERNEL(6, 1), { FACT_SECCOMP, 2, 1, 0 }) },
	{ "seccomp", RULE_SATISFIED, CALL_CLONE3, 0, 17, FACTS(KERNEL(6, 1), { FACT_SECCOMP, 2, 0, 0 }) },
	{ "seccomp", RULE_SATISFIED, CALL_CLONE3, 0, 17, FACTS(KERNEL(6, 1), { FACT_SECCOMP, 0, 0, 0 }) },
	{ "seccomp", RULE_UNDECIDED, CALL_CLONE, 0, 17, FACTS(KERNEL(6, 1)) },
	{ "seccomp-eperm", RULE_UNDECIDED, CALL_CLONE, 0, 17, FACTS({ FACT_SECCOMP, 2, 1, 0 }) },
	{ "seccomp-eperm", RULE_SATISFIED, CALL_CLONE, 0, 17, FACTS({ FACT_SECCOMP, 2, 0, 0 }) },
	{ "exit-signal", RULE_VIOLATED, CALL_CLONE3, 0, 65, FACTS() },
	{ "exit-signal", RULE_SATISFIED, CALL_CLONE3, 0, 64, FACTS() },
	{ "unknown-flags", RULE_VIOLATED, CALL_CLONE3, UINT64_C(1) << 60, 17, FACTS(KERNEL(6, 18)) },
	{ "unknown-flags", RULE_UNDECIDED, CALL_CLONE3, UINT64_C(1) << 60, 17, FACTS(KERNEL(99, 0)) },
	{ "unknown-flags", RULE_VIOLATED, CALL_CLONE3, FLAG_AUTOREAP, 0, FACTS(KERNEL(6, 18)) },
	{ "unknown-flags", RULE_SATISFIED, CALL_CLONE3, FLAG_AUTOREAP, 0, FACTS(KERNEL(7, 1)) },
	{ "unknown-flags", RULE_VIOLATED, CALL_CLONE3, FLAG_CLEAR_SIGHAND, 17, FACTS(KERNEL(5, 4)) },
	{ "unknown-flags", RULE_SATISFIED, CALL_CLONE3, FLAG_CLEAR_SIGHAND, 17, FACTS(KERNEL(5, 5)) },
	{ "detached-clone3", RULE_VIOLATED, CALL_CLONE3, FLAG_DETACHED, 17, FACTS() },
	{ "detached-clone3", RULE_SATISFIED, CALL_CLONE, FLAG_DETACHED, 17, FACTS() },
	{ "csignal-clone3", RULE_VIOLATED, CALL_CLONE3, 17, 0, FACTS() },
	{ "csignal-clone3", RULE_SATISFIED, CALL_CLONE3, FLAG_NEWTIME, 17, FACTS() },
	{ "newtime-clone3", RULE_UNDECIDED, CALL_CLONE3, FLAG_NEWTIME, 17, FACTS(KERNEL(6, 1)) },
	{ "newtime-clone3", RULE_SATISFIED, CALL_CLONE3, FLAG_NEWTIME, 17, FACTS(KERNEL(6, 18)) },
	{ "clear-sighand", RULE_VIOLATED, CALL_CLONE3, FLAG_VM | FLAG_SIGHAND | FLAG_CLEAR_SIGHAND, 17, FACTS() },
	{ "clear-sighand", RULE_SATISFIED, CALL_CLONE3, FLAG_CLEAR_SIGHAND, 17, FACTS() },
	{ "no-exit-signal", RULE_VIOLATED, CALL_CLONE3, THREAD_FLAGS, 17, FACTS() },
	{ "no-exit-signal", RULE_VIOLATED, CALL_CLONE3, FLAG_PARENT, 17, FACTS() },
	{ "no-exit-signal", RULE_SATISFIED, CALL_CLONE3, THREAD_FLAGS, 0, FACTS() },
	{ "no-exit-signal", RULE_SATISFIED, CALL_CLONE, THREAD_FLAGS, 17, FACTS() },
	{ "one-pointer", RULE_VIOLATED, CALL_CLONE, FLAG_PIDFD | FLAG_PARENT_SETTID, 17, FACTS() },
	{ "one-pointer", RULE_SATISFIED, CALL_CLONE, FLAG_PIDFD, 17, FACTS() },
	{ "exit-signal-clone", RULE_VIOLATED, CALL_CLONE, 0, 65, FACTS(KERNEL(7, 1)) },
	{ "exit-signal-clone", RULE_UNDECIDED, CALL_CLONE, 0, 65, FACTS(KERNEL(6, 18)) },
	{ "exit-signal-clone", RULE_SATISFIED, CALL_CLONE, 0, 64, FACTS(KERNEL(7, 1)) },
	{ "newns-fs", RULE_VIOLATED, CALL_CLONE, FLAG_NEWNS | FLAG_FS, 17, FACTS() },
	{ "newns-fs", RULE_VIOLATED, CALL_CLONE3, FLAG_EMPTY_MNTNS | FLAG_FS, 17, FACTS(KERNEL(7, 1)) },
	{ "newns-fs", RULE_SATISFIED, CALL_CLONE, FLAG_NEWNS, 17, FACTS() },
	{ "newuser-fs", RULE_VIOLATED, CALL_CLONE, FLAG_NEWUSER | FLAG_FS, 17, FACTS() },
	{ "newuser-fs", RULE_SATISFIED, CALL_CLONE, FLAG_NEWUSER, 17, FACTS() },
	{ "thread-sighand", RULE_VIOLATED, CALL_CLONE, FLAG_VM | FLAG_THREAD, 0, FACTS() },
	{ "thread-sighand", RULE_SATISFIED, CALL_CLONE, THREAD_FLAGS, 0, FACTS() },
	{ "sighand-vm", RULE_VIOLATED, CALL_CLONE3, FLAG_SIGHAND, 17, FACTS() },
	{ "sighand-vm", RULE_SATISFIED, CALL_CLONE3, FLAG_SIGHAND | FLAG_VM, 17, FACTS() },
	{ "parent-init", RULE_VIOLATED, CALL_CLONE, FLAG_PARENT, 17, FACTS({ FACT_PID_DEPTH, 1, 2, 0 }) },
	{ "parent-init", RULE_SATISFIED, CALL_CLONE, FLAG_PARENT, 17, FACTS({ FACT_PID_DEPTH, 2, 2, 0 }) },
	{ "parent-init", RULE_UNDECIDED, CALL_CLONE, FLAG_PARENT, 17, FACTS() },
	{ "thread-namespace", RULE_VIOLATED, CALL_CLONE, THREAD_FLAGS | FLAG_NEWPID, 0, FACTS() },
	{ "thread-namespace", RULE_SATISFIED, CALL_CLONE, THREAD_FLAGS | FLAG_NEWNS, 0, FACTS() },
	{ "thread-pidns", RULE_VIOLATED, CALL_CLONE, THREAD_FLAGS, 0, FACTS({ FACT_PID_NS, 1, 0, 7 }) },
	{ "thread-pidns", RULE_SATISFIED, CALL_CLONE, THREAD_FLAGS, 0, FACTS({ FACT_PID_NS, 0, 9, 7 }) },
	{ "thread-pidns", RULE_SATISFIED, CALL_CLONE, 0, 17, FACTS({ FACT_PID_NS, 1, 0, 7 }) },
	{ "vm-timens", RULE_UNDECIDED, CALL_CLONE, FLAG_VM, 17, FACTS(KERNEL(5, 10)) },
	{ "vm-timens", RULE_SATISFIED, CALL_CLONE, FLAG_VM, 17, FACTS(KERNEL(6, 18)) },
	{ "pidfd-detached", RULE_VIOLATED, CALL_CLONE, FLAG_PIDFD | FLAG_DETACHED, 17, FACTS() },
	{ "pidfd-detached", RULE_SATISFIED, CALL_CLONE, FLAG_DETACHED, 17, FACTS() },
	{ "pidfd-thread", RULE_VIOLATED, CALL_CLONE, THREAD_FLAGS | FLAG_PIDFD, 0, FACTS(KERNEL(6, 8)) },
	{ "pidfd-thread", RULE_SATISFIED, CALL_CLONE, THREAD_FLAGS | FLAG_PIDFD, 0, FACTS(KERNEL(6, 9)) },
	{ "pidfd-thread", RULE_UNDECIDED, CALL_CLONE, THREAD_FLAGS | FLAG_PIDFD, 0, FACTS() },
	{ "autoreap-thread", RULE_VIOLATED, CALL_CLONE3, FLAG_AUTOREAP | FLAG_PARENT, 0, FACTS(KERNEL(7, 1)) },
	{ "autoreap-thread", RULE_SATISFIED, CALL_CLONE3, FLAG_AUTOREAP, 0, FACTS(KERNEL(7, 1)) },
	{ "autoreap-signal", RULE_VIOLATED, CALL_CLONE3, FLAG_AUTOREAP, 17, FACTS(KERNEL(7, 1)) },
	{ "autoreap-signal", RULE_SATISFIED, CALL_CLONE3, FLAG_AUTOREAP, 0, FACTS(KERNEL(7, 1)) },
	{ "parent-autoreap", RULE_UNDECIDED, CALL_CLONE, FLAG_PARENT, 17, FACTS(KERNEL(7, 1)) },
	{ "parent-autoreap", RULE_SATISFIED, CALL_CLONE, FLAG_PARENT, 17, FACTS(KERNEL(6, 18)) },
	{ "nnp-thread", RULE_VIOLATED, CALL_CLONE3, FLAG_NNP | THREAD_FLAGS, 0, FACTS(KERNEL(7, 1)) },
	{ "nnp-thread", RULE_SATISFIED, CALL_CLONE3, FLAG_NNP, 17, FACTS(KERNEL(7, 1)) },
	{ "autokill-pidfd", RULE_VIOLATED, CALL_CLONE3, FLAG_PIDFD_AUTOKILL, 0, FACTS(KERNEL(7, 1)) },
	{ "autokill-pidfd", RULE_SATISFIED, CALL_CLONE3, FLAG_PIDFD_AUTOKILL | FLAG_PIDFD, 0, FACTS(KERNEL(7, 1)) },
	{ "autokill-autoreap", RULE_VIOLATED, CALL_CLONE3, FLAG_PIDFD_AUTOKILL, 0, FACTS(KERNEL(7, 1)) },
	{ "autokill-autoreap", RULE_SATISFIED, CALL_CLONE3, FLAG_PIDFD_AUTOKILL | FLAG_AUTOREAP, 0,
	  FACTS(KERNEL(7, 1)) },
	{ "autokill-thread", RULE_VIOLATED, CALL_CLONE3, FLAG_PIDFD_AUTOKILL | FLAG_THREAD, 0, FACTS(KERNEL(7, 1)) },
	{ "autokill-thread", RULE_SATISFIED, CALL_CLONE3, FLAG_PIDFD_AUTOKILL, 0, FACTS(KERNEL(7, 1)) },
	{ "autokill-admin", RULE_VIOLATED, CALL_CLONE3, FLAG_PIDFD_AUTOKILL, 0,
	  FACTS(KERNEL(7, 1), { FACT_CAPABILITIES, 0, 0, INIT_USER_NS }) },
	{ "autokill-admin", RULE_SATISFIED, CALL_CLONE3, FLAG_PIDFD_AUTOKILL | FLAG_NNP, 0,
	  FACTS(KERNEL(7, 1), { FACT_CAPABILITIES, 0, 0, INIT_USER_NS }) },
	{ "unshare-unknown", RULE_VIOLATED, CALL_UNSHARE, FLAG_UNTRACED, 0, FACTS() },
	{ "unshare-unknown", RULE_VIOLATED, CALL_UNSHARE, FLAG_NEWTIME, 0, FACTS(KERNEL(5, 5)) },
	{ "unshare-unknown", RULE_SATISFIED, CALL_UNSHARE, FLAG_NEWTIME, 0, FACTS(KERNEL(5, 6)) },
	{ "unshare-threads", RULE_VIOLATED, CALL_UNSHARE, FLAG_NEWUSER, 0, FACTS({ FACT_THREADS, 0, 2, 0 }) },
	{ "unshare-threads", RULE_SATISFIED, CALL_UNSHARE, FLAG_NEWUSER, 0, FACTS({ FACT_THREADS, 0, 1, 0 }) },
	{ "unshare-threads", RULE_SATISFIED, CALL_UNSHARE, FLAG_FS, 0, FACTS({ FACT_THREADS, 0, 2, 0 }) },
	{ "unshare-threads", RULE_UNDECIDED, CALL_UNSHARE, FLAG_NEWUSER, 0, FACTS() },
	{ "unshare-handlers", RULE_UNDECIDED, CALL_UNSHARE, FLAG_SIGHAND, 0, FACTS() },
	{ "unshare-handlers", RULE_SATISFIED, CALL_UNSHARE, FLAG_FILES, 0, FACTS() },
	{ "unshare-memory", RULE_UNDECIDED, CALL_UNSHARE, FLAG_VM, 0, FACTS() },
	{ "unshare-memory", RULE_SATISFIED, CALL_UNSHARE, FLAG_SIGHAND, 0, FACTS() },
	{ "user-depth", RULE_VIOLATED, CALL_UNSHARE, FLAG_NEWUSER, 0, FACTS({ FACT_USER_NS, 0, 33, 7 }) },
	{ "user-depth", RULE_SATISFIED, CALL_UNSHARE, FLAG_NEWUSER, 0, FACTS({ FACT_USER_NS, 0, 32, 7 }) },
	{ "user-depth", RULE_UNDECIDED, CALL_UNSHARE, FLAG_NEWUSER, 0, FACTS({ FACT_USER_NS, 0, FACT_UNKNOWN, 7 }) },
	{ "chroot", RULE_VIOLATED, CALL_CLONE, FLAG_NEWUSER, 17, FACTS({ FACT_ROOT, 0, 0, 0 }) },
	{ "chroot", RULE_SATISFIED, CALL_CLONE, FLAG_NEWUSER, 17, FACTS({ FACT_ROOT, 1, 0, 0 }) },
	{ "unmapped", RULE_VIOLATED, CALL_CLONE, FLAG_NEWUSER, 17, FACTS({ FACT_MAPPED, 0, 0, 65534 }) },
	{ "unmapped", RULE_SATISFIED, CALL_CLONE, FLAG_NEWUSER, 17, FACTS({ FACT_MAPPED, 1, 0, 1000 }) },
	{ "policy", RULE_VIOLATED, CALL_CLONE, FLAG_NEWUSER, 17,
	  FACTS({ FACT_USERNS_POLICY, 1, 0, 0 }, { FACT_CAPABILITIES, 0, 0, INIT_USER_NS }) },
	{ "policy", RULE_SATISFIED, CALL_CLONE, FLAG_NEWUSER, 17,
	  FACTS({ FACT_USERNS_POLICY, 1, 0, 0 }, { FACT_CAPABILITIES, ADMIN, 0, INIT_USER_NS }) },
	{ "policy", RULE_SATISFIED, CALL_CLONE, FLAG_NEWUSER, 17, FACTS({ FACT_USERNS_POLICY, 0, 0, 0 }) },
	{ "policy-eacces", RULE_UNDECIDED, CALL_CLONE, FLAG_NEWUSER, 17, FACTS() },
	{ "policy-eacces", RULE_SATISFIED, CALL_CLONE, FLAG_NEWUTS, 17, FACTS() },
	{ "nproc", RULE_VIOLATED, CALL_FORK, 0, 17, FACTS({ FACT_NPROC, 20, 20, 1000 }) },
	{ "nproc", RULE_SATISFIED, CALL_FORK, 0, 17, FACTS({ FACT_NPROC, 20, 19, 1000 }) },
	{ "nproc", RULE_SATISFIED, CALL_FORK, 0, 17, FACTS({ FACT_NPROC, FACT_UNLIMITED, 20, 1000 }) },
	{ "nproc", RULE_SATISFIED, CALL_FORK, 0, 17,
	  FACTS({ FACT_NPROC, 20, 20, 1000 }, { FACT_CAPABILITIES, ADMIN, 0, INIT_USER_NS }) },
	{ "nproc", RULE_VIOLATED, CALL_FORK, 0, 17,
	  FACTS({ FACT_NPROC, 20, 20, 1000 }, { FACT_CAPABILITIES, ADMIN, 0, 7 }) },
	{ "nproc", RULE_UNDECIDED, CALL_FORK, 0, 17, FACTS() },
	{ "threads-max", RULE_VIOLATED, CALL_CLONE, 0, 17, FACTS({ FACT_THREADS_MAX, 100, 100, 0 }) },
	{ "threads-max", RULE_SATISFIED, CALL_CLONE, 0, 17, FACTS({ FACT_THREADS_MAX, 100, 99, 0 }) },
	{ "admin", RULE_VIOLATED, CALL_CLONE, FLAG_NEWUTS, 17, FACTS({ FACT_CAPABILITIES, 0, 0, INIT_USER_NS }) },
	{ "admin", RULE_SATISFIED, CALL_CLONE, FLAG_NEWUTS, 17, FACTS({ FACT_CAPABILITIES, ADMIN, 0, INIT_USER_NS }) },
	{ "admin", RULE_SATISFIED, CALL_CLONE, FLAG_NEWUTS | FLAG_NEWUSER, 17,
	  FACTS({ FACT_CAPABILITIES, 0, 0, INIT_USER_NS }) },
	{ "admin", RULE_UNDECIDED, CALL_UNSHARE, FLAG_NEWNET, 0, FACTS() },
	{ "admin-empty", RULE_VIOLATED, CALL_UNSHARE, FLAG_UNSHARE_EMPTY_MNTNS, 0,
	  FACTS(KERNEL(7, 1), { FACT_CAPABILITIES, 0, 0, INIT_USER_NS }) },
	{ "admin-empty", RULE_SATISFIED, CALL_UNSHARE, FLAG_UNSHARE_EMPTY_MNTNS | FLAG_NEWUSER, 0,
	  FACTS(KERNEL(7, 1), { FACT_CAPABILITIES, 0, 0, INIT_USER_NS }) },
	{ "newipc-sysvsem", RULE_VIOLATED, CALL_CLONE, FLAG_NEWIPC | FLAG_SYSVSEM, 17, FACTS() },
	{ "newipc-sysvsem", RULE_SATISFIED, CALL_CLONE, FLAG_NEWIPC, 17, FACTS() },
	{ "newipc-sysvsem", RULE_SATISFIED, CALL_UNSHARE, FLAG_NEWIPC | FLAG_SYSVSEM, 0, FACTS() },
	{ "max-namespaces", RULE_VIOLATED, CALL_CLONE, FLAG_NEWUSER, 17,
	  FACTS({ FACT_MAX_NAMESPACES, 0, FACT_UNKNOWN, FLAG_NEWUSER }) },
	{ "max-namespaces", RULE_UNDECIDED, CALL_CLONE, FLAG_NEWUSER, 17,
	  FACTS({ FACT_MAX_NAMESPACES, 9, FACT_UNKNOWN, FLAG_NEWUSER }) },
	{ "max-namespaces", RULE_UNDECIDED, CALL_CLONE, FLAG_NEWUSER, 17,
	  FACTS({ FACT_MAX_NAMESPACES, 0, FACT_UNKNOWN, FLAG_NEWUTS }) },
	{ "max-namespaces", RULE_SATISFIED, CALL_CLONE, FLAG_VM, 17, FACTS() },
	{ "newpid-pidns", RULE_VIOLATED, CALL_CLONE, FLAG_NEWPID, 17, FACTS({ FACT_PID_NS, 1, 1, 7 }) },
	{ "newpid-pidns", RULE_SATISFIED, CALL_CLONE, FLAG_NEWPID, 17, FACTS({ FACT_PID_NS, 0, 9, 7 }) },
	{ "pid-depth", RULE_VIOLATED, CALL_CLONE, FLAG_NEWPID, 17, FACTS({ FACT_PID_DEPTH, 5, 33, 0 }) },
	{ "pid-depth", RULE_SATISFIED, CALL_CLONE, FLAG_NEWPID, 17, FACTS({ FACT_PID_DEPTH, 5, 2, 0 }) },
	{ "not-built", RULE_VIOLATED, CALL_CLONE, FLAG_NEWUTS, 17, FACTS({ FACT_NAMESPACES, FLAG_NEWNS, 0, 0 }) },
	{ "not-built", RULE_SATISFIED, CALL_CLONE, FLAG_NEWNS, 17, FACTS({ FACT_NAMESPACES, FLAG_NEWNS, 0, 0 }) },
	{ "pid-max", RULE_VIOLATED, CALL_CLONE, 0, 17, FACTS({ FACT_PID_MAX, 1000, 700, 0 }) },
	{ "pid-max", RULE_UNDECIDED, CALL_CLONE, 0, 17, FACTS({ FACT_PID_MAX, 1000, 500, 0 }) },
	{ "pid-max", RULE_SATISFIED, CALL_CLONE, 0, 17, FACTS({ FACT_PID_MAX, 32768, 500, 0 }) },
	{ "pidns-dead", RULE_VIOLATED, CALL_FORK, 0, 17, FACTS({ FACT_PID_NS, 1, 0, 7 }) },
	{ "pidns-dead", RULE_SATISFIED, CALL_FORK, 0, 17, FACTS({ FACT_PID_NS, 1, 1, 7 }) },
	{ "pidns-dead", RULE_SATISFIED, CALL_FORK, 0, 17, FACTS({ FACT_PID_NS, 0, 9, 7 }) },
	{ "pidfd-unwritable", RULE_UNDECIDED, CALL_CLONE, FLAG_PIDFD, 17, FACTS() },
	{ "pidfd-unwritable", RULE_SATISFIED, CALL_CLONE, 0, 17, FACTS() },
	{ "pidfd-files", RULE_UNDECIDED, CALL_CLONE, FLAG_PIDFD, 17, FACTS() },
	{ "pidfd-files", RULE_SATISFIED, CALL_CLONE, 0, 17, FACTS() },
	{ "cgroup-descriptor", RULE_VIOLATED, CALL_CLONE3, FLAG_INTO_CGROUP, 17,
	  FACTS({ FACT_CGROUP, 0, 0, FACT_CGROUP_BAD }) },
	{ "cgroup-descriptor", RULE_VIOLATED, CALL_CLONE3, FLAG_INTO_CGROUP, 17,
	  FACTS({ FACT_CGROUP, 0, 0, FACT_CGROUP_OTHER }) },
	{ "cgroup-descriptor", RULE_VIOLATED, CALL_CLONE3, FLAG_INTO_CGROUP, 17,
	  FACTS({ FACT_CGROUP, 0, 0, FACT_CGROUP_V1 }) },
	{ "cgroup-descriptor", RULE_SATISFIED, CALL_CLONE3, FLAG_INTO_CGROUP, 17,
	  FACTS({ FACT_CGROUP, 0, 0, FACT_CGROUP_REMOVED }) },
	{ "cgroup-descriptor", RULE_SATISFIED, CALL_CLONE3, FLAG_INTO_CGROUP, 17,
	  FACTS({ FACT_CGROUP, 0, 0, FACT_CGROUP_LIVE }) },
	{ "cgroup-descriptor", RULE_UNDECIDED, CALL_CLONE3, FLAG_INTO_CGROUP, 17, FACTS() },
	{ "cgroup-descriptor", RULE_SATISFIED, CALL_CLONE3, 0, 17, FACTS({ FACT_CGROUP, 0, 0, FACT_CGROUP_BAD }) },
	{ "cgroup-removed", RULE_VIOLATED, CALL_CLONE3, FLAG_INTO_CGROUP, 17,
	  FACTS({ FACT_CGROUP, 0, 0, FACT_CGROUP_REMOVED }) },
	{ "cgroup-removed", RULE_SATISFIED, CALL_CLONE3, FLAG_INTO_CGROUP, 17,
	  FACTS({ FACT_CGROUP, 0, 0, FACT_CGROUP_LIVE }) },
	{ "cgroup-removed", RULE_UNDECIDED, CALL_CLONE3, FLAG_INTO_CGROUP, 17, FACTS() },
	{ "cgroup-dead", RULE_UNDECIDED, CALL_CLONE3, FLAG_INTO_CGROUP, 17, FACTS() },
	{ "cgroup-dead", RULE_SATISFIED, CALL_CLONE3, 0, 17, FACTS() },
	{ "cgroup-read-only", RULE_UNDECIDED, CALL_CLONE3, FLAG_INTO_CGROUP, 17, FACTS() },
	{ "cgroup-read-only", RULE_SATISFIED, CALL_CLONE3, 0, 17, FACTS() },
	{ "cgroup-permission", RULE_UNDECIDED, CALL_CLONE3, FLAG_INTO_CGROUP, 17, FACTS() },
	{ "cgroup-permission", RULE_SATISFIED, CALL_CLONE3, 0, 17, FACTS() },
	{ "cgroup-delegated", RULE_UNDECIDED, CALL_CLONE3, FLAG_INTO_CGROUP, 17,
	  FACTS({ FACT_CGROUP, FACT_CGROUP_DELEGATE, 0, FACT_CGROUP_LIVE }) },
	{ "cgroup-delegated", RULE_UNDECIDED, CALL_CLONE3, FLAG_INTO_CGROUP, 17, FACTS() },
	{ "cgroup-delegated", RULE_SATISFIED, CALL_CLONE3, FLAG_INTO_CGROUP, 17,
	  FACTS({ FACT_CGROUP, 0, 0, FACT_CGROUP_LIVE }) },
	{ "cgroup-delegated", RULE_SATISFIED, CALL_CLONE3, FLAG_INTO_CGROUP, 17,
	  FACTS({ FACT_CGROUP, FACT_CGROUP_DELEGATE, 0, FACT_CGROUP_REMOVED }) },
	{ "cgroup-invalid", RULE_VIOLATED, CALL_CLONE3, FLAG_INTO_CGROUP, 17,
	  FACTS({ FACT_CGROUP, FACT_CGROUP_INVALID, 0, FACT_CGROUP_LIVE }) },
	{ "cgroup-invalid", RULE_SATISFIED, CALL_CLONE3, FLAG_INTO_CGROUP, 17,
	  FACTS({ FACT_CGROUP, 0, 0, FACT_CGROUP_LIVE }) },
	{ "cgroup-invalid", RULE_UNDECIDED, CALL_CLONE3, FLAG_INTO_CGROUP, 17, FACTS() },
	{ "cgroup-inner", RULE_VIOLATED, CALL_CLONE3, FLAG_INTO_CGROUP, 17,
	  FACTS({ FACT_CGROUP, FACT_CGROUP_INNER, 0, FACT_CGROUP_LIVE }) },
	{ "cgroup-inner", RULE_SATISFIED, CALL_CLONE3, FLAG_INTO_CGROUP, 17,
	  FACTS({ FACT_CGROUP, FACT_CGROUP_INVALID, 0, FACT_CGROUP_LIVE }) },
	{ "cgroup-inner", RULE_UNDECIDED, CALL_CLONE3, FLAG_INTO_CGROUP, 17, FACTS() },
	{ "cgroup-thread", RULE_UNDECIDED, CALL_CLONE3, FLAG_INTO_CGROUP | FLAG_THREAD, 17,
	  FACTS({ FACT_CGROUP, 0, 0, FACT_CGROUP_LIVE }) },
	{ "cgroup-thread", RULE_UNDECIDED, CALL_CLONE3, FLAG_INTO_CGROUP | FLAG_THREAD, 17, FACTS() },
	{ "cgroup-thread", RULE_SATISFIED, CALL_CLONE3, FLAG_INTO_CGROUP | FLAG_THREAD, 17,
	  FACTS({ FACT_CGROUP, FACT_CGROUP_INVALID, 0, FACT_CGROUP_LIVE }) },
	{ "cgroup-thread", RULE_SATISFIED, CALL_CLONE3, FLAG_INTO_CGROUP, 17,
	  FACTS({ FACT_CGROUP, 0, 0, FACT_CGROUP_LIVE }) },
	{ "cgroup-cpus", RULE_VIOLATED, CALL_CLONE3, FLAG_INTO_CGROUP, 17,
	  FACTS({ FACT_CGROUP, FACT_CGROUP_NO_CPU, 0, FACT_CGROUP_LIVE }) },
	{ "cgroup-cpus", RULE_SATISFIED, CALL_CLONE3, FLAG_INTO_CGROUP, 17,
	  FACTS({ FACT_CGROUP, 0, 0, FACT_CGROUP_LIVE }) },
	{ "cgroup-cpus", RULE_UNDECIDED, CALL_CLONE3, FLAG_INTO_CGROUP, 17, FACTS() },
	{ "pids", RULE_VIOLATED, CALL_CLONE3, 0, 17, FACTS({ FACT_PIDS, 5, 5, 0 }) },
	{ "pids", RULE_SATISFIED, CALL_CLONE3, 0, 17, FACTS({ FACT_PIDS, 5, 4, 0 }) },
	{ "memory", RULE_UNDECIDED, CALL_FORK, 0, 17, FACTS() },
	{ "memory", RULE_SATISFIED, CALL_SETSID, 0, 0, FACTS() },
	{ "setns-descriptor", RULE_VIOLATED, CALL_SETNS, 0, 0, FACTS({ FACT_DESCRIPTOR, 0, 0, FACT_DESCRIPTOR_BAD }) },
	{ "setns-descriptor", RULE_SATISFIED, CALL_SETNS, 0, 0,
	  FACTS({ FACT_DESCRIPTOR, 0, 0, FACT_DESCRIPTOR_OTHER }) },
	{ "setns-descriptor", RULE_UNDECIDED, CALL_SETNS, 0, 0, FACTS() },
	{ "setns-other", RULE_VIOLATED, CALL_SETNS, 0, 0, FACTS({ FACT_DESCRIPTOR, 0, 0, FACT_DESCRIPTOR_OTHER }) },
	{ "setns-other", RULE_VIOLATED, CALL_SETNS, FLAG_NEWNS, 0,
	  FACTS(KERNEL(5, 7), { FACT_DESCRIPTOR, 0, 0, FACT_DESCRIPTOR_PIDFD }) },
	{ "setns-other", RULE_SATISFIED, CALL_SETNS, FLAG_NEWNS, 0,
	  FACTS(KERNEL(5, 8), { FACT_DESCRIPTOR, 0, 0, FACT_DESCRIPTOR_PIDFD }) },
	{ "setns-flags", RULE_VIOLATED, CALL_SETNS, FLAG_FS, 0, FACTS() },
	{ "setns-flags", RULE_SATISFIED, CALL_SETNS, FLAG_NEWNS, 0, FACTS() },
	{ "setns-type", RULE_VIOLATED, CALL_SETNS, FLAG_NEWNS, 0,
	  FACTS({ FACT_DESCRIPTOR, FLAG_NEWUTS, 9, FACT_DESCRIPTOR_NAMESPACE }) },
	{ "setns-type", RULE_SATISFIED, CALL_SETNS, FLAG_NEWUTS, 0,
	  FACTS({ FACT_DESCRIPTOR, FLAG_NEWUTS, 9, FACT_DESCRIPTOR_NAMESPACE }) },
	{ "setns-none", RULE_VIOLATED, CALL_SETNS, 0, 0, FACTS({ FACT_DESCRIPTOR, 0, 0, FACT_DESCRIPTOR_PIDFD }) },
	{ "setns-none", RULE_SATISFIED, CALL_SETNS, FLAG_NEWNS, 0,
	  FACTS({ FACT_DESCRIPTOR, 0, 0, FACT_DESCRIPTOR_PIDFD }) },
	{ "setns-gone", RULE_UNDECIDED, CALL_SETNS, FLAG_NEWNS, 0,
	  FACTS({ FACT_DESCRIPTOR, 0, 0, FACT_DESCRIPTOR_PIDFD }) },
	{ "setns-gone", RULE_SATISFIED, CALL_SETNS, FLAG_NEWNS, 0,
	  FACTS({ FACT_DESCRIPTOR, 0, 0, FACT_DESCRIPTOR_OTHER }) },
	{ "setns-user-same", RULE_VIOLATED, CALL_SETNS, FLAG_NEWUSER, 0,
	  FACTS({ FACT_DESCRIPTOR, FLAG_NEWUSER, 9, FACT_DESCRIPTOR_NAMESPACE }, { FACT_USER_NS, 0, 0, 9 }) },
	{ "setns-user-same", RULE_SATISFIED, CALL_SETNS, FLAG_NEWUSER, 0,
	  FACTS({ FACT_DESCRIPTOR, FLAG_NEWUSER, 9, FACT_DESCRIPTOR_NAMESPACE }, { FACT_USER_NS, 0, 0, 8 }) },
	{ "setns-user-threads", RULE_VIOLATED, CALL_SETNS, FLAG_NEWUSER, 0, FACTS({ FACT_THREADS, 0, 2, 0 }) },
	{ "setns-user-threads", RULE_SATISFIED, CALL_SETNS, FLAG_NEWUSER, 0, FACTS({ FACT_THREADS, 0, 1, 0 }) },
	{ "setns-fs", RULE_UNDECIDED, CALL_SETNS, FLAG_NEWNS, 0, FACTS() },
	{ "setns-fs", RULE_SATISFIED, CALL_SETNS, FLAG_NEWUTS, 0, FACTS() },
	{ "setns-pid", RULE_UNDECIDED, CALL_SETNS, FLAG_NEWPID, 0, FACTS() },
	{ "setns-pid", RULE_SATISFIED, CALL_SETNS, FLAG_NEWUTS, 0, FACTS() },
	{ "setns-time", RULE_VIOLATED, CALL_SETNS, FLAG_NEWTIME, 0, FACTS({ FACT_THREADS, 0, 2, 0 }) },
	{ "setns-time", RULE_SATISFIED, CALL_SETNS, FLAG_NEWTIME, 0, FACTS({ FACT_THREADS, 0, 1, 0 }) },
	{ "setns-admin", RULE_VIOLATED, CALL_SETNS, FLAG_NEWUTS, 0, FACTS({ FACT_CAPABILITIES, 0, 0, INIT_USER_NS }) },
	{ "setns-admin", RULE_UNDECIDED, CALL_SETNS, FLAG_NEWUTS, 0, FACTS({ FACT_CAPABILITIES, ADMIN, 0, 7 }) },
	{ "setns-admin", RULE_SATISFIED, CALL_UNSHARE, FLAG_NEWUTS, 0, FACTS() },
	{ "setsid-leader", RULE_VIOLATED, CALL_SETSID, 0, 0, FACTS() },
	{ "setsid-leader", RULE_SATISFIED, CALL_SETPGID, 0, 0, FACTS() },
	{ "setpgid-negative", RULE_VIOLATED, CALL_SETPGID, 0xffffffff, 0, FACTS() },
	{ "setpgid-negative", RULE_SATISFIED, CALL_SETPGID, 0, 0, FACTS() },
	{ "setpgid-gone", RULE_UNDECIDED, CALL_SETPGID, 0, 0, FACTS() },
	{ "setpgid-gone", RULE_SATISFIED, CALL_SETSID, 0, 0, FACTS() },
	{ "setpgid-exec", RULE_UNDECIDED, CALL_SETPGID, 0, 0, FACTS() },
	{ "setpgid-exec", RULE_SATISFIED, CALL_SETSID, 0, 0, FACTS() },
	{ "setpgid-permission", RULE_UNDECIDED, CALL_SETPGID, 0, 0, FACTS() },
	{ "setpgid-permission", RULE_SATISFIED, CALL_SETSID, 0, 0, FACTS() },
};

enum { SEEN_MAX = 200 };

static unsigned seen[SEEN_MAX]; /* bits 1 << enum rule_answer */

static const struct rule *rule_named(const char *name)
{
	size_t count;
	const struct rule *table = rules_table(&count);

	for (size_t i = 0; i < count; i++)
		if (strcmp(table[i].name, name) == 0)
			return &table[i];
	fail_msg("no rule %s", name);
	return table;
}

/* What has a `$` left, or no words, was not made for this. */
static void check_words(const struct rule *rule, enum rule_answer answer, const struct request *request,
			const struct facts *facts)
{
	struct text text = TEXT_INIT;

	if (answer == RULE_VIOLATED)
		rule_explain(&text, rule, request, facts);
	else if (answer == RULE_UNDECIDED)
		rule_explain_condition(&text, rule, request, facts);
	assert_true(answer == RULE_SATISFIED || text.length > 5);
	assert_null(strchr(text_get(&text), '$'));
	text_done(&text);
}

static void hold(const char *name, enum rule_answer answer, const struct request *request, const struct facts *facts)
{
	const struct rule *rule = rule_named(name);
	size_t count;
	const enum rule_answer given = rule_ask(rule, request, facts);

	if (given != answer)
		print_error("%s, flags 0x%llx\n", name, (unsigned long long)request->flags);
	assert_int_equal(given, answer);
	check_words(rule, answer, request, facts);
	seen[rule - rules_table(&count)] |= 1U << answer;
}

static struct request request_of(enum call call, uint64_t flags, uint64_t signal)
{
	return call == CALL_CLONE     ? unit_clone(flags | signal, 0)
	       : call == CALL_CLONE3  ? unit_clone3(flags, signal, 0)
	       : call == CALL_SETNS   ? unit_call(call, 3, flags)
	       : call == CALL_SETPGID ? unit_call(call, 0, flags)
				      : unit_call(call, flags, 0);
}

static void test_flags(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_LENGTH(cases); i++) {
		const struct rule_case *c = &cases[i];
		const struct request request = request_of(c->call, c->flags, c->signal);
		struct facts facts = c->facts;

		while (facts.count < 3 && (facts.list[facts.count].what || facts.list[facts.count].value))
			facts.count++;
		hold(c->name, c->answer, &request, &facts);
	}
}

/* clone3 with these FIELDS and this SIZE. */
static void hold_struct(const char *name, enum rule_answer answer, const uint64_t fields[32], uint64_t size)
{
	const struct request request = unit_clone3_size(fields, size);

	hold(name, answer, &request, NULL);
}

static void test_struct(void **state)
{
	const uint64_t plain[32] = { [ARG_EXIT_SIGNAL] = 17 }, tail[32] = { [ARG_EXIT_SIGNAL] = 17, [11] = 1 };
	const uint64_t stack[32] = { [ARG_STACK] = 4096 }, stack_size[32] = { [ARG_STACK_SIZE] = 4096 };
	const uint64_t both[32] = { [ARG_STACK] = 4096, [ARG_STACK_SIZE] = 4096 };
	const uint64_t high[32] = { [ARG_STACK] = UINT64_MAX - 4096, [ARG_STACK_SIZE] = 8192 };
	const uint64_t odd[32] = { [ARG_STACK] = UINT64_C(1) << 50, [ARG_STACK_SIZE] = 8192 };
	const uint64_t cgroup[32] = { [ARG_FLAGS] = FLAG_INTO_CGROUP, [ARG_CGROUP] = UINT64_C(1) << 31 };
	const uint64_t into[32] = { [ARG_FLAGS] = FLAG_INTO_CGROUP, [ARG_CGROUP] = 3 };
	const uint64_t one[32] = {
		[ARG_FLAGS] = FLAG_PIDFD | FLAG_PARENT_SETTID, [ARG_PIDFD] = 8192, [ARG_PARENT_TID] = 8192
	};
	const uint64_t two[32] = {
		[ARG_FLAGS] = FLAG_PIDFD | FLAG_PARENT_SETTID, [ARG_PIDFD] = 8192, [ARG_PARENT_TID] = 8200
	};
	const uint64_t null[32] = { [ARG_FLAGS] = FLAG_PIDFD };
	const uint64_t tls[32] = { [ARG_FLAGS] = FLAG_SETTLS, [ARG_TLS] = UINT64_MAX };

	(void)state;
	hold_struct("size-small", RULE_VIOLATED, plain, 63);
	hold_struct("size-small", RULE_SATISFIED, plain, 64);
	hold_struct("size-large", RULE_VIOLATED, plain, 4097);
	hold_struct("size-large", RULE_SATISFIED, plain, 4096);
	hold_struct("newer", RULE_VIOLATED, tail, 96);
	hold_struct("newer", RULE_SATISFIED, tail, 88);
	hold_struct("newer", RULE_SATISFIED, plain, 96);
	hold_struct("stack-pair", RULE_VIOLATED, stack, 88);
	hold_struct("stack-pair", RULE_VIOLATED, stack_size, 88);
	hold_struct("stack-pair", RULE_SATISFIED, both, 88);
	hold_struct("stack-high", RULE_VIOLATED, high, 88);
	hold_struct("stack-high", RULE_UNDECIDED, odd, 88);
	hold_struct("stack-high", RULE_SATISFIED, both, 88);
	hold_struct("cgroup-field", RULE_VIOLATED, cgroup, 88);
	hold_struct("cgroup-field", RULE_VIOLATED, into, 80);
	hold_struct("cgroup-field", RULE_SATISFIED, into, 88);
	hold_struct("same-pointer", RULE_VIOLATED, one, 88);
	hold_struct("same-pointer", RULE_SATISFIED, two, 88);
	hold_struct("pidfd-null", RULE_VIOLATED, null, 88);
	hold_struct("pidfd-null", RULE_SATISFIED, two, 88);
	hold_struct("tls", RULE_VIOLATED, tls, 88);
	hold_struct("tls", RULE_SATISFIED, plain, 88);
}

/* clone3 with FLAGS and TIDS for set_tid, of which COUNT are claimed and as many were read as READ says. */
static struct request with_tids(uint64_t flags, uint64_t count, size_t read, int32_t tid)
{
	const uint64_t args[6] = { 8, CLONE_ARGS_SIZE_VER2 };
	const uint64_t fields[11] = { [ARG_FLAGS] = flags, [ARG_SET_TID] = 4096, [ARG_SET_TID_SIZE] = count };
	struct clone_args_read memory = { .length = sizeof(fields), .set_tid_count = read, .set_tid = { tid, 5, 5 } };

	memcpy(memory.bytes, fields, sizeof(fields));
	return unit_decode("x86_64", CALL_CLONE3, args, &memory);
}

static void test_set_tid(void **state)
{
	const uint64_t args[6] = { 8, CLONE_ARGS_SIZE_VER2 };
	const struct request one = with_tids(0, 1, 1, 5), two = with_tids(0, 2, 2, 5), zero = with_tids(0, 1, 1, 0);
	const struct request many = with_tids(0, 33, 0, 0), empty = with_tids(0, 0, 0, 0);
	const struct request unread = with_tids(0, 1, 0, 0),
			     unreadable = unit_decode("x86_64", CALL_CLONE3, args, NULL);
	const struct request first = with_tids(FLAG_NEWPID, 1, 1, 1), second = with_tids(FLAG_NEWPID, 1, 1, 2);
	const struct request plain = unit_clone3(0, 17, 0);
	const struct facts shallow = { 2, { { FACT_PID_DEPTH, 9, 1, 0 }, { FACT_PID_NS, 0, 9, 7 } }, NULL };
	const struct facts user = { 1, { { FACT_CAPABILITIES, 0, 0, INIT_USER_NS } }, NULL };
	const struct facts root = { 1, { { FACT_CAPABILITIES, ADMIN, 0, INIT_USER_NS } }, NULL };

	(void)state;
	hold("unreadable", RULE_VIOLATED, &unreadable, NULL);
	hold("unreadable", RULE_SATISFIED, &one, NULL);
	hold("set-tid-many", RULE_VIOLATED, &many, NULL);
	hold("set-tid-many", RULE_SATISFIED, &two, NULL);
	hold("set-tid-pair", RULE_VIOLATED, &empty, NULL);
	hold("set-tid-pair", RULE_SATISFIED, &one, NULL);
	hold("set-tid-unreadable", RULE_VIOLATED, &unread, NULL);
	hold("set-tid-unreadable", RULE_SATISFIED, &one, NULL);
	hold("set-tid-deep", RULE_VIOLATED, &two, &shallow);
	hold("set-tid-deep", RULE_UNDECIDED, &two, NULL);
	hold("set-tid-deep", RULE_SATISFIED, &one, &shallow);
	hold("set-tid-value", RULE_VIOLATED, &zero, NULL);
	hold("set-tid-value", RULE_SATISFIED, &one, NULL);
	hold("set-tid-init", RULE_VIOLATED, &second, NULL);
	hold("set-tid-init", RULE_SATISFIED, &first, NULL);
	hold("set-tid-admin", RULE_VIOLATED, &one, &user);
	hold("set-tid-admin", RULE_UNDECIDED, &one, NULL);
	hold("set-tid-admin", RULE_SATISFIED, &one, &root);
	hold("set-tid-used", RULE_UNDECIDED, &one, NULL);
	hold("set-tid-used", RULE_SATISFIED, &plain, NULL);
}

/* Runs after the others: each rule was satisfied once, and violated or at least undecided. */
static void test_every_rule(void **state)
{
	size_t count;
	const struct rule *table = rules_table(&count);

	(void)state;
	assert_true(count <= SEEN_MAX);
	for (size_t i = 0; i < count; i++) {
		const bool whole =
			seen[i] & 1U << RULE_SATISFIED && seen[i] & (1U << RULE_UNDECIDED | 1U << RULE_VIOLATED);

		if (!whole)
			print_error("not held: %s\n", table[i].name);
		assert_true(whole);
		assert_true(strlen(table[i].source) > 5 && table[i].error > 0 && table[i].calls && table[i].text);
		/* a rule that can be undecided has a condition */
		assert_true(!(seen[i] & 1U << RULE_UNDECIDED) || table[i].condition);
		for (size_t j = 0; j < i; j++)
			assert_string_not_equal(table[i].name, table[j].name);
	}
}

/* The kernel gives the errno of the first violated rule; if a rule before it is undecided, the errno is undecided. */
static void test_predict(void **state)
{
	const struct facts user = { 1, { { FACT_CAPABILITIES, 0, 0, INIT_USER_NS } }, NULL };
	struct request request = unit_clone(FLAG_NEWIPC | FLAG_SYSVSEM | 17, 0);
	const struct facts plain = { 1, { { FACT_SECCOMP, 0, 0, 0 } }, NULL }; /* no filter that might answer */
	struct rule_finding findings[RULES_MAX];

	(void)state;
	assert_int_equal(rules_predict(&request, &user), EPERM);
	assert_int_equal(rules_predict(&request, NULL), -1);
	request = unit_clone(FLAG_NEWIPC | FLAG_THREAD | 17, 0);
	assert_int_equal(rules_predict(&request, NULL), EINVAL);
	request = unit_clone(0x1200011, 0);
	assert_int_equal(rules_predict(&request, NULL), 0);
	request = unit_clone(FLAG_THREAD | FLAG_SIGHAND, 0);
	assert_true(rules_check(&request, &plain, findings) > 0);
	assert_string_equal(findings[0].rule->name, "sighand-vm");
}

static void assert_refusal(const struct request *request, int error, const struct facts *facts, const char *expected)
{
	struct text text = TEXT_INIT;

	rules_explain_refusal(&text, request, error, facts);
	assert_string_equal(text_get(&text), expected);
	text_done(&text);
}

static void test_refusal(void **state)
{
	const struct request thread = unit_clone(FLAG_VM | FLAG_THREAD, 0), plain = unit_clone(17, 0);
	const struct facts full = { 2, { { FACT_NPROC, 20, 20, 1000 }, { FACT_THREADS_MAX, 9000, 300, 0 } }, NULL };
	const struct facts cgroup = { 1, { { FACT_PIDS, 64, 64, 0 } }, "/user\n.slice" };
	const struct facts below = {
		3, { { FACT_NPROC, 5, 2, 1000 }, { FACT_THREADS_MAX, 9000, 300, 0 }, { FACT_PIDS, 9, 1, 0 } }, "/job"
	};
	const struct facts dead = { 1, { { FACT_PID_NS, 1, 0, 77 } }, NULL };
	const struct facts filter = { 2, { { FACT_KERNEL, 6, 18, 0 }, { FACT_SECCOMP, 2, 1, 0 } }, NULL };
	const struct facts none = { 1, { { FACT_MAX_NAMESPACES, 0, FACT_UNKNOWN, FLAG_NEWUSER } }, NULL };
	const struct request other = unit_clone3(0, 17, 0), newuser = unit_clone(FLAG_NEWUSER | 17, 0);
	const struct request prctl = unit_call(CALL_PRCTL, 36, 1);
	const struct facts v1 = { 1, { { FACT_CGROUP, 0, 0, FACT_CGROUP_V1 } }, NULL };
	const struct facts removed = { 1, { { FACT_CGROUP, 0, 0, FACT_CGROUP_REMOVED } }, NULL };
	const struct facts live = { 1, { { FACT_CGROUP, FACT_CGROUP_DELEGATE, 0, FACT_CGROUP_LIVE } }, NULL };
	struct request into = unit_clone3(FLAG_INTO_CGROUP, 17, 0);

	(void)state;
	into.cgroup = 7;
	assert_refusal(&into, EBADF, &v1,
		       ": CLONE_INTO_CGROUP needs a directory of the cgroup v2 hierarchy, and descriptor 7 is a "
		       "directory of a cgroup v1 hierarchy");
	assert_refusal(&into, ENOENT, &removed, ": the cgroup of descriptor 7 has been removed");
	assert_refusal(&into, ENOENT, &live,
		       ": not known for certain; it may be that the hierarchy is mounted with nsdelegate, and the "
		       "cgroup or the caller's own is outside the caller's cgroup namespace");
	assert_refusal(&thread, EINVAL, NULL, ": CLONE_THREAD needs CLONE_SIGHAND, which is not set");
	assert_refusal(&plain, EAGAIN, &full,
		       ": limit reached: RLIMIT_NPROC of user 1000: 20 of 20 tasks, counted in /proc");
	assert_refusal(&plain, EAGAIN, &cgroup, ": limit reached: pids.max of cgroup /user\\n.slice: 64 of 64 tasks");
	assert_refusal(
		&plain, EAGAIN, &below,
		": not known for certain; it may be that kernel.pid_max is reached in its pid namespace; not "
		"reached when looked at: RLIMIT_NPROC of user 1000: 2 of 5 tasks, counted in /proc; "
		"kernel.threads-max: 300 of 9000 tasks, by /proc/loadavg; pids.max of cgroup /job: 1 of 9 tasks");
	assert_refusal(&plain, ENOMEM, &dead,
		       ": the caller's children would live in pid namespace 77, whose init has died: it takes no more");
	assert_refusal(&other, ENOSYS, &filter,
		       ": a seccomp filter of the program or of its container (1 in force) answers instead of the "
		       "kernel");
	assert_refusal(&newuser, ENOSPC, &none, ": limit reached: user.max_user_namespaces is 0");
	assert_refusal(&prctl, EINVAL, NULL, ""); /* no rule is about it */
	assert_refusal(&plain, EDOM, NULL, ": cltrace knows no rule by which the kernel refuses this with EDOM");
}

/* "thread-sighand": words of small letters and digits, joined by '-'. */
static bool is_name(const char *name)
{
	static const char word[] = "abcdefghijklmnopqrstuvwxyz0123456789";
	size_t length = strspn(name, word);

	while (length && name[length] == '-') {
		name += length + 1;
		length = strspn(name, word);
	}
	return length && !name[length];
}

static void read_manual(struct text *text)
{
	const char *folder = getenv("top_srcdir");
	char path[4096], bytes[4096];
	size_t got;
	FILE *file;

	snprintf(path, sizeof(path), "%s/man/cltrace-events.5", folder ? folder : ".");
	file = fopen(path, "re");
	if (!file)
		fail_msg("%s cannot be read; set top_srcdir", path);
	while ((got = fread(bytes, 1, sizeof(bytes), file)) > 0)
		text_add_bytes(text, bytes, got);
	fclose(file);
}

/* Recordings have the names of rules, so the manual lists them: in the table's order, with the errno, and no others. */
static void test_names(void **state)
{
	struct text manual = TEXT_INIT;
	size_t count;
	const struct rule *table = rules_table(&count);
	const char *at, *end;

	(void)state;
	read_manual(&manual);
	at = strstr(text_get(&manual), "\n.Sh RULES\n");
	assert_non_null(at);
	end = strstr(at + 1, "\n.Sh ");
	for (size_t i = 0; i < count; i++) {
		char wanted[128];

		if (!is_name(table[i].name))
			fail_msg("'%s' is not made of words joined by '-'", table[i].name);
		snprintf(wanted, sizeof(wanted), "\n.It Cm %s\n%s of ", table[i].name, errno_name(table[i].error));
		at = strstr(at + 1, "\n.It Cm ");
		if (!at || at > end || strncmp(at, wanted, strlen(wanted)) != 0)
			fail_msg("the manual's RULES have no %s, or not in its place", table[i].name);
	}
	at = strstr(at + 1, "\n.It Cm ");
	assert_true(!at || at > end);
	text_done(&manual);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_flags),	cmocka_unit_test(test_struct),	cmocka_unit_test(test_set_tid),
		cmocka_unit_test(test_predict), cmocka_unit_test(test_refusal), cmocka_unit_test(test_every_rule),
		cmocka_unit_test(test_names),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
