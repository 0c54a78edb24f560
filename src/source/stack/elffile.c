/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Reads sections and symbols of ELF files (elf(5)). */
#include "source/stack/elffile.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/array.h"
#include "base/mem.h"

#define SECTION_MAX ((uint64_t)64 << 20)

static bool read_at(int fd, void *to, size_t length, uint64_t offset)
{
	return offset <= INT64_MAX && pread(fd, to, length, (off_t)offset) == (ssize_t)length;
}

/* The section header INDEX. */
static bool section_at(int fd, const Elf64_Ehdr *file, uint64_t index, Elf64_Shdr *ret)
{
	return index < file->e_shnum && read_at(fd, ret, sizeof(*ret), file->e_shoff + index * sizeof(*ret));
}

static bool read_header(int fd, Elf64_Ehdr *ret)
{
	return read_at(fd, ret, sizeof(*ret), 0) && memcmp(ret->e_ident, ELFMAG, SELFMAG) == 0 &&
	       ret->e_ident[EI_CLASS] == ELFCLASS64 && ret->e_shentsize == sizeof(Elf64_Shdr);
}

bool elffile_section(int fd, const char *name, Elf64_Shdr *ret)
{
	char found[ELFFILE_NAME_MAX] = "";
	Elf64_Shdr names;
	Elf64_Ehdr file;

	if (!read_header(fd, &file) || !section_at(fd, &file, file.e_shstrndx, &names))
		return false;
	for (uint64_t i = 0; section_at(fd, &file, i, ret); i++) {
		if (read_at(fd, found, strlen(name) + 1, names.sh_offset + ret->sh_name) && strcmp(found, name) == 0)
			return true;
	}
	return false;
}

uint8_t *elffile_read(int fd, const Elf64_Shdr *section)
{
	uint8_t *bytes;

	if (section->sh_type == SHT_NOBITS || section->sh_size > SECTION_MAX)
		return NULL;
	bytes = mem_alloc(section->sh_size + 1);
	if (!read_at(fd, bytes, section->sh_size, section->sh_offset)) {
		free(bytes);
		return NULL;
	}
	bytes[section->sh_size] = '\0';
	return bytes;
}

/* NAME among the symbols of SECTION, whose names are those in NAMES. */
static bool find_symbol(int fd, const Elf64_Shdr *section, const Elf64_Shdr *names, const char *name, uint64_t *ret)
{
	uint8_t *bytes = elffile_read(fd, section), *strings = elffile_read(fd, names);
	bool found = false;
	Elf64_Sym symbol;

	for (uint64_t at = 0; bytes && strings && !found && at + sizeof(symbol) <= section->sh_size;
	     at += sizeof(symbol)) {
		memcpy(&symbol, bytes + at, sizeof(symbol));
		found = symbol.st_shndx != SHN_UNDEF && symbol.st_name < names->sh_size &&
			strcmp((const char *)strings + symbol.st_name, name) == 0;
	}
	free(bytes);
	free(strings);
	if (found)
		*ret = symbol.st_value;
	return found;
}

bool elffile_symbol(int fd, const char *name, uint64_t *ret)
{
	static const char *const tables[] = { ".dynsym", ".symtab" };
	Elf64_Shdr section, names;
	Elf64_Ehdr file;

	if (!read_header(fd, &file))
		return false;
	for (size_t i = 0; i < ARRAY_LENGTH(tables); i++) {
		if (elffile_section(fd, tables[i], &section) && section_at(fd, &file, section.sh_link, &names) &&
		    find_symbol(fd, &section, &names, name, ret))
			return true;
	}
	return false;
}
