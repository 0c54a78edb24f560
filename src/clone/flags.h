/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The one table of clone flags: name, value, the calls that take it, since when.
 *
 * The table carries its own values because distributions' headers lag behind the kernel; a unit test compares them with
 * those of <linux/sched.h>, if it has them. Sources: include/uapi/linux/sched.h, clone(2), unshare(2), setns(2). */
#ifndef CLONE_FLAGS_H
#define CLONE_FLAGS_H

#include <stddef.h>
#include <stdint.h>

#include "abi/abi.h"
#include "clone/namespace.h"

struct text;

/* Values under our own names, so that no system header can clash. */
#define FLAG_CSIGNAL UINT64_C(0xff) /* clone's mask for the exit signal */
#define FLAG_NEWTIME UINT64_C(0x80) /* clone3, unshare, setns; part of CSIGNAL for clone */
#define FLAG_VM UINT64_C(0x100)
#define FLAG_FS UINT64_C(0x200)
#define FLAG_FILES UINT64_C(0x400)
#define FLAG_SIGHAND UINT64_C(0x800)
#define FLAG_PIDFD UINT64_C(0x1000)
#define FLAG_PTRACE UINT64_C(0x2000)
#define FLAG_VFORK UINT64_C(0x4000)
#define FLAG_PARENT UINT64_C(0x8000)
#define FLAG_THREAD UINT64_C(0x10000)
#define FLAG_NEWNS UINT64_C(0x20000)
#define FLAG_SYSVSEM UINT64_C(0x40000)
#define FLAG_SETTLS UINT64_C(0x80000)
#define FLAG_PARENT_SETTID UINT64_C(0x100000)
#define FLAG_UNSHARE_EMPTY_MNTNS UINT64_C(0x100000) /* the same bit, in unshare */
#define FLAG_CHILD_CLEARTID UINT64_C(0x200000)
#define FLAG_DETACHED UINT64_C(0x400000)
#define FLAG_UNTRACED UINT64_C(0x800000)
#define FLAG_CHILD_SETTID UINT64_C(0x1000000)
#define FLAG_NEWCGROUP UINT64_C(0x2000000)
#define FLAG_NEWUTS UINT64_C(0x4000000)
#define FLAG_NEWIPC UINT64_C(0x8000000)
#define FLAG_NEWUSER UINT64_C(0x10000000)
#define FLAG_NEWPID UINT64_C(0x20000000)
#define FLAG_NEWNET UINT64_C(0x40000000)
#define FLAG_IO UINT64_C(0x80000000)
#define FLAG_CLEAR_SIGHAND (UINT64_C(1) << 32)
#define FLAG_INTO_CGROUP (UINT64_C(1) << 33)
#define FLAG_AUTOREAP (UINT64_C(1) << 34)
#define FLAG_NNP (UINT64_C(1) << 35)
#define FLAG_PIDFD_AUTOKILL (UINT64_C(1) << 36)
#define FLAG_EMPTY_MNTNS (UINT64_C(1) << 37)

/* Every namespace flag; NEWTIME must be looked at only if the call accepts it. */
#define FLAG_NAMESPACES (NAMESPACES(FLAG_OF_NAMESPACE) UINT64_C(0))
#define FLAG_OF_NAMESPACE(NAME, KEY, WORDS, FLAG, ...) FLAG |

struct flag {
	const char *name;  /* "CLONE_VM" */
	uint64_t value;	   /* one bit */
	unsigned calls;	   /* bits 1 << CALL_CLONE, CLONE3, UNSHARE, SETNS */
	const char *since; /* "4.6"; NULL: before 2.6.16 */
	/* what it does if it is set, in a few words without a subject: "shares the memory" */
	const char *means;
};

/* The table, lowest value first; its length in *RET_COUNT. */
const struct flag *flag_table(size_t *ret_count);

/* The row for the one bit VALUE as CALL understands it, or NULL. fork and vfork count as clone. */
const struct flag *flag_find(uint64_t value, enum call call);

/* Adds FLAGS by name, joined by '|', in the table's order, with the bits that have no name in CALL last, as one 0x
 * number; "0" for none. The exit signal is not part of FLAGS. */
void flags_format(struct text *text, uint64_t flags, enum call call);

#endif
