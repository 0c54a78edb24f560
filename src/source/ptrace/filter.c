/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Makes and loads the seccomp filter. */
#include "source/ptrace/filter.h"

#include <errno.h>
#include <linux/seccomp.h>
#include <seccomp.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "clone/request.h"

#ifndef SYS_clone3
#define SYS_clone3 435
#endif

/* The ABIs that one kernel of this machine may run beside the native one. An architecture that libseccomp does not
 * know, or a kernel that lacks one, is no harm: no call comes from it. */
static const uint32_t other_arches[] = {
#if defined(__x86_64__)
	SCMP_ARCH_X86,
	SCMP_ARCH_X32,
#elif defined(__aarch64__)
	SCMP_ARCH_ARM,
#else
	SCMP_ARCH_NATIVE,
#endif
};

static const char *const calls[] = { "clone", "clone3", "fork", "vfork", "unshare", "setns", "setsid", "setpgid" };

/* A call that an ABI lacks (fork on arm64) is left out by libseccomp; one that the library is too old to know (clone3
 * before 2.5) would go unseen, so that is an error. */
static int filter_rules(scmp_filter_ctx ctx, bool names)
{
	int close_range, r;

	for (size_t i = 0; i < sizeof(calls) / sizeof(calls[0]); i++) {
		int nr = seccomp_syscall_resolve_name(calls[i]);

		if (nr == __NR_SCMP_ERROR)
			return -ENOSYS;
		r = seccomp_rule_add(ctx, SCMP_ACT_TRACE(FILTER_DATA), nr, 0);
		if (r < 0)
			return r;
	}
	close_range = seccomp_syscall_resolve_name("close_range"); /* libseccomp: since 2.5.1 */
	if (close_range != __NR_SCMP_ERROR) {
		r = seccomp_rule_add(ctx, SCMP_ACT_TRACE(FILTER_DATA), close_range, 1,
				     SCMP_A2(SCMP_CMP_MASKED_EQ, REQUEST_CLOSE_UNSHARE, REQUEST_CLOSE_UNSHARE));
		if (r < 0)
			return r;
	}
	r = seccomp_rule_add(ctx, SCMP_ACT_TRACE(FILTER_DATA), SCMP_SYS(prctl), 1,
			     SCMP_A0(SCMP_CMP_MASKED_EQ, 0xffffffff, PR_SET_CHILD_SUBREAPER));
	if (r < 0 || !names)
		return r;
	return seccomp_rule_add(ctx, SCMP_ACT_TRACE(FILTER_DATA), SCMP_SYS(prctl), 1,
				SCMP_A0(SCMP_CMP_MASKED_EQ, 0xffffffff, PR_SET_NAME));
}

static int filter_load_with(bool no_new_privs, bool names)
{
	scmp_filter_ctx ctx = seccomp_init(SCMP_ACT_ALLOW);
	int r = 0;

	if (!ctx)
		return -ENOMEM;
	for (size_t i = 0; i < sizeof(other_arches) / sizeof(other_arches[0]); i++) {
		r = seccomp_arch_add(ctx, other_arches[i]);
		if (r == -EEXIST)
			r = 0;
		if (r < 0)
			break;
	}
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

int filter_clone3_error(void)
{
	/* no struct is this small: the kernel itself says EINVAL */
	if (prctl(PR_GET_SECCOMP) == SECCOMP_MODE_FILTER && syscall(SYS_clone3, NULL, 0) < 0 && errno != EINVAL)
		return errno;
	return 0;
}
