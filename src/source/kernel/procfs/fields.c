/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Reads lines of keys and values. */
#include "source/kernel/procfs/fields.h"

#include <ctype.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

/* The line of KEY among those from AT up to END, or to the last one. */
static const char *find_line(const char *at, const char *end, const char *key)
{
	const size_t length = strlen(key);

	while (at != end && *at) {
		if (!strncmp(at, key, length) && at[length] == ':')
			return at;
		at = strchrnul(at, '\n');
		at += *at == '\n';
	}
	return NULL;
}

const char *fields_find(const char *text, const char **from, const char *key)
{
	const char *line = find_line(*from, NULL, key);

	if (!line)
		line = find_line(text, *from, key);
	if (!line)
		return NULL;
	*from = strchrnul(line, '\n');
	*from += **from == '\n';
	return line + strlen(key) + 1;
}

const char *fields_word(const char *value)
{
	return value + strspn(value, " \t");
}

unsigned fields_numbers(const char *value, int base, unsigned count, uint64_t *ret)
{
	unsigned n = 0;

	for (value = fields_word(value); n < count && isxdigit((unsigned char)*value); n++) {
		char *end;

		ret[n] = strtoull(value, &end, base);
		if (end == value)
			break;
		value = fields_word(end);
	}
	return n;
}
