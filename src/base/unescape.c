/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Takes back the kernel's escapes of names and paths. */
#include "base/unescape.h"

#include <stdbool.h>
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

void unescape_path(char *path, const char *escaped)
{
	char *to = path;

	for (const char *at = path; *at; at++) {
		char byte = 0;

		if (*at == '\\' && is_octal(at[1]) && is_octal(at[2]) && is_octal(at[3]))
			byte = (char)((at[1] - '0') << 6 | (at[2] - '0') << 3 | (at[3] - '0'));
		if (byte && strchr(escaped, byte))
			at += 3;
		else
			byte = *at;
		*to++ = byte;
	}
	*to = '\0';
}
