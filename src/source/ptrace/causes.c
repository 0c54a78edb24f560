/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Reads limits and their use from /proc, /sys/fs/cgroup and the namespaces of a task. */
#include "source/ptrace/causes.h"

#include <ctype.h>
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <linux/nsfs.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <sys/utsname.h>
#include <unistd.h>

#include "base/mem.h"
#include "base/text.h"
#include "base/unescape.h"
#include "clone/namespace.h"
#include "source/kernel/procfs.h"
#include "source/ptrace/cgroup.h"

#define ARRAY_LENGTH(array) (sizeof(array) / sizeof((array)[0]))
#define DEPTH_MAX 64 /* namespaces nest 33 deep at most */

/* ---- files ---- */

/* Reads up to SIZE - 1 bytes of the file that FORMAT names, as a string; its length or -errno. */
__attribute__((format(printf, 3, 4))) static ssize_t read_file(char *buffer, size_t size, const char *format, ...)
{
	struct text path = TEXT_INIT;
	size_t length = 0;
	ssize_t n = 0;
	va_list ap;
	int fd;

	va_start(ap, format);
	text_vaddf(&path, format, ap);
	va_end(ap);
	fd = open(text_get(&path), O_RDONLY | O_CLOEXEC);
	text_done(&path);
	if (fd < 0)
		return -errno;
	while (length < size - 1 && (n = read(fd, buffer + length, size - 1 - length)) > 0)
		length += (size_t)n;
	n = n < 0 ? -errno : (ssize_t)length;
	close(fd);
	buffer[length] = '\0';
	return n;
}

/* A file that holds one number, or "max"; false where it cannot be read. */
static bool read_number(const char *path, uint64_t *ret)
{
	char buffer[64];

	if (read_file(buffer, sizeof(buffer), "%s", path) <= 0)
		return false;
	if (!strncmp(buffer, "max", 3))
		*ret = FACT_UNLIMITED;
	else if (isdigit((unsigned char)*buffer))
		*ret = strtoull(buffer, NULL, 10);
	else
		return false;
	return true;
}

/* What stands behind "KEY:" in TEXT's lines and the blanks after it; NULL when there is no such line. */
static const char *line_value(const char *text, const char *key)
{
	const size_t length = strlen(key);

	for (const char *line = text; line && *line; line = strchr(line, '\n')) {
		line += *line == '\n';
		if (!strncmp(line, key, length) && line[length] == ':')
			return line + length + 1 + strspn(line + length + 1, " \t");
	}
	return NULL;
}

/* The number in COLUMN (from 0) of KEY's line, to BASE; false where there is none. */
static bool line_number(const char *text, const char *key, int column, int base, uint64_t *ret)
{
	const char *at = line_value(text, key);

	for (; at && column > 0; column--) {
		at += strcspn(at, " \t\n");
		at += strspn(at, " \t");
	}
	if (!at || !isxdigit((unsigned char)*at))
		return false;
	*ret = strtoull(at, NULL, base);
	return true;
}

static unsigned line_columns(const char *text, const char *key)
{
	const char *at = line_value(text, key);
	unsigned columns = 0;

	while (at && isdigit((unsigned char)*at)) {
		columns++;
		at += strspn(at, "0123456789");
		at += strspn(at, " \t");
	}
	return columns;
}

/* The inode of namespace NAME of TID, 0 where it cannot be had. */
static uint64_t namespace_inode(pid_t tid, const char *name)
{
	struct stat st;
	char path[64];

	snprintf(path, sizeof(path), "/proc/%d/ns/%s", (int)tid, name);
	return stat(path, &st) < 0 ? 0 : st.st_ino;
}

/* ---- the caller ---- */

/* What all looks have in common. */
struct look {
	pid_t tid;
	const struct limits_wanted *wanted;
	struct facts *facts;
	struct text *cgroup;
	char status[8192]; /* /proc/TID/status */
};

static void add(struct look *look, enum fact_what what, uint64_t value, uint64_t use, uint64_t id)
{
	facts_add(look->facts, &(struct fact){ what, value, use, id });
}

static void look_kernel(struct look *look)
{
	struct utsname host;
	unsigned major, minor;

	if (uname(&host) == 0 && sscanf(host.release, "%u.%u", &major, &minor) == 2)
		add(look, FACT_KERNEL, major, minor, 0);
}

static void look_threads(struct look *look)
{
	uint64_t threads;

	if (line_number(look->status, "Threads", 0, 10, &threads))
		add(look, FACT_THREADS, 0, threads, 0);
}

static void look_capabilities(struct look *look)
{
	const uint64_t ns = namespace_inode(look->tid, "user");
	uint64_t effective;

	if (ns && line_number(look->status, "CapEff", 0, 16, &effective))
		add(look, FACT_CAPABILITIES, effective, 0, ns);
}

/* How many user namespaces lie between the one of FD, which is closed, and the tracer's, itself not counted. */
static uint64_t user_depth(int fd)
{
	uint64_t depth = 0;
	int parent;

	while (depth < DEPTH_MAX && (parent = ioctl(fd, NS_GET_PARENT)) >= 0) {
		close(fd);
		fd = parent;
		depth++;
	}
	close(fd);
	return depth;
}

static void look_user_ns(struct look *look)
{
	uid_t owner = 0;
	struct stat st;
	char path[64];
	int fd;

	snprintf(path, sizeof(path), "/proc/%d/ns/user", (int)look->tid);
	fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		return;
	if (fstat(fd, &st) < 0 || ioctl(fd, NS_GET_OWNER_UID, &owner) < 0) {
		close(fd);
		return;
	}
	add(look, FACT_USER_NS, owner, user_depth(fd), st.st_ino);
}

/* Whether PID is a process that has not ended. */
static bool is_alive(pid_t pid)
{
	char stat[512];
	const char *end;

	if (read_file(stat, sizeof(stat), "/proc/%d/stat", (int)pid) <= 0)
		return false;
	end = strrchr(stat, ')');
	return end && end[1] == ' ' && end[2] != 'Z' && end[2] != 'X';
}

/* Calls EACH with every process's id. */
static void each_process(void (*each)(void *data, pid_t pid), void *data)
{
	struct dirent *entry;
	DIR *dir = opendir("/proc");

	if (!dir)
		return;
	while ((entry = readdir(dir))) {
		if (isdigit((unsigned char)entry->d_name[0]))
			each(data, (pid_t)strtol(entry->d_name, NULL, 10));
	}
	closedir(dir);
}

struct members {
	uint64_t ns, count;
};

static void count_member(void *data, pid_t pid)
{
	struct members *members = data;

	if (namespace_inode(pid, "pid") == members->ns && is_alive(pid))
		members->count++;
}

/* Of the caller's own namespace nobody is counted: it is alive. One that has no task yet has no inode to be seen. */
static void look_pid_ns(struct look *look)
{
	const uint64_t own = namespace_inode(look->tid, "pid");
	struct members members = { .ns = namespace_inode(look->tid, "pid_for_children") };

	if (!own)
		return;
	if (members.ns && members.ns != own)
		each_process(count_member, &members);
	add(look, FACT_PID_NS, members.ns != own, members.count, members.ns);
}

static void look_pid_depth(struct look *look)
{
	const unsigned columns = line_columns(look->status, "NStgid");
	uint64_t tgid;

	if (columns && line_number(look->status, "NStgid", (int)columns - 1, 10, &tgid))
		add(look, FACT_PID_DEPTH, tgid, columns, 0);
}

/* A root that is seen below ours is not that of its mount namespace, unless that one is another. That ours is not
 * either cannot be seen. */
static void look_root(struct look *look)
{
	char path[64], root[2];
	ssize_t n;

	if (namespace_inode(look->tid, "mnt") != namespace_inode(getpid(), "mnt"))
		return;
	snprintf(path, sizeof(path), "/proc/%d/root", (int)look->tid);
	n = readlink(path, root, sizeof(root));
	if (n > 1)
		add(look, FACT_ROOT, 0, 0, 0);
}

/* Whether ID is mapped by /proc/TID/NAME: first column inside, second outside, third how many. */
static bool is_mapped(pid_t tid, const char *name, bool inside, uint64_t id)
{
	uint64_t first[2], count;
	char map[8192];
	int length;

	if (read_file(map, sizeof(map), "/proc/%d/%s", (int)tid, name) <= 0)
		return false;
	for (const char *at = map;
	     sscanf(at, "%" SCNu64 "%" SCNu64 "%" SCNu64 "%n", &first[0], &first[1], &count, &length) == 3;
	     at += length) {
		if (id >= first[!inside] && id - first[!inside] < count)
			return true;
	}
	return false;
}

/* Ids in status are as we see them. The map's outside is so too, but for our own user namespace: there the inside is
 * (user_namespaces(7)). */
static void look_mapped(struct look *look)
{
	const bool own = namespace_inode(look->tid, "user") == namespace_inode(getpid(), "user");
	uint64_t uid, gid;
	bool mapped;

	if (!line_number(look->status, "Uid", 1, 10, &uid) || !line_number(look->status, "Gid", 1, 10, &gid))
		return;
	mapped = is_mapped(look->tid, "uid_map", own, uid) && is_mapped(look->tid, "gid_map", own, gid);
	add(look, FACT_MAPPED, mapped, 0, uid);
}

/* Debian's and Ubuntu's own sysctls. */
static void look_userns_policy(struct look *look)
{
	uint64_t allowed = 1, restricted = 0;

	read_number("/proc/sys/kernel/unprivileged_userns_clone", &allowed);
	read_number("/proc/sys/kernel/apparmor_restrict_unprivileged_userns", &restricted);
	add(look, FACT_USERNS_POLICY, !allowed || restricted, 0, 0);
}

static void look_namespaces(struct look *look)
{
	uint64_t there = 0;

	for (unsigned i = 0; i < NAMESPACE_KINDS; i++)
		if (namespace_inode(getpid(), namespace_key(i)))
			there |= namespace_row(i)->flag;
	if (there)
		add(look, FACT_NAMESPACES, there, 0, 0);
}

/* Seccomp_filters: since 5.9 */
static void look_seccomp(struct look *look)
{
	uint64_t mode, filters = FACT_UNKNOWN;

	if (!line_number(look->status, "Seccomp", 0, 10, &mode))
		return;
	if (line_number(look->status, "Seccomp_filters", 0, 10, &filters) && look->wanted->own_filter && filters)
		filters--;
	add(look, FACT_SECCOMP, mode, filters, 0);
}

/* ---- limits ---- */

struct user_tasks {
	uint64_t uid, count;
};

/* A zombie counts for its user until it is waited for. */
static void count_tasks(void *data, pid_t pid)
{
	struct user_tasks *tasks = data;
	uint64_t uid, threads = 1;
	char status[8192];

	if (read_file(status, sizeof(status), "/proc/%d/status", (int)pid) <= 0 ||
	    !line_number(status, "Uid", 0, 10, &uid) || uid != tasks->uid)
		return;
	line_number(status, "Threads", 0, 10, &threads);
	tasks->count += threads ? threads : 1;
}

static void look_nproc(struct look *look)
{
	static const char key[] = "Max processes";
	struct user_tasks tasks = { 0 };
	char limits[4096];
	const char *at;

	if (read_file(limits, sizeof(limits), "/proc/%d/limits", (int)look->tid) <= 0 ||
	    !line_number(look->status, "Uid", 0, 10, &tasks.uid))
		return;
	at = strstr(limits, key);
	if (!at)
		return;
	at += strlen(key);
	at += strspn(at, " ");
	each_process(count_tasks, &tasks);
	add(look, FACT_NPROC, isdigit((unsigned char)*at) ? strtoull(at, NULL, 10) : FACT_UNLIMITED, tasks.count,
	    tasks.uid);
}

static uint64_t tasks_of_machine(void)
{
	char loadavg[128];
	uint64_t tasks;

	if (read_file(loadavg, sizeof(loadavg), "/proc/loadavg") <= 0 ||
	    sscanf(loadavg, "%*s %*s %*s %*u/%" SCNu64, &tasks) != 1)
		return FACT_UNKNOWN;
	return tasks;
}

static void look_threads_max(struct look *look)
{
	uint64_t value;

	if (read_number("/proc/sys/kernel/threads-max", &value))
		add(look, FACT_THREADS_MAX, value, tasks_of_machine(), 0);
}

static void look_pid_max(struct look *look)
{
	uint64_t value;

	if (read_number("/proc/sys/kernel/pid_max", &value))
		add(look, FACT_PID_MAX, value, tasks_of_machine(), 0);
}

/* These files show the reader's user namespace, whoever's /proc it is: those of another one cannot be read. */
static void look_max_namespaces(struct look *look)
{
	char path[96];
	uint64_t value;

	if (namespace_inode(look->tid, "user") != namespace_inode(getpid(), "user"))
		return;
	for (unsigned i = 0; i < NAMESPACE_KINDS; i++) {
		const struct namespace_row *ns = namespace_in_turn(i);

		snprintf(path, sizeof(path), "/proc/sys/user/%s", ns->limit);
		if (look->wanted->namespaces & ns->flag && read_number(path, &value))
			add(look, FACT_MAX_NAMESPACES, value, FACT_UNKNOWN, ns->flag);
	}
}

static void look_descriptor(struct look *look)
{
	char path[64], link[64];
	struct stat st;
	ssize_t n;

	snprintf(path, sizeof(path), "/proc/%d/fd/%d", (int)look->tid, look->wanted->descriptor);
	n = readlink(path, link, sizeof(link) - 1);
	if (n < 0) {
		if (errno == ENOENT)
			add(look, FACT_DESCRIPTOR, 0, 0, FACT_DESCRIPTOR_BAD);
		return;
	}
	link[n] = '\0';
	for (unsigned i = 0; i < NAMESPACE_KINDS; i++) {
		const char *key = namespace_key(i);
		const size_t length = strlen(key);

		if (!strncmp(link, key, length) && !strncmp(link + length, ":[", 2) && stat(path, &st) == 0) {
			add(look, FACT_DESCRIPTOR, namespace_row(i)->flag, st.st_ino, FACT_DESCRIPTOR_NAMESPACE);
			return;
		}
	}
	/* pidfs has named them since 6.9; they were anonymous inodes before */
	if (!strncmp(link, "pidfd:", 6) || !strcmp(link, "anon_inode:[pidfd]"))
		add(look, FACT_DESCRIPTOR, 0, 0, FACT_DESCRIPTOR_PIDFD);
	else
		add(look, FACT_DESCRIPTOR, 0, 0, FACT_DESCRIPTOR_OTHER);
}

/* ---- cgroups ---- */

static void look_cgroup(struct look *look)
{
	struct fact fact;

	if (cgroup_look(look->tid, look->wanted->descriptor, &fact))
		facts_add(look->facts, &fact);
}

/* The pids.max of one cgroup. */
static bool pids_of(const char *root, const char *path, struct fact *ret)
{
	char file[4200];

	*ret = (struct fact){ .what = FACT_PIDS };
	if (snprintf(file, sizeof(file), "%s%s/pids.max", root, path) >= (int)sizeof(file) ||
	    !read_number(file, &ret->value))
		return false;
	if (snprintf(file, sizeof(file), "%s%s/pids.current", root, path) >= (int)sizeof(file) ||
	    !read_number(file, &ret->use))
		ret->use = FACT_UNKNOWN;
	return true;
}

static uint64_t slack(const struct fact *fact)
{
	if (fact->value == FACT_UNLIMITED || fact->use == FACT_UNKNOWN)
		return UINT64_MAX;
	return fact->use < fact->value ? fact->value - fact->use : 0;
}

bool limits_pids(const char *root, const char *path, struct fact *ret, struct text *cgroup)
{
	char *at = mem_strdup(path);
	struct fact fact;
	bool found = false;

	for (;;) {
		size_t length = strlen(at);

		while (length && at[length - 1] == '/')
			at[--length] = '\0';
		/* the innermost of several that are reached alike: the kernel asks it first */
		if (pids_of(root, at, &fact) && (!found || slack(&fact) < slack(ret))) {
			found = true;
			*ret = fact;
			text_clear(cgroup);
			text_add(cgroup, length ? at : "/");
		}
		if (!length)
			break;
		*strrchr(at, '/') = '\0';
	}
	free(at);
	return found;
}

/* One line of mountinfo: where a cgroup hierarchy with the pids controller may be mounted, and which part of it. */
struct mount {
	char part[2048], point[2048], type[64], options[512];
};

static bool parse_mount(const char *line, struct mount *ret)
{
	const char *dash = strstr(line, " - ");

	if (!dash || sscanf(line, "%*s %*s %*s %2047s %2047s", ret->part, ret->point) != 2 ||
	    sscanf(dash, " - %63s %*s %511s", ret->type, ret->options) != 2)
		return false;
	if (strlen(ret->part) == sizeof(ret->part) - 1 || strlen(ret->point) == sizeof(ret->point) - 1)
		return false; /* cut: another path */
	unescape_path(ret->part, UNESCAPE_MOUNTS);
	unescape_path(ret->point, UNESCAPE_MOUNTS);
	return true;
}

static bool has_option(const char *options, const char *option)
{
	const size_t length = strlen(option);

	for (const char *at = options; (at = strstr(at, option)); at += length)
		if ((at == options || at[-1] == ',') && (!at[length] || at[length] == ','))
			return true;
	return false;
}

/* The path of TID's cgroup in the hierarchy of MOUNT, or NULL: what stands behind "N:pids:" or "0::". */
static const char *cgroup_path(char *groups, const struct mount *mount)
{
	const bool unified = !strcmp(mount->type, "cgroup2");
	char *save = NULL;

	if (!unified && (strcmp(mount->type, "cgroup") != 0 || !has_option(mount->options, "pids")))
		return NULL;
	for (char *line = strtok_r(groups, "\n", &save); line; line = strtok_r(NULL, "\n", &save)) {
		char *controllers = strchr(line, ':'), *path = controllers ? strchr(controllers + 1, ':') : NULL;

		if (!path)
			continue;
		*path++ = '\0';
		if (unified ? !strcmp(line, "0:") : has_option(controllers + 1, "pids"))
			return path;
	}
	return NULL;
}

static bool pids_of_mount(struct look *look, const char *line, struct fact *ret)
{
	struct mount mount;
	char groups[8192];
	const char *path;

	if (!strstr(line, " - cgroup") || !parse_mount(line, &mount) ||
	    read_file(groups, sizeof(groups), "/proc/%d/cgroup", (int)look->tid) <= 0)
		return false;
	path = cgroup_path(groups, &mount);
	if (!path)
		return false;
	/* CLONE_INTO_CGROUP leaves the task in its creator's cgroups of version 1 */
	if (look->wanted->descriptor >= 0 && !strcmp(mount.type, "cgroup2"))
		return cgroup_below(look->tid, look->wanted->descriptor, mount.point, groups, sizeof(groups)) &&
		       limits_pids(mount.point, groups, ret, look->cgroup);
	if (strcmp(mount.part, "/") != 0) { /* a part of the hierarchy is mounted, as in containers */
		const size_t length = strlen(mount.part);

		if (strncmp(path, mount.part, length) != 0)
			return false;
		path += length;
	}
	return limits_pids(mount.point, path, ret, look->cgroup);
}

static void look_pids(struct look *look)
{
	FILE *mounts = fopen("/proc/self/mountinfo", "re");
	struct fact fact;
	char *line = NULL;
	size_t size = 0;

	if (!mounts)
		return;
	while (getline(&line, &size, mounts) > 0) {
		if (!pids_of_mount(look, line, &fact))
			continue;
		facts_add(look->facts, &fact);
		look->facts->cgroup = text_get(look->cgroup);
		break;
	}
	free(line);
	fclose(mounts);
}

void limits_look(pid_t tid, const struct limits_wanted *wanted, struct facts *ret, struct text *cgroup)
{
	static void (*const looks[FACT_COUNT])(struct look * look) = {
		[FACT_KERNEL] = look_kernel,
		[FACT_THREADS] = look_threads,
		[FACT_CAPABILITIES] = look_capabilities,
		[FACT_USER_NS] = look_user_ns,
		[FACT_PID_NS] = look_pid_ns,
		[FACT_PID_DEPTH] = look_pid_depth,
		[FACT_ROOT] = look_root,
		[FACT_MAPPED] = look_mapped,
		[FACT_USERNS_POLICY] = look_userns_policy,
		[FACT_NAMESPACES] = look_namespaces,
		[FACT_SECCOMP] = look_seccomp,
		[FACT_NPROC] = look_nproc,
		[FACT_PIDS] = look_pids,
		[FACT_THREADS_MAX] = look_threads_max,
		[FACT_PID_MAX] = look_pid_max,
		[FACT_MAX_NAMESPACES] = look_max_namespaces,
		[FACT_CGROUP] = look_cgroup,
		[FACT_DESCRIPTOR] = look_descriptor,
	};
	struct look look = { .tid = tid, .wanted = wanted, .facts = ret, .cgroup = cgroup };

	*ret = (struct facts){ 0 };
	text_clear(cgroup);
	if (!proc_is_ours())
		return; /* what could be read is about other tasks */
	read_file(look.status, sizeof(look.status), "/proc/%d/status", (int)tid);
	for (unsigned what = 0; what < FACT_COUNT; what++)
		if (wanted->facts & 1U << what)
			looks[what](&look);
}
