/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Runs a command and writes the kernel's own list of the tasks that it and its descendants made, one line each:
 * CREATOR CHILD FLAGS. It comes from the tracepoint task:task_newtask, in a tracefs instance of our own.
 *
 * Exits as the command does, 77 where tracefs cannot be used. */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <sched.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/vfs.h>
#include <sys/wait.h>
#include <unistd.h>

#define TRACING "/sys/kernel/tracing"
#define PREFIX "cltrace-newtask-"
enum { TRACEFS = 0x74726163, SKIP = 77 };

static char instance[PATH_MAX];

__attribute__((format(printf, 1, 2), noreturn)) static void skip(const char *format, ...)
{
	va_list list;

	va_start(list, format);
	fputs("newtask: ", stderr);
	vfprintf(stderr, format, list);
	fputc('\n', stderr);
	va_end(list);
	if (*instance != '\0')
		rmdir(instance);
	exit(SKIP);
}

static void set(const char *name, const char *value)
{
	char path[PATH_MAX + 64];
	int fd;

	snprintf(path, sizeof(path), "%s/%s", instance, name);
	fd = open(path, O_WRONLY | O_CLOEXEC);
	if (fd < 0 || write(fd, value, strlen(value)) < 0)
		skip("tracefs: %s: %s", name, strerror(errno));
	close(fd);
}

/* tracefs, where need be in a mount namespace of our own: nothing of the machine is changed. */
static void find_tracefs(void)
{
	struct statfs fs;

	if (statfs(TRACING, &fs) == 0 && fs.f_type == TRACEFS && access(TRACING "/instances", W_OK) == 0)
		return;
	if (unshare(CLONE_NEWNS) != 0 || mount("none", "/", NULL, MS_REC | MS_PRIVATE, NULL) != 0 ||
	    mount("tracefs", TRACING, "tracefs", 0, NULL) != 0)
		skip("tracefs cannot be used: %s", strerror(errno));
}

/* Instances whose maker was killed. */
static void remove_stale(void)
{
	DIR *dir = opendir(TRACING "/instances");
	const struct dirent *entry;
	char path[PATH_MAX];

	while (dir != NULL && (entry = readdir(dir)) != NULL) {
		if (strncmp(entry->d_name, PREFIX, strlen(PREFIX)) != 0 ||
		    kill(atoi(entry->d_name + strlen(PREFIX)), 0) == 0)
			continue;
		snprintf(path, sizeof(path), "%s/instances/%s", TRACING, entry->d_name);
		rmdir(path);
	}
	if (dir != NULL)
		closedir(dir);
}

static void record(pid_t pid)
{
	char text[16];

	snprintf(instance, sizeof(instance), "%s/instances/%s%d", TRACING, PREFIX, getpid());
	if (mkdir(instance, 0700) != 0) {
		int error = errno;

		*instance = '\0';
		skip("tracefs cannot be used: instances: %s", strerror(error));
	}
	snprintf(text, sizeof(text), "%d", pid);
	set("buffer_size_kb", "8192");
	set("options/event-fork", "1");
	set("set_event_pid", text);
	set("events/task/task_newtask/enable", "1");
	set("tracing_on", "1");
}

/* "  COMM-CREATOR   [CPU] FLAGS TIME: task_newtask: pid=CHILD comm=COMM clone_flags=FLAGS oom_score_adj=N" */
static void write_list(const char *path)
{
	char name[PATH_MAX + 16];
	FILE *from, *to = fopen(path, "w");
	char line[512];

	snprintf(name, sizeof(name), "%s/trace", instance);
	from = fopen(name, "re");
	if (from == NULL || to == NULL)
		skip("tracefs: trace: %s", strerror(errno));
	while (fgets(line, sizeof(line), from) != NULL) {
		char *fields = strstr(line, " task_newtask: pid=");
		char *flags = fields != NULL ? strstr(fields, " clone_flags=") : NULL;
		char *cpu = strstr(line, " [0");

		if (strstr(line, "LOST") != NULL)
			fprintf(stderr, "newtask: %s", line);
		if (flags == NULL || cpu == NULL)
			continue;
		while (cpu > line && cpu[-1] == ' ')
			cpu--;
		while (cpu > line && cpu[-1] != '-')
			cpu--;
		fprintf(to, "%d %d %llx\n", atoi(cpu), atoi(fields + 19), strtoull(flags + 13, NULL, 16));
	}
	fclose(from);
	if (fclose(to) != 0)
		skip("%s: %s", path, strerror(errno));
}

int main(int argc, char *argv[])
{
	int hold[2], status = 0;
	char byte;
	pid_t pid;

	if (argc < 3) {
		fputs("Usage: newtask OUTPUT COMMAND [ARGUMENTS]\n", stderr);
		return 2;
	}
	if (pipe2(hold, O_CLOEXEC) != 0)
		return 2;
	pid = fork();
	if (pid == 0) {
		close(hold[1]);
		if (read(hold[0], &byte, 1) != 1)
			_exit(SKIP);
		execvp(argv[2], argv + 2);
		perror(argv[2]);
		_exit(127);
	}
	close(hold[0]);
	/* What outlives the command comes to us, so that the list is whole when it is read. */
	prctl(PR_SET_CHILD_SUBREAPER, 1);
	signal(SIGINT, SIG_IGN);
	signal(SIGTERM, SIG_IGN);
	signal(SIGPIPE, SIG_IGN);
	find_tracefs();
	remove_stale();
	record(pid);
	if (write(hold[1], "", 1) != 1)
		return 2;
	for (;;) {
		int other;
		pid_t ended = wait(&other);

		if (ended == pid)
			status = other;
		if (ended < 0 && errno == ECHILD)
			break;
	}
	set("tracing_on", "0");
	write_list(argv[1]);
	set("events/task/task_newtask/enable", "0");
	if (rmdir(instance) != 0)
		perror(instance);
	return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}
