/* SPDX-License-Identifier: GPL-2.0-or-later */
/* An order says what the engine does with a stopped task. Orders are follow's only effect on the kernel. */
#ifndef FOLLOW_ORDER_H
#define FOLLOW_ORDER_H

#include <stdint.h>
#include <sys/types.h>

enum order_how {
	ORDER_CONT,    /* continue, without a stop at the call's exit */
	ORDER_SYSCALL, /* continue to the next syscall stop */
	ORDER_LISTEN,  /* stay in the group stop, whose end is reported (PTRACE_LISTEN) */
	ORDER_DETACH,
	/* Run untraced until the same fault comes again, then be traced again (sys.h: sys_fault_untraced()). */
	ORDER_FAULT_UNTRACED,
};

/* What to change in the task before it is resumed; bits. */
enum order_change {
	ORDER_EXIT_STOP = 1 << 0,    /* from now on stop at PTRACE_EVENT_EXIT */
	ORDER_NO_EXIT_STOP = 1 << 1, /* ... no longer */
	ORDER_SET_FLAGS = 1 << 2,    /* write `flags` into the call: clone's first register, clone3's struct */
	ORDER_SKIP_CALL = 1 << 3,    /* make the call fail with ENOSYS, as it would without a tracer */
};

struct order {
	pid_t tid;
	enum order_how how;
	int signal; /* to deliver, 0 for none */
	unsigned change;
	/* ORDER_SET_FLAGS: */
	uint32_t audit_arch;
	uint64_t flags;	  /* the whole register, or the struct's first field */
	uint64_t address; /* clone3's struct; 0: the register */
};

#endif
