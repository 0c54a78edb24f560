/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Asks kcmp(2) and /proc about two tasks. */
#include "source/ptrace/answers.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <linux/nsfs.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "clone/namespace.h"
#include "clone/object.h"
#include "source/kernel/kcmp.h"
#include "source/kernel/procfs/fd.h"
#include "source/kernel/procfs/ns.h"
#include "source/kernel/procfs/path.h"
#include "source/kernel/procfs/stat.h"
#include "source/kernel/procfs/status.h"

#define BIT(check) (UINT64_C(1) << (check))
#define NS_SIZE 64   /* "mnt:[INODE]" */
#define PPID_TRIES 8 /* a parent may end between two readings */

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

static int ask_object(const struct kcmp *kcmp, pid_t creator, pid_t child, enum task_object object,
		      struct check_answers *answers)
{
	const enum check check = (enum check)object; /* the first of them */
	int order, has, r = kcmp_order(creator, child, object, &order);

	if (r == -ESRCH)
		return r;
	if (r < 0) {
		refuse(answers, check, r);
		return 0;
	}
	if (order || !object_row(object)->optional) {
		say(answers, check, !order);
		return 0;
	}
	has = kcmp_has(kcmp, child, object);
	if (has < 0)
		refuse(answers, check, has);
	else if (has)
		say(answers, check, true);
	else
		answers->neither |= BIT(check);
	return has == -ESRCH ? has : 0;
}

/* Whether CHILD is in the namespace NS of CREATOR, which can be CREATOR's namespace for children. */
static void ask_ns(pid_t creator, pid_t child, enum namespace ns, struct check_answers *answers)
{
	const struct namespace_row *row = namespace_row(ns);
	char one[NS_SIZE], other[NS_SIZE];
	int r = proc_ns_name(creator, ns, one, sizeof(one));

	if (!r)
		r = proc_ns_name(child, row->kind, other, sizeof(other));
	if (r < 0)
		refuse(answers, row->check, r);
	else
		say(answers, row->check, !strcmp(one, other));
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

	if (!proc_is_ours()) { /* nothing would show whether they are ending */
		*ret = (struct check_answers){ .refused = BIT(CHECK_COUNT) - 1, .error = ENOENT };
		return 0;
	}
	r = ask_ids(creator, child, &answers);
	for (unsigned i = 0; !r && i < OBJECT_COUNT; i++)
		r = ask_object(kcmp, creator, child, i, &answers);
	for (unsigned i = 0; !r && i < NAMESPACE_COUNT; i++)
		ask_ns(creator, child, i, &answers);
	/* An ending task gives its objects back one by one. */
	if (r < 0 || proc_is_ending(creator) || proc_is_ending(child))
		return -ESRCH;
	*ret = answers;
	return 0;
}

/* ---- what setns(2) entered ---- */

/* The kind of the namespace FD of TID, as a flag, and its number: since 4.11 (ioctl_ns(2)). -errno: it is not a
 * namespace. */
static int64_t descriptor_namespace(pid_t tid, int fd, ino_t *ret_inode)
{
	struct stat status;
	char path[PROC_PATH_SIZE];
	int64_t flag;
	const int ours = open(proc_fd_path(path, tid, fd), O_RDONLY | O_NONBLOCK | O_NOCTTY | O_CLOEXEC);

	if (ours < 0)
		return -errno;
	flag = ioctl(ours, NS_GET_NSTYPE);
	if (flag < 0 || fstat(ours, &status) < 0)
		flag = -errno;
	else
		*ret_inode = status.st_ino;
	close(ours);
	return flag;
}

/* The process of a pidfd of TID, as the tracer sees it; 0: it is not a pidfd, or the process has ended. */
static pid_t descriptor_process(pid_t tid, int fd)
{
	pid_t pid;

	return !proc_fd_process(tid, fd, &pid) && pid > 0 ? pid : 0;
}

static void ask_entry(pid_t tid, enum namespace ns, const char *entered, bool moves, struct check_answers *answers)
{
	const struct namespace_row *row = namespace_row(ns);
	char has[NS_SIZE];
	const int r = proc_ns_name(tid, ns, has, sizeof(has));

	if (r < 0)
		refuse(answers, row->check, r);
	else if (moves && strcmp(has, entered) != 0)
		refuse(answers, row->check, -EAGAIN);
	else
		say(answers, row->check, !strcmp(has, entered));
}

int answers_entered(pid_t tid, int fd, uint64_t flags, struct check_answers *ret)
{
	const bool ours = proc_is_ours();
	ino_t inode = 0;
	const int64_t flag = ours ? descriptor_namespace(tid, fd, &inode) : -ENOENT;
	const pid_t pid = ours && flag < 0 ? descriptor_process(tid, fd) : 0;
	struct check_answers answers = { 0 };

	if (flag < 0 && !pid)
		return (int)flag;
	for (unsigned i = 0; i < NAMESPACE_KINDS; i++) {
		const struct namespace_row *row = namespace_row(i);
		char entered[NS_SIZE];

		if (!(row->flag & (pid ? flags : (uint64_t)flag)))
			continue;
		if (!pid)
			snprintf(entered, sizeof(entered), "%s:[%ju]", row->key, (uintmax_t)inode);
		else if (proc_ns_name(pid, i, entered, sizeof(entered)) < 0)
			continue;
		ask_entry(tid, row->entered, entered, pid, &answers);
	}
	*ret = answers;
	return 0;
}
