/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Where execvp(3) looks for a program. */
#ifndef SOURCE_PTRACE_SEARCH_H
#define SOURCE_PTRACE_SEARCH_H

#include <stdbool.h>

struct text;

/* The start of a search_next() for PROGRAM. PATH is the variable; NULL: there is none. */
const char *search_begin(const char *program, const char *path);

/* Sets NAME to the next file that exec(3) tries for PROGRAM. AT: what is left of the search path, NULL at its end. */
bool search_next(const char **at, const char *program, struct text *name);

/* Whether PROGRAM, which could not be run because of ERROR, exists: then the exit status is 126, else 127, as in
 * shells. exec(2) also fails with ENOENT and ENOTDIR if the file's interpreter is missing, and execvp(3) also fails
 * with EACCES if a folder in PATH may not be searched. */
bool search_finds(const char *program, const char *path, int error);

#endif
