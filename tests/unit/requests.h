/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Requests for unit tests, made by decoding raw arguments as a source would. */
#ifndef UNIT_REQUESTS_H
#define UNIT_REQUESTS_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "abi/abi.h"
#include "clone/request.h"

#define UNIT_STACK UINT64_C(0x7f0000010000)

/* struct clone_args by position, so that a wrong offset in the decoder shows. */
enum unit_field {
	ARG_FLAGS,
	ARG_PIDFD,
	ARG_CHILD_TID,
	ARG_PARENT_TID,
	ARG_EXIT_SIGNAL,
	ARG_STACK,
	ARG_STACK_SIZE,
	ARG_TLS,
	ARG_SET_TID,
	ARG_SET_TID_SIZE,
	ARG_CGROUP,
};

static inline struct request unit_decode(const char *abi_name, enum call call, const uint64_t args[6],
					 const struct clone_args_read *read)
{
	const struct abi *abi = abi_find_name(abi_name);
	struct request request;

	memset(&request, 0x5a, sizeof(request)); /* what is left of this shows as a wrong field */
	assert_non_null(abi);
	assert_int_equal(request_decode(abi, (uint64_t)abi->nr[call] | abi->nr_mark, args, read, &request), 0);
	return request;
}

static inline struct request unit_clone(uint64_t flags_and_signal, uint64_t stack)
{
	const uint64_t args[6] = { flags_and_signal, stack, 0x7f0000001000, 0x7f0000002000, 0x7f0000003000, 0 };

	return unit_decode("x86_64", CALL_CLONE, args, NULL);
}

/* FIELDS and what else of the 256 bytes the caller set, with SIZE as the second argument. */
static inline struct request unit_clone3_size(const uint64_t fields[32], uint64_t size)
{
	const uint64_t args[6] = { 0x7f0000004000, size };
	struct clone_args_read read = { .length = size < CLONE_ARGS_KEEP ? size : CLONE_ARGS_KEEP };

	memcpy(read.bytes, fields, read.length);
	return unit_decode("x86_64", CALL_CLONE3, args, &read);
}

static inline struct request unit_clone3(uint64_t flags, uint64_t exit_signal, uint64_t stack)
{
	const uint64_t fields[32] = {
		[ARG_FLAGS] = flags,
		[ARG_EXIT_SIGNAL] = exit_signal,
		[ARG_STACK] = stack,
		[ARG_STACK_SIZE] = stack ? 0x8000 : 0,
	};

	return unit_clone3_size(fields, CLONE_ARGS_SIZE_VER2);
}

static inline struct request unit_call(enum call call, uint64_t first, uint64_t second)
{
	const uint64_t args[6] = { first, second };

	return unit_decode("x86_64", call, args, NULL);
}

#endif
