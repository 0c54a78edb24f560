/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The names of files in /proc, and their reading. Only the files of this folder make such names, because the numbers in
 * /proc are those of the pid namespace for which it was mounted. */
#ifndef SOURCE_KERNEL_PROCFS_PATH_H
#define SOURCE_KERNEL_PROCFS_PATH_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <sys/types.h>

struct text;

/* In place of a tid: the reading task itself. It has a folder even in a /proc where its number is another one. */
#define PROC_SELF ((pid_t)-1)

#define PROC_PATH_SIZE 96 /* for all names that are not made of others' paths */

/* Whether /proc is there and of our pid namespace. In one that was entered without mounting it anew (unshare -pf), its
 * numbers stand for other tasks than those that we know by them. Looked up once. */
bool proc_is_ours(void);

/* What stands for TID in paths below /proc: TID or, where that would be another task, 0, which is none. */
int proc_number(pid_t tid);

/* Writes the name of the file NAME in the folder of TID into PATH and returns it. */
const char *proc_path(char path[PROC_PATH_SIZE], pid_t tid, const char *name);

/* The same for the thread TID of the process TGID. The folder of the process says the same of its leader, and is used
 * for that, because the kernel makes an inode for each folder and file that is asked for. */
const char *proc_thread_path(char path[PROC_PATH_SIZE], pid_t tgid, pid_t tid, const char *name);

/* What FD of TID is open on: the name of the link. */
const char *proc_fd_path(char path[PROC_PATH_SIZE], pid_t tid, int fd);

/* The same for what a link in the folder of TID, "root", "cwd" or "exe", leads to: adds its name, and BELOW. */
void proc_add_path(struct text *text, pid_t tid, const char *link, const char *below);

/* Reads the file NAME of TID, up to SIZE - 1 bytes, NUL-terminated. Returns the length or -errno. */
ssize_t proc_read(pid_t tid, const char *name, char *buffer, size_t size);
ssize_t proc_read_thread(pid_t tgid, pid_t tid, const char *name, char *buffer, size_t size);

/* Adds the content of the file NAME of TID, LIMIT bytes at most. 0 or -errno. */
int proc_read_all(struct text *text, pid_t tid, const char *name, size_t limit);

/* Reads up to SIZE bytes of the file NAME of TID from OFFSET on. How many, or -errno. */
ssize_t proc_read_at(pid_t tid, const char *name, uint64_t offset, void *buffer, size_t size);

/* Adds the target of the link NAME of TID. 0 or -errno. */
int proc_link(struct text *text, pid_t tid, const char *name);

/* Opens the file NAME of TID for reading. A descriptor or -errno; a stream or NULL. */
int proc_open(pid_t tid, const char *name);
FILE *proc_stream(pid_t tid, const char *name);

/* Reads the file NAME of /proc that is about the machine: "loadavg". The length or -errno. */
ssize_t proc_read_system(const char *name, char *buffer, size_t size);

/* The number in /proc/sys/NAME ("kernel/pid_max") or, for files of cgroups, in PATH. "max" is UINT64_MAX.
 * False: there is none. */
bool proc_sysctl(const char *name, uint64_t *ret);
bool proc_number_in(const char *path, uint64_t *ret);

#endif
