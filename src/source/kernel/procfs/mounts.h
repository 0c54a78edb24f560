/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What is mounted where: /proc/self/mountinfo (proc_pid_mountinfo(5)). */
#ifndef SOURCE_KERNEL_PROCFS_MOUNTS_H
#define SOURCE_KERNEL_PROCFS_MOUNTS_H

#include <stdbool.h>

/* A mount. Its strings are valid during the call that gets it. */
struct mount {
	const char *part;    /* of its file system that is mounted, "/": all of it */
	const char *point;   /* where */
	const char *type;    /* of the file system: "cgroup2" */
	const char *options; /* of the file system, with commas between them */
};

/* Calls EACH with the mounts of our mount namespace, in the kernel's order, until EACH returns false. */
void proc_mounts(bool (*each)(void *data, const struct mount *mount), void *data);

/* What stands behind the word OPTION, or OPTION and "=", among OPTIONS; NULL: it is not there. */
const char *mount_option(const char *options, const char *option);

#endif
