/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Takes back the kernel's escapes of names and paths. */
#include "base/unescape.h"

#include <string.h>

void unescape_name(char *name)
{
	char *to = name;

	for (const char *at = name; *at; at++) {
		if (*at == '\\' && (at[1] == 'n' || at[1] == '\\'))
			*to++ = *++at == 'n' ? '\n' : '\\';
		else
			*to++ = *at;
	}
	*to = '\0';
}

static bool is_octal(char digit)
{
	return digit >= '0' && digit <= '7';
}

bool unescape_octal(const char *digits, char *ret_byte)
{
	if (!is_octal(digits[0]) || digits[0] > '3' || !is_octal(digits[1]) || !is_octal(digits[2]))
		return false;
	*ret_byte = (char)((digits[0] - '0') << 6 | (digits[1] - '0') << 3 | (digits[2] - '0'));
	return true;
}

void unescape_path(char *path, const char *escaped)
{
	char *to = path;

	for (const char *at = path; *at; at++) {
		char byte;

		if (*at == '\\' && unescape_octal(at + 1, &byte) && byte && strchr(escaped, byte))
			at += 3;
		else
			byte = *at;
		*to++ = byte;
	}
	*to = '\0';
}
