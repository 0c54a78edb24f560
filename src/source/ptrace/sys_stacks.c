/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Reads memory, maps, files and registers of stopped tasks for source/stack. */
#include "source/ptrace/sys_stacks.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/uio.h>

#include "base/text.h"
#include "source/kernel/procfs/memory.h"
#include "source/kernel/procfs/path.h"
#include "source/ptrace/sys.h"

static size_t kernel_read(void *data, pid_t tid, const struct code_piece *pieces, size_t count)
{
	struct iovec local[CODE_PIECES], remote[CODE_PIECES];
	ssize_t n;

	(void)data;
	for (size_t i = 0; i < count; i++) {
		local[i] = (struct iovec){ pieces[i].to, pieces[i].length };
		remote[i] = (struct iovec){ (void *)(uintptr_t)pieces[i].address, pieces[i].length };
	}
	n = process_vm_readv(tid, local, count, remote, count, 0);
	return n < 0 ? 0 : (size_t)n;
}

static int kernel_maps(void *data, pid_t tid, struct text *text)
{
	(void)data;
	return proc_maps(text, tid);
}

static ssize_t kernel_pages(void *data, pid_t tid, uint64_t page, uint64_t *to, size_t count)
{
	(void)data;
	return proc_pagemap(tid, page, to, count);
}

static int kernel_open(void *data, pid_t tid, enum code_name whose, const char *path)
{
	struct text name = TEXT_INIT;
	int fd;

	(void)data;
	if (whose != CODE_NAME_OURS)
		proc_add_path(&name, tid, whose == CODE_NAME_TASKS ? "root" : "exe", "");
	if (whose != CODE_NAME_PROGRAM)
		text_add(&name, path);
	fd = open(text_get(&name), O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK);
	text_done(&name);
	return fd < 0 ? -errno : fd;
}

static int kernel_registers(void *data, pid_t tid, struct arch_frame *ret)
{
	(void)data;
	return sys_registers(tid, ret);
}

const struct stacks_ops sys_stacks = {
	.registers = kernel_registers,
	.code = { .read = kernel_read, .maps = kernel_maps, .open = kernel_open, .pages = kernel_pages },
};
