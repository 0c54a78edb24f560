/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Reads /proc, and asks kcmp(2), about every task.
 *
 * A tid may be used again between two readings: so each task's begin is read first and last, and who has another one by
 * then, or is on its way out, is left out. */
#include "source/snapshot/scan.h"

#include <ctype.h>
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/kcmp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/mem.h"
#include "base/text.h"
#include "base/unescape.h"
#include "snapshot/sharing.h"
#include "source/kernel/command.h"
#include "source/kernel/crew.h"
#include "source/kernel/hidden.h"
#include "source/kernel/kcmp.h"

/* include/linux/sched.h; /proc/TID/stat shows them. */
#define PF_EXITING 0x4
#define PF_IO_WORKER 0x10
#define PF_KTHREAD 0x200000

#define TRIES 100 /* to look at a process that changes each time */

static const int kcmp_types[SNAP_OBJECT_COUNT] = {
	[SNAP_MEMORY] = KCMP_VM,       [SNAP_FILES] = KCMP_FILES,     [SNAP_FS] = KCMP_FS,
	[SNAP_SIGHAND] = KCMP_SIGHAND, [SNAP_SYSVSEM] = KCMP_SYSVSEM, [SNAP_IO] = KCMP_IO,
};

#define PATH_SIZE 64

/* Where NAME of TASK is. A leader's own folder says the same of it as its folder among the tasks, and is there
 * already: for each folder and file that is asked for the kernel makes an inode. */
static const char *task_path(const struct snap_task *task, const char *name, char path[PATH_SIZE])
{
	if (task->tid == task->tgid)
		snprintf(path, PATH_SIZE, "/proc/%d/%s", (int)task->tgid, name);
	else
		snprintf(path, PATH_SIZE, "/proc/%d/task/%d/%s", (int)task->tgid, (int)task->tid, name);
	return path;
}

/* Reads up to SIZE - 1 bytes of NAME in the directory of TASK. Returns the length or -errno. */
static ssize_t read_file(const struct snap_task *task, const char *name, char *buffer, size_t size)
{
	size_t length = 0;
	char path[PATH_SIZE];
	ssize_t n;
	int fd;

	fd = open(task_path(task, name, path), O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		return -errno;
	while (length < size - 1 && (n = read(fd, buffer + length, size - 1 - length)) != 0) {
		if (n < 0) {
			const int error = errno;

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

/* ---- /proc/PID/task/TID/stat ---- */

struct stat_line {
	char state;
	pid_t ppid;
	unsigned flags, nlwp;
	int nice, priority, policy;
	unsigned long long start;
};

/* Fields by their numbers in proc_pid_stat(5). */
enum { STAT_PPID = 4, STAT_FLAGS = 9, STAT_NICE = 19, STAT_NLWP, STAT_START = 22, STAT_PRIORITY = 40, STAT_POLICY };

static int read_stat(const struct snap_task *task, struct stat_line *ret)
{
	unsigned long long fields[STAT_POLICY + 1];
	char line[1024], *at, *end;
	const ssize_t n = read_file(task, "stat", line, sizeof(line));

	if (n < 0)
		return (int)n;
	at = strrchr(line, ')'); /* the name may hold anything */
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

static void take_stat(struct snap_task *task, const struct stat_line *line)
{
	task->state = line->state;
	task->ppid = line->ppid;
	task->nlwp = line->nlwp;
	task->nice = line->nice;
	task->priority = line->priority;
	task->policy = line->policy;
	task->start = line->start;
	task->kernel = line->flags & PF_KTHREAD;
	task->worker = line->flags & PF_IO_WORKER && !task->kernel;
}

/* TASK is gone if its tid belongs to another task now, or if it has begun to end. A zombie is gone if it is not a
 * zombie any more. */
static void check_gone(struct snap_task *task)
{
	struct stat_line line;

	if (read_stat(task, &line) < 0 || line.start != task->start)
		task->gone = true;
	else if (task->state == 'Z' ? line.state != 'Z' : (line.flags & PF_EXITING) != 0)
		task->gone = true;
}

/* ---- what else there is ---- */

/* What stands behind "KEY:" and its blanks, or "". */
static const char *field(const char *status, const char *key)
{
	const size_t length = strlen(key);

	for (const char *line = status; line; line = strchr(line, '\n')) {
		line += *line == '\n';
		if (!strncmp(line, key, length) && line[length] == ':')
			return line + length + 1 + strspn(line + length + 1, " \t");
	}
	return "";
}

static int read_status(struct snap_task *task)
{
	char status[8192];
	const ssize_t n = read_file(task, "status", status, sizeof(status));
	const char *at;
	size_t length;

	if (n < 0)
		return (int)n;
	at = strncmp(status, "Name:\t", 6) ? "" : status + 6; /* blanks may be the name's */
	snprintf(task->name, sizeof(task->name), "%.*s", (int)strcspn(at, "\n"), at);
	unescape_name(task->name);
	at = field(status, "Uid");
	at += strcspn(at, "\t");
	task->uid = (uid_t)strtoul(at, NULL, 10);
	at = field(status, "NSpid");
	length = strcspn(at, "\n");
	while (length && isdigit((unsigned char)at[length - 1]))
		length--;
	if (isdigit((unsigned char)at[length]))
		task->nspid = (pid_t)strtol(at + length, NULL, 10);
	task->capabilities = strtoull(field(status, "CapEff"), NULL, 16);
	at = field(status, "Cpus_allowed_list");
	length = strcspn(at, "\n");
	if (length) {
		task->cpus = mem_alloc(length + 1);
		memcpy(task->cpus, at, length);
		task->cpus[length] = '\0';
	}
	return 0;
}

/* The arguments with blanks between them; "[name]" where there are none. */
static void read_command(struct snap_task *task)
{
	struct text command = TEXT_INIT;
	char line[COMMAND_READ + 1];
	ssize_t n = read_file(task, "cmdline", line, sizeof(line));

	task->command_cut = command_add(&command, line, n > 0 ? (size_t)n : 0);
	if (!command.length)
		text_addf(&command, "[%s]", task->name);
	task->command = mem_strdup(text_get(&command));
	text_done(&command);
}

/* "mnt:[4026531841]" */
static void read_namespaces(struct snap_task *task)
{
	for (unsigned i = 0; i < NAMESPACE_KINDS; i++) {
		char path[PATH_SIZE], name[32], link[64];
		const char *inode;
		ssize_t n;

		snprintf(name, sizeof(name), "ns/%s", namespace_key(i));
		n = readlink(task_path(task, name, path), link, sizeof(link) - 1);
		if (n < 0 && errno == EACCES)
			break; /* it is the same for all of them */
		if (n < 0)
			continue;
		link[n] = '\0';
		inode = strchr(link, '[');
		task->ns[i] = inode ? strtoull(inode + 1, NULL, 10) : 0;
	}
}

static void read_task(struct snap_task *task)
{
	if (read_status(task) < 0) {
		task->gone = true;
		return;
	}
	read_namespaces(task);
	if (task->tid == task->tgid)
		read_command(task);
}

/* ---- the list ---- */

/* Processes, or tasks, in a part of the crew's work: so few that all threads have work until the end. */
#define PART 64

struct numbers {
	pid_t *list;
	size_t count, size;
};

/* Reads which numbers the directory PATH has. 0 or -errno. */
static int read_numbers(const char *path, struct numbers *ret)
{
	DIR *dir = opendir(path);
	struct numbers numbers = { 0 };
	struct dirent *entry;

	if (!dir)
		return -errno;
	while ((entry = readdir(dir))) {
		if (!isdigit((unsigned char)entry->d_name[0]))
			continue;
		if (numbers.count == numbers.size) {
			numbers.size = numbers.size ? 2 * numbers.size : 64;
			numbers.list = mem_resize(numbers.list, numbers.size, sizeof(*numbers.list));
		}
		numbers.list[numbers.count++] = (pid_t)strtol(entry->d_name, NULL, 10);
	}
	closedir(dir);
	*ret = numbers;
	return 0;
}

static void list_tasks(struct snapshot *snapshot, pid_t tgid)
{
	struct numbers tids = { 0 };
	char path[PATH_SIZE];

	snprintf(path, sizeof(path), "/proc/%d/task", (int)tgid);
	read_numbers(path, &tids);
	for (size_t i = 0; i < tids.count; i++) {
		struct snap_task *task;
		struct stat_line line;

		if (tids.list[i] == tgid) /* the leader has been looked at */
			continue;
		task = snapshot_add(snapshot, tgid, tids.list[i]);
		if (read_stat(task, &line) < 0)
			task->gone = true;
		else
			take_stat(task, &line);
	}
	free(tids.list);
}

/* Most processes have one task: the list of tasks is for the others. */
static void list_process(struct snapshot *snapshot, pid_t tgid)
{
	struct snap_task *task = snapshot_add(snapshot, tgid, tgid);
	struct stat_line line;

	if (read_stat(task, &line) < 0 || (!line.nlwp && line.state != 'Z')) { /* the kernel is taking it out */
		task->gone = true;
		return;
	}
	if (tgid == getpid()) { /* this process looks, and its other threads are the crew's */
		line.state = 'R';
		line.nlwp = 1;
	}
	take_stat(task, &line);
	if (line.nlwp > 1)
		list_tasks(snapshot, tgid);
}

struct listing {
	const struct numbers *tgids;
	struct snapshot *parts;
};

static void list_part(void *data, size_t part)
{
	const struct listing *listing = data;
	const struct numbers *tgids = listing->tgids;

	for (size_t i = part * PART; i < tgids->count && i < (part + 1) * PART; i++)
		list_process(&listing->parts[part], tgids->list[i]);
}

static size_t part_count(size_t count)
{
	return (count + PART - 1) / PART;
}

/* Fills SNAPSHOT with the tasks of the processes TGIDS that have not gone meanwhile. */
static void list(struct snapshot *snapshot, const struct numbers *tgids)
{
	const size_t count = part_count(tgids->count);
	struct listing listing = { tgids, mem_zalloc(count, sizeof(*listing.parts)) };

	crew_run(count, list_part, &listing);
	for (size_t i = 0; i < count; i++)
		snapshot_add_all(snapshot, &listing.parts[i]);
	free(listing.parts);
	snapshot_sort(snapshot);
	snapshot_drop_gone(snapshot);
}

/* ---- what they share ---- */

static int compare(void *data, pid_t one, pid_t other, enum snap_object object, int *ret)
{
	(void)data;
	return kcmp_order(one, other, kcmp_types[object], ret);
}

static void find_sharing(struct snapshot *snapshot, const struct kcmp *kcmp)
{
	const struct sharing_ask ask = { compare, NULL, kcmp_without(kcmp), crew_run };

	if (kcmp)
		sharing_find(snapshot, &ask);
	else
		for (size_t i = 0; i < snapshot->count; i++)
			snapshot->tasks[i].refused = true;
}

/* Whether /proc is of our pid namespace, as the numbers are that kcmp takes. */
static bool proc_is_own(void)
{
	char self[16] = "";

	return readlink("/proc/self", self, sizeof(self) - 1) > 0 && strtol(self, NULL, 10) == getpid();
}

/* Lists the tasks of the processes in SNAPSHOT again: the list of the whole machine took time. */
static void list_again(struct snapshot *snapshot)
{
	struct snapshot again = { .limited = snapshot->limited };
	struct numbers tgids = { mem_alloc(snapshot->count * sizeof(*tgids.list)), 0, 0 };

	for (size_t i = 0; i < snapshot->count; i++) {
		if (!i || snapshot->tasks[i].tgid != snapshot->tasks[i - 1].tgid)
			tgids.list[tgids.count++] = snapshot->tasks[i].tgid;
	}
	list(&again, &tgids);
	free(tgids.list);
	again.ended = 0;
	snapshot_done(snapshot);
	*snapshot = again;
}

/* Calls ONE for each task, in the crew. */
struct each {
	struct snapshot *snapshot;
	void (*one)(struct snap_task *task);
};

static void each_part(void *data, size_t part)
{
	const struct each *each = data;

	for (size_t i = part * PART; i < each->snapshot->count && i < (part + 1) * PART; i++)
		each->one(&each->snapshot->tasks[i]);
}

static void each_task(struct snapshot *snapshot, void (*one)(struct snap_task *task))
{
	struct each each = { snapshot, one };

	crew_run(part_count(snapshot->count), each_part, &each);
}

static int scan_once(const struct scan_config *config, struct snapshot *ret)
{
	struct snapshot snapshot = { 0 };
	struct snap_task self = { .tid = getpid(), .tgid = getpid() };
	struct numbers tgids = { 0 };
	int r = proc_is_own() ? read_numbers("/proc", &tgids) : -ENOENT;
	struct kcmp *kcmp;

	if (r < 0)
		return r;
	list(&snapshot, &tgids);
	free(tgids.list);
	kcmp = kcmp_new(); /* its processes are not to be listed */
	if (config->pid_count) {
		snapshot_keep(&snapshot, config->pids, config->pid_count, config->descendants);
		list_again(&snapshot);
	}
	read_namespaces(&self);
	memcpy(snapshot.own, self.ns, sizeof(snapshot.own));
	each_task(&snapshot, read_task);
	find_sharing(&snapshot, kcmp);
	kcmp_free(kcmp);
	each_task(&snapshot, check_gone);
	snapshot_drop_gone(&snapshot);
	snapshot_infer(&snapshot);
	*ret = snapshot;
	return 0;
}

/* Whether one of the processes that are asked for was left out though it is still there: it was executing another
 * program, and a leader that was about to be replaced is on its way out. */
static bool has_missed(const struct scan_config *config, const struct snapshot *snapshot)
{
	for (size_t i = 0; i < config->pid_count; i++) {
		const pid_t pid = config->pids[i];

		if (!snapshot_find(snapshot, pid) && hidden_exists(pid) && !hidden_from_us(pid))
			return true;
	}
	return false;
}

int scan(const struct scan_config *config, struct snapshot *ret)
{
	int r = scan_once(config, ret);

	for (unsigned tries = 1; r >= 0 && tries < TRIES && has_missed(config, ret); tries++) {
		snapshot_done(ret);
		r = scan_once(config, ret);
	}
	return r;
}
