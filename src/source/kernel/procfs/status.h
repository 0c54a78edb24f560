/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What /proc/TID/status says of a task, and what follows from it (proc_pid_status(5)). */
#ifndef SOURCE_KERNEL_PROCFS_STATUS_H
#define SOURCE_KERNEL_PROCFS_STATUS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#include "event/event.h"
#include "follow/stop.h"

struct stat;

#define PROC_STATUS_SIZE 8192

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

/* /proc/TID/status. 0 or -errno (-ESRCH, -ENOENT: gone). */
int proc_status(pid_t tid, struct proc_status *ret);

/* The text of such a file: what stands behind "KEY:" and its blanks; NULL: there is no such line. */
const char *status_field(const char *status, const char *key);

/* The number in COLUMN (from 0) of KEY's line, to BASE; false: there is none. */
bool status_number(const char *status, const char *key, int column, int base, uint64_t *ret);

/* How many numbers KEY's line has. */
unsigned status_columns(const char *status, const char *key);

/* The name of the task, without the kernel's escapes. */
void status_name(const char *status, char *ret, size_t size);

/* How many seccomp filters TID has. 0, or -errno: -ENODATA before Linux 5.9. */
int proc_filters(pid_t tid, unsigned *ret);

/* What TID's process does with signal SIGNO. 0 or -errno. */
int proc_action(pid_t tid, int signo, struct stop_action *ret);

/* Whether a thread of TID's process, but not TID itself, is about to take signal SIGNO, which was sent to the process
 * and ends it. */
bool proc_is_fatal(pid_t tid, int signo);

/* The memory of TID. 0, or -errno: -ENODATA for a task that has none. */
int proc_memory(pid_t tid, struct stop_memory *ret);

/* The file that TID runs. 0 or -errno. */
int proc_file(pid_t tid, struct stat *ret);

/* Whether FILE, which TID runs (NULL: that is not known), is a set-user-ID or set-group-ID program whose bits were
 * ignored because TID is traced or has no_new_privs (execve(2)). */
void proc_set_id(pid_t tid, const struct stat *file, struct stop_set_id *ret);

/* The effective user id of TID, which has just exec'ed FILE (NULL: that is not known). 0 or -errno. */
int proc_user(pid_t tid, const struct stat *file, uid_t *ret);

#endif
