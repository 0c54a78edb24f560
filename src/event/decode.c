/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Reads lines of JSON as events, whatever the order of their keys and whatever other keys there are. */
#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <json-c/json.h>

#include "base/array.h"
#include "base/mem.h"
#include "base/text.h"
#include "event/codec.h"
#include "event/codec_common.h"
#include "event/decode_scalar.h"

/* ---- values of one word ---- */

static const char *kind_name_at(unsigned index)
{
	return event_kind_name((enum event_kind)index);
}

static const char *note_name_at(unsigned index)
{
	return event_note_name((enum event_note)index);
}

static const char *stack_end_at(unsigned index)
{
	return stack_end_name(index);
}

static int decode_kind(json_object *value, void *ret)
{
	return decode_name(value, kind_name_at, EVENT_KIND_COUNT, ret);
}

static int decode_mode(json_object *value, void *ret)
{
	return decode_name(value, event_mode_name, EVENT_MODE_COUNT, ret);
}

static int decode_note(json_object *value, void *ret)
{
	return decode_name(value, note_name_at, NOTE_COUNT, ret);
}

static int decode_stack_end(json_object *value, void *ret)
{
	return decode_name(value, stack_end_at, STACK_END_COUNT, ret);
}

static int decode_pid(json_object *value, void *ret)
{
	return decode_int(value, 0, INT_MAX, ret);
}

static int decode_any_int(json_object *value, void *ret)
{
	return decode_int(value, INT_MIN, INT_MAX, ret);
}

static int decode_uint(json_object *value, void *ret)
{
	int64_t number;
	int r = decode_number(value, 0, UINT32_MAX, &number);

	if (r == 0)
		*(unsigned *)ret = (unsigned)number;
	return r;
}

static int decode_bool(json_object *value, void *ret)
{
	if (!json_object_is_type(value, json_type_boolean))
		return -EINVAL;
	*(bool *)ret = json_object_get_boolean(value);
	return 0;
}

static int decode_bits(json_object *value, void *ret)
{
	return decode_unsigned(value, ret);
}

static int decode_signed(json_object *value, void *ret)
{
	return decode_wide(value, ret);
}

static int decode_call(json_object *value, void *ret)
{
	const char *string = decode_string(value);
	enum call call = string ? call_find(string) : CALL_NONE;

	if (call == CALL_NONE)
		return string ? -ENOTSUP : -EINVAL;
	*(enum call *)ret = call;
	return 0;
}

static int decode_abi(json_object *value, void *ret)
{
	const char *string = decode_string(value);
	const struct abi *abi = string ? abi_find_name(string) : NULL;

	if (!abi)
		return string ? -ENOTSUP : -EINVAL;
	*(const struct abi **)ret = abi;
	return 0;
}

static int decode_format(json_object *value, void *ret)
{
	int64_t format;
	int r = decode_number(value, 1, INT64_MAX, &format);

	if (r < 0)
		return r;
	*(unsigned *)ret = (unsigned)(format < UINT_MAX ? format : UINT_MAX);
	return 0;
}

static int decode_text(json_object *value, void *ret)
{
	const char **text = ret;
	const char *string = decode_string(value);

	if (!string)
		return -EINVAL;
	free((char *)*text);
	*text = mem_strdup(string);
	return 0;
}

/* ---- values that have a second form beside them ---- */

enum { HEX_KEY_MAX = 64 };

/* The exact bytes if OBJECT has them in KEY_hex, else the text. */
static int decode_exact(json_object *object, const struct field *field, json_object *value, void *ret)
{
	const char *string = decode_string(value);
	char hex_key[HEX_KEY_MAX];
	json_object *hex;
	size_t size;
	char *bytes;
	int length;

	if (!string)
		return -EINVAL;
	snprintf(hex_key, sizeof(hex_key), "%s_hex", field->key);
	if (!json_object_object_get_ex(object, hex_key, &hex)) {
		*(const char **)ret = mem_strdup(string);
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
	*(const char **)ret = bytes;
	return 0;
}

/* Adds a string, or with HEX its bytes, and a NUL to TEXT. */
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

/* The exact bytes if OBJECT has them in KEY_hex, else the texts. */
static int decode_argv(json_object *object, const struct field *field, json_object *value, void *ret)
{
	struct arguments *argv = ret;
	struct text text = TEXT_INIT;
	char hex_key[HEX_KEY_MAX];
	json_object *hex;
	int r = 0;

	snprintf(hex_key, sizeof(hex_key), "%s_hex", field->key);
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
	free((char *)argv->bytes);
	argv->bytes = text.data;
	argv->length = text.length;
	return 0;
}

/* ---- lists and objects ---- */

/* Its length stands before it in the request. */
static int decode_tids(json_object *object, const struct field *field, json_object *value, void *ret)
{
	struct request *request = (void *)((char *)ret - field->offset);
	size_t count = set_tid_count(request);
	int r = decode_array(value, count);

	(void)object;
	for (size_t i = 0; r == 0 && i < count; i++)
		r = decode_int(json_object_array_get_idx(value, i), INT32_MIN, INT32_MAX, &request->set_tid_list[i]);
	return r;
}

static int decode_nspids(json_object *value, void *ret)
{
	struct nspids *nspids = ret;
	const size_t count = json_object_is_type(value, json_type_array) ? json_object_array_length(value) : SIZE_MAX;
	int r = count > EVENT_NSPIDS_MAX ? -EINVAL : 0;

	for (size_t i = 0; r == 0 && i < count; i++)
		r = decode_int(json_object_array_get_idx(value, i), 0, INT32_MAX, &nspids->list[i]);
	nspids->count = r == 0 ? (unsigned)count : 0;
	return r;
}

/* One that we do not know is passed over. */
static int decode_namespaces(json_object *value, void *ret)
{
	uint64_t *ns = ret;
	json_object *inode;
	int r = json_object_is_type(value, json_type_object) ? 0 : -EINVAL;

	for (unsigned i = 0; r == 0 && i < NAMESPACE_COUNT; i++)
		if (json_object_object_get_ex(value, namespace_key((enum namespace)i), &inode))
			r = decode_unsigned(inode, &ns[i]);
	return r;
}

static int decode_newer(json_object *value, void *ret)
{
	return decode_bytes(value, ret, NEWER_SIZE);
}

static int decode_args(json_object *value, void *ret)
{
	const size_t count = ARRAY_LENGTH(((struct request *)NULL)->args);
	uint64_t *args = ret;
	int r = decode_array(value, count);

	for (size_t i = 0; r == 0 && i < count; i++)
		r = decode_unsigned(json_object_array_get_idx(value, i), &args[i]);
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
	fact.what = fact_find(name);
	if (fact.what == FACT_PIDS && json_object_object_get_ex(value, "path", &path) &&
	    decode_text(path, &facts->cgroup) < 0)
		return -EINVAL;
	if (fact.what != FACT_COUNT)
		facts_add(facts, &fact);
	return 0;
}

static int decode_facts(json_object *value, void *ret)
{
	struct facts *facts;
	int r = 0;

	if (!json_object_is_type(value, json_type_array))
		return -EINVAL;
	facts = mem_zalloc(1, sizeof(*facts));
	for (size_t i = 0; r == 0 && i < json_object_array_length(value); i++)
		r = decode_fact(json_object_array_get_idx(value, i), facts);
	facts_free(*(struct facts **)ret);
	*(struct facts **)ret = facts;
	return r;
}

/* ---- the table ---- */

static int decode_request(json_object *object, void *ret);
static int decode_frame(json_object *object, void *ret);
static int decode_frames(json_object *array, void *ret);

/* The functions that read the value of a field, by type, if the field is not derived: one of the two. OBJECT has the
 * value, and what is next to it. */
static const struct {
	int (*plain)(json_object *value, void *ret);
	int (*of_field)(json_object *object, const struct field *field, json_object *value, void *ret);
} types[] = {
	[FIELD_FORMAT] = { .plain = decode_format },
	[FIELD_KIND] = { .plain = decode_kind },
	[FIELD_MODE] = { .plain = decode_mode },
	[FIELD_NOTE] = { .plain = decode_note },
	[FIELD_CALL] = { .plain = decode_call },
	[FIELD_ABI] = { .plain = decode_abi },
	[FIELD_PID] = { .plain = decode_pid },
	[FIELD_INT] = { .plain = decode_any_int },
	[FIELD_UINT] = { .plain = decode_uint },
	[FIELD_BOOL] = { .plain = decode_bool },
	[FIELD_COUNT] = { .plain = decode_bits },
	[FIELD_BITS] = { .plain = decode_bits },
	[FIELD_SIGNED] = { .plain = decode_signed },
	[FIELD_STRING] = { .plain = decode_text },
	[FIELD_BYTES] = { .of_field = decode_exact },
	[FIELD_ARGV] = { .of_field = decode_argv },
	[FIELD_REQUEST] = { .plain = decode_request },
	[FIELD_NSPIDS] = { .plain = decode_nspids },
	[FIELD_NAMESPACES] = { .plain = decode_namespaces },
	[FIELD_TIDS] = { .of_field = decode_tids },
	[FIELD_NEWER] = { .plain = decode_newer },
	[FIELD_ARGS] = { .plain = decode_args },
	[FIELD_FACTS] = { .plain = decode_facts },
	[FIELD_STACK] = { .plain = decode_frames },
	[FIELD_STACK_END] = { .plain = decode_stack_end },
	[FIELD_FRAME] = { .plain = decode_frame },
};

_Static_assert(ARRAY_LENGTH(types) == FIELD_DERIVED, "each type of fields has a row");

/* Reads VALUE, which OBJECT has under FIELD's key, into OWNER, a struct event or a struct request. */
static int decode_value(json_object *object, json_object *value, const struct field *field, void *owner)
{
	void *ret = (char *)owner + field->offset;

	if (types[field->type].plain)
		return types[field->type].plain(value, ret);
	return types[field->type].of_field(object, field, value, ret);
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

static int decode_request(json_object *object, void *ret)
{
	struct request *request = ret;
	json_object *value;
	int r;

	if (!json_object_is_type(object, json_type_object) || !json_object_object_get_ex(object, "call", &value))
		return -EINVAL;
	r = decode_call(value, &request->call);
	if (r < 0)
		return r;
	return decode_fields(object, &request_fields, request, request->call, &request->have);
}

static int decode_frame(json_object *object, void *ret)
{
	unsigned have = 0;

	if (!json_object_is_type(object, json_type_object))
		return -EINVAL;
	return decode_fields(object, &frame_fields, ret, 0, &have);
}

/* If a value is not a frame, whoever frees the event frees its strings and those of the frames before it. */
static int decode_frames(json_object *array, void *ret)
{
	struct stack *stack = ret;
	struct frame *frames;
	int r = 0;

	if (!json_object_is_type(array, json_type_array) || json_object_array_length(array) > STACK_MAX ||
	    stack->frames)
		return -EINVAL;
	frames = mem_zalloc(json_object_array_length(array) + 1, sizeof(*frames));
	stack->frames = frames;
	for (size_t i = 0; r == 0 && i < json_object_array_length(array); i++) {
		stack->count++;
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

/* The JSON value of LINE, which the caller frees with json_object_put(); or NULL. json-c gets only valid JSON, so it
 * does not matter what else its versions and modes accept. */
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
