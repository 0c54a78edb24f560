/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Reads /proc/TID/status. */
#include "source/kernel/procfs/status.h"

#include <ctype.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "base/unescape.h"
#include "source/kernel/procfs/path.h"
#include "source/kernel/procfs/tasks.h"

const char *status_field(const char *status, const char *key)
{
	size_t length = strlen(key);

	for (const char *line = status; line; line = strchr(line, '\n')) {
		if (*line == '\n')
			line++;
		if (!strncmp(line, key, length) && line[length] == ':')
			return line + length + 1 + strspn(line + length + 1, " \t");
	}
	return NULL;
}

bool status_number(const char *status, const char *key, int column, int base, uint64_t *ret)
{
	const char *at = status_field(status, key);

	for (; at && column > 0; column--) {
		at += strcspn(at, " \t\n");
		at += strspn(at, " \t");
	}
	if (!at || !isxdigit((unsigned char)*at))
		return false;
	*ret = strtoull(at, NULL, base);
	return true;
}

/* 0: there is none. */
static uint64_t number_or_zero(const char *status, const char *key, int column, int base)
{
	uint64_t number = 0;

	status_number(status, key, column, base, &number);
	return number;
}

unsigned status_columns(const char *status, const char *key)
{
	const char *at = status_field(status, key);
	unsigned columns = 0;

	while (at && isdigit((unsigned char)*at)) {
		columns++;
		at += strspn(at, "0123456789");
		at += strspn(at, " \t");
	}
	return columns;
}

/* Blanks at its beginning may be the name's. */
void status_name(const char *status, char *ret, size_t size)
{
	const char *at = strncmp(status, "Name:\t", 6) ? "" : status + 6;

	snprintf(ret, size, "%.*s", (int)strcspn(at, "\n"), at);
	unescape_name(ret);
}

/* The numbers under KEY. */
static void status_nspids(const char *status, const char *key, struct nspids *ret)
{
	const char *at = status_field(status, key);

	ret->count = 0;
	while (at && isdigit((unsigned char)*at) && ret->count < EVENT_NSPIDS_MAX) {
		ret->list[ret->count++] = (pid_t)strtol(at, NULL, 10);
		at += strspn(at, "0123456789");
		at += strspn(at, " \t");
	}
}

/* In the innermost pid namespace; 0: not known. */
static pid_t innermost(const struct nspids *nspids)
{
	return nspids->count ? nspids->list[nspids->count - 1] : 0;
}

int proc_status(pid_t tid, struct proc_status *ret)
{
	char status[PROC_STATUS_SIZE];
	const char *at;
	ssize_t n = proc_read(tid, "status", status, sizeof(status));

	if (n < 0)
		return (int)n;
	memset(ret, 0, sizeof(*ret));
	ret->ids.tgid = (pid_t)number_or_zero(status, "Tgid", 0, 10);
	ret->ids.ppid = (pid_t)number_or_zero(status, "PPid", 0, 10);
	ret->tracer = (pid_t)number_or_zero(status, "TracerPid", 0, 10);
	ret->ids.ours = ret->tracer == getpid();
	ret->uid = (uid_t)number_or_zero(status, "Uid", 0, 10);
	ret->euid = (uid_t)number_or_zero(status, "Uid", 1, 10);
	ret->egid = (gid_t)number_or_zero(status, "Gid", 1, 10);
	ret->threads = (unsigned)number_or_zero(status, "Threads", 0, 10);
	ret->kernel = status_field(status, "Kthread") ? number_or_zero(status, "Kthread", 0, 10) == 1
						      : !status_field(status, "VmSize") && ret->ids.ppid == 2;
	ret->pending = number_or_zero(status, "ShdPnd", 0, 16);
	ret->pending_own = number_or_zero(status, "SigPnd", 0, 16);
	ret->blocked = number_or_zero(status, "SigBlk", 0, 16);
	at = status_field(status, "State");
	ret->ids.state = at ? *at : '?';
	status_nspids(status, "NStgid", &ret->ids.all);
	ret->nstgid = innermost(&ret->ids.all);
	status_nspids(status, "NSpid", &ret->ids.all);
	ret->ids.nspid = innermost(&ret->ids.all);
	ret->ids.depth = ret->ids.all.count;
	status_name(status, ret->name, sizeof(ret->name));
	return 0;
}

/* Whether the set of signals under KEY has SIGNO. */
static bool status_has_signal(const char *status, const char *key, int signo)
{
	return number_or_zero(status, key, 0, 16) >> (signo - 1) & 1;
}

int proc_action(pid_t tid, int signo, struct stop_action *ret)
{
	char status[PROC_STATUS_SIZE];
	ssize_t n = proc_read(tid, "status", status, sizeof(status));

	if (n < 0)
		return (int)n;
	if (signo < 1 || signo > 64 || !status_field(status, "SigCgt"))
		return -EINVAL;
	ret->caught = status_has_signal(status, "SigCgt", signo);
	ret->ignored = status_has_signal(status, "SigIgn", signo);
	return 0;
}

/* While a task waits for signals by sigtimedwait(2), they are not blocked; but it takes them there, and nobody dies of
 * them (kernel/signal.c: real_blocked). */
static bool waits_for_signals(pid_t tid)
{
	char call[32];

	return proc_read(tid, "syscall", call, sizeof(call)) > 0 && strtol(call, NULL, 10) == SYS_rt_sigtimedwait;
}

static bool takes_signal(pid_t tid, int signo)
{
	struct proc_status status;

	return !proc_status(tid, &status) && !strchr("ZX", status.ids.state) && !(status.blocked >> (signo - 1) & 1) &&
	       !waits_for_signals(tid);
}

bool proc_is_fatal(pid_t tid, int signo)
{
	struct stop_action action;
	struct proc_status status;
	pid_t *tids = NULL;
	bool taken = false;
	ssize_t n;

	if (proc_action(tid, signo, &action) < 0 || action.caught || action.ignored || proc_status(tid, &status) < 0)
		return false;
	n = proc_tasks(status.ids.tgid, &tids);
	for (ssize_t i = 0; i < n && !taken; i++)
		taken = tids[i] != tid && takes_signal(tids[i], signo);
	free(tids);
	return taken;
}

int proc_filters(pid_t tid, unsigned *ret)
{
	char status[PROC_STATUS_SIZE];
	uint64_t filters;
	ssize_t n = proc_read(tid, "status", status, sizeof(status));

	if (n < 0)
		return (int)n;
	if (!status_number(status, "Seccomp_filters", 0, 10, &filters))
		return -ENODATA;
	*ret = (unsigned)filters;
	return 0;
}

int proc_memory(pid_t tid, struct stop_memory *ret)
{
	char status[PROC_STATUS_SIZE];
	uint64_t tables, resident;
	ssize_t n = proc_read(tid, "status", status, sizeof(status));

	if (n < 0)
		return (int)n;
	if (!status_number(status, "VmPTE", 0, 10, &tables) || !status_number(status, "VmRSS", 0, 10, &resident))
		return -ENODATA;
	ret->page_tables = tables * 1024; /* its kB are KiB */
	ret->resident = resident * 1024;
	return 0;
}

int proc_file(pid_t tid, struct stat *ret)
{
	char path[PROC_PATH_SIZE];

	return stat(proc_path(path, tid, "exe"), ret) < 0 ? -errno : 0;
}

void proc_set_id(pid_t tid, const struct stat *file, struct stop_set_id *ret)
{
	struct proc_status status;

	*ret = (struct stop_set_id){ 0 };
	if (!file || !(file->st_mode & (S_ISUID | S_ISGID)) || proc_status(tid, &status) < 0)
		return;
	if ((file->st_mode & S_ISUID) && status.euid != file->st_uid)
		*ret = (struct stop_set_id){ true, file->st_uid, status.euid };
	else if ((file->st_mode & S_ISGID) && (file->st_mode & S_IXGRP) && status.egid != file->st_gid)
		*ret = (struct stop_set_id){ true, file->st_gid, status.egid };
}

/* The folder's owner is the effective user, unless the program is one that its user may not read: then it is root
 * (proc(5), fs/exec.c: would_dump()). Asking for that is a tenth of what reading the status costs. */
int proc_user(pid_t tid, const struct stat *file, uid_t *ret)
{
	struct proc_status status;
	struct stat folder;
	char path[PROC_PATH_SIZE];
	int r;

	if (stat(proc_path(path, tid, ""), &folder) < 0)
		return -errno;
	if (file && file->st_mode & S_IROTH) {
		*ret = folder.st_uid;
		return 0;
	}
	r = proc_status(tid, &status);
	if (!r)
		*ret = status.euid;
	return r;
}
