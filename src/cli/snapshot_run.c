/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Joins the snapshot's source with the views, or with a snapshot that was recorded before. */
#include "cli/snapshot_run.h"

#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/diag.h"
#include "base/text.h"
#include "cli/options.h"
#include "cli/page_out.h"
#include "cli/run.h"
#include "cli/views.h"
#include "event/event.h"
#include "sink/snapshot_json.h"
#include "snapshot/diff.h"
#include "snapshot/events.h"
#include "source/kernel/hidden.h"
#include "source/replay/reader.h"
#include "source/snapshot/scan.h"

static void on_event(void *data, const struct event *event)
{
	views_event(data, event);
}

struct reading {
	struct snapshot *snapshot;
	size_t looks; /* a trace of attached tasks has none */
};

static int take_event(void *data, const struct event *event)
{
	struct reading *reading = data;

	snapshot_take(reading->snapshot, event);
	reading->looks += event->kind == EVENT_LOOK;
	return 0;
}

/* With half a snapshot, the tasks of the other half would seem to be new, or gone. */
static int check_recorded(const char *file, const struct reading *reading, const struct replay_result *result)
{
	if (!reading->looks)
		diag("'%s' is no snapshot: give a file that --snapshot -o json:FILE has written", file);
	else if (!result->ended || result->malformed || result->missing || reading->looks < reading->snapshot->count)
		diag("the snapshot '%s' is incomplete: make it anew with --snapshot -o json:FILE", file);
	else
		return 0;
	return -EINVAL;
}

/* Reads the snapshot that is recorded in FILE. 0, or -errno after a message. */
static int read_recorded(const char *file, struct snapshot *ret)
{
	struct reading reading = { .snapshot = ret };
	struct replay_config config = { .event = take_event, .data = &reading };
	struct replay_result result;
	int r;

	config.fd = open(file, O_RDONLY | O_CLOEXEC | O_NOCTTY);
	if (config.fd < 0) {
		r = -errno;
		diag_errno(-r, "cannot read the snapshot '%s'", file);
		return r;
	}
	r = replay_run(&config, &result);
	close(config.fd);
	snapshot_taken(ret);
	if (r >= 0)
		return check_recorded(file, &reading, &result);
	diag_errno(-r, "cannot read the snapshot '%s'", file);
	return r;
}

/* Reports why PID is not among the tasks. */
static void say_missing(pid_t pid)
{
	if (!hidden_exists(pid))
		diag("there is no process %d; see 'ps -e' for those that exist", (int)pid);
	else if (hidden_from_us(pid))
		diag("process %d is there, but /proc does not show it to you (see hidepid in proc(5)); run cltrace as "
		     "root%s",
		     (int)pid, geteuid() ? "" : " with the capability CAP_SYS_PTRACE");
	else
		diag("process %d changed each time that cltrace looked at it; it probably executes one program after "
		     "another, so try again",
		     (int)pid);
}

/* Each pid of -p must exist. */
static int check_pids(const struct options *options, const struct snapshot *now)
{
	for (size_t i = 0; i < options->pid_count; i++) {
		if (snapshot_find(now, options->pids[i]))
			continue;
		say_missing(options->pids[i]);
		return -ESRCH;
	}
	return 0;
}

static int look(const struct options *options, struct snapshot *ret)
{
	const struct scan_config config = { options->pids, options->pid_count, options->descendants };
	int r = scan(&config, ret);

	if (r == -ENOENT)
		diag("/proc is not there, or shows another pid namespace: mount it with 'mount -t proc proc /proc'");
	else if (r < 0)
		diag_errno(-r, "cannot read /proc");
	else if (!options->pid_count && hidden_others())
		diag("/proc is mounted with hidepid, which hides the processes of other users from you: they are not "
		     "shown; run cltrace as root to see them");
	return r < 0 ? r : check_pids(options, ret);
}

static int show(const struct options *options, const struct snapshot *now)
{
	struct views *views;

	if (views_open(options, NULL, &views) < 0)
		return RUN_FAILED;
	snapshot_report(now, clock_monotonic(), clock_realtime(), on_event, views);
	views_finish(views);
	return views_close(views) < 0 ? RUN_FAILED : 0;
}

struct pair {
	struct snapshot before, now;
	bool json;
};

static void draw(struct text *text, const struct sink_options *options, void *data)
{
	const struct pair *pair = data;

	(void)options;
	if (pair->json)
		snapshot_json_diff(text, &pair->before, &pair->now);
	else
		snapshot_diff(text, &pair->before, &pair->now);
}

int snapshot(const struct options *options)
{
	struct pair pair = { .json = options->detail.sink.json };
	int status = RUN_FAILED;
	int r = options->diff ? read_recorded(options->diff, &pair.before) : 0;

	if (r >= 0)
		r = options->replay ? read_recorded(options->replay, &pair.now) : look(options, &pair.now);
	if (r >= 0)
		status = options->diff ? page_out(&options->detail, draw, &pair, NULL) : show(options, &pair.now);
	snapshot_done(&pair.before);
	snapshot_done(&pair.now);
	return status;
}
