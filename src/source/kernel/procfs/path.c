/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Makes the names of files in /proc and reads them. */
#include "source/kernel/procfs/path.h"

#include <ctype.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/text.h"

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

const char *proc_path(char path[PROC_PATH_SIZE], pid_t tid, const char *name)
{
	if (tid == PROC_SELF)
		snprintf(path, PROC_PATH_SIZE, "/proc/self/%s", name);
	else
		snprintf(path, PROC_PATH_SIZE, "/proc/%d/%s", proc_number(tid), name);
	return path;
}

const char *proc_thread_path(char path[PROC_PATH_SIZE], pid_t tgid, pid_t tid, const char *name)
{
	if (tid == tgid)
		return proc_path(path, tgid, name);
	snprintf(path, PROC_PATH_SIZE, "/proc/%d/task/%d/%s", proc_number(tgid), (int)tid, name);
	return path;
}

const char *proc_fd_path(char path[PROC_PATH_SIZE], pid_t tid, int fd)
{
	char name[16];

	snprintf(name, sizeof(name), "fd/%d", fd);
	return proc_path(path, tid, name);
}

void proc_add_path(struct text *text, pid_t tid, const char *link, const char *below)
{
	text_addf(text, "/proc/%d/%s%s", proc_number(tid), link, below);
}

int proc_open(pid_t tid, const char *name)
{
	char path[PROC_PATH_SIZE];
	const int fd = open(proc_path(path, tid, name), O_RDONLY | O_CLOEXEC);

	return fd < 0 ? -errno : fd;
}

FILE *proc_stream(pid_t tid, const char *name)
{
	char path[PROC_PATH_SIZE];

	return fopen(proc_path(path, tid, name), "re");
}

/* Reads PATH, up to SIZE - 1 bytes, NUL-terminated. The length or -errno. */
static ssize_t read_path(const char *path, char *buffer, size_t size)
{
	size_t length = 0;
	ssize_t n;
	int fd;

	fd = open(path, O_RDONLY | O_CLOEXEC);
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

ssize_t proc_read(pid_t tid, const char *name, char *buffer, size_t size)
{
	char path[PROC_PATH_SIZE];

	return read_path(proc_path(path, tid, name), buffer, size);
}

ssize_t proc_read_thread(pid_t tgid, pid_t tid, const char *name, char *buffer, size_t size)
{
	char path[PROC_PATH_SIZE];

	return read_path(proc_thread_path(path, tgid, tid, name), buffer, size);
}

ssize_t proc_read_system(const char *name, char *buffer, size_t size)
{
	char path[PROC_PATH_SIZE];

	snprintf(path, sizeof(path), "/proc/%s", name);
	return read_path(path, buffer, size);
}

int proc_read_all(struct text *text, pid_t tid, const char *name, size_t limit)
{
	char part[16384];
	ssize_t n = 1;
	const int fd = proc_open(tid, name);

	if (fd < 0)
		return fd;
	while (limit && (n = read(fd, part, limit < sizeof(part) ? limit : sizeof(part))) > 0) {
		text_add_bytes(text, part, (size_t)n);
		limit -= (size_t)n;
	}
	if (n < 0)
		n = -errno;
	close(fd);
	return n < 0 ? (int)n : 0;
}

ssize_t proc_read_at(pid_t tid, const char *name, uint64_t offset, void *buffer, size_t size)
{
	const int fd = proc_open(tid, name);
	ssize_t n;

	if (fd < 0)
		return fd;
	n = pread(fd, buffer, size, (off_t)offset);
	if (n < 0)
		n = -errno;
	close(fd);
	return n;
}

int proc_link(struct text *text, pid_t tid, const char *name)
{
	char path[PROC_PATH_SIZE], target[4096];
	const ssize_t n = readlink(proc_path(path, tid, name), target, sizeof(target));

	if (n < 0)
		return -errno;
	text_add_bytes(text, target, (size_t)n);
	return 0;
}

bool proc_number_in(const char *path, uint64_t *ret)
{
	char buffer[64];

	if (read_path(path, buffer, sizeof(buffer)) <= 0)
		return false;
	if (!strncmp(buffer, "max", 3))
		*ret = UINT64_MAX;
	else if (isdigit((unsigned char)*buffer))
		*ret = strtoull(buffer, NULL, 10);
	else
		return false;
	return true;
}

bool proc_sysctl(const char *name, uint64_t *ret)
{
	char path[PROC_PATH_SIZE];

	snprintf(path, sizeof(path), "/proc/sys/%s", name);
	return proc_number_in(path, ret);
}
