/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Reads /proc/TID/status. */
#include "source/kernel/procfs/status.h"

#include <errno.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "base/unescape.h"
#include "source/kernel/procfs/call.h"
#include "source/kernel/procfs/fields.h"
#include "source/kernel/procfs/path.h"
#include "source/kernel/procfs/tasks.h"

/* Blanks at its beginning may be the name's. */
static void take_name(const char *value, struct proc_status *ret)
{
	value += *value == '\t';
	snprintf(ret->name, sizeof(ret->name), "%.*s", (int)strcspn(value, "\n"), value);
	unescape_name(ret->name);
}

static void take_state(const char *value, struct proc_status *ret)
{
	ret->ids.state = *fields_word(value);
}

static void take_nspids(const char *value, struct nspids *ret)
{
	uint64_t list[EVENT_NSPIDS_MAX];

	ret->count = fields_numbers(value, 10, EVENT_NSPIDS_MAX, list);
	for (unsigned i = 0; i < ret->count; i++)
		ret->list[i] = (pid_t)list[i];
}

/* In the innermost pid namespace; 0: not known. */
static pid_t innermost(const struct nspids *nspids)
{
	return nspids->count ? nspids->list[nspids->count - 1] : 0;
}

static void take_nstgid(const char *value, struct proc_status *ret)
{
	struct nspids all;

	take_nspids(value, &all);
	ret->nstgid = innermost(&all);
}

static void take_nspid(const char *value, struct proc_status *ret)
{
	take_nspids(value, &ret->ids.all);
	ret->ids.nspid = innermost(&ret->ids.all);
	ret->ids.depth = ret->ids.all.count;
}

static void take_kernel(const char *value, struct proc_status *ret)
{
	uint64_t number;

	ret->kernel = fields_numbers(value, 10, 1, &number) && number == 1;
}

static void take_cpus(const char *value, struct proc_status *ret)
{
	const char *word = fields_word(value);

	ret->cpus = *word && *word != '\n' ? word : NULL;
}

#define TAKEN(key, take)               \
	{                              \
		key, take, 0, 0, 0, 0, \
	}
#define NUMBERS(key, base, count, member)                                                       \
	{                                                                                       \
		key, NULL, base, count, sizeof(((struct proc_status *)NULL)->member) / (count), \
			offsetof(struct proc_status, member),                                   \
	}
#define NUMBER(key, base, member) NUMBERS(key, base, 1, member)

/* In the kernel's order (fs/proc/array.c: proc_pid_status()). A line is taken by its function, or its numbers are
 * stored in its member. */
static const struct line {
	const char *key;
	void (*take)(const char *value, struct proc_status *ret);
	int base;
	unsigned count;
	size_t size, offset; /* of the first one: 4 or 8 bytes */
} lines[STATUS_LINES] = {
	[STATUS_NAME] = TAKEN("Name", take_name),
	[STATUS_STATE] = TAKEN("State", take_state),
	[STATUS_TGID] = NUMBER("Tgid", 10, ids.tgid),
	[STATUS_PPID] = NUMBER("PPid", 10, ids.ppid),
	[STATUS_TRACER] = NUMBER("TracerPid", 10, tracer),
	[STATUS_UIDS] = NUMBERS("Uid", 10, ID_COUNT, uids),
	[STATUS_GIDS] = NUMBERS("Gid", 10, ID_COUNT, gids),
	[STATUS_NSTGID] = TAKEN("NStgid", take_nstgid),
	[STATUS_NSPID] = TAKEN("NSpid", take_nspid),
	[STATUS_KERNEL] = TAKEN("Kthread", take_kernel),
	[STATUS_RESIDENT] = NUMBER("VmRSS", 10, resident),
	[STATUS_PAGE_TABLES] = NUMBER("VmPTE", 10, tables),
	[STATUS_THREADS] = NUMBER("Threads", 10, threads),
	[STATUS_PENDING_OWN] = NUMBER("SigPnd", 16, pending_own),
	[STATUS_PENDING] = NUMBER("ShdPnd", 16, pending),
	[STATUS_BLOCKED] = NUMBER("SigBlk", 16, blocked),
	[STATUS_IGNORED] = NUMBER("SigIgn", 16, ignored),
	[STATUS_CAUGHT] = NUMBER("SigCgt", 16, caught),
	[STATUS_PERMITTED] = NUMBER("CapPrm", 16, permitted),
	[STATUS_EFFECTIVE] = NUMBER("CapEff", 16, effective),
	[STATUS_SECCOMP] = NUMBER("Seccomp", 10, seccomp),
	[STATUS_FILTERS] = NUMBER("Seccomp_filters", 10, filters),
	[STATUS_CPUS] = TAKEN("Cpus_allowed_list", take_cpus),
};

/* False: the line does not have all its numbers. */
static bool store_numbers(const struct line *line, const char *value, struct proc_status *ret)
{
	uint64_t numbers[ID_COUNT];
	char *member = (char *)ret + line->offset;

	if (fields_numbers(value, line->base, line->count, numbers) < line->count)
		return false;
	for (unsigned i = 0; i < line->count; i++) {
		const uint32_t narrow = (uint32_t)numbers[i];

		memcpy(member + i * line->size, line->size == sizeof(narrow) ? (const void *)&narrow : &numbers[i],
		       line->size);
	}
	return true;
}

void status_parse(const char *text, struct proc_status *ret)
{
	const char *from = text;

	*ret = (struct proc_status){ .ids.state = '?' };
	for (unsigned i = 0; i < STATUS_LINES; i++) {
		const struct line *line = &lines[i];
		const char *value = fields_find(text, &from, line->key);

		if (!value)
			continue;
		if (line->take)
			line->take(value, ret);
		if (line->take || store_numbers(line, value, ret))
			ret->has |= UINT32_C(1) << i;
	}
	ret->ids.ours = ret->tracer == getpid();
	if (!status_has(ret, STATUS_KERNEL))
		ret->kernel = !status_has(ret, STATUS_RESIDENT) && ret->ids.ppid == 2;
}

int proc_thread_status(pid_t tgid, pid_t tid, char text[PROC_STATUS_SIZE], struct proc_status *ret)
{
	const ssize_t n = proc_read_thread(tgid, tid, "status", text, PROC_STATUS_SIZE);

	if (n < 0)
		return (int)n;
	status_parse(text, ret);
	return 0;
}

int proc_status(pid_t tid, struct proc_status *ret)
{
	char text[PROC_STATUS_SIZE];
	const int r = proc_thread_status(tid, tid, text, ret);

	if (!r)
		ret->cpus = NULL;
	return r;
}

int proc_action(pid_t tid, int signo, struct stop_action *ret)
{
	struct proc_status status;
	const int r = proc_status(tid, &status);

	if (r < 0)
		return r;
	if (signo < 1 || signo > 64 || !status_has(&status, STATUS_CAUGHT))
		return -EINVAL;
	ret->caught = status.caught >> (signo - 1) & 1;
	ret->ignored = status.ignored >> (signo - 1) & 1;
	return 0;
}

/* While a task waits for signals by sigtimedwait(2), they are not blocked; but it takes them there, and nobody dies of
 * them (kernel/signal.c: real_blocked). */
static bool waits_for_signals(pid_t tid)
{
	struct stop_call call;

	return !proc_call(tid, &call) && call.nr == SYS_rt_sigtimedwait;
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
	struct proc_status status;
	const int r = proc_status(tid, &status);

	if (r < 0)
		return r;
	if (!status_has(&status, STATUS_FILTERS))
		return -ENODATA;
	*ret = status.filters;
	return 0;
}

int proc_memory(pid_t tid, struct stop_memory *ret)
{
	struct proc_status status;
	const int r = proc_status(tid, &status);

	if (r < 0)
		return r;
	if (!status_has(&status, STATUS_PAGE_TABLES) || !status_has(&status, STATUS_RESIDENT))
		return -ENODATA;
	ret->page_tables = status.tables * 1024; /* its kB are KiB */
	ret->resident = status.resident * 1024;
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
	if ((file->st_mode & S_ISUID) && status.uids[ID_EFFECTIVE] != file->st_uid)
		*ret = (struct stop_set_id){ true, file->st_uid, status.uids[ID_EFFECTIVE] };
	else if ((file->st_mode & S_ISGID) && (file->st_mode & S_IXGRP) && status.gids[ID_EFFECTIVE] != file->st_gid)
		*ret = (struct stop_set_id){ true, file->st_gid, status.gids[ID_EFFECTIVE] };
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
		*ret = status.uids[ID_EFFECTIVE];
	return r;
}
