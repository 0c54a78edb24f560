/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The stack that cltrace runs on. */
#ifndef CLI_MAIN_STACK_H
#define CLI_MAIN_STACK_H

/* Returns what PROGRAM returns for ARGC and ARGV, or exits with it. If RLIMIT_STACK, which the traced program keeps,
 * allows less than STACK_SIZE bytes, PROGRAM runs on another stack of that size. If there is no memory for it, PROGRAM
 * runs on the present stack. */
int stack_run(int (*program)(int argc, char *argv[]), int argc, char *argv[]);

enum { STACK_SIZE = 8 << 20 };

#endif
