/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The namespaces of a task: /proc/TID/ns, or a pidfd (proc_pid_ns(5)). */
#ifndef SOURCE_KERNEL_PROCFS_NS_H
#define SOURCE_KERNEL_PROCFS_NS_H

#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#include "clone/namespace.h"

/* The name, "mnt:[INODE]", of the namespace NS of TID, which may be PROC_SELF. 0 or -errno. */
int proc_ns_name(pid_t tid, enum namespace ns, char *ret, size_t size);

/* The inode number of that namespace; 0: it cannot be had. And a descriptor of it, or -errno. */
uint64_t proc_namespace(pid_t tid, enum namespace ns);
int proc_ns_open(pid_t tid, enum namespace ns);

/* The inode numbers of TID's namespaces; 0 for those that cannot be had: the kernel has no such namespace, or may not
 * show us, or, of the one for its children, it has no task yet. Returns how many could be. */
unsigned proc_namespaces(pid_t tid, uint64_t ret[NAMESPACE_COUNT]);
/* The same for TID, a thread of TGID that is not the leader. LEADER: the leader's namespaces. That costs less. */
unsigned proc_thread_namespaces(pid_t tgid, pid_t tid, const uint64_t leader[NAMESPACE_COUNT],
				uint64_t ret[NAMESPACE_COUNT]);

/* The links only, and in WHICH, bits 1 << enum namespace: what the thread TID of TGID has. The others stay. Returns how
 * many of RET are known. */
unsigned proc_ns_links(pid_t tgid, pid_t tid, unsigned which, uint64_t ret[NAMESPACE_COUNT]);

#endif
