/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Watches what a tool uses. A tool may be several processes: cltrace has one process that traces, and one that waits
 * for it. */
#include "bench.h"

#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#define PROCESSES 16

/* The text of a small file of /proc; "" if the file cannot be read. */
static void read_text(pid_t pid, const char *name, char *ret, size_t size)
{
	char path[64];
	ssize_t n = -1;
	int fd;

	snprintf(path, sizeof(path), "/proc/%d/%s", (int)pid, name);
	fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd >= 0) {
		n = read(fd, ret, size - 1);
		close(fd);
	}
	ret[n > 0 ? n : 0] = '\0';
}

static bool runs_program_of(pid_t pid, pid_t other)
{
	struct stat its, others;
	char path[64];

	snprintf(path, sizeof(path), "/proc/%d/exe", (int)pid);
	if (stat(path, &its))
		return false;
	snprintf(path, sizeof(path), "/proc/%d/exe", (int)other);
	return !stat(path, &others) && its.st_dev == others.st_dev && its.st_ino == others.st_ino;
}

/* PID and its descendants that run the same program, because what the tool has launched runs another program. None
 * before PID has executed the tool. */
static size_t tool_processes(pid_t pid, pid_t ret[PROCESSES])
{
	char name[64], children[4096], *at, *end;
	size_t count = 0;

	if (runs_program_of(pid, getpid()))
		return 0;
	ret[count++] = pid;
	for (size_t i = 0; i < count; i++) {
		snprintf(name, sizeof(name), "task/%d/children", (int)ret[i]);
		read_text(ret[i], name, children, sizeof(children));
		for (at = children; count < PROCESSES && strtol(at, &end, 10) > 0; at = end) {
			if (runs_program_of((pid_t)strtol(at, NULL, 10), pid))
				ret[count++] = (pid_t)strtol(at, NULL, 10);
		}
	}
	return count;
}

long watch_status(pid_t tid, const char *key)
{
	char status[4096], *at;

	read_text(tid, "status", status, sizeof(status));
	at = strstr(status, key);
	return at ? strtol(at + strlen(key), NULL, 10) : -1;
}

long watch_peak(pid_t pid)
{
	pid_t pids[PROCESSES];
	size_t count = tool_processes(pid, pids);
	long largest = 0;

	for (size_t i = 0; i < count; i++) {
		long peak = watch_status(pids[i], "\nVmHWM:");

		largest = peak > largest ? peak : largest;
	}
	return largest;
}

double watch_cpu(pid_t pid)
{
	pid_t pids[PROCESSES];
	size_t count = tool_processes(pid, pids);
	double sum = 0;

	for (size_t i = 0; i < count; i++) {
		struct timespec t;
		clockid_t clock;

		if (!clock_getcpuclockid(pids[i], &clock) && !clock_gettime(clock, &t))
			sum += (double)t.tv_sec * 1e9 + (double)t.tv_nsec;
	}
	return count ? sum : -1;
}
