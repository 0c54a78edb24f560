/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The smallest tracer that follows every creation: what ptrace itself costs, for the benchmark to divide by.
 *
 * It reads the registers at each creation, shows nothing and understands nothing else. With "events" the kernel reports
 * creations. With "filter" a seccomp filter stops the calls at their entry, too, as a tracer that shows refused calls
 * needs it. With "poll" the tracer never sleeps, so that no task must wake it; with "sleep" it waits in waitpid(2). */
#include <dirent.h>
#include <elf.h>
#include <err.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <sched.h>
#include <signal.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/ptrace.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <sys/user.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#define FAILED 125 /* as env(1) and others exit when they fail themselves */

#ifdef __x86_64__

#define STOP(call) BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, (call), 0, 1), BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_TRACE)

static void load_filter(void)
{
	static struct sock_filter code[] = {
		BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, nr)),
		STOP(SYS_clone),
		STOP(SYS_clone3),
		STOP(SYS_fork),
		STOP(SYS_vfork),
		BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW),
	};
	const struct sock_fprog program = { sizeof(code) / sizeof(code[0]), code };

	if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) || prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &program))
		err(FAILED, "seccomp filter");
}

/* The next task that has stopped or ended; -1 if none is left. With POLL, SIGCHLD is blocked, and the signal is looked
 * for, as in any tracer that handles signals. */
static pid_t next(bool poll, int *status)
{
	const struct timespec now = { 0, 0 };
	sigset_t child;
	pid_t tid;

	if (!poll)
		return waitpid(-1, status, __WALL);
	sigemptyset(&child);
	sigaddset(&child, SIGCHLD);
	while (!(tid = waitpid(-1, status, __WALL | WNOHANG))) {
		while (sigtimedwait(&child, NULL, &now) < 0)
			sched_yield(); /* to the task that will stop next, if it has no other processor */
	}
	return tid;
}

static void read_creation(pid_t tid)
{
	struct user_regs_struct registers;
	struct iovec vector = { &registers, sizeof(registers) };
	unsigned long child;

	ptrace(PTRACE_GETREGSET, tid, NT_PRSTATUS, &vector);
	ptrace(PTRACE_GETEVENTMSG, tid, NULL, &child);
}

/* Errors are not looked at: a task that was killed meanwhile reports that itself. */
static void resume(pid_t tid, int status)
{
	const int event = status >> 16, signo = WSTOPSIG(status);

	if (event == PTRACE_EVENT_STOP && signo != SIGTRAP) {
		ptrace(PTRACE_LISTEN, tid, NULL, NULL);
		return;
	}
	if (event && event != PTRACE_EVENT_STOP)
		read_creation(tid);
	ptrace(PTRACE_CONT, tid, NULL, (unsigned long)(event ? 0 : signo));
}

/* Runs ARGV, which starts when GATE has a byte. */
static pid_t launch(char **argv, bool filter, const int gate[2])
{
	pid_t pid = fork();
	char byte;

	if (pid < 0)
		err(FAILED, "fork");
	if (pid)
		return pid;
	close(gate[1]);
	if (read(gate[0], &byte, 1) != 1)
		_exit(FAILED);
	close(gate[0]);
	if (filter)
		load_filter();
	execvp(argv[0], argv);
	err(127, "%s", argv[0]);
}

static pid_t launch_traced(char **argv, bool filter)
{
	unsigned long options = PTRACE_O_TRACECLONE | PTRACE_O_TRACEFORK | PTRACE_O_TRACEVFORK | PTRACE_O_TRACEEXEC;
	int gate[2];
	pid_t pid;

	if (filter)
		options |= PTRACE_O_TRACESECCOMP | PTRACE_O_EXITKILL;
	if (pipe(gate))
		err(FAILED, "pipe");
	pid = launch(argv, filter, gate);
	if (ptrace(PTRACE_SEIZE, pid, NULL, options))
		err(FAILED, "ptrace");
	if (write(gate[1], "", 1) != 1)
		err(FAILED, "write");
	close(gate[0]);
	close(gate[1]);
	return pid;
}

/* Does REQUEST to all threads of PID. Returns how many they are. */
static size_t each_thread(const char *pid, int request, unsigned long options)
{
	struct dirent *entry;
	size_t count = 0;
	char path[64];
	DIR *dir;

	snprintf(path, sizeof(path), "/proc/%s/task", pid);
	dir = opendir(path);
	if (!dir)
		err(FAILED, "%s", path);
	while ((entry = readdir(dir))) {
		if (*entry->d_name != '.')
			count += !ptrace(request, (pid_t)atoi(entry->d_name), NULL, options);
	}
	closedir(dir);
	return count;
}

static int attach(const char *pid)
{
	sigset_t interrupt;
	size_t left;
	int signo;
	pid_t tid;

	sigemptyset(&interrupt);
	sigaddset(&interrupt, SIGINT);
	sigprocmask(SIG_BLOCK, &interrupt, NULL);
	each_thread(pid, PTRACE_SEIZE, PTRACE_O_TRACECLONE | PTRACE_O_TRACEFORK | PTRACE_O_TRACEVFORK);
	sigwait(&interrupt, &signo);
	for (left = each_thread(pid, PTRACE_INTERRUPT, 0); left && (tid = waitpid(-1, NULL, __WALL)) > 0; left--)
		ptrace(PTRACE_DETACH, tid, NULL, NULL);
	return 0;
}

int main(int argc, char **argv)
{
	bool filter, poll;
	int status, result = FAILED;
	pid_t pid, tid;
	sigset_t child;

	if (argc == 3 && !strcmp(argv[1], "attach"))
		return attach(argv[2]);
	if (argc < 4) {
		fprintf(stderr, "Usage: floor events|filter poll|sleep PROGRAM [ARGUMENTS]\n"
				"       floor attach PID\n");
		return FAILED;
	}
	filter = !strcmp(argv[1], "filter");
	poll = !strcmp(argv[2], "poll");
	pid = launch_traced(argv + 3, filter);
	sigemptyset(&child);
	sigaddset(&child, SIGCHLD);
	if (poll)
		sigprocmask(SIG_BLOCK, &child, NULL);
	while ((tid = next(poll, &status)) > 0) {
		if (WIFSTOPPED(status))
			resume(tid, status);
		else if (tid == pid)
			result = WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
	}
	return result;
}

#else

int main(void)
{
	errx(FAILED, "written for x86_64 only");
}

#endif
