/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Scenes of calls: every refusal with its errno, the sizes and members of clone3, sessions, a program's own filter. */
#include <errno.h>
#include <fcntl.h>
#include <linux/audit.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <poll.h>
#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "actor.h"
#include "raw.h"

#ifndef SYS_clone3
#define SYS_clone3 435
#endif

/* Values of our own: the headers may be older than the kernel. */
enum { F_PIDFD = 0x1000, F_DETACHED = 0x400000, F_NEWTIME = 0x80, STACK_SIZE = 64 * 1024 };
#define F_CLEAR_SIGHAND (1ULL << 32)
#define F_INTO_CGROUP (1ULL << 33)
#define F_UNKNOWN (1ULL << 60)

static int leave(void *data)
{
	(void)data;
	return 0;
}

/* The child's number is RESULT, or the errno in it. Anything may come of it: the test compares with an untraced run. */
static void outcome(const char *name, const char *call, uint64_t flags, int exit_signal, long result)
{
	if (result > 0) {
		pid_t pid = (pid_t)result;

		fact_task(&(struct fact){ .tid = pid,
					  .tgid = pid,
					  .ppid = getpid(),
					  .creator = own_tid(),
					  .call = call,
					  .raw = true,
					  .flags = flags,
					  .exit_signal = exit_signal });
		waitpid(pid, NULL, __WALL);
		say("%s: made a process", name);
		return;
	}
	fact_line("{\"fact\":\"refused\",\"creator\":%d,\"call\":\"%s\",\"flags\":\"0x%llx\",\"exit_signal\":%d,"
		  "\"errno\":\"%s\"}",
		  own_tid(), call, (unsigned long long)flags, exit_signal, errno_name((int)-result));
	say("%s: %s", name, errno_name((int)-result));
}

/* All of these are refused, so that it does not matter whose stack the child would have. */
static const struct {
	const char *name;
	uint64_t flags;
} clone_refusals[] = {
	{ "THREAD without SIGHAND", CLONE_THREAD },
	{ "THREAD without SIGHAND, with VM", CLONE_THREAD | CLONE_VM },
	{ "SIGHAND without VM", CLONE_SIGHAND },
	{ "THREAD and SIGHAND without VM", CLONE_THREAD | CLONE_SIGHAND },
	{ "NEWNS and FS", CLONE_NEWNS | CLONE_FS },
	{ "NEWUSER and FS", CLONE_NEWUSER | CLONE_FS },
	{ "a thread with NEWUSER", CLONE_THREAD | CLONE_SIGHAND | CLONE_VM | CLONE_NEWUSER },
	{ "a thread with NEWPID", CLONE_THREAD | CLONE_SIGHAND | CLONE_VM | CLONE_NEWPID },
	{ "SYSVSEM and NEWIPC", CLONE_SYSVSEM | CLONE_NEWIPC },
	{ "PIDFD and DETACHED", F_PIDFD | F_DETACHED },
	{ "PIDFD and PARENT_SETTID", F_PIDFD | CLONE_PARENT_SETTID },
};

static void refuse_clone(void)
{
	for (size_t i = 0; i < sizeof(clone_refusals) / sizeof(clone_refusals[0]); i++) {
		uint64_t flags = clone_refusals[i].flags;
		int word = 0;
		long result = raw_clone(flags | SIGCHLD, &word, NULL);

		if (result == 0)
			_exit(0);
		outcome(clone_refusals[i].name, "clone", flags, SIGCHLD, result);
	}
}

static int word;
static int taken_tid = 1, zero_tid, many_tids[40];

#define ADDRESS(object) ((uint64_t)(uintptr_t) & (object))

static const struct {
	const char *name;
	struct raw_clone_args args;
	size_t size;
} clone3_refusals[] = {
	{ "clone3: DETACHED", { .flags = F_DETACHED, .exit_signal = SIGCHLD }, 88 },
	{ "clone3: exit signal among the flags", { .flags = SIGCHLD }, 88 },
	{ "clone3: unknown flag", { .flags = F_UNKNOWN, .exit_signal = SIGCHLD }, 88 },
	{ "clone3: THREAD without SIGHAND", { .flags = CLONE_THREAD }, 88 },
	{ "clone3: a thread with an exit signal",
	  { .flags = CLONE_THREAD | CLONE_SIGHAND | CLONE_VM, .exit_signal = SIGCHLD },
	  88 },
	{ "clone3: PARENT with an exit signal", { .flags = CLONE_PARENT, .exit_signal = SIGCHLD }, 88 },
	{ "clone3: exit signal 65", { .exit_signal = 65 }, 88 },
	{ "clone3: exit signal beyond 32 bits", { .exit_signal = 1ULL << 40 }, 88 },
	{ "clone3: stack_size without stack", { .exit_signal = SIGCHLD, .stack_size = 4096 }, 88 },
	{ "clone3: CLEAR_SIGHAND and SIGHAND",
	  { .flags = F_CLEAR_SIGHAND | CLONE_SIGHAND | CLONE_VM, .exit_signal = SIGCHLD },
	  88 },
	{ "clone3: size 0", { .exit_signal = SIGCHLD }, 0 },
	{ "clone3: size 8", { .exit_signal = SIGCHLD }, 8 },
	{ "clone3: size 63", { .exit_signal = SIGCHLD }, 63 },
	{ "clone3: size over a page", { .exit_signal = SIGCHLD }, 1 << 20 },
	{ "clone3: a newer member", { .exit_signal = SIGCHLD, .beyond = 1 }, 96 },
	{ "clone3: set_tid_size without set_tid", { .exit_signal = SIGCHLD, .set_tid_size = 1 }, 88 },
	{ "clone3: INTO_CGROUP in a struct too short",
	  { .flags = F_INTO_CGROUP, .exit_signal = SIGCHLD },
	  RAW_SIZE_5_5 },
	{ "clone3: INTO_CGROUP of a file",
	  { .flags = F_INTO_CGROUP, .exit_signal = SIGCHLD, .cgroup = STDERR_FILENO },
	  88 },
	{ "clone3: INTO_CGROUP of no descriptor",
	  { .flags = F_INTO_CGROUP, .exit_signal = SIGCHLD, .cgroup = (uint64_t)-1 },
	  88 },
};

static void refuse_clone3_one(const char *name, struct raw_clone_args args, size_t size)
{
	long result = raw_clone3(&args, size);

	if (result == 0)
		_exit(0);
	outcome(name, "clone3", args.flags, (int)args.exit_signal, result);
}

static void refuse_clone3(void)
{
	for (size_t i = 0; i < sizeof(clone3_refusals) / sizeof(clone3_refusals[0]); i++)
		refuse_clone3_one(clone3_refusals[i].name, clone3_refusals[i].args, clone3_refusals[i].size);

	refuse_clone3_one("clone3: stack without stack_size",
			  (struct raw_clone_args){ .exit_signal = SIGCHLD, .stack = ADDRESS(word) }, 88);
	refuse_clone3_one("clone3: PIDFD and PARENT_SETTID to one pointer",
			  (struct raw_clone_args){ .flags = F_PIDFD | CLONE_PARENT_SETTID,
						   .exit_signal = SIGCHLD,
						   .pidfd = ADDRESS(word),
						   .parent_tid = ADDRESS(word) },
			  88);
	refuse_clone3_one("clone3: set_tid without set_tid_size",
			  (struct raw_clone_args){ .exit_signal = SIGCHLD, .set_tid = ADDRESS(taken_tid) }, 88);
	refuse_clone3_one(
		"clone3: set_tid zero",
		(struct raw_clone_args){ .exit_signal = SIGCHLD, .set_tid = ADDRESS(zero_tid), .set_tid_size = 1 }, 88);
	refuse_clone3_one(
		"clone3: 40 set_tids",
		(struct raw_clone_args){ .exit_signal = SIGCHLD, .set_tid = ADDRESS(many_tids), .set_tid_size = 40 },
		88);
	refuse_clone3_one(
		"clone3: set_tid taken",
		(struct raw_clone_args){ .exit_signal = SIGCHLD, .set_tid = ADDRESS(taken_tid), .set_tid_size = 1 },
		88);
	refuse_clone3_one("clone3: set_tid at no address",
			  (struct raw_clone_args){ .exit_signal = SIGCHLD, .set_tid = 8, .set_tid_size = 1 }, 88);

	word = (int)syscall(SYS_clone3, NULL, (size_t)88);
	say("clone3: NULL: %s", errno_name(errno));
	word = (int)syscall(SYS_clone3, (void *)8, (size_t)88);
	say("clone3: at no address: %s", errno_name(errno));
}

/* RLIMIT_NPROC binds those without privilege. */
static void refuse_by_limit(void)
{
	pid_t pid = fork_stated();

	if (pid == 0) {
		setrlimit(RLIMIT_NPROC, &(struct rlimit){ 0 });
		if (geteuid() == 0 && (setgid(65534) != 0 || setuid(65534) != 0))
			_exit(0);
		pid = fork();
		if (pid == 0)
			_exit(0);
		say("fork beyond RLIMIT_NPROC: %s", pid < 0 ? errno_name(errno) : "succeeded");
		_exit(0);
	}
	expect_exit(pid, 0);
}

static int play_refusals(int argc, char *argv[])
{
	(void)argc;
	(void)argv;
	refuse_clone();
	refuse_clone3();
	refuse_by_limit();
	return 0;
}

/* Other calls that fail. */
static void say_call(const char *name, long result)
{
	say("%s: %s", name, result < 0 ? errno_name(errno) : "succeeded");
}

static int play_call_refusals(int argc, char *argv[])
{
	(void)argc;
	(void)argv;
	say_call("unshare an unknown flag", unshare(1 << 14));
	say_call("setns of no descriptor", setns(-1, 0));
	say_call("setns of a file", setns(STDERR_FILENO, CLONE_NEWUTS));
	setpgid(0, 0);
	say_call("setsid of a group leader", setsid());
	say_call("setpgid to a group of nobody", setpgid(0, 0x3ffffff0));
	say_call("setpgid of init", setpgid(1, 1));
	return 0;
}

/* Sessions and process groups. */
static int play_sessions(int argc, char *argv[])
{
	pid_t pid;

	(void)argc;
	(void)argv;
	pid = fork_stated();
	if (pid == 0) {
		setpgid(0, 0);
		fact_line("{\"fact\":\"call\",\"tid\":%d,\"call\":\"setpgid\",\"result\":\"0\"}", own_tid());
		if (prctl(PR_SET_CHILD_SUBREAPER, 1) != 0 || prctl(PR_SET_CHILD_SUBREAPER, 0) != 0)
			die("subreaper: %s", strerror(errno));
		fact_line("{\"fact\":\"call\",\"tid\":%d,\"call\":\"prctl\",\"result\":\"0\"}", own_tid());
		prctl(PR_SET_NAME, "renamed"); /* another prctl: none of a tracer's business */
		_exit(0);
	}
	expect_exit(pid, 0);
	pid = fork_stated();
	if (pid == 0) {
		pid_t session = setsid();

		fact_line("{\"fact\":\"call\",\"tid\":%d,\"call\":\"setsid\",\"result\":\"%d\"}", own_tid(), session);
		_exit(session == getpid() ? 0 : 1);
	}
	expect_exit(pid, 0);
	say("done");
	return 0;
}

/* clone3 in all sizes and with what it has over clone. */
static void make_clone3(const char *name, struct raw_clone_args args, size_t size)
{
	long tid = raw_clone3(&args, size);

	if (tid == 0)
		_exit(90);
	if (tid < 0) {
		outcome(name, "clone3", args.flags, (int)args.exit_signal, tid);
		return;
	}
	fact_task(&(struct fact){ .tid = (pid_t)tid,
				  .tgid = (pid_t)tid,
				  .ppid = getpid(),
				  .creator = own_tid(),
				  .call = "clone3",
				  .raw = true,
				  .flags = args.flags,
				  .exit_signal = (int)args.exit_signal });
	expect_exit((pid_t)tid, 90);
	say("%s: done", name);
}

static int play_clone3(int argc, char *argv[])
{
	static int pidfd = -1, parent_tid, child_tid;
	struct pollfd poll_pidfd;
	int free_tid;

	(void)argc;
	(void)argv;
	signal(SIGUSR1, SIG_IGN);
	make_clone3("clone3 of 64 bytes", (struct raw_clone_args){ .exit_signal = SIGCHLD }, RAW_SIZE_5_3);
	make_clone3("clone3 of 80 bytes", (struct raw_clone_args){ .exit_signal = SIGCHLD }, RAW_SIZE_5_5);
	make_clone3("clone3 of 88 bytes", (struct raw_clone_args){ .exit_signal = SIGCHLD }, RAW_SIZE_5_7);
	make_clone3("clone3 of 96 bytes", (struct raw_clone_args){ .exit_signal = SIGCHLD },
		    sizeof(struct raw_clone_args));
	make_clone3("clone3 without exit signal", (struct raw_clone_args){ .exit_signal = 0 }, 88);
	make_clone3("clone3 with SIGUSR1", (struct raw_clone_args){ .exit_signal = SIGUSR1 }, 88);
	make_clone3("clone3 with CLEAR_SIGHAND",
		    (struct raw_clone_args){ .flags = F_CLEAR_SIGHAND, .exit_signal = SIGCHLD }, 88);
	make_clone3("clone3 with PARENT_SETTID and CHILD_SETTID",
		    (struct raw_clone_args){ .flags = CLONE_PARENT_SETTID | CLONE_CHILD_SETTID | CLONE_CHILD_CLEARTID,
					     .exit_signal = SIGCHLD,
					     .parent_tid = ADDRESS(parent_tid),
					     .child_tid = ADDRESS(child_tid) },
		    88);
	make_clone3("clone3 with PIDFD",
		    (struct raw_clone_args){ .flags = F_PIDFD, .exit_signal = SIGCHLD, .pidfd = ADDRESS(pidfd) }, 88);
	poll_pidfd = (struct pollfd){ .fd = pidfd, .events = POLLIN };
	say("the pidfd %s", poll(&poll_pidfd, 1, 0) >= 0 && pidfd >= 0 ? "is there" : "is missing");

	/* A number that was free a moment ago, in all likelihood still; where it is not: EEXIST, or EPERM. */
	free_tid = fork_stated();
	if (free_tid == 0)
		_exit(0);
	expect_exit(free_tid, 0);
	if (geteuid() == 0)
		make_clone3("clone3 with set_tid",
			    (struct raw_clone_args){
				    .exit_signal = SIGCHLD, .set_tid = ADDRESS(free_tid), .set_tid_size = 1 },
			    88);
	return 0;
}

/* A program with a filter of its own. */
#if defined(__x86_64__)
#define OWN_ARCH AUDIT_ARCH_X86_64
#elif defined(__i386__)
#define OWN_ARCH AUDIT_ARCH_I386
#elif defined(__aarch64__)
#define OWN_ARCH AUDIT_ARCH_AARCH64
#elif defined(__riscv) && __riscv_xlen == 64
#define OWN_ARCH AUDIT_ARCH_RISCV64
#else
#define OWN_ARCH 0
#endif

void install_filter(unsigned number, unsigned action)
{
	struct sock_filter code[] = {
		BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, arch)),
		BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, OWN_ARCH, 0, 3),
		BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, nr)),
		BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, number, 0, 1),
		BPF_STMT(BPF_RET | BPF_K, action),
		BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW),
	};
	struct sock_fprog program = { .len = sizeof(code) / sizeof(code[0]), .filter = code };

	if (OWN_ARCH == 0)
		skip("the actor has no filter for this architecture");
	if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0 || prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &program) != 0)
		skip("seccomp filters are not available: %s", strerror(errno));
}

/* Without a tracer of its own that asked for it, such a call gets ENOSYS. */
static int play_filter_trace(int argc, char *argv[])
{
	long result;

	(void)argc;
	(void)argv;
	install_filter(SYS_getpriority, SECCOMP_RET_TRACE | 7);
	result = syscall(SYS_getpriority, 0, 0);
	say("getpriority: %s", result < 0 ? errno_name(errno) : "succeeded");
	return 0;
}

static int play_filter_trace_clone(int argc, char *argv[])
{
	long tid;

	(void)argc;
	(void)argv;
	install_filter(SYS_clone, SECCOMP_RET_TRACE | 7);
	tid = raw_clone(SIGCHLD, NULL, NULL);
	if (tid == 0)
		_exit(0);
	/* No fact: what the program's own filter does to a call is its own affair. */
	say("clone: %s", tid < 0 ? errno_name((int)-tid) : "succeeded");
	return 0;
}

/* A container's policy: clone3 is not there, and libc takes clone. */
static void *state_thread(void *data)
{
	const pid_t *creator = data;

	fact_task(&(struct fact){ .tid = own_tid(),
				  .tgid = getpid(),
				  .ppid = getppid(),
				  .creator = *creator,
				  .call = "pthread_create()" });
	return NULL;
}

static int play_filter_errno(int argc, char *argv[])
{
	pid_t creator = own_tid();
	pthread_t thread;

	(void)argc;
	(void)argv;
	install_filter(SYS_clone3, SECCOMP_RET_ERRNO | ENOSYS);
	if (pthread_create(&thread, NULL, state_thread, &creator) != 0)
		die("no thread without clone3");
	pthread_join(thread, NULL);
	say("a thread without clone3");
	return 0;
}

/* Strict seccomp mode, which cltrace's filter forbids; refused for other reasons it is no matter of cltrace's. */
static int play_strict(int argc, char *argv[])
{
	const int how = number_of(argc, argv, 1, 0);
	pid_t pid = fork_stated();
	long result = -1;

	if (pid == 0) {
		if (how == 2)
			install_filter(SYS_clone3, SECCOMP_RET_ERRNO | ENOSYS);
		for (int i = 0; i < 2 && result != 0; i++)
			result = how == 1 ? syscall(SYS_seccomp, SECCOMP_SET_MODE_STRICT, 1, NULL)
					  : prctl(PR_SET_SECCOMP, SECCOMP_MODE_STRICT);
		syscall(SYS_exit, result == 0 ? 0 : errno);
	}
	if (waitpid(pid, &(int){ 0 }, 0) != pid)
		die("waitpid: %s", strerror(errno));
	say("done");
	return 0;
}

static void *name_itself(void *unused)
{
	(void)unused;
	prctl(PR_SET_NAME, "hidden thread");
	return NULL;
}

/* A process whose memory nobody without privilege may read names itself and makes threads. */
static int play_undumpable(int argc, char *argv[])
{
	const int dumpable = number_of(argc, argv, 1, 0);

	prctl(PR_SET_DUMPABLE, dumpable);
	prctl(PR_SET_NAME, "hidden");
	for (int i = 0; i < 2; i++)
		thread_join(thread_start(name_itself, NULL));
	say("done");
	return 0;
}

static void state_unexec(const char *call)
{
	fact_line("{\"fact\":\"unexec\",\"tid\":%d,\"call\":\"%s\",\"result\":\"%s\"}", own_tid(), call,
		  errno_name(errno));
	say("%s: %s", call, errno_name(errno));
}

/* Execs that fail, each for a reason of its own; a search along PATH, without and with success; by a thread. */
static void *exec_nothing(void *unused)
{
	char name[] = "nothing", *arguments[] = { name, NULL };

	(void)unused;
	execv("/thread/nothing", arguments);
	state_unexec("execve");
	return NULL;
}

static int play_failed_execs(int argc, char *argv[])
{
	char first[] = "a b", name[] = "no-such-program", *arguments[] = { first, first + 3, NULL },
	     *search[] = { name, NULL };
	int fd = open("/dev/null", O_RDONLY | O_CLOEXEC);
	pid_t pid;

	(void)argc;
	(void)argv;
	execv("/no/such", arguments);
	state_unexec("execve");
	execv("/", arguments);
	state_unexec("execve");
	syscall(SYS_execve, 8, arguments, NULL);
	state_unexec("execve");
	syscall(SYS_execveat, fd, "", arguments, environ, AT_EMPTY_PATH);
	state_unexec("execveat");
	syscall(SYS_execveat, AT_FDCWD, "no/such", arguments, environ, 0);
	state_unexec("execveat");
	thread_join(thread_start(exec_nothing, NULL));
	pid = fork_stated();
	if (pid == 0) {
		setenv("PATH", "/no-1:/no-2:/no-3", 1);
		execvp(*search, search);
		state_unexec("execve");
		_exit(127);
	}
	expect_exit(pid, 127);
	become("echo", "a b");
}

/* PROGRAM finds itself where seccomp is not to be had, as in a container that denies it. */
static int play_no_seccomp(int argc, char *argv[])
{
	if (argc < 2)
		die("no-seccomp needs a program");
	install_filter(SYS_seccomp, SECCOMP_RET_ERRNO | ENOSYS);
	install_filter(SYS_prctl, SECCOMP_RET_ERRNO | EINVAL);
	execvp(argv[1], argv + 1);
	die("%s: %s", argv[1], strerror(errno));
}

/* PROGRAM finds itself where clone3 is answered with ENOSYS, as in many containers. */
static int play_no_clone3(int argc, char *argv[])
{
	if (argc < 2)
		die("no-clone3 needs a program");
	install_filter(SYS_clone3, SECCOMP_RET_ERRNO | ENOSYS);
	execvp(argv[1], argv + 1);
	die("%s: %s", argv[1], strerror(errno));
}

/* The filter's verdict on a creation is death: of the process, or of one thread of it. The caller has made another task
 * before, whose number its result register had then. */
static void *make_one_more(void *data)
{
	const unsigned *action = data;
	const pid_t pid = fork_stated();

	if (pid == 0)
		_exit(0);
	expect_exit(pid, 0);
	install_filter(SYS_clone3, *action);
	raw_clone3(&(struct raw_clone_args){ .exit_signal = SIGCHLD }, 88);
	return NULL;
}

static void play_forbidden(unsigned action, bool thread)
{
	const pid_t pid = fork_stated();

	if (pid == 0) {
		setrlimit(RLIMIT_CORE, &(struct rlimit){ 0 });
		if (thread)
			thread_join(thread_start(make_one_more, &action));
		else
			make_one_more(&action);
		_exit(action == SECCOMP_RET_KILL_THREAD && thread ? 8 : 0);
	}
	if (action == SECCOMP_RET_KILL_THREAD && thread)
		expect_exit(pid, 8);
	else
		expect_killed(pid, SIGSYS);
	say("action %#x %s", action, thread ? "in a thread" : "in a process");
}

static int play_filter_kill(int argc, char *argv[])
{
	static const unsigned actions[] = { SECCOMP_RET_KILL_PROCESS, SECCOMP_RET_KILL_THREAD, SECCOMP_RET_TRAP };

	(void)argc;
	(void)argv;
	for (size_t i = 0; i < sizeof(actions) / sizeof(actions[0]); i++) {
		play_forbidden(actions[i], false);
		play_forbidden(actions[i], true);
	}
	return 0;
}

/* The same of the launched program itself. */
static int play_filter_kills_all(int argc, char *argv[])
{
	unsigned action = number_of(argc, argv, 1, 0) ? SECCOMP_RET_TRAP : SECCOMP_RET_KILL_PROCESS;

	setrlimit(RLIMIT_CORE, &(struct rlimit){ 0 });
	make_one_more(&action);
	return 0;
}

/* clone3 with VM and a stack whose sizes and members are all in use. */
static int play_clone3_stack(int argc, char *argv[])
{
	int parent_tid = 0, child_tid = -1;
	struct raw_task task = { .run = leave,
				 .stack = raw_stack(STACK_SIZE, 0),
				 .size = STACK_SIZE,
				 .parent_tid = &parent_tid,
				 .child_tid = &child_tid };
	struct raw_clone_args args = { .flags = CLONE_VM | CLONE_PARENT_SETTID | CLONE_CHILD_CLEARTID,
				       .exit_signal = SIGCHLD };
	long tid;

	(void)argc;
	(void)argv;
	tid = raw_clone3_on(&args, RAW_SIZE_5_3, &task);
	if (tid < 0)
		die("clone3: %s", strerror((int)-tid));
	fact_task(&(struct fact){ .tid = (pid_t)tid,
				  .tgid = (pid_t)tid,
				  .ppid = getpid(),
				  .creator = own_tid(),
				  .call = "clone3",
				  .raw = true,
				  .flags = args.flags,
				  .exit_signal = SIGCHLD });
	expect_exit((pid_t)tid, 0);
	say("parent_tid is %s", parent_tid == tid ? "the child" : "wrong");
	return 0;
}

/* A task in the cgroup of the directory PATH, which is "removed" before, or a "thread" in it: what the kernel says. */
static int play_into_cgroup(int argc, char *argv[])
{
	const char *how = argc > 2 ? argv[2] : "";
	const bool thread = !strcmp(how, "thread");
	struct raw_clone_args args = { .flags = F_INTO_CGROUP, .exit_signal = thread ? 0 : SIGCHLD };
	struct raw_task task = { .run = leave, .stack = raw_stack(STACK_SIZE, 0), .size = STACK_SIZE };
	int fd = argc > 1 ? open(argv[1], O_RDONLY | O_CLOEXEC) : -1;
	long result;

	if (fd < 0)
		die("give a directory that there is");
	if (!strcmp(how, "removed") && rmdir(argv[1]) < 0)
		die("rmdir: %s", strerror(errno));
	if (thread)
		args.flags |= CLONE_THREAD | CLONE_SIGHAND | CLONE_VM;
	args.cgroup = (uint64_t)fd;
	result = raw_clone3_on(&args, RAW_SIZE_5_7, &task);
	if (thread && result > 0)
		say("clone3: INTO_CGROUP: made a thread");
	else
		outcome("clone3: INTO_CGROUP", "clone3", args.flags, (int)args.exit_signal, result);
	return 0;
}

const struct scene call_scenes[] = {
	{ "refusals", NULL, play_refusals },
	{ "call-refusals", NULL, play_call_refusals },
	{ "failed-execs", NULL, play_failed_execs },
	{ "strict", "[HOW]", play_strict },
	{ "undumpable", "[DUMPABLE]", play_undumpable },
	{ "sessions", NULL, play_sessions },
	{ "clone3", NULL, play_clone3 },
	{ "clone3-stack", NULL, play_clone3_stack },
	{ "into-cgroup", "PATH [removed|thread]", play_into_cgroup },
	{ "filter-trace", NULL, play_filter_trace },
	{ "filter-trace-clone", NULL, play_filter_trace_clone },
	{ "filter-errno", NULL, play_filter_errno },
	{ "filter-kill", NULL, play_filter_kill },
	{ "filter-kills-all", "[TRAP]", play_filter_kills_all },
	{ "no-seccomp", "PROGRAM [ARGUMENTS]", play_no_seccomp },
	{ "no-clone3", "PROGRAM [ARGUMENTS]", play_no_clone3 },
	{ .name = NULL },
};
