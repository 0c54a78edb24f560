/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Every combination of the flags that decide what is shared, with each of the others: asks the kernel for a task with
 * each, and states how many it made. */
#include <errno.h>
#include <fcntl.h>
#include <linux/futex.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "actor.h"
#include "raw.h"

#define FLAG_NEWTIME 0x80
#define FLAG_PIDFD 0x1000
#define FLAG_CLEAR_SIGHAND 0x100000000ULL
#define FLAG_INTO_CGROUP 0x200000000ULL
#define FLAG_AUTOREAP (1ULL << 34)
#define FLAG_NNP (1ULL << 35)
#define FLAG_AUTOKILL (1ULL << 36)
#define FLAG_EMPTY_MNTNS (1ULL << 37)
#define FLAGS_NEWER (FLAG_AUTOREAP | FLAG_NNP | FLAG_AUTOKILL | FLAG_EMPTY_MNTNS) /* 7.1 */

/* What is behind the pointer is used as soon as the task runs; a pointer to nothing but zeros serves here. On i386
 * clone is given a description of a segment instead. */
#ifdef __x86_64__
#define HAVE_TLS 1
#else
#define HAVE_TLS 0
#endif

#define ARRAY_LENGTH(array) (sizeof(array) / sizeof((array)[0]))
/* One for each task: one that has said that it is done may still be on its stack. */
#define STACKS 8192
#define STACK_SIZE 8192
#define IOPRIO_BEST_EFFORT (2 << 13) /* <linux/ioprio.h> */

/* All subsets of these ... */
static const uint64_t sharing[] = { CLONE_VM,	   CLONE_FS, CLONE_FILES, CLONE_SIGHAND, CLONE_THREAD,
				    CLONE_SYSVSEM, CLONE_IO, CLONE_VFORK, CLONE_PARENT };

#define NAMESPACES \
	(CLONE_NEWNS | CLONE_NEWCGROUP | CLONE_NEWUTS | CLONE_NEWIPC | CLONE_NEWUSER | CLONE_NEWPID | CLONE_NEWNET)

/* ... each with one of these. INTO_CGROUP is for where our own cgroup may be given a task, and those that a kernel does
 * not know are asked of it once. */
static const struct {
	uint64_t flags;
	int clone, clone3;
} extras[] = {
	{ 0, 1, 1 },
	{ FLAG_PIDFD, 1, 1 },
	{ CLONE_PTRACE, 1, 1 },
	{ CLONE_UNTRACED, 1, 1 },
	{ CLONE_DETACHED, 1, 0 },
	{ CLONE_PARENT_SETTID, 1, 1 },
	{ CLONE_CHILD_SETTID, 1, 1 },
	{ CLONE_CHILD_CLEARTID, 1, 1 },
	{ FLAG_CLEAR_SIGHAND, 0, 1 },
	{ CLONE_SETTLS, HAVE_TLS, HAVE_TLS },
	{ FLAG_INTO_CGROUP, 0, 1 },
	{ FLAG_AUTOREAP, 0, 1 },
	{ FLAG_NNP, 0, 1 },
	{ FLAG_PIDFD | FLAG_AUTOREAP | FLAG_NNP | FLAG_AUTOKILL, 0, 1 },
	{ FLAG_EMPTY_MNTNS, 0, 1 },
	{ CLONE_NEWNS, 1, 1 },
	{ CLONE_NEWCGROUP, 1, 1 },
	{ CLONE_NEWUTS, 1, 1 },
	{ CLONE_NEWIPC, 1, 1 },
	{ CLONE_NEWUSER, 1, 1 },
	{ CLONE_NEWPID, 1, 1 },
	{ CLONE_NEWNET, 1, 1 },
	{ FLAG_NEWTIME, 0, 1 },
	{ CLONE_NEWUSER | CLONE_NEWPID, 1, 1 },
	{ NAMESPACES, 1, 1 },
	{ NAMESPACES | FLAG_NEWTIME, 0, 1 },
};

/* Shared with all tasks, whatever memory they have. */
struct account {
	int done;	     /* tasks that have run */
	unsigned made, none; /* calls that made a task, and that did not */
	int failed;	     /* the errno of one that has nothing to do with its flags */
	int finished;
};

static int cgroup = -1;
static char tls[4096] __attribute__((aligned(64)));

static int run(void *data)
{
	struct account *account = data;

	__atomic_add_fetch(&account->done, 1, __ATOMIC_RELEASE);
	syscall(SYS_futex, &account->done, FUTEX_WAKE, 1, NULL, NULL, 0);
	return 0;
}

static void wait_done(struct account *account, int count)
{
	int done;

	while ((done = __atomic_load_n(&account->done, __ATOMIC_ACQUIRE)) != count)
		syscall(SYS_futex, &account->done, FUTEX_WAIT, done, NULL, NULL, 0);
}

/* Of our own cgroup; -1: there is no cgroup2 at its usual place. */
static int open_cgroup(void)
{
	char line[512] = "", path[600];
	FILE *own = fopen("/proc/self/cgroup", "re");

	while (own && fgets(line, sizeof(line), own) && strncmp(line, "0::", 3))
		;
	if (own)
		fclose(own);
	if (strncmp(line, "0::", 3) != 0)
		return -1;
	line[strcspn(line, "\n")] = '\0';
	/* Beside version 1 it has a folder of its own. */
	snprintf(path, sizeof(path), "/sys/fs/cgroup/unified%s", line + 3);
	if (access(path, F_OK) != 0)
		snprintf(path, sizeof(path), "/sys/fs/cgroup%s", line + 3);
	return open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
}

static long create(int clone3, uint64_t flags, const struct raw_task *task, int *pidfd)
{
	struct raw_clone_args args = { .flags = flags };
	struct raw_task of_clone = *task;

	of_clone.tls = flags & CLONE_SETTLS ? tls + sizeof(tls) / 2 : NULL;
	if (!clone3) {
		of_clone.parent_tid = flags & FLAG_PIDFD ? pidfd : task->parent_tid;
		return raw_clone_on(flags | SIGCHLD, &of_clone);
	}
	args.exit_signal = flags & (CLONE_THREAD | CLONE_PARENT | FLAG_AUTOREAP) ? 0 : SIGCHLD;
	args.pidfd = flags & FLAG_PIDFD ? (uintptr_t)pidfd : 0;
	args.tls = (uintptr_t)of_clone.tls;
	args.cgroup = flags & FLAG_INTO_CGROUP ? (unsigned)cgroup : 0;
	return raw_clone3_on(&args, RAW_SIZE_5_7, task);
}

static void create_all(int clone3, struct account *account)
{
	char *stacks = raw_stack(STACKS * STACK_SIZE, 0);
	uint64_t unknown = 0; /* of FLAGS_NEWER */

	cgroup = open_cgroup();
	for (uint64_t set = 0; set < (uint64_t)1 << ARRAY_LENGTH(sharing); set++) {
		uint64_t flags = 0;

		for (size_t i = 0; i < ARRAY_LENGTH(sharing); i++)
			flags |= set >> i & 1 ? sharing[i] : 0;
		for (size_t i = 0; i < ARRAY_LENGTH(extras); i++) {
			int tid = 0, cleared = 0, pidfd = -1;
			struct raw_task task = {
				.run = run,
				.data = account,
				.stack = stacks + account->made % STACKS * STACK_SIZE,
				.size = STACK_SIZE,
				.parent_tid = &tid,
				.child_tid = &cleared,
			};
			long made;

			if (!(clone3 ? extras[i].clone3 : extras[i].clone) ||
			    (extras[i].flags & FLAG_INTO_CGROUP && cgroup < 0) || extras[i].flags & unknown)
				continue;
			made = create(clone3, flags | extras[i].flags, &task, &pidfd);
			if (made < 0 && made != -EINVAL && made != -EPERM && !(extras[i].flags & FLAG_INTO_CGROUP)) {
				account->failed = (int)-made;
				return;
			}
			if (made == -EINVAL && !flags)
				unknown |= extras[i].flags & FLAGS_NEWER;
			account->made += made > 0;
			account->none += made < 0;
			wait_done(account, (int)account->made);
			if (pidfd >= 0) /* not before: with AUTOKILL that is its end */
				close(pidfd);
		}
	}
}

/* By a child, so that CLONE_PARENT's tasks are ours; and nobody waits for any of them. */
static int play_combinations(int argc, char *argv[])
{
	int clone3 = argc > 1 && strcmp(argv[1], "clone3") == 0;
	struct account *account =
		mmap(NULL, sizeof(*account), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	pid_t pid;

	if (account == MAP_FAILED)
		die("no memory to share");
	signal(SIGCHLD, SIG_IGN);
	pid = fork();
	if (pid == 0) {
		/* So that it has an I/O context, which CLONE_IO can share. */
		syscall(SYS_ioprio_set, 1, 0, IOPRIO_BEST_EFFORT | 4);
		create_all(clone3, account);
		account->finished = 1;
		_exit(0);
	}
	while (waitpid(pid, NULL, 0) >= 0 || errno == EINTR)
		;
	if (!account->finished)
		die("the creator was killed after %u tasks", account->made);
	if (account->failed)
		skip("a combination needs what is not there: %s", errno_name(account->failed));
	fact_line("{\"fact\":\"combinations\",\"made\":%u,\"refused\":%u}", account->made, account->none);
	return 0;
}

const struct scene combination_scenes[] = {
	{ "combinations", "clone|clone3", play_combinations },
	{ .name = NULL },
};
