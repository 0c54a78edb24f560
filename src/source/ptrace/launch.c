/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Starts the program to be traced. */
#include "source/ptrace/launch.h"

#include <errno.h>
#include <fcntl.h>
#include <grp.h>
#include <pwd.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/diag.h"
#include "base/mem.h"
#include "source/ptrace/filter.h"
#include "source/ptrace/signals.h"

/* Whom -u names, looked up before the fork: name services may start threads and programs. */
struct identity {
	uid_t uid;
	gid_t gid;
	gid_t *groups;
	int group_count;
};

/* What the child tells the tracer; a pipe writes this much at once. */
struct message {
	enum { MESSAGE_FILTER = 1, MESSAGE_EXEC } what;
	int error;
};

static int identity_find(const char *user, struct identity *ret)
{
	struct passwd *pw;
	int count = 64;

	if (geteuid() != 0) {
		diag("-u: only root can run a program as another user; use 'sudo cltrace -u %s'", user);
		return -EPERM;
	}
	errno = 0;
	pw = getpwnam(user);
	if (!pw) {
		diag("-u: there is no user '%s'", user);
		return -ENOENT;
	}
	ret->uid = pw->pw_uid;
	ret->gid = pw->pw_gid;
	ret->groups = mem_alloc((size_t)count * sizeof(gid_t));
	if (getgrouplist(user, pw->pw_gid, ret->groups, &count) < 0) {
		ret->groups = mem_resize(ret->groups, (size_t)count, sizeof(gid_t));
		getgrouplist(user, pw->pw_gid, ret->groups, &count);
	}
	ret->group_count = count;
	return 0;
}

static void child_say(int report, int what, int error)
{
	struct message message = { what, error };

	if (write(report, &message, sizeof(message)) < 0)
		_exit(127);
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

/* The held child: waits for the tracer, then becomes the program. */
static void child_run(const struct launch_config *config, const struct identity *identity, int go, int report)
{
	char byte;
	int r;

	if (read(go, &byte, 1) != 1)
		_exit(127); /* the tracer gave up */
	close(go);
	child_environment(config);
	signals_give_back(config->signals);
	r = config->filter ? filter_load(config->names) : 0;
	if (r < 0)
		child_say(report, MESSAGE_FILTER, -r);
	if (config->user && (setgroups((size_t)identity->group_count, identity->groups) < 0 ||
			     setresgid(identity->gid, identity->gid, identity->gid) < 0 ||
			     setresuid(identity->uid, identity->uid, identity->uid) < 0)) {
		child_say(report, MESSAGE_EXEC, errno);
		_exit(126);
	}
	execvp(config->command[0], config->command);
	child_say(report, MESSAGE_EXEC, errno);
	_exit(errno == ENOENT ? 127 : 126);
}

/* Forks so that the tracer is a grandchild of the calling process, which becomes the program. Returns in the
 * grandchild. */
static int fork_tracer(const struct launch_config *config, const struct identity *identity, int go[2], int report[2])
{
	pid_t middle, tracer;
	int name[2];

	if (pipe2(name, O_CLOEXEC) < 0)
		return -errno;
	middle = fork();
	if (middle < 0)
		return -errno;
	if (middle > 0) {
		close(go[1]);
		close(report[0]);
		close(name[1]);
		while (waitpid(middle, NULL, 0) < 0 && errno == EINTR)
			continue;
		/* Where Yama is strict, only a named descendant may trace us. */
		if (read(name[0], &tracer, sizeof(tracer)) == sizeof(tracer))
			prctl(PR_SET_PTRACER, (unsigned long)tracer, 0, 0, 0);
		close(name[0]);
		child_run(config, identity, go[0], report[1]);
	}
	tracer = fork();
	if (tracer)
		_exit(tracer < 0);
	tracer = getpid();
	if (write(name[1], &tracer, sizeof(tracer)) < 0)
		_exit(125);
	close(name[0]);
	close(name[1]);
	return 0;
}

int launch_start(const struct launch_config *config, struct launch *ret)
{
	struct identity identity = { 0 };
	int go[2], report[2];
	int r;

	if (config->user) {
		r = identity_find(config->user, &identity);
		if (r < 0)
			return r;
	}
	if (pipe2(go, O_CLOEXEC) < 0 || pipe2(report, O_CLOEXEC) < 0) {
		r = -errno;
		diag_errno(-r, "cannot make a pipe");
		return r;
	}
	if (config->daemonize) {
		ret->tid = getpid();
		r = fork_tracer(config, &identity, go, report);
	} else {
		ret->tid = fork();
		r = ret->tid < 0 ? -errno : 0;
		if (ret->tid == 0) {
			close(go[1]);
			close(report[0]);
			child_run(config, &identity, go[0], report[1]);
		}
	}
	free(identity.groups);
	close(go[0]);
	close(report[1]);
	ret->go = go[1];
	ret->report = report[0];
	fcntl(ret->report, F_SETFL, O_NONBLOCK);
	if (r < 0)
		diag_errno(-r, "cannot start a process");
	return r;
}

void launch_go(struct launch *launch)
{
	ssize_t n = write(launch->go, "", 1);

	(void)n; /* a child that has died is for wait to tell */
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
	launch->go = launch->report = -1;
}
