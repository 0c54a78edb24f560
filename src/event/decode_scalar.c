/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Numbers, names and bytes from values of json-c, each checked against the allowed values. */
#include "event/decode_scalar.h"

#include <errno.h>
#include <stdbool.h>
#include <string.h>

#include <json-c/json.h>

#include "base/hex.h"

const char *decode_string(json_object *value)
{
	const char *string;

	if (!json_object_is_type(value, json_type_string))
		return NULL;
	string = json_object_get_string(value);
	return strlen(string) == (size_t)json_object_get_string_len(value) ? string : NULL;
}

/* json-c turns a number that is out of range into the nearest end of int64_t, so the two ends are not accepted. */
int decode_number(json_object *value, int64_t lowest, int64_t highest, int64_t *ret)
{
	int64_t number;

	if (!json_object_is_type(value, json_type_int))
		return -EINVAL;
	number = json_object_get_int64(value);
	if (number == INT64_MIN || number == INT64_MAX || number < lowest || number > highest)
		return -EINVAL;
	*ret = number;
	return 0;
}

/* "0x" and one to sixteen digits. */
static int decode_hex_number(const char *string, uint64_t *ret)
{
	uint64_t number = 0;
	int digit;

	if (strncmp(string, "0x", 2) || !string[2] || strlen(string) > 2 + 16)
		return -EINVAL;
	for (string += 2; *string; string++) {
		digit = hex_digit(*string);
		if (digit < 0)
			return -EINVAL;
		number = number << 4 | (uint64_t)digit;
	}
	*ret = number;
	return 0;
}

int decode_unsigned(json_object *value, uint64_t *ret)
{
	const char *string = decode_string(value);
	int64_t number;
	int r;

	if (string)
		return decode_hex_number(string, ret);
	r = decode_number(value, 0, INT64_MAX, &number);
	if (r == 0)
		*ret = (uint64_t)number;
	return r;
}

int decode_wide(json_object *value, int64_t *ret)
{
	const char *string = decode_string(value);
	uint64_t size;
	bool negative;
	int r;

	if (!string)
		return decode_number(value, INT64_MIN, INT64_MAX, ret);
	negative = *string == '-';
	r = decode_hex_number(string + negative, &size);
	if (r < 0)
		return r;
	if (size > (uint64_t)INT64_MAX + negative)
		return -EINVAL;
	*ret = (int64_t)(negative ? -size : size);
	return 0;
}

int decode_int(json_object *value, int64_t lowest, int64_t highest, int *ret)
{
	int64_t number;
	int r = decode_number(value, lowest, highest, &number);

	if (r == 0)
		*ret = (int)number;
	return r;
}

int decode_name(json_object *value, const char *(*name)(unsigned index), unsigned count, unsigned *ret)
{
	const char *string = decode_string(value);

	if (!string)
		return -EINVAL;
	for (unsigned i = 0; i < count; i++) {
		if (strcmp(string, name(i)) == 0) {
			*ret = i;
			return 0;
		}
	}
	return -ENOTSUP;
}

int decode_bytes(json_object *value, unsigned char *bytes, size_t size)
{
	const char *string = decode_string(value);

	return string ? hex_bytes(string, bytes, size) : -EINVAL;
}

int decode_array(json_object *value, size_t length)
{
	return json_object_is_type(value, json_type_array) && json_object_array_length(value) == length ? 0 : -EINVAL;
}
