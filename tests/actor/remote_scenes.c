/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Scenes to attach to: programs that are busy, or that do what stdin says. Each states {"fact":"ready"} once its tasks
 * are there. */
#include <errno.h>
#include <fcntl.h>
#include <linux/io_uring.h>
#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "actor.h"
#include "raw.h"

#ifndef SYS_io_uring_setup
#define SYS_io_uring_setup 425
#define SYS_io_uring_enter 426
#endif

static struct gate begun, hold;

static void *wait_at_hold(void *unused)
{
	gate_open(&begun);
	gate_wait(&hold);
	return unused;
}

static void *do_nothing(void *unused)
{
	return unused;
}

/* COUNT threads that wait, once each has stated its fact. */
static void start_waiting(struct thread **list, int count)
{
	for (int i = 0; i < count; i++)
		list[i] = thread_start(wait_at_hold, NULL);
	for (int i = 0; i < count; i++)
		gate_wait(&begun);
}

static pid_t hold_child(int threads)
{
	struct thread *list[64];
	struct gate ready = gate_make();
	pid_t pid;

	if (threads > (int)(sizeof(list) / sizeof(list[0])))
		die("at most %zu threads in a child", sizeof(list) / sizeof(list[0]));
	pid = fork_stated();
	if (pid == 0) {
		close(hold.out);
		start_waiting(list, threads);
		gate_open(&ready);
		gate_wait(&hold);
		for (int i = 0; i < threads; i++)
			thread_join(list[i]);
		_exit(0);
	}
	gate_wait(&ready);
	close(ready.in);
	close(ready.out);
	return pid;
}

static void *fork_in_thread(void *data)
{
	pid_t pid = fork_stated();

	if (pid == 0)
		_exit(15);
	expect_exit(pid, 15);
	return data;
}

static void *outlive_leader(void *unused)
{
	while (process_state(getpid()) != 'Z')
		sched_yield();
	return unused;
}

/* Children whose end is reported by other signals than SIGCHLD, and only when a thread that outlived the leader has
 * ended: the kernel then treats a tracer of the same exec generation as the parent (kernel/signal.c:
 * do_notify_parent()). */
static void end_otherwise(void)
{
	static const int signals[] = { SIGUSR1, SIGTERM, 40, 0 };

	for (size_t i = 0; i < sizeof(signals) / sizeof(signals[0]); i++) {
		long tid;

		signal(signals[i], SIG_IGN);
		tid = raw_clone((uint64_t)signals[i], NULL, NULL);
		if (tid == 0) {
			thread_start(outlive_leader, NULL);
			syscall(SYS_exit, 0);
		}
		if (tid < 0)
			die("clone(%d): %s", signals[i], strerror((int)-tid));
		expect_exit((pid_t)tid, 0); /* the C library's exit(0), for the last thread */
	}
}

static void obey(char order)
{
	pid_t pid;

	switch (order) {
	case 't':
		thread_join(thread_start(do_nothing, NULL));
		break;
	case 'f':
		pid = fork_stated();
		if (pid == 0)
			_exit(16);
		expect_exit(pid, 16);
		break;
	case 'T':
		thread_join(thread_start(fork_in_thread, NULL));
		break;
	case 'e':
		say("exec");
		become("remote", NULL);
	case 's':
		raise(SIGSTOP);
		break;
	case 'k':
		raise(SIGKILL);
		break;
	case 'o':
		end_otherwise();
		break;
	}
	say("done %c", order);
}

/* THREADS that wait, CHILDREN with as many threads each. Then, for each byte from stdin: t a thread, f a fork, T a
 * thread that forks, e exec of this scene anew, s stop, k die, o children that end otherwise; at the end of stdin all
 * go. */
static int play_remote(int argc, char *argv[])
{
	int threads = number_of(argc, argv, 1, 0);
	int children = number_of(argc, argv, 2, 0);
	struct thread **list = calloc((size_t)threads + 1, sizeof(*list));
	pid_t *pids = calloc((size_t)children + 1, sizeof(*pids));
	char order;

	if (list == NULL || pids == NULL)
		die("out of memory");
	hold = gate_make();
	begun = gate_make();
	for (int i = 0; i < children; i++)
		pids[i] = hold_child(threads);
	start_waiting(list, threads);
	fact_line("{\"fact\":\"ready\",\"pid\":%d}", getpid());
	for (;;) {
		ssize_t n = read(STDIN_FILENO, &order, 1);

		if (n < 0)
			die("read: %s", strerror(errno)); /* EINTR too: nobody has sent a signal */
		if (n == 0)
			break;
		if (order != '\n')
			obey(order);
	}
	close(hold.out);
	for (int i = 0; i < threads; i++)
		thread_join(list[i]);
	for (int i = 0; i < children; i++)
		expect_exit(pids[i], 0);
	free(list);
	free(pids);
	say("end");
	return 0;
}

/* Threads that make threads and processes until stdin says enough. Whatever goes wrong with one of them is the end. */
static int enough;

struct churner {
	struct thread *thread;
	unsigned long threads, forks;
};

static void *mark(void *data)
{
	int *ran = data;

	*ran = 1;
	return NULL;
}

static void *churn(void *data)
{
	struct churner *churner = data;

	while (!__atomic_load_n(&enough, __ATOMIC_RELAXED)) {
		pthread_t thread;
		int ran = 0;
		int status = -1;
		int error;
		pid_t pid;

		error = pthread_create(&thread, NULL, mark, &ran);
		if (error != 0)
			die("pthread_create: %s", strerror(error));
		pthread_join(thread, NULL);
		if (!ran)
			die("a thread has not run");
		churner->threads++;

		pid = fork();
		if (pid == 0)
			_exit(17);
		if (pid < 0)
			die("fork: %s", strerror(errno));
		if (waitpid(pid, &status, 0) != pid)
			die("waitpid: %s", strerror(errno));
		if (!WIFEXITED(status) || WEXITSTATUS(status) != 17)
			die("a child ended with status %#x", (unsigned)status);
		churner->forks++;
	}
	return NULL;
}

static int play_churn(int argc, char *argv[])
{
	int count = number_of(argc, argv, 1, 2);
	struct churner *churners = calloc((size_t)count, sizeof(*churners));
	unsigned long threads = 0, forks = 0;
	char byte;

	if (churners == NULL)
		die("out of memory");
	for (int i = 0; i < count; i++)
		churners[i].thread = thread_start(churn, &churners[i]);
	fact_line("{\"fact\":\"ready\",\"pid\":%d}", getpid());
	while (read(STDIN_FILENO, &byte, 1) < 0)
		if (errno != EINTR)
			die("read: %s", strerror(errno));
	__atomic_store_n(&enough, 1, __ATOMIC_RELAXED);
	for (int i = 0; i < count; i++) {
		thread_join(churners[i].thread);
		threads += churners[i].threads;
		forks += churners[i].forks;
	}
	fact_line("{\"fact\":\"churned\",\"threads\":%lu,\"forks\":%lu}", threads, forks);
	free(churners);
	say("nothing went wrong");
	return 0;
}

/* The leader has left; its threads live on until stdin ends. */
static void *read_to_the_end(void *unused)
{
	char byte;

	while (process_state(getpid()) != 'Z')
		sched_yield();
	fact_line("{\"fact\":\"ready\",\"pid\":%d,\"thread\":%d}", getpid(), own_tid());
	while (read(STDIN_FILENO, &byte, 1) > 0)
		thread_join(thread_start(do_nothing, NULL));
	say("end");
	exit(18);
	return unused;
}

static int play_remote_zombie_leader(int argc, char *argv[])
{
	(void)argc;
	(void)argv;
	thread_start(read_to_the_end, NULL);
	pthread_exit(NULL);
}

/* Holds a zombie child until stdin ends. */
static int play_hold_zombie(int argc, char *argv[])
{
	siginfo_t info;
	char byte;
	pid_t pid;

	(void)argc;
	(void)argv;
	pid = fork_stated();
	if (pid == 0)
		_exit(19);
	if (waitid(P_PID, (id_t)pid, &info, WEXITED | WNOWAIT) != 0)
		die("waitid: %s", strerror(errno));
	fact_line("{\"fact\":\"ready\",\"pid\":%d,\"zombie\":%d}", getpid(), pid);
	while (read(STDIN_FILENO, &byte, 1) > 0)
		;
	expect_exit(pid, 19);
	return 0;
}

/* Sleeps in vfork, its child reads stdin: attach to both. */
static int play_remote_vfork(int argc, char *argv[])
{
	char byte;
	pid_t pid;

	(void)argc;
	(void)argv;
	pid = vfork();
	if (pid == 0) {
		fact_line("{\"fact\":\"ready\",\"pid\":%d,\"child\":%d}", getppid(), getpid());
		while (read(STDIN_FILENO, &byte, 1) > 0)
			;
		_exit(20);
	}
	expect_exit(pid, 20);
	say("end");
	return 0;
}

/* A process with a worker of io_uring's in its task list, which is no task to be traced: it opens a FIFO that nobody
 * writes to. */
struct ring {
	int fd;
	unsigned *tail, *mask, *array, *done;
	struct io_uring_sqe *entries;
	struct io_uring_cqe *results;
};

#define RING_FIFO "uring.fifo"

static void ring_open(struct ring *ring)
{
	struct io_uring_params parameters = { 0 };
	size_t size;
	char *map;

	ring->fd = (int)syscall(SYS_io_uring_setup, 4, &parameters);
	if (ring->fd < 0)
		skip("io_uring is not available: %s", strerror(errno));
	size = parameters.sq_off.array + parameters.sq_entries * sizeof(unsigned);
	map = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_SHARED, ring->fd, IORING_OFF_SQ_RING);
	ring->entries = mmap(NULL, parameters.sq_entries * sizeof(struct io_uring_sqe), PROT_READ | PROT_WRITE,
			     MAP_SHARED, ring->fd, IORING_OFF_SQES);
	if (map == MAP_FAILED || ring->entries == MAP_FAILED)
		skip("io_uring's rings cannot be mapped: %s", strerror(errno));
	ring->tail = (unsigned *)(void *)(map + parameters.sq_off.tail);
	ring->mask = (unsigned *)(void *)(map + parameters.sq_off.ring_mask);
	ring->array = (unsigned *)(void *)(map + parameters.sq_off.array);
	size = parameters.cq_off.cqes + parameters.cq_entries * sizeof(struct io_uring_cqe);
	map = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_SHARED, ring->fd, IORING_OFF_CQ_RING);
	if (map == MAP_FAILED)
		skip("io_uring's rings cannot be mapped: %s", strerror(errno));
	ring->done = (unsigned *)(void *)(map + parameters.cq_off.tail);
	ring->results = (struct io_uring_cqe *)(void *)(map + parameters.cq_off.cqes);
}

static void ring_open_fifo(struct ring *ring)
{
	unsigned tail = *ring->tail;
	unsigned index = tail & *ring->mask;

	memset(&ring->entries[index], 0, sizeof(ring->entries[index]));
	ring->entries[index].opcode = IORING_OP_OPENAT;
	ring->entries[index].flags = IOSQE_ASYNC; /* a worker blocks in it */
	ring->entries[index].fd = AT_FDCWD;
	ring->entries[index].addr = (uint64_t)(uintptr_t)RING_FIFO;
	ring->entries[index].open_flags = O_RDONLY;
	ring->array[index] = index;
	__atomic_store_n(ring->tail, tail + 1, __ATOMIC_RELEASE);
	if (syscall(SYS_io_uring_enter, ring->fd, 1, 0, 0, NULL, 0) != 1)
		skip("io_uring takes no open: %s", strerror(errno));
}

/* The worker has been left alone: it still waits for somebody who writes. */
static void ring_expect_open(struct ring *ring)
{
	while (open(RING_FIFO, O_WRONLY | O_NONBLOCK | O_CLOEXEC) < 0) {
		if (__atomic_load_n(ring->done, __ATOMIC_ACQUIRE))
			die("io_uring's operation ended: %d", ring->results[0].res);
		sched_yield();
	}
	if (syscall(SYS_io_uring_enter, ring->fd, 0, 1, IORING_ENTER_GETEVENTS, NULL, 0) < 0)
		die("io_uring_enter: %s", strerror(errno));
	if (ring->results[0].res == -EINVAL)
		skip("io_uring cannot open files here");
	if (ring->results[0].res < 0)
		die("io_uring's operation failed: %s", strerror(-ring->results[0].res));
}

static int play_remote_uring(int argc, char *argv[])
{
	struct ring ring;
	int status;

	ring_open(&ring);
	unlink(RING_FIFO);
	if (mkfifo(RING_FIFO, 0600) < 0)
		die("mkfifo: %s", strerror(errno));
	ring_open_fifo(&ring);
	status = play_remote(argc, argv);
	ring_expect_open(&ring);
	return status;
}

const struct scene remote_scenes[] = {
	{ "remote", "[THREADS [CHILDREN]]", play_remote },
	{ "remote-zombie-leader", NULL, play_remote_zombie_leader },
	{ "remote-vfork", NULL, play_remote_vfork },
	{ "remote-uring", NULL, play_remote_uring },
	{ "hold-zombie", NULL, play_hold_zombie },
	{ "churn", "[THREADS]", play_churn },
	{ .name = NULL },
};
