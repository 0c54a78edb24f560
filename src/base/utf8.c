/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Finds characters in foreign bytes, and those among them that would be harmful where people read. */
#include "base/utf8.h"

#include <string.h>
#include <wchar.h>

#include "base/array.h"

size_t utf8_length(const unsigned char *bytes, size_t length)
{
	static const struct {
		unsigned char first, last;     /* range of the first byte */
		unsigned char lowest, highest; /* range of the second one */
		size_t length;
	} rows[] = {
		{ 0x00, 0x7f, 0x00, 0xff, 1 }, { 0xc2, 0xdf, 0x80, 0xbf, 2 }, { 0xe0, 0xe0, 0xa0, 0xbf, 3 },
		{ 0xe1, 0xec, 0x80, 0xbf, 3 }, { 0xed, 0xed, 0x80, 0x9f, 3 }, { 0xee, 0xef, 0x80, 0xbf, 3 },
		{ 0xf0, 0xf0, 0x90, 0xbf, 4 }, { 0xf1, 0xf3, 0x80, 0xbf, 4 }, { 0xf4, 0xf4, 0x80, 0x8f, 4 },
	};
	size_t row = 0;

	while (row < ARRAY_LENGTH(rows) && bytes[0] > rows[row].last)
		row++;
	if (row == ARRAY_LENGTH(rows) || bytes[0] < rows[row].first || length < rows[row].length)
		return 0;
	if (rows[row].length > 1 && (bytes[1] < rows[row].lowest || bytes[1] > rows[row].highest))
		return 0;
	for (size_t i = 2; i < rows[row].length; i++)
		if (bytes[i] < 0x80 || bytes[i] > 0xbf)
			return 0;
	return rows[row].length;
}

bool utf8_is_valid(const char *string, size_t length)
{
	const unsigned char *bytes = (const unsigned char *)string;
	size_t step;

	for (; length; bytes += step, length -= step) {
		step = utf8_length(bytes, length);
		if (!step)
			return false;
	}
	return true;
}

uint32_t utf8_code(const unsigned char *bytes, size_t length)
{
	uint32_t code = length == 1 ? bytes[0] : bytes[0] & (0x7fU >> length);

	for (size_t i = 1; i < length; i++)
		code = code << 6 | (bytes[i] & 0x3f);
	return code;
}

bool utf8_is_control(uint32_t code)
{
	static const struct {
		uint16_t first, last;
	} rows[] = {
		{ 0x0000, 0x001f }, { 0x007f, 0x009f }, { 0x061c, 0x061c },
		{ 0x200e, 0x200f }, { 0x2028, 0x202e }, { 0x2066, 0x2069 },
	};
	size_t row = 0;

	while (row < ARRAY_LENGTH(rows) && code > rows[row].last)
		row++;
	return row < ARRAY_LENGTH(rows) && code >= rows[row].first;
}

size_t utf8_shown(const unsigned char *bytes, size_t length)
{
	size_t sequence;

	if (length && bytes[0] >= ' ' && bytes[0] < 0x7f)
		return 1; /* nearly all are */
	sequence = utf8_length(bytes, length);
	return sequence && !utf8_is_control(utf8_code(bytes, sequence)) ? sequence : 0;
}

/* ---- widths ---- */

/* Unicode 15: the characters that are not one column wide. The ranges also contain code points without a character. */
static const struct width {
	uint32_t first, last;
	unsigned columns;
} widths[] = {
	{ 0x0300, 0x036f, 0 },	 { 0x0483, 0x0489, 0 },	  { 0x0591, 0x05bd, 0 },   { 0x0610, 0x061a, 0 },
	{ 0x064b, 0x065f, 0 },	 { 0x0e31, 0x0e31, 0 },	  { 0x0e34, 0x0e3a, 0 },   { 0x0e47, 0x0e4e, 0 },
	{ 0x1100, 0x115f, 2 },	 { 0x1160, 0x11ff, 0 },	  { 0x1ab0, 0x1aff, 0 },   { 0x1dc0, 0x1dff, 0 },
	{ 0x200b, 0x200d, 0 },	 { 0x20d0, 0x20ff, 0 },	  { 0x231a, 0x231b, 2 },   { 0x2e80, 0x3029, 2 },
	{ 0x302a, 0x302d, 0 },	 { 0x302e, 0x303e, 2 },	  { 0x3041, 0x3098, 2 },   { 0x3099, 0x309a, 0 },
	{ 0x309b, 0x4dbf, 2 },	 { 0x4e00, 0xa4cf, 2 },	  { 0xa960, 0xa97f, 2 },   { 0xac00, 0xd7a3, 2 },
	{ 0xf900, 0xfaff, 2 },	 { 0xfe00, 0xfe0f, 0 },	  { 0xfe10, 0xfe19, 2 },   { 0xfe20, 0xfe2f, 0 },
	{ 0xfe30, 0xfe6f, 2 },	 { 0xfeff, 0xfeff, 0 },	  { 0xff01, 0xff60, 2 },   { 0xffe0, 0xffe6, 2 },
	{ 0x1f300, 0x1f64f, 2 }, { 0x1f680, 0x1f6ff, 2 }, { 0x1f900, 0x1f9ff, 2 }, { 0x20000, 0x3fffd, 2 },
	{ 0xe0100, 0xe01ef, 0 },
};

/* The columns that a terminal needs for the character CODE: 2 for CJK, 0 for a mark that combines with the one before.
 * The width is that of wcwidth(3); characters that the locale does not know (all except ASCII in the C locale of glibc)
 * are looked up in a table. */
static unsigned utf8_width(uint32_t code)
{
	const int known = wcwidth((wchar_t)code);
	size_t row = 0;

	if (known >= 0)
		return (unsigned)known;
	while (row < ARRAY_LENGTH(widths) && code > widths[row].last)
		row++;
	return row < ARRAY_LENGTH(widths) && code >= widths[row].first ? widths[row].columns : 1;
}

/* The length of the character at BYTES, which is not the end, and its columns. */
static size_t next(const char *bytes, unsigned *ret_columns)
{
	const unsigned char *byte = (const unsigned char *)bytes;
	const size_t length = *byte < 0x80 ? 1 : utf8_length(byte, UTF8_MAX);

	*ret_columns = length > 1 ? utf8_width(utf8_code(byte, length)) : 1;
	return length ? length : 1;
}

size_t utf8_columns(const char *string, size_t length)
{
	size_t columns = 0;
	unsigned width;

	for (const char *at = string; at < string + length;) {
		at += next(at, &width);
		columns += width;
	}
	return columns;
}

size_t utf8_fit(const char *string, size_t columns)
{
	const char *at = string;
	unsigned width;

	while (*at) {
		const size_t length = next(at, &width);

		if (width > columns)
			break;
		columns -= width;
		at += length;
	}
	return (size_t)(at - string);
}

/* ---- pieces ---- */

static bool begins(char byte)
{
	return ((unsigned char)byte & 0xc0) != 0x80;
}

size_t utf8_whole(const char *bytes, size_t length)
{
	size_t whole = length;

	while (whole && length - whole < UTF8_MAX && !begins(bytes[whole]))
		whole--;
	return begins(bytes[whole]) ? whole : length;
}

size_t utf8_escape(unsigned char byte, char ret[UTF8_ESCAPED])
{
	ret[0] = '\\';
	if (byte == '\n' || byte == '\t') {
		ret[1] = byte == '\n' ? 'n' : 't';
		return 2;
	}
	for (unsigned i = 0; i < 3; i++)
		ret[1 + i] = (char)('0' + (byte >> (6 - 3 * i) & 7));
	return 4;
}
