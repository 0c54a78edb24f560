/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Starts the program to be traced. */
#include "source/ptrace/launch.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/diag.h"
#include "base/mem.h"
#include "follow/follow.h"
#include "source/kernel/procfs/status.h"
#include "source/ptrace/identity.h"
#include "source/ptrace/search.h"
#include "source/ptrace/seccomp_filter.h"
#include "source/ptrace/standin.h"
#include "source/ptrace/sys.h"
#include "source/ptrace/tracer_signals.h"

#define FAILED 125 /* the exit status for what cltrace could not do */

/* What the child reports to the tracer; a pipe writes this much at once. */
struct message {
	enum { MESSAGE_FILTER = 1, MESSAGE_EXEC } what;
	int error;
};

static void child_say(int report, int what, int error)
{
	struct message message = { what, error };

	if (write(report, &message, sizeof(message)) < 0)
		_exit(FAILED);
}

static void child_environment(const struct launch_config *config)
{
	for (size_t i = 0; i < config->environment_count; i++) {
		char *pair = config->environment[i];

		if (strchr(pair, '='))
			putenv(pair);
		else
			unsetenv(pair);
	}
}

/* One program on its way. */
struct start {
	const struct launch_config *config;
	struct identity identity;
	struct rlimit files; /* RLIMIT_NOFILE, as the caller gave it */
	int go[2], report[2];
};

static void close_pipe(const int ends[2])
{
	close(ends[0]);
	close(ends[1]);
}

/* Blocks every signal, so that none is lost before the tracer takes it. */
static void block_signals(sigset_t *ret_before)
{
	sigset_t all;

	sigfillset(&all);
	sigprocmask(SIG_SETMASK, &all, ret_before);
}

/* In the held child of STARTS[INDEX]: waits for the tracer, then becomes the program, with the signals of MASK blocked.
 */
static void __attribute__((noreturn))
child_run(const struct start *starts, size_t count, size_t index, const sigset_t *mask)
{
	const struct launch_config *config = starts[index].config;
	const int go = starts[index].go[0], report = starts[index].report[1];
	char byte;
	int r;

	for (size_t i = 0; i < count; i++) {
		close(starts[i].go[1]);
		close(starts[i].report[0]);
	}
	if (read(go, &byte, 1) != 1)
		/* the tracer gave up, and its status says why, if anybody waits */
		_exit(config->daemonize ? FAILED : 0);
	close(go);
	setrlimit(RLIMIT_NOFILE, &starts[index].files);
	child_environment(config);
	sigprocmask(SIG_SETMASK, mask, NULL);
	r = config->filter ? filter_load(config->names) : 0;
	if (r < 0)
		child_say(report, MESSAGE_FILTER, -r);
	r = config->user ? identity_take(&starts[index].identity) : 0;
	if (r < 0) {
		child_say(report, MESSAGE_EXEC, -r);
		_exit(126);
	}
	execvp(config->command[0], config->command);
	r = errno;
	child_say(report, MESSAGE_EXEC, r);
	/* With daemonize the caller sees the status of this process, and not the tracer's. */
	_exit(search_finds(config->command[0], getenv("PATH"), r) ? 126 : 127);
}

/* If Yama is strict, only an ancestor or a named process may trace us. */
static void name_tracer(pid_t tracer)
{
	prctl(PR_SET_PTRACER, (unsigned long)tracer, 0, 0, 0);
}

/* The calling process becomes the program, and its grandchild the tracer: returns in the tracer. */
static int fork_daemon(const struct start *start, struct launch *ret)
{
	pid_t middle, tracer;
	sigset_t mask;
	int name[2];

	if (pipe2(name, O_CLOEXEC) < 0)
		return -errno;
	ret->tid = getpid();
	block_signals(&mask);
	middle = fork();
	if (middle < 0) {
		const int error = errno;

		sigprocmask(SIG_SETMASK, &mask, NULL);
		close_pipe(name);
		return -error;
	}
	if (middle > 0) {
		close(name[1]);
		while (waitpid(middle, NULL, 0) < 0 && errno == EINTR)
			continue;
		if (read(name[0], &tracer, sizeof(tracer)) == sizeof(tracer))
			name_tracer(tracer);
		close(name[0]);
		child_run(start, 1, 0, &mask);
	}
	tracer = fork();
	if (tracer)
		_exit(tracer < 0);
	setpgid(0, 0);
	tracer = getpid();
	if (write(name[1], &tracer, sizeof(tracer)) < 0)
		_exit(FAILED);
	close_pipe(name);
	return 0;
}

/* In the tracer: reads from the stand-in which processes the programs will be. */
static void begin_tracer(pid_t standin, const int named[2], const int ready[2], size_t count, struct launch *ret)
{
	const ssize_t size = (ssize_t)(count * sizeof(pid_t));
	pid_t pids[LAUNCH_MAX];

	setpgid(0, 0);
	prctl(PR_SET_PDEATHSIG, SIGNALS_PARENT_DIED);
	close(named[1]);
	close(ready[0]);
	if (getppid() != standin || read(named[0], pids, (size_t)size) != size)
		_exit(FAILED); /* the calling process says why */
	close(named[0]);
	for (size_t i = 0; i < count; i++) {
		ret[i].tid = pids[i];
		ret[i].standin = standin;
	}
	ret[0].ready = ready[1];
}

/* In the calling process: forks the programs. 0 or -errno. */
static int fork_programs(const struct start *starts, size_t count, pid_t tracer, const sigset_t *mask, pid_t *ret)
{
	for (size_t i = 0; i < count; i++) {
		ret[i] = fork();
		if (ret[i] < 0)
			return -errno;
		if (!ret[i]) {
			name_tracer(tracer);
			child_run(starts, count, i, mask);
		}
	}
	return 0;
}

/* The calling process becomes the stand-in, with the programs and the tracer as its children: returns in the tracer. */
static int fork_with_standin(const struct start *starts, size_t count, struct launch *ret)
{
	const pid_t caller = getpid();
	int named[2], ready[2], r;
	pid_t pids[LAUNCH_MAX];
	sigset_t mask;
	pid_t tracer;

	ret->shared = standin_share();
	if (!ret->shared || pipe2(named, O_CLOEXEC) < 0)
		return -errno;
	if (pipe2(ready, O_CLOEXEC) < 0) {
		r = -errno;
		close_pipe(named);
		return r;
	}
	block_signals(&mask);
	tracer = fork();
	if (!tracer) {
		begin_tracer(caller, named, ready, count, ret);
		return 0;
	}
	r = tracer < 0 ? -errno : fork_programs(starts, count, tracer, &mask, pids);
	if (!r && write(named[1], pids, count * sizeof(*pids)) > 0) {
		const struct standin standin = { tracer, pids, count, ready[0], ret->shared };

		standin_run(&standin);
	}
	sigprocmask(SIG_SETMASK, &mask, NULL); /* a process that waits for a pipe of ours ends with it */
	close_pipe(named);
	close_pipe(ready);
	return r ? r : -EPIPE;
}

static int open_pipes(struct start *start)
{
	if (pipe2(start->go, O_CLOEXEC) < 0)
		return -errno;
	return pipe2(start->report, O_CLOEXEC) < 0 ? -errno : 0;
}

/* The tracer's ends. */
static void keep_ends(const struct start *start, struct launch *ret)
{
	close(start->go[0]);
	close(start->report[1]);
	ret->go = start->go[1];
	ret->report = start->report[0];
	fcntl(ret->report, F_SETFL, O_NONBLOCK);
}

static void launch_init(struct launch *ret)
{
	*ret = (struct launch){ .go = -1, .report = -1, .ready = -1 };
}

/* The pipes to the programs are ours, so the caller's limit does not apply to them. */
static void raise_files(struct rlimit *ret_before)
{
	struct rlimit raised;

	getrlimit(RLIMIT_NOFILE, ret_before);
	raised = (struct rlimit){ ret_before->rlim_max, ret_before->rlim_max };
	setrlimit(RLIMIT_NOFILE, &raised);
}

/* Returns 0 in the tracer, or -errno after a message in the calling process. */
static int start_all(struct start *starts, size_t count, struct launch *ret)
{
	struct rlimit files;
	int r = 0;

	raise_files(&files);
	for (size_t i = 0; i < count && r >= 0; i++) {
		starts[i].files = files;
		r = open_pipes(&starts[i]);
	}
	if (r >= 0)
		r = starts->config->daemonize ? fork_daemon(starts, ret) : fork_with_standin(starts, count, ret);
	setrlimit(RLIMIT_NOFILE, &files);
	if (r < 0)
		diag_errno(-r, "cannot start a process");
	for (size_t i = 0; i < count && r >= 0; i++)
		keep_ends(&starts[i], &ret[i]);
	return r;
}

int launch_start(const struct launch_config *configs, size_t count, struct launch *ret)
{
	struct start starts[LAUNCH_MAX] = { 0 };
	int r = 0;

	for (size_t i = 0; i < count && r >= 0; i++) {
		launch_init(&ret[i]);
		starts[i].config = &configs[i];
		r = configs[i].user ? identity_find(configs[i].user, &starts[i].identity) : 0;
	}
	if (r >= 0)
		r = start_all(starts, count, ret);
	for (size_t i = 0; i < count; i++)
		identity_done(&starts[i].identity);
	return r;
}

void launch_ready(struct launch *launch)
{
	ssize_t n;

	if (launch->ready < 0)
		return;
	n = write(launch->ready, "", 1);
	(void)n; /* a signal reports a stand-in that has died */
	close(launch->ready);
	launch->ready = -1;
}

/* Why even our own child cannot be seized. */
static void say_untraceable(pid_t tid, const char *program, int error)
{
	struct proc_status status;

	if (!proc_status(tid, &status) && status.tracer)
		diag("cannot trace '%s': process %d traces it already, as it does cltrace; "
		     "run cltrace without that one",
		     program, (int)status.tracer);
	else
		diag_errno(error, "cannot trace '%s': ptrace is refused, by a container or a security module", program);
}

int launch_seize(const struct launch *launch, const char *program, const struct sys_options *options)
{
	const int r = sys_seize(launch->tid, options, false);

	if (r < 0)
		say_untraceable(launch->tid, program, -r);
	return r;
}

void launch_look(const struct launch *launch, struct follow_attached *ret)
{
	struct proc_status status;

	*ret = (struct follow_attached){ .tid = launch->tid,
					 .tgid = launch->tid,
					 .ppid = launch->standin,
					 .uid = (uid_t)-1,
					 .nlwp = 1,
					 .launched = true };
	if (proc_status(launch->tid, &status) < 0)
		return;
	ret->ppid = status.ids.ppid;
	ret->has_uid = true;
	ret->uid = status.uids[ID_EFFECTIVE];
	ret->nspid = status.ids.depth > 1 ? status.ids.nspid : 0;
	ret->all = status.ids.all;
}

void launch_detach(struct launch *launch)
{
	if (launch->shared)
		launch->shared->detached = true;
}

void launch_go(struct launch *launch)
{
	ssize_t n = write(launch->go, "", 1);

	(void)n; /* wait reports a child that has died */
	close(launch->go);
	launch->go = -1;
}

void launch_outcome(struct launch *launch, int *ret_filter, int *ret_exec)
{
	struct message message;

	*ret_filter = *ret_exec = 0;
	while (read(launch->report, &message, sizeof(message)) == sizeof(message)) {
		if (message.what == MESSAGE_FILTER)
			*ret_filter = message.error;
		else
			*ret_exec = message.error;
	}
}

void launch_close(struct launch *launch)
{
	if (launch->go >= 0)
		close(launch->go);
	if (launch->report >= 0)
		close(launch->report);
	if (launch->ready >= 0)
		close(launch->ready);
	launch->go = launch->report = launch->ready = -1;
}
