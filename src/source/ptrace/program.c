/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Finds what a task runs by its auxiliary vector and the file, and its descriptors by their links in /proc. */
#include "source/ptrace/program.h"

#include <elf.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "base/clock.h"
#include "source/kernel/procfs/fd.h"
#include "source/kernel/procfs/memory.h"
#include "source/kernel/procfs/path.h"
#include "source/kernel/procfs/status.h"
#include "source/ptrace/sys.h"

#define PATH_SIZE 4096 /* the kernel's PATH_MAX */
#define HEADERS_MAX 64 /* program headers that are looked at */

/* The part of a program header that matters here, for both classes. */
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

/* The words that a program finds on its stack: the number of arguments, their addresses, a zero, the addresses of the
 * environment's variables, a zero, and the auxiliary vector (fs/binfmt_elf.c: create_elf_tables()). */
struct start {
	bool wide;
	unsigned char bytes[4096];
	size_t length;
};

/* The word INDEX; false: it is not among the words that were read. */
static bool start_word(const struct start *start, size_t index, uint64_t *ret)
{
	const size_t size = start->wide ? sizeof(uint64_t) : sizeof(uint32_t);
	uint32_t narrow;

	if (index >= start->length / size)
		return false;
	if (start->wide) {
		memcpy(ret, start->bytes + index * size, size);
	} else {
		memcpy(&narrow, start->bytes + index * size, size);
		*ret = narrow;
	}
	return true;
}

/* Where the arguments begin and end; the kernel puts the environment right behind them. AT_EXECFN is the file name of
 * the execve(2). False: the words are not as the kernel writes them, or there are more than were read. */
static bool start_parse(const struct start *start, uint64_t *ret_arguments, uint64_t *ret_end, uint64_t *ret_asked)
{
	uint64_t count, word, value;
	size_t at;

	if (!start_word(start, 0, &count) || !count || count >= sizeof(start->bytes) ||
	    !start_word(start, 1, ret_arguments) || !start_word(start, count + 1, &word) || word ||
	    !start_word(start, count + 2, ret_end) || *ret_end <= *ret_arguments)
		return false;
	at = count + 2;
	do {
		if (!start_word(start, at++, &word))
			return false;
	} while (word);
	for (; start_word(start, at, &word) && start_word(start, at + 1, &value) && word != AT_NULL; at += 2) {
		if (word == AT_EXECFN) {
			*ret_asked = value;
			return true;
		}
	}
	return false;
}

static size_t count_zeros(const char *bytes, size_t length)
{
	size_t count = 0;

	for (const char *at = bytes; (at = memchr(at, '\0', (size_t)(bytes + length - at))); at++)
		count++;
	return count;
}

/* Finds by two reads of memory what /proc/TID/cmdline and auxv would show, because the kernel would have to create
 * those files, and to remove them at the task's end. Adds nothing if the memory is not as the kernel leaves it at an
 * exec. */
static bool arguments_from_stack(struct program *program, pid_t tid, struct text *argv)
{
	uint64_t pointer, begin, end, asked, count;
	char arguments[16384];
	struct start start;

	if (!proc_is_ours() || sys_stack(tid, &pointer, &start.wide) < 0)
		return false;
	start.length = sys_read(tid, pointer, start.bytes, sizeof(start.bytes));
	if (!start_parse(&start, &begin, &end, &asked) || end - begin > sizeof(arguments) ||
	    sys_read(tid, begin, arguments, (size_t)(end - begin)) != end - begin || arguments[end - begin - 1] ||
	    !start_word(&start, 0, &count) || count_zeros(arguments, (size_t)(end - begin)) != count)
		return false;
	/* the script is an argument of its interpreter, but not the first one: see is_argument() */
	if (count > 1 && sys_string(tid, asked, PATH_SIZE, &program->asked) < 0)
		return false;
	text_add_bytes(argv, arguments, (size_t)(end - begin));
	return true;
}

/* The file name of the execve(2), where the kernel left it (AT_EXECFN). */
static void asked_from_proc(struct program *program, pid_t tid, bool wide)
{
	union {
		char bytes[2048];
		Elf64_auxv_t wide[128];
		Elf32_auxv_t narrow[256];
	} vector;
	ssize_t length = proc_read(tid, "auxv", vector.bytes, sizeof(vector.bytes));
	const size_t size = wide ? sizeof(vector.wide[0]) : sizeof(vector.narrow[0]);
	char asked[PATH_SIZE];

	for (size_t i = 0; length > 0 && (i + 1) * size <= (size_t)length; i++) {
		uint64_t type = wide ? vector.wide[i].a_type : vector.narrow[i].a_type;
		uint64_t value = wide ? vector.wide[i].a_un.a_val : vector.narrow[i].a_un.a_val;

		if (type == AT_EXECFN) {
			ssize_t n = proc_peek(tid, value, asked, PATH_SIZE);

			if (n > 1 && memchr(asked, '\0', (size_t)n))
				text_add(&program->asked, asked);
			return;
		}
	}
}

/* Whether ASKED is an argument behind the first, as the kernel passes it to an interpreter (fs/binfmt_script.c:
 * load_script()). */
static bool is_argument(const struct arguments *argv, const char *asked)
{
	const char *at = arguments_next(argv, NULL);

	while (at && (at = arguments_next(argv, at)))
		if (strcmp(at, asked) == 0)
			return true;
	return false;
}

/* Whether ASKED is another file than EXE, which runs. A name that refers to a descriptor is not looked at, because the
 * descriptor was the task's and may be closed. */
static bool is_interpreted(pid_t tid, const struct arguments *argv, const char *asked, const struct stat *exe)
{
	struct text path = TEXT_INIT;
	struct stat file;
	bool other;

	if (!exe || !*asked || strncmp(asked, "/dev/fd/", 8) == 0 || !is_argument(argv, asked))
		return false;
	proc_add_path(&path, tid, *asked == '/' ? "root" : "cwd/", asked);
	other = stat(text_get(&path), &file) == 0 && (file.st_dev != exe->st_dev || file.st_ino != exe->st_ino);
	text_done(&path);
	return other;
}

static bool is_same_file(const struct stat *a, const struct stat *b)
{
	return a->st_dev == b->st_dev && a->st_ino == b->st_ino && a->st_size == b->st_size &&
	       a->st_mtim.tv_sec == b->st_mtim.tv_sec && a->st_mtim.tv_nsec == b->st_mtim.tv_nsec &&
	       a->st_ctim.tv_sec == b->st_ctim.tv_sec && a->st_ctim.tv_nsec == b->st_ctim.tv_nsec;
}

/* Whether the file was changed so recently that its next change could have the same time, because clocks of file
 * systems are coarse. */
static bool is_fresh(const struct stat *stat)
{
	enum { FRESH = 3 }; /* seconds */

	return stat->st_ctim.tv_sec + FRESH > (time_t)(clock_realtime() / CLOCK_SECOND);
}

static void look_into(struct program_file *file, pid_t tid)
{
	int fd;

	text_clear(&file->loader);
	file->wide = sizeof(void *) == 8;
	fd = proc_open(tid, "exe");
	file->has_loader = fd >= 0 && find_loader(&file->loader, fd, &file->wide);
	if (fd >= 0)
		close(fd);
}

/* Returns the contents of the file that TID runs. They are kept, because most programs run more than once. */
static const struct program_file *find_file(struct program *program, pid_t tid)
{
	struct program_file *file = NULL;

	for (unsigned i = 0; program->has_stat && i < PROGRAM_FILES && !file; i++) {
		if (is_same_file(&program->files[i].stat, &program->stat))
			file = &program->files[i];
	}
	if (file)
		return file;
	file = &program->files[program->next++ % PROGRAM_FILES];
	look_into(file, tid);
	file->stat = (struct stat){ 0 };
	if (program->has_stat && !is_fresh(&program->stat))
		file->stat = program->stat;
	return file;
}

int program_begin(struct program *program, pid_t tid, struct text *argv, bool *ret_cut)
{
	text_clear(&program->asked);
	program->has_stat = proc_file(tid, &program->stat) == 0;
	program->has_asked = arguments_from_stack(program, tid, argv);
	*ret_cut = false;
	return program->has_asked ? 0 : proc_arguments(argv, tid, ret_cut);
}

const struct stat *program_stat(const struct program *program)
{
	return program->has_stat ? &program->stat : NULL;
}

unsigned program_look(struct program *program, pid_t tid, const struct arguments *argv)
{
	const struct program_file *file = find_file(program, tid);
	unsigned known = 0;

	text_clear(&program->script);
	text_clear(&program->exe);
	text_clear(&program->loader);
	text_clear(&program->cwd);
	if (!proc_link(&program->exe, tid, "exe"))
		known |= PROGRAM_EXE;
	if (!proc_link(&program->cwd, tid, "cwd"))
		known |= PROGRAM_CWD;
	if (file->has_loader) {
		text_add_bytes(&program->loader, text_get(&file->loader), file->loader.length);
		known |= PROGRAM_LOADER;
	}
	if (!program->has_asked)
		asked_from_proc(program, tid, file->wide);
	if (is_interpreted(tid, argv, text_get(&program->asked), program_stat(program))) {
		text_add(&program->script, text_get(&program->asked));
		known |= PROGRAM_SCRIPT;
	}
	return known;
}

void program_done(struct program *program)
{
	for (unsigned i = 0; i < PROGRAM_FILES; i++)
		text_done(&program->files[i].loader);
	text_done(&program->script);
	text_done(&program->exe);
	text_done(&program->loader);
	text_done(&program->cwd);
	text_done(&program->asked);
}

int descriptor_name(struct text *text, pid_t tid, int fd)
{
	struct text link = TEXT_INIT;
	const int r = proc_fd_link(&link, tid, fd);
	pid_t pid;

	if (!r && fd_is_pidfd(text_get(&link)) && !proc_fd_process(tid, fd, &pid))
		text_addf(text, "pid:%d", (int)pid);
	else if (!r)
		text_add(text, text_get(&link));
	text_done(&link);
	return r;
}
