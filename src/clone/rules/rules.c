/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Judges requests by the table of rules. */
#include "clone/rules/rules.h"

#include <stdbool.h>

#include "clone/request.h"
#include "clone/rules/tests.h"

static bool flags_match(const struct rule *rule, const struct request *request)
{
	const uint64_t flags = request->flags;

	if (!rule->with && !rule->any && !rule->without)
		return true;
	return request->have & REQUEST_FLAGS && (flags & rule->with) == rule->with && !(flags & rule->without) &&
	       (!rule->any || flags & rule->any);
}

enum rule_answer rule_ask(const struct rule *rule, const struct request *request, const struct facts *facts)
{
	const unsigned version = rule_version(facts);
	enum rule_answer answer;

	if (!(rule->calls & 1U << request->call) || !flags_match(rule, request))
		return RULE_SATISFIED;
	if (version && (version < rule->since || (rule->until && version >= rule->until)))
		return RULE_SATISFIED;
	answer = rule->test ? rule->test(request, facts) : RULE_VIOLATED;
	return answer == RULE_VIOLATED && rule->until && !version ? RULE_UNDECIDED : answer;
}

size_t rules_check(const struct request *request, const struct facts *facts, struct rule_finding ret[RULES_MAX])
{
	size_t count = 0, rule_count;
	const struct rule *rules = rules_table(&rule_count);

	for (size_t i = 0; i < rule_count; i++) {
		const enum rule_answer answer = rule_ask(&rules[i], request, facts);

		if (answer != RULE_SATISFIED)
			ret[count++] = (struct rule_finding){ &rules[i], answer };
	}
	return count;
}

int rules_predict(const struct request *request, const struct facts *facts)
{
	struct rule_finding findings[RULES_MAX];
	const size_t count = rules_check(request, facts, findings);
	int open = 0; /* an errno that another rule may give before */

	for (size_t i = 0; i < count; i++) {
		const struct rule *rule = findings[i].rule;

		if (rule->about == RULE_MACHINE)
			continue;
		if (findings[i].answer == RULE_VIOLATED)
			return open && open != rule->error ? -1 : rule->error;
		if (open && open != rule->error)
			return -1;
		open = rule->error;
	}
	return open ? -1 : 0;
}

const struct rule *rules_violated(const struct request *request, int error, const struct facts *facts)
{
	size_t count;
	const struct rule *rules = rules_table(&count);

	for (size_t i = 0; i < count; i++)
		if (rules[i].error == error && rule_ask(&rules[i], request, facts) == RULE_VIOLATED)
			return &rules[i];
	return NULL;
}

unsigned rules_facts(const struct request *request, int error)
{
	unsigned facts = 0;
	size_t count;
	const struct rule *rules = rules_table(&count);

	for (size_t i = 0; i < count; i++)
		if (rules[i].error == error && rules[i].calls & 1U << request->call &&
		    (rule_ask(&rules[i], request, NULL) != RULE_SATISFIED ||
		     rules[i].test == rule_test_seccomp_undecided))
			facts |= rules[i].facts;
	return facts ? facts | 1U << FACT_KERNEL : 0;
}

bool rules_are_for(enum call call)
{
	return call_is_creation(call) || call == CALL_UNSHARE || call == CALL_SETNS || call == CALL_SETSID ||
	       call == CALL_SETPGID;
}
