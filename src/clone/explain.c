/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Puts kind, reasons, sharing and flags into words. */
#include "clone/explain.h"

#include <stdbool.h>
#include <string.h>

#include "base/names.h"
#include "base/text.h"
#include "clone/fingerprint.h"
#include "clone/flags.h"
#include "clone/kind.h"
#include "clone/request.h"
#include "clone/resource.h"

#define ARRAY_LENGTH(array) (sizeof(array) / sizeof((array)[0]))

enum { SIGNO_CHLD = 17, SIGNO_LAST = 64 };

/* wait(2) passes over a child whose exit signal is not SIGCHLD unless it is told to look (clone(2), "The child
 * termination signal"). */
#define EXPLAIN_WAIT "wait needs __WALL/__WCLONE"

static void explain_pid(struct text *text, pid_t pid, const char *unknown)
{
	if (pid)
		text_addf(text, "%d", (int)pid);
	else
		text_add(text, unknown);
}

/* Adds TEMPLATE with $c the child, $m its maker, $t the maker's process, $p the child's parent. */
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
	enum { NAMED_AT_MOST = 2 }; /* more would fill the line; the call's own line has them all */
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

	for (unsigned i = RESOURCE_NS_MNT; i <= RESOURCE_NS_TIME; i++)
		if (namespaces == resource_flag(i)) {
			text_addf(text, " in a new %s", resource_name(i));
			return;
		}
	text_add(text, " in new namespaces");
}

/* Whose child a process is, and who made it where that is somebody else. */
static void explain_parent(struct text *text, const struct request *request, const struct parties *parties)
{
	const pid_t creator = parties->creator, tgid = parties->creator_tgid;
	const pid_t parent = parties->parent ? parties->parent : (tgid ? tgid : creator);

	if (request->flags & FLAG_PARENT)
		explain_template(text, ", child of $p (CLONE_PARENT), not of $m that made it", parties);
	else if (tgid && parent != tgid) /* the creator's process has ended meanwhile */
		explain_template(text, ", now a child of $p, made by $m", parties);
	else if (tgid && creator && creator != tgid)
		text_addf(text, ", child of process %d, by its thread %d", (int)tgid, (int)creator);
	else if (creator && parent != creator)
		text_addf(text, ", child of %d, made by %d", (int)parent, (int)creator);
	else if (parent)
		text_addf(text, ", child of %d", (int)parent);
}

/* Whether explain_parent() has no more to say than "child of PID", and the line room for the reason in full. */
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

/* What kinds have to say between the child's pid and its parent. */
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
	if (kind == KIND_THREAD)
		explain_thread(text, request, parties);
	else
		explain_process(text, kind, request, parties);
	explain_besides(text, kind, request, parties);
	if (like)
		text_addf(text, "; looks like %s", like);
}

/* One group of explain_sharing(): the resources from `first` to `last` with one of `fates`; a `suffix` that all their
 * names have is said once. */
static const struct explain_group {
	const char *title, *suffix;
	enum resource first, last;
	unsigned fates; /* bits 1 << FATE_... */
} explain_groups[] = {
	{ "shared: ", "", RESOURCE_MEMORY, RESOURCE_IO, 1U << FATE_SHARED },
	{ "shared until exec: ", "", RESOURCE_MEMORY, RESOURCE_MEMORY, 1U << FATE_SHARED_EXEC },
	{ "copied: ", "", RESOURCE_MEMORY, RESOURCE_IO, 1U << FATE_COPIED | 1U << FATE_COPIED_WRITE },
	{ "reset: ", "", RESOURCE_SIGHAND, RESOURCE_SIGHAND, 1U << FATE_RESET },
	{ "own: ", "", RESOURCE_TLS, RESOURCE_STACK, 1U << FATE_NEW },
	{ "new: ", " namespace", RESOURCE_NS_MNT, RESOURCE_NS_TIME, 1U << FATE_NEW },
};

static void explain_group(struct text *text, const struct explain_group *group, const enum fate fates[RESOURCE_COUNT])
{
	const size_t suffix = strlen(group->suffix);
	unsigned members = 0;

	for (unsigned i = group->first; i <= group->last; i++) {
		const char *name = resource_name(i);

		if (!(group->fates & 1U << fates[i]))
			continue;
		text_add(text, members++ ? ", " : group->title);
		text_add_bytes(text, name, strlen(name) - suffix);
		text_add(text, fates[i] == FATE_COPIED_WRITE ? " (on write)" : "");
	}
	if (members)
		text_addf(text, "%s%s   ", group->suffix, suffix && members > 1 ? "s" : "");
}

/* Who learns that the child ends: kernel/signal.c, do_notify_parent(). */
static void explain_told(struct text *text, const struct request *request, const struct parties *parties)
{
	const uint64_t signo = request->exit_signal;

	if (request->flags & FLAG_THREAD) {
		text_add(text, "nobody is signalled");
	} else if (request->flags & FLAG_AUTOREAP) {
		text_add(text, "nobody is signalled, no zombie");
	} else if (request->flags & FLAG_PARENT) {
		text_add(text, "parent gets the exit signal of ");
		explain_template(text, "$t", parties);
	} else if (!signo || signo > SIGNO_LAST) {
		text_add(text, "nobody is signalled, " EXPLAIN_WAIT);
	} else {
		text_add(text, "parent gets ");
		signal_add_name(text, (int)signo);
		text_add(text, signo == SIGNO_CHLD ? "" : ", " EXPLAIN_WAIT);
	}
}

void explain_sharing(struct text *text, const struct request *request, const struct parties *parties)
{
	enum fate fates[RESOURCE_COUNT];

	if (kind_of(request) == KIND_UNKNOWN)
		return;
	resource_fates(request, fates);
	for (size_t i = 0; i < ARRAY_LENGTH(explain_groups); i++)
		explain_group(text, &explain_groups[i], fates);
	explain_told(text, request, parties);
}

#define IN_NEW (1U << CALL_CLONE | 1U << CALL_CLONE3 | 1U << CALL_FORK | 1U << CALL_VFORK)
#define IN_UNSHARE (1U << CALL_UNSHARE)
#define IN_SETNS (1U << CALL_SETNS)

/* What flags mean, the first row that fits: its flag and all of `with` set, in one of its calls. */
static const struct explain_row {
	uint64_t flag, with;
	unsigned calls;
	const char *template;
} explain_rows[] = {
	{ FLAG_NEWTIME, FLAG_VM, IN_NEW, "$c stays in $m's time namespace, its children begin in a new one" },
	{ FLAG_NEWTIME, 0, IN_NEW, "$c begins in a new time namespace" },
	{ FLAG_VM, FLAG_THREAD, IN_NEW, "$c and $m have one memory" },
	{ FLAG_VM, FLAG_VFORK, IN_NEW, "$c and $m have one memory until $c execs or exits" },
	{ FLAG_VM, 0, IN_NEW, "$c and $m have one memory: what one writes the other reads" },
	{ FLAG_FS, 0, IN_NEW, "$c and $m have one root, one cwd and one umask" },
	{ FLAG_FILES, 0, IN_NEW, "$c and $m have one descriptor table" },
	{ FLAG_SIGHAND, 0, IN_NEW, "$c and $m have one table of signal handlers" },
	{ FLAG_PIDFD, 0, IN_NEW, "$m gets a descriptor that stands for $c" },
	{ FLAG_PTRACE, 0, IN_NEW, "a tracer of $m traces $c too" },
	{ FLAG_VFORK, FLAG_THREAD, IN_NEW, "$m waits until $c exits" },
	{ FLAG_VFORK, 0, IN_NEW, "$m waits until $c execs or exits" },
	{ FLAG_PARENT, FLAG_THREAD, IN_NEW, "no effect: $c is a thread, its parent is that of its process" },
	{ FLAG_PARENT, 0, IN_NEW, "$c is a child of $p, not of $m that made it" },
	{ FLAG_THREAD, 0, IN_NEW, "$c joins the thread group of $t and is no process of its own" },
	{ FLAG_NEWNS, 0, IN_NEW, "$c begins in a new mount namespace, a copy of $m's" },
	{ FLAG_SYSVSEM, 0, IN_NEW, "$c and $m have one list of semaphore adjustments (SEM_UNDO)" },
	{ FLAG_SETTLS, 0, IN_NEW, "$c has thread-local storage of its own" },
	{ FLAG_PARENT_SETTID, 0, IN_NEW, "the new tid is written to parent_tid, in $m's memory" },
	/* kernel/fork.c, mm_release(): only while others use the memory */
	{ FLAG_CHILD_CLEARTID, FLAG_VM, IN_NEW, "when $c ends or execs, child_tid is cleared and a waiter woken" },
	{ FLAG_CHILD_CLEARTID, 0, IN_NEW, "no effect unless $c shares its memory when it ends" },
	{ FLAG_DETACHED, 0, IN_NEW, "no effect since 2.6.0" },
	{ FLAG_UNTRACED, 0, IN_NEW, "a tracer of $m is not to follow $c" },
	{ FLAG_CHILD_SETTID, 0, IN_NEW, "the new tid is written to child_tid, in $c's memory" },
	{ FLAG_NEWCGROUP, 0, IN_NEW, "$c begins in a new cgroup namespace" },
	{ FLAG_NEWUTS, 0, IN_NEW, "$c begins in a new UTS namespace, with a copy of $m's host name" },
	{ FLAG_NEWIPC, 0, IN_NEW, "$c begins in a new, empty IPC namespace" },
	{ FLAG_NEWUSER, 0, IN_NEW, "$c begins in a new user namespace, with all capabilities there" },
	{ FLAG_NEWPID, 0, IN_NEW, "$c is pid 1 of a new pid namespace" },
	{ FLAG_NEWNET, 0, IN_NEW, "$c begins in a new network namespace, with a loopback device alone" },
	{ FLAG_IO, 0, IN_NEW, "$c and $m have one I/O context: one submitter to the I/O scheduler" },
	{ FLAG_CLEAR_SIGHAND, 0, IN_NEW, "signals that $m handles have their default action in $c" },
	{ FLAG_INTO_CGROUP, 0, IN_NEW, "$c begins in the cgroup that the descriptor names" },
	{ FLAG_AUTOREAP, 0, IN_NEW, "$c leaves no zombie and sends no signal when it ends" },
	{ FLAG_NNP, 0, IN_NEW, "$c begins with no_new_privs: no exec gives it privileges" },
	{ FLAG_PIDFD_AUTOKILL, 0, IN_NEW, "$c is killed when its pidfd is closed" },
	{ FLAG_EMPTY_MNTNS, 0, IN_NEW, "$c begins in a new, empty mount namespace" },
	{ FLAG_NEWTIME, 0, IN_UNSHARE, "children of $m will begin in a new time namespace" },
	{ FLAG_NEWPID, 0, IN_UNSHARE, "children of $m will begin in a new pid namespace, the first as pid 1" },
	{ FLAG_NEWPID, 0, IN_SETNS, "children of $m will begin in the pid namespace of the descriptor" },
	{ FLAG_UNSHARE_EMPTY_MNTNS, 0, IN_UNSHARE, "$m moves into a new, empty mount namespace" },
	/* unshare(2): these three are allowed in a process of one thread alone, and do nothing there */
	{ FLAG_VM, 0, IN_UNSHARE, "asks that $m share its memory with nobody" },
	{ FLAG_SIGHAND, 0, IN_UNSHARE, "asks that $m share its signal handlers with nobody" },
	{ FLAG_THREAD, 0, IN_UNSHARE, "asks that $m be the only thread of its process" },
	{ FLAG_FS, 0, IN_UNSHARE, "$m gets a root, a cwd and a umask of its own" },
	{ FLAG_FILES, 0, IN_UNSHARE, "$m gets a descriptor table of its own" },
	{ FLAG_SYSVSEM, 0, IN_UNSHARE, "$m gets a list of semaphore adjustments of its own, the old one is applied" },
};

/* unshare and setns of a namespace, where no row has more to say. */
static bool explain_move(struct text *text, uint64_t flag, enum call call, const struct parties *parties)
{
	if (call_is_creation(call))
		return false;
	for (unsigned i = RESOURCE_NS_MNT; i <= RESOURCE_NS_TIME; i++) {
		if (resource_flag(i) != flag)
			continue;
		explain_template(text, call == CALL_SETNS ? "$m joins the " : "$m moves into a new ", parties);
		text_addf(text, "%s%s", resource_name(i), call == CALL_SETNS ? " of the descriptor" : "");
		return true;
	}
	return false;
}

static void explain_meaning(struct text *text, const struct flag *flag, const struct request *request,
			    const struct parties *parties)
{
	for (size_t i = 0; i < ARRAY_LENGTH(explain_rows); i++) {
		const struct explain_row *row = &explain_rows[i];

		if (row->flag == flag->value && (request->flags & row->with) == row->with &&
		    row->calls & 1U << request->call) {
			explain_template(text, row->template, parties);
			return;
		}
	}
	if (!explain_move(text, flag->value, request->call, parties))
		text_add(text, flag->means);
}

void explain_flag(struct text *text, const struct flag *flag, const struct request *request,
		  const struct parties *parties)
{
	text_addf(text, "%s: ", flag->name);
	explain_meaning(text, flag, request, parties);
}

void explain_refused_flag(struct text *text, const struct flag *flag, const struct request *request,
			  const struct parties *parties)
{
	text_addf(text, "%s would mean: ", flag->name);
	explain_meaning(text, flag, request, parties);
}

void explain_exit_signal(struct text *text, const struct request *request, const struct parties *parties)
{
	const uint64_t signo = request->exit_signal;
	const bool sent = signo && signo <= SIGNO_LAST;
	struct parties own = *parties;

	if (!own.parent)
		own.parent = own.creator_tgid ? own.creator_tgid : own.creator;
	if (request->flags & FLAG_THREAD) {
		explain_template(text, "exit signal: none, $c is a thread; nobody is signalled when it ends", parties);
		return;
	}
	if (request->flags & FLAG_AUTOREAP) {
		explain_template(text, "exit signal: none (CLONE_AUTOREAP); nobody is signalled when $c ends", parties);
		return;
	}
	if (request->flags & FLAG_PARENT) {
		explain_template(text, "exit signal: that of $t (CLONE_PARENT), sent to $p when $c ends", parties);
		return;
	}
	text_add(text, "exit signal ");
	if (sent)
		signal_add_name(text, (int)signo);
	else
		text_addf(text, "%llu", (unsigned long long)signo);
	if (sent)
		explain_template(text, own.parent ? ": sent to $p when $c ends" : ": sent to the parent when $c ends",
				 &own);
	else
		explain_template(text, ": nobody is signalled when $c ends", parties);
	text_add(text, signo == SIGNO_CHLD ? "" : ", " EXPLAIN_WAIT);
}
