/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Names that are equal except for numbers in them, and one name for all of them: "worker-{1..200}". */
#ifndef RENDER_PATTERN_H
#define RENDER_PATTERN_H

#include <stdbool.h>
#include <stddef.h>

struct text;

/* Numbers in a name that may differ; digits behind these count as letters. */
#define PATTERN_NUMBERS_MAX 8

/* Digits within a name. */
struct pattern_number {
	const char *digits;
	size_t length;
};

struct pattern {
	const char *name; /* the first one */
	struct pattern_number low[PATTERN_NUMBERS_MAX], high[PATTERN_NUMBERS_MAX];
	unsigned count;
};

/* How many bytes at NAME come before its next number; *RET_DIGITS: how many digits the number has, 0 at the end. */
size_t pattern_next(const char *name, size_t *ret_digits);

/* *Makes RET a pattern of NAME, which must outlive RET. */
void pattern_init(struct pattern *ret, const char *name);

/* Adds NAME, which must outlive the pattern. False: NAME differs in more than numbers, and was not added. */
bool pattern_add(struct pattern *pattern, const char *name);

/* Adds the name with the range of each number that differs, as "pool-{1..4}-thread-{1..16}"; other bytes are not
 * changed, and must be escaped with text_add_escaped(). */
void pattern_format(struct text *text, const struct pattern *pattern);

#endif
