/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Where execvp(3) looks for a program. */
#ifndef SOURCE_PTRACE_SEARCH_H
#define SOURCE_PTRACE_SEARCH_H

#include <stdbool.h>

struct text;

/* What search_next() begins with for PROGRAM. PATH is the variable, NULL: there is none. */
const char *search_begin(const char *program, const char *path);

/* Puts into NAME the next file that exec(3) tries for PROGRAM. AT: what is left of the search path, NULL at its end. */
bool search_next(const char **at, const char *program, struct text *name);

/* Whether PROGRAM is there, which could not be run because of ERROR: as for shells, its exit status is then 126, else
 * 127. exec(2) says ENOENT and ENOTDIR also of a file whose interpreter is missing, and execvp(3) says EACCES also of a
 * folder in PATH that may not be searched. */
bool search_finds(const char *program, const char *path, int error);

#endif
