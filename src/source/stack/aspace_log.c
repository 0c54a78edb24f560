/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What a look asked, and whether another look gets the same answers. */
#include "source/stack/aspace_state.h"

#include <string.h>

#include "base/mem.h"

static void log_answer(struct code_log *log, const struct code_answer *answer)
{
	if (log->count == CODE_LOG_MAX) {
		log->incomplete = true;
		return;
	}
	if (log->count == log->size) {
		log->size = log->size ? log->size * 2 : 32;
		log->answers = mem_resize(log->answers, log->size, sizeof(*log->answers));
	}
	log->answers[log->count++] = *answer;
}

void code_log_bytes(struct code_log *log, uint64_t address, const uint8_t *bytes, size_t length)
{
	for (size_t at = 0; at < length && !log->incomplete; at += sizeof(uint64_t)) {
		struct code_answer answer = { .address = address + at, .length = sizeof(answer.value) };

		if (length - at < answer.length)
			answer.length = length - at;
		memcpy(&answer.value, bytes + at, answer.length);
		log_answer(log, &answer);
	}
}

void code_log_mapping(struct code_log *log, const struct mapping *mapping)
{
	for (size_t i = 0; i < log->mapping_count; i++) {
		if (log->mappings[i] == mapping->start)
			return;
	}
	if (log->mapping_count == CODE_LOG_MAPPINGS) {
		log->incomplete = true;
		return;
	}
	log->bases[log->mapping_count] = mapping->object ? mapping->base : 0;
	log->mappings[log->mapping_count++] = mapping->start;
}

void code_record(struct code *code, struct code_log *log)
{
	if (log) {
		log->incomplete = false;
		log->count = log->mapping_count = 0;
	}
	code->log = log;
}

bool code_repeats(struct code *code, const struct code_log *log)
{
	const struct layout *layout = code->layout;

	for (size_t i = 0; i < log->count; i++) {
		const struct code_answer *answer = &log->answers[i];
		uint64_t value = 0;

		if (!code_bytes(code, answer->address, &value, answer->length) || value != answer->value)
			return false;
	}
	for (size_t i = 0; i < log->mapping_count; i++) {
		if (!code_find(code, log->mappings[i]) || code->layout != layout)
			return false;
	}
	return true;
}
