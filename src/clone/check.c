/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The table of checks, and which flag promises which answer. */
#include "clone/check.h"

#include <stddef.h>

#include "clone/flags.h"
#include "clone/implied.h"
#include "clone/namespace.h"
#include "clone/object.h"
#include "clone/request.h"
#include "clone/resource.h"

#define BIT(check) (UINT64_C(1) << (check))

/* How a flag decides whether a new task shares an object with its creator. */
enum sense {
	SHARES, /* set: shared; clear: not shared */
	PARTS,	/* set: not shared; clear: shared */
	SILENT, /* no flag decides */
};

/* clang-format off */
#define OBJECT_ROW(NAME, KEY, WORDS, FLAG, ...) \
	[CHECK_##NAME] = { FLAG, SHARES, RESOURCE_##NAME, NULL, KEY },
#define NAMESPACE_ROW(NAME, KEY, WORDS, FLAG, ...) \
	[CHECK_NS_##NAME] = { FLAG, PARTS, RESOURCE_NS_##NAME, NULL, KEY "_ns" },
#define CHILDREN_ROW(NAME, KEY, ...) \
	[CHECK_NS_##NAME##_CHILDREN] = \
		{ 0, SILENT, RESOURCE_NS_##NAME, KEY " namespace for children", KEY "_for_children" },
/* clang-format on */

static const struct row {
	uint64_t flags; /* one of them is enough */
	enum sense sense;
	enum resource resource;
	const char *name; /* NULL: the resource's */
	const char *key;
} rows[CHECK_COUNT] = { [CHECK_TGID] = { FLAG_THREAD, SHARES, RESOURCE_THREAD_GROUP, NULL, "tgid" },
			[CHECK_PPID] = { FLAG_THREAD | FLAG_PARENT, SHARES, RESOURCE_PARENT, NULL, "ppid" },
			[CHECK_NSPID] = { FLAG_NEWPID, PARTS, RESOURCE_NS_PID, "number of pids", "nspid" },
			[CHECK_NSTGID] = { FLAG_THREAD, SHARES, RESOURCE_THREAD_GROUP, "process's pid inside",
					   "nstgid" },
			TASK_OBJECTS(OBJECT_ROW) NAMESPACES(NAMESPACE_ROW) NAMESPACES_FOR_CHILDREN(CHILDREN_ROW) };

/* unshare(2): what the caller no longer shares afterwards, besides namespaces. */
static const uint64_t unshare_parts = BIT(CHECK_FILES) | BIT(CHECK_FS) | BIT(CHECK_SYSVSEM);

static void expect_creation(uint64_t flags, struct check_masks *ret)
{
	for (unsigned i = 0; i < CHECK_COUNT; i++) {
		const struct row *row = &rows[i];

		if (row->sense == SILENT)
			continue;
		if (!(flags & row->flags) == (row->sense == PARTS))
			ret->shared |= BIT(i);
		else
			ret->apart |= BIT(i);
	}
}

static void expect_unshare(uint64_t flags, struct check_masks *ret)
{
	for (unsigned i = 0; i < CHECK_COUNT; i++) {
		if (unshare_parts & BIT(i) && flags & rows[i].flags)
			ret->apart |= BIT(i);
	}
	for (unsigned i = 0; i < NAMESPACE_KINDS; i++) {
		const struct namespace_row *ns = namespace_row(i);

		if (flags & ns->flag)
			ret->apart |= BIT(namespace_row(ns->children)->check);
	}
}

void check_expect(const struct request *request, struct check_masks *ret)
{
	uint64_t flags;

	*ret = (struct check_masks){ 0 };
	if (request->call == CALL_CLOSE_RANGE && request->args[2] & REQUEST_CLOSE_UNSHARE)
		ret->apart = BIT(CHECK_FILES);
	if (!(request->have & REQUEST_FLAGS))
		return;
	flags = implied_flags(request);
	if (request->call == CALL_SETNS)
		ret->apart = flags & FLAG_SYSVSEM ? BIT(CHECK_SYSVSEM) : 0;
	else if (request->call == CALL_UNSHARE)
		expect_unshare(flags, ret);
	else if (call_is_creation(request->call))
		expect_creation(flags, ret);
}

uint64_t check_namespaces(void)
{
	uint64_t bits = 0;

	for (unsigned i = 0; i < NAMESPACE_COUNT; i++)
		bits |= BIT(namespace_row(i)->check);
	return bits;
}

uint64_t check_namespace_kinds(void)
{
	uint64_t bits = 0;

	for (unsigned i = 0; i < NAMESPACE_KINDS; i++)
		bits |= BIT(namespace_row(i)->check);
	return bits;
}

void check_expect_exec(struct check_masks *ret)
{
	*ret = (struct check_masks){ .apart = BIT(CHECK_MEMORY) | BIT(CHECK_FILES) | BIT(CHECK_SIGHAND) };
}

uint64_t check_differences(const struct check_masks *expected, const struct check_answers *answers)
{
	return (expected->shared & (answers->apart | answers->neither)) | (expected->apart & answers->shared);
}

enum check_cause check_cause(enum check check, const struct check_answers *answers)
{
	const bool new_pids = answers->apart & BIT(CHECK_NS_PID) && answers->shared & BIT(CHECK_NS_PID_CHILDREN);

	if (check == CHECK_IO && answers->neither & BIT(CHECK_IO))
		return CAUSE_NO_IO_CONTEXT;
	if ((check == CHECK_NS_PID || check == CHECK_NSPID) && new_pids)
		return CAUSE_FOR_CHILDREN;
	if (check == CHECK_NS_TIME && answers->shared & BIT(CHECK_NS_TIME_CHILDREN))
		return CAUSE_FOR_CHILDREN;
	return CAUSE_UNKNOWN;
}

const char *check_name(enum check check)
{
	return rows[check].name ? rows[check].name : resource_name(rows[check].resource);
}

const char *check_key(enum check check)
{
	return rows[check].key;
}

const char *check_cause_explain(enum check_cause cause)
{
	static const char *const sentences[CAUSE_COUNT] = {
		[CAUSE_UNKNOWN] = "why is not known",
		[CAUSE_NO_IO_CONTEXT] =
			"the creator had no I/O context to share: the kernel makes one when it is first "
			"needed, and then for one task alone",
		[CAUSE_FOR_CHILDREN] = "the creator had put its children to come into another namespace, by unshare or "
				       "setns",
	};

	return sentences[(unsigned)cause < CAUSE_COUNT ? cause : CAUSE_UNKNOWN];
}

const char *check_cause_name(enum check_cause cause)
{
	static const char *const names[CAUSE_COUNT] = {
		[CAUSE_UNKNOWN] = "unknown",
		[CAUSE_NO_IO_CONTEXT] = "no-io-context",
		[CAUSE_FOR_CHILDREN] = "for-children",
	};

	return names[(unsigned)cause < CAUSE_COUNT ? cause : CAUSE_UNKNOWN];
}
