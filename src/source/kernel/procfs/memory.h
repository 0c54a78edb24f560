/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What is in a task's memory and where: /proc/TID/maps, pagemap, mem, cmdline. */
#ifndef SOURCE_KERNEL_PROCFS_MEMORY_H
#define SOURCE_KERNEL_PROCFS_MEMORY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

struct text;

/* Adds all of /proc/TID/maps. 0 or -errno. */
int proc_maps(struct text *text, pid_t tid);

/* Reads the entries of /proc/TID/pagemap for COUNT pages, of which PAGE is the first. How many, or -errno. */
ssize_t proc_pagemap(pid_t tid, uint64_t page, uint64_t *to, size_t count);

/* Reads up to SIZE bytes of TID's memory. Returns how many there were, or -errno. */
ssize_t proc_peek(pid_t tid, uint64_t address, void *buffer, size_t size);

/* Adds the arguments of TID, each with its NUL, and no more than ARGUMENTS_MAX bytes of them: as many as the kernel
 * takes for one. *RET_CUT: there are more. 0 or -errno. */
#define ARGUMENTS_MAX 131072 /* MAX_ARG_STRLEN, include/uapi/linux/binfmts.h */
int proc_arguments(struct text *text, pid_t tid, bool *ret_cut);

/* Adds ARGUMENTS of TID, as proc_arguments() has them, as proc_command() does. 0 or -errno. */
int proc_command_of(struct text *text, pid_t tid, const struct text *arguments, bool *ret_cut);

/* Adds the command line as command_add() does. For a task without one, adds "[NAME]"; NAME is the task's name, or NULL:
 * it is read then. 0, and in *RET_CUT whether the command line has been cut, or -errno. */
int proc_command(struct text *text, pid_t tid, const char *name, bool *ret_cut);

#endif
