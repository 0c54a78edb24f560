/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A small tracer that compares remembered stacks with walks: walks [-k] PROGRAM ARGS...
 *
 * At each creation by PROGRAM and its descendants it gets the stack, as cltrace does for the origin or, with -k, for
 * all frames, and walks the stack if it was remembered. Prints how many creations there were, how many stacks were
 * remembered, how many of these are wrong, and for how many the memory was read more than once. */
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/uio.h>
#include <sys/wait.h>
#include <unistd.h>

#include "abi/abi.h"
#include "follow/order.h"
#include "source/kernel/procfs/status.h"
#include "source/ptrace/sys.h"
#include "source/ptrace/sys_stacks.h"
#include "source/stack/stacks.h"

static unsigned long creations, read_twice, reads;

static size_t count_read(void *data, pid_t tid, const struct code_piece *pieces, size_t count)
{
	reads++;
	return sys_stacks.code.read(data, tid, pieces, count);
}

static pid_t tgid_of(pid_t tid)
{
	struct proc_status status;

	return proc_status(tid, &status) < 0 ? tid : status.ids.tgid;
}

static void on_creation(struct stacks *unwind, pid_t tid)
{
	struct stop stop = { .tid = tid };
	struct event event = { .kind = EVENT_SPAWN, .tid = tid };
	struct stacks_counts before, after;

	sys_gather(&stop, STOP_MESSAGE | STOP_CALL);
	if (request_decode(abi_find(stop.call.audit_arch, stop.call.nr), stop.call.nr, stop.call.args, &stop.clone_args,
			   &event.attempt.request) == 0)
		event.have |= EVENT_HAVE_REQUEST;
	event.spawn.creator_tgid = tgid_of(tid);
	event.spawn.child = (pid_t)stop.message;
	event.spawn.child_tgid = tgid_of(event.spawn.child);
	stacks_counts(unwind, &before);
	reads = 0;
	stacks_find(unwind, tid, event.spawn.creator_tgid, &event.attempt.request, &event.attempt.stack);
	stacks_counts(unwind, &after);
	read_twice += after.remembered > before.remembered && reads > 1;
	stacks_start(unwind, &event);
	stacks_event(unwind, &event);
	creations++;
}

static void on_stop(struct stacks *unwind, pid_t tid, int status)
{
	struct order order = { .tid = tid, .how = ORDER_CONT };

	switch (stop_event(status)) {
	case 0:
		order.signal = WSTOPSIG(status);
		break;
	case STOP_EVENT_FORK:
	case STOP_EVENT_VFORK:
	case STOP_EVENT_CLONE:
		on_creation(unwind, tid);
		break;
	case STOP_EVENT_EXEC:
		stacks_event(unwind, &(struct event){ .kind = EVENT_EXEC, .tid = tid, .exec.former = tid });
		break;
	}
	sys_order(&order, &(struct sys_options){ 0 });
}

static pid_t launch(char **argv)
{
	int gate[2];
	char byte;
	pid_t pid;

	if (pipe(gate) < 0)
		return -1;
	pid = fork();
	if (pid == 0) {
		close(gate[1]);
		if (read(gate[0], &byte, 1) == 0)
			execvp(*argv, argv);
		_exit(127);
	}
	close(gate[0]);
	if (pid > 0 && sys_seize(pid, &(struct sys_options){ .exit_kill = true }, false) < 0)
		pid = -1;
	close(gate[1]);
	return pid;
}

int main(int argc, char **argv)
{
	const bool whole = argc > 1 && strcmp(argv[1], "-k") == 0;
	const struct stacks_config config = { .limit = whole ? STACK_MAX : 1, .origin = !whole, .check = true };
	struct stacks_ops ops = sys_stacks;
	struct stacks_counts counts;
	struct stacks *unwind;
	int status;
	pid_t tid;

	ops.code.read = count_read;
	unwind = stacks_new(&config, &ops, NULL);
	if (argc < 2 + whole || launch(argv + 1 + whole) < 0) {
		fprintf(stderr, "usage: walks [-k] PROGRAM ARGS...\n");
		return 2;
	}
	while ((tid = waitpid(-1, &status, __WALL)) > 0 || errno == EINTR) {
		if (tid > 0 && WIFSTOPPED(status))
			on_stop(unwind, tid, status);
		else if (tid > 0)
			stacks_event(unwind, &(struct event){ .kind = EVENT_EXIT, .tid = tid });
	}
	stacks_counts(unwind, &counts);
	printf("%lu creations, %lu remembered, %lu wrong, %lu read twice\n", creations, counts.remembered, counts.wrong,
	       read_twice);
	stacks_free(unwind);
	return counts.wrong ? 1 : 0;
}
