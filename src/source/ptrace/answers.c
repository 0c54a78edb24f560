/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Asks kcmp(2) and /proc about two tasks. */
#include "source/ptrace/answers.h"

#include <errno.h>
#include <linux/kcmp.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "source/kernel/kcmp.h"
#include "source/ptrace/proc.h"

#define ARRAY_LENGTH(array) (sizeof(array) / sizeof((array)[0]))
#define BIT(check) (UINT64_C(1) << (check))
#define NS_SIZE 32   /* "mnt:[INODE]" */
#define PPID_TRIES 8 /* a parent may end between two readings */

static const struct {
	enum check check;
	int type;
	bool optional; /* a task may have none */
} objects[] = {
	{ CHECK_MEMORY, KCMP_VM, false }, { CHECK_FILES, KCMP_FILES, false },
	{ CHECK_FS, KCMP_FS, false },	  { CHECK_SIGHAND, KCMP_SIGHAND, false },
	{ CHECK_IO, KCMP_IO, true },	  { CHECK_SYSVSEM, KCMP_SYSVSEM, true },
};

static const struct {
	enum check check;
	const char *creator, *child; /* in /proc/TID/ns */
} namespaces[] = {
	{ CHECK_NS_CGROUP, "cgroup", "cgroup" },
	{ CHECK_NS_IPC, "ipc", "ipc" },
	{ CHECK_NS_MNT, "mnt", "mnt" },
	{ CHECK_NS_NET, "net", "net" },
	{ CHECK_NS_PID, "pid", "pid" },
	{ CHECK_NS_TIME, "time", "time" },
	{ CHECK_NS_USER, "user", "user" },
	{ CHECK_NS_UTS, "uts", "uts" },
	{ CHECK_NS_PID_CHILDREN, "pid_for_children", "pid" },
	{ CHECK_NS_TIME_CHILDREN, "time_for_children", "time" },
};

static void refuse(struct check_answers *answers, enum check check, int r)
{
	if (r == -ENOENT || r == -ECHILD) /* this kernel has no such namespace; our zombie is gone */
		return;
	answers->refused |= BIT(check);
	if (!answers->error)
		answers->error = -r;
}

static void say(struct check_answers *answers, enum check check, bool shared)
{
	*(shared ? &answers->shared : &answers->apart) |= BIT(check);
}

static int ask_object(const struct kcmp *kcmp, pid_t creator, pid_t child, size_t i, struct check_answers *answers)
{
	const enum check check = objects[i].check;
	int order, has, r = kcmp_order(creator, child, objects[i].type, &order);

	if (r == -ESRCH)
		return r;
	if (r < 0) {
		refuse(answers, check, r);
		return 0;
	}
	if (order || !objects[i].optional) {
		say(answers, check, !order);
		return 0;
	}
	has = kcmp_has(kcmp, child, objects[i].type);
	if (has < 0)
		refuse(answers, check, has);
	else if (has)
		say(answers, check, true);
	else
		answers->neither |= BIT(check);
	return has == -ESRCH ? has : 0;
}

static int read_ns(pid_t tid, const char *name, char ret[NS_SIZE])
{
	char path[64];
	ssize_t n;

	snprintf(path, sizeof(path), "/proc/%d/ns/%s", proc_number(tid), name);
	n = readlink(path, ret, NS_SIZE - 1);
	if (n < 0)
		return -errno;
	ret[n] = '\0';
	return 0;
}

static void ask_ns(pid_t creator, pid_t child, size_t i, struct check_answers *answers)
{
	char one[NS_SIZE], other[NS_SIZE];
	int r = read_ns(creator, namespaces[i].creator, one);

	if (!r)
		r = read_ns(child, namespaces[i].child, other);
	if (r < 0)
		refuse(answers, namespaces[i].check, r);
	else
		say(answers, namespaces[i].check, !strcmp(one, other));
}

/* A parent that ends between two readings would make them differ: they are read until the first one still holds. */
static int ask_ids(pid_t creator, pid_t child, struct check_answers *answers)
{
	struct proc_status one, other, again;
	int tries = 0;

	do {
		if (proc_status(creator, &one) < 0 || proc_status(child, &other) < 0 ||
		    proc_status(creator, &again) < 0)
			return -ESRCH;
	} while (one.ids.ppid != again.ids.ppid && ++tries < PPID_TRIES);
	say(answers, CHECK_TGID, one.ids.tgid == other.ids.tgid);
	if (one.ids.ppid == other.ids.ppid)
		say(answers, CHECK_PPID, true);
	else if (other.ids.ppid == one.ids.tgid)
		say(answers, CHECK_PPID, false);
	if (one.ids.depth && other.ids.depth) { /* NSpid: since 4.1 */
		say(answers, CHECK_NSPID, one.ids.depth == other.ids.depth);
		say(answers, CHECK_NSTGID, one.ids.depth == other.ids.depth && one.nstgid == other.nstgid);
	}
	return 0;
}

int answers_ask(const struct kcmp *kcmp, pid_t creator, pid_t child, struct check_answers *ret)
{
	struct check_answers answers = { 0 };
	int r;

	if (!proc_is_ours()) { /* nothing would tell what they have from what is left of them */
		*ret = (struct check_answers){ .refused = BIT(CHECK_COUNT) - 1, .error = ENOENT };
		return 0;
	}
	r = ask_ids(creator, child, &answers);
	for (size_t i = 0; !r && i < ARRAY_LENGTH(objects); i++)
		r = ask_object(kcmp, creator, child, i, &answers);
	for (size_t i = 0; !r && i < ARRAY_LENGTH(namespaces); i++)
		ask_ns(creator, child, i, &answers);
	/* An ending task gives its objects back one by one. */
	if (r < 0 || proc_is_ending(creator) || proc_is_ending(child))
		return -ESRCH;
	*ret = answers;
	return 0;
}
