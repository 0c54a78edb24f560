/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The widths of characters, in every locale the same, and where strings can be cut. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <locale.h>
#include <string.h>

#include "base/utf8.h"

static const struct {
	const char *string;
	size_t columns;
} widths[] = {
	{ "", 0 },
	{ "plain", 5 },
	{ "gr\303\274n", 4 },
	{ "\346\227\245\346\234\254", 4 }, /* two characters of CJK */
	{ "\355\225\234", 2 },		   /* Hangul */
	{ "\357\274\241", 2 },		   /* a fullwidth A */
	{ "e\314\201", 1 },		   /* e and a combining acute accent */
	{ "\360\237\230\200", 2 },	   /* an emoji */
	{ "\360\240\200\200", 2 },	   /* CJK, extension B */
	{ "\342\224\234\342\224\200", 2 }, /* lines of a tree */
	{ "a\377b", 3 },		   /* a byte that is not UTF-8 */
	{ "\346\227", 2 },		   /* a character that is cut off */
};

static void check_widths(void)
{
	for (size_t i = 0; i < sizeof(widths) / sizeof(widths[0]); i++) {
		const size_t length = strlen(widths[i].string);

		assert_int_equal(utf8_columns(widths[i].string, length), widths[i].columns);
		assert_int_equal(utf8_fit(widths[i].string, widths[i].columns), length);
	}
}

static void test_widths_in_c(void **state)
{
	(void)state;
	setlocale(LC_ALL, "C");
	check_widths();
}

static void test_widths_in_utf8(void **state)
{
	(void)state;
	if (!setlocale(LC_ALL, "C.UTF-8") && !setlocale(LC_ALL, "en_US.UTF-8"))
		skip();
	check_widths();
	setlocale(LC_ALL, "C");
}

static void test_fit(void **state)
{
	static const struct {
		const char *string;
		size_t columns, length;
	} cases[] = {
		{ "abc", 0, 0 },
		{ "abc", 2, 2 },
		{ "a\346\227\245b", 1, 1 },
		{ "a\346\227\245b", 2, 1 }, /* half of a wide one does not fit */
		{ "a\346\227\245b", 3, 4 },
		{ "e\314\201x", 1, 3 }, /* a mark stays with its letter */
		{ "\377\377", 1, 1 },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
		assert_int_equal(utf8_fit(cases[i].string, cases[i].columns), cases[i].length);
}

static void test_whole(void **state)
{
	static const char string[] = "a\346\227\245b", broken[] = "\200\200\200\200\200\200";

	(void)state;
	assert_int_equal(utf8_whole(string, 1), 1);
	assert_int_equal(utf8_whole(string, 2), 1);
	assert_int_equal(utf8_whole(string, 3), 1);
	assert_int_equal(utf8_whole(string, 4), 4);
	assert_int_equal(utf8_whole(broken, 5), 5);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_widths_in_c),
		cmocka_unit_test(test_widths_in_utf8),
		cmocka_unit_test(test_fit),
		cmocka_unit_test(test_whole),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
