/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The scripted kernel. */
#include "script.h"

#include <errno.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>

#include <cmocka.h>

#include "base/mem.h"
#include "base/text.h"
#include "law.h"

#define STACK(n) (0x600000000000 + (uint64_t)(n)*0x100000)
#define ARGS_BELOW 0x100 /* the stack pointer: where struct clone_args is */
#define THREAD_STACK 0x10000
#define TICK 5 /* ns between two inputs */

struct script {
	struct follow *follow;
	struct follow_config config;
	const struct abi *abi;
	uint64_t now, last_when, last_seq;
	unsigned stacks; /* so far */
	struct script_task *
		*tasks; /* one of each tid; a tid that is used again has the latest. They stay where they are. */
	size_t task_count;
	struct text said; /* the lines, each with a newline */
	bool report_asking, report_exit_stops, echo;
	unsigned kill_at; /* gathers until one is killed, 0: none */
	bool was_killed;
	bool ended;
	pid_t reaper; /* who gets orphans */
	struct law *law;
};

/* Tasks */

struct script_task *script_find(struct script *s, pid_t tid)
{
	for (size_t i = 0; i < s->task_count; i++)
		if (s->tasks[i]->tid == tid)
			return s->tasks[i];
	return NULL;
}

struct script_task *script_task(struct script *s, pid_t tid)
{
	struct script_task *task = script_find(s, tid);

	if (!task)
		fail_msg("the story has no task %d", (int)tid);
	return task;
}

struct script_task *script_add(struct script *s, pid_t tid, pid_t tgid, pid_t ppid)
{
	struct script_task *task = script_find(s, tid);
	bool reported_once = task && task->reported_once, reborn = task, reported = task && task->reported;
	const struct script_task before = task ? *task : (struct script_task){ 0 };

	if (!task) {
		s->tasks = mem_resize(s->tasks, s->task_count + 1, sizeof(*s->tasks));
		task = s->tasks[s->task_count++] = mem_alloc(sizeof(*task));
	} else if (!task->ended) {
		fail_msg("task %d is there already", (int)tid);
	}
	*task = (struct script_task){ .tid = tid,
				      .tgid = tgid,
				      .ppid = ppid,
				      .nspid = tid,
				      .depth = 1,
				      .state = 'R',
				      .traced = true,
				      .reported = reported,
				      .reported_later = reported,
				      .end_before = before.end,
				      .own_before = before.own_status,
				      .reported_once = reported_once,
				      .reborn = reborn };
	task->call.nr = UINT64_MAX; /* in none */
	task->call.audit_arch = s->abi->audit_arch;
	return task;
}

/* What is said */

static void say_spawn(struct script *s, const struct event *e)
{
	text_addf(&s->said, "spawn %d by ", (int)e->spawn.child);
	if (e->have & EVENT_HAVE_CREATOR)
		text_addf(&s->said, "%d", (int)e->tid);
	else
		text_add(&s->said, "?");
	if (!(e->have & EVENT_HAVE_CREATOR) && e->spawn.creator_tgid)
		text_addf(&s->said, " of %d", (int)e->spawn.creator_tgid);
	text_addf(&s->said, ": in %d", (int)e->spawn.child_tgid);
	if (e->have & EVENT_HAVE_PPID)
		text_addf(&s->said, ", parent %d", (int)e->spawn.ppid);
	if (e->have & EVENT_HAVE_REQUEST)
		text_addf(&s->said, ", %s 0x%llx", call_name(e->attempt.request.call),
			  (unsigned long long)(e->attempt.request.flags | e->attempt.request.exit_signal));
	else
		text_add(&s->said, ", request unknown");
	if (e->have & EVENT_HAVE_NSPID)
		text_addf(&s->said, ", sees itself as %d", (int)e->spawn.nspid);
	for (unsigned i = 0; e->have & EVENT_HAVE_NSPIDS && i < e->spawn.nspids.count; i++)
		text_addf(&s->said, "%s%d", i ? " " : ", numbers ", (int)e->spawn.nspids.list[i]);
	if (e->have & EVENT_HAVE_RETURNED)
		text_addf(&s->said, ", returned %d", (int)e->spawn.returned);
	if (e->have & EVENT_HAVE_DURATION)
		text_addf(&s->said, ", took %llu", (unsigned long long)e->attempt.duration);
	if (e->have & EVENT_HAVE_MEMORY)
		text_addf(&s->said, ", tables %llu of %llu, its own %llu", (unsigned long long)e->spawn.page_tables,
			  (unsigned long long)e->spawn.resident, (unsigned long long)e->spawn.child_page_tables);
}

static void say_refused(struct script *s, const struct event *e)
{
	text_addf(&s->said, "refused %d: %s 0x%llx, errno %d", (int)e->tid, call_name(e->attempt.request.call),
		  (unsigned long long)(e->attempt.request.flags | e->attempt.request.exit_signal), e->refused.error);
	if (e->have & EVENT_HAVE_DURATION)
		text_addf(&s->said, ", took %llu", (unsigned long long)e->attempt.duration);
	if (e->have & EVENT_HAVE_FACTS)
		text_addf(&s->said, ", %s %llu of %llu", fact_name(e->attempt.facts->list[0].what),
			  (unsigned long long)e->attempt.facts->list[0].use,
			  (unsigned long long)e->attempt.facts->list[0].value);
}

static void say_call(struct script *s, const struct event *e)
{
	uint64_t argument =
		e->attempt.request.have & REQUEST_FLAGS ? e->attempt.request.flags : e->attempt.request.args[0];

	text_addf(&s->said, "call %d: %s 0x%llx = %lld", (int)e->tid, call_name(e->attempt.request.call),
		  (unsigned long long)argument, (long long)e->call.result);
	if (e->have & EVENT_HAVE_FACTS)
		text_addf(&s->said, ", %s %llu", fact_name(e->attempt.facts->list[0].what),
			  (unsigned long long)e->attempt.facts->list[0].value);
	if (e->have & EVENT_HAVE_DURATION)
		text_addf(&s->said, ", took %llu", (unsigned long long)e->attempt.duration);
}

static void say_exec(struct script *s, const struct event *e)
{
	text_addf(&s->said, "exec %d", (int)e->tid);
	if (e->exec.former != e->tid)
		text_addf(&s->said, ", was %d", (int)e->exec.former);
	if (e->have & EVENT_HAVE_COMMAND)
		text_addf(&s->said, ": %s%s", e->exec.command, e->have & EVENT_HAVE_COMMAND_CUT ? "..." : "");
	if (e->have & EVENT_HAVE_UID)
		text_addf(&s->said, ", user %u", (unsigned)e->exec.uid);
}

static void say_exit(struct script *s, const struct event *e)
{
	const char *how = "";

	if (e->have & EVENT_HAVE_LEADER)
		how = e->exit.with_group ? " with its group" : " alone";
	if (e->have & EVENT_HAVE_REPLACED && e->exit.replaced)
		how = " replaced";
	text_addf(&s->said, "%s %d: 0x%x%s",
		  e->kind == EVENT_EXIT		? "exit"
		  : e->kind == EVENT_GROUP_EXIT ? "group exit"
						: "leader exit",
		  (int)e->tid, (unsigned)e->exit.status, how);
	if (e->kind == EVENT_GROUP_EXIT)
		text_addf(&s->said, " of %u", e->exit.tasks);
	if (e->kind == EVENT_EXIT && e->have & EVENT_HAVE_IGNORED)
		text_add(&s->said, ", SIGCHLD ignored");
	if (e->kind == EVENT_EXIT && e->have & EVENT_HAVE_FORBIDDEN)
		text_addf(&s->said, ", call %llu forbidden by %d", (unsigned long long)e->exit.nr,
			  e->exit.forbidden_by);
}

static void say_signal(struct script *s, const struct event *e)
{
	text_addf(&s->said, "signal %d: %d", (int)e->tid, e->signal.signo);
	if (e->have & EVENT_HAVE_SIGINFO)
		text_addf(&s->said, ", code %d by %d%s, value %llu", e->signal.code, (int)e->signal.sender,
			  e->signal.inside ? " inside" : "", (unsigned long long)e->signal.value);
	if (e->signal.error)
		text_addf(&s->said, ", errno %d", e->signal.error);
	if (e->have & EVENT_HAVE_ACTION)
		text_add(&s->said, e->signal.caught ? ", caught" : e->signal.ignored ? ", ignored" : ", default");
}

static void say_attach(struct script *s, const struct event *e)
{
	text_addf(&s->said, "attach %d: in %d, parent %d%s%s", (int)e->tid, (int)e->attach.tgid, (int)e->attach.ppid,
		  e->attach.launched ? ", launched" : "", e->attach.zombie ? ", zombie" : "");
	if (e->have & EVENT_HAVE_NSPID)
		text_addf(&s->said, ", sees itself as %d", (int)e->attach.nspid);
	for (unsigned i = 0; e->have & EVENT_HAVE_NSPIDS && i < e->attach.nspids.count; i++)
		text_addf(&s->said, "%s%d", i ? " " : ", numbers ", (int)e->attach.nspids.list[i]);
	if (e->have & EVENT_HAVE_UID)
		text_addf(&s->said, ", user %u", (unsigned)e->attach.uid);
	if (e->have & EVENT_HAVE_INFERRED)
		text_addf(&s->said, ", inferred 0x%llx", (unsigned long long)e->attach.inferred);
	if (e->have & EVENT_HAVE_COMMAND)
		text_addf(&s->said, ": %s%s", e->attach.command, e->have & EVENT_HAVE_COMMAND_CUT ? "..." : "");
}

static void say_verify(struct script *s, const struct event *e)
{
	text_addf(&s->said, "%s %d and ", event_kind_name(e->kind), (int)e->tid);
	if (e->have & EVENT_HAVE_ENTERED)
		text_addf(&s->said, "descriptor %d", e->verify.descriptor);
	else
		text_addf(&s->said, "%d", (int)e->verify.other);
	text_addf(&s->said, ": said 0x%llx 0x%llx, shared 0x%llx, apart 0x%llx, neither 0x%llx",
		  (unsigned long long)e->verify.said.shared, (unsigned long long)e->verify.said.apart,
		  (unsigned long long)e->verify.answers.shared, (unsigned long long)e->verify.answers.apart,
		  (unsigned long long)e->verify.answers.neither);
	if (e->kind == EVENT_DIFFERENCE)
		text_addf(&s->said, ", %s", check_cause_name((enum check_cause)e->verify.cause));
}

static void say_event(struct script *s, const struct event *e)
{
	switch (e->kind) {
	case EVENT_BEGIN:
		text_add(&s->said, "begin");
		break;
	case EVENT_VFORK_DONE:
		text_addf(&s->said, "vfork done %d: %d after %llu", (int)e->tid, (int)e->vfork_done.child,
			  (unsigned long long)e->vfork_done.waited);
		break;
	case EVENT_ATTACH:
		say_attach(s, e);
		break;
	case EVENT_SPAWN:
		say_spawn(s, e);
		break;
	case EVENT_REFUSED:
		say_refused(s, e);
		break;
	case EVENT_CALL:
		say_call(s, e);
		break;
	case EVENT_EXEC:
		say_exec(s, e);
		break;
	case EVENT_NAME:
		text_addf(&s->said, "name %d: %s", (int)e->tid, e->have & EVENT_HAVE_NAME ? e->name.name : "?");
		break;
	case EVENT_SIGNAL:
		say_signal(s, e);
		break;
	case EVENT_GROUP_STOP:
	case EVENT_GROUP_CONT:
		text_addf(&s->said, "%s %d: %d", e->kind == EVENT_GROUP_STOP ? "group stop" : "group cont", (int)e->tid,
			  e->signal.signo);
		break;
	case EVENT_LEADER_EXIT:
	case EVENT_GROUP_EXIT:
	case EVENT_EXIT:
		say_exit(s, e);
		break;
	case EVENT_REPARENT:
		text_addf(&s->said, "reparent %d: %d to %d", (int)e->tid, (int)e->reparent.from, (int)e->reparent.to);
		break;
	case EVENT_DETACH:
		text_addf(&s->said, "gone on %d", (int)e->tid);
		break;
	case EVENT_VERIFY:
	case EVENT_DIFFERENCE:
		say_verify(s, e);
		break;
	case EVENT_NOTE:
		text_addf(&s->said, "note %s %d %lld %lld", event_note_name(e->note.code), (int)e->tid,
			  (long long)e->note.number, (long long)e->note.value);
		break;
	case EVENT_END:
		text_addf(&s->said, "end 0x%x", (unsigned)e->end.status);
		break;
	case EVENT_LOOK: /* a snapshot's */
	case EVENT_KIND_COUNT:
		fail();
		break;
	}
	text_add(&s->said, "\n");
}

/* The contract of events */

static void announce(struct script *s, const struct event *e, pid_t tid)
{
	struct script_task *task = script_task(s, tid);

	if (task->reported)
		fail_msg("task %d is announced again (event %llu)", (int)tid, (unsigned long long)e->seq);
	task->reported = task->reported_once = task->announced = true;
}

/* TID must have been announced, though it may have ended since. */
static void expect_reported(struct script *s, const struct event *e, pid_t tid)
{
	struct script_task *task = script_task(s, tid);

	if (!task->reported_once)
		fail_msg("event %llu, %s, is about task %d, which was never announced", (unsigned long long)e->seq,
			 event_kind_name(e->kind), (int)tid);
}

/* What is reported of a new task must be so. Of one that died before anything could be asked little is known. */
static void check_spawn(struct script *s, const struct event *e)
{
	const struct script_task *child = script_task(s, e->spawn.child);

	if (child->reborn)
		return; /* it may be about the one who had the tid before */
	if (e->have & EVENT_HAVE_CREATOR && child->creator && child->creator != e->tid)
		fail_msg("task %d is told to be made by %d, but it was %d", (int)child->tid, (int)e->tid,
			 (int)child->creator);
	if (e->have & EVENT_HAVE_REQUEST && e->spawn.child_tgid != child->tgid)
		fail_msg("task %d is told to be in %d, but it is in %d", (int)child->tid, (int)e->spawn.child_tgid,
			 (int)child->tgid);
}

/* No task that others ended is reported to have ended by itself, or with a status that is not its own. No task is
 * reported to have been replaced without an exec, unless it exited with 0 before that. */
static void check_exit(struct script *s, const struct event *e)
{
	struct script_task *task = script_task(s, e->tid);
	const enum script_end end = task->reported_later ? task->end_before : task->end;
	const int own_status = task->reported_later ? task->own_before : task->own_status;
	const bool replaced = e->have & EVENT_HAVE_REPLACED && e->exit.replaced;
	const bool alone = e->have & EVENT_HAVE_LEADER && !e->exit.with_group && !replaced;

	task->reported_later = false;
	if (end == SCRIPT_UNKNOWN)
		return;
	if (alone && (end != SCRIPT_LEFT || e->exit.status != own_status))
		fail_msg("task %d did not end alone with 0x%x", (int)e->tid, (unsigned)e->exit.status);
	if (replaced && end != SCRIPT_EXEC && (end != SCRIPT_LEFT || own_status))
		fail_msg("task %d was not replaced by an exec", (int)e->tid);
}

static void check_event(struct script *s, const struct event *e)
{
	assert_int_equal(e->seq, s->last_seq + 1);
	assert_false(s->ended);
	assert_true(e->when >= s->last_when && e->when > 0 && e->when <= s->now);
	s->last_seq = e->seq;
	s->last_when = e->when;
	switch (e->kind) {
	case EVENT_ATTACH:
		if (!e->attach.zombie)
			announce(s, e, e->tid);
		break;
	case EVENT_SPAWN:
		if (e->have & EVENT_HAVE_CREATOR)
			expect_reported(s, e, e->tid);
		check_spawn(s, e);
		announce(s, e, e->spawn.child);
		break;
	case EVENT_VFORK_DONE:
		expect_reported(s, e, e->tid);
		assert_true(script_task(s, e->vfork_done.child)->announced);
		break;
	case EVENT_EXEC:
		expect_reported(s, e, e->exec.former);
		script_task(s, e->exec.former)->reported = false;
		script_task(s, e->tid)->reported = true;
		break;
	case EVENT_REFUSED:
	case EVENT_CALL:
	case EVENT_NAME:
	case EVENT_SIGNAL:
	case EVENT_LEADER_EXIT:
	case EVENT_GROUP_EXIT:
		assert_true(script_task(s, e->tid)->reported);
		break;
	case EVENT_EXIT:
		check_exit(s, e);
		assert_true(script_task(s, e->tid)->reported);
		script_task(s, e->tid)->reported = false;
		break;
	case EVENT_DETACH:
		assert_true(script_task(s, e->tid)->reported);
		script_task(s, e->tid)->reported = false;
		break;
	case EVENT_END:
		s->ended = true;
		break;
	case EVENT_VERIFY:
	case EVENT_DIFFERENCE:
		expect_reported(s, e, e->tid);
		if (e->verify.other)
			expect_reported(s, e, e->verify.other);
		break;
	case EVENT_NOTE:
		if (e->tid)
			expect_reported(s, e, e->tid);
		break;
	case EVENT_LOOK:
	case EVENT_BEGIN:
	case EVENT_GROUP_STOP: /* these are about a process */
	case EVENT_GROUP_CONT:
	case EVENT_REPARENT:
	case EVENT_KIND_COUNT:
		break;
	}
}

/* Prints the latest line. */
static void echo(const struct script *s)
{
	const char *said = text_get(&s->said);
	size_t at = s->said.length - 1;

	while (at && said[at - 1] != '\n')
		at--;
	if (s->echo)
		printf("\t%s", said + at);
}

static void on_event(void *data, const struct event *e)
{
	struct script *s = data;

	say_event(s, e);
	echo(s);
	check_event(s, e);
	if (s->law)
		law_event(s->law, e);
}

/* Orders */

static void say_order(struct script *s, const struct order *order)
{
	static const char *const words[] = {
		[ORDER_CONT] = "cont",	   [ORDER_SYSCALL] = "syscall",	     [ORDER_LISTEN] = "listen",
		[ORDER_DETACH] = "detach", [ORDER_FAULT_UNTRACED] = "aside",
	};

	text_addf(&s->said, "%s %d", words[order->how], (int)order->tid);
	if (order->signal)
		text_addf(&s->said, " signal %d", order->signal);
	if (s->report_exit_stops && order->change & (ORDER_EXIT_STOP | ORDER_NO_EXIT_STOP))
		text_add(&s->said, order->change & ORDER_EXIT_STOP ? " +exit-stop" : " -exit-stop");
	if (order->change & ORDER_SET_FLAGS)
		text_addf(&s->said, " flags 0x%llx", (unsigned long long)order->flags);
	if (order->change & ORDER_SET_FLAGS && order->address)
		text_addf(&s->said, " at 0x%llx", (unsigned long long)order->address);
	text_add(&s->said, order->change & ORDER_SKIP_CALL ? " skip\n" : "\n");
}

/* What the engine writes into the task: the register, or the memory. */
static void set_flags(struct script_task *task, const struct order *order)
{
	assert_int_equal(order->audit_arch, task->call.audit_arch);
	if (!order->address) {
		task->call.args[0] = order->flags;
		return;
	}
	assert_int_equal(order->address, task->call.args[0]);
	memcpy(task->clone_args.bytes, &order->flags, sizeof(order->flags));
}

static void on_order(void *data, const struct order *order)
{
	struct script *s = data;
	struct script_task *task = script_task(s, order->tid);

	say_order(s, order);
	echo(s);
	if (task->ended || !task->traced)
		fail_msg("an order for task %d, which is none of ours any more", (int)order->tid);
	if (!task->stopped && !task->gone)
		fail_msg("an order for task %d, which is not stopped", (int)order->tid);
	if (task->gone)
		return;
	assert_false(order->change & ORDER_EXIT_STOP && order->change & ORDER_NO_EXIT_STOP);
	if (order->change & (ORDER_EXIT_STOP | ORDER_NO_EXIT_STOP))
		task->exit_stop = order->change & ORDER_EXIT_STOP;
	if (order->change & ORDER_SET_FLAGS)
		set_flags(task, order);
	task->stopped = false;
	task->traced = order->how != ORDER_DETACH;
	task->detached = !task->traced;
}

/* Answers */

static void gather_call(struct script_task *task, struct stop *stop)
{
	if (task->at_exit) {
		stop->result = task->result;
		stop->have |= STOP_RESULT;
	} else {
		stop->call = task->call;
		stop->clone_args = task->clone_args;
		stop->have |= STOP_CALL;
	}
}

/* What TID is called in a pid namespace within ours. */
static pid_t number_inside(pid_t tid)
{
	return tid > 1000 ? tid - 1000 : tid;
}

static void gather_ids(struct script *s, struct script_task *task, struct stop *stop)
{
	stop->ids = (struct stop_ids){ .tgid = task->tgid,
				       .ppid = task->ppid,
				       .nspid = task->nspid,
				       .depth = task->depth,
				       .state = task->state,
				       .ours = task->traced,
				       .all.count = task->depth };
	for (unsigned i = 0; i < task->depth; i++)
		stop->ids.all.list[i] = !i ? task->tid : i == task->depth - 1 ? task->nspid : number_inside(task->tid);
	stop->have |= STOP_IDS;
	if (s->report_asking)
		text_addf(&s->said, "asks ids %d\n", (int)stop->tid);
}

static void gather_pid_ns(struct script *s, const struct script_task *task, struct stop *stop)
{
	stop->other_pid_ns = task->depth > 1 || task->unshared;
	stop->have |= STOP_PID_NS;
	if (s->report_asking)
		text_addf(&s->said, "asks pid ns %d\n", (int)stop->tid);
}

/* Of a thread that need not be there any more. */
static void gather_left(const struct script *s, struct stop *stop)
{
	assert_true(stop->pthread);
	for (size_t i = 0; i < s->task_count; i++) {
		if (s->tasks[i]->pthread != stop->pthread || !s->tasks[i]->left_known)
			continue;
		stop->left = s->tasks[i]->left;
		stop->have |= STOP_LEFT;
	}
}

/* What may be asked about a task that runs. */
#define RUNNING_PARTS (STOP_IDS | STOP_ACTION | STOP_MEMORY | STOP_ANSWERS | STOP_LIFE | STOP_WORKERS)

static void on_gather(void *data, struct stop *stop, unsigned parts)
{
	struct script *s = data;
	struct script_task *task = script_find(s, stop->tid);

	if (!task) {
		if (parts & ~(STOP_IDS | STOP_LIFE))
			fail_msg("parts 0x%x of task %d are asked for, which never was", parts, (int)stop->tid);
		return;
	}
	if (parts & ~RUNNING_PARTS && s->kill_at && --s->kill_at == 0) {
		task->gone = true;
		s->was_killed = true;
	}
	if (task->gone || task->ended)
		return;
	if (parts & ~RUNNING_PARTS && !task->stopped)
		fail_msg("parts 0x%x of task %d are asked for, which is not stopped", parts, (int)stop->tid);
	if (parts & STOP_MESSAGE) {
		stop->message = task->message;
		stop->have |= STOP_MESSAGE;
	}
	if (parts & (STOP_CALL | STOP_RESULT))
		gather_call(task, stop);
	if (parts & STOP_IDS)
		gather_ids(s, task, stop);
	if ((parts & STOP_MEMORY && !(s->config.wants & WANT_MEMORY)) ||
	    (parts & STOP_ANSWERS && !(s->config.wants & WANT_VERIFY)) ||
	    (parts & STOP_NAME && !(s->config.wants & WANT_NAMES)))
		fail_msg("parts 0x%x of task %d are asked for, which no output wants", parts, (int)stop->tid);
	if (parts & STOP_PID_NS && !task->no_proc)
		gather_pid_ns(s, task, stop);
	if (parts & STOP_SIGINFO && task->siginfo_known) {
		stop->siginfo = task->siginfo;
		stop->have |= STOP_SIGINFO;
	}
	if (parts & STOP_MEMORY && task->memory.page_tables) {
		stop->memory = task->memory;
		stop->have |= STOP_MEMORY;
	}
	if (parts & STOP_LIFE) {
		stop->life = task->stopped	  ? STOP_ENDING
			     : task->state == 'R' ? STOP_RUNNING
			     : task->state == 'S' ? STOP_SLEEPING
						  : STOP_ENDING;
		stop->have |= STOP_LIFE;
	}
	if (parts & STOP_LEFT)
		gather_left(s, stop);
	if (parts & STOP_FATAL) {
		stop->fatal = task->fatal;
		stop->have |= STOP_FATAL;
	}
	if (parts & STOP_UNREAPED) {
		stop->unreaped = task->unreaped;
		stop->have |= STOP_UNREAPED;
	}
	if (parts & STOP_FILTERS && task->filters_known) {
		stop->filters = task->filters;
		stop->have |= STOP_FILTERS;
	}
	if (parts & STOP_TRACEABLE) {
		stop->traceable = task->traceable;
		stop->have |= STOP_TRACEABLE;
	}
	if (parts & STOP_CALL && task->unreadable) {
		stop->unreadable = true;
		stop->clone_args.length = 0;
	}
	if (parts & STOP_WORKERS) {
		/* a look that finds detached threads of the process has to ask of each whether it is a worker */
		for (size_t i = 0; i < s->task_count; i++) {
			if (s->tasks[i]->tgid == task->tgid && s->tasks[i]->detached)
				fail_msg("workers are looked for when %d has been let go", (int)s->tasks[i]->tid);
		}
		stop->workers = task->workers;
		stop->have |= STOP_WORKERS;
	}
	if (parts & STOP_FACTS && stop->result >= 0)
		fail_msg("the reasons why %d was refused are asked for, which was not", (int)stop->tid);
	if (parts & STOP_FACTS)
		task->wanted = stop->wanted;
	if (parts & STOP_FACTS && task->facts.count) {
		stop->facts = &task->facts;
		stop->have |= STOP_FACTS;
	}
	if (parts & STOP_ANSWERS && task->answers_known) {
		if (stop->beside)
			assert_ptr_not_equal(script_task(s, stop->beside), task);
		task->asked_beside = stop->beside;
		stop->answers = task->answers;
		stop->have |= STOP_ANSWERS;
	}
	if (parts & STOP_ENTERED && task->call.nr != (uint64_t)s->abi->nr[CALL_SETNS])
		fail_msg("what %d has entered is asked for, which is not in setns()", (int)stop->tid);
	if (parts & STOP_ENTERED && task->entered_known) {
		task->wanted = stop->wanted;
		stop->answers = task->entered;
		stop->have |= STOP_ENTERED;
	}
	if (parts & STOP_ACTION) {
		stop->action = task->action;
		stop->have |= STOP_ACTION;
	}
	if (parts & STOP_NAME && task->name) {
		stop->name = task->name;
		stop->have |= STOP_NAME;
	}
	if (parts & STOP_COMMAND && task->command) {
		stop->command = task->command;
		stop->command_cut = task->command_cut;
		stop->set_id = task->set_id;
		stop->have |= STOP_COMMAND;
	}
	if (parts & STOP_USER && task->user_known) {
		stop->user = task->user;
		stop->have |= STOP_USER;
	}
}

static const struct follow_ops script_ops = { on_event, on_order, on_gather };

/* Beginning and end */

struct script *script_new(const struct follow_config *config)
{
	struct script *s = mem_zalloc(1, sizeof(*s));

	s->config = *config;
	s->abi = abi_find_name("x86_64");
	s->now = 1000;
	s->reaper = 1;
	s->law = law_new();
	s->follow = follow_new(config, &script_ops, s);
	return s;
}

struct script *script_launched(enum event_mode mode)
{
	return script_launched_with(&(struct follow_config){ .mode = mode, .seccomp_data = SCRIPT_SECCOMP_DATA });
}

struct script *script_launched_with(const struct follow_config *config)
{
	const struct follow_attached root = { .tid = 10, .tgid = 10, .ppid = 1, .nlwp = 1, .launched = true };
	struct script *s = script_new(config);

	script_add(s, 10, 10, 1);
	follow_begin(s->follow, true, s->abi->audit_arch, script_now(s), 1);
	follow_attach(s->follow, &root, script_now(s));
	script_passes(s);
	return s;
}

void script_free(struct script *s)
{
	struct text fault = TEXT_INIT;

	if (s->law)
		law_end(s->law, &fault);
	follow_free(s->follow);
	for (size_t i = 0; i < s->task_count; i++)
		free(s->tasks[i]);
	free(s->tasks);
	text_done(&s->said);
	free(s);
	if (fault.length)
		fail_msg("%s", text_get(&fault));
	text_done(&fault);
}

void script_without_law(struct script *s)
{
	struct text fault = TEXT_INIT;

	law_end(s->law, &fault);
	text_done(&fault);
	s->law = NULL;
}

struct follow *script_follow(struct script *s)
{
	return s->follow;
}

uint64_t script_now(struct script *s)
{
	s->now += TICK;
	return s->now;
}

void script_attach(struct script *s, pid_t tid, pid_t tgid, pid_t ppid)
{
	const struct follow_attached task = {
		.tid = tid, .tgid = tgid, .ppid = ppid, .nlwp = 1, .exit_stop = tid == tgid
	};

	script_add(s, tid, tgid, ppid)->exit_stop = task.exit_stop;
	follow_attach(s->follow, &task, script_now(s));
}

void script_abi(struct script *s, const char *name)
{
	s->abi = abi_find_name(name);
	assert_non_null(s->abi);
}

/* The kernel's doings */

static bool takes_stack(uint64_t flags)
{
	return (flags & (FLAG_VM | FLAG_VFORK)) == FLAG_VM;
}

static void fill_clone(struct script_task *task, uint64_t flags, uint64_t stack)
{
	task->call.args[0] = flags;
	task->call.args[1] = stack;
}

static void fill_clone3(struct script_task *task, uint64_t flags, uint64_t stack)
{
	const uint64_t fields[CLONE_ARGS_SIZE_VER2 / sizeof(uint64_t)] = {
		[0] = flags & ~FLAG_CSIGNAL,
		[4] = flags & FLAG_CSIGNAL,
		[5] = stack ? stack - THREAD_STACK : 0,
		[6] = stack ? THREAD_STACK : 0,
		[7] = flags & FLAG_SETTLS ? stack : 0, /* as good as any */
	};

	task->call.args[0] = task->call.sp - ARGS_BELOW;
	task->call.args[1] = sizeof(fields);
	task->clone_args.length = sizeof(fields);
	memcpy(task->clone_args.bytes, fields, sizeof(fields));
}

void script_in_call(struct script *s, pid_t tid, enum call call, uint64_t flags)
{
	struct script_task *task = script_task(s, tid);
	uint64_t sp = task->call.sp ? task->call.sp : STACK(++s->stacks);

	task->at_exit = false;
	memset(&task->clone_args, 0, sizeof(task->clone_args));
	task->call = (struct stop_call){ .audit_arch = s->abi->audit_arch,
					 .nr = call == CALL_NONE ? 0 /* read */ : (uint64_t)s->abi->nr[call],
					 .sp = sp,
					 .value = -ENOSYS };
	if (call == CALL_CLONE)
		fill_clone(task, flags, takes_stack(flags) ? STACK(++s->stacks) : 0);
	else if (call == CALL_CLONE3)
		fill_clone3(task, flags, takes_stack(flags) ? STACK(++s->stacks) : 0);
	else
		task->call.args[call == CALL_SETNS] = flags;
}

/* The flags of the creation that TASK is in, the exit signal among them. */
static uint64_t creation_flags(struct script *s, const struct script_task *task)
{
	uint64_t fields[5];

	if (task->call.nr == (uint64_t)s->abi->nr[CALL_FORK])
		return SIGCHLD;
	if (task->call.nr == (uint64_t)s->abi->nr[CALL_VFORK])
		return FLAG_VM | FLAG_VFORK | SIGCHLD;
	if (task->call.nr != (uint64_t)s->abi->nr[CALL_CLONE3])
		return task->call.args[0];
	memcpy(fields, task->clone_args.bytes, sizeof(fields));
	return fields[0] | fields[4];
}

void script_born(struct script *s, pid_t creator, pid_t child)
{
	struct script_task parent = *script_task(s, creator), *task;
	uint64_t flags = creation_flags(s, &parent);
	pid_t ppid = flags & (FLAG_THREAD | FLAG_PARENT) ? parent.ppid : parent.tgid;

	task = script_add(s, child, flags & FLAG_THREAD ? parent.tgid : child, ppid);
	task->call = parent.call;
	task->exit_stop = parent.exit_stop;
	task->creator = creator;
	task->call.seccomp_data = 0;
	task->call.value = 0;
	task->clone_args = parent.clone_args;
	memcpy(&task->pthread, parent.clone_args.bytes + 7 * sizeof(uint64_t), sizeof(task->pthread));
	if (takes_stack(flags))
		task->call.sp = STACK(s->stacks); /* that of the latest call, or so */
	task->depth = parent.depth + !!(flags & FLAG_NEWPID);
	if (flags & FLAG_NEWPID)
		task->nspid = 1;
	else if (task->depth > 1)
		task->nspid = number_inside(child);
	script_task(s, creator)->call.value = parent.depth > 1 ? number_inside(child) : child;
}

void script_gone(struct script *s, pid_t tid)
{
	script_task(s, tid)->gone = true;
}

void script_reaper(struct script *s, pid_t tgid)
{
	s->reaper = tgid;
}

/* Stops */

void script_stop(struct script *s, pid_t tid, int status)
{
	struct script_task *task = script_task(s, tid);
	struct stop stop = { .tid = tid, .status = status, .when = script_now(s) };

	if (task->stopped || !task->traced || task->ended)
		fail_msg("no legal story: task %d cannot stop", (int)tid);
	task->stopped = true;
	follow_stop(s->follow, &stop);
}

static int event_status(enum stop_event event, int signo)
{
	return (int)event << 16 | signo << 8 | 0x7f;
}

void script_event(struct script *s, pid_t tid, enum stop_event event, uint64_t message)
{
	script_task(s, tid)->message = message;
	script_stop(s, tid, event_status(event, SIGTRAP));
}

void script_entry(struct script *s, pid_t tid, enum call call, uint64_t flags)
{
	script_in_call(s, tid, call, flags);
	switch (s->config.mode) {
	case EVENT_MODE_FILTER:
		script_task(s, tid)->call.seccomp_data = SCRIPT_SECCOMP_DATA;
		script_event(s, tid, STOP_EVENT_SECCOMP, SCRIPT_SECCOMP_DATA);
		break;
	case EVENT_MODE_CALLS:
		script_stop(s, tid, W_STOPCODE(SIGTRAP | 0x80));
		break;
	case EVENT_MODE_SNAPSHOT:
	case EVENT_MODE_COUNT:
	case EVENT_MODE_EVENTS:
		break;
	}
}

/* The kernel's choice of the event (kernel/fork.c: kernel_clone()). */
static enum stop_event creation_event(uint64_t flags)
{
	if (flags & FLAG_VFORK)
		return STOP_EVENT_VFORK;
	return (flags & FLAG_CSIGNAL) == SIGCHLD ? STOP_EVENT_FORK : STOP_EVENT_CLONE;
}

void script_created(struct script *s, pid_t tid, pid_t child)
{
	const struct script_task *there = script_find(s, child);
	uint64_t flags = creation_flags(s, script_task(s, tid));

	if (!there || there->ended)
		script_born(s, tid, child);
	script_event(s, tid, creation_event(flags), (uint64_t)child);
}

void script_reports(struct script *s, pid_t tid, pid_t child)
{
	script_event(s, tid, creation_event(creation_flags(s, script_task(s, tid))), (uint64_t)child);
}

void script_returns(struct script *s, pid_t tid, int64_t result)
{
	struct script_task *task = script_task(s, tid);

	task->at_exit = true;
	task->result = task->call.value = result;
	script_stop(s, tid, W_STOPCODE(SIGTRAP | 0x80));
}

void script_first(struct script *s, pid_t tid)
{
	script_stop(s, tid, event_status(STOP_EVENT_STOP, SIGTRAP));
}

void script_signal(struct script *s, pid_t tid, int signo)
{
	script_stop(s, tid, W_STOPCODE(signo));
}

void script_group_stop(struct script *s, pid_t tid, int signo)
{
	script_stop(s, tid, event_status(STOP_EVENT_STOP, signo));
}

void script_exec(struct script *s, pid_t tid, pid_t former, const char *command)
{
	struct script_task *task = script_task(s, tid);

	if (former != tid) {
		script_task(s, former)->ended = true;
		task->gone = task->stopped = task->ended = false;
		task->traced = true;
	}
	task->command = command;
	task->call.sp = 0;
	script_in_call(s, tid, CALL_NONE, 0);
	script_event(s, tid, STOP_EVENT_EXEC, (uint64_t)former);
}

void script_killed_stop(struct script *s, pid_t tid, int status)
{
	script_task(s, tid)->at_exit = false;
	script_event(s, tid, STOP_EVENT_EXIT, (uint64_t)status);
}

void script_exit_stop(struct script *s, pid_t tid, enum call call, int status)
{
	script_in_call(s, tid, call, (uint64_t)WEXITSTATUS(status));
	script_event(s, tid, STOP_EVENT_EXIT, (uint64_t)status);
}

/* The last of a group has ended: what it made has another parent. */
static void reparent(struct script *s, pid_t tgid)
{
	for (size_t i = 0; i < s->task_count; i++)
		if (s->tasks[i]->tgid == tgid && !s->tasks[i]->ended)
			return;
	for (size_t i = 0; i < s->task_count; i++)
		if (s->tasks[i]->ppid == tgid)
			s->tasks[i]->ppid = s->reaper;
}

void script_death(struct script *s, pid_t tid, int status)
{
	struct script_task *task = script_task(s, tid);
	struct stop stop = { .tid = tid, .status = status, .when = script_now(s) };

	if (task->ended || !task->traced)
		fail_msg("no legal story: task %d cannot end", (int)tid);
	task->ended = true;
	task->stopped = false;
	reparent(s, task->tgid);
	follow_stop(s->follow, &stop);
}

void script_spawn(struct script *s, pid_t tid, enum call call, uint64_t flags, pid_t child)
{
	script_entry(s, tid, call, flags);
	script_created(s, tid, child);
	script_first(s, child);
	script_passes(s);
}

void script_idle(struct script *s, unsigned times)
{
	while (times--)
		follow_idle(s->follow, script_now(s));
}

void script_wait(struct script *s, uint64_t ns)
{
	s->now += ns;
}

void script_look(struct script *s, uint64_t ns)
{
	s->now += ns;
	follow_look(s->follow, script_now(s));
}

void script_detach(struct script *s)
{
	follow_detach(s->follow, script_now(s));
}

void script_end(struct script *s, int status)
{
	follow_end(s->follow, status, script_now(s));
}

/* What came out */

void script_says_at(struct script *s, const char *const *lines, const char *file, int line)
{
	struct text expected = TEXT_INIT;

	for (; *lines; lines++)
		text_addf(&expected, "%s\n", *lines);
	if (strcmp(text_get(&expected), text_get(&s->said)) != 0) {
		print_error("%s:%d: expected\n%sgot\n%s", file, line, text_get(&expected), text_get(&s->said));
		text_done(&expected);
		_fail(file, line);
	}
	text_done(&expected);
	script_passes(s);
}

void script_passes(struct script *s)
{
	text_clear(&s->said);
}

void script_report_asking(struct script *s)
{
	s->report_asking = true;
}

void script_report_exit_stops(struct script *s)
{
	s->report_exit_stops = true;
}

void script_kill_at_gather(struct script *s, unsigned n)
{
	s->kill_at = n;
}

bool script_was_killed(const struct script *s)
{
	return s->was_killed;
}

void script_echo(struct script *s)
{
	s->echo = true;
}

unsigned script_count(const struct script *s, const char *prefix)
{
	unsigned count = 0;

	for (const char *at = text_get(&s->said); *at; at = strchr(at, '\n') + 1)
		count += strncmp(at, prefix, strlen(prefix)) == 0;
	return count;
}
