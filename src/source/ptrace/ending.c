/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Detaches from the tasks that follow knows, kills them, or leaves them. */
#include "source/ptrace/ending.h"

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/diag.h"
#include "follow/follow.h"
#include "follow/stopline.h"
#include "source/kernel/procfs/status.h"
#include "source/ptrace/sys.h"

static void each_task(const struct ending *ending, void (*act)(pid_t tid))
{
	pid_t *tids;
	size_t n = follow_tids(ending->follow, &tids);

	for (size_t i = 0; i < n; i++)
		act(tids[i]);
	free(tids);
}

static bool all_tasks(const struct ending *ending, bool (*is)(pid_t tid))
{
	bool all = true;
	pid_t *tids;
	size_t n = follow_tids(ending->follow, &tids);

	for (size_t i = 0; i < n && all; i++)
		all = is(tids[i]);
	free(tids);
	return all;
}

static void interrupt_task(pid_t tid)
{
	sys_interrupt(tid);
}

static void kill_task(pid_t tid)
{
	kill(tid, SIGKILL);
}

/* The task does not exist any more, or is not our tracee. */
static bool is_gone(pid_t tid)
{
	struct proc_status status;

	return proc_status(tid, &status) < 0 || status.tracer != getpid();
}

/* It cannot come to a stop, because it sleeps uninterruptibly (a creator in vfork, until its child execs) or is a
 * zombie leader. Our exit detaches such tasks: the kernel then detaches them without a stop (kernel/ptrace.c:
 * exit_ptrace()). They have no signal to be delivered. */
static bool is_stuck(pid_t tid)
{
	struct proc_status status;

	return proc_status(tid, &status) < 0 || strchr("DZX", status.ids.state);
}

static void feed(struct ending *ending, enum stopline_kind kind)
{
	ending->feed(ending->data, &(struct stopline){ .kind = kind, .when = clock_monotonic() });
}

static void detach_all(struct ending *ending)
{
	if (ending->detaching)
		return;
	ending->detaching = true;
	feed(ending, STOPLINE_DETACH);
	each_task(ending, interrupt_task);
}

static void kill_all(struct ending *ending)
{
	ending->killing = true;
	each_task(ending, kill_task);
}

void ending_new_task(const struct ending *ending, pid_t tid)
{
	if (ending->killing)
		kill_task(tid);
}

static void leave(struct ending *ending)
{
	feed(ending, STOPLINE_LEAVE);
	ending->left = true;
}

bool ending_is_due(const struct ending *ending, bool started)
{
	return ending->asked && started;
}

void ending_begin(struct ending *ending)
{
	ending->asked = false;
	if (ending->kill_on_exit)
		kill_all(ending);
	else
		detach_all(ending);
}

static void say_left(const struct ending *ending)
{
	size_t tasks = follow_count(ending->follow), processes = follow_count_processes(ending->follow);
	char threads[48] = "";

	if (!tasks)
		return;
	if (tasks > processes)
		snprintf(threads, sizeof(threads), ", threads: %zu", tasks);
	diag("the program has ended; what it left (processes: %zu%s) cannot run on without cltrace, whose filter it "
	     "has: interrupt again to kill it, or use --seccomp=no another time",
	     processes, threads);
}

void ending_want(struct ending *ending, enum session_want want)
{
	switch (want) {
	case SESSION_NOTHING:
		return;
	case SESSION_SAY:
		say_left(ending);
		return;
	case SESSION_DETACH:
		detach_all(ending);
		return;
	case SESSION_KILL:
		kill_all(ending);
		return;
	case SESSION_LEAVE:
		leave(ending);
		return;
	}
}

bool ending_silence(struct ending *ending)
{
	if (ending->detaching ? !all_tasks(ending, is_stuck)
			      : !follow_count(ending->follow) || !all_tasks(ending, is_gone))
		return false;
	leave(ending);
	return true;
}
