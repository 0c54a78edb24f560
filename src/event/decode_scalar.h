/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Values of json-c that mean one thing each. Each function returns 0 or -EINVAL if the value is another. */
#ifndef EVENT_DECODE_SCALAR_H
#define EVENT_DECODE_SCALAR_H

#include <stddef.h>
#include <stdint.h>

struct json_object;

/* VALUE's string; NULL: it is not a string, or contains a NUL. */
const char *decode_string(struct json_object *value);

/* A number from LOWEST to HIGHEST. */
int decode_number(struct json_object *value, int64_t lowest, int64_t highest, int64_t *ret);
int decode_int(struct json_object *value, int64_t lowest, int64_t highest, int *ret);

/* A number or "0x..." whose bits matter. */
int decode_unsigned(struct json_object *value, uint64_t *ret);

/* A number or "0x..." or "-0x...". */
int decode_wide(struct json_object *value, int64_t *ret);

/* The index of VALUE among COUNT names that NAME gives; -ENOTSUP: it is none of them. */
int decode_name(struct json_object *value, const char *(*name)(unsigned index), unsigned count, unsigned *ret);

/* Fills BYTES, at most SIZE of them, from pairs of digits; returns how many. */
int decode_bytes(struct json_object *value, unsigned char *bytes, size_t size);

/* Whether VALUE is an array of LENGTH values. */
int decode_array(struct json_object *value, size_t length);

#endif
