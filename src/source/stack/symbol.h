/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What the symbols and the debug information of one file say of an address in it. */
#ifndef SOURCE_STACK_SYMBOL_H
#define SOURCE_STACK_SYMBOL_H

#include <stdbool.h>
#include <stdint.h>

struct symbols;

/* Strings that are not known are NULL; the others live until the symbols are closed or trimmed. */
struct symbol {
	const char *function; /* demangled where that can be done */
	uint64_t start;	      /* its address */
	const char *file;     /* as the debug information has it, with its directories */
	unsigned line;
	const struct symbol
		*outer; /* the function that this one is inlined into, and the line there; NULL: it is not */
};

enum { SYMBOLS_DATA = 32 << 20, SYMBOLS_SPACE = 128 << 20 };

/* NULL, or why there are no symbols: this cltrace was built without libdw, or RLIMIT_DATA or RLIMIT_AS are lower than
 * SYMBOLS_DATA and SYMBOLS_SPACE, in bytes. */
const char *symbols_lack(void);

/* Opens the symbols of the file FD, which is taken in any case. NAME is where it lies, as the search for separate debug
 * files wants it: by build id, by .gnu_debuglink beside it and under /usr/lib/debug, and with SERVERS from debuginfod,
 * where the environment names one. The answer of those is waited for, but not for long: one that is silent is not asked
 * again. Without SERVERS none is asked for any file from then on. NULL: it is no such file, or this cltrace has no
 * libdw. */
struct symbols *symbols_open(int fd, const char *name, bool servers);
void symbols_close(struct symbols *symbols);

/* Forgets what was found, if that is more than a program has calls. To be called when no symbol is in use. Returns
 * whether it has done so. */
bool symbols_trim(struct symbols *symbols);

/* What is known of ADDRESS, one as in the file's own program headers. A second time costs a look into a table, and
 * gives the same. Without LINES, no source, nor functions that are inlined: to unpack the debug information of a C
 * library takes some 50 ms. */
const struct symbol *symbols_find(struct symbols *symbols, uint64_t address, bool lines);

#endif
