/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Says why a process could not be attached to. */
#include "source/ptrace/attach_list.h"

#include <errno.h>
#include <pwd.h>
#include <string.h>
#include <unistd.h>

#include "base/mem.h"
#include "base/text.h"
#include "source/kernel/hidden.h"
#include "source/kernel/procfs/idmap.h"
#include "source/kernel/procfs/path.h"
#include "source/kernel/procfs/status.h"

static unsigned yama_scope(void)
{
	uint64_t scope = 0;

	proc_sysctl("kernel/yama/ptrace_scope", &scope);
	return (unsigned)scope;
}

static void why_tracer(struct text *why, pid_t tracer)
{
	struct proc_status status;

	text_addf(why, "it is already traced by process %d", (int)tracer);
	if (!proc_status(tracer, &status))
		text_addf(why, " (%s)", status.name);
	text_add(why, "; a task has one tracer: end that one first");
}

/* Whether the kernel shows UID for users that have no number in our user namespace. If all users have one, UID is a
 * real user. */
static bool is_unknown_user(uid_t uid)
{
	struct idmap first;
	uint64_t overflow;
	int r;

	if (!proc_sysctl("kernel/overflowuid", &overflow) || overflow != uid)
		return false;
	r = proc_first_mapped(PROC_SELF, "uid_map", &first);
	return r == -ENODATA || (!r && (first.inside || first.count <= uid));
}

static void why_user(struct text *why, uid_t uid)
{
	struct passwd *pw = getpwuid(uid);

	if (is_unknown_user(uid))
		text_add(why, "it belongs to a user of another user namespace, for example outside of this container; "
			      "run cltrace in that namespace");
	else if (pw)
		text_addf(why, "it belongs to user %s; run cltrace as that user or as root", pw->pw_name);
	else
		text_addf(why, "it belongs to user id %u; run cltrace as that user or as root", (unsigned)uid);
}

static void why_root(struct text *why, uid_t uid)
{
	if (is_unknown_user(uid))
		why_user(why, uid);
	else if (!hidden_may_trace())
		text_add(why, "cltrace is root here without the capability CAP_SYS_PTRACE, as in a container; give the "
			      "container this capability, or run cltrace outside");
	else
		text_add(why,
			 "the kernel refuses even root: a security module (LSM) denies it, or the process has more "
			 "capabilities than this container; allow it, or run cltrace outside");
}

static void why_permission(struct text *why, const struct proc_status *status)
{
	const unsigned scope = yama_scope();

	if (status->tracer) {
		why_tracer(why, status->tracer);
	} else if (geteuid() != 0 && (status->uids[ID_REAL] != getuid() || is_unknown_user(status->uids[ID_REAL]))) {
		why_user(why, status->uids[ID_REAL]);
	} else if (scope == 3) {
		text_add(why, "kernel.yama.ptrace_scope is 3: nobody may attach until the machine is started again; "
			      "launch the program with 'cltrace PROGRAM' instead");
	} else if (scope > 0 && geteuid() != 0) {
		text_addf(why,
			  "kernel.yama.ptrace_scope is %u: only %s may attach; run cltrace as root, launch the program "
			  "with 'cltrace PROGRAM', or set it to 0",
			  scope, scope == 1 ? "an ancestor, or root," : "root");
	} else if (geteuid() != 0) {
		text_add(why,
			 "it runs with more privileges than you (a set-user-ID program, or one that is not dumpable), "
			 "or a security module refuses; run cltrace as root");
	} else {
		why_root(why, status->uids[ID_REAL]);
	}
}

static void why_changes(struct text *why)
{
	text_add(why, "it changed each time that cltrace looked at it; it probably executes one program after another, "
		      "so try again");
}

/* It is not in /proc. */
static void why_absent(struct text *why, pid_t pid)
{
	if (!hidden_exists(pid))
		text_add(why, "there is no such process; see 'ps -e' for those that exist");
	else if (!hidden_from_us(pid))
		why_changes(why);
	else if (geteuid() == 0)
		text_add(why,
			 "it is there, but /proc does not show it (see hidepid in proc(5)), because cltrace is root "
			 "here without the capability CAP_SYS_PTRACE; run cltrace outside of this container");
	else
		text_add(why, "it is there, but /proc does not show it to you (see hidepid in proc(5)), because it "
			      "belongs to another user or has more privileges; run cltrace as root");
}

char *attach_explain(pid_t pid, int error, const struct proc_status *status)
{
	struct text why = TEXT_INIT;
	char *line;

	text_addf(&why, "cannot attach to %d: ", (int)pid);
	if (!proc_is_ours())
		text_add(&why, "/proc is missing or of another pid namespace; mount it: 'mount -t proc proc /proc', or "
			       "'unshare --mount-proc'");
	else if (!status)
		why_absent(&why, pid);
	else if (error == EINTR)
		text_add(&why, "it was executing another program, and cltrace was asked to end");
	else if (attach_is_absent(-error) && hidden_exists(pid))
		why_changes(&why);
	else if (attach_is_absent(-error))
		text_addf(&why, "'%s' has ended meanwhile", status->name);
	else if (status->kernel)
		text_addf(&why, "'%s' is a kernel thread, which has no program to trace", status->name);
	else if (status->ids.state == 'Z' || status->ids.state == 'X')
		text_addf(&why, "'%s' has ended already and is a zombie; its parent %d has not waited for it yet",
			  status->name, (int)status->ids.ppid);
	else if (error == EPERM)
		why_permission(&why, status);
	else
		text_add(&why, strerror(error));
	line = mem_strdup(text_get(&why));
	text_done(&why);
	return line;
}
