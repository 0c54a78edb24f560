/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The words for calls that change their caller instead of creating a task: unshare, setns, setsid, setpgid, prctl,
 * close_range. */
#include "teach/effect.h"

#include <stdbool.h>
#include <stdint.h>
#include <sys/prctl.h>

#include "base/array.h"
#include "base/text.h"
#include "clone/flags.h"
#include "clone/request.h"
#include "clone/resource.h"

/* What unshare and setns do, each as a set of outcomes. VM, SIGHAND and THREAD have none: unshare accepts them only
 * from a caller that does not share these, so nothing changes (kernel/fork.c, check_unshare_flags()). */
#define EFFECT_COPIED (1U << OUTCOME_COPIED) /* the caller's own copy of what it shared */
#define EFFECT_NEW (1U << OUTCOME_NEW | 1U << OUTCOME_MOVED | 1U << OUTCOME_APART)  /* the caller is in it */
#define EFFECT_CHILDREN (1U << OUTCOME_NEW_CHILDREN | 1U << OUTCOME_MOVED_CHILDREN) /* only future children are */

/* Adds the names of the resources from FIRST to LAST that have EFFECT, with *BEFORE before the first one. */
static void add_resources(struct text *text, const struct request *request, unsigned effect, enum resource first,
			  enum resource last, const char **before)
{
	const bool empty = request->call == CALL_UNSHARE && request->flags & FLAG_UNSHARE_EMPTY_MNTNS;
	enum outcome outcomes[RESOURCE_COUNT];

	resource_outcomes(request, outcomes);
	for (unsigned i = first; i <= last; i++) {
		if (!(effect & 1U << outcomes[i]))
			continue;
		text_add(text, *before);
		text_add(text, resource_name(i));
		if (i == RESOURCE_NS_MNT && empty)
			text_add(text, " (empty)");
		if (i == RESOURCE_NS_USER)
			text_add(text, " (with all capabilities in it)");
		*before = ", ";
	}
}

/* Adds the names of REQUEST's resources that have EFFECT, with INTRO before the first one. */
static void add_group(struct text *text, const struct request *request, unsigned effect, const char *intro)
{
	if (request->call == CALL_UNSHARE) {
		add_resources(text, request, effect, RESOURCE_FS, RESOURCE_FS, &intro);
		add_resources(text, request, effect, RESOURCE_FILES, RESOURCE_FILES, &intro);
		add_resources(text, request, effect, RESOURCE_SYSVSEM, RESOURCE_SYSVSEM, &intro);
	}
	add_resources(text, request, effect, RESOURCE_NS, RESOURCE_NS_LAST, &intro);
}

static void explain_unshare(struct text *text, const struct request *request, pid_t tgid, pid_t inside)
{
	static const struct {
		unsigned effect;
		const char *intro;
	} groups[] = {
		{ EFFECT_COPIED, "the caller's own copy: " },
		{ EFFECT_NEW, "new for the caller: " },
		{ EFFECT_CHILDREN, "new for its children from now on: " },
	};
	bool first = true;

	(void)tgid, (void)inside;
	for (size_t i = 0; i < ARRAY_LENGTH(groups); i++) {
		struct text group = TEXT_INIT;

		add_group(&group, request, groups[i].effect, groups[i].intro);
		if (group.length)
			text_addf(text, "%s%s", first ? "" : "   ", text_get(&group));
		first = first && !group.length;
		text_done(&group);
	}
	if (first)
		text_add(text, "nothing changes: the caller shared none of this");
}

/* It does not say that the namespace changes, because setns(2) accepts the caller's own namespace, too. */
static void explain_setns(struct text *text, const struct request *request, pid_t tgid, pid_t inside)
{
	int descriptor = (int)request->args[0];
	struct text children = TEXT_INIT;
	size_t start = text->length;

	(void)tgid, (void)inside;
	if (!request->flags)
		text_addf(
			text,
			"the caller enters the namespace of descriptor %d (if it is a pid namespace: its children do)",
			descriptor);
	add_group(text, request, EFFECT_NEW, "the caller enters the ");
	if (request->flags && text->length > start)
		text_addf(text, " of descriptor %d", descriptor);
	add_group(&children, request, EFFECT_CHILDREN,
		  text->length > start ? "   its children from now on: the "
				       : "the caller's children from now on enter the ");
	if (children.length)
		text_addf(text, "%s of descriptor %d", text_get(&children), descriptor);
	text_done(&children);
}

static void add_caller(struct text *text, pid_t tgid)
{
	if (tgid)
		text_addf(text, "process %d ", (int)tgid);
	else
		text_add(text, "the caller's process ");
}

/* Its arguments are pids in the caller's pid namespace, in which the caller has the pid INSIDE. */
static void explain_setpgid(struct text *text, const struct request *request, pid_t tgid, pid_t inside)
{
	pid_t pid = (pid_t)request->args[0], pgid = (pid_t)request->args[1];
	const pid_t own = inside ? inside : tgid;
	const char *there = inside ? " inside its pid namespace" : "";

	if (pid && pid != own)
		text_addf(text, "process %d%s ", (int)pid, there);
	else
		add_caller(text, tgid ? tgid : pid);
	if (!pgid || pgid == pid || (!pid && pgid == own))
		text_add(text, "leads a process group of its own");
	else
		text_addf(text, "joins process group %d%s", (int)pgid, there);
}

static void explain_prctl(struct text *text, const struct request *request, pid_t tgid, pid_t inside)
{
	(void)inside;
	if (request->args[0] != PR_SET_CHILD_SUBREAPER)
		return;
	add_caller(text, tgid);
	text_add(text, request->args[1] ? "is a subreaper from now on: it becomes the parent of orphans below it"
					: "is no subreaper from now on");
}

static void explain_setsid(struct text *text, const struct request *request, pid_t tgid, pid_t inside)
{
	(void)request, (void)inside;
	add_caller(text, tgid);
	text_add(text, "leads a new session and process group, without a controlling terminal");
}

static void explain_close_range(struct text *text, const struct request *request, pid_t tgid, pid_t inside)
{
	(void)tgid, (void)inside;
	if (request->args[2] & REQUEST_CLOSE_UNSHARE)
		text_add(text, "the caller's own copy: descriptors; those named are closed in it alone");
}

void effect_explain(struct text *text, const struct request *request, pid_t tgid, pid_t inside)
{
	static void (*const explain[CALL_COUNT])(struct text *, const struct request *, pid_t, pid_t) = {
		[CALL_UNSHARE] = explain_unshare,	  [CALL_SETNS] = explain_setns,
		[CALL_SETSID] = explain_setsid,		  [CALL_SETPGID] = explain_setpgid,
		[CALL_CLOSE_RANGE] = explain_close_range, [CALL_PRCTL] = explain_prctl,
	};

	if (explain[request->call])
		explain[request->call](text, request, tgid, inside);
}

const char *effect_source(enum call call)
{
	static const char *const sources[CALL_COUNT] = {
		[CALL_UNSHARE] = "unshare(2); kernel/fork.c, ksys_unshare()",
		[CALL_SETNS] = "setns(2); kernel/nsproxy.c, setns()",
		[CALL_SETSID] = "setsid(2), DESCRIPTION",
		[CALL_SETPGID] = "setpgid(2), DESCRIPTION",
		[CALL_CLOSE_RANGE] = "close_range(2), CLOSE_RANGE_UNSHARE",
		[CALL_PRCTL] = "prctl(2), PR_SET_CHILD_SUBREAPER",
	};

	return (unsigned)call < CALL_COUNT ? sources[call] : NULL;
}
