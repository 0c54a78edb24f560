/* SPDX-License-Identifier: GPL-2.0-or-later */
/* io_uring's workers: threads that the kernel creates in a process (create_io_thread()), whose start and end ptrace(2)
 * does not report. They start some time after io_uring_setup(2), so follow looks for them when that call returns, 10 ms
 * later, after twice that time, and so on, for a second; then whenever the process has a stop anyway, and when the
 * process ends or is detached. A filter shows which process has called io_uring_setup(); without a filter every process
 * may have. */
#include "follow/state.h"

#define LOOK_NS UINT64_C(10000000)
#define LOOKS_MAX 7 /* for which the engine wakes up */

/* Sets the time of the next follow_look(). */
static void wake_for(struct follow *f, const struct group *g)
{
	if (g->look_at && g->looks < LOOKS_MAX && (!f->look_at || g->look_at < f->look_at))
		f->look_at = g->look_at;
}

static void watch(struct follow *f, struct group *g, uint64_t when)
{
	if (g->workers || f->detaching)
		return; /* reported, or too late */
	g->looks = 0;
	g->look_at = when + LOOK_NS;
	wake_for(f, g);
}

void workers_begin(struct follow *f, struct group *g, const struct group *creator, uint64_t when)
{
	g->uring |= creator && creator->uring; /* it may use its creator's ring */
	if (g->uring || f->config.mode != EVENT_MODE_FILTER)
		watch(f, g, when);
}

void workers_setup(struct follow *f, struct group *g, pid_t tid, uint64_t when)
{
	g->uring = true;
	watch(f, g, when);
	workers_look(f, g, tid, when);
}

void workers_exec(struct follow *f, struct group *g, uint64_t when)
{
	g->uring = false;
	g->look_at = 0;
	workers_begin(f, g, NULL, when);
}

void workers_report(struct follow *f, struct group *g, unsigned count, uint64_t when)
{
	g->workers = count;
	g->look_at = 0;
	note_report(f, NOTE_WORKERS, g->tgid, count, 0, when);
}

void workers_look(struct follow *f, struct group *g, pid_t tid, uint64_t when)
{
	struct stop look = { .tid = tid, .when = when, .wanted = { .threads = g->live } };

	if (!g->look_at)
		return;
	f->ops->gather(f->data, &look, STOP_WORKERS);
	if (look.have & STOP_WORKERS && look.workers)
		workers_report(f, g, look.workers, when);
}

void workers_look_if_due(struct follow *f, struct group *g, pid_t tid, uint64_t when)
{
	if (!g->look_at || when < g->look_at)
		return;
	workers_look(f, g, tid, when);
	g->looks += g->looks < LOOKS_MAX;
	if (!g->workers)
		g->look_at = when + (LOOK_NS << g->looks);
}

void workers_detach(struct follow *f, uint64_t when)
{
	struct group *g, *next;

	HASH_ITER (hh, f->groups, g, next) {
		workers_look(f, g, g->tgid, when);
		g->look_at = 0;
	}
}

uint64_t follow_look_at(const struct follow *f)
{
	return f->look_at;
}

void follow_look(struct follow *f, uint64_t when)
{
	struct group *g, *next;

	f->look_at = 0;
	HASH_ITER (hh, f->groups, g, next) {
		workers_look_if_due(f, g, g->tgid, when);
		wake_for(f, g);
	}
}
