/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Reads the memory of stopped tasks. */
#include "source/ptrace/sys.h"

#include <errno.h>
#include <string.h>
#include <sys/uio.h>

#include "base/text.h"
#include "source/ptrace/maytrace.h"

/* process_vm_readv(2) reads each piece as a whole or not at all, so this reads page by page. */
size_t sys_read(pid_t tid, uint64_t address, void *to, size_t size)
{
	enum { PAGE = 4096, PAGES = 64 };
	struct iovec local = { to, 0 }, remote[PAGES];
	ssize_t n;
	int pages;

	for (pages = 0; local.iov_len < size && pages < PAGES; pages++) {
		const size_t page = PAGE - address % PAGE, left = size - local.iov_len;

		remote[pages] = (struct iovec){ (void *)(uintptr_t)address, page < left ? page : left };
		local.iov_len += remote[pages].iov_len;
		address += remote[pages].iov_len;
	}
	n = process_vm_readv(tid, &local, 1, remote, (unsigned long)pages, 0);
	return n < 0 ? 0 : (size_t)n;
}

bool sys_is_unreadable(pid_t tid, uint64_t address)
{
	char byte;
	const struct iovec local = { &byte, 1 }, remote = { (void *)(uintptr_t)address, 1 };

	return process_vm_readv(tid, &local, 1, &remote, 1, 0) < 0 && errno == EPERM && is_undumpable(tid);
}

/* Reads page by page: the page after the end of the string need not be mapped. */
int sys_string(pid_t tid, uint64_t address, size_t limit, struct text *text)
{
	const size_t start = text->length;
	char part[4096];

	while (text->length - start < limit) {
		const size_t page = sizeof(part) - address % sizeof(part), left = limit - (text->length - start);
		const size_t wanted = page < left ? page : left, length = sys_read(tid, address, part, wanted);

		text_add_bytes(text, part, strnlen(part, length));
		if (memchr(part, '\0', length))
			return 0;
		if (length < wanted) {
			text_cut(text, start);
			return -EFAULT;
		}
		address += length;
	}
	return 0;
}

int sys_name(pid_t tid, uint64_t address, struct text *text)
{
	return sys_string(tid, address, 15, text); /* TASK_COMM_LEN - 1 */
}
