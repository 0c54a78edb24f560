/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Grows a piece of text, and makes foreign strings harmless. */
#include "base/text.h"

#include <errno.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/hex.h"
#include "base/mem.h"
#include "base/unescape.h"
#include "base/utf8.h"

enum { TEXT_FIRST_SIZE = 64, QUOTED_MAX = 60 };

static void grow(struct text *text, size_t more)
{
	size_t need, size = text->size ? text->size : TEXT_FIRST_SIZE;

	/* In case of an overflow it asks for SIZE_MAX bytes, so mem_resize() reports that there is not enough memory.
	 */
	if (__builtin_add_overflow(text->length, more, &need) || __builtin_add_overflow(need, 1, &need))
		need = SIZE_MAX;
	while (size < need)
		size = size > SIZE_MAX / 2 ? need : size * 2;
	text->data = mem_resize(text->data, size, 1);
	text->size = size;
}

/* Makes room for MORE bytes and a NUL. */
static inline void text_reserve(struct text *text, size_t more)
{
	if (text->size - text->length <= more)
		grow(text, more);
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
	if (length) /* BYTES may be NULL if LENGTH is 0, which memcpy() does not allow */
		memcpy(text->data + text->length, bytes, length);
	text->length += length;
	text->data[text->length] = '\0';
}

/* Adds NUMBER in BASE, which is at most 16. */
static void add_digits(struct text *text, uint64_t number, unsigned base)
{
	char digits[sizeof("18446744073709551615")], *at = digits + sizeof(digits);

	do {
		*--at = hex_digits[number % base];
		number /= base;
	} while (number);
	text_add_bytes(text, at, (size_t)(digits + sizeof(digits) - at));
}

void text_add_unsigned(struct text *text, uint64_t number)
{
	add_digits(text, number, 10);
}

void text_add_signed(struct text *text, int64_t number)
{
	if (number < 0)
		text_add_bytes(text, "-", 1);
	add_digits(text, number < 0 ? -(uint64_t)number : (uint64_t)number, 10);
}

void text_add_hex(struct text *text, uint64_t number)
{
	text_add_bytes(text, "0x", 2);
	add_digits(text, number, 16);
}

void text_add_hex_bytes(struct text *text, const void *data, size_t length)
{
	const unsigned char *bytes = data;

	for (size_t i = 0; i < length; i++) {
		text_add_bytes(text, &hex_digits[bytes[i] >> 4], 1);
		text_add_bytes(text, &hex_digits[bytes[i] & 0xf], 1);
	}
}

void text_addf(struct text *text, const char *format, ...)
{
	va_list ap;

	va_start(ap, format);
	text_vaddf(text, format, ap);
	va_end(ap);
}

static void add_blanks(struct text *text, size_t count)
{
	text_reserve(text, count);
	memset(text->data + text->length, ' ', count);
	text_cut(text, text->length + count);
}

/* "%*s": at least |WIDTH| bytes, blanks before STRING, or behind it if WIDTH is negative. */
static void add_padded(struct text *text, int width, const char *string)
{
	const size_t length = strlen(string), wanted = width < 0 ? -(size_t)width : (size_t)width;
	const size_t blanks = wanted > length ? wanted - length : 0;

	if (width > 0)
		add_blanks(text, blanks);
	text_add_bytes(text, string, length);
	if (width < 0)
		add_blanks(text, blanks);
}

/* Adds what the conversion after FORMAT's '%' asks for, if the conversion is a common one. Returns what follows the
 * conversion. NULL: it is another conversion, and AP has not changed. */
static const char *add_common(struct text *text, const char *format, va_list *ap)
{
	const bool is_long = *format == 'l';
	int width;

	format += is_long;
	switch (*format) {
	case '*':
		if (*++format != 's')
			return NULL;
		width = va_arg(*ap, int);
		add_padded(text, width, va_arg(*ap, const char *));
		break;
	case 's':
		if (is_long)
			return NULL;
		text_add(text, va_arg(*ap, const char *));
		break;
	case 'd':
		text_add_signed(text, is_long ? va_arg(*ap, long) : va_arg(*ap, int));
		break;
	case 'u':
		add_digits(text, is_long ? va_arg(*ap, unsigned long) : va_arg(*ap, unsigned), 10);
		break;
	case 'x':
		add_digits(text, is_long ? va_arg(*ap, unsigned long) : va_arg(*ap, unsigned), 16);
		break;
	default:
		return NULL;
	}
	return format + 1;
}

/* Adds the first part of FORMAT, up to the first conversion that is not a common one, because vsnprintf(3) would take
 * ten times as long. Returns the rest of FORMAT, whose arguments are left in AP. */
static const char *add_simple(struct text *text, const char *format, va_list *ap)
{
	const char *next;

	for (;;) {
		const size_t plain = (size_t)(strchrnul(format, '%') - format);

		text_add_bytes(text, format, plain);
		format += plain;
		next = *format ? add_common(text, format + 1, ap) : NULL;
		if (!next)
			return format;
		format = next;
	}
}

static void __attribute__((format(printf, 2, 0))) add_formatted(struct text *text, const char *format, va_list ap)
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

void text_vaddf(struct text *text, const char *format, va_list ap)
{
	va_list rest;

	va_copy(rest, ap);
	format = add_simple(text, format, &rest);
	if (*format)
		add_formatted(text, format, rest);
	va_end(rest);
}

/* Adds the first part of BYTES as it is: up to the end, a backslash, or a byte that no terminal should get. Returns the
 * rest. */
static const unsigned char *add_shown(struct text *text, const unsigned char *bytes)
{
	const unsigned char *end = bytes;
	size_t length;

	while (*end && *end != '\\' && (length = utf8_shown(end, UTF8_MAX)))
		end += length;
	text_add_bytes(text, (const char *)bytes, (size_t)(end - bytes));
	return end;
}

void text_add_escaped(struct text *text, const char *string)
{
	const unsigned char *byte = (const unsigned char *)string;
	char escape[UTF8_ESCAPED];

	while (*(byte = add_shown(text, byte))) {
		size_t length = utf8_length(byte, UTF8_MAX);

		if (*byte == '\\') {
			text_add(text, "\\\\");
			byte++;
			continue;
		}
		for (length = length ? length : 1; length; length--)
			text_add_bytes(text, escape, utf8_escape(*byte++, escape));
	}
}

int text_unescape(char *string)
{
	char *to = string;

	for (const char *at = string; *at; at++, to++) {
		if (*at != '\\') {
			*to = *at;
			continue;
		}
		at++;
		if (*at == 'n' || *at == 't' || *at == '\\')
			*to = *at == 'n' ? '\n' : *at == 't' ? '\t' : '\\';
		else if (unescape_octal(at, to))
			at += 2;
		else
			return -EINVAL;
	}
	*to = '\0';
	return 0;
}

void text_add_quoted(struct text *text, const char *bytes, size_t length)
{
	const size_t kept = length > QUOTED_MAX ? utf8_whole(bytes, QUOTED_MAX) : length;

	text_add(text, "'");
	text_add_bytes(text, bytes, kept);
	text_add(text, kept < length ? "...'" : "'");
}
