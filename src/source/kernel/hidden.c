/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Asks kill(2), reads how /proc is mounted, and what we may do. */
#include "source/kernel/hidden.h"

#include <errno.h>
#include <linux/capability.h>
#include <sched.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define GROUPS_MAX 65536 /* NGROUPS_MAX */
#define LOOKS_MAX 100	 /* at a process that hidepid may hide */

bool hidden_exists(pid_t pid)
{
	return pid > 0 && (kill(pid, 0) == 0 || errno == EPERM);
}

bool hidden_may_trace(void)
{
	FILE *file = fopen("/proc/self/status", "re");
	unsigned long long effective = 0;
	char line[256];

	while (file && fgets(line, sizeof(line), file) && sscanf(line, "CapEff: %llx", &effective) != 1)
		;
	if (file)
		fclose(file);
	return effective >> CAP_SYS_PTRACE & 1;
}

/* What stands behind "KEY=" among OPTIONS, which commas part; NULL: it is not there. */
static const char *option(const char *options, const char *key)
{
	const size_t length = strlen(key);

	for (const char *at = options; at; at = strchr(at, ',')) {
		at += *at == ',';
		if (strncmp(at, key, length) == 0 && at[length] == '=')
			return at + length + 1;
	}
	return NULL;
}

/* Members of that group see everything. */
static bool is_member(gid_t gid)
{
	gid_t *groups = malloc(GROUPS_MAX * sizeof(*groups));
	int count = groups ? getgroups(GROUPS_MAX, groups) : 0;
	bool found = gid == getegid();

	for (int i = 0; i < count && !found; i++)
		found = groups[i] == gid;
	free(groups);
	return found;
}

/* The file system's options that stand at the end of the last line of mountinfo about /proc (proc(5)). */
static bool read_options(char *ret, size_t size)
{
	FILE *mounts = fopen("/proc/self/mountinfo", "re");
	char *line = NULL, point[16];
	size_t room = 0;
	bool found = false;

	while (mounts && getline(&line, &room, mounts) > 0) {
		const char *end = strrchr(line, ' ');

		if (sscanf(line, "%*s %*s %*s %*s %15s", point) != 1 || strcmp(point, "/proc") != 0 || !end)
			continue;
		snprintf(ret, size, "%.*s", (int)strcspn(end + 1, "\n"), end + 1);
		found = true;
	}
	free(line);
	if (mounts)
		fclose(mounts);
	return found;
}

/* The value is a number or, since 5.8, a word. */
bool hidden_others(void)
{
	char options[512];
	const char *value, *gid;

	if (!read_options(options, sizeof(options)))
		return false;
	value = option(options, "hidepid");
	if (!value || *value == '0' || strncmp(value, "off", 3) == 0 || hidden_may_trace())
		return false;
	gid = option(options, "gid");
	return *value == '4' || strncmp(value, "ptraceable", 10) == 0 || !gid ||
	       !is_member((gid_t)strtoul(gid, NULL, 10));
}

bool hidden_from_us(pid_t pid)
{
	char path[32];

	if (!hidden_others())
		return false;
	snprintf(path, sizeof(path), "/proc/%d/stat", (int)pid);
	for (unsigned i = 0; i < LOOKS_MAX && hidden_exists(pid); i++) {
		if (access(path, F_OK) == 0)
			return false;
		sched_yield();
	}
	return hidden_exists(pid);
}
