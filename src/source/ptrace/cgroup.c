/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Reads a task's cgroup, and the cgroup of a task's descriptor. */
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

#include "base/mem.h"
#include "base/text.h"
#include "source/kernel/procfs/mounts.h"
#include "source/kernel/procfs/path.h"
#include "source/ptrace/cause.h"

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

static bool delegates(void *data, const struct mount *mount)
{
	bool *delegating = data;

	*delegating = !strcmp(mount->type, "cgroup2") && mount_option(mount->options, "nsdelegate");
	return !*delegating;
}

/* Whether the cgroup v2 hierarchy is mounted with nsdelegate. There is only one, perhaps mounted in several places. */
static bool is_delegating(void)
{
	bool delegating = false;

	proc_mounts(delegates, &delegating);
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

/* The file that FOLDER, a link of /proc, refers to. */
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
	char folder[PROC_PATH_SIZE];
	struct stat st;

	*ret = (struct fact){ .what = FACT_CGROUP };
	proc_fd_path(folder, tid, descriptor);
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
	char link[PROC_PATH_SIZE], path[PATH_MAX];
	struct stat theirs, ours;
	ssize_t n;

	n = readlink(proc_fd_path(link, tid, descriptor), path, sizeof(path) - 1);
	if (n <= 0 || stat(link, &theirs) < 0)
		return false;
	path[n] = '\0';
	if (strncmp(path, point, length) != 0 || (path[length] && path[length] != '/') || stat(path, &ours) < 0 ||
	    ours.st_dev != theirs.st_dev || ours.st_ino != theirs.st_ino)
		return false;
	return snprintf(ret, size, "%s", path + length) < (int)size;
}

void look_cgroup(struct look *look)
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
	    !proc_number_in(file, &ret->value))
		return false;
	if (snprintf(file, sizeof(file), "%s%s/pids.current", root, path) >= (int)sizeof(file) ||
	    !proc_number_in(file, &ret->use))
		ret->use = FACT_UNKNOWN;
	return true;
}

static uint64_t slack(const struct fact *fact)
{
	if (fact->value == FACT_UNLIMITED || fact->use == FACT_UNKNOWN)
		return UINT64_MAX;
	return fact->use < fact->value ? fact->value - fact->use : 0;
}

bool cgroup_pids(const char *root, const char *path, struct fact *ret, struct text *cgroup)
{
	char *at = mem_strdup(path);
	struct fact fact;
	bool found = false;

	for (;;) {
		size_t length = strlen(at);

		while (length && at[length - 1] == '/')
			at[--length] = '\0';
		/* of several that are equally close, the innermost: the kernel asks it first */
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

/* Whether WORD is among WORDS, which have commas between them. */
static bool has_word(const char *words, const char *word)
{
	const size_t length = strlen(word);

	for (const char *at = words; (at = strstr(at, word)); at += length)
		if ((at == words || at[-1] == ',') && (!at[length] || at[length] == ','))
			return true;
	return false;
}

/* The path of TID's cgroup in the hierarchy of MOUNT, or NULL: the text behind "N:pids:" or "0::". */
static const char *cgroup_path(char *groups, const struct mount *mount)
{
	const bool unified = !strcmp(mount->type, "cgroup2");
	char *save = NULL;

	if (!unified && (strcmp(mount->type, "cgroup") != 0 || !has_word(mount->options, "pids")))
		return NULL;
	for (char *line = strtok_r(groups, "\n", &save); line; line = strtok_r(NULL, "\n", &save)) {
		char *controllers = strchr(line, ':'), *path = controllers ? strchr(controllers + 1, ':') : NULL;

		if (!path)
			continue;
		*path++ = '\0';
		if (unified ? !strcmp(line, "0:") : has_word(controllers + 1, "pids"))
			return path;
	}
	return NULL;
}

/* Whether MOUNT is of the hierarchy with the pids controller; then the fact is found. */
static bool pids_of_mount(struct look *look, const struct mount *mount, struct fact *ret)
{
	char groups[8192];
	const char *path;

	if (strncmp(mount->type, "cgroup", 6) != 0 || proc_read(look->tid, "cgroup", groups, sizeof(groups)) <= 0)
		return false;
	path = cgroup_path(groups, mount);
	if (!path)
		return false;
	/* with CLONE_INTO_CGROUP, the task stays in its creator's cgroups of version 1 */
	if (look->wanted->descriptor >= 0 && !strcmp(mount->type, "cgroup2"))
		return cgroup_below(look->tid, look->wanted->descriptor, mount->point, groups, sizeof(groups)) &&
		       cgroup_pids(mount->point, groups, ret, look->cgroup);
	if (strcmp(mount->part, "/") != 0) { /* only a part of the hierarchy is mounted, as in containers */
		const size_t length = strlen(mount->part);

		if (strncmp(path, mount->part, length) != 0)
			return false;
		path += length;
	}
	return cgroup_pids(mount->point, path, ret, look->cgroup);
}

static bool look_at_mount(void *data, const struct mount *mount)
{
	struct look *look = data;
	struct fact fact;

	if (!pids_of_mount(look, mount, &fact))
		return true;
	facts_add(look->facts, &fact);
	look->facts->cgroup = text_get(look->cgroup);
	return false;
}

void look_pids(struct look *look)
{
	proc_mounts(look_at_mount, look);
}
