/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What /proc tells of a task (proc(5)). Numbers are in the pid namespace of the /proc mount. */
#ifndef SOURCE_KERNEL_PROCFS_H
#define SOURCE_KERNEL_PROCFS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#include "event/event.h"
#include "follow/stop.h"

struct stat;
struct text;

struct proc_status {
	struct stop_ids ids;
	pid_t nstgid; /* NStgid's last column: its process as the task itself sees it */
	pid_t tracer; /* TracerPid, 0: none */
	uid_t uid, euid;
	gid_t egid;
	unsigned threads;     /* 0 for a leader that has exited */
	uint64_t pending;     /* signals pending for the process, signal N as bit N - 1 (ShdPnd) */
	uint64_t pending_own; /* ... for the task (SigPnd) */
	uint64_t blocked;     /* by the task (SigBlk) */
	bool kernel;	      /* a kernel thread (Kthread: since 6.8, else: no memory and a child of kthreadd) */
	char name[64];
};

/* Whether /proc is there and of our pid namespace. In one that was entered without mounting it anew (unshare -pf), its
 * numbers stand for other tasks than those that we know by them. Looked up once. */
bool proc_is_ours(void);

/* What stands for TID in paths below /proc: TID or, where that would be another task, 0, which is none. */
int proc_number(pid_t tid);

/* /proc/TID/status. 0 or -errno (-ESRCH, -ENOENT: gone). */
int proc_status(pid_t tid, struct proc_status *ret);

/* How many seccomp filters TID has. 0, or -errno: -ENODATA before Linux 5.9. */
int proc_filters(pid_t tid, unsigned *ret);

/* Whether TID lives. One that runs may be on its way out, which shows late (kernel/exit.c: do_exit() sets PF_EXITING
 * after PTRACE_EVENT_EXIT); so may one that is stopped for its tracer. */
enum stop_life proc_life(pid_t tid);

/* Whether the thread TID of TGID is a worker of io_uring's: the kernel has made it, and ptrace(2) must leave it alone.
 * It can be seized, but each stop makes the operation fail that it is at. */
bool proc_is_worker(pid_t tgid, pid_t tid);

/* How many such workers the process of TID has: not looked for if it has no more than KNOWN threads. IS_KNOWN tells
 * those. 0 or -errno. */
int proc_workers(pid_t tid, unsigned known, bool (*is_known)(const void *data, pid_t tid), const void *data,
		 unsigned *ret);

/* Whether TID is on its way out, ended or gone: what it has then is being given back (PF_EXITING). */
bool proc_is_ending(pid_t tid);

/* The name, "pid:[INODE]", of the pid namespace that the next child of TID will live in; for TID 0 of our own. 0 or
 * -errno. (/proc/TID/ns/pid_for_children: since 4.12) */
int proc_pid_ns(pid_t tid, char *ret, size_t size);

/* The inode numbers of TID's namespaces, for TID 0 of our own; 0 for those that cannot be had: the kernel has no such
 * namespace, or may not tell us, or, of the one for its children, it has no task yet. Returns how many could be. */
unsigned proc_namespaces(pid_t tid, uint64_t ret[NAMESPACE_COUNT]);
/* The same for TID, a thread of TGID that is not the leader. LEADER: the leader's namespaces. That costs less. */
unsigned proc_thread_namespaces(pid_t tgid, pid_t tid, const uint64_t leader[NAMESPACE_COUNT],
				uint64_t ret[NAMESPACE_COUNT]);

/* Adds all of /proc/TID/maps. 0 or -errno. */
int proc_maps(struct text *text, pid_t tid);

/* Reads the entries of /proc/TID/pagemap for COUNT pages, of which PAGE is the first. How many, or -errno. */
ssize_t proc_pagemap(pid_t tid, uint64_t page, uint64_t *to, size_t count);

/* What TID's process does with signal SIGNO. 0 or -errno. */
int proc_action(pid_t tid, int signo, struct stop_action *ret);

/* Whether a thread of TID's process, but not TID itself, is about to take signal SIGNO, which was sent to the process
 * and ends it. */
bool proc_is_fatal(pid_t tid, int signo);

/* The memory of TID. 0, or -errno: -ENODATA for a task that has none. */
int proc_memory(pid_t tid, struct stop_memory *ret);

/* Adds the arguments of TID, each with its NUL, and no more than ARGUMENTS_MAX bytes of them: as many as the kernel
 * takes for one. *RET_CUT: there are more. 0 or -errno. */
#define ARGUMENTS_MAX 131072 /* MAX_ARG_STRLEN, include/uapi/linux/binfmts.h */
int proc_arguments(struct text *text, pid_t tid, bool *ret_cut);

/* Adds ARGUMENTS of TID, as proc_arguments() has them, as proc_command() does. 0 or -errno. */
int proc_command_of(struct text *text, pid_t tid, const struct text *arguments, bool *ret_cut);

/* Adds the command line as command_add() does; "[name]" for a task without one. 0, and in *RET_CUT whether it has been
 * cut, or -errno. */
int proc_command(struct text *text, pid_t tid, bool *ret_cut);

/* Reads /proc/TID/NAME, up to SIZE - 1 bytes, NUL-terminated. Returns the length or -errno. */
ssize_t proc_read(pid_t tid, const char *name, char *buffer, size_t size);

/* Adds what the link /proc/TID/NAME says. 0 or -errno. */
int proc_link(struct text *text, pid_t tid, const char *name);

/* Reads up to SIZE bytes of TID's memory. Returns how many there were, or -errno. */
ssize_t proc_peek(pid_t tid, uint64_t address, void *buffer, size_t size);

/* The file that TID runs. 0 or -errno. */
int proc_file(pid_t tid, struct stat *ret);

/* Whether FILE, which TID runs (NULL: that is not known), is a set-user-ID or set-group-ID program whose bits were
 * ignored because TID is traced or has no_new_privs (execve(2)). */
void proc_set_id(pid_t tid, const struct stat *file, struct stop_set_id *ret);

/* The effective user id of TID, which has just exec'ed FILE (NULL: that is not known). 0 or -errno. */
int proc_user(pid_t tid, const struct stat *file, uid_t *ret);

/* The numbers of /proc/TGID/task, or the children of all its tasks (CONFIG_PROC_CHILDREN; else found by every process's
 * PPid). *RET is malloc'ed. Returns the count or -errno. */
ssize_t proc_tasks(pid_t tgid, pid_t **ret);
ssize_t proc_children(pid_t tgid, pid_t **ret);
bool proc_has_thread(pid_t tgid, pid_t tid);
/* Those of the thread TID of TGID alone; -ENOENT without CONFIG_PROC_CHILDREN. */
ssize_t proc_task_children(pid_t tgid, pid_t tid, pid_t **ret);

/* How many children of the process of TID have ended, all their threads too, and have not been waited for. 0 or -errno
 * (-ENOENT: without CONFIG_PROC_CHILDREN, for it would take too long). */
int proc_unreaped(pid_t tid, unsigned *ret);

#endif
