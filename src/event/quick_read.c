/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Quickly reads lines that cltrace wrote: the keys are in the table's order, and nothing is escaped.
 *
 * json-c builds an object of each line, which takes longer than all that is done with it afterwards. Lines in any other
 * form are left to json-c: only speed depends on this file. */
#include <errno.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>

#include "base/array.h"
#include "base/hex.h"
#include "base/mem.h"
#include "base/text.h"
#include "event/codec_common.h"

#define DIGITS_MAX 18 /* always fit into 64 bits */

/* No byte follows a line, so each access is checked against `end`. */
struct scan {
	const char *at, *end;
};

static bool scan_bytes(struct scan *scan, const char *bytes, size_t length)
{
	if ((size_t)(scan->end - scan->at) < length || memcmp(scan->at, bytes, length) != 0)
		return false;
	scan->at += length;
	return true;
}

static bool scan_char(struct scan *scan, char wanted)
{
	if (scan->at == scan->end || *scan->at != wanted)
		return false;
	scan->at++;
	return true;
}

static bool scan_word(struct scan *scan, const char *word)
{
	return scan_bytes(scan, word, strlen(word));
}

/* Digits without a zero before them. */
static bool scan_digits(struct scan *scan, uint64_t *ret)
{
	const char *from = scan->at;
	uint64_t number = 0;

	while (scan->at < scan->end && *scan->at >= '0' && *scan->at <= '9' && scan->at - from <= DIGITS_MAX)
		number = number * 10 + (uint64_t)(*scan->at++ - '0');
	if (scan->at == from || scan->at - from > DIGITS_MAX || (*from == '0' && scan->at - from > 1))
		return false;
	*ret = number;
	return true;
}

/* A number, or "0x..." in lower case: what add_unsigned() of encode.c writes. A time can have 19 digits, too. */
static bool scan_unsigned(struct scan *scan, uint64_t *ret)
{
	uint64_t number = 0;
	unsigned digits = 0;

	if (!scan_char(scan, '"'))
		return scan_digits(scan, ret);
	if (!scan_word(scan, "0x"))
		return false;
	for (; scan->at < scan->end && *scan->at != '"'; scan->at++, digits++) {
		const int digit = hex_digit(*scan->at);

		if (digit < 0)
			return false;
		number = number << 4 | (uint64_t)digit;
	}
	*ret = number;
	return digits >= 1 && digits <= 16 && scan_char(scan, '"');
}

static bool scan_range(struct scan *scan, int64_t lowest, int64_t highest, int64_t *ret)
{
	bool negative = scan_char(scan, '-');
	uint64_t size;

	if (!scan_digits(scan, &size) || (negative && !size))
		return false;
	*ret = negative ? -(int64_t)size : (int64_t)size;
	return *ret >= lowest && *ret <= highest;
}

static bool scan_int(struct scan *scan, int lowest, int *ret)
{
	int64_t number;

	if (!scan_range(scan, lowest, INT_MAX, &number))
		return false;
	*ret = (int)number;
	return true;
}

static bool scan_uint(struct scan *scan, unsigned *ret)
{
	int64_t number;

	if (!scan_range(scan, 0, UINT_MAX, &number))
		return false;
	*ret = (unsigned)number;
	return true;
}

static bool scan_bool(struct scan *scan, bool *ret)
{
	*ret = scan_word(scan, "true");
	return *ret || scan_word(scan, "false");
}

/* A string of printable ASCII without escapes; *RET points into the line. */
static bool scan_string(struct scan *scan, const char **ret, size_t *ret_length)
{
	const char *from;

	if (!scan_char(scan, '"'))
		return false;
	from = scan->at;
	while (scan->at < scan->end && *scan->at >= 0x20 && *scan->at < 0x7f && *scan->at != '"' && *scan->at != '\\')
		scan->at++;
	*ret = from;
	*ret_length = (size_t)(scan->at - from);
	return scan_char(scan, '"');
}

/* The index of the next string among those that NAME gives, up to NULL or COUNT. */
static bool scan_name(struct scan *scan, const char *(*name)(unsigned index), unsigned count, unsigned *ret)
{
	const char *string, *known;
	size_t length;

	if (!scan_string(scan, &string, &length))
		return false;
	for (unsigned i = 0; i < count && (known = name(i)); i++) {
		if (strncmp(known, string, length) == 0 && !known[length]) {
			*ret = i;
			return true;
		}
	}
	return false;
}

static const char *kind_name_at(unsigned index)
{
	return event_kind_name((enum event_kind)index);
}

static const char *note_name_at(unsigned index)
{
	return event_note_name((enum event_note)index);
}

static const char *call_name_at(unsigned index)
{
	return call_name((enum call)index);
}

static const char *abi_name_at(unsigned index)
{
	const struct abi *abi = abi_at(index);

	return abi ? abi->name : NULL;
}

/* "?" is CALL_NONE's name, and does not occur in a line. */
static bool scan_call(struct scan *scan, enum call *ret)
{
	unsigned call;

	if (!scan_name(scan, call_name_at, CALL_COUNT, &call) || call == CALL_NONE)
		return false;
	*ret = (enum call)call;
	return true;
}

static bool scan_abi(struct scan *scan, const struct abi **ret)
{
	unsigned index;

	if (!scan_name(scan, abi_name_at, UINT_MAX, &index))
		return false;
	*ret = abi_at(index);
	return true;
}

/* json-c handles two keys of the same name: the event frees the string that it has. */
static bool scan_text(struct scan *scan, const char **ret)
{
	const char *string;
	size_t length;
	char *copy;

	if (!scan_string(scan, &string, &length))
		return false;
	copy = mem_alloc(length + 1);
	memcpy(copy, string, length);
	copy[length] = '\0';
	*ret = copy;
	return true;
}

static bool scan_argv(struct scan *scan, struct arguments *ret)
{
	struct text text = TEXT_INIT;
	const char *string;
	size_t length;

	if (!scan_char(scan, '['))
		return false;
	if (scan_char(scan, ']'))
		return true;
	do {
		if (!scan_string(scan, &string, &length)) {
			text_done(&text);
			return false;
		}
		text_add_bytes(&text, string, length);
		text_add_bytes(&text, "", 1);
	} while (scan_char(scan, ','));
	ret->bytes = text.data;
	ret->length = text.length;
	return scan_char(scan, ']');
}

static bool scan_tids(struct scan *scan, struct request *request)
{
	size_t count = set_tid_count(request);

	if (!scan_char(scan, '['))
		return false;
	for (size_t i = 0; i < count; i++) {
		int64_t tid;

		if ((i && !scan_char(scan, ',')) || !scan_range(scan, INT32_MIN, INT32_MAX, &tid))
			return false;
		request->set_tid_list[i] = (int32_t)tid;
	}
	return scan_char(scan, ']');
}

static bool scan_args(struct scan *scan, struct request *request)
{
	for (size_t i = 0; i < ARRAY_LENGTH(request->args); i++) {
		if (!scan_char(scan, i ? ',' : '[') || !scan_unsigned(scan, &request->args[i]))
			return false;
	}
	return scan_char(scan, ']');
}

/* Skips a derived value: a number, true, a string, a list of strings, or an object of two such lists. */
static bool pass_list(struct scan *scan)
{
	const char *string;
	size_t length;

	if (!scan_char(scan, '['))
		return false;
	if (scan_char(scan, ']'))
		return true;
	do {
		if (!scan_string(scan, &string, &length))
			return false;
	} while (scan_char(scan, ','));
	return scan_char(scan, ']');
}

static bool pass_value(struct scan *scan)
{
	const char *string;
	uint64_t number;
	size_t length;

	if (scan->at == scan->end)
		return false;
	switch (*scan->at) {
	case '"':
		return scan_string(scan, &string, &length);
	case '[':
		return pass_list(scan);
	case '{':
		return scan_word(scan, "{\"set\":") && pass_list(scan) && scan_word(scan, ",\"clear\":") &&
		       pass_list(scan) && scan_char(scan, '}');
	case 't':
		return scan_word(scan, "true");
	default:
		return scan_digits(scan, &number);
	}
}

static bool scan_request(struct scan *scan, struct request *ret);

/* Reads the value of FIELD into OWNER, a struct event or a struct request. */
static bool scan_value(struct scan *scan, const struct field *field, void *owner)
{
	void *ret = (char *)owner + field->offset;

	switch ((int)field->type) {
	case FIELD_FORMAT:
		return scan_uint(scan, ret) && *(const unsigned *)ret == CODEC_FORMAT;
	case FIELD_KIND:
		return scan_name(scan, kind_name_at, EVENT_KIND_COUNT, ret);
	case FIELD_MODE:
		return scan_name(scan, event_mode_name, UINT_MAX, ret);
	case FIELD_NOTE:
		return scan_name(scan, note_name_at, NOTE_COUNT, ret);
	case FIELD_CALL:
		return scan_call(scan, ret);
	case FIELD_ABI:
		return scan_abi(scan, ret);
	case FIELD_PID:
		return scan_int(scan, 0, ret);
	case FIELD_INT:
		return scan_int(scan, INT_MIN, ret);
	case FIELD_UINT:
		return scan_uint(scan, ret);
	case FIELD_BOOL:
		return scan_bool(scan, ret);
	case FIELD_COUNT:
	case FIELD_BITS:
		return scan_unsigned(scan, ret);
	case FIELD_SIGNED:
		return scan_range(scan, INT64_MIN, INT64_MAX, ret);
	case FIELD_STRING:
	case FIELD_BYTES:
		return scan_text(scan, ret);
	case FIELD_ARGV:
		return scan_argv(scan, ret);
	case FIELD_REQUEST:
		return scan_request(scan, ret);
	case FIELD_NSPIDS:
	case FIELD_NAMESPACES:
		return false; /* rare */
	case FIELD_TIDS:
		return scan_tids(scan, owner);
	case FIELD_ARGS:
		return scan_args(scan, owner);
	}
	return field->type >= FIELD_DERIVED && pass_value(scan);
}

/* A key with its comma, or the opening brace, before it. */
static bool scan_key(struct scan *scan, const struct field *field, bool first)
{
	if (!first)
		return scan_bytes(scan, field->written, field->length);
	return scan_char(scan, '{') && scan_bytes(scan, field->written + 1, field->length - 1);
}

/* Reads the fields that belong to *WHICH (a kind or call), which the first field of a request sets, and adds the bits
 * of the fields that were there to *HAVE. FIRST: the object begins. */
static bool scan_fields(struct scan *scan, const struct fields *fields, void *owner, const unsigned *which, bool first,
			unsigned *have)
{
	unsigned absent = 0;

	for (const struct field *field = fields->rows; field < fields->rows + fields->count; field++) {
		if (!(field->of & 1u << *which))
			continue;
		if (!scan_key(scan, field, first)) {
			if (field->type >= FIELD_DERIVED)
				continue;
			if (!field->have)
				return false;
			absent |= field->have;
			continue;
		}
		if (!scan_value(scan, field, owner))
			return false;
		first = false;
		if (field->type < FIELD_DERIVED)
			*have |= field->have;
	}
	return !(*have & absent);
}

static bool scan_request(struct scan *scan, struct request *ret)
{
	return scan_fields(scan, &request_fields, ret, &ret->call, true, &ret->have) && scan_char(scan, '}');
}

int scan_event(const char *line, size_t length, struct event *ret)
{
	struct scan scan = { line, line + length };

	if (length && line[length - 1] == '\n')
		scan.end--;
	if (!scan_fields(&scan, &event_common, ret, &ret->kind, true, &ret->have) ||
	    !scan_fields(&scan, &event_kind_row(ret->kind)->own, ret, &ret->kind, false, &ret->have) ||
	    !scan_char(&scan, '}') || scan.at != scan.end)
		return -EAGAIN;
	return request_fits(ret) ? 0 : -EAGAIN;
}
