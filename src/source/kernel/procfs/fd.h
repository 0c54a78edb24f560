/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What the descriptors of a task are open on: /proc/TID/fd and fdinfo (proc_pid_fd(5), proc_pid_fdinfo(5)). */
#ifndef SOURCE_KERNEL_PROCFS_FD_H
#define SOURCE_KERNEL_PROCFS_FD_H

#include <stdbool.h>
#include <sys/types.h>

struct text;

/* Adds the target of the link of TID's FD. 0 or -errno. */
int proc_fd_link(struct text *text, pid_t tid, int fd);

/* Whether LINK, such a target, is a pidfd's. */
bool fd_is_pidfd(const char *link);

/* The process that the pidfd FD of TID refers to, by its number in /proc. *RET is -1 if the process has ended, and 0 if
 * it has no number there. Returns 0 or -errno; -ENODATA: FD is not a pidfd. */
int proc_fd_process(pid_t tid, int fd, pid_t *ret);

#endif
