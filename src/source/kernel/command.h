/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The command line of a process, from the bytes of /proc/PID/cmdline. */
#ifndef SOURCE_KERNEL_COMMAND_H
#define SOURCE_KERNEL_COMMAND_H

#include <stdbool.h>
#include <stddef.h>

struct text;

#define COMMAND_MAX 4096 /* bytes of a command line that are kept */

/* How much of the file to read: enough to see whether there is more than is kept. One more byte is for a NUL. */
#define COMMAND_READ (COMMAND_MAX + 2)

/* Adds the LENGTH bytes at LINE, arguments that end with a NUL each, with blanks between them; if they are too long,
 * only the first bytes, with whole characters, and "...". Adds nothing if there are no arguments. Returns whether it
 * has been cut. */
bool command_add(struct text *text, const char *line, size_t length);

#endif
