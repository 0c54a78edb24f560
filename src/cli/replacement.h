/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A file that is put into place as a whole, so that nobody reads half of it. */
#ifndef CLI_REPLACEMENT_H
#define CLI_REPLACEMENT_H

#include <stdbool.h>

struct replacement {
	char *file, *beside; /* `beside` is in the same folder; NULL: there is nothing to put into place */
};

/* Opens a file next to the one that TARGET names, with symbolic links followed. Returns the descriptor, or -errno: then
 * TARGET itself is to be opened, and the same error comes again where it cannot be written to at all. */
int replacement_open(struct replacement *ret, const char *target);

/* The new file replaces the old one, or is removed if it is not GOOD. Frees what RET holds. 0 or -errno. */
int replacement_finish(struct replacement *replacement, bool good);

#endif
