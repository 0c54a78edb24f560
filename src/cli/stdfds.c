/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Keeps the numbers of closed stdin, stdout and stderr from other files. */
#include "cli/stdfds.h"

#include <fcntl.h>
#include <unistd.h>

void stdfds_hold(void)
{
	int fd;

	do
		fd = open("/", O_PATH | O_CLOEXEC); /* the lowest that is free; "/" is there even where /dev is not */
	while (fd >= 0 && fd <= STDERR_FILENO);
	if (fd >= 0)
		close(fd);
}
