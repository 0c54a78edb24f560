/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Allocates memory or ends the program. */
#include "base/mem.h"

#include <stdlib.h>
#include <string.h>

#include "base/diag.h"

/* cltrace's own failure, as env(1) and timeout(1) number it. */
#define MEM_EXIT_STATUS 125

void *mem_check(void *memory)
{
	if (!memory) {
		diag("out of memory");
		exit(MEM_EXIT_STATUS);
	}
	return memory;
}

/* malloc(0) may give NULL, which would look like a failure: ask for one byte. */
static size_t mem_size(size_t count, size_t size)
{
	size_t product;

	if (__builtin_mul_overflow(count, size, &product))
		mem_check(NULL);
	return product ? product : 1;
}

void *mem_alloc(size_t size)
{
	return mem_check(malloc(mem_size(size, 1)));
}

void *mem_zalloc(size_t count, size_t size)
{
	return mem_check(calloc(1, mem_size(count, size)));
}

void *mem_resize(void *old, size_t count, size_t size)
{
	return mem_check(realloc(old, mem_size(count, size)));
}

char *mem_strdup(const char *text)
{
	return text ? mem_check(strdup(text)) : NULL;
}
