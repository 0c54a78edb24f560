/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Events to lines of JSON: every fact as a number, and next to it the names that people and jq look for. */
#include <assert.h>
#include <stdio.h>
#include <string.h>

#include "base/array.h"
#include "base/json.h"
#include "base/text.h"
#include "base/utf8.h"
#include "event/codec.h"
#include "event/codec_common.h"

static void add_hex(struct json *json, const void *data, size_t length)
{
	text_add_hex_bytes(json_open_plain(json), data, length);
	json_close_plain(json);
}

/* Adds VALUE as a number below LIMIT, else as "0x...". */
static void add_unsigned(struct json *json, uint64_t value, uint64_t limit)
{
	if (value < limit) {
		json_add_unsigned(json, value);
		return;
	}
	text_add_hex(json_open_plain(json), value);
	json_close_plain(json);
}

static void encode_signed(struct json *json, const void *at)
{
	const int64_t value = *(const int64_t *)at;
	const uint64_t size = value < 0 ? -(uint64_t)value : (uint64_t)value;
	struct text *text;

	if (size < EXACT_LIMIT) {
		json_add_signed(json, value);
		return;
	}
	text = json_open_plain(json);
	text_add(text, value < 0 ? "-" : "");
	text_add_hex(text, size);
	json_close_plain(json);
}

enum { HEX_KEY_MAX = 64 };

/* The second key, next to KEY, if text cannot hold the bytes. */
static void add_hex_key(struct json *json, char ret_key[HEX_KEY_MAX], const char *key)
{
	snprintf(ret_key, HEX_KEY_MAX, "%s_hex", key);
	json_key(json, ret_key);
}

/* BYTES as readable text and, if text cannot hold them, exactly in a second key. */
static void encode_bytes(struct json *json, const void *value, const struct field *field)
{
	const char *bytes = *(const char *const *)value;
	char hex_key[HEX_KEY_MAX];

	if (!bytes)
		bytes = "";
	json_add_string(json, bytes);
	if (utf8_is_valid(bytes, strlen(bytes)))
		return;
	add_hex_key(json, hex_key, field->key);
	add_hex(json, bytes, strlen(bytes));
}

/* The arguments, with HEX each one's bytes. */
static void add_arguments(struct json *json, const struct arguments *argv, bool hex)
{
	json_open_array(json, JSON_DENSE);
	for (const char *at = NULL; (at = arguments_next(argv, at));) {
		if (hex)
			add_hex(json, at, strlen(at));
		else
			json_add_string(json, at);
	}
	json_close(json);
}

static void encode_argv(struct json *json, const void *value, const struct field *field)
{
	const struct arguments *argv = value;
	char hex_key[HEX_KEY_MAX];

	add_arguments(json, argv, false);
	if (!argv->length || utf8_is_valid(argv->bytes, argv->length))
		return;
	add_hex_key(json, hex_key, field->key);
	add_arguments(json, argv, true);
}

static void add_pids(struct json *json, const pid_t *pids, size_t count)
{
	json_open_array(json, JSON_DENSE);
	for (size_t i = 0; i < count; i++)
		json_add_signed(json, pids[i]);
	json_close(json);
}

static void encode_nspids(struct json *json, const void *value)
{
	const struct nspids *nspids = value;

	add_pids(json, nspids->list, nspids->count);
}

static void encode_tids(struct json *json, const void *value, const struct field *field)
{
	const struct request *request = (const void *)((const char *)value - field->offset);

	add_pids(json, request->set_tid_list, set_tid_count(request));
}

static void encode_namespaces(struct json *json, const void *value)
{
	const uint64_t *ns = value;

	json_open_object(json, JSON_DENSE);
	for (unsigned i = 0; i < NAMESPACE_COUNT; i++) {
		if (!ns[i])
			continue;
		json_key(json, namespace_key((enum namespace)i));
		add_unsigned(json, ns[i], INT64_MAX);
	}
	json_close(json);
}

/* The bytes up to the last one that is not zero. */
static void encode_newer(struct json *json, const void *value)
{
	const unsigned char *newer = value;
	size_t length = NEWER_SIZE;

	while (length && !newer[length - 1])
		length--;
	add_hex(json, newer, length);
}

static void encode_args(struct json *json, const void *value)
{
	const uint64_t *args = value;

	json_open_array(json, JSON_DENSE);
	for (size_t i = 0; i < ARRAY_LENGTH(((struct request *)NULL)->args); i++)
		add_unsigned(json, args[i], EXACT_LIMIT);
	json_close(json);
}

/* Each with its numbers; zeros are left out, except those of `value` and `use`. */
static void encode_facts(struct json *json, const void *value)
{
	const struct facts *facts = *(const struct facts *const *)value;

	json_open_array(json, JSON_DENSE);
	for (size_t i = 0; i < facts->count; i++) {
		const struct fact *fact = &facts->list[i];

		json_open_object(json, JSON_DENSE);
		json_put_string(json, "what", fact_name(fact->what));
		json_key(json, "value");
		add_unsigned(json, fact->value, EXACT_LIMIT);
		json_key(json, "use");
		add_unsigned(json, fact->use, EXACT_LIMIT);
		if (fact->id) {
			json_key(json, "id");
			add_unsigned(json, fact->id, EXACT_LIMIT);
		}
		if (fact->what == FACT_PIDS && facts->cgroup)
			json_put_string(json, "path", facts->cgroup);
		json_close(json);
	}
	json_close(json);
}

/* ---- values of one word ---- */

static void encode_format(struct json *json, const void *value)
{
	(void)value;
	json_add_unsigned(json, CODEC_FORMAT);
}

static void encode_kind(struct json *json, const void *value)
{
	json_add_plain(json, event_kind_name(*(const enum event_kind *)value));
}

static void encode_mode(struct json *json, const void *value)
{
	assert(event_mode_name(*(const enum event_mode *)value));
	json_add_plain(json, event_mode_name(*(const enum event_mode *)value));
}

static void encode_note(struct json *json, const void *value)
{
	json_add_plain(json, event_note_name(*(const enum event_note *)value));
}

static void encode_stack_end(struct json *json, const void *value)
{
	assert(stack_end_name(*(const enum stack_end *)value));
	json_add_plain(json, stack_end_name(*(const enum stack_end *)value));
}

static void encode_call(struct json *json, const void *value)
{
	json_add_plain(json, call_name(*(const enum call *)value));
}

static void encode_abi(struct json *json, const void *value)
{
	assert(*(const struct abi *const *)value); /* request_decode() always sets it */
	json_add_plain(json, (*(const struct abi *const *)value)->name);
}

static void encode_int(struct json *json, const void *value)
{
	json_add_signed(json, *(const int *)value);
}

static void encode_uint(struct json *json, const void *value)
{
	json_add_unsigned(json, *(const unsigned *)value);
}

static void encode_bool(struct json *json, const void *value)
{
	json_add_bool(json, *(const bool *)value);
}

static void encode_count(struct json *json, const void *value)
{
	add_unsigned(json, *(const uint64_t *)value, INT64_MAX);
}

static void encode_bits(struct json *json, const void *value)
{
	add_unsigned(json, *(const uint64_t *)value, EXACT_LIMIT);
}

static void encode_string(struct json *json, const void *value)
{
	json_add_string(json, *(const char *const *)value);
}

/* ---- objects, and the table ---- */

static void encode_request(struct json *json, const void *value);
static void encode_frames(struct json *json, const void *value);
static void encode_frame(struct json *json, const void *value);

/* The functions that add the value of a field, by type, if the field is not derived: one of the two. */
static const struct {
	void (*plain)(struct json *json, const void *value);
	void (*of_field)(struct json *json, const void *value, const struct field *field);
} types[] = {
	[FIELD_FORMAT] = { .plain = encode_format },
	[FIELD_KIND] = { .plain = encode_kind },
	[FIELD_MODE] = { .plain = encode_mode },
	[FIELD_NOTE] = { .plain = encode_note },
	[FIELD_CALL] = { .plain = encode_call },
	[FIELD_ABI] = { .plain = encode_abi },
	[FIELD_PID] = { .plain = encode_int },
	[FIELD_INT] = { .plain = encode_int },
	[FIELD_UINT] = { .plain = encode_uint },
	[FIELD_BOOL] = { .plain = encode_bool },
	[FIELD_COUNT] = { .plain = encode_count },
	[FIELD_BITS] = { .plain = encode_bits },
	[FIELD_SIGNED] = { .plain = encode_signed },
	[FIELD_STRING] = { .plain = encode_string },
	[FIELD_BYTES] = { .of_field = encode_bytes },
	[FIELD_ARGV] = { .of_field = encode_argv },
	[FIELD_REQUEST] = { .plain = encode_request },
	[FIELD_NSPIDS] = { .plain = encode_nspids },
	[FIELD_NAMESPACES] = { .plain = encode_namespaces },
	[FIELD_TIDS] = { .of_field = encode_tids },
	[FIELD_NEWER] = { .plain = encode_newer },
	[FIELD_ARGS] = { .plain = encode_args },
	[FIELD_FACTS] = { .plain = encode_facts },
	[FIELD_STACK] = { .plain = encode_frames },
	[FIELD_STACK_END] = { .plain = encode_stack_end },
	[FIELD_FRAME] = { .plain = encode_frame },
};

_Static_assert(ARRAY_LENGTH(types) == FIELD_DERIVED, "each type of fields has a row");

static void encode_value(struct json *json, const struct field *field, const void *owner)
{
	const void *value = (const char *)owner + field->offset;

	if (types[field->type].plain)
		types[field->type].plain(json, value);
	else
		types[field->type].of_field(json, value, field);
}

/* Adds OWNER's members: the fields that belong to WHICH (its kind or call) and are known. */
static void encode_fields(struct json *json, const struct fields *fields, const void *owner, unsigned which,
			  unsigned have)
{
	for (const struct field *field = fields->rows; field < fields->rows + fields->count; field++) {
		if (!(field->of & 1u << which) || (field->have && !(field->have & have)))
			continue;
		json_ready_key(json, field->written, field->length);
		if (field->type < FIELD_DERIVED)
			encode_value(json, field, owner);
		else if (!encode_derived(json, field, owner))
			json_drop_key(json);
	}
}

static void encode_request(struct json *json, const void *value)
{
	const struct request *request = value;

	json_open_object(json, JSON_DENSE);
	encode_fields(json, &request_fields, request, request->call, request->have);
	json_close(json);
}

static void encode_frame(struct json *json, const void *value)
{
	json_open_object(json, JSON_DENSE);
	encode_fields(json, &frame_fields, value, 0, frame_have(value));
	json_close(json);
}

static void encode_frames(struct json *json, const void *value)
{
	const struct stack *stack = value;

	json_open_array(json, JSON_DENSE);
	for (unsigned i = 0; i < stack->count; i++)
		encode_frame(json, &stack->frames[i]);
	json_close(json);
}

void codec_encode(struct text *text, const struct event *event)
{
	struct json json;

	assert((unsigned)event->kind < EVENT_KIND_COUNT);
	json_init(&json, text, 0);
	json_open_object(&json, JSON_DENSE);
	encode_fields(&json, &event_common, event, event->kind, event->have);
	encode_fields(&json, &event_kind_row(event->kind)->own, event, event->kind, event->have);
	json_close(&json);
	text_add_bytes(text, "\n", 1);
}
