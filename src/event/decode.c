/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Lines of JSON to events, whatever order and company their keys are in. */
#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <json-c/json.h>

#include "base/mem.h"
#include "base/text.h"
#include "event/codec.h"
#include "event/codec_common.h"

/* VALUE's string, or NULL when it is no string or has a NUL inside. */
static const char *decode_string(json_object *value)
{
	const char *string;

	if (!json_object_is_type(value, json_type_string))
		return NULL;
	string = json_object_get_string(value);
	return strlen(string) == (size_t)json_object_get_string_len(value) ? string : NULL;
}

/* A number from LOWEST to HIGHEST. json-c turns a number that is out of range into the nearest end of int64_t, so the
 * two ends are not believed. */
static int decode_number(json_object *value, int64_t lowest, int64_t highest, int64_t *ret)
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

static int decode_hex_digit(char digit)
{
	static const char digits[] = "0123456789abcdef";
	const char *found = digit ? strchr(digits, digit) : NULL;

	return found ? (int)(found - digits) : -EINVAL;
}

/* "0x" and one to sixteen digits. */
static int decode_hex_number(const char *string, uint64_t *ret)
{
	uint64_t number = 0;
	int digit;

	if (strncmp(string, "0x", 2) || !string[2] || strlen(string) > 2 + 16)
		return -EINVAL;
	for (string += 2; *string; string++) {
		digit = decode_hex_digit(*string);
		if (digit < 0)
			return digit;
		number = number << 4 | (uint64_t)digit;
	}
	*ret = number;
	return 0;
}

static int decode_unsigned(json_object *value, uint64_t *ret)
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

static int decode_signed(json_object *value, int64_t *ret)
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

static int decode_int(json_object *value, int64_t lowest, int64_t highest, int *ret)
{
	int64_t number;
	int r = decode_number(value, lowest, highest, &number);

	if (r == 0)
		*ret = (int)number;
	return r;
}

static int decode_uint(json_object *value, unsigned *ret)
{
	int64_t number;
	int r = decode_number(value, 0, UINT32_MAX, &number);

	if (r == 0)
		*ret = (unsigned)number;
	return r;
}

static int decode_bool(json_object *value, bool *ret)
{
	if (!json_object_is_type(value, json_type_boolean))
		return -EINVAL;
	*ret = json_object_get_boolean(value);
	return 0;
}

/* The index of VALUE among COUNT names that NAME gives. */
static int decode_name(json_object *value, const char *(*name)(unsigned index), unsigned count, unsigned *ret)
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

static const char *kind_name_at(unsigned index)
{
	return event_kind_name((enum event_kind)index);
}

static const char *note_name_at(unsigned index)
{
	return event_note_name((enum event_note)index);
}

static int decode_call(json_object *value, enum call *ret)
{
	const char *string = decode_string(value);
	enum call call = string ? call_find(string) : CALL_NONE;

	if (call == CALL_NONE)
		return string ? -ENOTSUP : -EINVAL;
	*ret = call;
	return 0;
}

static int decode_abi(json_object *value, const struct abi **ret)
{
	const char *string = decode_string(value);
	const struct abi *abi = string ? abi_find_name(string) : NULL;

	if (!abi)
		return string ? -ENOTSUP : -EINVAL;
	*ret = abi;
	return 0;
}

static int decode_format(json_object *value, unsigned *ret)
{
	int64_t format;
	int r = decode_number(value, 1, INT64_MAX, &format);

	if (r < 0)
		return r;
	*ret = (unsigned)(format < UINT_MAX ? format : UINT_MAX);
	return 0;
}

/* Fills BYTES, at most SIZE of them, from pairs of digits; returns how many. */
static int decode_bytes(json_object *value, unsigned char *bytes, size_t size)
{
	const char *string = decode_string(value);
	size_t length = string ? strlen(string) : 0;
	int high, low;

	if (!string || length % 2 || length / 2 > size)
		return -EINVAL;
	for (size_t i = 0; i < length / 2; i++) {
		high = decode_hex_digit(string[2 * i]);
		low = decode_hex_digit(string[2 * i + 1]);
		if (high < 0 || low < 0)
			return -EINVAL;
		bytes[i] = (unsigned char)(high << 4 | low);
	}
	return (int)(length / 2);
}

static int decode_text(json_object *value, const char **ret)
{
	const char *string = decode_string(value);

	if (!string)
		return -EINVAL;
	free((char *)*ret);
	*ret = mem_strdup(string);
	return 0;
}

/* The exact bytes where OBJECT has them in KEY_hex, else the text. */
static int decode_exact(json_object *object, const char *key, json_object *value, const char **ret)
{
	const char *string = decode_string(value);
	char hex_key[32];
	json_object *hex;
	size_t size;
	char *bytes;
	int length;

	if (!string)
		return -EINVAL;
	snprintf(hex_key, sizeof(hex_key), "%s_hex", key);
	if (!json_object_object_get_ex(object, hex_key, &hex)) {
		*ret = mem_strdup(string);
		return 0;
	}
	if (!json_object_is_type(hex, json_type_string))
		return -EINVAL;
	size = (size_t)json_object_get_string_len(hex) / 2;
	bytes = mem_zalloc(size + 1, 1);
	length = decode_bytes(hex, (unsigned char *)bytes, size);
	if (length < 0 || strlen(bytes) != size) {
		free(bytes);
		return -EINVAL;
	}
	*ret = bytes;
	return 0;
}

/* A string, or with HEX its bytes, and its NUL to TEXT. */
static int decode_argument(json_object *value, bool hex, struct text *text)
{
	const char *string = decode_string(value);
	const size_t size = string ? strlen(string) / 2 : 0;
	unsigned char *bytes;
	int length;

	if (!string)
		return -EINVAL;
	if (!hex) {
		text_add_bytes(text, string, strlen(string) + 1);
		return 0;
	}
	bytes = mem_zalloc(size + 1, 1);
	length = decode_bytes(value, bytes, size);
	if (length >= 0 && strlen((char *)bytes) != size)
		length = -EINVAL;
	if (length >= 0)
		text_add_bytes(text, (char *)bytes, size + 1);
	free(bytes);
	return length < 0 ? length : 0;
}

/* The exact bytes where OBJECT has them in KEY_hex, else the texts. */
static int decode_argv(json_object *object, const char *key, json_object *value, struct arguments *ret)
{
	struct text text = TEXT_INIT;
	char hex_key[32];
	json_object *hex;
	int r = 0;

	snprintf(hex_key, sizeof(hex_key), "%s_hex", key);
	if (json_object_object_get_ex(object, hex_key, &hex))
		value = hex;
	else
		hex = NULL;
	if (!json_object_is_type(value, json_type_array))
		return -EINVAL;
	for (size_t i = 0; r == 0 && i < json_object_array_length(value); i++)
		r = decode_argument(json_object_array_get_idx(value, i), hex, &text);
	if (r < 0) {
		text_done(&text);
		return r;
	}
	free((char *)ret->bytes);
	ret->bytes = text.data;
	ret->length = text.length;
	return 0;
}

static int decode_array(json_object *value, size_t length)
{
	return json_object_is_type(value, json_type_array) && json_object_array_length(value) == length ? 0 : -EINVAL;
}

static int decode_tids(json_object *value, struct request *request)
{
	size_t count = set_tid_count(request);
	int r = decode_array(value, count);

	for (size_t i = 0; r == 0 && i < count; i++)
		r = decode_int(json_object_array_get_idx(value, i), INT32_MIN, INT32_MAX, &request->set_tid_list[i]);
	return r;
}

static int decode_nspids(json_object *value, struct nspids *nspids)
{
	const size_t count = json_object_is_type(value, json_type_array) ? json_object_array_length(value) : SIZE_MAX;
	int r = count > EVENT_NSPIDS_MAX ? -EINVAL : 0;

	for (size_t i = 0; r == 0 && i < count; i++)
		r = decode_int(json_object_array_get_idx(value, i), 0, INT32_MAX, &nspids->list[i]);
	nspids->count = r == 0 ? (unsigned)count : 0;
	return r;
}

/* One that we do not know is passed over. */
static int decode_namespaces(json_object *value, uint64_t *ns)
{
	json_object *inode;
	int r = json_object_is_type(value, json_type_object) ? 0 : -EINVAL;

	for (unsigned i = 0; r == 0 && i < NAMESPACE_COUNT; i++)
		if (json_object_object_get_ex(value, namespace_key((enum namespace)i), &inode))
			r = decode_unsigned(inode, &ns[i]);
	return r;
}

static int decode_args(json_object *value, struct request *request)
{
	int r = decode_array(value, COUNT_OF(request->args));

	for (size_t i = 0; r == 0 && i < COUNT_OF(request->args); i++)
		r = decode_unsigned(json_object_array_get_idx(value, i), &request->args[i]);
	return r;
}

/* One that we do not know is passed over. */
static int decode_fact(json_object *value, struct facts *facts)
{
	struct fact fact = { FACT_COUNT, 0, 0, 0 };
	json_object *what, *number, *path;
	const char *name;

	if (!json_object_is_type(value, json_type_object) || !json_object_object_get_ex(value, "what", &what))
		return -EINVAL;
	name = decode_string(what);
	if (!name || !json_object_object_get_ex(value, "value", &number) || decode_unsigned(number, &fact.value) < 0 ||
	    !json_object_object_get_ex(value, "use", &number) || decode_unsigned(number, &fact.use) < 0)
		return -EINVAL;
	if (json_object_object_get_ex(value, "id", &number) && decode_unsigned(number, &fact.id) < 0)
		return -EINVAL;
	for (unsigned i = 0; i < FACT_COUNT; i++)
		if (!strcmp(name, fact_name((enum fact_what)i)))
			fact.what = (enum fact_what)i;
	if (fact.what == FACT_PIDS && json_object_object_get_ex(value, "path", &path) &&
	    decode_text(path, &facts->cgroup) < 0)
		return -EINVAL;
	if (fact.what != FACT_COUNT)
		facts_add(facts, &fact);
	return 0;
}

static int decode_facts(json_object *value, const struct facts **ret)
{
	struct facts *facts;
	int r = 0;

	if (!json_object_is_type(value, json_type_array))
		return -EINVAL;
	facts = mem_zalloc(1, sizeof(*facts));
	for (size_t i = 0; r == 0 && i < json_object_array_length(value); i++)
		r = decode_fact(json_object_array_get_idx(value, i), facts);
	facts_free((struct facts *)*ret);
	*ret = facts;
	return r;
}

static int decode_request(json_object *object, struct request *ret);
static int decode_frame(json_object *object, struct frame *ret);
static int decode_frames(json_object *array, struct stack *ret);

static const char *stack_end_at(unsigned index)
{
	return stack_end_name(index);
}

/* Reads VALUE, which OBJECT has under FIELD's key, into OWNER, a struct event or a struct request. */
static int decode_value(json_object *object, json_object *value, const struct field *field, void *owner)
{
	void *ret = (char *)owner + field->offset;

	switch (field->type) {
	case FIELD_FORMAT:
		return decode_format(value, &((struct event *)owner)->begin.format);
	case FIELD_KIND:
		return decode_name(value, kind_name_at, EVENT_KIND_COUNT, ret);
	case FIELD_MODE:
		return decode_name(value, event_mode_name, EVENT_MODE_COUNT, ret);
	case FIELD_NOTE:
		return decode_name(value, note_name_at, NOTE_COUNT, ret);
	case FIELD_CALL:
		return decode_call(value, ret);
	case FIELD_ABI:
		return decode_abi(value, ret);
	case FIELD_PID:
		return decode_int(value, 0, INT_MAX, ret);
	case FIELD_INT:
		return decode_int(value, INT_MIN, INT_MAX, ret);
	case FIELD_UINT:
		return decode_uint(value, ret);
	case FIELD_BOOL:
		return decode_bool(value, ret);
	case FIELD_COUNT:
	case FIELD_BITS:
		return decode_unsigned(value, ret);
	case FIELD_SIGNED:
		return decode_signed(value, ret);
	case FIELD_STRING:
		return decode_text(value, ret);
	case FIELD_BYTES:
		return decode_exact(object, field->key, value, ret);
	case FIELD_ARGV:
		return decode_argv(object, field->key, value, ret);
	case FIELD_REQUEST:
		return decode_request(value, ret);
	case FIELD_NSPIDS:
		return decode_nspids(value, ret);
	case FIELD_NAMESPACES:
		return decode_namespaces(value, ret);
	case FIELD_TIDS:
		return decode_tids(value, owner);
	case FIELD_NEWER:
		return decode_bytes(value, ret, NEWER_SIZE);
	case FIELD_ARGS:
		return decode_args(value, owner);
	case FIELD_STACK:
		return decode_frames(value, ret);
	case FIELD_FRAME:
		return decode_frame(value, ret);
	case FIELD_STACK_END:
		return decode_name(value, stack_end_at, STACK_END_COUNT, ret);
	case FIELD_FACTS:
		return decode_facts(value, ret);
	case FIELD_RULE:
	case FIELD_WHY:
	case FIELD_CLOCK:
	case FIELD_ARCH:
	case FIELD_VERDICT:
	case FIELD_REASONS:
	case FIELD_LOOKS_LIKE:
	case FIELD_BY:
	case FIELD_ORIGIN:
	case FIELD_ERROR_NAME:
	case FIELD_SIGNAL_NAME:
	case FIELD_CODE_NAME:
	case FIELD_EXIT_CODE:
	case FIELD_DEATH_SIGNAL:
	case FIELD_DEATH_SIGNAL_NAME:
	case FIELD_CORE:
	case FIELD_FLAG_NAMES:
	case FIELD_EXIT_SIGNAL_NAME:
	case FIELD_CHECK_NAMES:
	case FIELD_INFERRED_NAMES:
	case FIELD_CAUSE_NAME:
		break; /* decode_fields() passes them over */
	}
	return -EINVAL;
}

/* Reads the fields that belong to WHICH into OWNER and adds the bits of those that were there to *HAVE. Of keys that
 * share a bit all must be there or none. */
static int decode_fields(json_object *object, const struct fields *fields, void *owner, unsigned which, unsigned *have)
{
	unsigned absent = 0;
	json_object *value;
	int r;

	for (const struct field *field = fields->rows; field < fields->rows + fields->count; field++) {
		if (!(field->of & 1u << which) || field->type >= FIELD_DERIVED)
			continue;
		if (!json_object_object_get_ex(object, field->key, &value)) {
			if (!field->have)
				return -EINVAL;
			absent |= field->have;
			continue;
		}
		r = decode_value(object, value, field, owner);
		if (r < 0)
			return r;
		*have |= field->have;
	}
	return *have & absent ? -EINVAL : 0;
}

static int decode_request(json_object *object, struct request *ret)
{
	json_object *value;
	int r;

	if (!json_object_is_type(object, json_type_object) || !json_object_object_get_ex(object, "call", &value))
		return -EINVAL;
	r = decode_call(value, &ret->call);
	if (r < 0)
		return r;
	return decode_fields(object, &request_fields, ret, ret->call, &ret->have);
}

static int decode_frame(json_object *object, struct frame *ret)
{
	unsigned have = 0;

	if (!json_object_is_type(object, json_type_object))
		return -EINVAL;
	return decode_fields(object, &frame_fields, ret, 0, &have);
}

/* A frame that is not one leaves the strings of those before it, and its own, to who frees the event. */
static int decode_frames(json_object *array, struct stack *ret)
{
	struct frame *frames;
	int r = 0;

	if (!json_object_is_type(array, json_type_array) || json_object_array_length(array) > STACK_MAX || ret->frames)
		return -EINVAL;
	frames = mem_zalloc(json_object_array_length(array) + 1, sizeof(*frames));
	ret->frames = frames;
	for (size_t i = 0; r == 0 && i < json_object_array_length(array); i++) {
		ret->count++;
		r = decode_frame(json_object_array_get_idx(array, i), &frames[i]);
	}
	return r;
}

static int decode_event(json_object *object, struct event *ret)
{
	unsigned kind;
	json_object *value;
	int r;

	if (!json_object_is_type(object, json_type_object) || !json_object_object_get_ex(object, "kind", &value))
		return -EINVAL;
	r = decode_name(value, kind_name_at, EVENT_KIND_COUNT, &kind);
	if (r < 0)
		return r;
	ret->kind = (enum event_kind)kind;
	r = decode_fields(object, &event_common, ret, kind, &ret->have);
	if (r == 0)
		r = decode_fields(object, &event_kind_row(ret->kind)->own, ret, kind, &ret->have);
	if (r < 0)
		return r;
	return request_fits(ret) ? 0 : -EINVAL;
}

/* The one JSON value that LINE is, to be put by the caller, or NULL. json-c gets only what is JSON, so the rest of what
 * it accepts, which differs between its versions and modes, does not matter. */
static json_object *parse_line(const char *line, size_t length)
{
	struct json_tokener *tokener;
	json_object *object;

	if (length > INT_MAX || memchr(line, 0, length) || !json_is_valid(line, length))
		return NULL;
	tokener = json_tokener_new();
	if (!tokener)
		return NULL;
	object = json_tokener_parse_ex(tokener, line, (int)length);
	json_tokener_free(tokener);
	return object;
}

int codec_decode_slowly(const char *line, size_t length, struct event **ret)
{
	json_object *object = parse_line(line, length);
	struct event *event;
	int r;

	if (!object)
		return -EINVAL;
	event = mem_zalloc(1, sizeof(*event));
	r = decode_event(object, event);
	json_object_put(object);
	if (r < 0)
		event_free(event);
	else
		*ret = event;
	return r < 0 ? r : 0;
}

int codec_decode(const char *line, size_t length, struct event **ret)
{
	struct event *event = mem_zalloc(1, sizeof(*event));

	if (scan_event(line, length, event) == 0) {
		*ret = event;
		return 0;
	}
	event_free(event);
	return codec_decode_slowly(line, length, ret);
}
