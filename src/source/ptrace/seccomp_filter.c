/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Makes and loads the seccomp filter. */
#include "source/ptrace/seccomp_filter.h"

#include <errno.h>
#include <linux/ptrace.h>
#include <linux/seccomp.h>
#include <seccomp.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "abi/abi.h"
#include "base/array.h"
#include "base/text.h"
#include "clone/request.h"
#include "source/arch/arch.h"

#ifndef SYS_clone3
#define SYS_clone3 435
#endif

/* Which calls of a name stop. */
enum filter_when {
	WHEN_ALWAYS,
	WHEN_EQUAL, /* the argument, an int, is the value */
	WHEN_BITS,  /* the argument has the bits of the value */
	WHEN_OTHER, /* the argument is not the value */
};

struct filter_rule {
	const char *name;
	enum filter_when when;
	unsigned argument;
	uint64_t value;
	bool needed; /* it is an error if the library is too old to know the call, which would not be seen */
	bool names;  /* only if names are asked for */
};

static const struct filter_rule rules[] = {
	{ .name = "clone", .needed = true },
	{ .name = "clone3", .needed = true }, /* libseccomp: since 2.5 */
	{ .name = "fork", .needed = true },
	{ .name = "vfork", .needed = true },
	{ .name = "unshare", .needed = true },
	{ .name = "setns", .needed = true },
	{ .name = "setsid", .needed = true },
	{ .name = "setpgid", .needed = true },
	{ "close_range", WHEN_BITS, 2, REQUEST_CLOSE_UNSHARE, false, false }, /* since 2.5.1 */
	{ "prctl", WHEN_EQUAL, 0, PR_SET_CHILD_SUBREAPER, true, false },
	{ "prctl", WHEN_EQUAL, 0, PR_SET_NAME, true, true },
	{ "prctl", WHEN_EQUAL, 0, PR_SET_SECCOMP, true, false },
	{ .name = "seccomp", .needed = true },
	{ .name = "execve", .needed = true },
	{ .name = "execveat", .needed = true },
	{ "ptrace", WHEN_EQUAL, 0, PTRACE_TRACEME, true, false },
	{ "ptrace", WHEN_EQUAL, 0, PTRACE_ATTACH, true, false },
	{ "ptrace", WHEN_EQUAL, 0, PTRACE_SEIZE, true, false },
	{ "kill", WHEN_OTHER, 1, 0, true, false }, /* signal 0 only asks whether the task exists */
	{ "rt_sigqueueinfo", WHEN_OTHER, 1, 0, true, false },
	{ "pidfd_send_signal", WHEN_OTHER, 1, 0, false, false },
	{ .name = "io_uring_setup" },
};

/* A call that an ABI lacks (fork on arm64) is left out by libseccomp. */
static int filter_rule(scmp_filter_ctx ctx, const struct filter_rule *rule)
{
	const int nr = seccomp_syscall_resolve_name(rule->name);
	struct scmp_arg_cmp compare = { .arg = rule->argument };

	if (nr == __NR_SCMP_ERROR)
		return rule->needed ? -ENOSYS : 0;
	switch (rule->when) {
	case WHEN_ALWAYS:
		return seccomp_rule_add(ctx, SCMP_ACT_TRACE(FILTER_DATA), nr, 0);
	case WHEN_EQUAL:
		compare.op = SCMP_CMP_MASKED_EQ;
		compare.datum_a = 0xffffffff;
		compare.datum_b = rule->value;
		break;
	case WHEN_BITS:
		compare.op = SCMP_CMP_MASKED_EQ;
		compare.datum_a = compare.datum_b = rule->value;
		break;
	case WHEN_OTHER:
		compare.op = SCMP_CMP_NE;
		compare.datum_a = rule->value;
		break;
	}
	return seccomp_rule_add_array(ctx, SCMP_ACT_TRACE(FILTER_DATA), nr, 1, &compare);
}

static int filter_rules(scmp_filter_ctx ctx, bool names)
{
	int r = 0;

	for (size_t i = 0; i < ARRAY_LENGTH(rules) && r >= 0; i++) {
		if (names || !rules[i].names)
			r = filter_rule(ctx, &rules[i]);
	}
	return r;
}

static int filter_load_with(bool no_new_privs, bool names)
{
	scmp_filter_ctx ctx = seccomp_init(SCMP_ACT_ALLOW);
	int r = 0;

	if (!ctx)
		return -ENOMEM;
	/* An architecture that the kernel lacks does no harm, because no call comes from it. */
	for (const char *const *name = arch_native()->siblings; *name && !r; name++)
		r = seccomp_arch_add(ctx, seccomp_arch_resolve_name(*name));
	if (!r)
		r = seccomp_attr_set(ctx, SCMP_FLTATR_ACT_BADARCH, SCMP_ACT_ALLOW);
	if (!r)
		r = seccomp_attr_set(ctx, SCMP_FLTATR_CTL_NNP, no_new_privs);
	if (!r)
		r = seccomp_attr_set(ctx, SCMP_FLTATR_API_SYSRAWRC, 1);
	if (!r)
		r = filter_rules(ctx, names);
	if (!r)
		r = seccomp_load(ctx);
	seccomp_release(ctx);
	return r;
}

int filter_load(bool names)
{
	int r = filter_load_with(false, names);

	/* EACCES: neither no_new_privs nor CAP_SYS_ADMIN in the user namespace (seccomp(2)). */
	return r == -EACCES ? filter_load_with(true, names) : r;
}

void filter_call_name(struct text *text, uint32_t audit_arch, uint64_t nr)
{
	const bool x32 = abi_find(audit_arch, nr) == abi_find_name("x32");
	char *name = seccomp_syscall_resolve_num_arch(x32 ? SCMP_ARCH_X32 : audit_arch, (int)nr);

	if (name)
		text_add(text, name);
	free(name);
}

int filter_clone3_error(void)
{
	/* no struct is this small: the kernel itself fails with EINVAL */
	if (prctl(PR_GET_SECCOMP) == SECCOMP_MODE_FILTER && syscall(SYS_clone3, NULL, 0) < 0 && errno != EINVAL)
		return errno;
	return 0;
}
