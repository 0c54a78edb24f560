/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A file that replaces another one as a whole, so nobody reads half of it. */
#ifndef CLI_REPLACEMENT_H
#define CLI_REPLACEMENT_H

#include <stdbool.h>

struct replacement {
	char *file, *beside; /* `beside` is in the same folder; NULL: nothing is to be replaced */
};

/* Opens a file next to the one that TARGET names, with symbolic links followed. Returns the descriptor, or -errno: then
 * TARGET itself is to be opened, which fails with the same error if it cannot be written to. */
int replacement_open(struct replacement *ret, const char *target);

/* Replaces the old file with the new one, or removes the new one if it is not GOOD. Frees what RET holds. 0 or -errno.
 */
int replacement_finish(struct replacement *replacement, bool good);

#endif
