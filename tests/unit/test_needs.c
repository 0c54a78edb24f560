/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Tests which requests break which rule; that the rules are the kernel's own is for tests/live/needs.c. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <errno.h>
#include <string.h>

#include "base/text.h"
#include "clone/flags.h"
#include "clone/needs.h"
#include "requests.h"

static void assert_broken(struct request request, const char *expected)
{
	const struct need *need = need_broken(&request);
	struct text text = TEXT_INIT;

	if (need)
		need_explain(&text, need, &request);
	assert_string_equal(text_get(&text), expected);
	text_done(&text);
}

static void test_flags(void **state)
{
	(void)state;
	assert_broken(unit_clone(0x1200011, 0), "");
	assert_broken(unit_clone3(0x3d0f00, 0, UNIT_STACK), "");
	assert_broken(unit_clone(0x7d0f00, UNIT_STACK), "");
	assert_broken(unit_call(CALL_FORK, 0, 0), "");
	assert_broken(unit_clone(FLAG_THREAD, 0), "CLONE_THREAD needs CLONE_SIGHAND, which is not set");
	assert_broken(unit_clone(FLAG_SIGHAND | 17, 0), "CLONE_SIGHAND needs CLONE_VM, which is not set");
	assert_broken(unit_clone(FLAG_NEWNS | FLAG_FS | 17, 0), "CLONE_NEWNS and CLONE_FS exclude each other");
	assert_broken(unit_clone(FLAG_SYSVSEM | FLAG_NEWIPC | 17, 0),
		      "CLONE_SYSVSEM and CLONE_NEWIPC exclude each other");
	assert_broken(unit_clone3(FLAG_PIDFD_AUTOKILL, 0, 0),
		      "CLONE_PIDFD_AUTOKILL needs CLONE_PIDFD|CLONE_AUTOREAP, which are not set");
	assert_broken(unit_clone3(FLAG_DETACHED, 17, 0), "clone3 refuses bits that it does not know, here 0x400000");
	assert_broken(unit_clone(FLAG_DETACHED | 17, 0), "");
	assert_broken(unit_call(CALL_UNSHARE, FLAG_VFORK, 0),
		      "unshare refuses bits that it does not know, here 0x4000");
	assert_broken(unit_call(CALL_UNSHARE, FLAG_NEWNS | FLAG_FS, 0), "");
	assert_broken(unit_call(CALL_SETNS, 3, FLAG_FS), "setns takes the flags of namespaces alone, here 0x200");
	assert_broken(unit_call(CALL_SETNS, 3, 0), "");
}

static void test_arguments(void **state)
{
	uint64_t fields[32] = { [ARG_FLAGS] = FLAG_PIDFD | FLAG_PARENT_SETTID, [ARG_PIDFD] = 8, [ARG_PARENT_TID] = 8 };

	(void)state;
	assert_broken(unit_clone3_size(fields, 88), "pidfd and parent_tid point to one place");
	fields[ARG_PIDFD] = 16;
	assert_broken(unit_clone3_size(fields, 88), "");
	assert_broken(unit_clone3_size(fields, 56), "clone3's struct has at least 64 bytes");
	fields[ARG_FLAGS] = FLAG_INTO_CGROUP;
	assert_broken(unit_clone3_size(fields, 80), "CLONE_INTO_CGROUP needs the field cgroup: a struct of 88 bytes");
	fields[ARG_FLAGS] = 0;
	fields[ARG_STACK] = UNIT_STACK;
	assert_broken(unit_clone3_size(fields, 88), "stack and stack_size are given both or not at all");
	fields[ARG_STACK] = 0;
	fields[ARG_SET_TID_SIZE] = 1;
	assert_broken(unit_clone3_size(fields, 88),
		      "set_tid and set_tid_size go together, and there are at most 32 entries");
	assert_broken(unit_clone3(0, 65, 0), "the last signal is 64");
	assert_broken(unit_clone3(FLAG_PARENT, 17, 0),
		      "CLONE_PARENT takes over the caller's exit signal: clone3 wants 0");
	assert_broken(unit_clone(FLAG_PARENT | 17, 0), "");
	assert_broken(unit_clone(FLAG_VM | FLAG_SIGHAND | FLAG_THREAD | 17, UNIT_STACK), "");
}

/* What is not known breaks nothing. */
static void test_unknown(void **state)
{
	const uint64_t args[6] = { 0x1000, 88 };
	const struct request request = unit_decode("x86_64", CALL_CLONE3, args, NULL);
	size_t index = 0;

	(void)state;
	assert_broken(request, "");
	assert_null(condition_next(&request, &index));
}

static void test_once(void **state)
{
	const struct request request = unit_clone(0x10900 | FLAG_PIDFD, UNIT_STACK);
	size_t index = 0;
	const struct need *need = need_broken_once(&request, &index);

	(void)state;
	assert_null(need_broken(&request));
	assert_non_null(need);
	assert_string_equal(need->until, "6.9");
	assert_null(need_broken_once(&request, &index));
}

static void test_conditions(void **state)
{
	struct request request = unit_clone(FLAG_NEWNET | 17, 0);
	const struct condition *condition;
	size_t index = 0;

	(void)state;
	condition = condition_next(&request, &index);
	assert_non_null(condition);
	assert_int_equal(condition->error, EPERM);
	assert_null(condition_next(&request, &index));
	/* the new user namespace gives what it takes */
	request = unit_clone(FLAG_NEWNET | FLAG_NEWUSER | 17, 0);
	for (index = 0; (condition = condition_next(&request, &index));)
		assert_null(strstr(condition->text, "CAP_SYS_ADMIN"));
	request = unit_clone(17, 0);
	index = 0;
	assert_null(condition_next(&request, &index));
}

static void test_tables(void **state)
{
	size_t need_count, condition_count;
	const struct need *needs = need_table(&need_count);
	const struct condition *conditions = condition_table(&condition_count);

	(void)state;
	for (size_t i = 0; i < need_count; i++) {
		assert_true(strlen(needs[i].source) > 5 && needs[i].error > 0);
		assert_true(needs[i].text || needs[i].needs || needs[i].excludes);
	}
	for (size_t i = 0; i < condition_count; i++)
		assert_true(strlen(conditions[i].source) > 5 && strlen(conditions[i].text) > 5);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_flags), cmocka_unit_test(test_arguments),	 cmocka_unit_test(test_unknown),
		cmocka_unit_test(test_once),  cmocka_unit_test(test_conditions), cmocka_unit_test(test_tables),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
