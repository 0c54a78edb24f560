/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The loop of the ptrace source: wait, gather, follow, order. */
#include "source/ptrace/engine.h"

#include <errno.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/diag.h"
#include "base/mem.h"
#include "base/text.h"
#include "follow/follow.h"
#include "source/ptrace/attach.h"
#include "source/ptrace/filter.h"
#include "source/ptrace/proc.h"
#include "source/ptrace/signals.h"
#include "source/ptrace/sys.h"
#include "source/ptrace/wait.h"

#define HOLDING_NS 10000000 /* how long nothing may be ready before a held task is looked at */
#define GRACE_NS 50000000   /* with children that are no tracees: how long to wait for a tracee not yet announced */

struct engine {
	struct engine_config config;
	struct sys_options options;
	struct signals signals;
	struct follow *follow;
	struct wait *wait;
	struct launch launch;
	bool launched, started; /* started: it has exec'ed */
	bool ended;		/* the launched program has */
	bool interrupted;	/* asked to end once, where that would kill tasks */
	bool end_asked, detaching, done;
	size_t attached; /* processes */
	pid_t *foreign;	 /* children that were ours before we traced anything */
	size_t foreign_count;
	struct text command;
	struct engine_result result;
};

/* What follow asks of us */

static void engine_event(void *data, const struct event *event)
{
	struct engine *e = data;

	if (event->kind == EVENT_SPAWN)
		wait_add(e->wait, event->spawn.child);
	else if (event->kind == EVENT_ATTACH && !event->attach.zombie)
		wait_add(e->wait, event->tid);
	else if (event->kind == EVENT_EXIT || event->kind == EVENT_DETACH)
		wait_remove(e->wait, event->tid);
	else if (event->kind == EVENT_EXEC && event->exec.former != event->tid)
		wait_remove(e->wait, event->exec.former);
	e->config.event(e->config.data, event);
}

static void engine_order(void *data, const struct order *order)
{
	struct engine *e = data;
	int r = sys_order(order, &e->options);

	if (e->config.stops)
		fprintf(e->config.stops, "order tid=%d how=%d signal=%d change=%#x result=%d\n", (int)order->tid,
			(int)order->how, order->signal, order->change, r);
}

static void engine_gather(void *data, struct stop *stop, unsigned parts)
{
	struct engine *e = data;

	sys_gather(stop, parts);
	if (parts & STOP_IDS) {
		struct proc_status status;

		if (!proc_status(stop->tid, &status)) {
			stop->ids = status.ids;
			stop->have |= STOP_IDS;
		}
	}
	if (parts & STOP_COMMAND) {
		text_clear(&e->command);
		if (!proc_command(&e->command, stop->tid)) {
			proc_set_id(stop->tid, &stop->set_id);
			stop->command = text_get(&e->command);
			stop->have |= STOP_COMMAND;
		}
	}
	if (e->config.stops)
		fprintf(e->config.stops,
			"gather tid=%d parts=%#x have=%#x message=%llu arch=%#x nr=%llu args=%#llx,%#llx,%#llx,%#llx,%#llx "
			"sp=%#llx data=%#x result=%lld tgid=%d ppid=%d nspid=%d depth=%u\n",
			(int)stop->tid, parts, stop->have, (unsigned long long)stop->message, stop->call.audit_arch,
			(unsigned long long)stop->call.nr, (unsigned long long)stop->call.args[0],
			(unsigned long long)stop->call.args[1], (unsigned long long)stop->call.args[2],
			(unsigned long long)stop->call.args[3], (unsigned long long)stop->call.args[4],
			(unsigned long long)stop->call.sp, stop->call.seccomp_data, (long long)stop->result,
			(int)stop->ids.tgid, (int)stop->ids.ppid, (int)stop->ids.nspid, stop->ids.depth);
}

static const struct follow_ops engine_ops = { engine_event, engine_order, engine_gather };

/* Setting up */

struct engine *engine_new(const struct engine_config *config)
{
	struct engine *e = mem_zalloc(1, sizeof(*e));
	struct follow_config follow = { .mode = config->mode, .duration = config->duration, .seccomp_data = FILTER_DATA };
	ssize_t n;

	e->config = *config;
	e->launch.go = e->launch.report = -1;
	/* A task that has the filter fails its calls with ENOSYS once we are gone: it must not outlive us. */
	e->options.seccomp = config->mode == EVENT_MODE_FILTER;
	e->options.exit_kill = e->options.seccomp || config->kill_on_exit;
	signals_take(&e->signals);
	e->follow = follow_new(&follow, &engine_ops, e);
	e->wait = wait_new(&wait_kernel, &e->signals.taken);
	n = proc_children(getpid(), &e->foreign);
	e->foreign_count = n > 0 ? (size_t)n : 0;
	return e;
}

void engine_free(struct engine *e)
{
	if (!e)
		return;
	launch_close(&e->launch);
	follow_free(e->follow);
	wait_free(e->wait);
	free(e->foreign);
	text_done(&e->command);
	signals_give_back(&e->signals);
	free(e);
}

int engine_launch(struct engine *e, struct launch_config *launch)
{
	int r;

	launch->signals = &e->signals;
	launch->filter = e->config.mode == EVENT_MODE_FILTER;
	r = launch_start(launch, &e->launch);
	if (r < 0)
		return r;
	e->launched = true;
	r = sys_seize(e->launch.tid, &e->options, false);
	if (r < 0) {
		diag_errno(-r, "cannot trace '%s': ptrace is refused (a container or security module?)", launch->command[0]);
		return r;
	}
	return 0;
}

static void begin(struct engine *e)
{
	follow_begin(e->follow, e->launched, sys_audit_arch(), clock_monotonic(), clock_realtime());
}

size_t engine_attach(struct engine *e, const pid_t *pids, size_t count, bool descendants)
{
	struct attach attach = { 0 };
	size_t processes = 0;

	for (size_t i = 0; i < count; i++) {
		char *why = NULL;

		if (attach_process(&attach, pids[i], descendants, &e->options, &why) < 0)
			diag("%s", why);
		else
			processes++;
		free(why);
	}
	e->attached = processes;
	if (processes) {
		begin(e);
		for (size_t i = 0; i < attach.count; i++) {
			follow_attach(e->follow, &attach.tasks[i], clock_monotonic());
			if (e->config.mode == EVENT_MODE_CALLS && !attach.tasks[i].zombie)
				sys_interrupt(attach.tasks[i].tid); /* to be resumed into syscall stops */
		}
	}
	attach_done(&attach);
	return processes;
}

static void begin_launched(struct engine *e)
{
	struct follow_attached root = { .tid = e->launch.tid,
					.tgid = e->launch.tid,
					.ppid = getpid(),
					.nlwp = 1,
					.launched = true };
	struct proc_status status;

	if (!proc_status(e->launch.tid, &status)) {
		root.ppid = status.ids.ppid;
		root.nspid = status.ids.depth > 1 ? status.ids.nspid : 0;
	}
	if (!e->attached)
		begin(e);
	follow_attach(e->follow, &root, clock_monotonic());
	if (e->config.mode == EVENT_MODE_CALLS)
		sys_interrupt(e->launch.tid);
	launch_go(&e->launch);
}

/* The end */

static void detach_all(struct engine *e)
{
	pid_t *tids;
	size_t n;

	if (e->detaching)
		return;
	e->detaching = true;
	follow_detach(e->follow, clock_monotonic());
	n = follow_tids(e->follow, &tids);
	for (size_t i = 0; i < n; i++)
		sys_interrupt(tids[i]);
	free(tids);
}

void engine_ask_end(struct engine *e)
{
	e->end_asked = true;
}

/* A signal for us. While a launched program runs, what the terminal sends has reached it as well, and what somebody sent
 * to us alone is passed on: the program decides. Otherwise it asks us to let go. */
static void on_signal(struct engine *e, const struct wait_signal *signal)
{
	bool terminal = signal->code == SI_KERNEL;

	if (e->launched && !e->ended && !e->attached) {
		if (!terminal)
			kill(e->launch.tid, signal->signo);
		return;
	}
	if (e->config.kill_on_exit) {
		e->done = true;
	} else if (!e->options.seccomp) {
		detach_all(e);
	} else if (!e->interrupted) {
		e->interrupted = true;
		diag("the program has ended; %zu task(s) that it left cannot run on without cltrace (they have its filter): "
		     "interrupt again to kill them, or use --seccomp=no another time",
		     follow_count(e->follow));
	} else {
		e->done = true; /* PTRACE_O_EXITKILL */
	}
}

/* The loop */

static bool is_foreign(const struct engine *e, pid_t pid)
{
	if (pid == e->config.helper)
		return true;
	for (size_t i = 0; i < e->foreign_count; i++) {
		if (e->foreign[i] == pid)
			return true;
	}
	return false;
}

/* The launched program's first sign: it has exec'ed or died. False when it could not be started at all. */
static bool on_start(struct engine *e, const struct wait_report *report)
{
	int filter_error;

	if (WIFSTOPPED(report->status) && stop_event(report->status) != STOP_EVENT_EXEC)
		return true;
	launch_outcome(&e->launch, &filter_error, &e->result.exec_error);
	e->started = true;
	if (filter_error) {
		e->options.seccomp = false;
		e->options.exit_kill = e->config.kill_on_exit;
		follow_set_mode(e->follow, EVENT_MODE_EVENTS, filter_error, clock_monotonic());
	}
	return !e->result.exec_error;
}

static void on_report(struct engine *e, const struct wait_report *report)
{
	struct stop stop = { .tid = report->tid, .status = report->status, .when = clock_monotonic() };

	if (is_foreign(e, report->tid) && !follow_knows(e->follow, report->tid))
		return;
	if (e->config.stops)
		fprintf(e->config.stops, "stop tid=%d status=%#x when=%llu\n", (int)stop.tid, (unsigned)stop.status,
			(unsigned long long)stop.when);
	if (e->launched && report->tid == e->launch.tid) {
		if (!e->started && !on_start(e, report)) {
			e->done = true;
			return;
		}
		if (!WIFSTOPPED(report->status)) {
			e->ended = true;
			e->result.status = report->status;
		}
	}
	follow_stop(e->follow, &stop);
}

static int64_t loop_timeout(const struct engine *e)
{
	if (follow_is_holding(e->follow))
		return HOLDING_NS;
	return follow_count(e->follow) ? -1 : GRACE_NS;
}

static void engine_loop(struct engine *e)
{
	struct wait_report report;

	while (!e->done) {
		wait_next(e->wait, loop_timeout(e), e->config.idle, e->config.data, &report);
		switch (report.what) {
		case WAIT_STOP:
			on_report(e, &report);
			break;
		case WAIT_SIGNAL:
			on_signal(e, &report.signal);
			break;
		case WAIT_TIMEOUT:
			if (follow_is_holding(e->follow))
				follow_idle(e->follow, clock_monotonic());
			else
				e->done = true;
			break;
		case WAIT_NONE:
			e->done = true;
			break;
		}
		if (e->end_asked)
			detach_all(e);
		if (e->detaching && !follow_count(e->follow))
			e->done = true;
	}
}

void engine_run(struct engine *e, struct engine_result *ret)
{
	if (e->launched)
		begin_launched(e);
	engine_loop(e);
	if (!e->result.exec_error)
		follow_end(e->follow, e->result.status, clock_monotonic());
	e->result.launched = e->launched;
	*ret = e->result;
}
