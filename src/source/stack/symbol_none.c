/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A build without libdw, which has no symbols. */
#include "source/stack/symbol.h"

#ifndef HAVE_LIBDW

#include <stddef.h>
#include <unistd.h>

const char *symbols_lack(void)
{
	return "this cltrace was built without libdw";
}

struct symbols *symbols_open(int fd, const char *name, bool servers)
{
	(void)name, (void)servers;
	close(fd);
	return NULL;
}

void symbols_close(struct symbols *symbols)
{
	(void)symbols;
}

bool symbols_trim(struct symbols *symbols)
{
	(void)symbols;
	return false;
}

const struct symbol *symbols_find(struct symbols *symbols, uint64_t address, bool lines)
{
	(void)symbols, (void)address, (void)lines;
	return NULL;
}

#endif
