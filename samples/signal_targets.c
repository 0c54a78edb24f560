/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Signals for a process and signals for one thread: who takes them, and whom they stop and kill.
 *
 * Run:       cltrace --signals ./signal_targets
 * Look for:  "aimed at process" and "aimed at task". kill() is aimed at a process: one of its threads that do not block
 * the signal takes it, even if it is the tid of another thread that kill() was given. pthread_kill() (tgkill) is aimed
 * at one thread. What a signal does is always done to the process: SIGSTOP stops, SIGCONT wakes and SIGSEGV in one
 * thread kills all three tasks of the child. */
#include <pthread.h>
#include <semaphore.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

static sem_t done;
static pid_t tids[2];
static __thread int number; /* of a thread: 1 or 2 */
static volatile sig_atomic_t taker;

static void on_signal(int signo)
{
	(void)signo;
	taker = number;
	sem_post(&done);
}

/* Thread 1 takes SIGUSR1, thread 2 takes SIGUSR2; main takes neither. */
static void *run(void *data)
{
	sigset_t set;

	number = *(int *)data;
	tids[number - 1] = (pid_t)syscall(SYS_gettid);
	sigemptyset(&set);
	sigaddset(&set, number == 1 ? SIGUSR1 : SIGUSR2);
	pthread_sigmask(SIG_UNBLOCK, &set, NULL);
	sem_post(&done);
	while (pause() < 0)
		;
	return data;
}

static void wait_done(void)
{
	while (sem_wait(&done) != 0)
		;
}

static void *fault(void *unused)
{
	volatile int *volatile nowhere = NULL;

	*nowhere = 1;
	return unused;
}

static void *sleep_on(void *unused)
{
	pause();
	return unused;
}

/* Three tasks: one of them faults when it is told to. */
static void child(int ready, int go)
{
	pthread_t thread;
	char byte = 0;

	pthread_create(&thread, NULL, sleep_on, NULL);
	if (write(ready, &byte, 1) != 1 || read(go, &byte, 1) != 1)
		_exit(EXIT_FAILURE);
	pthread_create(&thread, NULL, fault, NULL);
	pthread_join(thread, NULL);
	_exit(EXIT_FAILURE);
}

static void stop_and_kill(void)
{
	int ready[2], go[2], status;
	char byte = 0;
	pid_t pid;

	if (pipe(ready) != 0 || pipe(go) != 0 || (pid = fork()) < 0)
		exit(EXIT_FAILURE);
	if (pid == 0)
		child(ready[1], go[0]);
	if (read(ready[0], &byte, 1) != 1)
		exit(EXIT_FAILURE);
	kill(pid, SIGSTOP);
	waitpid(pid, &status, WUNTRACED);
	kill(pid, SIGCONT);
	waitpid(pid, &status, WCONTINUED);
	if (write(go[1], &byte, 1) != 1)
		exit(EXIT_FAILURE);
	waitpid(pid, &status, 0);
	printf("the child's fault killed all of it: %s\n", WIFSIGNALED(status) ? "yes" : "no");
}

int main(void)
{
	static int numbers[] = { 1, 2 };
	struct sigaction action = { .sa_handler = on_signal };
	pthread_t threads[2];
	sigset_t set;

	sem_init(&done, 0, 0);
	sigaction(SIGUSR1, &action, NULL);
	sigaction(SIGUSR2, &action, NULL);
	sigemptyset(&set);
	sigaddset(&set, SIGUSR1);
	sigaddset(&set, SIGUSR2);
	pthread_sigmask(SIG_BLOCK, &set, NULL);
	for (int i = 0; i < 2; i++) {
		if (pthread_create(&threads[i], NULL, run, &numbers[i]) != 0)
			return EXIT_FAILURE;
		wait_done();
	}

	kill(getpid(), SIGUSR1);
	wait_done();
	printf("kill(getpid(), SIGUSR1): thread %d took it\n", (int)taker);
	kill(tids[0], SIGUSR2); /* the tid of thread 1 stands for its process */
	wait_done();
	printf("kill(tid of thread 1, SIGUSR2): thread %d took it\n", (int)taker);
	pthread_kill(threads[1], SIGUSR2);
	wait_done();
	printf("pthread_kill(thread 2, SIGUSR2): thread %d took it\n", (int)taker);
	fflush(stdout);
	stop_and_kill();
	return EXIT_SUCCESS;
}
