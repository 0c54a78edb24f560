/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Tests of the histogram: quantiles against those of the sorted numbers themselves. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/histogram.h"

static struct histogram histogram;

static int empty(void **state)
{
	(void)state;
	memset(&histogram, 0, sizeof(histogram));
	return 0;
}

static void test_empty(void **state)
{
	(void)state;
	assert_int_equal(histogram_quantile(&histogram, 500), 0);
}

static void test_small_numbers_are_exact(void **state)
{
	(void)state;
	for (uint64_t i = 1; i <= 60; i++)
		histogram_add(&histogram, i);
	assert_int_equal(histogram.least, 1);
	assert_int_equal(histogram.most, 60);
	assert_int_equal(histogram_quantile(&histogram, 1), 1);
	assert_int_equal(histogram_quantile(&histogram, 500), 30);
	assert_int_equal(histogram_quantile(&histogram, 900), 54);
	assert_int_equal(histogram_quantile(&histogram, 1000), 60);
}

static void test_one_number(void **state)
{
	static const uint64_t numbers[] = { 0, 63, 64, 12345678901, UINT64_MAX };

	for (size_t i = 0; i < sizeof(numbers) / sizeof(numbers[0]); i++) {
		empty(state);
		histogram_add(&histogram, numbers[i]);
		assert_true(histogram_quantile(&histogram, 500) == numbers[i]);
		assert_true(histogram_quantile(&histogram, 990) == numbers[i]);
	}
}

static void test_same_numbers(void **state)
{
	(void)state;
	for (int i = 0; i < 1000; i++)
		histogram_add(&histogram, 1000003);
	assert_int_equal(histogram_quantile(&histogram, 500), 1000003);
}

static int compare(const void *a, const void *b)
{
	const uint64_t one = *(const uint64_t *)a, other = *(const uint64_t *)b;

	return one < other ? -1 : one > other;
}

/* Every number of bits has its turn. */
static void test_precision(void **state)
{
	enum { COUNT = 6400 };
	static uint64_t numbers[COUNT];
	uint64_t seed = 1;

	(void)state;
	for (unsigned i = 0; i < COUNT; i++) {
		seed = seed * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
		numbers[i] = (seed ^ seed >> 29) >> i % 64;
		histogram_add(&histogram, numbers[i]);
	}
	qsort(numbers, COUNT, sizeof(numbers[0]), compare);
	assert_true(histogram.least == numbers[0] && histogram.most == numbers[COUNT - 1]);
	for (unsigned per_mille = 1; per_mille <= 1000; per_mille++) {
		const uint64_t exact = numbers[(COUNT * per_mille + 999) / 1000 - 1];
		const uint64_t reported = histogram_quantile(&histogram, per_mille);

		assert_true((reported > exact ? reported - exact : exact - reported) <= exact / 64);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup(test_empty, empty),
		cmocka_unit_test_setup(test_small_numbers_are_exact, empty),
		cmocka_unit_test_setup(test_one_number, empty),
		cmocka_unit_test_setup(test_same_numbers, empty),
		cmocka_unit_test_setup(test_precision, empty),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
