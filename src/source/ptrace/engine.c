/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The loop of the ptrace source: wait, gather, follow, order. */
#include "source/ptrace/engine.h"

#include <assert.h>
#include <errno.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/diag.h"
#include "base/mem.h"
#include "event/schema.h"
#include "follow/follow.h"
#include "follow/stopline.h"
#include "source/kernel/kcmp.h"
#include "source/kernel/procfs/tasks.h"
#include "source/arch/arch.h"
#include "source/ptrace/attach.h"
#include "source/ptrace/ending.h"
#include "source/ptrace/enrich.h"
#include "source/ptrace/gather.h"
#include "source/ptrace/late.h"
#include "source/ptrace/seccomp_filter.h"
#include "source/ptrace/session.h"
#include "source/ptrace/stopcost.h"
#include "source/ptrace/stops_file.h"
#include "source/ptrace/sys.h"
#include "source/ptrace/sys_stacks.h"
#include "source/ptrace/tracer_signals.h"
#include "source/ptrace/wait.h"
#include "source/stack/stacks.h"

#define HOLDING_NS 10000000 /* how long nothing must be ready before a held task is looked at */
#define DETACH_NS 100000000 /* how long nothing must be ready before tasks that cannot stop are left */
#define AUDIT_NS \
	1000000000 /* with children that are no tracees: the first time that nothing happened for so long ... */
#define AUDIT_MAX_NS 64000000000 /* ... and the longest */
#define GRACE_NS 50000000 /* with children that are no tracees: how long to wait for a tracee not yet announced */

/* A task whose end nothing reports. */
struct unseen {
	pid_t tid; /* 0: none */
	int status;
};

struct engine {
	struct engine_config config;
	struct sys_options options;
	struct follow_config follow_config;
	struct follow *follow;
	struct kcmp *kcmp; /* --verify, else NULL */
	struct wait *wait;
	struct launch *launch;
	bool launched, started; /* started: it has exec'ed */
	bool done;
	/* after so many ns without a report, the engine checks whether there is any task to wait for */
	int64_t audit;
	pid_t *foreign; /* children that existed before the trace */
	size_t foreign_count;
	struct gather gather;
	struct enrich enrich;
	struct late late;
	struct stops_file stops;
	struct stacks *unwind; /* NULL: this build has no stacks */
	struct unseen unseen;  /* of the last order */
	struct session session;
	struct ending ending;
	struct engine_result result;
};

/* All input of follow goes through this function, so that a recording has it. */
static void feed(struct engine *e, struct stopline *line)
{
	stops_file_add(&e->stops, line);
	stopline_feed(line, e->follow);
	if (line->kind != STOPLINE_STOP)
		late_report(&e->late);
}

/* What follow asks of the engine */

/* The wait must know each task from its first moment to its last. */
static void note_lives(struct engine *e, const struct event *event)
{
	if (event->kind == EVENT_SPAWN) {
		wait_add(e->wait, event->spawn.child);
		ending_new_task(&e->ending, event->spawn.child);
	} else if (event->kind == EVENT_ATTACH && !event->attach.zombie) {
		wait_add(e->wait, event->tid);
	} else if (event->kind == EVENT_EXIT || event->kind == EVENT_DETACH) {
		wait_remove(e->wait, event->tid);
	} else if (event->kind == EVENT_EXEC && event->exec.former != event->tid) {
		wait_remove(e->wait, event->exec.former);
	}
}

/* Reports EVENT with what FOUND names, and records it. */
static void report_enriched(struct engine *e, const struct event *event, unsigned found)
{
	struct event enriched = *event;

	late_report_pointing(&e->late);
	enrich_add(&e->enrich, &enriched, found);
	assert(!(enriched.have & ~event->have & ~event_added(event->kind)));
	stops_file_event(&e->stops, &enriched);
	late_add(&e->late, &enriched);
}

static void engine_event(void *data, const struct event *event)
{
	struct engine *e = data;
	const unsigned found = enrich_find(&e->enrich, event);

	note_lives(e, event);
	if (found)
		report_enriched(e, event, found);
	else
		late_add(&e->late, event);
	if (e->unwind)
		stacks_event(e->unwind, event);
	session_event(&e->session, event);
}

static void engine_order(void *data, const struct order *order)
{
	struct engine *e = data;
	int r = sys_order(order, &e->options);

	if (order->how == ORDER_FAULT_UNTRACED && r < 0)
		e->unseen = (struct unseen){ order->tid, order->signal };
	if (order->how == ORDER_FAULT_UNTRACED && r >= 0 && e->config.mode == EVENT_MODE_CALLS)
		sys_interrupt(order->tid); /* to be resumed into syscall stops */
	if (e->stops.file)
		stops_file_add(&e->stops, &(struct stopline){ .kind = STOPLINE_ORDER, .order = *order, .result = r });
}

static void engine_gather(void *data, struct stop *stop, unsigned parts)
{
	struct engine *e = data;

	gather(&e->gather, stop, parts);
	if (e->stops.file)
		stops_file_add(&e->stops, &(struct stopline){ .kind = STOPLINE_GATHER, .stop = *stop, .parts = parts });
}

static size_t engine_count(void *data)
{
	return follow_count(data);
}

static pid_t engine_next(void *data)
{
	return follow_next(data);
}

static const struct follow_ops engine_ops = { engine_event, engine_order, engine_gather };

static void ending_feed(void *data, struct stopline *line)
{
	feed(data, line);
}

/* Setting up */

static void init_follow(struct engine *e, const struct engine_config *config)
{
	struct stopcost cost = { 0 };

	if (config->wants & WANT_DURATIONS && config->mode != EVENT_MODE_EVENTS)
		stopcost_measure(&cost);
	e->follow_config = (struct follow_config){
		.mode = config->mode,
		.wants = config->wants,
		.detach_on_exec = config->detach_on_exec,
		.stop_cost = cost.least,
		.stop_cost_most = cost.most,
		.clone3_hidden = config->mode == EVENT_MODE_FILTER ? filter_clone3_error() : 0,
		.seccomp_data = FILTER_DATA,
	};
	e->follow = follow_new(&e->follow_config, &engine_ops, e);
}

/* The parts of the engine, each of which gets follow. */
static void init_rooms(struct engine *e, const struct engine_config *config)
{
	e->late = (struct late){ .prompt = config->prompt, .event = config->event, .data = config->data };
	e->gather = (struct gather){
		.follow = e->follow,
		.kcmp = e->kcmp,
		.unwind = e->unwind,
		.late = &e->late,
		.own_filter = e->options.seccomp,
	};
	gather_init(&e->gather);
	e->enrich = (struct enrich){
		.gather = &e->gather,
		.unwind = e->unwind,
		.wants = config->wants,
		.calls_seen = config->mode != EVENT_MODE_EVENTS,
	};
	e->ending = (struct ending){
		.follow = e->follow,
		.kill_on_exit = config->kill_on_exit,
		.feed = ending_feed,
		.data = e,
	};
	e->session = (struct session){
		.signals = config->signals,
		.kill_on_exit = config->kill_on_exit,
		.lethal = e->options.exit_kill,
	};
}

struct engine *engine_new(const struct engine_config *config)
{
	const struct stacks_config unwind = { .limit = config->frames, .origin = !(config->wants & WANT_STACKS) };
	struct engine *e = mem_zalloc(1, sizeof(*e));
	ssize_t n;

	e->config = *config;
	stops_file_init(&e->stops, config->stops);
	/* If cltrace is gone, calls of a task with the filter fail with ENOSYS, so the task must not outlive cltrace.
	 */
	e->options.seccomp = config->mode == EVENT_MODE_FILTER;
	e->options.exit_stop = config->wants & WANT_SIGNALS;
	e->options.vfork_done = config->wants & WANT_DURATIONS;
	e->options.exit_kill = e->options.seccomp || config->kill_on_exit;
	init_follow(e, config);
	e->unwind = stacks_new(&unwind, &sys_stacks, NULL);
	e->wait = wait_new(&wait_kernel, (void *)config->signals,
			   &(struct wait_tasks){ engine_count, engine_next, e->follow });
	if (config->wants & WANT_VERIFY)
		e->kcmp = kcmp_new(); /* before the children are counted, because it has a child */
	n = proc_children(getpid(), &e->foreign);
	e->foreign_count = n > 0 ? (size_t)n : 0;
	/* wait(2) reports that no tracee is left only if there are no other children. */
	e->audit = e->kcmp || e->foreign_count ? AUDIT_NS : 0;
	init_rooms(e, config);
	return e;
}

void engine_free(struct engine *e)
{
	if (!e)
		return;
	follow_free(e->follow);
	kcmp_free(e->kcmp);
	wait_free(e->wait);
	stacks_free(e->unwind);
	free(e->foreign);
	late_done(&e->late);
	gather_done(&e->gather);
	enrich_done(&e->enrich);
	stops_file_done(&e->stops);
	free(e);
}

int engine_launch(struct engine *e, struct launch *launch, const char *program)
{
	e->session.launch = e->launch = launch;
	e->launched = true;
	return launch_seize(launch, program, &e->options);
}

static void begin(struct engine *e)
{
	struct stopline line = { .kind = STOPLINE_BEGIN,
				 .when = clock_monotonic(),
				 .begin = { .config = e->follow_config,
					    .launched = e->launched,
					    .audit_arch = arch_native()->audit_arch,
					    .realtime = clock_realtime() } };

	feed(e, &line);
}

static void add_task(struct engine *e, const struct follow_attached *task)
{
	feed(e, &(struct stopline){ .kind = STOPLINE_ATTACH, .when = clock_monotonic(), .attach = *task });
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
	e->session.attached = processes;
	if (processes) {
		attach_infer(&attach);
		begin(e);
		for (size_t i = 0; i < attach.count; i++) {
			add_task(e, &attach.tasks[i]);
			if (e->config.mode == EVENT_MODE_CALLS && !attach.tasks[i].zombie)
				sys_interrupt(attach.tasks[i].tid); /* to be resumed into syscall stops */
		}
	}
	attach_done(&attach);
	return processes;
}

static void begin_launched(struct engine *e)
{
	struct follow_attached root;

	launch_look(e->launch, &root);
	if (!e->session.attached)
		begin(e);
	add_task(e, &root);
	if (e->config.mode == EVENT_MODE_CALLS)
		sys_interrupt(e->launch->tid);
	launch_go(e->launch);
}

void engine_ask_end(struct engine *e)
{
	e->ending.asked = true;
}

/* The loop */

static bool is_command(const struct engine *e, pid_t pid)
{
	for (size_t i = 0; i < e->config.command_count; i++) {
		if (e->config.commands[i] == pid)
			return true;
	}
	return false;
}

static bool is_foreign(const struct engine *e, pid_t pid)
{
	for (size_t i = 0; i < e->foreign_count; i++) {
		if (e->foreign[i] == pid)
			return true;
	}
	return false;
}

static void set_deadline(struct engine *e)
{
	if (e->config.time_limit)
		e->ending.deadline = (int64_t)clock_monotonic() + e->config.time_limit;
}

/* The first stop or end of the launched program: it has exec'ed or died. False: it could not be started. */
static bool on_start(struct engine *e, const struct wait_report *report)
{
	int filter_error;

	if (WIFSTOPPED(report->status) && stop_event(report->status) != STOP_EVENT_EXEC)
		return true;
	launch_outcome(e->launch, &filter_error, &e->result.exec_error);
	e->started = true;
	set_deadline(e);
	if (filter_error) {
		e->options.seccomp = e->gather.own_filter = e->enrich.calls_seen = false;
		e->options.exit_kill = e->session.lethal = e->config.kill_on_exit;
		feed(e, &(struct stopline){ .kind = STOPLINE_MODE,
					    .when = clock_monotonic(),
					    .mode = { EVENT_MODE_EVENTS, filter_error } });
	}
	return !e->result.exec_error;
}

/* The fault of an init ended it while it was untraced. Its signal was that of the order. */
static void feed_unseen(struct engine *e)
{
	struct stopline line = {
		.kind = STOPLINE_STOP,
		.stop = { .tid = e->unseen.tid, .status = e->unseen.status, .when = clock_monotonic() }
	};

	if (!e->unseen.tid)
		return;
	e->unseen.tid = 0;
	feed(e, &line);
}

static void on_report(struct engine *e, const struct wait_report *report)
{
	struct stopline line = { .kind = STOPLINE_STOP,
				 .stop = { .tid = report->tid, .status = report->status, .when = clock_monotonic() } };

	if (!follow_knows(e->follow, report->tid)) {
		if (is_command(e, report->tid)) {
			if (!WIFSTOPPED(report->status))
				e->config.command_ended(e->config.data, report->tid, report->status);
			return;
		}
		if (is_foreign(e, report->tid))
			return;
	}
	if (e->launched && report->tid == e->launch->tid) {
		if (!e->started && !on_start(e, report)) {
			e->done = true;
			return;
		}
		if (!WIFSTOPPED(report->status)) {
			session_program_ended(&e->session);
			e->result.status = report->status;
		}
	}
	if (e->launched && WIFSTOPPED(report->status) && !stop_event(report->status))
		session_delivery(&e->session, report->tid, WSTOPSIG(report->status), line.stop.when);
	sys_forget_registers(report->tid);
	e->enrich.stopped = WIFSTOPPED(report->status) ? report->tid : 0;
	feed(e, &line);
	e->enrich.stopped = 0;
	feed_unseen(e);
}

/* Whether the launched program has exec'ed, if there is one. */
static bool is_started(const struct engine *e)
{
	return !e->launched || e->started;
}

/* Nothing is ready. Returns 0 if the end was asked for, so that the engine does not sleep. */
static int64_t engine_idle(void *data)
{
	struct engine *e = data;
	int64_t again;

	late_report(&e->late);
	again = e->config.idle ? e->config.idle(e->config.data) : -1;
	return !ending_is_due(&e->ending, is_started(e)) || e->ending.detaching ? again : 0;
}

static int64_t follow_timeout(const struct engine *e)
{
	if (follow_is_holding(e->follow))
		return HOLDING_NS;
	if (e->ending.detaching || e->ending.killing)
		return DETACH_NS;
	if (!follow_count(e->follow))
		return GRACE_NS;
	return e->audit ? e->audit : -1;
}

static int64_t loop_timeout(const struct engine *e)
{
	int64_t timeout = follow_timeout(e), relay = session_timeout(&e->session, clock_monotonic());

	return relay >= 0 && (timeout < 0 || relay < timeout) ? relay : timeout;
}

/* The time of the deadline or of follow's next look at processes, whichever comes first; 0: never. A look can wait for
 * work that is done when nothing is ready. */
static int64_t next_time(const struct engine *e)
{
	const bool busy = e->ending.detaching || e->ending.killing || follow_is_holding(e->follow);
	const int64_t look = busy ? 0 : (int64_t)follow_look_at(e->follow);

	return look && (!e->ending.deadline || look < e->ending.deadline) ? look : e->ending.deadline;
}

static void check_time(struct engine *e)
{
	const int64_t at = next_time(e), now = at ? (int64_t)clock_monotonic() : 0;

	if (at && now >= at && at == e->ending.deadline) {
		e->ending.deadline = 0;
		e->ending.asked = true;
	} else if (at && now >= at) {
		feed(e, &(struct stopline){ .kind = STOPLINE_LOOK, .when = (uint64_t)now });
	}
}

/* How long to wait at most. *RET_WHOLE: this is the whole time of loop_timeout(), so a timeout means that nothing has
 * happened. */
static int64_t next_timeout(const struct engine *e, bool *ret_whole)
{
	const int64_t timeout = loop_timeout(e), at = next_time(e), left = at ? at - (int64_t)clock_monotonic() : -1;

	*ret_whole = !at || (timeout >= 0 && timeout <= left);
	if (*ret_whole)
		return timeout;
	return left > 0 ? left : 0;
}

static void on_timeout(struct engine *e)
{
	if (follow_is_holding(e->follow))
		feed(e, &(struct stopline){ .kind = STOPLINE_IDLE, .when = clock_monotonic() });
	else if (ending_silence(&e->ending))
		return;
	else if (!follow_count(e->follow) && !e->ending.asked && session_timeout(&e->session, clock_monotonic()) < 0)
		e->done = true;
	else if (e->audit && e->audit < AUDIT_MAX_NS)
		e->audit *= 2;
}

static void engine_loop(struct engine *e)
{
	struct wait_report report;
	bool whole;

	while (!e->done) {
		wait_next(e->wait, next_timeout(e, &whole), engine_idle, e, &report);
		stops_file_waiting(&e->stops, wait_polling(e->wait));
		switch (report.what) {
		case WAIT_STOP:
			on_report(e, &report);
			break;
		case WAIT_SIGNAL:
			ending_want(&e->ending, session_signal(&e->session, &report.signal, clock_monotonic()));
			break;
		case WAIT_TIMEOUT:
			if (whole)
				on_timeout(e);
			break;
		case WAIT_NONE:
			e->done = true;
			break;
		}
		ending_want(&e->ending, session_due(&e->session, clock_monotonic()));
		check_time(e);
		if (ending_is_due(&e->ending, is_started(e)))
			ending_begin(&e->ending);
		if (e->ending.left || (e->ending.detaching && !follow_count(e->follow)))
			e->done = true;
	}
}

void engine_run(struct engine *e, struct engine_result *ret)
{
	if (e->launched)
		begin_launched(e);
	else
		set_deadline(e);
	engine_loop(e);
	session_over(&e->session);
	if (e->result.exec_error)
		late_report(&e->late); /* the events of the attached tasks; the end would report them, too */
	else
		feed(e, &(struct stopline){ .kind = STOPLINE_END,
					    .when = clock_monotonic(),
					    .end = { e->launched && !e->session.ended ? -1 : e->result.status } });
	e->result.launched = e->launched;
	e->result.ended = e->session.ended;
	*ret = e->result;
}
