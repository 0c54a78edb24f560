/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Counts events and watches ends for --max-events and --until-exit. */
#include "cli/until.h"

#include <stdlib.h>

#include "base/mem.h"
#include "cli/options.h"
#include "event/event.h"

bool until_detaches(const struct options *options)
{
	bool ends = options->time_limit || options->max_events || options->until_exit;

	return options->detach_on_exec || (ends && !options->kill_on_exit);
}

void until_init(struct until *ret, const struct options *options)
{
	*ret = (struct until){ .options = options, .roots = mem_zalloc(options->pid_count + 1, sizeof(pid_t)) };
}

void until_done(struct until *until)
{
	free(until->roots);
	until->roots = NULL;
}

/* Makes the process of EVENT, an ATTACH, a root if the process was launched or one of its tids was given. */
static void add_root(struct until *until, const struct event *event)
{
	const struct options *options = until->options;
	bool given = event->attach.launched;

	for (size_t i = 0; i < options->pid_count; i++)
		given |= options->pids[i] == event->tid;
	for (size_t i = 0; i < until->root_count; i++)
		given &= until->roots[i] != event->attach.tgid;
	if (given && until->root_count <= options->pid_count)
		until->roots[until->root_count++] = event->attach.tgid;
}

/* True when the last root ends with EVENT. All of them are reported before the first one ends. */
static bool end_root(struct until *until, const struct event *event)
{
	for (size_t i = 0; i < until->root_count; i++) {
		if (until->roots[i] != event->tid)
			continue;
		until->roots[i] = until->roots[--until->root_count];
		return !until->root_count;
	}
	return false;
}

static bool exit_reached(struct until *until, const struct event *event)
{
	const struct options *options = until->options;
	bool end = event->kind == EVENT_EXIT || event->kind == EVENT_DETACH;

	if (!options->until_exit)
		return false;
	if (options->until_pid)
		return end && event->tid == options->until_pid;
	if (event->kind == EVENT_ATTACH)
		add_root(until, event);
	return end && end_root(until, event);
}

bool until_reached(struct until *until, const struct event *event)
{
	const uint64_t most = until->options->max_events;
	bool counts = event->kind != EVENT_BEGIN && event->kind != EVENT_ATTACH && event->kind != EVENT_END;

	until->events += counts;
	return exit_reached(until, event) || (most && counts && until->events >= most);
}
