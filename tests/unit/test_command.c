/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The line that a process's arguments make, and its cut. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/text.h"
#include "source/kernel/command.h"

static char line[COMMAND_READ];

static void assert_command(size_t length, bool cut, const char *expected)
{
	struct text text = TEXT_INIT;

	assert_int_equal(command_add(&text, line, length), cut);
	assert_string_equal(text_get(&text), expected);
	text_done(&text);
}

static void test_whole(void **state)
{
	(void)state;
	assert_command(0, false, "");
	memcpy(line, "\0\0", 2);
	assert_command(2, false, "");
	memcpy(line, "a\0b c\0\0d\0\0", 10);
	assert_command(10, false, "a b c  d");
	memcpy(line, "no end", 6);
	assert_command(6, false, "no end");
}

/* Fills the line with arguments of one letter and ends it with END. */
static void fill(size_t length, const char *end, size_t end_length)
{
	memset(line, 'x', sizeof(line));
	memcpy(line + length, end, end_length);
}

/* COMMAND_MAX bytes are kept, and "..." says that there were more: one byte, or an argument that is empty. */
static void test_cut(void **state)
{
	char expected[COMMAND_MAX + sizeof("...")];

	(void)state;
	memset(expected, 'x', COMMAND_MAX);
	expected[COMMAND_MAX] = '\0';
	fill(COMMAND_MAX, "\0", 1);
	assert_command(COMMAND_MAX, false, expected);
	assert_command(COMMAND_MAX + 1, false, expected);
	strcpy(expected + COMMAND_MAX, "...");
	fill(COMMAND_MAX, "y\0", 2);
	assert_command(COMMAND_READ, true, expected);
	assert_command(COMMAND_MAX + 1, true, expected);
	fill(COMMAND_MAX, "\0y", 2);
	assert_command(COMMAND_READ, true, expected);
	fill(COMMAND_MAX, "\0\0", 2);
	assert_command(COMMAND_READ, true, expected);

	/* A name that a process gave itself, in the place of many arguments. */
	memset(line, '\0', sizeof(line));
	memcpy(line, "server", 6);
	assert_command(COMMAND_READ, false, "server");
}

/* A character is kept whole, or not at all. */
static void test_cut_in_characters(void **state)
{
	static const char *const letters[] = { "\303\274", "\342\202\254", "\360\237\230\200" };
	char expected[COMMAND_MAX + sizeof("...")];

	(void)state;
	for (size_t i = 0; i < sizeof(letters) / sizeof(letters[0]); i++) {
		const size_t bytes = strlen(letters[i]);

		for (size_t inside = 0; inside <= bytes; inside++) {
			const size_t kept = inside == bytes ? COMMAND_MAX : COMMAND_MAX - inside;

			fill(COMMAND_MAX - inside, letters[i], inside + 2 < bytes ? inside + 2 : bytes);
			memset(expected, 'x', sizeof(expected));
			memcpy(expected + COMMAND_MAX - inside, letters[i], inside);
			strcpy(expected + kept, "...");
			assert_command(COMMAND_READ, true, expected);
		}
	}
	/* Bytes that are no UTF-8 are not waited for. */
	memset(line, '\200', sizeof(line));
	memset(expected, '\200', COMMAND_MAX);
	strcpy(expected + COMMAND_MAX, "...");
	assert_command(COMMAND_READ, true, expected);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_whole),
		cmocka_unit_test(test_cut),
		cmocka_unit_test(test_cut_in_characters),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
