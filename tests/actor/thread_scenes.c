/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Scenes of threads: how they begin and end, storms of them, leaders that go first, creators that are killed. */
#include <errno.h>
#include <poll.h>
#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <threads.h>
#include <unistd.h>

#include "actor.h"
#include "raw.h"

enum { STACK_SIZE = 64 * 1024 };

/* What every thread of ours shares with its creator. */
#define THREAD_FLAGS (CLONE_VM | CLONE_FS | CLONE_FILES | CLONE_SIGHAND | CLONE_THREAD | CLONE_SYSVSEM)

static void *do_nothing(void *unused)
{
	return unused;
}

static int play_threads(int argc, char *argv[])
{
	int count = number_of(argc, argv, 1, 3);

	for (int i = 0; i < count; i++)
		thread_join(thread_start(do_nothing, NULL));
	say("joined %d", count);
	return 0;
}

/* COUNT threads that all live at once. */
static struct gate hold;

static void *wait_at_hold(void *unused)
{
	gate_wait(&hold);
	return unused;
}

static int play_crowd(int argc, char *argv[])
{
	int count = number_of(argc, argv, 1, 100);
	struct thread **threads = calloc((size_t)count, sizeof(*threads));

	if (threads == NULL)
		die("out of memory");
	hold = gate_make();
	for (int i = 0; i < count; i++)
		threads[i] = thread_start(wait_at_hold, NULL);
	close(hold.out);
	for (int i = 0; i < count; i++)
		thread_join(threads[i]);
	free(threads);
	say("joined %d", count);
	return 0;
}

/* Threads that name themselves, and a process that does, one behind the other: each is gone, for a tracer too, before
 * the next begins. */
static int named_tid;

static void *take_name(void *data)
{
	char name[16];

	snprintf(name, sizeof(name), *(int *)data ? "worker-%d" : "the first one", *(int *)data);
	prctl(PR_SET_NAME, name);
	named_tid = own_tid();
	return NULL;
}

static int play_named(int argc, char *argv[])
{
	int count = number_of(argc, argv, 1, 12);
	pid_t pid;

	for (int i = 0; i <= count; i++) {
		thread_join(thread_start(take_name, &i));
		while (syscall(SYS_tgkill, getpid(), named_tid, 0) == 0)
			sched_yield();
	}
	pid = fork_stated();
	if (pid == 0) {
		prctl(PR_SET_NAME, "a process");
		_exit(5);
	}
	expect_exit(pid, 5);
	say("joined %d", count + 1);
	return 0;
}

static int c11_nothing(void *data)
{
	const pid_t *creator = data;

	fact_task(&(struct fact){
		.tid = own_tid(), .tgid = getpid(), .ppid = getppid(), .creator = *creator, .call = "thrd_create()" });
	return 17;
}

static int play_c11(int argc, char *argv[])
{
	pid_t creator = own_tid();
	int code = 0;
	thrd_t thread;

	(void)argc;
	(void)argv;
	if (thrd_create(&thread, c11_nothing, &creator) != thrd_success)
		die("thrd_create failed");
	thrd_join(thread, &code);
	say("joined with %d", code);
	return 0;
}

/* Threads that make threads and processes: the creator is the thread, the parent the process. */
static void *fork_here(void *data)
{
	pid_t pid = fork_stated();

	if (pid == 0)
		_exit(4);
	expect_exit(pid, 4);
	return data;
}

static void *thread_and_fork(void *data)
{
	thread_join(thread_start(fork_here, NULL));
	return fork_here(data);
}

static int play_thread_creates(int argc, char *argv[])
{
	(void)argc;
	(void)argv;
	thread_join(thread_start(thread_and_fork, NULL));
	say("done");
	return 0;
}

static int play_fork_thread(int argc, char *argv[])
{
	pid_t pid;

	(void)argc;
	(void)argv;
	pid = fork_stated();
	if (pid == 0) {
		thread_join(thread_start(thread_and_fork, NULL));
		_exit(0);
	}
	expect_exit(pid, 0);
	say("done");
	return 0;
}

/* Each of several threads makes its share of threads and forks, all at once. */
struct share {
	int threads, forks;
	int code;
};

static void *storm_thread(void *data)
{
	struct share *share = data;

	while (share->threads > 0 || share->forks > 0) {
		enum { BATCH = 8 };
		struct thread *threads[BATCH];
		pid_t pids[BATCH];
		int made = 0, forked = 0;

		for (; made < BATCH && share->threads > 0; made++, share->threads--)
			threads[made] = thread_start(do_nothing, NULL);
		for (; forked < BATCH && share->forks > 0; forked++, share->forks--) {
			pids[forked] = fork_stated();
			if (pids[forked] == 0)
				_exit(share->code);
		}
		for (int i = 0; i < made; i++)
			thread_join(threads[i]);
		for (int i = 0; i < forked; i++)
			expect_exit(pids[i], share->code);
	}
	return NULL;
}

static int play_storm(int argc, char *argv[])
{
	int creators = number_of(argc, argv, 1, 4);
	int count = number_of(argc, argv, 2, 100);
	struct thread **threads = calloc((size_t)creators, sizeof(*threads));
	struct share *shares = calloc((size_t)creators, sizeof(*shares));

	if (threads == NULL || shares == NULL)
		die("out of memory");
	for (int i = 0; i < creators; i++) {
		int share = count / creators + (i < count % creators);

		shares[i] = (struct share){ .threads = share, .forks = share, .code = 60 + i % 60 };
		threads[i] = thread_start(storm_thread, &shares[i]);
	}
	for (int i = 0; i < creators; i++)
		thread_join(threads[i]);
	free(threads);
	free(shares);
	say("%d threads and %d forks by %d threads", count, count, creators);
	return 0;
}

/* A process of threads that create without end, killed in the middle of it, ROUNDS times. The tracer's own view is all
 * that there is of most of its tasks: no facts on them, the kernel's record has to serve. */
static void *detach_self(void *unused)
{
	pthread_detach(pthread_self());
	return unused;
}

static void *create_forever(void *data)
{
	const struct gate *began = data;

	for (;;) {
		pthread_t thread;
		pid_t pid;

		pthread_create(&thread, NULL, detach_self, NULL);
		pid = fork();
		if (pid == 0)
			_exit(0);
		if (write(began->out, "", 1) != 1)
			_exit(1);
		if (pid > 0)
			waitpid(pid, NULL, 0);
	}
	return NULL;
}

static int play_killed_creators(int argc, char *argv[])
{
	int rounds = number_of(argc, argv, 1, 10);
	int threads = number_of(argc, argv, 2, 3);

	if (prctl(PR_SET_CHILD_SUBREAPER, 1) != 0)
		die("subreaper: %s", strerror(errno));
	for (int round = 0; round < rounds; round++) {
		struct gate began = gate_make();
		pid_t parent = getpid();
		pid_t pid = fork_stated();

		if (pid == 0) {
			prctl(PR_SET_PDEATHSIG, SIGKILL);
			if (getppid() != parent)
				_exit(1);
			for (int i = 1; i < threads; i++)
				thread_start(create_forever, &began);
			create_forever(&began);
		}
		close(began.out);
		for (int i = 0; i <= round % 7; i++)
			gate_wait(&began);
		kill(pid, SIGKILL);
		expect_killed(pid, SIGKILL);
		close(began.in);
		while (waitpid(-1, NULL, 0) > 0)
			; /* what it left behind came to us */
	}
	say("killed %d", rounds);
	return 0;
}

/* The leader leaves first, and is a zombie that its thread can see. */
static void wait_zombie_leader(void)
{
	while (process_state(getpid()) != 'Z')
		sched_yield();
}

static void *outlive_leader(void *data)
{
	const int *code = data;

	wait_zombie_leader();
	say("the leader is a zombie");
	fact_line("{\"fact\":\"zombie\",\"tid\":%d}", getpid());
	thread_join(thread_start(do_nothing, NULL));
	fork_here(NULL);
	if (*code >= 0)
		exit(*code);
	return NULL;
}

static int play_zombie_leader(int argc, char *argv[])
{
	static int code;

	code = number_of(argc, argv, 1, 13);
	thread_start(outlive_leader, &code);
	pthread_exit(NULL);
}

/* The same with the leader's own code, which the process keeps when the last thread leaves quietly. */
static int play_zombie_leader_quiet(int argc, char *argv[])
{
	static int code = -1;

	(void)argc;
	(void)argv;
	thread_start(outlive_leader, &code);
	syscall(SYS_exit, 14);
	return 1;
}

static void *exec_after_leader(void *unused)
{
	(void)unused;
	wait_zombie_leader();
	fact_line("{\"fact\":\"exec\",\"tid\":%d,\"former\":%d}", getpid(), own_tid());
	become("echo", "after exec");
}

static int play_zombie_leader_exec(int argc, char *argv[])
{
	(void)argc;
	(void)argv;
	thread_start(exec_after_leader, NULL);
	pthread_exit(NULL);
}

struct again {
	char threads[16], turn[16];
};

static void *exec_again(void *data)
{
	struct pollfd input = { .fd = STDIN_FILENO, .events = POLLIN };
	const struct again *again = data;

	if (poll(&input, 1, 0) != 0)
		exit(0);
	execl(actor_path(), "actor", "-o", "/dev/null", "exec-on", again->threads, again->turn, NULL);
	die("cannot execute %s again", actor_path());
}

static void *pause_forever(void *unused)
{
	for (;;)
		pause();
	return unused;
}

/* Executes itself again and again until its stdin is closed, each time by another thread than the leader, which ends
 * every second time; THREADS others are killed each time. */
static int play_exec_on(int argc, char *argv[])
{
	const int count = number_of(argc, argv, 1, 20), turn = number_of(argc, argv, 2, 0);
	static struct again again;

	if (!turn)
		fact_line("{\"fact\":\"ready\",\"pid\":%d}", getpid());
	snprintf(again.threads, sizeof(again.threads), "%d", count);
	snprintf(again.turn, sizeof(again.turn), "%d", turn % 1000 + 1);
	for (int i = 0; i < count; i++)
		thread_start(pause_forever, NULL);
	thread_start(exec_again, &again);
	if (turn % 2)
		pthread_exit(NULL);
	pause_forever(NULL);
	return 1;
}

static void *call_exit(void *unused)
{
	(void)unused;
	exit(5);
}

/* A thread calls exit(): the group ends. */
static int play_exit_group(int argc, char *argv[])
{
	for (int i = 0; i < number_of(argc, argv, 1, 3); i++)
		thread_start(pause_forever, NULL);
	thread_start(call_exit, NULL);
	pause_forever(NULL);
	return 1;
}

static int leave_with(void *data)
{
	const int *code = data;

	return *code;
}

/* Threads end with codes that nobody gets to see. */
static int play_thread_codes(int argc, char *argv[])
{
	static int codes[] = { 0, 3, 255 };

	(void)argc;
	(void)argv;
	for (size_t i = 0; i < sizeof(codes) / sizeof(codes[0]); i++) {
		int child_tid = -1;
		struct raw_task task = { .run = leave_with,
					 .data = &codes[i],
					 .stack = raw_stack(STACK_SIZE, 0),
					 .size = STACK_SIZE,
					 .child_tid = &child_tid };
		long tid = raw_clone_on(THREAD_FLAGS | CLONE_CHILD_CLEARTID, &task);

		if (tid < 0)
			die("clone: %s", strerror((int)-tid));
		fact_task(&(struct fact){ .tid = (pid_t)tid,
					  .tgid = getpid(),
					  .ppid = getppid(),
					  .creator = own_tid(),
					  .call = "clone",
					  .raw = true,
					  .flags = THREAD_FLAGS | CLONE_CHILD_CLEARTID });
		raw_wait_cleared(&child_tid);
		/* Were it still leaving when the group exits, its status would be the group's. */
		while (syscall(SYS_tgkill, getpid(), (pid_t)tid, 0) == 0)
			sched_yield();
		fact_exit((pid_t)tid, codes[i] << 8);
	}
	say("done");
	return 0;
}

/* Flags that give a thread the event of a process: legacy clone with SIGCHLD, and CLONE_VFORK. */
static int odd_thread(uint64_t flags, int exit_signal, bool clone3)
{
	static int code = 0;
	int child_tid = -1;
	struct raw_task task = { .run = leave_with,
				 .data = &code,
				 .stack = raw_stack(STACK_SIZE, 0),
				 .size = STACK_SIZE,
				 .child_tid = &child_tid };
	struct raw_clone_args args = { .flags = flags | CLONE_CHILD_CLEARTID };
	long tid;

	if (clone3)
		tid = raw_clone3_on(&args, RAW_SIZE_5_7, &task);
	else
		tid = raw_clone_on(flags | CLONE_CHILD_CLEARTID | (uint64_t)exit_signal, &task);
	if (tid < 0)
		die("clone(%#llx): %s", (unsigned long long)flags, strerror((int)-tid));
	fact_task(&(struct fact){ .tid = (pid_t)tid,
				  .tgid = getpid(),
				  .ppid = getppid(),
				  .creator = own_tid(),
				  .call = clone3 ? "clone3" : "clone",
				  .raw = true,
				  .flags = flags | CLONE_CHILD_CLEARTID,
				  .exit_signal = exit_signal });
	raw_wait_cleared(&child_tid);
	return 0;
}

static int play_thread_exit_signal(int argc, char *argv[])
{
	(void)argc;
	(void)argv;
	odd_thread(THREAD_FLAGS, SIGCHLD, false);
	odd_thread(THREAD_FLAGS, SIGUSR1, false);
	say("done");
	return 0;
}

static int play_thread_vfork(int argc, char *argv[])
{
	(void)argc;
	(void)argv;
	odd_thread(THREAD_FLAGS | CLONE_VFORK, 0, false);
	odd_thread(THREAD_FLAGS | CLONE_VFORK, 0, true);
	say("done");
	return 0;
}

static int play_thread_untraced(int argc, char *argv[])
{
	(void)argc;
	(void)argv;
	odd_thread(THREAD_FLAGS | CLONE_UNTRACED, 0, false);
	odd_thread(THREAD_FLAGS | CLONE_UNTRACED, 0, true);
	say("done");
	return 0;
}

static int play_thread_clone3(int argc, char *argv[])
{
	(void)argc;
	(void)argv;
	odd_thread(THREAD_FLAGS, 0, true);
	odd_thread(CLONE_VM | CLONE_SIGHAND | CLONE_THREAD, 0, true);
	say("done");
	return 0;
}

/* Shares all, and is no thread: LinuxThreads. */
static int play_sharing(int argc, char *argv[])
{
	static int codes[] = { 71, 72 };
	static const int signals[] = { SIGCHLD, 40 };
	const uint64_t flags = CLONE_VM | CLONE_FS | CLONE_FILES | CLONE_SIGHAND;

	(void)argc;
	(void)argv;
	for (size_t i = 0; i < 2; i++) {
		struct raw_task task = {
			.run = leave_with, .data = &codes[i], .stack = raw_stack(STACK_SIZE, 0), .size = STACK_SIZE
		};
		long tid;

		signal(40, SIG_IGN);
		tid = raw_clone_on(flags | (uint64_t)signals[i], &task);
		if (tid < 0)
			die("clone: %s", strerror((int)-tid));
		fact_task(&(struct fact){ .tid = (pid_t)tid,
					  .tgid = (pid_t)tid,
					  .ppid = getpid(),
					  .creator = own_tid(),
					  .call = "clone",
					  .raw = true,
					  .flags = flags,
					  .exit_signal = signals[i] });
		expect_exit((pid_t)tid, codes[i]);
	}
	say("done");
	return 0;
}

/* VM|VFORK with a stack of its own, as posix_spawn does it. */
static int play_vfork_stack(int argc, char *argv[])
{
	static int code = 73;
	struct raw_task task = {
		.run = leave_with, .data = &code, .stack = raw_stack(STACK_SIZE, 0), .size = STACK_SIZE
	};
	struct raw_clone_args args = { .flags = CLONE_VM | CLONE_VFORK, .exit_signal = SIGCHLD };
	long tid;

	(void)argc;
	(void)argv;
	tid = raw_clone3_on(&args, RAW_SIZE_5_7, &task);
	if (tid < 0)
		die("clone3: %s", strerror((int)-tid));
	fact_task(&(struct fact){ .tid = (pid_t)tid,
				  .tgid = (pid_t)tid,
				  .ppid = getpid(),
				  .creator = own_tid(),
				  .call = "clone3",
				  .raw = true,
				  .flags = CLONE_VM | CLONE_VFORK,
				  .exit_signal = SIGCHLD });
	expect_exit((pid_t)tid, code);
	say("done");
	return 0;
}

/* 64-bit code that asks through the 32-bit gate. */
static int play_int80(int argc, char *argv[])
{
	static int code = 81;
	int *child_tid = raw_stack(4096, 1);
	struct raw_task task = { .run = leave_with,
				 .data = &code,
				 .stack = raw_stack(STACK_SIZE, 1),
				 .size = STACK_SIZE,
				 .child_tid = child_tid };
	struct fact fact = { .ppid = getpid(), .creator = own_tid(), .call = "fork", .raw = true };
	long tid;

	(void)argc;
	(void)argv;
#if !defined(__x86_64__)
	skip("int $0x80 from 64-bit code: this is no x86_64 program");
#endif
	tid = raw_int80_fork();
	if (tid == 0)
		_exit(80);
	if (tid == -ENOSYS)
		skip("this kernel runs no 32-bit system calls");
	if (tid < 0)
		die("int80 fork: %s", strerror((int)-tid));
	fact.tid = fact.tgid = (pid_t)tid;
	fact.exit_signal = SIGCHLD;
	fact_task(&fact);
	expect_exit((pid_t)tid, 80);

	signal(SIGUSR2, SIG_IGN);
	tid = raw_int80_clone(CLONE_FS | SIGUSR2);
	if (tid == 0)
		_exit(82);
	if (tid < 0)
		die("int80 clone: %s", strerror((int)-tid));
	fact = (struct fact){ .tid = (pid_t)tid,
			      .tgid = (pid_t)tid,
			      .ppid = getpid(),
			      .creator = own_tid(),
			      .call = "clone",
			      .raw = true,
			      .flags = CLONE_FS,
			      .exit_signal = SIGUSR2 };
	fact_task(&fact);
	expect_exit((pid_t)tid, 82);

	*child_tid = -1;
	tid = raw_int80_clone_on(THREAD_FLAGS | CLONE_CHILD_CLEARTID, &task);
	if (tid < 0)
		die("int80 clone of a thread: %s", strerror((int)-tid));
	fact = (struct fact){ .tid = (pid_t)tid,
			      .tgid = getpid(),
			      .ppid = getppid(),
			      .creator = own_tid(),
			      .call = "clone",
			      .raw = true,
			      .flags = THREAD_FLAGS | CLONE_CHILD_CLEARTID };
	fact_task(&fact);
	raw_wait_cleared(child_tid);
	say("done");
	return 0;
}

/* A thread that stops sharing its descriptors. */
static void *unshare_files(void *unused)
{
	if (unshare(CLONE_FILES) != 0)
		die("unshare: %s", strerror(errno));
	fact_line("{\"fact\":\"call\",\"tid\":%d,\"call\":\"unshare\",\"result\":\"0\"}", own_tid());
	close(hold.out);
	return unused;
}

static int play_unshare_files(int argc, char *argv[])
{
	(void)argc;
	(void)argv;
	hold = gate_make();
	thread_join(thread_start(unshare_files, NULL));
	gate_open(&hold);
	say("the descriptor is still open here");
	return 0;
}

#ifndef SYS_close_range
#define SYS_close_range 436
#endif
#define RANGE_UNSHARE 2U /* CLOSE_RANGE_UNSHARE, <linux/close_range.h> */

/* Closes the descriptor in a table of its own; a plain one is none of a tracer's business. */
static void *close_range_apart(void *unused)
{
	if (syscall(SYS_close_range, 900U, 910U, 0) != 0)
		skip("close_range: %s", strerror(errno));
	if (syscall(SYS_close_range, (unsigned)hold.out, (unsigned)hold.out, RANGE_UNSHARE) != 0)
		skip("close_range with CLOSE_RANGE_UNSHARE: %s", strerror(errno));
	fact_line("{\"fact\":\"call\",\"tid\":%d,\"call\":\"close_range\",\"result\":\"0\"}", own_tid());
	return unused;
}

static int play_close_range(int argc, char *argv[])
{
	(void)argc;
	(void)argv;
	hold = gate_make();
	thread_join(thread_start(close_range_apart, NULL));
	gate_open(&hold);
	say("the descriptor is still open here");
	return 0;
}

const struct scene thread_scenes[] = {
	{ "threads", "[COUNT]", play_threads },
	{ "crowd", "[COUNT]", play_crowd },
	{ "named", "[COUNT]", play_named },
	{ "c11", NULL, play_c11 },
	{ "thread-creates", NULL, play_thread_creates },
	{ "fork-thread", NULL, play_fork_thread },
	{ "storm", "[THREADS [COUNT]]", play_storm },
	{ "killed-creators", "[ROUNDS [THREADS]]", play_killed_creators },
	{ "zombie-leader", "[CODE]", play_zombie_leader },
	{ "zombie-leader-quiet", NULL, play_zombie_leader_quiet },
	{ "zombie-leader-exec", NULL, play_zombie_leader_exec },
	{ "exec-on", "[THREADS]", play_exec_on },
	{ "exit-group", "[THREADS]", play_exit_group },
	{ "thread-codes", NULL, play_thread_codes },
	{ "thread-exit-signal", NULL, play_thread_exit_signal },
	{ "thread-vfork", NULL, play_thread_vfork },
	{ "thread-untraced", NULL, play_thread_untraced },
	{ "thread-clone3", NULL, play_thread_clone3 },
	{ "sharing", NULL, play_sharing },
	{ "vfork-stack", NULL, play_vfork_stack },
	{ "int80", NULL, play_int80 },
	{ "unshare-files", NULL, play_unshare_files },
	{ "close-range", NULL, play_close_range },
	{ .name = NULL },
};
