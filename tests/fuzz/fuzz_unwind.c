/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Fuzzes stacks: registers and memory that make no sense, unwind tables of a hostile file, and .eh_frame and Go's table
 * of functions separately. Checks that a remembered stack, also after some bytes have changed, is what a walk finds.
 *
 * Input: 17 registers of 8 bytes, then the memory: a file's first 1536 bytes, 512 of its code, and the stack, each at
 * the start of a page of zeros. If cltrace is built without an unwinder, only .eh_frame is fuzzed. */
#include <errno.h>

#include "base/text.h"
#include "fuzz.h"
#include "source/stack/ehframe.h"
#include "source/stack/gostack.h"
#include "source/stack/gotable.h"
#include "source/stack/stacks.h"
#include "source/stack/unwind.h"

#define BASE 0x10000
#define PAGE 0x1000
#define FILE_BYTES 1536
#define CODE_BYTES 512
#define LIMIT 40
#define REGISTERS 17 /* of x86_64, as in the corpus */

static struct {
	struct arch_frame registers;
	uint8_t pages[3][PAGE];
} task;

static int fuzz_registers(void *data, pid_t tid, struct arch_frame *ret)
{
	(void)data, (void)tid;
	*ret = task.registers;
	return 0;
}

static size_t read_piece(uint64_t address, void *to, size_t length)
{
	size_t left;

	if (address < BASE || address >= BASE + sizeof(task.pages))
		return 0;
	left = (size_t)(BASE + sizeof(task.pages) - address);
	if (length > left)
		length = left;
	memcpy(to, &task.pages[0][0] + (address - BASE), length);
	return length;
}

static size_t fuzz_read(void *data, pid_t tid, const struct code_piece *pieces, size_t count)
{
	size_t got = 0, n;

	(void)data, (void)tid;
	for (size_t i = 0; i < count; i++) {
		n = read_piece(pieces[i].address, pieces[i].to, pieces[i].length);
		got += n;
		if (n < pieces[i].length)
			break;
	}
	return got;
}

static int fuzz_maps(void *data, pid_t tid, struct text *text)
{
	(void)data, (void)tid;
	text_add(text, "10000-11000 r--p 00000000 00:01 7    /no/such/file\n"
		       "11000-12000 r-xp 00001000 00:01 7    /no/such/file\n"
		       "12000-13000 rw-p 00000000 00:00 0    [stack]\n");
	return 0;
}

static ssize_t fuzz_pages(void *data, pid_t tid, uint64_t page, uint64_t *to, size_t count)
{
	(void)data, (void)tid, (void)page, (void)to, (void)count;
	return -ENOENT;
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

/* The input again and again: tables have large offsets. */
static bool read_input(void *data, uint64_t address, void *to, size_t length)
{
	const struct input *input = data;

	if (address < BASE || length > 2 * PAGE)
		return false;
	for (size_t i = 0; i < length; i++)
		((uint8_t *)to)[i] = input->data[(address - BASE + i) % input->size];
	return true;
}

/* A table as it is, and with a head of each form. */
static void read_go(const uint8_t *data, size_t size)
{
	static const uint32_t heads[] = { 0xfffffffb, 0xfffffffa, 0xfffffff0, 0xfffffff1 };
	uint8_t bytes[PAGE];

	if (size < 64 || size > sizeof(bytes))
		return;
	memcpy(bytes, data, size);
	for (size_t i = 0; i <= sizeof(heads) / sizeof(heads[0]); i++) {
		struct input input = { bytes, size };
		struct go_registers registers = { .sp = BASE + size / 2, .bp = BASE + size / 3 };
		struct gotable *table = gotable_open(read_input, &input, BASE, BASE + 64);

		for (uint64_t at = 0; table && at < size; at += 8) {
			const struct go_code *code;

			memcpy(&registers.ip, bytes + at, sizeof(registers.ip));
			code = gotable_find(table, registers.ip);
			FUZZ_CHECK(!code || !code->line == !code->file);
			if (code && gostack_step(table, code, &registers))
				gotable_find(table, registers.ip);
		}
		gotable_close(table);
		if (i < sizeof(heads) / sizeof(heads[0])) {
			memcpy(bytes, &heads[i], sizeof(heads[i]));
			memcpy(bytes + 4, "\0\0\1\10", 4);
			memset(bytes + 10, 0, 6);
		}
	}
}

/* Changes a bit of the stack, of the code or of a register. */
static void change(uint32_t random)
{
	const unsigned bit = random >> 16 & 7;

	if (random % 4 == 0)
		task.registers.values[random >> 8 & 15] ^= UINT64_C(8) << bit;
	else
		task.pages[random % 4 == 1 ? 1 : 2][random >> 4 & (PAGE - 1)] ^= 1 << bit;
}

static void look(struct stacks *unwind, struct event *event)
{
	const struct frame *origin;
	struct stack stack;

	stacks_find(unwind, 1, 1, &event->attempt.request, &stack);
	origin = stack_origin(&stack);
	FUZZ_CHECK(stack.count <= STACK_MAX);
	FUZZ_CHECK(stack.count <= LIMIT || !origin || origin == &stack.frames[stack.count - 1]);
	FUZZ_CHECK(stack_end_name(stack.end));
	event->attempt.stack = stack;
	stacks_start(unwind, event);
	for (unsigned frame = 0; frame < stack.count; frame++)
		FUZZ_CHECK(stack.frames[frame].ip);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const struct stacks_ops ops = { fuzz_registers, { fuzz_read, fuzz_maps, fuzz_open, fuzz_pages } };
	static const struct stacks_config configs[] = { { .limit = LIMIT, .check = true },
							{ .limit = LIMIT, .origin = true, .check = true } };
	struct input input = { data, size };
	struct event event = { .kind = EVENT_SPAWN, .have = EVENT_HAVE_REQUEST };
	struct stacks_counts counts;
	uint32_t random = 1;

	index_frames(data, size);
	read_go(data, size);
	memset(&task, 0, sizeof(task));
	for (size_t i = 0; i < REGISTERS; i++)
		task.registers.values[i] = input_u64(&input);
	event.attempt.request = (struct request){ .call = CALL_CLONE,
						  .have = REQUEST_TLS | REQUEST_STACK,
						  .stack = task.registers.values[4],
						  .tls = task.registers.values[8] };
	input_bytes(&input, task.pages[0], FILE_BYTES);
	input_bytes(&input, task.pages[1], CODE_BYTES);
	input_bytes(&input, task.pages[2], input.size < PAGE ? input.size : PAGE);
	for (size_t i = 0; !unwind_lack() && i < sizeof(configs) / sizeof(configs[0]); i++) {
		struct stacks *unwind = stacks_new(&configs[i], &ops, NULL);

		for (int again = 0; again < 8; again++) {
			look(unwind, &event);
			if (again)
				change(random = random * 1664525 + 1013904223 + (size ? data[again % size] : 0u));
		}
		stacks_counts(unwind, &counts);
		FUZZ_CHECK(!counts.wrong);
		stacks_free(unwind);
	}
	return 0;
}
