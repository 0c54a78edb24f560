/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Mirrors the launched program for the caller of cltrace, and forwards signals to the tracer. */
#include "source/ptrace/standin.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdbool.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "base/array.h"
#include "source/kernel/procfs/status.h"
#include "source/ptrace/tracer_signals.h"

struct state {
	const struct standin *standin;
	sigset_t ignored; /* when we began */
	bool ready;	  /* the tracer takes its signals */
	bool tracer_ended;
	int tracer_status; /* as wait(2) gives it */
	size_t ended;	   /* programs */
	int status;	   /* of the last one that ended */
	bool outlived;	   /* ... after the tracer ended */
	int stopped;	   /* the signal that the program is stopped by; 0: it runs */
	bool to_stop;	   /* the stand-in is to stop, too */
	pid_t group;	   /* the process group in which we and the programs started */
	bool apart;	   /* the caller is in another one, because shells put each job into its own group */
};

/* The program that runs, or is about to; 0: all have ended. */
static pid_t current(const struct state *s)
{
	return s->ended < s->standin->count ? s->standin->programs[s->ended] : 0;
}

static bool is_ready(struct state *s)
{
	char byte;

	s->ready |= read(s->standin->ready, &byte, 1) == 1;
	return s->ready;
}

/* The kernel continues stopped processes in a process group that becomes orphaned (setpgid(2); kernel/exit.c:
 * kill_orphaned_pgrp()). The programs' group often does when they end, but not while the stand-in is in it. So the
 * stand-in is in the tracer's group. But while the stand-in is stopped, whatever continues the programs must also
 * continue it, and when the programs have ended, the terminal's signals are for it. If the caller is in the group, too,
 * the group does not become orphaned, and the stand-in stays; the leader of a session cannot leave. */
static void leave(const struct state *s)
{
	if (s->apart)
		setpgid(0, s->standin->tracer);
}

static void come_back(const struct state *s)
{
	setpgid(0, s->group);
}

static void on_program(struct state *s, int status)
{
	if (WIFSTOPPED(status)) {
		s->stopped = WSTOPSIG(status);
		s->to_stop = true;
	} else {
		s->stopped = 0;
		s->to_stop = false;
		if (WIFCONTINUED(status))
			leave(s);
	}
	if (WIFEXITED(status) || WIFSIGNALED(status)) {
		s->ended++;
		s->status = status;
		s->outlived = s->tracer_ended;
	}
}

/* The last program has ended and has not been reaped yet, so its group still exists. */
static bool all_have_ended(const struct state *s)
{
	siginfo_t info = { 0 };

	return s->ended + 1 == s->standin->count &&
	       !waitid(P_PID, (id_t)current(s), &info, WEXITED | WNOHANG | WNOWAIT) && info.si_pid;
}

/* The tracer has ended: SIGNO is for the program, unless the program gets it anyway. */
static void pass_on(const struct state *s, int signo, int code)
{
	struct proc_status status;
	const pid_t pid = current(s);

	if (!pid || signo == SIGCONT || (code == SI_KERNEL && signals_of_terminal(signo)))
		return;
	if (proc_status(pid, &status) < 0 || !(status.pending >> (signo - 1) & 1))
		kill(pid, signo);
}

/* The tracer has ended and has not taken these signals. */
static void pass_on_untaken(struct state *s)
{
	struct wait_signal signal;

	while (signals_next(&s->standin->shared->ring, &signal)) {
		if (signal.signo == STANDIN_STOP_ME)
			s->to_stop = s->stopped;
		else
			pass_on(s, signal.signo, signal.code);
	}
}

/* Takes what the kernel reports of our children. Children that are neither the tracer nor a program existed before
 * cltrace, or a program created them with CLONE_PARENT. A program that ended before the tracer is reported in the same
 * loop. */
static void reap(struct state *s)
{
	bool ended = false;
	pid_t pid;
	int status;

	if (all_have_ended(s))
		come_back(s);
	while ((pid = waitpid(-1, &status, __WALL | WNOHANG | WUNTRACED | WCONTINUED)) > 0) {
		if (pid == current(s)) {
			on_program(s, status);
		} else if (pid == s->standin->tracer && (WIFEXITED(status) || WIFSIGNALED(status))) {
			ended = true;
			s->tracer_status = status;
		}
	}
	s->tracer_ended |= ended;
	if (!ended)
		return;
	come_back(s);
	pass_on_untaken(s);
}

/* The programs have ended, but a command that reads the trace may still be in their group. The terminal stops the
 * command, so the shell must see a stop. */
static void stop_with_command(int signo)
{
	sigset_t set;

	sigemptyset(&set);
	sigaddset(&set, signo);
	raise(signo);
	sigprocmask(SIG_UNBLOCK, &set, NULL); /* here we stop */
	sigprocmask(SIG_BLOCK, &set, NULL);
}

static void on_signal(struct state *s, const siginfo_t *info)
{
	if (info->si_signo == SIGCHLD)
		return;
	if (info->si_signo == SIGCONT && info->si_pid == s->standin->tracer) {
		s->to_stop = s->stopped; /* unless the program runs: it may have been stopped again */
		return;
	}
	if (info->si_signo == SIGCONT)
		s->to_stop = false;
	if (!current(s) && sigismember(&s->ignored, info->si_signo))
		return;
	if (!current(s) && (info->si_signo == SIGTSTP || info->si_signo == SIGTTIN || info->si_signo == SIGTTOU)) {
		stop_with_command(info->si_signo);
		return;
	}
	if (s->tracer_ended)
		pass_on(s, info->si_signo, info->si_code);
	else if (is_ready(s))
		signals_forward(&s->standin->shared->ring, s->standin->tracer, info);
	else if (signals_ends(info->si_signo)) { /* the tracer is opening its outputs, so nothing is lost */
		kill(s->standin->tracer, SIGKILL);
		_exit(signals_die_of(info->si_signo));
	}
}

/* Stops as the program is. While our stop signal is pending and blocked, SIGCONT discards it (kernel/signal.c,
 * prepare_signal()): so the stand-in looks at the program once more before it unblocks the signal, and the tracer sends
 * SIGCONT when the program is continued. */
static void stop(struct state *s)
{
	const struct timespec now = { 0, 0 };
	const int signo = s->stopped;
	siginfo_t info = { .si_signo = STANDIN_STOP_ME };
	sigset_t set;

	s->to_stop = false;
	come_back(s);
	if (signo == SIGSTOP && !s->tracer_ended) {
		signals_forward(&s->standin->shared->ring, s->standin->tracer, &info);
		return;
	}
	sigemptyset(&set);
	sigaddset(&set, signo);
	raise(signo);
	reap(s);
	if (s->stopped) {
		s->to_stop = false;
		sigprocmask(SIG_UNBLOCK, &set, NULL); /* here we stop */
		sigprocmask(SIG_BLOCK, &set, NULL);
	} else {
		sigtimedwait(&set, NULL, &now);
	}
}

static void __attribute__((noreturn)) finish(const struct state *s)
{
	/* The program was killed because its tracer failed (PTRACE_O_EXITKILL): the tracer's failure counts. */
	const bool taken_along = WIFEXITED(s->tracer_status) && WEXITSTATUS(s->tracer_status) &&
				 WIFSIGNALED(s->status) && WTERMSIG(s->status) == SIGKILL;
	const bool program = (s->outlived || s->standin->shared->detached) && s->status && !taken_along;
	const int status = program ? s->status : s->tracer_status;

	_exit(WIFSIGNALED(status) ? signals_die_of(WTERMSIG(status)) : WEXITSTATUS(status));
}

/* A reader of the program's output waits for us, too, as long as we have the descriptor open. */
static void close_all_but(int fd)
{
	if (fd > 0)
		syscall(SYS_close_range, 0U, (unsigned)fd - 1, 0);
	if (syscall(SYS_close_range, (unsigned)fd + 1, ~0U, 0) == 0)
		return;
	for (int other = (int)sysconf(_SC_OPEN_MAX); other-- > 0;) /* before 5.9 */
		if (other != fd)
			close(other);
}

static void begin(struct state *s)
{
	static const int stops[] = { SIGTSTP, SIGTTIN, SIGTTOU };
	const struct sigaction action = { .sa_handler = SIG_DFL };
	struct sigaction old;

	sigemptyset(&s->ignored);
	for (int signo = 1; signo <= SIGRTMAX; signo++) {
		if (!sigaction(signo, NULL, &old) && old.sa_handler == SIG_IGN)
			sigaddset(&s->ignored, signo);
	}
	sigaction(SIGCHLD, &action, NULL); /* if it were ignored, the kernel would reap the program */
	for (size_t i = 0; i < ARRAY_LENGTH(stops); i++)
		sigaction(stops[i], &action, NULL);
	s->group = getpgrp();
	s->apart = getpgid(getppid()) != s->group;
	setpgid(s->standin->tracer, s->standin->tracer);
	leave(s);
	close_all_but(s->standin->ready);
	fcntl(s->standin->ready, F_SETFL, O_NONBLOCK);
}

struct standin_shared *standin_share(void)
{
	void *memory =
		mmap(NULL, sizeof(struct standin_shared), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);

	return memory == MAP_FAILED ? NULL : memory;
}

void standin_run(const struct standin *standin)
{
	struct state s = { .standin = standin };
	siginfo_t info;
	sigset_t all;

	begin(&s);
	sigfillset(&all);
	for (;;) {
		reap(&s);
		if (s.tracer_ended && !current(&s))
			finish(&s);
		if (s.to_stop)
			stop(&s);
		else if (sigwaitinfo(&all, &info) > 0)
			on_signal(&s, &info);
	}
}
