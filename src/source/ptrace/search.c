/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Looks for a program as execvp(3) does. */
#include "source/ptrace/search.h"

#include <errno.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/text.h"

const char *search_begin(const char *program, const char *path)
{
	if (strchr(program, '/'))
		return "";
	return path ? path : "/bin:/usr/bin"; /* execvp(3)'s default */
}

bool search_next(const char **at, const char *program, struct text *name)
{
	size_t length;

	if (!*at)
		return false;
	length = strcspn(*at, ":");
	text_clear(name);
	text_add_bytes(name, *at, length);
	text_add(name, length ? "/" : "");
	text_add(name, program);
	*at = (*at)[length] ? *at + length + 1 : NULL;
	return true;
}

bool search_finds(const char *program, const char *path, int error)
{
	const bool missing = error == ENOENT || error == ENOTDIR;
	const char *at = search_begin(program, path);
	struct text name = TEXT_INIT;
	struct stat st;
	bool found = !missing && (error != EACCES || strchr(program, '/'));

	while (!found && *program && search_next(&at, program, &name)) {
		found = stat(text_get(&name), &st) == 0 && !S_ISDIR(st.st_mode) &&
			(!missing || access(text_get(&name), X_OK) == 0);
	}
	text_done(&name);
	return found;
}
