/* SPDX-License-Identifier: GPL-2.0-or-later */
/* One function for each keyword, and a table of them. */
#include "schema.h"

#include <regex.h>
#include <stdlib.h>
#include <string.h>

#include "base/text.h"

#define REFERENCE "#/$defs/"

/* What a check is about: the schema that it began with, and the place in the value. */
struct check {
	json_object *root;
	bool strict;
	const struct place *place;
	struct text *why;
};

/* A step from the value down to what is looked at. */
struct place {
	const struct place *above;
	const char *key; /* NULL: an index */
	size_t index;
};

static bool check_value(const struct check *check, json_object *schema, json_object *value);

static void add_place(struct text *text, const struct place *place)
{
	if (!place)
		return;
	add_place(text, place->above);
	if (place->key)
		text_addf(text, ".%s", place->key);
	else
		text_addf(text, "[%zu]", place->index);
}

/* The first fault that is found is the one that is reported. */
static bool wrong(const struct check *check, const char *what, const char *more)
{
	if (check->why->length)
		return false;
	text_add(check->why, "$");
	add_place(check->why, check->place);
	text_addf(check->why, ": %s%s%s", what, more ? " " : "", more ? more : "");
	return false;
}

static bool is_equal(json_object *a, json_object *b)
{
	return json_object_get_type(a) == json_object_get_type(b) && json_object_equal(a, b);
}

/* Keywords. WANTED is the keyword's value. */

typedef bool keyword_fn(const struct check *check, json_object *schema, json_object *wanted, json_object *value);

static bool check_nothing(const struct check *check, json_object *schema, json_object *wanted, json_object *value)
{
	(void)check, (void)schema, (void)wanted, (void)value;
	return true;
}

static bool check_ref(const struct check *check, json_object *schema, json_object *wanted, json_object *value)
{
	const char *name = json_object_get_string(wanted);
	json_object *defs, *target;

	(void)schema;
	if (strncmp(name, REFERENCE, strlen(REFERENCE)) || !json_object_object_get_ex(check->root, "$defs", &defs) ||
	    !json_object_object_get_ex(defs, name + strlen(REFERENCE), &target))
		return wrong(check, "a reference to nothing:", name);
	return check_value(check, target, value);
}

static bool check_type(const struct check *check, json_object *schema, json_object *wanted, json_object *value)
{
	static const struct {
		const char *name;
		json_type type;
	} types[] = {
		{ "object", json_type_object }, { "array", json_type_array },	  { "string", json_type_string },
		{ "integer", json_type_int },	{ "boolean", json_type_boolean },
	};
	const char *name = json_object_get_string(wanted);

	(void)schema;
	for (size_t i = 0; i < sizeof(types) / sizeof(types[0]); i++) {
		if (strcmp(name, types[i].name) == 0 && json_object_is_type(value, types[i].type))
			return true;
	}
	return wrong(check, "is not of type", name);
}

static bool check_const(const struct check *check, json_object *schema, json_object *wanted, json_object *value)
{
	(void)schema;
	return is_equal(wanted, value) || wrong(check, "is not", json_object_to_json_string(wanted));
}

static bool check_enum(const struct check *check, json_object *schema, json_object *wanted, json_object *value)
{
	(void)schema;
	for (size_t i = 0; i < json_object_array_length(wanted); i++) {
		if (is_equal(json_object_array_get_idx(wanted, i), value))
			return true;
	}
	return wrong(check, "is none of", json_object_to_json_string(wanted));
}

static bool check_minimum(const struct check *check, json_object *schema, json_object *wanted, json_object *value)
{
	(void)schema;
	if (json_object_is_type(value, json_type_int) && json_object_get_int64(value) < json_object_get_int64(wanted))
		return wrong(check, "is less than", json_object_get_string(wanted));
	return true;
}

static bool check_maximum(const struct check *check, json_object *schema, json_object *wanted, json_object *value)
{
	(void)schema;
	if (json_object_is_type(value, json_type_int) && json_object_get_int64(value) > json_object_get_int64(wanted))
		return wrong(check, "is more than", json_object_get_string(wanted));
	return true;
}

static bool check_pattern(const struct check *check, json_object *schema, json_object *wanted, json_object *value)
{
	regex_t regex;
	bool matches;

	(void)schema;
	if (!json_object_is_type(value, json_type_string))
		return true;
	if (regcomp(&regex, json_object_get_string(wanted), REG_EXTENDED | REG_NOSUB))
		return wrong(check, "a pattern that is none:", json_object_get_string(wanted));
	matches = regexec(&regex, json_object_get_string(value), 0, NULL, 0) == 0;
	regfree(&regex);
	return matches || wrong(check, "does not match", json_object_get_string(wanted));
}

static bool check_required(const struct check *check, json_object *schema, json_object *wanted, json_object *value)
{
	(void)schema;
	for (size_t i = 0; json_object_is_type(value, json_type_object) && i < json_object_array_length(wanted); i++) {
		const char *key = json_object_get_string(json_object_array_get_idx(wanted, i));

		if (!json_object_object_get_ex(value, key, NULL))
			return wrong(check, "has no", key);
	}
	return true;
}

static bool check_properties(const struct check *check, json_object *schema, json_object *wanted, json_object *value)
{
	(void)schema;
	if (!json_object_is_type(value, json_type_object))
		return true;
	json_object_object_foreach(value, key, member)
	{
		struct place place = { .above = check->place, .key = key };
		struct check below = *check;
		json_object *property;

		below.place = &place;
		if (!json_object_object_get_ex(wanted, key, &property)) {
			if (check->strict)
				return wrong(&below, "is a key that the schema does not name", NULL);
		} else if (!check_value(&below, property, member)) {
			return false;
		}
	}
	return true;
}

static bool check_items(const struct check *check, json_object *schema, json_object *wanted, json_object *value)
{
	(void)schema;
	for (size_t i = 0; json_object_is_type(value, json_type_array) && i < json_object_array_length(value); i++) {
		struct place place = { .above = check->place, .index = i };
		struct check below = *check;

		below.place = &place;
		if (!check_value(&below, wanted, json_object_array_get_idx(value, i)))
			return false;
	}
	return true;
}

static bool check_min_items(const struct check *check, json_object *schema, json_object *wanted, json_object *value)
{
	(void)schema;
	if (json_object_is_type(value, json_type_array) &&
	    json_object_array_length(value) < (size_t)json_object_get_int64(wanted))
		return wrong(check, "has fewer items than", json_object_get_string(wanted));
	return true;
}

static bool check_max_items(const struct check *check, json_object *schema, json_object *wanted, json_object *value)
{
	(void)schema;
	if (json_object_is_type(value, json_type_array) &&
	    json_object_array_length(value) > (size_t)json_object_get_int64(wanted))
		return wrong(check, "has more items than", json_object_get_string(wanted));
	return true;
}

/* Whether WHY is worth reporting if no choice fits: if it is not about the key that distinguishes the choices. */
static bool is_specific(const struct text *why)
{
	return why->length && strncmp(text_get(why), "$.kind:", strlen("$.kind:")) != 0;
}

static bool check_one_of(const struct check *check, json_object *schema, json_object *wanted, json_object *value)
{
	struct text specific = TEXT_INIT;
	unsigned fit = 0;
	bool right;

	(void)schema;
	for (size_t i = 0; i < json_object_array_length(wanted); i++) {
		struct text why = TEXT_INIT;
		struct check one = *check;

		one.why = &why;
		if (check_value(&one, json_object_array_get_idx(wanted, i), value))
			fit++;
		else if (!specific.length && is_specific(&why) && !strstr(text_get(&why), "has no kind"))
			text_add(&specific, text_get(&why));
		text_done(&why);
	}
	right = fit == 1;
	if (!right && !fit && specific.length && !check->why->length)
		text_add(check->why, text_get(&specific));
	else if (!right)
		wrong(check, fit ? "fits more than one choice" : "fits no choice", NULL);
	text_done(&specific);
	return right;
}

static const struct keyword {
	const char *name;
	keyword_fn *check;
	json_type type; /* of its value */
	bool one, many; /* the value is a schema; it has one below each key or index */
} keywords[] = {
	{ "$schema", check_nothing, json_type_string, false, false },
	{ "$defs", check_nothing, json_type_object, false, true },
	{ "title", check_nothing, json_type_string, false, false },
	{ "description", check_nothing, json_type_string, false, false },
	{ "$ref", check_ref, json_type_string, false, false },
	/* the kind of value, and what distinguishes choices, before what is below */
	{ "type", check_type, json_type_string, false, false },
	{ "const", check_const, json_type_string, false, false },
	{ "enum", check_enum, json_type_array, false, false },
	{ "minimum", check_minimum, json_type_int, false, false },
	{ "maximum", check_maximum, json_type_int, false, false },
	{ "pattern", check_pattern, json_type_string, false, false },
	{ "minItems", check_min_items, json_type_int, false, false },
	{ "maxItems", check_max_items, json_type_int, false, false },
	{ "items", check_items, json_type_object, true, false },
	{ "properties", check_properties, json_type_object, false, true },
	{ "required", check_required, json_type_array, false, false },
	{ "oneOf", check_one_of, json_type_array, false, true },
};

static const struct keyword *find_keyword(const char *name)
{
	for (size_t i = 0; i < sizeof(keywords) / sizeof(keywords[0]); i++) {
		if (strcmp(keywords[i].name, name) == 0)
			return &keywords[i];
	}
	return NULL;
}

/* The "kind" of an event is checked first, so that the reported fault is about the choice that was meant. */
static bool check_kind_first(const struct check *check, json_object *schema, json_object *value)
{
	struct place place = { .above = check->place, .key = "kind" };
	struct check below = *check;
	json_object *properties, *kind, *member;

	below.place = &place;
	return !json_object_object_get_ex(schema, "properties", &properties) ||
	       !json_object_object_get_ex(properties, "kind", &kind) ||
	       !json_object_object_get_ex(value, "kind", &member) || check_value(&below, kind, member);
}

static bool check_value(const struct check *check, json_object *schema, json_object *value)
{
	json_object *wanted;

	if (!check_kind_first(check, schema, value))
		return false;
	for (size_t i = 0; i < sizeof(keywords) / sizeof(keywords[0]); i++) {
		if (json_object_object_get_ex(schema, keywords[i].name, &wanted) &&
		    !keywords[i].check(check, schema, wanted, value))
			return false;
	}
	return true;
}

bool schema_check(json_object *root, json_object *value, bool strict, struct text *why)
{
	struct check check = { .root = root, .strict = strict, .why = why };

	text_clear(why);
	return check_value(&check, root, value);
}

static bool is_known(const struct check *check, json_object *schema);

static bool are_known(const struct check *check, json_object *below)
{
	if (json_object_is_type(below, json_type_array)) {
		for (size_t i = 0; i < json_object_array_length(below); i++) {
			if (!is_known(check, json_object_array_get_idx(below, i)))
				return false;
		}
		return true;
	}
	json_object_object_foreach(below, key, member)
	{
		struct place place = { .above = check->place, .key = key };
		struct check deeper = *check;

		deeper.place = &place;
		if (!is_known(&deeper, member))
			return false;
	}
	return true;
}

/* That a reference leads somewhere, and a pattern is one. */
static bool is_sound(const struct check *check, const struct keyword *keyword, json_object *value)
{
	const char *string = json_object_get_string(value);
	json_object *defs;
	regex_t regex;

	if (keyword->check == check_ref)
		return strncmp(string, REFERENCE, strlen(REFERENCE)) == 0 &&
		       json_object_object_get_ex(check->root, "$defs", &defs) &&
		       json_object_object_get_ex(defs, string + strlen(REFERENCE), NULL);
	if (keyword->check != check_pattern)
		return true;
	if (regcomp(&regex, string, REG_EXTENDED | REG_NOSUB))
		return false;
	regfree(&regex);
	return true;
}

static bool is_known(const struct check *check, json_object *schema)
{
	if (!json_object_is_type(schema, json_type_object))
		return wrong(check, "is no schema", NULL);
	json_object_object_foreach(schema, key, value)
	{
		const struct keyword *keyword = find_keyword(key);

		if (!keyword)
			return wrong(check, "uses an unknown keyword:", key);
		if (!json_object_is_type(value, keyword->type) || !is_sound(check, keyword, value))
			return wrong(check, "has a wrong value for", key);
		if ((keyword->one && !is_known(check, value)) || (keyword->many && !are_known(check, value)))
			return false;
	}
	return true;
}

bool schema_is_known(json_object *schema, struct text *why)
{
	struct check check = { .root = schema, .why = why };

	text_clear(why);
	return is_known(&check, schema);
}
