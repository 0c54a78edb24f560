/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Grows a piece of text, and makes foreign strings harmless. */
#include "base/text.h"

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"

enum { TEXT_FIRST_SIZE = 64 };

/* Makes room for MORE bytes and a NUL. */
static void text_reserve(struct text *text, size_t more)
{
	size_t need, size = text->size ? text->size : TEXT_FIRST_SIZE;

	/* An overflow asks for SIZE_MAX bytes, which mem_resize() answers as out of memory. */
	if (__builtin_add_overflow(text->length, more, &need) || __builtin_add_overflow(need, 1, &need))
		need = SIZE_MAX;
	if (need <= text->size)
		return;
	while (size < need)
		size = size > SIZE_MAX / 2 ? need : size * 2;
	text->data = mem_resize(text->data, size, 1);
	text->size = size;
}

void text_done(struct text *text)
{
	free(text->data);
	*text = (struct text)TEXT_INIT;
}

void text_clear(struct text *text)
{
	text->length = 0;
	if (text->data)
		text->data[0] = '\0';
}

void text_cut(struct text *text, size_t length)
{
	text->length = length;
	if (text->data)
		text->data[length] = '\0';
}

const char *text_get(const struct text *text)
{
	return text->data ? text->data : "";
}

void text_add(struct text *text, const char *string)
{
	text_add_bytes(text, string, strlen(string));
}

void text_add_bytes(struct text *text, const char *bytes, size_t length)
{
	text_reserve(text, length);
	if (length) /* BYTES may be NULL without length, which memcpy() does not allow */
		memcpy(text->data + text->length, bytes, length);
	text->length += length;
	text->data[text->length] = '\0';
}

void text_add_unsigned(struct text *text, uint64_t number)
{
	char digits[sizeof("18446744073709551615")], *at = digits + sizeof(digits);

	do {
		*--at = (char)('0' + number % 10);
		number /= 10;
	} while (number);
	text_add_bytes(text, at, (size_t)(digits + sizeof(digits) - at));
}

void text_add_signed(struct text *text, int64_t number)
{
	if (number < 0)
		text_add_bytes(text, "-", 1);
	text_add_unsigned(text, number < 0 ? -(uint64_t)number : (uint64_t)number);
}

void text_add_hex(struct text *text, uint64_t number)
{
	char digits[sizeof("0xffffffffffffffff")], *at = digits + sizeof(digits);

	do {
		*--at = "0123456789abcdef"[number % 16];
		number /= 16;
	} while (number);
	*--at = 'x';
	*--at = '0';
	text_add_bytes(text, at, (size_t)(digits + sizeof(digits) - at));
}

void text_addf(struct text *text, const char *format, ...)
{
	va_list ap;

	va_start(ap, format);
	text_vaddf(text, format, ap);
	va_end(ap);
}

void text_vaddf(struct text *text, const char *format, va_list ap)
{
	va_list again;
	size_t room;
	int length;

	va_copy(again, ap);
	text_reserve(text, TEXT_FIRST_SIZE / 2);
	room = text->size - text->length;
	length = vsnprintf(text->data + text->length, room, format, ap);
	if (length >= 0 && (size_t)length >= room) {
		text_reserve(text, (size_t)length);
		vsnprintf(text->data + text->length, (size_t)length + 1, format, again);
	}
	if (length >= 0)
		text->length += (size_t)length;
	else
		text->data[text->length] = '\0';
	va_end(again);
}

/* The number of bytes of the UTF-8 character that STRING begins with and its code point, or 0 where it is none (RFC
 * 3629: no overlong forms, no surrogates, nothing above 0x10ffff). A NUL ends every sequence. */
static unsigned text_utf8(const unsigned char *string, uint32_t *ret_code)
{
	static const uint32_t lowest[] = { 0, 0, 0x80, 0x800, 0x10000 };
	unsigned length;
	uint32_t code;

	if (string[0] < 0x80)
		length = 1;
	else if (string[0] >= 0xc2 && string[0] < 0xe0)
		length = 2;
	else if (string[0] >= 0xe0 && string[0] < 0xf0)
		length = 3;
	else if (string[0] >= 0xf0 && string[0] < 0xf5)
		length = 4;
	else
		return 0;
	code = length == 1 ? string[0] : string[0] & (0x7fU >> length);
	for (unsigned i = 1; i < length; i++) {
		if ((string[i] & 0xc0) != 0x80)
			return 0;
		code = code << 6 | (string[i] & 0x3f);
	}
	if (code < lowest[length] || (code >= 0xd800 && code < 0xe000) || code > 0x10ffff)
		return 0;
	*ret_code = code;
	return length;
}

/* Characters that a terminal does not show but obeys: C0, DEL and C1 controls, and those of Unicode that end a line or
 * turn the direction of what follows. */
static bool text_is_control(uint32_t code)
{
	return code < 0x20 || (code >= 0x7f && code < 0xa0) || code == 0x200e || code == 0x200f ||
	       (code >= 0x2028 && code <= 0x202e) || (code >= 0x2066 && code <= 0x2069);
}

static void text_add_escape(struct text *text, unsigned char byte)
{
	switch (byte) {
	case '\n':
		text_add(text, "\\n");
		break;
	case '\t':
		text_add(text, "\\t");
		break;
	case '\\':
		text_add(text, "\\\\");
		break;
	default:
		text_addf(text, "\\%03o", byte);
	}
}

void text_add_escaped(struct text *text, const char *string)
{
	const unsigned char *byte = (const unsigned char *)string;

	while (*byte) {
		uint32_t code;
		unsigned length = text_utf8(byte, &code);

		if (length && code != '\\' && !text_is_control(code)) {
			text_add_bytes(text, (const char *)byte, length);
			byte += length;
			continue;
		}
		for (length = length ? length : 1; length; length--)
			text_add_escape(text, *byte++);
	}
}

/* What JSON cannot hold as it is (RFC 8259, section 7). */
static void text_add_json_escape(struct text *text, unsigned char byte)
{
	if (byte == '"' || byte == '\\')
		text_addf(text, "\\%c", byte);
	else if (byte == '\n')
		text_add(text, "\\n");
	else
		text_addf(text, "\\u%04x", byte);
}

void text_add_json(struct text *text, const char *string)
{
	const char *plain = string;

	text_add(text, "\"");
	while (*string) {
		uint32_t code;
		const unsigned length = text_utf8((const unsigned char *)string, &code);

		if (length && code >= 0x20 && code != '"' && code != '\\') {
			string += length;
			continue;
		}
		text_add_bytes(text, plain, (size_t)(string - plain));
		if (length)
			text_add_json_escape(text, (unsigned char)code);
		else
			text_add(text, "\\ufffd");
		plain = ++string;
	}
	text_add_bytes(text, plain, (size_t)(string - plain));
	text_add(text, "\"");
}
