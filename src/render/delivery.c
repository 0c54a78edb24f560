/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The words for a signal that is delivered. The words say that a fact is not known if the siginfo does not show it. */
#include "render/delivery.h"

#include <inttypes.h>
#include <signal.h>
#include <stdlib.h>

#include "base/array.h"
#include "base/mem.h"
#include "base/names.h"
#include "base/text.h"
#include "event/event.h"
#include "event/signal.h"
#include "model/model.h"
#include "model/senders.h"
#include "render/words.h"

#define COMMAND_MAX 40 /* bytes of a sender's program that are shown */

static const struct process *process_of(const struct step *step)
{
	return step->task ? step->task->process : NULL;
}

/* The program that PROCESS runs, without its arguments and folder; nothing if it is not known. */
static void add_program(struct text *text, const struct process *process)
{
	const char *program;
	size_t length;
	char *name;

	if (!process->command)
		return;
	program = model_program(process->command, &length);
	name = mem_strdup(program);
	name[length] = '\0';
	words_add_command(text, name, COMMAND_MAX);
	free(name);
}

/* "4711 (sh, 2 inside)" */
static void add_process(struct text *text, const struct step *step, const struct task *leader)
{
	const struct process *process = leader->process;

	if (process == process_of(step)) {
		text_add(text, "its own process");
		return;
	}
	text_addf(text, "%d", (int)process->tgid);
	if (!process->command && !leader->nspid)
		return;
	text_add(text, " (");
	add_program(text, process);
	if (leader->nspid)
		text_addf(text, "%s%d inside", process->command ? ", " : "", (int)leader->nspid);
	text_add(text, ")");
}

/* " by" and the sender. A task in a pid namespace below writes a number of its own namespace (model/senders.h). If no
 * task with the number was seen in the receiver's pid namespace, the sender can still be a task there that is not
 * traced. */
static void add_sender(struct text *text, const struct step *step, bool own)
{
	const pid_t sender = step->event->signal.sender;
	struct senders senders;

	if (!sender) {
		text_add(text, " from outside its pid namespace");
		return;
	}
	senders_find(step, sender, own, &senders);
	text_add(text, senders.below && !senders.here ? " probably by " : " by ");
	if (senders.here)
		add_process(text, step, senders.here);
	else if (!senders.below)
		text_addf(text, step->event->signal.inside ? "%d inside its pid namespace" : "%d", (int)sender);
	if (senders.here && senders.below)
		text_add(text, " or ");
	if (senders.several)
		text_addf(text, "%d inside a pid namespace below", (int)sender);
	else if (senders.below)
		add_process(text, step, senders.below);
}

/* A union sigval can hold a pointer, or an int with a meaningless upper half. */
static void add_value(struct text *text, uint64_t value)
{
	if (value <= INT32_MAX || value >= (uint64_t)INT32_MIN)
		text_addf(text, ", value %" PRId64, (int64_t)value);
	else
		text_addf(text, ", value 0x%" PRIx64, value);
}

/* The kernel gives the child's number in the parent's pid namespace. */
static void add_child_number(struct text *text, const struct step *step)
{
	const struct event *event = step->event;
	struct senders senders;

	senders_find(step, event->signal.sender, false, &senders);
	if (!event->signal.inside)
		text_addf(text, "%d", (int)event->signal.sender);
	else if (senders.here)
		text_addf(text, "%d (%d inside)", (int)senders.here->tid, (int)event->signal.sender);
	else
		text_addf(text, "%d inside its pid namespace", (int)event->signal.sender);
}

static void add_child(struct text *text, const struct step *step)
{
	const struct event *event = step->event;
	static const char *const words[] = {
		[CLD_KILLED] = "was killed by ", [CLD_DUMPED] = "was killed, with a core, by ",
		[CLD_TRAPPED] = "stopped by ",	 [CLD_STOPPED] = "stopped by ",
		[CLD_CONTINUED] = "goes on by ",
	};
	int code = event->signal.code;

	text_add(text, "child ");
	add_child_number(text, step);
	text_add(text, " ");
	if (code == CLD_EXITED) {
		text_addf(text, "exited %d", (int)event->signal.value);
	} else {
		text_add(text, words[code]);
		signal_add_name(text, (int)event->signal.value);
	}
}

static void add_fault(struct text *text, const struct event *event)
{
	const char *name = signal_code_name(event->signal.signo, event->signal.code);

	if (name)
		text_add(text, name);
	else
		text_addf(text, "si_code %d", event->signal.code);
	if (signal_origin(event->signal.signo, event->signal.code) == SIGNAL_SYSCALL)
		text_addf(text, " by the kernel, at its call number %" PRIu64, event->signal.value);
	else
		text_addf(text, " by the kernel, at address 0x%" PRIx64, event->signal.value);
}

static void add_kernel(struct text *text, int signo)
{
	static const struct {
		int signo;
		const char *words;
	} rows[] = {
		{ SIGINT, ", for the terminal" },
		{ SIGQUIT, ", for the terminal" },
		{ SIGTSTP, ", for the terminal" },
		{ SIGTTIN, ", for the terminal" },
		{ SIGTTOU, ", for the terminal" },
		{ SIGWINCH, ", for the terminal" },
		{ SIGALRM, ": its alarm() or ITIMER_REAL" },
		{ SIGVTALRM, ": its ITIMER_VIRTUAL" },
		{ SIGPROF, ": its ITIMER_PROF" },
	};

	text_add(text, "by the kernel");
	for (size_t i = 0; i < ARRAY_LENGTH(rows); i++)
		if (rows[i].signo == signo)
			text_add(text, rows[i].words);
}

/* SI_USER. */
static void add_kill(struct text *text, const struct step *step)
{
	int error = signal_write_error(step->event->signal.signo);
	pid_t tgid = process_of(step) ? process_of(step)->tgid : 0;
	enum signal_aim aim = signal_aim(step->event, tgid);

	if (error && aim == SIGNAL_AIM_TASK) {
		text_addf(text, "by the kernel: a write of its own failed with %s", errno_name(error));
		return;
	}
	text_add(text, "kill()");
	add_sender(text, step, true);
	if (aim == SIGNAL_AIM_UNKNOWN)
		text_add(text, ", or the kernel for a failed write");
}

void delivery_add_origin(struct text *text, const struct step *step)
{
	const struct event *event = step->event;

	if (!(event->have & EVENT_HAVE_SIGINFO))
		return;
	switch (signal_origin(event->signal.signo, event->signal.code)) {
	case SIGNAL_KILL:
		add_kill(text, step);
		break;
	case SIGNAL_TGKILL:
		text_add(text, "tgkill()");
		add_sender(text, step, true);
		break;
	case SIGNAL_QUEUE:
		text_add(text, "sigqueue()");
		add_sender(text, step, true);
		text_add(text, ", so the sender says");
		add_value(text, event->signal.value);
		break;
	case SIGNAL_TIMER:
		text_add(text, "by a timer of timer_create()");
		add_value(text, event->signal.value);
		break;
	case SIGNAL_MESSAGE:
		text_add(text, "by mq_notify(), for a message that was sent");
		add_sender(text, step, false);
		break;
	case SIGNAL_IO:
		text_add(text, "by the kernel: a descriptor is ready");
		break;
	case SIGNAL_FAULT:
	case SIGNAL_SYSCALL:
		add_fault(text, event);
		break;
	case SIGNAL_CHILD:
		add_child(text, step);
		break;
	case SIGNAL_KERNEL:
		add_kernel(text, event->signal.signo);
		break;
	case SIGNAL_OTHER:
		text_addf(text, "by the kernel: a child's end or a ready descriptor (si_code %d)", event->signal.code);
		break;
	}
}

/* Adds which task the signal went to, if the process has several tasks. */
static void add_taker(struct text *text, const struct step *step)
{
	const struct process *process = process_of(step);
	bool leader = step->task->tid == process->tgid;

	if (process->nlwp < 2)
		return;
	text_add(text, ", taken by its ");
	if (leader)
		text_add(text, "leader");
	else
		text_addf(text, "thread %d", (int)step->task->tid);
	text_addf(text, ", one of %u tasks", process->nlwp);
}

void delivery_add_aim(struct text *text, const struct step *step)
{
	const struct process *process = process_of(step);

	if (!process || !(step->event->have & EVENT_HAVE_SIGINFO))
		return;
	switch (signal_aim(step->event, process->tgid)) {
	case SIGNAL_AIM_PROCESS:
		text_addf(text, "aimed at process %d", (int)process->tgid);
		add_taker(text, step);
		break;
	case SIGNAL_AIM_TASK:
		text_addf(text, "aimed at task %d", (int)step->task->tid);
		if (process->nlwp > 1)
			text_addf(text, " alone, %s of process %d",
				  step->task->tid == process->tgid ? "the leader" : "a thread", (int)process->tgid);
		break;
	case SIGNAL_AIM_UNKNOWN:
		text_addf(text, "aimed at process %d or at this task (siginfo does not tell)", (int)process->tgid);
		add_taker(text, step);
		break;
	}
}

/* "the whole process 4471, 3 tasks" */
static void add_whole(struct text *text, const struct process *process)
{
	text_addf(text, process->nlwp > 1 ? "the whole process %d, " : "process %d", (int)process->tgid);
	if (process->nlwp > 1)
		words_add_count(text, process->nlwp, "task");
}

static void add_default(struct text *text, const struct task *task, int signo)
{
	const struct process *process = task->process;
	enum signal_default action = signal_default(signo);

	/* kernel/signal.c: SIGNAL_UNKILLABLE. SIGSTOP comes here only from outside the namespace, and then has its
	 * effect. */
	if ((task->nspid == 1 || process->tgid == 1) && action != SIGNAL_CONTINUES && signo != SIGSTOP)
		action = SIGNAL_NOTHING;
	switch (action) {
	case SIGNAL_ENDS:
		text_add(text, "no handler: kills ");
		add_whole(text, process);
		break;
	case SIGNAL_STOPS:
		text_add(text, "no handler: stops ");
		add_whole(text, process);
		if (signo != SIGSTOP)
			text_add(text, ", unless its process group is orphaned");
		break;
	case SIGNAL_CONTINUES:
		text_add(text, "no handler: it has let the process go on, if that was stopped");
		break;
	case SIGNAL_NOTHING:
		text_add(text, "no handler: no effect");
		break;
	}
}

void delivery_add_action(struct text *text, const struct step *step)
{
	const struct event *event = step->event;

	if (!(event->have & EVENT_HAVE_ACTION))
		return;
	if (event->signal.caught)
		text_add(text, "a handler runs");
	else if (event->signal.ignored)
		text_add(text, "ignored: no effect");
	else if (step->task)
		add_default(text, step->task, event->signal.signo);
}
