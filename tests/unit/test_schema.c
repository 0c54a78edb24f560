/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The schema of recordings has every name that does not come from event/schema.c; and the validator finds errors. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "../schema/schema.h"
#include "base/text.h"
#include "event/schema.h"

static json_object *schema;

static const char *source_file(const char *name)
{
	const char *folder = getenv("top_srcdir");
	static char path[4096];

	snprintf(path, sizeof(path), "%s/%s", folder ? folder : ".", name);
	return path;
}

static int open_schema(void **state)
{
	(void)state;
	schema = json_object_from_file(source_file("share/cltrace-events.schema.json"));
	if (!schema)
		print_error("the schema: %s; set top_srcdir\n", json_util_get_last_err());
	return schema ? 0 : -1;
}

static int close_schema(void **state)
{
	(void)state;
	json_object_put(schema);
	return 0;
}

/* The schema below PATH, names with dots between. */
static json_object *find(const char *path)
{
	json_object *at = schema;
	char copy[256], *save = NULL;

	snprintf(copy, sizeof(copy), "%s", path);
	for (char *name = strtok_r(copy, ".", &save); name; name = strtok_r(NULL, ".", &save)) {
		if (!json_object_object_get_ex(at, name, &at))
			return NULL;
	}
	return at;
}

static bool holds(json_object *array, const char *word)
{
	for (size_t i = 0; array && i < json_object_array_length(array); i++) {
		if (strcmp(json_object_get_string(json_object_array_get_idx(array, i)), word) == 0)
			return true;
	}
	return false;
}

static void is_of_what_is_known(void **state)
{
	struct text why = TEXT_INIT;

	(void)state;
	if (!schema_is_known(schema, &why))
		fail_msg("%s", text_get(&why));
	text_done(&why);
}

/* The names that do not come from event/schema.c (tests/schema/derived.sh tests the rest). */
static void has_every_name(void **state)
{
	json_object *names;

	(void)state;
	names = find("$defs.fact.properties.what.enum");
	for (enum fact_what i = 0; i < FACT_COUNT; i++) {
		assert_true(holds(names, fact_name(i)));
		assert_int_equal(fact_find(fact_name(i)), i);
	}
	assert_int_equal(fact_find("proc"), FACT_COUNT);
	assert_int_equal(json_object_array_length(names), FACT_COUNT);
	names = find("$defs.namespaces.properties");
	for (enum namespace i = 0; i < NAMESPACE_COUNT; i++)
		assert_true(json_object_object_get_ex(names, namespace_key(i), NULL));
	assert_int_equal(json_object_object_length(names), NAMESPACE_COUNT);
}

/* The validator */

static void validates(void **state)
{
	static const struct {
		const char *schema, *value;
		const char *why; /* NULL: right */
	} cases[] = {
		{ "{}", "1", NULL },
		{ "{'type':'integer'}", "1", NULL },
		{ "{'type':'integer'}", "1.5", "$: is not of type integer" },
		{ "{'type':'integer'}", "'1'", "$: is not of type integer" },
		{ "{'type':'boolean'}", "true", NULL },
		{ "{'type':'boolean'}", "0", "$: is not of type boolean" },
		{ "{'type':'string'}", "null", "$: is not of type string" },
		{ "{'type':'object'}", "[]", "$: is not of type object" },
		{ "{'type':'array'}", "{}", "$: is not of type array" },
		{ "{'const':'a'}", "'a'", NULL },
		{ "{'const':'a'}", "'b'", "$: is not \"a\"" },
		{ "{'enum':['a','b']}", "'b'", NULL },
		{ "{'enum':['1']}", "1", "$: is none of [ \"1\" ]" },
		{ "{'minimum':3}", "3", NULL },
		{ "{'minimum':3}", "2", "$: is less than 3" },
		{ "{'maximum':3}", "3", NULL },
		{ "{'maximum':3}", "4", "$: is more than 3" },
		{ "{'pattern':'^a+$'}", "'aa'", NULL },
		{ "{'pattern':'^a+$'}", "'ab'", "$: does not match ^a+$" },
		{ "{'minItems':2}", "[1]", "$: has fewer items than 2" },
		{ "{'minItems':1,'maxItems':2}", "[1,2]", NULL },
		{ "{'maxItems':1}", "[1,2]", "$: has more items than 1" },
		{ "{'items':{'type':'integer'}}", "[1,2]", NULL },
		{ "{'items':{'type':'integer'}}", "[1,'a']", "$[1]: is not of type integer" },
		{ "{'required':['a']}", "{'a':1}", NULL },
		{ "{'required':['a','b']}", "{'a':1}", "$: has no b" },
		{ "{'properties':{'a':{'type':'integer'}}}", "{'a':1}", NULL },
		{ "{'properties':{'a':{'type':'integer'}}}", "{'a':'x'}", "$.a: is not of type integer" },
		{ "{'properties':{'a':{'items':{'properties':{'b':{'maximum':1}}}}}}", "{'a':[{},{'b':2}]}",
		  "$.a[1].b: is more than 1" },
		{ "{'properties':{'a':{}}}", "{'b':1}", "$.b: is a key that the schema does not name" },
		{ "{'oneOf':[{'type':'integer'},{'type':'string'}]}", "'a'", NULL },
		{ "{'oneOf':[{'type':'integer'},{'minimum':0}]}", "1", "$: fits more than one choice" },
		{ "{'oneOf':[{'type':'integer'},{'type':'string'}]}", "[]", "$: is not of type integer" },
		{ "{'oneOf':[]}", "1", "$: fits no choice" },
		{ "{'$ref':'#/$defs/a','$defs':{'a':{'maximum':1}}}", "2", "$: is more than 1" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		/* json-c takes single quotes where it is not strict */
		json_object *small = json_tokener_parse(cases[i].schema), *value = json_tokener_parse(cases[i].value);
		struct text why = TEXT_INIT;

		assert_non_null(small);
		if (!schema_is_known(small, &why))
			fail_msg("%s: %s", cases[i].schema, text_get(&why));
		assert_int_equal(schema_check(small, value, true, &why), !cases[i].why);
		assert_string_equal(text_get(&why), cases[i].why ? cases[i].why : "");
		json_object_put(small);
		json_object_put(value);
		text_done(&why);
	}
}

/* Without `strict`, for other readers, there may be more keys. */
static void more_keys_are_no_fault(void **state)
{
	json_object *small = json_tokener_parse("{'properties':{'a':{}}}"), *value = json_tokener_parse("{'b':1}");
	struct text why = TEXT_INIT;

	(void)state;
	assert_true(schema_check(small, value, false, &why));
	assert_false(schema_check(small, value, true, &why));
	json_object_put(small);
	json_object_put(value);
	text_done(&why);
}

static void refuses_what_it_does_not_know(void **state)
{
	static const struct {
		const char *schema, *why;
	} cases[] = {
		{ "[]", "$: is no schema" },
		{ "{'multipleOf':2}", "$: uses an unknown keyword: multipleOf" },
		{ "{'properties':{'a':{'not':{}}}}", "$.a: uses an unknown keyword: not" },
		{ "{'oneOf':[{'if':{}}]}", "$: uses an unknown keyword: if" },
		{ "{'items':{'uniqueItems':true}}", "$: uses an unknown keyword: uniqueItems" },
		{ "{'$defs':{'a':{'anyOf':[]}}}", "$.a: uses an unknown keyword: anyOf" },
		{ "{'type':['integer']}", "$: has a wrong value for type" },
		{ "{'minimum':'1'}", "$: has a wrong value for minimum" },
		{ "{'pattern':'('}", "$: has a wrong value for pattern" },
		{ "{'$ref':'#/$defs/a'}", "$: has a wrong value for $ref" },
		{ "{'$ref':'other.json','$defs':{}}", "$: has a wrong value for $ref" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		json_object *small = json_tokener_parse(cases[i].schema);
		struct text why = TEXT_INIT;

		assert_false(schema_is_known(small, &why));
		assert_string_equal(text_get(&why), cases[i].why);
		json_object_put(small);
		text_done(&why);
	}
}

/* The size of a field of each type; 0: it depends, or the value is derived. */
static size_t size_of(enum field_type type)
{
	static const size_t sizes[FIELD_TYPE_COUNT] = {
		[FIELD_KIND] = sizeof(enum event_kind),
		[FIELD_MODE] = sizeof(enum event_mode),
		[FIELD_NOTE] = sizeof(enum event_note),
		[FIELD_CALL] = sizeof(enum call),
		[FIELD_ABI] = sizeof(const struct abi *),
		[FIELD_PID] = sizeof(pid_t),
		[FIELD_INT] = sizeof(int),
		[FIELD_UINT] = sizeof(uint32_t),
		[FIELD_BOOL] = sizeof(bool),
		[FIELD_COUNT] = sizeof(uint64_t),
		[FIELD_BITS] = sizeof(uint64_t),
		[FIELD_SIGNED] = sizeof(int64_t),
		[FIELD_STRING] = sizeof(const char *),
		[FIELD_BYTES] = sizeof(const char *),
		[FIELD_ARGV] = sizeof(struct arguments),
		[FIELD_REQUEST] = sizeof(struct request),
		[FIELD_NSPIDS] = sizeof(struct nspids),
		[FIELD_NAMESPACES] = sizeof(uint64_t[NAMESPACE_COUNT]),
		[FIELD_FACTS] = sizeof(const struct facts *),
		[FIELD_STACK] = sizeof(struct stack),
		[FIELD_STACK_END] = sizeof(enum stack_end),
		[FIELD_FRAME] = sizeof(struct frame),
	};

	return sizes[type];
}

static void check_sizes(const struct fields *fields)
{
	for (const struct field *field = fields->rows; field < fields->rows + fields->count; field++) {
		if (size_of(field->type) && field->size != size_of(field->type))
			fail_msg("\"%s\" is a member of %zu bytes, its type has %zu", field->key, field->size,
				 size_of(field->type));
	}
}

static void members_have_the_sizes_of_their_types(void **state)
{
	(void)state;
	check_sizes(&event_common);
	check_sizes(&request_fields);
	check_sizes(&frame_fields);
	for (unsigned kind = 0; kind < EVENT_KIND_COUNT; kind++)
		check_sizes(&event_kind_row(kind)->own);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(is_of_what_is_known),
		cmocka_unit_test(has_every_name),
		cmocka_unit_test(members_have_the_sizes_of_their_types),
		cmocka_unit_test(validates),
		cmocka_unit_test(more_keys_are_no_fault),
		cmocka_unit_test(refuses_what_it_does_not_know),
	};

	return cmocka_run_group_tests_name("schema", tests, open_schema, close_schema);
}
