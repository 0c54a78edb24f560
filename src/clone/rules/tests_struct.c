/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The tests of rules about clone3's struct. */
#include <stdbool.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include "base/names.h"
#include "clone/flags.h"
#include "clone/request.h"
#include "clone/rules/tests.h"

#define PAGE_LARGEST 65536

/* The kernel's limit is its own page (copy_clone_args_from_user()). */
enum rule_answer rule_test_size_large(const struct request *request, const struct facts *facts)
{
	(void)facts;
	if (request->size <= RULE_PAGE)
		return RULE_SATISFIED;
	if (request->size > PAGE_LARGEST)
		return RULE_VIOLATED;
	return strcmp(request->abi->name, "aarch64") ? RULE_VIOLATED : RULE_UNDECIDED;
}

enum rule_answer rule_test_size_small(const struct request *request, const struct facts *facts)
{
	(void)facts;
	return rule_violated_if(request->have & REQUEST_SIZE && request->size < CLONE_ARGS_SIZE_VER0);
}

/* In a larger struct, everything that the kernel does not know must be zero. */
enum rule_answer rule_test_newer(const struct request *request, const struct facts *facts)
{
	const unsigned version = rule_version(facts);
	bool set = false;

	for (size_t i = 0; i < sizeof(request->newer); i++)
		set |= request->newer[i];
	if (request->have & REQUEST_ARGS_ADDRESS)
		return RULE_SATISFIED;
	if (version && version < RULE_VERSION(5, 5) && request->have & REQUEST_SET_TID)
		return RULE_VIOLATED;
	if (version && version < RULE_VERSION(5, 7) && request->cgroup)
		return RULE_VIOLATED;
	if (!set)
		return request->size > CLONE_ARGS_KEEP ? RULE_UNDECIDED : RULE_SATISFIED;
	return version > RULE_NEWEST ? RULE_UNDECIDED : RULE_VIOLATED;
}

enum rule_answer rule_test_unreadable(const struct request *request, const struct facts *facts)
{
	(void)facts;
	return rule_violated_if(request->have & REQUEST_ARGS_ADDRESS);
}

enum rule_answer rule_test_set_tid_many(const struct request *request, const struct facts *facts)
{
	(void)facts;
	return rule_violated_if(request->set_tid_size > CLONE_SET_TID_MAX);
}

enum rule_answer rule_test_set_tid_pair(const struct request *request, const struct facts *facts)
{
	(void)facts;
	return rule_violated_if(!request->set_tid != !request->set_tid_size);
}

enum rule_answer rule_test_exit_signal(const struct request *request, const struct facts *facts)
{
	(void)facts;
	return rule_violated_if(request->exit_signal > SIGNAL_LAST);
}

/* Older kernels accept any signal (seen on 6.18); the change is in their later stable releases, too. */
enum rule_answer rule_test_exit_signal_clone(const struct request *request, const struct facts *facts)
{
	const unsigned version = rule_version(facts);

	if (request->exit_signal <= SIGNAL_LAST)
		return RULE_SATISFIED;
	return !version || version >= RULE_VERSION(7, 1) ? RULE_VIOLATED : RULE_UNDECIDED;
}

enum rule_answer rule_test_cgroup_field(const struct request *request, const struct facts *facts)
{
	(void)facts;
	return rule_violated_if(request->cgroup > INT32_MAX ||
				(request->have & REQUEST_SIZE && request->size < CLONE_ARGS_SIZE_VER2));
}

enum rule_answer rule_test_set_tid_unreadable(const struct request *request, const struct facts *facts)
{
	(void)facts;
	return rule_violated_if(request->set_tid_size && !(request->have & REQUEST_SET_TID_LIST));
}

/* The bits that some kernel accepts in CALL, and those that kernels accept only after VERSION. For clone3, separate
 * rules are about the exit signal's bits and DETACHED. */
uint64_t rule_unknown_flags(const struct request *request, unsigned version)
{
	uint64_t known = request->call == CALL_CLONE3 ? FLAG_CSIGNAL | FLAG_DETACHED : 0;
	size_t count;
	const struct flag *table = flag_table(&count);

	for (size_t i = 0; i < count; i++) {
		unsigned major = 0, minor = 0;
		const char *dot = table[i].since ? strchr(table[i].since, '.') : NULL;

		if (!(table[i].calls & 1U << request->call))
			continue;
		if (dot) {
			major = (unsigned)strtoul(table[i].since, NULL, 10);
			minor = (unsigned)strtoul(dot + 1, NULL, 10);
		}
		/* "2.6.23" is too old to matter: cltrace itself needs 5.3 */
		if (!version || major < 3 || RULE_VERSION(major, minor) <= version)
			known |= table[i].value;
	}
	return request->flags & ~known;
}

enum rule_answer rule_test_unknown_flags(const struct request *request, const struct facts *facts)
{
	const unsigned version = rule_version(facts);

	if (!rule_unknown_flags(request, version))
		return RULE_SATISFIED;
	return version > RULE_NEWEST ? RULE_UNDECIDED : RULE_VIOLATED;
}

enum rule_answer rule_test_csignal(const struct request *request, const struct facts *facts)
{
	(void)facts;
	return rule_violated_if(request->flags & FLAG_CSIGNAL & ~FLAG_NEWTIME);
}

/* 6.3 allows it, and so do later stable releases of older kernels. */
enum rule_answer rule_test_newtime(const struct request *request, const struct facts *facts)
{
	(void)request;
	return rule_version(facts) ? RULE_UNDECIDED : RULE_SATISFIED;
}

enum rule_answer rule_test_exit_signal_any(const struct request *request, const struct facts *facts)
{
	(void)facts;
	return rule_violated_if(request->exit_signal);
}

enum rule_answer rule_test_stack_pair(const struct request *request, const struct facts *facts)
{
	(void)facts;
	return rule_violated_if(!request->stack != !request->stack_size);
}

/* access_ok() */
enum rule_answer rule_test_stack_high(const struct request *request, const struct facts *facts)
{
	const uint64_t top = request->stack + request->stack_size;

	(void)facts;
	if (!request->stack || !request->stack_size)
		return RULE_SATISFIED;
	if (top < request->stack || top >> 63)
		return RULE_VIOLATED;
	return top > X86_64_TOP_4 ? RULE_UNDECIDED : RULE_SATISFIED;
}
