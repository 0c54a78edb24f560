/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Tests the table of namespaces, and what unshare and setns imply. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "clone/check.h"
#include "clone/flags.h"
#include "clone/implied.h"
#include "clone/namespace.h"
#include "clone/request.h"
#include "clone/resource.h"
#include "clone/rules/rules.h"

#define ALL ((1u << NAMESPACE_KINDS) - 1)

/* The numbers that recordings and recorded stops have. */
static const struct {
	const char *key;
	unsigned check;
} recorded[] = {
	{ "cgroup", 6 },
	{ "ipc", 7 },
	{ "mnt", 8 },
	{ "net", 9 },
	{ "pid", 10 },
	{ "time", 11 },
	{ "user", 12 },
	{ "uts", 13 },
	{ "pid_for_children", 18 },
	{ "time_for_children", 19 },
};

/* In a column that counts, each number is in only one row. */
static void test_columns(void **state)
{
	uint64_t flags = 0, checks = 0, others = 0;
	unsigned places = 0, turns = 0;

	(void)state;
	for (unsigned i = 0; i < NAMESPACE_KINDS; i++) {
		assert_true(resource_of_namespace(i) >= RESOURCE_NS && resource_of_namespace(i) <= RESOURCE_NS_LAST);
		assert_int_equal(resource_flag(resource_of_namespace(i)), namespace_row(i)->flag);
		assert_ptr_equal(namespace_of_flag(namespace_row(i)->flag), namespace_row(i));
		assert_non_null(flag_find(namespace_row(i)->flag, CALL_UNSHARE));
		places |= 1u << (resource_of_namespace(i) - RESOURCE_NS);
		turns |= 1u << namespace_in_turn(i)->kind;
		flags |= namespace_row(i)->flag;
	}
	assert_int_equal(places, ALL);
	assert_int_equal(turns, ALL);
	assert_int_equal(flags, FLAG_NAMESPACES);
	assert_int_equal(namespace_in_turn(0)->kind, NAMESPACE_USER);
	assert_null(namespace_of_flag(FLAG_VM));

	for (unsigned i = 0; i < NAMESPACE_COUNT; i++) {
		assert_false(checks >> namespace_row(i)->check & 1);
		checks |= UINT64_C(1) << namespace_row(i)->check;
	}
	assert_int_equal(checks, check_namespaces());
	for (unsigned i = CHECK_MEMORY; i <= CHECK_IO; i++)
		others |= UINT64_C(1) << i;
	for (unsigned i = CHECK_TGID; i <= CHECK_NSTGID; i++)
		others |= UINT64_C(1) << i;
	assert_int_equal(checks & others, 0);
	assert_int_equal(checks | others, (UINT64_C(1) << CHECK_COUNT) - 1);
}

static void test_recorded_numbers(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(recorded) / sizeof(recorded[0]); i++) {
		unsigned ns = 0;

		while (ns < NAMESPACE_COUNT && strcmp(namespace_key(ns), recorded[i].key) != 0)
			ns++;
		assert_true(ns < NAMESPACE_COUNT);
		assert_int_equal(namespace_row(ns)->check, recorded[i].check);
	}
}

static void test_children(void **state)
{
	(void)state;
	for (unsigned i = 0; i < NAMESPACE_KINDS; i++) {
		const struct namespace_row *row = namespace_row(i), *children = namespace_row(row->children);

		assert_int_equal(row->kind, i);
		assert_int_equal(children->kind, i);
		assert_string_equal(namespace_words(row->children), row->words);
		assert_true(row->entered == i || row->entered == row->children);
		if (row->children == i)
			continue;
		assert_true(row->children >= NAMESPACE_KINDS);
		assert_memory_equal(children->key, row->key, strlen(row->key));
		assert_string_equal(children->key + strlen(row->key), "_for_children");
	}
	assert_int_equal(namespace_row(NAMESPACE_PID)->entered, NAMESPACE_PID_CHILDREN);
	assert_int_equal(namespace_row(NAMESPACE_TIME)->entered, NAMESPACE_TIME);
}

static uint64_t implied(enum call call, uint64_t flags)
{
	const struct request request = { .call = call, .have = REQUEST_FLAGS, .flags = flags };

	return implied_flags(&request);
}

static void test_implied(void **state)
{
	static const struct {
		enum call call;
		uint64_t flags, implied;
	} cases[] = {
		{ CALL_UNSHARE, FLAG_NEWUSER, FLAG_NEWUSER | FLAG_THREAD | FLAG_FS },
		{ CALL_UNSHARE, FLAG_VM, FLAG_VM | FLAG_SIGHAND | FLAG_THREAD },
		{ CALL_UNSHARE, FLAG_SIGHAND, FLAG_SIGHAND | FLAG_THREAD },
		{ CALL_UNSHARE, FLAG_NEWNS, FLAG_NEWNS | FLAG_FS },
		{ CALL_UNSHARE, FLAG_NEWIPC, FLAG_NEWIPC | FLAG_SYSVSEM },
		{ CALL_UNSHARE, FLAG_UNSHARE_EMPTY_MNTNS, FLAG_UNSHARE_EMPTY_MNTNS | FLAG_NEWNS | FLAG_FS },
		{ CALL_UNSHARE, FLAG_NEWTIME | FLAG_FILES, FLAG_NEWTIME | FLAG_FILES },
		{ CALL_SETNS, FLAG_NEWUSER, FLAG_NEWUSER },
		{ CALL_SETNS, FLAG_NEWNS | FLAG_NEWIPC, FLAG_NEWNS | FLAG_NEWIPC | FLAG_FS | FLAG_SYSVSEM },
		{ CALL_CLONE, FLAG_NEWNS | FLAG_NEWUSER | FLAG_VM, FLAG_NEWNS | FLAG_NEWUSER | FLAG_VM },
		{ CALL_CLONE, FLAG_NEWTIME, 0 }, /* a part of the exit signal */
		{ CALL_CLONE3, FLAG_NEWTIME, FLAG_NEWTIME },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
		assert_int_equal(implied(cases[i].call, cases[i].flags), cases[i].implied);
}

/* The rules that refuse an unshare name the flags that imply what the rule is about. */
static void test_implied_by_rules(void **state)
{
	static const struct {
		const char *rule;
		uint64_t implied;
	} rules[] = { { "unshare-threads", FLAG_THREAD }, { "unshare-handlers", FLAG_SIGHAND } };
	size_t count, found = 0;
	const struct rule *table = rules_table(&count);

	(void)state;
	for (size_t i = 0; i < count; i++)
		for (size_t j = 0; j < sizeof(rules) / sizeof(rules[0]); j++) {
			if (strcmp(table[i].name, rules[j].rule) != 0)
				continue;
			found++;
			for (uint64_t bit = 1; bit; bit <<= 1)
				if (flag_find(bit, CALL_UNSHARE))
					assert_int_equal(!!(implied(CALL_UNSHARE, bit) & rules[j].implied),
							 !!(table[i].any & bit));
		}
	assert_int_equal(found, 2);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_columns),		 cmocka_unit_test(test_recorded_numbers),
		cmocka_unit_test(test_children),	 cmocka_unit_test(test_implied),
		cmocka_unit_test(test_implied_by_rules),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
