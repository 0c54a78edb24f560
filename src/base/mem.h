/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Checked allocation: every function returns memory or ends the program with status 125. */
#ifndef BASE_MEM_H
#define BASE_MEM_H

#include <stddef.h>

/* MEMORY, which something else has allocated; ends the program if it is NULL. */
void *mem_check(void *memory);

/* Uninitialised memory of SIZE bytes (SIZE 0 is allowed). The caller frees it with free(). */
void *mem_alloc(size_t size);

/* Zeroed memory for COUNT objects of SIZE bytes; an overflowing product counts as out of memory. */
void *mem_zalloc(size_t count, size_t size);

/* realloc() for COUNT objects of SIZE bytes. */
void *mem_resize(void *old, size_t count, size_t size);

/* A copy of TEXT, or NULL if TEXT is NULL. */
char *mem_strdup(const char *text);

#endif
