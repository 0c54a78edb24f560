/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Reads the links in /proc/TID/fd and the files in fdinfo. */
#include "source/kernel/procfs/fd.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "source/kernel/procfs/fields.h"
#include "source/kernel/procfs/path.h"

int proc_fd_link(struct text *text, pid_t tid, int fd)
{
	char name[32];

	snprintf(name, sizeof(name), "fd/%d", fd);
	return proc_link(text, tid, name);
}

/* "pidfd:[INODE]": since 6.9 */
bool fd_is_pidfd(const char *link)
{
	return !strcmp(link, "anon_inode:[pidfd]") || !strncmp(link, "pidfd:", 6);
}

int proc_fd_process(pid_t tid, int fd, pid_t *ret)
{
	char name[32], info[1024];
	const char *from = info, *pid;
	ssize_t n;

	snprintf(name, sizeof(name), "fdinfo/%d", fd);
	n = proc_read(tid, name, info, sizeof(info));
	if (n < 0)
		return (int)n;
	pid = fields_find(info, &from, "Pid");
	if (!pid)
		return -ENODATA;
	*ret = (pid_t)strtol(pid, NULL, 10);
	return 0;
}
