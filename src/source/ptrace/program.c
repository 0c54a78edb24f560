/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What a task runs by its auxiliary vector and the file, and its descriptors by their links in /proc. */
#include "source/ptrace/program.h"

#include <elf.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "source/ptrace/proc.h"

#define PATH_SIZE 4096 /* the kernel's PATH_MAX */
#define HEADERS_MAX 64 /* program headers that are looked at */

/* The part of a program header that matters here, whatever the class. */
struct segment {
	uint32_t type;
	uint64_t offset, size;
};

static bool read_segment(int fd, bool wide, uint64_t at, struct segment *ret)
{
	Elf64_Phdr wide_header;
	Elf32_Phdr header;

	if (wide) {
		if (pread(fd, &wide_header, sizeof(wide_header), (off_t)at) != sizeof(wide_header))
			return false;
		*ret = (struct segment){ wide_header.p_type, wide_header.p_offset, wide_header.p_filesz };
		return true;
	}
	if (pread(fd, &header, sizeof(header), (off_t)at) != sizeof(header))
		return false;
	*ret = (struct segment){ header.p_type, header.p_offset, header.p_filesz };
	return true;
}

static bool add_loader(struct text *text, int fd, const struct segment *segment)
{
	char path[PATH_SIZE];

	if (segment->size < 2 || segment->size > sizeof(path) ||
	    pread(fd, path, segment->size, (off_t)segment->offset) != (ssize_t)segment->size)
		return false;
	text_add_bytes(text, path, strnlen(path, segment->size));
	return true;
}

/* Adds the file's PT_INTERP. *RET_WIDE: it is one of 64 bits. */
static bool find_loader(struct text *text, int fd, bool *ret_wide)
{
	union {
		unsigned char ident[EI_NIDENT];
		Elf32_Ehdr narrow;
		Elf64_Ehdr wide;
	} head = { 0 };
	struct segment segment;
	uint64_t at;
	size_t size, count;

	if (pread(fd, &head, sizeof(head), 0) < (ssize_t)sizeof(head.narrow) ||
	    memcmp(head.ident, ELFMAG, SELFMAG) != 0)
		return false;
	*ret_wide = head.ident[EI_CLASS] == ELFCLASS64;
	at = *ret_wide ? head.wide.e_phoff : head.narrow.e_phoff;
	count = *ret_wide ? head.wide.e_phnum : head.narrow.e_phnum;
	size = *ret_wide ? sizeof(Elf64_Phdr) : sizeof(Elf32_Phdr);
	for (size_t i = 0; i < count && i < HEADERS_MAX; i++) {
		if (!read_segment(fd, *ret_wide, at + i * size, &segment))
			return false;
		if (segment.type == PT_INTERP)
			return add_loader(text, fd, &segment);
	}
	return false;
}

/* The file name that execve(2) was called with, where the kernel left it (AT_EXECFN). */
static bool find_asked(pid_t tid, bool wide, char asked[PATH_SIZE])
{
	union {
		char bytes[2048];
		Elf64_auxv_t wide[128];
		Elf32_auxv_t narrow[256];
	} vector;
	ssize_t length = proc_read(tid, "auxv", vector.bytes, sizeof(vector.bytes));
	const size_t size = wide ? sizeof(vector.wide[0]) : sizeof(vector.narrow[0]);

	for (size_t i = 0; length > 0 && (i + 1) * size <= (size_t)length; i++) {
		uint64_t type = wide ? vector.wide[i].a_type : vector.narrow[i].a_type;
		uint64_t value = wide ? vector.wide[i].a_un.a_val : vector.narrow[i].a_un.a_val;

		if (type == AT_EXECFN) {
			ssize_t n = proc_peek(tid, value, asked, PATH_SIZE);

			return n > 1 && *asked && memchr(asked, '\0', (size_t)n);
		}
	}
	return false;
}

/* Whether ASKED is an argument behind the first: an interpreter is given it (fs/binfmt_script.c: load_script()). */
static bool is_argument(const struct arguments *argv, const char *asked)
{
	const char *at = arguments_next(argv, NULL);

	while (at && (at = arguments_next(argv, at)))
		if (strcmp(at, asked) == 0)
			return true;
	return false;
}

/* Whether ASKED is another file than the one that runs. A name by a descriptor is not looked at: that was the task's,
 * and may be closed. */
static bool is_interpreted(pid_t tid, const struct arguments *argv, const char *asked)
{
	char path[PATH_SIZE + 64];
	struct stat file, exe;

	if (strncmp(asked, "/dev/fd/", 8) == 0 || !is_argument(argv, asked))
		return false;
	snprintf(path, sizeof(path), "/proc/%d/exe", proc_number(tid));
	if (stat(path, &exe) < 0)
		return false;
	snprintf(path, sizeof(path), "/proc/%d/%s/%s", proc_number(tid), *asked == '/' ? "root" : "cwd", asked);
	return stat(path, &file) == 0 && (file.st_dev != exe.st_dev || file.st_ino != exe.st_ino);
}

unsigned program_look(pid_t tid, const struct arguments *argv, struct program *program)
{
	char path[64], asked[PATH_SIZE];
	bool wide = sizeof(void *) == 8;
	unsigned known = 0;
	int fd;

	text_clear(&program->script);
	text_clear(&program->exe);
	text_clear(&program->loader);
	text_clear(&program->cwd);
	if (!proc_link(&program->exe, tid, "exe"))
		known |= PROGRAM_EXE;
	if (!proc_link(&program->cwd, tid, "cwd"))
		known |= PROGRAM_CWD;
	snprintf(path, sizeof(path), "/proc/%d/exe", proc_number(tid));
	fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd >= 0 && find_loader(&program->loader, fd, &wide))
		known |= PROGRAM_LOADER;
	if (fd >= 0)
		close(fd);
	if (find_asked(tid, wide, asked) && is_interpreted(tid, argv, asked)) {
		text_add(&program->script, asked);
		known |= PROGRAM_SCRIPT;
	}
	return known;
}

void program_done(struct program *program)
{
	text_done(&program->script);
	text_done(&program->exe);
	text_done(&program->loader);
	text_done(&program->cwd);
}

int descriptor_name(struct text *text, pid_t tid, int fd)
{
	struct text link = TEXT_INIT;
	char name[32], info[1024];
	const char *pid;
	int r;

	snprintf(name, sizeof(name), "fd/%d", fd);
	r = proc_link(&link, tid, name);
	/* "pidfd:[INODE]": since 6.9 */
	if (!r && (!strcmp(text_get(&link), "anon_inode:[pidfd]") || !strncmp(text_get(&link), "pidfd:", 6))) {
		snprintf(name, sizeof(name), "fdinfo/%d", fd);
		pid = proc_read(tid, name, info, sizeof(info)) > 0 ? strstr(info, "\nPid:") : NULL;
		if (pid)
			text_addf(text, "pid:%ld", strtol(pid + 5, NULL, 10));
		else
			text_add(text, text_get(&link));
	} else if (!r) {
		text_add(text, text_get(&link));
	}
	text_done(&link);
	return r;
}
