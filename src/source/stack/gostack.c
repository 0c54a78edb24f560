/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Walks the stacks of goroutines, and from the thread's stack back to the goroutine that changed to it. */
#include "source/stack/gostack.h"

#include <string.h>

#include "base/array.h"
#include "source/stack/gotable.h"

#define SEARCH_MAX 4096 /* bytes of the frame of a function that changes stacks */

/* The runtime's functions (src/runtime/asm_amd64.s) that call another function on another stack: a goroutine's stack is
 * left for that of the thread (g0), which C code needs, too, and C code calls back a goroutine. */
static bool changes_stack(const struct go_code *at)
{
	static const char *const names[] = { "runtime.systemstack", "runtime.asmcgocall", "runtime.cgocallback",
					     "runtime.cgocallback_gofunc" /* before Go 1.16 */ };

	for (size_t i = 0; at->function && i < ARRAY_LENGTH(names); i++) {
		if (strcmp(at->function, names[i]) == 0)
			return true;
	}
	return false;
}

static bool word_at(struct gotable *table, uint64_t address, uint64_t *ret)
{
	return gotable_read(table, address, ret, sizeof(*ret));
}

/* Whether IP follows a direct call of the function at TARGET. */
static bool follows_call_of(struct gotable *table, uint64_t ip, uint64_t target)
{
	uint8_t call[5];
	int32_t distance;

	if (ip < sizeof(call) || !gotable_read(table, ip - sizeof(call), call, sizeof(call)) || call[0] != 0xe8)
		return false;
	memcpy(&distance, call + 1, sizeof(distance));
	return ip + (uint64_t)(int64_t)distance == target;
}

/* The previous stack pointer is in the runtime's own structures, whose form differs between versions. But the frame
 * pointer does not change. If the function that changes stacks keeps a frame pointer, it is this function's, and the
 * return address is above. Else (the first two before Go 1.21) it is the caller's, and the return address is below,
 * within the size of the caller's frame. Both are certain, because the address follows a call of that function. */
static bool change_back(struct gotable *table, const struct go_code *at, struct go_registers *registers)
{
	const uint64_t bp = registers->bp;
	uint64_t ip;

	if (word_at(table, bp + 8, &ip) && follows_call_of(table, ip, at->start)) {
		*registers = (struct go_registers){ .ip = ip, .sp = bp + 16 };
		return word_at(table, bp, &registers->bp);
	}
	for (uint64_t size = 0; size < SEARCH_MAX; size += 8) {
		const struct go_code *caller;

		if (!word_at(table, bp - size, &ip) || !follows_call_of(table, ip, at->start))
			continue;
		caller = gotable_find(table, ip - 1);
		if (!caller || !caller->has_frame || caller->frame != (int64_t)size)
			continue;
		*registers = (struct go_registers){ .ip = ip, .sp = bp - size + 8, .bp = bp };
		return true;
	}
	return false;
}

/* A function with a frame keeps its caller's frame pointer at the upper end. (Some of the runtime's in assembly do not;
 * it is asked for only by change_back(), which checks it.) */
bool gostack_step(struct gotable *table, const struct go_code *at, struct go_registers *registers)
{
	uint64_t return_address;

	if (changes_stack(at))
		return change_back(table, at, registers);
	if (!at->has_frame || at->frame < 0)
		return false;
	return_address = registers->sp + (uint64_t)at->frame;
	if (at->frame && !word_at(table, return_address - 8, &registers->bp))
		return false;
	registers->sp = return_address + 8;
	return word_at(table, return_address, &registers->ip);
}
