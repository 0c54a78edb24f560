/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Tests the kind of every combination of the flags that matter, against properties stated on their own. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdbool.h>

#include "clone/flags.h"
#include "clone/kind.h"
#include "requests.h"

static const uint64_t bits[] = {
	FLAG_VM,     FLAG_FS,	   FLAG_FILES,	FLAG_SIGHAND, FLAG_THREAD,    FLAG_VFORK,
	FLAG_PARENT, FLAG_SYSVSEM, FLAG_SETTLS, FLAG_NEWNS,   FLAG_NEWCGROUP, FLAG_NEWUTS,
	FLAG_NEWIPC, FLAG_NEWUSER, FLAG_NEWPID, FLAG_NEWNET,  FLAG_NEWTIME,
};
#define BITS (sizeof(bits) / sizeof(bits[0]))

static uint64_t combination(unsigned number)
{
	uint64_t flags = 0;

	for (size_t i = 0; i < BITS; i++)
		flags |= number & 1U << i ? bits[i] : 0;
	return flags;
}

/* Requests are decoded once and then varied: decoding each of a million would test the decoder again. */
static enum kind kind_with(struct request *request, uint64_t flags, uint64_t exit_signal)
{
	request->flags = flags;
	request->exit_signal = exit_signal;
	return kind_of(request);
}

/* What must hold of KIND, whatever the code does to find it. The namespace bits are written as a number of their own:
 * NEWNS, and NEWCGROUP to NEWNET; NEWTIME is one for clone3 alone, and not with shared memory. */
static void assert_properties(uint64_t flags, enum call call, enum kind kind)
{
	const bool thread = flags >> 16 & 1, memory = flags >> 8 & 1, vfork = flags >> 14 & 1;
	const bool time = call == CALL_CLONE3 && flags >> 7 & 1 && !memory;
	const bool spaces = (flags & 0x7e020000) || time;

	assert_int_equal(thread, kind == KIND_THREAD);
	assert_int_equal(!thread && spaces, kind == KIND_PROCESS_NAMESPACES);
	if (kind == KIND_PROCESS_VFORK)
		assert_true(memory && vfork);
	if (kind == KIND_PROCESS_SHARING)
		assert_true(memory && !vfork);
	if (kind == KIND_PROCESS)
		assert_false(memory);
	assert_int_not_equal(kind, KIND_UNKNOWN);
	assert_true(kind >= KIND_THREAD && kind <= KIND_PROCESS_NAMESPACES);
}

static void test_all_combinations(void **state)
{
	static const uint64_t signals[] = { 0, 17, 10 };
	struct request clone = unit_clone(17, 0), clone3 = unit_clone3(0, 17, 0);

	(void)state;
	for (unsigned number = 0; number < 1U << BITS; number++) {
		const uint64_t flags = combination(number);

		for (size_t i = 0; i < 3; i++) {
			assert_properties(flags, CALL_CLONE3, kind_with(&clone3, flags, signals[i]));
			/* clone cannot say NEWTIME: the bit must be without effect should it be there */
			assert_properties(flags, CALL_CLONE, kind_with(&clone, flags, signals[i]));
		}
	}
}

/* These never change the kind: everything but VM, VFORK, THREAD and the namespaces. */
static void test_bits_without_say(void **state)
{
	static const uint64_t silent = FLAG_FS | FLAG_FILES | FLAG_SIGHAND | FLAG_PARENT | FLAG_SYSVSEM | FLAG_SETTLS;
	struct request request = unit_clone3(0, 17, 0);

	(void)state;
	for (unsigned number = 0; number < 1U << BITS; number++) {
		const uint64_t flags = combination(number);

		assert_int_equal(kind_with(&request, flags, 17), kind_with(&request, flags & ~silent, 17));
	}
}

/* Taking CLONE_THREAD away from a thread always leaves a process, and no other bit does. */
static void test_only_thread_makes_threads(void **state)
{
	struct request request = unit_clone3(0, 0, 0);

	(void)state;
	for (unsigned number = 0; number < 1U << BITS; number++) {
		const uint64_t flags = combination(number);

		assert_int_not_equal(kind_with(&request, flags & ~FLAG_THREAD, 0), KIND_THREAD);
		assert_int_equal(kind_with(&request, flags | FLAG_THREAD, 0), KIND_THREAD);
	}
}

/* The kernel's choice of ptrace event misleads in each of these. */
static void test_not_the_ptrace_event(void **state)
{
	struct request request = unit_clone(0, UNIT_STACK); /* EVENT_CLONE */

	(void)state;
	assert_int_equal(kind_of(&request), KIND_PROCESS);
	request = unit_clone(10, 0); /* EVENT_CLONE */
	assert_int_equal(kind_of(&request), KIND_PROCESS);
	request = unit_clone(0x50f00 | 17, UNIT_STACK); /* EVENT_FORK */
	assert_int_equal(kind_of(&request), KIND_THREAD);
	request = unit_clone(0x50f00 | 0x4000, UNIT_STACK); /* EVENT_VFORK */
	assert_int_equal(kind_of(&request), KIND_THREAD);
	request = unit_clone(FLAG_VFORK | 17, 0); /* EVENT_VFORK, memory copied */
	assert_int_equal(kind_of(&request), KIND_PROCESS);
}

static void test_usual(void **state)
{
	struct request request = unit_call(CALL_FORK, 0, 0);

	(void)state;
	assert_int_equal(kind_of(&request), KIND_PROCESS);
	request = unit_call(CALL_VFORK, 0, 0);
	assert_int_equal(kind_of(&request), KIND_PROCESS_VFORK);
	request = unit_clone(0x1200011, 0);
	assert_int_equal(kind_of(&request), KIND_PROCESS);
	request = unit_clone3(0x3d0f00, 0, UNIT_STACK);
	assert_int_equal(kind_of(&request), KIND_THREAD);
	request = unit_clone3(0x100004100, 17, UNIT_STACK);
	assert_int_equal(kind_of(&request), KIND_PROCESS_VFORK);
	request = unit_clone(0xf00 | 17, UNIT_STACK);
	assert_int_equal(kind_of(&request), KIND_PROCESS_SHARING);
	request = unit_clone(FLAG_NEWPID | 17, 0);
	assert_int_equal(kind_of(&request), KIND_PROCESS_NAMESPACES);
	request = unit_clone3(FLAG_EMPTY_MNTNS, 17, 0);
	assert_int_equal(kind_of(&request), KIND_PROCESS_NAMESPACES);
}

static void test_unknown(void **state)
{
	const uint64_t args[6] = { 0x1000, 88 };
	struct request request = unit_decode("x86_64", CALL_CLONE3, args, NULL);

	(void)state;
	assert_int_equal(kind_of(&request), KIND_UNKNOWN);
	request = unit_call(CALL_UNSHARE, FLAG_THREAD, 0);
	assert_int_equal(kind_of(&request), KIND_UNKNOWN);
	request = unit_call(CALL_SETSID, 0, 0);
	assert_int_equal(kind_of(&request), KIND_UNKNOWN);
}

static void test_names(void **state)
{
	(void)state;
	assert_string_equal(kind_name(KIND_UNKNOWN), "unknown");
	assert_string_equal(kind_name(KIND_THREAD), "thread");
	assert_string_equal(kind_name(KIND_PROCESS), "process");
	assert_string_equal(kind_name(KIND_PROCESS_VFORK), "process-vfork");
	assert_string_equal(kind_name(KIND_PROCESS_SHARING), "process-sharing");
	assert_string_equal(kind_name(KIND_PROCESS_NAMESPACES), "process-namespaces");
	assert_string_equal(kind_name(KIND_COUNT), "unknown");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_all_combinations),
		cmocka_unit_test(test_bits_without_say),
		cmocka_unit_test(test_only_thread_makes_threads),
		cmocka_unit_test(test_not_the_ptrace_event),
		cmocka_unit_test(test_usual),
		cmocka_unit_test(test_unknown),
		cmocka_unit_test(test_names),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
