/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Decides which stacks are walked and which are remembered, and knows which processes have the same address space. */
#include "source/stack/stacks.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <uthash.h>

#include "base/mem.h"
#include "clone/flags.h"
#include "source/stack/memo.h"
#include "source/stack/stack_state.h"
#include "source/stack/threads.h"

/* What a task has in common with the tasks of the same address space. */
struct space {
	uint64_t layout; /* its id in aspace.h; 0: none yet */
	unsigned members;
};

/* A process: its threads share its address space. */
struct member {
	pid_t tgid;
	struct space *space;
	UT_hash_handle hh;
};

static void forget(struct layout *layout)
{
	unwind_forget(layout);
	memos_free(layout->memos);
	threads_free(layout->threads);
}

static struct member *member_find(const struct stacks *u, pid_t tgid)
{
	struct member *member;

	HASH_FIND_INT(u->members, &tgid, member);
	return member;
}

static void space_leave(struct space *space)
{
	if (!--space->members)
		free(space);
}

static void member_remove(struct stacks *u, pid_t tgid)
{
	struct member *member = member_find(u, tgid);

	if (!member)
		return;
	HASH_DEL(u->members, member);
	space_leave(member->space);
	free(member);
}

/* Adds TGID with SPACE; NULL: an address space of its own, with LAYOUT. */
static struct member *member_put(struct stacks *u, pid_t tgid, struct space *space, uint64_t layout)
{
	struct member *member;

	member_remove(u, tgid);
	member = mem_zalloc(1, sizeof(*member));
	if (!space) {
		space = mem_zalloc(1, sizeof(*space));
		space->layout = layout;
	}
	space->members++;
	member->tgid = tgid;
	member->space = space;
	HASH_ADD_INT(u->members, tgid, member);
	return member;
}

static void on_spawn(struct stacks *u, const struct event *event)
{
	const struct member *creator = member_find(u, event->spawn.creator_tgid);
	bool shared = event->have & EVENT_HAVE_REQUEST && event->attempt.request.flags & FLAG_VM;

	if (creator && event->spawn.child_tgid != event->spawn.creator_tgid)
		member_put(u, event->spawn.child, shared ? creator->space : NULL, creator->space->layout);
}

void stacks_event(struct stacks *u, const struct event *event)
{
	if (event->kind == EVENT_SPAWN) {
		on_spawn(u, event);
	} else if (event->kind == EVENT_EXEC) {
		member_remove(u, event->exec.former);
		member_remove(u, event->tid);
	} else if (event->kind == EVENT_EXIT || event->kind == EVENT_DETACH) {
		member_remove(u, event->tid);
	}
}

/* The memory that stacks_start() will read for REQUEST. */
static size_t start_ranges(const struct layout *layout, const struct request *request, struct code_range *ret)
{
	size_t count = 0;
	uint64_t start;

	if (request->have & REQUEST_TLS && layout->threads && threads_start(layout->threads, request->tls, &start))
		ret[count++] = (struct code_range){ start, 2 * sizeof(uint64_t) };
	if (request->call == CALL_CLONE && request->have & REQUEST_STACK && request->stack)
		ret[count++] = (struct code_range){ request->stack, 2 * sizeof(uint64_t) };
	return count;
}

/* The stack that an earlier walk found, if everything that the walk has read is the same. */
static const struct stack *recall(struct stacks *u, const struct request *request)
{
	struct code_range ranges[CODE_PIECES];
	struct layout *layout = code_layout(u->code);
	size_t count;

	if (!layout)
		return NULL;
	count = memos_ranges(layout->memos, u->task.frame.values, ranges, CODE_PIECES - 2);
	if (!count)
		return NULL;
	count += request ? start_ranges(layout, request, ranges + count) : 0;
	code_expect(u->code, ranges, count);
	return memos_find(layout->memos, u->code, u->task.frame.values);
}

/* Walks, and logs what the walk reads. */
static void walk_on_record(struct stacks *u, struct stack *stack)
{
	u->task.read = UINT64_C(1) << u->task.arch->ip | UINT64_C(1) << u->task.arch->sp;
	code_record(u->code, &u->log);
	walk_stack(u, stack);
	code_record(u->code, NULL);
}

static void walk_and_remember(struct stacks *u, struct stack *stack)
{
	struct memo_registers registers;
	struct layout *layout = code_layout(u->code);

	memcpy(registers.values, u->task.frame.values, sizeof(registers.values));
	walk_on_record(u, stack);
	/* the layout changed during the walk, which happens at most once */
	if (code_layout(u->code) != layout) {
		memcpy(u->task.frame.values, registers.values, sizeof(registers.values));
		walk_on_record(u, stack);
	}
	stack_know(stack);
	u->counts.walked++;
	layout = code_layout(u->code);
	registers.read = u->task.read;
	if (layout)
		memos_put(&layout->memos, u->code, &registers, &u->log, stack);
}

/* Whether a walk finds REMEMBERED. */
static bool walks_the_same(struct stacks *u, const struct stack *remembered)
{
	struct stack walked = { .frames = u->frames };
	bool same;

	walk_stack(u, &walked);
	same = walked.end == remembered->end && walked.count == remembered->count;
	for (unsigned i = 0; same && i < walked.count; i++)
		same = frame_is_same(&walked.frames[i], &remembered->frames[i]);
	return same;
}

void stacks_find(struct stacks *u, pid_t tid, pid_t tgid, const struct request *request, struct stack *ret)
{
	struct member *member = member_find(u, tgid);
	int r = u->ops.registers(u->data, tid, &u->task.frame);
	const struct stack *remembered;

	*ret = (struct stack){ .end = r == -ENOTSUP ? STACK_ABI : STACK_UNREADABLE, .frames = u->frames };
	if (r < 0)
		return;
	if (!member)
		member = member_put(u, tgid, NULL, 0);
	code_begin(u->code, tid, &member->space->layout);
	remembered = recall(u, request);
	if (!remembered) {
		walk_and_remember(u, ret);
		return;
	}
	*ret = *remembered;
	u->counts.remembered++;
	if (u->config.check && !walks_the_same(u, remembered))
		u->counts.wrong++;
}

void stacks_counts(const struct stacks *u, struct stacks_counts *ret)
{
	*ret = u->counts;
}

/* The first word of a thread's descriptor is its own address, so that fs:0 is pthread_self() (System V ABI, AMD64
 * supplement: "Thread Local Storage"). */
int stacks_has_left(struct stacks *u, pid_t stopped, pid_t tgid, uint64_t pthread)
{
	struct member *member = member_find(u, tgid);
	struct threads *threads;
	uint64_t self;

	if (!u->task.arch->pthread_is_tls)
		return -ENODATA;
	if (!member)
		member = member_put(u, tgid, NULL, 0);
	code_begin(u->code, stopped, &member->space->layout);
	threads = start_threads(u);
	if (!threads || !code_word(u->code, pthread, &self) || self != pthread)
		return -ENODATA;
	return threads_has_left(threads, pthread);
}

static bool read_code(void *data, uint64_t address, void *to, size_t length)
{
	return code_bytes(data, address, to, length);
}

struct stacks *stacks_new(const struct stacks_config *config, const struct stacks_ops *ops, void *data)
{
	struct stacks *u;

	if (unwind_lack())
		return NULL;
	u = mem_zalloc(1, sizeof(*u));
	u->config = *config;
	u->ops = *ops;
	u->data = data;
	u->pthread_create = stack_function("pthread_create", strlen("pthread_create"));
	u->code = code_new(&ops->code, data, forget);
	u->task = (struct unwind_task){ .arch = arch_native(), .code = u->code, .memory = { read_code, u->code } };
	u->unwinder = unwinder_new(&u->task);
	if (!config->origin)
		code_ask_servers(u->code);
	return u;
}

void stacks_free(struct stacks *u)
{
	struct member *member, *next;

	if (!u)
		return;
	HASH_ITER (hh, u->members, member, next) {
		HASH_DEL(u->members, member);
		space_leave(member->space);
		free(member);
	}
	code_free(u->code);
	unwinder_free(u->unwinder);
	free(u->log.answers);
	free(u);
}
