/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Builds a request from what was read. */
#include <string.h>

#include "abi/abi.h"
#include "base/array.h"
#include "clone/fingerprint.h"
#include "clone/flags.h"
#include "clone/request.h"
#include "teach/parse/parts.h"

#define ABI_NAME "x86_64" /* any ABI would do: the arguments are put into its order and read again */

void build_pointers(struct arguments *arguments)
{
	static const enum argument pointers[] = { ARGUMENT_PARENT_TID, ARGUMENT_CHILD_TID, ARGUMENT_TLS, ARGUMENT_PIDFD,
						  ARGUMENT_CGROUP };

	for (size_t i = 0; i < ARRAY_LENGTH(pointers); i++)
		if (!arguments->values[pointers[i]])
			arguments->values[pointers[i]] = 0x1000 * (i + 1);
}

static void decode_clone3(const struct arguments *arguments, struct request *ret)
{
	const struct abi *abi = abi_find_name(ABI_NAME);
	const uint64_t *values = arguments->values;
	const uint64_t fields[] = {
		arguments->mask.value,
		values[ARGUMENT_PIDFD],
		values[ARGUMENT_CHILD_TID],
		values[ARGUMENT_PARENT_TID],
		arguments->given[ARGUMENT_EXIT_SIGNAL] ? values[ARGUMENT_EXIT_SIGNAL] : arguments->mask.signal,
		values[ARGUMENT_STACK],
		values[ARGUMENT_STACK_SIZE],
		values[ARGUMENT_TLS],
		arguments->set_tid_count && !values[ARGUMENT_SET_TID] ? 1 : values[ARGUMENT_SET_TID],
		arguments->given[ARGUMENT_SET_TID_SIZE] ? values[ARGUMENT_SET_TID_SIZE] : arguments->set_tid_count,
		values[ARGUMENT_CGROUP],
	};
	const uint64_t size = arguments->given[ARGUMENT_SIZE] ? values[ARGUMENT_SIZE] : sizeof(fields);
	const uint64_t args[6] = { 0x1000, size };
	struct clone_args_read read = { .length = size < CLONE_ARGS_KEEP ? (size_t)size : CLONE_ARGS_KEEP };

	memcpy(read.bytes, fields, sizeof(fields));
	read.set_tid_count = arguments->set_tid_count;
	memcpy(read.set_tid, arguments->set_tid, sizeof(read.set_tid));
	request_decode(abi, (uint64_t)abi->nr[CALL_CLONE3], args, &read, ret);
}

void build_request(enum call call, const struct arguments *arguments, struct request *ret)
{
	const struct abi *abi = abi_find_name(ABI_NAME);
	const uint64_t *values = arguments->values;
	const uint64_t flags = arguments->mask.value | arguments->mask.signal;
	uint64_t args[6] = { flags };

	if (call == CALL_CLONE3) {
		decode_clone3(arguments, ret);
		return;
	}
	if (call == CALL_SETNS) {
		args[0] = values[ARGUMENT_FD];
		args[1] = flags;
	} else if (call == CALL_CLONE) {
		args[1] = values[ARGUMENT_STACK];
		args[2] = values[flags & FLAG_PIDFD && arguments->given[ARGUMENT_PIDFD] ? ARGUMENT_PIDFD
											: ARGUMENT_PARENT_TID];
		args[3] = values[ARGUMENT_CHILD_TID];
		args[4] = values[ARGUMENT_TLS];
	}
	request_decode(abi, (uint64_t)abi->nr[call], args, NULL, ret);
}

enum call build_call(const struct mask *mask, enum call call)
{
	static const enum call order[] = { CALL_CLONE, CALL_CLONE3, CALL_UNSHARE };
	static const enum call by_name[] = { CALL_CLONE3, CALL_CLONE, CALL_FORK, CALL_VFORK };

	if (call != CALL_NONE)
		return call;
	if (mask->row)
		for (size_t i = 0; i < ARRAY_LENGTH(by_name); i++)
			if (mask->row->calls & 1U << by_name[i] && mask->calls & 1U << by_name[i])
				return by_name[i];
	for (size_t i = 0; i < ARRAY_LENGTH(order); i++)
		if (mask->calls & 1U << order[i] && (order[i] != CALL_CLONE || mask->value <= UINT32_MAX))
			return order[i];
	return CALL_CLONE3;
}
