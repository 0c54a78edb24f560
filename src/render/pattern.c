/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Finds the numbers in names and keeps the lowest and the highest of each. */
#include "render/pattern.h"

#include <string.h>

#include "base/text.h"

static const char digits[] = "0123456789";

size_t pattern_next(const char *name, size_t *ret_digits)
{
	const size_t before = strcspn(name, digits);

	*ret_digits = strspn(name + before, digits);
	return before;
}

/* By value, and numbers with the same value, such as 7 and 07, by length. */
static int compare(const struct pattern_number *a, const struct pattern_number *b)
{
	const char *one = a->digits, *other = b->digits;
	size_t length = a->length, other_length = b->length;
	int order;

	while (length > 1 && *one == '0')
		one++, length--;
	while (other_length > 1 && *other == '0')
		other++, other_length--;
	if (length != other_length)
		return length < other_length ? -1 : 1;
	order = memcmp(one, other, length);
	if (order || a->length == b->length)
		return order;
	return a->length < b->length ? -1 : 1;
}

/* Lists the numbers of NAME. Returns how many there are. */
static unsigned find_numbers(const char *name, struct pattern_number numbers[PATTERN_NUMBERS_MAX])
{
	unsigned count = 0;
	size_t length;

	for (const char *at = name; count < PATTERN_NUMBERS_MAX; at += length) {
		at += pattern_next(at, &length);
		if (!length)
			break;
		numbers[count++] = (struct pattern_number){ .digits = at, .length = length };
	}
	return count;
}

void pattern_init(struct pattern *ret, const char *name)
{
	*ret = (struct pattern){ .name = name };
	ret->count = find_numbers(name, ret->low);
	memcpy(ret->high, ret->low, sizeof(ret->high));
}

/* Whether NAME, with COUNT NUMBERS, equals the pattern's first name except for these numbers. */
static bool is_like(const struct pattern *pattern, const char *name, const struct pattern_number *numbers,
		    unsigned count)
{
	struct pattern_number first[PATTERN_NUMBERS_MAX];
	const char *left = pattern->name, *right = name;

	if (find_numbers(left, first) != count)
		return false;
	for (unsigned i = 0; i < count; i++) {
		const size_t before = (size_t)(first[i].digits - left);

		if ((size_t)(numbers[i].digits - right) != before || memcmp(left, right, before) != 0)
			return false;
		left = first[i].digits + first[i].length;
		right = numbers[i].digits + numbers[i].length;
	}
	return strcmp(left, right) == 0;
}

bool pattern_add(struct pattern *pattern, const char *name)
{
	struct pattern_number numbers[PATTERN_NUMBERS_MAX];
	const unsigned count = find_numbers(name, numbers);

	if (!is_like(pattern, name, numbers, count))
		return false;
	for (unsigned i = 0; i < count; i++) {
		if (compare(&numbers[i], &pattern->low[i]) < 0)
			pattern->low[i] = numbers[i];
		if (compare(&numbers[i], &pattern->high[i]) > 0)
			pattern->high[i] = numbers[i];
	}
	return true;
}

void pattern_format(struct text *text, const struct pattern *pattern)
{
	const char *at = pattern->name;
	size_t length;

	for (unsigned i = 0; i < pattern->count; i++) {
		const struct pattern_number *low = &pattern->low[i], *high = &pattern->high[i];

		text_add_bytes(text, at, pattern_next(at, &length));
		at += pattern_next(at, &length) + length;
		if (compare(low, high) == 0)
			text_add_bytes(text, low->digits, low->length);
		else
			text_addf(text, "{%.*s..%.*s}", (int)low->length, low->digits, (int)high->length, high->digits);
	}
	text_add(text, at);
}
