/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The stack that cltrace runs on. */
#ifndef CLI_MAIN_STACK_H
#define CLI_MAIN_STACK_H

/* Returns what PROGRAM returns for ARGC and ARGV, or exits with it. It runs on a stack of STACK_SIZE bytes if
 * RLIMIT_STACK, which the traced program is to keep, allows less; on the one that there is if no other can be had. */
int stack_run(int (*program)(int argc, char *argv[]), int argc, char *argv[]);

enum { STACK_SIZE = 8 << 20 };

#endif
