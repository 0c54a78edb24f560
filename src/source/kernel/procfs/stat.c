/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Reads /proc/TID/stat. */
#include "source/kernel/procfs/stat.h"

#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "source/kernel/procfs/path.h"
#include "source/kernel/procfs/status.h"
#include "source/kernel/procfs/tasks.h"

/* Fields by their numbers in proc_pid_stat(5). */
enum { STAT_PPID = 4, STAT_FLAGS = 9, STAT_NICE = 19, STAT_NLWP, STAT_START = 22, STAT_PRIORITY = 40, STAT_POLICY };

/* Reads LINE, such a file. 0 or -EINVAL. */
static int parse(const char *line, struct proc_stat *ret)
{
	unsigned long long fields[STAT_POLICY + 1];
	const char *at = strrchr(line, ')'); /* the name may hold anything */
	char *end;

	if (!at || at[1] != ' ' || !at[2])
		return -EINVAL;
	ret->state = at[2];
	at += 3;
	for (unsigned i = STAT_PPID; i <= STAT_POLICY; i++, at = end) {
		fields[i] = strtoull(at, &end, 10); /* negative ones, too */
		if (end == at)
			return -EINVAL;
	}
	ret->ppid = (pid_t)fields[STAT_PPID];
	ret->flags = (unsigned)fields[STAT_FLAGS];
	ret->nice = (int)fields[STAT_NICE];
	ret->nlwp = (unsigned)fields[STAT_NLWP];
	ret->start = fields[STAT_START];
	ret->priority = (int)fields[STAT_PRIORITY];
	ret->policy = (int)fields[STAT_POLICY];
	return 0;
}

int proc_stat(pid_t tgid, pid_t tid, struct proc_stat *ret)
{
	char line[1024];
	const ssize_t n = proc_read_thread(tgid, tid, "stat", line, sizeof(line));

	return n < 0 ? (int)n : parse(line, ret);
}

/* The flags of the thread TID of TGID. The file is the task's own, because /proc/TID/stat adds up the times of all
 * threads of the process. */
static bool task_flags(pid_t tgid, pid_t tid, unsigned *ret)
{
	char line[1024], name[32];
	struct proc_stat stat;

	snprintf(name, sizeof(name), "task/%d/stat", (int)tid);
	if (proc_read(tgid, name, line, sizeof(line)) < 0 || parse(line, &stat) < 0)
		return false;
	*ret = stat.flags;
	return true;
}

bool proc_is_ending(pid_t tid)
{
	unsigned flags;

	return !task_flags(tid, tid, &flags) || flags & PF_EXITING;
}

bool proc_is_worker(pid_t tgid, pid_t tid)
{
	unsigned flags;

	return task_flags(tgid, tid, &flags) && (flags & (PF_IO_WORKER | PF_KTHREAD)) == PF_IO_WORKER;
}

/* The folder of tasks has two links, and one for each (fs/proc/base.c: proc_task_getattr()). */
int proc_workers(pid_t tid, unsigned known, bool (*is_known)(const void *data, pid_t tid), const void *data,
		 unsigned *ret)
{
	char path[PROC_PATH_SIZE];
	struct stat st;
	pid_t *tids = NULL;
	ssize_t n;

	if (stat(proc_path(path, tid, "task"), &st) < 0)
		return -errno;
	*ret = 0;
	if (st.st_nlink > 2 && st.st_nlink - 2 <= known)
		return 0;
	n = proc_tasks(tid, &tids);
	for (ssize_t i = 0; i < n; i++)
		*ret += !is_known(data, tids[i]) && proc_is_worker(tid, tids[i]);
	free(tids);
	return n < 0 ? (int)n : 0;
}

enum stop_life proc_life(pid_t tid)
{
	const uint64_t killed = UINT64_C(1) << (SIGKILL - 1);
	struct proc_status status;

	if (proc_is_ending(tid) || proc_status(tid, &status) < 0 || (status.pending | status.pending_own) & killed ||
	    strchr("tTZX", status.ids.state))
		return STOP_ENDING;
	return status.ids.state == 'R' ? STOP_RUNNING : STOP_SLEEPING;
}
