/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What the fuzzers share: the entry that libFuzzer knows, bytes taken one after the other, and a check that always
 * acts.
 *
 * A fuzzer is one file with LLVMFuzzerTestOneInput(). With main.c it is a program of its own, which `make check` runs;
 * without, libFuzzer drives it: tests/fuzz/libfuzzer.sh NAME SECONDS. */
#ifndef FUZZ_FUZZ_H
#define FUZZ_FUZZ_H

#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* Unlike assert() it stays with NDEBUG. */
#define FUZZ_CHECK(condition) ((condition) ? (void)0 : fuzz_fail(#condition, __FILE__, __LINE__))

static inline void __attribute__((noreturn)) fuzz_fail(const char *condition, const char *file, int line)
{
	fprintf(stderr, "%s:%d: not so: %s\n", file, line, condition);
	abort();
}

/* Bytes to be taken; those behind the end are zero. */
struct input {
	const uint8_t *data;
	size_t size;
};

static inline void input_bytes(struct input *input, void *ret, size_t size)
{
	size_t taken = size < input->size ? size : input->size;

	memset(ret, 0, size);
	if (!taken)
		return;
	memcpy(ret, input->data, taken);
	input->data += taken;
	input->size -= taken;
}

static inline uint8_t input_u8(struct input *input)
{
	uint8_t value;

	input_bytes(input, &value, sizeof(value));
	return value;
}

static inline uint64_t input_u64(struct input *input)
{
	uint64_t value;

	input_bytes(input, &value, sizeof(value));
	return value;
}

#endif
