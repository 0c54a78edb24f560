/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Reads the links in /proc/TID/ns, or asks a pidfd. */
#include "source/kernel/procfs/ns.h"

#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "source/kernel/procfs/path.h"

#define BIT(n) (1U << (n))
#define NS_ALL (BIT(NAMESPACE_COUNT) - 1)

#ifndef SYS_pidfd_open
#define SYS_pidfd_open 434 /* since 5.3, in case the C library's header is older */
#endif

/* "ns/mnt": the name of the file below a task's folder. */
static const char *file_of(enum namespace ns, char name[32])
{
	snprintf(name, 32, "ns/%s", namespace_key(ns));
	return name;
}

int proc_ns_name(pid_t tid, enum namespace ns, char *ret, size_t size)
{
	char path[PROC_PATH_SIZE], name[32];
	const ssize_t n = readlink(proc_path(path, tid, file_of(ns, name)), ret, size);

	if (n < 0)
		return -errno;
	if ((size_t)n == size)
		return -ENAMETOOLONG;
	ret[n] = '\0';
	return 0;
}

uint64_t proc_namespace(pid_t tid, enum namespace ns)
{
	char path[PROC_PATH_SIZE], name[32];
	struct stat st;

	return stat(proc_path(path, tid, file_of(ns, name)), &st) < 0 ? 0 : st.st_ino;
}

int proc_ns_open(pid_t tid, enum namespace ns)
{
	char name[32];

	return proc_open(tid, file_of(ns, name));
}

/* The number in "mnt:[4026531841]", which is the text of the link NAME in the folder DIR. 0 and errno: the link cannot
 * be read. */
static uint64_t namespace_by_link(int dir, const char *name)
{
	const char *inode;
	char link[64];
	const ssize_t n = readlinkat(dir, name, link, sizeof(link) - 1);

	link[n > 0 ? n : 0] = '\0';
	inode = strchr(link, '[');
	return inode ? strtoull(inode + 1, NULL, 10) : 0;
}

/* A pidfd gives all namespaces for less than half of the cost of the links, which the kernel creates for each
 * process and removes at its end (since 6.11, pidfd_open(2) and ioctl_nsfs(2)). */
#define PIDFD_NS(ns) _IO(0xff, namespace_row(ns)->ioctl) /* <linux/pidfd.h> */

/* Whether RLIMIT_NOFILE allows so many descriptors that some can be kept only for speed. */
static bool has_many_descriptors(void)
{
	enum { DESCRIPTORS_MANY = 256 };
	struct rlimit files;

	return getrlimit(RLIMIT_NOFILE, &files) == 0 && files.rlim_cur >= DESCRIPTORS_MANY;
}

/* The kernel creates the inode of a namespace when somebody asks for it, and forgets the inode with its last
 * descriptor. So we hold our own namespaces open, because most tasks are in them. They exist as long as we do
 * anyway. */
static void hold_own_namespaces(void)
{
	static bool asked;

	if (asked)
		return;
	asked = true;
	if (!has_many_descriptors())
		return;
	for (unsigned i = 0; i < NAMESPACE_KINDS; i++)
		proc_ns_open(PROC_SELF, i); /* until our end */
}

/* Reads the namespaces in WHICH. Returns whether all are known. */
static bool namespaces_by_pidfd(pid_t tid, unsigned which, uint64_t ret[NAMESPACE_COUNT])
{
	static bool missing;
	bool all = true;
	struct stat st;
	int pidfd;

	if (missing || !proc_is_ours())
		return false;
	pidfd = (int)syscall(SYS_pidfd_open, tid, O_EXCL); /* PIDFD_THREAD, since 6.9 */
	if (pidfd < 0) {
		missing = errno == EINVAL || errno == ENOSYS || errno == EPERM;
		return false;
	}
	hold_own_namespaces();
	for (unsigned i = 0; i < NAMESPACE_COUNT && all; i++) {
		int fd;

		if (!(which & BIT(i)))
			continue;
		fd = ioctl(pidfd, PIDFD_NS(i), 0);
		all = fd >= 0;
		missing = !all && (errno == ENOTTY || errno == EINVAL || errno == EOPNOTSUPP);
		ret[i] = !all || fstat(fd, &st) < 0 ? 0 : st.st_ino;
		if (all)
			close(fd);
	}
	close(pidfd);
	/* a pid namespace for children that has no task yet: the link shows that */
	return all && ret[NAMESPACE_PID] == ret[NAMESPACE_PID_CHILDREN];
}

unsigned proc_ns_links(pid_t tgid, pid_t tid, unsigned which, uint64_t ret[NAMESPACE_COUNT])
{
	char path[PROC_PATH_SIZE];
	const int dir = open(proc_thread_path(path, tgid, tid, "ns"), O_PATH | O_DIRECTORY | O_CLOEXEC);
	unsigned known = 0;

	for (unsigned i = 0; dir >= 0 && i < NAMESPACE_COUNT; i++) {
		errno = 0;
		if (which & BIT(i))
			ret[i] = namespace_by_link(dir, namespace_key(i));
		known += ret[i] != 0;
		if (errno == EACCES)
			which = 0; /* all other links are refused, too */
	}
	if (dir >= 0)
		close(dir);
	return known;
}

unsigned proc_namespaces(pid_t tid, uint64_t ret[NAMESPACE_COUNT])
{
	if (tid != PROC_SELF && namespaces_by_pidfd(tid, NS_ALL, ret))
		return NAMESPACE_COUNT;
	memset(ret, 0, NAMESPACE_COUNT * sizeof(*ret));
	return proc_ns_links(tid, tid, NS_ALL, ret);
}

unsigned proc_thread_namespaces(pid_t tgid, pid_t tid, const uint64_t leader[NAMESPACE_COUNT],
				uint64_t ret[NAMESPACE_COUNT])
{
	unsigned which = 0;

	for (unsigned i = 0; i < NAMESPACE_COUNT; i++)
		which |= namespace_row(i)->process ? 0 : BIT(i);
	memcpy(ret, leader, NAMESPACE_COUNT * sizeof(*ret));
	if (namespaces_by_pidfd(tid, which, ret))
		return NAMESPACE_COUNT;
	for (unsigned i = 0; i < NAMESPACE_COUNT; i++)
		ret[i] = which & BIT(i) ? 0 : leader[i];
	return proc_ns_links(tgid, tid, which, ret);
}
