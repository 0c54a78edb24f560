/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The JSON writer: its output for each layout, its escapes, and that misuse ends the program. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <signal.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/json.h"
#include "base/text.h"
#include "skip.h"

struct fixture {
	struct text text;
	struct json json;
};

static void fixture_init(struct fixture *fixture, unsigned indent)
{
	fixture->text = (struct text)TEXT_INIT;
	json_init(&fixture->json, &fixture->text, indent);
}

static void check(struct fixture *fixture, const char *expected)
{
	assert_string_equal(text_get(&fixture->text), expected);
	text_done(&fixture->text);
}

/* ---- layouts ---- */

/* An object with two members, the second one an array of objects. */
static void write_sample(struct json *json, enum json_layout layout)
{
	json_open_object(json, layout);
	json_put_unsigned(json, "a", 1);
	json_key(json, "list");
	json_open_array(json, layout);
	for (int i = 0; i < 2; i++) {
		json_open_object(json, layout);
		json_put_signed(json, "n", -i);
		json_put_bool(json, "odd", i);
		json_close(json);
	}
	json_close(json);
	json_close(json);
}

static void test_layouts(void **state)
{
	static const struct {
		enum json_layout layout;
		const char *out;
	} cases[] = {
		{ JSON_DENSE, "{\"a\":1,\"list\":[{\"n\":0,\"odd\":false},{\"n\":-1,\"odd\":true}]}" },
		{ JSON_SPACED, "{\"a\": 1, \"list\": [{\"n\": 0, \"odd\": false}, {\"n\": -1, \"odd\": true}]}" },
		{ JSON_LINES, "{\n"
			      "   \"a\": 1,\n"
			      "   \"list\": [\n"
			      "      {\n"
			      "         \"n\": 0,\n"
			      "         \"odd\": false\n"
			      "      },{\n"
			      "         \"n\": -1,\n"
			      "         \"odd\": true\n"
			      "      }\n"
			      "   ]\n"
			      "}" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct fixture fixture;

		fixture_init(&fixture, JSON_INDENT);
		write_sample(&fixture.json, cases[i].layout);
		check(&fixture, cases[i].out);
	}
}

static void test_layouts_within_each_other(void **state)
{
	struct fixture fixture;

	(void)state;
	fixture_init(&fixture, 2);
	json_open_array(&fixture.json, JSON_LINES);
	for (int i = 0; i < 2; i++) {
		json_open_object(&fixture.json, JSON_SPACED);
		json_key(&fixture.json, "x");
		json_open_array(&fixture.json, JSON_DENSE);
		json_add_unsigned(&fixture.json, 1);
		json_add_null(&fixture.json);
		json_close(&fixture.json);
		json_put_string(&fixture.json, "y", "z");
		json_close(&fixture.json);
	}
	json_add_number(&fixture.json, "1.50");
	json_close(&fixture.json);
	check(&fixture, "[\n  {\"x\": [1,null], \"y\": \"z\"},\n  {\"x\": [1,null], \"y\": \"z\"},\n  1.50\n]");
}

static void test_empty(void **state)
{
	static const char *const out[] = { [JSON_DENSE] = "{\"o\":{},\"a\":[]}",
					   [JSON_SPACED] = "{\"o\": {}, \"a\": []}",
					   [JSON_LINES] = "{\n   \"o\": {\n   },\n   \"a\": [\n   ]\n}" };

	(void)state;
	for (unsigned layout = 0; layout < sizeof(out) / sizeof(out[0]); layout++) {
		struct fixture fixture;

		fixture_init(&fixture, JSON_INDENT);
		json_open_object(&fixture.json, layout);
		json_key(&fixture.json, "o");
		json_open_object(&fixture.json, layout);
		json_close(&fixture.json);
		json_key(&fixture.json, "a");
		json_open_array(&fixture.json, layout);
		json_close(&fixture.json);
		json_close(&fixture.json);
		check(&fixture, out[layout]);
	}
}

/* ---- keys ---- */

/* A prepared key looks like any other, first or not. */
static void test_ready_keys(void **state)
{
	static const char key[] = ",\"k\":";
	struct fixture fixture;

	(void)state;
	fixture_init(&fixture, 0);
	json_open_object(&fixture.json, JSON_DENSE);
	json_ready_key(&fixture.json, key, sizeof(key) - 1);
	json_add_unsigned(&fixture.json, 1);
	json_put_unsigned(&fixture.json, "l", 2);
	json_ready_key(&fixture.json, key, sizeof(key) - 1);
	json_open_object(&fixture.json, JSON_DENSE);
	json_ready_key(&fixture.json, key, sizeof(key) - 1);
	json_add_unsigned(&fixture.json, 3);
	json_close(&fixture.json);
	json_close(&fixture.json);
	check(&fixture, "{\"k\":1,\"l\":2,\"k\":{\"k\":3}}");
}

static void test_dropped_keys(void **state)
{
	struct fixture fixture;

	(void)state;
	fixture_init(&fixture, 0);
	json_open_object(&fixture.json, JSON_DENSE);
	json_key(&fixture.json, "first");
	json_drop_key(&fixture.json);
	json_put_unsigned(&fixture.json, "a", 1);
	json_ready_key(&fixture.json, ",\"b\":", 5);
	json_drop_key(&fixture.json);
	json_put_unsigned(&fixture.json, "c", 2);
	json_key(&fixture.json, "last");
	json_drop_key(&fixture.json);
	json_close(&fixture.json);
	check(&fixture, "{\"a\":1,\"c\":2}");
}

/* ---- strings ---- */

static void test_strings(void **state)
{
	static const struct {
		const char *in, *out;
	} cases[] = {
		{ "", "\"\"" },
		{ "plain", "\"plain\"" },
		{ "a\"\\\n\t\33\1772 gr\303\274n \302\2331m \342\200\256 \377",
		  "\"a\\\"\\\\\\u000a\\u0009\\u001b\\u007f2 gr\303\274n \\u009b1m \\u202e \\ufffd\"" },
		{ "\346\227\245\346\234", "\"\346\227\245\\ufffd\\ufffd\"" }, /* the second character is cut off */
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct fixture fixture;

		fixture_init(&fixture, 0);
		json_add_string(&fixture.json, cases[i].in);
		check(&fixture, cases[i].out);
	}
}

static void test_plain_pieces(void **state)
{
	struct fixture fixture;

	(void)state;
	fixture_init(&fixture, 0);
	json_open_array(&fixture.json, JSON_DENSE);
	for (unsigned i = 0; i < 2; i++) {
		text_add_hex(json_open_plain(&fixture.json), 16 + i);
		json_close_plain(&fixture.json);
	}
	json_add_plain(&fixture.json, "name");
	json_close(&fixture.json);
	check(&fixture, "[\"0x10\",\"0x11\",\"name\"]");
}

static void test_numbers(void **state)
{
	struct fixture fixture;

	(void)state;
	fixture_init(&fixture, 0);
	json_open_array(&fixture.json, JSON_DENSE);
	json_add_unsigned(&fixture.json, UINT64_MAX);
	json_add_signed(&fixture.json, INT64_MIN);
	json_add_bool(&fixture.json, true);
	json_close(&fixture.json);
	check(&fixture, "[18446744073709551615,-9223372036854775808,true]");
}

/* ---- streams ---- */

/* The text is written out and cleared between values; each piece has whole lines. */
static void test_stream(void **state)
{
	struct fixture fixture;

	(void)state;
	fixture_init(&fixture, 0);
	json_open_array(&fixture.json, JSON_LINES);
	json_separate(&fixture.json);
	assert_string_equal(text_get(&fixture.text), "[\n");
	for (unsigned i = 0; i < 2; i++) {
		text_clear(&fixture.text);
		json_open_object(&fixture.json, JSON_DENSE);
		json_put_unsigned(&fixture.json, "a", i);
		json_close(&fixture.json);
		json_separate(&fixture.json);
		assert_string_equal(text_get(&fixture.text), i ? "{\"a\":1},\n" : "{\"a\":0},\n");
	}
	text_clear(&fixture.text);
	json_add_null(&fixture.json);
	json_close(&fixture.json);
	check(&fixture, "null\n]");
}

static void test_depth(void **state)
{
	struct fixture fixture;

	(void)state;
	fixture_init(&fixture, 0);
	for (unsigned i = 1; i < JSON_LEVELS; i++)
		json_open_array(&fixture.json, JSON_DENSE);
	for (unsigned i = 1; i < JSON_LEVELS; i++)
		json_close(&fixture.json);
	assert_int_equal(fixture.text.length, 2 * (JSON_LEVELS - 1));
	text_done(&fixture.text);
}

/* ---- misuse ---- */

static void value_without_key(struct json *json)
{
	json_open_object(json, JSON_DENSE);
	json_add_null(json);
}

static void key_in_array(struct json *json)
{
	json_open_array(json, JSON_DENSE);
	json_key(json, "a");
}

static void key_after_key(struct json *json)
{
	json_open_object(json, JSON_DENSE);
	json_key(json, "a");
	json_key(json, "b");
}

static void ready_key_in_array(struct json *json)
{
	json_open_array(json, JSON_DENSE);
	json_ready_key(json, ",\"a\":", 5);
}

static void ready_key_with_spaces(struct json *json)
{
	json_open_object(json, JSON_SPACED);
	json_ready_key(json, ",\"a\":", 5);
}

static void close_behind_key(struct json *json)
{
	json_open_object(json, JSON_DENSE);
	json_key(json, "a");
	json_close(json);
}

static void close_behind_separator(struct json *json)
{
	json_open_array(json, JSON_DENSE);
	json_add_null(json);
	json_separate(json);
	json_close(json);
}

static void close_too_much(struct json *json)
{
	json_open_array(json, JSON_DENSE);
	json_close(json);
	json_close(json);
}

static void second_document(struct json *json)
{
	json_add_null(json);
	json_add_null(json);
}

static void drop_nothing(struct json *json)
{
	json_open_object(json, JSON_DENSE);
	json_drop_key(json);
}

static void too_deep(struct json *json)
{
	for (unsigned i = 0; i < JSON_LEVELS; i++)
		json_open_array(json, JSON_DENSE);
}

static void test_misuse(void **state)
{
	static void (*const misuses[])(struct json *) = {
		value_without_key,     key_in_array,	       key_after_key,  ready_key_in_array,
		ready_key_with_spaces, close_behind_key,       close_too_much, second_document,
		drop_nothing,	       close_behind_separator, too_deep,
	};

	(void)state;
	for (size_t i = 0; i < sizeof(misuses) / sizeof(misuses[0]); i++) {
		const pid_t child = fork();
		int status;

		if (!child) {
			struct fixture fixture;

			signal(SIGABRT, SIG_DFL);
			setrlimit(RLIMIT_CORE, &(struct rlimit){ 0, 0 });
			close(STDERR_FILENO);
			fixture_init(&fixture, 0);
			misuses[i](&fixture.json);
			_exit(0);
		}
		assert_int_equal(waitpid(child, &status, 0), child);
#ifdef NDEBUG
		skip_because("built without assertions");
#endif
		if (!WIFSIGNALED(status) || WTERMSIG(status) != SIGABRT)
			fail_msg("misuse %zu is not noticed", i);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_layouts),	     cmocka_unit_test(test_layouts_within_each_other),
		cmocka_unit_test(test_empty),	     cmocka_unit_test(test_ready_keys),
		cmocka_unit_test(test_dropped_keys), cmocka_unit_test(test_strings),
		cmocka_unit_test(test_plain_pieces), cmocka_unit_test(test_numbers),
		cmocka_unit_test(test_stream),	     cmocka_unit_test(test_depth),
		cmocka_unit_test(test_misuse),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
