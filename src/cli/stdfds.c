/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Keeps the numbers of closed stdin, stdout and stderr from other files. */
#include "cli/stdfds.h"

#include <errno.h>
#include <fcntl.h>
#include <unistd.h>

void stdfds_hold(void)
{
	int fd;

	do
		/* the lowest that is free; "/" exists even if /dev does not */
		fd = open("/", O_PATH | O_CLOEXEC);
	while (fd >= 0 && fd <= STDERR_FILENO);
	if (fd >= 0)
		close(fd);
}

int stdfds_move_above(int fd)
{
	int moved, error;

	if (fd < 0 || fd > STDERR_FILENO)
		return fd;
	moved = fcntl(fd, F_DUPFD_CLOEXEC, STDERR_FILENO + 1);
	error = errno;
	close(fd);
	return moved < 0 ? -error : moved;
}

int stdfds_open_file(const char *name, int flags)
{
	int fd = open(name, O_WRONLY | O_CREAT | O_CLOEXEC | O_NOCTTY | flags, 0666);

	return fd < 0 ? -errno : stdfds_move_above(fd);
}
