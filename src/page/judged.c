/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Fills in what was not given, and applies the rules. */
#include "page/judged.h"

#include <errno.h>
#include <stdlib.h>

#include "base/names.h"
#include "base/text.h"
#include "clone/flags.h"
#include "clone/rules/rules.h"
#include "teach/parse/parse.h"

/* Of two versions such as "2.6.19" and "5.3" the later one; NULL is the earliest. */
static const char *later(const char *a, const char *b)
{
	if (!a || !b)
		return a ? a : b;
	for (const char *x = a, *y = b;;) {
		char *end_x, *end_y;
		const unsigned long of_x = strtoul(x, &end_x, 10), of_y = strtoul(y, &end_y, 10);

		if (of_x != of_y || !*end_x || !*end_y)
			return of_x > of_y || (of_x == of_y && *end_x) ? a : b;
		x = end_x + 1;
		y = end_y + 1;
	}
}

/* clone3(2), unshare(2), setns(2): VERSIONS */
static const char *call_since(enum call call)
{
	return call == CALL_CLONE3 ? "5.3" : call == CALL_SETNS ? "3.0" : call == CALL_UNSHARE ? "2.6.16" : NULL;
}

const char *judged_since(const struct request *request, const char **ret_what)
{
	const char *since = call_since(request->call);

	*ret_what = call_name(request->call);
	for (unsigned bit = 0; bit < 64; bit++) {
		const uint64_t value = UINT64_C(1) << bit;
		const struct flag *flag = request->flags & value ? flag_find(value, request->call) : NULL;

		if (flag && flag->since && later(since, flag->since) != since) {
			since = flag->since;
			*ret_what = flag->name;
		}
	}
	return since;
}
struct request judged_request(const struct parsed *parsed)
{
	enum { SOME_PLACE = 0x10000, OTHER_PLACE = 0x20000 }; /* beyond the first page, and not the same */
	struct request request = parsed->request;

	if (!parsed->pointers_given) {
		request.pidfd = SOME_PLACE;
		request.parent_tid = OTHER_PLACE;
		request.tls = 0;
	}
	if (!(request.have & REQUEST_SIZE))
		request.size = CLONE_ARGS_SIZE_VER2;
	if (request.have & REQUEST_SET_TID_LIST && !request.set_tid)
		request.set_tid = SOME_PLACE; /* strace prints the list in place of the address */
	return request;
}
const struct rule *judged_refusal(const struct parsed *parsed)
{
	const struct request request = judged_request(parsed);
	struct rule_finding findings[RULES_MAX];
	const size_t count = rules_check(&request, NULL, findings);

	for (size_t i = 0; i < count; i++)
		if (findings[i].answer == RULE_VIOLATED && findings[i].rule->about != RULE_MACHINE &&
		    (parsed->as != PARSED_LINE || findings[i].rule->error == parsed->error))
			return findings[i].rule;
	return NULL;
}

void judged_add_condition(struct text *line, const struct rule *rule, const struct request *request)
{
	if (line->length) {
		text_add(line, "; or if ");
	} else {
		text_add(line, "refused with ");
		errno_add_name(line, rule->error);
		text_add(line, " if ");
	}
	rule_explain_condition(line, rule, request, NULL);
}
