/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Scenes of processes: the ways to make one, exec, vfork, who is whose parent, how they end. */
#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <signal.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/ptrace.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "actor.h"
#include "raw.h"

static int play_exit(int argc, char *argv[])
{
	return number_of(argc, argv, 1, 0);
}

static int play_echo(int argc, char *argv[])
{
	for (int i = 1; i < argc; i++)
		say("%s", argv[i]);
	return 0;
}

static int play_environment(int argc, char *argv[])
{
	for (int i = 1; i < argc; i++) {
		const char *value = getenv(argv[i]);

		say("%s%s%s", argv[i], value != NULL ? "=" : " is not set", value != NULL ? value : "");
	}
	return 0;
}

static int play_die(int argc, char *argv[])
{
	int signal = number_of(argc, argv, 1, SIGTERM);
	sigset_t set;

	setrlimit(RLIMIT_CORE, &(struct rlimit){ 0 });
	sigemptyset(&set);
	sigaddset(&set, signal);
	sigprocmask(SIG_UNBLOCK, &set, NULL);
	kill(getpid(), signal);
	return 1;
}

static int play_fork(int argc, char *argv[])
{
	int count = number_of(argc, argv, 1, 1);

	for (int i = 0; i < count; i++) {
		pid_t pid = fork_stated();

		if (pid == 0)
			_exit(i % 100);
		expect_exit(pid, i % 100);
	}
	say("forked %d", count);
	return 0;
}

/* Children that end and are not waited for. With "exec" it is another program that ends without it. */
static int play_unwaited(int argc, char *argv[])
{
	int count = number_of(argc, argv, 1, 1);
	char *arguments[6];

	for (int i = 0; i < count; i++) {
		siginfo_t info;
		pid_t pid = fork_stated();

		if (pid == 0)
			_exit(0);
		if (waitid(P_PID, (id_t)pid, &info, WEXITED | WNOWAIT) < 0)
			die("waitid: %s", strerror(errno));
		fact_exit(pid, 0);
	}
	say("not waited for: %d", count);
	if (argc < 3)
		return 0;
	become_arguments(argv[2], "0", arguments);
	execv(actor_path(), arguments);
	die("execv: %s", strerror(errno));
}

static int play_tree(int argc, char *argv[])
{
	int depth = number_of(argc, argv, 1, 3);

	for (int i = 0; i < 2 && depth > 0; i++) {
		pid_t pid = fork_stated();

		if (pid == 0) {
			char rest[12];

			snprintf(rest, sizeof(rest), "%d", depth - 1);
			_exit(play_tree(2, (char *[]){ argv[0], rest, NULL }));
		}
		expect_exit(pid, 0);
	}
	return 0;
}

static int play_vfork(int argc, char *argv[])
{
	volatile int touched = 0;
	pid_t pid;

	(void)argc;
	(void)argv;
	pid = vfork();
	if (pid == 0) {
		touched = 1; /* in the parent's memory */
		_exit(5);
	}
	fact_task(&(struct fact){ .tid = pid, .tgid = pid, .ppid = getpid(), .creator = own_tid(), .call = "vfork()" });
	expect_exit(pid, 5);
	say("touched %d", touched);
	return 0;
}

static int play_vfork_exec(int argc, char *argv[])
{
	char *arguments[6];
	pid_t pid;

	(void)argc;
	(void)argv;
	become_arguments("exit", "6", arguments);
	pid = vfork();
	if (pid == 0) {
		execv(actor_path(), arguments);
		_exit(127);
	}
	fact_task(&(struct fact){ .tid = pid, .tgid = pid, .ppid = getpid(), .creator = own_tid(), .call = "vfork()" });
	expect_exit(pid, 6);
	say("done");
	return 0;
}

static int play_vfork_killed(int argc, char *argv[])
{
	pid_t pid;

	(void)argc;
	(void)argv;
	pid = vfork();
	if (pid == 0) {
		kill(getpid(), SIGKILL);
		_exit(0);
	}
	fact_task(&(struct fact){ .tid = pid, .tgid = pid, .ppid = getpid(), .creator = own_tid(), .call = "vfork()" });
	expect_killed(pid, SIGKILL);
	say("done");
	return 0;
}

static int play_vfork_nested(int argc, char *argv[])
{
	volatile pid_t middle = 0, inner = 0;
	volatile int inner_status = -1;
	char *arguments[6];
	pid_t pid;

	(void)argc;
	(void)argv;
	become_arguments("exit", "7", arguments);
	pid = vfork();
	if (pid == 0) {
		int status = -1;

		middle = getpid();
		inner = vfork();
		if (inner == 0) {
			execv(actor_path(), arguments);
			_exit(127);
		}
		waitpid(inner, &status, 0);
		inner_status = status;
		_exit(8);
	}
	fact_task(&(struct fact){ .tid = pid, .tgid = pid, .ppid = getpid(), .creator = own_tid(), .call = "vfork()" });
	fact_task(&(struct fact){ .tid = inner, .tgid = inner, .ppid = pid, .creator = pid, .call = "vfork()" });
	fact_exit(inner, inner_status);
	expect_exit(pid, 8);
	say("middle is %s, inner exited %d", middle == pid ? "the child" : "somebody else", WEXITSTATUS(inner_status));
	return 0;
}

/* Sleeps in vfork while its child waits at stdin: who ends it from the keyboard ends both. */
static int play_vfork_waits(int argc, char *argv[])
{
	char byte;
	pid_t pid;

	(void)argc;
	(void)argv;
	say("waits");
	pid = vfork();
	if (pid == 0)
		_exit(read(STDIN_FILENO, &byte, 1) > 0 ? 0 : 1);
	fact_task(&(struct fact){ .tid = pid, .tgid = pid, .ppid = getpid(), .creator = own_tid(), .call = "vfork()" });
	expect_exit(pid, 0);
	return 0;
}

static int play_spawn(int argc, char *argv[])
{
	char *arguments[6];
	pid_t pid;
	int error;

	(void)argc;
	(void)argv;
	become_arguments("exit", "9", arguments);
	error = posix_spawn(&pid, actor_path(), NULL, NULL, arguments, environ);
	if (error != 0)
		die("posix_spawn: %s", strerror(error));
	fact_task(&(struct fact){
		.tid = pid, .tgid = pid, .ppid = getpid(), .creator = own_tid(), .call = "posix_spawn()" });
	expect_exit(pid, 9);
	/* What is not there: the child exists for a moment all the same. */
	error = posix_spawn(&pid, "/nowhere/at/all", NULL, NULL, arguments, environ);
	say("spawn of nothing: %s", error == ENOENT ? "ENOENT" : "something else");
	return 0;
}

static int play_shell(int argc, char *argv[])
{
	char line[64] = "";
	FILE *pipe_end;

	(void)argc;
	(void)argv;
	say("system: %#x", (unsigned)system("exit 3"));
	pipe_end = popen("echo from popen", "r");
	if (pipe_end == NULL || fgets(line, sizeof(line), pipe_end) == NULL)
		die("popen failed");
	line[strcspn(line, "\n")] = '\0';
	say("popen: %s, %#x", line, (unsigned)pclose(pipe_end));
	return 0;
}

/* exec by the leader while others live: they die. */
static void *wait_forever(void *unused)
{
	(void)unused;
	for (;;)
		pause();
	return NULL;
}

static int play_exec(int argc, char *argv[])
{
	int threads = number_of(argc, argv, 1, 3);

	for (int i = 0; i < threads; i++)
		thread_start(wait_forever, NULL);
	fact_line("{\"fact\":\"exec\",\"tid\":%d,\"former\":%d}", getpid(), own_tid());
	become("echo", "after exec");
}

/* Until it execs the child has its parent's descriptors; it has threads, too, that end by it. */
static int play_exec_files(int argc, char *argv[])
{
	const uint64_t flags = CLONE_FILES | SIGCHLD;
	char *arguments[6];
	pid_t pid;

	(void)argc;
	(void)argv;
	become_arguments("exit", "6", arguments);
	pid = (pid_t)raw_clone(flags, NULL, NULL);
	if (pid < 0)
		die("clone: %s", strerror(-pid));
	if (pid == 0) {
		thread_start(wait_forever, NULL);
		execv(actor_path(), arguments);
		_exit(127);
	}
	fact_task(&(struct fact){ .tid = pid,
				  .tgid = pid,
				  .ppid = getpid(),
				  .creator = own_tid(),
				  .call = "clone",
				  .raw = true,
				  .flags = CLONE_FILES,
				  .exit_signal = SIGCHLD });
	expect_exit(pid, 6);
	say("done");
	return 0;
}

static void *exec_in_thread(void *data)
{
	const int *rounds = data;
	char rest[12];

	snprintf(rest, sizeof(rest), "%d", *rounds);
	fact_line("{\"fact\":\"exec\",\"tid\":%d,\"former\":%d}", getpid(), own_tid());
	if (*rounds > 0)
		become("exec-thread", rest);
	become("echo", "after the last exec");
}

/* exec by a thread that is not the leader; so often that it is also the program that came from such an exec. */
static int play_exec_thread(int argc, char *argv[])
{
	int rounds = number_of(argc, argv, 1, 2) - 1;

	say("leader: %s", own_tid() == getpid() ? "yes" : "no");
	thread_start(wait_forever, NULL);
	thread_start(exec_in_thread, &rounds);
	wait_forever(NULL);
	return 1;
}

/* Several threads exec at once: one wins. */
static struct gate race;

static void *exec_race(void *unused)
{
	(void)unused;
	gate_wait(&race);
	become("echo", "one has won");
}

static int play_exec_race(int argc, char *argv[])
{
	race = gate_make();
	for (int i = 0; i < number_of(argc, argv, 1, 8); i++)
		thread_start(exec_race, NULL);
	close(race.out); /* all of them read the end of it */
	wait_forever(NULL);
	return 1;
}

/* Waits until this process has another parent than FORMER. */
static void wait_reparented(pid_t former)
{
	while (getppid() == former)
		sched_yield();
}

/* A child that outlives its parent. SUBREAPER: the actor itself becomes the new parent. */
static void orphan(bool subreaper)
{
	struct gate born = gate_make(), end = gate_make();
	pid_t pid;

	pid = fork_stated();
	if (pid == 0) {
		pid_t parent = getpid();

		if (fork_stated() == 0) {
			gate_open(&born);
			wait_reparented(parent);
			fact_line("{\"fact\":\"reparent\",\"tid\":%d,\"from\":%d,\"to\":%d}", getpid(), parent,
				  getppid());
			_exit(12);
		}
		gate_wait(&born);
		_exit(11);
	}
	close(end.out);
	expect_exit(pid, 11);
	if (subreaper) {
		int status;
		pid_t heir = wait(&status);

		fact_exit(heir, status);
		say("inherited one that exited %d", WEXITSTATUS(status));
	}
	gate_wait(&end); /* the last of them has gone */
}

static int play_orphan(int argc, char *argv[])
{
	(void)argc;
	(void)argv;
	orphan(false);
	say("done");
	return 0;
}

static int play_subreaper(int argc, char *argv[])
{
	(void)argc;
	(void)argv;
	if (prctl(PR_SET_CHILD_SUBREAPER, 1) != 0)
		die("subreaper: %s", strerror(errno));
	fact_line("{\"fact\":\"call\",\"tid\":%d,\"call\":\"prctl\",\"result\":\"0\"}", own_tid());
	orphan(true);
	return 0;
}

/* Double fork and setsid. OUTLIVE: the daemon stays until stdin ends, the program does not. */
static int daemonize(bool outlive)
{
	struct gate end = gate_make();
	char byte;
	pid_t pid = fork_stated();

	if (pid == 0) {
		pid_t session = setsid();

		fact_line("{\"fact\":\"call\",\"tid\":%d,\"call\":\"setsid\",\"result\":\"%d\"}", own_tid(), session);
		pid = fork_stated();
		if (pid != 0)
			_exit(0);
		wait_reparented(session);
		if (outlive) {
			while (read(STDIN_FILENO, &byte, 1) > 0)
				;
			say("the daemon ends");
		}
		_exit(3);
	}
	close(end.out);
	expect_exit(pid, 0);
	if (!outlive)
		gate_wait(&end);
	say("the program ends");
	return 0;
}

static int play_daemon(int argc, char *argv[])
{
	(void)argc;
	(void)argv;
	return daemonize(false);
}

static int play_daemon_outlives(int argc, char *argv[])
{
	(void)argc;
	(void)argv;
	return daemonize(true);
}

/* A child makes its own sibling: the actor is the parent, the child the creator. */
static int play_clone_parent(int argc, char *argv[])
{
	struct gate made = gate_make();
	int sibling = 0;
	pid_t pid;

	(void)argc;
	(void)argv;
	pid = fork_stated();
	if (pid == 0) {
		long tid = raw_clone(CLONE_PARENT | SIGCHLD, NULL, NULL);

		if (tid == 0)
			_exit(21);
		if (tid < 0)
			die("clone(CLONE_PARENT): %s", strerror((int)-tid));
		sibling = (int)tid;
		if (write(made.out, &sibling, sizeof(sibling)) != sizeof(sibling))
			die("write failed");
		fact_task(&(struct fact){ .tid = sibling,
					  .tgid = sibling,
					  .ppid = getppid(),
					  .creator = own_tid(),
					  .call = "clone",
					  .raw = true,
					  .flags = CLONE_PARENT,
					  .exit_signal = SIGCHLD });
		_exit(22);
	}
	if (read(made.in, &sibling, sizeof(sibling)) != sizeof(sibling))
		die("read failed");
	expect_exit(sibling, 21);
	expect_exit(pid, 22);
	say("waited for both");
	return 0;
}

/* The actor itself makes a sibling: whoever started the actor gets a child that it never made. */
static int play_clone_parent_top(int argc, char *argv[])
{
	struct gate end = gate_make();
	long tid;

	(void)argc;
	(void)argv;
	tid = raw_clone(CLONE_PARENT | SIGCHLD, NULL, NULL);
	if (tid == 0)
		_exit(23);
	if (tid < 0)
		die("clone(CLONE_PARENT): %s", strerror((int)-tid));
	fact_task(&(struct fact){ .tid = (pid_t)tid,
				  .tgid = (pid_t)tid,
				  .ppid = getppid(),
				  .creator = own_tid(),
				  .call = "clone",
				  .raw = true,
				  .flags = CLONE_PARENT,
				  .exit_signal = SIGCHLD });
	close(end.out);
	gate_wait(&end);
	say("the sibling has gone");
	return 0;
}

/* The kernel keeps no zombie of the child, so the wait ends with an error. */
static int play_sigchld_ignored(int argc, char *argv[])
{
	pid_t pid;

	(void)argc;
	(void)argv;
	pid = fork_stated();
	if (pid == 0)
		_exit(8);
	expect_exit(pid, 8);
	signal(SIGCHLD, SIG_IGN); /* to our end: who asks about it may do so after we know of the child's */
	pid = fork_stated();
	if (pid == 0)
		_exit(7);
	if (waitpid(pid, NULL, 0) >= 0 || errno != ECHILD)
		die("a zombie of %d was kept", (int)pid);
	fact_exit(pid, 7 << 8);
	say("one zombie, and none");
	return 0;
}

/* Exit signals other than SIGCHLD: EVENT_CLONE, and processes all the same. */
static int play_exit_signals(int argc, char *argv[])
{
	static const int signals[] = { 0, SIGUSR1, SIGCHLD, 40, 64 };

	(void)argc;
	(void)argv;
	signal(SIGUSR1, SIG_IGN);
	signal(40, SIG_IGN);
	signal(64, SIG_IGN);
	for (size_t i = 0; i < sizeof(signals) / sizeof(signals[0]); i++) {
		long tid = raw_clone((uint64_t)signals[i], NULL, NULL);

		if (tid == 0)
			_exit(30 + (int)i);
		if (tid < 0)
			die("clone(%d): %s", signals[i], strerror((int)-tid));
		fact_task(&(struct fact){ .tid = (pid_t)tid,
					  .tgid = (pid_t)tid,
					  .ppid = getpid(),
					  .creator = own_tid(),
					  .call = "clone",
					  .raw = true,
					  .exit_signal = signals[i] });
		expect_exit((pid_t)tid, 30 + (int)i);
	}
	say("done");
	return 0;
}

/* Which of the signals that a child's end may send has come to the caller, who blocks them. */
static void say_pending(void)
{
	sigset_t pending;

	sigpending(&pending);
	say("SIGCHLD: %s", sigismember(&pending, SIGCHLD) ? "has come" : "has not come");
	say("SIGUSR1: %s", sigismember(&pending, SIGUSR1) ? "has come" : "has not come");
}

/* Ends the child that exit-signal-exec has left: "DESCRIPTOR:PID". */
static int play_exit_signal_heir(int argc, char *argv[])
{
	struct gate gate = { -1, -1 };
	int pid;

	if (argc != 2 || sscanf(argv[1], "%d:%d", &gate.out, &pid) != 2)
		die("exit-signal-heir needs DESCRIPTOR:PID");
	gate_open(&gate);
	expect_exit(pid, 33);
	say_pending();
	return 0;
}

/* A parent that execs while a child of its own lives, whose exit signal is not SIGCHLD: the kernel sends that. */
static int play_exit_signal_exec(int argc, char *argv[])
{
	const int signo = number_of(argc, argv, 1, SIGUSR1);
	struct gate gate = gate_make();
	char left[32];
	sigset_t set;
	long tid;

	sigemptyset(&set);
	sigaddset(&set, SIGCHLD);
	sigaddset(&set, SIGUSR1);
	sigprocmask(SIG_BLOCK, &set, NULL);
	tid = raw_clone((uint64_t)signo, NULL, NULL);
	if (tid == 0) {
		gate_wait(&gate);
		_exit(33);
	}
	if (tid < 0)
		die("clone(%d): %s", signo, strerror((int)-tid));
	fact_task(&(struct fact){ .tid = (pid_t)tid,
				  .tgid = (pid_t)tid,
				  .ppid = getpid(),
				  .creator = own_tid(),
				  .call = "clone",
				  .raw = true,
				  .exit_signal = signo });
	if (fcntl(gate.out, F_SETFD, 0) < 0) /* exec leaves it open */
		die("F_SETFD: %s", strerror(errno));
	snprintf(left, sizeof(left), "%d:%ld", gate.out, tid);
	fact_line("{\"fact\":\"exec\",\"tid\":%d,\"former\":%d}", getpid(), own_tid());
	become("exit-signal-heir", left);
}

/* The child's end kills its parent: the exit signal is SIGTERM. */
static int play_exit_signal_kills(int argc, char *argv[])
{
	long tid;

	(void)argc;
	(void)argv;
	tid = raw_clone(SIGTERM, NULL, NULL);
	if (tid == 0)
		_exit(0);
	for (;;)
		pause();
}

static int raw_fork_flags(uint64_t flags, const char *word)
{
	long tid = raw_clone(flags | SIGCHLD, NULL, NULL);

	if (tid == 0)
		_exit(40);
	if (tid < 0)
		die("clone(%s): %s", word, strerror((int)-tid));
	fact_task(&(struct fact){ .tid = (pid_t)tid,
				  .tgid = (pid_t)tid,
				  .ppid = getpid(),
				  .creator = own_tid(),
				  .call = "clone",
				  .raw = true,
				  .flags = flags,
				  .exit_signal = SIGCHLD });
	expect_exit((pid_t)tid, 40);
	say("%s: done", word);
	return 0;
}

/* A child that asks not to be traced, and has a child of its own. */
static int play_untraced(int argc, char *argv[])
{
	pid_t creator = own_tid();
	long tid;

	(void)argc;
	(void)argv;
	raw_fork_flags(CLONE_UNTRACED, "CLONE_UNTRACED");
	tid = raw_clone(CLONE_UNTRACED | SIGCHLD, NULL, NULL);
	if (tid == 0) {
		pid_t pid;

		fact_task(&(struct fact){ .tid = own_tid(),
					  .tgid = getpid(),
					  .ppid = getppid(),
					  .creator = creator,
					  .call = "clone",
					  .raw = true,
					  .flags = CLONE_UNTRACED,
					  .exit_signal = SIGCHLD });
		pid = fork_stated();
		if (pid == 0)
			_exit(41);
		expect_exit(pid, 41);
		_exit(42);
	}
	if (tid < 0)
		die("clone: %s", strerror((int)-tid));
	expect_exit((pid_t)tid, 42);
	return 0;
}

static int play_ptrace_flag(int argc, char *argv[])
{
	(void)argc;
	(void)argv;
	return raw_fork_flags(CLONE_PTRACE, "CLONE_PTRACE");
}

static int play_io_flag(int argc, char *argv[])
{
	(void)argc;
	(void)argv;
	return raw_fork_flags(CLONE_IO | CLONE_FILES | CLONE_SYSVSEM, "CLONE_IO");
}

/* A program that wants to trace: under a tracer it cannot, and it must get the kernel's answer. */
static int play_tracer(int argc, char *argv[])
{
	struct gate ready = gate_make(), end = gate_make();
	long result;
	pid_t pid;

	(void)argc;
	(void)argv;
	pid = fork_stated();
	if (pid == 0) {
		result = ptrace(PTRACE_TRACEME, 0, NULL, NULL);
		fact_line("{\"fact\":\"traceme\",\"tid\":%d,\"result\":\"%s\"}", getpid(),
			  result == 0 ? "0" : errno_name(errno));
		_exit(0);
	}
	expect_exit(pid, 0);

	ptrace(PTRACE_ATTACH, getpid(), NULL, NULL); /* EPERM for another reason */
	ptrace(PTRACE_ATTACH, pid, NULL, NULL);	     /* ESRCH: it has ended */
	pid = fork_stated();
	if (pid == 0) { /* root's may not be traced by nobody, as whom it runs */
		if (getuid() == 0 && setgid(65534) == 0 && setuid(65534) == 0)
			ptrace(PTRACE_ATTACH, getppid(), NULL, NULL);
		_exit(0);
	}
	expect_exit(pid, 0);
	pid = fork_stated();
	if (pid == 0) {
		gate_open(&ready);
		close(end.out);
		gate_wait(&end);
		_exit(0);
	}
	gate_wait(&ready);
	result = ptrace(PTRACE_SEIZE, pid, NULL, NULL);
	fact_line("{\"fact\":\"seize\",\"tid\":%d,\"result\":\"%s\"}", pid, result == 0 ? "0" : errno_name(errno));
	close(end.out);
	expect_exit(pid, 0);
	say("done");
	return 0;
}

/* A process with the children that the program before it had: exec's inheritance. */
static int play_inherit(int argc, char *argv[])
{
	struct gate held = gate_make();

	if (argc < 2)
		die("inherit needs a program");
	if (fork_stated() == 0) {
		close(held.out);
		gate_wait(&held); /* until the program has gone */
		_exit(50);
	}
	if (fork_stated() == 0)
		_exit(51); /* a zombie by the time the program looks */
	fcntl(held.out, F_SETFD, 0);
	execvp(argv[1], argv + 1);
	die("%s: %s", argv[1], strerror(errno));
}

/* All that a tracer might change in a program by mistake, in words that are the same in each run. */
static void say_status_line(const char *status, const char *key)
{
	const char *line = strstr(status, key);

	if (line != NULL)
		say("%.*s", (int)strcspn(line, "\n"), line);
}

static int play_state(int argc, char *argv[])
{
	struct rlimit limit;
	char status[4096] = "";
	int fd = open("/proc/self/status", O_RDONLY | O_CLOEXEC);
	mode_t mask = umask(0);

	(void)argc;
	(void)argv;
	umask(mask);
	if (fd < 0 || read(fd, status, sizeof(status) - 1) < 0)
		die("no /proc/self/status");
	close(fd);
	for (fd = 0; fd < 199; fd++)
		if (fcntl(fd, F_GETFD) >= 0)
			say("descriptor %d is open", fd);
	say_status_line(status, "SigBlk");
	say_status_line(status, "SigIgn");
	say_status_line(status, "SigCgt");
	say_status_line(status, "ShdPnd");
	say("umask %03o", (unsigned)mask);
	say("process group: %s", getpgrp() == getpgid(getppid()) ? "the parent's" : "another");
	getrlimit(RLIMIT_NOFILE, &limit);
	say("descriptors up to %llu", (unsigned long long)limit.rlim_cur);
	getrlimit(RLIMIT_CORE, &limit);
	say("core up to %llu", (unsigned long long)limit.rlim_cur);
	say("dumpable %d", prctl(PR_GET_DUMPABLE));
	say("pdeathsig %d", prctl(PR_GET_PDEATHSIG, &(int){ 0 }));
	return 0;
}

static int play_ids(int argc, char *argv[])
{
	(void)argc;
	(void)argv;
	say("uid %d euid %d gid %d egid %d", (int)getuid(), (int)geteuid(), (int)getgid(), (int)getegid());
	return 0;
}

const struct scene process_scenes[] = {
	{ "exit", "[CODE]", play_exit },
	{ "echo", "[WORD...]", play_echo },
	{ "environment", "NAME...", play_environment },
	{ "state", NULL, play_state },
	{ "ids", NULL, play_ids },
	{ "die", "SIGNAL", play_die },
	{ "fork", "[COUNT]", play_fork },
	{ "unwaited", "[COUNT [SCENE]]", play_unwaited },
	{ "tree", "[DEPTH]", play_tree },
	{ "vfork", NULL, play_vfork },
	{ "vfork-exec", NULL, play_vfork_exec },
	{ "vfork-killed", NULL, play_vfork_killed },
	{ "vfork-nested", NULL, play_vfork_nested },
	{ "vfork-waits", NULL, play_vfork_waits },
	{ "spawn", NULL, play_spawn },
	{ "shell", NULL, play_shell },
	{ "exec", "[THREADS]", play_exec },
	{ "exec-files", NULL, play_exec_files },
	{ "exec-thread", "[ROUNDS]", play_exec_thread },
	{ "exec-race", "[THREADS]", play_exec_race },
	{ "orphan", NULL, play_orphan },
	{ "subreaper", NULL, play_subreaper },
	{ "daemon", NULL, play_daemon },
	{ "daemon-outlives", NULL, play_daemon_outlives },
	{ "clone-parent", NULL, play_clone_parent },
	{ "clone-parent-top", NULL, play_clone_parent_top },
	{ "sigchld-ignored", NULL, play_sigchld_ignored },
	{ "exit-signals", NULL, play_exit_signals },
	{ "exit-signal-kills", NULL, play_exit_signal_kills },
	{ "exit-signal-exec", "[SIGNAL]", play_exit_signal_exec },
	{ "exit-signal-heir", "DESCRIPTOR:PID", play_exit_signal_heir },
	{ "untraced", NULL, play_untraced },
	{ "ptrace-flag", NULL, play_ptrace_flag },
	{ "io-flag", NULL, play_io_flag },
	{ "tracer", NULL, play_tracer },
	{ "inherit", "PROGRAM [ARGUMENTS]", play_inherit },
	{ .name = NULL },
};
