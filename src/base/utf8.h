/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Which bytes of foreign strings are characters, which of these a terminal shows, and how wide. */
#ifndef BASE_UTF8_H
#define BASE_UTF8_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* LENGTH for a string that ends with a NUL: no sequence has more bytes, and no longer sequence contains a NUL. */
#define UTF8_MAX 4

/* The length of the UTF-8 sequence at BYTES, of which LENGTH are left, or 0 for none (RFC 3629: no surrogates, nothing
 * overlong, nothing above U+10FFFF). */
size_t utf8_length(const unsigned char *bytes, size_t length);

bool utf8_is_valid(const char *string, size_t length);

/* The code point of the sequence of LENGTH bytes, which utf8_length() has found. */
uint32_t utf8_code(const unsigned char *bytes, size_t length);

/* A character that a terminal does not show but obeys: C0, DEL and C1 controls, and those of Unicode that end a line or
 * turn the direction of what follows. All are below U+10000. */
bool utf8_is_control(uint32_t code);

/* As utf8_length(), but 0 for a control, too. */
size_t utf8_shown(const unsigned char *bytes, size_t length);

/* The columns of the first LENGTH bytes of STRING, which end with a character. A byte that is not UTF-8 is one column
 * wide. */
size_t utf8_columns(const char *string, size_t length);

/* The length of the longest first part of STRING that fits into COLUMNS. */
size_t utf8_fit(const char *string, size_t columns);

/* The longest length, no more than LENGTH, at which BYTES can be cut without cutting a character. BYTES has more than
 * LENGTH bytes. */
size_t utf8_whole(const char *bytes, size_t length);

/* BYTE as \n, \t or \ooo. Returns the length, which is below UTF8_ESCAPED; no NUL is added. */
#define UTF8_ESCAPED 5
size_t utf8_escape(unsigned char byte, char ret[UTF8_ESCAPED]);

#endif
