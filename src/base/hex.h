/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Hexadecimal digits, which are in lower case everywhere. */
#ifndef BASE_HEX_H
#define BASE_HEX_H

#include <stddef.h>

/* The digits in order. */
extern const char hex_digits[];

/* The value of DIGIT, or -1. */
static inline int hex_digit(char digit)
{
	if (digit >= '0' && digit <= '9')
		return digit - '0';
	return digit >= 'a' && digit <= 'f' ? digit - 'a' + 10 : -1;
}

/* Reads STRING, two digits for each byte, into the SIZE bytes at RET_BYTES. Returns the number of bytes, or -EINVAL. */
int hex_bytes(const char *string, unsigned char *ret_bytes, size_t size);

#endif
