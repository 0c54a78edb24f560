/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Tests the ABI table against this machine's headers and against numbers written down once more. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <linux/audit.h>
#include <string.h>
#include <sys/syscall.h>

#include "abi/abi.h"
#include "skip.h"

/* Values that older headers lack. */
#ifndef AUDIT_ARCH_RISCV64
#define AUDIT_ARCH_RISCV64 0xc00000f3U
#endif
#ifndef AUDIT_ARCH_AARCH64
#define AUDIT_ARCH_AARCH64 0xc00000b7U
#endif

/* clone clone3 fork vfork unshare setns setsid setpgid prctl close_range exit exit_group execve execveat ptrace seccomp
 * kill rt_sigqueueinfo pidfd_send_signal io_uring_setup */
static const struct numbers {
	const char *name;
	uint32_t audit_arch;
	unsigned word;
	uint64_t mark;
	enum clone_order order;
	int nr[CALL_COUNT - 1];
} expected[] = {
	{ "x86_64",
	  AUDIT_ARCH_X86_64,
	  8,
	  0,
	  CLONE_ORDER_CHILD_TLS,
	  { 56, 435, 57, 58, 272, 308, 112, 109, 157, 436, 60, 231, 59, 322, 101, 317, 62, 129, 424, 425 } },
	{ "x32", AUDIT_ARCH_X86_64, 8, 0x40000000, CLONE_ORDER_CHILD_TLS, { 56,	 435, 57,  58,	272, 308, 112,
									    109, 157, 436, 60,	231, 520, 545,
									    521, 317, 62,  524, 424, 425 } },
	{ "i386", AUDIT_ARCH_I386, 4, 0, CLONE_ORDER_TLS_CHILD, { 120, 435, 2,	190, 310, 346, 66, 57,	172, 436,
								  1,   252, 11, 358, 26,  354, 37, 178, 424, 425 } },
	{ "aarch64", AUDIT_ARCH_AARCH64, 8, 0, CLONE_ORDER_TLS_CHILD, { 220, 435, -1,  -1,  97,	 268, 157,
									154, 167, 436, 93,  94,	 221, 281,
									117, 277, 129, 138, 424, 425 } },
	{ "arm", AUDIT_ARCH_ARM, 4, 0, CLONE_ORDER_TLS_CHILD, { 120, 435, 2,  190, 337, 375, 66, 57,  172, 436,
								1,   248, 11, 387, 26,	383, 37, 178, 424, 425 } },
	{ "riscv64", AUDIT_ARCH_RISCV64, 8, 0, CLONE_ORDER_TLS_CHILD, { 220, 435, -1,  -1,  97,	 268, 157,
									154, 167, 436, 93,  94,	 221, 281,
									117, 277, 129, 138, 424, 425 } },
};
#define ROWS (sizeof(expected) / sizeof(expected[0]))

static void test_rows(void **state)
{
	(void)state;
	for (unsigned i = 0; i < ROWS; i++) {
		const struct abi *abi = abi_at(i);

		assert_non_null(abi);
		assert_string_equal(abi->name, expected[i].name);
		assert_ptr_equal(abi_find_name(expected[i].name), abi);
		assert_int_equal(abi->audit_arch, expected[i].audit_arch);
		assert_int_equal(abi->word, expected[i].word);
		assert_int_equal(abi->nr_mark, expected[i].mark);
		assert_int_equal(abi->clone_order, expected[i].order);
		assert_int_equal(abi->nr[CALL_NONE], -1);
		assert_memory_equal(abi->nr + 1, expected[i].nr, sizeof(expected[i].nr));
	}
	assert_null(abi_at(ROWS));
	assert_null(abi_at(UINT32_MAX));
	assert_null(abi_find_name("sparc"));
}

/* What the machine that runs the test says of itself. */
static void test_this_machine(void **state)
{
#if defined(__x86_64__) && !defined(__ILP32__)
	const struct abi *abi = abi_find_name("x86_64");
#elif defined(__i386__)
	const struct abi *abi = abi_find_name("i386");
#elif defined(__aarch64__)
	const struct abi *abi = abi_find_name("aarch64");
#elif defined(__arm__)
	const struct abi *abi = abi_find_name("arm");
#elif defined(__riscv) && __riscv_xlen == 64
	const struct abi *abi = abi_find_name("riscv64");
#else
	const struct abi *abi = NULL;
#endif
	(void)state;
	if (!abi)
		skip_because("no row is of this machine");
	assert_int_equal(abi->word, sizeof(long));
	assert_int_equal(abi->nr[CALL_CLONE], SYS_clone);
#ifdef SYS_clone3
	assert_int_equal(abi->nr[CALL_CLONE3], SYS_clone3);
#endif
#ifdef SYS_fork
	assert_int_equal(abi->nr[CALL_FORK], SYS_fork);
	assert_int_equal(abi->nr[CALL_VFORK], SYS_vfork);
#else
	assert_int_equal(abi->nr[CALL_FORK], -1);
	assert_int_equal(abi->nr[CALL_VFORK], -1);
#endif
	assert_int_equal(abi->nr[CALL_UNSHARE], SYS_unshare);
	assert_int_equal(abi->nr[CALL_SETNS], SYS_setns);
	assert_int_equal(abi->nr[CALL_SETSID], SYS_setsid);
	assert_int_equal(abi->nr[CALL_SETPGID], SYS_setpgid);
	assert_int_equal(abi->nr[CALL_PRCTL], SYS_prctl);
#ifdef SYS_close_range
	assert_int_equal(abi->nr[CALL_CLOSE_RANGE], SYS_close_range);
#endif
	assert_int_equal(abi->nr[CALL_EXIT], SYS_exit);
	assert_int_equal(abi->nr[CALL_EXIT_GROUP], SYS_exit_group);
	assert_int_equal(abi->nr[CALL_EXECVE], SYS_execve);
	assert_int_equal(abi->nr[CALL_EXECVEAT], SYS_execveat);
	assert_int_equal(abi->nr[CALL_PTRACE], SYS_ptrace);
	assert_int_equal(abi->nr[CALL_SECCOMP], SYS_seccomp);
	assert_int_equal(abi->nr[CALL_KILL], SYS_kill);
	assert_int_equal(abi->nr[CALL_RT_SIGQUEUEINFO], SYS_rt_sigqueueinfo);
#ifdef SYS_pidfd_send_signal
	assert_int_equal(abi->nr[CALL_PIDFD_SEND_SIGNAL], SYS_pidfd_send_signal);
#endif
#ifdef SYS_io_uring_setup
	assert_int_equal(abi->nr[CALL_IO_URING_SETUP], SYS_io_uring_setup);
#endif
}

static void test_find(void **state)
{
	(void)state;
	assert_string_equal(abi_find(AUDIT_ARCH_X86_64, 56)->name, "x86_64");
	assert_string_equal(abi_find(AUDIT_ARCH_X86_64, 0x40000000 | 56)->name, "x32");
	assert_string_equal(abi_find(AUDIT_ARCH_X86_64, UINT64_MAX)->name, "x86_64"); /* "no call" */
	assert_string_equal(abi_find(AUDIT_ARCH_X86_64, 0xffffffff)->name, "x86_64");
	assert_string_equal(abi_find(AUDIT_ARCH_I386, 120)->name, "i386");
	assert_string_equal(abi_find(AUDIT_ARCH_I386, 0x40000000)->name, "i386");
	assert_string_equal(abi_find(AUDIT_ARCH_AARCH64, 220)->name, "aarch64");
	assert_string_equal(abi_find(AUDIT_ARCH_ARM, 120)->name, "arm");
	assert_string_equal(abi_find(AUDIT_ARCH_RISCV64, 220)->name, "riscv64");
	assert_null(abi_find(AUDIT_ARCH_S390X, 120));
	assert_null(abi_find(0, 0));
}

static void test_call(void **state)
{
	(void)state;
	for (unsigned i = 0; i < ROWS; i++) {
		const struct abi *abi = abi_at(i);

		for (int call = CALL_NONE + 1; call < CALL_COUNT; call++)
			if (abi->nr[call] >= 0)
				assert_int_equal(abi_call(abi, (uint64_t)abi->nr[call] | abi->nr_mark), call);
		assert_int_equal(abi_call(abi, UINT64_MAX), CALL_NONE); /* not the -1 of an absent call */
		assert_int_equal(abi_call(abi, UINT32_MAX), CALL_NONE);
		assert_int_equal(abi_call(abi, 3000), CALL_NONE);
	}
	assert_int_equal(abi_call(abi_find_name("x32"), 0x40000000 | 59), CALL_NONE); /* x32 has an execve of its own */
	assert_int_equal(abi_call(abi_find_name("x32"), 56), CALL_NONE);
	assert_int_equal(abi_call(abi_find_name("x86_64"), 0x40000000 | 56), CALL_NONE);
	assert_int_equal(abi_call(abi_find_name("i386"), 56), CALL_NONE);
}

static void test_names(void **state)
{
	static const char *const names[] = { "clone",
					     "clone3",
					     "fork",
					     "vfork",
					     "unshare",
					     "setns",
					     "setsid",
					     "setpgid",
					     "prctl",
					     "close_range",
					     "exit",
					     "exit_group",
					     "execve",
					     "execveat",
					     "ptrace",
					     "seccomp",
					     "kill",
					     "rt_sigqueueinfo",
					     "pidfd_send_signal",
					     "io_uring_setup" };

	(void)state;
	for (int i = 0; i < CALL_COUNT - 1; i++) {
		assert_string_equal(call_name((enum call)(i + 1)), names[i]);
		assert_int_equal(call_find(names[i]), i + 1);
		assert_int_equal(call_is_creation((enum call)(i + 1)), i < 4);
	}
	assert_string_equal(call_name(CALL_NONE), "?");
	assert_string_equal(call_name((enum call)1000), "?");
	assert_int_equal(call_find("?"), CALL_NONE);
	assert_int_equal(call_find(""), CALL_NONE);
	assert_int_equal(call_find("clone2"), CALL_NONE);
	assert_false(call_is_creation(CALL_NONE));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_rows), cmocka_unit_test(test_this_machine), cmocka_unit_test(test_find),
		cmocka_unit_test(test_call), cmocka_unit_test(test_names),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
