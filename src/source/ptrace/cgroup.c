/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Reads a cgroup through the descriptor that a task has of it. */
#include "source/ptrace/cgroup.h"

#include <errno.h>
#include <limits.h>
#include <linux/magic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/vfs.h>
#include <unistd.h>

/* The first line of FILE in the directory FOLDER, without its end. False: there is no such file. */
static bool first_line(const char *folder, const char *file, char *ret, size_t size)
{
	char path[PATH_MAX];
	FILE *stream;
	bool empty;

	snprintf(path, sizeof(path), "%s/%s", folder, file);
	stream = fopen(path, "re");
	if (!stream)
		return false;
	empty = !fgets(ret, (int)size, stream);
	fclose(stream);
	if (empty)
		*ret = '\0';
	ret[strcspn(ret, "\n")] = '\0';
	return true;
}

/* Whether some cgroup v2 hierarchy is mounted with nsdelegate: there is one, mounted in several places perhaps. */
static bool is_delegating(void)
{
	FILE *mounts = fopen("/proc/self/mountinfo", "re");
	bool delegating = false;
	char *line = NULL;
	size_t size = 0;

	if (!mounts)
		return false;
	while (!delegating && getline(&line, &size, mounts) > 0) {
		const char *type = strstr(line, " - cgroup2 ");

		delegating = type && strstr(type, "nsdelegate");
	}
	free(line);
	fclose(mounts);
	return delegating;
}

static uint64_t state_of(const char *folder)
{
	char line[256];
	uint64_t state = is_delegating() ? FACT_CGROUP_DELEGATE : 0;

	if (first_line(folder, "cgroup.type", line, sizeof(line)) && !strcmp(line, "domain invalid"))
		state |= FACT_CGROUP_INVALID;
	if (first_line(folder, "cgroup.subtree_control", line, sizeof(line)) && *line)
		state |= FACT_CGROUP_INNER;
	if (first_line(folder, "cpuset.cpus.effective", line, sizeof(line)) && !*line)
		state |= FACT_CGROUP_NO_CPU;
	return state;
}

/* What is open behind FOLDER, a link of /proc. */
static enum fact_cgroup kind_of_folder(const char *folder, const struct stat *st)
{
	char procs[PATH_MAX];
	struct statfs fs;

	if (!S_ISDIR(st->st_mode) || statfs(folder, &fs) < 0 ||
	    (fs.f_type != CGROUP2_SUPER_MAGIC && fs.f_type != CGROUP_SUPER_MAGIC))
		return FACT_CGROUP_OTHER;
	snprintf(procs, sizeof(procs), "%s/cgroup.procs", folder);
	if (access(procs, F_OK) < 0)
		return FACT_CGROUP_REMOVED;
	return fs.f_type == CGROUP2_SUPER_MAGIC ? FACT_CGROUP_LIVE : FACT_CGROUP_V1;
}

bool cgroup_look(pid_t tid, int descriptor, struct fact *ret)
{
	char folder[64];
	struct stat st;

	*ret = (struct fact){ .what = FACT_CGROUP };
	snprintf(folder, sizeof(folder), "/proc/%d/fd/%d", (int)tid, descriptor);
	if (descriptor < 0 || (lstat(folder, &st) < 0 && errno == ENOENT)) {
		ret->id = FACT_CGROUP_BAD;
		return true;
	}
	if (stat(folder, &st) < 0)
		return false;
	ret->id = kind_of_folder(folder, &st);
	if (ret->id == FACT_CGROUP_LIVE)
		ret->value = state_of(folder);
	return true;
}

bool cgroup_below(pid_t tid, int descriptor, const char *point, char *ret, size_t size)
{
	const size_t length = strlen(point);
	char link[64], path[PATH_MAX];
	struct stat theirs, ours;
	ssize_t n;

	snprintf(link, sizeof(link), "/proc/%d/fd/%d", (int)tid, descriptor);
	n = readlink(link, path, sizeof(path) - 1);
	if (n <= 0 || stat(link, &theirs) < 0)
		return false;
	path[n] = '\0';
	if (strncmp(path, point, length) != 0 || (path[length] && path[length] != '/') || stat(path, &ours) < 0 ||
	    ours.st_dev != theirs.st_dev || ours.st_ino != theirs.st_ino)
		return false;
	return snprintf(ret, size, "%s", path + length) < (int)size;
}
