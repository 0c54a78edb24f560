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

/* A tool to run workloads under. In its words, %c stands for cltrace, %f for bench/floor, %o for the file that it
 * writes to, %j for another one, %p for a process. */
struct tool {
	const char *name; /* also the table's column */
	const char *what; /* for people: the command as one would type it */
	const char *launch[TOOL_WORDS];
	const char *attach[TOOL_WORDS];
	const char *both[TOOL_WORDS]; /* launch, with text and JSON output at once; none: it has not both */
	const char *no_attach;	      /* why it has none */
	const char *version;	      /* the option that prints it */
	bool own;		      /* runs workloads that have words of their own for it */
	bool slow;		      /* the more tasks live, the slower */
	bool silent;		      /* it writes no trace */
	bool scenes;		      /* runs WORK_SCENE only */
	bool named;		      /* run where it is named alone (--tools) */
};

enum work_kind {
	WORK_SCENE,   /* of bench/work, which prints how many operations it did and in what time */
	WORK_PROJECT, /* something real: one operation, its time is that of the whole run */
	WORK_ATTACH,  /* to a process with `sleepers` threads, and detach */
	WORK_REPLAY,  /* %n events of a recording that was made before: the tool's own command alone */
	WORK_IDLE,    /* `sleepers` threads, and nothing happens for some time; under all tools at once */
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
};

/* One run. */
struct sample {
	bool done;
	char error[160];     /* why it is not */
	uint64_t operations; /* fewer than asked for where the tool is slow */
	double cost;	     /* ns for each operation; WORK_IDLE: of the tool's CPU time in all of it */
	double whole;	     /* ns from the start of the tool to its end */
	double cpu;	     /* ns of CPU time, the workload's included; 0: not known */
	double attached;     /* ns from the start of the tool until all threads are attached */
	long peak;	     /* of the tool's memory, KiB */
	double others;	     /* CPUs that others kept busy meanwhile */
	bool cut;	     /* killed some time after the scene's end, before its own */
	off_t trace_bytes;
};

struct settings {
	unsigned rounds;
	double scale;
	unsigned tries;	       /* of a run that others disturb */
	unsigned long limit;   /* ms after which a scene stops early */
	unsigned long linger;  /* s after its scene's end until a tool is killed */
	unsigned long timeout; /* s for one run */
	double idle;	       /* s that WORK_IDLE takes */
	bool quick;	       /* leave out what takes minutes */
	unsigned long budget;  /* s for all rounds of a workload under one tool */
	const char *json;      /* the file to write, or NULL */
	const char *readme;    /* the file to put the report into, or NULL */
	const char *directory; /* for traces and builds */
	const char *work;      /* bench/work */
	const char *floor;     /* bench/floor */
	const char *cltrace;
	const char *source; /* the top of the source tree */
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

const struct sample *results_of(const struct results *results, size_t work, size_t tool, unsigned round);

/* run.c */

/* Runs WORK under TOOL once and fills *RET: a run that fails is a sample, too. When others used the CPUs meanwhile it
 * is run again, a few times, and the least disturbed one counts. */
void run_once(const struct settings *settings, const struct tool *tool, const struct work *work, struct sample *ret);

/* Whether TOOL is to be run with WORK at all. */
bool run_fits(const struct settings *settings, const struct tool *tool, const struct work *work);

/* Runs WORK, a WORK_IDLE, once under each of TOOLS that is in USED, all at the same time, for they do nothing. Fills
 * SAMPLES, one for each tool. */
void run_idle(const struct settings *settings, const struct work *work, const struct tool *tools, size_t count,
	      const bool *used, struct sample *samples);

/* Runs TOOL with true(1). Fills MISSING with why that fails, or with "", and VERSION with what the tool says. */
void run_probe(const struct settings *settings, const struct tool *tool, char missing[160], char version[120]);

/* How many sleeping threads WORK has, scaled, at least 1 (or 0, for 0). */
unsigned long run_sleepers(const struct settings *settings, const struct work *work);

/* What WORK is, its numbers filled in. */
void run_title(const struct settings *settings, const struct work *work, char ret[80]);

/* report.c */

void report_table(const struct results *results, FILE *file);

/* Whether the file at PATH has the two lines that report_readme() needs. */
bool report_has_marks(const char *path);

/* Puts the table into the file at PATH, between the two lines that say so. 0 or -1, which it has reported. */
int report_readme(const struct results *results, const char *path);
int report_json(const struct results *results, const char *path);

#endif
