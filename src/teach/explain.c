/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Puts kind, reasons, sharing and flags into words. */
#include "teach/explain.h"

#include <stdbool.h>
#include <string.h>

#include "base/array.h"
#include "base/names.h"
#include "base/text.h"
#include "clone/fingerprint.h"
#include "clone/flags.h"
#include "clone/kind.h"
#include "clone/request.h"
#include "clone/resource.h"
#include "teach/meaning.h"

enum { SIGNO_CHLD = 17 };

/* wait(2) ignores a child whose exit signal is not SIGCHLD, unless an option asks for it (clone(2), "The child
 * termination signal"). */
#define EXPLAIN_WAIT "wait needs __WALL/__WCLONE"
#define EXPLAIN_EXEC "SIGCHLD instead after an exec by $c or $r"

static void explain_pid(struct text *text, pid_t pid, const char *unknown)
{
	if (pid)
		text_addf(text, "%d", (int)pid);
	else
		text_add(text, unknown);
}

/* Adds TEMPLATE with $c the child, $m its creator, $t the creator's process, $p the child's parent if that is the
 * caller's, too, else $r. */
static void explain_template(struct text *text, const char *template, const struct parties *parties)
{
	for (; *template; template ++) {
		if (*template != '$') {
			text_add_bytes(text, template, 1);
			continue;
		}
		switch (*++template) {
		case 'c':
			explain_pid(text, parties->child, "the child");
			break;
		case 'm':
			explain_pid(text, parties->creator, "the caller");
			break;
		case 't':
			explain_pid(text, parties->creator_tgid, "the caller's process");
			break;
		case 'r':
			explain_pid(text, parties->parent, "the parent");
			break;
		default:
			explain_pid(text, parties->parent, "the caller's parent");
		}
	}
}

/* The namespace flags that the program passed for the child, by their bits in REQUEST. */
static uint64_t explain_namespace_flags(const struct request *request)
{
	return (request_namespaces(request) | FLAG_EMPTY_MNTNS) & request->flags;
}

static void explain_namespaces(struct text *text, const struct request *request)
{
	enum { NAMED_AT_MOST = 2 }; /* more would fill the line, and the line of the call has them all */
	const uint64_t flags = explain_namespace_flags(request);
	const int count = __builtin_popcountll(flags);

	if (count <= NAMED_AT_MOST)
		flags_format(text, flags, request->call);
	else
		text_addf(text, "%d CLONE_NEW* flags", count);
}

/* "in a new pid namespace", "in new namespaces" */
static void explain_where(struct text *text, const struct request *request)
{
	const uint64_t namespaces = request_namespaces(request);

	for (unsigned i = RESOURCE_NS; i <= RESOURCE_NS_LAST; i++)
		if (namespaces == resource_flag(i)) {
			text_addf(text, " in a new %s", resource_name(i));
			return;
		}
	text_add(text, " in new namespaces");
}

/* The parent of a process, and its creator if that is not the parent. */
static void explain_parent(struct text *text, const struct request *request, const struct parties *parties)
{
	const pid_t creator = parties->creator, tgid = parties->creator_tgid;
	const pid_t parent = parties->parent ? parties->parent : tgid;

	if (request->flags & FLAG_PARENT)
		explain_template(text, ", child of $p (CLONE_PARENT), not of $m that made it", parties);
	else if (tgid && parent != tgid) /* the creator's process has ended meanwhile */
		explain_template(text, ", now a child of $p, made by $m", parties);
	else if (tgid && creator && creator != tgid)
		text_addf(text, ", child of process %d, by its thread %d", (int)tgid, (int)creator);
	else if (creator && parent && parent != creator)
		text_addf(text, ", child of %d, made by %d", (int)parent, (int)creator);
	else if (parent)
		text_addf(text, ", child of %d", (int)parent);
	else if (creator) /* the parent may be any thread's process */
		text_addf(text, ", child of the process of %d", (int)creator);
}

/* Whether explain_parent() says only "child of PID", so the line has room for the full reason. */
static bool explain_is_plain(const struct request *request, const struct parties *parties)
{
	const pid_t creator = parties->creator, tgid = parties->creator_tgid, parent = parties->parent;

	return !(request->flags & (FLAG_PARENT | FLAG_VFORK)) && (!creator || !tgid || creator == tgid) &&
	       (!parent || !creator || parent == creator);
}

static void explain_unknown(struct text *text, const struct parties *parties)
{
	explain_template(text, "TASK $c: its flags are not known", parties);
	if (parties->child_tgid && parties->child_tgid == parties->child)
		text_add(text, "; a process by its tgid");
	else if (parties->child_tgid && parties->child)
		text_addf(text, "; a thread of process %d by its tgid", (int)parties->child_tgid);
}

static void explain_thread(struct text *text, const struct request *request, const struct parties *parties)
{
	const pid_t tgid = parties->child_tgid ? parties->child_tgid : parties->creator_tgid;

	text_add(text, ": CLONE_THREAD puts it in ");
	if (tgid)
		text_addf(text, "process %d", (int)tgid);
	else
		text_add(text, "the caller's process");
	if (parties->threads)
		text_addf(text, " (%u thread%s)", parties->threads, parties->threads == 1 ? "" : "s");
	if (request_namespaces(request)) {
		text_add(text, ";");
		explain_where(text, request);
		text_add(text, ": ");
		explain_namespaces(text, request);
	}
}

/* What is said about each kind between the child's pid and its parent. */
static void explain_process(struct text *text, enum kind kind, const struct request *request,
			    const struct parties *parties)
{
	switch (kind) {
	case KIND_PROCESS:
		text_add(text, explain_is_plain(request, parties) ? ": a new thread group (no CLONE_THREAD)"
								  : ": no CLONE_THREAD");
		break;
	case KIND_PROCESS_VFORK:
		text_add(text, " sharing memory until exec: CLONE_VM|CLONE_VFORK");
		break;
	case KIND_PROCESS_SHARING:
		text_add(text, " sharing memory for good: CLONE_VM, no CLONE_THREAD");
		break;
	case KIND_PROCESS_NAMESPACES:
		explain_where(text, request);
		text_add(text, ": ");
		explain_namespaces(text, request);
		text_add(text, ", no CLONE_THREAD");
		break;
	case KIND_UNKNOWN:
	case KIND_THREAD:
	case KIND_COUNT:
		break;
	}
	explain_parent(text, request, parties);
}

/* What is out of the ordinary for KIND. */
static void explain_besides(struct text *text, enum kind kind, const struct request *request,
			    const struct parties *parties)
{
	const bool memory = request->flags & FLAG_VM, waits = request->flags & FLAG_VFORK;

	if (kind == KIND_PROCESS_SHARING)
		text_add(text, "; neither one thing nor the other");
	if (kind == KIND_PROCESS_NAMESPACES && memory)
		text_add(text, waits ? "; shares memory until exec (CLONE_VM|CLONE_VFORK)"
				     : "; shares memory for good (CLONE_VM)");
	else if (kind != KIND_PROCESS_VFORK && waits)
		explain_template(text, "; $m waits (CLONE_VFORK)", parties);
	if (kind != KIND_THREAD && waits && !memory)
		text_add(text, ", memory is copied");
}

void explain_verdict(struct text *text, const struct request *request, const struct parties *parties)
{
	const enum kind kind = kind_of(request);
	const char *like = fingerprint_find(request);

	if (kind == KIND_UNKNOWN) {
		explain_unknown(text, parties);
		return;
	}
	text_add(text, kind == KIND_THREAD ? "THREAD" : "PROCESS");
	if (parties->child)
		text_addf(text, " %d", (int)parties->child);
	if (parties->child && parties->inside)
		text_addf(text, " (%d inside)", (int)parties->inside);
	if (kind == KIND_THREAD)
		explain_thread(text, request, parties);
	else
		explain_process(text, kind, request, parties);
	explain_besides(text, kind, request, parties);
	if (like && !parties->seen)
		text_addf(text, "; looks like %s", like);
}

/* One group of explain_sharing(): the resources from `first` to `last` with one of `outcomes`; a `suffix` that all
 * their names have is added once. */
static const struct explain_group {
	const char *title, *suffix;
	enum resource first, last;
	unsigned outcomes; /* bits 1 << OUTCOME_... */
} explain_groups[] = {
	{ "shared: ", "", RESOURCE_MEMORY, RESOURCE_IO, 1U << OUTCOME_SHARED | 1U << OUTCOME_SHARED_ANY },
	{ "shared until exec: ", "", RESOURCE_MEMORY, RESOURCE_MEMORY, 1U << OUTCOME_SHARED_EXEC },
	{ "copied: ", "", RESOURCE_MEMORY, RESOURCE_IO, 1U << OUTCOME_COPIED | 1U << OUTCOME_COPIED_WRITE },
	{ "reset: ", "", RESOURCE_SIGHAND, RESOURCE_SIGHAND, 1U << OUTCOME_RESET },
	{ "own: ", "", RESOURCE_TLS, RESOURCE_STACK, 1U << OUTCOME_NEW },
	{ "new: ", " namespace", RESOURCE_NS, RESOURCE_NS_LAST, 1U << OUTCOME_NEW },
};

static void explain_group(struct text *text, const struct explain_group *group,
			  const enum outcome outcomes[RESOURCE_COUNT])
{
	const size_t suffix = strlen(group->suffix);
	unsigned members = 0;

	for (unsigned i = group->first; i <= group->last; i++) {
		const char *name = resource_name(i);

		if (!(group->outcomes & 1U << outcomes[i]))
			continue;
		text_add(text, members++ ? ", " : group->title);
		text_add_bytes(text, name, strlen(name) - suffix);
		text_add(text, outcomes[i] == OUTCOME_COPIED_WRITE ? " (on write)"
			       : outcomes[i] == OUTCOME_SHARED_ANY ? " (if any)"
								   : "");
	}
	if (members)
		text_addf(text, "%s%s   ", group->suffix, suffix && members > 1 ? "s" : "");
}

/* Which process is informed of the child's end: kernel/signal.c, do_notify_parent(). */
static const struct explain_end explain_ends[] = {
	{ FLAG_THREAD, EXPLAIN_SIGNAL_ANY, "no signal is sent",
	  "exit signal: none, $c is a thread; no signal is sent when it ends",
	  "clone(2), CLONE_THREAD; kernel/fork.c, copy_process() (exit_signal = -1)" },
	{ FLAG_AUTOREAP, EXPLAIN_SIGNAL_ANY, "no signal is sent, no zombie",
	  "exit signal: none (CLONE_AUTOREAP); no signal is sent when $c ends", "clone: add CLONE_AUTOREAP (7.1)" },
	{ FLAG_PARENT, EXPLAIN_SIGNAL_ANY, "parent gets the exit signal of $t",
	  "exit signal: that of $t (CLONE_PARENT), sent to $p when $c ends",
	  "kernel/fork.c, copy_process() (group_leader->exit_signal)" },
	{ 0, EXPLAIN_SIGNAL_CHLD, "parent gets $s", "exit signal $s: sent to $r when $c ends",
	  "clone(2), The child termination signal" },
	{ 0, EXPLAIN_SIGNAL_OTHER, "parent gets $s (SIGCHLD after an exec), " EXPLAIN_WAIT,
	  "exit signal $s: sent to $r when $c ends, " EXPLAIN_WAIT "; " EXPLAIN_EXEC,
	  "clone(2), The child termination signal; fs/exec.c, de_thread() (exit_signal); "
	  "kernel/signal.c, do_notify_parent() (parent_exec_id)" },
	{ 0, EXPLAIN_SIGNAL_NONE, "no signal is sent (SIGCHLD after an exec), " EXPLAIN_WAIT,
	  "exit signal $s: no signal is sent when $c ends, " EXPLAIN_WAIT "; " EXPLAIN_EXEC,
	  "clone(2), The child termination signal; fs/exec.c, de_thread() (exit_signal); "
	  "kernel/signal.c, do_notify_parent() (parent_exec_id)" },
};

const struct explain_end *explain_end_table(size_t *ret_count)
{
	*ret_count = ARRAY_LENGTH(explain_ends);
	return explain_ends;
}

static const struct explain_end *explain_end_find(const struct request *request)
{
	const uint64_t signo = request->exit_signal;
	const unsigned which = !signo || signo > SIGNAL_LAST ? EXPLAIN_SIGNAL_NONE
			       : signo == SIGNO_CHLD	     ? EXPLAIN_SIGNAL_CHLD
							     : EXPLAIN_SIGNAL_OTHER;
	const struct explain_end *row = explain_ends;

	while ((request->flags & row->with) != row->with || (row->signal != EXPLAIN_SIGNAL_ANY && row->signal != which))
		row++; /* one of the last three fits */
	return row;
}

/* As explain_template(), also with $s the exit signal. */
static void explain_signal_template(struct text *text, const char *template, const struct request *request,
				    const struct parties *parties)
{
	static const char word[] = "signal ";
	const char *at = strstr(template, "$s");
	const bool said =
		at && at - template >= (ptrdiff_t)strlen(word) && !strncmp(at - strlen(word), word, strlen(word));
	const bool is_signal = request->exit_signal && request->exit_signal <= SIGNAL_LAST;
	struct text before = TEXT_INIT;

	if (!at) {
		explain_template(text, template, parties);
		return;
	}
	text_add_bytes(&before, template, (size_t)(at - template));
	explain_template(text, text_get(&before), parties);
	text_done(&before);
	if (is_signal && (signal_has_name((int)request->exit_signal) || !said))
		signal_add_name(text, (int)request->exit_signal);
	else
		text_addf(text, "%llu", (unsigned long long)request->exit_signal);
	explain_template(text, at + 2, parties);
}

static void explain_reported(struct text *text, const struct request *request, const struct parties *parties)
{
	explain_signal_template(text, explain_end_find(request)->brief, request, parties);
}

void explain_sharing(struct text *text, const struct request *request, const struct parties *parties)
{
	enum outcome outcomes[RESOURCE_COUNT];

	if (kind_of(request) == KIND_UNKNOWN)
		return;
	resource_outcomes(request, outcomes);
	for (size_t i = 0; i < ARRAY_LENGTH(explain_groups); i++)
		explain_group(text, &explain_groups[i], outcomes);
	explain_reported(text, request, parties);
}

void explain_flag(struct text *text, const struct flag *flag, const struct request *request,
		  const struct parties *parties)
{
	const struct meaning *meaning = meaning_find(flag->value, true, request);

	text_addf(text, "%s: ", flag->name);
	explain_template(text, meaning ? meaning->text : flag->means, parties);
}

void explain_refused_flag(struct text *text, const struct flag *flag, const struct request *request,
			  const struct parties *parties)
{
	const struct meaning *meaning = meaning_find(flag->value, true, request);

	text_addf(text, "%s would mean: ", flag->name);
	explain_template(text, meaning ? meaning->text : flag->means, parties);
}

bool explain_missing(struct text *text, const struct flag *flag, const struct request *request,
		     const struct parties *parties)
{
	const struct meaning *meaning = meaning_find(flag->value, false, request);

	if (!meaning)
		return false;
	text_addf(text, "no %s: ", flag->name);
	explain_template(text, meaning->text, parties);
	return true;
}

void explain_sentence(struct text *text, const struct meaning *meaning, const struct parties *parties)
{
	const bool creation = meaning->calls & (1U << CALL_CLONE | 1U << CALL_CLONE3);

	text_add(text, meaning->set ? "set" : "not set");
	if (!creation)
		text_addf(text, " in %s", meaning->calls & 1U << CALL_UNSHARE ? "unshare" : "setns");
	if (meaning->with) {
		text_add(text, ", with ");
		flags_format(text, meaning->with, CALL_CLONE3);
	}
	if (meaning->without) {
		text_add(text, ", without ");
		flags_format(text, meaning->without, CALL_CLONE3);
	}
	text_add(text, ": ");
	explain_template(text, meaning->text, parties);
}

uint64_t explain_sharing_flags(const struct request *request)
{
	uint64_t flags = FLAG_VM | FLAG_FS | FLAG_FILES | FLAG_SIGHAND | FLAG_THREAD | FLAG_SYSVSEM | FLAG_IO;

	if (!call_is_creation(request->call) || !(request->have & REQUEST_FLAGS))
		return 0;
	/* That no thread pointer was given means sharing only if the memory is shared. */
	return request->flags & FLAG_VM ? flags | FLAG_SETTLS : flags;
}

bool explain_correction(struct text *text, const struct request *request, const struct parties *parties,
			unsigned *reported)
{
	const pid_t creator = parties->creator, tgid = parties->creator_tgid;
	const bool by_thread = creator && tgid && creator != tgid;
	size_t count;
	const struct correction *table = correction_table(&count);

	for (size_t i = 0; i < count; i++) {
		if (*reported & 1U << i || !correction_fits(&table[i], request, by_thread))
			continue;
		*reported |= 1U << i;
		text_addf(text, "a half-truth: \"%s\": ", table[i].half);
		explain_template(text, table[i].text, parties);
		return true;
	}
	return false;
}

void explain_outcome(struct text *text, enum resource resource, enum outcome outcome, const struct parties *parties)
{
	text_add(text, outcome_name(outcome));
	if (resource == RESOURCE_THREAD_GROUP && outcome == OUTCOME_SHARED && parties->child_tgid)
		text_addf(text, " (%d)", (int)parties->child_tgid);
	else if (resource == RESOURCE_THREAD_GROUP && outcome == OUTCOME_NEW && parties->child)
		text_addf(text, " (%d)", (int)parties->child);
	else if (resource == RESOURCE_PARENT && parties->parent)
		text_addf(text, " (%d)", (int)parties->parent);
}

void explain_open_stack(struct text *text, const struct request *request)
{
	struct request without = *request;
	enum outcome outcomes[RESOURCE_COUNT];

	without.have &= ~(unsigned)REQUEST_STACK;
	resource_outcomes(&without, outcomes);
	text_addf(text, "%s if given, else %s", outcome_name(OUTCOME_NEW), outcome_name(outcomes[RESOURCE_STACK]));
}

void explain_exit_signal(struct text *text, const struct request *request, const struct parties *parties)
{
	struct parties own = *parties;

	if (!own.parent)
		own.parent = own.creator_tgid;
	explain_signal_template(text, explain_end_find(request)->text, request, &own);
}

void explain_looks_like(struct text *text, const struct request *request)
{
	const struct fingerprint *row = fingerprint_row(request);

	if (!row)
		return;
	text_addf(text, "looks like %s: it makes exactly this %s, with these flags, ", row->name,
		  call_name(request->call));
	if (request->exit_signal)
		signal_add_name(text, (int)request->exit_signal);
	else
		text_add(text, "no exit signal");
	text_addf(text, " and %s stack, in %s", row->stack ? "a" : "no", row->library);
	if (row->also)
		text_addf(text, "; so do %s", row->also);
}
