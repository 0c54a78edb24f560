/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Calls libiberty, and stops it when a name becomes too long. */
#include "source/stack/demangle.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"

#ifdef HAVE_LIBIBERTY

#ifdef HAVE_LIBIBERTY_DEMANGLE_H
#include <libiberty/demangle.h>
#else
#include <demangle.h>
#endif
#include <setjmp.h>

#define NAME_LENGTH 1024 /* templates can make names longer than anybody reads */

struct written {
	char name[NAME_LENGTH + 1];
	size_t length;
	jmp_buf too_long;
};

/* A name of some hundred letters can refer to its own parts so often that the result is longer than any memory.
 * libiberty limits its depth but not its output, and a callback cannot stop it. When libiberty calls back, it has
 * nothing on the heap but one identifier with letters beyond ASCII, which is then lost. */
static void write_part(const char *part, size_t length, void *data)
{
	struct written *written = data;

	if (length > NAME_LENGTH - written->length)
		longjmp(written->too_long, 1);
	if (length) /* else PART may be NULL */
		memcpy(written->name + written->length, part, length);
	written->length += length;
}

/* Rust first: its older mangling is C++'s with a hash at the end. */
static bool write_name(const char *name, struct written *written)
{
	if (setjmp(written->too_long))
		return false;
	if (!rust_demangle_callback(name, 0, write_part, written)) {
		written->length = 0;
		if (strncmp(name, "_Z", 2) != 0 || !cplus_demangle_v3_callback(name, DMGL_PARAMS, write_part, written))
			return false;
	}
	written->name[written->length] = '\0';
	return written->length;
}

#endif

char *demangle(const char *name)
{
	char *plain = mem_strdup(name), *part;

	plain[strcspn(plain, "@")] = '\0';
	part = strstr(plain, ".llvm."); /* a local name that its linker made global */
	if (part)
		*part = '\0';
#ifdef HAVE_LIBIBERTY
	struct written *written = mem_zalloc(1, sizeof(*written));

	if (write_name(plain, written)) {
		free(plain);
		plain = mem_strdup(written->name);
	}
	free(written);
#endif
	return plain;
}
