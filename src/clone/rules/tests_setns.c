/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The tests of rules about setns. */
#include <stdbool.h>

#include "clone/flags.h"
#include "clone/request.h"
#include "clone/rules/tests.h"

const struct fact *rule_descriptor(const struct facts *facts)
{
	return facts_find(facts, FACT_DESCRIPTOR, 0);
}

/* The kinds of namespaces that a setns enters, as far as they are known. */
static uint64_t entered(const struct request *request, const struct facts *facts)
{
	const struct fact *descriptor = rule_descriptor(facts);

	if (!request->flags && descriptor && descriptor->id == FACT_DESCRIPTOR_NAMESPACE)
		return descriptor->value;
	return request->flags;
}

/* Whether FLAG is among them; undecided if the flags are 0 and the descriptor is not known. */
static bool may_enter(const struct request *request, const struct facts *facts, uint64_t flag)
{
	return entered(request, facts) & flag || (!request->flags && !rule_descriptor(facts));
}

/* ANSWER for the kind FLAG: RULE_SATISFIED if setns does not enter this kind, and not more than RULE_UNDECIDED if that
 * is not known. */
static enum rule_answer if_entered(const struct request *request, const struct facts *facts, uint64_t flag,
				   enum rule_answer answer)
{
	if (!may_enter(request, facts, flag))
		return RULE_SATISFIED;
	return answer == RULE_VIOLATED && !(entered(request, facts) & flag) ? RULE_UNDECIDED : answer;
}

enum rule_answer rule_test_setns_bad(const struct request *request, const struct facts *facts)
{
	const struct fact *descriptor = rule_descriptor(facts);

	if ((int)request->args[0] < 0)
		return RULE_VIOLATED;
	return descriptor ? rule_violated_if(descriptor->id == FACT_DESCRIPTOR_BAD) : RULE_UNDECIDED;
}

enum rule_answer rule_test_setns_other(const struct request *request, const struct facts *facts)
{
	const struct fact *descriptor = rule_descriptor(facts);

	(void)request;
	if (!descriptor)
		return RULE_UNDECIDED;
	return rule_violated_if(descriptor->id == FACT_DESCRIPTOR_OTHER ||
				(descriptor->id == FACT_DESCRIPTOR_PIDFD && rule_version(facts) &&
				 rule_version(facts) < RULE_VERSION(5, 8)));
}

enum rule_answer rule_test_setns_flags(const struct request *request, const struct facts *facts)
{
	(void)facts;
	return rule_violated_if(request->flags & ~FLAG_NAMESPACES);
}

enum rule_answer rule_test_setns_type(const struct request *request, const struct facts *facts)
{
	const struct fact *descriptor = rule_descriptor(facts);

	if (!request->flags)
		return RULE_SATISFIED;
	if (!descriptor)
		return RULE_UNDECIDED;
	return rule_violated_if(descriptor->id == FACT_DESCRIPTOR_NAMESPACE && request->flags != descriptor->value);
}

enum rule_answer rule_test_setns_none(const struct request *request, const struct facts *facts)
{
	const struct fact *descriptor = rule_descriptor(facts);

	if (request->flags)
		return RULE_SATISFIED;
	return descriptor ? rule_violated_if(descriptor->id == FACT_DESCRIPTOR_PIDFD) : RULE_UNDECIDED;
}

enum rule_answer rule_test_setns_user_same(const struct request *request, const struct facts *facts)
{
	const struct fact *descriptor = rule_descriptor(facts), *own = facts_find(facts, FACT_USER_NS, 0);

	if (!descriptor || !own || descriptor->id != FACT_DESCRIPTOR_NAMESPACE)
		return if_entered(request, facts, FLAG_NEWUSER, RULE_UNDECIDED);
	return if_entered(request, facts, FLAG_NEWUSER, rule_violated_if(descriptor->use == own->id));
}

enum rule_answer rule_test_setns_user_threads(const struct request *request, const struct facts *facts)
{
	return if_entered(request, facts, FLAG_NEWUSER, rule_test_threads(request, facts));
}

enum rule_answer rule_test_setns_fs(const struct request *request, const struct facts *facts)
{
	return if_entered(request, facts, FLAG_NEWUSER | FLAG_NEWNS, RULE_UNDECIDED);
}

enum rule_answer rule_test_setns_time(const struct request *request, const struct facts *facts)
{
	return if_entered(request, facts, FLAG_NEWTIME, rule_test_threads(request, facts));
}

enum rule_answer rule_test_setns_pid(const struct request *request, const struct facts *facts)
{
	return if_entered(request, facts, FLAG_NEWPID, RULE_UNDECIDED);
}

/* The caller needs CAP_SYS_ADMIN in the user namespace that owns the entered one, and for most kinds in its own too. A
 * caller that has it nowhere is refused for every kind, except for a user namespace below its own. */
enum rule_answer rule_test_setns_admin(const struct request *request, const struct facts *facts)
{
	const enum rule_answer admin = rule_test_admin(request, facts);

	return admin == RULE_VIOLATED && entered(request, facts) && !(entered(request, facts) & FLAG_NEWUSER)
		       ? RULE_VIOLATED
		       : RULE_UNDECIDED;
}

enum rule_answer rule_test_setns_gone(const struct request *request, const struct facts *facts)
{
	const struct fact *descriptor = rule_descriptor(facts);

	(void)request;
	return descriptor && descriptor->id != FACT_DESCRIPTOR_PIDFD ? RULE_SATISFIED : RULE_UNDECIDED;
}
