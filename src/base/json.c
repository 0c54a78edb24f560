/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A stack of what is open, one byte for each level, says what separates values; strings are escaped in one place. */
#include "base/json.h"

#include <assert.h>

#include "base/text.h"
#include "base/utf8.h"

/* A level. Level 0 is the document, which holds one value. */
enum {
	LEVEL_LAYOUT = 3,	  /* mask of enum json_layout */
	LEVEL_OBJECT = 1 << 2,	  /* its values have keys */
	LEVEL_FILLED = 1 << 3,	  /* it has a value */
	LEVEL_SEPARATED = 1 << 4, /* what is between the last value and the next one is written */
};

void json_init(struct json *json, struct text *text, unsigned indent)
{
	json->text = text;
	json->indent = indent;
	json->depth = 0;
	json->key = NULL;
	json->levels[0] = JSON_DENSE;
}

/* ---- strings ---- */

/* The length of the first part of STRING whose characters need not be looked at one by one. */
static size_t plain_length(const unsigned char *string)
{
	size_t length = 0;

	while (string[length] >= 0x20 && string[length] < 0x7f && string[length] != '"' && string[length] != '\\')
		length++;
	return length;
}

/* Adds the character at BYTE, escaped if JSON (RFC 8259, section 7) or a terminal requires that. Returns its length. */
static size_t add_character(struct text *text, const unsigned char *byte)
{
	const size_t length = utf8_length(byte, UTF8_MAX);

	if (!length) {
		text_add(text, "\\ufffd");
		return 1;
	}
	if (*byte == '"' || *byte == '\\')
		text_add_bytes(text, "\\", 1);
	else if (utf8_is_control(utf8_code(byte, length))) {
		text_addf(text, "\\u%04x", (unsigned)utf8_code(byte, length));
		return length;
	}
	text_add_bytes(text, (const char *)byte, length);
	return length;
}

static void add_quoted(struct text *text, const char *string)
{
	const unsigned char *byte = (const unsigned char *)string;

	text_add_bytes(text, "\"", 1);
	while (*byte) {
		const size_t length = plain_length(byte);

		text_add_bytes(text, (const char *)byte, length);
		byte += length;
		if (*byte)
			byte += add_character(text, byte);
	}
	text_add_bytes(text, "\"", 1);
}

/* ---- what is between values ---- */

static void add_line_end(struct json *json, unsigned depth)
{
	text_addf(json->text, "\n%*s", (int)(depth * json->indent), "");
}

/* Adds the separator before the next value of LEVEL. An object of several lines begins on the line on which the object
 * before ends: "},{". */
static void add_separator(struct json *json, unsigned level, bool joined)
{
	const bool filled = level & LEVEL_FILLED;

	switch ((enum json_layout)(level & LEVEL_LAYOUT)) {
	case JSON_DENSE:
		text_add_bytes(json->text, ",", filled);
		break;
	case JSON_SPACED:
		text_add_bytes(json->text, ", ", filled ? 2 : 0);
		break;
	case JSON_LINES:
		text_add_bytes(json->text, ",", filled);
		if (!filled || !joined)
			add_line_end(json, json->depth);
		break;
	}
}

static void add_key(struct json *json, unsigned level)
{
	if (json->key_is_ready) {
		const size_t comma = !(level & LEVEL_FILLED);

		text_add_bytes(json->text, json->key + comma, json->key_length - comma);
		return;
	}
	if (!(level & LEVEL_SEPARATED))
		add_separator(json, level, false);
	add_quoted(json->text, json->key);
	text_add(json->text, (level & LEVEL_LAYOUT) == JSON_DENSE ? ":" : ": ");
}

/* Adds what precedes a value. JOINED: the value is an object of several lines. */
static inline void begin_value(struct json *json, bool joined)
{
	unsigned char *level = &json->levels[json->depth];

	assert(!(*level & LEVEL_OBJECT) == !json->key);	 /* the members of an object, and no others, have keys */
	assert(json->depth || !(*level & LEVEL_FILLED)); /* a document is one value */
	if (json->key)
		add_key(json, *level);
	else if (!(*level & LEVEL_SEPARATED))
		add_separator(json, *level, joined);
	json->key = NULL;
	*level = (unsigned char)((*level | LEVEL_FILLED) & ~LEVEL_SEPARATED);
}

void json_separate(struct json *json)
{
	unsigned char *level = &json->levels[json->depth];

	assert(json->depth && !json->key && !(*level & LEVEL_SEPARATED));
	add_separator(json, *level, false);
	*level |= LEVEL_SEPARATED;
}

/* ---- objects and arrays ---- */

static void open_level(struct json *json, unsigned level, const char *bracket)
{
	begin_value(json, level == (LEVEL_OBJECT | JSON_LINES));
	text_add_bytes(json->text, bracket, 1);
	assert(json->depth + 1 < JSON_LEVELS);
	json->levels[++json->depth] = (unsigned char)level;
}

void json_open_object(struct json *json, enum json_layout layout)
{
	open_level(json, LEVEL_OBJECT | (unsigned)layout, "{");
}

void json_open_array(struct json *json, enum json_layout layout)
{
	open_level(json, (unsigned)layout, "[");
}

void json_close(struct json *json)
{
	const unsigned level = json->levels[json->depth];

	assert(json->depth && !json->key && !(level & LEVEL_SEPARATED));
	json->depth--;
	if ((level & LEVEL_LAYOUT) == JSON_LINES)
		add_line_end(json, json->depth);
	text_add_bytes(json->text, level & LEVEL_OBJECT ? "}" : "]", 1);
}

void json_key(struct json *json, const char *key)
{
	assert(json->levels[json->depth] & LEVEL_OBJECT && !json->key);
	json->key = key;
	json->key_is_ready = false;
}

void json_ready_key(struct json *json, const char *written, size_t length)
{
	assert(!json->key);
	assert((json->levels[json->depth] & ~LEVEL_FILLED) == (LEVEL_OBJECT | JSON_DENSE));
	json->key = written;
	json->key_length = length;
	json->key_is_ready = true;
}

void json_drop_key(struct json *json)
{
	assert(json->key);
	json->key = NULL;
}

/* ---- values ---- */

void json_add_null(struct json *json)
{
	json_add_number(json, "null");
}

void json_add_bool(struct json *json, bool value)
{
	json_add_number(json, value ? "true" : "false");
}

void json_add_unsigned(struct json *json, uint64_t value)
{
	begin_value(json, false);
	text_add_unsigned(json->text, value);
}

void json_add_signed(struct json *json, int64_t value)
{
	begin_value(json, false);
	text_add_signed(json->text, value);
}

void json_add_number(struct json *json, const char *number)
{
	begin_value(json, false);
	text_add(json->text, number);
}

void json_add_string(struct json *json, const char *string)
{
	begin_value(json, false);
	add_quoted(json->text, string);
}

void json_add_plain(struct json *json, const char *string)
{
	text_add(json_open_plain(json), string);
	json_close_plain(json);
}

struct text *json_open_plain(struct json *json)
{
	begin_value(json, false);
	text_add_bytes(json->text, "\"", 1);
	return json->text;
}

void json_close_plain(struct json *json)
{
	text_add_bytes(json->text, "\"", 1);
}

void json_put_bool(struct json *json, const char *key, bool value)
{
	json_key(json, key);
	json_add_bool(json, value);
}

void json_put_unsigned(struct json *json, const char *key, uint64_t value)
{
	json_key(json, key);
	json_add_unsigned(json, value);
}

void json_put_signed(struct json *json, const char *key, int64_t value)
{
	json_key(json, key);
	json_add_signed(json, value);
}

void json_put_string(struct json *json, const char *key, const char *string)
{
	json_key(json, key);
	json_add_string(json, string);
}
