/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A growing piece of text, always NUL-terminated: what formatters write to. */
#ifndef BASE_TEXT_H
#define BASE_TEXT_H

#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

/* Start with `struct text t = TEXT_INIT`, end with text_done(). `data` may be NULL while `length` is 0: read it with
 * text_get(). */
struct text {
	char *data;
	size_t length; /* bytes without the NUL */
	size_t size;   /* bytes allocated */
};

#define TEXT_INIT          \
	{                  \
		NULL, 0, 0 \
	}

void text_done(struct text *text);
void text_clear(struct text *text); /* empties it and keeps the memory */

/* Removes everything behind the first LENGTH bytes. */
void text_cut(struct text *text, size_t length);

/* The text as a string, never NULL; valid until the next change. */
const char *text_get(const struct text *text);

void text_add(struct text *text, const char *string);
void text_add_bytes(struct text *text, const char *bytes, size_t length);

/* Adds a number in decimal, or in hex with its "0x". */
void text_add_unsigned(struct text *text, uint64_t number);
void text_add_signed(struct text *text, int64_t number);
void text_add_hex(struct text *text, uint64_t number);

/* Adds the LENGTH bytes at DATA, each as two hex digits. */
void text_add_hex_bytes(struct text *text, const void *data, size_t length);

/* As printf(3). The conversions %s, %*s, %d, %u, %x, and the numbers with l, are done here in a tenth of the time of
 * vsnprintf(3), which does the rest of FORMAT from the first other conversion on. A string must not be NULL. */
void text_addf(struct text *text, const char *format, ...) __attribute__((format(printf, 2, 3)));
void text_vaddf(struct text *text, const char *format, va_list ap) __attribute__((format(printf, 2, 0)));

/* Adds STRING with every byte that could disturb a terminal or a line (controls, DEL, bytes that are not UTF-8) as
 * \n, \t, \\ or \ooo, so that what a traced program chose (a command line, a name) stays on its line. */
void text_add_escaped(struct text *text, const char *string);

/* Takes back text_add_escaped(), in place. Returns 0, or -EINVAL if STRING has an escape that it does not write. */
int text_unescape(char *string);

/* Adds the LENGTH bytes at BYTES in quotes, cut so that a message stays readable. The text is for diag(), which escapes
 * it: nothing is escaped here. */
void text_add_quoted(struct text *text, const char *bytes, size_t length);

#endif
