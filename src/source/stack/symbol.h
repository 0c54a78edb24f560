/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What the symbols and the debug information of a file say about an address in it. */
#ifndef SOURCE_STACK_SYMBOL_H
#define SOURCE_STACK_SYMBOL_H

#include <stdbool.h>
#include <stdint.h>

struct symbols;

/* Strings that are not known are NULL; the others live until the symbols are closed or trimmed. */
struct symbol {
	const char *function; /* demangled if possible */
	uint64_t start;	      /* its address */
	const char *file;     /* as in the debug information, with its directories */
	unsigned line;
	const struct symbol
		/* the function into which this one is inlined, and the line there; NULL: it is not inlined */
		*outer;
};

enum { SYMBOLS_DATA = 32 << 20, SYMBOLS_SPACE = 128 << 20 };

/* NULL, or why there are no symbols: this cltrace was built without libdw, or RLIMIT_DATA or RLIMIT_AS are lower than
 * SYMBOLS_DATA and SYMBOLS_SPACE, in bytes. */
const char *symbols_lack(void);

/* Opens the symbols of the file FD, which the function always takes over. NAME is its path for the search for separate
 * debug files: by build id, by .gnu_debuglink next to it and under /usr/lib/debug and, with SERVERS, from debuginfod,
 * if the environment names a server. The wait for a server's answer is limited, and a silent server is not asked again.
 * Without SERVERS, no server is asked for any file from then on. NULL: it is not such a file, or this cltrace has no
 * libdw. */
struct symbols *symbols_open(int fd, const char *name, bool servers);
void symbols_close(struct symbols *symbols);

/* Forgets what was found, if that is more than a program has calls. To be called when no symbol is in use. Returns
 * whether it has done so. */
bool symbols_trim(struct symbols *symbols);

/* What is known of ADDRESS, which is relative as in the file's program headers. A second call only looks into a table,
 * and gives the same. Without LINES there are no source lines and no inlined functions, because unpacking the debug
 * information of a C library takes some 50 ms. */
const struct symbol *symbols_find(struct symbols *symbols, uint64_t address, bool lines);

#endif
