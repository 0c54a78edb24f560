/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Pieces of the input, and what is wrong with one. */
#include <ctype.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/text.h"
#include "teach/parse/parts.h"

#define WORD_MAX 40 /* bytes of a word within a message */

bool is_word_byte(char byte)
{
	return isalnum((unsigned char)byte) || byte == '_' || byte == ':';
}

bool span_is(struct span span, const char *string)
{
	return strlen(string) == span.length && !strncasecmp(span.at, string, span.length);
}

struct span span_trim(struct span span)
{
	while (span.length && *span.at == ' ') {
		span.at++;
		span.length--;
	}
	while (span.length && span.at[span.length - 1] == ' ')
		span.length--;
	return span;
}

int span_refuse(struct text *message, struct span span, const char *wrong)
{
	text_add_quoted(message, span.at, span.length);
	text_addf(message, " %s", wrong);
	return -EINVAL;
}

int span_refuse_two(struct text *message, struct span span, const char *wrong, struct span other)
{
	struct text sentence = TEXT_INIT;
	int r;

	for (; *wrong; wrong++) {
		if (!strncmp(wrong, "%s", 2)) {
			text_add_bytes(&sentence, other.at, other.length < WORD_MAX ? other.length : WORD_MAX);
			wrong++;
		} else {
			text_add_bytes(&sentence, wrong, 1);
		}
	}
	r = span_refuse(message, span, text_get(&sentence));
	text_done(&sentence);
	return r;
}

bool span_overflows(struct span span)
{
	const bool hex = span.length > 2 && !strncasecmp(span.at, "0x", 2);
	const size_t digits = strspn(span.at + 2 * hex, hex ? "0123456789abcdefABCDEF" : "0123456789") + 2 * hex;

	if (!span.length || digits < span.length)
		return false;
	errno = 0;
	strtoull(span.at, NULL, 0);
	return errno == ERANGE;
}

bool span_number(struct span span, uint64_t *ret)
{
	char digits[32];
	char *end;

	if (!span.length || span.length >= sizeof(digits) || !isdigit((unsigned char)*span.at))
		return false;
	memcpy(digits, span.at, span.length);
	digits[span.length] = '\0';
	errno = 0;
	*ret = strtoull(digits, &end, 0);
	return !*end && !errno;
}
