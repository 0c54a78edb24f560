/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Fuzzes the reader of recordings. Input: lines; those that are events go on to the model and the text sink. */
#include <errno.h>

#include <json-c/json.h>

#include "event/codec.h"
#include "event/event.h"
#include "event/codec_common.h"
#include "fuzz.h"
#include "trace.h"

/* Some number that a change of any byte changes (FNV-1a): it decides about the sink's options. */
static uint64_t hash(const uint8_t *data, size_t size)
{
	uint64_t hash = UINT64_C(0xcbf29ce484222325);

	for (size_t i = 0; i < size; i++)
		hash = (hash ^ data[i]) * UINT64_C(0x100000001b3);
	return hash >> 16;
}

static void check_same(struct trace *trace, const struct event *a, const struct event *b)
{
	text_clear(&trace->line);
	text_clear(&trace->again);
	codec_encode(&trace->line, a);
	codec_encode(&trace->again, b);
	FUZZ_CHECK(strcmp(text_get(&trace->line), text_get(&trace->again)) == 0);
	FUZZ_CHECK(a->have == b->have);
}

/* Whether json-c's strict mode knows nothing but the grammar here: 0.18 refuses bytes above 0x7f, 0.19 long numbers. */
static bool is_plain(const char *line, size_t length)
{
	size_t digits = 0;

	for (size_t i = 0; i < length; i++) {
		digits = line[i] >= '0' && line[i] <= '9' ? digits + 1 : 0;
		if ((signed char)line[i] < 0 || digits > 18)
			return false;
	}
	return true;
}

/* What we call JSON is JSON to json-c at its strictest. */
static void check_json(const char *line, size_t length)
{
	struct json_tokener *tokener;
	json_object *object;

	if (!is_plain(line, length) || !json_is_valid(line, length))
		return;
	while (length && strchr(" \t\r\n", line[length - 1]))
		length--;
	tokener = json_tokener_new();
	json_tokener_set_flags(tokener, JSON_TOKENER_STRICT);
	object = json_tokener_parse_ex(tokener, line, (int)length);
	/* a number may go on behind the end */
	FUZZ_CHECK(json_tokener_get_error(tokener) == json_tokener_success ||
		   json_tokener_get_error(tokener) == json_tokener_continue);
	FUZZ_CHECK(json_tokener_get_parse_end(tokener) == length);
	json_object_put(object);
	json_tokener_free(tokener);
}

/* A copy of the very length: the line is followed by nothing, not even a NUL. */
static void try_line(struct trace *trace, const uint8_t *line, size_t length)
{
	char *copy = malloc(length ? length : 1);
	struct event *event = NULL, *again = NULL;
	int r;

	if (!copy)
		abort();
	memcpy(copy, line, length);
	check_json(copy, length);
	r = codec_decode(copy, length, &event);
	/* the quick way takes nothing that the general one would not take in the same sense */
	FUZZ_CHECK(codec_decode_slowly(copy, length, &again) == r);
	free(copy);
	FUZZ_CHECK(r == 0 || r == -EINVAL || r == -ENOTSUP);
	FUZZ_CHECK(r == 0 ? event != NULL : event == NULL);
	if (r < 0)
		return;
	check_same(trace, event, again);
	event_free(again);
	trace_event(trace, event);
	event_free(event);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct trace trace;

	trace_open(&trace, hash(data, size));
	while (size) {
		const uint8_t *end = memchr(data, '\n', size);
		size_t length = end ? (size_t)(end - data) + 1 : size;

		try_line(&trace, data, length);
		data += length;
		size -= length;
	}
	trace_close(&trace);
	return 0;
}
