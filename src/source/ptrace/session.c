/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Decides about signals for cltrace, and keeps the stand-in in step with the program. */
#include "source/ptrace/session.h"

#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/diag.h"
#include "source/kernel/procfs/status.h"
#include "source/kernel/procfs/tasks.h"
#include "source/ptrace/standin.h"
#include "source/ptrace/sys.h"

/* Somebody, or a limit, asks for the end at NOW. However tasks behave, a request follows that gives SESSION_LEAVE. */
static enum session_want session_end(struct session *s, uint64_t now)
{
	if (s->ending)
		return now - s->ending >= SESSION_PATIENCE_NS ? SESSION_LEAVE : SESSION_NOTHING;
	if (s->lethal && !s->kill_on_exit && !s->warned) {
		s->warned = true;
		return SESSION_SAY;
	}
	s->ending = now;
	return s->lethal ? SESSION_KILL : SESSION_DETACH;
}

/* Whether the launched program is about to get SIGNAL by itself: it is pending there, so another one would be merged
 * into it, or a thread of the program is stopped for it and the stop is not reported yet. (In this order, because a
 * signal first is pending and then stops a thread.) */
static bool program_has(const struct session *s, const struct wait_signal *signal)
{
	struct proc_status status;
	struct wait_signal other;
	bool found = false;
	pid_t *tids;
	ssize_t n;

	if (!proc_status(s->launch->tid, &status) && status.pending >> (signal->signo - 1) & 1)
		return true;
	n = proc_tasks(s->launch->tid, &tids);
	for (ssize_t i = 0; i < n && !found; i++)
		found = !sys_signal(tids[i], &other) && relay_is_same(&other, signal);
	if (n > 0)
		free(tids);
	return found;
}

/* The process that the caller of cltrace knows. */
static pid_t our_pid(const struct session *s)
{
	return s->launch && s->launch->standin ? s->launch->standin : getpid();
}

/* The terminal hangs up: the kernel sends SIGHUP and SIGCONT to the leader of the session (drivers/tty/tty_jobctrl.c:
 * tty_signal_session_leader()). Without cltrace the program would be the leader, unless it has left the session. */
static void on_hangup(const struct session *s)
{
	const pid_t pid = our_pid(s);

	if (getsid(pid) != pid || getsid(s->launch->tid) != pid)
		return;
	kill(s->launch->tid, SIGHUP);
	kill(s->launch->tid, SIGCONT);
}

/* A signal that the kernel sent us: a terminal has also sent it to the program, but a timer from before our exec has
 * not. */
static void on_kernel_signal(const struct session *s, int signo)
{
	if (signo == SIGHUP)
		on_hangup(s);
	else if (!signals_of_terminal(signo))
		kill(s->launch->tid, signo);
}

static void on_stop_request(struct session *s)
{
	if (s->stopped)
		kill(s->launch->standin, SIGSTOP);
	s->stop_wanted = !s->stopped;
}

/* There is no program that decides about SIGNO. */
static enum session_want on_own_signal(struct session *s, int signo, uint64_t now)
{
	if (signals_ends(signo))
		return session_end(s, now);
	if (signo == SIGTSTP && !s->launch)
		diag("not stopped: the processes it is attached to would wait for it; ^C detaches from them");
	return SESSION_NOTHING;
}

enum session_want session_signal(struct session *s, const struct wait_signal *signal, uint64_t now)
{
	if (s->signals->forwarded && signal->signo == SIGNALS_PARENT_DIED && signal->code == SI_USER) {
		if (getppid() == s->launch->standin)
			return SESSION_NOTHING; /* the stand-in lives, so somebody else has sent the signal */
		s->warned = true;
		return session_end(s, now);
	}
	if (signal->signo == SIGNALS_OUT_OF_TIME && signal->code == SI_TIMER) {
		diag("cltrace has almost used up its limit of CPU time (ulimit -t), so the trace ends here");
		s->warned = true;
		return session_end(s, now);
	}
	if (s->signals->forwarded && signal->signo == STANDIN_STOP_ME) {
		on_stop_request(s);
		return SESSION_NOTHING;
	}
	if (s->launch && relay_is_copy(&s->relay, signal, now))
		return SESSION_NOTHING;
	if (!s->launch || s->ended || (s->attached && signals_ends(signal->signo)))
		return on_own_signal(s, signal->signo, now);
	if (signal->code == SI_KERNEL)
		on_kernel_signal(s, signal->signo);
	else if (!program_has(s, signal) && !relay_wait(&s->relay, signal, now))
		kill(s->launch->tid, signal->signo);
	return SESSION_NOTHING;
}

int64_t session_timeout(const struct session *s, uint64_t now)
{
	return relay_timeout(&s->relay, now);
}

enum session_want session_due(struct session *s, uint64_t now)
{
	enum session_want want = SESSION_NOTHING;
	struct wait_signal signal;

	while (want == SESSION_NOTHING && relay_due(&s->relay, now, &signal)) {
		if (s->ended)
			want = on_own_signal(s, signal.signo, now);
		else if (!program_has(s, &signal))
			kill(s->launch->tid, signal.signo);
	}
	return want;
}

void session_over(struct session *s)
{
	struct wait_signal signal;

	while (!s->ended && relay_due(&s->relay, UINT64_MAX, &signal)) {
		if (!program_has(s, &signal))
			kill(s->launch->tid, signal.signo);
	}
}

/* Whether a signal SIGNO is on its way to us: pending for the stand-in, or forwarded (without its number, at this
 * point). */
static bool is_pending_for_us(const struct session *s, int signo)
{
	struct proc_status status;
	sigset_t ours;

	sigpending(&ours);
	if (!s->launch->standin)
		return sigismember(&ours, signo);
	return sigismember(&ours, SIGNALS_FORWARD) ||
	       (!proc_status(s->launch->standin, &status) && status.pending >> (signo - 1) & 1);
}

void session_delivery(struct session *s, pid_t tid, int signo, uint64_t now)
{
	struct wait_signal signal;
	struct proc_status status;

	if (!s->launch || signo == SIGCHLD || sys_signal(tid, &signal) < 0)
		return;
	if (signal.code != SI_USER && signal.code != SI_QUEUE)
		/* we can get a copy only of kill(2), of sigqueue(3), and of what on_kernel_signal() knows */
		return;
	if (tid != s->launch->tid && (proc_status(tid, &status) < 0 || status.ids.tgid != s->launch->tid))
		return;
	relay_program(&s->relay, &signal, is_pending_for_us(s, signo), now);
}

void session_event(struct session *s, const struct event *event)
{
	if (!s->launch || !s->launch->standin || event->tid != s->launch->tid)
		return;
	if (event->kind == EVENT_GROUP_STOP) {
		s->stopped = true;
		relay_forget(&s->relay, SIGCONT); /* the next one is a new signal */
		if (s->stop_wanted)
			kill(s->launch->standin, SIGSTOP);
		s->stop_wanted = false;
	} else if (event->kind == EVENT_GROUP_CONT) {
		s->stopped = s->stop_wanted = false;
		kill(s->launch->standin, SIGCONT);
	}
}

void session_program_ended(struct session *s)
{
	s->ended = true;
	if (s->launch->standin)
		kill(s->launch->standin, SIGCONT); /* it may be stopped as the program was */
}
