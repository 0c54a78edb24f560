/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Counts events and watches ends for --max-events and --until-exit. */
#include "cli/limits.h"

#include <stdlib.h>

#include "base/mem.h"
#include "cli/options.h"
#include "event/event.h"

bool limits_let_go(const struct options *options)
{
	bool ends = options->time_limit || options->max_events || options->until_exit;

	return options->detach_on_exec || (ends && !options->kill_on_exit);
}

void limits_init(struct limits *ret, const struct options *options)
{
	*ret = (struct limits){ .options = options, .roots = mem_zalloc(options->pid_count + 1, sizeof(pid_t)) };
}

void limits_done(struct limits *limits)
{
	free(limits->roots);
	limits->roots = NULL;
}

/* EVENT, an ATTACH, makes its process a root where it was launched or one of its tids was given. */
static void add_root(struct limits *limits, const struct event *event)
{
	const struct options *options = limits->options;
	bool given = event->attach.launched;

	for (size_t i = 0; i < options->pid_count; i++)
		given |= options->pids[i] == event->tid;
	for (size_t i = 0; i < limits->root_count; i++)
		given &= limits->roots[i] != event->attach.tgid;
	if (given && limits->root_count <= options->pid_count)
		limits->roots[limits->root_count++] = event->attach.tgid;
}

/* True when the last root ends with EVENT. All of them are told of before the first one ends. */
static bool end_root(struct limits *limits, const struct event *event)
{
	for (size_t i = 0; i < limits->root_count; i++) {
		if (limits->roots[i] != event->tid)
			continue;
		limits->roots[i] = limits->roots[--limits->root_count];
		return !limits->root_count;
	}
	return false;
}

static bool exit_reached(struct limits *limits, const struct event *event)
{
	const struct options *options = limits->options;
	bool end = event->kind == EVENT_EXIT || event->kind == EVENT_DETACH;

	if (!options->until_exit)
		return false;
	if (options->until_pid)
		return end && event->tid == options->until_pid;
	if (event->kind == EVENT_ATTACH)
		add_root(limits, event);
	return end && end_root(limits, event);
}

bool limits_reached(struct limits *limits, const struct event *event)
{
	const uint64_t most = limits->options->max_events;
	bool counts = event->kind != EVENT_BEGIN && event->kind != EVENT_ATTACH && event->kind != EVENT_END;

	limits->events += counts;
	return exit_reached(limits, event) || (most && counts && limits->events >= most);
}
