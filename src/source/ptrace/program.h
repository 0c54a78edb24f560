/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Reads what a task that has just exec'ed runs, and what a task's descriptors refer to. */
#ifndef SOURCE_PTRACE_PROGRAM_H
#define SOURCE_PTRACE_PROGRAM_H

#include <stdbool.h>
#include <sys/stat.h>
#include <sys/types.h>

#include "base/text.h"
#include "event/event.h"

/* What is known of a program. */
enum program_known {
	PROGRAM_SCRIPT = 1 << 0,
	PROGRAM_EXE = 1 << 1,
	PROGRAM_LOADER = 1 << 2,
	PROGRAM_CWD = 1 << 3,
};

/* A file whose contents are known: whether it is a 64-bit file, and the dynamic linker that it names. */
struct program_file {
	struct stat stat; /* by which the file is recognized */
	bool wide, has_loader;
	struct text loader;
};

#define PROGRAM_FILES 32 /* that are remembered */

struct program {
	struct text script; /* the file of the exec, if its interpreter runs in its place */
	struct text exe;    /* the file that runs */
	struct text loader; /* the dynamic linker that the file names */
	struct text cwd;
	/* of the task that was looked at last */
	struct text asked; /* the file name of the execve(2); empty: not known, or the first argument */
	bool has_asked;	   /* `asked` has been looked for */
	bool has_stat;
	struct stat stat; /* the file that runs */
	struct program_file files[PROGRAM_FILES];
	unsigned next; /* of `files`: the one to be replaced next */
};

/* Starts to look at TID, which is stopped after its exec, and adds its arguments, as proc_arguments() does. PROGRAM is
 * zeroed or was used before. 0 or -errno. */
int program_begin(struct program *program, pid_t tid, struct text *argv, bool *ret_cut);

/* The file that the task of program_begin() runs; NULL: it cannot be read. */
const struct stat *program_stat(const struct program *program);

/* Looks at the rest of TID, the task of program_begin(), which has the arguments ARGV. Returns enum program_known. */
unsigned program_look(struct program *program, pid_t tid, const struct arguments *argv);
void program_done(struct program *program);

/* Adds what FD of TID refers to, as its link in /proc says it; of a pidfd "pid:NUMBER". 0 or -errno. */
int descriptor_name(struct text *text, pid_t tid, int fd);

#endif
