/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The ptrace source: launches and attaches, waits for stops, hands them to follow and carries out its orders. */
#ifndef SOURCE_PTRACE_ENGINE_H
#define SOURCE_PTRACE_ENGINE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>
#include <sys/types.h>

#include "event/event.h"
#include "source/ptrace/launch.h"

struct engine;
struct signals;

struct engine_config {
	/* Signals that are taken (tracer_signals.h) at least as long as the engine exists: SIGNALS_OF_TRACER if a
	 * program is launched without daemonize, else SIGNALS_OF_ATTACHED. */
	const struct signals *signals;
	enum event_mode mode;
	unsigned wants;	     /* bits of enum event_want, without the cheap ones */
	unsigned frames;     /* of creators' stacks at most, besides those up to the origin */
	bool kill_on_exit;   /* every tracee dies with us */
	bool detach_on_exec; /* from each process that execs, except at the launched program's first exec */
	/* ns after which all tasks are detached, counted from the exec of a launched program; 0: none */
	int64_t time_limit;
	/* each event is reported before its task continues, so a reader sees it at once */
	bool prompt;
	const pid_t *commands; /* children of ours that are no tracees (commands that read the trace) */
	size_t command_count;
	FILE *stops; /* --debug-stops, or NULL */
	void (*event)(void *data, const struct event *event);
	/* Called when nothing is ready: output can be written. Returns the ns after which it wants to be called again,
	 * if nothing happens (negative: never). May be NULL. */
	int64_t (*idle)(void *data);
	/* A command has ended and was waited for here. */
	void (*command_ended)(void *data, pid_t command, int status);
	void *data;
};

struct engine *engine_new(const struct engine_config *config);
void engine_free(struct engine *engine);

/* Traces a program that launch_start() has forked, held until engine_run(). PROGRAM is its name for messages. LAUNCH
 * belongs to the caller and must live until engine_free(). 0, or -errno after a message. */
int engine_launch(struct engine *engine, struct launch *launch, const char *program);

/* Attaches to each of PIDS. A process that cannot be attached to is skipped, after a message. Returns the number of
 * processes attached to. */
size_t engine_attach(struct engine *engine, const pid_t *pids, size_t count, bool descendants);

/* To be called from the event callback: makes the engine detach from all tasks as soon as the callback has returned and
 * a launched program has exec'ed; with kill_on_exit, kill them. */
void engine_ask_end(struct engine *engine);

/* How a run ended. */
struct engine_result {
	bool launched;
	int exec_error; /* the launched program could not be started: a positive errno, and no end is reported */
	bool ended;	/* else whether it has ended */
	int status;	/* its wait status then */
};

/* Runs until every tracee has ended or was detached. */
void engine_run(struct engine *engine, struct engine_result *ret);

#endif
