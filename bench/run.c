/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Runs a workload under a tool once: starts it, times it, watches its memory, and ends it when it takes too long. */
#include "bench.h"

#include <ctype.h>
#include <dirent.h>
#include <err.h>
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <sched.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#define MS 1000000
#define SECOND 1000000000ULL
#define PATH_SIZE 600

/* Paths in the directory of the benchmark. */
struct paths {
	char recording[PATH_SIZE], trace[PATH_SIZE], json[PATH_SIZE], output[PATH_SIZE], errors[PATH_SIZE],
		place[PATH_SIZE];
};

/* Words of a command. */
struct command {
	char *words[TOOL_WORDS + WORK_WORDS + 8];
	size_t count;
	bool one_cpu;
};

static uint64_t now(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (uint64_t)t.tv_sec * SECOND + (uint64_t)t.tv_nsec;
}

static void set_paths(struct paths *paths, const struct settings *settings, const struct work *work)
{
	snprintf(paths->recording, PATH_SIZE, "%s/recording", settings->directory);
	snprintf(paths->trace, PATH_SIZE, "%s/trace", settings->directory);
	snprintf(paths->json, PATH_SIZE, "%s/trace.json", settings->directory);
	snprintf(paths->output, PATH_SIZE, "%s/output", settings->directory);
	snprintf(paths->errors, PATH_SIZE, "%s/errors", settings->directory);
	snprintf(paths->place, PATH_SIZE, "%s/%s", settings->directory, work && work->prepare ? work->prepare : "");
	unlink(paths->trace);
}

static unsigned long scaled(const struct settings *settings, unsigned long count)
{
	unsigned long result = (unsigned long)((double)count * settings->scale + 0.5);

	return count && !result ? 1 : result;
}

unsigned long run_sleepers(const struct settings *settings, const struct work *work)
{
	return scaled(settings, work->sleepers);
}

static unsigned long operations(const struct settings *settings, const struct work *work)
{
	return scaled(settings, settings->quick && work->once ? work->count / 10 : work->count);
}

/* Adds NUMBER with a comma before each three digits. */
static char *add_number(char *to, unsigned long number)
{
	if (number >= 1000) {
		to = add_number(to, number / 1000);
		return to + sprintf(to, ",%03lu", number % 1000);
	}
	return to + sprintf(to, "%lu", number);
}

void run_title(const struct settings *settings, const struct work *work, char ret[80])
{
	for (const char *at = work->what; *at; at++) {
		if (at[0] != '%')
			*ret++ = *at;
		else
			ret = add_number(ret, *++at == 'n' ? operations(settings, work) : run_sleepers(settings, work));
	}
	*ret = '\0';
}

bool run_fits(const struct settings *settings, const struct tool *tool, const struct work *work)
{
	if (work->both)
		return tool->both[0];
	if (work->own[0])
		return tool->own;
	if (settings->quick && tool->slow && work->kind == WORK_SCENE && work->sleepers > 5000)
		return false;
	if (work->kind == WORK_ATTACH)
		return tool->attach[0];
	if (work->kind == WORK_SNAPSHOT)
		return tool->snapshot[0];
	if (work->kind == WORK_IDLE)
		return tool->launch[0] && !tool->creations;
	return work->creates || !tool->creations;
}

/* Commands */

__attribute__((format(printf, 2, 3))) static void command_add(struct command *c, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	if (c->count + 1 == sizeof(c->words) / sizeof(c->words[0]) || vasprintf(&c->words[c->count], format, args) < 0)
		err(2, "too long a command");
	va_end(args);
	c->words[++c->count] = NULL;
}

static void command_done(struct command *c)
{
	for (size_t i = 0; i < c->count; i++)
		free(c->words[i]);
	*c = (struct command){ .count = 0 };
}

static void add_work(struct command *c, const struct settings *settings, const struct work *work)
{
	unsigned long count = operations(settings, work);

	if (work->kind != WORK_PROJECT) {
		command_add(c, "%s", settings->work);
		if (!work->once)
			command_add(c, "-l%lu", settings->limit);
		command_add(c, "-s%lu", run_sleepers(settings, work));
	}
	for (size_t i = 0; work->words[i]; i++) {
		if (!strcmp(work->words[i], "%n"))
			command_add(c, "%lu", count);
		else
			command_add(c, "%s", work->words[i]);
	}
}

/* The whole of WORK as one word, for tools that split it themselves; no word of it has blanks. */
static void add_joined_work(struct command *c, const struct settings *settings, const struct work *work)
{
	char joined[2 * PATH_SIZE] = "";
	struct command words = { .count = 0 };
	size_t length = 0;

	add_work(&words, settings, work);
	for (size_t i = 0; i < words.count && length < sizeof(joined); i++)
		length += (size_t)snprintf(joined + length, sizeof(joined) - length, "%s%s", i ? " " : "",
					   words.words[i]);
	command_add(c, "%s", joined);
	command_done(&words);
}

/* The text that replaces the letter in a tool's words; NULL: the letter is not one of these. */
static const char *program(const struct settings *settings, const struct paths *paths, char letter)
{
	const struct {
		char letter;
		const char *text;
	} table[] = {
		{ 'c', settings->cltrace }, { 'R', settings->reference }, { 'S', settings->strace },
		{ 'f', settings->floor },   { 'w', settings->work },	  { 'o', paths->trace },
		{ 'j', paths->json },	    { 'r', paths->recording },
	};

	for (size_t i = 0; i < sizeof(table) / sizeof(table[0]); i++) {
		if (table[i].letter == letter)
			return table[i].text;
	}
	return NULL;
}

/* Adds WORDS, and then WORK, unless WORK is NULL or WORDS had a place for it. */
static void add_tool(struct command *c, const struct settings *settings, const char *const *words,
		     const struct paths *paths, pid_t pid, const struct work *work)
{
	for (; *words; words++) {
		const char *percent = strchr(*words, '%');
		const char *text = percent ? program(settings, paths, percent[1]) : NULL;

		if (text && !percent[2]) {
			command_add(c, "%.*s%s", (int)(percent - *words), *words, text);
		} else if (!strcmp(*words, "%p")) {
			command_add(c, "%d", (int)pid);
		} else if (work && !strcmp(*words, "%W")) {
			add_joined_work(c, settings, work);
			work = NULL;
		} else {
			command_add(c, "%s", *words);
		}
	}
	if (work)
		add_work(c, settings, work);
}

/* Processes. Each is in a process group of its own, so that all of it can be ended. */

static int open_for_child(const char *path)
{
	int fd = open(path, O_RDWR | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);

	if (fd < 0)
		err(2, "%s", path);
	return fd;
}

/* Keeps the caller and what it starts on one of its CPUs, so that what they do adds up to the time that it takes. */
static void stay_on_one_cpu(void)
{
	cpu_set_t set;
	int cpu;

	if (sched_getaffinity(0, sizeof(set), &set))
		return;
	for (cpu = CPU_SETSIZE - 1; cpu > 0 && !CPU_ISSET(cpu, &set);)
		cpu--;
	CPU_ZERO(&set);
	CPU_SET(cpu, &set);
	sched_setaffinity(0, sizeof(set), &set);
}

/* INPUT and OUTPUT become its standard input and output. */
static pid_t start(const struct command *c, const struct paths *paths, int input, int output)
{
	int errors = open_for_child(paths->errors);
	pid_t pid = fork();
	sigset_t none;

	if (pid < 0)
		err(2, "fork");
	if (!pid) {
		setpgid(0, 0);
		sigemptyset(&none);
		sigprocmask(SIG_SETMASK, &none, NULL);
		if (c->one_cpu)
			stay_on_one_cpu();
		if (dup2(input, 0) < 0 || dup2(output, 1) < 0 || dup2(errors, 2) < 0 || chdir(paths->place))
			_exit(126);
		execvp(c->words[0], c->words);
		dprintf(2, "%s: %s\n", c->words[0], strerror(errno));
		_exit(127);
	}
	setpgid(pid, pid); /* whoever comes first */
	close(errors);
	return pid;
}

/* SIGCHLD is blocked: it ends the wait. */
static void nap(uint64_t ns)
{
	struct timespec t = { (time_t)(ns / SECOND), (long)(ns % SECOND) };
	sigset_t set;

	sigemptyset(&set);
	sigaddset(&set, SIGCHLD);
	sigtimedwait(&set, NULL, &t);
}

static void note_peak(pid_t pid, struct sample *sample)
{
	long peak = watch_peak(pid);

	if (peak > sample->peak)
		sample->peak = peak;
}

/* What a command complained of last, as the sample's error. */
static void note_errors(const struct paths *paths, struct sample *sample, const char *what, int number)
{
	char line[400] = "", last[400] = "";
	FILE *file = fopen(paths->errors, "re");

	while (file && fgets(line, sizeof(line), file)) {
		line[strcspn(line, "\n")] = '\0';
		if (*line)
			strcpy(last, line);
	}
	if (file)
		fclose(file);
	snprintf(sample->error, sizeof(sample->error), "%s %d%s%.100s", what, number, *last ? ": " : "", last);
}

static double nanoseconds(const struct timeval *t)
{
	return (double)t->tv_sec * SECOND + (double)t->tv_usec * 1000;
}

/* Waits for the end of PID, which it reaps; kills its group when the time is up. While it waits it looks at PID's
 * memory: now and then, and often once the workload has written to OUTPUT, which ends the part that is timed. Then a
 * tool that is slow to end need not be waited for. */
static bool await_end(const struct settings *settings, pid_t pid, int output, const struct paths *paths,
		      struct sample *sample)
{
	uint64_t end = now() + settings->timeout * SECOND;
	uint64_t reported = 0;
	bool late = false;
	siginfo_t info = { .si_pid = 0 };
	struct rusage usage;
	struct stat st;
	int status;

	while (!waitid(P_PID, (id_t)pid, &info, WEXITED | WNOHANG | WNOWAIT) && !info.si_pid) {
		note_peak(pid, sample);
		if (!late && now() > end) {
			kill(-pid, SIGKILL);
			late = true;
		}
		if (!reported && output >= 0 && !fstat(output, &st) && st.st_size)
			reported = now();
		if (reported && !late && !sample->cut && now() > reported + settings->linger * SECOND) {
			kill(-pid, SIGKILL);
			sample->cut = true;
		}
		nap(reported ? MS : 20 * MS);
	}
	/* What it left behind is ours, for we are a subreaper; to be waited for, else its CPU time is nobody's. */
	kill(-pid, SIGKILL);
	wait4(pid, &status, 0, &usage);
	if (!sample->peak)
		sample->peak = usage.ru_maxrss; /* the tool has ended before it was looked at */
	sample->cpu = nanoseconds(&usage.ru_utime) + nanoseconds(&usage.ru_stime);
	while (waitpid(-pid, NULL, 0) > 0)
		continue;
	if (late)
		snprintf(sample->error, sizeof(sample->error), "not finished after %lu s", settings->timeout);
	else if (WIFSIGNALED(status) && !sample->cut)
		note_errors(paths, sample, "killed by signal", WTERMSIG(status));
	else if (WIFEXITED(status) && WEXITSTATUS(status))
		note_errors(paths, sample, "exit status", WEXITSTATUS(status));
	return !*sample->error;
}

static void note_trace(const struct tool *tool, const struct work *work, const struct paths *paths,
		       struct sample *sample)
{
	struct stat st;

	if (!tool->launch[0] || tool->silent)
		return;
	sample->trace_bytes = stat(paths->trace, &st) ? 0 : st.st_size;
	if (!sample->trace_bytes && !work->silent)
		snprintf(sample->error, sizeof(sample->error), "the tool did not write a trace");
}

/* Runs C, to which no input is given, until it ends. OUTPUT gets its standard output; -1: nothing does. */
static void run_command(const struct settings *settings, struct command *c, const struct paths *paths, int output,
			struct sample *sample)
{
	int null = open("/dev/null", O_RDWR | O_CLOEXEC);

	await_end(settings, start(c, paths, null, output < 0 ? null : output), -1, paths, sample);
	close(null);
	command_done(c);
}

/* Launched */

static void prepare(const struct settings *settings, const struct work *work, const struct paths *paths,
		    struct sample *sample)
{
	struct command c = { .count = 0 };
	struct paths at = *paths;

	command_add(&c, "sh");
	command_add(&c, "%s/bench/project.sh", settings->source);
	command_add(&c, "%s", work->prepare);
	command_add(&c, "%s", settings->directory);
	command_add(&c, "%s", settings->source);
	strcpy(at.place, settings->directory);
	run_command(settings, &c, &at, -1, sample);
	sample->peak = 0;
}

/* Makes the recording that WORK replays. */
static void make_recording(const struct settings *settings, const struct work *work, const struct paths *paths,
			   struct sample *sample)
{
	struct command c = { .count = 0 };
	int output = open_for_child(paths->recording);

	/* through cltrace, so that its lines are those of real ones to the last key */
	command_add(&c, "sh");
	command_add(&c, "-c");
	command_add(&c, "\"$1\" recording \"$3\" | \"$2\" --replay - -o json:-");
	command_add(&c, "sh");
	command_add(&c, "%s", settings->work);
	command_add(&c, "%s", settings->cltrace);
	command_add(&c, "%lu", operations(settings, work));
	run_command(settings, &c, paths, output, sample);
	sample->peak = 0;
	close(output);
}

static bool read_scene(int output, struct sample *sample)
{
	char text[100];
	ssize_t n = pread(output, text, sizeof(text) - 1, 0);
	unsigned long long operations, ns;

	text[n > 0 ? n : 0] = '\0';
	if (sscanf(text, "%llu %llu", &operations, &ns) != 2 || !operations)
		return false;
	sample->operations = operations;
	sample->cost = (double)ns / (double)operations;
	return true;
}

static void run_launched(const struct settings *settings, const struct tool *tool, const struct work *work,
			 struct sample *sample)
{
	struct command c = { .count = 0 };
	struct paths paths;
	int null, output;
	uint64_t begin;

	set_paths(&paths, settings, work);
	if (work->prepare)
		prepare(settings, work, &paths, sample);
	if (work->kind == WORK_REPLAY)
		make_recording(settings, work, &paths, sample);
	if (*sample->error)
		return;
	add_tool(&c, settings,
		 work->own[0] ? work->own
		 : work->both ? tool->both
			      : tool->launch,
		 &paths, 0, work->kind == WORK_REPLAY ? NULL : work);
	c.one_cpu = work->own[0] || settings->one_cpu;
	null = open("/dev/null", O_RDWR | O_CLOEXEC);
	output = open_for_child(paths.output);
	begin = now();
	await_end(settings, start(&c, &paths, null, output), work->kind == WORK_SCENE ? output : -1, &paths, sample);
	sample->whole = (double)(now() - begin);
	sample->operations = work->kind == WORK_REPLAY ? operations(settings, work) : 1;
	sample->cost = sample->whole / (double)sample->operations;
	if (!*sample->error && work->kind == WORK_SCENE && !read_scene(output, sample))
		snprintf(sample->error, sizeof(sample->error), "the workload did not report");
	if (!*sample->error)
		note_trace(tool, work, &paths, sample);
	close(null);
	close(output);
	command_done(&c);
}

/* Attached */

struct crowd {
	pid_t pid;
	int input, output; /* our ends */
	pid_t *tids;
	size_t count;
};

/* Launched by TOOL, unless that is NULL; PID is then the tool's. */
static void crowd_start(struct crowd *crowd, const struct settings *settings, const struct tool *tool,
			const struct work *work, const struct paths *paths)
{
	struct command c = { .count = 0 };
	int in[2], out[2];

	if (pipe2(in, O_CLOEXEC) || pipe2(out, O_CLOEXEC))
		err(2, "pipe");
	add_tool(&c, settings, tool ? tool->launch : (const char *const[]){ NULL }, paths, 0, work);
	c.one_cpu = settings->one_cpu;
	crowd->pid = start(&c, paths, in[0], out[1]);
	close(in[0]);
	close(out[1]);
	command_done(&c);
	crowd->input = in[1];
	crowd->output = out[0];
}

static bool crowd_is_ready(const struct crowd *crowd, const struct settings *settings)
{
	struct pollfd ready = { .fd = crowd->output, .events = POLLIN };

	return poll(&ready, 1, (int)settings->timeout * 1000) == 1 && ready.revents & POLLIN;
}

static void crowd_list(struct crowd *crowd)
{
	size_t size = 0;
	char path[64];
	struct dirent *entry;
	DIR *dir;

	snprintf(path, sizeof(path), "/proc/%d/task", (int)crowd->pid);
	dir = opendir(path);
	while (dir && (entry = readdir(dir))) {
		if (!isdigit((unsigned char)entry->d_name[0]))
			continue;
		if (crowd->count == size) {
			size = size ? size * 2 : 1024;
			crowd->tids = realloc(crowd->tids, size * sizeof(*crowd->tids));
			if (!crowd->tids)
				err(2, "realloc");
		}
		crowd->tids[crowd->count++] = (pid_t)atoi(entry->d_name);
	}
	if (dir)
		closedir(dir);
}

static void crowd_end(struct crowd *crowd)
{
	kill(-crowd->pid, SIGKILL);
	while (waitpid(-crowd->pid, NULL, 0) > 0)
		continue; /* the children of the process are ours when it has ended */
	close(crowd->input);
	close(crowd->output);
	free(crowd->tids);
}

/* Waits until each thread of CROWD has a tracer. They are looked at from the last one listed to the first, the order
 * that tools do not attach in: so one look at a time shows that it is not done, and the looks at all others, which take
 * time themselves, come when it is over and are not counted. */
static bool await_attached(const struct settings *settings, const struct crowd *crowd, pid_t tracer, uint64_t begin,
			   struct sample *sample)
{
	uint64_t end = now() + settings->timeout * SECOND;
	size_t left = crowd->count;
	bool slept = true;
	siginfo_t info;

	while (left) {
		if (watch_status(crowd->tids[left - 1], "\nTracerPid:") > 0) {
			if (slept)
				sample->attached = (double)(now() - begin);
			slept = false;
			left--;
			continue;
		}
		info.si_pid = 0;
		if (waitid(P_PID, (id_t)tracer, &info, WEXITED | WNOHANG | WNOWAIT) || info.si_pid)
			return false;
		if (now() > end) {
			kill(-tracer, SIGKILL);
			snprintf(sample->error, sizeof(sample->error), "not attached after %lu s", settings->timeout);
			return false;
		}
		nap(MS);
		slept = true;
	}
	return true;
}

static bool crowd_is_free(const struct crowd *crowd)
{
	for (size_t i = 0; i < crowd->count; i++) {
		if (watch_status(crowd->tids[i], "\nTracerPid:") > 0)
			return false;
	}
	return true;
}

static void attach_to(const struct settings *settings, const struct tool *tool, const struct crowd *crowd,
		      const struct paths *paths, struct sample *sample)
{
	struct command c = { .count = 0 };
	int null = open("/dev/null", O_RDWR | O_CLOEXEC);
	uint64_t begin = now(), interrupt;
	bool attached;
	pid_t tracer;

	add_tool(&c, settings, tool->attach, paths, crowd->pid, NULL);
	c.one_cpu = settings->one_cpu;
	tracer = start(&c, paths, null, null);
	attached = await_attached(settings, crowd, tracer, begin, sample);
	interrupt = now();
	kill(tracer, SIGINT);
	/* Some tools die of it, as they should; what counts is that the threads are let go. */
	await_end(settings, tracer, -1, paths, sample);
	sample->whole = sample->attached + (double)(now() - interrupt);
	sample->operations = 1;
	sample->cost = sample->whole;
	if (attached && strncmp(sample->error, "not ", 4))
		*sample->error = '\0';
	if (attached && !*sample->error && !crowd_is_free(crowd))
		snprintf(sample->error, sizeof(sample->error), "the tool left threads attached");
	if (!*sample->error && !attached)
		snprintf(sample->error, sizeof(sample->error), "the tool ended before all threads were attached");
	close(null);
	command_done(&c);
}

static void run_attached(const struct settings *settings, const struct tool *tool, const struct work *work,
			 struct sample *sample)
{
	struct crowd crowd = { .count = 0 };
	struct paths paths;

	set_paths(&paths, settings, work);
	crowd_start(&crowd, settings, NULL, work, &paths);
	if (crowd_is_ready(&crowd, settings)) {
		crowd_list(&crowd);
		attach_to(settings, tool, &crowd, &paths, sample);
	} else {
		snprintf(sample->error, sizeof(sample->error), "the threads did not start in time");
	}
	crowd_end(&crowd);
}

/* Looked at without tracing */

static void look_at(const struct settings *settings, const struct tool *tool, const struct work *work, pid_t pid,
		    const struct paths *paths, struct sample *sample)
{
	struct command c = { .count = 0 };
	uint64_t begin = now();

	add_tool(&c, settings, tool->snapshot, paths, pid, NULL);
	c.one_cpu = settings->one_cpu;
	run_command(settings, &c, paths, -1, sample);
	sample->whole = sample->cost = (double)(now() - begin);
	sample->operations = 1;
	if (!*sample->error)
		note_trace(tool, work, paths, sample);
}

static void run_snapshot(const struct settings *settings, const struct tool *tool, const struct work *work,
			 struct sample *sample)
{
	struct crowd crowd = { .count = 0 };
	struct paths paths;

	set_paths(&paths, settings, work);
	crowd_start(&crowd, settings, NULL, work, &paths);
	if (crowd_is_ready(&crowd, settings))
		look_at(settings, tool, work, crowd.pid, &paths, sample);
	else
		snprintf(sample->error, sizeof(sample->error), "the processes did not start in time");
	crowd_end(&crowd);
}

/* Idle */

/* One tool that has nothing to do. */
struct idler {
	struct paths paths;
	struct crowd crowd;
	double before, after; /* its CPU time */
};

static void nap_until(uint64_t end)
{
	while (now() < end)
		nap(end - now());
}

static void idler_start(struct idler *idler, const struct settings *settings, const struct tool *tool,
			const struct work *work, struct sample *sample)
{
	char directory[PATH_SIZE - 20];
	struct settings own = *settings;

	*sample = (struct sample){ .done = false };
	snprintf(directory, sizeof(directory), "%s/%s", settings->directory, tool->name);
	mkdir(directory, 0700);
	own.directory = directory;
	set_paths(&idler->paths, &own, work);
	crowd_start(&idler->crowd, settings, tool, work, &idler->paths);
	if (!crowd_is_ready(&idler->crowd, settings))
		snprintf(sample->error, sizeof(sample->error), "the threads did not start in time");
}

static void idler_end(struct idler *idler, const struct settings *settings, struct sample *sample)
{
	close(idler->crowd.input); /* which ends the workload */
	await_end(settings, idler->crowd.pid, -1, &idler->paths, sample);
	close(idler->crowd.output);
	sample->operations = 1;
	sample->whole = settings->idle * 1e9;
	sample->cost = idler->after - idler->before;
	if (!*sample->error && (idler->before < 0 || idler->after < 0))
		snprintf(sample->error, sizeof(sample->error), "the tool ended before its workload");
	sample->done = !*sample->error;
}

void run_idle(const struct settings *settings, const struct work *work, const struct tool *tools, size_t count,
	      const bool *used, struct sample *samples)
{
	struct idler *idlers = calloc(count, sizeof(*idlers));

	if (!idlers)
		err(2, "calloc");
	for (size_t i = 0; i < count; i++) {
		if (used[i])
			idler_start(&idlers[i], settings, &tools[i], work, &samples[i]);
	}
	nap_until(now() +
		  2 * SECOND); /* the tools are not idle yet: cltrace looks for io_uring's workers for a second */
	for (size_t i = 0; i < count; i++) {
		if (used[i])
			idlers[i].before = watch_cpu(idlers[i].crowd.pid);
	}
	nap_until(now() + (uint64_t)(settings->idle * 1e9));
	for (size_t i = 0; i < count; i++) {
		if (used[i])
			idlers[i].after = watch_cpu(idlers[i].crowd.pid);
	}
	for (size_t i = 0; i < count; i++) {
		if (used[i])
			idler_end(&idlers[i], settings, &samples[i]);
	}
	free(idlers);
}

/* Others on the machine */

#define OTHERS_LIMIT 0.1  /* what the kernel itself does for a workload (RCU, kworker) stays below it */
#define OTHERS_TRY (20e9) /* ns: who takes longer is not run again */

/* CPU time in ns of all the machine, less that of our own and of our children. */
static double others_time(void)
{
	static const int who[] = { RUSAGE_SELF, RUSAGE_CHILDREN };
	unsigned long long user = 0, nice = 0, system = 0, idle, iowait, irq = 0, soft = 0;
	FILE *file = fopen("/proc/stat", "re");
	struct rusage usage;
	double ns = 0;

	if (file && fscanf(file, "cpu %llu %llu %llu %llu %llu %llu %llu", &user, &nice, &system, &idle, &iowait, &irq,
			   &soft) == 7)
		ns = (double)(user + nice + system + irq + soft) * 1e9 / (double)sysconf(_SC_CLK_TCK);
	if (file)
		fclose(file);
	for (size_t i = 0; i < 2; i++) {
		getrusage(who[i], &usage);
		ns -= nanoseconds(&usage.ru_utime) + nanoseconds(&usage.ru_stime);
	}
	return ns;
}

/* Our own load beside a run: processes that never sleep. They are reaped after each run, so that their CPU time does
 * not count as that of others. */

static pid_t *loads;

static void load_start(const struct settings *settings)
{
	if (!loads)
		loads = calloc(settings->load + 1, sizeof(*loads));
	for (unsigned long i = 0; loads && i < settings->load; i++) {
		loads[i] = fork();
		if (loads[i])
			continue;
		prctl(PR_SET_PDEATHSIG, SIGKILL);
		if (settings->one_cpu)
			stay_on_one_cpu();
		for (;;)
			continue;
	}
}

static void load_end(const struct settings *settings)
{
	for (unsigned long i = 0; loads && i < settings->load; i++) {
		if (loads[i] > 0 && !kill(loads[i], SIGKILL))
			waitpid(loads[i], NULL, 0);
	}
}

static void run_try(const struct settings *settings, const struct tool *tool, const struct work *work,
		    struct sample *ret)
{
	double before = others_time();
	uint64_t begin = now();

	*ret = (struct sample){ .done = false };
	load_start(settings);
	if (work->kind == WORK_ATTACH)
		run_attached(settings, tool, work, ret);
	else if (work->kind == WORK_SNAPSHOT)
		run_snapshot(settings, tool, work, ret);
	else
		run_launched(settings, tool, work, ret);
	load_end(settings);
	ret->done = !*ret->error;
	ret->others = (others_time() - before) / (double)(now() - begin);
	if (ret->others < 0)
		ret->others = 0;
}

void run_once(const struct settings *settings, const struct tool *tool, const struct work *work, struct sample *ret)
{
	struct sample again;

	run_try(settings, tool, work, ret);
	for (unsigned long i = 1; i < settings->tries; i++) {
		if (!ret->done || ret->others < OTHERS_LIMIT || ret->whole > OTHERS_TRY)
			return;
		nap(i < 5 ? i * SECOND : 5 * SECOND);
		run_try(settings, tool, work, &again);
		if (again.done && again.others < ret->others)
			*ret = again;
	}
}

/* Probing */

static void first_line(const char *path, char *ret, size_t size)
{
	FILE *file = fopen(path, "re");

	if (!file || !fgets(ret, (int)size, file))
		*ret = '\0';
	ret[strcspn(ret, "\n")] = '\0';
	if (file)
		fclose(file);
}

void run_probe(const struct settings *settings, const struct tool *tool, char missing[160], char version[120])
{
	static const struct work work = { .kind = WORK_PROJECT, .words = { "/bin/true" }, .silent = true };
	struct command c = { .count = 0 };
	struct settings brief = *settings;
	struct sample sample;
	struct paths paths;
	int output;

	brief.timeout = 20;
	brief.tries = 1;
	run_once(&brief, tool, &work, &sample);
	strcpy(missing, sample.error);
	*version = '\0';
	if (*missing || !tool->version[0])
		return;
	set_paths(&paths, settings, &work);
	add_tool(&c, settings, tool->version, &paths, 0, NULL);
	output = open_for_child(paths.output);
	run_command(&brief, &c, &paths, output, &sample);
	first_line(paths.output, version, 120);
	close(output);
}
