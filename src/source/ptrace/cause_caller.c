/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Looks at the caller of a refused call. */
#include "source/ptrace/cause.h"

#include <errno.h>
#include <linux/nsfs.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "source/kernel/procfs/fd.h"
#include "source/kernel/procfs/idmap.h"
#include "source/kernel/procfs/ns.h"
#include "source/kernel/procfs/path.h"
#include "source/kernel/procfs/stat.h"
#include "source/kernel/procfs/status.h"
#include "source/kernel/procfs/tasks.h"

#define DEPTH_MAX 64 /* namespaces nest 33 deep at most */

void look_threads(struct look *look)
{
	if (status_has(&look->status, STATUS_THREADS))
		look_add(look, FACT_THREADS, 0, look->status.threads, 0);
}

void look_capabilities(struct look *look)
{
	const uint64_t ns = proc_namespace(look->tid, NAMESPACE_USER);

	if (ns && status_has(&look->status, STATUS_EFFECTIVE))
		look_add(look, FACT_CAPABILITIES, look->status.effective, 0, ns);
}

/* How far the user namespace of FD, which is closed here, is below the tracer's. */
static uint64_t user_depth(int fd)
{
	uint64_t depth = 0;
	int parent;

	while (depth < DEPTH_MAX && (parent = ioctl(fd, NS_GET_PARENT)) >= 0) {
		close(fd);
		fd = parent;
		depth++;
	}
	close(fd);
	return depth;
}

void look_user_ns(struct look *look)
{
	const int fd = proc_ns_open(look->tid, NAMESPACE_USER);
	uid_t owner = 0;
	struct stat st;

	if (fd < 0)
		return;
	if (fstat(fd, &st) < 0 || ioctl(fd, NS_GET_OWNER_UID, &owner) < 0) {
		close(fd);
		return;
	}
	look_add(look, FACT_USER_NS, owner, user_depth(fd), st.st_ino);
}

/* Whether PID is a process that has not ended. */
static bool is_alive(pid_t pid)
{
	struct proc_stat stat;

	return proc_stat(pid, pid, &stat) == 0 && stat.state != 'Z' && stat.state != 'X';
}

/* How many processes live in the pid namespace INODE. */
static uint64_t count_members(uint64_t inode)
{
	pid_t *pids = NULL;
	const ssize_t n = proc_processes(&pids);
	uint64_t count = 0;

	for (ssize_t i = 0; i < n; i++)
		count += proc_namespace(pids[i], NAMESPACE_PID) == inode && is_alive(pids[i]);
	free(pids);
	return count;
}

/* Processes in the caller's own namespace are not counted, because it is alive. A namespace without a task has no inode
 * that can be seen. */
void look_pid_ns(struct look *look)
{
	const uint64_t own = proc_namespace(look->tid, NAMESPACE_PID);
	const uint64_t children = proc_namespace(look->tid, NAMESPACE_PID_CHILDREN);

	if (own)
		look_add(look, FACT_PID_NS, children != own, children && children != own ? count_members(children) : 0,
			 children);
}

void look_pid_depth(struct look *look)
{
	if (look->status.ids.depth)
		look_add(look, FACT_PID_DEPTH, (uint64_t)look->status.nstgid, look->status.ids.depth, 0);
}

/* If the caller's root is below ours, it is not the root of its mount namespace, unless that namespace is another one.
 * Whether ours is the root of our mount namespace is not visible. */
void look_root(struct look *look)
{
	char path[PROC_PATH_SIZE], root[2];

	if (proc_namespace(look->tid, NAMESPACE_MNT) != proc_namespace(PROC_SELF, NAMESPACE_MNT))
		return;
	if (readlink(proc_path(path, look->tid, "root"), root, sizeof(root)) > 1)
		look_add(look, FACT_ROOT, 0, 0, 0);
}

/* Ids in status are as the tracer sees them. So are the ids outside in the map, except for our own user namespace,
 * where those inside are (user_namespaces(7)). */
void look_mapped(struct look *look)
{
	const bool own = proc_namespace(look->tid, NAMESPACE_USER) == proc_namespace(PROC_SELF, NAMESPACE_USER);
	const enum idmap_side side = own ? IDMAP_INSIDE : IDMAP_OUTSIDE;
	const uid_t uid = look->status.uids[ID_EFFECTIVE];
	const gid_t gid = look->status.gids[ID_EFFECTIVE];
	bool mapped;

	if (!status_has(&look->status, STATUS_UIDS) || !status_has(&look->status, STATUS_GIDS))
		return;
	mapped = proc_is_mapped(look->tid, "uid_map", side, uid) > 0 &&
		 proc_is_mapped(look->tid, "gid_map", side, gid) > 0;
	look_add(look, FACT_MAPPED, mapped, 0, uid);
}

/* Debian's and Ubuntu's own sysctls. */
void look_userns_policy(struct look *look)
{
	uint64_t allowed = 1, restricted = 0;

	proc_sysctl("kernel/unprivileged_userns_clone", &allowed);
	proc_sysctl("kernel/apparmor_restrict_unprivileged_userns", &restricted);
	look_add(look, FACT_USERNS_POLICY, !allowed || restricted, 0, 0);
}

void look_namespaces(struct look *look)
{
	uint64_t there = 0;

	for (unsigned i = 0; i < NAMESPACE_KINDS; i++)
		if (proc_namespace(PROC_SELF, i))
			there |= namespace_row(i)->flag;
	if (there)
		look_add(look, FACT_NAMESPACES, there, 0, 0);
}

/* Seccomp_filters: since 5.9 */
void look_seccomp(struct look *look)
{
	uint64_t filters = status_has(&look->status, STATUS_FILTERS) ? look->status.filters : FACT_UNKNOWN;

	if (!status_has(&look->status, STATUS_SECCOMP))
		return;
	if (filters != FACT_UNKNOWN && look->wanted->own_filter && filters)
		filters--;
	look_add(look, FACT_SECCOMP, look->status.seccomp, filters, 0);
}

void look_descriptor(struct look *look)
{
	char path[PROC_PATH_SIZE], link[64];
	struct stat st;
	ssize_t n;

	n = readlink(proc_fd_path(path, look->tid, look->wanted->descriptor), link, sizeof(link) - 1);
	if (n < 0) {
		if (errno == ENOENT)
			look_add(look, FACT_DESCRIPTOR, 0, 0, FACT_DESCRIPTOR_BAD);
		return;
	}
	link[n] = '\0';
	for (unsigned i = 0; i < NAMESPACE_KINDS; i++) {
		const char *key = namespace_key(i);
		const size_t length = strlen(key);

		if (!strncmp(link, key, length) && !strncmp(link + length, ":[", 2) && stat(path, &st) == 0) {
			look_add(look, FACT_DESCRIPTOR, namespace_row(i)->flag, st.st_ino, FACT_DESCRIPTOR_NAMESPACE);
			return;
		}
	}
	if (fd_is_pidfd(link))
		look_add(look, FACT_DESCRIPTOR, 0, 0, FACT_DESCRIPTOR_PIDFD);
	else
		look_add(look, FACT_DESCRIPTOR, 0, 0, FACT_DESCRIPTOR_OTHER);
}
