/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Scenes of namespaces: tasks with a pid inside and another outside, unshare and setns, an init that faults. */
#include <errno.h>
#include <fcntl.h>
#include <linux/seccomp.h>
#include <pthread.h>
#include <sched.h>
#include <setjmp.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/sem.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "actor.h"
#include "raw.h"

#ifndef SYS_pidfd_open
#define SYS_pidfd_open 434
#endif
#ifndef CLONE_NEWTIME
#define CLONE_NEWTIME 0x80
#endif

/* Who is not root gets its privilege from a user namespace of its own. */
static uint64_t privilege(void)
{
	return geteuid() == 0 ? 0 : CLONE_NEWUSER;
}

static void need(long result, const char *what)
{
	if (result == -EPERM || result == -ENOSPC || result == -EUSERS || result == -EINVAL)
		skip("%s: %s (no privilege, no user namespaces, or not in this kernel)", what,
		     errno_name((int)-result));
	if (result < 0)
		die("%s: %s", what, strerror((int)-result));
}

/* To be called by a task on itself, for inside a pid namespace its creator does not know its number outside. */
static void state_self(const char *call, pid_t creator)
{
	pid_t tid = outer_tid();

	fact_task(&(struct fact){ .tid = tid,
				  .tgid = tid,
				  .ppid = outer_ppid(),
				  .creator = creator,
				  .call = call,
				  .nspid = getpid() != tid ? getpid() : 0 });
}

static void wait_plain(pid_t pid, int code)
{
	int status;

	if (waitpid(pid, &status, __WALL) != pid || !WIFEXITED(status) || WEXITSTATUS(status) != code)
		die("a child inside ended with status %#x, not with exit code %d", (unsigned)status, code);
}

/* The init of a namespace, with two children, one after the other, and a thread of the second's. */
static void *thread_inside(void *data)
{
	const pid_t *creator = data;
	pid_t tid = outer_tid();

	fact_line("{\"fact\":\"task\",\"tid\":%d,\"tgid\":%d,\"ppid\":%d,\"creator\":%d,\"call\":\"pthread_create()\","
		  "\"kind\":\"thread\",\"nspid\":%d}",
		  tid, *creator, outer_ppid(), *creator, own_tid());
	return NULL;
}

static void be_init(void)
{
	pid_t outside = outer_tid();

	for (int i = 0; i < 2; i++) {
		pid_t pid = fork();

		if (pid == 0) {
			pthread_t thread;
			pid_t creator;

			state_self("fork()", outside);
			creator = outer_tid();
			if (i == 1 && (pthread_create(&thread, NULL, thread_inside, &creator) != 0 ||
				       pthread_join(thread, NULL) != 0))
				_exit(1);
			_exit(5);
		}
		wait_plain(pid, 5);
	}
}

static int play_unshare_pid(int argc, char *argv[])
{
	pid_t creator = outer_tid();
	pid_t pid;

	(void)argc;
	(void)argv;
	need(unshare((int)(CLONE_NEWPID | privilege())) == 0 ? 0 : -errno, "unshare(CLONE_NEWPID)");
	fact_line("{\"fact\":\"call\",\"tid\":%d,\"call\":\"unshare\",\"result\":\"0\"}", creator);
	pid = fork();
	if (pid == 0) {
		state_self("fork()", creator);
		be_init();
		_exit(6);
	}
	expect_exit(pid, 6);
	/* The namespace has died with its init. */
	pid = fork();
	if (pid == 0)
		_exit(0);
	say("fork into a dead namespace: %s", pid < 0 ? errno_name(errno) : "succeeded");
	return 0;
}

/* New namespaces by clone and by clone3; a pid namespace in a pid namespace. */
static void inside(pid_t creator, const char *call, int depth)
{
	state_self(call, creator);
	if (getpid() != 1)
		die("no init here");
	if (depth > 1) {
		pid_t outside = outer_tid();
		long tid = raw_clone(CLONE_NEWPID | SIGCHLD, NULL, NULL);

		if (tid == 0) {
			inside(outside, "clone", depth - 1);
			_exit(7);
		}
		if (tid < 0)
			die("clone in the namespace: %s", strerror((int)-tid));
		wait_plain((pid_t)tid, 7);
	} else {
		be_init();
	}
}

static int play_clone_pid(int argc, char *argv[])
{
	int depth = number_of(argc, argv, 1, 2);
	pid_t creator = outer_tid();
	uint64_t flags = CLONE_NEWPID | privilege();
	struct raw_clone_args args = { .flags = flags, .exit_signal = SIGCHLD };
	long tid = raw_clone(flags | SIGCHLD, NULL, NULL);

	if (tid == 0) {
		inside(creator, "clone", depth);
		_exit(8);
	}
	need(tid, "clone(CLONE_NEWPID)");
	expect_exit((pid_t)tid, 8);

	tid = raw_clone3(&args, RAW_SIZE_5_7);
	if (tid == 0) {
		inside(creator, "clone3", 1);
		_exit(9);
	}
	need(tid, "clone3(CLONE_NEWPID)");
	expect_exit((pid_t)tid, 9);
	say("done");
	return 0;
}

static void make_namespace(const char *name, uint64_t flag)
{
	struct raw_clone_args args = { .flags = flag | privilege(), .exit_signal = SIGCHLD };
	long tid = raw_clone3(&args, RAW_SIZE_5_7);

	if (tid == 0)
		_exit(10);
	if (tid < 0) {
		say("%s: %s", name, errno_name((int)-tid));
		return;
	}
	fact_task(&(struct fact){ .tid = (pid_t)tid,
				  .tgid = (pid_t)tid,
				  .ppid = getpid(),
				  .creator = own_tid(),
				  .call = "clone3",
				  .raw = true,
				  .flags = args.flags,
				  .exit_signal = SIGCHLD });
	expect_exit((pid_t)tid, 10);
	say("%s: done", name);
}

static const struct {
	const char *name;
	uint64_t flag;
} namespaces[] = {
	{ "user", CLONE_NEWUSER },
	{ "mount", CLONE_NEWNS },
	{ "uts", CLONE_NEWUTS },
	{ "ipc", CLONE_NEWIPC },
	{ "cgroup", CLONE_NEWCGROUP },
	{ "network", CLONE_NEWNET },
	{ "time", CLONE_NEWTIME },
	{ "all", CLONE_NEWUSER | CLONE_NEWNS | CLONE_NEWUTS | CLONE_NEWIPC | CLONE_NEWPID | CLONE_NEWCGROUP },
};

static int play_namespaces(int argc, char *argv[])
{
	(void)argc;
	(void)argv;
	for (size_t i = 0; i < sizeof(namespaces) / sizeof(namespaces[0]); i++)
		make_namespace(namespaces[i].name, namespaces[i].flag);
	for (size_t i = 0; i < sizeof(namespaces) / sizeof(namespaces[0]); i++) {
		pid_t pid = fork_stated();

		if (pid == 0) {
			int result = unshare((int)(namespaces[i].flag | privilege()));

			fact_line("{\"fact\":\"call\",\"tid\":%d,\"call\":\"unshare\",\"result\":\"%s\"}", outer_tid(),
				  result == 0 ? "0" : errno_name(errno));
			say("unshare %s: %s", namespaces[i].name, result == 0 ? "done" : errno_name(errno));
			_exit(0);
		}
		expect_exit(pid, 0);
	}
	return 0;
}

/* A child makes namespaces; another enters them. */
static int enter(pid_t pid, const char *name, int kind)
{
	char path[64];
	int result;
	int fd;

	snprintf(path, sizeof(path), "/proc/%d/ns/%s", pid, name);
	fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		die("%s: %s", path, strerror(errno));
	result = setns(fd, kind);
	if (result != 0)
		die("setns of %s: %s", name, strerror(errno));
	fact_line("{\"fact\":\"call\",\"tid\":%d,\"call\":\"setns\",\"result\":\"0\"}", outer_tid());
	close(fd);
	return 0;
}

static volatile sig_atomic_t senders_seen[2];

static void note_sender(int signo, siginfo_t *info, void *context)
{
	(void)context;
	senders_seen[signo == SIGUSR2] = info->si_pid;
}

/* Waits for SIGNO, which is blocked. */
static void await_signal(int signo)
{
	sigset_t set;

	sigfillset(&set);
	sigdelset(&set, signo);
	while (senders_seen[signo == SIGUSR2] < 0)
		sigsuspend(&set);
}

static void say_sender(int signo, const char *who)
{
	say("%s: signal by %d", who, (int)senders_seen[signo == SIGUSR2]);
}

/* Sent by a task inside to all in its process group, one of which is outside: each sees the number that the sender has
 * inside. */
static void signal_all(void)
{
	if (kill(0, SIGUSR1) != 0)
		die("kill: %s", strerror(errno));
	await_signal(SIGUSR1);
	say_sender(SIGUSR1, "sender");
	_exit(8);
}

static void be_signaled_init(pid_t creator)
{
	pid_t outside = outer_tid();
	pid_t pid;

	state_self("clone", creator);
	await_signal(SIGUSR2); /* from outside */
	say_sender(SIGUSR2, "init");
	pid = fork();
	if (pid == 0) {
		state_self("fork()", outside);
		signal_all();
	}
	await_signal(SIGUSR1);
	wait_plain(pid, 8);
	say_sender(SIGUSR1, "init");
	_exit(9);
}

/* Signals within a pid namespace, out of it and into it. */
static int play_signals_inside(int argc, char *argv[])
{
	struct sigaction action = { .sa_sigaction = note_sender, .sa_flags = SA_SIGINFO };
	pid_t creator = outer_tid();
	sigset_t set;
	long pid;

	(void)argc;
	(void)argv;
	if (setpgid(0, 0) != 0)
		die("setpgid: %s", strerror(errno));
	senders_seen[0] = senders_seen[1] = -1;
	sigemptyset(&set);
	sigaddset(&set, SIGUSR1);
	sigaddset(&set, SIGUSR2);
	sigprocmask(SIG_BLOCK, &set, NULL);
	sigaction(SIGUSR1, &action, NULL);
	sigaction(SIGUSR2, &action, NULL);
	pid = raw_clone(CLONE_NEWPID | privilege() | SIGCHLD, NULL, NULL);
	need(pid, "clone(CLONE_NEWPID)");
	if (pid == 0)
		be_signaled_init(creator);
	kill((pid_t)pid, SIGUSR2);
	await_signal(SIGUSR1);
	expect_exit((pid_t)pid, 9);
	say_sender(SIGUSR1, "outside");
	return 0;
}

static int play_setns(int argc, char *argv[])
{
	struct gate ready = gate_make(), end = gate_make();
	uint64_t flags = CLONE_NEWUTS | CLONE_NEWPID | CLONE_NEWUSER;
	long tid;
	pid_t pid;

	(void)argc;
	(void)argv;
	tid = raw_clone(flags | SIGCHLD, NULL, NULL);
	if (tid == 0) {
		close(end.out);
		gate_open(&ready);
		gate_wait(&end);
		_exit(0);
	}
	need(tid, "clone(CLONE_NEWUSER|CLONE_NEWPID)");
	fact_task(&(struct fact){ .tid = (pid_t)tid,
				  .tgid = (pid_t)tid,
				  .ppid = getpid(),
				  .creator = own_tid(),
				  .call = "clone",
				  .raw = true,
				  .flags = flags,
				  .exit_signal = SIGCHLD,
				  .nspid = 1 });
	gate_wait(&ready);
	pid = fork_stated();
	if (pid == 0) {
		pid_t self = outer_tid();
		pid_t child;

		close(end.out);
		enter((pid_t)tid, "user", CLONE_NEWUSER);
		enter((pid_t)tid, "uts", 0);
		enter((pid_t)tid, "pid", CLONE_NEWPID);
		child = fork();
		if (child == 0) {
			state_self("fork()", self);
			_exit(getpid() == 2 ? 3 : 4);
		}
		wait_plain(child, 3);
		_exit(5);
	}
	expect_exit(pid, 5);
	close(end.out);
	expect_exit((pid_t)tid, 0);
	say("done");
	return 0;
}

static void state_call(const char *call, int result)
{
	if (result != 0)
		skip("%s: %s", call, errno_name(errno));
	fact_line("{\"fact\":\"call\",\"tid\":%d,\"call\":\"%s\",\"result\":\"0\"}", own_tid(), call);
}

/* What a thread may leave behind that it was born with. */
static void *leave(void *data)
{
	const pid_t *holder = data;
	int pidfd = (int)syscall(SYS_pidfd_open, *holder, 0);

	if (pidfd < 0)
		skip("pidfd_open: %s", errno_name(errno));
	state_call("unshare", unshare(CLONE_FS));
	state_call("unshare", unshare(CLONE_NEWCGROUP));
	enter(*holder, "uts", CLONE_NEWUTS);
	enter(*holder, "net", 0);
	state_call("setns", setns(pidfd, CLONE_NEWIPC | CLONE_NEWNET)); /* by a process: since 5.8 */
	close(pidfd);
	return NULL;
}

static int play_setns_thread(int argc, char *argv[])
{
	struct gate ready = gate_make(), end = gate_make();
	uint64_t flags = CLONE_NEWUTS | CLONE_NEWIPC | CLONE_NEWNET;
	struct sembuf one = { .sem_op = 1, .sem_flg = SEM_UNDO };
	pid_t holder;
	long tid;
	int sem;

	(void)argc;
	(void)argv;
	if (privilege()) /* while there is one thread */
		state_call("unshare", unshare(CLONE_NEWUSER));
	tid = raw_clone(flags | SIGCHLD, NULL, NULL);
	if (tid == 0) {
		close(end.out);
		gate_open(&ready);
		gate_wait(&end);
		_exit(0);
	}
	need(tid, "clone(CLONE_NEWUTS|CLONE_NEWIPC|CLONE_NEWNET)");
	holder = (pid_t)tid;
	fact_task(&(struct fact){ .tid = holder,
				  .tgid = holder,
				  .ppid = getpid(),
				  .creator = own_tid(),
				  .call = "clone",
				  .raw = true,
				  .flags = flags,
				  .exit_signal = SIGCHLD });
	gate_wait(&ready);
	/* So that there is a list of semaphore undos to share. */
	sem = semget(IPC_PRIVATE, 1, 0600);
	if (sem < 0 || semop(sem, &one, 1) != 0)
		skip("semop: %s", errno_name(errno));
	thread_join(thread_start(leave, &holder));
	semctl(sem, 0, IPC_RMID);
	close(end.out);
	expect_exit(holder, 0);
	say("done");
	return 0;
}

struct parting {
	struct gate parted, end;
	pid_t tid;
};

static void *wait_for_end(void *data)
{
	struct parting *parting = data;

	gate_wait(&parting->end);
	return NULL;
}

static void *part(void *data)
{
	struct parting *parting = data;
	const int flags = CLONE_NEWNS | CLONE_NEWUTS | CLONE_NEWIPC | CLONE_NEWNET | CLONE_NEWPID | CLONE_NEWCGROUP;

	state_call("unshare", unshare(flags));
	parting->tid = own_tid();
	gate_open(&parting->parted);
	gate_wait(&parting->end);
	return NULL;
}

/* Two threads and the leader, until standard input ends. One of the threads is in separate namespaces. */
static int play_thread_apart(int argc, char *argv[])
{
	struct parting parting = { .parted = gate_make(), .end = gate_make() }, stays = parting;
	struct thread *threads[2];
	char byte;

	(void)argc;
	(void)argv;
	if (privilege()) /* while there is one thread */
		state_call("unshare", unshare(CLONE_NEWUSER));
	threads[0] = thread_start(part, &parting);
	gate_wait(&parting.parted);
	threads[1] = thread_start(wait_for_end, &stays);
	fact_line("{\"fact\":\"apart\",\"tid\":%d}", (int)parting.tid);
	fact_line("{\"fact\":\"ready\"}");
	while (read(STDIN_FILENO, &byte, 1) > 0)
		;
	close(parting.end.out);
	thread_join(threads[0]);
	thread_join(threads[1]);
	return 0;
}

/* The init of a pid namespace, which is immune to signals from within, but not to its own faults. Traced, it is immune
 * to these, too, if nobody helps it. */

static void fault_by_trap(void)
{
#if defined(__x86_64__) || defined(__i386__)
	__asm__ volatile("int3");
#else
	raise(SIGTRAP);
#endif
}

static void fault_by_instruction(void)
{
	__builtin_trap();
}

static void fault_by_call(void)
{
	install_filter(SYS_getpriority, SECCOMP_RET_TRAP);
	syscall(SYS_getpriority, 0, 0);
}

static void *fault_in_thread(void *data)
{
	(void)data;
	fault();
	return NULL;
}

static void fault_of_thread(void)
{
	pthread_t thread; /* without a fact: in here it has another number */

	pthread_create(&thread, NULL, fault_in_thread, NULL);
	pthread_join(thread, NULL);
}

static const struct init_fault {
	const char *name;
	void (*fault)(void);
} init_faults[] = {
	{ "memory", fault },
	{ "breakpoint", fault_by_trap },
	{ "instruction", fault_by_instruction },
	{ "forbidden call", fault_by_call },
	{ "abort", abort },
	{ "in a thread", fault_of_thread },
};

/* With a child that waits, whom its end takes along. */
static void play_init_fault(const struct init_fault *row)
{
	int status;
	long tid = raw_clone(CLONE_NEWPID | privilege() | SIGCHLD, NULL, NULL);

	if (tid == 0) {
		setrlimit(RLIMIT_CORE, &(struct rlimit){ 0 });
		if (fork() == 0)
			for (;;)
				pause();
		row->fault();
		_exit(0);
	}
	need(tid, "clone(CLONE_NEWPID)");
	if (waitpid((pid_t)tid, &status, 0) != tid)
		die("waitpid: %s", errno_name(errno));
	fact_exit((pid_t)tid, status);
	say("%s: %s", row->name, WIFSIGNALED(status) ? signal_name(WTERMSIG(status)) : "no signal");
}

static int play_init_faults(int argc, char *argv[])
{
	(void)argc;
	(void)argv;
	for (size_t i = 0; i < sizeof(init_faults) / sizeof(init_faults[0]); i++)
		play_init_fault(&init_faults[i]);
	return 0;
}

/* It handles its faults, 200 of them in a row, and ignores what is sent from within. */
static sigjmp_buf before_fault;

static void catch_fault(int signo)
{
	siglongjmp(before_fault, signo);
}

static void handle_faults(void)
{
	static const int signals[] = { SIGSTOP, SIGTERM, SIGTRAP, SIGSEGV, SIGTSTP };
	volatile int faults = 0;
	int status;
	pid_t pid;

	signal(SIGSEGV, catch_fault);
	sigsetjmp(before_fault, 1);
	if (faults++ < 200)
		fault();
	signal(SIGSEGV, SIG_DFL);
	for (size_t i = 0; i < sizeof(signals) / sizeof(signals[0]); i++) {
		kill(1, signals[i]);
		raise(signals[i]);
		pid = fork();
		if (pid == 0) {
			kill(1, signals[i]);
			_exit(7);
		}
		if (waitpid(pid, &status, 0) != pid || status != 7 << 8)
			_exit(5);
	}
	_exit(6);
}

static int play_init_survives(int argc, char *argv[])
{
	int status;
	long tid = raw_clone(CLONE_NEWPID | privilege() | SIGCHLD, NULL, NULL);

	(void)argc;
	(void)argv;
	if (tid == 0)
		handle_faults();
	need(tid, "clone(CLONE_NEWPID)");
	if (waitpid((pid_t)tid, &status, 0) != tid)
		die("waitpid: %s", errno_name(errno));
	fact_exit((pid_t)tid, status);
	say("status %#x", (unsigned)status);
	return 0;
}

const struct scene namespace_scenes[] = {
	{ "unshare-pid", NULL, play_unshare_pid },
	{ "clone-pid", "[DEPTH]", play_clone_pid },
	{ "signals-inside", NULL, play_signals_inside },
	{ "namespaces", NULL, play_namespaces },
	{ "setns", NULL, play_setns },
	{ "setns-thread", NULL, play_setns_thread },
	{ "thread-apart", NULL, play_thread_apart },
	{ "init-faults", NULL, play_init_faults },
	{ "init-survives", NULL, play_init_survives },
	{ .name = NULL },
};
