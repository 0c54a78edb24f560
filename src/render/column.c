/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The columns of tables of tasks, one row for each, and the text of their cells. */
#include "render/column.h"

#include <inttypes.h>
#include <string.h>
#include <sys/wait.h>

#include "base/array.h"
#include "base/clock.h"
#include "base/names.h"
#include "base/text.h"
#include "clone/check.h"
#include "clone/flags.h"
#include "clone/request.h"
#include "clone/resource.h"
#include "model/model.h"
#include "render/look_cells.h"
#include "render/words.h"
#include "snapshot/snapshot.h"

/* ---- cells ---- */

static void add_task(struct text *cell, const struct column_row *row)
{
	const struct task *task = row->task;

	words_add_ids(cell, task);
	if (task->made_by)
		text_addf(cell, " (by %d)", (int)task->made_by);
	else if (row->deeper && task->creator)
		text_addf(cell, " (by %d)", (int)task->creator->tid);
	if (row->alike)
		text_addf(cell, " and %" PRIu64 " alike", row->alike);
}

static void add_tid(struct text *cell, const struct column_row *row)
{
	text_addf(cell, "%d", (int)row->task->tid);
}

static void add_tgid(struct text *cell, const struct column_row *row)
{
	text_addf(cell, "%d", (int)row->task->process->tgid);
}

static void add_uid(struct text *cell, const struct column_row *row)
{
	if (row->task->process->uid != (uid_t)-1)
		text_addf(cell, "%u", (unsigned)row->task->process->uid);
}

static void add_ppid(struct text *cell, const struct column_row *row)
{
	if (row->task->process->ppid)
		text_addf(cell, "%d", (int)row->task->process->ppid);
}

static void add_nspid(struct text *cell, const struct column_row *row)
{
	text_addf(cell, "%d", (int)(row->task->nspid ? row->task->nspid : row->task->tid));
}

/* For a process that has ended: the most tasks that it had. */
static void add_nlwp(struct text *cell, const struct column_row *row)
{
	const struct process *process = row->task->process;

	text_addf(cell, "%u", row->nlwp ? row->nlwp : process->nlwp ? process->nlwp : process->most);
}

static void add_creator(struct text *cell, const struct column_row *row)
{
	const struct task *task = row->task;

	if (task->made_by || task->creator)
		text_addf(cell, "%d", (int)(task->made_by ? task->made_by : task->creator->tid));
}

static void add_kind(struct text *cell, const struct column_row *row)
{
	words_add_kind(cell, row->task);
}

static void add_outcome(struct text *cell, const struct column_row *row)
{
	words_add_outcome(cell, row->task);
}

static void add_status(struct text *cell, const struct column_row *row)
{
	const int status = row->task->status;

	if (row->task->state != TASK_ENDED || status == TASK_STATUS_UNKNOWN)
		return;
	if (WIFSIGNALED(status))
		signal_add_name(cell, WTERMSIG(status));
	else
		text_addf(cell, "%d", WEXITSTATUS(status));
}

static void add_seconds(struct text *cell, uint64_t ns)
{
	text_addf(cell, "%" PRIu64 ".%06" PRIu64, ns / CLOCK_SECOND, ns % CLOCK_SECOND / 1000);
}

static void add_start(struct text *cell, const struct column_row *row)
{
	if (!row->task->attached)
		add_seconds(cell, row->task->start - row->begun);
}

/* How long it lived, or has lived. */
static void add_life(struct text *cell, const struct column_row *row)
{
	const struct task *task = row->task;

	if (!task->attached)
		add_seconds(cell, (task->end ? task->end : row->now) - task->start);
}

/* Whether the command of TASK's process is shown at TASK: once for each process, at its leader. */
static bool has_command(const struct task *task)
{
	const struct process *process = task->process;

	return process->command && (process->leader == task || process->tgid == task->tid) &&
	       task->state != TASK_REPLACED;
}

const char *column_name(const struct task *task)
{
	return has_command(task) ? NULL : task->name;
}

const char *column_command(const struct task *task)
{
	return has_command(task) ? task->process->command : column_name(task);
}

static void add_command(struct text *cell, const struct column_row *row)
{
	const char *command = row->names ? row->names : column_command(row->task);

	if (command)
		text_add_escaped(cell, command);
}

/* As in ps -L: at each task. */
static void add_cmd(struct text *cell, const struct column_row *row)
{
	if (row->task->process->command)
		text_add_escaped(cell, row->task->process->command);
}

static void add_flags(struct text *cell, const struct column_row *row)
{
	if (row->task->requested)
		flags_format(cell, row->task->flags, CALL_CLONE3);
}

static void add_call(struct text *cell, const struct column_row *row)
{
	words_add_made_by(cell, "", row->task, row->options);
}

static void add_exit_signal(struct text *cell, const struct column_row *row)
{
	const struct process *process = row->task->process;

	if (process->leader == row->task && process->exit_signal > 0)
		signal_add_name(cell, process->exit_signal);
}

/* What it shared with its creator at its birth. */
static void add_shared(struct text *cell, const struct column_row *row)
{
	const struct task *task = row->task;
	const struct request request = task_request(task);
	enum outcome outcomes[RESOURCE_COUNT];
	const char *separator = "";

	if (!task->requested)
		return;
	resource_outcomes(&request, outcomes);
	for (unsigned i = RESOURCE_MEMORY; i <= RESOURCE_IO; i++) {
		if (outcomes[i] != OUTCOME_SHARED && outcomes[i] != OUTCOME_SHARED_EXEC &&
		    outcomes[i] != OUTCOME_SHARED_ANY)
			continue;
		text_addf(cell, "%s%s%s", separator, resource_name(i),
			  outcomes[i] == OUTCOME_SHARED_ANY ? " (if any)" : "");
		separator = ", ";
	}
}

/* What it shares with its creator now, or shared at its end. */
static void add_shares(struct text *cell, const struct column_row *row)
{
	const char *separator = "";

	for (unsigned i = 0; i <= CHECK_SYSVSEM; i++) {
		if (!(row->task->shares >> i & 1))
			continue;
		text_addf(cell, "%s%s", separator, check_name((enum check)i));
		separator = ", ";
	}
}

/* The kinds of namespace in MASK: "mnt,pid"; if there are many, those that it lacks: "all but time", "all". */
static void add_kinds(struct text *cell, unsigned mask)
{
	const unsigned all = (1U << NAMESPACE_KINDS) - 1;
	const bool most = __builtin_popcount(mask & all) > NAMESPACE_KINDS / 2;
	const unsigned named = (most ? ~mask : mask) & all;
	const char *before = most ? "all but " : "";

	if (most && !named)
		text_add(cell, "all");
	for (unsigned i = 0; i < NAMESPACE_KINDS; i++) {
		if (!(named >> i & 1))
			continue;
		text_addf(cell, "%s%s", before, namespace_key((enum namespace)i));
		before = ",";
	}
}

static void add_ns(struct text *cell, const struct column_row *row)
{
	add_kinds(cell, task_ns_others(row->task));
}

/* As in --snapshot. */
static void add_ns_inodes(struct text *cell, const struct column_row *row)
{
	const struct task_ns *ns = row->task->ns;

	for (unsigned i = 0; ns && i < NAMESPACE_KINDS; i++) {
		if (!ns->ids[i])
			continue;
		text_addf(cell, "%s%s", cell->length ? " " : "", namespace_key((enum namespace)i));
		if (!(ns->ids[i] & TASK_NS_UNNAMED))
			text_addf(cell, ":%" PRIu64, ns->ids[i]);
	}
}

static void add_brought(struct text *cell, const struct column_row *row)
{
	add_kinds(cell, row->task->brought);
}

static void add_entered(struct text *cell, const struct column_row *row)
{
	add_kinds(cell, row->task->entered);
}

/* ---- the table ---- */

static const struct column columns[] = {
	{ "TASK", "the task as a tree, and its other ids", COLUMN_TREE, add_task, COLUMN_OWN },
	{ "TID", "the task's id, what gettid() returns", COLUMN_NUMBER, add_tid, COLUMN_OWN },
	{ "TGID", "its thread group's id, what getpid() returns", COLUMN_NUMBER, add_tgid, COLUMN_OWN },
	{ "PPID", "its process's parent process, at the end", COLUMN_NUMBER, add_ppid, 0 },
	{ "UID", "its process's effective user, at its latest exec", COLUMN_NUMBER, add_uid, 0 },
	{ "PID", "as ps has it: the TGID", COLUMN_NUMBER, add_tgid, COLUMN_OWN },
	{ "LWP", "as ps has it: the TID", COLUMN_NUMBER, add_tid, COLUMN_OWN },
	{ "NLWP", "tasks in its process; of one that has ended, at most", COLUMN_NUMBER, add_nlwp, 0 },
	{ "NSPID", "the TID as the task itself sees it", COLUMN_NUMBER, add_nspid, COLUMN_OWN },
	{ "CREATOR", "the task that made it", COLUMN_NUMBER, add_creator, 0 },
	{ "KIND", "thread or process, and which", COLUMN_STRING, add_kind, COLUMN_KIND },
	{ "CALL", "the library call that made it; \"like\": its request looks so", COLUMN_STRING, add_call,
	  COLUMN_CALL },
	{ "FLAGS", "the flags that made it", COLUMN_STRING, add_flags, COLUMN_CUT },
	{ "SHARED", "what it was born sharing with its creator", COLUMN_STRING, add_shared, COLUMN_CUT },
	{ "SHARES", "what of it is left, after unshare and exec of the two", COLUMN_STRING, add_shares, COLUMN_CUT },
	{ "NS", "the namespaces it is in that are not the tracer's", COLUMN_STRING, add_ns, 0 },
	{ "NSINODES", "... with their inode numbers, as lsns has them", COLUMN_STRING, add_ns_inodes, COLUMN_CUT },
	{ "BROUGHT", "those it was made with, or made by unshare", COLUMN_STRING, add_brought, 0 },
	{ "ENTERED", "those it went into by setns", COLUMN_STRING, add_entered, 0 },
	{ "EXITSIG", "the signal that its process's end sends to the parent", COLUMN_STRING, add_exit_signal, 0 },
	{ "START", "seconds from the start of the trace to its birth", COLUMN_NUMBER, add_start, COLUMN_OWN },
	{ "LIFE", "seconds that it lived", COLUMN_NUMBER, add_life, COLUMN_OWN },
	{ "STATUS", "exit status, or the signal that killed it", COLUMN_STRING, add_status, 0 },
	{ "FATE", "what became of it, in words", COLUMN_STRING, add_outcome, 0 },
	{ "COMMAND", "its process's command line, only at the leader, or the thread's name", COLUMN_STRING, add_command,
	  COLUMN_CUT | COLUMN_NAME },
	{ "CMD", "as ps has it: the command line, at each task", COLUMN_STRING, add_cmd, COLUMN_CUT },

	{ "LWP", NULL, COLUMN_TREE, look_add_lwp, COLUMN_SEEN },
	{ "PID", NULL, COLUMN_NUMBER, look_add_pid, COLUMN_SEEN },
	{ "PPID", NULL, COLUMN_NUMBER, look_add_ppid, COLUMN_SEEN },
	{ "UID", NULL, COLUMN_NUMBER, look_add_uid, COLUMN_SEEN },
	{ "NLWP", NULL, COLUMN_NUMBER, look_add_nlwp, COLUMN_SEEN },
	{ "KIND", NULL, COLUMN_STRING, look_add_kind, COLUMN_SEEN },
	{ "S", NULL, COLUMN_STRING, look_add_state, COLUMN_SEEN },
	{ "SHARES", NULL, COLUMN_STRING, look_add_shares, COLUMN_SEEN },
	{ "NAMESPACES", NULL, COLUMN_STRING, look_add_namespaces, COLUMN_SEEN },
	{ "COMMAND", NULL, COLUMN_STRING, look_add_command, COLUMN_CUT | COLUMN_SEEN },
};

const struct column *column_table(size_t *ret_count)
{
	*ret_count = ARRAY_LENGTH(columns);
	return columns;
}
