/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The conditions of rules beyond flags: the tests that table.c names, and what words.c shares with them. */
#ifndef CLONE_RULES_TESTS_H
#define CLONE_RULES_TESTS_H

#include <stdbool.h>
#include <stdint.h>

#include "clone/rules/rules.h"

#define RULE_NEWEST RULE_VERSION(7, 1) /* the last kernel whose rules the table holds */

/* FACT_KERNEL as one number; 0: not known. */
unsigned rule_version(const struct facts *facts);

/* FACT_DESCRIPTOR; NULL: it was not looked at. */
const struct fact *rule_descriptor(const struct facts *facts);

/* FACT_CGROUP; NULL: it was not looked at. */
const struct fact *rule_cgroup(const struct facts *facts);

/* The bits that no kernel accepts in REQUEST's call, and those that kernels accept only after VERSION (0: not known).
 * For clone3, separate rules are about the exit signal's bits and DETACHED. */
uint64_t rule_unknown_flags(const struct request *request, unsigned version);

/* The smallest page. */
#define RULE_PAGE 4096

/* The address space of a program on x86_64 ends below these addresses, with 4 and with 5 levels of page tables. */
#define X86_64_TOP_4 ((UINT64_C(1) << 47) - 4096)
#define X86_64_TOP_5 ((UINT64_C(1) << 56) - 4096)

static inline enum rule_answer rule_violated_if(bool condition)
{
	return condition ? RULE_VIOLATED : RULE_SATISFIED;
}

/* RULE_UNDECIDED if FACT was not looked at. */
static inline enum rule_answer rule_violated_if_value(const struct fact *fact, uint64_t value)
{
	return fact ? rule_violated_if(fact->value == value) : RULE_UNDECIDED;
}

typedef enum rule_answer rule_test(const struct request *request, const struct facts *facts);

rule_test rule_test_size_large;
rule_test rule_test_size_small;
rule_test rule_test_newer;
rule_test rule_test_unreadable;
rule_test rule_test_set_tid_many;
rule_test rule_test_set_tid_pair;
rule_test rule_test_exit_signal;
rule_test rule_test_exit_signal_clone;
rule_test rule_test_cgroup_field;
rule_test rule_test_cgroup_descriptor;
rule_test rule_test_cgroup_removed;
rule_test rule_test_cgroup_delegated;
rule_test rule_test_cgroup_invalid;
rule_test rule_test_cgroup_inner;
rule_test rule_test_cgroup_thread;
rule_test rule_test_cgroup_cpus;
rule_test rule_test_set_tid_unreadable;
rule_test rule_test_unknown_flags;
rule_test rule_test_csignal;
rule_test rule_test_newtime;
rule_test rule_test_exit_signal_any;
rule_test rule_test_stack_pair;
rule_test rule_test_stack_high;
rule_test rule_test_one_pointer;
rule_test rule_test_namespace_init;
rule_test rule_test_children_elsewhere;
rule_test rule_test_undecided;
rule_test rule_test_admin;
rule_test rule_test_user_depth;
rule_test rule_test_pid_depth;
rule_test rule_test_chroot;
rule_test rule_test_mapped;
rule_test rule_test_policy;
rule_test rule_test_max_namespaces;
rule_test rule_test_namespaces;
rule_test rule_test_nproc;
rule_test rule_test_pids;
rule_test rule_test_threads_max;
rule_test rule_test_pid_max;
rule_test rule_test_tls;
rule_test rule_test_set_tid_deep;
rule_test rule_test_set_tid_value;
rule_test rule_test_set_tid_init;
rule_test rule_test_set_tid_admin;
rule_test rule_test_set_tid_used;
rule_test rule_test_pidns_dead;
rule_test rule_test_pidfd_null;
rule_test rule_test_threads;
rule_test rule_test_setns_bad;
rule_test rule_test_setns_other;
rule_test rule_test_setns_flags;
rule_test rule_test_setns_type;
rule_test rule_test_setns_none;
rule_test rule_test_setns_user_same;
rule_test rule_test_setns_user_threads;
rule_test rule_test_setns_fs;
rule_test rule_test_setns_time;
rule_test rule_test_setns_pid;
rule_test rule_test_setns_admin;
rule_test rule_test_setns_gone;
rule_test rule_test_seccomp;
rule_test rule_test_seccomp_undecided;
rule_test rule_test_no_clone3;
rule_test rule_test_always;
rule_test rule_test_pgid_negative;

#endif
