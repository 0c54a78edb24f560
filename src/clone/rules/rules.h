/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The one table of rules by which the kernel refuses a creation, unshare, setns, setsid or setpgid, in the order in
 * which it checks them: the first one violated gives the errno. */
#ifndef CLONE_RULES_RULES_H
#define CLONE_RULES_RULES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "abi/abi.h"
#include "clone/facts.h"

struct request;
struct text;

/* A kernel version as one number. */
#define RULE_VERSION(major, minor) ((major)*1000u + (minor))

enum rule_answer {
	RULE_SATISFIED,
	RULE_UNDECIDED, /* the facts that were looked at do not decide it */
	RULE_VIOLATED,
};

/* What a rule depends on. */
enum rule_about {
	RULE_REQUEST, /* the request alone */
	RULE_CALLER,  /* ... and the caller's state and permissions */
	RULE_MACHINE, /* ... and a limit, or the state of the machine at that moment */
};

struct rule {
	const char *name; /* "thread-sighand": a recording has it, so it never changes */
	unsigned calls;	  /* bits 1 << enum call */
	int error;
	enum rule_about about;
	unsigned since, until; /* RULE_VERSION(): the first kernel with it, the first without; 0: ever, still */
	uint64_t with;	       /* flags that must be set, */
	uint64_t any;	       /* of which one must be set, */
	uint64_t without;      /* and that must be clear, else the rule is not violated */
	/* The other conditions, tested only if the flags are known and as above; NULL: there are none. */
	enum rule_answer (*test)(const struct request *request, const struct facts *facts);
	unsigned facts; /* bits 1 << enum fact_what: the facts to look at */
	/* The sentence about a violation; for a limit, also its measure. $f: the flags among `with` and `any` that are
	 * set. $v, $u, $i: value, use and id of the rule's first fact; $c: the cgroup. For others see words.c. */
	const char *text;
	/* The violation as a clause: "the caller lacks CAP_SYS_ADMIN"; NULL: the answer is never UNDECIDED. */
	const char *condition;
	const char *source;
};

struct rule_finding {
	const struct rule *rule;
	enum rule_answer answer; /* RULE_UNDECIDED or RULE_VIOLATED */
};

enum { RULES_MAX = 128 }; /* rules in the table at most */

const struct rule *rules_table(size_t *ret_count);

/* Whether REQUEST violates RULE, as far as FACTS (NULL: none) show. Without FACT_KERNEL, a rule that a kernel version
 * added is assumed to exist, and a rule that a version removed is UNDECIDED. */
enum rule_answer rule_ask(const struct rule *rule, const struct request *request, const struct facts *facts);

/* The rules that REQUEST violates or may violate, in the kernel's order; returns how many. */
size_t rules_check(const struct request *request, const struct facts *facts, struct rule_finding ret[RULES_MAX]);

/* What the kernel answers to REQUEST by the rules about the request and its caller: the errno; 0: it is accepted; -1:
 * FACTS do not decide it. Rules about the machine are not included. */
int rules_predict(const struct request *request, const struct facts *facts);

/* The first rule for ERROR that REQUEST surely violates: why it was refused. NULL: that is not known. */
const struct rule *rules_violated(const struct request *request, int error, const struct facts *facts);

/* Which facts (bits 1 << enum fact_what) show why REQUEST was refused with ERROR. */
unsigned rules_facts(const struct request *request, int error);

/* Adds the words of RULE, which REQUEST violates: "CLONE_THREAD needs CLONE_SIGHAND, which is not set". */
void rule_explain(struct text *text, const struct rule *rule, const struct request *request, const struct facts *facts);

/* Adds the condition under which REQUEST violates RULE, whose answer is RULE_UNDECIDED, as a clause: "the caller lacks
 * CAP_SYS_ADMIN ...". */
void rule_explain_condition(struct text *text, const struct rule *rule, const struct request *request,
			    const struct facts *facts);

/* Whether there are rules about CALL. */
bool rules_are_for(enum call call);

/* Adds why REQUEST was refused with ERROR: ": CLONE_THREAD needs ..."; if that is not certain, adds which reasons are
 * possible and which are not. Adds nothing if no rule is about the call. */
void rules_explain_refusal(struct text *text, const struct request *request, int error, const struct facts *facts);

#endif
