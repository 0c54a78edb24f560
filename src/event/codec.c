/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Events to and from one line of JSON: one table of fields drives both directions. */
#include "event/codec.h"

#include <assert.h>
#include <errno.h>
#include <inttypes.h>
#include <limits.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include <json-c/json.h>

#include "base/mem.h"
#include "base/text.h"

/* Written into BEGIN; to be raised only when a reader of the version before would misunderstand a line. */
#define CODEC_VERSION 1

/* From here on a double, which is what jq and JavaScript keep numbers in, no longer holds every integer. */
#define EXACT_LIMIT (UINT64_C(1) << 53)

#define NEWER_SIZE sizeof(((struct request *)NULL)->newer)

enum field_type {
	FIELD_VERSION,
	FIELD_KIND,    /* enum event_kind */
	FIELD_MODE,    /* enum event_mode */
	FIELD_NOTE,    /* enum event_note */
	FIELD_CALL,    /* enum call */
	FIELD_ABI,     /* const struct abi * */
	FIELD_PID,     /* pid_t, never negative */
	FIELD_INT,     /* int */
	FIELD_UINT,    /* 32 bits, unsigned */
	FIELD_BOOL,    /* bool */
	FIELD_COUNT,   /* uint64_t that means a time or a number of things: rounding it would do no harm */
	FIELD_BITS,    /* uint64_t in which every bit matters: flags, addresses */
	FIELD_SIGNED,  /* int64_t */
	FIELD_COMMAND, /* const char *, any bytes but NUL */
	FIELD_REQUEST, /* struct request */
	FIELD_TIDS,    /* request's set_tid_list, as long as set_tid_size says */
	FIELD_NEWER,   /* request's newer */
	FIELD_ARGS,    /* request's args */
};

/* One "key":value. Keys that share a bit of `have` come and go together; without one the key is always there. */
struct field {
	const char *key;
	unsigned of; /* bits 1 << kind of event, or 1 << call for a request's fields */
	unsigned have;
	enum field_type type;
	size_t offset; /* into struct event or struct request */
};

#define ALL (~0u)
#define EVENT(kind) (1u << EVENT_##kind)
#define CREATIONS (1u << CALL_CLONE | 1u << CALL_CLONE3 | 1u << CALL_FORK | 1u << CALL_VFORK)

static const struct field event_fields[] = {
	{ "seq", ALL, 0, FIELD_COUNT, offsetof(struct event, seq) },
	{ "when", ALL, 0, FIELD_COUNT, offsetof(struct event, when) },
	{ "kind", ALL, 0, FIELD_KIND, offsetof(struct event, kind) },
	{ "tid", ALL, 0, FIELD_PID, offsetof(struct event, tid) },

	{ "version", EVENT(BEGIN), 0, FIELD_VERSION, 0 },
	{ "realtime", EVENT(BEGIN), 0, FIELD_COUNT, offsetof(struct event, begin.realtime) },
	{ "mode", EVENT(BEGIN), 0, FIELD_MODE, offsetof(struct event, begin.mode) },
	{ "launched", EVENT(BEGIN), 0, FIELD_BOOL, offsetof(struct event, begin.launched) },
	{ "audit_arch", EVENT(BEGIN), 0, FIELD_UINT, offsetof(struct event, begin.audit_arch) },

	{ "tgid", EVENT(ATTACH), 0, FIELD_PID, offsetof(struct event, attach.tgid) },
	{ "ppid", EVENT(ATTACH), EVENT_HAVE_PPID, FIELD_PID, offsetof(struct event, attach.ppid) },
	{ "nspid", EVENT(ATTACH), EVENT_HAVE_NSPID, FIELD_PID, offsetof(struct event, attach.nspid) },
	{ "creator", EVENT(ATTACH), 0, FIELD_PID, offsetof(struct event, attach.creator) },
	{ "nlwp", EVENT(ATTACH), 0, FIELD_UINT, offsetof(struct event, attach.nlwp) },
	{ "launched", EVENT(ATTACH), 0, FIELD_BOOL, offsetof(struct event, attach.launched) },
	{ "zombie", EVENT(ATTACH), 0, FIELD_BOOL, offsetof(struct event, attach.zombie) },
	{ "command", EVENT(ATTACH), EVENT_HAVE_COMMAND, FIELD_COMMAND, offsetof(struct event, attach.command) },

	/* The creator is the event's own tid: the key says that it is known. */
	{ "creator", EVENT(SPAWN), EVENT_HAVE_CREATOR, FIELD_PID, offsetof(struct event, tid) },
	{ "creator_tgid", EVENT(SPAWN), 0, FIELD_PID, offsetof(struct event, spawn.creator_tgid) },
	{ "child", EVENT(SPAWN), 0, FIELD_PID, offsetof(struct event, spawn.child) },
	{ "child_tgid", EVENT(SPAWN), 0, FIELD_PID, offsetof(struct event, spawn.child_tgid) },
	{ "ppid", EVENT(SPAWN), EVENT_HAVE_PPID, FIELD_PID, offsetof(struct event, spawn.ppid) },
	{ "nspid", EVENT(SPAWN), EVENT_HAVE_NSPID, FIELD_PID, offsetof(struct event, spawn.nspid) },
	{ "request", EVENT(SPAWN), EVENT_HAVE_REQUEST, FIELD_REQUEST, offsetof(struct event, spawn.request) },
	{ "duration", EVENT(SPAWN), EVENT_HAVE_DURATION, FIELD_COUNT, offsetof(struct event, spawn.duration) },

	{ "request", EVENT(REFUSED), 0, FIELD_REQUEST, offsetof(struct event, refused.request) },
	{ "error", EVENT(REFUSED), 0, FIELD_INT, offsetof(struct event, refused.error) },
	{ "duration", EVENT(REFUSED), EVENT_HAVE_DURATION, FIELD_COUNT, offsetof(struct event, refused.duration) },

	{ "request", EVENT(CALL), 0, FIELD_REQUEST, offsetof(struct event, call.request) },
	{ "result", EVENT(CALL), 0, FIELD_SIGNED, offsetof(struct event, call.result) },
	{ "duration", EVENT(CALL), EVENT_HAVE_DURATION, FIELD_COUNT, offsetof(struct event, call.duration) },

	{ "former", EVENT(EXEC), 0, FIELD_PID, offsetof(struct event, exec.former) },
	{ "command", EVENT(EXEC), EVENT_HAVE_COMMAND, FIELD_COMMAND, offsetof(struct event, exec.command) },

	{ "signo", EVENT(SIGNAL) | EVENT(GROUP_STOP) | EVENT(GROUP_CONT), 0, FIELD_INT,
	  offsetof(struct event, signal.signo) },

	{ "status", EVENT(LEADER_EXIT) | EVENT(EXIT), 0, FIELD_INT, offsetof(struct event, exit.status) },
	{ "with_group", EVENT(LEADER_EXIT) | EVENT(EXIT), EVENT_HAVE_LEADER, FIELD_BOOL,
	  offsetof(struct event, exit.with_group) },

	{ "from", EVENT(REPARENT), 0, FIELD_PID, offsetof(struct event, reparent.from) },
	{ "to", EVENT(REPARENT), 0, FIELD_PID, offsetof(struct event, reparent.to) },

	{ "note", EVENT(NOTE), 0, FIELD_NOTE, offsetof(struct event, note.code) },
	{ "number", EVENT(NOTE), 0, FIELD_SIGNED, offsetof(struct event, note.number) },
	{ "value", EVENT(NOTE), 0, FIELD_SIGNED, offsetof(struct event, note.value) },

	{ "status", EVENT(END), 0, FIELD_INT, offsetof(struct event, end.status) },
};

static const struct field request_fields[] = {
	{ "call", ALL, 0, FIELD_CALL, offsetof(struct request, call) },
	{ "abi", ALL, 0, FIELD_ABI, offsetof(struct request, abi) },
	{ "flags", ALL, REQUEST_FLAGS, FIELD_BITS, offsetof(struct request, flags) },
	{ "exit_signal", CREATIONS, REQUEST_FLAGS, FIELD_BITS, offsetof(struct request, exit_signal) },
	{ "stack", ALL, REQUEST_STACK, FIELD_BITS, offsetof(struct request, stack) },
	{ "stack_size", ALL, REQUEST_STACK_SIZE, FIELD_BITS, offsetof(struct request, stack_size) },
	{ "parent_tid", ALL, REQUEST_PARENT_TID, FIELD_BITS, offsetof(struct request, parent_tid) },
	{ "child_tid", ALL, REQUEST_CHILD_TID, FIELD_BITS, offsetof(struct request, child_tid) },
	{ "tls", ALL, REQUEST_TLS, FIELD_BITS, offsetof(struct request, tls) },
	{ "pidfd", ALL, REQUEST_PIDFD, FIELD_BITS, offsetof(struct request, pidfd) },
	{ "set_tid", ALL, REQUEST_SET_TID, FIELD_BITS, offsetof(struct request, set_tid) },
	{ "set_tid_size", ALL, REQUEST_SET_TID, FIELD_BITS, offsetof(struct request, set_tid_size) },
	{ "set_tid_list", ALL, REQUEST_SET_TID_LIST, FIELD_TIDS, offsetof(struct request, set_tid_list) },
	{ "cgroup", ALL, REQUEST_CGROUP, FIELD_BITS, offsetof(struct request, cgroup) },
	{ "size", ALL, REQUEST_SIZE, FIELD_BITS, offsetof(struct request, size) },
	{ "newer", ALL, REQUEST_NEWER, FIELD_NEWER, offsetof(struct request, newer) },
	{ "args", ALL, REQUEST_ARGS, FIELD_ARGS, offsetof(struct request, args) },
	{ "address", ALL, REQUEST_ARGS_ADDRESS, FIELD_BITS, offsetof(struct request, address) },
};

#define COUNT_OF(array) (sizeof(array) / sizeof((array)[0]))

/* Fields are reached through pointers to these types. */
_Static_assert(sizeof(pid_t) == sizeof(int) && sizeof(enum event_kind) == sizeof(unsigned), "size of a field");

static const char *const mode_names[] = {
	[EVENT_MODE_FILTER] = "filter",
	[EVENT_MODE_EVENTS] = "events",
	[EVENT_MODE_CALLS] = "calls",
};

/* The length of the UTF-8 sequence at BYTES, of which LENGTH are left, or 0 for none (RFC 3629: no surrogates, nothing
 * overlong, nothing above U+10FFFF). */
static size_t utf8_length(const unsigned char *bytes, size_t length)
{
	static const struct {
		unsigned char first, last;     /* range of the first byte */
		unsigned char lowest, highest; /* range of the second one */
		size_t length;
	} rows[] = {
		{ 0x00, 0x7f, 0x00, 0xff, 1 }, { 0xc2, 0xdf, 0x80, 0xbf, 2 }, { 0xe0, 0xe0, 0xa0, 0xbf, 3 },
		{ 0xe1, 0xec, 0x80, 0xbf, 3 }, { 0xed, 0xed, 0x80, 0x9f, 3 }, { 0xee, 0xef, 0x80, 0xbf, 3 },
		{ 0xf0, 0xf0, 0x90, 0xbf, 4 }, { 0xf1, 0xf3, 0x80, 0xbf, 4 }, { 0xf4, 0xf4, 0x80, 0x8f, 4 },
	};
	size_t row = 0;

	while (row < COUNT_OF(rows) && bytes[0] > rows[row].last)
		row++;
	if (row == COUNT_OF(rows) || bytes[0] < rows[row].first || length < rows[row].length)
		return 0;
	if (rows[row].length > 1 && (bytes[1] < rows[row].lowest || bytes[1] > rows[row].highest))
		return 0;
	for (size_t i = 2; i < rows[row].length; i++)
		if (bytes[i] < 0x80 || bytes[i] > 0xbf)
			return 0;
	return rows[row].length;
}

static bool utf8_is_valid(const char *string, size_t length)
{
	const unsigned char *bytes = (const unsigned char *)string;
	size_t step;

	for (; length; bytes += step, length -= step) {
		step = utf8_length(bytes, length);
		if (!step)
			return false;
	}
	return true;
}

/* Encoding ----------------------------------------------------------------------------------------------------------
 */

/* Adds STRING in quotes. What could disturb a terminal (controls, DEL, C1) is escaped too; a byte that is no UTF-8
 * becomes U+FFFD. */
static void encode_string(struct text *text, const char *string)
{
	const unsigned char *byte = (const unsigned char *)string;
	size_t left = strlen(string), length;

	text_add(text, "\"");
	for (; left; byte += length, left -= length) {
		length = utf8_length(byte, left);
		if (!length) {
			text_add(text, "\\ufffd");
			length = 1;
		} else if (*byte == '"' || *byte == '\\') {
			text_addf(text, "\\%c", *byte);
		} else if (*byte < 0x20 || *byte == 0x7f) {
			text_addf(text, "\\u%04x", *byte);
		} else if (*byte == 0xc2 && byte[1] < 0xa0) {
			text_addf(text, "\\u%04x", byte[1]);
		} else {
			text_add_bytes(text, (const char *)byte, length);
		}
	}
	text_add(text, "\"");
}

static void encode_hex(struct text *text, const void *data, size_t length)
{
	const unsigned char *bytes = data;

	text_add(text, "\"");
	for (size_t i = 0; i < length; i++)
		text_addf(text, "%02x", bytes[i]);
	text_add(text, "\"");
}

/* Adds VALUE as a number below LIMIT and as "0x..." from there on. */
static void encode_unsigned(struct text *text, uint64_t value, uint64_t limit)
{
	if (value < limit)
		text_addf(text, "%" PRIu64, value);
	else
		text_addf(text, "\"0x%" PRIx64 "\"", value);
}

static void encode_signed(struct text *text, int64_t value)
{
	uint64_t size = value < 0 ? -(uint64_t)value : (uint64_t)value;
	const char *sign = value < 0 ? "-" : "";

	if (size < EXACT_LIMIT)
		text_addf(text, "%s%" PRIu64, sign, size);
	else
		text_addf(text, "\"%s0x%" PRIx64 "\"", sign, size);
}

/* The command as text that can be read, and its exact bytes beside it where text cannot hold them. */
static void encode_command(struct text *text, const char *command)
{
	if (!command)
		command = "";
	encode_string(text, command);
	if (utf8_is_valid(command, strlen(command)))
		return;
	text_add(text, ",\"command_hex\":");
	encode_hex(text, command, strlen(command));
}

static size_t set_tid_count(const struct request *request)
{
	return request->set_tid_size < CLONE_SET_TID_MAX ? (size_t)request->set_tid_size : CLONE_SET_TID_MAX;
}

static void encode_tids(struct text *text, const struct request *request)
{
	text_add(text, "[");
	for (size_t i = 0; i < set_tid_count(request); i++)
		text_addf(text, "%s%" PRId32, i ? "," : "", request->set_tid_list[i]);
	text_add(text, "]");
}

/* The bytes up to the last one that is not zero. */
static void encode_newer(struct text *text, const struct request *request)
{
	size_t length = NEWER_SIZE;

	while (length && !request->newer[length - 1])
		length--;
	encode_hex(text, request->newer, length);
}

static void encode_args(struct text *text, const struct request *request)
{
	for (size_t i = 0; i < COUNT_OF(request->args); i++) {
		text_add(text, i ? "," : "[");
		encode_unsigned(text, request->args[i], EXACT_LIMIT);
	}
	text_add(text, "]");
}

static void encode_request(struct text *text, const struct request *request);

/* Adds the value of FIELD of OWNER, a struct event or a struct request. */
static void encode_value(struct text *text, const struct field *field, const void *owner)
{
	const void *value = (const char *)owner + field->offset;

	switch (field->type) {
	case FIELD_VERSION:
		text_addf(text, "%d", CODEC_VERSION);
		break;
	case FIELD_KIND:
		encode_string(text, event_kind_name(*(const enum event_kind *)value));
		break;
	case FIELD_MODE:
		assert(*(const enum event_mode *)value < COUNT_OF(mode_names));
		encode_string(text, mode_names[*(const enum event_mode *)value]);
		break;
	case FIELD_NOTE:
		encode_string(text, event_note_name(*(const enum event_note *)value));
		break;
	case FIELD_CALL:
		encode_string(text, call_name(*(const enum call *)value));
		break;
	case FIELD_ABI:
		assert(*(const struct abi *const *)value); /* request_decode() never leaves it out */
		encode_string(text, (*(const struct abi *const *)value)->name);
		break;
	case FIELD_PID:
	case FIELD_INT:
		text_addf(text, "%d", *(const int *)value);
		break;
	case FIELD_UINT:
		text_addf(text, "%u", *(const unsigned *)value);
		break;
	case FIELD_BOOL:
		text_add(text, *(const bool *)value ? "true" : "false");
		break;
	case FIELD_COUNT:
		encode_unsigned(text, *(const uint64_t *)value, INT64_MAX);
		break;
	case FIELD_BITS:
		encode_unsigned(text, *(const uint64_t *)value, EXACT_LIMIT);
		break;
	case FIELD_SIGNED:
		encode_signed(text, *(const int64_t *)value);
		break;
	case FIELD_COMMAND:
		encode_command(text, *(const char *const *)value);
		break;
	case FIELD_REQUEST:
		encode_request(text, value);
		break;
	case FIELD_TIDS:
		encode_tids(text, owner);
		break;
	case FIELD_NEWER:
		encode_newer(text, owner);
		break;
	case FIELD_ARGS:
		encode_args(text, owner);
		break;
	}
}

/* Adds the object that OWNER is: the fields that belong to WHICH (its kind or call) and are known. */
static void encode_fields(struct text *text, const struct field *fields, size_t count, const void *owner,
			  unsigned which, unsigned have)
{
	const char *separator = "{";

	for (const struct field *field = fields; field < fields + count; field++) {
		if (!(field->of & 1u << which) || (field->have && !(field->have & have)))
			continue;
		text_addf(text, "%s\"%s\":", separator, field->key);
		encode_value(text, field, owner);
		separator = ",";
	}
	text_add(text, "}");
}

static void encode_request(struct text *text, const struct request *request)
{
	encode_fields(text, request_fields, COUNT_OF(request_fields), request, request->call, request->have);
}

void codec_encode(struct text *text, const struct event *event)
{
	assert((unsigned)event->kind < EVENT_KIND_COUNT);
	encode_fields(text, event_fields, COUNT_OF(event_fields), event, event->kind, event->have);
	text_add(text, "\n");
}

/* Decoding ----------------------------------------------------------------------------------------------------------
 */

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

static const char *mode_name_at(unsigned index)
{
	return mode_names[index];
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

static int decode_version(json_object *value)
{
	int64_t version;
	int r = decode_number(value, 1, INT64_MAX, &version);

	if (r < 0)
		return r;
	return version == CODEC_VERSION ? 0 : -ENOTSUP;
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

/* The exact bytes where OBJECT has them, else the text. */
static int decode_command(json_object *object, json_object *value, const char **ret)
{
	const char *string = decode_string(value);
	json_object *hex;
	size_t size;
	char *bytes;
	int length;

	if (!string)
		return -EINVAL;
	if (!json_object_object_get_ex(object, "command_hex", &hex)) {
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

static int decode_args(json_object *value, struct request *request)
{
	int r = decode_array(value, COUNT_OF(request->args));

	for (size_t i = 0; r == 0 && i < COUNT_OF(request->args); i++)
		r = decode_unsigned(json_object_array_get_idx(value, i), &request->args[i]);
	return r;
}

static int decode_request(json_object *object, struct request *ret);

/* Reads VALUE, which OBJECT has under FIELD's key, into OWNER, a struct event or a struct request. */
static int decode_value(json_object *object, json_object *value, const struct field *field, void *owner)
{
	void *ret = (char *)owner + field->offset;

	switch (field->type) {
	case FIELD_VERSION:
		return decode_version(value);
	case FIELD_KIND:
		return decode_name(value, kind_name_at, EVENT_KIND_COUNT, ret);
	case FIELD_MODE:
		return decode_name(value, mode_name_at, COUNT_OF(mode_names), ret);
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
	case FIELD_COMMAND:
		return decode_command(object, value, ret);
	case FIELD_REQUEST:
		return decode_request(value, ret);
	case FIELD_TIDS:
		return decode_tids(value, owner);
	case FIELD_NEWER:
		return decode_bytes(value, ret, NEWER_SIZE);
	case FIELD_ARGS:
		return decode_args(value, owner);
	}
	return -EINVAL;
}

/* Reads the fields that belong to WHICH into OWNER and adds the bits of those that were there to *HAVE. Of keys that
 * share a bit all must be there or none. */
static int decode_fields(json_object *object, const struct field *fields, size_t count, void *owner, unsigned which,
			 unsigned *have)
{
	unsigned absent = 0;
	json_object *value;
	int r;

	for (const struct field *field = fields; field < fields + count; field++) {
		if (!(field->of & 1u << which))
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
	return decode_fields(object, request_fields, COUNT_OF(request_fields), ret, ret->call, &ret->have);
}

/* Whether EVENT's request is of the sort that its kind speaks of. */
static bool request_fits(const struct event *event)
{
	if (event->kind == EVENT_SPAWN && event->have & EVENT_HAVE_REQUEST)
		return call_is_creation(event->spawn.request.call);
	if (event->kind == EVENT_REFUSED)
		return call_is_creation(event->refused.request.call);
	if (event->kind == EVENT_CALL)
		return !call_is_creation(event->call.request.call);
	return true;
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
	r = decode_fields(object, event_fields, COUNT_OF(event_fields), ret, kind, &ret->have);
	if (r < 0)
		return r;
	return request_fits(ret) ? 0 : -EINVAL;
}

/* The one JSON value that LINE is, to be put by the caller, or NULL. */
static json_object *parse_line(const char *line, size_t length)
{
	struct json_tokener *tokener;
	json_object *object;

	while (length && memchr(" \t\r\n", line[length - 1], 4))
		length--;
	if (!length || length > INT_MAX || memchr(line, 0, length) || !utf8_is_valid(line, length))
		return NULL;
	tokener = json_tokener_new(); /* its depth is limited to 32 */
	if (!tokener)
		return NULL;
	json_tokener_set_flags(tokener, JSON_TOKENER_STRICT);
	object = json_tokener_parse_ex(tokener, line, (int)length);
	if (object && json_tokener_get_parse_end(tokener) != length) {
		json_object_put(object);
		object = NULL;
	}
	json_tokener_free(tokener);
	return object;
}

int codec_decode(const char *line, size_t length, struct event **ret)
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
