/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Finds characters in foreign bytes, and those among them that would be harmful where people read. */
#include "base/utf8.h"

#define ARRAY_SIZE(array) (sizeof(array) / sizeof((array)[0]))

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

	while (row < ARRAY_SIZE(rows) && bytes[0] > rows[row].last)
		row++;
	if (row == ARRAY_SIZE(rows) || bytes[0] < rows[row].first || length < rows[row].length)
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

	while (row < ARRAY_SIZE(rows) && code > rows[row].last)
		row++;
	return row < ARRAY_SIZE(rows) && code >= rows[row].first;
}

size_t utf8_shown(const unsigned char *bytes, size_t length)
{
	size_t sequence;

	if (length && bytes[0] >= ' ' && bytes[0] < 0x7f)
		return 1; /* nearly all are */
	sequence = utf8_length(bytes, length);
	return sequence && !utf8_is_control(utf8_code(bytes, sequence)) ? sequence : 0;
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
