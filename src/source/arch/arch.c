/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Which machine this build is for. */
#include "source/arch/arch.h"

#include <linux/audit.h>

#ifndef AUDIT_ARCH_RISCV64 /* since Linux 5.0 */
#define AUDIT_ARCH_RISCV64 (243 | __AUDIT_ARCH_64BIT | __AUDIT_ARCH_LE)
#endif

const struct arch *arch_native(void)
{
#if defined(__x86_64__)
	return &arch_x86_64;
#elif defined(__i386__)
	return &arch_i386;
#elif defined(__aarch64__)
	return &arch_aarch64;
#elif defined(__riscv) && __riscv_xlen == 64
	return &arch_riscv64;
#elif defined(__arm__)
	static const struct arch arm = { .audit_arch = AUDIT_ARCH_ARM };

	return &arm;
#else
	static const struct arch unknown = { 0 };

	return &unknown;
#endif
}
