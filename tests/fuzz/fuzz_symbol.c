/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Fuzzes the look into a traced program's own file: its symbols, debug information and unwind tables, which may hold
 * anything.
 *
 * Input: the file. */
#include <errno.h>
#include <sys/mman.h>
#include <unistd.h>

#include "base/text.h"
#include "fuzz.h"
#include "source/stack/aspace.h"
#include "source/stack/symbol.h"

#define BASE 0x400000
#define PAGE 0x1000
#define CODE 0x120 /* where the corpus has its code */
#define CODE_SIZE 0x60

static struct {
	const uint8_t *data;
	size_t size;
} file;

/* What elfutils leaks for a bad file is not our bug: the leak checker ignores it by this name. */
const char *__lsan_default_suppressions(void);
const char *__lsan_default_suppressions(void)
{
	return "leak:libdw\nleak:libelf\n";
}

static size_t read_piece(uint64_t address, void *to, size_t length)
{
	if (address < BASE || address >= BASE + PAGE || length > BASE + PAGE - address)
		return 0;
	memset(to, 0, length);
	address -= BASE;
	if (address < file.size)
		memcpy(to, file.data + address, length < file.size - address ? length : (size_t)(file.size - address));
	return length;
}

static size_t fuzz_read(void *data, pid_t tid, const struct code_piece *pieces, size_t count)
{
	(void)data, (void)tid;
	FUZZ_CHECK(count == 1);
	return read_piece(pieces->address, pieces->to, pieces->length);
}

static int fuzz_maps(void *data, pid_t tid, struct text *text)
{
	(void)data, (void)tid;
	text_add(text, "400000-401000 r-xp 00000000 00:01 7    /no/such/file\n");
	return 0;
}

static ssize_t fuzz_pages(void *data, pid_t tid, uint64_t page, uint64_t *to, size_t count)
{
	(void)data, (void)tid, (void)page, (void)to, (void)count;
	return -ENOENT;
}

static int fuzz_open(void *data, pid_t tid, enum code_name name, const char *path)
{
	int fd = memfd_create("file", MFD_CLOEXEC);

	(void)data, (void)tid, (void)name, (void)path;
	if (fd >= 0)
		FUZZ_CHECK(write(fd, file.data, file.size) == (ssize_t)file.size);
	return fd < 0 ? -errno : fd;
}

static void forget(struct layout *layout)
{
	(void)layout;
}

static void look(struct symbols *symbols, uint64_t address, bool lines)
{
	const struct symbol *symbol = symbols_find(symbols, address, lines);

	FUZZ_CHECK(symbol);
	for (unsigned depth = 0; symbol; symbol = symbol->outer) {
		FUZZ_CHECK(depth++ < 64);
		FUZZ_CHECK(!symbol->line || symbol->file);
		FUZZ_CHECK(!symbol->function || strlen(symbol->function) < 4096);
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const struct code_ops ops = { fuzz_read, fuzz_maps, fuzz_open, fuzz_pages };
	const struct mapping *mapping;
	struct symbols *symbols;
	uint64_t id = 0, address;
	struct code *code = code_new(&ops, NULL, forget);

	file.data = data;
	file.size = size;
	code_begin(code, 1, &id);
	mapping = code_find(code, BASE + CODE);
	symbols = mapping ? code_symbols(code, mapping) : NULL;
	for (address = CODE; symbols && address < CODE + CODE_SIZE; address += 3) {
		look(symbols, mapping->object->first + address, address % 2);
		look(symbols, address * address << address % 40, true);
	}
	code_library_symbol(code, "leaf", &address);
	code_free(code);
	return 0;
}
