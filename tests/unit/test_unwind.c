/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Stacks that are remembered: each change that a walk would see is noticed; without a change no walk is needed. */
#include <elf.h>
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/text.h"
#include "clone/flags.h"
#include "source/stack/memo.h"
#include "source/stack/stacks.h"
#include "source/stack/unwind.h"

#define PAGE 4096
#define FILE_AT 0x400000
#define MADE_AT 0x500000 /* code that the program has made itself */
#define STACK_AT 0x7ffc0000
#define STACK_SIZE 0x10000
#define TOP (STACK_AT + 0x1000)
#define FRAMES (TOP + 0x100)

enum { RAX = 0, RDI = 5, RBP = 6, RSP = 7, RIP = 16 };

/* A file's first page and its code, code without a file, and a stack. */
struct machine {
	struct arch_frame registers;
	const char *path;
	uint8_t file[2 * PAGE], made[PAGE], stack[STACK_SIZE];
	bool unreadable; /* the upper half of the stack */
	unsigned reads, map_reads;
};

static struct machine machine;

static uint8_t *memory_at(uint64_t address, size_t *ret_left)
{
	const struct {
		uint64_t start, size;
		uint8_t *bytes;
	} places[] = {
		{ FILE_AT, sizeof(machine.file), machine.file },
		{ MADE_AT, sizeof(machine.made), machine.made },
		{ STACK_AT, machine.unreadable ? STACK_SIZE / 2 : STACK_SIZE, machine.stack },
	};

	for (size_t i = 0; i < sizeof(places) / sizeof(places[0]); i++) {
		if (address < places[i].start || address - places[i].start >= places[i].size)
			continue;
		*ret_left = (size_t)(places[i].size - (address - places[i].start));
		return places[i].bytes + (address - places[i].start);
	}
	return NULL;
}

static size_t machine_read(void *data, pid_t tid, const struct code_piece *pieces, size_t count)
{
	size_t got = 0;

	(void)data, (void)tid;
	machine.reads++;
	for (size_t i = 0; i < count; i++) {
		size_t left = 0, n;
		const uint8_t *bytes = memory_at(pieces[i].address, &left);

		n = left < pieces[i].length ? left : pieces[i].length;
		if (n)
			memcpy(pieces[i].to, bytes, n);
		got += n;
		if (n < pieces[i].length)
			break;
	}
	return got;
}

static int machine_maps(void *data, pid_t tid, struct text *text)
{
	(void)data, (void)tid;
	machine.map_reads++;
	text_addf(text,
		  "00400000-00401000 r--p 00000000 08:01 42 %s\n"
		  "00401000-00402000 r-xp 00001000 08:01 42 %s\n"
		  "00500000-00501000 rwxp 00000000 00:00 0 \n"
		  "7ffc0000-7ffd0000 rw-p 00000000 00:00 0 [stack]\n",
		  machine.path, machine.path);
	return 0;
}

static int machine_open(void *data, pid_t tid, enum code_name name, const char *path)
{
	(void)data, (void)tid, (void)name, (void)path;
	return -ENOENT;
}

static ssize_t machine_pages(void *data, pid_t tid, uint64_t page, uint64_t *to, size_t count)
{
	(void)data, (void)tid, (void)page, (void)to, (void)count;
	return -ENOENT;
}

static int machine_registers(void *data, pid_t tid, struct arch_frame *ret)
{
	(void)data, (void)tid;
	*ret = machine.registers;
	return 0;
}

static void put_word(uint64_t address, uint64_t word)
{
	size_t left;

	memcpy(memory_at(address, &left), &word, sizeof(word));
}

/* A call that returns to ADDRESS. */
static void put_call(uint64_t address)
{
	size_t left;

	*memory_at(address - 5, &left) = 0xe8;
}

/* Functions that keep a frame pointer: the first frame is at FRAMES, each next one 0x100 above; these are their return
 * addresses. */
static void put_frames(const uint64_t *returns, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		const uint64_t frame = FRAMES + 0x100 * i;

		put_word(frame, i + 1 < count ? frame + 0x100 : 0);
		put_word(frame + 8, returns[i]);
	}
}

static void set_up(void)
{
	static const uint64_t returns[] = { MADE_AT + 0x205, MADE_AT + 0x305, FILE_AT + PAGE + 0x105 };
	Elf64_Ehdr head = { .e_phoff = sizeof(head), .e_phentsize = sizeof(Elf64_Phdr), .e_phnum = 1 };
	const Elf64_Phdr part = { .p_type = PT_LOAD, .p_vaddr = FILE_AT };

	machine = (struct machine){ .path = "/bin/x" };
	memcpy(head.e_ident, ELFMAG, SELFMAG);
	head.e_ident[EI_CLASS] = ELFCLASS64;
	memcpy(machine.file, &head, sizeof(head));
	memcpy(machine.file + sizeof(head), &part, sizeof(part));
	for (uint64_t at = 0x105; at < 0x800; at += 0x100) {
		put_call(MADE_AT + at);
		put_call(FILE_AT + PAGE + at);
	}
	put_word(TOP, MADE_AT + 0x105);
	put_frames(returns, 3);
	machine.registers.values[RIP] = MADE_AT + 0x10;
	machine.registers.values[RSP] = TOP;
	machine.registers.values[RBP] = FRAMES;
}

static const struct stacks_ops ops = { machine_registers, { machine_read, machine_maps, machine_open, machine_pages } };

static struct stacks *new_unwind(void)
{
	return stacks_new(&(struct stacks_config){ .limit = STACK_MAX, .check = true }, &ops, NULL);
}

/* Looks at task TID, with what is remembered, and by the walk of an unwinder that remembers nothing: both must find the
 * same. Returns whether the stack was remembered. */
static bool look(struct stacks *unwind, pid_t tid)
{
	struct stacks *walker = new_unwind();
	struct stacks_counts before, after;
	struct stack stack, walked;

	stacks_counts(unwind, &before);
	stacks_find(unwind, tid, tid, NULL, &stack);
	stacks_counts(unwind, &after);
	stacks_find(walker, tid, tid, NULL, &walked);
	assert_int_equal(stack.count, walked.count);
	assert_int_equal(stack.end, walked.end);
	for (unsigned i = 0; i < stack.count; i++)
		assert_true(frame_is_same(&stack.frames[i], &walked.frames[i]));
	assert_int_equal(after.wrong, 0);
	assert_int_equal(after.walked + after.remembered, before.walked + before.remembered + 1);
	stacks_free(walker);
	return after.remembered > before.remembered;
}

static void remembers(void **state)
{
	struct stacks_config config = { .limit = STACK_MAX };
	struct stacks *unwind;
	struct stack stack;

	(void)state;
	set_up();
	unwind = stacks_new(&config, &ops, NULL);
	stacks_find(unwind, 1, 1, NULL, &stack);
	assert_int_equal(stack.count, 5);
	assert_int_equal(stack.frames[0].ip, MADE_AT + 0x10);
	assert_int_equal(stack.frames[1].ip, MADE_AT + 0x105);
	assert_int_equal(stack.frames[4].ip, FILE_AT + PAGE + 0x105);
	assert_string_equal(stack.frames[4].object, "/bin/x");
	machine.reads = machine.map_reads = 0;
	machine.registers.values[RAX] = machine.registers.values[RDI] =
		1; /* the walk does not ask for these registers */
	put_word(TOP + 0x20, 1);
	stacks_find(unwind, 1, 1, NULL, &stack);
	assert_int_equal(stack.count, 5);
	assert_int_equal(stack.frames[4].ip, FILE_AT + PAGE + 0x105);
	assert_int_equal(machine.reads, 1); /* all at once */
	assert_int_equal(machine.map_reads, 0);
	stacks_free(unwind);
}

static void other_return_address(void)
{
	put_word(TOP, MADE_AT + 0x405);
}

static void other_caller(void)
{
	put_word(FRAMES + 8, MADE_AT + 0x405);
}

static void other_last_caller(void)
{
	put_word(FRAMES + 0x208, FILE_AT + PAGE + 0x205);
}

static void other_place(void)
{
	machine.registers.values[RIP]++;
}

static void other_frame_pointer(void)
{
	machine.registers.values[RBP] += 0x100;
}

static void other_saved_frame_pointer(void)
{
	put_word(FRAMES, FRAMES + 0x200);
}

static void other_stack_pointer(void)
{
	put_word(TOP + 8, MADE_AT + 0x105);
	machine.registers.values[RSP] += 8;
}

static void other_code_that_was_made(void)
{
	machine.made[0x100] = 0x90; /* not a call any more */
}

static void other_code_at_the_end_of_the_call(void)
{
	machine.made[0x10] = 0x52; /* push %rdx: the return address is in rdx */
	machine.registers.values[1] = MADE_AT + 0x505;
}

static void other_file(void)
{
	machine.file[EI_PAD] = 7;
	machine.path = "/bin/y";
}

static void less_memory(void)
{
	machine.unreadable = true;
	machine.registers.values[RBP] = STACK_AT + STACK_SIZE / 2 + 0x100;
}

static void (*const changes[])(void) = {
	other_return_address,
	other_caller,
	other_last_caller,
	other_place,
	other_frame_pointer,
	other_saved_frame_pointer,
	other_stack_pointer,
	other_code_that_was_made,
	other_code_at_the_end_of_the_call,
	other_file,
	less_memory,
};

/* After each change a walk finds what is there now. When everything is as before, the remembered stack is valid again,
 * unless its layout is gone. */
static void notices_changes(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(changes) / sizeof(changes[0]); i++) {
		struct stacks *unwind = new_unwind();

		set_up();
		assert_false(look(unwind, 1));
		assert_true(look(unwind, 1));
		changes[i]();
		if (look(unwind, 1))
			fail_msg("change %zu: not walked", i);
		set_up();
		assert_int_equal(look(unwind, 1), changes[i] != other_file);
		assert_true(look(unwind, 1));
		stacks_free(unwind);
	}
}

/* Changes any bit of what may change: the stack is still what a walk finds. */
static void agrees_with_a_walk(void **state)
{
	struct stacks *unwind = new_unwind();
	uint32_t random = 1, remembered = 0;

	(void)state;
	set_up();
	for (int i = 0; i < 3000; i++) {
		if (i % 3 == 0)
			set_up();
		random = random * 1664525 + 1013904223;
		if (random >> 30 == 0)
			machine.registers.values[random >> 8 & 15] ^= UINT64_C(1) << (random >> 16 & 15);
		else if (random >> 30 == 1)
			machine.made[random >> 8 & 0x7ff] ^= 1 << (random >> 20 & 7);
		else
			machine.stack[0x1000 + (random >> 8 & 0x3ff)] ^= 1 << (random >> 20 & 7);
		remembered += look(unwind, 1);
	}
	assert_true(remembered > 300);
	stacks_free(unwind);
}

/* Two places that have the same registers. */
static void tells_callers_apart(void **state)
{
	struct stacks *unwind = new_unwind();

	(void)state;
	set_up();
	for (int i = 0; i < 6; i++) {
		put_word(FRAMES + 8, MADE_AT + (i % 2 ? 0x405 : 0x505));
		assert_int_equal(look(unwind, 1), i >= 2);
	}
	stacks_free(unwind);
}

/* A process that was forked has the same code; a program that was executed need not. */
static void follows_processes(void **state)
{
	struct stacks *unwind = new_unwind();
	const struct event spawn = { .kind = EVENT_SPAWN,
				     .tid = 1,
				     .have = EVENT_HAVE_REQUEST,
				     .spawn = { .creator_tgid = 1, .child = 2, .child_tgid = 2 } };
	const struct event exec = { .kind = EVENT_EXEC, .tid = 1, .exec.former = 1 };

	(void)state;
	set_up();
	assert_false(look(unwind, 1));
	stacks_event(unwind, &spawn);
	assert_true(look(unwind, 2));
	stacks_event(unwind, &exec);
	assert_false(look(unwind, 1));
	assert_true(look(unwind, 1));
	assert_true(look(unwind, 2));
	stacks_free(unwind);
}

static void look_deeper(struct stacks *unwind, uint64_t depth, bool remembered)
{
	set_up();
	put_word(TOP - 8 * depth, MADE_AT + 0x105);
	machine.registers.values[RSP] = TOP - 8 * depth;
	assert_int_equal(look(unwind, 1), remembered);
}

/* The stack that was not seen for longest is forgotten. */
static void keeps_few(void **state)
{
	struct stacks *unwind = new_unwind();

	(void)state;
	for (uint64_t depth = 0; depth < MEMO_STACKS; depth++)
		look_deeper(unwind, depth, false);
	for (uint64_t depth = 0; depth < MEMO_STACKS; depth++)
		look_deeper(unwind, depth, true);
	look_deeper(unwind, 0, true);
	look_deeper(unwind, MEMO_STACKS, false);
	look_deeper(unwind, 0, true);
	look_deeper(unwind, MEMO_STACKS, true);
	look_deeper(unwind, 1, false);
	stacks_free(unwind);
}

/* A stack whose walk asks for more than can be remembered is walked each time. */
static void walks_what_is_too_deep(void **state)
{
	struct stacks *unwind = new_unwind();
	uint64_t returns[200];

	(void)state;
	set_up();
	for (size_t i = 0; i < 200; i++)
		returns[i] = i < 199 ? MADE_AT + 0x205 : FILE_AT + PAGE + 0x105;
	put_frames(returns, 200);
	assert_false(look(unwind, 1));
	assert_false(look(unwind, 1));
	returns[19] = returns[199];
	put_frames(returns, 20);
	assert_false(look(unwind, 1));
	assert_true(look(unwind, 1));
	stacks_free(unwind);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(remembers),
		cmocka_unit_test(notices_changes),
		cmocka_unit_test(agrees_with_a_walk),
		cmocka_unit_test(tells_callers_apart),
		cmocka_unit_test(follows_processes),
		cmocka_unit_test(keeps_few),
		cmocka_unit_test(walks_what_is_too_deep),
	};

	if (unwind_lack()) { /* cmocka's own skip() counts as failed in TAP */
		puts("1..0 # SKIP cltrace was built without an unwinder");
		return 0;
	}
	return cmocka_run_group_tests(tests, NULL, NULL);
}
