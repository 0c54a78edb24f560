/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What differs between system call ABIs, as data: one row each for x86_64, x32, i386, aarch64, arm and riscv64.
 *
 * The ABI belongs to a call, not to a process: one process can make x86_64 and int 0x80 calls. Rows exist for every ABI
 * on every host, so that recordings are read anywhere. */
#ifndef ABI_ABI_H
#define ABI_ABI_H

#include <stdint.h>

/* The calls that cltrace follows, and those that show why something happened: how a task ends, why an exec or a filter
 * failed. Values go into recordings by name only. */
enum call {
	CALL_NONE, /* a call that cltrace does not know */
	CALL_CLONE,
	CALL_CLONE3,
	CALL_FORK,
	CALL_VFORK,
	CALL_UNSHARE,
	CALL_SETNS,
	CALL_SETSID,
	CALL_SETPGID,
	CALL_PRCTL,
	CALL_CLOSE_RANGE,
	CALL_EXIT,
	CALL_EXIT_GROUP,
	CALL_EXECVE,
	CALL_EXECVEAT,
	CALL_PTRACE,
	CALL_SECCOMP,
	CALL_KILL,
	CALL_RT_SIGQUEUEINFO,
	CALL_PIDFD_SEND_SIGNAL,
	CALL_IO_URING_SETUP,
	CALL_COUNT
};

_Static_assert(CALL_COUNT <= 32, "masks have a bit 1 << enum call");

/* Which of clone's arguments is which (clone(2), "C library/kernel differences"). */
enum clone_order {
	CLONE_ORDER_CHILD_TLS, /* flags, stack, parent_tid, child_tid, tls: x86_64, x32 */
	CLONE_ORDER_TLS_CHILD, /* flags, stack, parent_tid, tls, child_tid: i386, arm, arm64, riscv64 */
};

struct abi {
	const char *name;    /* "x86_64" */
	uint32_t audit_arch; /* AUDIT_ARCH_..., <linux/audit.h> */
	unsigned word;	     /* bytes in a register argument: 4 or 8 */
	uint64_t nr_mark;    /* a bit that every call number of this ABI carries: 0x40000000 for x32, else 0 */
	enum clone_order clone_order;
	int nr[CALL_COUNT]; /* without nr_mark; -1 if the ABI has no such call */
};

/* The row for a call that reports AUDIT_ARCH and NR, or NULL. NR distinguishes x32 from x86_64. */
const struct abi *abi_find(uint32_t audit_arch, uint64_t nr);
const struct abi *abi_find_name(const char *name);

/* Which of the calls above NR (nr_mark included) is in ABI; CALL_NONE: none of them. */
enum call abi_call(const struct abi *abi, uint64_t nr);

/* ABI's rows in order, NULL past the end. */
const struct abi *abi_at(unsigned index);

/* "clone3"; "?" for CALL_NONE. */
const char *call_name(enum call call);
enum call call_find(const char *name); /* CALL_NONE when there is none */

/* Whether CALL creates a task: clone, clone3, fork, vfork. */
static inline int call_is_creation(enum call call)
{
	return call >= CALL_CLONE && call <= CALL_VFORK;
}

/* Whether CALL executes a program: execve, execveat. */
static inline int call_is_exec(enum call call)
{
	return call == CALL_EXECVE || call == CALL_EXECVEAT;
}

#endif
