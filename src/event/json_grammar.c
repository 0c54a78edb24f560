/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Whether a text is JSON, by the grammar of RFC 8259 and by nothing else.
 *
 * json-c is not used, because what its strict mode refuses differs between versions. 0.16 accepts raw control
 * characters in strings, 0.18 refuses every byte above 0x7f in strings, and both accept NaN. */
#include <string.h>

#include "base/utf8.h"
#include "event/codec_common.h"

#define DEPTH_MAX 32 /* json-c's limit, too */

struct json {
	const char *at, *end;
};

static void skip_space(struct json *json)
{
	while (json->at < json->end &&
	       (*json->at == ' ' || *json->at == '\t' || *json->at == '\r' || *json->at == '\n'))
		json->at++;
}

static bool take(struct json *json, char wanted)
{
	if (json->at == json->end || *json->at != wanted)
		return false;
	json->at++;
	return true;
}

static bool take_word(struct json *json, const char *word)
{
	const size_t length = strlen(word);

	if ((size_t)(json->end - json->at) < length || memcmp(json->at, word, length) != 0)
		return false;
	json->at += length;
	return true;
}

static bool take_one_of(struct json *json, const char *wanted)
{
	if (json->at == json->end || !memchr(wanted, *json->at, strlen(wanted)))
		return false;
	json->at++;
	return true;
}

static bool take_digits(struct json *json)
{
	const char *from = json->at;

	while (json->at < json->end && *json->at >= '0' && *json->at <= '9')
		json->at++;
	return json->at > from;
}

static bool take_number(struct json *json)
{
	take(json, '-');
	if (!take(json, '0') && !take_digits(json))
		return false;
	if (take(json, '.') && !take_digits(json))
		return false;
	if (!take_one_of(json, "eE"))
		return true;
	take_one_of(json, "+-");
	return take_digits(json);
}

/* What follows a backslash. */
static bool take_escape(struct json *json)
{
	if (!take(json, 'u'))
		return take_one_of(json, "\"\\/bfnrt");
	for (unsigned i = 0; i < 4; i++)
		if (!take_one_of(json, "0123456789abcdefABCDEF"))
			return false;
	return true;
}

static bool take_string(struct json *json)
{
	if (!take(json, '"'))
		return false;
	while (!take(json, '"')) {
		if (json->at == json->end || (unsigned char)*json->at < 0x20)
			return false;
		if (*json->at++ == '\\' && !take_escape(json))
			return false;
	}
	return true;
}

static bool take_value(struct json *json, unsigned depth);

/* The members of an object, or the elements of an array, to the bracket that CLOSES it. */
static bool take_members(struct json *json, char closes, unsigned depth)
{
	skip_space(json);
	if (take(json, closes))
		return true;
	do {
		skip_space(json);
		if (closes == '}' && !take_string(json))
			return false;
		skip_space(json);
		if (closes == '}' && !take(json, ':'))
			return false;
		if (!take_value(json, depth))
			return false;
	} while (take(json, ','));
	return take(json, closes);
}

/* A value and the space around it, in DEPTH objects and arrays. */
static bool take_value(struct json *json, unsigned depth)
{
	bool taken;

	skip_space(json);
	if (depth == DEPTH_MAX)
		return false;
	if (take(json, '{'))
		taken = take_members(json, '}', depth + 1);
	else if (take(json, '['))
		taken = take_members(json, ']', depth + 1);
	else if (json->at < json->end && *json->at == '"')
		taken = take_string(json);
	else
		taken = take_word(json, "true") || take_word(json, "false") || take_word(json, "null") ||
			take_number(json);
	skip_space(json);
	return taken;
}

bool json_is_valid(const char *text, size_t length)
{
	struct json json = { text, text + length };

	return utf8_is_valid(text, length) && take_value(&json, 0) && json.at == json.end;
}
