/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Asks kill(2), and reads how /proc is mounted and which capabilities cltrace has. */
#include "source/kernel/hidden.h"

#include <errno.h>
#include <linux/capability.h>
#include <sched.h>
#include <signal.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/text.h"
#include "source/kernel/procfs/mounts.h"
#include "source/kernel/procfs/path.h"
#include "source/kernel/procfs/status.h"
#include "source/kernel/procfs/tasks.h"

#define GROUPS_MAX 65536 /* NGROUPS_MAX */
#define LOOKS_MAX 100	 /* at a process that hidepid may hide */

bool hidden_exists(pid_t pid)
{
	return pid > 0 && (kill(pid, 0) == 0 || errno == EPERM);
}

bool hidden_may_trace(void)
{
	struct proc_status status;

	return !proc_status(PROC_SELF, &status) && status.effective >> CAP_SYS_PTRACE & 1;
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

/* /proc shows the file system that was last mounted on it. */
static bool take_options(void *data, const struct mount *mount)
{
	struct text *options = data;

	if (strcmp(mount->point, "/proc") == 0) {
		text_clear(options);
		text_add(options, mount->options);
	}
	return true;
}

/* The value is a number or, since 5.8, a word. */
static bool is_hiding(const char *options)
{
	const char *value = mount_option(options, "hidepid"), *gid = mount_option(options, "gid");

	if (!value || *value == '0' || strncmp(value, "off", 3) == 0 || hidden_may_trace())
		return false;
	return *value == '4' || strncmp(value, "ptraceable", 10) == 0 || !gid ||
	       !is_member((gid_t)strtoul(gid, NULL, 10));
}

bool hidden_others(void)
{
	struct text options = TEXT_INIT;
	bool hiding;

	proc_mounts(take_options, &options);
	hiding = is_hiding(text_get(&options));
	text_done(&options);
	return hiding;
}

bool hidden_from_us(pid_t pid)
{
	if (!hidden_others())
		return false;
	for (unsigned i = 0; i < LOOKS_MAX && hidden_exists(pid); i++) {
		if (proc_has_process(pid))
			return false;
		sched_yield();
	}
	return hidden_exists(pid);
}
