/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Reads what a task that has just exec'ed runs, and what a task's descriptors refer to. */
#ifndef SOURCE_PTRACE_PROGRAM_H
#define SOURCE_PTRACE_PROGRAM_H

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

struct program {
	struct text script; /* the file that was asked for, where its interpreter runs in its place */
	struct text exe;    /* the file that runs */
	struct text loader; /* the dynamic linker that the file names */
	struct text cwd;
};

/* Looks at TID, which is stopped after its exec, and has the arguments ARGV. PROGRAM is zeroed or was used before.
 * Returns enum program_known. */
unsigned program_look(pid_t tid, const struct arguments *argv, struct program *program);
void program_done(struct program *program);

/* Adds what FD of TID refers to, as its link in /proc says it; of a pidfd "pid:NUMBER". 0 or -errno. */
int descriptor_name(struct text *text, pid_t tid, int fd);

#endif
