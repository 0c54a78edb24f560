/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The table of the facts that are added to events: to which kinds, for which wants, and by which function. */
#include "source/ptrace/enrich.h"

#include <limits.h>
#include <string.h>

#include "base/array.h"
#include "clone/flags.h"
#include "event/want.h"
#include "source/kernel/procfs/memory.h"
#include "source/kernel/procfs/ns.h"
#include "source/kernel/procfs/path.h"
#include "source/kernel/procfs/status.h"
#include "source/ptrace/gather.h"
#include "source/ptrace/program.h"
#include "source/ptrace/seccomp_filter.h"
#include "source/ptrace/sys.h"
#include "source/stack/stacks.h"

/* Namespaces */

/* After an unshare(CLONE_NEWPID) the first child, which is the init of the new pid namespace, shows the number. */
static bool spawn_has_namespaces(const struct event *event)
{
	const unsigned creation = EVENT_HAVE_CREATOR | EVENT_HAVE_REQUEST;

	return (event->have & creation) != creation ||
	       event->attempt.request.flags & (FLAG_NAMESPACES | FLAG_EMPTY_MNTNS) ||
	       (event->have & EVENT_HAVE_NSPID && event->spawn.nspid == 1);
}

static bool call_has_namespaces(const struct event *event)
{
	const struct request *request = &event->attempt.request;

	return event->call.result >= 0 && (request->call == CALL_SETNS || request_namespaces(request));
}

/* The task whose namespaces have changed with EVENT, or were not known before; 0: none. This task does not run now: a
 * new task has not run yet. If calls are not seen, they are read at each exec, which takes long anyway. */
static pid_t whose_namespaces(const struct enrich *e, const struct event *event)
{
	switch ((int)event->kind) {
	case EVENT_ATTACH:
		return event->attach.launched ? 0 : event->tid;
	case EVENT_SPAWN:
		return spawn_has_namespaces(event) ? event->spawn.child : 0;
	case EVENT_EXEC:
		return e->time_moves || !e->calls_seen ? event->tid : 0;
	case EVENT_CALL:
		return call_has_namespaces(event) ? event->tid : 0;
	}
	return 0;
}

static bool has_namespaces(const struct enrich *e, const struct event *event)
{
	return event->kind == EVENT_BEGIN || whose_namespaces(e, event);
}

/* Those of an attached task: a leader's come before those of its threads. */
static unsigned namespaces_attached(struct enrich *e, struct event *event)
{
	const pid_t tid = event->tid, tgid = event->attach.tgid;
	unsigned known;

	if (tid != tgid && tgid == e->leader)
		return proc_thread_namespaces(tgid, tid, e->leader_ns, event->ns);
	known = proc_namespaces(tid, event->ns);
	memcpy(e->leader_ns, event->ns, sizeof(e->leader_ns));
	/* a leader that has ended shows only some of them */
	e->leader = tid == tgid && known == NAMESPACE_COUNT ? tid : 0;
	return known;
}

static void add_namespaces(struct enrich *e, struct event *event)
{
	const pid_t whose = event->kind == EVENT_BEGIN ? PROC_SELF : whose_namespaces(e, event);
	const unsigned known =
		event->kind == EVENT_ATTACH ? namespaces_attached(e, event) : proc_namespaces(whose, event->ns);

	if (known)
		event->have |= EVENT_HAVE_NS;
}

/* Adds facts about the machine, on which follow must not depend. */
static void add_host(struct enrich *e, struct event *event)
{
	if (uname(&e->host) < 0)
		return;
	event->have |= EVENT_HAVE_HOST;
	event->begin.version = PACKAGE_VERSION;
	event->begin.release = e->host.release;
}

/* Stacks */

static bool has_unwind(const struct enrich *e, const struct event *event)
{
	(void)event;
	return e->unwind;
}

/* The creator is stopped in the call. */
static void add_stack(struct enrich *e, struct event *event)
{
	const struct request *request = event->kind == EVENT_SPAWN ? event_request(event) : NULL;
	struct proc_status status;
	pid_t tgid = event->tid;

	event->have |= EVENT_HAVE_STACK;
	if (event->kind == EVENT_SPAWN)
		tgid = event->spawn.creator_tgid ? event->spawn.creator_tgid : tgid;
	else if (proc_status(event->tid, &status) == 0)
		tgid = status.ids.tgid;
	stacks_find(e->unwind, event->tid, tgid, request, &event->attempt.stack);
	if (event->kind == EVENT_SPAWN)
		stacks_start(e->unwind, event);
}

/* Descriptors */

/* What FD of the event's task refers to. */
static void add_refers(struct enrich *e, struct event *event, int fd)
{
	text_clear(&e->refers);
	if (descriptor_name(&e->refers, event->tid, fd) < 0)
		return;
	event->attempt.refers = text_get(&e->refers);
	event->have |= EVENT_HAVE_REFERS;
}

/* The kernel has written its number before the creator stops (kernel/fork.c: copy_process()). */
static void add_pidfd(struct enrich *e, struct event *event)
{
	const struct request *request = &event->attempt.request;
	int fd;

	text_clear(&e->pidfd_is);
	if (!(request->have & REQUEST_PIDFD) || sys_read(event->tid, request->pidfd, &fd, sizeof(fd)) != sizeof(fd))
		return;
	if (descriptor_name(&e->pidfd_is, event->tid, fd) < 0)
		return;
	event->spawn.pidfd = fd;
	event->spawn.pidfd_is = text_get(&e->pidfd_is);
	event->have |= EVENT_HAVE_PIDFD;
}

/* Adds the descriptors of a call whose caller is stopped in the call. */
static void add_descriptors(struct enrich *e, struct event *event)
{
	const struct request *request = event_request(event);

	if (!request)
		return;
	if (request->call == CALL_SETNS)
		add_refers(e, event, (int)request->args[0]);
	else if (request->have & REQUEST_CGROUP)
		add_refers(e, event, (int)request->cgroup);
	if (event->kind == EVENT_SPAWN)
		add_pidfd(e, event);
}

/* Programs */

static void take_argv(struct enrich *e, struct event *event, struct arguments *argv)
{
	*argv = (struct arguments){ e->gather->argv.data, e->gather->argv.length, e->gather->argv_cut };
	event->have |= EVENT_HAVE_ARGV | (e->gather->argv_cut ? EVENT_HAVE_ARGV_CUT : 0);
}

static bool always(const struct enrich *e, const struct event *event)
{
	(void)e;
	(void)event;
	return true;
}

/* The program that an exec has started, and its arguments, which follow has just asked for. */
static void add_program(struct enrich *e, struct event *event)
{
	struct program *program = &e->gather->program;
	unsigned known;

	if (event->have & EVENT_HAVE_COMMAND)
		take_argv(e, event, &event->exec.argv);
	known = program_look(program, event->tid, &event->exec.argv);
	event->exec.script = text_get(&program->script);
	event->exec.exe = text_get(&program->exe);
	event->exec.loader = text_get(&program->loader);
	event->exec.cwd = text_get(&program->cwd);
	event->have |= (known & PROGRAM_SCRIPT ? EVENT_HAVE_SCRIPT : 0) | (known & PROGRAM_EXE ? EVENT_HAVE_EXE : 0) |
		       (known & PROGRAM_LOADER ? EVENT_HAVE_LOADER : 0) | (known & PROGRAM_CWD ? EVENT_HAVE_CWD : 0);
}

static bool has_arguments(const struct enrich *e, const struct event *event)
{
	(void)e;
	return event->have & EVENT_HAVE_COMMAND;
}

/* Adds the arguments of a process that existed before the trace. */
static void add_arguments(struct enrich *e, struct event *event)
{
	text_clear(&e->gather->argv);
	if (!proc_arguments(&e->gather->argv, event->tid, &e->gather->argv_cut))
		take_argv(e, event, &event->attach.argv);
}

static bool has_file(const struct enrich *e, const struct event *event)
{
	(void)e;
	return call_is_exec(event->attempt.request.call);
}

/* The file of an exec that failed. The caller is stopped at the end of the call. */
static void add_file(struct enrich *e, struct event *event)
{
	const struct request *request = &event->attempt.request;
	const bool at = request->call == CALL_EXECVEAT;

	text_clear(&e->file);
	if (!sys_string(event->tid, request->args[at], PATH_MAX, &e->file)) {
		event->call.file = text_get(&e->file);
		event->have |= EVENT_HAVE_FILE;
	}
	if (at && (int)request->args[0] >= 0 && *text_get(&e->file) != '/')
		add_refers(e, event, (int)request->args[0]);
}

/* Ends */

static bool has_forbidden(const struct enrich *e, const struct event *event)
{
	(void)e;
	return event->have & EVENT_HAVE_FORBIDDEN;
}

/* The name of the call that was forbidden. */
static void add_call(struct enrich *e, struct event *event)
{
	text_clear(&e->call);
	filter_call_name(&e->call, event->exit.audit_arch, event->exit.nr);
	event->exit.call = text_get(&e->call);
}

/* The table */

#define KIND(kind) (1u << EVENT_##kind)
#define CREATIONS (KIND(SPAWN) | KIND(REFUSED))

static const struct {
	unsigned kinds;
	unsigned wants; /* only if one of these is wanted (enum event_want); 0: always */
	bool stopped;	/* only while the event's task is stopped for it */
	bool (*has)(const struct enrich *e, const struct event *event);
	void (*add)(struct enrich *e, struct event *event);
} table[] = {
	{ KIND(BEGIN), 0, false, always, add_host },
	{ KIND(EXIT), 0, false, has_forbidden, add_call },
	{ KIND(EXEC), 0, true, always, add_program },
	{ KIND(CALL), 0, true, has_file, add_file },
	{ CREATIONS, WANT_ORIGINS | WANT_STACKS, true, has_unwind, add_stack },
	{ CREATIONS | KIND(CALL), WANT_DESCRIPTORS, true, always, add_descriptors },
	{ KIND(ATTACH), 0, false, has_arguments, add_arguments },
	{ KIND(BEGIN) | KIND(ATTACH) | KIND(SPAWN) | KIND(CALL) | KIND(EXEC), 0, false, has_namespaces,
	  add_namespaces },
};

#define ROWS ARRAY_LENGTH(table)

_Static_assert(ROWS <= 32, "what is found has a bit 1 << row");

static bool is_due(const struct enrich *e, size_t row, const struct event *event)
{
	return table[row].kinds & 1u << event->kind && (!table[row].wants || table[row].wants & e->wants) &&
	       (!table[row].stopped || event->tid == e->stopped) && table[row].has(e, event);
}

unsigned enrich_find(struct enrich *e, const struct event *event)
{
	unsigned found = 0;

	if (event->kind == EVENT_CALL && call_has_namespaces(event) && event->attempt.request.call == CALL_UNSHARE)
		e->time_moves |= event->attempt.request.flags & FLAG_NEWTIME;
	for (unsigned i = 0; i < ROWS; i++)
		found |= is_due(e, i, event) ? 1u << i : 0;
	return found;
}

void enrich_add(struct enrich *e, struct event *event, unsigned found)
{
	for (unsigned i = 0; i < ROWS; i++)
		if (found & 1u << i)
			table[i].add(e, event);
}

void enrich_done(struct enrich *e)
{
	text_done(&e->call);
	text_done(&e->pidfd_is);
	text_done(&e->refers);
	text_done(&e->file);
}
