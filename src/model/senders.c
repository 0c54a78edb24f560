/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Looks for a process by its number in a pid namespace, among all known tasks. */
#include "model/senders.h"

#include <stdint.h>
#include <string.h>

#include "event/event.h"
#include "model/model.h"

static uint64_t pid_ns(const struct task *task)
{
	return task->ns ? task->ns->ids[NAMESPACE_PID] : 0;
}

static pid_t own_number(const struct task *task)
{
	return task->nspid ? task->nspid : task->tid;
}

/* Whether TASK is in a pid namespace below that of RECEIVER, which is not the tracer's. It is if one of its creators is
 * in RECEIVER's namespace. */
static bool is_below(const struct task *task, const struct task *receiver)
{
	while (task && pid_ns(task) != pid_ns(receiver))
		task = task->creator;
	return task;
}

/* The latest task that had a number, which another task may have had before. */
static void take_newer(const struct task **ret, const struct task *task)
{
	if (!*ret || task->birth > (*ret)->birth)
		*ret = task;
}

static void take_below(struct senders *senders, const struct task *task)
{
	senders->several |= senders->below && pid_ns(senders->below) != pid_ns(task);
	take_newer(&senders->below, task);
}

void senders_find(const struct step *step, pid_t sender, bool own, struct senders *ret)
{
	const bool inside = step->event->signal.inside;
	const struct task *receiver = step->task;
	const struct process *process = !inside	   ? model_find_process(step->model, sender)
					: receiver ? receiver->process
						   : NULL;

	memset(ret, 0, sizeof(*ret));
	if (process && (!inside || own_number(process->leader) == sender))
		ret->here = process->leader;
	if (!receiver || sender <= 0 || !model_tally(step->model)->namespaces || (inside && !pid_ns(receiver)))
		return;
	for (const struct task *task = model_roots(step->model); task; task = model_next(task)) {
		if (task->tid != task->process->tgid || own_number(task) != sender)
			continue;
		if (inside && pid_ns(task) == pid_ns(receiver))
			take_newer(&ret->here, task);
		else if (own && (inside ? is_below(task, receiver) : task->nspid || pid_ns(task)))
			take_below(ret, task);
	}
}
