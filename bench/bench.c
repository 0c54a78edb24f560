/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Runs workloads under tools, interleaved, and reports what each tool costs: see README here. */
#include "bench.h"

#include <err.h>
#include <getopt.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <unistd.h>

#define CREATIONS "clone,clone3,fork,vfork"
#define FUNCTIONS "fork+vfork+posix_spawn+pthread_create" /* ltrace sees library calls */
#define ALONE_SECONDS 10				  /* at most, under each tool */
#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

#define STRACE(program) program, "-f", "--seccomp-bpf", "-e", "trace=" CREATIONS, "-o", "%o", "--"

/* bpftrace requires tracefs, which is mounted only for bpftrace if it is not mounted. */
#define TRACEFS "[ -d /sys/kernel/tracing/events ] || mount -t tracefs none /sys/kernel/tracing || exit; "
#define NEWTASK \
	"tracepoint:task:task_newtask { printf(\"%d %s %d %s %lx\\n\", tid, comm, args->pid, args->comm, args->clone_flags); }"

/* The first is what the others are compared with. strace has no --seccomp-bpf with -p, and perf trace does not show
 * when it is ready, so they are only launched. */
static const struct tool tools[] = {
	{ .name = "untraced", .what = "the workload, without a tool", .snapshot = { "%w", "look", "0" } },
	{ .name = "cltrace",
	  .what = "cltrace -o FILE (with its seccomp filter, but attached without one)",
	  .launch = { "%c", "-o", "%o", "--" },
	  .attach = { "%c", "-o", "%o", "-p", "%p" },
	  .both = { "%c", "-o", "text:%o", "-o", "json:%j", "--" },
	  .snapshot = { "%c", "--snapshot", "-o", "%o" },
	  .own = true,
	  .floor = "floor-filter",
	  .version = { "%c", "-V" } },
	{ .name = "events",
	  .what = "cltrace --seccomp=no -o FILE",
	  .launch = { "%c", "--seccomp=no", "-o", "%o", "--" },
	  .both = { "%c", "--seccomp=no", "-o", "text:%o", "-o", "json:%j", "--" },
	  .floor = "floor-events",
	  .version = { "%c", "-V" } },
	{ .name = "no-origin",
	  .what = "cltrace --no-origin -o FILE (does not look for the source line of each creation)",
	  .launch = { "%c", "--no-origin", "-o", "%o", "--" },
	  .floor = "floor-filter",
	  .version = { "%c", "-V" },
	  .named = true },
	{ .name = "events-no-origin",
	  .what = "cltrace --seccomp=no --no-origin -o FILE",
	  .launch = { "%c", "--seccomp=no", "--no-origin", "-o", "%o", "--" },
	  .floor = "floor-events",
	  .version = { "%c", "-V" },
	  .creations = true,
	  .named = true },
	{ .name = "null",
	  .what = "cltrace -o /dev/null",
	  .launch = { "%c", "-o", "/dev/null", "--" },
	  .floor = "floor-filter",
	  .version = { "%c", "-V" },
	  .silent = true,
	  .creations = true,
	  .named = true },
	{ .name = "events-null",
	  .what = "cltrace --seccomp=no -o /dev/null",
	  .launch = { "%c", "--seccomp=no", "-o", "/dev/null", "--" },
	  .floor = "floor-events",
	  .version = { "%c", "-V" },
	  .silent = true,
	  .creations = true,
	  .named = true },
	{ .name = "stacks",
	  .what = "cltrace -k -o FILE (the stack of each creation)",
	  .launch = { "%c", "-k", "-o", "%o", "--" },
	  .version = { "%c", "-V" },
	  .named = true },
	{ .name = "reference",
	  .what = "the cltrace of --reference: cltrace -o FILE",
	  .launch = { "%R", "-o", "%o", "--" },
	  .attach = { "%R", "-o", "%o", "-p", "%p" },
	  .both = { "%R", "-o", "text:%o", "-o", "json:%j", "--" },
	  .snapshot = { "%R", "--snapshot", "-o", "%o" },
	  .floor = "floor-filter",
	  .version = { "%R", "-V" } },
	{ .name = "reference-events",
	  .what = "the cltrace of --reference: cltrace --seccomp=no -o FILE",
	  .launch = { "%R", "--seccomp=no", "-o", "%o", "--" },
	  .floor = "floor-events",
	  .version = { "%R", "-V" } },
	{ .name = "strace-bpf",
	  .what = "strace -f --seccomp-bpf -e trace=" CREATIONS " -o FILE",
	  .launch = { STRACE("strace") },
	  .floor = "floor-filter",
	  .slow = true,
	  .version = { "strace", "-V" } },
	{ .name = "strace-bpf-2",
	  .what = "the strace of --strace: strace -f --seccomp-bpf -e trace=" CREATIONS " -o FILE",
	  .launch = { STRACE("%S") },
	  .floor = "floor-filter",
	  .slow = true,
	  .version = { "%S", "-V" } },
	{ .name = "strace-k",
	  .what = "strace -k -f --seccomp-bpf -e trace=" CREATIONS " -o FILE",
	  .launch = { "strace", "-k", "-f", "--seccomp-bpf", "-e", "trace=" CREATIONS, "-o", "%o", "--" },
	  .slow = true,
	  .version = { "strace", "-V" },
	  .named = true },
	{ .name = "strace",
	  .what = "strace -f -e trace=" CREATIONS " -o FILE",
	  .launch = { "strace", "-f", "-e", "trace=" CREATIONS, "-o", "%o", "--" },
	  .attach = { "strace", "-f", "-e", "trace=" CREATIONS, "-o", "%o", "-p", "%p" },
	  .slow = true,
	  .version = { "strace", "-V" } },
	{ .name = "perf",
	  .what = "perf trace -e " CREATIONS " -o FILE",
	  .launch = { "perf", "trace", "-e", CREATIONS, "-o", "%o", "--" },
	  .version = { "perf", "--version" } },
	{ .name = "perf-newtask",
	  .what = "perf trace --no-syscalls -e task:task_newtask -o FILE (a line for each new task)",
	  .launch = { "perf", "trace", "--no-syscalls", "-e", "task:task_newtask", "-o", "%o", "--" },
	  .version = { "perf", "--version" },
	  .creations = true },
	{ .name = "bpftrace",
	  .what = "bpftrace -e 'tracepoint:task:task_newtask { printf(...) }' (a line for each new task of the machine)",
	  .launch = { "unshare", "-m", "sh", "-c", TRACEFS "exec bpftrace -o \"$1\" -e \"$2\" -c \"$3\"", "sh", "%o",
		      NEWTASK, "%W" },
	  .version = { "bpftrace", "--version" },
	  .creations = true },
	{ .name = "floor-events",
	  .what = "bench/floor events poll: the smallest tracer, which never sleeps and shows nothing",
	  .launch = { "%f", "events", "poll" },
	  .attach = { "%f", "attach", "%p" },
	  .own_cpu = true,
	  .silent = true,
	  .creations = true },
	{ .name = "floor-filter",
	  .what = "bench/floor filter poll: the smallest tracer, with a seccomp filter that also stops the calls",
	  .launch = { "%f", "filter", "poll" },
	  .own_cpu = true,
	  .silent = true,
	  .creations = true },
	{ .name = "sleep-events",
	  .what = "bench/floor events sleep: the smallest tracer, which sleeps in waitpid until a task stops",
	  .launch = { "%f", "events", "sleep" },
	  .silent = true,
	  .creations = true,
	  .named = true },
	{ .name = "sleep-filter",
	  .what = "bench/floor filter sleep: the smallest tracer with the filter, which sleeps in waitpid",
	  .launch = { "%f", "filter", "sleep" },
	  .silent = true,
	  .creations = true,
	  .named = true },
	{ .name = "ltrace",
	  .what = "ltrace -f -e " FUNCTIONS " -o FILE",
	  .launch = { "ltrace", "-f", "-e", FUNCTIONS, "-o", "%o", "--" },
	  .attach = { "ltrace", "-f", "-e", FUNCTIONS, "-o", "%o", "-p", "%p" },
	  .version = { "ltrace", "-V" } },
};
#define TOOLS COUNT(tools)

static const struct work works[] = {
	{ "threads", "thread create + join", WORK_SCENE, 20000, 0, .words = { "threads", "%n" }, .creates = true },
	{ "forks", "fork + wait", WORK_SCENE, 4000, 0, .words = { "forks", "%n" }, .creates = true },
	{ "vforks", "vfork + exec + wait", WORK_SCENE, 1000, 0, .words = { "vforks", "%n" }, .creates = true },
	{ "spawns", "posix_spawn /bin/true + wait", WORK_SCENE, 1000, 0, .words = { "spawns", "%n" }, .creates = true },
	{ "sleepers-0", "create + join, nobody else", WORK_SCENE, 5000, 0, .words = { "threads", "%n" },
	  .creates = true },
	{ "sleepers-1000", "create + join, %s sleep", WORK_SCENE, 5000, 1000, .words = { "threads", "%n" },
	  .creates = true },
	{ "sleepers-5000", "create + join, %s sleep", WORK_SCENE, 5000, 5000, .words = { "threads", "%n" },
	  .creates = true },
	{ "sleepers-15000", "create + join, %s sleep", WORK_SCENE, 5000, 15000, .words = { "threads", "%n" },
	  .creates = true },
	{ "callers", "1,500 threads x 200 getppid", WORK_SCENE, 300000, 0, .words = { "callers", "%n" } },
	{ "calls", "getppid in one task", WORK_SCENE, 5000000, 0, .words = { "calls", "%n" }, .silent = true },
	{ "forkers-2", "2 threads fork + wait at once", WORK_SCENE, 4000, 0, .words = { "-n2", "forkers", "%n" },
	  .creates = true },
	{ "forkers-8", "8 threads fork + wait at once", WORK_SCENE, 4000, 0, .words = { "-n8", "forkers", "%n" },
	  .creates = true },
	{ "forkers-32", "32 threads fork + wait at once", WORK_SCENE, 4000, 0, .words = { "-n32", "forkers", "%n" },
	  .creates = true },
	{ "configure", "a configure script", WORK_PROJECT, 0, 0, .words = { "../source/configure", "-q" },
	  .prepare = "configure" },
	{ "make", "make -j2", WORK_PROJECT, 0, 0, .words = { "make", "-j2", "-s" }, .prepare = "make" },
	{ "attach", "attach to, detach from %s", WORK_ATTACH, 0, 15000, .words = { "crowd", "%n" } },
	{ "million", "%n short-lived tasks", WORK_SCENE, 1000000, 0, .words = { "mixed", "%n" }, .once = true,
	  .both = true },
	{ "unrecorded", "thread create + join", WORK_SCENE, 20000, 0, .words = { "threads", "%n" },
	  .own = { "%c", "-q", "-e", "trace=none", "-o", "/dev/null", "--" }, .silent = true },
	{ "recorded", "thread create + join", WORK_SCENE, 20000, 0, .words = { "threads", "%n" },
	  .own = { "%c", "--no-origin", "-o", "json:%o", "--" } },
	{ "replay-text", "%n events to text", WORK_REPLAY, 1000000, 0,
	  .own = { "%c", "--replay", "%r", "-o", "text:%o" } },
	{ "replay-json", "%n events to json", WORK_REPLAY, 1000000, 0,
	  .own = { "%c", "--replay", "%r", "-o", "json:%o" } },
	{ "replay-summary", "%n events to summary", WORK_REPLAY, 1000000, 0,
	  .own = { "%c", "--replay", "%r", "-o", "summary:%o" } },
	{ "replay-tree", "%n events to the whole tree", WORK_REPLAY, 200000, 0,
	  .own = { "%c", "--replay", "%r", "-o", "tree,tree-limit=all,tree-fold=no:%o" } },
	{ "snapshot", "snapshot, %n more processes", WORK_SNAPSHOT, 10000, 0, .words = { "herd", "%n" } },
	{ "ticks", "a thread each 10 ms", WORK_IDLE, 0, 0, .words = { "ticks", "0" }, .once = true, .alone = true },
	{ "idle", "%s threads asleep", WORK_IDLE, 0, 1000, .words = { "crowd", "%n" }, .once = true },
};
#define WORKS COUNT(works)

#define ROWS "threads,forks,vforks,spawns,forkers-2,forkers-8,forkers-32"
#define MS 1e6
#define MIB (1024 * 1024.0)

static const struct goal goals[] = {
	{ GOAL_RATIO, ROWS, "events,events-no-origin", "floor-events", 1.15 },
	{ GOAL_RATIO, ROWS, "cltrace,no-origin", "floor-filter", 1.15 },
	{ GOAL_RATIO, "*", "cltrace,events", "strace-bpf", 1 },
	{ GOAL_RATIO, "*", "cltrace,events", "strace-bpf-2", 1 },
	{ GOAL_RATIO, ROWS, "cltrace", "null", 1.05 },
	{ GOAL_RATIO, ROWS, "events", "events-null", 1.05 },
	{ GOAL_RATIO, "*", "cltrace", "reference", 1.05 },
	{ GOAL_RATIO, "*", "events", "reference-events", 1.05 },
	{ GOAL_SHARE, "ticks", "cltrace,events", NULL, 0.02 },
	{ GOAL_SHARE, "idle", "cltrace,events", NULL, 0 },
	{ GOAL_LIVE, "sleepers-15000", "cltrace,events", NULL, 600 },
	{ GOAL_MEMORY, "million", "cltrace,events", NULL, 16 * MIB },
	{ GOAL_RATIO, "snapshot", "cltrace", "untraced", 1.15 },
	{ GOAL_RATIO, "attach", "cltrace", "floor-events", 6 },
	{ GOAL_TIME, "attach", "cltrace", NULL, 450 * MS },
	{ GOAL_TIME, "snapshot", "cltrace", NULL, 700 * MS },
};
#define GOALS COUNT(goals)

const struct sample *results_of(const struct results *r, size_t work, size_t tool, unsigned long round)
{
	return &r->samples[(work * r->tool_count + tool) * r->settings->rounds + round];
}

/* Options */

static void usage(void)
{
	printf("Usage: bench [OPTIONS]\n"
	       "Runs workloads under tools and shows what each tool costs.\n"
	       "  -q, --quick          a rough picture: fewer rounds, less time for each run\n"
	       "      --check          run what the goals are about and compare the results with the goals; exit 1 if a goal is\n"
	       "                       missed\n"
	       "  -r, --rounds=N       run each workload N times under each tool, interleaved (5)\n"
	       "  -w, --workloads=A,B  only workloads A and B; A* means all workloads whose names start with A\n"
	       "  -t, --tools=A,B      only tools A and B (also A*); untraced always runs\n"
	       "  -s, --scale=F        F times as many operations and threads (1)\n"
	       "      --load=N         run N processes that never sleep at the same time\n"
	       "      --one-cpu        tool and workload share one CPU\n"
	       "      --limit=MS       end a scene after MS milliseconds, with fewer operations (3000)\n"
	       "      --linger=S       kill a tool S seconds after its scene has ended (20)\n"
	       "      --idle=S         watch idle tools for S seconds (60)\n"
	       "      --budget=S       start no more rounds of a workload under a tool that has used S seconds (40)\n"
	       "      --tries=N        try a run up to N times if other programs disturb it (3)\n"
	       "      --timeout=S      stop a run that takes longer than S seconds (900)\n"
	       "      --reference=PROGRAM  another cltrace, to compare with\n"
	       "      --strace=PROGRAM     another strace, to compare with\n"
	       "  -j, --json=FILE      write all measurements to FILE\n"
	       "      --readme=FILE    put the report into FILE, between its two lines that start with '[results'\n"
	       "  -d, --directory=DIR  for traces and builds (a new one in $TMPDIR or /tmp)\n"
	       "      --work=PROGRAM, --floor=PROGRAM, --cltrace=PROGRAM, --source=DIR\n"
	       "                       bench/work, bench/floor, cltrace and the source tree, if they are elsewhere\n"
	       "  -l, --list           list the workloads and the tools\n");
	exit(0);
}

static void list(void)
{
	static const struct settings plain = { .scale = 1 };
	char title[80];

	for (size_t i = 0; i < WORKS; i++) {
		run_title(&plain, &works[i], title);
		printf("%-17s%s\n", works[i].name, title);
	}
	printf("\n");
	for (size_t i = 0; i < TOOLS; i++)
		printf("%-17s%s\n", tools[i].name, tools[i].what);
	exit(0);
}

bool name_matches(const char *name, const char *pattern, size_t length)
{
	if (length && pattern[length - 1] == '*')
		return !strncmp(name, pattern, length - 1);
	return strlen(name) == length && !strncmp(name, pattern, length);
}

/* Chooses, of COUNT names SIZE bytes apart, those in LIST. */
static void choose(const char *what, const char *list_text, const char *const *names, size_t size, size_t count,
		   bool *chosen)
{
	memset(chosen, 0, count);
	while (*list_text) {
		size_t length = strcspn(list_text, ", ");
		bool found = !length;

		for (size_t i = 0; i < count; i++) {
			const char *name = *(const char *const *)((const char *)names + i * size);

			if (length && name_matches(name, list_text, length))
				found = chosen[i] = true;
		}
		if (!found)
			errx(2, "unknown %s '%.*s': --list shows all of them", what, (int)length, list_text);
		list_text += length + !!list_text[length];
	}
}

static double number(const char *text)
{
	char *end;
	double value = strtod(text, &end);

	if (end == text || *end || !(value > 0) || value > 1e6)
		errx(2, "not a number in range: '%s'", text);
	return value;
}

enum option_kind {
	OPTION_FLAG,
	OPTION_COUNT, /* unsigned long */
	OPTION_REAL,
	OPTION_TEXT,
	OPTION_OTHER, /* see parse() */
};

#define SETTING(field) offsetof(struct settings, field)

static const struct {
	struct option option; /* its `val` is the letter, if the option has one */
	enum option_kind kind;
	size_t at; /* where in the settings its value belongs */
} known[] = {
	{ { "quick", no_argument, NULL, 'q' }, OPTION_OTHER, 0 },
	{ { "workloads", required_argument, NULL, 'w' }, OPTION_OTHER, 0 },
	{ { "tools", required_argument, NULL, 't' }, OPTION_OTHER, 0 },
	{ { "list", no_argument, NULL, 'l' }, OPTION_OTHER, 0 },
	{ { "help", no_argument, NULL, 'h' }, OPTION_OTHER, 0 },
	{ { "check", no_argument, NULL, 0 }, OPTION_FLAG, SETTING(check) },
	{ { "one-cpu", no_argument, NULL, 0 }, OPTION_FLAG, SETTING(one_cpu) },
	{ { "rounds", required_argument, NULL, 'r' }, OPTION_COUNT, SETTING(rounds) },
	{ { "load", required_argument, NULL, 0 }, OPTION_COUNT, SETTING(load) },
	{ { "limit", required_argument, NULL, 0 }, OPTION_COUNT, SETTING(limit) },
	{ { "linger", required_argument, NULL, 0 }, OPTION_COUNT, SETTING(linger) },
	{ { "tries", required_argument, NULL, 0 }, OPTION_COUNT, SETTING(tries) },
	{ { "budget", required_argument, NULL, 0 }, OPTION_COUNT, SETTING(budget) },
	{ { "timeout", required_argument, NULL, 0 }, OPTION_COUNT, SETTING(timeout) },
	{ { "scale", required_argument, NULL, 's' }, OPTION_REAL, SETTING(scale) },
	{ { "idle", required_argument, NULL, 0 }, OPTION_REAL, SETTING(idle) },
	{ { "json", required_argument, NULL, 'j' }, OPTION_TEXT, SETTING(json) },
	{ { "readme", required_argument, NULL, 0 }, OPTION_TEXT, SETTING(readme) },
	{ { "directory", required_argument, NULL, 'd' }, OPTION_TEXT, SETTING(directory) },
	{ { "work", required_argument, NULL, 0 }, OPTION_TEXT, SETTING(work) },
	{ { "floor", required_argument, NULL, 0 }, OPTION_TEXT, SETTING(floor) },
	{ { "cltrace", required_argument, NULL, 0 }, OPTION_TEXT, SETTING(cltrace) },
	{ { "reference", required_argument, NULL, 0 }, OPTION_TEXT, SETTING(reference) },
	{ { "strace", required_argument, NULL, 0 }, OPTION_TEXT, SETTING(strace) },
	{ { "source", required_argument, NULL, 0 }, OPTION_TEXT, SETTING(source) },
};
#define KNOWN COUNT(known)

/* What --quick stands for; options behind it change it again. */
static void be_quick(struct settings *s)
{
	s->rounds = 3;
	s->limit = 700;
	s->budget = 8;
	s->tries = 1;
	s->linger = 2;
	s->idle = 10;
	s->quick = true;
}

/* The workloads and tools that the command line chose. */
struct chosen {
	bool works[WORKS], tools[TOOLS];
	bool works_named, tools_named;
};

static void take_other(struct settings *s, struct chosen *chosen, char letter)
{
	switch (letter) {
	case 'q':
		be_quick(s);
		break;
	case 'w':
		choose("workload", optarg, &works[0].name, sizeof(works[0]), WORKS, chosen->works);
		chosen->works_named = true;
		break;
	case 't':
		choose("tool", optarg, &tools[0].name, sizeof(tools[0]), TOOLS, chosen->tools);
		chosen->tools_named = true;
		break;
	case 'l':
		list();
		break;
	default:
		usage();
	}
}

static void take(struct settings *s, struct chosen *chosen, size_t which)
{
	void *at = (char *)s + known[which].at;

	switch (known[which].kind) {
	case OPTION_FLAG:
		*(bool *)at = true;
		break;
	case OPTION_COUNT:
		*(unsigned long *)at = (unsigned long)number(optarg);
		break;
	case OPTION_REAL:
		*(double *)at = number(optarg);
		break;
	case OPTION_TEXT:
		*(const char **)at = optarg;
		break;
	case OPTION_OTHER:
		take_other(s, chosen, (char)known[which].option.val);
		break;
	}
}

/* Letters of options are small: their places in the table stand above. */
#define FIRST_PLACE 256

static size_t place_of(int option)
{
	size_t place = 0;

	if (option >= FIRST_PLACE)
		return (size_t)option - FIRST_PLACE;
	while (place < KNOWN && known[place].option.val != option)
		place++;
	return place;
}

static void parse(int argc, char **argv, struct settings *s, struct chosen *chosen)
{
	struct option options[KNOWN + 1] = { { 0 } };
	int option;

	for (size_t i = 0; i < KNOWN; i++) {
		options[i] = known[i].option;
		options[i].val = FIRST_PLACE + (int)i;
	}
	while ((option = getopt_long(argc, argv, "qr:w:t:s:j:d:lh", options, NULL)) != -1) {
		if (place_of(option) >= KNOWN)
			exit(2);
		take(s, chosen, place_of(option));
	}
	if (optind < argc || s->rounds < 1)
		errx(2, "see --help");
}

static bool uses(const struct tool *tool, const char *word)
{
	return tool->launch[0] && !strcmp(tool->launch[0], word);
}

/* Chooses the workloads and tools that run without being named. */
static void choose_usual(const struct results *r, struct chosen *chosen)
{
	if (!chosen->works_named)
		memset(chosen->works, true, sizeof(chosen->works));
	for (size_t t = 0; t < TOOLS && !chosen->tools_named; t++)
		chosen->tools[t] = !tools[t].named;
	if (r->settings->check)
		check_choose(r, goals, GOALS, chosen->works_named ? NULL : chosen->works,
			     chosen->tools_named ? NULL : chosen->tools);
	chosen->tools[0] = true;
	for (size_t t = 0; t < TOOLS && !chosen->tools_named; t++) {
		if ((uses(&tools[t], "%S") && !r->settings->strace) ||
		    (uses(&tools[t], "%R") && !r->settings->reference))
			chosen->tools[t] = false;
	}
}

/* Workloads are run elsewhere. */
static const char *absolute(const char *path)
{
	char *real = realpath(path, NULL);

	if (!real)
		err(2, "%s", path);
	return real;
}

static char temporary[400];

static void remove_temporary(void)
{
	char command[500];

	snprintf(command, sizeof(command), "rm -rf '%s'", temporary);
	if (*temporary && system(command))
		warnx("cannot remove %s", temporary);
}

static void finish_settings(struct settings *s)
{
	const char *tmp = getenv("TMPDIR");

	/* before all that takes time */
	if (s->readme && !report_has_marks(s->readme))
		errx(2, "%s does not have two lines that start with '[results'", s->readme);
	s->work = absolute(s->work);
	s->floor = absolute(s->floor);
	s->cltrace = absolute(s->cltrace);
	s->reference = s->reference ? absolute(s->reference) : NULL;
	s->strace = s->strace ? absolute(s->strace) : NULL;
	s->source = absolute(s->source);
	if (!s->directory) {
		snprintf(temporary, sizeof(temporary), "%s/cltrace-bench.XXXXXX", tmp && *tmp ? tmp : "/tmp");
		if (!mkdtemp(temporary))
			err(2, "%s", temporary);
		s->directory = temporary;
		atexit(remove_temporary);
	}
	s->directory = absolute(s->directory);
}

/* Running */

__attribute__((format(printf, 1, 2))) static void show_progress(const char *format, ...)
{
	va_list args;

	if (!isatty(STDERR_FILENO))
		return;
	va_start(args, format);
	fprintf(stderr, "\r\033[K");
	vfprintf(stderr, format, args);
	va_end(args);
}

static bool is_run(const struct results *r, size_t w, size_t t)
{
	return tool_is_used(r, t) && run_fits(r->settings, &tools[t], &works[w]);
}

/* Measures workload W under the tools from FIRST to before END at the same time. */
static void measure_idle_under(const struct results *r, size_t w, size_t first, size_t end)
{
	struct settings s = *r->settings;
	struct sample samples[TOOLS];
	bool used[TOOLS] = { false };

	for (size_t t = first; t < end; t++)
		used[t] = is_run(r, w, t);
	if (works[w].alone && s.idle > ALONE_SECONDS)
		s.idle = ALONE_SECONDS;
	run_idle(&s, &works[w], tools, TOOLS, used, samples);
	for (size_t t = first; t < end; t++) {
		if (used[t])
			*(struct sample *)results_of(r, w, t, 0) = samples[t];
	}
}

static void measure_idle(const struct results *r, size_t w)
{
	show_progress("%s", works[w].name);
	if (!works[w].alone)
		measure_idle_under(r, w, 0, TOOLS);
	for (size_t t = 0; works[w].alone && t < TOOLS; t++) {
		if (is_run(r, w, t))
			measure_idle_under(r, w, t, t + 1);
	}
	show_progress("%s", "");
}

/* All rounds of a workload: A B C A B C, so that what disturbs the machine disturbs all tools alike. */
static void measure(const struct results *r, size_t w)
{
	const struct settings *s = r->settings;
	double spent[TOOLS] = { 0 };

	for (unsigned long round = 0; round < (works[w].once ? 1 : s->rounds); round++) {
		for (size_t t = 0; t < TOOLS; t++) {
			struct sample *sample = (struct sample *)results_of(r, w, t, round);

			if (!is_run(r, w, t))
				continue;
			/* What failed once, or took too long, is not tried again. */
			if (spent[t] > (double)s->budget * 1e9)
				continue;
			run_once(s, &tools[t], &works[w], sample);
			spent[t] += sample->done ? sample->whole : 1e18;
			show_progress("%s, round %lu of %lu: %s%s%s", works[w].name, round + 1, s->rounds,
				      tools[t].name, sample->done ? "" : ": ", sample->error);
		}
	}
	show_progress("%s", "");
}

/* Finds out which tools are missing. */
static void probe(const struct results *r)
{
	const struct settings *s = r->settings;

	for (size_t t = 1; t < TOOLS; t++) {
		if (!r->tool_chosen[t])
			continue;
		if (uses(&tools[t], "%S") && !s->strace)
			strcpy(r->missing[t], "requires --strace=PROGRAM");
		else if (uses(&tools[t], "%R") && !s->reference)
			strcpy(r->missing[t], "requires --reference=PROGRAM");
		else
			run_probe(s, &tools[t], r->missing[t], r->versions[t]);
	}
}

int main(int argc, char **argv)
{
	static struct chosen chosen;
	static char versions[TOOLS][120], missing[TOOLS][160];
	struct settings s = { .rounds = 5,
			      .tries = 3,
			      .scale = 1,
			      .limit = 3000,
			      .timeout = 900,
			      .budget = 40,
			      .linger = 20,
			      .idle = 60,
			      .work = "bench/work",
			      .floor = "bench/floor",
			      .cltrace = "cltrace",
			      .source = "." };
	struct results r = { .settings = &s,
			     .works = works,
			     .tools = tools,
			     .work_count = WORKS,
			     .tool_count = TOOLS,
			     .work_chosen = chosen.works,
			     .tool_chosen = chosen.tools,
			     .versions = versions,
			     .missing = missing };
	bool failed = false;
	sigset_t child;

	parse(argc, argv, &s, &chosen);
	choose_usual(&r, &chosen);
	finish_settings(&s);
	prctl(PR_SET_CHILD_SUBREAPER, 1);
	signal(SIGCHLD, SIG_DFL);
	signal(SIGINT, SIG_DFL); /* what a shell starts in the background ignores it, and so would tools that it ends */
	sigemptyset(&child);
	sigaddset(&child, SIGCHLD);
	sigprocmask(SIG_BLOCK, &child, NULL);
	r.samples = calloc(WORKS * TOOLS * s.rounds, sizeof(*r.samples));
	if (!r.samples)
		err(2, "calloc");
	probe(&r);
	for (size_t w = 0; w < WORKS; w++) {
		if (chosen.works[w] && works[w].kind == WORK_IDLE)
			measure_idle(&r, w);
		else if (chosen.works[w])
			measure(&r, w);
	}
	report_table(&r, stdout);
	if (s.check && !check_goals(&r, goals, GOALS, stdout))
		failed = true;
	if (s.json && report_json(&r, s.json))
		failed = true;
	if (s.readme && report_readme(&r, s.readme))
		failed = true;
	return failed;
}
