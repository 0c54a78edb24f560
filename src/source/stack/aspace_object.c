/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Files that code is mapped from: their heads, tables of unwind information and symbols. */
#include "source/stack/aspace_state.h"

#include <elf.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/array.h"
#include "base/mem.h"
#include "event/stack.h"
#include "source/stack/ehframe.h"
#include "source/stack/elffile.h"
#include "source/stack/gotable.h"
#include "source/stack/symbol.h"

#define ENTRIES_MAX 0x1000000
#define TABLE_OFFSET(address) ((address)&0xffffffff)

void code_objects_free(struct code *code)
{
	while (code->objects) {
		struct object *object = code->objects;

		code->objects = object->next;
		symbols_close(object->symbols);
		free(object->path);
		free(object->entries);
		free(object);
	}
	code->object_count = 0;
}

bool code_table_bytes(const struct code *code, uint64_t address, void *to, size_t length)
{
	const struct object *object = code->objects;
	uint64_t offset = TABLE_OFFSET(address);

	while (object && object->table != address - offset)
		object = object->next;
	if (!object || offset + length > object->entry_count * sizeof(*object->entries))
		return false;
	memcpy(to, (const uint8_t *)object->entries + offset, length);
	return true;
}

/* A file without .eh_frame_hdr (a static program, as gcc links it): makes the table from .eh_frame itself. */
static void make_table(struct code *code, struct object *object)
{
	int fd = code_open(code, object);

	if (fd < 0)
		return;
	object->entry_count = ehframe_read(fd, object->first, &object->entries);
	if (object->entry_count && object->entry_count <= ENTRIES_MAX)
		object->table = TABLE_BASE | ++code->last_table << 32;
	close(fd);
}

/* Reads from HEAD where the file's parts are. The program headers are behind the ELF header and within HEAD, as in the
 * files of all linkers. */
static bool head_parse(const uint8_t *head, size_t size, struct object *ret)
{
	const Elf64_Ehdr *file = (const Elf64_Ehdr *)head;
	bool loaded = false;
	uint64_t end;

	if (memcmp(head, ELFMAG, SELFMAG) != 0 || head[EI_CLASS] != ELFCLASS64 ||
	    file->e_phentsize != sizeof(Elf64_Phdr) || file->e_phoff % sizeof(uint64_t))
		return false;
	end = file->e_phoff + (uint64_t)file->e_phnum * sizeof(Elf64_Phdr);
	if (file->e_phoff >= size || end > size)
		return false;
	for (const Elf64_Phdr *part = (const Elf64_Phdr *)(head + file->e_phoff); (const uint8_t *)part < head + end;
	     part++) {
		if (part->p_type == PT_LOAD && part->p_offset < PAGE_SIZE && !loaded) {
			ret->first = part->p_vaddr - part->p_offset;
			loaded = true;
		} else if (part->p_type == PT_GNU_EH_FRAME) {
			ret->frame_header = part->p_vaddr;
			ret->frame_header_size = part->p_memsz;
		}
	}
	return loaded;
}

struct object *code_object(struct code *code, const uint8_t *head, const char *path)
{
	struct object *object = code->objects, look = { 0 };

	while (object && (memcmp(object->head, head, sizeof(object->head)) != 0 || strcmp(object->path, path) != 0))
		object = object->next;
	if (object)
		return object;
	if (!head_parse(head, sizeof(look.head), &look))
		return NULL;
	object = mem_alloc(sizeof(*object));
	*object = look;
	memcpy(object->head, head, sizeof(object->head));
	object->path = mem_strdup(path);
	object->next = code->objects;
	code->objects = object;
	code->object_count++;
	if (!object->frame_header)
		make_table(code, object);
	return object;
}

/* .eh_frame_hdr (LSB Core): version, the encodings of the three that follow, a pointer that is not used here, the
 * number of entries, the table. Linkers write only one form: 4 bytes each, relative to the header. */
void code_find_table(struct code *code, struct mapping *mapping)
{
	enum { FORM1 = 1, UDATA4 = 0x03, DATAREL_SDATA4 = 0x3b, FORMAT = 0x0f };
	const struct object *object = mapping->object;
	uint64_t header = mapping->base - object->first + object->frame_header;
	uint8_t bytes[4 + 8 + 4];
	uint32_t entries;
	size_t pointer;

	if (object->table) {
		mapping->segment = mapping->base;
		mapping->table = object->table;
		mapping->entries = object->entry_count;
	}
	if (!object->frame_header || !code_bytes(code, header, bytes, sizeof(bytes)))
		return;
	pointer = (bytes[1] & FORMAT) == 0x03 || (bytes[1] & FORMAT) == 0x0b ? 4 : 8;
	if (bytes[0] != FORM1 || bytes[2] != UDATA4 || bytes[3] != DATAREL_SDATA4)
		return;
	memcpy(&entries, bytes + 4 + pointer, sizeof(entries));
	if (entries > ENTRIES_MAX || entries * (uint64_t)8 > object->frame_header_size)
		return;
	mapping->segment = header;
	mapping->table = header + 4 + pointer + sizeof(entries);
	mapping->entries = entries;
}

/* The file itself, if it is the one that is mapped: another file may have its name by now. */
static int open_same(struct code *code, const struct object *object, enum code_name name)
{
	uint8_t head[sizeof(object->head)];
	struct stat st;
	int fd = code->ops.open(code->data, code->tid, name, object->path);

	if (fd < 0)
		return fd;
	if (fstat(fd, &st) == 0 && S_ISREG(st.st_mode) && pread(fd, head, sizeof(head), 0) == (ssize_t)sizeof(head) &&
	    memcmp(head, object->head, sizeof(head)) == 0)
		return fd;
	close(fd);
	return -1;
}

int code_open(struct code *code, const struct object *object)
{
	/* The program's own file can be opened even if it is deleted. */
	static const enum code_name names[] = { CODE_NAME_TASKS, CODE_NAME_OURS, CODE_NAME_PROGRAM };
	int fd = -1;

	if (*object->path != '/')
		return fd;
	for (size_t i = 0; i < ARRAY_LENGTH(names) && fd < 0; i++)
		fd = open_same(code, object, names[i]);
	return fd;
}

/* The table has no section of its own if it was linked by the linker for C, for a program that is loaded anywhere (PIE)
 * or a library, before Go 1.26. 0: it is not there. */
static uint64_t search_gotable(int fd)
{
	Elf64_Shdr section;
	uint64_t found = 0;
	uint8_t *bytes;

	if (!elffile_section(fd, ".note.go.buildid", &section) && !elffile_section(fd, ".go.buildinfo", &section))
		return 0;
	bytes = elffile_section(fd, ".data.rel.ro", &section) ? elffile_read(fd, &section) : NULL;
	for (uint64_t at = 0; bytes && !found && at + GOTABLE_HEAD <= section.sh_size; at += GOTABLE_HEAD) {
		if (gotable_is_head(bytes + at))
			found = section.sh_addr + at;
	}
	free(bytes);
	return found;
}

/* Where OBJECT's file has its table. */
static void find_gotable(struct code *code, struct object *object)
{
	static const char *const names[] = { ".gopclntab", ".data.rel.ro.gopclntab" };
	int fd = code_open(code, object);
	Elf64_Shdr section;

	object->go_looked = true;
	if (fd < 0)
		return;
	for (size_t i = 0; i < ARRAY_LENGTH(names) && !object->go_table; i++) {
		if (elffile_section(fd, names[i], &section))
			object->go_table = section.sh_addr;
	}
	if (!object->go_table)
		object->go_table = search_gotable(fd);
	if (object->go_table && elffile_section(fd, ".go.module", &section))
		object->go_module = section.sh_addr;
	close(fd);
}

static bool read_memory(void *data, uint64_t address, void *to, size_t length)
{
	struct code *code = data;

	return code_bytes(code, address, to, length);
}

struct gotable *code_gotable(struct code *code, const struct mapping *mapping)
{
	struct mapping *own = layout_mapping(code->layout, mapping->start);
	struct object *object = mapping->object;
	uint64_t bias;

	if (!object || !own || own->go_looked)
		return own ? own->go : NULL;
	own->go_looked = true;
	if (!object->go_looked)
		find_gotable(code, object);
	bias = own->base - object->first;
	if (object->go_table)
		own->go = gotable_open(read_memory, code, bias + object->go_table,
				       object->go_module ? bias + object->go_module : 0);
	return own->go;
}

struct symbols *code_symbols(struct code *code, const struct mapping *mapping)
{
	struct object *object = mapping->object;
	int fd;

	if (!object || object->opened)
		return object ? object->symbols : NULL;
	object->opened = true;
	fd = code_open(code, object);
	if (fd >= 0)
		object->symbols = symbols_open(fd, object->path, code->servers);
	return object->symbols;
}

static bool is_c_library(const char *path)
{
	const char *name = stack_base_name(path);

	return strncmp(name, "libc.so", 7) == 0 || strncmp(name, "libc-", 5) == 0 ||
	       strncmp(name, "libpthread", 10) == 0;
}

static bool object_symbol(struct code *code, const struct object *object, const char *name, uint64_t *ret)
{
	int fd = code_open(code, object);
	bool found = fd >= 0 && elffile_symbol(fd, name, ret);

	if (fd >= 0)
		close(fd);
	return found;
}

bool code_library_symbol(struct code *code, const char *name, uint64_t *ret)
{
	bool shared = false;

	for (size_t i = 0; code->layout && i < code->layout->count; i++)
		shared |= code->layout->mappings[i].path && is_c_library(code->layout->mappings[i].path);
	for (size_t i = 0; code->layout && i < code->layout->count; i++) {
		struct mapping *mapping = &code->layout->mappings[i];

		if (!mapping->executable || !mapping->base || (shared && !is_c_library(mapping->path)) ||
		    !code_verify(code, mapping) || !mapping->object)
			continue;
		if (object_symbol(code, mapping->object, name, ret)) {
			*ret += mapping->base - mapping->object->first;
			return true;
		}
	}
	return false;
}
