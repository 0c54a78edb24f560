/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The table of ABIs and the names of the calls. */
#include "abi/abi.h"

#include <stddef.h>
#include <string.h>

#include "base/array.h"

/* AUDIT_ARCH_* under our own names: the ELF machine, and bits for 64-bit and little-endian
 * (include/uapi/linux/audit.h). */
#define AUDIT_64BIT 0x80000000U
#define AUDIT_LE 0x40000000U
#define AUDIT_X86_64 (62U | AUDIT_64BIT | AUDIT_LE)
#define AUDIT_I386 (3U | AUDIT_LE)
#define AUDIT_AARCH64 (183U | AUDIT_64BIT | AUDIT_LE)
#define AUDIT_ARM (40U | AUDIT_LE)
#define AUDIT_RISCV64 (243U | AUDIT_64BIT | AUDIT_LE)

#define X32_MARK UINT64_C(0x40000000) /* __X32_SYSCALL_BIT */

/* arch/x86/entry/syscalls/syscall_64.tbl: the rows that are "common" or "64" ... */
#define ABI_NR_X86_64                                                                                          \
	{                                                                                                      \
		[CALL_NONE] = -1, [CALL_CLONE] = 56, [CALL_CLONE3] = 435, [CALL_FORK] = 57, [CALL_VFORK] = 58, \
		[CALL_UNSHARE] = 272, [CALL_SETNS] = 308, [CALL_SETSID] = 112, [CALL_SETPGID] = 109,           \
		[CALL_PRCTL] = 157, [CALL_CLOSE_RANGE] = 436, [CALL_EXIT] = 60, [CALL_EXIT_GROUP] = 231,       \
		[CALL_EXECVE] = 59, [CALL_EXECVEAT] = 322, [CALL_PTRACE] = 101, [CALL_SECCOMP] = 317,          \
		[CALL_KILL] = 62, [CALL_RT_SIGQUEUEINFO] = 129, [CALL_PIDFD_SEND_SIGNAL] = 424,                \
		[CALL_IO_URING_SETUP] = 425,                                                                   \
	}

/* ... and those that are "common" or "x32" */
#define ABI_NR_X32                                                                                             \
	{                                                                                                      \
		[CALL_NONE] = -1, [CALL_CLONE] = 56, [CALL_CLONE3] = 435, [CALL_FORK] = 57, [CALL_VFORK] = 58, \
		[CALL_UNSHARE] = 272, [CALL_SETNS] = 308, [CALL_SETSID] = 112, [CALL_SETPGID] = 109,           \
		[CALL_PRCTL] = 157, [CALL_CLOSE_RANGE] = 436, [CALL_EXIT] = 60, [CALL_EXIT_GROUP] = 231,       \
		[CALL_EXECVE] = 520, [CALL_EXECVEAT] = 545, [CALL_PTRACE] = 521, [CALL_SECCOMP] = 317,         \
		[CALL_KILL] = 62, [CALL_RT_SIGQUEUEINFO] = 524, [CALL_PIDFD_SEND_SIGNAL] = 424,                \
		[CALL_IO_URING_SETUP] = 425,                                                                   \
	}

/* include/uapi/asm-generic/unistd.h: neither fork nor vfork */
#define ABI_NR_GENERIC                                                                                          \
	{                                                                                                       \
		[CALL_NONE] = -1, [CALL_CLONE] = 220, [CALL_CLONE3] = 435, [CALL_FORK] = -1, [CALL_VFORK] = -1, \
		[CALL_UNSHARE] = 97, [CALL_SETNS] = 268, [CALL_SETSID] = 157, [CALL_SETPGID] = 154,             \
		[CALL_PRCTL] = 167, [CALL_CLOSE_RANGE] = 436, [CALL_EXIT] = 93, [CALL_EXIT_GROUP] = 94,         \
		[CALL_EXECVE] = 221, [CALL_EXECVEAT] = 281, [CALL_PTRACE] = 117, [CALL_SECCOMP] = 277,          \
		[CALL_KILL] = 129, [CALL_RT_SIGQUEUEINFO] = 138, [CALL_PIDFD_SEND_SIGNAL] = 424,                \
		[CALL_IO_URING_SETUP] = 425,                                                                    \
	}

/* arch/x86/entry/syscalls/syscall_32.tbl */
#define ABI_NR_I386                                                                                                    \
	{                                                                                                              \
		[CALL_NONE] = -1, [CALL_CLONE] = 120, [CALL_CLONE3] = 435, [CALL_FORK] = 2, [CALL_VFORK] = 190,        \
		[CALL_UNSHARE] = 310, [CALL_SETNS] = 346, [CALL_SETSID] = 66, [CALL_SETPGID] = 57, [CALL_PRCTL] = 172, \
		[CALL_CLOSE_RANGE] = 436, [CALL_EXIT] = 1, [CALL_EXIT_GROUP] = 252, [CALL_EXECVE] = 11,                \
		[CALL_EXECVEAT] = 358, [CALL_PTRACE] = 26, [CALL_SECCOMP] = 354, [CALL_KILL] = 37,                     \
		[CALL_RT_SIGQUEUEINFO] = 178, [CALL_PIDFD_SEND_SIGNAL] = 424, [CALL_IO_URING_SETUP] = 425,             \
	}

/* arch/arm/tools/syscall.tbl, EABI */
#define ABI_NR_ARM                                                                                                     \
	{                                                                                                              \
		[CALL_NONE] = -1, [CALL_CLONE] = 120, [CALL_CLONE3] = 435, [CALL_FORK] = 2, [CALL_VFORK] = 190,        \
		[CALL_UNSHARE] = 337, [CALL_SETNS] = 375, [CALL_SETSID] = 66, [CALL_SETPGID] = 57, [CALL_PRCTL] = 172, \
		[CALL_CLOSE_RANGE] = 436, [CALL_EXIT] = 1, [CALL_EXIT_GROUP] = 248, [CALL_EXECVE] = 11,                \
		[CALL_EXECVEAT] = 387, [CALL_PTRACE] = 26, [CALL_SECCOMP] = 383, [CALL_KILL] = 37,                     \
		[CALL_RT_SIGQUEUEINFO] = 178, [CALL_PIDFD_SEND_SIGNAL] = 424, [CALL_IO_URING_SETUP] = 425,             \
	}

/* x32 passes its arguments in 64-bit registers, and the calls that we follow read them whole. */
static const struct abi abi_rows[] = {
	{ "x86_64", AUDIT_X86_64, 8, 0, CLONE_ORDER_CHILD_TLS, ABI_NR_X86_64 },
	{ "x32", AUDIT_X86_64, 8, X32_MARK, CLONE_ORDER_CHILD_TLS, ABI_NR_X32 },
	{ "i386", AUDIT_I386, 4, 0, CLONE_ORDER_TLS_CHILD, ABI_NR_I386 },
	{ "aarch64", AUDIT_AARCH64, 8, 0, CLONE_ORDER_TLS_CHILD, ABI_NR_GENERIC },
	{ "arm", AUDIT_ARM, 4, 0, CLONE_ORDER_TLS_CHILD, ABI_NR_ARM },
	{ "riscv64", AUDIT_RISCV64, 8, 0, CLONE_ORDER_TLS_CHILD, ABI_NR_GENERIC },
};

static const char *const call_names[CALL_COUNT] = {
	[CALL_NONE] = "?",
	[CALL_CLONE] = "clone",
	[CALL_CLONE3] = "clone3",
	[CALL_FORK] = "fork",
	[CALL_VFORK] = "vfork",
	[CALL_UNSHARE] = "unshare",
	[CALL_SETNS] = "setns",
	[CALL_SETSID] = "setsid",
	[CALL_SETPGID] = "setpgid",
	[CALL_PRCTL] = "prctl",
	[CALL_CLOSE_RANGE] = "close_range",
	[CALL_EXIT] = "exit",
	[CALL_EXIT_GROUP] = "exit_group",
	[CALL_EXECVE] = "execve",
	[CALL_EXECVEAT] = "execveat",
	[CALL_PTRACE] = "ptrace",
	[CALL_SECCOMP] = "seccomp",
	[CALL_KILL] = "kill",
	[CALL_RT_SIGQUEUEINFO] = "rt_sigqueueinfo",
	[CALL_PIDFD_SEND_SIGNAL] = "pidfd_send_signal",
	[CALL_IO_URING_SETUP] = "io_uring_setup",
};

const struct abi *abi_find(uint32_t audit_arch, uint64_t nr)
{
	/* Only x86_64's number space is split. A number of -1 ("skip this call") has every bit set so it is not an x32
	 * call. */
	uint64_t mark = audit_arch == AUDIT_X86_64 && (int32_t)nr >= 0 ? nr & X32_MARK : 0;

	for (size_t i = 0; i < ARRAY_LENGTH(abi_rows); i++)
		if (abi_rows[i].audit_arch == audit_arch && abi_rows[i].nr_mark == mark)
			return &abi_rows[i];
	return NULL;
}

const struct abi *abi_find_name(const char *name)
{
	for (size_t i = 0; i < ARRAY_LENGTH(abi_rows); i++)
		if (strcmp(abi_rows[i].name, name) == 0)
			return &abi_rows[i];
	return NULL;
}

enum call abi_call(const struct abi *abi, uint64_t nr)
{
	for (int call = CALL_NONE + 1; call < CALL_COUNT; call++)
		if (abi->nr[call] >= 0 && ((uint64_t)abi->nr[call] | abi->nr_mark) == nr)
			return (enum call)call;
	return CALL_NONE;
}

const struct abi *abi_at(unsigned index)
{
	return index < ARRAY_LENGTH(abi_rows) ? &abi_rows[index] : NULL;
}

const char *call_name(enum call call)
{
	return (unsigned)call < CALL_COUNT ? call_names[call] : call_names[CALL_NONE];
}

enum call call_find(const char *name)
{
	for (int call = CALL_NONE + 1; call < CALL_COUNT; call++)
		if (strcmp(call_names[call], name) == 0)
			return (enum call)call;
	return CALL_NONE;
}
