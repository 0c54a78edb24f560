/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Runs workloads under tools, interleaved, and reports what each tool costs: see README here. */
#include "bench.h"

#include <err.h>
#include <getopt.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <unistd.h>

#define CREATIONS "clone,clone3,fork,vfork"
#define FUNCTIONS "fork+vfork+posix_spawn+pthread_create" /* ltrace sees library calls */
#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

/* The first is what the others are compared with. */
static const struct tool tools[] = {
	{ .name = "untraced", .what = "the workload alone", .no_attach = "nothing to attach" },
	{ .name = "cltrace",
	  .what = "cltrace -o FILE (with its seccomp filter; attached, there is none)",
	  .launch = { "%c", "-o", "%o", "--" },
	  .attach = { "%c", "-o", "%o", "-p", "%p" },
	  .both = { "%c", "-o", "text:%o", "-o", "json:%j", "--" },
	  .own = true,
	  .version = "-V" },
	{ .name = "events",
	  .what = "cltrace --seccomp=no -o FILE",
	  .launch = { "%c", "--seccomp=no", "-o", "%o", "--" },
	  .both = { "%c", "--seccomp=no", "-o", "text:%o", "-o", "json:%j", "--" },
	  .no_attach = "the same as cltrace",
	  .version = "-V" },
	{ .name = "no-origin",
	  .what = "cltrace --no-origin -o FILE (without looking where in the program creations come from)",
	  .launch = { "%c", "--no-origin", "-o", "%o", "--" },
	  .no_attach = "launched alone",
	  .version = "-V",
	  .named = true },
	{ .name = "stacks",
	  .what = "cltrace -k -o FILE (the stack of each creation)",
	  .launch = { "%c", "-k", "-o", "%o", "--" },
	  .no_attach = "launched alone",
	  .version = "-V",
	  .named = true },
	{ .name = "strace-bpf",
	  .what = "strace -f --seccomp-bpf -e trace=" CREATIONS " -o FILE",
	  .launch = { "strace", "-f", "--seccomp-bpf", "-e", "trace=" CREATIONS, "-o", "%o", "--" },
	  .no_attach = "strace has no --seccomp-bpf with -p",
	  .slow = true,
	  .version = "-V" },
	{ .name = "strace-k",
	  .what = "strace -k -f --seccomp-bpf -e trace=" CREATIONS " -o FILE",
	  .launch = { "strace", "-k", "-f", "--seccomp-bpf", "-e", "trace=" CREATIONS, "-o", "%o", "--" },
	  .no_attach = "strace has no --seccomp-bpf with -p",
	  .slow = true,
	  .version = "-V",
	  .named = true },
	{ .name = "strace",
	  .what = "strace -f -e trace=" CREATIONS " -o FILE",
	  .launch = { "strace", "-f", "-e", "trace=" CREATIONS, "-o", "%o", "--" },
	  .attach = { "strace", "-f", "-e", "trace=" CREATIONS, "-o", "%o", "-p", "%p" },
	  .slow = true,
	  .version = "-V" },
	{ .name = "perf",
	  .what = "perf trace -e " CREATIONS " -o FILE",
	  .launch = { "perf", "trace", "-e", CREATIONS, "-o", "%o", "--" },
	  .no_attach = "perf trace does not show when it is ready",
	  .version = "--version" },
	{ .name = "floor-events",
	  .what = "bench/floor events poll: the smallest tracer, which never sleeps and shows nothing",
	  .launch = { "%f", "events", "poll" },
	  .no_attach = "launched alone",
	  .silent = true,
	  .scenes = true },
	{ .name = "floor-filter",
	  .what = "bench/floor filter poll: the same with a seccomp filter, which stops the calls, too",
	  .launch = { "%f", "filter", "poll" },
	  .no_attach = "launched alone",
	  .silent = true,
	  .scenes = true },
	{ .name = "sleep-events",
	  .what = "bench/floor events sleep: the same, asleep in waitpid until a task stops",
	  .launch = { "%f", "events", "sleep" },
	  .no_attach = "launched alone",
	  .silent = true,
	  .scenes = true,
	  .named = true },
	{ .name = "sleep-filter",
	  .what = "bench/floor filter sleep",
	  .launch = { "%f", "filter", "sleep" },
	  .no_attach = "launched alone",
	  .silent = true,
	  .scenes = true,
	  .named = true },
	{ .name = "ltrace",
	  .what = "ltrace -f -e " FUNCTIONS " -o FILE",
	  .launch = { "ltrace", "-f", "-e", FUNCTIONS, "-o", "%o", "--" },
	  .attach = { "ltrace", "-f", "-e", FUNCTIONS, "-o", "%o", "-p", "%p" },
	  .version = "-V" },
};
#define TOOLS COUNT(tools)

static const struct work works[] = {
	{ "threads", "thread create + join", WORK_SCENE, 20000, 0, .words = { "threads", "%n" } },
	{ "forks", "fork + wait", WORK_SCENE, 4000, 0, .words = { "forks", "%n" } },
	{ "vforks", "vfork + exec + wait", WORK_SCENE, 1000, 0, .words = { "vforks", "%n" } },
	{ "spawns", "posix_spawn /bin/true + wait", WORK_SCENE, 1000, 0, .words = { "spawns", "%n" } },
	{ "sleepers-0", "create + join, nobody else", WORK_SCENE, 5000, 0, .words = { "threads", "%n" } },
	{ "sleepers-1000", "create + join, %s sleep", WORK_SCENE, 5000, 1000, .words = { "threads", "%n" } },
	{ "sleepers-5000", "create + join, %s sleep", WORK_SCENE, 5000, 5000, .words = { "threads", "%n" } },
	{ "sleepers-15000", "create + join, %s sleep", WORK_SCENE, 5000, 15000, .words = { "threads", "%n" } },
	{ "callers", "1,500 threads x 200 getppid", WORK_SCENE, 300000, 0, .words = { "callers", "%n" } },
	{ "calls", "getppid in one task", WORK_SCENE, 5000000, 0, .words = { "calls", "%n" }, .silent = true },
	{ "forkers-2", "2 threads fork + wait at once", WORK_SCENE, 4000, 0, .words = { "-n2", "forkers", "%n" } },
	{ "forkers-8", "8 threads fork + wait at once", WORK_SCENE, 4000, 0, .words = { "-n8", "forkers", "%n" } },
	{ "forkers-32", "32 threads fork + wait at once", WORK_SCENE, 4000, 0, .words = { "-n32", "forkers", "%n" } },
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
	{ "idle", "%s threads asleep", WORK_IDLE, 0, 1000, .words = { "crowd", "%n" }, .once = true },
};
#define WORKS COUNT(works)

const struct sample *results_of(const struct results *r, size_t work, size_t tool, unsigned round)
{
	return &r->samples[(work * r->tool_count + tool) * r->settings->rounds + round];
}

/* Options */

static void usage(void)
{
	printf("Usage: bench [OPTIONS]\n"
	       "Runs workloads under tools and says what each tool costs.\n"
	       "  -q, --quick          a rough picture in some five minutes: fewer rounds, less time for each\n"
	       "  -r, --rounds=N       how often each is run, interleaved (5)\n"
	       "  -w, --workloads=A,B  these alone; a name ending in * stands for all that begin so\n"
	       "  -t, --tools=A,B      these alone; untraced is always run\n"
	       "  -s, --scale=F        F times as many operations and threads (1)\n"
	       "      --limit=MS       end a scene early after so long; its cost is told for each operation (3000)\n"
	       "      --linger=S       kill a tool so long after its scene's end (20)\n"
	       "      --idle=S         how long to look at tools that have nothing to do (60)\n"
	       "      --budget=S       no more rounds of a workload under a tool that has taken so long (40)\n"
	       "      --tries=N        run again, up to so often, what others on the machine disturb (3)\n"
	       "      --timeout=S      give a run up after so long (900)\n"
	       "  -j, --json=FILE      write all that was measured there\n"
	       "      --readme=FILE    put the report into FILE, between its two lines that begin with '[results'\n"
	       "  -d, --directory=DIR  for traces and builds (a new one in $TMPDIR or /tmp)\n"
	       "      --work=PROGRAM, --floor=PROGRAM, --cltrace=PROGRAM, --source=DIR\n"
	       "                       bench/work, bench/floor, cltrace and the source tree, if not here\n"
	       "  -l, --list           name the workloads and the tools\n");
	exit(0);
}

static void list(void)
{
	static const struct settings plain = { .scale = 1 };
	char title[80];

	for (size_t i = 0; i < WORKS; i++) {
		run_title(&plain, &works[i], title);
		printf("%-16s%s\n", works[i].name, title);
	}
	printf("\n");
	for (size_t i = 0; i < TOOLS; i++)
		printf("%-16s%s\n", tools[i].name, tools[i].what);
	exit(0);
}

static bool name_matches(const char *name, const char *pattern, size_t length)
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
			errx(2, "no %s '%.*s'; --list names them", what, (int)length, list_text);
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

enum {
	OPTION_LIMIT = 256,
	OPTION_LINGER,
	OPTION_IDLE,
	OPTION_TRIES,
	OPTION_BUDGET,
	OPTION_TIMEOUT,
	OPTION_README,
	OPTION_WORK,
	OPTION_FLOOR,
	OPTION_CLTRACE,
	OPTION_SOURCE
};

static const struct option options[] = {
	{ "quick", no_argument, NULL, 'q' },
	{ "rounds", required_argument, NULL, 'r' },
	{ "workloads", required_argument, NULL, 'w' },
	{ "tools", required_argument, NULL, 't' },
	{ "scale", required_argument, NULL, 's' },
	{ "limit", required_argument, NULL, OPTION_LIMIT },
	{ "linger", required_argument, NULL, OPTION_LINGER },
	{ "idle", required_argument, NULL, OPTION_IDLE },
	{ "tries", required_argument, NULL, OPTION_TRIES },
	{ "budget", required_argument, NULL, OPTION_BUDGET },
	{ "timeout", required_argument, NULL, OPTION_TIMEOUT },
	{ "json", required_argument, NULL, 'j' },
	{ "readme", required_argument, NULL, OPTION_README },
	{ "directory", required_argument, NULL, 'd' },
	{ "work", required_argument, NULL, OPTION_WORK },
	{ "floor", required_argument, NULL, OPTION_FLOOR },
	{ "cltrace", required_argument, NULL, OPTION_CLTRACE },
	{ "source", required_argument, NULL, OPTION_SOURCE },
	{ "list", no_argument, NULL, 'l' },
	{ "help", no_argument, NULL, 'h' },
	{ 0 },
};

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

static void parse(int argc, char **argv, struct settings *s, bool *work_chosen, bool *tool_chosen)
{
	int option;

	while ((option = getopt_long(argc, argv, "qr:w:t:s:j:d:lh", options, NULL)) != -1) {
		switch (option) {
		case 'q':
			be_quick(s);
			break;
		case 'r':
			s->rounds = (unsigned)number(optarg);
			break;
		case 'w':
			choose("workload", optarg, &works[0].name, sizeof(works[0]), WORKS, work_chosen);
			break;
		case 't':
			choose("tool", optarg, &tools[0].name, sizeof(tools[0]), TOOLS, tool_chosen);
			break;
		case 's':
			s->scale = number(optarg);
			break;
		case OPTION_LIMIT:
			s->limit = (unsigned long)number(optarg);
			break;
		case OPTION_LINGER:
			s->linger = (unsigned long)number(optarg);
			break;
		case OPTION_IDLE:
			s->idle = number(optarg);
			break;
		case OPTION_TRIES:
			s->tries = (unsigned)number(optarg);
			break;
		case OPTION_BUDGET:
			s->budget = (unsigned long)number(optarg);
			break;
		case OPTION_TIMEOUT:
			s->timeout = (unsigned long)number(optarg);
			break;
		case 'j':
			s->json = optarg;
			break;
		case 'd':
			s->directory = optarg;
			break;
		case OPTION_README:
			s->readme = optarg;
			break;
		case OPTION_WORK:
			s->work = optarg;
			break;
		case OPTION_FLOOR:
			s->floor = optarg;
			break;
		case OPTION_CLTRACE:
			s->cltrace = optarg;
			break;
		case OPTION_SOURCE:
			s->source = optarg;
			break;
		case 'l':
			list();
			break;
		case 'h':
			usage();
			break;
		default:
			exit(2);
		}
	}
	if (optind < argc || s->rounds < 1)
		errx(2, "see --help");
	tool_chosen[0] = true;
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
		errx(2, "%s has no two lines that begin with '[results'", s->readme);
	s->work = absolute(s->work);
	s->floor = absolute(s->floor);
	s->cltrace = absolute(s->cltrace);
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

static void measure_idle(const struct results *r, size_t w)
{
	bool used[TOOLS];
	struct sample samples[TOOLS];

	for (size_t t = 0; t < TOOLS; t++)
		used[t] = r->tool_chosen[t] && !*r->missing[t] && run_fits(r->settings, &tools[t], &works[w]);
	fprintf(stderr, "\r\033[K%s", works[w].name);
	run_idle(r->settings, &works[w], tools, TOOLS, used, samples);
	for (size_t t = 0; t < TOOLS; t++) {
		if (used[t])
			*(struct sample *)results_of(r, w, t, 0) = samples[t];
	}
	fprintf(stderr, "\r\033[K");
}

/* All rounds of a workload: A B C A B C, so that what disturbs the machine disturbs all tools alike. */
static void measure(const struct results *r, size_t w)
{
	const struct settings *s = r->settings;
	double spent[TOOLS] = { 0 };

	for (unsigned round = 0; round < (works[w].once ? 1 : s->rounds); round++) {
		for (size_t t = 0; t < TOOLS; t++) {
			struct sample *sample = (struct sample *)results_of(r, w, t, round);

			if (!r->tool_chosen[t] || *r->missing[t])
				continue;
			if (!run_fits(s, &tools[t], &works[w]))
				continue;
			/* What failed once, or took too long, is not tried again. */
			if (spent[t] > (double)s->budget * 1e9)
				continue;
			run_once(s, &tools[t], &works[w], sample);
			spent[t] += sample->done ? sample->whole : 1e18;
			fprintf(stderr, "\r\033[K%s, round %u of %u: %s%s%s", works[w].name, round + 1, s->rounds,
				tools[t].name, sample->done ? "" : ": ", sample->error);
		}
	}
	fprintf(stderr, "\r\033[K");
}

int main(int argc, char **argv)
{
	static bool work_chosen[WORKS], tool_chosen[TOOLS];
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
			     .work_chosen = work_chosen,
			     .tool_chosen = tool_chosen,
			     .versions = versions,
			     .missing = missing };
	bool failed = false;
	sigset_t child;

	memset(work_chosen, true, WORKS);
	for (size_t t = 0; t < TOOLS; t++)
		tool_chosen[t] = !tools[t].named;
	parse(argc, argv, &s, work_chosen, tool_chosen);
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
	for (size_t t = 1; t < TOOLS; t++) {
		if (tool_chosen[t])
			run_probe(&s, &tools[t], missing[t], versions[t]);
	}
	for (size_t w = 0; w < WORKS; w++) {
		if (work_chosen[w] && works[w].kind == WORK_IDLE)
			measure_idle(&r, w);
		else if (work_chosen[w])
			measure(&r, w);
	}
	report_table(&r, stdout);
	if (s.json && report_json(&r, s.json))
		failed = true;
	if (s.readme && report_readme(&r, s.readme))
		failed = true;
	return failed;
}
