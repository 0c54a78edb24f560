/* SPDX-License-Identifier: GPL-2.0-or-later */
/* States facts as JSON lines, speaks on stdout, and waits: what every scene needs. */
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "actor.h"

static int fact_descriptor = STDOUT_FILENO;
static const char *fact_file;
static char program[4096]; /* a leader that has gone takes /proc/self/exe with it */

void fact_open(const char *path)
{
	int fd = open(path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0666);

	if (fd < 0)
		die("%s: %s", path, strerror(errno));
	/* Out of the way: scenes open, close and list the low ones. */
	fact_descriptor = fcntl(fd, F_DUPFD_CLOEXEC, 200);
	if (fact_descriptor < 0)
		die("no descriptor: %s", strerror(errno));
	close(fd);
	fact_file = path;
}

const char *fact_path(void)
{
	return fact_file;
}

static void put(int fd, const char *bytes, size_t length)
{
	while (length > 0) {
		ssize_t n = write(fd, bytes, length);

		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0)
			_exit(1);
		bytes += n;
		length -= (size_t)n;
	}
}

__attribute__((format(printf, 2, 0))) static void put_format(int fd, const char *format, va_list list)
{
	char line[1024];
	int length = vsnprintf(line, sizeof(line) - 1, format, list);

	if (length < 0 || (size_t)length >= sizeof(line) - 1)
		_exit(1);
	line[length++] = '\n';
	put(fd, line, (size_t)length);
}

void fact_line(const char *format, ...)
{
	va_list list;

	va_start(list, format);
	put_format(fact_descriptor, format, list);
	va_end(list);
}

void say(const char *format, ...)
{
	va_list list;

	va_start(list, format);
	put_format(STDOUT_FILENO, format, list);
	va_end(list);
}

__attribute__((format(printf, 2, 0))) static void complain(const char *what, const char *format, va_list list)
{
	char line[512];
	int n = snprintf(line, sizeof(line), "actor: %s", what);

	n += vsnprintf(line + n, sizeof(line) - (size_t)n, format, list);
	if ((size_t)n > sizeof(line) - 2)
		n = sizeof(line) - 2;
	line[n++] = '\n';
	put(STDERR_FILENO, line, (size_t)n);
}

void die(const char *format, ...)
{
	va_list list;

	va_start(list, format);
	complain("", format, list);
	va_end(list);
	_exit(1);
}

void skip(const char *format, ...)
{
	va_list list;

	va_start(list, format);
	complain("skip: ", format, list);
	va_end(list);
	_exit(ACTOR_SKIP);
}

/* A buffer for the optional members of a task's fact. */
static int optional(char *buffer, size_t size, const struct fact *fact)
{
	int n = 0;

	buffer[0] = '\0';
	if (fact->raw)
		n += snprintf(buffer, size, ",\"flags\":\"0x%llx\",\"exit_signal\":%d", (unsigned long long)fact->flags,
			      fact->exit_signal);
	if (fact->nspid != 0)
		n += snprintf(buffer + n, size - (size_t)n, ",\"nspid\":%d", fact->nspid);
	return n;
}

void fact_task(const struct fact *fact)
{
	char more[128];

	optional(more, sizeof(more), fact);
	fact_line("{\"fact\":\"task\",\"tid\":%d,\"tgid\":%d,\"ppid\":%d,\"creator\":%d,"
		  "\"call\":\"%s\",\"kind\":\"%s\"%s}",
		  fact->tid, fact->tgid, fact->ppid, fact->creator, fact->call,
		  fact->tid == fact->tgid ? "process" : "thread", more);
}

void fact_exit(pid_t tid, int status)
{
	if (WIFEXITED(status))
		fact_line("{\"fact\":\"exit\",\"tid\":%d,\"status\":\"exited %d\"}", tid, WEXITSTATUS(status));
	else
		fact_line("{\"fact\":\"exit\",\"tid\":%d,\"status\":\"killed by %s\"}", tid,
			  signal_name(WTERMSIG(status)));
}

/* Those that the scenes meet; musl has neither strerrorname_np() nor sigabbrev_np(). */
const char *errno_name(int error)
{
	static const struct {
		int value;
		const char *name;
	} names[] = {
		{ 0, "0" },	      { E2BIG, "E2BIG" },	    { EACCES, "EACCES" }, { EAGAIN, "EAGAIN" },
		{ EBADF, "EBADF" },   { EBUSY, "EBUSY" },	    { EEXIST, "EEXIST" }, { EFAULT, "EFAULT" },
		{ EINVAL, "EINVAL" }, { ENOENT, "ENOENT" },	    { ENOMEM, "ENOMEM" }, { ENOSPC, "ENOSPC" },
		{ ENOSYS, "ENOSYS" }, { EOPNOTSUPP, "EOPNOTSUPP" }, { EPERM, "EPERM" },	  { ESRCH, "ESRCH" },
		{ EUSERS, "EUSERS" },
	};

	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		if (names[i].value == error)
			return names[i].name;
	return "another errno";
}

const char *signal_name(int signal)
{
	static const struct {
		int value;
		const char *name;
	} names[] = {
		{ SIGABRT, "SIGABRT" }, { SIGALRM, "SIGALRM" }, { SIGBUS, "SIGBUS" },	  { SIGCHLD, "SIGCHLD" },
		{ SIGCONT, "SIGCONT" }, { SIGFPE, "SIGFPE" },	{ SIGHUP, "SIGHUP" },	  { SIGILL, "SIGILL" },
		{ SIGINT, "SIGINT" },	{ SIGKILL, "SIGKILL" }, { SIGPIPE, "SIGPIPE" },	  { SIGQUIT, "SIGQUIT" },
		{ SIGSEGV, "SIGSEGV" }, { SIGSTOP, "SIGSTOP" }, { SIGSYS, "SIGSYS" },	  { SIGTERM, "SIGTERM" },
		{ SIGTRAP, "SIGTRAP" }, { SIGTSTP, "SIGTSTP" }, { SIGTTIN, "SIGTTIN" },	  { SIGTTOU, "SIGTTOU" },
		{ SIGUSR1, "SIGUSR1" }, { SIGUSR2, "SIGUSR2" }, { SIGWINCH, "SIGWINCH" },
	};

	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		if (names[i].value == signal)
			return names[i].name;
	return "another signal";
}

pid_t own_tid(void)
{
	return (pid_t)syscall(SYS_gettid);
}

pid_t outer_tid(void)
{
	char target[64];
	ssize_t n = readlink("/proc/thread-self", target, sizeof(target) - 1);
	const char *slash;

	if (n < 0)
		die("/proc/thread-self: %s", strerror(errno));
	target[n] = '\0';
	slash = strrchr(target, '/');
	return (pid_t)atoi(slash != NULL ? slash + 1 : target);
}

/* Reads a small file of /proc; returns its length, 0 when it is not there. */
static size_t slurp(const char *path, char *buffer, size_t size)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	ssize_t n;

	buffer[0] = '\0';
	if (fd < 0)
		return 0;
	n = read(fd, buffer, size - 1);
	close(fd);
	if (n < 0)
		n = 0;
	buffer[n] = '\0';
	return (size_t)n;
}

pid_t outer_ppid(void)
{
	char status[1024];
	const char *line;

	slurp("/proc/thread-self/status", status, sizeof(status));
	line = strstr(status, "\nPPid:");
	if (line == NULL)
		die("/proc/thread-self/status has no PPid");
	return (pid_t)atoi(line + 6);
}

char process_state(pid_t pid)
{
	char path[64];
	char stat[512];
	const char *end;

	snprintf(path, sizeof(path), "/proc/%d/stat", pid);
	slurp(path, stat, sizeof(stat));
	end = strrchr(stat, ')');
	return end != NULL && end[1] == ' ' ? end[2] : '\0';
}

int number_of(int argc, char *argv[], int index, int otherwise)
{
	return index < argc ? atoi(argv[index]) : otherwise;
}

pid_t fork_stated(void)
{
	pid_t creator = own_tid();
	pid_t pid = fork();

	if (pid < 0)
		die("fork: %s", strerror(errno));
	if (pid > 0)
		fact_task(&(struct fact){
			.tid = pid, .tgid = pid, .ppid = getpid(), .creator = creator, .call = "fork()" });
	return pid;
}

static int wait_status(pid_t pid)
{
	int status;
	pid_t got;

	/* __WALL: whatever its exit signal. */
	do
		got = waitpid(pid, &status, __WALL);
	while (got < 0 && errno == EINTR);
	if (got != pid)
		die("waitpid(%d): %s", pid, strerror(errno));
	fact_exit(pid, status);
	return status;
}

void expect_exit(pid_t pid, int code)
{
	int status = wait_status(pid);

	if (!WIFEXITED(status) || WEXITSTATUS(status) != code)
		die("task %d ended with status %#x, not with exit code %d", pid, (unsigned)status, code);
}

void expect_killed(pid_t pid, int signal)
{
	int status = wait_status(pid);

	if (!WIFSIGNALED(status) || WTERMSIG(status) != signal)
		die("task %d ended with status %#x, not by %s", pid, (unsigned)status, signal_name(signal));
}

struct thread {
	pthread_t thread;
	pid_t creator;
	void *(*run)(void *);
	void *data;
};

static void *thread_main(void *data)
{
	const struct thread *thread = data;

	fact_task(&(struct fact){ .tid = own_tid(),
				  .tgid = getpid(),
				  .ppid = getppid(),
				  .creator = thread->creator,
				  .call = "pthread_create()" });
	return thread->run(thread->data);
}

struct thread *thread_start(void *(*run)(void *), void *data)
{
	struct thread *thread = malloc(sizeof(*thread));
	pthread_attr_t attributes;
	int error;

	if (thread == NULL)
		die("out of memory");
	*thread = (struct thread){ .creator = own_tid(), .run = run, .data = data };
	pthread_attr_init(&attributes);
	pthread_attr_setstacksize(&attributes, 128 * 1024);
	error = pthread_create(&thread->thread, &attributes, thread_main, thread);
	if (error != 0)
		die("pthread_create: %s", strerror(error));
	pthread_attr_destroy(&attributes);
	return thread;
}

void thread_join(struct thread *thread)
{
	pthread_join(thread->thread, NULL);
	free(thread);
}

void fault(void)
{
	volatile char *page = mmap(NULL, 1, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	page[0] = 1;
}

const char *actor_path(void)
{
	return program;
}

void actor_find_path(void)
{
	if (readlink("/proc/self/exe", program, sizeof(program) - 1) < 0)
		die("/proc/self/exe: %s", strerror(errno));
}

void become_arguments(const char *scene, const char *argument, char *ret[6])
{
	static char name[] = "actor", option[] = "-o";
	int n = 0;

	ret[n++] = name;
	if (fact_file != NULL) {
		ret[n++] = option;
		ret[n++] = strdup(fact_file);
	}
	ret[n++] = strdup(scene);
	if (argument != NULL)
		ret[n++] = strdup(argument);
	ret[n] = NULL;
}

void become(const char *scene, const char *argument)
{
	char *arguments[6];

	become_arguments(scene, argument, arguments);
	execv(actor_path(), arguments);
	die("exec of the actor: %s", strerror(errno));
}

struct gate gate_make(void)
{
	int ends[2];

	if (pipe2(ends, O_CLOEXEC) != 0)
		die("pipe: %s", strerror(errno));
	return (struct gate){ .in = ends[0], .out = ends[1] };
}

void gate_open(struct gate *gate)
{
	put(gate->out, "", 1);
}

void gate_wait(struct gate *gate)
{
	char byte;

	while (read(gate->in, &byte, 1) < 0)
		if (errno != EINTR)
			die("read from a gate: %s", strerror(errno));
}
