/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The table of the parts of a stop, each with the function that gets it from the kernel. */
#include "source/ptrace/gather.h"

#include <errno.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/array.h"
#include "follow/follow.h"
#include "source/kernel/procfs/memory.h"
#include "source/kernel/procfs/ns.h"
#include "source/kernel/procfs/path.h"
#include "source/kernel/procfs/stat.h"
#include "source/kernel/procfs/status.h"
#include "source/kernel/procfs/tasks.h"
#include "source/ptrace/answers.h"
#include "source/ptrace/causes.h"
#include "source/ptrace/late.h"
#include "source/ptrace/maytrace.h"
#include "source/ptrace/sys.h"
#include "source/stack/stacks.h"

/* Each function gets one part. Returns whether it could get the part. */

static bool have_ids(struct gather *g, struct stop *stop)
{
	struct proc_status status;

	(void)g;
	if (proc_status(stop->tid, &status) < 0)
		return false;
	stop->ids = status.ids;
	return true;
}

static bool have_pid_ns(struct gather *g, struct stop *stop)
{
	char pid_ns[GATHER_PID_NS_SIZE];

	if (!*g->pid_ns || proc_ns_name(stop->tid, NAMESPACE_PID_CHILDREN, pid_ns, sizeof(pid_ns)) < 0)
		return false;
	stop->other_pid_ns = strcmp(pid_ns, g->pid_ns);
	return true;
}

static bool have_action(struct gather *g, struct stop *stop)
{
	(void)g;
	return !proc_action(stop->tid, WSTOPSIG(stop->status), &stop->action);
}

static bool have_memory(struct gather *g, struct stop *stop)
{
	(void)g;
	return !proc_memory(stop->tid, &stop->memory);
}

static bool have_life(struct gather *g, struct stop *stop)
{
	(void)g;
	stop->life = proc_life(stop->tid);
	return true;
}

/* Whether the thread beside has ended by itself, which only the C library knows. */
static bool have_left(struct gather *g, struct stop *stop)
{
	struct proc_status status;
	int left = -ENODATA;

	if (g->unwind && !proc_status(stop->tid, &status))
		left = stacks_has_left(g->unwind, stop->tid, status.ids.tgid, stop->pthread);
	if (left < 0)
		return false;
	stop->left = left;
	return true;
}

static bool have_filters(struct gather *g, struct stop *stop)
{
	(void)g;
	return !proc_filters(stop->tid, &stop->filters);
}

static bool have_traceable(struct gather *g, struct stop *stop)
{
	(void)g;
	stop->traceable = may_trace(stop->tid, stop->beside);
	return true;
}

static bool have_fatal(struct gather *g, struct stop *stop)
{
	(void)g;
	stop->fatal = proc_is_fatal(stop->tid, stop->signo);
	return true;
}

static bool have_unreaped(struct gather *g, struct stop *stop)
{
	(void)g;
	return !proc_unreaped(stop->tid, &stop->unreaped);
}

static bool have_command(struct gather *g, struct stop *stop)
{
	text_clear(&g->command);
	text_clear(&g->argv);
	if (program_begin(&g->program, stop->tid, &g->argv, &g->argv_cut) < 0 ||
	    proc_command_of(&g->command, stop->tid, &g->argv, &stop->command_cut) < 0)
		return false;
	proc_set_id(stop->tid, program_stat(&g->program), &stop->set_id);
	stop->command = text_get(&g->command);
	return true;
}

static bool have_user(struct gather *g, struct stop *stop)
{
	return !proc_user(stop->tid, program_stat(&g->program), &stop->user);
}

static bool have_name(struct gather *g, struct stop *stop)
{
	text_clear(&g->name);
	if (sys_name(stop->tid, stop->call.args[1], &g->name) < 0) {
		stop->unreadable = sys_is_unreadable(stop->tid, stop->call.args[1]);
		return false;
	}
	stop->name = text_get(&g->name);
	return true;
}

/* The facts that can explain a refusal. */
static bool have_facts(struct gather *g, struct stop *stop)
{
	const struct causes_wanted wanted = {
		.facts = stop->wanted.facts,
		.namespaces = stop->wanted.namespaces,
		.descriptor = stop->wanted.descriptor,
		.own_filter = g->own_filter,
	};

	causes_look(stop->tid, &wanted, &g->facts, &g->cgroup);
	stop->facts = &g->facts;
	return true;
}

static bool have_answers(struct gather *g, struct stop *stop)
{
	return !answers_ask(g->kcmp, stop->tid, stop->beside ? stop->beside : getpid(), &stop->answers);
}

static bool have_entered(struct gather *g, struct stop *stop)
{
	(void)g;
	return !answers_entered(stop->tid, stop->wanted.descriptor, stop->wanted.namespaces, &stop->answers);
}

static bool is_followed(const void *data, pid_t tid)
{
	return follow_knows(data, tid);
}

static bool have_workers(struct gather *g, struct stop *stop)
{
	return !proc_workers(stop->tid, stop->wanted.threads, is_followed, g->follow, &stop->workers);
}

/* The parts that sys_gather() does not get, in the order in which they are gathered: `user` needs the file that
 * `command` has found. */
static const struct {
	unsigned part;
	bool (*have)(struct gather *g, struct stop *stop);
} table[] = {
	{ STOP_IDS, have_ids },		  { STOP_PID_NS, have_pid_ns },	      { STOP_ACTION, have_action },
	{ STOP_MEMORY, have_memory },	  { STOP_LIFE, have_life },	      { STOP_LEFT, have_left },
	{ STOP_FILTERS, have_filters },	  { STOP_TRACEABLE, have_traceable }, { STOP_FATAL, have_fatal },
	{ STOP_UNREAPED, have_unreaped }, { STOP_COMMAND, have_command },     { STOP_NAME, have_name },
	{ STOP_FACTS, have_facts },	  { STOP_ANSWERS, have_answers },     { STOP_ENTERED, have_entered },
	{ STOP_WORKERS, have_workers },	  { STOP_USER, have_user },
};

/* These parts change a string, or memory that stacks use. */
#define PARTS_POINTED_TO (STOP_LEFT | STOP_COMMAND | STOP_NAME | STOP_FACTS)

void gather(struct gather *g, struct stop *stop, unsigned parts)
{
	if (parts & PARTS_POINTED_TO)
		late_report_pointing(g->late);
	sys_gather(stop, parts);
	for (size_t i = 0; i < ARRAY_LENGTH(table); i++)
		if (parts & table[i].part && table[i].have(g, stop))
			stop->have |= table[i].part;
}

void gather_init(struct gather *g)
{
	if (proc_ns_name(PROC_SELF, NAMESPACE_PID, g->pid_ns, sizeof(g->pid_ns)) < 0)
		*g->pid_ns = '\0';
}

void gather_done(struct gather *g)
{
	program_done(&g->program);
	text_done(&g->command);
	text_done(&g->argv);
	text_done(&g->name);
	text_done(&g->cgroup);
}
