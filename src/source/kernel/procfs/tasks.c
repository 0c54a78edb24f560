/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Lists tasks. */
#include "source/kernel/procfs/tasks.h"

#include <ctype.h>
#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/mem.h"
#include "source/kernel/procfs/path.h"
#include "source/kernel/procfs/status.h"

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

/* LIST, of which R < 0 says that it could not be read. */
static ssize_t list_result(struct list *list, int r, pid_t **ret)
{
	if (r < 0) {
		free(list->pids);
		return r;
	}
	*ret = list->pids;
	return (ssize_t)list->count;
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

ssize_t proc_processes(pid_t **ret)
{
	struct list list = { 0 };

	return list_result(&list, list_directory(&list, "/proc"), ret);
}

ssize_t proc_tasks(pid_t tgid, pid_t **ret)
{
	struct list list = { 0 };
	char path[PROC_PATH_SIZE];
	const int r = list_directory(&list, proc_path(path, tgid, "task"));

	return list_result(&list, r, ret);
}

bool proc_has_process(pid_t pid)
{
	char path[PROC_PATH_SIZE];

	return access(proc_path(path, pid, "stat"), F_OK) == 0;
}

bool proc_has_thread(pid_t tgid, pid_t tid)
{
	char path[PROC_PATH_SIZE], name[32];

	snprintf(name, sizeof(name), "task/%d", (int)tid);
	return access(proc_path(path, tgid, name), F_OK) == 0;
}

/* The numbers in /proc/TGID/task/TID/children. A file with more than the buffer holds is read in pieces. */
static int list_children_file(struct list *list, pid_t tgid, pid_t tid)
{
	char name[32];
	FILE *file;
	int pid;

	snprintf(name, sizeof(name), "task/%d/children", (int)tid);
	file = proc_stream(tgid, name);
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
	const int r = list_children_file(&list, tgid, tid);

	return list_result(&list, r, ret);
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
