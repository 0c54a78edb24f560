/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Says why a program could not be started. */
#include "cli/not_started.h"

#include <errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/diag.h"
#include "base/text.h"
#include "cli/options.h"
#include "cli/run.h"

/* The PATH that the program was looked for in: execvp(3)'s default where there is none. */
static const char *search_path(const struct options *options)
{
	const char *path = getenv("PATH");

	for (size_t i = 0; i < options->environment_count; i++) {
		if (strncmp(options->environment[i], "PATH=", 5) == 0)
			path = options->environment[i] + 5;
		else if (strcmp(options->environment[i], "PATH") == 0)
			path = NULL;
	}
	return path ? path : "/bin:/usr/bin";
}

/* Opens the file that exec(3) has found, and could not run, for PROGRAM; NULL: there is none. Its name goes to NAME. */
static FILE *open_program(const struct options *options, const char *program, struct text *name)
{
	const char *at = strchr(program, '/') ? "" : search_path(options);
	FILE *file = NULL;

	for (;;) {
		size_t length = strcspn(at, ":");

		text_clear(name);
		text_add_bytes(name, at, length);
		text_add(name, length ? "/" : "");
		text_add(name, program);
		if (access(text_get(name), X_OK) == 0)
			file = fopen(text_get(name), "re");
		if (file || !at[length])
			return file;
		at += length + 1;
	}
}

/* Adds the interpreter that the first line of FILE names; false where it names none. */
static bool add_interpreter(struct text *text, FILE *file)
{
	char line[256]; /* what the kernel reads, BINPRM_BUF_SIZE */
	size_t start, length;

	if (!fgets(line, sizeof(line), file) || strncmp(line, "#!", 2) != 0)
		return false;
	start = 2 + strspn(line + 2, " \t");
	length = strcspn(line + start, " \t\n");
	line[start + length] = '\0';
	text_add_escaped(text, line + start);
	return length;
}

/* exec(2) says ENOENT of a file that is there, too: what is to run it is not. */
static bool tell_interpreter(const struct options *options, const char *program)
{
	struct text name = TEXT_INIT, interpreter = TEXT_INIT;
	FILE *file = open_program(options, program, &name);

	if (file && add_interpreter(&interpreter, file))
		diag("cannot run '%s': '%s', the interpreter that its first line names, %s", text_get(&name),
		     text_get(&interpreter),
		     access(text_get(&interpreter), F_OK) < 0 ? "does not exist" : "needs a file that does not exist");
	else if (file)
		diag("cannot run '%s': the file exists, but the dynamic loader that it needs does not",
		     text_get(&name));
	if (file)
		fclose(file);
	text_done(&name);
	text_done(&interpreter);
	return file;
}

int not_started(const struct options *options, int error)
{
	const char *program = options->command[0];
	bool missing = error == ENOENT || error == ENOTDIR;

	if (error == ENOENT && tell_interpreter(options, program))
		return RUN_NOT_EXECUTABLE;
	if (missing && !strchr(program, '/'))
		diag("cannot run '%s': there is no such command in PATH", program);
	else
		diag_errno(error, "cannot run '%s'", program);
	return missing ? RUN_NOT_FOUND : RUN_NOT_EXECUTABLE;
}
