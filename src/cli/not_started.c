/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Says why a program could not be started. */
#include "cli/not_started.h"

#include <errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/diag.h"
#include "base/text.h"
#include "cli/options.h"
#include "cli/run.h"
#include "source/ptrace/search.h"

/* The PATH in which the program was looked for, or NULL. */
static const char *path_of(const struct options *options)
{
	const char *path = getenv("PATH");

	for (size_t i = 0; i < options->environment_count; i++) {
		if (strncmp(options->environment[i], "PATH=", 5) == 0)
			path = options->environment[i] + 5;
		else if (strcmp(options->environment[i], "PATH") == 0)
			path = NULL;
	}
	return path;
}

/* Opens the file that exec(3) has found, and could not run, for PROGRAM; NULL: there is none. Its name goes to NAME. */
static FILE *open_program(const struct options *options, const char *program, struct text *name)
{
	const char *at = search_begin(program, path_of(options));
	FILE *file = NULL;

	while (!file && *program && search_next(&at, program, name)) {
		if (access(text_get(name), X_OK) == 0)
			file = fopen(text_get(name), "re");
	}
	return file;
}

/* Adds the interpreter that the first line of FILE names; false: it names none. */
static bool add_interpreter(struct text *text, FILE *file)
{
	char line[256]; /* what the kernel reads, BINPRM_BUF_SIZE */
	size_t start, length;

	if (!fgets(line, sizeof(line), file) || strncmp(line, "#!", 2) != 0)
		return false;
	start = 2 + strspn(line + 2, " \t");
	length = strcspn(line + start, " \t\n");
	line[start + length] = '\0';
	text_add(text, line + start);
	return length;
}

/* exec(2) also fails with ENOENT if the file exists and its interpreter does not. */
static bool report_interpreter(const struct options *options, const char *program)
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

/* Finds the file that exec(3) was not permitted to run for PROGRAM. A search skips folders, as a shell does. */
static bool find_denied(const struct options *options, const char *program, struct text *name, struct stat *ret)
{
	const char *at = search_begin(program, path_of(options));

	while (search_next(&at, program, name)) {
		if (stat(text_get(name), ret) == 0 && (strchr(program, '/') || !S_ISDIR(ret->st_mode)))
			return true;
	}
	return false;
}

/* exec(2) fails with EACCES for several reasons. execvp(3) also fails with EACCES if there is no PROGRAM and a folder
 * in PATH may not be searched: then the function reports nothing and returns false. */
static bool report_denied(const struct options *options, const char *program)
{
	struct text name = TEXT_INIT;
	struct stat status;
	bool found = find_denied(options, program, &name, &status);

	if (found && S_ISDIR(status.st_mode))
		diag("cannot run '%s': it is a directory; give a program", text_get(&name));
	else if (found && !(status.st_mode & 0111))
		diag("cannot run '%s': it is not executable; if it is a program, chmod +x makes it so",
		     text_get(&name));
	else if (found || strchr(program, '/'))
		diag_errno(EACCES, "cannot run '%s'", text_get(&name));
	text_done(&name);
	return found || strchr(program, '/');
}

/* A shell does not look in the current folder either, which surprises people who have just compiled a program. */
static bool is_here(const char *program)
{
	struct stat status;

	return stat(program, &status) == 0 && S_ISREG(status.st_mode) && access(program, X_OK) == 0;
}

int not_started(const struct options *options, int error)
{
	const char *program = options->command[0];
	const bool found = search_finds(program, path_of(options), error);
	const int status = found ? RUN_NOT_EXECUTABLE : RUN_NOT_FOUND;

	if (error == EACCES && report_denied(options, program))
		return status;
	if ((error == ENOENT || error == ENOTDIR) && report_interpreter(options, program))
		return status;
	if (!found && !strchr(program, '/'))
		diag("cannot run '%s': there is no such command in PATH%s%s", program,
		     is_here(program) ? "; for the one in this directory give ./" : "",
		     is_here(program) ? program : "");
	else
		diag_errno(error, "cannot run '%s'", program);
	return status;
}
