/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The ptrace(2) calls, and the only file that includes <sys/ptrace.h>. One thread makes them all.
 *
 * Every function returns 0 (or what it says) or -errno; -ESRCH means that the task is gone or not stopped, which is not
 * an error. */
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

/* The first options of a seized task. */
struct sys_options {
	bool seccomp;	 /* stop at our filter */
	bool exit_kill;	 /* dies with the tracer */
	bool vfork_done; /* stop when a wait for CLONE_VFORK is over */
	bool exit_stop;	 /* all attached tasks stop at PTRACE_EVENT_EXIT; else only leaders */
};

int sys_seize(pid_t tid, const struct sys_options *options, bool exit_stop);
int sys_interrupt(pid_t tid);
int sys_detach(pid_t tid, int signal);

/* Carries ORDER out. If a change fails, returns -errno, but still resumes the task. */
int sys_order(const struct order *order, const struct sys_options *options);

/* TID, a task of a pid namespace's init, is stopped for the signal of a fault that is to end it, which the kernel does
 * only if TID is not traced when it faults. Detaches so that TID repeats the instruction or call of the fault, and
 * seizes TID when it is ending, or after some 50 ms. 0: it is traced as before. -ESRCH: it has ended. */
int sys_fault_untraced(const struct order *order, const struct sys_options *options);

/* STOP_MESSAGE and STOP_CALL of a stopped task, into STOP; what cannot be read is not in stop->have. */
void sys_gather(struct stop *stop, unsigned parts);

/* The signal for which TID is stopped, its sender and its code. -ESRCH: it is not stopped. In stops other than those
 * before a signal is delivered, signo is SIGTRAP. */
int sys_signal(pid_t tid, struct wait_signal *ret);

/* Adds the string at ADDRESS of TID, LIMIT bytes of it at most. 0, or -errno: -EFAULT: it cannot be read. */
int sys_string(pid_t tid, uint64_t address, size_t limit, struct text *text);

/* Adds the name that prctl(PR_SET_NAME) finds at ADDRESS. 0, or -EFAULT: it cannot be read, so the call fails. */
int sys_name(pid_t tid, uint64_t address, struct text *text);

/* Reads up to SIZE bytes at ADDRESS of TID, up to the first page that cannot be read. Returns how many. */
size_t sys_read(pid_t tid, uint64_t address, void *to, size_t size);

/* The stack pointer of TID, which is stopped, and whether its words are of 64 bits. 0 or -errno: -ENOTSUP: this build
 * has no room for its addresses. */
int sys_stack(pid_t tid, uint64_t *ret_pointer, bool *ret_wide);

/* Whether the memory at ADDRESS of TID could not be read because the process is not dumpable. */
bool sys_is_unreadable(pid_t tid, uint64_t address);

/* The registers of TID, which is stopped, with which its stack is walked. -ENOTSUP: it runs code of another kind, such
 * as 32-bit code, or the machine has no such function. */
int sys_registers(pid_t tid, struct arch_frame *ret);

/* TID has stopped again, so its registers must be read again. An order forgets them, too. */
void sys_forget_registers(pid_t tid);

#endif
