/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What /proc/TID/status says of a task, and what follows from it (proc_pid_status(5)). */
#ifndef SOURCE_KERNEL_PROCFS_STATUS_H
#define SOURCE_KERNEL_PROCFS_STATUS_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

#include "event/event.h"
#include "follow/stop.h"

struct stat;

#define PROC_STATUS_SIZE 8192

/* The lines that are read. */
enum status_line {
	STATUS_NAME,
	STATUS_STATE,
	STATUS_TGID,
	STATUS_PPID,
	STATUS_TRACER,
	STATUS_UIDS,
	STATUS_GIDS,
	STATUS_NSTGID,
	STATUS_NSPID,
	STATUS_KERNEL,
	STATUS_RESIDENT,
	STATUS_PAGE_TABLES,
	STATUS_THREADS,
	STATUS_PENDING_OWN,
	STATUS_PENDING,
	STATUS_BLOCKED,
	STATUS_IGNORED,
	STATUS_CAUGHT,
	STATUS_PERMITTED,
	STATUS_EFFECTIVE,
	STATUS_SECCOMP,
	STATUS_FILTERS,
	STATUS_CPUS,
	STATUS_LINES
};

/* The columns of Uid and Gid. */
enum status_id { ID_REAL, ID_EFFECTIVE, ID_SAVED, ID_FILES, ID_COUNT };

struct proc_status {
	uint32_t has; /* 1 << enum status_line: the lines that the file has. The members of all others are 0. */
	struct stop_ids ids;
	pid_t nstgid; /* NStgid's last column: its process as the task itself sees it */
	pid_t tracer; /* TracerPid, 0: none */
	uid_t uids[ID_COUNT];
	gid_t gids[ID_COUNT];
	unsigned threads;	       /* 0 for a leader that has exited */
	uint64_t pending;	       /* signals pending for the process, signal N as bit N - 1 (ShdPnd) */
	uint64_t pending_own;	       /* ... for the task (SigPnd) */
	uint64_t blocked;	       /* by the task (SigBlk) */
	uint64_t ignored, caught;      /* by the process (SigIgn, SigCgt) */
	uint64_t permitted, effective; /* capabilities (CapPrm, CapEff) */
	uint64_t resident, tables;     /* memory and page tables, in KiB (VmRSS, VmPTE) */
	unsigned seccomp, filters;     /* Seccomp, Seccomp_filters (since 5.9) */
	bool kernel;	  /* a kernel thread (Kthread: since 6.8, else: no memory and a child of kthreadd) */
	char name[64];	  /* without the kernel's escapes */
	const char *cpus; /* Cpus_allowed_list, up to the end of the line, in the text; NULL: not known */
};

static inline bool status_has(const struct proc_status *status, enum status_line line)
{
	return status->has >> line & 1;
}

/* Reads TEXT, such a file. */
void status_parse(const char *text, struct proc_status *ret);

/* /proc/TID/status. 0 or -errno (-ESRCH, -ENOENT: gone). */
int proc_status(pid_t tid, struct proc_status *ret);

/* The same for the thread TID of TGID, with the file in TEXT: `cpus` is known, too. */
int proc_thread_status(pid_t tgid, pid_t tid, char text[PROC_STATUS_SIZE], struct proc_status *ret);

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
