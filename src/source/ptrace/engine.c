/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The loop of the ptrace source: wait, gather, follow, order. */
#include "source/ptrace/engine.h"

#include <errno.h>
#include <inttypes.h>
#include <limits.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/utsname.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/diag.h"
#include "base/mem.h"
#include "base/text.h"
#include "clone/flags.h"
#include "follow/follow.h"
#include "follow/stopline.h"
#include "source/kernel/kcmp.h"
#include "source/kernel/procfs.h"
#include "source/ptrace/answers.h"
#include "source/ptrace/attach.h"
#include "source/ptrace/causes.h"
#include "source/ptrace/maytrace.h"
#include "source/ptrace/program.h"
#include "source/ptrace/seccomp_filter.h"
#include "source/ptrace/session.h"
#include "source/ptrace/stopcost.h"
#include "source/ptrace/sys.h"
#include "source/ptrace/tracer_signals.h"
#include "source/ptrace/wait.h"
#include "source/stack/unwind.h"

#define HOLDING_NS 10000000 /* how long nothing may be ready before a held task is looked at */
#define DETACH_NS 100000000 /* how long nothing may be ready before tasks that cannot stop are left */
#define AUDIT_NS \
	1000000000 /* with children that are no tracees: the first time that nothing happened for so long ... */
#define AUDIT_MAX_NS 64000000000 /* ... and the longest */
#define GRACE_NS 50000000 /* with children that are no tracees: how long to wait for a tracee not yet announced */

#define LATE_MAX 64    /* events that are kept until their task has been resumed */
#define PID_NS_SIZE 32 /* "pid:[INODE]" */

/* A task whose end nobody reports to us. */
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
	enum polling_state waiting; /* as it was recorded last */
	struct launch *launch;
	bool launched, started; /* started: it has exec'ed */
	bool end_asked, detaching, killing, done;
	int64_t deadline; /* CLOCK_MONOTONIC; 0: none */
	int64_t audit;	  /* ns of silence after which it is asked whether there is anybody to wait for */
	pid_t *foreign;	  /* children that were ours before we traced anything */
	size_t foreign_count;
	struct text command, argv; /* of the last exec, and */
	bool argv_cut;		   /* whether there were more of the latter */
	struct text name;
	struct text call;		    /* of the last end that has one */
	struct program program;		    /* of the last exec */
	struct text pidfd_is, refers, file; /* of the last event that has them */
	struct facts facts;		    /* of the last refusal, and */
	struct text cgroup;		    /* its cgroup */
	char pid_ns[PID_NS_SIZE];	    /* our own; empty: not known */
	struct event *late;		    /* events to be reported when what was ordered is done */
	size_t late_count, late_size;
	bool late_points; /* one of them points to what the next stop can change: a string, a stack */
	struct text line; /* of --debug-stops */
	struct utsname host;
	struct unwind *unwind; /* NULL: there are none in this build */
	bool stacks;	       /* are asked for */
	pid_t stopped;	       /* the task that is stopped and fed */
	struct unseen unseen;  /* of the last order */
	bool calls_seen;       /* not only events */
	pid_t leader;	       /* the leader attached to last, if its namespaces are known; else 0 */
	uint64_t leader_ns[EVENT_NS_COUNT];
	bool time_moves; /* a task has called unshare(CLONE_NEWTIME): an exec may take it there */
	struct session session;
	struct engine_result result;
};

/* Recording */

static void record(struct engine *e, const struct stopline *line)
{
	if (!e->config.stops)
		return;
	text_clear(&e->line);
	stopline_format(&e->line, line);
	fputs(text_get(&e->line), e->config.stops);
}

static void report_late(struct engine *e)
{
	for (size_t i = 0; i < e->late_count; i++)
		e->config.event(e->config.data, &e->late[i]);
	e->late_count = 0;
	e->late_points = false;
}

/* To be called before a string or a stack is changed that a late event can point to. */
static void report_pointing(struct engine *e)
{
	if (e->late_points)
		report_late(e);
}

/* Records how the engine waits, as a comment between the lines, whenever that has changed. */
static void record_waiting(struct engine *e)
{
	const struct polling *polling = wait_polling(e->wait);

	if (!e->config.stops || polling->state == e->waiting)
		return;
	e->waiting = polling->state;
	text_clear(&e->line);
	text_addf(&e->line, "# %s (%u%% of gaps are short, %u.%02u tasks can run; ", polling_name(polling->state),
		  polling->short_gaps * 100 / POLLING_ALL, polling->running / POLLING_UNIT,
		  polling->running % POLLING_UNIT * 100 / POLLING_UNIT);
	text_addf(&e->line, "polling found %" PRIu64 " stops, none %" PRIu64 " times; slept %" PRIu64 " times)\n",
		  polling->found, polling->in_vain, polling->slept);
	fputs(text_get(&e->line), e->config.stops);
}

/* To report an event takes about as long as the rest of a stop. Unless the event must be seen before its task
 * continues, the engine reports it when nothing else is ready, because the child of a creation has mostly stopped by
 * now and waits for us. What a late event points to is unchanged until then: see report_pointing(). The end of a
 * process may be the end of many thousand threads at once, so the engine does not keep all of their events. */
static void report(struct engine *e, const struct event *event)
{
	if (e->config.prompt) {
		e->config.event(e->config.data, event);
		return;
	}
	if (e->late_count == LATE_MAX)
		report_late(e);
	if (e->late_count == e->late_size) {
		e->late_size = e->late_size ? e->late_size * 2 : 8;
		e->late = mem_resize(e->late, e->late_size, sizeof(*e->late));
	}
	e->late[e->late_count++] = *event;
	e->late_points |= event->kind != EVENT_EXIT || event->have & EVENT_HAVE_FORBIDDEN;
}

/* All that follow is reported goes through here, so that a recording has it. */
static void feed(struct engine *e, struct stopline *line)
{
	record(e, line);
	stopline_feed(line, e->follow);
	if (line->kind != STOPLINE_STOP)
		report_late(e);
}

/* What follow asks of us */

/* Adds which namespaces TID is in. Returns how many of them are known. */
static unsigned add_namespaces(struct event *reported, pid_t tid)
{
	const unsigned known = proc_namespaces(tid, reported->ns);

	if (known)
		reported->have |= EVENT_HAVE_NS;
	return known;
}

/* ... of a task attached to: a leader's come before those of its threads. */
static void add_namespaces_attached(struct engine *e, struct event *reported)
{
	const pid_t tid = reported->tid, tgid = reported->attach.tgid;

	if (tid == tgid || tgid != e->leader) {
		const bool all = add_namespaces(reported, tid) == EVENT_NS_COUNT;

		memcpy(e->leader_ns, reported->ns, sizeof(e->leader_ns));
		e->leader = tid == tgid && all ? tid : 0; /* a leader that has ended shows only some of them */
	} else if (proc_thread_namespaces(tgid, tid, e->leader_ns, reported->ns)) {
		reported->have |= EVENT_HAVE_NS;
	}
}

/* Of an unshare(CLONE_NEWPID) the first child tells the number, and that is the init there. */
static bool spawn_has_namespaces(const struct event *event)
{
	const unsigned creation = EVENT_HAVE_CREATOR | EVENT_HAVE_REQUEST;

	return (event->have & creation) != creation ||
	       event->spawn.request.flags & (FLAG_NAMESPACES | FLAG_EMPTY_MNTNS) ||
	       (event->have & EVENT_HAVE_NSPID && event->spawn.nspid == 1);
}

static bool call_has_namespaces(const struct event *event)
{
	const struct request *request = &event->call.request;

	return event->call.result >= 0 && (request->call == CALL_SETNS || request_namespaces(request));
}

/* Whose namespaces are others since EVENT, or were not known before; 0: nobody's. Who is named stands still: a new task
 * has not run yet. Where the calls are not seen, each exec, which takes its time anyway, shows what they have done. */
static pid_t whose_namespaces(struct engine *e, const struct event *event)
{
	if (event->kind == EVENT_ATTACH && !event->attach.launched)
		return event->tid;
	if (event->kind == EVENT_SPAWN && spawn_has_namespaces(event))
		return event->spawn.child;
	if (event->kind == EVENT_EXEC && (e->time_moves || !e->calls_seen))
		return event->tid;
	if (event->kind != EVENT_CALL || !call_has_namespaces(event))
		return 0;
	e->time_moves |= event->call.request.call == CALL_UNSHARE && event->call.request.flags & FLAG_NEWTIME;
	return event->tid;
}

/* BEGIN, with what is the machine's and not follow's to know. */
static void report_begin(struct engine *e, const struct event *event)
{
	struct event reported = *event;

	if (uname(&e->host) == 0) {
		reported.have |= EVENT_HAVE_HOST;
		reported.begin.version = PACKAGE_VERSION;
		reported.begin.release = e->host.release;
	}
	add_namespaces(&reported, 0);
	report(e, &reported);
}

/* A creation with its creator's stack, which stands still: it is stopped in the call. */
static void add_stack(struct engine *e, struct event *reported)
{
	struct proc_status status;
	pid_t tgid = reported->tid;

	reported->have |= EVENT_HAVE_STACK;
	if (reported->kind == EVENT_SPAWN) {
		tgid = reported->spawn.creator_tgid ? reported->spawn.creator_tgid : tgid;
		unwind_stack(e->unwind, reported->tid, tgid,
			     reported->have & EVENT_HAVE_REQUEST ? &reported->spawn.request : NULL,
			     &reported->spawn.stack);
		unwind_start(e->unwind, reported);
	} else {
		tgid = proc_status(reported->tid, &status) ? tgid : status.ids.tgid;
		unwind_stack(e->unwind, reported->tid, tgid, NULL, &reported->refused.stack);
	}
}

/* Adds to *TOLD, as REFERS, what FD of its task refers to. */
static void add_refers(struct engine *e, struct event *reported, int fd, const char **refers)
{
	text_clear(&e->refers);
	if (descriptor_name(&e->refers, reported->tid, fd) < 0)
		return;
	*refers = text_get(&e->refers);
	reported->have |= EVENT_HAVE_REFERS;
}

/* The kernel has written its number when the creator stops (kernel/fork.c: copy_process()). */
static void add_pidfd(struct engine *e, struct event *reported)
{
	const struct request *request = &reported->spawn.request;
	int fd;

	text_clear(&e->pidfd_is);
	if (!(request->have & REQUEST_PIDFD) || sys_read(reported->tid, request->pidfd, &fd, sizeof(fd)) != sizeof(fd))
		return;
	if (descriptor_name(&e->pidfd_is, reported->tid, fd) < 0)
		return;
	reported->spawn.pidfd = fd;
	reported->spawn.pidfd_is = text_get(&e->pidfd_is);
	reported->have |= EVENT_HAVE_PIDFD;
}

/* -y: what the descriptors of a call refer to, while its caller is stopped in it. */
static void add_descriptors(struct engine *e, struct event *reported)
{
	const bool spawn = reported->kind == EVENT_SPAWN;
	const struct request *request = spawn ? &reported->spawn.request : &reported->refused.request;

	if (reported->kind == EVENT_CALL) {
		if (reported->call.request.call == CALL_SETNS)
			add_refers(e, reported, (int)reported->call.request.args[0], &reported->call.refers);
		return;
	}
	if (spawn && !(reported->have & EVENT_HAVE_REQUEST))
		return;
	if (request->have & REQUEST_CGROUP)
		add_refers(e, reported, (int)request->cgroup,
			   spawn ? &reported->spawn.refers : &reported->refused.refers);
	if (spawn)
		add_pidfd(e, reported);
}

static bool is_exec_call(const struct event *event)
{
	return event->kind == EVENT_CALL && call_is_exec(event->call.request.call);
}

/* What an exec that failed was to run: its caller stands still at the end of the call. */
static void add_file(struct engine *e, struct event *reported)
{
	const struct request *request = &reported->call.request;
	const bool at = request->call == CALL_EXECVEAT;

	text_clear(&e->file);
	if (!sys_string(reported->tid, request->args[at], PATH_MAX, &e->file)) {
		reported->call.file = text_get(&e->file);
		reported->have |= EVENT_HAVE_FILE;
	}
	if (at && (int)request->args[0] >= 0 && *text_get(&e->file) != '/')
		add_refers(e, reported, (int)request->args[0], &reported->call.refers);
}

static void take_argv(struct engine *e, struct event *reported, struct arguments *argv)
{
	*argv = (struct arguments){ e->argv.data, e->argv.length, e->argv_cut };
	reported->have |= EVENT_HAVE_ARGV | (e->argv_cut ? EVENT_HAVE_ARGV_CUT : 0);
}

/* The program that an exec has begun, and its arguments, which follow has just asked for. */
static void add_program(struct engine *e, struct event *reported)
{
	unsigned known;

	if (reported->have & EVENT_HAVE_COMMAND)
		take_argv(e, reported, &reported->exec.argv);
	known = program_look(&e->program, reported->tid, &reported->exec.argv);
	reported->exec.script = text_get(&e->program.script);
	reported->exec.exe = text_get(&e->program.exe);
	reported->exec.loader = text_get(&e->program.loader);
	reported->exec.cwd = text_get(&e->program.cwd);
	reported->have |= (known & PROGRAM_SCRIPT ? EVENT_HAVE_SCRIPT : 0) |
			  (known & PROGRAM_EXE ? EVENT_HAVE_EXE : 0) |
			  (known & PROGRAM_LOADER ? EVENT_HAVE_LOADER : 0) | (known & PROGRAM_CWD ? EVENT_HAVE_CWD : 0);
}

/* The arguments of a process that was there before us. */
static void add_arguments(struct engine *e, struct event *reported)
{
	text_clear(&e->argv);
	if (!proc_arguments(&e->argv, reported->tid, &e->argv_cut))
		take_argv(e, reported, &reported->attach.argv);
}

/* An end with the name of the call that was its reason. */
static void report_end(struct engine *e, const struct event *event)
{
	struct event reported = *event;

	report_pointing(e);
	text_clear(&e->call);
	filter_call_name(&e->call, event->exit.audit_arch, event->exit.nr);
	reported.exit.call = text_get(&e->call);
	report(e, &reported);
}

/* An event with what its task tells while it is stopped there: nothing that follow decides hangs on that. */
static void report_with(struct engine *e, const struct event *event, pid_t namespaces)
{
	const bool creation = event->kind == EVENT_SPAWN || event->kind == EVENT_REFUSED;
	struct event reported = *event;

	report_pointing(e);
	if (event->tid == e->stopped) {
		if (event->kind == EVENT_EXEC)
			add_program(e, &reported);
		if (is_exec_call(event))
			add_file(e, &reported);
		if (creation && e->stacks)
			add_stack(e, &reported);
		if ((creation || event->kind == EVENT_CALL) && e->config.descriptors)
			add_descriptors(e, &reported);
	}
	if (event->kind == EVENT_ATTACH && event->have & EVENT_HAVE_COMMAND)
		add_arguments(e, &reported);
	if (namespaces && event->kind == EVENT_ATTACH)
		add_namespaces_attached(e, &reported);
	else if (namespaces)
		add_namespaces(&reported, namespaces);
	report(e, &reported);
}

/* Whether there is more to be reported of EVENT than follow knows. */
static bool has_more(const struct engine *e, const struct event *event)
{
	const bool creation = event->kind == EVENT_SPAWN || event->kind == EVENT_REFUSED;

	if (event->tid != e->stopped)
		return false;
	return event->kind == EVENT_EXEC || is_exec_call(event) || (creation && e->stacks) ||
	       ((creation || event->kind == EVENT_CALL) && e->config.descriptors);
}

static void engine_event(void *data, const struct event *event)
{
	struct engine *e = data;
	const pid_t namespaces = whose_namespaces(e, event);

	if (event->kind == EVENT_SPAWN) {
		wait_add(e->wait, event->spawn.child);
		if (e->killing)
			kill(event->spawn.child, SIGKILL);
	} else if (event->kind == EVENT_ATTACH && !event->attach.zombie)
		wait_add(e->wait, event->tid);
	else if (event->kind == EVENT_EXIT || event->kind == EVENT_DETACH)
		wait_remove(e->wait, event->tid);
	else if (event->kind == EVENT_EXEC && event->exec.former != event->tid)
		wait_remove(e->wait, event->exec.former);
	if (event->kind == EVENT_BEGIN)
		report_begin(e, event);
	else if (event->kind == EVENT_EXIT && event->have & EVENT_HAVE_FORBIDDEN)
		report_end(e, event);
	else if (namespaces || has_more(e, event))
		report_with(e, event, namespaces);
	else
		report(e, event);
	if (e->unwind)
		unwind_event(e->unwind, event);
	session_event(&e->session, event);
}

static void engine_order(void *data, const struct order *order)
{
	struct engine *e = data;
	int r = sys_order(order, &e->options);

	if (order->how == ORDER_ASIDE && r < 0)
		e->unseen = (struct unseen){ order->tid, order->signal };
	if (order->how == ORDER_ASIDE && r >= 0 && e->config.mode == EVENT_MODE_CALLS)
		sys_interrupt(order->tid); /* to be resumed into syscall stops */
	if (e->config.stops)
		record(e, &(struct stopline){ .kind = STOPLINE_ORDER, .order = *order, .result = r });
}

static void gather_ids(struct stop *stop)
{
	struct proc_status status;

	if (proc_status(stop->tid, &status) < 0)
		return;
	stop->ids = status.ids;
	stop->have |= STOP_IDS;
}

static void gather_pid_ns(struct engine *e, struct stop *stop)
{
	char pid_ns[PID_NS_SIZE];

	if (!*e->pid_ns || proc_pid_ns(stop->tid, pid_ns, sizeof(pid_ns)) < 0)
		return;
	stop->other_pid_ns = strcmp(pid_ns, e->pid_ns);
	stop->have |= STOP_PID_NS;
}

static void gather_command(struct engine *e, struct stop *stop)
{
	report_pointing(e);
	text_clear(&e->command);
	text_clear(&e->argv);
	if (program_begin(&e->program, stop->tid, &e->argv, &e->argv_cut) < 0 ||
	    proc_command_of(&e->command, stop->tid, &e->argv, &stop->command_cut) < 0)
		return;
	proc_set_id(stop->tid, program_stat(&e->program), &stop->set_id);
	stop->command = text_get(&e->command);
	stop->have |= STOP_COMMAND;
}

static void gather_name(struct engine *e, struct stop *stop)
{
	report_pointing(e);
	text_clear(&e->name);
	if (sys_name(stop->tid, stop->call.args[1], &e->name) < 0) {
		stop->unreadable = sys_is_unreadable(stop->tid, stop->call.args[1]);
		return;
	}
	stop->name = text_get(&e->name);
	stop->have |= STOP_NAME;
}

/* What a refusal can have run into. */
static void gather_facts(struct engine *e, struct stop *stop)
{
	const struct limits_wanted wanted = {
		.facts = stop->wanted.facts,
		.namespaces = stop->wanted.namespaces,
		.descriptor = stop->wanted.descriptor,
		.own_filter = e->options.seccomp,
	};

	report_pointing(e);
	limits_look(stop->tid, &wanted, &e->facts, &e->cgroup);
	stop->facts = &e->facts;
	stop->have |= STOP_FACTS;
}

/* Whether the thread beside had left by itself, which only the C library knows. */
static void gather_left(struct engine *e, struct stop *stop)
{
	struct proc_status status;
	int left = -ENODATA;

	report_pointing(e);
	if (e->unwind && !proc_status(stop->tid, &status))
		left = unwind_has_left(e->unwind, stop->tid, status.ids.tgid, stop->pthread);
	if (left < 0)
		return;
	stop->left = left;
	stop->have |= STOP_LEFT;
}

static bool is_followed(const void *data, pid_t tid)
{
	return follow_knows(data, tid);
}

static void engine_gather(void *data, struct stop *stop, unsigned parts)
{
	struct engine *e = data;

	sys_gather(stop, parts);
	if (parts & STOP_IDS)
		gather_ids(stop);
	if (parts & STOP_PID_NS)
		gather_pid_ns(e, stop);
	if ((parts & STOP_ACTION) && !proc_action(stop->tid, WSTOPSIG(stop->status), &stop->action))
		stop->have |= STOP_ACTION;
	if ((parts & STOP_MEMORY) && !proc_memory(stop->tid, &stop->memory))
		stop->have |= STOP_MEMORY;
	if (parts & STOP_LIFE) {
		stop->life = proc_life(stop->tid);
		stop->have |= STOP_LIFE;
	}
	if (parts & STOP_LEFT)
		gather_left(e, stop);
	if ((parts & STOP_FILTERS) && !proc_filters(stop->tid, &stop->filters))
		stop->have |= STOP_FILTERS;
	if (parts & STOP_TRACEABLE) {
		stop->traceable = may_trace(stop->tid, stop->beside);
		stop->have |= STOP_TRACEABLE;
	}
	if (parts & STOP_FATAL) {
		stop->fatal = proc_is_fatal(stop->tid, stop->signo);
		stop->have |= STOP_FATAL;
	}
	if ((parts & STOP_UNREAPED) && !proc_unreaped(stop->tid, &stop->unreaped))
		stop->have |= STOP_UNREAPED;
	if (parts & STOP_COMMAND)
		gather_command(e, stop);
	if (parts & STOP_NAME)
		gather_name(e, stop);
	if (parts & STOP_FACTS)
		gather_facts(e, stop);
	if ((parts & STOP_ANSWERS) &&
	    !answers_ask(e->kcmp, stop->tid, stop->beside ? stop->beside : getpid(), &stop->answers))
		stop->have |= STOP_ANSWERS;
	if ((parts & STOP_ENTERED) &&
	    !answers_entered(stop->tid, stop->wanted.descriptor, stop->wanted.namespaces, &stop->answers))
		stop->have |= STOP_ENTERED;
	if ((parts & STOP_WORKERS) &&
	    !proc_workers(stop->tid, stop->wanted.threads, is_followed, e->follow, &stop->workers))
		stop->have |= STOP_WORKERS;
	if ((parts & STOP_USER) && !proc_user(stop->tid, program_stat(&e->program), &stop->user))
		stop->have |= STOP_USER;
	if (e->config.stops)
		record(e, &(struct stopline){ .kind = STOPLINE_GATHER, .stop = *stop, .parts = parts });
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

/* Setting up */

struct engine *engine_new(const struct engine_config *config)
{
	const struct unwind_config unwind = { .limit = config->frames, .origin = config->origin };
	struct engine *e = mem_zalloc(1, sizeof(*e));
	ssize_t n;

	e->config = *config;
	e->follow_config = (struct follow_config){ .mode = config->mode,
						   .duration = config->duration,
						   .memory = config->memory,
						   .signals = config->signals_reported,
						   .verify = config->verify,
						   .names = config->names,
						   .ignored = config->ignored,
						   .detach_on_exec = config->detach_on_exec,
						   .seccomp_data = FILTER_DATA };
	if (config->duration && config->mode != EVENT_MODE_EVENTS) {
		struct stopcost cost;

		stopcost_measure(&cost);
		e->follow_config.stop_cost = cost.least;
		e->follow_config.stop_cost_most = cost.most;
	}
	if (config->mode == EVENT_MODE_FILTER)
		e->follow_config.clone3_hidden = filter_clone3_error();
	if (config->stops)
		setvbuf(config->stops, NULL, _IOLBF, 0); /* whatever happens to us, it has what led there */
	/* A task that has the filter fails its calls with ENOSYS once we are gone: it must not outlive us. */
	e->options.seccomp = config->mode == EVENT_MODE_FILTER;
	e->calls_seen = config->mode != EVENT_MODE_EVENTS;
	e->options.exit_stop = config->signals_reported;
	e->options.vfork_done = config->duration;
	e->options.exit_kill = e->options.seccomp || config->kill_on_exit;
	e->follow = follow_new(&e->follow_config, &engine_ops, e);
	e->unwind = unwind_new(&unwind, &unwind_kernel, NULL);
	e->stacks = e->unwind && config->frames;
	e->wait = wait_new(&wait_kernel, (void *)config->signals,
			   &(struct wait_tasks){ engine_count, engine_next, e->follow });
	if (proc_pid_ns(0, e->pid_ns, sizeof(e->pid_ns)) < 0)
		*e->pid_ns = '\0';
	if (config->verify)
		e->kcmp = kcmp_new(); /* before our own children are counted: it has one */
	n = proc_children(getpid(), &e->foreign);
	e->foreign_count = n > 0 ? (size_t)n : 0;
	e->session = (struct session){ .signals = config->signals,
				       .kill_on_exit = config->kill_on_exit,
				       .lethal = e->options.exit_kill };
	/* wait(2) says that nobody is left to wait for unless there are other children. */
	e->audit = e->kcmp || e->foreign_count ? AUDIT_NS : 0;
	return e;
}

void engine_free(struct engine *e)
{
	if (!e)
		return;
	follow_free(e->follow);
	kcmp_free(e->kcmp);
	wait_free(e->wait);
	unwind_free(e->unwind);
	free(e->foreign);
	free(e->late);
	text_done(&e->command);
	text_done(&e->argv);
	text_done(&e->name);
	text_done(&e->call);
	program_done(&e->program);
	text_done(&e->pidfd_is);
	text_done(&e->refers);
	text_done(&e->file);
	text_done(&e->cgroup);
	text_done(&e->line);
	free(e);
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

int engine_launch(struct engine *e, struct launch *launch, const char *program)
{
	int r;

	e->session.launch = e->launch = launch;
	e->launched = true;
	r = sys_seize(launch->tid, &e->options, false);
	if (r < 0)
		say_untraceable(launch->tid, program, -r);
	return r;
}

static void begin(struct engine *e)
{
	struct stopline line = { .kind = STOPLINE_BEGIN,
				 .when = clock_monotonic(),
				 .begin = { .config = e->follow_config,
					    .launched = e->launched,
					    .audit_arch = sys_audit_arch(),
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
	struct follow_attached root = { .tid = e->launch->tid,
					.tgid = e->launch->tid,
					.ppid = e->launch->standin,
					.uid = (uid_t)-1,
					.nlwp = 1,
					.launched = true };
	struct proc_status status;

	if (!proc_status(e->launch->tid, &status)) {
		root.ppid = status.ids.ppid;
		root.has_uid = true;
		root.uid = status.euid;
		root.nspid = status.ids.depth > 1 ? status.ids.nspid : 0;
		root.all = status.ids.all;
	}
	if (!e->session.attached)
		begin(e);
	add_task(e, &root);
	if (e->config.mode == EVENT_MODE_CALLS)
		sys_interrupt(e->launch->tid);
	launch_go(e->launch);
}

/* The end */

static void detach_all(struct engine *e)
{
	pid_t *tids;
	size_t n;

	if (e->detaching)
		return;
	e->detaching = true;
	feed(e, &(struct stopline){ .kind = STOPLINE_DETACH, .when = clock_monotonic() });
	n = follow_tids(e->follow, &tids);
	for (size_t i = 0; i < n; i++)
		sys_interrupt(tids[i]);
	free(tids);
}

/* Whether the kernel has no task any more of those that follow waits for: they are gone, or not ours. */
static bool all_gone(const struct engine *e)
{
	struct proc_status status;
	bool gone = true;
	pid_t *tids;
	size_t n = follow_tids(e->follow, &tids);

	for (size_t i = 0; i < n && gone; i++)
		gone = proc_status(tids[i], &status) < 0 || status.tracer != getpid();
	free(tids);
	return gone;
}

/* Tasks that cannot come to a stop, because they sleep uninterruptibly (a creator in vfork, until its child execs) or
 * are zombie leaders, are detached by our exit: the kernel then detaches them without a stop (kernel/ptrace.c:
 * exit_ptrace()). They have no signal in hand. */
static bool all_stuck(const struct engine *e)
{
	struct proc_status status;
	bool stuck = true;
	pid_t *tids;
	size_t n = follow_tids(e->follow, &tids);

	for (size_t i = 0; i < n && stuck; i++)
		stuck = proc_status(tids[i], &status) < 0 || strchr("DZX", status.ids.state);
	free(tids);
	return stuck;
}

static void leave(struct engine *e)
{
	feed(e, &(struct stopline){ .kind = STOPLINE_LEAVE, .when = clock_monotonic() });
	e->done = true;
}

void engine_ask_end(struct engine *e)
{
	e->end_asked = true;
}

static void kill_all(struct engine *e)
{
	pid_t *tids;
	size_t n = follow_tids(e->follow, &tids);

	e->killing = true;
	for (size_t i = 0; i < n; i++)
		kill(tids[i], SIGKILL);
	free(tids);
}

/* Whether what was asked for is to be done: an end before the launched program has exec'ed waits for that. */
static bool end_is_due(const struct engine *e)
{
	return e->end_asked && (!e->launched || e->started);
}

static void end_all(struct engine *e)
{
	e->end_asked = false;
	if (e->config.kill_on_exit)
		kill_all(e);
	else
		detach_all(e);
}

static void say_left(const struct engine *e)
{
	size_t tasks = follow_count(e->follow), processes = follow_count_processes(e->follow);
	char threads[48] = "";

	if (!tasks)
		return;
	if (tasks > processes)
		snprintf(threads, sizeof(threads), ", threads: %zu", tasks);
	diag("the program has ended; what it left (processes: %zu%s) cannot run on without cltrace, whose filter it "
	     "has: interrupt again to kill it, or use --seccomp=no another time",
	     processes, threads);
}

static void do_what_is_wanted(struct engine *e, enum session_want want)
{
	switch (want) {
	case SESSION_NOTHING:
		return;
	case SESSION_SAY:
		say_left(e);
		return;
	case SESSION_DETACH:
		detach_all(e);
		return;
	case SESSION_KILL:
		kill_all(e);
		return;
	case SESSION_LEAVE:
		leave(e);
		return;
	}
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
		e->deadline = (int64_t)clock_monotonic() + e->config.time_limit;
}

/* The launched program's first sign: it has exec'ed or died. False when it could not be started at all. */
static bool on_start(struct engine *e, const struct wait_report *report)
{
	int filter_error;

	if (WIFSTOPPED(report->status) && stop_event(report->status) != STOP_EVENT_EXEC)
		return true;
	launch_outcome(e->launch, &filter_error, &e->result.exec_error);
	e->started = true;
	set_deadline(e);
	if (filter_error) {
		e->options.seccomp = e->calls_seen = false;
		e->options.exit_kill = e->session.lethal = e->config.kill_on_exit;
		feed(e, &(struct stopline){ .kind = STOPLINE_MODE,
					    .when = clock_monotonic(),
					    .mode = { EVENT_MODE_EVENTS, filter_error } });
	}
	return !e->result.exec_error;
}

/* The fault of an init ended it while we stepped aside: of its own signal. */
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
	e->stopped = WIFSTOPPED(report->status) ? report->tid : 0;
	feed(e, &line);
	e->stopped = 0;
	feed_unseen(e);
}

/* Nothing is ready. Returns 0 if the end was asked for, so that the engine does not sleep. */
static int64_t engine_idle(void *data)
{
	struct engine *e = data;
	int64_t again;

	report_late(e);
	again = e->config.idle ? e->config.idle(e->config.data) : -1;
	return !end_is_due(e) || e->detaching ? again : 0;
}

static int64_t follow_timeout(const struct engine *e)
{
	if (follow_is_holding(e->follow))
		return HOLDING_NS;
	if (e->detaching || e->killing)
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

/* When the deadline is, or follow wants to look at processes, whichever comes first; 0: never. A look may wait for what
 * needs silence. */
static int64_t next_time(const struct engine *e)
{
	const bool busy = e->detaching || e->killing || follow_is_holding(e->follow);
	const int64_t look = busy ? 0 : (int64_t)follow_look_at(e->follow);

	return look && (!e->deadline || look < e->deadline) ? look : e->deadline;
}

static void check_time(struct engine *e)
{
	const int64_t at = next_time(e), now = at ? (int64_t)clock_monotonic() : 0;

	if (at && now >= at && at == e->deadline) {
		e->deadline = 0;
		e->end_asked = true;
	} else if (at && now >= at) {
		feed(e, &(struct stopline){ .kind = STOPLINE_LOOK, .when = (uint64_t)now });
	}
}

/* How long to wait at most. *RET_WHOLE: that is as long as loop_timeout() wants, so that its end means something. */
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
	else if (e->detaching ? all_stuck(e) : follow_count(e->follow) && all_gone(e))
		leave(e);
	else if (!follow_count(e->follow) && !e->end_asked && session_timeout(&e->session, clock_monotonic()) < 0)
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
		record_waiting(e);
		switch (report.what) {
		case WAIT_STOP:
			on_report(e, &report);
			break;
		case WAIT_SIGNAL:
			do_what_is_wanted(e, session_signal(&e->session, &report.signal, clock_monotonic()));
			break;
		case WAIT_TIMEOUT:
			if (whole)
				on_timeout(e);
			break;
		case WAIT_NONE:
			e->done = true;
			break;
		}
		do_what_is_wanted(e, session_due(&e->session, clock_monotonic()));
		check_time(e);
		if (end_is_due(e))
			end_all(e);
		if (e->detaching && !follow_count(e->follow))
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
		report_late(e); /* of the tasks attached to; feeding the end would do that, too */
	else
		feed(e, &(struct stopline){ .kind = STOPLINE_END,
					    .when = clock_monotonic(),
					    .end = { e->launched && !e->session.ended ? -1 : e->result.status } });
	e->result.launched = e->launched;
	e->result.ended = e->session.ended;
	*ret = e->result;
}
