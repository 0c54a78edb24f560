/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The sentences about flags, and the misconceptions about requests. */
#include "teach/meaning.h"

#include "base/array.h"
#include "clone/flags.h"
#include "clone/kind.h"
#include "clone/request.h"

#define IN_LEGACY (1U << CALL_CLONE | 1U << CALL_FORK | 1U << CALL_VFORK)
#define IN_CLONE3 (1U << CALL_CLONE3)
#define IN_NEW (IN_LEGACY | IN_CLONE3)
#define IN_UNSHARE (1U << CALL_UNSHARE)
#define IN_SETNS (1U << CALL_SETNS)
#define IN_ANY (IN_NEW | IN_UNSHARE)

enum { SIGNO_CHLD = 17 };

/* The first row that fits counts. The columns: flag, set, with, without, calls, text, source. */
static const struct meaning meanings[] = {
	{ FLAG_NEWTIME, true, FLAG_VM, 0, IN_CLONE3, "$c stays in $m's time namespace, its children begin in a new one",
	  "kernel/nsproxy.c, copy_namespaces()" },
	{ FLAG_NEWTIME, true, 0, 0, IN_CLONE3,
	  "$c begins in a new time namespace, its clocks' offsets are those of $m's",
	  "kernel/time/namespace.c, clone_time_ns()" },
	{ FLAG_NEWTIME, false, FLAG_VM, 0, IN_NEW,
	  "$c is in $m's time namespace, where it remains at least until it execs",
	  "kernel/nsproxy.c, copy_namespaces()" },
	{ FLAG_NEWTIME, false, 0, 0, IN_NEW, "$c is in the time namespace that $m has for its children",
	  "kernel/nsproxy.c, copy_namespaces()" },
	{ FLAG_NEWTIME, true, 0, 0, IN_UNSHARE, "children of $m will begin in a new time namespace, $m itself stays",
	  "time_namespaces(7)" },
	{ FLAG_NEWTIME, true, 0, 0, IN_SETNS, "$m moves into the time namespace of the descriptor",
	  "kernel/time/namespace.c, timens_install()" },
	{ FLAG_VM, true, FLAG_VFORK, FLAG_THREAD, IN_NEW,
	  "$c and $m have one memory until $c execs or exits: what one writes the other reads",
	  "vfork(2), clone(2) on CLONE_VM and CLONE_VFORK" },
	{ FLAG_VM, true, 0, 0, IN_NEW, "$c and $m have one memory: what one writes the other reads",
	  "clone(2), CLONE_VM" },
	{ FLAG_VM, false, 0, 0, IN_NEW, "$c has a copy of $m's memory: a page is copied when one of them writes to it",
	  "clone(2), CLONE_VM; fork(2), NOTES" },
	{ FLAG_VM, true, 0, 0, IN_UNSHARE, "asks that $m share its memory with nobody, which must be so already",
	  "unshare(2), CLONE_VM" },
	{ FLAG_FS, true, 0, 0, IN_NEW,
	  "$c and $m have one root, one cwd and one umask: a chdir in one is a chdir in both", "clone(2), CLONE_FS" },
	{ FLAG_FS, false, 0, 0, IN_NEW,
	  "$c has a copy of $m's root, cwd and umask: a chdir in one does not move the other", "clone(2), CLONE_FS" },
	{ FLAG_FS, true, 0, 0, IN_UNSHARE, "$m has a root, a cwd and a umask of its own from now on",
	  "unshare(2), CLONE_FS" },
	{ FLAG_FILES, true, 0, 0, IN_NEW, "$c and $m have one descriptor table: a close in one is a close in both",
	  "clone(2), CLONE_FILES" },
	{ FLAG_FILES, false, 0, 0, IN_NEW,
	  "$c has a copy of $m's descriptor table: a close in one is not seen in the other", "clone(2), CLONE_FILES" },
	{ FLAG_FILES, true, 0, 0, IN_UNSHARE,
	  "$m has a descriptor table of its own from now on, a copy of the one it shared", "unshare(2), CLONE_FILES" },
	{ FLAG_SIGHAND, true, 0, 0, IN_NEW,
	  "$c and $m have one table of signal handlers: a sigaction in one is one in both", "clone(2), CLONE_SIGHAND" },
	{ FLAG_SIGHAND, false, FLAG_CLEAR_SIGHAND, 0, IN_NEW, "$c has a table of signal handlers of its own",
	  "clone(2), CLONE_CLEAR_SIGHAND" },
	{ FLAG_SIGHAND, false, 0, 0, IN_NEW,
	  "$c has a copy of $m's signal handlers: a sigaction in one is not seen in the other",
	  "clone(2), CLONE_SIGHAND" },
	{ FLAG_SIGHAND, true, 0, 0, IN_UNSHARE,
	  "asks that $m share its signal handlers with nobody, which must be so already", "unshare(2), CLONE_SIGHAND" },
	{ FLAG_PIDFD, true, 0, 0, IN_NEW,
	  "$m gets a pidfd: a descriptor that stands for $c, to signal it and to learn of its end",
	  "clone(2), CLONE_PIDFD; pidfd_open(2)" },
	{ FLAG_PIDFD, false, 0, 0, IN_NEW, "$m gets no pidfd", "clone(2), CLONE_PIDFD" },
	{ FLAG_PTRACE, true, 0, 0, IN_NEW, "if $m is traced, its tracer traces $c too", "clone(2), CLONE_PTRACE" },
	{ FLAG_PTRACE, false, 0, 0, IN_NEW, "a tracer of $m traces $c only if it has asked for that",
	  "ptrace(2), PTRACE_O_TRACECLONE" },
	{ FLAG_VFORK, true, FLAG_THREAD, 0, IN_NEW, "$m waits until $c ends",
	  "kernel/fork.c, kernel_clone(), wait_for_vfork_done()" },
	{ FLAG_VFORK, true, 0, 0, IN_NEW, "$m waits until $c execs or exits", "clone(2), CLONE_VFORK" },
	{ FLAG_VFORK, false, 0, 0, IN_NEW, "$m does not wait: both run on", "clone(2), CLONE_VFORK" },
	{ FLAG_PARENT, true, FLAG_THREAD, 0, IN_NEW, "no effect: $c is a thread, its parent is that of its process",
	  "kernel/fork.c, copy_process(), CLONE_PARENT|CLONE_THREAD" },
	{ FLAG_PARENT, true, 0, 0, IN_NEW,
	  "$c is a child of $p, not of $m that made it; it is $p that learns of its end", "clone(2), CLONE_PARENT" },
	{ FLAG_PARENT, false, FLAG_THREAD, 0, IN_NEW, "$c has the parent of its process, as every thread",
	  "clone(2), CLONE_THREAD" },
	{ FLAG_PARENT, false, 0, 0, IN_NEW, "$c is a child of $t", "clone(2), CLONE_PARENT" },
	{ FLAG_THREAD, true, 0, 0, IN_NEW,
	  "$c joins the thread group of $t: one tgid, which is what getpid() gives in both", "clone(2), CLONE_THREAD" },
	{ FLAG_THREAD, false, 0, 0, IN_NEW,
	  "$c leads a thread group of its own: a tgid of its own, which is what getpid() gives",
	  "clone(2), CLONE_THREAD" },
	{ FLAG_THREAD, true, 0, 0, IN_UNSHARE,
	  "asks that $m be the only thread of its process, which must be so already", "unshare(2), CLONE_THREAD" },
	{ FLAG_NEWNS, true, 0, 0, IN_NEW, "$c begins in a new mount namespace, a copy of $m's list of mounts",
	  "clone(2), CLONE_NEWNS" },
	{ FLAG_NEWNS, false, FLAG_EMPTY_MNTNS, 0, IN_CLONE3, "$c begins in a mount namespace that is new and empty",
	  "kernel/fork.c, copy_process(), CLONE_EMPTY_MNTNS" },
	{ FLAG_NEWNS, false, 0, 0, IN_NEW, "$c is in $m's mount namespace: a mount in one is a mount in both",
	  "clone(2), CLONE_NEWNS" },
	{ FLAG_NEWNS, true, 0, 0, IN_UNSHARE, "$m moves into a new mount namespace, a copy of the one it leaves",
	  "unshare(2), CLONE_NEWNS" },
	{ FLAG_NEWNS, true, 0, 0, IN_SETNS,
	  "$m moves into the mount namespace of the descriptor, its root and cwd to that one's root",
	  "setns(2), CLONE_NEWNS; fs/namespace.c, mntns_install()" },
	{ FLAG_SYSVSEM, true, 0, 0, IN_NEW,
	  "$c and $m have one list of semaphore adjustments (SEM_UNDO), applied when the last of them ends",
	  "clone(2), CLONE_SYSVSEM" },
	{ FLAG_SYSVSEM, false, 0, 0, IN_NEW,
	  "$c does not share $m's list of semaphore adjustments (SEM_UNDO): it gets its own when it first needs one",
	  "clone(2), CLONE_SYSVSEM; ipc/sem.c, copy_semundo(), find_alloc_undo()" },
	{ FLAG_SYSVSEM, true, 0, 0, IN_UNSHARE,
	  "$m leaves its list of semaphore adjustments (SEM_UNDO) and gets its own when it first needs one",
	  "unshare(2), CLONE_SYSVSEM; kernel/fork.c, ksys_unshare(), exit_sem()" },
	{ FLAG_SETTLS, true, 0, 0, IN_NEW, "$c has thread-local storage of its own, at tls: its errno is not $m's",
	  "clone(2), CLONE_SETTLS; errno(3)" },
	{ FLAG_SETTLS, false, FLAG_VM, 0, IN_NEW,
	  "$c begins with $m's thread-local storage, in the same memory: one errno for both",
	  "arch/x86/kernel/process.c, copy_thread()" },
	{ FLAG_SETTLS, false, 0, 0, IN_NEW,
	  "$c begins with $m's thread-local storage as it is in its copy of the memory",
	  "arch/x86/kernel/process.c, copy_thread()" },
	{ FLAG_PARENT_SETTID, true, 0, 0, IN_NEW,
	  "the new tid is written to parent_tid in $m's memory before the call returns",
	  "clone(2), CLONE_PARENT_SETTID" },
	{ FLAG_PARENT_SETTID, false, FLAG_VM | FLAG_CHILD_SETTID, 0, IN_NEW,
	  "the new tid is written to child_tid alone, in the memory of both, by $c: perhaps after the call returns",
	  "clone(2), CLONE_CHILD_SETTID; kernel/sched/core.c, schedule_tail()" },
	{ FLAG_PARENT_SETTID, false, 0, 0, IN_NEW,
	  "the new tid is not written into $m's memory, it is the call's result alone",
	  "clone(2), CLONE_PARENT_SETTID" },
	{ FLAG_UNSHARE_EMPTY_MNTNS, true, 0, 0, IN_UNSHARE, "$m moves into a new, empty mount namespace",
	  "include/uapi/linux/sched.h, UNSHARE_EMPTY_MNTNS" },
	{ FLAG_CHILD_CLEARTID, true, FLAG_VM, 0, IN_NEW,
	  "when $c ends or execs, 0 is written to child_tid and a waiter at that futex is woken",
	  "set_tid_address(2); kernel/fork.c, mm_release()" },
	{ FLAG_CHILD_CLEARTID, true, 0, 0, IN_NEW, "no effect unless $c shares its memory when it ends",
	  "kernel/fork.c, mm_release(), mm_users" },
	{ FLAG_CHILD_CLEARTID, false, 0, 0, IN_NEW,
	  "nothing is cleared and nobody woken when $c ends, unless it asks by set_tid_address()",
	  "set_tid_address(2)" },
	{ FLAG_DETACHED, true, 0, 0, IN_LEGACY, "no effect since 2.6.0", "clone(2), CLONE_DETACHED" },
	{ FLAG_UNTRACED, true, FLAG_PTRACE, 0, IN_NEW,
	  "a tracer of $m is not told of the call; by CLONE_PTRACE it traces $c all the same",
	  "kernel/fork.c, kernel_clone(), copy_process() (ptrace_init_task())" },
	{ FLAG_UNTRACED, true, 0, 0, IN_NEW, "a tracer of $m is not to follow $c", "clone(2), CLONE_UNTRACED" },
	{ FLAG_UNTRACED, false, 0, 0, IN_NEW, "a tracer of $m may follow $c", "clone(2), CLONE_UNTRACED" },
	{ FLAG_CHILD_SETTID, true, 0, 0, IN_NEW, "the new tid is written to child_tid in $c's memory before $c runs",
	  "clone(2), CLONE_CHILD_SETTID" },
	{ FLAG_CHILD_SETTID, false, FLAG_VM | FLAG_PARENT_SETTID, 0, IN_NEW,
	  "the new tid is written to parent_tid alone, in the memory of both", "clone(2), CLONE_PARENT_SETTID" },
	{ FLAG_CHILD_SETTID, false, 0, 0, IN_NEW, "the new tid is not written into $c's memory",
	  "clone(2), CLONE_CHILD_SETTID" },
	{ FLAG_NEWCGROUP, true, 0, 0, IN_NEW,
	  "$c begins in a new cgroup namespace: it sees its present cgroups as the roots", "cgroup_namespaces(7)" },
	{ FLAG_NEWCGROUP, false, 0, 0, IN_NEW, "$c is in $m's cgroup namespace", "clone(2), CLONE_NEWCGROUP" },
	{ FLAG_NEWCGROUP, true, 0, 0, IN_UNSHARE, "$m moves into a new cgroup namespace",
	  "unshare(2), CLONE_NEWCGROUP; cgroup_namespaces(7)" },
	{ FLAG_NEWCGROUP, true, 0, 0, IN_SETNS, "$m moves into the cgroup namespace of the descriptor",
	  "setns(2), DESCRIPTION" },
	{ FLAG_NEWUTS, true, 0, 0, IN_NEW, "$c begins in a new UTS namespace, with a copy of $m's host and domain name",
	  "clone(2), CLONE_NEWUTS" },
	{ FLAG_NEWUTS, false, 0, 0, IN_NEW, "$c is in $m's UTS namespace: a sethostname in one is seen in both",
	  "clone(2), CLONE_NEWUTS; uts_namespaces(7)" },
	{ FLAG_NEWUTS, true, 0, 0, IN_UNSHARE, "$m moves into a new UTS namespace, with a copy of its names",
	  "unshare(2), CLONE_NEWUTS; uts_namespaces(7)" },
	{ FLAG_NEWUTS, true, 0, 0, IN_SETNS, "$m moves into the UTS namespace of the descriptor",
	  "setns(2), DESCRIPTION" },
	{ FLAG_NEWIPC, true, 0, 0, IN_NEW,
	  "$c begins in a new IPC namespace, without any System V objects and message queues", "ipc_namespaces(7)" },
	{ FLAG_NEWIPC, false, 0, 0, IN_NEW, "$c is in $m's IPC namespace", "clone(2), CLONE_NEWIPC" },
	{ FLAG_NEWIPC, true, 0, 0, IN_UNSHARE, "$m moves into a new IPC namespace, without any objects",
	  "unshare(2), CLONE_NEWIPC; ipc_namespaces(7)" },
	{ FLAG_NEWIPC, true, 0, 0, IN_SETNS, "$m moves into the IPC namespace of the descriptor",
	  "setns(2), DESCRIPTION" },
	{ FLAG_NEWUSER, true, 0, 0, IN_NEW, "$c begins in a new user namespace, with all capabilities there",
	  "user_namespaces(7), Capabilities" },
	{ FLAG_NEWUSER, false, 0, 0, IN_NEW, "$c is in $m's user namespace", "clone(2), CLONE_NEWUSER" },
	{ FLAG_NEWUSER, true, 0, 0, IN_UNSHARE, "$m moves into a new user namespace, with all capabilities there",
	  "unshare(2), CLONE_NEWUSER; user_namespaces(7)" },
	{ FLAG_NEWUSER, true, 0, 0, IN_SETNS,
	  "$m moves into the user namespace of the descriptor, with all capabilities there", "setns(2), DESCRIPTION" },
	{ FLAG_NEWPID, true, 0, 0, IN_NEW,
	  "$c is pid 1 of a new pid namespace: if it ends, all others there are killed",
	  "pid_namespaces(7), The namespace init process" },
	{ FLAG_NEWPID, false, 0, 0, IN_NEW, "$c is in the pid namespace that $m has for its children",
	  "pid_namespaces(7), setns(2) and unshare(2) semantics" },
	{ FLAG_NEWPID, true, 0, 0, IN_UNSHARE,
	  "children of $m will begin in a new pid namespace, the first of them as pid 1; $m itself stays",
	  "unshare(2), CLONE_NEWPID" },
	{ FLAG_NEWPID, true, 0, 0, IN_SETNS,
	  "children of $m will begin in the pid namespace of the descriptor; $m itself stays",
	  "setns(2), CLONE_NEWPID" },
	{ FLAG_NEWNET, true, 0, 0, IN_NEW,
	  "$c begins in a new network namespace, with a loopback device of its own, which is down",
	  "network_namespaces(7); net/core/net_namespace.c, loopback_net_init()" },
	{ FLAG_NEWNET, false, 0, 0, IN_NEW, "$c is in $m's network namespace: the same devices, addresses and ports",
	  "network_namespaces(7)" },
	{ FLAG_NEWNET, true, 0, 0, IN_UNSHARE,
	  "$m moves into a new network namespace, with a loopback device of its own",
	  "unshare(2), CLONE_NEWNET; network_namespaces(7)" },
	{ FLAG_NEWNET, true, 0, 0, IN_SETNS, "$m moves into the network namespace of the descriptor",
	  "setns(2), DESCRIPTION" },
	{ FLAG_IO, true, 0, 0, IN_NEW,
	  "$c shares $m's I/O context, if $m has one: the I/O scheduler treats them as one",
	  "clone(2), CLONE_IO; block/blk-ioc.c, __copy_io()" },
	{ FLAG_IO, false, 0, 0, IN_NEW, "$c does not share $m's I/O context: it gets its own when it first needs one",
	  "clone(2), CLONE_IO; block/blk-ioc.c, __copy_io()" },
	{ FLAG_CLEAR_SIGHAND, true, 0, 0, IN_CLONE3,
	  "signals that $m handles have their default action in $c, those that it ignores stay ignored",
	  "kernel/signal.c, flush_signal_handlers()" },
	{ FLAG_CLEAR_SIGHAND, false, 0, 0, IN_NEW,
	  "signals that $m handles or ignores are handled or ignored in $c too", "clone(2), CLONE_CLEAR_SIGHAND" },
	{ FLAG_INTO_CGROUP, true, 0, 0, IN_CLONE3, "$c begins in the cgroup that the descriptor names",
	  "clone(2), CLONE_INTO_CGROUP" },
	{ FLAG_INTO_CGROUP, false, 0, 0, IN_NEW, "$c begins in $m's cgroup", "clone(2), CLONE_INTO_CGROUP" },
	{ FLAG_AUTOREAP, true, 0, 0, IN_CLONE3,
	  "$c leaves no zombie and sends no signal when it ends: nobody waits for it",
	  "clone: add CLONE_AUTOREAP (7.1)" },
	{ FLAG_NNP, true, 0, 0, IN_CLONE3, "$c begins with no_new_privs: no exec gives it privileges",
	  "clone: add CLONE_NNP (7.1); prctl(2), PR_SET_NO_NEW_PRIVS" },
	{ FLAG_NNP, false, 0, 0, IN_NEW, "$c has no_new_privs if $m has it", "prctl(2), PR_SET_NO_NEW_PRIVS" },
	{ FLAG_PIDFD_AUTOKILL, true, 0, 0, IN_CLONE3,
	  "$c is killed when the pidfd that the call gives is closed for the last time",
	  "pidfd: add CLONE_PIDFD_AUTOKILL (7.1)" },
	{ FLAG_PIDFD_AUTOKILL, false, FLAG_PIDFD, 0, IN_CLONE3, "$c lives on when its pidfd is closed",
	  "pidfd_open(2)" },
	{ FLAG_EMPTY_MNTNS, true, 0, 0, IN_CLONE3, "$c begins in a new, empty mount namespace",
	  "include/uapi/linux/sched.h, CLONE_EMPTY_MNTNS" },
};

#define PROC (1U << KIND_PROCESS | 1U << KIND_PROCESS_NAMESPACES)
#define PROC_SHARING (1U << KIND_PROCESS_VFORK | 1U << KIND_PROCESS_SHARING | 1U << KIND_PROCESS_NAMESPACES)

static const struct correction corrections[] = {
	{ PROC_SHARING, FLAG_VM, FLAG_THREAD, IN_NEW, false, false, "CLONE_VM makes a thread",
	  "$c shares $m's memory and is a process; CLONE_THREAD alone decides",
	  "clone(2), CLONE_THREAD; kernel/fork.c, copy_process()" },
	{ PROC, 0, FLAG_VM, IN_NEW, false, false, "fork copies the memory",
	  "it copies the page tables; a page of the memory itself when one of the two writes to it",
	  "fork(2), NOTES; mm/memory.c, copy_page_range()" },
	{ 1U << KIND_THREAD, 0, 0, IN_NEW, false, false, "a thread is a light process with a pid of its own",
	  "it has a tid of its own, and the pid of its thread group, as every thread of $t",
	  "clone(2), CLONE_THREAD; getpid(2)" },
	{ 1U << KIND_THREAD, FLAG_SIGHAND, 0, IN_NEW, false, false, "threads share their signals",
	  "they share handlers, and signals sent to the process; each has a mask and pending signals of its own",
	  "clone(2), CLONE_SIGHAND and CLONE_THREAD" },
	{ PROC, 0, FLAG_FILES, IN_NEW, false, false, "copied descriptors are other open files",
	  "they stand for the same open files: one offset, one set of status flags",
	  "clone(2), CLONE_FILES; open(2), Open file descriptions" },
	{ PROC, FLAG_VFORK, FLAG_VM, IN_NEW, false, false, "CLONE_VFORK shares the memory",
	  "it makes $m wait, no more; it is CLONE_VM that shares", "clone(2), CLONE_VFORK" },
	{ PROC | PROC_SHARING, 0, FLAG_PARENT | FLAG_AUTOREAP, IN_NEW, true, false, "a child's end sends SIGCHLD",
	  "it sends the exit signal that the call named, which here is another or none",
	  "clone(2), The child termination signal" },
	{ 0, FLAG_PARENT, FLAG_THREAD, IN_NEW, false, false, "who makes a process is its parent",
	  "$m made $c, and $p is its parent", "clone(2), CLONE_PARENT" },
	{ 0, 0, FLAG_THREAD | FLAG_PARENT, IN_NEW, false, true, "a process is the child of the thread that made it",
	  "thread $m made $c, its parent is the process $t: any thread of that may wait for it",
	  "clone(2), CLONE_THREAD" },
	{ 0, FLAG_NEWUSER, 0, IN_ANY, false, false, "new namespaces need root",
	  "CLONE_NEWUSER needs no privilege unless the system forbids it, and gives all in the new one, for the others",
	  "user_namespaces(7); clone(2), CLONE_NEWUSER" },
	{ 0, FLAG_NEWPID, 0, IN_UNSHARE, false, false, "unshare(CLONE_NEWPID) makes its caller pid 1",
	  "$m keeps its pid and its pid namespace; the next child that it makes is pid 1", "unshare(2), CLONE_NEWPID" },
};

const struct meaning *meaning_table(size_t *ret_count)
{
	*ret_count = ARRAY_LENGTH(meanings);
	return meanings;
}

static bool meaning_fits(uint64_t with, uint64_t without, unsigned calls, const struct request *request)
{
	return (request->flags & with) == with && !(request->flags & without) && calls & 1U << request->call;
}

const struct meaning *meaning_find(uint64_t flag, bool set, const struct request *request)
{
	for (size_t i = 0; i < ARRAY_LENGTH(meanings); i++) {
		const struct meaning *row = &meanings[i];

		/* one bit has several names: if it is set, its name is that in the call */
		if (row->flag == flag && row->set == set && meaning_fits(row->with, row->without, row->calls, request))
			return row;
	}
	return NULL;
}

const struct correction *correction_table(size_t *ret_count)
{
	*ret_count = ARRAY_LENGTH(corrections);
	return corrections;
}

bool correction_fits(const struct correction *correction, const struct request *request, bool by_thread)
{
	if (!(request->have & REQUEST_FLAGS) ||
	    !meaning_fits(correction->with, correction->without, correction->calls, request))
		return false;
	if (correction->kinds && !(correction->kinds & 1U << kind_of(request)))
		return false;
	if (correction->other_signal && request->exit_signal == SIGNO_CHLD)
		return false;
	return by_thread || !correction->by_thread;
}
