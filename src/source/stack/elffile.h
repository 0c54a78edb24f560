/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Sections and symbols of 64-bit ELF files, which can contain anything. */
#ifndef SOURCE_STACK_ELFFILE_H
#define SOURCE_STACK_ELFFILE_H

#include <elf.h>
#include <stdbool.h>
#include <stdint.h>

#define ELFFILE_NAME_MAX 32 /* bytes of a section's name, with its NUL */

/* The section NAME of the file FD. */
bool elffile_section(int fd, const char *name, Elf64_Shdr *ret);

/* The bytes of SECTION, malloc'ed, with a NUL behind them; NULL: it has none in the file, or too many. */
uint8_t *elffile_read(int fd, const Elf64_Shdr *section);

/* The address of the symbol NAME, relative as in the program headers: one for the dynamic linker, else any. */
bool elffile_symbol(int fd, const char *name, uint64_t *ret);

#endif
