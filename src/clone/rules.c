/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The table of rules, its judgement of requests, and its words. */
#include "clone/rules.h"

#include <errno.h>
#include <inttypes.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "base/names.h"
#include "base/text.h"
#include "clone/flags.h"
#include "clone/request.h"

#define ARRAY_LENGTH(array) (sizeof(array) / sizeof((array)[0]))

#define NEWEST RULE_VERSION(7, 1) /* the last kernel whose rules the table holds */
#define PAGE 4096		  /* the smallest page; E2BIG begins behind one */
#define PAGE_LARGEST 65536
#define SIGNAL_MAX 64	      /* _NSIG: valid_signal() */
#define NESTING_MAX 32	      /* MAX_PID_NS_LEVEL, and the same number for user namespaces */
#define PID_LARGEST (1 << 22) /* PID_MAX_LIMIT where long has 64 bits */
#define PID_MAX_DEFAULT (1 << 15)
#define CAPABILITY_SYS_ADMIN 21 /* <linux/capability.h> */
#define CAPABILITY_SYS_RESOURCE 24
#define CAPABILITY_CHECKPOINT_RESTORE 40
#define INIT_USER_NS UINT64_C(0xeffffffd) /* PROC_USER_INIT_INO, include/linux/proc_ns.h */
#define SECCOMP_FILTERS 2		  /* SECCOMP_MODE_FILTER */

/* What a program may see as its address space ends below these on x86_64: with 4 and with 5 levels of page tables. */
#define X86_64_TOP_4 ((UINT64_C(1) << 47) - 4096)
#define X86_64_TOP_5 ((UINT64_C(1) << 56) - 4096)

/* clone and unshare by name; fork and vfork go through copy_process() as clone does. */
#define CLONE (1U << CALL_CLONE)
#define CLONE3 (1U << CALL_CLONE3)
#define FORKS (1U << CALL_FORK | 1U << CALL_VFORK)
#define BOTH (CLONE | CLONE3)
#define CREATIONS (BOTH | FORKS)
#define UNSHARE (1U << CALL_UNSHARE)
#define SETNS (1U << CALL_SETNS)

/* Of creations and unshare; a clone's NEWTIME has been taken for its exit signal before. */
#define NEW_WITHOUT_USER (FLAG_NAMESPACES & ~FLAG_NEWUSER)

static unsigned version_of(const struct facts *facts)
{
	const struct fact *fact = facts_find(facts, FACT_KERNEL, 0);

	return fact ? RULE_VERSION((unsigned)fact->value, (unsigned)fact->use) : 0;
}

static enum rule_answer broken_if(bool condition)
{
	return condition ? RULE_BROKEN : RULE_KEPT;
}

/* RULE_OPEN where FACT was not looked at. */
static enum rule_answer broken_if_value(const struct fact *fact, uint64_t value)
{
	return fact ? broken_if(fact->value == value) : RULE_OPEN;
}

/* ---- clone3's struct ---- */

/* The kernel's limit is its own page (copy_clone_args_from_user()). */
static enum rule_answer test_size_large(const struct request *request, const struct facts *facts)
{
	(void)facts;
	if (request->size <= PAGE)
		return RULE_KEPT;
	if (request->size > PAGE_LARGEST)
		return RULE_BROKEN;
	return strcmp(request->abi->name, "aarch64") ? RULE_BROKEN : RULE_OPEN;
}

static enum rule_answer test_size_small(const struct request *request, const struct facts *facts)
{
	(void)facts;
	return broken_if(request->have & REQUEST_SIZE && request->size < CLONE_ARGS_SIZE_VER0);
}

/* Of a larger struct everything that the kernel does not know must be zero. */
static enum rule_answer test_newer(const struct request *request, const struct facts *facts)
{
	const unsigned version = version_of(facts);
	bool set = false;

	for (size_t i = 0; i < sizeof(request->newer); i++)
		set |= request->newer[i];
	if (request->have & REQUEST_ARGS_ADDRESS)
		return RULE_KEPT;
	if (version && version < RULE_VERSION(5, 5) && request->have & REQUEST_SET_TID)
		return RULE_BROKEN;
	if (version && version < RULE_VERSION(5, 7) && request->cgroup)
		return RULE_BROKEN;
	if (!set)
		return request->size > CLONE_ARGS_KEEP ? RULE_OPEN : RULE_KEPT;
	return version > NEWEST ? RULE_OPEN : RULE_BROKEN;
}

static enum rule_answer test_unreadable(const struct request *request, const struct facts *facts)
{
	(void)facts;
	return broken_if(request->have & REQUEST_ARGS_ADDRESS);
}

static enum rule_answer test_set_tid_many(const struct request *request, const struct facts *facts)
{
	(void)facts;
	return broken_if(request->set_tid_size > CLONE_SET_TID_MAX);
}

static enum rule_answer test_set_tid_pair(const struct request *request, const struct facts *facts)
{
	(void)facts;
	return broken_if(!request->set_tid != !request->set_tid_size);
}

static enum rule_answer test_exit_signal(const struct request *request, const struct facts *facts)
{
	(void)facts;
	return broken_if(request->exit_signal > SIGNAL_MAX);
}

/* Older kernels took any (seen on 6.18); the change went to their later stable releases too. */
static enum rule_answer test_exit_signal_clone(const struct request *request, const struct facts *facts)
{
	const unsigned version = version_of(facts);

	if (request->exit_signal <= SIGNAL_MAX)
		return RULE_KEPT;
	return !version || version >= RULE_VERSION(7, 1) ? RULE_BROKEN : RULE_OPEN;
}

static enum rule_answer test_cgroup_field(const struct request *request, const struct facts *facts)
{
	(void)facts;
	return broken_if(request->cgroup > INT32_MAX ||
			 (request->have & REQUEST_SIZE && request->size < CLONE_ARGS_SIZE_VER2));
}

static enum rule_answer test_set_tid_unreadable(const struct request *request, const struct facts *facts)
{
	(void)facts;
	return broken_if(request->set_tid_size && !(request->have & REQUEST_SET_TID_LIST));
}

/* The bits that some kernel has a use for in CALL, and those that came after VERSION. clone3 has rules of their own for
 * the exit signal's bits and for DETACHED. */
static uint64_t unknown_flags(const struct request *request, unsigned version)
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
		/* "2.6.23" is long ago: cltrace itself needs 5.3 */
		if (!version || major < 3 || RULE_VERSION(major, minor) <= version)
			known |= table[i].value;
	}
	return request->flags & ~known;
}

static enum rule_answer test_unknown_flags(const struct request *request, const struct facts *facts)
{
	const unsigned version = version_of(facts);

	if (!unknown_flags(request, version))
		return RULE_KEPT;
	return version > NEWEST ? RULE_OPEN : RULE_BROKEN;
}

static enum rule_answer test_csignal(const struct request *request, const struct facts *facts)
{
	(void)facts;
	return broken_if(request->flags & FLAG_CSIGNAL & ~FLAG_NEWTIME);
}

/* 6.3 allowed it, and so did later stable releases of those before. */
static enum rule_answer test_newtime(const struct request *request, const struct facts *facts)
{
	(void)request;
	return version_of(facts) ? RULE_OPEN : RULE_KEPT;
}

static enum rule_answer test_exit_signal_any(const struct request *request, const struct facts *facts)
{
	(void)facts;
	return broken_if(request->exit_signal);
}

static enum rule_answer test_stack_pair(const struct request *request, const struct facts *facts)
{
	(void)facts;
	return broken_if(!request->stack != !request->stack_size);
}

/* access_ok() */
static enum rule_answer test_stack_high(const struct request *request, const struct facts *facts)
{
	const uint64_t top = request->stack + request->stack_size;

	(void)facts;
	if (!request->stack || !request->stack_size)
		return RULE_KEPT;
	if (top < request->stack || top >> 63)
		return RULE_BROKEN;
	return top > X86_64_TOP_4 ? RULE_OPEN : RULE_KEPT;
}

/* ---- creations ---- */

static enum rule_answer test_one_pointer(const struct request *request, const struct facts *facts)
{
	(void)facts;
	return broken_if(request->pidfd == request->parent_tid);
}

static enum rule_answer test_namespace_init(const struct request *request, const struct facts *facts)
{
	(void)request;
	return broken_if_value(facts_find(facts, FACT_PID_DEPTH, 0), 1);
}

static enum rule_answer test_children_elsewhere(const struct request *request, const struct facts *facts)
{
	(void)request;
	return broken_if_value(facts_find(facts, FACT_PID_NS, 0), 1);
}

static enum rule_answer test_open(const struct request *request, const struct facts *facts)
{
	(void)request;
	(void)facts;
	return RULE_OPEN;
}

static bool facts_capable(const struct fact *capabilities, unsigned capability)
{
	return capabilities->value >> capability & 1;
}

static enum rule_answer test_admin(const struct request *request, const struct facts *facts)
{
	const struct fact *capabilities = facts_find(facts, FACT_CAPABILITIES, 0);

	(void)request;
	return capabilities ? broken_if(!facts_capable(capabilities, CAPABILITY_SYS_ADMIN)) : RULE_OPEN;
}

static enum rule_answer test_user_depth(const struct request *request, const struct facts *facts)
{
	const struct fact *ns = facts_find(facts, FACT_USER_NS, 0);

	(void)request;
	/* level > 32 refuses; the tracer's own level is not known where it is not 0 */
	return ns && ns->use != FACT_UNKNOWN ? broken_if(ns->use > NESTING_MAX) : RULE_OPEN;
}

static enum rule_answer test_pid_depth(const struct request *request, const struct facts *facts)
{
	const struct fact *depth = facts_find(facts, FACT_PID_DEPTH, 0);

	(void)request;
	return depth ? broken_if(depth->use > NESTING_MAX) : RULE_OPEN;
}

static enum rule_answer test_chroot(const struct request *request, const struct facts *facts)
{
	(void)request;
	return broken_if_value(facts_find(facts, FACT_ROOT, 0), 0);
}

static enum rule_answer test_mapped(const struct request *request, const struct facts *facts)
{
	(void)request;
	return broken_if_value(facts_find(facts, FACT_MAPPED, 0), 0);
}

/* A sysctl of some distributions, which CAP_SYS_ADMIN overrides. */
static enum rule_answer test_policy(const struct request *request, const struct facts *facts)
{
	const struct fact *policy = facts_find(facts, FACT_USERNS_POLICY, 0);

	if (policy && !policy->value)
		return RULE_KEPT;
	if (test_admin(request, facts) == RULE_KEPT)
		return RULE_KEPT;
	return policy && test_admin(request, facts) == RULE_BROKEN ? RULE_BROKEN : RULE_OPEN;
}

/* ENOSPC of the limits that each user namespace has for each kind. How many there are is not told to anybody. */
static enum rule_answer test_max_namespaces(const struct request *request, const struct facts *facts)
{
	enum rule_answer answer = RULE_KEPT;

	for (uint64_t bit = 1; bit <= FLAG_NEWNET; bit <<= 1) {
		const struct fact *fact;

		if (!(request_namespaces(request) & bit))
			continue;
		fact = facts_find(facts, FACT_MAX_NAMESPACES, bit);
		if (fact && !fact->value)
			return RULE_BROKEN;
		answer = RULE_OPEN;
	}
	return answer;
}

static enum rule_answer test_namespaces(const struct request *request, const struct facts *facts)
{
	const struct fact *fact = facts_find(facts, FACT_NAMESPACES, 0);

	return fact ? broken_if(request->flags & FLAG_NAMESPACES & ~fact->value) : RULE_OPEN;
}

/* The limit that FACT measures: reached or not at the moment when it was looked at. */
static enum rule_answer test_limit(const struct fact *fact)
{
	if (!fact || fact->use == FACT_UNKNOWN)
		return RULE_OPEN;
	return broken_if(fact->use >= fact->value);
}

/* The initial user namespace's root has no limit, nor has who may override it there (copy_process()). */
static enum rule_answer test_nproc(const struct request *request, const struct facts *facts)
{
	const struct fact *nproc = facts_find(facts, FACT_NPROC, 0);
	const struct fact *capabilities = facts_find(facts, FACT_CAPABILITIES, 0);

	(void)request;
	if (capabilities && capabilities->id == INIT_USER_NS &&
	    (facts_capable(capabilities, CAPABILITY_SYS_ADMIN) ||
	     facts_capable(capabilities, CAPABILITY_SYS_RESOURCE) || (nproc && !nproc->id)))
		return RULE_KEPT;
	return test_limit(nproc);
}

static enum rule_answer test_pids(const struct request *request, const struct facts *facts)
{
	(void)request;
	return test_limit(facts_find(facts, FACT_PIDS, 0));
}

static enum rule_answer test_threads_max(const struct request *request, const struct facts *facts)
{
	(void)request;
	return test_limit(facts_find(facts, FACT_THREADS_MAX, 0));
}

/* A number is in use longer than its task, as a process group's or a session's: so below the limit this stays open near
 * it. */
static enum rule_answer test_pid_max(const struct request *request, const struct facts *facts)
{
	const struct fact *fact = facts_find(facts, FACT_PID_MAX, 0);

	(void)request;
	if (!fact || fact->use == FACT_UNKNOWN)
		return RULE_OPEN;
	/* Numbers below 300 are not given out again (RESERVED_PIDS), one pid may be held for two dead ones. */
	if (fact->use + 300 >= fact->value)
		return RULE_BROKEN;
	return fact->use > fact->value / 3 ? RULE_OPEN : RULE_KEPT;
}

/* copy_thread() of x86_64: the base of a segment must be an address of the program's. */
static enum rule_answer test_tls(const struct request *request, const struct facts *facts)
{
	(void)facts;
	if (strcmp(request->abi->name, "x86_64") != 0 || request->tls < X86_64_TOP_4)
		return RULE_KEPT;
	return request->tls < X86_64_TOP_5 ? RULE_OPEN : RULE_BROKEN;
}

static enum rule_answer test_set_tid_deep(const struct request *request, const struct facts *facts)
{
	const struct fact *depth = facts_find(facts, FACT_PID_DEPTH, 0);
	uint64_t levels = request->flags & FLAG_NEWPID ? 1 : 0;

	if (request->set_tid_size <= 1)
		return RULE_KEPT;
	/* The tracer may live deeper than it knows: more levels than it sees may be there. */
	if (!depth || test_children_elsewhere(request, facts) != RULE_KEPT)
		return RULE_OPEN;
	return request->set_tid_size > depth->use + levels ? RULE_BROKEN : RULE_KEPT;
}

static enum rule_answer test_set_tid_value(const struct request *request, const struct facts *facts)
{
	const struct fact *pid_max = facts_find(facts, FACT_PID_MAX, 0);
	const uint64_t limit = pid_max ? pid_max->value : PID_LARGEST;
	enum rule_answer answer = RULE_KEPT;

	if (!(request->have & REQUEST_SET_TID_LIST))
		return RULE_KEPT;
	for (size_t i = 0; i < request->set_tid_size && i < CLONE_SET_TID_MAX; i++) {
		const int32_t tid = request->set_tid_list[i];

		if (tid < 1 || tid >= PID_LARGEST)
			return RULE_BROKEN;
		/* since 6.14 each pid namespace has a pid_max of its own, and this is the tracer's */
		if ((uint64_t)tid >= limit)
			answer = request->flags & FLAG_NEWPID ? RULE_OPEN : RULE_BROKEN;
		else if (!pid_max && tid >= PID_MAX_DEFAULT)
			answer = RULE_OPEN;
	}
	return answer;
}

static enum rule_answer test_set_tid_init(const struct request *request, const struct facts *facts)
{
	(void)facts;
	return broken_if(request->have & REQUEST_SET_TID_LIST && request->set_tid_list[0] != 1);
}

/* In the user namespace of each pid namespace in which a number is asked for; one that the call makes is the child's.
 */
static enum rule_answer test_set_tid_admin(const struct request *request, const struct facts *facts)
{
	const uint64_t own = FLAG_NEWUSER | FLAG_NEWPID;
	const struct fact *capabilities = facts_find(facts, FACT_CAPABILITIES, 0);

	if (!request->set_tid_size || ((request->flags & own) == own && request->set_tid_size == 1))
		return RULE_KEPT;
	if (!capabilities)
		return RULE_OPEN;
	if (!facts_capable(capabilities, CAPABILITY_SYS_ADMIN) &&
	    !facts_capable(capabilities, CAPABILITY_CHECKPOINT_RESTORE))
		return RULE_BROKEN;
	return capabilities->id == INIT_USER_NS ? RULE_KEPT : RULE_OPEN;
}

static enum rule_answer test_set_tid_used(const struct request *request, const struct facts *facts)
{
	(void)facts;
	return request->set_tid_size ? RULE_OPEN : RULE_KEPT;
}

static enum rule_answer test_pidns_dead(const struct request *request, const struct facts *facts)
{
	const struct fact *ns = facts_find(facts, FACT_PID_NS, 0);

	(void)request;
	if (!ns)
		return RULE_OPEN;
	return broken_if(ns->value && ns->id && !ns->use);
}

static enum rule_answer test_pidfd_null(const struct request *request, const struct facts *facts)
{
	(void)facts;
	return broken_if(request->pidfd < PAGE);
}

/* ---- unshare ---- */

static enum rule_answer test_threads(const struct request *request, const struct facts *facts)
{
	const struct fact *threads = facts_find(facts, FACT_THREADS, 0);

	(void)request;
	return threads ? broken_if(threads->use > 1) : RULE_OPEN;
}

/* ---- setns ---- */

static const struct fact *descriptor_of(const struct facts *facts)
{
	return facts_find(facts, FACT_DESCRIPTOR, 0);
}

/* The kinds of namespaces that a setns enters, as far as they are known. */
static uint64_t entered(const struct request *request, const struct facts *facts)
{
	const struct fact *descriptor = descriptor_of(facts);

	if (!request->flags && descriptor && descriptor->id == FACT_DESCRIPTOR_NAMESPACE)
		return descriptor->value;
	return request->flags;
}

/* Whether FLAG is among them; open where flags are 0 and the descriptor is not known. */
static bool may_enter(const struct request *request, const struct facts *facts, uint64_t flag)
{
	return entered(request, facts) & flag || (!request->flags && !descriptor_of(facts));
}

/* ANSWER as it is where FLAG is surely entered. */
static enum rule_answer if_entered(const struct request *request, const struct facts *facts, uint64_t flag,
				   enum rule_answer answer)
{
	if (!may_enter(request, facts, flag))
		return RULE_KEPT;
	return answer == RULE_BROKEN && !(entered(request, facts) & flag) ? RULE_OPEN : answer;
}

static enum rule_answer test_setns_bad(const struct request *request, const struct facts *facts)
{
	const struct fact *descriptor = descriptor_of(facts);

	if ((int)request->args[0] < 0)
		return RULE_BROKEN;
	return descriptor ? broken_if(descriptor->id == FACT_DESCRIPTOR_BAD) : RULE_OPEN;
}

static enum rule_answer test_setns_other(const struct request *request, const struct facts *facts)
{
	const struct fact *descriptor = descriptor_of(facts);

	(void)request;
	if (!descriptor)
		return RULE_OPEN;
	return broken_if(descriptor->id == FACT_DESCRIPTOR_OTHER ||
			 (descriptor->id == FACT_DESCRIPTOR_PIDFD && version_of(facts) &&
			  version_of(facts) < RULE_VERSION(5, 8)));
}

static enum rule_answer test_setns_flags(const struct request *request, const struct facts *facts)
{
	(void)facts;
	return broken_if(request->flags & ~FLAG_NAMESPACES);
}

static enum rule_answer test_setns_type(const struct request *request, const struct facts *facts)
{
	const struct fact *descriptor = descriptor_of(facts);

	if (!request->flags)
		return RULE_KEPT;
	if (!descriptor)
		return RULE_OPEN;
	return broken_if(descriptor->id == FACT_DESCRIPTOR_NAMESPACE && request->flags != descriptor->value);
}

static enum rule_answer test_setns_none(const struct request *request, const struct facts *facts)
{
	const struct fact *descriptor = descriptor_of(facts);

	if (request->flags)
		return RULE_KEPT;
	return descriptor ? broken_if(descriptor->id == FACT_DESCRIPTOR_PIDFD) : RULE_OPEN;
}

static enum rule_answer test_setns_user_same(const struct request *request, const struct facts *facts)
{
	const struct fact *descriptor = descriptor_of(facts), *own = facts_find(facts, FACT_USER_NS, 0);

	if (!descriptor || !own || descriptor->id != FACT_DESCRIPTOR_NAMESPACE)
		return if_entered(request, facts, FLAG_NEWUSER, RULE_OPEN);
	return if_entered(request, facts, FLAG_NEWUSER, broken_if(descriptor->use == own->id));
}

static enum rule_answer test_setns_user_threads(const struct request *request, const struct facts *facts)
{
	return if_entered(request, facts, FLAG_NEWUSER, test_threads(request, facts));
}

static enum rule_answer test_setns_fs(const struct request *request, const struct facts *facts)
{
	return if_entered(request, facts, FLAG_NEWUSER | FLAG_NEWNS, RULE_OPEN);
}

static enum rule_answer test_setns_time(const struct request *request, const struct facts *facts)
{
	return if_entered(request, facts, FLAG_NEWTIME, test_threads(request, facts));
}

static enum rule_answer test_setns_pid(const struct request *request, const struct facts *facts)
{
	return if_entered(request, facts, FLAG_NEWPID, RULE_OPEN);
}

/* CAP_SYS_ADMIN in the user namespace of the one that is entered, which may be another, and for most kinds in its own
 * too. Who has it nowhere is refused for every kind but the user namespace below its own. */
static enum rule_answer test_setns_admin(const struct request *request, const struct facts *facts)
{
	const enum rule_answer admin = test_admin(request, facts);

	return admin == RULE_BROKEN && entered(request, facts) && !(entered(request, facts) & FLAG_NEWUSER)
		       ? RULE_BROKEN
		       : RULE_OPEN;
}

static enum rule_answer test_setns_gone(const struct request *request, const struct facts *facts)
{
	const struct fact *descriptor = descriptor_of(facts);

	(void)request;
	return descriptor && descriptor->id != FACT_DESCRIPTOR_PIDFD ? RULE_KEPT : RULE_OPEN;
}

/* ---- others ---- */

/* A filter answers instead of the kernel with whatever it likes. clone3 has been there since 5.3. */
static enum rule_answer test_seccomp(const struct request *request, const struct facts *facts)
{
	const struct fact *seccomp = facts_find(facts, FACT_SECCOMP, 0);
	const unsigned version = version_of(facts);
	const bool always = request->call == CALL_CLONE3 ? version >= RULE_VERSION(5, 3) : version;

	if (!seccomp)
		return RULE_OPEN;
	if (seccomp->value != SECCOMP_FILTERS || !seccomp->use)
		return RULE_KEPT;
	return always && seccomp->use != FACT_UNKNOWN ? RULE_BROKEN : RULE_OPEN;
}

/* The same for an errno that the kernel itself gives, too: only where a filter was seen is it worth a word. */
static enum rule_answer test_seccomp_open(const struct request *request, const struct facts *facts)
{
	const struct fact *seccomp = facts_find(facts, FACT_SECCOMP, 0);

	(void)request;
	return seccomp && seccomp->value == SECCOMP_FILTERS && seccomp->use ? RULE_OPEN : RULE_KEPT;
}

static enum rule_answer test_no_clone3(const struct request *request, const struct facts *facts)
{
	const unsigned version = version_of(facts);

	(void)request;
	return version ? broken_if(version < RULE_VERSION(5, 3)) : RULE_KEPT;
}

static enum rule_answer test_broken(const struct request *request, const struct facts *facts)
{
	(void)request;
	(void)facts;
	return RULE_BROKEN;
}

static enum rule_answer test_pgid_negative(const struct request *request, const struct facts *facts)
{
	(void)facts;
	return broken_if((int)request->args[1] < 0);
}

#define LOOK(what) (1U << FACT_##what)
#define KERNEL_5_3 RULE_VERSION(5, 3)
#define KERNEL_5_5 RULE_VERSION(5, 5)
#define KERNEL_5_7 RULE_VERSION(5, 7)
#define KERNEL_7_1 RULE_VERSION(7, 1)

/* In the kernel's order, which is why unshare's come where clone's have been checked: of the rules for one call each
 * stands behind those that are asked before it. Texts: see rules.h and add_letter(). */
static const struct rule rules[] = {
	/* Before the call itself is looked at: seccomp, and a kernel without clone3. */
	{ .name = "no-clone3",
	  .calls = CLONE3,
	  .error = ENOSYS,
	  .about = RULE_MACHINE,
	  .test = test_no_clone3,
	  .facts = LOOK(KERNEL),
	  .text = "Linux $k has no clone3, which came with 5.3",
	  .source = "clone(2), HISTORY" },
	{ .name = "seccomp",
	  .calls = CREATIONS | UNSHARE | SETNS,
	  .error = ENOSYS,
	  .about = RULE_MACHINE,
	  .test = test_seccomp,
	  .facts = LOOK(KERNEL) | LOOK(SECCOMP),
	  .text = "a seccomp filter of the program or of its container ($u in force) answers instead of the kernel",
	  .open = "a seccomp filter answers instead of the kernel",
	  .source = "seccomp(2), SECCOMP_RET_ERRNO" },
	{ .name = "seccomp-eperm",
	  .calls = CREATIONS | UNSHARE | SETNS,
	  .error = EPERM,
	  .about = RULE_MACHINE,
	  .test = test_seccomp_open,
	  .facts = LOOK(SECCOMP),
	  .text = "a seccomp filter answers instead of the kernel",
	  .open = "a seccomp filter answers instead of the kernel",
	  .source = "seccomp(2), SECCOMP_RET_ERRNO" },

	/* clone3's struct: copy_clone_args_from_user() */
	{ .name = "size-large",
	  .calls = CLONE3,
	  .error = E2BIG,
	  .since = KERNEL_5_3,
	  .test = test_size_large,
	  .text = "struct clone_args may have a page at most, not $s bytes",
	  .open = "struct clone_args is larger than a page",
	  .source = "kernel/fork.c, copy_clone_args_from_user()" },
	{ .name = "size-small",
	  .calls = CLONE3,
	  .error = EINVAL,
	  .since = KERNEL_5_3,
	  .test = test_size_small,
	  .text = "struct clone_args has at least 64 bytes, not $s",
	  .source = "kernel/fork.c, copy_clone_args_from_user()" },
	{ .name = "newer",
	  .calls = CLONE3,
	  .error = E2BIG,
	  .since = KERNEL_5_3,
	  .test = test_newer,
	  .facts = LOOK(KERNEL),
	  .text = "struct clone_args has a field set that Linux $k does not know",
	  .open = "struct clone_args has a field set that the kernel does not know",
	  .source = "lib/usercopy.c, copy_struct_from_user()" },
	{ .name = "unreadable",
	  .calls = CLONE3,
	  .error = EFAULT,
	  .since = KERNEL_5_3,
	  .test = test_unreadable,
	  .text = "struct clone_args cannot be read at $a",
	  .source = "kernel/fork.c, copy_clone_args_from_user()" },
	{ .name = "set-tid-many",
	  .calls = CLONE3,
	  .error = EINVAL,
	  .since = KERNEL_5_5,
	  .test = test_set_tid_many,
	  .text = "set_tid has at most 32 entries, one for each nesting of pid namespaces, not $t",
	  .source = "kernel/fork.c, copy_clone_args_from_user()" },
	{ .name = "set-tid-pair",
	  .calls = CLONE3,
	  .error = EINVAL,
	  .since = KERNEL_5_5,
	  .test = test_set_tid_pair,
	  .text = "set_tid and set_tid_size go together: one is set and the other 0",
	  .source = "kernel/fork.c, copy_clone_args_from_user()" },
	{ .name = "exit-signal",
	  .calls = CLONE3,
	  .error = EINVAL,
	  .since = KERNEL_5_3,
	  .test = test_exit_signal,
	  .text = "the exit signal $e is no signal: they end at 64",
	  .source = "kernel/fork.c, copy_clone_args_from_user()" },
	{ .name = "cgroup-field",
	  .calls = CLONE3,
	  .error = EINVAL,
	  .since = KERNEL_5_7,
	  .with = FLAG_INTO_CGROUP,
	  .test = test_cgroup_field,
	  .text = "CLONE_INTO_CGROUP needs a descriptor in the field cgroup, so a struct of at least 88 bytes",
	  .source = "kernel/fork.c, copy_clone_args_from_user()" },
	{ .name = "set-tid-unreadable",
	  .calls = CLONE3,
	  .error = EFAULT,
	  .since = KERNEL_5_5,
	  .test = test_set_tid_unreadable,
	  .text = "the list set_tid cannot be read",
	  .source = "kernel/fork.c, copy_clone_args_from_user()" },

	/* clone3_args_valid() */
	{ .name = "unknown-flags",
	  .calls = CLONE3,
	  .error = EINVAL,
	  .since = KERNEL_5_3,
	  .test = test_unknown_flags,
	  .facts = LOOK(KERNEL),
	  .text = "clone3 of Linux $k does not know $x",
	  .open = "this kernel does not know all of the flags",
	  .source = "kernel/fork.c, clone3_args_valid()" },
	{ .name = "detached-clone3",
	  .calls = CLONE3,
	  .error = EINVAL,
	  .since = KERNEL_5_3,
	  .with = FLAG_DETACHED,
	  .text = "clone3 does not take CLONE_DETACHED, which clone ignores",
	  .source = "kernel/fork.c, clone3_args_valid()" },
	{ .name = "csignal-clone3",
	  .calls = CLONE3,
	  .error = EINVAL,
	  .since = KERNEL_5_3,
	  .any = FLAG_CSIGNAL,
	  .test = test_csignal,
	  .text = "clone3 has no exit signal among its flags but a field exit_signal",
	  .source = "kernel/fork.c, clone3_args_valid()" },
	{ .name = "newtime-clone3",
	  .calls = CLONE3,
	  .error = EINVAL,
	  .since = RULE_VERSION(5, 6),
	  .until = RULE_VERSION(6, 3),
	  .with = FLAG_NEWTIME,
	  .test = test_newtime,
	  .facts = LOOK(KERNEL),
	  .text = "clone3 takes CLONE_NEWTIME since 6.3 only",
	  .open = "this kernel is older than 6.3, where clone3 began to take CLONE_NEWTIME",
	  .source = "kernel/fork.c, clone3_args_valid()" },
	{ .name = "clear-sighand",
	  .calls = CLONE3,
	  .error = EINVAL,
	  .since = KERNEL_5_5,
	  .with = FLAG_SIGHAND | FLAG_CLEAR_SIGHAND,
	  .text = "CLONE_SIGHAND shares the handlers that CLONE_CLEAR_SIGHAND resets: one of them only",
	  .source = "kernel/fork.c, clone3_args_valid()" },
	{ .name = "no-exit-signal",
	  .calls = CLONE3,
	  .error = EINVAL,
	  .since = KERNEL_5_3,
	  .any = FLAG_THREAD | FLAG_PARENT,
	  .test = test_exit_signal_any,
	  .text = "with $f clone3 takes no exit signal, and $e is given",
	  .source = "kernel/fork.c, clone3_args_valid()" },
	{ .name = "stack-pair",
	  .calls = CLONE3,
	  .error = EINVAL,
	  .since = RULE_VERSION(5, 4),
	  .test = test_stack_pair,
	  .text = "stack and stack_size go together: one is set and the other 0",
	  .source = "kernel/fork.c, clone3_stack_valid()" },
	{ .name = "stack-high",
	  .calls = CLONE3,
	  .error = EINVAL,
	  .since = RULE_VERSION(5, 4),
	  .test = test_stack_high,
	  .text = "the stack is not in the program's address space",
	  .open = "the stack is not in the program's address space",
	  .source = "kernel/fork.c, clone3_stack_valid()" },

	/* kernel_clone() */
	{ .name = "one-pointer",
	  .calls = CLONE,
	  .error = EINVAL,
	  .since = RULE_VERSION(5, 2),
	  .with = FLAG_PIDFD | FLAG_PARENT_SETTID,
	  .text = "CLONE_PIDFD and CLONE_PARENT_SETTID write to the same pointer in clone: one of them only",
	  .source = "clone(2), ERRORS; kernel/fork.c, kernel_clone()" },
	{ .name = "same-pointer",
	  .calls = CLONE3,
	  .error = EINVAL,
	  .since = KERNEL_5_3,
	  .with = FLAG_PIDFD | FLAG_PARENT_SETTID,
	  .test = test_one_pointer,
	  .text = "CLONE_PIDFD and CLONE_PARENT_SETTID would write to one place: pidfd and parent_tid are the same",
	  .source = "kernel/fork.c, kernel_clone()" },
	{ .name = "exit-signal-clone",
	  .calls = CLONE,
	  .error = EINVAL,
	  .test = test_exit_signal_clone,
	  .facts = LOOK(KERNEL),
	  .text = "the exit signal $e is no signal: they end at 64 (clone looks at that since 7.1)",
	  .open = "this kernel looks at clone's exit signal, as 7.1 does and later stable releases of others may",
	  .source = "kernel/fork.c, kernel_clone()" },

	/* copy_process() */
	{ .name = "newns-fs",
	  .calls = BOTH,
	  .error = EINVAL,
	  .with = FLAG_FS,
	  .any = FLAG_NEWNS | FLAG_EMPTY_MNTNS,
	  .text = "$f: tasks of two mount namespaces cannot share their root directory",
	  .source = "kernel/fork.c, copy_process()" },
	{ .name = "newuser-fs",
	  .calls = BOTH,
	  .error = EINVAL,
	  .since = RULE_VERSION(3, 9),
	  .with = FLAG_FS | FLAG_NEWUSER,
	  .text = "$f: tasks of two user namespaces cannot share their root directory",
	  .source = "kernel/fork.c, copy_process()" },
	{ .name = "thread-sighand",
	  .calls = BOTH,
	  .error = EINVAL,
	  .with = FLAG_THREAD,
	  .without = FLAG_SIGHAND,
	  .text = "CLONE_THREAD needs CLONE_SIGHAND, which is not set",
	  .source = "kernel/fork.c, copy_process()" },
	{ .name = "sighand-vm",
	  .calls = BOTH,
	  .error = EINVAL,
	  .with = FLAG_SIGHAND,
	  .without = FLAG_VM,
	  .text = "CLONE_SIGHAND needs CLONE_VM, which is not set",
	  .source = "kernel/fork.c, copy_process()" },
	{ .name = "parent-init",
	  .calls = BOTH,
	  .error = EINVAL,
	  .about = RULE_CALLER,
	  .with = FLAG_PARENT,
	  .test = test_namespace_init,
	  .facts = LOOK(PID_DEPTH),
	  .text = "CLONE_PARENT by the init of a pid namespace, which has no parent there",
	  .open = "the caller is the init of a pid namespace",
	  .source = "kernel/fork.c, copy_process()" },
	{ .name = "thread-namespace",
	  .calls = BOTH,
	  .error = EINVAL,
	  .with = FLAG_THREAD,
	  .any = FLAG_NEWUSER | FLAG_NEWPID,
	  .text = "$f: the threads of a process live in the same user and pid namespace",
	  .source = "kernel/fork.c, copy_process()" },
	{ .name = "thread-pidns",
	  .calls = BOTH,
	  .error = EINVAL,
	  .about = RULE_CALLER,
	  .with = FLAG_THREAD,
	  .test = test_children_elsewhere,
	  .facts = LOOK(PID_NS),
	  .text = "the caller's children live in another pid namespace, by its unshare(CLONE_NEWPID) or setns; a "
		  "thread cannot",
	  .open = "the caller has chosen another pid namespace for its children, by unshare or setns",
	  .source = "kernel/fork.c, copy_process()" },
	{ .name = "vm-timens",
	  .calls = BOTH,
	  .error = EINVAL,
	  .about = RULE_CALLER,
	  .since = RULE_VERSION(5, 6),
	  .until = RULE_VERSION(6, 2),
	  .any = FLAG_VM | FLAG_THREAD,
	  .test = test_open,
	  .facts = LOOK(KERNEL),
	  .text = "the caller's children live in another time namespace, and $f keeps its memory",
	  .open = "the caller has chosen another time namespace for its children, by unshare",
	  .source = "kernel/fork.c, copy_process() before 6.2" },
	{ .name = "pidfd-detached",
	  .calls = CLONE,
	  .error = EINVAL,
	  .since = RULE_VERSION(5, 2),
	  .with = FLAG_PIDFD | FLAG_DETACHED,
	  .text = "CLONE_DETACHED, ignored otherwise, is refused with CLONE_PIDFD",
	  .source = "clone(2), ERRORS; kernel/fork.c, copy_process()" },
	{ .name = "pidfd-thread",
	  .calls = BOTH,
	  .error = EINVAL,
	  .since = RULE_VERSION(5, 2),
	  .until = RULE_VERSION(6, 9),
	  .with = FLAG_PIDFD | FLAG_THREAD,
	  .facts = LOOK(KERNEL),
	  .text = "CLONE_PIDFD gives pidfds of threads since 6.9 only",
	  .open = "this kernel is older than 6.9, where CLONE_PIDFD began to give pidfds of threads",
	  .source = "kernel/fork.c, copy_process() before 6.9" },
	{ .name = "autoreap-thread",
	  .calls = CLONE3,
	  .error = EINVAL,
	  .since = KERNEL_7_1,
	  .with = FLAG_AUTOREAP,
	  .any = FLAG_THREAD | FLAG_PARENT,
	  .text = "$f: only a process, and a child of the caller's own, can be reaped by itself",
	  .source = "kernel/fork.c, copy_process()" },
	{ .name = "autoreap-signal",
	  .calls = CLONE3,
	  .error = EINVAL,
	  .since = KERNEL_7_1,
	  .with = FLAG_AUTOREAP,
	  .test = test_exit_signal_any,
	  .text = "with CLONE_AUTOREAP nobody is signalled, and the exit signal $e is given",
	  .source = "kernel/fork.c, copy_process()" },
	{ .name = "parent-autoreap",
	  .calls = BOTH,
	  .error = EINVAL,
	  .about = RULE_CALLER,
	  .since = KERNEL_7_1,
	  .with = FLAG_PARENT,
	  .test = test_open,
	  .facts = LOOK(KERNEL),
	  .text = "CLONE_PARENT by a task that was made with CLONE_AUTOREAP",
	  .open = "the caller was made with CLONE_AUTOREAP",
	  .source = "kernel/fork.c, copy_process()" },
	{ .name = "nnp-thread",
	  .calls = CLONE3,
	  .error = EINVAL,
	  .since = KERNEL_7_1,
	  .with = FLAG_NNP | FLAG_THREAD,
	  .text = "CLONE_NNP is for processes, not for threads",
	  .source = "kernel/fork.c, copy_process()" },
	{ .name = "autokill-pidfd",
	  .calls = CLONE3,
	  .error = EINVAL,
	  .since = KERNEL_7_1,
	  .with = FLAG_PIDFD_AUTOKILL,
	  .without = FLAG_PIDFD,
	  .text = "CLONE_PIDFD_AUTOKILL needs CLONE_PIDFD, which is not set",
	  .source = "kernel/fork.c, copy_process()" },
	{ .name = "autokill-autoreap",
	  .calls = CLONE3,
	  .error = EINVAL,
	  .since = KERNEL_7_1,
	  .with = FLAG_PIDFD_AUTOKILL,
	  .without = FLAG_AUTOREAP,
	  .text = "CLONE_PIDFD_AUTOKILL needs CLONE_AUTOREAP, which is not set",
	  .source = "kernel/fork.c, copy_process()" },
	{ .name = "autokill-thread",
	  .calls = CLONE3,
	  .error = EINVAL,
	  .since = KERNEL_7_1,
	  .with = FLAG_PIDFD_AUTOKILL | FLAG_THREAD,
	  .text = "CLONE_PIDFD_AUTOKILL is for processes, not for threads",
	  .source = "kernel/fork.c, copy_process()" },
	{ .name = "autokill-admin",
	  .calls = CLONE3,
	  .error = EPERM,
	  .about = RULE_CALLER,
	  .since = KERNEL_7_1,
	  .with = FLAG_PIDFD_AUTOKILL,
	  .without = FLAG_NNP,
	  .test = test_admin,
	  .facts = LOOK(CAPABILITIES),
	  .text = "CLONE_PIDFD_AUTOKILL without CLONE_NNP needs CAP_SYS_ADMIN in user namespace $i, which the caller "
		  "lacks",
	  .open = "the caller lacks CAP_SYS_ADMIN in its user namespace",
	  .source = "kernel/fork.c, copy_process()" },

	/* unshare: check_unshare_flags() */
	{ .name = "unshare-unknown",
	  .calls = UNSHARE,
	  .error = EINVAL,
	  .test = test_unknown_flags,
	  .facts = LOOK(KERNEL),
	  .text = "unshare of Linux $k does not know $x",
	  .open = "this kernel does not know all of the flags",
	  .source = "kernel/fork.c, check_unshare_flags()" },
	{ .name = "unshare-threads",
	  .calls = UNSHARE,
	  .error = EINVAL,
	  .about = RULE_CALLER,
	  .any = FLAG_THREAD | FLAG_SIGHAND | FLAG_VM | FLAG_NEWUSER,
	  .test = test_threads,
	  .facts = LOOK(THREADS),
	  .text = "unshare($f) is for a process with one thread, and the caller's has $u",
	  .open = "the caller's process has several threads",
	  .source = "kernel/fork.c, check_unshare_flags(); unshare(2)" },
	{ .name = "unshare-handlers",
	  .calls = UNSHARE,
	  .error = EINVAL,
	  .about = RULE_CALLER,
	  .any = FLAG_SIGHAND | FLAG_VM,
	  .test = test_open,
	  .text = "the caller shares its signal handlers with another process",
	  .open = "the caller shares its signal handlers with another process",
	  .source = "kernel/fork.c, check_unshare_flags()" },
	{ .name = "unshare-memory",
	  .calls = UNSHARE,
	  .error = EINVAL,
	  .about = RULE_CALLER,
	  .with = FLAG_VM,
	  .test = test_open,
	  .text = "the caller shares its memory with another process",
	  .open = "the caller shares its memory with another process",
	  .source = "kernel/fork.c, check_unshare_flags()" },

	/* create_user_ns(), for both */
	{ .name = "user-depth",
	  .calls = BOTH | UNSHARE,
	  .error = ENOSPC,
	  .about = RULE_MACHINE,
	  .since = RULE_VERSION(4, 9),
	  .with = FLAG_NEWUSER,
	  .test = test_user_depth,
	  .facts = LOOK(USER_NS),
	  .text = "user namespaces nest 32 deep at most, and the caller's is $u deep",
	  .open = "user namespaces are nested 32 deep already",
	  .source = "kernel/user_namespace.c, create_user_ns()" },
	{ .name = "chroot",
	  .calls = BOTH | UNSHARE,
	  .error = EPERM,
	  .about = RULE_CALLER,
	  .since = RULE_VERSION(3, 9),
	  .with = FLAG_NEWUSER,
	  .test = test_chroot,
	  .facts = LOOK(ROOT),
	  .text = "CLONE_NEWUSER by a caller that is in a chroot: its root is not that of its mount namespace",
	  .open = "the caller is in a chroot",
	  .source = "kernel/user_namespace.c, create_user_ns()" },
	{ .name = "unmapped",
	  .calls = BOTH | UNSHARE,
	  .error = EPERM,
	  .about = RULE_CALLER,
	  .with = FLAG_NEWUSER,
	  .test = test_mapped,
	  .facts = LOOK(MAPPED),
	  .text = "CLONE_NEWUSER by a caller whose user or group has no mapping in its own user namespace",
	  .open = "the caller's user or group has no mapping in its user namespace",
	  .source = "kernel/user_namespace.c, create_user_ns()" },
	{ .name = "policy",
	  .calls = BOTH | UNSHARE,
	  .error = EPERM,
	  .about = RULE_CALLER,
	  .with = FLAG_NEWUSER,
	  .test = test_policy,
	  .facts = LOOK(CAPABILITIES) | LOOK(USERNS_POLICY),
	  .text = "a sysctl of this system keeps user namespaces from callers without CAP_SYS_ADMIN",
	  .open = "a sysctl or security module of this system keeps user namespaces from it",
	  .source = "kernel.unprivileged_userns_clone, kernel.apparmor_restrict_unprivileged_userns; "
		    "user_namespaces(7)" },
	{ .name = "policy-eacces",
	  .calls = BOTH | UNSHARE,
	  .error = EACCES,
	  .about = RULE_MACHINE,
	  .with = FLAG_NEWUSER,
	  .test = test_open,
	  .text = "a security module keeps user namespaces from it",
	  .open = "a security module keeps user namespaces from it",
	  .source = "security/security.c, security_create_user_ns()" },

	/* copy_process(), what is counted */
	{ .name = "nproc",
	  .calls = CREATIONS,
	  .error = EAGAIN,
	  .about = RULE_MACHINE,
	  .test = test_nproc,
	  .facts = LOOK(NPROC) | LOOK(CAPABILITIES),
	  .text = "RLIMIT_NPROC of user $i: $u of $v tasks, counted in /proc",
	  .open = "RLIMIT_NPROC of its user is reached",
	  .source = "kernel/fork.c, copy_process(); getrlimit(2)" },
	{ .name = "threads-max",
	  .calls = CREATIONS,
	  .error = EAGAIN,
	  .about = RULE_MACHINE,
	  .test = test_threads_max,
	  .facts = LOOK(THREADS_MAX),
	  .text = "kernel.threads-max: $u of $v tasks, by /proc/loadavg",
	  .open = "kernel.threads-max is reached",
	  .source = "kernel/fork.c, copy_process()" },

	/* copy_namespaces(), unshare_nsproxy_namespaces() */
	{ .name = "admin",
	  .calls = BOTH | UNSHARE,
	  .error = EPERM,
	  .about = RULE_CALLER,
	  .any = NEW_WITHOUT_USER | FLAG_EMPTY_MNTNS,
	  .without = FLAG_NEWUSER,
	  .test = test_admin,
	  .facts = LOOK(CAPABILITIES),
	  .text = "$f without CLONE_NEWUSER needs CAP_SYS_ADMIN in user namespace $i, which the caller lacks",
	  .open = "the caller lacks CAP_SYS_ADMIN in its user namespace",
	  .source = "kernel/nsproxy.c, copy_namespaces(); namespaces(7)" },
	{ .name = "admin-empty",
	  .calls = UNSHARE,
	  .error = EPERM,
	  .about = RULE_CALLER,
	  .since = KERNEL_7_1,
	  .with = FLAG_UNSHARE_EMPTY_MNTNS,
	  .without = FLAG_NEWUSER | NEW_WITHOUT_USER,
	  .test = test_admin,
	  .facts = LOOK(CAPABILITIES),
	  .text = "$f without CLONE_NEWUSER needs CAP_SYS_ADMIN in user namespace $i, which the caller lacks",
	  .open = "the caller lacks CAP_SYS_ADMIN in its user namespace",
	  .source = "kernel/nsproxy.c, unshare_nsproxy_namespaces()" },
	{ .name = "newipc-sysvsem",
	  .calls = BOTH,
	  .error = EINVAL,
	  .with = FLAG_NEWIPC | FLAG_SYSVSEM,
	  .text = "$f: a new IPC namespace has none of the semaphores whose undo list would be shared",
	  .source = "kernel/nsproxy.c, copy_namespaces()" },
	{ .name = "max-namespaces",
	  .calls = BOTH | UNSHARE,
	  .error = ENOSPC,
	  .about = RULE_MACHINE,
	  .since = RULE_VERSION(4, 9),
	  .any = FLAG_NAMESPACES | FLAG_EMPTY_MNTNS,
	  .test = test_max_namespaces,
	  .facts = LOOK(MAX_NAMESPACES) | LOOK(USER_NS),
	  .text = "$m",
	  .open = "a limit of namespaces is reached in its user namespace or one above; how many there are cannot be "
		  "read: $m",
	  .source = "kernel/ucount.c, inc_ucount(); namespaces(7), /proc/sys/user" },
	{ .name = "newpid-pidns",
	  .calls = BOTH | UNSHARE,
	  .error = EINVAL,
	  .about = RULE_CALLER,
	  .with = FLAG_NEWPID,
	  .test = test_children_elsewhere,
	  .facts = LOOK(PID_NS),
	  .text = "CLONE_NEWPID by a caller whose children live in another pid namespace already, by unshare or setns",
	  .open = "the caller has chosen another pid namespace for its children, by unshare or setns",
	  .source = "kernel/pid_namespace.c, copy_pid_ns()" },
	{ .name = "pid-depth",
	  .calls = BOTH | UNSHARE,
	  .error = ENOSPC,
	  .about = RULE_MACHINE,
	  .since = RULE_VERSION(4, 9),
	  .with = FLAG_NEWPID,
	  .test = test_pid_depth,
	  .facts = LOOK(PID_DEPTH),
	  .text = "pid namespaces nest 32 deep at most, and the caller's is at that depth",
	  .open = "pid namespaces are nested 32 deep already",
	  .source = "kernel/pid_namespace.c, create_pid_namespace()" },
	{ .name = "not-built",
	  .calls = BOTH | UNSHARE,
	  .error = EINVAL,
	  .about = RULE_MACHINE,
	  .any = FLAG_NAMESPACES,
	  .test = test_namespaces,
	  .facts = LOOK(NAMESPACES),
	  .text = "this kernel was built without a kind of namespace that $f asks for",
	  .open = "this kernel was built without such namespaces",
	  .source = "namespaces(7)" },

	/* copy_thread(), alloc_pid() */
	{ .name = "tls",
	  .calls = BOTH,
	  .error = EPERM,
	  .with = FLAG_SETTLS,
	  .test = test_tls,
	  .text = "thread-local storage must lie in the program's address space",
	  .open = "thread-local storage does not lie in the program's address space",
	  .source = "arch/x86/kernel/process_64.c, do_arch_prctl_64()" },
	{ .name = "set-tid-deep",
	  .calls = CLONE3,
	  .error = EINVAL,
	  .about = RULE_CALLER,
	  .since = KERNEL_5_5,
	  .test = test_set_tid_deep,
	  .facts = LOOK(PID_DEPTH) | LOOK(PID_NS),
	  .text = "set_tid has $t entries, more than there are pid namespaces around the child",
	  .open = "set_tid has more entries than there are pid namespaces around the child",
	  .source = "kernel/pid.c, alloc_pid()" },
	{ .name = "set-tid-value",
	  .calls = CLONE3,
	  .error = EINVAL,
	  .since = KERNEL_5_5,
	  .test = test_set_tid_value,
	  .facts = LOOK(PID_MAX),
	  .text = "set_tid has a number that no pid can be: they are from 1 to below kernel.pid_max",
	  .open = "set_tid has a number that is not below kernel.pid_max",
	  .source = "kernel/pid.c, alloc_pid()" },
	{ .name = "set-tid-init",
	  .calls = CLONE3,
	  .error = EINVAL,
	  .since = KERNEL_5_5,
	  .with = FLAG_NEWPID,
	  .test = test_set_tid_init,
	  .text = "the first task of a pid namespace is 1 in it, and set_tid asks for another number",
	  .source = "kernel/pid.c, alloc_pid()" },
	{ .name = "set-tid-admin",
	  .calls = CLONE3,
	  .error = EPERM,
	  .about = RULE_CALLER,
	  .since = KERNEL_5_5,
	  .test = test_set_tid_admin,
	  .facts = LOOK(CAPABILITIES),
	  .text = "to choose pids by set_tid takes CAP_CHECKPOINT_RESTORE (before 5.9: CAP_SYS_ADMIN) in the user "
		  "namespace of the pid namespace, which the caller lacks",
	  .open = "the caller lacks CAP_CHECKPOINT_RESTORE",
	  .source = "kernel/pid.c, alloc_pid(); clone(2), set_tid" },
	{ .name = "set-tid-used",
	  .calls = CLONE3,
	  .error = EEXIST,
	  .about = RULE_MACHINE,
	  .since = KERNEL_5_5,
	  .test = test_set_tid_used,
	  .text = "a number in set_tid is in use",
	  .open = "a number in set_tid is in use",
	  .source = "kernel/pid.c, alloc_pid()" },
	{ .name = "pid-max",
	  .calls = CREATIONS,
	  .error = EAGAIN,
	  .about = RULE_MACHINE,
	  .test = test_pid_max,
	  .facts = LOOK(PID_MAX),
	  .text = "kernel.pid_max: $u tasks for $v numbers, by /proc/loadavg",
	  .open = "kernel.pid_max is reached in its pid namespace",
	  .source = "kernel/pid.c, alloc_pid()" },
	{ .name = "pidns-dead",
	  .calls = CREATIONS,
	  .error = ENOMEM,
	  .about = RULE_MACHINE,
	  .test = test_pidns_dead,
	  .facts = LOOK(PID_NS),
	  .text = "the caller's children would live in pid namespace $i, whose init has died: it takes no more",
	  .open = "the init of the pid namespace where its children would live has died",
	  .source = "kernel/pid.c, alloc_pid(); pid_namespaces(7)" },
	{ .name = "pidfd-null",
	  .calls = BOTH,
	  .error = EFAULT,
	  .since = RULE_VERSION(5, 2),
	  .with = FLAG_PIDFD,
	  .test = test_pidfd_null,
	  .text = "CLONE_PIDFD has nowhere to write its descriptor: the pointer is NULL",
	  .source = "kernel/fork.c, copy_process()" },
	{ .name = "pidfd-unwritable",
	  .calls = BOTH,
	  .error = EFAULT,
	  .about = RULE_MACHINE,
	  .since = RULE_VERSION(5, 2),
	  .with = FLAG_PIDFD,
	  .test = test_open,
	  .text = "CLONE_PIDFD cannot write its descriptor where it is to",
	  .open = "the place for the pidfd cannot be written",
	  .source = "kernel/fork.c, copy_process()" },
	{ .name = "pidfd-files",
	  .calls = BOTH,
	  .error = EMFILE,
	  .about = RULE_MACHINE,
	  .since = RULE_VERSION(5, 2),
	  .with = FLAG_PIDFD,
	  .test = test_open,
	  .text = "RLIMIT_NOFILE leaves no descriptor for the pidfd",
	  .open = "RLIMIT_NOFILE leaves no descriptor for the pidfd",
	  .source = "clone(2), ERRORS" },

	/* cgroup_can_fork() */
	{ .name = "cgroup-descriptor",
	  .calls = CLONE3,
	  .error = EBADF,
	  .about = RULE_MACHINE,
	  .since = KERNEL_5_7,
	  .with = FLAG_INTO_CGROUP,
	  .test = test_open,
	  .text = "CLONE_INTO_CGROUP needs the descriptor of a directory of the cgroup v2 hierarchy",
	  .open = "$d is not the descriptor of a directory of the cgroup v2 hierarchy",
	  .source = "kernel/cgroup/cgroup.c, cgroup_css_set_fork()" },
	{ .name = "cgroup-busy",
	  .calls = CLONE3,
	  .error = EBUSY,
	  .about = RULE_MACHINE,
	  .since = KERNEL_5_7,
	  .with = FLAG_INTO_CGROUP,
	  .test = test_open,
	  .text = "the cgroup hands controllers to those below it, so it takes no processes",
	  .open = "the cgroup hands controllers to those below it, so it takes no processes",
	  .source = "cgroups(7), the \"no internal processes\" rule" },
	{ .name = "cgroup-threaded",
	  .calls = CLONE3,
	  .error = EOPNOTSUPP,
	  .about = RULE_MACHINE,
	  .since = KERNEL_5_7,
	  .with = FLAG_INTO_CGROUP,
	  .test = test_open,
	  .text = "the cgroup is in the state \"domain invalid\" or takes no processes",
	  .open = "the cgroup is in the state \"domain invalid\" or takes no processes",
	  .source = "cgroups(7), clone(2), ERRORS" },
	{ .name = "cgroup-permission",
	  .calls = CLONE3,
	  .error = EACCES,
	  .about = RULE_MACHINE,
	  .since = KERNEL_5_7,
	  .with = FLAG_INTO_CGROUP,
	  .test = test_open,
	  .text = "the caller may not move processes into that cgroup",
	  .open = "the caller may not move processes into that cgroup",
	  .source = "cgroups(7), \"delegation\"; clone(2), ERRORS" },
	{ .name = "cgroup-dead",
	  .calls = CLONE3,
	  .error = ENODEV,
	  .about = RULE_MACHINE,
	  .since = KERNEL_5_7,
	  .with = FLAG_INTO_CGROUP,
	  .test = test_open,
	  .text = "the cgroup has been removed",
	  .open = "the cgroup has been removed",
	  .source = "kernel/cgroup/cgroup.c, cgroup_css_set_fork()" },
	{ .name = "pids",
	  .calls = CREATIONS,
	  .error = EAGAIN,
	  .about = RULE_MACHINE,
	  .test = test_pids,
	  .facts = LOOK(PIDS),
	  .text = "pids.max of cgroup $c: $u of $v tasks",
	  .open = "pids.max of a cgroup that it is in is reached",
	  .source = "kernel/cgroup/pids.c, pids_can_fork(); cgroups(7)" },
	{ .name = "memory",
	  .calls = CREATIONS | UNSHARE | SETNS,
	  .error = ENOMEM,
	  .about = RULE_MACHINE,
	  .test = test_open,
	  .text = "the kernel has no memory for it",
	  .open = "the kernel has no memory for it, or a limit of memory is reached",
	  .source = "clone(2), ERRORS" },

	/* setns */
	{ .name = "setns-descriptor",
	  .calls = SETNS,
	  .error = EBADF,
	  .about = RULE_CALLER,
	  .test = test_setns_bad,
	  .facts = LOOK(DESCRIPTOR),
	  .text = "$d is not an open descriptor",
	  .open = "$d is not an open descriptor",
	  .source = "setns(2), ERRORS" },
	{ .name = "setns-other",
	  .calls = SETNS,
	  .error = EINVAL,
	  .about = RULE_CALLER,
	  .test = test_setns_other,
	  .facts = LOOK(DESCRIPTOR) | LOOK(KERNEL),
	  .text = "descriptor $d is neither of a namespace nor (since 5.8) a pidfd",
	  .open = "descriptor $d is neither of a namespace nor (since 5.8) a pidfd",
	  .source = "kernel/nsproxy.c, setns()" },
	{ .name = "setns-flags",
	  .calls = SETNS,
	  .error = EINVAL,
	  .test = test_setns_flags,
	  .text = "setns takes flags of namespaces alone, not $x",
	  .source = "kernel/nsproxy.c, check_setns_flags()" },
	{ .name = "setns-type",
	  .calls = SETNS,
	  .error = EINVAL,
	  .about = RULE_CALLER,
	  .test = test_setns_type,
	  .facts = LOOK(DESCRIPTOR),
	  .text = "descriptor $d is of a namespace of another kind ($n)",
	  .open = "descriptor $d is of a namespace of another kind",
	  .source = "kernel/nsproxy.c, setns()" },
	{ .name = "setns-none",
	  .calls = SETNS,
	  .error = EINVAL,
	  .about = RULE_CALLER,
	  .test = test_setns_none,
	  .facts = LOOK(DESCRIPTOR),
	  .text = "for a pidfd the flags say which namespaces to enter, and they are 0",
	  .open = "descriptor $d is a pidfd, for which the flags say which namespaces to enter",
	  .source = "kernel/nsproxy.c, check_setns_flags()" },
	{ .name = "setns-gone",
	  .calls = SETNS,
	  .error = ESRCH,
	  .about = RULE_MACHINE,
	  .since = RULE_VERSION(5, 8),
	  .test = test_setns_gone,
	  .facts = LOOK(DESCRIPTOR),
	  .text = "the process of pidfd $d has ended",
	  .open = "the process of pidfd $d has ended",
	  .source = "kernel/nsproxy.c, validate_nsset()" },
	{ .name = "setns-user-same",
	  .calls = SETNS,
	  .error = EINVAL,
	  .about = RULE_CALLER,
	  .test = test_setns_user_same,
	  .facts = LOOK(DESCRIPTOR) | LOOK(USER_NS),
	  .text = "the caller is in that user namespace already, and entering again would give it capabilities",
	  .open = "the caller is in that user namespace already",
	  .source = "kernel/user_namespace.c, userns_install()" },
	{ .name = "setns-user-threads",
	  .calls = SETNS,
	  .error = EINVAL,
	  .about = RULE_CALLER,
	  .test = test_setns_user_threads,
	  .facts = LOOK(THREADS) | LOOK(DESCRIPTOR),
	  .text = "only a process with one thread can enter a user namespace, and the caller's has several",
	  .open = "the caller's process has several threads",
	  .source = "kernel/user_namespace.c, userns_install()" },
	{ .name = "setns-fs",
	  .calls = SETNS,
	  .error = EINVAL,
	  .about = RULE_CALLER,
	  .test = test_setns_fs,
	  .facts = LOOK(DESCRIPTOR),
	  .text = "the caller shares its root and working directory (CLONE_FS) with another task",
	  .open = "the caller shares its root and working directory (CLONE_FS) with another task",
	  .source = "kernel/user_namespace.c, userns_install(); fs/namespace.c, mntns_install()" },
	{ .name = "setns-pid",
	  .calls = SETNS,
	  .error = EINVAL,
	  .about = RULE_CALLER,
	  .test = test_setns_pid,
	  .facts = LOOK(DESCRIPTOR),
	  .text = "the pid namespace is not the caller's nor below it",
	  .open = "the pid namespace is not the caller's nor below it",
	  .source = "kernel/pid_namespace.c, pidns_install()" },
	{ .name = "setns-time",
	  .calls = SETNS,
	  .error = EUSERS,
	  .about = RULE_CALLER,
	  .since = RULE_VERSION(5, 6),
	  .test = test_setns_time,
	  .facts = LOOK(THREADS) | LOOK(DESCRIPTOR),
	  .text = "only a process with one thread can enter a time namespace, and the caller's has several",
	  .open = "the caller's process has several threads",
	  .source = "kernel/time/namespace.c, timens_install()" },
	{ .name = "setns-admin",
	  .calls = SETNS,
	  .error = EPERM,
	  .about = RULE_CALLER,
	  .test = test_setns_admin,
	  .facts = LOOK(CAPABILITIES) | LOOK(DESCRIPTOR),
	  .text = "entering takes CAP_SYS_ADMIN in the user namespace that owns the other one and in the caller's own "
		  "(for a mount namespace CAP_SYS_CHROOT too), and the caller lacks it",
	  .open = "the caller lacks CAP_SYS_ADMIN in the user namespace that owns the other one or in its own (for a "
		  "mount namespace CAP_SYS_CHROOT too)",
	  .source = "setns(2)" },

	/* setsid, setpgid */
	{ .name = "setsid-leader",
	  .calls = 1U << CALL_SETSID,
	  .error = EPERM,
	  .about = RULE_CALLER,
	  .test = test_broken, /* the one reason that there is */
	  .text = "a process that leads a process group cannot begin a session; a child of it can",
	  .open = NULL,
	  .source = "setsid(2)" },
	{ .name = "setpgid-negative",
	  .calls = 1U << CALL_SETPGID,
	  .error = EINVAL,
	  .test = test_pgid_negative,
	  .text = "a process group has no negative number",
	  .source = "setpgid(2)" },
	{ .name = "setpgid-gone",
	  .calls = 1U << CALL_SETPGID,
	  .error = ESRCH,
	  .about = RULE_CALLER,
	  .test = test_open,
	  .text = "the process is neither the caller nor a child of it",
	  .open = "the process is neither the caller nor a child of it",
	  .source = "setpgid(2)" },
	{ .name = "setpgid-exec",
	  .calls = 1U << CALL_SETPGID,
	  .error = EACCES,
	  .about = RULE_CALLER,
	  .test = test_open,
	  .text = "the child has executed a program since",
	  .open = "the child has executed a program since",
	  .source = "setpgid(2)" },
	{ .name = "setpgid-permission",
	  .calls = 1U << CALL_SETPGID,
	  .error = EPERM,
	  .about = RULE_CALLER,
	  .test = test_open,
	  .text = "the process leads a session, or the group is not in its session",
	  .open = "the process leads a session, the child is in another one, or the group is not in its session",
	  .source = "setpgid(2)" },
};

const struct rule *rules_table(size_t *ret_count)
{
	*ret_count = ARRAY_LENGTH(rules);
	return rules;
}

/* ---- judging ---- */

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
	const unsigned version = version_of(facts);
	enum rule_answer answer;

	if (!(rule->calls & 1U << request->call) || !flags_match(rule, request))
		return RULE_KEPT;
	if (version && (version < rule->since || (rule->until && version >= rule->until)))
		return RULE_KEPT;
	answer = rule->test ? rule->test(request, facts) : RULE_BROKEN;
	return answer == RULE_BROKEN && rule->until && !version ? RULE_OPEN : answer;
}

size_t rules_check(const struct request *request, const struct facts *facts, struct rule_finding ret[], size_t max)
{
	size_t count = 0;

	for (size_t i = 0; i < ARRAY_LENGTH(rules) && count < max; i++) {
		const enum rule_answer answer = rule_ask(&rules[i], request, facts);

		if (answer != RULE_KEPT)
			ret[count++] = (struct rule_finding){ &rules[i], answer };
	}
	return count;
}

int rules_predict(const struct request *request, const struct facts *facts)
{
	struct rule_finding findings[ARRAY_LENGTH(rules)];
	const size_t count = rules_check(request, facts, findings, ARRAY_LENGTH(findings));
	int open = 0; /* an errno that may come before */

	for (size_t i = 0; i < count; i++) {
		const struct rule *rule = findings[i].rule;

		if (rule->about == RULE_MACHINE)
			continue;
		if (findings[i].answer == RULE_BROKEN)
			return open && open != rule->error ? -1 : rule->error;
		if (open && open != rule->error)
			return -1;
		open = rule->error;
	}
	return open ? -1 : 0;
}

const struct rule *rules_broken(const struct request *request, int error, const struct facts *facts)
{
	for (size_t i = 0; i < ARRAY_LENGTH(rules); i++)
		if (rules[i].error == error && rule_ask(&rules[i], request, facts) == RULE_BROKEN)
			return &rules[i];
	return NULL;
}

unsigned rules_facts(const struct request *request, int error)
{
	unsigned facts = 0;

	for (size_t i = 0; i < ARRAY_LENGTH(rules); i++)
		if (rules[i].error == error && rules[i].calls & 1U << request->call &&
		    (rule_ask(&rules[i], request, NULL) != RULE_KEPT || rules[i].test == test_seccomp_open))
			facts |= rules[i].facts;
	return facts ? facts | LOOK(KERNEL) : 0;
}

/* ---- words ---- */

/* The fact that a rule measures: of several the last in their enum. */
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

static void add_kernel(struct text *text, const struct facts *facts)
{
	const struct fact *fact = facts_find(facts, FACT_KERNEL, 0);

	if (fact)
		text_addf(text, "%" PRIu64 ".%" PRIu64, fact->value, fact->use);
	else
		text_addf(text, "%u.%u and before", NEWEST / 1000, NEWEST % 1000);
}

/* The flags that the kernel does not know, and since when newer ones do. */
static void add_unknown(struct text *text, const struct request *request, const struct facts *facts)
{
	uint64_t unknown = unknown_flags(request, version_of(facts)), nameless = 0;
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
	static const struct {
		uint64_t flag;
		const char *name;
	} names[] = {
		{ FLAG_NEWUSER, "max_user_namespaces" }, { FLAG_NEWNS, "max_mnt_namespaces" },
		{ FLAG_NEWUTS, "max_uts_namespaces" },	 { FLAG_NEWIPC, "max_ipc_namespaces" },
		{ FLAG_NEWPID, "max_pid_namespaces" },	 { FLAG_NEWCGROUP, "max_cgroup_namespaces" },
		{ FLAG_NEWNET, "max_net_namespaces" },	 { FLAG_NEWTIME, "max_time_namespaces" },
	};

	for (size_t i = 0; i < ARRAY_LENGTH(names); i++)
		if (names[i].flag == flag)
			return names[i].name;
	return "?";
}

/* "user.max_user_namespaces is 0 in user namespace 4026531837"; those that are 0 alone, where one is. */
static void add_max_namespaces(struct text *text, const struct request *request, const struct facts *facts)
{
	const uint64_t namespaces = request_namespaces(request);
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

static void add_matched(struct text *text, const struct rule *rule, const struct request *request)
{
	flags_format(text, request->flags & (rule->with | rule->any), request->call);
}

/* What stands for $LETTER:
 * f the flags that match; v, u, i: value, use and id of what is measured; c: its cgroup; m: limits of namespaces;
 * n: the kind of a descriptor's namespace; k: the kernel; x: flags that it does not know; e: the exit signal; s: the
 * size and a: the address of clone3's struct; t: set_tid_size; d: a descriptor. */
static void add_letter(struct text *text, char letter, const struct rule *rule, const struct request *request,
		       const struct facts *facts)
{
	static const struct fact none = { FACT_KERNEL, FACT_UNKNOWN, FACT_UNKNOWN, FACT_UNKNOWN };
	const struct fact *found = measured(rule, facts), *fact = found ? found : &none;

	switch (letter) {
	case 'f':
		add_matched(text, rule, request);
		return;
	case 'v':
		add_number(text, fact->value, found ? "unlimited" : "?");
		return;
	case 'u':
		add_number(text, fact->use, "?");
		return;
	case 'i':
		add_number(text, fact->id, "?");
		return;
	case 'c':
		text_add_escaped(text, facts && facts->cgroup ? facts->cgroup : "?");
		return;
	case 'm':
		add_max_namespaces(text, request, facts);
		return;
	case 'n':
		flags_format(text, descriptor_of(facts) ? descriptor_of(facts)->value : 0, CALL_SETNS);
		return;
	case 'k':
		add_kernel(text, facts);
		return;
	case 'x':
		add_unknown(text, request, facts);
		return;
	case 'e':
		if (request->exit_signal <= SIGNAL_MAX)
			signal_add_name(text, (int)request->exit_signal);
		else
			text_addf(text, "%" PRIu64, request->exit_signal);
		return;
	case 's':
		text_addf(text, "%" PRIu64, request->size);
		return;
	case 'a':
		text_addf(text, "0x%" PRIx64, request->address);
		return;
	case 't':
		text_addf(text, "%" PRIu64, request->set_tid_size);
		return;
	case 'd':
		text_addf(text, "%d", (int)(request->call == CALL_SETNS ? request->args[0] : request->cgroup));
		return;
	default:
		text_addf(text, "$%c", letter);
	}
}

static void add_template(struct text *text, const char *template, const struct rule *rule,
			 const struct request *request, const struct facts *facts)
{
	for (const char *dollar; (dollar = strchr(template, '$')); template = dollar + 2) {
		text_add_bytes(text, template, (size_t)(dollar - template));
		add_letter(text, dollar[1], rule, request, facts);
	}
	text_add(text, template);
}

void rule_explain(struct text *text, const struct rule *rule, const struct request *request, const struct facts *facts)
{
	add_template(text, rule->text, rule, request, facts);
}

void rule_explain_open(struct text *text, const struct rule *rule, const struct request *request,
		       const struct facts *facts)
{
	add_template(text, rule->open, rule, request, facts);
}

/* A limit with its value and use: worth naming where it was not reached, too. */
static bool is_measure(const struct rule *rule, const struct facts *facts)
{
	const unsigned limits = LOOK(NPROC) | LOOK(PIDS) | LOOK(THREADS_MAX) | LOOK(PID_MAX);
	const struct fact *fact = measured(rule, facts);

	return rule->error == EAGAIN && rule->facts & limits && fact && fact->value != FACT_UNLIMITED;
}

static void explain_broken(struct text *text, const struct rule *rule, const struct request *request,
			   const struct facts *facts)
{
	text_add(text, is_measure(rule, facts) || rule->facts & LOOK(MAX_NAMESPACES) ? ": limit reached: " : ": ");
	rule_explain(text, rule, request, facts);
}

/* Adds those of the rules for ERROR whose answer is ANSWER, the first behind INTRO. */
static bool explain_all(struct text *text, const struct request *request, int error, const struct facts *facts,
			enum rule_answer answer, const char *intro)
{
	const char *separator = intro;

	for (size_t i = 0; i < ARRAY_LENGTH(rules); i++) {
		if (rules[i].error != error || !(rules[i].calls & 1U << request->call) ||
		    rule_ask(&rules[i], request, facts) != answer)
			continue;
		if (answer == RULE_KEPT && !is_measure(&rules[i], facts))
			continue;
		text_add(text, separator);
		if (answer == RULE_KEPT)
			rule_explain(text, &rules[i], request, facts);
		else
			rule_explain_open(text, &rules[i], request, facts);
		separator = answer == RULE_KEPT ? "; " : "; or ";
	}
	return separator != intro;
}

bool rules_are_for(enum call call)
{
	return call_is_creation(call) || call == CALL_UNSHARE || call == CALL_SETNS || call == CALL_SETSID ||
	       call == CALL_SETPGID;
}

void rules_explain_refusal(struct text *text, const struct request *request, int error, const struct facts *facts)
{
	const char *name = errno_name(error);
	const struct rule *rule = rules_broken(request, error, facts);
	bool may, kept;

	if (!rules_are_for(request->call))
		return;
	if (rule) {
		explain_broken(text, rule, request, facts);
		return;
	}
	may = explain_all(text, request, error, facts, RULE_OPEN, ": not known for certain; it may be that ");
	kept = explain_all(text, request, error, facts, RULE_KEPT,
			   may ? "; not reached when looked at: " : ": no limit was reached when looked at: ");
	if (may || kept)
		return;
	text_add(text, ": cltrace knows no rule by which the kernel refuses this with ");
	if (name)
		text_add(text, name);
	else
		text_addf(text, "errno %d", error);
}
