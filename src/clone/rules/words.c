/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The words of rules, in terms of the request that violates them or may do so. */
#include <errno.h>
#include <inttypes.h>
#include <stdbool.h>
#include <string.h>

#include "base/array.h"
#include "base/names.h"
#include "base/text.h"
#include "clone/flags.h"
#include "clone/request.h"
#include "clone/rules/tests.h"
#include "clone/rules/rules.h"

#define LOOK(what) (1U << FACT_##what)

/* A request that violates a rule, or may do so, and what was looked at. */
struct refusal {
	const struct rule *rule;
	const struct request *request;
	const struct facts *facts;
};

/* The fact that a rule measures; of several facts, the last one in the enum. */
static const struct fact *measured(const struct rule *rule, const struct facts *facts)
{
	for (int what = FACT_COUNT - 1; what >= 0; what--)
		if (rule->facts & 1U << what)
			return facts_find(facts, (enum fact_what)what, 0);
	return NULL;
}

static void add_number(struct text *text, uint64_t number, const char *none)
{
	if (number == FACT_UNKNOWN)
		text_add(text, none);
	else
		text_addf(text, "%" PRIu64, number);
}

/* The flags that the kernel does not know, and since when newer ones do. */
static void add_unknown(struct text *text, const struct refusal *refusal)
{
	const struct request *request = refusal->request;
	const struct facts *facts = refusal->facts;
	uint64_t unknown = rule_unknown_flags(request, rule_version(facts)), nameless = 0;
	const char *separator = "";

	for (uint64_t left = unknown; left; left &= left - 1) {
		const struct flag *flag = flag_find(left & -left, request->call);

		if (!flag) {
			nameless |= left & -left;
			continue;
		}
		text_addf(text, "%s%s (since %s)", separator, flag->name, flag->since);
		separator = ", ";
	}
	if (nameless)
		text_addf(text, "%s0x%" PRIx64, separator, nameless);
}

static const char *limit_name(uint64_t flag)
{
	const struct namespace_row *row = namespace_of_flag(flag);

	return row ? row->limit : "?";
}

/* "user.max_user_namespaces is 0 in user namespace 4026531837"; only the limits that are 0, if there are any. */
static void add_max_namespaces(struct text *text, const struct refusal *refusal)
{
	const uint64_t namespaces = request_namespaces(refusal->request);
	const struct facts *facts = refusal->facts;
	const struct fact *ns = facts_find(facts, FACT_USER_NS, 0);
	const char *separator = "";
	bool zero = false;

	for (size_t i = 0; facts && i < facts->count; i++)
		zero |= facts->list[i].what == FACT_MAX_NAMESPACES && facts->list[i].id & namespaces &&
			!facts->list[i].value;
	for (size_t i = 0; facts && i < facts->count; i++) {
		const struct fact *fact = &facts->list[i];

		if (fact->what != FACT_MAX_NAMESPACES || !(fact->id & namespaces) || (zero && fact->value))
			continue;
		text_addf(text, "%suser.%s is %" PRIu64, separator, limit_name(fact->id), fact->value);
		separator = ", ";
	}
	if (!*separator)
		text_add(text, "/proc/sys/user has the limits");
	else if (ns)
		text_addf(text, " in user namespace %" PRIu64, ns->id);
}

/* What is wrong with the descriptor of CGROUP; the text already has "descriptor 3 ". */
static void add_no_cgroup(struct text *text, const struct refusal *refusal)
{
	static const char *const kinds[] = {
		[FACT_CGROUP_BAD] = "is not open",
		[FACT_CGROUP_OTHER] = "is not a cgroup directory",
		[FACT_CGROUP_V1] = "is a directory of a cgroup v1 hierarchy",
	};
	const struct fact *cgroup = rule_cgroup(refusal->facts);

	if (cgroup && cgroup->id && cgroup->id < ARRAY_LENGTH(kinds))
		text_add(text, kinds[cgroup->id]);
	else
		text_add(text, "is none");
}

static void add_matched(struct text *text, const struct refusal *refusal)
{
	const struct rule *rule = refusal->rule;

	flags_format(text, refusal->request->flags & (rule->with | rule->any), refusal->request->call);
}

static void add_value(struct text *text, const struct refusal *refusal)
{
	const struct fact *fact = measured(refusal->rule, refusal->facts);

	add_number(text, fact ? fact->value : FACT_UNKNOWN, fact ? "unlimited" : "?");
}

static void add_use(struct text *text, const struct refusal *refusal)
{
	const struct fact *fact = measured(refusal->rule, refusal->facts);

	add_number(text, fact ? fact->use : FACT_UNKNOWN, "?");
}

static void add_id(struct text *text, const struct refusal *refusal)
{
	const struct fact *fact = measured(refusal->rule, refusal->facts);

	add_number(text, fact ? fact->id : FACT_UNKNOWN, "?");
}

static void add_cgroup(struct text *text, const struct refusal *refusal)
{
	const struct facts *facts = refusal->facts;

	text_add_escaped(text, facts && facts->cgroup ? facts->cgroup : "?");
}

static void add_entered(struct text *text, const struct refusal *refusal)
{
	const struct fact *descriptor = rule_descriptor(refusal->facts);

	flags_format(text, descriptor ? descriptor->value : 0, CALL_SETNS);
}

static void add_kernel(struct text *text, const struct refusal *refusal)
{
	const struct fact *fact = facts_find(refusal->facts, FACT_KERNEL, 0);

	if (fact)
		text_addf(text, "%" PRIu64 ".%" PRIu64, fact->value, fact->use);
	else
		text_addf(text, "%u.%u and before", RULE_NEWEST / 1000, RULE_NEWEST % 1000);
}

static void add_exit_signal(struct text *text, const struct refusal *refusal)
{
	request_add_exit_signal(text, refusal->request->exit_signal);
}

static void add_size(struct text *text, const struct refusal *refusal)
{
	text_addf(text, "%" PRIu64, refusal->request->size);
}

static void add_address(struct text *text, const struct refusal *refusal)
{
	text_addf(text, "0x%" PRIx64, refusal->request->address);
}

static void add_set_tid_size(struct text *text, const struct refusal *refusal)
{
	text_addf(text, "%" PRIu64, refusal->request->set_tid_size);
}

static void add_descriptor(struct text *text, const struct refusal *refusal)
{
	const struct request *request = refusal->request;

	text_addf(text, "%d", (int)(request->call == CALL_SETNS ? request->args[0] : request->cgroup));
}

/* The functions that add what replaces $LETTER in the words of a rule. */
static const struct {
	char letter;
	void (*add)(struct text *text, const struct refusal *refusal);
} letters[] = {
	{ 'f', add_matched },	     /* the flags among the rule's that are set */
	{ 'v', add_value },	     /* the value of what is measured, */
	{ 'u', add_use },	     /* the use */
	{ 'i', add_id },	     /* and the id */
	{ 'c', add_cgroup },	     /* its cgroup */
	{ 'm', add_max_namespaces }, /* limits of namespaces */
	{ 'n', add_entered },	     /* the kind of a descriptor's namespace */
	{ 'g', add_no_cgroup },	     /* what a descriptor is that is not a cgroup */
	{ 'k', add_kernel },
	{ 'x', add_unknown }, /* flags that the kernel does not know */
	{ 'e', add_exit_signal },
	{ 's', add_size },    /* of clone3's struct */
	{ 'a', add_address }, /* of clone3's struct */
	{ 't', add_set_tid_size },
	{ 'd', add_descriptor },
};

static void add_letter(struct text *text, char letter, const struct refusal *refusal)
{
	for (size_t i = 0; i < ARRAY_LENGTH(letters); i++) {
		if (letters[i].letter == letter) {
			letters[i].add(text, refusal);
			return;
		}
	}
	text_addf(text, "$%c", letter);
}

static void add_template(struct text *text, const char *template, const struct refusal *refusal)
{
	for (const char *dollar; (dollar = strchr(template, '$')); template = dollar + 2) {
		text_add_bytes(text, template, (size_t)(dollar - template));
		add_letter(text, dollar[1], refusal);
	}
	text_add(text, template);
}

void rule_explain(struct text *text, const struct rule *rule, const struct request *request, const struct facts *facts)
{
	add_template(text, rule->text, &(struct refusal){ rule, request, facts });
}

void rule_explain_condition(struct text *text, const struct rule *rule, const struct request *request,
			    const struct facts *facts)
{
	add_template(text, rule->condition, &(struct refusal){ rule, request, facts });
}

/* A limit with its value and use, which is worth reporting even if it was not reached. */
static bool is_measure(const struct rule *rule, const struct facts *facts)
{
	const unsigned limits = LOOK(NPROC) | LOOK(PIDS) | LOOK(THREADS_MAX) | LOOK(PID_MAX);
	const struct fact *fact = measured(rule, facts);

	return rule->error == EAGAIN && rule->facts & limits && fact && fact->value != FACT_UNLIMITED;
}

static void explain_violated(struct text *text, const struct rule *rule, const struct request *request,
			     const struct facts *facts)
{
	text_add(text, is_measure(rule, facts) || rule->facts & LOOK(MAX_NAMESPACES) ? ": limit reached: " : ": ");
	rule_explain(text, rule, request, facts);
}

/* Adds the rules for ERROR whose answer is ANSWER, with INTRO before the first one. */
static bool explain_all(struct text *text, const struct request *request, int error, const struct facts *facts,
			enum rule_answer answer, const char *intro)
{
	const char *separator = intro;
	size_t count;
	const struct rule *rules = rules_table(&count);

	for (size_t i = 0; i < count; i++) {
		if (rules[i].error != error || !(rules[i].calls & 1U << request->call) ||
		    rule_ask(&rules[i], request, facts) != answer)
			continue;
		if (answer == RULE_SATISFIED && !is_measure(&rules[i], facts))
			continue;
		text_add(text, separator);
		if (answer == RULE_SATISFIED)
			rule_explain(text, &rules[i], request, facts);
		else
			rule_explain_condition(text, &rules[i], request, facts);
		separator = answer == RULE_SATISFIED ? "; " : "; or ";
	}
	return separator != intro;
}

void rules_explain_refusal(struct text *text, const struct request *request, int error, const struct facts *facts)
{
	const struct rule *rule = rules_violated(request, error, facts);
	bool may, reached;

	if (!rules_are_for(request->call))
		return;
	if (rule) {
		explain_violated(text, rule, request, facts);
		return;
	}
	may = explain_all(text, request, error, facts, RULE_UNDECIDED, ": not known for certain; it may be that ");
	reached = explain_all(text, request, error, facts, RULE_SATISFIED,
			      may ? "; not reached when looked at: " : ": no limit was reached when looked at: ");
	if (may || reached)
		return;
	text_add(text, ": cltrace knows no rule by which the kernel refuses this with ");
	errno_add_name(text, error);
}
