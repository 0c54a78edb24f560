/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Keeps the facts that were looked at when a call was refused. */
#include "clone/facts.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"

static const char *const names[FACT_COUNT] = {
	[FACT_KERNEL] = "kernel",
	[FACT_THREADS] = "threads",
	[FACT_CAPABILITIES] = "capabilities",
	[FACT_USER_NS] = "user_ns",
	[FACT_PID_NS] = "pid_ns",
	[FACT_PID_DEPTH] = "pid_depth",
	[FACT_ROOT] = "root",
	[FACT_MAPPED] = "mapped",
	[FACT_USERNS_POLICY] = "userns_policy",
	[FACT_NAMESPACES] = "namespaces",
	[FACT_SECCOMP] = "seccomp",
	[FACT_NPROC] = "nproc",
	[FACT_PIDS] = "pids",
	[FACT_THREADS_MAX] = "threads_max",
	[FACT_PID_MAX] = "pid_max",
	[FACT_MAX_NAMESPACES] = "max_namespaces",
	[FACT_CGROUP] = "cgroup",
	[FACT_DESCRIPTOR] = "descriptor",
};

const char *fact_name(enum fact_what what)
{
	return (unsigned)what < FACT_COUNT ? names[what] : NULL;
}

enum fact_what fact_find(const char *name)
{
	unsigned what = 0;

	while (what < FACT_COUNT && strcmp(name, names[what]) != 0)
		what++;
	return (enum fact_what)what;
}

void facts_add(struct facts *facts, const struct fact *fact)
{
	if (facts->count < FACTS_MAX)
		facts->list[facts->count++] = *fact;
}

const struct fact *facts_find(const struct facts *facts, enum fact_what what, uint64_t id)
{
	for (size_t i = 0; facts && i < facts->count; i++)
		if (facts->list[i].what == what && (!id || facts->list[i].id == id))
			return &facts->list[i];
	return NULL;
}

struct facts *facts_copy(const struct facts *facts)
{
	struct facts *copy;

	if (!facts)
		return NULL;
	copy = mem_alloc(sizeof(*copy));
	*copy = *facts;
	copy->cgroup = facts->cgroup ? mem_strdup(facts->cgroup) : NULL;
	return copy;
}

void facts_free(struct facts *facts)
{
	if (!facts)
		return;
	free((char *)facts->cgroup);
	free(facts);
}
