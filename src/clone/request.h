/* SPDX-License-Identifier: GPL-2.0-or-later */
/* One call that cltrace follows, decoded from its raw arguments: what the program asked, before any judgement. */
#ifndef CLONE_REQUEST_H
#define CLONE_REQUEST_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "abi/abi.h"

struct text;

/* struct clone_args as we know it (include/uapi/linux/sched.h): sizes 64 (5.3), 80 (5.5), 88 (5.7). */
#define CLONE_ARGS_SIZE_VER0 64
#define CLONE_ARGS_SIZE_VER1 80
#define CLONE_ARGS_SIZE_VER2 88
#define CLONE_ARGS_KEEP 256  /* bytes of the caller's struct that are looked at; the kernel's limit is a page */
#define CLONE_SET_TID_MAX 32 /* MAX_PID_NS_LEVEL */

/* Which fields of a request are known and used by its flags. A field without its bit is zero. */
enum request_have {
	REQUEST_FLAGS = 1 << 0, /* flags (and exit_signal, for creations) */
	REQUEST_STACK = 1 << 1,
	REQUEST_STACK_SIZE = 1 << 2,	/* clone3 */
	REQUEST_PARENT_TID = 1 << 3,	/* PARENT_SETTID */
	REQUEST_CHILD_TID = 1 << 4,	/* CHILD_SETTID or CHILD_CLEARTID */
	REQUEST_TLS = 1 << 5,		/* SETTLS */
	REQUEST_PIDFD = 1 << 6,		/* PIDFD; clone puts the pointer into parent_tid's place */
	REQUEST_SET_TID = 1 << 7,	/* clone3: pointer or count given */
	REQUEST_SET_TID_LIST = 1 << 8,	/* the list could be read */
	REQUEST_CGROUP = 1 << 9,	/* INTO_CGROUP */
	REQUEST_SIZE = 1 << 10,		/* clone3: size differs from 88, or the struct could not be read */
	REQUEST_NEWER = 1 << 11,	/* clone3: bytes beyond the fields that we know, in `newer` */
	REQUEST_ARGS = 1 << 12,		/* calls that make no task, but for unshare and setsid: `args` */
	REQUEST_ARGS_ADDRESS = 1 << 13, /* clone3: the address of struct clone_args, where it could not be read */
};

/* close_range(2): its third argument. With UNSHARE the caller has a copy of its descriptors from then on, in which
 * these are closed. */
enum { REQUEST_CLOSE_UNSHARE = 1 << 1, REQUEST_CLOSE_CLOEXEC = 1 << 2 };

struct request {
	enum call call;
	const struct abi *abi;
	unsigned have; /* enum request_have */
	/* As passed, clone's CSIGNAL bits taken out; unknown bits kept. Of clone's flags the low 32 bits, which are all
	 * that the kernel looks at; for vfork VM|VFORK, which the kernel puts there. */
	uint64_t flags;
	uint64_t exit_signal; /* clone: flags & CSIGNAL; clone3: the field; fork, vfork: SIGCHLD */
	uint64_t stack;	      /* clone: the child's stack pointer; clone3: the lowest byte */
	uint64_t stack_size;
	uint64_t parent_tid, child_tid, tls, pidfd;	       /* addresses (tls: a value in the ABI's own sense) */
	uint64_t set_tid;				       /* address */
	uint64_t set_tid_size;				       /* number of entries that the program claims */
	int32_t set_tid_list[CLONE_SET_TID_MAX];	       /* the first min(set_tid_size, 32) */
	uint64_t cgroup;				       /* a descriptor */
	uint64_t size;					       /* clone3's second argument */
	uint64_t address;				       /* clone3's first argument */
	uint8_t newer[CLONE_ARGS_KEEP - CLONE_ARGS_SIZE_VER2]; /* what follows byte 88 of the struct, zero-filled */
	uint64_t args[6];
};

/* What was read from the caller's memory for clone3; zeroed for other calls. */
struct clone_args_read {
	size_t length;			/* bytes read into `bytes`: min(size, CLONE_ARGS_KEEP), 0 when unreadable */
	uint8_t bytes[CLONE_ARGS_KEEP]; /* in the ABI's byte order, which is the host's */
	size_t set_tid_count;		/* entries read into set_tid */
	int32_t set_tid[CLONE_SET_TID_MAX];
};

/* Decodes call NR with ARGS under ABI into *RET. READ may be NULL (nothing was read). Arguments of an ABI with 4-byte
 * words are cut to 32 bits (clone3's fields are 64 bits in every ABI). Returns 0, or -ENOENT when NR is not one of our
 * calls. */
int request_decode(const struct abi *abi, uint64_t nr, const uint64_t args[6], const struct clone_args_read *read,
		   struct request *ret);

/* The namespace flags that are in force for REQUEST's call; EMPTY_MNTNS counts as NEWNS too. NEWTIME is not for clone,
 * nor for a clone3 with VM: that task stays in the caller's time namespace and only its children begin in the new one
 * (seen on 6.18; copy_namespaces() leaves out timens_on_fork()). 0 where the flags are not known. */
uint64_t request_namespaces(const struct request *request);

/* Adds the call as one strace-like text without its result, arguments that the flags do not use left out:
 *
 *   clone(CLONE_VM|SIGCHLD, stack=0x7f..., parent_tid=0x7f...)
 *
 *   clone3(CLONE_VM|..., exit_signal=SIGCHLD, stack=0x7f...+0x7ff000)
 *
 *   fork()   setsid()   setpgid(0, 0)   unshare(CLONE_NEWNS)   setns(3, CLONE_NEWNET)   setns(3, 0)
 *
 *   prctl(PR_SET_CHILD_SUBREAPER, 1)   close_range(3, 4294967295, CLOSE_RANGE_UNSHARE)   exit(0)
 *
 *   kill(4470, SIGTERM)   io_uring_setup(0x8, 0x7f...)
 *
 * A clone3 whose struct could not be read: clone3(0x7f..., size=88). */
void request_format(struct text *text, const struct request *request);

/* Adds the name of the exit signal SIGNO, or the number if no signal has it. */
void request_add_exit_signal(struct text *text, uint64_t signo);

#endif
