/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The tests of rules: when a request, with the facts, violates a rule, apart from the rule's flags. The tests about
 * clone3's struct and setns have files of their own. */
#include "clone/rules/tests.h"

#include <stdbool.h>
#include <stddef.h>
#include <string.h>

#include "clone/flags.h"
#include "clone/request.h"

#define NESTING_MAX 32	      /* MAX_PID_NS_LEVEL, and the same number for user namespaces */
#define PID_LARGEST (1 << 22) /* PID_MAX_LIMIT where long has 64 bits */
#define PID_MAX_DEFAULT (1 << 15)
#define CAPABILITY_SYS_ADMIN 21 /* <linux/capability.h> */
#define CAPABILITY_SYS_RESOURCE 24
#define CAPABILITY_CHECKPOINT_RESTORE 40
#define INIT_USER_NS UINT64_C(0xeffffffd) /* PROC_USER_INIT_INO, include/linux/proc_ns.h */
#define SECCOMP_FILTERS 2		  /* SECCOMP_MODE_FILTER */

unsigned rule_version(const struct facts *facts)
{
	const struct fact *fact = facts_find(facts, FACT_KERNEL, 0);

	return fact ? RULE_VERSION((unsigned)fact->value, (unsigned)fact->use) : 0;
}

/* ---- creations ---- */

enum rule_answer rule_test_one_pointer(const struct request *request, const struct facts *facts)
{
	(void)facts;
	return rule_violated_if(request->pidfd == request->parent_tid);
}

enum rule_answer rule_test_namespace_init(const struct request *request, const struct facts *facts)
{
	(void)request;
	return rule_violated_if_value(facts_find(facts, FACT_PID_DEPTH, 0), 1);
}

enum rule_answer rule_test_children_elsewhere(const struct request *request, const struct facts *facts)
{
	(void)request;
	return rule_violated_if_value(facts_find(facts, FACT_PID_NS, 0), 1);
}

enum rule_answer rule_test_undecided(const struct request *request, const struct facts *facts)
{
	(void)request;
	(void)facts;
	return RULE_UNDECIDED;
}

static bool facts_capable(const struct fact *capabilities, unsigned capability)
{
	return capabilities->value >> capability & 1;
}

enum rule_answer rule_test_admin(const struct request *request, const struct facts *facts)
{
	const struct fact *capabilities = facts_find(facts, FACT_CAPABILITIES, 0);

	(void)request;
	return capabilities ? rule_violated_if(!facts_capable(capabilities, CAPABILITY_SYS_ADMIN)) : RULE_UNDECIDED;
}

enum rule_answer rule_test_user_depth(const struct request *request, const struct facts *facts)
{
	const struct fact *ns = facts_find(facts, FACT_USER_NS, 0);

	(void)request;
	/* the kernel refuses level > 32; the tracer's own level is not known unless it is 0 */
	return ns && ns->use != FACT_UNKNOWN ? rule_violated_if(ns->use > NESTING_MAX) : RULE_UNDECIDED;
}

enum rule_answer rule_test_pid_depth(const struct request *request, const struct facts *facts)
{
	const struct fact *depth = facts_find(facts, FACT_PID_DEPTH, 0);

	(void)request;
	return depth ? rule_violated_if(depth->use > NESTING_MAX) : RULE_UNDECIDED;
}

enum rule_answer rule_test_chroot(const struct request *request, const struct facts *facts)
{
	(void)request;
	return rule_violated_if_value(facts_find(facts, FACT_ROOT, 0), 0);
}

enum rule_answer rule_test_mapped(const struct request *request, const struct facts *facts)
{
	(void)request;
	return rule_violated_if_value(facts_find(facts, FACT_MAPPED, 0), 0);
}

/* A sysctl of some distributions, which CAP_SYS_ADMIN overrides. */
enum rule_answer rule_test_policy(const struct request *request, const struct facts *facts)
{
	const struct fact *policy = facts_find(facts, FACT_USERNS_POLICY, 0);

	if (policy && !policy->value)
		return RULE_SATISFIED;
	if (rule_test_admin(request, facts) == RULE_SATISFIED)
		return RULE_SATISFIED;
	return policy && rule_test_admin(request, facts) == RULE_VIOLATED ? RULE_VIOLATED : RULE_UNDECIDED;
}

/* ENOSPC because of the limits that each user namespace has for each kind. The kernel does not show how many namespaces
 * there are. */
enum rule_answer rule_test_max_namespaces(const struct request *request, const struct facts *facts)
{
	enum rule_answer answer = RULE_SATISFIED;

	for (uint64_t bit = 1; bit <= FLAG_NEWNET; bit <<= 1) {
		const struct fact *fact;

		if (!(request_namespaces(request) & bit))
			continue;
		fact = facts_find(facts, FACT_MAX_NAMESPACES, bit);
		if (fact && !fact->value)
			return RULE_VIOLATED;
		answer = RULE_UNDECIDED;
	}
	return answer;
}

enum rule_answer rule_test_namespaces(const struct request *request, const struct facts *facts)
{
	const struct fact *fact = facts_find(facts, FACT_NAMESPACES, 0);

	return fact ? rule_violated_if(request->flags & FLAG_NAMESPACES & ~fact->value) : RULE_UNDECIDED;
}

/* Whether the limit that FACT measures was reached when it was looked at. */
static enum rule_answer test_limit(const struct fact *fact)
{
	if (!fact || fact->use == FACT_UNKNOWN)
		return RULE_UNDECIDED;
	return rule_violated_if(fact->use >= fact->value);
}

/* Root of the initial user namespace has no limit, nor has a task that may override it there (copy_process()). */
enum rule_answer rule_test_nproc(const struct request *request, const struct facts *facts)
{
	const struct fact *nproc = facts_find(facts, FACT_NPROC, 0);
	const struct fact *capabilities = facts_find(facts, FACT_CAPABILITIES, 0);

	(void)request;
	if (capabilities && capabilities->id == INIT_USER_NS &&
	    (facts_capable(capabilities, CAPABILITY_SYS_ADMIN) ||
	     facts_capable(capabilities, CAPABILITY_SYS_RESOURCE) || (nproc && !nproc->id)))
		return RULE_SATISFIED;
	return test_limit(nproc);
}

enum rule_answer rule_test_pids(const struct request *request, const struct facts *facts)
{
	(void)request;
	return test_limit(facts_find(facts, FACT_PIDS, 0));
}

enum rule_answer rule_test_threads_max(const struct request *request, const struct facts *facts)
{
	(void)request;
	return test_limit(facts_find(facts, FACT_THREADS_MAX, 0));
}

/* A number can be in use longer than its task, as that of a process group or a session, so the rule is undecided close
 * to the limit. */
enum rule_answer rule_test_pid_max(const struct request *request, const struct facts *facts)
{
	const struct fact *fact = facts_find(facts, FACT_PID_MAX, 0);

	(void)request;
	if (!fact || fact->use == FACT_UNKNOWN)
		return RULE_UNDECIDED;
	/* Numbers below 300 are not used again (RESERVED_PIDS), and one pid may be held for two dead tasks. */
	if (fact->use + 300 >= fact->value)
		return RULE_VIOLATED;
	return fact->use > fact->value / 3 ? RULE_UNDECIDED : RULE_SATISFIED;
}

/* copy_thread() of x86_64: the base of a segment must be an address of the program's. */
enum rule_answer rule_test_tls(const struct request *request, const struct facts *facts)
{
	(void)facts;
	if (strcmp(request->abi->name, "x86_64") != 0 || request->tls < X86_64_TOP_4)
		return RULE_SATISFIED;
	return request->tls < X86_64_TOP_5 ? RULE_UNDECIDED : RULE_VIOLATED;
}

enum rule_answer rule_test_set_tid_deep(const struct request *request, const struct facts *facts)
{
	const struct fact *depth = facts_find(facts, FACT_PID_DEPTH, 0);
	uint64_t levels = request->flags & FLAG_NEWPID ? 1 : 0;

	if (request->set_tid_size <= 1)
		return RULE_SATISFIED;
	/* The tracer may be in a deeper namespace than it knows, so there may be more levels than it sees. */
	if (!depth || rule_test_children_elsewhere(request, facts) != RULE_SATISFIED)
		return RULE_UNDECIDED;
	return request->set_tid_size > depth->use + levels ? RULE_VIOLATED : RULE_SATISFIED;
}

enum rule_answer rule_test_set_tid_value(const struct request *request, const struct facts *facts)
{
	const struct fact *pid_max = facts_find(facts, FACT_PID_MAX, 0);
	const uint64_t limit = pid_max ? pid_max->value : PID_LARGEST;
	enum rule_answer answer = RULE_SATISFIED;

	if (!(request->have & REQUEST_SET_TID_LIST))
		return RULE_SATISFIED;
	for (size_t i = 0; i < request->set_tid_size && i < CLONE_SET_TID_MAX; i++) {
		const int32_t tid = request->set_tid_list[i];

		if (tid < 1 || tid >= PID_LARGEST)
			return RULE_VIOLATED;
		/* since 6.14 each pid namespace has a pid_max of its own, and this is the tracer's */
		if ((uint64_t)tid >= limit)
			answer = request->flags & FLAG_NEWPID ? RULE_UNDECIDED : RULE_VIOLATED;
		else if (!pid_max && tid >= PID_MAX_DEFAULT)
			answer = RULE_UNDECIDED;
	}
	return answer;
}

enum rule_answer rule_test_set_tid_init(const struct request *request, const struct facts *facts)
{
	(void)facts;
	return rule_violated_if(request->have & REQUEST_SET_TID_LIST && request->set_tid_list[0] != 1);
}

/* The capability is needed in the user namespace of each pid namespace in which a number is asked for; a user namespace
 * that the call creates is the child's. */
enum rule_answer rule_test_set_tid_admin(const struct request *request, const struct facts *facts)
{
	const uint64_t own = FLAG_NEWUSER | FLAG_NEWPID;
	const struct fact *capabilities = facts_find(facts, FACT_CAPABILITIES, 0);

	if (!request->set_tid_size || ((request->flags & own) == own && request->set_tid_size == 1))
		return RULE_SATISFIED;
	if (!capabilities)
		return RULE_UNDECIDED;
	if (!facts_capable(capabilities, CAPABILITY_SYS_ADMIN) &&
	    !facts_capable(capabilities, CAPABILITY_CHECKPOINT_RESTORE))
		return RULE_VIOLATED;
	return capabilities->id == INIT_USER_NS ? RULE_SATISFIED : RULE_UNDECIDED;
}

enum rule_answer rule_test_set_tid_used(const struct request *request, const struct facts *facts)
{
	(void)facts;
	return request->set_tid_size ? RULE_UNDECIDED : RULE_SATISFIED;
}

enum rule_answer rule_test_pidns_dead(const struct request *request, const struct facts *facts)
{
	const struct fact *ns = facts_find(facts, FACT_PID_NS, 0);

	(void)request;
	if (!ns)
		return RULE_UNDECIDED;
	return rule_violated_if(ns->value && ns->id && !ns->use);
}

enum rule_answer rule_test_pidfd_null(const struct request *request, const struct facts *facts)
{
	(void)facts;
	return rule_violated_if(request->pidfd < RULE_PAGE);
}

/* ---- unshare ---- */

enum rule_answer rule_test_threads(const struct request *request, const struct facts *facts)
{
	const struct fact *threads = facts_find(facts, FACT_THREADS, 0);

	(void)request;
	return threads ? rule_violated_if(threads->use > 1) : RULE_UNDECIDED;
}

/* ---- CLONE_INTO_CGROUP ---- */

const struct fact *rule_cgroup(const struct facts *facts)
{
	return facts_find(facts, FACT_CGROUP, 0);
}

enum rule_answer rule_test_cgroup_descriptor(const struct request *request, const struct facts *facts)
{
	const struct fact *cgroup = rule_cgroup(facts);

	(void)request;
	return cgroup ? rule_violated_if(cgroup->id < FACT_CGROUP_REMOVED) : RULE_UNDECIDED;
}

enum rule_answer rule_test_cgroup_removed(const struct request *request, const struct facts *facts)
{
	const struct fact *cgroup = rule_cgroup(facts);

	(void)request;
	return cgroup ? rule_violated_if(cgroup->id == FACT_CGROUP_REMOVED) : RULE_UNDECIDED;
}

/* The rule is violated if the cgroup is live and has BIT. */
static enum rule_answer test_live(const struct facts *facts, uint64_t bit)
{
	const struct fact *cgroup = rule_cgroup(facts);

	return cgroup ? rule_violated_if(cgroup->id == FACT_CGROUP_LIVE && cgroup->value & bit) : RULE_UNDECIDED;
}

/* cltrace does not look where the caller's own cgroup is in its cgroup namespace. */
enum rule_answer rule_test_cgroup_delegated(const struct request *request, const struct facts *facts)
{
	(void)request;
	return test_live(facts, FACT_CGROUP_DELEGATE) == RULE_SATISFIED ? RULE_SATISFIED : RULE_UNDECIDED;
}

enum rule_answer rule_test_cgroup_invalid(const struct request *request, const struct facts *facts)
{
	(void)request;
	return test_live(facts, FACT_CGROUP_INVALID);
}

enum rule_answer rule_test_cgroup_inner(const struct request *request, const struct facts *facts)
{
	(void)request;
	return test_live(facts, FACT_CGROUP_INNER);
}

/* cltrace does not look in which threaded subtree the caller is. */
enum rule_answer rule_test_cgroup_thread(const struct request *request, const struct facts *facts)
{
	(void)request;
	return test_live(facts, FACT_CGROUP_INVALID) == RULE_VIOLATED ? RULE_SATISFIED : RULE_UNDECIDED;
}

enum rule_answer rule_test_cgroup_cpus(const struct request *request, const struct facts *facts)
{
	(void)request;
	return test_live(facts, FACT_CGROUP_NO_CPU);
}

/* ---- others ---- */

/* A filter can answer with any errno instead of the kernel. clone3 exists since 5.3. */
enum rule_answer rule_test_seccomp(const struct request *request, const struct facts *facts)
{
	const struct fact *seccomp = facts_find(facts, FACT_SECCOMP, 0);
	const unsigned version = rule_version(facts);
	const bool always = request->call == CALL_CLONE3 ? version >= RULE_VERSION(5, 3) : version;

	if (!seccomp)
		return RULE_UNDECIDED;
	if (seccomp->value != SECCOMP_FILTERS || !seccomp->use)
		return RULE_SATISFIED;
	return always && seccomp->use != FACT_UNKNOWN ? RULE_VIOLATED : RULE_UNDECIDED;
}

/* The same for an errno that the kernel itself also gives: worth reporting only if a filter was seen. */
enum rule_answer rule_test_seccomp_undecided(const struct request *request, const struct facts *facts)
{
	const struct fact *seccomp = facts_find(facts, FACT_SECCOMP, 0);

	(void)request;
	return seccomp && seccomp->value == SECCOMP_FILTERS && seccomp->use ? RULE_UNDECIDED : RULE_SATISFIED;
}

enum rule_answer rule_test_no_clone3(const struct request *request, const struct facts *facts)
{
	const unsigned version = rule_version(facts);

	(void)request;
	return version ? rule_violated_if(version < RULE_VERSION(5, 3)) : RULE_SATISFIED;
}

enum rule_answer rule_test_always(const struct request *request, const struct facts *facts)
{
	(void)request;
	(void)facts;
	return RULE_VIOLATED;
}

enum rule_answer rule_test_pgid_negative(const struct request *request, const struct facts *facts)
{
	(void)facts;
	return rule_violated_if((int)request->args[1] < 0);
}
