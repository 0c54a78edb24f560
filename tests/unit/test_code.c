/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Layouts of address spaces: kept, shared, and given up when they no longer hold; and what is read of memory. */
#include <elf.h>
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/text.h"
#include "source/stack/aspace.h"
#include "source/stack/ehframe.h"

#define FIRST 0x400000
#define PAGE 4096

/* A machine with two tasks, each with a file at FIRST, code behind it, and a stack. */
struct machine {
	const char *maps[3]; /* by tid */
	uint8_t head[3];     /* what makes the files' heads differ */
	unsigned reads, map_reads;
	unsigned forgotten;
	const char
		*pages; /* of /proc/TID/pagemap, from page 0x10 on: g a guard, s swapped out, . another; NULL: none */
};

static const char plain[] = "00400000-00401000 r--p 00000000 08:01 42      /bin/x\n"
			    "00401000-00402000 r-xp 00001000 08:01 42      /bin/x\n"
			    "00402000-00403000 rw-p 00002000 08:01 42      /bin/x\n"
			    "00500000-00501000 rwxp 00000000 00:00 0 \n"
			    "7ffc0000-7ffd0000 rw-p 00000000 00:00 0       [stack]\n";
static const char loaded[] = "00400000-00401000 r--p 00000000 08:01 42      /bin/x\n"
			     "00401000-00402000 r-xp 00001000 08:01 42      /bin/x\n"
			     "00600000-00601000 r-xp 00000000 08:01 43      /lib/a b\\012\\n.so (deleted)\n";
static const char bad[] = "\n-\n00400000 r-xp\n00401000-00400000 r-xp 0 0:0 0 /bin/x\nzz-yy r-xp 0 0:0 0 x\n";

static size_t machine_piece(struct machine *machine, pid_t tid, uint64_t address, void *to, size_t length)
{
	Elf64_Ehdr head = { .e_phoff = sizeof(head), .e_phentsize = sizeof(Elf64_Phdr), .e_phnum = 1 };
	const Elf64_Phdr part = { .p_type = PT_LOAD, .p_vaddr = 0x1000000 };

	if (address >= 0x7ffc0000 && address < 0x7ffc0000 + 2 * PAGE) {
		memset(to, 0x11, length);
		return length;
	}
	if (address < FIRST || address >= 0x700000)
		return 0;
	memset(to, 0, length);
	if (address % 0x100000)
		return length;
	memcpy(head.e_ident, ELFMAG, SELFMAG);
	head.e_ident[EI_CLASS] = ELFCLASS64;
	head.e_ident[EI_PAD] = machine->head[tid];
	memcpy(to, &head, sizeof(head));
	memcpy((uint8_t *)to + sizeof(head), &part, sizeof(part));
	return length;
}

static size_t machine_read(void *data, pid_t tid, const struct code_piece *pieces, size_t count)
{
	struct machine *machine = data;
	size_t got = 0;

	machine->reads++;
	for (size_t i = 0; i < count; i++) {
		const size_t n = machine_piece(machine, tid, pieces[i].address, pieces[i].to, pieces[i].length);

		got += n;
		if (n < pieces[i].length)
			break;
	}
	return got;
}

static int machine_maps(void *data, pid_t tid, struct text *text)
{
	struct machine *machine = data;

	machine->map_reads++;
	if (!machine->maps[tid])
		return -ESRCH;
	text_add(text, machine->maps[tid]);
	return 0;
}

static int machine_open(void *data, pid_t tid, enum code_name name, const char *path)
{
	(void)data, (void)tid, (void)name, (void)path;
	return -ENOENT;
}

static ssize_t machine_pages(void *data, pid_t tid, uint64_t page, uint64_t *to, size_t count)
{
	struct machine *machine = data;
	const size_t length = machine->pages ? strlen(machine->pages) : 0;
	size_t n = 0;

	(void)tid;
	if (!machine->pages)
		return -ENOENT;
	for (page -= 0x10; page < length && n < count && n < 3; page++)
		to[n++] = machine->pages[page] == 'g'	? UINT64_C(0x440000000000009f)
			  : machine->pages[page] == 's' ? UINT64_C(1) << 62
							: UINT64_C(1) << 63 | UINT64_C(1) << 55;
	return (ssize_t)n;
}

static void forget(struct layout *layout)
{
	if (layout->unwinder)
		++*(unsigned *)layout->unwinder;
}

static struct code *new_code(struct machine *machine)
{
	static const struct code_ops ops = { machine_read, machine_maps, machine_open, machine_pages };

	return code_new(&ops, machine, forget);
}

static void finds_code(void **state)
{
	struct machine machine = { .maps = { NULL, plain } };
	struct code *code = new_code(&machine);
	const struct mapping *mapping;
	uint64_t id = 0;

	(void)state;
	code_begin(code, 1, &id);
	assert_int_not_equal(id, 0);
	mapping = code_find(code, FIRST + PAGE + 5);
	assert_non_null(mapping);
	assert_int_equal(mapping->base, FIRST);
	assert_string_equal(mapping->object->path, "/bin/x");
	assert_int_equal(mapping->object->first, 0x1000000);
	assert_null(code_find(code, FIRST + 5));	/* read-only data */
	assert_null(code_find(code, FIRST + 2 * PAGE)); /* variables */
	mapping = code_find(code, 0x500010);
	assert_non_null(mapping);
	assert_null(mapping->object); /* code without a file */
	assert_null(code_find(code, 0));
	assert_null(code_find(code, UINT64_MAX));
	assert_int_equal(machine.map_reads, 1);
	code_free(code);
}

/* One that is not what it was is read anew; a copy that has not changed is not. */
static void notices_changes(void **state)
{
	struct machine machine = { .maps = { NULL, plain, plain } };
	struct code *code = new_code(&machine);
	uint64_t one = 0, other, before;

	(void)state;
	code_begin(code, 1, &one);
	code_layout(code)->unwinder = &machine.forgotten;
	assert_non_null(code_find(code, FIRST + PAGE));
	other = one; /* forked */
	code_begin(code, 2, &other);
	assert_non_null(code_find(code, FIRST + PAGE));
	assert_int_equal(machine.map_reads, 1);
	assert_int_equal(one, other);

	/* loads a library: a place that was nothing is code */
	machine.maps[2] = loaded;
	code_begin(code, 2, &other);
	assert_string_equal(code_find(code, 0x600010)->path, "/lib/a b\n\\n.so (deleted)");
	assert_int_not_equal(one, other);

	/* another file in the same place */
	before = one;
	machine.head[1] = 7;
	code_begin(code, 1, &one);
	assert_non_null(code_find(code, FIRST + PAGE));
	assert_int_not_equal(one, before);
	assert_int_equal(machine.map_reads, 3);

	/* an address that is none, again and again: one look for each, and nothing new */
	before = one;
	for (int i = 0; i < 3; i++) {
		code_begin(code, 1, &one);
		assert_null(code_find(code, 0x900000));
		assert_null(code_find(code, 0x900001));
	}
	assert_int_equal(machine.map_reads, 6);
	assert_int_equal(one, before);
	assert_int_equal(machine.forgotten, 0);
	code_free(code);
	assert_int_equal(machine.forgotten, 1);
}

/* Layouts are given up, the one least used first, when there are many. */
static void keeps_few(void **state)
{
	struct machine machine = { .maps = { NULL, plain } };
	struct code *code = new_code(&machine);
	uint64_t ids[100] = { 0 }, first;

	(void)state;
	for (int i = 0; i < 100; i++) {
		code_begin(code, 1, &ids[i]);
		assert_non_null(code_layout(code));
		code_layout(code)->unwinder = &machine.forgotten;
	}
	assert_true(machine.forgotten >= 50 && machine.forgotten <= 99);
	first = ids[0];
	code_begin(code, 1, &ids[99]);
	assert_int_equal(machine.map_reads, 100);
	code_begin(code, 1, &ids[0]);
	assert_int_equal(machine.map_reads, 101);
	assert_int_not_equal(ids[0], first);
	code_free(code);
}

static void survives_nothing(void **state)
{
	struct machine machine = { .maps = { NULL, bad } };
	struct code *code = new_code(&machine);
	uint64_t id = 0, word;

	(void)state;
	code_begin(code, 1, &id);
	assert_null(code_find(code, 0x400010));
	id = 0;
	code_begin(code, 2, &id); /* it is gone */
	assert_null(code_layout(code));
	assert_null(code_find(code, 0x400010));
	assert_false(code_word(code, 0x10, &word));
	code_free(code);
}

/* The stack is read once in a look and again in the next, what never changes once. */
static void reads_pages(void **state)
{
	struct machine machine = { .maps = { NULL, plain } };
	struct code *code = new_code(&machine);
	uint8_t bytes[2 * PAGE];
	uint64_t id = 0, word;

	(void)state;
	for (int look = 0; look < 2; look++) {
		code_begin(code, 1, &id);
		machine.reads = 0;
		for (int i = 0; i < 10; i++) {
			assert_true(code_word(code, 0x7ffc0100, &word));
			assert_int_equal(word, 0x1111111111111111);
			assert_true(code_word(code, FIRST + PAGE + 8, &word));
			assert_int_equal(word, 0);
		}
		assert_int_equal(machine.reads, look ? 1 : 2);
	}
	assert_true(code_word(code, 0x7ffc0000 + PAGE - 3, &word)); /* on two pages */
	assert_int_equal(word, 0x1111111111111111);
	assert_true(code_bytes(code, 0x7ffc0000, bytes, sizeof(bytes)));
	assert_false(code_word(code, 0x7ffc0000 + 2 * PAGE - 3, &word));
	assert_false(code_word(code, UINT64_MAX - 3, &word));
	assert_false(code_word(code, (uint64_t)0xf << 60, &word)); /* where tables of our own are */
	code_free(code);
}

/* However it is asked, a look ends. */
static void has_enough_at_last(void **state)
{
	struct machine machine = { .maps = { NULL, plain } };
	struct code *code = new_code(&machine);
	uint64_t id = 0, word;
	unsigned asked = 0;

	(void)state;
	code_begin(code, 1, &id);
	while (code_word(code, 0x7ffc0100, &word))
		assert_true(++asked <= 10000000);
	code_begin(code, 1, &id);
	assert_true(code_word(code, 0x7ffc0100, &word));
	code_free(code);
}

/* .eh_frame */

static void put(uint8_t *bytes, size_t *length, const void *from, size_t size)
{
	memcpy(bytes + *length, from, size);
	*length += size;
}

static void put_word(uint8_t *bytes, size_t *length, uint32_t word)
{
	put(bytes, length, &word, sizeof(word));
}

static void indexes_frames(void **state)
{
	static const uint8_t cie[] = { 1, 'z', 'R', 0, 1, 0x78, 16, 1, 0x1b, 0, 0, 0 };
	const uint64_t address = 0x402000, base = 0x400000;
	static const uint32_t starts[] = { 0x401080, 0x401000, 0x401040 };
	struct ehframe_entry *entries;
	uint8_t bytes[256];
	size_t length = 0;

	(void)state;
	put_word(bytes, &length, 4 + sizeof(cie));
	put_word(bytes, &length, 0);
	put(bytes, &length, cie, sizeof(cie));
	for (int i = 0; i < 3; i++) {
		put_word(bytes, &length, 4 + 4 + 4 + 4);
		put_word(bytes, &length, (uint32_t)length); /* back to the CIE */
		put_word(bytes, &length, starts[i] - (uint32_t)(address + length));
		put_word(bytes, &length, 0x20);
		put_word(bytes, &length, 0);
	}
	put_word(bytes, &length, 0);
	assert_int_equal(ehframe_index(bytes, length, address, base, &entries), 3);
	for (int i = 0; i < 3; i++)
		assert_int_equal(entries[i].start, 0x1000 + 0x40 * i);
	assert_int_equal(entries[0].fde, 0x2000 + 20 + 20); /* the second one */
	free(entries);
	for (size_t cut = 0; cut < length - 4; cut++) { /* whole records alone */
		assert_int_equal(ehframe_index(bytes, cut, address, base, &entries), cut < 40 ? 0 : (cut - 20) / 20);
		free(entries);
	}
	/* too far off for the table's words */
	assert_int_equal(ehframe_index(bytes, length, address, UINT64_C(1) << 40, &entries), 0);
	free(entries);
}

/* The memory around a stack, and the guard right below it. */
static void tells_memory(void **state)
{
	static const struct {
		uint64_t address;
		bool found;
		uint64_t start, size, guard;
	} cases[] = {
		{ 0x1fff, false, 0, 0, 0 }, /* nothing is there */
		{ 0x2fff, false, 0, 0, 0 }, /* not to be written */
		{ 0x3000, false, 0, 0, 0 }, /* the guard itself */
		{ 0x5000, true, 0x5000, 0x3000, 0x2000 },
		{ 0x7fff, true, 0x5000, 0x3000, 0x2000 },
		{ 0x8000, true, 0x8000, 0x1000, 0 }, /* no guard below */
		{ 0x9000, false, 0, 0, 0 },
		{ 0xb000, true, 0xb000, 0x1000, 0 }, /* not right below */
		{ UINT64_MAX, false, 0, 0, 0 },
	};
	struct machine machine = { .maps = { NULL, "2000-3000 r--p 00000000 00:00 0\n"
						   "3000-5000 ---p 00000000 00:00 0\n"
						   "5000-8000 rw-p 00000000 00:00 0\n"
						   "8000-9000 rw-p 00000000 00:01 7    /a/file\n"
						   "9000-a000 ---p 00000000 00:00 0\n"
						   "b000-c000 rw-p 00000000 00:00 0    [heap]\n" } };
	struct code *code = new_code(&machine);
	uint64_t id = 0, start, size, guard;

	(void)state;
	code_begin(code, 1, &id);
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		assert_int_equal(code_memory(code, cases[i].address, &start, &size, &guard), cases[i].found);
		if (!cases[i].found)
			continue;
		assert_int_equal(start, cases[i].start);
		assert_int_equal(size, cases[i].size);
		assert_int_equal(guard, cases[i].guard);
	}
	code_begin(code, 2, &id); /* gone */
	assert_false(code_memory(code, 0x5000, &start, &size, &guard));
	code_free(code);
}

/* A guard that only the page tables show lies within a mapping. */
static void tells_hidden_guards(void **state)
{
	static const struct {
		const char *pages;
		uint64_t base;
		bool found;
		uint64_t guard; /* of a stack of 6 pages from BASE on */
		bool found_memory;
		uint64_t start, end, guard_below; /* of the memory at 0x14800 */
	} cases[] = {
		{ "gg......", 0x10000, true, 0x2000, true, 0x12000, 0x18000, 0x3000 },
		{ "........", 0x10000, true, 0, true, 0x10000, 0x18000, 0x1000 }, /* below is the maps' guard */
		{ ".gg....g", 0x11000, true, 0x2000, true, 0x13000, 0x17000, 0x2000 },
		{ ".gg..g.g", 0x11800, true, 0x1800, true, 0x13000, 0x15000, 0x2000 },
		{ ".g.g....", 0x11000, true, 0x1000, true, 0x14000, 0x18000, 0x1000 },
		{ "gggg.s..", 0x10000, true, 0x4000, true, 0x14000, 0x18000, 0x5000 },
		{ "gggg.g..", 0x10800, true, 0x3800, true, 0x14000, 0x15000, 0x5000 },
		{ "ggggg...", 0x10000, true, 0x5000, false, 0, 0, 0 },
		{ "gggggg..", 0x10000, false, 0, false, 0, 0, 0 }, /* all of the stack is none */
		{ "s.......", 0x10000, false, 0, true, 0x10000, 0x18000, 0x1000 },
		{ "gs......", 0x10000, false, 0, true, 0x11000, 0x18000, 0x2000 },
		{ ".s......", 0x10000, true, 0, true, 0x10000, 0x18000, 0x1000 },
		{ "gg", 0x10000, false, 0, false, 0, 0, 0 },
		{ NULL, 0x10000, false, 0, true, 0x10000, 0x18000, 0x1000 }, /* no pagemap */
		{ NULL, 0xf000, true, 0x1000, true, 0x10000, 0x18000, 0x1000 },
		{ "gg......", 0xf000, true, 0x1000, true, 0x12000, 0x18000, 0x3000 },
	};
	struct machine machine = { .maps = { NULL, "f000-10000 ---p 00000000 00:00 0\n"
						   "10000-18000 rw-p 00000000 00:00 0\n"
						   "100000000-200000000 rw-p 00000000 00:00 0\n" } };
	struct code *code = new_code(&machine);
	uint64_t id = 0, start, size, guard;

	(void)state;
	code_begin(code, 1, &id);
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		machine.pages = cases[i].pages;
		assert_int_equal(code_guard(code, cases[i].base, 0x6000, &guard), cases[i].found);
		if (cases[i].found)
			assert_int_equal(guard, cases[i].guard);
		assert_int_equal(code_memory(code, 0x14800, &start, &size, &guard), cases[i].found_memory);
		if (!cases[i].found_memory)
			continue;
		assert_int_equal(start, cases[i].start);
		assert_int_equal(start + size, cases[i].end);
		assert_int_equal(guard, cases[i].guard_below);
	}
	assert_false(code_memory(code, 0x110000000, &start, &size, &guard)); /* too much to look through */
	code_free(code);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(finds_code),	       cmocka_unit_test(notices_changes),
		cmocka_unit_test(keeps_few),	       cmocka_unit_test(survives_nothing),
		cmocka_unit_test(reads_pages),	       cmocka_unit_test(has_enough_at_last),
		cmocka_unit_test(indexes_frames),      cmocka_unit_test(tells_memory),
		cmocka_unit_test(tells_hidden_guards),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
