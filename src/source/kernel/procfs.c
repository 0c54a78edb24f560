/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Reads what /proc tells of a task. */
#include "source/kernel/procfs.h"

#include <ctype.h>
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "base/mem.h"
#include "base/text.h"
#include "base/unescape.h"
#include "source/kernel/command.h"

/* include/linux/sched.h; they are among what /proc/TID/stat shows of a task's flags */
#define PF_EXITING 0x4
#define PF_IO_WORKER 0x10
#define PF_KTHREAD 0x200000

#define BIT(n) (1U << (n))
#define NS_ALL (BIT(NAMESPACE_COUNT) - 1)

#ifndef SYS_pidfd_open
#define SYS_pidfd_open 434 /* since 5.3, in case the C library's header is older */
#endif

bool proc_is_ours(void)
{
	static int ours = -1;
	char self[16] = "";

	if (ours < 0)
		ours = readlink("/proc/self", self, sizeof(self) - 1) > 0 && strtol(self, NULL, 10) == getpid();
	return ours;
}

int proc_number(pid_t tid)
{
	return proc_is_ours() ? tid : 0;
}

ssize_t proc_read(pid_t tid, const char *name, char *buffer, size_t size)
{
	size_t length = 0;
	char path[64];
	ssize_t n;
	int fd;

	snprintf(path, sizeof(path), "/proc/%d/%s", proc_number(tid), name);
	fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		return -errno;
	while (length < size - 1 && (n = read(fd, buffer + length, size - 1 - length)) != 0) {
		if (n < 0) {
			int error = errno;

			close(fd);
			return -error;
		}
		length += (size_t)n;
		if (length < size - 1) /* fs/seq_file.c fills the buffer as long as there is more */
			break;
	}
	close(fd);
	buffer[length] = '\0';
	return (ssize_t)length;
}

int proc_link(struct text *text, pid_t tid, const char *name)
{
	char path[64], target[4096];
	ssize_t n;

	snprintf(path, sizeof(path), "/proc/%d/%s", proc_number(tid), name);
	n = readlink(path, target, sizeof(target));
	if (n < 0)
		return -errno;
	text_add_bytes(text, target, (size_t)n);
	return 0;
}

/* Reads up to SIZE bytes of /proc/TID/NAME from OFFSET on. How many, or -errno. */
static ssize_t read_at(pid_t tid, const char *name, uint64_t offset, void *buffer, size_t size)
{
	char path[64];
	ssize_t n;
	int fd;

	snprintf(path, sizeof(path), "/proc/%d/%s", proc_number(tid), name);
	fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		return -errno;
	n = pread(fd, buffer, size, (off_t)offset);
	if (n < 0)
		n = -errno;
	close(fd);
	return n;
}

/* By the file: unlike process_vm_readv(2) it gives what there is up to the end of a mapping. */
ssize_t proc_peek(pid_t tid, uint64_t address, void *buffer, size_t size)
{
	return read_at(tid, "mem", address, buffer, size);
}

ssize_t proc_pagemap(pid_t tid, uint64_t page, uint64_t *to, size_t count)
{
	const ssize_t n = read_at(tid, "pagemap", page * sizeof(*to), to, count * sizeof(*to));

	return n < 0 ? n : n / (ssize_t)sizeof(*to);
}

/* What stands behind "KEY:" and its blanks; NULL when there is no such line. */
static const char *status_field(const char *status, const char *key)
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

static long status_number(const char *status, const char *key, int column)
{
	const char *at = status_field(status, key);

	for (; at && column > 0; column--) {
		at += strcspn(at, " \t\n");
		at += strspn(at, " \t");
	}
	return at ? strtol(at, NULL, 10) : 0;
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
	char status[8192];
	const char *at;
	ssize_t n = proc_read(tid, "status", status, sizeof(status));

	if (n < 0)
		return (int)n;
	memset(ret, 0, sizeof(*ret));
	ret->ids.tgid = (pid_t)status_number(status, "Tgid", 0);
	ret->ids.ppid = (pid_t)status_number(status, "PPid", 0);
	ret->tracer = (pid_t)status_number(status, "TracerPid", 0);
	ret->ids.ours = ret->tracer == getpid();
	ret->uid = (uid_t)status_number(status, "Uid", 0);
	ret->euid = (uid_t)status_number(status, "Uid", 1);
	ret->egid = (gid_t)status_number(status, "Gid", 1);
	ret->threads = (unsigned)status_number(status, "Threads", 0);
	ret->kernel = status_field(status, "Kthread") ? status_number(status, "Kthread", 0) == 1
						      : !status_field(status, "VmSize") && ret->ids.ppid == 2;
	at = status_field(status, "ShdPnd");
	ret->pending = at ? strtoull(at, NULL, 16) : 0;
	at = status_field(status, "SigPnd");
	ret->pending_own = at ? strtoull(at, NULL, 16) : 0;
	at = status_field(status, "SigBlk");
	ret->blocked = at ? strtoull(at, NULL, 16) : 0;
	at = status_field(status, "State");
	ret->ids.state = at ? *at : '?';
	status_nspids(status, "NStgid", &ret->ids.all);
	ret->nstgid = innermost(&ret->ids.all);
	status_nspids(status, "NSpid", &ret->ids.all);
	ret->ids.nspid = innermost(&ret->ids.all);
	ret->ids.depth = ret->ids.all.count;
	at = strncmp(status, "Name:\t", 6) ? "" : status + 6; /* blanks may be the name's */
	snprintf(ret->name, sizeof(ret->name), "%.*s", (int)strcspn(at, "\n"), at);
	unescape_name(ret->name);
	return 0;
}

/* The flags of the thread TID of TGID. That of the task: /proc/TID/stat adds up the times of all its process's threads.
 */
static bool task_flags(pid_t tgid, pid_t tid, unsigned *ret)
{
	char stat[1024], name[32];
	const char *at;

	snprintf(name, sizeof(name), "task/%d/stat", (int)tid);
	if (proc_read(tgid, name, stat, sizeof(stat)) < 0)
		return false;
	at = strrchr(stat, ')'); /* the name may hold anything */
	return at && sscanf(at + 1, " %*c %*d %*d %*d %*d %*d %u", ret) == 1;
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
	char path[64];
	struct stat st;
	pid_t *tids = NULL;
	ssize_t n;

	snprintf(path, sizeof(path), "/proc/%d/task", proc_number(tid));
	if (stat(path, &st) < 0)
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

int proc_pid_ns(pid_t tid, char *ret, size_t size)
{
	char path[64];
	ssize_t n;

	if (tid) {
		snprintf(path, sizeof(path), "/proc/%d/ns/pid_for_children", proc_number(tid));
		n = readlink(path, ret, size);
	} else {
		n = readlink("/proc/self/ns/pid", ret, size);
	}
	if (n < 0)
		return -errno;
	if ((size_t)n == size)
		return -ENAMETOOLONG;
	ret[n] = '\0';
	return 0;
}

/* The number in "mnt:[4026531841]", which is the text of the link NAME in the folder DIR. 0 and errno: the link cannot
 * be read. */
static uint64_t namespace_by_link(int dir, const char *name)
{
	const char *inode;
	char link[64];
	const ssize_t n = readlinkat(dir, name, link, sizeof(link) - 1);

	link[n > 0 ? n : 0] = '\0';
	inode = strchr(link, '[');
	return inode ? strtoull(inode + 1, NULL, 10) : 0;
}

/* A pidfd gives all namespaces for less than half of the cost of the links, which the kernel creates for each
 * process and removes at its end (since 6.11, pidfd_open(2) and ioctl_nsfs(2)). */
#define PIDFD_NS(ns) _IO(0xff, namespace_row(ns)->ioctl) /* <linux/pidfd.h> */

/* Whether RLIMIT_NOFILE allows so many descriptors that some can be kept only for speed. */
static bool has_many_descriptors(void)
{
	enum { DESCRIPTORS_MANY = 256 };
	struct rlimit files;

	return getrlimit(RLIMIT_NOFILE, &files) == 0 && files.rlim_cur >= DESCRIPTORS_MANY;
}

/* The kernel creates the inode of a namespace when somebody asks for it, and forgets the inode with its last
 * descriptor. So we hold our own namespaces open, because most tasks are in them. They exist as long as we do
 * anyway. */
static void hold_own_namespaces(void)
{
	static bool asked;
	char path[64];

	if (asked)
		return;
	asked = true;
	if (!has_many_descriptors())
		return;
	for (unsigned i = 0; i < NAMESPACE_KINDS; i++) {
		snprintf(path, sizeof(path), "/proc/self/ns/%s", namespace_key((enum namespace)i));
		open(path, O_RDONLY | O_CLOEXEC); /* until our end */
	}
}

/* Reads the namespaces in WHICH. Returns whether all are known. */
static bool namespaces_by_pidfd(pid_t tid, unsigned which, uint64_t ret[NAMESPACE_COUNT])
{
	static bool missing;
	bool all = true;
	struct stat st;
	int pidfd;

	if (missing || !proc_is_ours())
		return false;
	pidfd = (int)syscall(SYS_pidfd_open, tid, O_EXCL); /* PIDFD_THREAD, since 6.9 */
	if (pidfd < 0) {
		missing = errno == EINVAL || errno == ENOSYS || errno == EPERM;
		return false;
	}
	hold_own_namespaces();
	for (unsigned i = 0; i < NAMESPACE_COUNT && all; i++) {
		int fd;

		if (!(which & BIT(i)))
			continue;
		fd = ioctl(pidfd, PIDFD_NS(i), 0);
		all = fd >= 0;
		missing = !all && (errno == ENOTTY || errno == EINVAL || errno == EOPNOTSUPP);
		ret[i] = !all || fstat(fd, &st) < 0 ? 0 : st.st_ino;
		if (all)
			close(fd);
	}
	close(pidfd);
	/* a pid namespace for children that has no task yet: the link shows that */
	return all && ret[NAMESPACE_PID] == ret[NAMESPACE_PID_CHILDREN];
}

/* Reads the namespaces in WHICH from the folder PATH. Returns how many are known then. */
static unsigned namespaces_by_links(const char *path, unsigned which, uint64_t ret[NAMESPACE_COUNT])
{
	const int dir = open(path, O_PATH | O_DIRECTORY | O_CLOEXEC);
	unsigned known = 0;

	for (unsigned i = 0; dir >= 0 && i < NAMESPACE_COUNT; i++) {
		errno = 0;
		if (which & BIT(i))
			ret[i] = namespace_by_link(dir, namespace_key((enum namespace)i));
		known += ret[i] != 0;
		if (errno == EACCES)
			which = 0; /* all other links are refused, too */
	}
	if (dir >= 0)
		close(dir);
	return known;
}

unsigned proc_namespaces(pid_t tid, uint64_t ret[NAMESPACE_COUNT])
{
	char path[64] = "/proc/self/ns";

	if (tid && namespaces_by_pidfd(tid, NS_ALL, ret))
		return NAMESPACE_COUNT;
	memset(ret, 0, NAMESPACE_COUNT * sizeof(*ret));
	if (tid)
		snprintf(path, sizeof(path), "/proc/%d/ns", proc_number(tid));
	return namespaces_by_links(path, NS_ALL, ret);
}

unsigned proc_thread_namespaces(pid_t tgid, pid_t tid, const uint64_t leader[NAMESPACE_COUNT],
				uint64_t ret[NAMESPACE_COUNT])
{
	unsigned which = 0;
	char path[64];

	for (unsigned i = 0; i < NAMESPACE_COUNT; i++)
		which |= namespace_row(i)->process ? 0 : BIT(i);
	memcpy(ret, leader, NAMESPACE_COUNT * sizeof(*ret));
	if (namespaces_by_pidfd(tid, which, ret))
		return NAMESPACE_COUNT;
	for (unsigned i = 0; i < NAMESPACE_COUNT; i++)
		ret[i] = which & BIT(i) ? 0 : leader[i];
	snprintf(path, sizeof(path), "/proc/%d/task/%d/ns", proc_number(tgid), (int)tid);
	return namespaces_by_links(path, which, ret);
}

/* Whether the set of signals under KEY has SIGNO. */
static bool status_has_signal(const char *status, const char *key, int signo)
{
	const char *at = status_field(status, key);

	return at && strtoull(at, NULL, 16) >> (signo - 1) & 1;
}

int proc_action(pid_t tid, int signo, struct stop_action *ret)
{
	char status[8192];
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
	char status[8192];
	ssize_t n = proc_read(tid, "status", status, sizeof(status));

	if (n < 0)
		return (int)n;
	if (!status_field(status, "Seccomp_filters"))
		return -ENODATA;
	*ret = (unsigned)status_number(status, "Seccomp_filters", 0);
	return 0;
}

int proc_memory(pid_t tid, struct stop_memory *ret)
{
	char status[8192];
	ssize_t n = proc_read(tid, "status", status, sizeof(status));

	if (n < 0)
		return (int)n;
	if (!status_field(status, "VmPTE") || !status_field(status, "VmRSS"))
		return -ENODATA;
	ret->page_tables = (uint64_t)status_number(status, "VmPTE", 0) * 1024; /* its kB are KiB */
	ret->resident = (uint64_t)status_number(status, "VmRSS", 0) * 1024;
	return 0;
}

/* Adds what there is to be read of /proc/TID/NAME, LIMIT bytes at most. 0 or -errno. */
static int read_all(struct text *text, pid_t tid, const char *name, size_t limit)
{
	char path[64], part[16384];
	ssize_t n = 1;
	int fd;

	snprintf(path, sizeof(path), "/proc/%d/%s", proc_number(tid), name);
	fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		return -errno;
	while (limit && (n = read(fd, part, limit < sizeof(part) ? limit : sizeof(part))) > 0) {
		text_add_bytes(text, part, (size_t)n);
		limit -= (size_t)n;
	}
	if (n < 0)
		n = -errno;
	close(fd);
	return n < 0 ? (int)n : 0;
}

int proc_arguments(struct text *text, pid_t tid, bool *ret_cut)
{
	const size_t start = text->length;
	int r = read_all(text, tid, "cmdline", ARGUMENTS_MAX + 1);

	*ret_cut = text->length - start > ARGUMENTS_MAX;
	if (*ret_cut)
		text_cut(text, start + ARGUMENTS_MAX);
	if (text->length > start && text->data[text->length - 1])
		text_add_bytes(text, "", 1);
	return r;
}

int proc_command_of(struct text *text, pid_t tid, const struct text *arguments, bool *ret_cut)
{
	const size_t begin = text->length;
	char name[64];
	ssize_t n;

	*ret_cut = command_add(text, text_get(arguments), arguments->length);
	if (text->length > begin)
		return 0;
	n = proc_read(tid, "comm", name, sizeof(name));
	if (n < 0)
		return (int)n;
	name[n > 0 ? n - 1 : 0] = '\0'; /* a newline; others are the name's */
	text_addf(text, "[%s]", name);
	return 0;
}

int proc_command(struct text *text, pid_t tid, bool *ret_cut)
{
	struct text arguments = TEXT_INIT;
	int r = proc_arguments(&arguments, tid, ret_cut);

	if (!r)
		r = proc_command_of(text, tid, &arguments, ret_cut);
	text_done(&arguments);
	return r;
}

int proc_file(pid_t tid, struct stat *ret)
{
	char path[64];

	snprintf(path, sizeof(path), "/proc/%d/exe", proc_number(tid));
	return stat(path, ret) < 0 ? -errno : 0;
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
	char path[64];
	int r;

	snprintf(path, sizeof(path), "/proc/%d", proc_number(tid));
	if (stat(path, &folder) < 0)
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

/* A growing list of numbers. */
struct list {
	pid_t *pids;
	size_t count, size;
};

static void list_add(struct list *list, pid_t pid)
{
	if (list->count == list->size) {
		list->size = list->size ? list->size * 2 : 16;
		list->pids = mem_resize(list->pids, list->size, sizeof(*list->pids));
	}
	list->pids[list->count++] = pid;
}

/* The entries of directory PATH that are numbers. */
static int list_directory(struct list *list, const char *path)
{
	struct dirent *entry;
	DIR *dir = opendir(path);

	if (!dir)
		return -errno;
	while ((entry = readdir(dir))) {
		if (isdigit((unsigned char)entry->d_name[0]))
			list_add(list, (pid_t)strtol(entry->d_name, NULL, 10));
	}
	closedir(dir);
	return 0;
}

ssize_t proc_tasks(pid_t tgid, pid_t **ret)
{
	struct list list = { 0 };
	char path[64];
	int r;

	snprintf(path, sizeof(path), "/proc/%d/task", proc_number(tgid));
	r = list_directory(&list, path);
	if (r < 0) {
		free(list.pids);
		return r;
	}
	*ret = list.pids;
	return (ssize_t)list.count;
}

bool proc_has_thread(pid_t tgid, pid_t tid)
{
	char path[64];

	snprintf(path, sizeof(path), "/proc/%d/task/%d", proc_number(tgid), (int)tid);
	return access(path, F_OK) == 0;
}

/* The numbers in /proc/TGID/task/TID/children. A file with more than the buffer holds is read in pieces. */
static int list_children_file(struct list *list, pid_t tgid, pid_t tid)
{
	char path[96];
	FILE *file;
	int pid;

	snprintf(path, sizeof(path), "/proc/%d/task/%d/children", proc_number(tgid), (int)tid);
	file = fopen(path, "re");
	if (!file)
		return -errno;
	while (fscanf(file, "%d", &pid) == 1)
		list_add(list, pid);
	fclose(file);
	return 0;
}

ssize_t proc_task_children(pid_t tgid, pid_t tid, pid_t **ret)
{
	struct list list = { 0 };
	int r = list_children_file(&list, tgid, tid);

	if (r < 0) {
		free(list.pids);
		return r;
	}
	*ret = list.pids;
	return (ssize_t)list.count;
}

static void list_children_by_ppid(struct list *list, pid_t tgid)
{
	struct list all = { 0 };
	struct proc_status status;

	list_directory(&all, "/proc");
	for (size_t i = 0; i < all.count; i++) {
		if (!proc_status(all.pids[i], &status) && status.ids.ppid == tgid)
			list_add(list, all.pids[i]);
	}
	free(all.pids);
}

ssize_t proc_children(pid_t tgid, pid_t **ret)
{
	struct list list = { 0 };
	pid_t *tasks = NULL;
	ssize_t n = proc_tasks(tgid, &tasks);
	bool readable = false;

	if (n < 0)
		return n;
	for (ssize_t i = 0; i < n; i++)
		readable |= !list_children_file(&list, tgid, tasks[i]);
	free(tasks);
	if (!readable)
		list_children_by_ppid(&list, tgid);
	*ret = list.pids;
	return (ssize_t)list.count;
}

/* A leader that has ended is a zombie, too, while other threads live. */
static bool has_ended(pid_t tgid)
{
	struct proc_status status;
	pid_t *tasks = NULL;
	bool ended = !proc_status(tgid, &status) && status.ids.state == 'Z' && proc_tasks(tgid, &tasks) == 1;

	free(tasks);
	return ended;
}

int proc_unreaped(pid_t tid, unsigned *ret)
{
	struct list list = { 0 };
	pid_t *tasks = NULL;
	ssize_t n = proc_tasks(tid, &tasks);
	int result = n < 0 ? (int)n : 0;

	for (ssize_t i = 0; i < n && !result; i++)
		result = list_children_file(&list, tid, tasks[i]);
	free(tasks);
	*ret = 0;
	for (size_t i = 0; i < list.count && !result; i++)
		*ret += has_ended(list.pids[i]);
	free(list.pids);
	return result;
}

/* One read gives no more than a page of it. */
int proc_maps(struct text *text, pid_t tid)
{
	return read_all(text, tid, "maps", SIZE_MAX);
}
