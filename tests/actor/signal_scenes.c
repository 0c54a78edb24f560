/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Scenes of signals: each arrives once and whole, and stopping and continuing look to the parent as ever. */
#include <errno.h>
#include <poll.h>
#include <pthread.h>
#include <sched.h>
#include <setjmp.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <sys/wait.h>
#include <termios.h>
#include <time.h>
#include <unistd.h>

#include "actor.h"

enum { SIGNALS = 65 };

static volatile sig_atomic_t counts[SIGNALS];
static volatile sig_atomic_t wrong; /* arrived with a siginfo that nobody sent */
static volatile sig_atomic_t expected_code;
static volatile sig_atomic_t next_value;

static void count(int signo, siginfo_t *info, void *context)
{
	(void)context;
	counts[signo]++;
	if (expected_code != info->si_code)
		wrong++;
	if ((info->si_code == SI_USER || info->si_code == SI_QUEUE || info->si_code == SI_TKILL) &&
	    info->si_pid != getpid())
		wrong++;
	if (info->si_code == SI_QUEUE && info->si_value.sival_int != next_value++)
		wrong++;
}

static void handle(int signo)
{
	struct sigaction action = { .sa_sigaction = count, .sa_flags = SA_SIGINFO | SA_RESTART };

	sigaction(signo, &action, NULL);
}

/* Signals to oneself are handled before the call that sent them returns. */
static void count_sent(void)
{
	static const int sent[] = { SIGUSR1, SIGTRAP, SIGHUP, SIGINT, SIGTERM, SIGCONT, SIGWINCH, SIGURG, SIGQUIT };

	for (size_t i = 0; i < sizeof(sent) / sizeof(sent[0]); i++) {
		handle(sent[i]);
		expected_code = SI_USER;
		for (int n = 0; n < 5; n++)
			kill(getpid(), sent[i]);
		expected_code = SI_TKILL;
		for (int n = 0; n < 5; n++)
			syscall(SYS_tgkill, getpid(), own_tid(), sent[i]);
		say("signal %d: %d of 10", sent[i], (int)counts[sent[i]]);
	}
}

/* Real-time signals queue, and keep their order and values. */
static void count_queued(void)
{
	int signo = 40;
	sigset_t set;

	handle(signo);
	sigemptyset(&set);
	sigaddset(&set, signo);
	sigprocmask(SIG_BLOCK, &set, NULL);
	expected_code = SI_QUEUE;
	for (int n = 0; n < 10; n++)
		sigqueue(getpid(), signo, (union sigval){ .sival_int = n });
	sigprocmask(SIG_UNBLOCK, &set, NULL);
	say("queued: %d of 10", (int)counts[signo]);
}

static void count_children(void)
{
	handle(SIGCHLD);
	expected_code = CLD_EXITED;
	for (int n = 0; n < 5; n++) {
		pid_t pid = fork_stated();

		if (pid == 0)
			_exit(n);
		expect_exit(pid, n);
	}
	say("SIGCHLD: %d of 5", (int)counts[SIGCHLD]);
}

static void count_traps(void)
{
#if defined(__x86_64__) || defined(__i386__)
	counts[SIGTRAP] = 0;
	handle(SIGTRAP);
	expected_code = SI_KERNEL;
	for (int n = 0; n < 5; n++)
		__asm__ volatile("int3");
	say("int3: %d of 5", (int)counts[SIGTRAP]);
#endif
}

static void count_timer(void)
{
	sigset_t set, before;

	handle(SIGALRM);
	expected_code = SI_KERNEL;
	sigemptyset(&set);
	sigaddset(&set, SIGALRM);
	sigprocmask(SIG_BLOCK, &set, &before);
	for (int n = 0; n < 3; n++) {
		setitimer(ITIMER_REAL, &(struct itimerval){ .it_value = { .tv_usec = 1 } }, NULL);
		sigsuspend(&before);
	}
	sigprocmask(SIG_SETMASK, &before, NULL);
	say("SIGALRM: %d of 3", (int)counts[SIGALRM]);
}

static sigjmp_buf recover;

static void leap(int signo)
{
	siglongjmp(recover, signo);
}

static void count_faults(void)
{
	volatile int faults = 0;

	signal(SIGSEGV, leap);
	while (faults < 3) {
		if (sigsetjmp(recover, 1) == 0)
			fault();
		else
			faults++;
	}
	signal(SIGSEGV, SIG_DFL);
	say("SIGSEGV: %d of 3", (int)faults);
}

static int play_signals(int argc, char *argv[])
{
	(void)argc;
	(void)argv;
	count_sent();
	count_queued();
	count_children();
	count_traps();
	count_timer();
	count_faults();
	say("wrong: %d", (int)wrong);
	return wrong != 0;
}

/* A signal to each thread, and one with a thread's tid given to kill(). */
static struct gate hold;
static int thread_counts[3];

static void *take_signals(void *data)
{
	int *taken = data;
	sigset_t set;
	int signo;

	sigemptyset(&set);
	sigaddset(&set, SIGUSR1);
	sigaddset(&set, SIGUSR2);
	for (;;) {
		sigwait(&set, &signo);
		if (signo == SIGUSR2)
			return NULL;
		__atomic_fetch_add(taken, 1, __ATOMIC_SEQ_CST);
		gate_open(&hold);
	}
}

static int play_thread_signals(int argc, char *argv[])
{
	pthread_t threads[3];
	sigset_t set;
	int sum = 0;

	(void)argc;
	(void)argv;
	hold = gate_make();
	sigemptyset(&set);
	sigaddset(&set, SIGUSR1);
	sigaddset(&set, SIGUSR2);
	sigprocmask(SIG_BLOCK, &set, NULL);
	for (int i = 0; i < 3; i++)
		pthread_create(&threads[i], NULL, take_signals, &thread_counts[i]);
	for (int i = 0; i < 3; i++) {
		for (int n = 0; n <= i; n++) {
			pthread_kill(threads[i], SIGUSR1);
			gate_wait(&hold);
		}
	}
	say("each took its own: %d %d %d", thread_counts[0], thread_counts[1], thread_counts[2]);
	for (int n = 0; n < 5; n++) {
		kill(getpid(), SIGUSR1);
		gate_wait(&hold);
	}
	for (int i = 0; i < 3; i++) {
		pthread_kill(threads[i], SIGUSR2);
		pthread_join(threads[i], NULL);
		sum += thread_counts[i];
	}
	say("any took the process's: %d", sum - 6);
	return 0;
}

/* Of each signal, one task alone can take it: the facts say which did. */
static void taken(int signo, siginfo_t *info, void *context)
{
	(void)context;
	fact_line("{\"fact\":\"taken\",\"signal\":\"%s\",\"tid\":%d,\"pid\":%d,\"code\":%d}", signal_name(signo),
		  own_tid(), getpid(), info->si_code);
	gate_open(&hold);
}

static struct gate finish;

struct taker {
	sigset_t takes;
	pid_t tid;
};

static void *take(void *data)
{
	struct taker *taker = data;

	taker->tid = own_tid();
	pthread_sigmask(SIG_UNBLOCK, &taker->takes, NULL);
	gate_open(&hold);
	gate_wait(&finish);
	return NULL;
}

static void taker_start(struct taker *taker, int first, int second, int third)
{
	sigemptyset(&taker->takes);
	sigaddset(&taker->takes, first);
	if (second)
		sigaddset(&taker->takes, second);
	if (third)
		sigaddset(&taker->takes, third);
	thread_start(take, taker);
	gate_wait(&hold);
}

static void start_timer(int signo)
{
	struct sigevent event = { .sigev_notify = SIGEV_SIGNAL, .sigev_signo = signo, .sigev_value.sival_int = 9 };
	struct itimerspec soon = { .it_value.tv_nsec = 1 };
	timer_t timer;

	if (timer_create(CLOCK_MONOTONIC, &event, &timer) != 0 || timer_settime(timer, 0, &soon, NULL) != 0)
		die("timer: %s", strerror(errno));
}

static void take_own(int signo)
{
	sigset_t set;

	sigemptyset(&set);
	sigaddset(&set, signo);
	sigprocmask(SIG_UNBLOCK, &set, NULL);
}

static void break_pipe(void)
{
	int pipe_ends[2];

	take_own(SIGPIPE);
	if (pipe(pipe_ends) != 0)
		die("pipe: %s", strerror(errno));
	close(pipe_ends[0]);
	if (write(pipe_ends[1], "x", 1) == 1 || errno != EPIPE)
		die("a pipe without a reader took a byte");
	close(pipe_ends[1]);
}

static int play_aims(int argc, char *argv[])
{
	static const int caught[] = { SIGUSR1, SIGUSR2, SIGHUP, SIGPIPE, SIGALRM, 40 };
	struct taker one = { .tid = 0 }, two = { .tid = 0 };
	sigset_t all;

	(void)argc;
	(void)argv;
	hold = gate_make();
	finish = gate_make();
	for (size_t i = 0; i < sizeof(caught) / sizeof(caught[0]); i++)
		sigaction(caught[i], &(struct sigaction){ .sa_sigaction = taken, .sa_flags = SA_SIGINFO | SA_RESTART },
			  NULL);
	signal(SIGQUIT, SIG_IGN);
	sigfillset(&all);
	sigprocmask(SIG_BLOCK, &all, NULL);
	taker_start(&one, SIGUSR1, SIGALRM, SIGQUIT);
	taker_start(&two, SIGUSR2, 40, 0);
	kill(getpid(), SIGUSR1);
	gate_wait(&hold);
	syscall(SYS_tgkill, getpid(), two.tid, SIGUSR2);
	gate_wait(&hold);
	kill(one.tid, SIGUSR2); /* aimed at the process, whatever thread is named: the other one takes it */
	gate_wait(&hold);
	sigqueue(getpid(), 40, (union sigval){ .sival_int = 7 });
	gate_wait(&hold);
	start_timer(SIGALRM);
	gate_wait(&hold);
	kill(getpid(), SIGQUIT);
	kill(getpid(), SIGUSR1); /* whoever takes this has taken SIGQUIT, a lower number, before */
	gate_wait(&hold);
	kill(getpid(), SIGHUP); /* blocked by all, until: */
	take_own(SIGHUP);
	gate_wait(&hold);
	break_pipe();
	gate_wait(&hold);
	say("one %d two %d", one.tid != two.tid, two.tid != own_tid());
	return 0;
}

/* One thread of four tasks faults: all die. */
static void *fault_when_asked(void *unused)
{
	gate_wait(&hold);
	fault();
	return unused;
}

static void *wait_for_ever(void *unused)
{
	gate_open(&finish);
	for (;;)
		pause();
	return unused;
}

static int play_thread_faults(int argc, char *argv[])
{
	pid_t pid;

	(void)argc;
	(void)argv;
	hold = gate_make();
	finish = gate_make();
	pid = fork_stated();
	if (pid == 0) {
		thread_start(wait_for_ever, NULL);
		thread_start(wait_for_ever, NULL);
		gate_wait(&finish);
		gate_wait(&finish);
		thread_start(fault_when_asked, NULL);
		gate_open(&hold);
		wait_for_ever(NULL);
	}
	expect_killed(pid, SIGSEGV);
	say("killed by SIGSEGV");
	return 0;
}

/* What the parent of a process sees while that is stopped and continued. */
static void *wait_at_hold(void *begun)
{
	gate_open(begun);
	gate_wait(&hold);
	return NULL;
}

/* Starts THREADS that wait at `hold`; they do when this returns. One that has not begun yet may be stopped, too, but
 * not as its process. */
static void hold_threads(int threads)
{
	struct gate begun = gate_make();

	for (int i = 0; i < threads; i++)
		thread_start(wait_at_hold, &begun);
	for (int i = 0; i < threads; i++)
		gate_wait(&begun);
}

static void expect_change(pid_t pid, int options, const char *word)
{
	int status;

	if (waitpid(pid, &status, options) != pid)
		die("waitpid: %s", strerror(errno));
	if (WIFSTOPPED(status))
		say("%s: stopped by %s", word, signal_name(WSTOPSIG(status)));
	else if (WIFCONTINUED(status))
		say("%s: continued", word);
	else
		die("%s: status %#x", word, (unsigned)status);
}

static int play_group_stop(int argc, char *argv[])
{
	static const int stops[] = { SIGSTOP, SIGTSTP, SIGTTIN, SIGTTOU };
	int threads = number_of(argc, argv, 1, 2);
	struct gate ready = gate_make();
	pid_t pid;

	hold = gate_make();
	pid = fork_stated();
	if (pid == 0) {
		setpgid(0, 0); /* with a parent in the session: not orphaned, so SIGTSTP stops */
		close(hold.out);
		hold_threads(threads);
		gate_open(&ready);
		gate_wait(&hold);
		_exit(7);
	}
	gate_wait(&ready);
	for (size_t i = 0; i < sizeof(stops) / sizeof(stops[0]); i++) {
		kill(pid, stops[i]);
		expect_change(pid, WUNTRACED, "child");
		if (process_state(pid) == 'R')
			die("it runs while it is stopped");
		kill(pid, SIGCONT);
		expect_change(pid, WCONTINUED, "child");
	}
	close(hold.out);
	expect_exit(pid, 7);
	say("exited 7");
	return 0;
}

/* Killed while it is stopped; stopped twice; stops itself. */
static int play_stop_kill(int argc, char *argv[])
{
	pid_t pid;

	(void)argc;
	(void)argv;
	pid = fork_stated();
	if (pid == 0) {
		raise(SIGSTOP);
		raise(SIGSTOP);
		_exit(0);
	}
	expect_change(pid, WUNTRACED, "child");
	kill(pid, SIGSTOP); /* one that is stopped already */
	kill(pid, SIGCONT);
	expect_change(pid, WUNTRACED, "child");
	kill(pid, SIGKILL);
	expect_killed(pid, SIGKILL);
	say("killed");
	return 0;
}

/* Ways in which a thread sends its own process a signal. */
static void by_kill(pid_t pid)
{
	kill(pid, SIGTERM);
}

static void by_group(pid_t pid)
{
	(void)pid;
	kill(0, SIGTERM);
}

static void by_sigqueue(pid_t pid)
{
	sigqueue(pid, SIGTERM, (union sigval){ .sival_int = 5 });
}

static void by_pidfd(pid_t pid)
{
#if defined(SYS_pidfd_open) && defined(SYS_pidfd_send_signal)
	int fd = (int)syscall(SYS_pidfd_open, pid, 0);

	if (fd >= 0 && !syscall(SYS_pidfd_send_signal, fd, SIGTERM, NULL, 0))
		return;
#endif
	kill(pid, SIGTERM);
}

/* All threads are killed before the call returns: there is nothing left to be taken. */
static void *send_and_take(void *send)
{
	const struct timespec second = { .tv_sec = 1 };
	sigset_t set;

	sigemptyset(&set);
	sigaddset(&set, SIGTERM);
	(*(void (**)(pid_t))send)(getpid());
	sigtimedwait(&set, NULL, &second);
	_exit(1);
}

static int play_kills_itself(int argc, char *argv[])
{
	static void (*const ways[])(pid_t) = { by_kill, by_group, by_sigqueue, by_pidfd };
	static void (*way)(pid_t);
	int times = number_of(argc, argv, 1, 1);
	pid_t pid;

	for (int i = 0; i < times * 4; i++) {
		way = ways[i % 4];
		pid = fork_stated();
		if (pid == 0) {
			setpgid(0, 0);
			thread_join(thread_start(send_and_take, &way));
			_exit(0);
		}
		expect_killed(pid, SIGTERM);
	}
	say("all were killed");
	return 0;
}

/* Stops itself and is continued from outside; says so, and continues as stdin asks it to. */
static int play_stops_itself(int argc, char *argv[])
{
	int threads = number_of(argc, argv, 1, 0);
	char byte;

	hold = gate_make();
	hold_threads(threads);
	fact_line("{\"fact\":\"ready\",\"pid\":%d}", getpid());
	raise(SIGSTOP);
	say("continued");
	while (read(STDIN_FILENO, &byte, 1) > 0)
		;
	say("done");
	return 0;
}

/* At a terminal: each line typed comes back, each signal from the keyboard is reported. */
static volatile sig_atomic_t keyboard;

static void note(int signo)
{
	keyboard = signo;
}

static void say_keyboard(void)
{
	struct winsize size;

	if (keyboard == SIGWINCH && ioctl(STDIN_FILENO, TIOCGWINSZ, &size) == 0)
		say("got SIGWINCH: %d rows %d columns", size.ws_row, size.ws_col);
	else
		say("got %s", signal_name(keyboard));
}

static int play_terminal(int argc, char *argv[])
{
	static const int noted[] = { SIGINT, SIGQUIT, SIGWINCH, SIGHUP, SIGTERM };
	struct pollfd input = { .fd = STDIN_FILENO, .events = POLLIN };
	sigset_t set, before;

	(void)argc;
	(void)argv;
	sigemptyset(&set);
	for (size_t i = 0; i < sizeof(noted) / sizeof(noted[0]); i++) {
		sigaction(noted[i], &(struct sigaction){ .sa_handler = note }, NULL);
		sigaddset(&set, noted[i]);
	}
	sigprocmask(SIG_BLOCK, &set, &before); /* they come while it waits, at no other time */
	say("ready");
	for (;;) {
		char line[128];
		ssize_t n;

		if (ppoll(&input, 1, NULL, &before) < 0) {
			say_keyboard();
			continue;
		}
		n = read(STDIN_FILENO, line, sizeof(line) - 1);
		if (n <= 0)
			return 3;
		line[n] = '\0';
		line[strcspn(line, "\n")] = '\0';
		if (strcmp(line, "quit") == 0)
			return 4;
		say("line: %s", line);
	}
}

/* Says each signal that it gets, as soon as it does; ends with its stdin. What is said by write() in the handler is
 * said once for each delivery: nothing is merged on the way. */
static void report(int signo)
{
	const char *line = signo == SIGINT    ? "got SIGINT\n"
			   : signo == SIGQUIT ? "got SIGQUIT\n"
			   : signo == SIGTERM ? "got SIGTERM\n"
					      : "got SIGHUP\n";

	if (write(STDOUT_FILENO, line, strlen(line)) < 0)
		_exit(9);
}

static int play_hears(int argc, char *argv[])
{
	static const int reported[] = { SIGINT, SIGQUIT, SIGTERM, SIGHUP };
	int threads = number_of(argc, argv, 1, 0);
	char byte;

	for (size_t i = 0; i < sizeof(reported) / sizeof(reported[0]); i++)
		sigaction(reported[i], &(struct sigaction){ .sa_handler = report, .sa_flags = SA_RESTART }, NULL);
	hold = gate_make();
	hold_threads(threads);
	fact_line("{\"fact\":\"ready\",\"pid\":%d}", getpid());
	while (read(STDIN_FILENO, &byte, 1) > 0)
		;
	return 0;
}

const struct scene signal_scenes[] = {
	{ "signals", NULL, play_signals },
	{ "thread-signals", NULL, play_thread_signals },
	{ "signal-aims", NULL, play_aims },
	{ "thread-faults", NULL, play_thread_faults },
	{ "group-stop", "[THREADS]", play_group_stop },
	{ "stop-kill", NULL, play_stop_kill },
	{ "kills-itself", "[TIMES]", play_kills_itself },
	{ "stops-itself", "[THREADS]", play_stops_itself },
	{ "terminal", NULL, play_terminal },
	{ "hears", "[THREADS]", play_hears },
	{ .name = NULL },
};
