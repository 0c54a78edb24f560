/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The small workloads of the benchmark: each scene does one thing many times, and says how long that took it. */
#include <dirent.h>
#include <err.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <poll.h>
#include <pthread.h>
#include <semaphore.h>
#include <signal.h>
#include <spawn.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#define CALLS_EACH 200
#define TICK 10000000	 /* ns */
#define STACK_SIZE 16384 /* without the guard page: 15,000 of them are 240 MB of addresses */

extern char **environ;

/* A scene does up to COUNT operations and returns how many it did: fewer when the time is over. A scene that is not
 * timed has BE instead of RUN, and BE ends by itself. */
struct scene {
	const char *name;
	unsigned long (*run)(unsigned long count, unsigned long tasks);
	const char *what;
	void (*be)(unsigned long count);
};

static uint64_t time_limit; /* ns of CLOCK_MONOTONIC; 0: none */
static pthread_attr_t small_stack;
static char *const true_argv[] = { (char *)"/bin/true", NULL };

static uint64_t now(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (uint64_t)t.tv_sec * 1000000000 + (uint64_t)t.tv_nsec;
}

/* Reading the clock is no system call (vDSO): it costs the same under every tracer. */
static bool time_is_up(void)
{
	return time_limit && now() >= time_limit;
}

static pthread_t thread_start(void *(*run)(void *data), void *data)
{
	pthread_t thread;
	int r = pthread_create(&thread, &small_stack, run, data);

	if (r)
		errx(1, "pthread_create: %s", strerror(r));
	return thread;
}

static void *thread_nothing(void *data)
{
	return data;
}

static void thread_once(void)
{
	pthread_join(thread_start(thread_nothing, NULL), NULL);
}

static void wait_for(pid_t pid)
{
	int status;

	if (waitpid(pid, &status, 0) != pid || status)
		errx(1, "child %d: status %#x", (int)pid, status);
}

static void fork_once(void)
{
	pid_t pid = fork();

	if (pid < 0)
		err(1, "fork");
	if (!pid)
		_exit(0);
	wait_for(pid);
}

static void vfork_once(void)
{
	pid_t pid = vfork();

	if (pid < 0)
		err(1, "vfork");
	if (!pid) {
		execv(true_argv[0], true_argv);
		_exit(127);
	}
	wait_for(pid);
}

static void spawn_once(void)
{
	pid_t pid;
	int r = posix_spawn(&pid, true_argv[0], NULL, NULL, true_argv, environ);

	if (r)
		errx(1, "posix_spawn: %s", strerror(r));
	wait_for(pid);
}

static unsigned long repeat(void (*once)(void), unsigned long count)
{
	unsigned long done = 0;

	while (done < count && !time_is_up()) {
		once();
		done++;
	}
	return done;
}

static unsigned long run_threads(unsigned long count, unsigned long tasks)
{
	(void)tasks;
	return repeat(thread_once, count);
}

static unsigned long run_forks(unsigned long count, unsigned long tasks)
{
	(void)tasks;
	return repeat(fork_once, count);
}

static unsigned long run_vforks(unsigned long count, unsigned long tasks)
{
	(void)tasks;
	return repeat(vfork_once, count);
}

static unsigned long run_spawns(unsigned long count, unsigned long tasks)
{
	(void)tasks;
	return repeat(spawn_once, count);
}

/* One process for nine threads. */
static unsigned long run_mixed(unsigned long count, unsigned long tasks)
{
	(void)tasks;
	for (unsigned long i = 0; i < count; i++) {
		if (i % 10 == 9)
			fork_once();
		else
			thread_once();
	}
	return count;
}

static unsigned long run_calls(unsigned long count, unsigned long tasks)
{
	unsigned long done = 0;

	(void)tasks;
	while (done < count && (done % 1024 || !time_is_up())) {
		syscall(SYS_getppid);
		done++;
	}
	return done;
}

/* Many at once */

struct crew {
	pthread_barrier_t start;
	unsigned long each;
	atomic_ulong done;
};

static void *caller(void *data)
{
	struct crew *crew = data;

	pthread_barrier_wait(&crew->start); /* so that all are there at once */
	for (unsigned long i = 0; i < crew->each; i++)
		syscall(SYS_getppid);
	atomic_fetch_add(&crew->done, crew->each);
	return NULL;
}

static void *forker(void *data)
{
	struct crew *crew = data;

	pthread_barrier_wait(&crew->start);
	atomic_fetch_add(&crew->done, repeat(fork_once, crew->each));
	return NULL;
}

static unsigned long crew_work(void *(*run)(void *data), unsigned long count, unsigned long tasks)
{
	pthread_t *threads = calloc(tasks, sizeof(*threads));
	struct crew crew = { .each = (count + tasks - 1) / tasks };

	if (!threads)
		err(1, "calloc");
	pthread_barrier_init(&crew.start, NULL, (unsigned)tasks);
	for (unsigned long i = 0; i < tasks; i++)
		threads[i] = thread_start(run, &crew);
	for (unsigned long i = 0; i < tasks; i++)
		pthread_join(threads[i], NULL);
	free(threads);
	return crew.done;
}

static unsigned long run_callers(unsigned long count, unsigned long tasks)
{
	(void)tasks;
	tasks = (count + CALLS_EACH - 1) / CALLS_EACH;
	return crew_work(caller, tasks * CALLS_EACH, tasks);
}

static unsigned long run_forkers(unsigned long count, unsigned long tasks)
{
	return crew_work(forker, count, tasks);
}

/* Sleepers: there before the clock starts, and until the process ends. */

static sem_t awake;

static void *sleeper(void *data)
{
	sem_post(&awake);
	for (;;)
		pause();
	return data;
}

static void start_sleepers(unsigned long count)
{
	sem_init(&awake, 0, 0);
	for (unsigned long i = 0; i < count; i++)
		pthread_detach(thread_start(sleeper, NULL));
	for (unsigned long i = 0; i < count; i++) {
		while (sem_wait(&awake))
			continue;
	}
}

/* A recording of COUNT events of nine threads to one process, as json has them (cltrace-events(5)), instead of the
 * result. */

#define FIRST_TID 1000
#define TIDS 30000

static void record_task(unsigned long number, unsigned long seq, bool born)
{
	const unsigned long tid = FIRST_TID + number % TIDS, when = 5000000000000 + seq * 10000;
	const bool thread = number % 10 != 9;

	printf("{\"seq\":%lu,\"when\":%lu,\"kind\":\"%s\",\"tid\":%lu", seq, when, born ? "spawn" : "exit",
	       born ? FIRST_TID - 1UL : tid);
	if (!born) {
		printf(",\"status\":0,\"with_group\":%s,\"exit_code\":0}\n", thread ? "false" : "true");
		return;
	}
	printf(",\"creator\":%d,\"creator_tgid\":%d,\"child\":%lu,\"child_tgid\":%lu,\"ppid\":%d,\"request\":",
	       FIRST_TID - 1, FIRST_TID - 1, tid, thread ? FIRST_TID - 1UL : tid, FIRST_TID - (thread ? 2 : 1));
	if (thread)
		printf("{\"call\":\"clone3\",\"abi\":\"x86_64\",\"flags\":4001536,\"exit_signal\":0,"
		       "\"stack\":140331946225664,\"stack_size\":8384512,\"parent_tid\":140331954612496,"
		       "\"child_tid\":140331954612496,\"tls\":140331954611904}");
	else
		printf("{\"call\":\"clone\",\"abi\":\"x86_64\",\"flags\":18874368,\"exit_signal\":17,"
		       "\"child_tid\":140331954563536}");
	printf(",\"duration\":%lu}\n", 9000 + number % 1000);
}

/* Each task lives while twenty others are made. */
static void record(unsigned long count)
{
	const unsigned long alive = 20;
	unsigned long seq = 3, made = 0, ended = 0;

	printf("{\"seq\":1,\"when\":5000000000000,\"kind\":\"begin\",\"tid\":0,\"format\":1,"
	       "\"realtime\":1700000000000000000,\"mode\":\"filter\",\"launched\":true,\"audit_arch\":3221225534}\n"
	       "{\"seq\":2,\"when\":5000000001000,\"kind\":\"attach\",\"tid\":%d,\"tgid\":%d,\"ppid\":%d,\"creator\":0,"
	       "\"nlwp\":1,\"launched\":true,\"zombie\":false,\"command\":\"./many\"}\n",
	       FIRST_TID - 1, FIRST_TID - 1, FIRST_TID - 2);
	for (; seq < count; seq++) {
		if (made - ended < alive)
			record_task(made++, seq, true);
		else
			record_task(ended++, seq, false);
	}
	printf("{\"seq\":%lu,\"when\":%lu,\"kind\":\"end\",\"tid\":0,\"status\":0}\n", seq,
	       5000000000000 + seq * 10000);
}

/* Many processes, and a loop that reads what a snapshot reads of them. */

static void start_herd(unsigned long count)
{
	for (unsigned long i = 0; i < count; i++) {
		pid_t pid = fork();

		if (pid < 0)
			err(1, "fork");
		if (!pid) {
			prctl(PR_SET_PDEATHSIG, SIGKILL);
			for (;;)
				pause();
		}
	}
}

/* Whether the file had any bytes. */
static bool read_whole(unsigned long pid, const char *name)
{
	char path[64], bytes[4096];
	bool any = false;
	int fd;

	snprintf(path, sizeof(path), "/proc/%lu/%s", pid, name);
	fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		return false;
	while (read(fd, bytes, sizeof(bytes)) > 0)
		any = true;
	close(fd);
	return any;
}

static void read_process(unsigned long pid)
{
	static const char *const links[] = { "cgroup", "ipc", "mnt", "net", "pid", "time", "user", "uts" };
	char path[64], target[64];

	if (!read_whole(pid, "stat") || !read_whole(pid, "status"))
		return;
	read_whole(pid, "cmdline");
	for (size_t i = 0; i < sizeof(links) / sizeof(links[0]); i++) {
		snprintf(path, sizeof(path), "/proc/%lu/ns/%s", pid, links[i]);
		if (readlink(path, target, sizeof(target)) < 0)
			return;
	}
}

/* Reads all processes that /proc shows. */
static void look(unsigned long count)
{
	DIR *dir = opendir("/proc");
	struct dirent *entry;

	(void)count;
	if (!dir)
		err(1, "/proc");
	while ((entry = readdir(dir))) {
		if (strtoul(entry->d_name, NULL, 10))
			read_process(strtoul(entry->d_name, NULL, 10));
	}
	closedir(dir);
}

/* Creates a thread every 10 ms until standard input ends, each thread at its time, however long the one before took. */
static void tick(void)
{
	struct pollfd input = { .fd = STDIN_FILENO, .events = POLLIN };
	uint64_t next = now(), time;

	do {
		thread_once();
		next += TICK;
		time = now();
	} while (!poll(&input, 1, next > time ? (int)((next - time + 999999) / 1000000) : 0));
}

static void announce(void)
{
	puts("ready");
	fflush(stdout);
}

/* Waits to be ended. */
static void be_there(void)
{
	char c;

	while (read(STDIN_FILENO, &c, 1) > 0 || errno == EINTR)
		errno = 0;
}

static void run_crowd(unsigned long count)
{
	(void)count;
	announce();
	be_there();
}

static void run_herd(unsigned long count)
{
	start_herd(count);
	announce();
	be_there();
}

static void run_ticks(unsigned long count)
{
	(void)count;
	announce();
	tick();
}

static const struct scene scenes[] = {
	{ "threads", run_threads, "create a thread and join it", NULL },
	{ "forks", run_forks, "fork, and wait for the child", NULL },
	{ "vforks", run_vforks, "vfork, exec /bin/true, wait", NULL },
	{ "spawns", run_spawns, "posix_spawn /bin/true, wait", NULL },
	{ "mixed", run_mixed, "nine threads, one process, and so on", NULL },
	{ "calls", run_calls, "getppid, in one task", NULL },
	{ "callers", run_callers, "getppid, 200 by each thread; creating them counts", NULL },
	{ "forkers", run_forkers, "fork and wait, by -n threads at once", NULL },
	{ "crowd", NULL, "no work: be there until standard input ends", run_crowd },
	{ "herd", NULL, "no work: so many child processes are there until standard input ends", run_herd },
	{ "ticks", NULL, "a thread each 10 ms until standard input ends", run_ticks },
	{ "recording", NULL, "no work: write a recording of so many events", record },
	{ "look", NULL, "no work: read of all processes what cltrace --snapshot reads", look },
};

static void usage(void)
{
	fprintf(stderr, "Usage: work [-l MILLISECONDS] [-s SLEEPERS] [-n TASKS] SCENE COUNT\n"
			"Prints \"OPERATIONS NANOSECONDS\". With -l it ends early. Scenes:\n");
	for (size_t i = 0; i < sizeof(scenes) / sizeof(scenes[0]); i++)
		fprintf(stderr, "  %-10s %s\n", scenes[i].name, scenes[i].what);
	exit(2);
}

static unsigned long number(const char *text)
{
	char *end;
	unsigned long value = strtoul(text, &end, 10);

	if (end == text || *end)
		errx(2, "not a number: %s", text);
	return value;
}

int main(int argc, char **argv)
{
	unsigned long limit = 0, sleepers = 0, tasks = 1, count, done;
	const struct scene *scene = NULL;
	uint64_t start;
	int option;

	while ((option = getopt(argc, argv, "l:s:n:")) != -1) {
		if (option == '?')
			usage();
		*(option == 'l' ? &limit : option == 's' ? &sleepers : &tasks) = number(optarg);
	}
	for (size_t i = 0; optind + 2 == argc && i < sizeof(scenes) / sizeof(scenes[0]); i++) {
		if (!strcmp(scenes[i].name, argv[optind]))
			scene = &scenes[i];
	}
	if (!scene || !tasks)
		usage();
	count = number(argv[optind + 1]);
	pthread_attr_init(&small_stack);
	if (pthread_attr_setstacksize(&small_stack, STACK_SIZE > PTHREAD_STACK_MIN ? STACK_SIZE : PTHREAD_STACK_MIN))
		errx(1, "cannot have stacks of %d bytes", STACK_SIZE);
	start_sleepers(sleepers);
	if (scene->be) {
		scene->be(count);
		return 0;
	}
	start = now();
	time_limit = limit ? start + (uint64_t)limit * 1000000 : 0;
	done = scene->run(count, tasks);
	printf("%lu %llu\n", done, (unsigned long long)(now() - start));
	return 0;
}
