/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Go's tables of functions in each of their forms, and the stacks that they lead through. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "source/stack/gostack.h"
#include "source/stack/gotable.h"

enum {
	MEMORY = 0x10000, /* where a task's memory begins */
	SIZE = 0x4000,
	TABLE = MEMORY,
	MODULE = MEMORY + 0x800,
	STACK = MEMORY + 0x1000,
	OTHER_STACK = MEMORY + 0x2000,
	TEXT = MEMORY + 0x3000,
	LEAF = TEXT,
	SYSTEMSTACK = TEXT + 0x10,
	WORK = TEXT + 0x100,
	END = TEXT + 0x200,
	FRAME = 0x30, /* of WORK, from its 8th byte on */
};

static uint8_t memory[SIZE];

static bool read_memory(void *data, uint64_t address, void *to, size_t length)
{
	(void)data;
	if (address < MEMORY || address - MEMORY > SIZE || length > SIZE - (address - MEMORY))
		return false;
	memcpy(to, memory + (address - MEMORY), length);
	return true;
}

static void put(uint64_t address, uint64_t value, size_t size)
{
	memcpy(memory + (address - MEMORY), &value, size);
}

static void put_text(uint64_t address, const char *text)
{
	memcpy(memory + (address - MEMORY), text, strlen(text) + 1);
}

static void put_bytes(uint64_t address, const uint8_t *bytes, size_t size)
{
	memcpy(memory + (address - MEMORY), bytes, size);
}

static const struct form {
	uint32_t magic;
	unsigned entry;	 /* bytes of an address */
	unsigned header; /* words behind the first one, the offsets of the parts included */
	unsigned lists;	 /* of a row, from its beginning */
	bool has_text, module;
} forms[] = {
	{ 0xfffffffb, 8, 1, 40, false, false }, { 0xfffffffa, 8, 7, 44, false, false },
	{ 0xfffffff0, 4, 8, 40, true, false },	{ 0xfffffff1, 4, 8, 44, true, false },
	{ 0xfffffff1, 4, 8, 44, false, true },
};

/* Where the parts of the table are; before Go 1.16 all but the functions are found by their distance from the table. */
enum {
	NAMES = TABLE + 0x100,
	UNITS = TABLE + 0x180,
	FILES = TABLE + 0x200,
	VALUES = TABLE + 0x300,
	LATER_FUNCTIONS = TABLE + 0x400,
	ROWS = 0x100, /* from the functions */
	ROW = 0x80,   /* of each */
};

static uint64_t functions_of(const struct form *form)
{
	return form->header == 1 ? TABLE + 16 : LATER_FUNCTIONS;
}

/* The offset of ADDRESS in a part that begins at BASE in the later forms. */
static uint32_t offset_of(const struct form *form, uint64_t address, uint64_t base)
{
	return (uint32_t)(address - (form->header == 1 ? TABLE : base));
}

static void put_function(const struct form *form, unsigned index, uint64_t start, uint32_t name, uint32_t frame)
{
	const uint64_t functions = functions_of(form), row = LATER_FUNCTIONS + ROWS + index * ROW;
	const uint64_t shown = form->entry == 4 ? start - TEXT : start;

	put(functions + index * 2 * form->entry, shown, form->entry);
	put(functions + (index * 2 + 1) * form->entry, row - (form->header == 1 ? TABLE : functions), form->entry);
	put(row, shown, form->entry);
	put(row + form->entry, offset_of(form, NAMES + name, NAMES), 4);
	put(row + form->entry + 12, offset_of(form, VALUES + frame, VALUES), 4);
	put(row + form->entry + 16, offset_of(form, VALUES + 0x20, VALUES), 4); /* files */
	put(row + form->entry + 20, offset_of(form, VALUES + 0x30, VALUES), 4); /* lines */
	put(row + form->entry + 24, 3, 4);
	if (form->header > 1)
		put(row + form->entry + 28, 2, 4); /* the unit's first file */
	put(row + form->lists + 8, offset_of(form, VALUES + 0x40, VALUES), 4);
}

/* Values begin at -1, and change by twice a number, or twice its complement and one. */
static void put_values(void)
{
	static const uint8_t none[] = { 2, 0x80, 0x08, 0 }; /* 0 for 1024 bytes */
	static const uint8_t frame[] = { 2, 8, 0x60, 0xf8, 0x07, 0 };
	static const uint8_t file[] = { 4, 0x80, 0x08, 0 };		   /* 1 */
	static const uint8_t lines[] = { 22, 0x20, 0x0b, 0x60, 0 };	   /* 10, then 4 */
	static const uint8_t inlined[] = { 0, 0x40, 2, 0x10, 1, 0x40, 0 }; /* -1, then 0, then -1 */

	put_bytes(VALUES + 1, none, sizeof(none));
	put_bytes(VALUES + 0x10, frame, sizeof(frame));
	put_bytes(VALUES + 0x20, file, sizeof(file));
	put_bytes(VALUES + 0x30, lines, sizeof(lines));
	put_bytes(VALUES + 0x40, inlined, sizeof(inlined));
}

static void put_header(const struct form *form)
{
	const uint64_t parts[] = { NAMES, UNITS, FILES, VALUES, LATER_FUNCTIONS };
	uint64_t at = TABLE + 8;

	put(TABLE, form->magic, 4);
	put(TABLE + 6, 0x0801, 2);
	put(at, 3, 8);
	if (form->header == 1)
		return;
	put(at += 8, 9, 8);
	if (form->header == 8)
		put(at += 8, form->has_text ? TEXT : 0, 8);
	for (size_t i = 0; i < sizeof(parts) / sizeof(parts[0]); i++)
		put(at += 8, parts[i] - TABLE, 8);
	if (form->module) {
		put(MODULE, TABLE, 8);
		put(MODULE + 8, NAMES, 8);
		put(MODULE + (1 + 6 * 3 + 1 + 2) * 8, TEXT, 8);
	}
}

static struct gotable *make(const struct form *form)
{
	const uint64_t functions = functions_of(form);

	memset(memory, 0, sizeof(memory));
	put_header(form);
	put_values();
	put_text(NAMES + 1, "main.leaf");
	put_text(NAMES + 0x20, "runtime.systemstack");
	put_text(NAMES + 0x40, "example.com/house.(*Worker).work");
	put_function(form, 0, LEAF, 1, 1);
	put_function(form, 1, SYSTEMSTACK, 0x20, 1);
	put_function(form, 2, WORK, 0x40, 0x10);
	put(functions + (size_t)6 * form->entry, form->entry == 4 ? END - TEXT : END, form->entry);
	if (form->header == 1) {
		put(functions + 6 * 8 + 8, FILES - TABLE, 4);
		put(FILES + 4, FILES + 0x40 - TABLE, 4);
	} else {
		put(UNITS + 3 * 4, 0x40, 4);
	}
	put_text(FILES + 0x40, "/home/you/house/work.go");
	return gotable_open(read_memory, NULL, TABLE, form->module ? MODULE : 0);
}

static void expect_code(struct gotable *table, uint64_t pc, const char *function, int64_t frame, unsigned line)
{
	const struct go_code *code = gotable_find(table, pc);

	assert_non_null(code);
	assert_string_equal(code->function, function);
	assert_true(code->has_frame);
	assert_int_equal(code->frame, frame);
	assert_int_equal(code->line, line);
	assert_int_equal(!code->file, !line);
	if (code->file)
		assert_string_equal(code->file, "/home/you/house/work.go");
}

static void finds(void **state)
{
	static const char work[] = "example.com/house.(*Worker).work";

	(void)state;
	for (size_t i = 0; i < sizeof(forms) / sizeof(forms[0]); i++) {
		struct gotable *table = make(&forms[i]);

		assert_non_null(table);
		for (int again = 0; again < 2; again++) {
			expect_code(table, LEAF, "main.leaf", 0, 10);
			expect_code(table, SYSTEMSTACK - 1, "main.leaf", 0, 10);
			expect_code(table, WORK, work, 0, 10);
			expect_code(table, WORK + 7, work, 0, 10);
			expect_code(table, WORK + 8, work, FRAME, 10);
			expect_code(table, WORK + 0x20, work, FRAME, 4);
			expect_code(table, WORK + 0x40, work, FRAME, 0); /* another function's code is there */
			expect_code(table, WORK + 0x50, work, FRAME, 4);
			assert_null(gotable_find(table, END));
			assert_null(gotable_find(table, LEAF - 1));
			assert_null(gotable_find(table, 0));
			assert_null(gotable_find(table, UINT64_MAX));
			gotable_trim(table);
		}
		assert_int_equal(gotable_find(table, WORK + 9)->start, WORK);
		gotable_close(table);
	}
}

/* What is no table, what is cut off, and numbers that lead nowhere. */
static void survives(void **state)
{
	struct gotable *table;

	(void)state;
	gotable_close(NULL);
	gotable_trim(NULL);
	for (size_t i = 0; i < sizeof(forms) / sizeof(forms[0]); i++) {
		const struct form *form = &forms[i];

		gotable_close(make(form));
		assert_true(gotable_is_head(memory));
		assert_null(gotable_open(read_memory, NULL, MEMORY + SIZE - 4, 0));
		if (form->module) {
			assert_null(gotable_open(read_memory, NULL, TABLE, 0));
			put(MODULE, 1, 8);
			assert_null(gotable_open(read_memory, NULL, TABLE, MODULE));
		}
		put(TABLE + 8, UINT64_MAX, 8);
		assert_null(gotable_open(read_memory, NULL, TABLE, MODULE));
		put(TABLE + 7, 4, 1); /* a 32-bit program's */
		assert_null(gotable_open(read_memory, NULL, TABLE, MODULE));

		for (uint64_t at = TABLE; at < TABLE + 0x800; at++) { /* each byte wrong */
			gotable_close(make(form));
			put(at, 0xff, 1);
			table = gotable_open(read_memory, NULL, TABLE, form->module ? MODULE : 0);
			for (uint64_t pc = LEAF; table && pc < END; pc += 0x18)
				gotable_find(table, pc);
			gotable_close(table);
		}
	}
}

/* A direct call of TARGET that returns to IP. */
static void put_call(uint64_t ip, uint64_t target)
{
	put(ip - 5, 0xe8, 1);
	put(ip - 4, target - ip, 4);
}

static bool step(struct gotable *table, struct go_registers *registers)
{
	const struct go_code *at = gotable_find(table, registers->ip - 1);

	assert_non_null(at);
	return gostack_step(table, at, registers);
}

static void walks(void **state)
{
	struct go_registers registers = { .ip = WORK + 0x30, .sp = STACK, .bp = 77 };
	struct gotable *table = make(&forms[2]);

	(void)state;
	put(STACK + FRAME - 8, 1234, 8); /* its caller's frame pointer */
	put(STACK + FRAME, LEAF + 4, 8);
	put(STACK + FRAME + 8, WORK + 0x31, 8);
	assert_true(step(table, &registers));
	assert_int_equal(registers.ip, LEAF + 4);
	assert_int_equal(registers.sp, STACK + FRAME + 8);
	assert_int_equal(registers.bp, 1234);
	assert_true(step(table, &registers)); /* a function without a frame keeps nothing */
	assert_int_equal(registers.ip, WORK + 0x31);
	assert_int_equal(registers.sp, STACK + FRAME + 16);
	assert_int_equal(registers.bp, 1234);
	registers.sp = MEMORY + SIZE;
	assert_false(step(table, &registers));
	gotable_close(table);
}

/* Since Go 1.21 the function that changes stacks has a frame pointer, before only its caller has one. */
static void changes_stacks(void **state)
{
	const struct go_registers start = { .ip = SYSTEMSTACK + 0x20, .sp = STACK, .bp = OTHER_STACK + FRAME };
	struct go_registers registers = start;
	struct gotable *table = make(&forms[3]);

	(void)state;
	assert_false(step(table, &registers)); /* nothing is there */
	put_call(WORK + 0x30, SYSTEMSTACK);
	put_call(WORK + 0x60, LEAF);
	put(OTHER_STACK + FRAME, 5678, 8);
	put(OTHER_STACK + FRAME + 8, WORK + 0x30, 8);
	assert_true(step(table, &registers));
	assert_int_equal(registers.ip, WORK + 0x30);
	assert_int_equal(registers.sp, OTHER_STACK + FRAME + 16);
	assert_int_equal(registers.bp, 5678);

	put(OTHER_STACK + FRAME + 8, WORK + 0x60, 8); /* it follows a call of another function */
	put(OTHER_STACK + 0x10, WORK + 0x30, 8);      /* of an earlier call: the frame would not end there */
	registers = start;
	assert_false(step(table, &registers));
	put(OTHER_STACK, WORK + 0x30, 8);
	assert_true(step(table, &registers));
	assert_int_equal(registers.ip, WORK + 0x30);
	assert_int_equal(registers.sp, OTHER_STACK + 8);
	assert_int_equal(registers.bp, OTHER_STACK + FRAME);

	registers.ip = start.ip; /* the frame pointer leads nowhere */
	registers.bp = 8;
	assert_false(step(table, &registers));
	gotable_close(table);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(finds),
		cmocka_unit_test(survives),
		cmocka_unit_test(walks),
		cmocka_unit_test(changes_stacks),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
