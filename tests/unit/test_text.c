/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Tests growing text, escaping, and the helpers of floor 0 that have no test of their own (utf8, mem, clock, diag). */
#include <inttypes.h>
#include <limits.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/diag.h"
#include "base/hex.h"
#include "base/mem.h"
#include "base/template.h"
#include "base/text.h"

static void test_empty(void **state)
{
	struct text text = TEXT_INIT;

	(void)state;
	assert_string_equal(text_get(&text), "");
	text_clear(&text);
	assert_string_equal(text_get(&text), "");
	text_add(&text, "");
	text_add_bytes(&text, NULL, 0);
	assert_string_equal(text_get(&text), "");
	assert_int_equal(text.length, 0);
	text_done(&text);
	assert_null(text.data);
}

static void test_grow(void **state)
{
	struct text text = TEXT_INIT;

	(void)state;
	for (unsigned i = 0; i < 10000; i++) {
		text_addf(&text, "%04u", i);
		assert_int_equal(text.length, (i + 1) * 4);
		assert_int_equal(text.data[text.length], '\0');
		assert_true(text.length < text.size);
	}
	for (unsigned i = 0; i < 10000; i++) {
		char digits[5] = { 0 };

		memcpy(digits, text_get(&text) + i * 4, 4);
		assert_int_equal(strtoul(digits, NULL, 10), i);
	}
	text_done(&text);
}

static void test_clear_keeps_memory(void **state)
{
	struct text text = TEXT_INIT;
	const char *data;

	(void)state;
	text_add(&text, "abc");
	data = text.data;
	text_clear(&text);
	assert_string_equal(text_get(&text), "");
	text_add(&text, "de");
	assert_string_equal(text_get(&text), "de");
	assert_ptr_equal(text.data, data);
	text_done(&text);
}

static void test_bytes_with_nul(void **state)
{
	struct text text = TEXT_INIT;

	(void)state;
	text_add_bytes(&text, "a\0b", 3);
	assert_int_equal(text.length, 3);
	assert_memory_equal(text_get(&text), "a\0b\0", 4);
	text_done(&text);
}

/* One long piece, longer than any first guess at the size. */
/* Conversions that are done without vsnprintf() give the same text as vsnprintf(). */
static void test_formats(void **state)
{
	struct text text = TEXT_INIT;
	char expected[400];

	(void)state;
#define CHECK(...)                                                 \
	do {                                                       \
		text_clear(&text);                                 \
		text_addf(&text, __VA_ARGS__);                     \
		snprintf(expected, sizeof(expected), __VA_ARGS__); \
		assert_string_equal(text_get(&text), expected);    \
	} while (0)
	CHECK("plain");
	CHECK("%s", "");
	CHECK("%s %d|%u|%x %s", "a%b", -7, 4000000000u, 0xbeefu, "end");
	CHECK("%d %d %d %u %x", INT_MIN, INT_MAX, 0, UINT_MAX, 0u);
	CHECK("%ld %ld %lu %lx", LONG_MIN, LONG_MAX, ULONG_MAX, ULONG_MAX);
	CHECK("0x%" PRIx64 " %" PRIu64 " %" PRId64 " %" PRIu32, UINT64_MAX, UINT64_MAX, INT64_MIN, UINT32_MAX);
	CHECK("%s%5d%-6s|%06u %s %d", "before", 3, "x", 7u, "behind", 9);
	CHECK("100 %% of %s: %c%c %.2f %zu %lld %llx %d", "all", 'o', 'k', 1.5, (size_t)8, -9LL, 10ULL, 11);
	CHECK("%.*s|%*s|%ls|%d", 2, "abc", 4, "d", L"wide", 5);
	CHECK("%p %s", (void *)&text, "pointer");
	CHECK("%*s|%*s|%*s|%*s|%*s|%d", 5, "", -5, "ab", 2, "abc", 0, "", 3, "ä", 7);
	CHECK("%*s%*d|%s", 100, "far", 4, 5, "rest");
#undef CHECK
	text_done(&text);
}

static void test_long_piece(void **state)
{
	struct text text = TEXT_INIT;

	(void)state;
	text_addf(&text, "%s%*d", "x", 5000, 7);
	assert_int_equal(text.length, 5001);
	assert_int_equal(text_get(&text)[0], 'x');
	assert_int_equal(text_get(&text)[5000], '7');
	text_done(&text);
}

static const struct escape {
	const char *in, *out;
} escapes[] = {
	{ "", "" },
	{ "make -j2", "make -j2" },
	{ "a\nb\tc\\d", "a\\nb\\tc\\\\d" },
	{ "\r\a\33[31m", "\\015\\007\\033[31m" },
	{ "\1772", "\\1772" },
	{ "\302\2042", "\\302\\2042" },			/* C1 control U+0084 */
	{ "\302\240x", "\302\240x" },			/* U+00A0 is the first after them */
	{ "gr\303\274n", "gr\303\274n" },		/* UTF-8 stays */
	{ "\342\202\254", "\342\202\254" },		/* three bytes */
	{ "\360\237\220\247", "\360\237\220\247" },	/* four bytes */
	{ "\330\234", "\\330\\234" },			/* U+061C turns the direction */
	{ "\342\200\250", "\\342\\200\\250" },		/* U+2028 line separator */
	{ "\342\200\256abc", "\\342\\200\\256abc" },	/* U+202E turns the line around */
	{ "\342\201\246", "\\342\\201\\246" },		/* U+2066 */
	{ "\374x", "\\374x" },				/* Latin-1 */
	{ "\303", "\\303" },				/* cut short by the end */
	{ "\303x", "\\303x" },				/* cut short by another character */
	{ "\342\202", "\\342\\202" },			/* the same, three bytes */
	{ "\200\277", "\\200\\277" },			/* continuation without a start */
	{ "\300\257", "\\300\\257" },			/* overlong '/' */
	{ "\340\202\240", "\\340\\202\\240" },		/* overlong, three bytes */
	{ "\360\202\202\254", "\\360\\202\\202\\254" }, /* overlong, four bytes */
	{ "\355\240\200", "\\355\\240\\200" },		/* surrogate */
	{ "\364\217\277\277", "\364\217\277\277" },	/* U+10FFFF, the last */
	{ "\364\220\200\200", "\\364\\220\\200\\200" }, /* one too far */
	{ "\377\376", "\\377\\376" },
};

static void test_escaped(void **state)
{
	struct text text = TEXT_INIT;

	(void)state;
	for (size_t i = 0; i < sizeof(escapes) / sizeof(escapes[0]); i++) {
		text_clear(&text);
		text_add_escaped(&text, escapes[i].in);
		assert_string_equal(text_get(&text), escapes[i].out);
	}
	text_done(&text);
}

/* Unescaping gives the original string, and refuses escapes that text_add_escaped() does not write. */
static void test_unescape(void **state)
{
	static const char *const wrong[] = { "\\", "a\\x", "\\r", "\\40", "\\400", "\\08", "\\018", "\\1\\061" };
	char string[256];

	(void)state;
	for (size_t i = 0; i < sizeof(escapes) / sizeof(escapes[0]); i++) {
		snprintf(string, sizeof(string), "%s", escapes[i].out);
		assert_int_equal(text_unescape(string), 0);
		assert_string_equal(string, escapes[i].in);
	}
	for (size_t i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++) {
		snprintf(string, sizeof(string), "%s", wrong[i]);
		assert_int_equal(text_unescape(string), -EINVAL);
	}
}

/* Reading hexadecimal digits gives the original bytes. */
static void test_hex_bytes(void **state)
{
	unsigned char all[256], back[256];
	struct text text = TEXT_INIT;

	(void)state;
	for (size_t i = 0; i < sizeof(all); i++)
		all[i] = (unsigned char)i;
	text_add_hex_bytes(&text, all, sizeof(all));
	assert_memory_equal(text_get(&text), "000102", 6);
	assert_int_equal(hex_bytes(text_get(&text), back, sizeof(back)), 256);
	assert_memory_equal(back, all, sizeof(all));
	assert_int_equal(hex_bytes(text_get(&text), back, sizeof(back) - 1), -EINVAL);
	text_done(&text);
	assert_int_equal(hex_bytes("", back, 0), 0);
	assert_int_equal(hex_bytes("0", back, 1), -EINVAL);
	assert_int_equal(hex_bytes("0g", back, 1), -EINVAL);
	assert_int_equal(hex_bytes("A0", back, 1), -EINVAL);
}

/* Whatever three bytes come, the result holds no control and no byte that was not good UTF-8. */
static void test_escaped_never_controls(void **state)
{
	struct text text = TEXT_INIT;
	char in[4] = { 0 };

	(void)state;
	for (unsigned first = 1; first < 256; first++)
		for (unsigned second = 1; second < 256; second++) {
			in[0] = (char)first;
			in[1] = (char)second;
			in[2] = 'z';
			text_clear(&text);
			text_add_escaped(&text, in);
			for (size_t i = 0; i < text.length; i++) {
				assert_true((unsigned char)text.data[i] >= 0x20);
				assert_int_not_equal(text.data[i], 0x7f);
			}
			assert_int_equal(text.data[text.length - 1], 'z');
		}
	text_done(&text);
}

/* Runs ACTION in a child whose stderr is read into RET_TEXT; gives its exit status. */
static int in_child(void (*action)(void), char *ret_text, size_t size)
{
	int pipe_fds[2], status;
	size_t length = 0;
	ssize_t count;
	pid_t pid;

	assert_int_equal(pipe(pipe_fds), 0);
	pid = fork();
	assert_int_not_equal(pid, -1);
	if (!pid) {
		dup2(pipe_fds[1], STDERR_FILENO);
		close(pipe_fds[0]);
		close(pipe_fds[1]);
		action();
		_exit(0);
	}
	close(pipe_fds[1]);
	while (length < size - 1 && (count = read(pipe_fds[0], ret_text + length, size - 1 - length)) > 0)
		length += (size_t)count;
	ret_text[length] = '\0';
	close(pipe_fds[0]);
	assert_int_equal(waitpid(pid, &status, 0), pid);
	assert_true(WIFEXITED(status));
	return WEXITSTATUS(status);
}

static void overflow_zalloc(void)
{
	volatile size_t count = SIZE_MAX / 2;

	free(mem_zalloc(count, 3));
}

static void overflow_resize(void)
{
	volatile size_t count = SIZE_MAX / 2;

	free(mem_resize(NULL, count, 3));
}

static void test_out_of_memory_ends_with_125(void **state)
{
	char text[256];

	(void)state;
	assert_int_equal(in_child(overflow_zalloc, text, sizeof(text)), 125);
	assert_string_equal(text, "cltrace: out of memory\n");
	assert_int_equal(in_child(overflow_resize, text, sizeof(text)), 125);
	assert_string_equal(text, "cltrace: out of memory\n");
}

static void test_mem(void **state)
{
	char *zeros = mem_zalloc(16, 4), *copy, *none;

	(void)state;
	for (size_t i = 0; i < 64; i++)
		assert_int_equal(zeros[i], 0);
	free(zeros);
	none = mem_alloc(0);
	assert_non_null(none);
	none = mem_resize(none, 3, 1);
	memcpy(none, "ab", 3);
	none = mem_resize(none, 100, 10);
	assert_string_equal(none, "ab");
	copy = mem_strdup(none);
	assert_string_equal(copy, "ab");
	assert_ptr_not_equal(copy, none);
	assert_null(mem_strdup(NULL));
	free(copy);
	free(none);
}

static void say_plain(void)
{
	diag("%s at %d", "here", 5);
}

static void say_errno(void)
{
	errno = EAGAIN;
	diag_errno(ENOENT, "cannot open '%s'", "x");
	if (errno != EAGAIN)
		_exit(1);
}

static void say_too_much(void)
{
	diag("%*d", 100000, 1);
}

static void test_diag(void **state)
{
	char text[8192];

	(void)state;
	assert_int_equal(in_child(say_plain, text, sizeof(text)), 0);
	assert_string_equal(text, "cltrace: here at 5\n");
	assert_int_equal(in_child(say_errno, text, sizeof(text)), 0);
	assert_int_equal(strncmp(text, "cltrace: cannot open 'x': ", 26), 0);
	assert_string_equal(text + 26 + strlen(strerror(ENOENT)), "\n");
	assert_int_equal(in_child(say_too_much, text, sizeof(text)), 0);
	assert_int_equal(strncmp(text, "cltrace:   ", 11), 0);
	assert_true(strlen(text) <= 4096);
	assert_string_equal(text + strlen(text) - 4, "...\n");
	assert_ptr_equal(strchr(text, '\n'), text + strlen(text) - 1);
}

static const char *said;

static void say_foreign(void)
{
	diag_errno(EINTR, "'%s'", said);
}

/* What a name, a file or an argument holds never gets to a terminal as it is. A backslash alone stays one. */
static void test_diag_is_harmless(void **state)
{
	static const char backslash[] = "a\\n\\033[31m\\";
	char text[8192], expected[8192];

	(void)state;
	for (size_t i = 0; i < sizeof(escapes) / sizeof(escapes[0]); i++) {
		said = escapes[i].in;
		if (strchr(said, '\\'))
			continue;
		assert_int_equal(in_child(say_foreign, text, sizeof(text)), 0);
		snprintf(expected, sizeof(expected), "cltrace: '%s': %s\n", escapes[i].out, strerror(EINTR));
		assert_string_equal(text, expected);
	}
	said = backslash;
	assert_int_equal(in_child(say_foreign, text, sizeof(text)), 0);
	snprintf(expected, sizeof(expected), "cltrace: '%s': %s\n", backslash, strerror(EINTR));
	assert_string_equal(text, expected);
}

static void say_many_controls(void)
{
	char controls[5000];

	memset(controls, '\033', sizeof(controls) - 1);
	controls[sizeof(controls) - 1] = '\0';
	diag("x%s", controls);
}

/* What is too long is cut between two escapes, never within one, so that none is mistaken for another. */
static void test_diag_cuts_between_escapes(void **state)
{
	char text[8192];
	size_t length;

	(void)state;
	assert_int_equal(in_child(say_many_controls, text, sizeof(text)), 0);
	length = strlen(text);
	assert_true(length <= 4096 && length > 4000);
	assert_string_equal(text + length - 8, "\\033...\n");
	assert_int_equal(strspn(text + 10, "\\03"), length - 14);
}

static void say_many_letters(void)
{
	char letters[3 * 5000 + 1], *end = letters;

	for (unsigned i = 0; i < 5000; i++)
		end = stpcpy(end, "\342\202\254");
	diag_errno(ENOENT, "%s%s", said, letters);
}

/* Of what is too long the cause stays; no character is cut. */
static void test_diag_keeps_the_cause(void **state)
{
	static const char *const heads[] = { "", "x", "xx" };
	char text[8192], end[256];

	(void)state;
	snprintf(end, sizeof(end), "\342\202\254...: %s\n", strerror(ENOENT));
	for (size_t i = 0; i < 3; i++) {
		said = heads[i];
		assert_int_equal(in_child(say_many_letters, text, sizeof(text)), 0);
		assert_true(strlen(text) <= 4096);
		assert_string_equal(text + strlen(text) - strlen(end), end);
		assert_null(strchr(text, '\\'));
	}
}

/* Cut between characters, and left as it is for diag() to make it harmless. */
static void test_quoted(void **state)
{
	struct text text = TEXT_INIT;
	char word[101];

	(void)state;
	text_add_quoted(&text, "a\033\\b", 3);
	assert_string_equal(text_get(&text), "'a\033\\'");
	memset(word, 'x', 100);
	word[100] = '\0';
	text_clear(&text);
	text_add_quoted(&text, word, 60);
	assert_int_equal(text.length, 62);
	memcpy(word + 58, "\342\202\254", 3);
	text_clear(&text);
	text_add_quoted(&text, word, 100);
	assert_int_equal(text.length, 58 + strlen("'...'"));
	assert_string_equal(text_get(&text) + 58, "x...'");
	text_done(&text);
}

static void test_clock(void **state)
{
	uint64_t before = clock_monotonic();

	(void)state;
	assert_true(before > 0);
	assert_true(clock_monotonic() >= before);
	assert_true(clock_realtime() > UINT64_C(1600000000) * CLOCK_SECOND); /* September 2020 */
}

static void test_numbers(void **state)
{
	static const struct {
		uint64_t number;
		const char *decimal, *sign, *hex;
	} cases[] = {
		{ 0, "0", "0", "0x0" },
		{ 7, "7", "7", "0x7" },
		{ 10, "10", "10", "0xa" },
		{ 0xdeadbeef, "3735928559", "3735928559", "0xdeadbeef" },
		{ INT64_MAX, "9223372036854775807", "9223372036854775807", "0x7fffffffffffffff" },
		{ (uint64_t)INT64_MIN, "9223372036854775808", "-9223372036854775808", "0x8000000000000000" },
		{ UINT64_MAX, "18446744073709551615", "-1", "0xffffffffffffffff" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct text text = TEXT_INIT;

		text_add_unsigned(&text, cases[i].number);
		assert_string_equal(text_get(&text), cases[i].decimal);
		text_clear(&text);
		text_add_signed(&text, (int64_t)cases[i].number);
		assert_string_equal(text_get(&text), cases[i].sign);
		text_cut(&text, 0);
		assert_string_equal(text_get(&text), "");
		text_add_hex(&text, cases[i].number);
		assert_string_equal(text_get(&text), cases[i].hex);
		text_cut(&text, 2);
		assert_string_equal(text_get(&text), "0x");
		text_done(&text);
	}
}

static void fill(struct text *text, char letter, const void *data)
{
	text_addf(text, "<%c %s>", letter, (const char *)data);
}

static void check_template(const char *template, const char *expected)
{
	struct text text = TEXT_INIT;

	template_add(&text, template, fill, "x");
	assert_string_equal(text_get(&text), expected);
	text_done(&text);
}

static void test_template(void **state)
{
	(void)state;
	check_template("", "");
	check_template("none", "none");
	check_template("$a", "<a x>");
	check_template("one $a, two $b$c.", "one <a x>, two <b x><c x>.");
	check_template("the end $", "the end $");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_formats),
		cmocka_unit_test(test_numbers),
		cmocka_unit_test(test_empty),
		cmocka_unit_test(test_grow),
		cmocka_unit_test(test_clear_keeps_memory),
		cmocka_unit_test(test_bytes_with_nul),
		cmocka_unit_test(test_long_piece),
		cmocka_unit_test(test_escaped),
		cmocka_unit_test(test_unescape),
		cmocka_unit_test(test_hex_bytes),
		cmocka_unit_test(test_escaped_never_controls),
		cmocka_unit_test(test_out_of_memory_ends_with_125),
		cmocka_unit_test(test_mem),
		cmocka_unit_test(test_diag),
		cmocka_unit_test(test_diag_is_harmless),
		cmocka_unit_test(test_diag_cuts_between_escapes),
		cmocka_unit_test(test_diag_keeps_the_cause),
		cmocka_unit_test(test_quoted),
		cmocka_unit_test(test_clock),
		cmocka_unit_test(test_template),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
