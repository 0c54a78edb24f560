/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The seccomp filter, made with libseccomp, which stops only the calls that cltrace follows. */
#ifndef SOURCE_PTRACE_SECCOMP_FILTER_H
#define SOURCE_PTRACE_SECCOMP_FILTER_H

#include <stdbool.h>
#include <stdint.h>

struct text;

/* SECCOMP_RET_DATA of our stops, to distinguish them from those of the program's own filters. */
#define FILTER_DATA 0xc17a

/* Loads the filter into the calling task, for every ABI of the machine: the calls in seccomp_filter.c's table stop for
 * the tracer, prctl(PR_SET_NAME) only with NAMES; all other calls run without a stop. fork and exec keep the filter.
 * Sets no_new_privs only if the task lacks CAP_SYS_ADMIN (seccomp(2)). 0 or -errno: seccomp is not available. */
int filter_load(bool names);

/* Adds the name of system call NR in the ABI of AUDIT_ARCH, AUDIT_ARCH_...; nothing if libseccomp does not know it. */
void filter_call_name(struct text *text, uint32_t audit_arch, uint64_t nr);

/* The errno with which a filter that the caller already has, such as a container's, answers every clone3; 0: no filter
 * does. Its answer takes precedence over our stop (seccomp(2)), so such calls are not seen. */
int filter_clone3_error(void);

#endif
