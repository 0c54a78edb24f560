/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Tests the decoding of every call under every ABI, and requests printed as calls. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <errno.h>
#include <string.h>

#include "base/text.h"
#include "clone/flags.h"
#include "requests.h"

static void assert_format(const struct request *request, const char *expected)
{
	struct text text = TEXT_INIT;

	request_format(&text, request);
	assert_string_equal(text_get(&text), expected);
	text_done(&text);
}

/* clone's arguments in an order that shows which went where. */
static void test_clone_orders(void **state)
{
	static const struct {
		const char *abi;
		uint64_t child_tid, tls;
	} rows[] = {
		{ "x86_64", 0x4000, 0x5000 },  { "x32", 0x4000, 0x5000 }, { "i386", 0x5000, 0x4000 },
		{ "aarch64", 0x5000, 0x4000 }, { "arm", 0x5000, 0x4000 }, { "riscv64", 0x5000, 0x4000 },
	};
	const uint64_t args[6] = { FLAG_VM | FLAG_SETTLS | FLAG_PARENT_SETTID | FLAG_CHILD_SETTID | 17,
				   0x2000,
				   0x3000,
				   0x4000,
				   0x5000,
				   0x6000 };

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		const struct request request = unit_decode(rows[i].abi, CALL_CLONE, args, NULL);

		assert_int_equal(request.call, CALL_CLONE);
		assert_string_equal(request.abi->name, rows[i].abi);
		assert_int_equal(request.have,
				 REQUEST_FLAGS | REQUEST_STACK | REQUEST_PARENT_TID | REQUEST_CHILD_TID | REQUEST_TLS);
		assert_int_equal(request.flags, args[0] & ~UINT64_C(0xff));
		assert_int_equal(request.exit_signal, 17);
		assert_int_equal(request.stack, 0x2000);
		assert_int_equal(request.parent_tid, 0x3000);
		assert_int_equal(request.child_tid, rows[i].child_tid);
		assert_int_equal(request.tls, rows[i].tls);
		assert_int_equal(request.pidfd, 0);
	}
}

static void test_clone_unused_arguments(void **state)
{
	const uint64_t args[6] = { 17, 0, 0x3000, 0x4000, 0x5000, 0x6000 };
	const struct request request = unit_decode("x86_64", CALL_CLONE, args, NULL);

	(void)state;
	assert_int_equal(request.have, REQUEST_FLAGS);
	assert_int_equal(request.parent_tid | request.child_tid | request.tls | request.pidfd | request.stack, 0);
	assert_format(&request, "clone(SIGCHLD)");
}

/* One pointer for the pidfd and the parent's tid. */
static void test_clone_pidfd(void **state)
{
	const uint64_t args[6] = { FLAG_PIDFD | 17, 0, 0x3000, 0x4000, 0x5000 };
	const uint64_t both[6] = { FLAG_PIDFD | FLAG_PARENT_SETTID | 17, 0, 0x3000 };
	struct request request = unit_decode("aarch64", CALL_CLONE, args, NULL);

	(void)state;
	assert_int_equal(request.have, REQUEST_FLAGS | REQUEST_PIDFD);
	assert_int_equal(request.pidfd, 0x3000);
	assert_int_equal(request.parent_tid, 0);
	assert_format(&request, "clone(CLONE_PIDFD|SIGCHLD, pidfd=0x3000)");
	request = unit_decode("x86_64", CALL_CLONE, both, NULL);
	assert_format(&request, "clone(CLONE_PIDFD|CLONE_PARENT_SETTID|SIGCHLD, pidfd=0x3000, parent_tid=0x3000)");
}

static void test_clone_exit_signals(void **state)
{
	static const struct {
		uint64_t flags;
		const char *text;
	} rows[] = {
		{ 0, "clone(0)" },
		{ 0x100, "clone(CLONE_VM)" },
		{ 10, "clone(SIGUSR1)" },
		{ 0x100 | 34, "clone(CLONE_VM|SIGRTMIN)" },
		{ 0x100 | 32, "clone(CLONE_VM|32)" },
		{ 0x80, "clone(128)" }, /* no CLONE_NEWTIME here */
		{ 0x100 | 0x91, "clone(CLONE_VM|145)" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		const struct request request = unit_clone(rows[i].flags, 0);

		assert_int_equal(request.exit_signal, rows[i].flags & 0xff);
		assert_int_equal(request_namespaces(&request), 0);
		assert_format(&request, rows[i].text);
	}
}

/* An int with bit 31 (CLONE_IO) arrives sign-extended; the kernel takes the low half. */
static void test_clone_low_half(void **state)
{
	const struct request request = unit_clone(UINT64_C(0xffffffff80000011), 0);

	(void)state;
	assert_int_equal(request.flags, FLAG_IO);
	assert_format(&request, "clone(CLONE_IO|SIGCHLD)");
}

static void test_i386_cuts_arguments(void **state)
{
	static const struct {
		uint64_t flags;
		const char *text;
	} ranges[] = {
		{ 2, "close_range(3, 9, CLOSE_RANGE_UNSHARE)" },
		{ 4, "close_range(3, 9, CLOSE_RANGE_CLOEXEC)" },
		{ 6, "close_range(3, 9, CLOSE_RANGE_UNSHARE|CLOSE_RANGE_CLOEXEC)" },
		{ 10, "close_range(3, 9, 0xa)" },
	};
	const uint64_t junk = UINT64_C(0xdead000000000000);
	const uint64_t args[6] = { junk | FLAG_VM | FLAG_SETTLS | FLAG_CHILD_CLEARTID,
				   junk | 0xffffd000,
				   junk | 0x3000,
				   junk | 0x4000,
				   junk | 0x5000,
				   junk };
	const uint64_t unshare[6] = { junk | FLAG_NEWNS };
	const uint64_t pgid[6] = { junk | 0xffffffff, junk | 7 };
	struct request request = unit_decode("i386", CALL_CLONE, args, NULL);

	(void)state;
	assert_int_equal(request.stack, 0xffffd000);
	assert_int_equal(request.tls, 0x4000);
	assert_int_equal(request.child_tid, 0x5000);
	request = unit_decode("arm", CALL_UNSHARE, unshare, NULL);
	assert_int_equal(request.flags, FLAG_NEWNS);
	request = unit_decode("i386", CALL_SETPGID, pgid, NULL);
	assert_int_equal(request.args[0], 0xffffffff);
	assert_format(&request, "setpgid(-1, 7)");
	for (unsigned i = 0; i < sizeof(ranges) / sizeof(ranges[0]); i++) {
		const uint64_t range[6] = { 3, 9, ranges[i].flags };

		request = unit_decode("x86_64", CALL_CLOSE_RANGE, range, NULL);
		assert_format(&request, ranges[i].text);
	}
	/* 64-bit ABIs cut nothing */
	request = unit_decode("x86_64", CALL_UNSHARE, unshare, NULL);
	assert_int_equal(request.flags, junk | FLAG_NEWNS);
}

/* clone3's struct has 64-bit fields in every ABI; only the two arguments are cut. */
static void test_i386_clone3(void **state)
{
	const uint64_t args[6] = { UINT64_C(0x1ffffc000), UINT64_C(0x100000058) };
	struct clone_args_read read = { .length = 88 };
	const uint64_t flags = FLAG_CLEAR_SIGHAND;
	struct request request;

	(void)state;
	memcpy(read.bytes, &flags, sizeof(flags));
	request = unit_decode("i386", CALL_CLONE3, args, &read);
	assert_int_equal(request.have, REQUEST_FLAGS);
	assert_int_equal(request.flags, FLAG_CLEAR_SIGHAND);
	assert_int_equal(request.size, 88);
	request = unit_decode("i386", CALL_CLONE3, args, NULL);
	assert_int_equal(request.address, 0xffffc000);
	assert_format(&request, "clone3(0xffffc000, size=88)");
}

static void test_fork_and_vfork(void **state)
{
	static const char *const abis[] = { "x86_64", "x32", "i386", "arm" };
	const uint64_t args[6] = { 1, 2, 3, 4, 5, 6 };

	(void)state;
	for (size_t i = 0; i < 4; i++) {
		struct request request = unit_decode(abis[i], CALL_FORK, args, NULL);

		assert_int_equal(request.have, REQUEST_FLAGS);
		assert_int_equal(request.flags, 0);
		assert_int_equal(request.exit_signal, 17);
		assert_format(&request, "fork()");
		request = unit_decode(abis[i], CALL_VFORK, args, NULL);
		assert_int_equal(request.have, REQUEST_FLAGS);
		assert_int_equal(request.flags, FLAG_VM | FLAG_VFORK);
		assert_int_equal(request.exit_signal, 17);
		assert_format(&request, "vfork()");
	}
}

static const uint64_t every_field[32] = {
	[ARG_FLAGS] = FLAG_PIDFD | FLAG_PARENT_SETTID | FLAG_CHILD_SETTID | FLAG_SETTLS | FLAG_INTO_CGROUP,
	[ARG_PIDFD] = 0x1000,
	[ARG_CHILD_TID] = 0x2000,
	[ARG_PARENT_TID] = 0x3000,
	[ARG_EXIT_SIGNAL] = 17,
	[ARG_STACK] = 0x4000,
	[ARG_STACK_SIZE] = 0x800,
	[ARG_TLS] = 0x5000,
	[ARG_SET_TID] = 0x6000,
	[ARG_SET_TID_SIZE] = 2,
	[ARG_CGROUP] = 9,
};

static void test_clone3_fields(void **state)
{
	const struct request request = unit_clone3_size(every_field, 88);

	(void)state;
	assert_int_equal(request.have, REQUEST_FLAGS | REQUEST_STACK | REQUEST_STACK_SIZE | REQUEST_PARENT_TID |
					       REQUEST_CHILD_TID | REQUEST_TLS | REQUEST_PIDFD | REQUEST_SET_TID |
					       REQUEST_CGROUP);
	assert_int_equal(request.flags, every_field[ARG_FLAGS]);
	assert_int_equal(request.exit_signal, 17);
	assert_int_equal(request.pidfd, 0x1000);
	assert_int_equal(request.child_tid, 0x2000);
	assert_int_equal(request.parent_tid, 0x3000);
	assert_int_equal(request.stack, 0x4000);
	assert_int_equal(request.stack_size, 0x800);
	assert_int_equal(request.tls, 0x5000);
	assert_int_equal(request.set_tid, 0x6000);
	assert_int_equal(request.set_tid_size, 2);
	assert_int_equal(request.cgroup, 9);
	assert_int_equal(request.size, 88);
	assert_int_equal(request.address, 0);
	assert_format(&request,
		      "clone3(CLONE_PIDFD|CLONE_SETTLS|CLONE_PARENT_SETTID|CLONE_CHILD_SETTID|CLONE_INTO_CGROUP, "
		      "exit_signal=SIGCHLD, stack=0x4000+0x800, pidfd=0x1000, parent_tid=0x3000, child_tid=0x2000, "
		      "tls=0x5000, set_tid=0x6000, set_tid_size=2, cgroup=9)");
}

/* What the flags do not use is left out, though the program filled it in. */
static void test_clone3_unused_fields(void **state)
{
	uint64_t fields[32];
	struct request request;

	(void)state;
	memset(fields, 0x11, sizeof(fields));
	fields[ARG_FLAGS] = FLAG_VM;
	fields[ARG_EXIT_SIGNAL] = 0;
	fields[ARG_STACK] = fields[ARG_STACK_SIZE] = 0;
	fields[ARG_SET_TID] = fields[ARG_SET_TID_SIZE] = 0;
	request = unit_clone3_size(fields, 88);
	assert_int_equal(request.have, REQUEST_FLAGS);
	assert_int_equal(request.pidfd | request.child_tid | request.parent_tid | request.tls | request.cgroup, 0);
	assert_format(&request, "clone3(CLONE_VM)");
}

static void test_clone3_sizes(void **state)
{
	struct request request = unit_clone3_size(every_field, 64);

	(void)state;
	assert_true(request.have & REQUEST_SIZE);
	assert_int_equal(request.tls, 0x5000);
	assert_false(request.have & REQUEST_SET_TID);
	assert_int_equal(request.cgroup, 0); /* as the kernel fills it up */
	request = unit_clone3_size(every_field, 80);
	assert_true(request.have & REQUEST_SIZE);
	assert_true(request.have & REQUEST_SET_TID);
	assert_int_equal(request.cgroup, 0);
	request = unit_clone3_size(every_field, 8); /* refused, but the flags can be shown */
	assert_int_equal(request.flags, every_field[ARG_FLAGS]);
	assert_int_equal(request.stack, 0);
	request = unit_clone3_size(every_field, 4);
	assert_int_equal(request.have, REQUEST_SIZE | REQUEST_ARGS_ADDRESS);
	assert_format(&request, "clone3(0x7f0000004000, size=4)");
	request = unit_clone3_size(every_field, 0);
	assert_format(&request, "clone3(0x7f0000004000, size=0)");
}

static void test_clone3_newer(void **state)
{
	uint64_t fields[32] = { [ARG_FLAGS] = FLAG_FS, [11] = 0x77, [13] = 0x99 };
	struct request request = unit_clone3_size(fields, 112);

	(void)state;
	assert_int_equal(request.have, REQUEST_FLAGS | REQUEST_SIZE | REQUEST_NEWER);
	assert_memory_equal(request.newer, &fields[11], 24);
	assert_int_equal(request.newer[24], 0);
	assert_format(&request, "clone3(CLONE_FS, size=112, newer=[0x77, 0x0, 0x99])");
	memset(fields, 0xee, sizeof(fields)); /* more than is kept */
	request = unit_clone3_size(fields, 4096);
	assert_int_equal(request.size, 4096);
	assert_true(request.have & REQUEST_NEWER);
	assert_false(request.have & REQUEST_ARGS_ADDRESS);
	assert_memory_equal(request.newer, fields, sizeof(request.newer));
	fields[ARG_FLAGS] = FLAG_FS; /* zeros beyond are just a size */
	memset(fields + 1, 0, sizeof(fields) - 8);
	request = unit_clone3_size(fields, 96);
	assert_format(&request, "clone3(CLONE_FS, size=96)");
}

static void test_clone3_unreadable(void **state)
{
	const uint64_t args[6] = { 0x10, 88 };
	const struct clone_args_read nothing = { 0 };
	struct clone_args_read half = { .length = 40 };
	struct request request = unit_decode("x86_64", CALL_CLONE3, args, NULL);

	(void)state;
	assert_int_equal(request.have, REQUEST_SIZE | REQUEST_ARGS_ADDRESS);
	assert_int_equal(request.address, 0x10);
	assert_int_equal(request.flags, 0);
	assert_format(&request, "clone3(0x10, size=88)");
	request = unit_decode("x86_64", CALL_CLONE3, args, &nothing);
	assert_format(&request, "clone3(0x10, size=88)");
	/* Half of it read: what there is, and the address. */
	memcpy(half.bytes, every_field, 40);
	request = unit_decode("x86_64", CALL_CLONE3, args, &half);
	assert_int_equal(request.flags, every_field[ARG_FLAGS]);
	assert_int_equal(request.address, 0x10);
	assert_true(request.have & REQUEST_ARGS_ADDRESS);
}

static void test_clone3_csignal_stays(void **state)
{
	const struct request request = unit_clone3(FLAG_VM | 0x91, 10, 0);

	(void)state;
	assert_int_equal(request.flags, FLAG_VM | 0x91);
	assert_int_equal(request.exit_signal, 10);
	assert_format(&request, "clone3(CLONE_NEWTIME|CLONE_VM|0x11, exit_signal=SIGUSR1)");
}

static void test_clone3_odd_values(void **state)
{
	uint64_t fields[32] = { [ARG_EXIT_SIGNAL] = UINT64_C(0x100000011), [ARG_STACK_SIZE] = 0x1000 };
	struct request request = unit_clone3_size(fields, 88);

	(void)state;
	assert_int_equal(request.exit_signal, UINT64_C(0x100000011));
	assert_format(&request, "clone3(0, exit_signal=4294967313, stack=0+0x1000)");
	fields[ARG_EXIT_SIGNAL] = 0;
	fields[ARG_STACK] = 0x1000;
	fields[ARG_STACK_SIZE] = 0;
	fields[ARG_FLAGS] = FLAG_INTO_CGROUP;
	fields[ARG_CGROUP] = UINT64_MAX;
	request = unit_clone3_size(fields, 88);
	assert_format(&request, "clone3(CLONE_INTO_CGROUP, stack=0x1000+0x0, cgroup=-1)");
}

static void test_set_tid(void **state)
{
	const uint64_t args[6] = { 0x7000, 88 };
	uint64_t fields[11] = { [ARG_SET_TID] = 0x6000, [ARG_SET_TID_SIZE] = 3 };
	struct clone_args_read read = { .length = 88, .set_tid_count = 3, .set_tid = { 10, -3, 42 } };
	struct request request;

	(void)state;
	memcpy(read.bytes, fields, sizeof(fields));
	request = unit_decode("x86_64", CALL_CLONE3, args, &read);
	assert_int_equal(request.have, REQUEST_FLAGS | REQUEST_SET_TID | REQUEST_SET_TID_LIST);
	assert_int_equal(request.set_tid_list[1], -3);
	assert_format(&request, "clone3(0, set_tid=[10, -3, 42])");
	read.set_tid_count = 2; /* not all could be read */
	request = unit_decode("x86_64", CALL_CLONE3, args, &read);
	assert_int_equal(request.have, REQUEST_FLAGS | REQUEST_SET_TID);
	assert_format(&request, "clone3(0, set_tid=0x6000, set_tid_size=3)");
	/* A claim beyond the limit, and a reader that claims more than it can hold. */
	fields[ARG_SET_TID_SIZE] = UINT64_MAX;
	memcpy(read.bytes, fields, sizeof(fields));
	read.set_tid_count = SIZE_MAX;
	request = unit_decode("x86_64", CALL_CLONE3, args, &read);
	assert_int_equal(request.set_tid_size, UINT64_MAX);
	assert_true(request.have & REQUEST_SET_TID_LIST);
	assert_int_equal(request.set_tid_list[0], 10);
	/* One of the two without the other, which the kernel refuses. */
	fields[ARG_SET_TID_SIZE] = 0;
	memcpy(read.bytes, fields, sizeof(fields));
	request = unit_decode("x86_64", CALL_CLONE3, args, &read);
	assert_format(&request, "clone3(0, set_tid=0x6000, set_tid_size=0)");
}

/* A length that the reader cannot have read must not be believed. */
static void test_length_is_checked(void **state)
{
	const uint64_t args[6] = { 0x7000, UINT64_MAX };
	const struct clone_args_read read = { .length = SIZE_MAX, .bytes = { [1] = 0x1 } };
	const struct request request = unit_decode("x86_64", CALL_CLONE3, args, &read);

	(void)state;
	assert_int_equal(request.flags, FLAG_VM);
	assert_int_equal(request.size, UINT64_MAX);
	assert_true(request.have & REQUEST_NEWER);
}

static void test_other_calls(void **state)
{
	static const struct {
		enum call call;
		uint64_t first, second;
		unsigned have;
		const char *text;
	} rows[] = {
		{ CALL_UNSHARE, FLAG_NEWUSER | FLAG_NEWNS, 99, REQUEST_FLAGS, "unshare(CLONE_NEWNS|CLONE_NEWUSER)" },
		{ CALL_UNSHARE, FLAG_NEWTIME, 0, REQUEST_FLAGS, "unshare(CLONE_NEWTIME)" },
		{ CALL_UNSHARE, 0, 0, REQUEST_FLAGS, "unshare(0)" },
		{ CALL_UNSHARE, 0x100000, 0, REQUEST_FLAGS, "unshare(UNSHARE_EMPTY_MNTNS)" },
		{ CALL_UNSHARE, 0x1011, 0, REQUEST_FLAGS, "unshare(0x1011)" },
		{ CALL_SETNS, 3, FLAG_NEWNET, REQUEST_FLAGS | REQUEST_ARGS, "setns(3, CLONE_NEWNET)" },
		{ CALL_SETNS, 3, 0, REQUEST_FLAGS | REQUEST_ARGS, "setns(3, 0)" },
		{ CALL_SETNS, 0xffffffff, 0x80, REQUEST_FLAGS | REQUEST_ARGS, "setns(-1, CLONE_NEWTIME)" },
		{ CALL_SETSID, 1, 2, 0, "setsid()" },
		{ CALL_SETPGID, 0, 0, REQUEST_ARGS, "setpgid(0, 0)" },
		{ CALL_SETPGID, 12, UINT64_MAX, REQUEST_ARGS, "setpgid(12, -1)" },
		{ CALL_PRCTL, 36, 1, REQUEST_ARGS, "prctl(PR_SET_CHILD_SUBREAPER, 1)" },
		{ CALL_CLOSE_RANGE, 3, UINT64_MAX, REQUEST_ARGS, "close_range(3, 4294967295, 0)" },
		{ CALL_KILL, UINT64_MAX, 15, REQUEST_ARGS, "kill(-1, SIGTERM)" },
		{ CALL_RT_SIGQUEUEINFO, 12, 200, REQUEST_ARGS, "rt_sigqueueinfo(12, 200)" },
		{ CALL_PIDFD_SEND_SIGNAL, 3, 9, REQUEST_ARGS, "pidfd_send_signal(3, SIGKILL)" },
		{ CALL_SECCOMP, 1, 0, REQUEST_ARGS, "seccomp(0x1, 0x0, 0x0)" },
		{ CALL_IO_URING_SETUP, 8, 0x1000, REQUEST_ARGS, "io_uring_setup(0x8, 0x1000)" },
		{ CALL_EXECVE, 0x1000, 0x2000, REQUEST_ARGS, "execve(0x1000, 0x2000, 0x0)" },
		{ CALL_PTRACE, 0, 0, REQUEST_ARGS, "ptrace(0x0, 0x0, 0x0, 0x0)" },
		{ CALL_EXECVEAT, 3, 0x1000, REQUEST_ARGS, "execveat(0x3, 0x1000, 0x0, 0x0, 0x0)" },
		{ CALL_PRCTL, 38, 1, REQUEST_ARGS, "prctl(38, 0x1, 0x0, 0x0, 0x0)" },
		{ CALL_EXIT, 3, 0, REQUEST_ARGS, "exit(3)" },
		{ CALL_EXIT_GROUP, 0xffffffff, 0, REQUEST_ARGS, "exit_group(-1)" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
		for (unsigned abi = 0; abi_at(abi); abi++) {
			const uint64_t args[6] = { rows[i].first, rows[i].second };
			const struct request request = unit_decode(abi_at(abi)->name, rows[i].call, args, NULL);

			assert_int_equal(request.call, rows[i].call);
			assert_int_equal(request.have, rows[i].have);
			assert_int_equal(request.exit_signal, 0);
			assert_format(&request, rows[i].text);
		}
}

static void test_unknown_call(void **state)
{
	const uint64_t args[6] = { 0 };
	struct request request;

	(void)state;
	memset(&request, 0x5a, sizeof(request));
	assert_int_equal(request_decode(abi_find_name("x86_64"), 0, args, NULL, &request), -ENOENT);
	assert_int_equal(request_decode(abi_find_name("aarch64"), UINT64_MAX, args, NULL, &request), -ENOENT);
	assert_int_equal(((unsigned char *)&request)[0], 0x5a); /* written on success only */
}

static void test_namespaces(void **state)
{
	const uint64_t all = FLAG_NAMESPACES & ~FLAG_NEWTIME;
	struct request request = unit_clone(all | 0x80 | FLAG_FS, 0);

	(void)state;
	assert_int_equal(request_namespaces(&request), all);
	request = unit_clone3(FLAG_NAMESPACES | FLAG_FS, 17, 0);
	assert_int_equal(request_namespaces(&request), FLAG_NAMESPACES);
	request = unit_clone3(FLAG_NEWTIME | FLAG_VM | FLAG_VFORK, 17, 0);
	assert_int_equal(request_namespaces(&request), 0);
	request = unit_clone3(FLAG_EMPTY_MNTNS, 17, 0);
	assert_int_equal(request_namespaces(&request), FLAG_NEWNS);
	request = unit_clone3(FLAG_PARENT_SETTID, 17, 0);
	assert_int_equal(request_namespaces(&request), 0);
	request = unit_call(CALL_UNSHARE, FLAG_UNSHARE_EMPTY_MNTNS | FLAG_NEWTIME | FLAG_VM, 0);
	assert_int_equal(request_namespaces(&request), FLAG_NEWNS | FLAG_NEWTIME);
	request = unit_call(CALL_SETNS, 3, FLAG_NEWNET | FLAG_NEWTIME);
	assert_int_equal(request_namespaces(&request), FLAG_NEWNET | FLAG_NEWTIME);
	request = unit_call(CALL_SETPGID, FLAG_NEWNS, FLAG_NEWNS);
	assert_int_equal(request_namespaces(&request), 0);
}

/* The lines of a glibc program. */
static void test_format_usual(void **state)
{
	const uint64_t fork_args[6] = { 0x1200011, 0, 0, 0x7fa1944d69d0, 0 };
	const uint64_t fields[32] = {
		[ARG_FLAGS] = 0x3d0f00,	      [ARG_CHILD_TID] = 0x7fa1944d5990, [ARG_PARENT_TID] = 0x7fa1944d5990,
		[ARG_STACK] = 0x7fa193ce3000, [ARG_STACK_SIZE] = 0x7ff000,	[ARG_TLS] = 0x7fa1944d56c0
	};
	struct request request = unit_decode("x86_64", CALL_CLONE, fork_args, NULL);

	(void)state;
	assert_format(&request, "clone(CLONE_CHILD_CLEARTID|CLONE_CHILD_SETTID|SIGCHLD, child_tid=0x7fa1944d69d0)");
	request = unit_clone3_size(fields, 88);
	assert_format(&request,
		      "clone3(CLONE_VM|CLONE_FS|CLONE_FILES|CLONE_SIGHAND|CLONE_THREAD|CLONE_SYSVSEM|CLONE_SETTLS|"
		      "CLONE_PARENT_SETTID|CLONE_CHILD_CLEARTID, stack=0x7fa193ce3000+0x7ff000, "
		      "parent_tid=0x7fa1944d5990, child_tid=0x7fa1944d5990, tls=0x7fa1944d56c0)");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_clone_orders),	  cmocka_unit_test(test_clone_unused_arguments),
		cmocka_unit_test(test_clone_pidfd),	  cmocka_unit_test(test_clone_exit_signals),
		cmocka_unit_test(test_clone_low_half),	  cmocka_unit_test(test_i386_cuts_arguments),
		cmocka_unit_test(test_i386_clone3),	  cmocka_unit_test(test_fork_and_vfork),
		cmocka_unit_test(test_clone3_fields),	  cmocka_unit_test(test_clone3_unused_fields),
		cmocka_unit_test(test_clone3_sizes),	  cmocka_unit_test(test_clone3_newer),
		cmocka_unit_test(test_clone3_unreadable), cmocka_unit_test(test_clone3_csignal_stays),
		cmocka_unit_test(test_clone3_odd_values), cmocka_unit_test(test_set_tid),
		cmocka_unit_test(test_length_is_checked), cmocka_unit_test(test_other_calls),
		cmocka_unit_test(test_unknown_call),	  cmocka_unit_test(test_namespaces),
		cmocka_unit_test(test_format_usual),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
