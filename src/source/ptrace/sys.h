/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The ptrace(2) calls, and the only file that includes <sys/ptrace.h>. One thread makes them all.
 *
 * Every function returns 0 (or what it says) or -errno; -ESRCH means that the task is gone or not stopped: a fact, no
 * fault. */
#ifndef SOURCE_PTRACE_SYS_H
#define SOURCE_PTRACE_SYS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#include "follow/order.h"
#include "follow/stop.h"

struct arch_frame;
struct text;

struct wait_signal;

/* The options that a seized task begins with. */
struct sys_options {
	bool seccomp;	 /* stop at our filter */
	bool exit_kill;	 /* dies with the tracer */
	bool vfork_done; /* stop when a wait for CLONE_VFORK is over */
	bool exit_stop;	 /* attached tasks stop at PTRACE_EVENT_EXIT, all of them; else leaders do */
};

int sys_seize(pid_t tid, const struct sys_options *options, bool exit_stop);
int sys_interrupt(pid_t tid);
int sys_detach(pid_t tid, int signal);

/* Carries ORDER out. A change that fails is -errno, but the task is resumed all the same. */
int sys_order(const struct order *order, const struct sys_options *options);

/* TID, a task of a pid namespace's init, is stopped for the signal of a fault that is to end it, which the kernel does
 * only if it is not traced when it faults. Detaches, with the fault's instruction or call to be made again, and seizes
 * TID when it is on its way out, or after some 50 ms. 0: it is traced as before. -ESRCH: it has ended before. */
int sys_fault_untraced(const struct order *order, const struct sys_options *options);

/* STOP_MESSAGE and STOP_CALL of a stopped task, into STOP; what cannot be had is left out of stop->have. */
void sys_gather(struct stop *stop, unsigned parts);

/* The signal that TID is stopped for, its sender and its code. -ESRCH: it is not stopped; signo is SIGTRAP in other
 * stops than those before a signal is delivered. */
int sys_signal(pid_t tid, struct wait_signal *ret);

/* Adds the string at ADDRESS of TID, LIMIT bytes of it at most. 0, or -errno: -EFAULT for one that is not there. */
int sys_string(pid_t tid, uint64_t address, size_t limit, struct text *text);

/* Adds the name that prctl(PR_SET_NAME) finds at ADDRESS. 0, or -EFAULT: it cannot be read, and so the call fails. */
int sys_name(pid_t tid, uint64_t address, struct text *text);

/* Reads up to SIZE bytes at ADDRESS of TID, up to the first page that cannot be read. Returns how many. */
size_t sys_read(pid_t tid, uint64_t address, void *to, size_t size);

/* The stack pointer of TID, which is stopped, and whether its words are of 64 bits. 0 or -errno: -ENOTSUP for addresses
 * that this build has no room for. */
int sys_stack(pid_t tid, uint64_t *ret_pointer, bool *ret_wide);

/* Whether what is at ADDRESS of TID, which could not be read, is kept from us, because the process is not dumpable. */
bool sys_is_unreadable(pid_t tid, uint64_t address);

/* The registers of TID, which is stopped, that its stack is walked by. -ENOTSUP: it runs code of another kind, such as
 * 32-bit code, or nobody knows the machine's. */
int sys_registers(pid_t tid, struct arch_frame *ret);

/* TID has stopped again, so its registers must be read again. An order forgets them, too. */
void sys_forget_registers(pid_t tid);

#endif
