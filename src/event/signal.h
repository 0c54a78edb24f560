/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What the siginfo of a delivered signal shows, and what it cannot show: where it came from, and at whom it was aimed.
 */
#ifndef EVENT_SIGNAL_H
#define EVENT_SIGNAL_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

struct event;

/* Where a signal came from, by si_signo and si_code (sigaction(2); kernel/signal.c: siginfo_layout()). */
enum signal_origin {
	SIGNAL_KILL,	/* SI_USER: kill(2), or the kernel in a process's name */
	SIGNAL_TGKILL,	/* SI_TKILL: tgkill(2), so pthread_kill(3), raise(3), abort(3) */
	SIGNAL_QUEUE,	/* rt_sigqueueinfo(2) or rt_tgsigqueueinfo(2): the sender wrote all of it */
	SIGNAL_TIMER,	/* timer_create(2) */
	SIGNAL_MESSAGE, /* mq_notify(3) */
	SIGNAL_IO,	/* a descriptor is ready (fcntl(2), F_SETOWN) */
	SIGNAL_FAULT,	/* an instruction of the task itself; value is the address */
	SIGNAL_SYSCALL, /* seccomp(2) or syscall user dispatch; value is the call's number */
	SIGNAL_CHILD,	/* a child ended, stopped or continues; value is its exit code or signal */
	SIGNAL_KERNEL,	/* SI_KERNEL: the kernel says nothing more */
	SIGNAL_OTHER,	/* SIGNAL_CHILD with another exit signal, or SIGNAL_IO with F_SETSIG: siginfo looks the same */
};

enum signal_origin signal_origin(int signo, int code);

/* Whether instructions and calls of a task cause SIGNO. */
bool signal_is_fault(int signo);

/* At whom a signal was aimed. If it was aimed at a process, any of its tasks that does not block the signal takes it.
 */
enum signal_aim {
	SIGNAL_AIM_UNKNOWN, /* siginfo does not show it */
	SIGNAL_AIM_PROCESS,
	SIGNAL_AIM_TASK,
};

/* The origin, and the aim, of EVENT, a SIGNAL with EVENT_HAVE_SIGINFO whose receiver is in process TGID. */
enum signal_aim signal_aim(const struct event *event, pid_t tgid);

/* The errno of the calls that send SIGNO to their own caller, with the siginfo of a kill() (SIGPIPE: EPIPE, SIGXFSZ:
 * EFBIG); 0 for others. */
int signal_write_error(int signo);

/* What a signal does if it is neither caught nor ignored (signal(7)). */
enum signal_default {
	SIGNAL_ENDS, /* the whole process, with or without a core */
	SIGNAL_STOPS,
	SIGNAL_CONTINUES,
	SIGNAL_NOTHING,
};

enum signal_default signal_default(int signo);

/* si_code of SIGSYS: what forbade the call (sigaction(2)). */
enum signal_sys {
	SIGNAL_SYS_SECCOMP = 1,	      /* a seccomp filter */
	SIGNAL_SYS_USER_DISPATCH = 2, /* syscall user dispatch (prctl(2), PR_SET_SYSCALL_USER_DISPATCH) */
};

/* "SEGV_MAPERR": the name of CODE, or NULL. */
const char *signal_code_name(int signo, int code);

#endif
