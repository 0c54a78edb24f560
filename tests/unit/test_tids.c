/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Finding by tid: everything that was added is found, and nothing else, however many tids there are and however far
 * apart. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include "base/mem.h"
#include "base/tids.h"

#define COUNT 3000

struct thing {
	int number;
	struct tids_link link;
};

static struct thing *find(const struct tids *tids, pid_t tid)
{
	struct tids_link *link = tids_find(tids, tid);

	return link ? TIDS_ENTRY(link, struct thing, link) : NULL;
}

static void test_empty(void **state)
{
	struct tids tids = { 0 };
	struct thing thing = { 0 };

	(void)state;
	assert_null(find(&tids, 0));
	assert_null(find(&tids, 7));
	tids_remove(&tids, &thing.link);
	tids_done(&tids);
}

/* Tids from FIRST on, STEP apart: neighbors, and tids that all belong to one row. */
static void add_and_remove(int64_t first, int64_t step)
{
	struct thing *things = mem_zalloc(COUNT, sizeof(*things));
	struct tids tids = { 0 };

	for (int i = 0; i < COUNT; i++) {
		assert_null(find(&tids, (pid_t)(first + i * step)));
		tids_add(&tids, &things[i].link, (pid_t)(first + i * step));
	}
	assert_int_equal(tids.count, COUNT);
	assert_true(tids.size >= COUNT); /* enough rows, so that rows of neighbors are short */
	for (int i = 0; i < COUNT; i += 3)
		tids_remove(&tids, &things[i].link);
	tids_remove(&tids, &things[0].link); /* the link is already out */
	assert_int_equal(tids.count, COUNT - COUNT / 3);
	for (int i = 0; i < COUNT; i++)
		assert_ptr_equal(find(&tids, (pid_t)(first + i * step)), i % 3 ? &things[i] : NULL);
	tids_add(&tids, &things[0].link, (pid_t)first);
	assert_ptr_equal(find(&tids, (pid_t)first), &things[0]);
	tids_done(&tids);
	free(things);
}

static void test_many(void **state)
{
	(void)state;
	add_and_remove(1, 1);
	add_and_remove(100000, 4096);
	add_and_remove(INT32_MAX - COUNT, 1);
	add_and_remove(-COUNT / 2, 1);
}

/* Taking out a former owner of a tid does not take out the owner that has the tid now. */
static void test_taken_over(void **state)
{
	struct thing old = { 0 }, new = { 0 };
	struct tids tids = { 0 };

	(void)state;
	tids_add(&tids, &old.link, 5);
	tids_remove(&tids, &old.link);
	tids_add(&tids, &new.link, 5);
	tids_remove(&tids, &old.link);
	assert_ptr_equal(find(&tids, 5), &new);
	tids_done(&tids);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_empty),
		cmocka_unit_test(test_many),
		cmocka_unit_test(test_taken_over),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
