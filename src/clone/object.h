/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The table of the kernel's objects that two tasks share or not, as kcmp(2) shows. Whatever else lists these objects is
 * derived from it. */
#ifndef CLONE_OBJECT_H
#define CLONE_OBJECT_H

#include <stdbool.h>
#include <stdint.h>

#include "clone/resource.h"

/* The columns:
 *
 * NAME      OBJECT_NAME and CHECK_NAME come from it; RESOURCE_NAME is the same
 * key       the word in recordings
 * words     in the manual of recordings; texts have the name of the resource
 * flag      of clone: if it is set, the new task shares the object with its creator
 * kcmp      the type for kcmp(2) (<linux/kcmp.h>)
 * optional  whether a task may have none, so that kcmp(2) finds two such tasks the same. Threads often have their own
 *
 * The rows are in the order of recordings, which have a bit for each: new ones need another place there. */
/* clang-format off */
#define TASK_OBJECTS(X) \
	X(MEMORY, "memory", "memory", FLAG_VM, KCMP_VM, false) \
	X(FILES, "files", "file descriptor table", FLAG_FILES, KCMP_FILES, false) \
	X(FS, "fs", "root, cwd and umask", FLAG_FS, KCMP_FS, false) \
	X(SIGHAND, "sighand", "signal handlers", FLAG_SIGHAND, KCMP_SIGHAND, false) \
	X(SYSVSEM, "sysvsem", "list of semaphore undos", FLAG_SYSVSEM, KCMP_SYSVSEM, true) \
	X(IO, "io", "I/O context", FLAG_IO, KCMP_IO, true)
/* clang-format on */

enum task_object {
#define OBJECT(NAME, ...) OBJECT_##NAME,
	TASK_OBJECTS(OBJECT)
#undef OBJECT
		OBJECT_COUNT
};

_Static_assert(OBJECT_COUNT < 32, "masks have a bit 1 << enum task_object, and all are (1 << count) - 1");

struct object_row {
	enum resource resource;
	uint64_t flag;
	bool optional;
};

const struct object_row *object_row(enum task_object object);

/* "memory", "descriptors", "cwd and umask", ...: that of the resource. */
const char *object_name(enum task_object object);

#endif
