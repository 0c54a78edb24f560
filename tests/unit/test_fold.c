/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Tests of folding: where rows end, what is cut, and that colour changes no layout. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/text.h"
#include "render/fold.h"

#define FIVE "e\314\201e\314\201e\314\201e\314\201e\314\201" /* five columns, of a letter and an accent each */

/* Folds LINE as FOLD says and compares. */
static void check(const char *line, struct fold fold, const char *expected)
{
	struct text text = TEXT_INIT;

	fold_add(&text, line, &fold);
	assert_string_equal(text_get(&text), expected);
	text_done(&text);
}

static void test_no_limit(void **state)
{
	(void)state;
	check("a|b, c d", (struct fold){ .at = FOLD_ARGUMENTS, .column = 5 }, "a|b, c d\n");
	check("", (struct fold){ .at = FOLD_WORDS }, "\n");
}

static void test_exact_width(void **state)
{
	(void)state;
	check("12345678901234567890 12345", (struct fold){ .at = FOLD_WORDS, .width = 26 },
	      "12345678901234567890 12345\n");
	check("12345678901234567890 12345 7", (struct fold){ .at = FOLD_WORDS, .width = 26 },
	      "12345678901234567890 12345\n    7\n");
	check("12345678901234567890 123456 8", (struct fold){ .at = FOLD_WORDS, .width = 26 },
	      "12345678901234567890\n    123456 8\n");
}

static void test_arguments(void **state)
{
	(void)state;
	check("clone(CLONE_VM|CLONE_FILES|SIGCHLD, stack=0x1000) = 4 (5 inside)",
	      (struct fold){ .at = FOLD_ARGUMENTS, .width = 30, .column = 2 },
	      "clone(CLONE_VM|CLONE_FILES|\n"
	      "      SIGCHLD,\n"
	      "      stack=0x1000) = 4 (5 inside)\n");
}

static void test_groups(void **state)
{
	(void)state;
	check("shared: a, b   own: c, d e", (struct fold){ .at = FOLD_WORDS, .width = 25 },
	      "shared: a, b\n    own: c, d e\n");
}

static void test_long_word(void **state)
{
	(void)state;
	check("1234567890123456789012345678901234567890 b c", (struct fold){ .at = FOLD_WORDS, .width = 24 },
	      "1234567890123456789012345678901234567890\n    b c\n");
}

static void test_characters(void **state)
{
	(void)state;
	check("éééééééééé éééééééééé éé éé", (struct fold){ .at = FOLD_WORDS, .width = 24 },
	      "éééééééééé éééééééééé éé\n    éé\n");
}

/* In any locale, a CJK character is two columns wide, and a combining mark has no width. */
static void test_wide_characters(void **state)
{
	(void)state;
	check("日本語日本語日本語 日本 x", (struct fold){ .at = FOLD_WORDS, .width = 24 },
	      "日本語日本語日本語 日本\n    x\n");
	check("日本語日本語日本語日本語日", (struct fold){ .at = FOLD_CUT, .width = 24 }, "日本語日本語日本語日...\n");
	check(FIVE FIVE " 23456789012 x", (struct fold){ .at = FOLD_WORDS, .width = 24 }, FIVE FIVE " 23456789012 x\n");
}

static void test_cut(void **state)
{
	(void)state;
	check("123456789012345678901234", (struct fold){ .at = FOLD_CUT, .width = 24 }, "123456789012345678901234\n");
	check("1234567890123456789012345", (struct fold){ .at = FOLD_CUT, .width = 24 }, "123456789012345678901...\n");
	check("ééééééééééééééééééééééééé", (struct fold){ .at = FOLD_CUT, .width = 24 }, "ééééééééééééééééééééé...\n");
}

static void test_color(void **state)
{
	(void)state;
	check("one two", (struct fold){ .at = FOLD_WORDS, .color = "<", .color_from = 4, .color_to = 7 },
	      "one <two\033[0m\n");
	check("12345678901234567890 12345 78 x",
	      (struct fold){ .at = FOLD_WORDS, .width = 26, .color = "<", .color_from = 21, .color_to = 29 },
	      "12345678901234567890 <12345\033[0m\n    <78\033[0m x\n");
	check("one", (struct fold){ .at = FOLD_WORDS, .color_from = 0, .color_to = 3 }, "one\n");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_no_limit),	cmocka_unit_test(test_exact_width),
		cmocka_unit_test(test_arguments),	cmocka_unit_test(test_groups),
		cmocka_unit_test(test_long_word),	cmocka_unit_test(test_characters),
		cmocka_unit_test(test_wide_characters), cmocka_unit_test(test_cut),
		cmocka_unit_test(test_color),
	};

	return cmocka_run_group_tests_name("fold", tests, NULL, NULL);
}
