/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Tables of signals: where they come from, whom they are aimed at, what they do by default. */
#include "event/signal.h"

#include <errno.h>
#include <signal.h>
#include <stdbool.h>
#include <stddef.h>

#include "base/array.h"
#include "event/event.h"

/* si_code, as numbered by asm-generic (<asm-generic/siginfo.h>). */
enum {
	CODE_USER = 0,
	CODE_KERNEL = 0x80,
	CODE_TIMER = -2,
	CODE_MESGQ = -3,
	CODE_SIGIO = -5,
	CODE_TKILL = -6,
	CODE_SPECIFIC_LAST = 6, /* of SIGCHLD and SIGPOLL */
};

struct row {
	int signo;
	enum signal_default action;
	enum signal_origin specific; /* what a positive code means */
	enum signal_aim kernel;	     /* SI_KERNEL is aimed at */
};

/* A signal that is not in the table ends the process, and its other columns are OTHER and UNKNOWN. SI_KERNEL:
 * kill_pgrp() of terminals, it_real_fn(), check_process_timers() and the hangup of a session aim at processes,
 * force_sig() at the task itself; SIGURG and SIGIO go where F_SETOWN_EX says. */
static const struct row rows[] = {
	{ SIGHUP, SIGNAL_ENDS, SIGNAL_OTHER, SIGNAL_AIM_PROCESS },
	{ SIGINT, SIGNAL_ENDS, SIGNAL_OTHER, SIGNAL_AIM_PROCESS },
	{ SIGQUIT, SIGNAL_ENDS, SIGNAL_OTHER, SIGNAL_AIM_PROCESS },
	{ SIGILL, SIGNAL_ENDS, SIGNAL_FAULT, SIGNAL_AIM_TASK },
	{ SIGTRAP, SIGNAL_ENDS, SIGNAL_FAULT, SIGNAL_AIM_TASK },
	{ SIGBUS, SIGNAL_ENDS, SIGNAL_FAULT, SIGNAL_AIM_TASK },
	{ SIGFPE, SIGNAL_ENDS, SIGNAL_FAULT, SIGNAL_AIM_TASK },
	{ SIGSEGV, SIGNAL_ENDS, SIGNAL_FAULT, SIGNAL_AIM_TASK },
	{ SIGSYS, SIGNAL_ENDS, SIGNAL_SYSCALL, SIGNAL_AIM_TASK },
	{ SIGALRM, SIGNAL_ENDS, SIGNAL_OTHER, SIGNAL_AIM_PROCESS },
	{ SIGVTALRM, SIGNAL_ENDS, SIGNAL_OTHER, SIGNAL_AIM_PROCESS },
	{ SIGPROF, SIGNAL_ENDS, SIGNAL_OTHER, SIGNAL_AIM_PROCESS },
	{ SIGXCPU, SIGNAL_ENDS, SIGNAL_OTHER, SIGNAL_AIM_PROCESS },
	{ SIGIO, SIGNAL_ENDS, SIGNAL_IO, SIGNAL_AIM_UNKNOWN },
	{ SIGCHLD, SIGNAL_NOTHING, SIGNAL_CHILD, SIGNAL_AIM_UNKNOWN },
	{ SIGURG, SIGNAL_NOTHING, SIGNAL_OTHER, SIGNAL_AIM_UNKNOWN },
	{ SIGWINCH, SIGNAL_NOTHING, SIGNAL_OTHER, SIGNAL_AIM_PROCESS },
	{ SIGCONT, SIGNAL_CONTINUES, SIGNAL_OTHER, SIGNAL_AIM_PROCESS },
	{ SIGSTOP, SIGNAL_STOPS, SIGNAL_OTHER, SIGNAL_AIM_UNKNOWN },
	{ SIGTSTP, SIGNAL_STOPS, SIGNAL_OTHER, SIGNAL_AIM_PROCESS },
	{ SIGTTIN, SIGNAL_STOPS, SIGNAL_OTHER, SIGNAL_AIM_PROCESS },
	{ SIGTTOU, SIGNAL_STOPS, SIGNAL_OTHER, SIGNAL_AIM_PROCESS },
};

static const struct row *row_find(int signo)
{
	static const struct row none = { 0, SIGNAL_ENDS, SIGNAL_OTHER, SIGNAL_AIM_UNKNOWN };

	for (size_t i = 0; i < ARRAY_LENGTH(rows); i++)
		if (rows[i].signo == signo)
			return &rows[i];
	return &none;
}

enum signal_origin signal_origin(int signo, int code)
{
	const struct row *row = row_find(signo);

	switch (code) {
	case CODE_USER:
		return SIGNAL_KILL;
	case CODE_TKILL:
		return SIGNAL_TGKILL;
	case CODE_TIMER:
		return SIGNAL_TIMER;
	case CODE_MESGQ:
		return SIGNAL_MESSAGE;
	case CODE_SIGIO:
		return SIGNAL_IO;
	case CODE_KERNEL:
		return SIGNAL_KERNEL;
	default:
		break;
	}
	if (code < 0)
		return SIGNAL_QUEUE;
	if (row->specific == SIGNAL_FAULT || row->specific == SIGNAL_SYSCALL || code <= CODE_SPECIFIC_LAST)
		return row->specific;
	return SIGNAL_KERNEL;
}

bool signal_is_fault(int signo)
{
	const enum signal_origin specific = row_find(signo)->specific;

	return specific == SIGNAL_FAULT || specific == SIGNAL_SYSCALL;
}

int signal_write_error(int signo)
{
	return signo == SIGPIPE ? EPIPE : signo == SIGXFSZ ? EFBIG : 0;
}

/* SI_USER. A failed write's signal goes to the task that wrote (fs/pipe.c: send_sig()), with the siginfo of a kill() by
 * its own process: only the error of the call that caused it distinguishes them. */
static enum signal_aim aim_of_kill(const struct event *event, pid_t tgid)
{
	int error = signal_write_error(event->signal.signo);

	if (!error || (!event->signal.inside && event->signal.sender != tgid))
		return SIGNAL_AIM_PROCESS;
	return event->signal.error == error ? SIGNAL_AIM_TASK : SIGNAL_AIM_UNKNOWN;
}

enum signal_aim signal_aim(const struct event *event, pid_t tgid)
{
	switch (signal_origin(event->signal.signo, event->signal.code)) {
	case SIGNAL_KILL:
		return aim_of_kill(event, tgid);
	case SIGNAL_TGKILL:
	case SIGNAL_FAULT:
	case SIGNAL_SYSCALL:
		return SIGNAL_AIM_TASK;
	case SIGNAL_MESSAGE:
	case SIGNAL_CHILD:
		return SIGNAL_AIM_PROCESS;
	case SIGNAL_KERNEL:
		return row_find(event->signal.signo)->kernel;
	case SIGNAL_QUEUE: /* sigqueue(3) or pthread_sigqueue(3) */
	case SIGNAL_TIMER: /* SIGEV_SIGNAL or SIGEV_THREAD_ID */
	case SIGNAL_IO:	   /* F_OWNER_PID or F_OWNER_TID */
	case SIGNAL_OTHER:
		break;
	}
	return SIGNAL_AIM_UNKNOWN;
}

enum signal_default signal_default(int signo)
{
	return row_find(signo)->action;
}

const char *signal_code_name(int signo, int code)
{
	static const struct {
		int signo, code;
		const char *name;
	} names[] = {
		{ SIGILL, 1, "ILL_ILLOPC" },	{ SIGILL, 2, "ILL_ILLOPN" },	{ SIGILL, 3, "ILL_ILLADR" },
		{ SIGILL, 4, "ILL_ILLTRP" },	{ SIGILL, 5, "ILL_PRVOPC" },	{ SIGILL, 6, "ILL_PRVREG" },
		{ SIGILL, 7, "ILL_COPROC" },	{ SIGILL, 8, "ILL_BADSTK" },	{ SIGFPE, 1, "FPE_INTDIV" },
		{ SIGFPE, 2, "FPE_INTOVF" },	{ SIGFPE, 3, "FPE_FLTDIV" },	{ SIGFPE, 4, "FPE_FLTOVF" },
		{ SIGFPE, 5, "FPE_FLTUND" },	{ SIGFPE, 6, "FPE_FLTRES" },	{ SIGFPE, 7, "FPE_FLTINV" },
		{ SIGFPE, 8, "FPE_FLTSUB" },	{ SIGSEGV, 1, "SEGV_MAPERR" },	{ SIGSEGV, 2, "SEGV_ACCERR" },
		{ SIGSEGV, 3, "SEGV_BNDERR" },	{ SIGSEGV, 4, "SEGV_PKUERR" },	{ SIGSEGV, 10, "SEGV_CPERR" },
		{ SIGBUS, 1, "BUS_ADRALN" },	{ SIGBUS, 2, "BUS_ADRERR" },	{ SIGBUS, 3, "BUS_OBJERR" },
		{ SIGBUS, 4, "BUS_MCEERR_AR" }, { SIGBUS, 5, "BUS_MCEERR_AO" }, { SIGTRAP, 1, "TRAP_BRKPT" },
		{ SIGTRAP, 2, "TRAP_TRACE" },	{ SIGTRAP, 3, "TRAP_BRANCH" },	{ SIGTRAP, 4, "TRAP_HWBKPT" },
		{ SIGTRAP, 6, "TRAP_PERF" },	{ SIGSYS, 1, "SYS_SECCOMP" },	{ SIGSYS, 2, "SYS_USER_DISPATCH" },
	};

	for (size_t i = 0; i < ARRAY_LENGTH(names); i++)
		if (names[i].signo == signo && names[i].code == code)
			return names[i].name;
	return NULL;
}
