/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Fuzzes stacks: registers and memory that make no sense, unwind tables of a hostile file, and .eh_frame by itself.
 *
 * Input: 17 registers of 8 bytes, then the memory: a file's first 1536 bytes, 512 of its code, and the stack, each at
 * the start of a page of zeros. Where the code is built without libunwind, .eh_frame alone. */
#include <errno.h>

#include "base/text.h"
#include "fuzz.h"
#include "source/ptrace/ehframe.h"
#include "source/ptrace/unwind.h"

#define BASE 0x10000
#define PAGE 0x1000
#define FILE_BYTES 1536
#define CODE_BYTES 512
#define LIMIT 40

static struct {
	struct unwind_registers registers;
	uint8_t pages[3][PAGE];
} task;

static int fuzz_registers(void *data, pid_t tid, struct unwind_registers *ret)
{
	(void)data, (void)tid;
	*ret = task.registers;
	return 0;
}

static size_t fuzz_read(void *data, pid_t tid, uint64_t address, void *to, size_t length)
{
	size_t left;

	(void)data, (void)tid;
	if (address < BASE || address >= BASE + sizeof(task.pages))
		return 0;
	left = (size_t)(BASE + sizeof(task.pages) - address);
	if (length > left)
		length = left;
	memcpy(to, &task.pages[0][0] + (address - BASE), length);
	return length;
}

static int fuzz_maps(void *data, pid_t tid, struct text *text)
{
	(void)data, (void)tid;
	text_add(text, "10000-11000 r--p 00000000 00:01 7    /no/such/file\n"
		       "11000-12000 r-xp 00001000 00:01 7    /no/such/file\n"
		       "12000-13000 rw-p 00000000 00:00 0    [stack]\n");
	return 0;
}

static int fuzz_open(void *data, pid_t tid, enum code_name name, const char *path)
{
	(void)data, (void)tid, (void)name, (void)path;
	return -ENOENT;
}

static void index_frames(const uint8_t *bytes, size_t size)
{
	struct ehframe_entry *entries;
	size_t count = ehframe_index(bytes, size, BASE, BASE, &entries);

	FUZZ_CHECK(count <= size / 4);
	for (size_t i = 1; i < count; i++)
		FUZZ_CHECK(entries[i - 1].start <= entries[i].start);
	free(entries);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const struct unwind_ops ops = { fuzz_registers, { fuzz_read, fuzz_maps, fuzz_open } };
	static const struct unwind_config configs[] = { { .limit = LIMIT }, { .limit = LIMIT, .origin = true } };
	struct input input = { data, size };
	struct event event = { .kind = EVENT_SPAWN, .have = EVENT_HAVE_REQUEST };
	const struct frame *origin;
	struct stack stack;

	index_frames(data, size);
	memset(&task, 0, sizeof(task));
	for (size_t i = 0; i < UNWIND_REGISTERS; i++)
		task.registers.values[i] = input_u64(&input);
	event.spawn.request = (struct request){ .call = CALL_CLONE,
						.have = REQUEST_TLS | REQUEST_STACK,
						.stack = task.registers.values[4],
						.tls = task.registers.values[8] };
	input_bytes(&input, task.pages[0], FILE_BYTES);
	input_bytes(&input, task.pages[1], CODE_BYTES);
	input_bytes(&input, task.pages[2], input.size < PAGE ? input.size : PAGE);
	for (size_t i = 0; !unwind_lack() && i < sizeof(configs) / sizeof(configs[0]); i++) {
		struct unwind *unwind = unwind_new(&configs[i], &ops, NULL);

		for (int again = 0; again < 2; again++) {
			unwind_stack(unwind, 1, 1, &stack);
			origin = stack_origin(&stack);
			FUZZ_CHECK(stack.count <= STACK_MAX);
			FUZZ_CHECK(stack.count <= LIMIT || !origin || origin == &stack.frames[stack.count - 1]);
			FUZZ_CHECK(stack_end_name(stack.end));
			event.spawn.stack = stack;
			unwind_start(unwind, &event);
			for (unsigned frame = 0; frame < stack.count; frame++)
				FUZZ_CHECK(stack.frames[frame].ip);
		}
		unwind_free(unwind);
	}
	return 0;
}
