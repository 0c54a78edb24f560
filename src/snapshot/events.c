/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Converts a snapshot's tasks to events, and events to tasks. */
#include "snapshot/events.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "event/event.h"

struct reporter {
	const struct snapshot *snapshot;
	void (*event)(void *data, const struct event *event);
	void *data;
	uint64_t seq, when;
};

static void emit(struct reporter *reporter, struct event *event)
{
	event->seq = ++reporter->seq;
	event->when = reporter->when;
	reporter->event(reporter->data, event);
}

static void report_attach(struct reporter *reporter, const struct snap_task *task)
{
	struct event e = { .kind = EVENT_ATTACH, .tid = task->tid, .have = EVENT_HAVE_UID };

	e.have |= (task->ppid ? EVENT_HAVE_PPID : 0) | (task->command ? EVENT_HAVE_COMMAND : 0) |
		  (task->nspid != task->tid ? EVENT_HAVE_NSPID : 0);
	e.attach.tgid = task->tgid;
	e.attach.ppid = task->ppid;
	e.attach.nspid = task->nspid;
	e.attach.nlwp = task->tid == task->tgid ? task->nlwp : 0;
	e.attach.zombie = task->state == 'Z';
	e.attach.uid = task->uid;
	e.attach.command = task->command;
	e.attach.command_cut = task->command_cut;
	e.have |= task->command_cut ? EVENT_HAVE_COMMAND_CUT : 0;
	emit(reporter, &e);
}

static void report_look(struct reporter *reporter, const struct snap_task *task)
{
	struct event e = { .kind = EVENT_LOOK, .tid = task->tid, .have = EVENT_HAVE_LOOK };
	const char state[] = { task->state, '\0' };

	e.look.state = state;
	e.look.name = task->name;
	e.look.cpus = task->cpus ? task->cpus : "";
	e.look.kernel = task->kernel;
	e.look.worker = task->worker;
	e.look.refused = task->refused;
	e.look.start = task->start;
	e.look.nice = task->nice;
	e.look.policy = task->policy;
	e.look.priority = task->priority;
	e.look.capabilities = task->capabilities;
	e.look.asked = task->asked;
	memcpy(e.look.ns, task->ns, sizeof(e.look.ns));
	for (unsigned i = 0; i < OBJECT_COUNT; i++) {
		const int32_t has = task->object[i];

		e.look.objects[i] = has == SNAP_NONE	  ? EVENT_OBJECT_NONE
				    : has == SNAP_UNKNOWN ? EVENT_OBJECT_UNKNOWN
							  : reporter->snapshot->tasks[has].tid;
	}
	emit(reporter, &e);
}

/* Reports the task at INDEX, and before it those above it that were not reported, because consumers treat a task that
 * comes earlier as older, even if its number is higher. ROOM has room for all tasks. */
static void report_task(struct reporter *reporter, size_t index, bool *reported, size_t *room)
{
	const struct snapshot *snapshot = reporter->snapshot;
	size_t count = 0;

	for (const struct snap_task *task = &snapshot->tasks[index]; task; task = snapshot_parent(snapshot, task)) {
		const size_t at = (size_t)(task - snapshot->tasks);

		if (reported[at]) /* or, in a recording, above itself */
			break;
		reported[at] = true;
		room[count++] = at;
	}
	while (count--) {
		report_attach(reporter, &snapshot->tasks[room[count]]);
		report_look(reporter, &snapshot->tasks[room[count]]);
	}
}

static void report_tasks(struct reporter *reporter)
{
	const size_t count = reporter->snapshot->count;
	bool *reported = mem_zalloc(count + 1, sizeof(*reported));
	size_t *room = mem_alloc((count + 1) * sizeof(*room));

	for (size_t i = 0; i < count; i++)
		report_task(reporter, i, reported, room);
	free(reported);
	free(room);
}

void snapshot_report(const struct snapshot *snapshot, uint64_t when, uint64_t realtime,
		     void (*event)(void *data, const struct event *event), void *data)
{
	struct reporter reporter = { snapshot, event, data, 0, when };
	struct event e = { .kind = EVENT_BEGIN, .begin = { .realtime = realtime, .mode = EVENT_MODE_SNAPSHOT } };

	for (unsigned i = 0; i < NAMESPACE_KINDS; i++) {
		e.ns[i] = snapshot->own[i];
		e.have |= e.ns[i] ? EVENT_HAVE_NS : 0;
	}
	emit(&reporter, &e);
	report_tasks(&reporter);
	e = (struct event){ .kind = EVENT_END };
	emit(&reporter, &e);
}

/* ---- and back ---- */

static void take_attach(struct snapshot *snapshot, const struct event *event)
{
	struct snap_task *task = snapshot_add(snapshot, event->attach.tgid, event->tid);

	task->ppid = event->have & EVENT_HAVE_PPID ? event->attach.ppid : 0;
	task->nspid = event->have & EVENT_HAVE_NSPID ? event->attach.nspid : event->tid;
	task->nlwp = event->attach.nlwp;
	task->uid = event->have & EVENT_HAVE_UID ? event->attach.uid : (uid_t)-1;
	if (event->have & EVENT_HAVE_COMMAND && event->attach.command)
		task->command = mem_strdup(event->attach.command);
	task->command_cut = event->have & EVENT_HAVE_COMMAND_CUT && event->attach.command_cut;
}

void snapshot_take(struct snapshot *snapshot, const struct event *event)
{
	struct snap_task *task = snapshot->count ? &snapshot->tasks[snapshot->count - 1] : NULL;

	if (event->kind == EVENT_ATTACH)
		take_attach(snapshot, event);
	if (event->kind != EVENT_LOOK || !task || task->tid != event->tid)
		return;
	task->state = event->look.state[0] ? event->look.state[0] : '?';
	snprintf(task->name, sizeof(task->name), "%s", event->look.name);
	free(task->cpus);
	task->cpus = *event->look.cpus ? mem_strdup(event->look.cpus) : NULL;
	task->kernel = event->look.kernel;
	task->worker = event->look.worker;
	task->refused = event->look.refused;
	task->start = event->look.start;
	task->nice = event->look.nice;
	task->policy = event->look.policy;
	task->priority = event->look.priority;
	task->capabilities = event->look.capabilities;
	task->asked = event->look.asked;
	memcpy(task->ns, event->look.ns, sizeof(task->ns));
	for (unsigned i = 0; i < OBJECT_COUNT; i++)
		task->object[i] = event->look.objects[i]; /* a tid until all tasks are there */
}

/* Orders indices by tid. */
struct place {
	pid_t tid;
	size_t index;
};

static int compare_places(const void *a, const void *b)
{
	const struct place *one = a, *other = b;

	return one->tid < other->tid ? -1 : one->tid > other->tid;
}

static int32_t index_of_tid(const struct place *places, size_t count, int tid)
{
	const struct place key = { .tid = tid }, *place;

	if (tid == EVENT_OBJECT_NONE)
		return SNAP_NONE;
	place = tid > 0 ? bsearch(&key, places, count, sizeof(*places), compare_places) : NULL;
	return place ? (int32_t)place->index : SNAP_UNKNOWN;
}

void snapshot_taken(struct snapshot *snapshot)
{
	struct place *places = mem_alloc((snapshot->count + 1) * sizeof(*places));

	snapshot_sort(snapshot);
	for (size_t i = 0; i < snapshot->count; i++)
		places[i] = (struct place){ snapshot->tasks[i].tid, i };
	qsort(places, snapshot->count, sizeof(*places), compare_places);
	for (size_t i = 0; i < snapshot->count; i++)
		for (unsigned object = 0; object < OBJECT_COUNT; object++) {
			int32_t *has = &snapshot->tasks[i].object[object];

			*has = index_of_tid(places, snapshot->count, *has);
		}
	free(places);
}
