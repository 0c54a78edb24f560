/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What the parts of the benchmark's runner share: tools, workloads, and what one run of one under the other gave. */
#ifndef BENCH_BENCH_H
#define BENCH_BENCH_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <sys/types.h>

#define TOOL_WORDS 12
#define WORK_WORDS 10

/* A tool to run workloads under. In its words, %c is replaced by cltrace, %R by another cltrace, %S by another strace,
 * %f by bench/floor, %w by bench/work, %W by the whole workload as one word, %o by the file that the tool writes to, %j
 * by another such file, %p by a process. */
struct tool {
	const char *name; /* also the table's column */
	const char *what; /* for people: the command as one would type it */
	const char *launch[TOOL_WORDS];
	const char *attach[TOOL_WORDS]; /* none: the tool is only launched */
	const char *both[TOOL_WORDS]; /* launch, with text and JSON output at once; none: the tool does not have both */
	const char *snapshot[TOOL_WORDS]; /* shows or reads all tasks of the machine without tracing; none: the tool
					     cannot do that */
	const char *version[3];		  /* prints it */
	const char *floor;		  /* the tool that does the least that this one must do; NULL: none */
	bool own;			  /* runs workloads that have words of their own for it */
	bool slow;			  /* the more tasks live, the slower */
	bool own_cpu;			  /* never sleeps, so it measures nothing if it has no CPU of its own */
	bool silent;			  /* it writes no trace */
	bool creations;			  /* runs only workloads that create tasks, and those that it has words for */
	bool named;			  /* runs only if it is named (--tools), or if --check needs it */
};

enum work_kind {
	WORK_SCENE,    /* of bench/work, which prints how many operations it did and in what time */
	WORK_PROJECT,  /* something real: one operation, its time is that of the whole run */
	WORK_ATTACH,   /* to a process with `sleepers` threads, and detach */
	WORK_SNAPSHOT, /* of the machine, with `count` more processes: only the tool's own command */
	WORK_REPLAY,   /* %n events of a recording that was made before: only the tool's own command */
	WORK_IDLE,     /* nothing happens for some time, or next to nothing: the tools' CPU time */
};

/* In its words, %n stands for the number of operations, %s for that of sleeping threads. */
struct work {
	const char *name;
	const char *what; /* %n and %s as in its words */
	enum work_kind kind;
	unsigned long count, sleepers;
	const char *words[WORK_WORDS];
	const char *prepare; /* WORK_PROJECT: what bench/project.sh has to do before each run, and where it is run */
	bool once;	     /* one round says it all, and its scene has all the time that it takes */
	bool both;	     /* with text and JSON output, under tools that have both */
	const char *own[TOOL_WORDS]; /* what cltrace is run with for it, instead of its own; it alone is run then, and
					on one CPU */
	bool silent;		     /* it makes no tasks, or none are shown: there may be no trace */
	bool creates;		     /* it creates tasks again and again */
	bool alone;		     /* WORK_IDLE: one tool after the other, because something happens */
};

/* One run. */
struct sample {
	bool done;
	char error[160];     /* why it is not */
	uint64_t operations; /* fewer than asked for where the tool is slow */
	double cost;	     /* ns for each operation; WORK_IDLE: of the tool's CPU time in all of it */
	double whole;	     /* ns from the start of the tool to its end; WORK_IDLE: ns for which it was watched */
	double cpu;	     /* ns of CPU time, the workload's included; 0: not known */
	double attached;     /* ns from the start of the tool until all threads are attached */
	long peak;	     /* of the memory of the tool's largest process, KiB */
	double others;	     /* CPUs that others kept busy meanwhile */
	bool cut;	     /* killed some time after the scene's end, before its own */
	off_t trace_bytes;
};

struct settings {
	unsigned long rounds;
	double scale;
	unsigned long tries;   /* how often a run that other programs disturb is tried */
	unsigned long limit;   /* ms after which a scene stops early */
	unsigned long linger;  /* s after its scene's end until a tool is killed */
	unsigned long timeout; /* s for one run */
	double idle;	       /* s that WORK_IDLE takes */
	bool quick;	       /* leave out what takes minutes */
	bool check;	       /* hold the results to the goals */
	bool one_cpu;	       /* tool and workload share one CPU */
	unsigned long load;    /* how many processes keep CPUs busy beside each run */
	unsigned long budget;  /* s for all rounds of a workload under one tool */
	const char *json;      /* the file to write, or NULL */
	const char *readme;    /* the file to put the report into, or NULL */
	const char *directory; /* for traces and builds */
	const char *work;      /* bench/work */
	const char *floor;     /* bench/floor */
	const char *cltrace;
	const char *reference; /* another cltrace, or NULL */
	const char *strace;    /* another strace, or NULL */
	const char *source;    /* the top of the source tree */
};

/* What --check holds results to. */
enum goal_kind {
	GOAL_RATIO,  /* of costs: the tool's to that of `than` in the same round */
	GOAL_SHARE,  /* the tool's CPU time by the time that it was watched */
	GOAL_LIVE,   /* bytes of memory for each task that lives */
	GOAL_MEMORY, /* bytes of memory in all */
	GOAL_TIME,   /* ns; shown beside its goal, but neither kept nor missed, because it depends on the machine */
};

struct goal {
	enum goal_kind kind;
	const char *works, *tools; /* in the form of --workloads and --tools: one goal for each pair */
	const char *than;
	double limit; /* at most */
};

/* What was measured: samples of workload W under tool T are at [(W * tool_count + T) * rounds]. */
struct results {
	const struct settings *settings;
	const struct work *works;
	const struct tool *tools;
	size_t work_count, tool_count;
	struct sample *samples;
	const bool *work_chosen, *tool_chosen;
	char (*versions)[120];
	char (*missing)[160]; /* why a tool cannot be used; "" if it can */
};

const struct sample *results_of(const struct results *results, size_t work, size_t tool, unsigned long round);

/* Whether the first LENGTH characters of PATTERN match NAME; a * at the end matches all names that begin so. */
bool name_matches(const char *name, const char *pattern, size_t length);

/* run.c */

/* Runs WORK under TOOL once and fills *RET: a run that fails is a sample, too. When others used the CPUs meanwhile it
 * is run again, a few times, and the least disturbed one counts. */
void run_once(const struct settings *settings, const struct tool *tool, const struct work *work, struct sample *ret);

/* Whether TOOL is to be run with WORK at all. */
bool run_fits(const struct settings *settings, const struct tool *tool, const struct work *work);

/* Runs WORK, a WORK_IDLE, once under each of TOOLS that is in USED, under all of them at the same time. Fills SAMPLES,
 * one for each tool. */
void run_idle(const struct settings *settings, const struct work *work, const struct tool *tools, size_t count,
	      const bool *used, struct sample *samples);

/* Runs TOOL with true(1). Fills MISSING with why that fails, or with "", and VERSION with what the tool says. */
void run_probe(const struct settings *settings, const struct tool *tool, char missing[160], char version[120]);

/* How many sleeping threads WORK has, scaled, at least 1 (or 0, for 0). */
unsigned long run_sleepers(const struct settings *settings, const struct work *work);

/* What WORK is, its numbers filled in. */
void run_title(const struct settings *settings, const struct work *work, char ret[80]);

/* watch.c */

/* The number that the status of task TID has under KEY, as in "\nTgid:"; -1 if there is none. */
long watch_status(pid_t tid, const char *key);

/* The peak of the memory of the tool's largest process, KiB. PID: the tool. */
long watch_peak(pid_t pid);

/* ns of CPU time that the tool's processes have used; -1 when PID has ended. */
double watch_cpu(pid_t pid);

/* values.c: what samples add up to; below 0 if it is not known. */

double value_cost(const struct results *results, size_t work, size_t tool);
double value_attached(const struct results *results, size_t work, size_t tool);
double value_cpu(const struct results *results, size_t work, size_t tool); /* for each operation */
double value_cpu_of_all(const struct results *results, size_t work, size_t tool);
double value_others(const struct results *results, size_t work, size_t tool);
double value_peak(const struct results *results, size_t work, size_t tool);  /* bytes */
double value_ratio(const struct results *results, size_t work, size_t tool); /* to the untraced run */
double value_whole_ratio(const struct results *results, size_t work, size_t tool);
double value_floor_ratio(const struct results *results, size_t work, size_t tool); /* to the tool's floor */

/* The tool's CPU time, divided by the time for which the tool was watched. */
double value_share(const struct results *results, size_t work, size_t tool);

/* The memory that TOOL needs for each of WORK's sleeping tasks, beyond what it needs for a single task. */
double value_live(const struct results *results, size_t work, size_t tool);

/* WORK's cost, divided by the cost of the same work without sleeping tasks. */
double value_growth(const struct results *results, size_t work, size_t tool);

/* What recording adds to WORK's cost. */
double value_added(const struct results *results, size_t work, size_t tool);

/* The median of the ratios of TOOL's cost to BY's cost in the same round, and the least and the largest ratio. */
double value_ratio_to(const struct results *results, size_t work, size_t tool, size_t by, double *ret_least,
		      double *ret_most);

unsigned long rounds_done(const struct results *results, size_t work, size_t tool);

/* Why a run of WORK under TOOL failed; NULL if none did. */
const char *error_of(const struct results *results, size_t work, size_t tool);

/* The workload or the tool that is called NAME; SIZE_MAX if none is. */
size_t work_named(const struct results *results, const char *name);
size_t tool_named(const struct results *results, const char *name);

/* Whether TOOL is installed and was run. */
bool tool_is_used(const struct results *results, size_t tool);

/* Whether TOOL has all CPUs that it needs. */
bool tool_has_cpu(const struct results *results, size_t tool);

/* The floor of TOOL; SIZE_MAX if TOOL has no floor that is used and has its CPU. */
size_t tool_floor(const struct results *results, size_t tool);

/* report.c */

void report_table(const struct results *results, FILE *file);

/* Whether the file at PATH has the two lines that report_readme() needs. */
bool report_has_marks(const char *path);

/* Puts the table into the file at PATH, between the two lines that say so. 0 or -1, which it has reported. */
int report_readme(const struct results *results, const char *path);
int report_json(const struct results *results, const char *path);

/* Writes VALUE to RET as people read it. */
void format_ratio(char *ret, size_t size, double value);
void format_time(char *ret, size_t size, double ns);
void format_bytes(char *ret, size_t size, double bytes);
void format_share(char *ret, size_t size, double share);

/* check.c */

/* Chooses what has to be run for COUNT GOALS. */
void check_choose(const struct results *results, const struct goal *goals, size_t count, bool *work_chosen,
		  bool *tool_chosen);

/* Prints, for each goal that was measured or could not be measured, the value and whether the goal is kept. Returns
 * whether all are kept. */
bool check_goals(const struct results *results, const struct goal *goals, size_t count, FILE *file);

#endif
