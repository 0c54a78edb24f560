/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The separate file with a stripped file's debug information, which the stripped file names. */
#ifndef SOURCE_STACK_DEBUGFILE_H
#define SOURCE_STACK_DEBUGFILE_H

#include <stdint.h>

/* Opens the file NAME of FILE's .gnu_debuglink, which must have the checksum SUM, where debuggers look for it: beside
 * FILE, in .debug there, or under /usr/lib/debug. *RET_PATH: its name, on the heap. Returns a descriptor, or -ENOENT.
 */
int debugfile_open(const char *file, const char *name, uint32_t sum, char **ret_path);

#endif
