/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Reads maps, pages, memory and command lines. */
#include "source/kernel/procfs/memory.h"

#include "base/text.h"
#include "source/kernel/command.h"
#include "source/kernel/procfs/path.h"

/* One read gives no more than a page of it. */
int proc_maps(struct text *text, pid_t tid)
{
	return proc_read_all(text, tid, "maps", SIZE_MAX);
}

ssize_t proc_pagemap(pid_t tid, uint64_t page, uint64_t *to, size_t count)
{
	const ssize_t n = proc_read_at(tid, "pagemap", page * sizeof(*to), to, count * sizeof(*to));

	return n < 0 ? n : n / (ssize_t)sizeof(*to);
}

/* By the file: unlike process_vm_readv(2) it gives what there is up to the end of a mapping. */
ssize_t proc_peek(pid_t tid, uint64_t address, void *buffer, size_t size)
{
	return proc_read_at(tid, "mem", address, buffer, size);
}

int proc_arguments(struct text *text, pid_t tid, bool *ret_cut)
{
	const size_t start = text->length;
	int r = proc_read_all(text, tid, "cmdline", ARGUMENTS_MAX + 1);

	*ret_cut = text->length - start > ARGUMENTS_MAX;
	if (*ret_cut)
		text_cut(text, start + ARGUMENTS_MAX);
	if (text->length > start && text->data[text->length - 1])
		text_add_bytes(text, "", 1);
	return r;
}

/* Adds the name of TID as ps(1) shows a task without arguments. 0 or -errno. */
static int add_name(struct text *text, pid_t tid)
{
	char name[64];
	const ssize_t n = proc_read(tid, "comm", name, sizeof(name));

	if (n < 0)
		return (int)n;
	name[n > 0 ? n - 1 : 0] = '\0'; /* a newline; others are the name's */
	text_addf(text, "[%s]", name);
	return 0;
}

int proc_command_of(struct text *text, pid_t tid, const struct text *arguments, bool *ret_cut)
{
	const size_t begin = text->length;

	*ret_cut = command_add(text, text_get(arguments), arguments->length);
	return text->length > begin ? 0 : add_name(text, tid);
}

int proc_command(struct text *text, pid_t tid, const char *name, bool *ret_cut)
{
	const size_t begin = text->length;
	char line[COMMAND_READ + 1];
	const ssize_t n = proc_read(tid, "cmdline", line, sizeof(line));

	if (n < 0)
		return (int)n;
	*ret_cut = command_add(text, line, (size_t)n);
	if (text->length > begin)
		return 0;
	if (!name)
		return add_name(text, tid);
	text_addf(text, "[%s]", name);
	return 0;
}
