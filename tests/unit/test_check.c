/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Tests what flags promise, against what becomes of each resource; and what differs, and why. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "clone/check.h"
#include "clone/flags.h"
#include "clone/resource.h"
#include "requests.h"

#define BIT(check) (UINT64_C(1) << (check))
#define SIGNO_CHLD 17
#define ALL (BIT(CHECK_NS_PID_CHILDREN) - 1) /* but what no flag promises */

static const struct {
	enum check check;
	enum resource resource;
} pairs[] = {
	{ CHECK_MEMORY, RESOURCE_MEMORY },
	{ CHECK_FILES, RESOURCE_FILES },
	{ CHECK_FS, RESOURCE_FS },
	{ CHECK_SIGHAND, RESOURCE_SIGHAND },
	{ CHECK_SYSVSEM, RESOURCE_SYSVSEM },
	{ CHECK_IO, RESOURCE_IO },
	{ CHECK_TGID, RESOURCE_THREAD_GROUP },
	{ CHECK_NSTGID, RESOURCE_THREAD_GROUP },
	{ CHECK_PPID, RESOURCE_PARENT },
	{ CHECK_NS_CGROUP, RESOURCE_NS_CGROUP },
	{ CHECK_NS_IPC, RESOURCE_NS_IPC },
	{ CHECK_NS_MNT, RESOURCE_NS_MNT },
	{ CHECK_NS_NET, RESOURCE_NS_NET },
	{ CHECK_NS_PID, RESOURCE_NS_PID },
	{ CHECK_NSPID, RESOURCE_NS_PID },
	{ CHECK_NS_TIME, RESOURCE_NS_TIME },
	{ CHECK_NS_USER, RESOURCE_NS_USER },
	{ CHECK_NS_UTS, RESOURCE_NS_UTS },
};

/* The numbers and words that recordings have, and the types for kcmp(2). */
static void test_objects(void **state)
{
	static const char *const keys[OBJECT_COUNT] = { "memory", "files", "fs", "sighand", "sysvsem", "io" };

	(void)state;
	assert_int_equal(OBJECT_COUNT, 6);
	for (unsigned i = 0; i < OBJECT_COUNT; i++) {
		assert_string_equal(check_key((enum check)i), keys[i]);
		assert_int_equal(pairs[i].check, i);
		assert_int_equal(object_row(i)->resource, pairs[i].resource);
		assert_int_equal(object_row(i)->flag, resource_flag(pairs[i].resource));
		assert_int_equal(object_row(i)->optional, i == OBJECT_SYSVSEM || i == OBJECT_IO);
		assert_string_equal(object_name(i), resource_name(pairs[i].resource));
	}
}

/* The matrix of -v and what is asked of the kernel are one: a namespace that is not new is the creator's. */
static void check_against_matrix(const struct request *request)
{
	enum outcome outcomes[RESOURCE_COUNT];
	struct check_masks said;

	resource_outcomes(request, outcomes);
	check_expect(request, &said);
	assert_int_equal(said.shared | said.apart, ALL);
	assert_int_equal(said.shared & said.apart, 0);
	for (size_t i = 0; i < sizeof(pairs) / sizeof(pairs[0]); i++) {
		const enum outcome outcome = outcomes[pairs[i].resource];
		const bool shared = outcome == OUTCOME_SHARED || outcome == OUTCOME_SHARED_EXEC ||
				    outcome == OUTCOME_CALLERS || outcome == OUTCOME_NEW_CHILDREN ||
				    outcome == OUTCOME_SHARED_ANY;
		const bool may_lack = pairs[i].check == CHECK_IO || pairs[i].check == CHECK_SYSVSEM;

		if (!(said.shared & BIT(pairs[i].check)) == shared)
			fail_msg("flags 0x%llx: %s", (unsigned long long)request->flags, check_name(pairs[i].check));
		/* The kernel may answer that neither has one. copy_semundo() makes a list where one is shared. */
		if (may_lack && (outcome == OUTCOME_NEW || (outcome == OUTCOME_SHARED && pairs[i].check == CHECK_IO)))
			fail_msg("flags 0x%llx: %s is there", (unsigned long long)request->flags,
				 check_name(pairs[i].check));
	}
}

static void test_every_flag_set(void **state)
{
	static const uint64_t flags[] = { FLAG_VM,     FLAG_FS,	    FLAG_FILES, FLAG_SIGHAND, FLAG_THREAD, FLAG_IO,
					  FLAG_PARENT, FLAG_NEWPID, FLAG_NEWNS, FLAG_NEWUSER, FLAG_VFORK };

	(void)state;
	for (unsigned set = 0; set < 1U << (sizeof(flags) / sizeof(flags[0])); set++) {
		struct request request;
		uint64_t of = 0;

		for (unsigned i = 0; i < sizeof(flags) / sizeof(flags[0]); i++)
			of |= set >> i & 1 ? flags[i] : 0;
		request = unit_clone(of | SIGNO_CHLD, UNIT_STACK);
		check_against_matrix(&request);
		request = unit_clone3(of | FLAG_NEWTIME | FLAG_NEWNET, 0, UNIT_STACK);
		check_against_matrix(&request);
		request = unit_clone3(of | FLAG_SYSVSEM | FLAG_NEWUTS | FLAG_NEWIPC | FLAG_NEWCGROUP, 0, UNIT_STACK);
		check_against_matrix(&request);
	}
}

/* The low eight bits of clone are a signal's. */
static void test_exit_signal_is_no_namespace(void **state)
{
	struct request request = unit_clone(FLAG_NEWTIME | SIGNO_CHLD, 0);
	struct check_masks said;

	(void)state;
	check_expect(&request, &said);
	assert_true(said.shared & BIT(CHECK_NS_TIME));
}

static void test_unshare(void **state)
{
	struct request request = unit_call(CALL_UNSHARE, FLAG_FILES, 0);
	struct check_masks said;

	(void)state;
	check_expect(&request, &said);
	assert_int_equal(said.shared, 0);
	assert_int_equal(said.apart, BIT(CHECK_FILES));
	request = unit_call(CALL_UNSHARE, FLAG_NEWUSER | FLAG_NEWPID | FLAG_NEWIPC | FLAG_VM, 0);
	check_expect(&request, &said);
	assert_int_equal(said.apart, BIT(CHECK_NS_USER) | BIT(CHECK_FS) | BIT(CHECK_NS_IPC) | BIT(CHECK_SYSVSEM) |
					     BIT(CHECK_NS_PID_CHILDREN));
	request = unit_call(CALL_UNSHARE, FLAG_NEWTIME, 0);
	check_expect(&request, &said);
	assert_int_equal(said.apart, BIT(CHECK_NS_TIME_CHILDREN));
	request = unit_call(CALL_SETNS, 3, FLAG_NEWNET);
	check_expect(&request, &said);
	assert_int_equal(said.shared | said.apart, 0); /* it may be the one that it is in */
	request = unit_call(CALL_SETNS, 3, FLAG_NEWIPC);
	check_expect(&request, &said);
	assert_int_equal(said.shared, 0);
	assert_int_equal(said.apart, BIT(CHECK_SYSVSEM));
	request = unit_call(CALL_SETSID, 0, 0);
	check_expect(&request, &said);
	assert_int_equal(said.shared | said.apart, 0);
	check_expect_exec(&said);
	assert_int_equal(said.apart, BIT(CHECK_MEMORY) | BIT(CHECK_FILES) | BIT(CHECK_SIGHAND));
}

/* A clone3 whose struct could not be read promises nothing that we know. */
static void test_unknown_flags(void **state)
{
	const uint64_t args[6] = { 0x7f0000004000, CLONE_ARGS_SIZE_VER2 };
	struct request request = unit_decode("x86_64", CALL_CLONE3, args, NULL);
	struct check_masks said = { 1, 1 };

	(void)state;
	check_expect(&request, &said);
	assert_int_equal(said.shared | said.apart, 0);
}

static void test_differences(void **state)
{
	const struct check_masks said = { .shared = BIT(CHECK_MEMORY) | BIT(CHECK_IO),
					  .apart = BIT(CHECK_FILES) | BIT(CHECK_SYSVSEM) };
	const struct check_answers agree = { .shared = said.shared, .apart = said.apart };
	const struct check_answers neither = { .shared = BIT(CHECK_MEMORY),
					       .apart = BIT(CHECK_FILES),
					       .neither = BIT(CHECK_IO) | BIT(CHECK_SYSVSEM) };
	const struct check_answers wrong = { .shared = said.apart, .apart = said.shared };
	const struct check_answers refused = { .refused = UINT64_MAX, .error = 1 };

	(void)state;
	assert_int_equal(check_differences(&said, &agree), 0);
	/* To have none each is not to share, in which no flag is broken but the one that promised it. */
	assert_int_equal(check_differences(&said, &neither), BIT(CHECK_IO));
	assert_int_equal(check_differences(&said, &wrong), said.shared | said.apart);
	assert_int_equal(check_differences(&said, &refused), 0);
}

static void test_causes(void **state)
{
	const struct check_answers none = { .neither = BIT(CHECK_IO) | BIT(CHECK_SYSVSEM) };
	const struct check_answers apart = { .apart = BIT(CHECK_IO) | BIT(CHECK_NS_PID) | BIT(CHECK_NS_TIME) };
	const struct check_answers children = { .apart = BIT(CHECK_NS_PID) | BIT(CHECK_NSPID) | BIT(CHECK_NS_TIME),
						.shared = BIT(CHECK_NS_PID_CHILDREN) | BIT(CHECK_NS_TIME_CHILDREN) };

	(void)state;
	assert_int_equal(check_cause(CHECK_IO, &none), CAUSE_NO_IO_CONTEXT);
	assert_int_equal(check_cause(CHECK_SYSVSEM, &none), CAUSE_UNKNOWN);
	assert_int_equal(check_cause(CHECK_IO, &apart), CAUSE_UNKNOWN);
	assert_int_equal(check_cause(CHECK_NS_PID, &apart), CAUSE_UNKNOWN);
	assert_int_equal(check_cause(CHECK_NS_TIME, &apart), CAUSE_UNKNOWN);
	assert_int_equal(check_cause(CHECK_NS_PID, &children), CAUSE_FOR_CHILDREN);
	assert_int_equal(check_cause(CHECK_NSPID, &children), CAUSE_FOR_CHILDREN);
	assert_int_equal(check_cause(CHECK_NS_TIME, &children), CAUSE_FOR_CHILDREN);
	assert_int_equal(check_cause(CHECK_MEMORY, &children), CAUSE_UNKNOWN);
}

/* Each has a name and a key of its own, and a number in recordings that stays. */
static void test_names(void **state)
{
	(void)state;
	for (unsigned i = 0; i < CHECK_COUNT; i++) {
		assert_true(check_name((enum check)i)[0]);
		for (unsigned j = 0; j < i; j++) {
			assert_string_not_equal(check_key((enum check)i), check_key((enum check)j));
			assert_string_not_equal(check_name((enum check)i), check_name((enum check)j));
		}
	}
	assert_string_equal(check_key((enum check)0), "memory");
	assert_string_equal(check_key((enum check)5), "io");
	assert_string_equal(check_key((enum check)6), "cgroup_ns");
	assert_string_equal(check_key((enum check)13), "uts_ns");
	assert_string_equal(check_key((enum check)17), "nstgid");
	assert_string_equal(check_key((enum check)19), "time_for_children");
	assert_int_equal(CHECK_COUNT, 20);
	for (unsigned i = 0; i < CAUSE_COUNT; i++)
		assert_true(check_cause_explain((enum check_cause)i)[0] && check_cause_name((enum check_cause)i)[0]);
	assert_string_equal(check_cause_name((enum check_cause)77), "unknown"); /* of a newer recording */
	assert_string_equal(check_cause_explain((enum check_cause)77), check_cause_explain(CAUSE_UNKNOWN));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_every_flag_set), cmocka_unit_test(test_exit_signal_is_no_namespace),
		cmocka_unit_test(test_unshare),	       cmocka_unit_test(test_unknown_flags),
		cmocka_unit_test(test_differences),    cmocka_unit_test(test_causes),
		cmocka_unit_test(test_names),	       cmocka_unit_test(test_objects),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
