/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What the parts of the benchmark's runner share: tools, workloads, and what one run of one under the other gave. */
#ifndef BENCH_BENCH_H
#define BENCH_BENCH_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#define TOOL_WORDS 12
#define WORK_WORDS 10

/* A tool to run workloads under. In its words, %o stands for the file that it writes to, %p for a process. */
struct tool {
	const char *name; /* also the table's column */
	const char *what; /* for people: the command as one would type it */
	const char *launch[TOOL_WORDS];
	const char *attach[TOOL_WORDS];
	const char *no_attach; /* why it has none */
	const char *version;   /* the option that prints it */
};

enum work_kind {
	WORK_SCENE,   /* of bench/work, which prints how many operations it did and in what time */
	WORK_PROJECT, /* something real: one operation, its time is that of the whole run */
	WORK_ATTACH,  /* to a process with `sleepers` threads, and detach */
};

/* In its words, %n stands for the number of operations, %s for that of sleeping threads. */
struct work {
	const char *name;
	const char *what;
	enum work_kind kind;
	unsigned long count, sleepers;
	const char *words[WORK_WORDS];
	const char *prepare; /* WORK_PROJECT: what bench/project.sh has to do before each run, and where it is run */
	bool once;	     /* one round says it all */
	bool silent;	     /* it makes no tasks, so there may be no trace */
};

/* One run. */
struct sample {
	bool done;
	char error[160];     /* why it is not */
	uint64_t operations; /* fewer than asked for where the tool is slow */
	double cost;	     /* ns for each operation */
	double whole;	     /* ns from the start of the tool to its end */
	double attached;     /* ns from the start of the tool until all threads are attached */
	long peak;	     /* of the tool's memory, KiB */
	double others;	     /* CPUs that others kept busy meanwhile */
	off_t trace_bytes;
};

struct settings {
	unsigned rounds;
	double scale;
	unsigned tries;	       /* of a run that others disturb */
	unsigned long limit;   /* ms after which a scene stops early */
	unsigned long timeout; /* s for one run */
	unsigned long budget;  /* s for all rounds of a workload under one tool */
	const char *json;      /* the file to write, or NULL */
	const char *directory; /* for traces and builds */
	const char *work;      /* bench/work */
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

/* Runs TOOL with true(1). Fills MISSING with why that fails, or with "", and VERSION with what the tool says. */
void run_probe(const struct settings *settings, const struct tool *tool, char missing[160], char version[120]);

/* A count scaled, at least 1 (or 0, for 0). */
unsigned long run_scaled(const struct settings *settings, unsigned long count);

/* report.c */

void report_table(const struct results *results);
int report_json(const struct results *results, const char *path);

#endif
