/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Tests of what summary is made of: counts and their order, the rate over time and its plot, times in words. */
#include <inttypes.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "base/clock.h"
#include "base/text.h"
#include "render/count.h"
#include "render/rate.h"
#include "render/words.h"

/* ---- counts ---- */

static void call(struct count *count, const char *name, uint64_t duration)
{
	count_call(count, count_row(count, name, strlen(name)), duration ? &duration : NULL);
}

static void check_order(struct count *count, enum sink_sort sort, const char *expected)
{
	struct text names = TEXT_INIT;

	count_sort(count, sort);
	for (const struct count_row *row = count->rows; row; row = row->hh.next)
		text_addf(&names, "%s%s", names.length ? " " : "", row->name);
	assert_string_equal(text_get(&names), expected);
	text_done(&names);
}

static void test_sorting(void **state)
{
	struct count count = { .rows = NULL };

	(void)state;
	call(&count, "often", 5);
	call(&count, "often", 6);
	call(&count, "often", 7);
	call(&count, "unknown", 0);
	call(&count, "long", 100);
	call(&count, "also", 40);
	call(&count, "also", 70);
	check_order(&count, SINK_SORT_NONE, "often unknown long also");
	check_order(&count, SINK_SORT_COUNT, "often also long unknown");
	check_order(&count, SINK_SORT_TIME, "also long often unknown");
	check_order(&count, SINK_SORT_MEAN, "long also often unknown");
	check_order(&count, SINK_SORT_MAX, "long also often unknown");
	check_order(&count, SINK_SORT_NAME, "also long often unknown");
	count_done(&count);
}

static void test_totals(void **state)
{
	struct count count = { .rows = NULL };
	const struct count_row *row;

	(void)state;
	call(&count, "a", 5);
	call(&count, "a", 0);
	call(&count, "a", 9);
	call(&count, "b", 4);
	row = count_row(&count, "also", 1); /* the length counts */
	assert_int_equal(row->count, 3);
	assert_int_equal(row->timed, 2);
	assert_int_equal(row->total, 14);
	assert_int_equal(row->max, 9);
	assert_int_equal(count.count, 4);
	assert_int_equal(count.timed, 3);
	assert_int_equal(count.total, 18);
	assert_int_equal(count.max, 9);
	count_done(&count);
}

static void test_names_are_limited(void **state)
{
	struct count count = { .rows = NULL };
	char name[16];

	(void)state;
	for (unsigned i = 0; i < COUNT_NAMES_MAX + 7; i++) {
		snprintf(name, sizeof(name), "%u", i);
		call(&count, name, 1);
	}
	call(&count, "0", 1);
	assert_int_equal(HASH_COUNT(count.rows), COUNT_NAMES_MAX + 1);
	assert_int_equal(count_row(&count, COUNT_OTHERS, strlen(COUNT_OTHERS))->count, 7);
	assert_int_equal(count_row(&count, "0", 1)->count, 2);
	assert_int_equal(count.count, COUNT_NAMES_MAX + 8);
	count_done(&count);
}

/* ---- the rate ---- */

static uint64_t sum(const struct rate *rate)
{
	uint64_t sum = 0;

	for (unsigned i = 0; i < RATE_STEPS; i++)
		sum += rate->counts[i];
	return sum;
}

static void test_rate_steps(void **state)
{
	struct rate rate = RATE_INIT;

	(void)state;
	rate_add(&rate, 0, 1);
	rate_add(&rate, RATE_FIRST - 1, 2);
	rate_add(&rate, RATE_FIRST, 4);
	rate_add(&rate, RATE_STEPS * RATE_FIRST - 1, 8);
	assert_int_equal(rate.step, RATE_FIRST);
	assert_int_equal(rate.counts[0], 3);
	assert_int_equal(rate.counts[1], 4);
	assert_int_equal(rate.counts[RATE_STEPS - 1], 8);
	assert_int_equal(rate_steps(&rate), RATE_STEPS);

	/* one more: each step is two */
	rate_add(&rate, RATE_STEPS * RATE_FIRST, 16);
	assert_int_equal(rate.step, 2 * RATE_FIRST);
	assert_int_equal(rate.counts[0], 7);
	assert_int_equal(rate.counts[RATE_STEPS / 2 - 1], 8);
	assert_int_equal(rate.counts[RATE_STEPS / 2], 16);
	assert_int_equal(rate_steps(&rate), RATE_STEPS / 2 + 1);
}

static void test_rate_of_ages(void **state)
{
	struct rate rate = RATE_INIT;

	(void)state;
	rate_add(&rate, 5, 1);
	rate_add(&rate, UINT64_MAX, 1);
	rate_add(&rate, CLOCK_SECOND, 1);
	assert_int_equal(sum(&rate), 3);
	assert_int_equal(rate.counts[0], 2);
	assert_true(rate_steps(&rate) <= RATE_STEPS);
}

static void check_plot(const struct rate *rate, unsigned width, bool utf8, const char *expected)
{
	struct text text = TEXT_INIT;

	rate_draw(&text, rate, width, utf8);
	assert_string_equal(text_get(&text), expected);
	text_done(&text);
}

static void test_plot(void **state)
{
	struct rate rate = RATE_INIT;

	(void)state;
	check_plot(&rate, 0, false, "");
	for (unsigned i = 0; i < 13; i++)
		rate_add(&rate, i * RATE_FIRST, i == 5 ? 0 : i ? i : 1);
	check_plot(&rate, 0, false,
		   "Tasks made in each 1.00 us, at most 12 (12000000 a second)\n"
		   "12 |          .:#\n"
		   "   |       .:####\n"
		   "   |    . #######\n"
		   "   |..:## #######\n"
		   "   +-------------\n"
		   "    0     12.0 us\n");
	check_plot(&rate, 0, true,
		   "Tasks made in each 1.00 us, at most 12 (12000000 a second)\n"
		   "12 │          ▃▅█\n"
		   "   │       ▃▅████\n"
		   "   │    ▃ ███████\n"
		   "   │▃▃▅██ ███████\n"
		   "   └─────────────\n"
		   "    0     12.0 us\n");
}

static void test_plot_fits(void **state)
{
	struct rate rate = RATE_INIT;

	(void)state;
	for (unsigned i = 0; i < RATE_STEPS; i++)
		rate_add(&rate, i * RATE_FIRST, 1);
	for (unsigned width = 20; width < 80; width++) {
		struct text text = TEXT_INIT;
		const char *line;

		rate_draw(&text, &rate, width, false);
		line = strchr(text_get(&text), '\n') + 1; /* the plot is below the words */
		for (; *line; line += strcspn(line, "\n") + 1)
			assert_true(strcspn(line, "\n") <= width);
		text_done(&text);
	}
}

/* ---- words ---- */

static void check_time(uint64_t ns, const char *expected)
{
	struct text text = TEXT_INIT;

	words_add_time(&text, ns);
	assert_string_equal(text_get(&text), expected);
	text_done(&text);
}

static void test_times(void **state)
{
	(void)state;
	check_time(0, "0 ns");
	check_time(999, "999 ns");
	check_time(1000, "1.00 us");
	check_time(9999, "10.0 us");
	check_time(99960, "100 us");
	check_time(12345, "12.3 us");
	check_time(123456, "123 us");
	check_time(1234567, "1.23 ms");
	check_time(61 * CLOCK_SECOND, "61.0 s");
	check_time(86400 * CLOCK_SECOND, "86400 s");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_sorting),		  cmocka_unit_test(test_totals),
		cmocka_unit_test(test_names_are_limited), cmocka_unit_test(test_rate_steps),
		cmocka_unit_test(test_rate_of_ages),	  cmocka_unit_test(test_plot),
		cmocka_unit_test(test_plot_fits),	  cmocka_unit_test(test_times),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
