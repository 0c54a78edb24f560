/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Takes back what the kernel escapes in the lines of /proc, in place.
 *
 *     /proc/PID/status, Name:                newline, backslash as \n, \\    unescape_name()
 *     /proc/PID/maps, the path               newline as \012                 unescape_path(path, UNESCAPE_MAPS)
 *     /proc/PID/mountinfo, its two paths     these and blanks as \ooo        unescape_path(path, UNESCAPE_MOUNTS)
 *     /proc/PID/stat, comm, cmdline, cgroup, what links refer to: nothing */
#ifndef BASE_UNESCAPE_H
#define BASE_UNESCAPE_H

#include <stdbool.h>

/* fs/proc/array.c: proc_task_name() */
void unescape_name(char *name);

/* The bytes that the kernel escapes (fs/task_mmu.c: show_map_vma(); fs/proc_namespace.c: show_mountinfo()). In maps the
 * kernel does not escape a backslash, so a name that contains \012 looks like a name with a newline. */
#define UNESCAPE_MAPS "\n"
#define UNESCAPE_MOUNTS " \t\n\\"
void unescape_path(char *path, const char *escaped);

/* Whether DIGITS begin with three octal digits that are one byte, \000 to \377 without its backslash. */
bool unescape_octal(const char *digits, char *ret_byte);

#endif
