/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The seccomp filter by which only the calls that we follow stop, made with libseccomp. */
#ifndef SOURCE_PTRACE_SECCOMP_FILTER_H
#define SOURCE_PTRACE_SECCOMP_FILTER_H

#include <stdbool.h>
#include <stdint.h>

struct text;

/* SECCOMP_RET_DATA of our stops, to distinguish them from those of a filter that the program brings itself. */
#define FILTER_DATA 0xc17a

/* Loads the filter into the calling task, for every ABI of the machine: the calls in filter.c's table stop for the
 * tracer, prctl(PR_SET_NAME) only with NAMES; every other call runs freely. The filter stays through fork and exec.
 * Sets no_new_privs only where the task lacks CAP_SYS_ADMIN (seccomp(2)). 0 or -errno: seccomp is not to be had. */
int filter_load(bool names);

/* Adds the name of system call NR in the ABI of AUDIT_ARCH, AUDIT_ARCH_...; nothing if libseccomp does not know it. */
void filter_call_name(struct text *text, uint32_t audit_arch, uint64_t nr);

/* The errno by which a filter that the caller has already, such as a container's, answers every clone3; 0: none does.
 * Its answer goes before our stop (seccomp(2)), so that such calls are not seen. */
int filter_clone3_error(void);

#endif
