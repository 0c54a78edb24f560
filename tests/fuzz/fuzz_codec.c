/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Fuzzes the reader of recordings. Input: lines; those that are events go on to the model and the text sink. */
#include <errno.h>

#include "event/codec.h"
#include "event/event.h"
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

/* A copy of the very length: the line is followed by nothing, not even a NUL. */
static void try_line(struct trace *trace, const uint8_t *line, size_t length)
{
	char *copy = malloc(length ? length : 1);
	struct event *event = NULL, *again = NULL;
	int r;

	if (!copy)
		abort();
	memcpy(copy, line, length);
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
