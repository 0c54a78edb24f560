/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Hexadecimal digits, and bytes that are written with them. */
#include "base/hex.h"

#include <errno.h>
#include <string.h>

const char hex_digits[] = "0123456789abcdef";

int hex_bytes(const char *string, unsigned char *ret_bytes, size_t size)
{
	const size_t length = strlen(string);

	if (length % 2 || length / 2 > size)
		return -EINVAL;
	for (size_t i = 0; i < length / 2; i++) {
		const int high = hex_digit(string[2 * i]), low = hex_digit(string[2 * i + 1]);

		if (high < 0 || low < 0)
			return -EINVAL;
		ret_bytes[i] = (unsigned char)(high << 4 | low);
	}
	return (int)(length / 2);
}
