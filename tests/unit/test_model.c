/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The task tree under scripted events: relations, ends, exec, reuse of numbers, memory. */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>

#include <cmocka.h>

#include "base/array.h"
#include "clone/flags.h"
#include "model/model.h"
#include "requests.h"

#define PTHREAD_FLAGS                                                                               \
	(FLAG_VM | FLAG_FS | FLAG_FILES | FLAG_SIGHAND | FLAG_THREAD | FLAG_SYSVSEM | FLAG_SETTLS | \
	 FLAG_PARENT_SETTID | FLAG_CHILD_CLEARTID)
#define SIGNO_CHLD 17

/* wait(2)'s encoding */
#define EXITED(code) ((code) << 8)
#define KILLED(signo) (signo)

static struct model *model;
static struct step step;
static uint64_t seq;

static void begin(size_t keep)
{
	seq = 0;
	model = model_new(keep);
}

static void end(void)
{
	model_free(model);
	model = NULL;
}

/* Hands EVENT over, numbered; `when` is ten times the number. */
static const struct step *apply(struct event event)
{
	static struct event current;

	current = event;
	current.seq = ++seq;
	current.when = seq * 10;
	memset(&step, 0x55, sizeof(step));
	model_apply(model, &current, &step);
	assert_ptr_equal(step.event, &current);
	assert_ptr_equal(step.model, model);
	return &step;
}

static const struct step *launch(pid_t tid, const char *command)
{
	return apply((struct event){
		.kind = EVENT_ATTACH,
		.tid = tid,
		.have = EVENT_HAVE_PPID | EVENT_HAVE_COMMAND,
		.attach = { .tgid = tid, .ppid = 99, .launched = true, .command = command },
	});
}

static const struct step *attach(pid_t tid, pid_t tgid, bool zombie)
{
	return apply((struct event){
		.kind = EVENT_ATTACH,
		.tid = tid,
		.have = EVENT_HAVE_PPID | EVENT_HAVE_COMMAND,
		.attach = { .tgid = tgid, .ppid = 98, .zombie = zombie, .command = "server" },
	});
}

static struct event spawn_event(pid_t creator, pid_t creator_tgid, pid_t child, uint64_t flags)
{
	return (struct event){
		.kind = EVENT_SPAWN,
		.tid = creator,
		.have = EVENT_HAVE_CREATOR | EVENT_HAVE_REQUEST,
		.spawn = { .creator_tgid = creator_tgid,
			   .child = child,
			   .child_tgid = flags & FLAG_THREAD ? creator_tgid : child },
		.attempt.request = { .call = CALL_CLONE,
				     .abi = abi_find_name("x86_64"),
				     .have = REQUEST_FLAGS,
				     .flags = flags,
				     .exit_signal = flags & FLAG_THREAD ? 0 : SIGNO_CHLD },
	};
}

static const struct step *make_process(pid_t creator, pid_t creator_tgid, pid_t child)
{
	return apply(spawn_event(creator, creator_tgid, child, FLAG_CHILD_SETTID | FLAG_CHILD_CLEARTID));
}

static const struct step *make_thread(pid_t creator, pid_t creator_tgid, pid_t child)
{
	return apply(spawn_event(creator, creator_tgid, child, PTHREAD_FLAGS));
}

static const struct step *exec_as(pid_t tid, pid_t former, const char *command)
{
	return apply((struct event){ .kind = EVENT_EXEC,
				     .tid = tid,
				     .have = command ? EVENT_HAVE_COMMAND : 0,
				     .exec = { .former = former, .command = command } });
}

static const struct step *finish(enum event_kind kind, pid_t tid, int status)
{
	return apply((struct event){ .kind = kind, .tid = tid, .exit = { .status = status } });
}

static const struct step *leave(pid_t tid, int status)
{
	return finish(EVENT_EXIT, tid, status);
}

static const struct step *plain(enum event_kind kind, pid_t tid)
{
	return apply((struct event){ .kind = kind, .tid = tid });
}

static const struct task *live(pid_t tid)
{
	const struct task *task = model_find(model, tid);

	assert_non_null(task);
	return task;
}

static const struct process *process_of(pid_t tgid)
{
	const struct process *process = model_find_process(model, tgid);

	assert_non_null(process);
	return process;
}

static const struct tally *tally(void)
{
	return model_tally(model);
}

/* The task after TASK, depth first. */
static const struct task *walk(const struct task *task)
{
	if (task->first)
		return task->first;
	while (task && !task->next)
		task = task->creator;
	return task ? task->next : NULL;
}

static bool is_live(const struct task *task)
{
	return task->state == TASK_ALIVE || task->state == TASK_ZOMBIE;
}

static void check_task(const struct task *task)
{
	const struct process *process = task->process;
	const struct task *last = task->first;
	unsigned running = 0;

	while (last && last->next)
		last = last->next;
	assert_ptr_equal(task->last, last);
	for (const struct task *child = task->first; child; child = child->next)
		assert_ptr_equal(child->creator, task);
	assert_non_null(process);
	assert_non_null(process->leader);
	assert_ptr_equal(process->leader->process, process);
	assert_true(process->most >= process->nlwp);
	assert_int_equal(task->end == 0, task->state == TASK_ALIVE);
	for (const struct task *other = model_roots(model); other; other = walk(other)) {
		running += other->process == process && other->state == TASK_ALIVE;
		if (other != task && is_live(other) && is_live(task))
			assert_int_not_equal(other->tid, task->tid);
	}
	assert_int_equal(process->nlwp, running);
	if (is_live(task)) {
		assert_ptr_equal(model_find(model, task->tid), task);
		assert_non_null(model_find_process(model, process->tgid));
	}
}

/* Whether TASK is the first that is alive of its process. */
static bool is_first_alive(const struct task *task)
{
	const struct task *other = model_roots(model);

	if (task->state != TASK_ALIVE)
		return false;
	while (other != task && (other->process != task->process || other->state != TASK_ALIVE))
		other = walk(other);
	return other == task;
}

/* What holds after every event. Returns the number of tasks in the tree. */
static unsigned check(void)
{
	unsigned count = 0, running = 0, living = 0;

	for (const struct task *task = model_roots(model); task; task = walk(task)) {
		count++;
		living += is_first_alive(task);
		running += task->state == TASK_ALIVE;
		check_task(task);
	}
	for (const struct task *root = model_roots(model); root; root = root->next)
		assert_null(root->creator);
	assert_int_equal(tally()->alive, running);
	assert_int_equal(tally()->living, living);
	assert_true(tally()->most >= running);
	return count;
}

static unsigned count_tasks(void)
{
	unsigned count = 0;

	for (const struct task *task = model_roots(model); task; task = walk(task))
		count++;
	return count;
}

static void test_empty(void **state)
{
	(void)state;
	begin(MODEL_KEEP_ALL);
	assert_null(model_roots(model));
	assert_null(model_find(model, 0));
	assert_null(model_find_process(model, 1));
	assert_int_equal(tally()->most, 0);
	assert_null(plain(EVENT_BEGIN, 0)->task);
	assert_null(plain(EVENT_END, 0)->task);
	end();
	model_free(NULL);
}

static void test_launch(void **state)
{
	const struct task *task;

	(void)state;
	begin(MODEL_KEEP_ALL);
	plain(EVENT_BEGIN, 0);
	task = launch(100, "cltrace-child")->task;
	assert_ptr_equal(task, live(100));
	assert_ptr_equal(task, model_roots(model));
	assert_int_equal(task->tid, 100);
	assert_int_equal(task->birth, 2);
	assert_int_equal(task->start, 20);
	assert_int_equal(task->end, 0);
	assert_int_equal(task->kind, KIND_UNKNOWN);
	assert_int_equal(task->state, TASK_ALIVE);
	assert_true(task->launched);
	assert_false(task->attached);
	assert_null(task->creator);
	assert_ptr_equal(task->process, process_of(100));
	assert_int_equal(task->process->ppid, 99);
	assert_ptr_equal(task->process->leader, task);
	assert_int_equal(task->process->nlwp, 1);
	assert_string_equal(task->process->command, "cltrace-child");
	assert_int_equal(tally()->attached, 0);
	assert_int_equal(tally()->alive, 1);
	assert_int_equal(tally()->most, 1);
	exec_as(100, 100, "true");
	assert_string_equal(task->process->command, "true");
	assert_int_equal(tally()->execs, 1);
	check();
	assert_ptr_equal(leave(100, EXITED(3))->task, task);
	assert_null(model_find(model, 100));
	assert_null(model_find_process(model, 100));
	assert_int_equal(task->state, TASK_ENDED);
	assert_int_equal(task->status, EXITED(3));
	assert_int_equal(task->end, 40);
	assert_int_equal(tally()->exits, 1);
	assert_int_equal(tally()->killed, 0);
	assert_int_equal(tally()->alive, 0);
	check();
	end();
}

static void test_process(void **state)
{
	const struct step *made;
	const struct task *child;

	(void)state;
	begin(MODEL_KEEP_ALL);
	launch(100, "sh");
	made = make_process(100, 100, 101);
	child = made->other;
	assert_ptr_equal(made->task, live(100));
	assert_ptr_equal(child, live(101));
	assert_ptr_equal(child->creator, live(100));
	assert_ptr_equal(live(100)->first, child);
	assert_int_equal(child->kind, KIND_PROCESS);
	assert_true(child->requested);
	assert_int_equal(child->flags, FLAG_CHILD_SETTID | FLAG_CHILD_CLEARTID);
	assert_int_equal(child->exit_signal, SIGNO_CHLD);
	assert_string_equal(child->looks_like, "fork()");
	assert_int_equal(process_of(101)->ppid, 100);
	assert_string_equal(process_of(101)->command, "sh");
	exec_as(101, 101, "ls -l");
	assert_string_equal(process_of(101)->command, "ls -l");
	assert_string_equal(process_of(100)->command, "sh");
	exec_as(101, 101, NULL);
	assert_null(process_of(101)->command);
	assert_int_equal(tally()->processes, 1);
	assert_int_equal(tally()->threads, 0);
	assert_int_equal(tally()->kinds[KIND_PROCESS], 1);
	leave(101, KILLED(9));
	assert_int_equal(tally()->killed, 1);
	assert_int_equal(check(), 2);
	end();
}

static void test_threads(void **state)
{
	(void)state;
	begin(MODEL_KEEP_ALL);
	launch(100, "sh");
	make_thread(100, 100, 101);
	make_thread(101, 100, 102);
	assert_ptr_equal(live(102)->creator, live(101));
	assert_ptr_equal(live(102)->process, process_of(100));
	assert_int_equal(live(102)->kind, KIND_THREAD);
	assert_int_equal(process_of(100)->nlwp, 3);
	assert_ptr_equal(process_of(100)->leader, live(100));
	assert_int_equal(process_of(100)->ppid, 99);
	leave(101, EXITED(0));
	assert_int_equal(process_of(100)->nlwp, 2);
	assert_int_equal(process_of(100)->most, 3);
	assert_int_equal(tally()->threads, 2);
	assert_int_equal(tally()->processes, 0);
	assert_int_equal(tally()->most, 3);

	/* A thread's child is created by the thread and the child of its process. */
	make_process(102, 100, 103);
	assert_ptr_equal(live(103)->creator, live(102));
	assert_int_equal(process_of(103)->ppid, 100);
	check();
	end();
}

static void test_parents(void **state)
{
	struct event event;

	(void)state;
	begin(MODEL_KEEP_ALL);
	launch(100, "sh");
	make_process(100, 100, 101);
	apply(spawn_event(101, 101, 102, FLAG_PARENT));
	assert_ptr_equal(live(102)->creator, live(101));
	assert_int_equal(process_of(102)->ppid, 100);

	/* The launched program's own sibling is a child of its parent. */
	apply(spawn_event(100, 100, 103, FLAG_PARENT));
	assert_int_equal(process_of(103)->ppid, 99);

	/* What the kernel says goes first. */
	event = spawn_event(101, 101, 104, FLAG_PARENT);
	event.have |= EVENT_HAVE_PPID;
	event.spawn.ppid = 1;
	apply(event);
	assert_int_equal(process_of(104)->ppid, 1);
	event = spawn_event(101, 101, 105, 0);
	event.have |= EVENT_HAVE_PPID;
	event.spawn.ppid = 77;
	apply(event);
	assert_int_equal(process_of(105)->ppid, 77);

	assert_ptr_equal(apply((struct event){ .kind = EVENT_REPARENT, .tid = 105, .reparent = { 77, 1 } })->task,
			 live(105));
	assert_int_equal(process_of(105)->ppid, 1);
	apply((struct event){ .kind = EVENT_REPARENT, .tid = 4711, .reparent = { 77, 1 } });
	check();
	end();
}

static void test_kinds_and_tally(void **state)
{
	static const struct {
		uint64_t flags;
		enum kind kind;
	} rows[] = {
		{ PTHREAD_FLAGS, KIND_THREAD },
		{ 0, KIND_PROCESS },
		{ FLAG_VM | FLAG_VFORK, KIND_PROCESS_VFORK },
		{ FLAG_VM, KIND_PROCESS_SHARING },
		{ FLAG_NEWPID, KIND_PROCESS_NAMESPACES },
	};
	struct event event;

	(void)state;
	begin(MODEL_KEEP_ALL);
	launch(100, "sh");
	for (size_t i = 0; i < ARRAY_LENGTH(rows); i++) {
		apply(spawn_event(100, 100, 200 + (pid_t)i, rows[i].flags));
		assert_int_equal(live(200 + (pid_t)i)->kind, rows[i].kind);
		assert_int_equal(tally()->kinds[rows[i].kind], 1);
	}
	assert_int_equal(tally()->threads, 1);
	assert_int_equal(tally()->processes, 4);

	/* Without a request the thread group shows it. */
	event = spawn_event(100, 100, 300, FLAG_THREAD);
	event.have = EVENT_HAVE_CREATOR;
	assert_int_equal(apply(event)->other->kind, KIND_UNKNOWN);
	assert_ptr_equal(live(300)->process, process_of(100));
	assert_null(live(300)->looks_like);
	assert_false(live(300)->requested);
	event = spawn_event(100, 100, 301, 0);
	event.have = EVENT_HAVE_CREATOR;
	apply(event);
	assert_int_equal(process_of(301)->ppid, 100);
	assert_int_equal(tally()->kinds[KIND_UNKNOWN], 2);
	assert_int_equal(tally()->threads, 2);
	assert_int_equal(tally()->processes, 5);

	plain(EVENT_REFUSED, 100);
	plain(EVENT_REFUSED, 4711);
	assert_int_equal(tally()->refused, 2);
	assert_int_equal(tally()->most, 8);
	check();
	end();
}

static struct event refused_event(pid_t tid, enum call call, uint64_t flags, int error)
{
	return (struct event){
		.kind = EVENT_REFUSED,
		.tid = tid,
		.attempt.request = { .call = call,
				     .abi = abi_find_name("x86_64"),
				     .have = REQUEST_FLAGS,
				     .flags = flags },
		.refused = { .error = error },
	};
}

/* A clone that asks for what the same task's clone3, just before, got ENOSYS for. */
static void test_retry(void **state)
{
	const uint64_t clone3_only = FLAG_CLEAR_SIGHAND;
	uint64_t refused;

	(void)state;
	begin(MODEL_KEEP_ALL);
	launch(100, "sh");
	assert_int_equal(apply(refused_event(100, CALL_CLONE3, PTHREAD_FLAGS | clone3_only, ENOSYS))->retry_of, 0);
	refused = seq;
	assert_int_equal(make_thread(100, 100, 101)->retry_of, refused);
	assert_int_equal(make_thread(100, 100, 102)->retry_of, 0);
	/* refused once more, another errno, other flags, another task, another exit signal */
	apply(refused_event(100, CALL_CLONE3, FLAG_VM, ENOSYS));
	refused = seq;
	assert_int_equal(apply(refused_event(100, CALL_CLONE, FLAG_VM, EAGAIN))->retry_of, refused);
	apply(refused_event(100, CALL_CLONE3, PTHREAD_FLAGS, EAGAIN));
	assert_int_equal(make_thread(100, 100, 103)->retry_of, 0);
	apply(refused_event(100, CALL_CLONE3, FLAG_VM, ENOSYS));
	assert_int_equal(make_thread(100, 100, 104)->retry_of, 0);
	apply(refused_event(100, CALL_CLONE3, PTHREAD_FLAGS, ENOSYS));
	assert_int_equal(make_thread(101, 100, 105)->retry_of, 0);
	apply(refused_event(100, CALL_CLONE3, FLAG_CHILD_SETTID | FLAG_CHILD_CLEARTID, ENOSYS));
	assert_int_equal(make_process(100, 100, 106)->retry_of, 0);
	apply(refused_event(4711, CALL_CLONE3, PTHREAD_FLAGS, ENOSYS)); /* nobody known */
	check();
	end();
}

static void test_nspid(void **state)
{
	struct event event = spawn_event(100, 100, 101, FLAG_NEWPID);

	(void)state;
	begin(MODEL_KEEP_ALL);
	launch(100, "unshare");
	event.spawn.nspid = 1;
	apply(event);
	assert_int_equal(live(101)->nspid, 0);
	event.spawn.child = event.spawn.child_tgid = 102;
	event.have |= EVENT_HAVE_NSPID;
	apply(event);
	assert_int_equal(live(102)->nspid, 1);
	end();
}

static void test_attach(void **state)
{
	const struct task *task;

	(void)state;
	begin(MODEL_KEEP_ALL);
	task = attach(100, 100, false)->task;
	assert_ptr_equal(task, live(100));
	attach(101, 100, false);
	attach(103, 102, false); /* a thread before its leader */
	assert_ptr_equal(process_of(102)->leader, live(103));
	attach(102, 102, false);
	assert_ptr_equal(process_of(102)->leader, live(102));
	assert_int_equal(process_of(102)->nlwp, 2);
	assert_true(live(101)->attached);
	assert_false(live(101)->launched);
	assert_int_equal(tally()->attached, 4);
	assert_int_equal(tally()->threads + tally()->processes, 0);
	assert_int_equal(tally()->most, 4);
	assert_string_equal(process_of(100)->command, "server");
	assert_int_equal(process_of(100)->ppid, 98);

	/* All are roots, in order; but one whose creator is known. */
	assert_ptr_equal(model_roots(model), live(100));
	assert_ptr_equal(live(100)->next, live(101));
	apply((struct event){ .kind = EVENT_ATTACH,
			      .tid = 110,
			      .attach = { .tgid = 110, .creator = 101, .command = (const char *)8 } });
	assert_ptr_equal(live(110)->creator, live(101));
	assert_null(process_of(110)->command);
	assert_int_equal(process_of(110)->ppid, 0);
	check();
	end();
}

static void test_attach_zombie_leader(void **state)
{
	(void)state;
	begin(MODEL_KEEP_ALL);
	attach(100, 100, true);
	attach(101, 100, false);
	assert_int_equal(live(100)->state, TASK_ZOMBIE);
	assert_int_equal(live(100)->status, TASK_STATUS_UNKNOWN);
	assert_ptr_equal(process_of(100)->leader, live(100));
	assert_int_equal(process_of(100)->nlwp, 1);
	assert_int_equal(process_of(100)->most, 1);
	assert_int_equal(tally()->most, 1);
	leave(101, EXITED(0));
	check();
	assert_non_null(model_find_process(model, 100));
	assert_int_equal(leave(100, EXITED(1))->task->status, EXITED(1));
	assert_null(model_find_process(model, 100));
	check();
	end();
}

static void test_zombie_leader(void **state)
{
	const struct task *leader;

	(void)state;
	begin(MODEL_KEEP_ALL);
	launch(100, "sh");
	make_thread(100, 100, 101);
	leader = finish(EVENT_LEADER_EXIT, 100, EXITED(0))->task;
	assert_ptr_equal(leader, live(100));
	assert_int_equal(leader->state, TASK_ZOMBIE);
	assert_int_equal(leader->end, 30);
	assert_int_equal(process_of(100)->nlwp, 1);
	assert_int_equal(tally()->alive, 1);
	assert_int_equal(tally()->exits, 0);
	finish(EVENT_LEADER_EXIT, 100, EXITED(0)); /* no harm in hearing it twice */
	assert_int_equal(process_of(100)->nlwp, 1);

	/* Threads of it live on and make others. */
	make_thread(101, 100, 102);
	make_process(102, 100, 103);
	assert_int_equal(process_of(100)->nlwp, 2);
	assert_int_equal(process_of(103)->ppid, 100);
	leave(101, EXITED(0));
	leave(102, EXITED(0));
	assert_int_equal(process_of(100)->nlwp, 0);
	check();
	leave(100, EXITED(7));
	assert_int_equal(leader->state, TASK_ENDED);
	assert_int_equal(leader->status, EXITED(7));
	assert_int_equal(leader->end, 30);
	assert_null(model_find_process(model, 100));
	assert_int_equal(tally()->exits, 3);
	assert_int_equal(check(), 4);
	end();
}

/* wait(2) reports a leader last; a source that does otherwise does no harm. */
static void test_leader_exit_before_threads(void **state)
{
	const struct task *thread;

	(void)state;
	begin(MODEL_KEEP_ALL);
	launch(100, "sh");
	make_thread(100, 100, 101);
	make_process(100, 100, 110);
	thread = live(101);
	leave(100, KILLED(9));
	assert_int_equal(thread->state, TASK_ENDED);
	assert_int_equal(thread->status, TASK_STATUS_UNKNOWN);
	assert_null(model_find_process(model, 100));
	assert_int_equal(tally()->exits, 1);
	assert_int_equal(tally()->alive, 1);
	check();

	/* The thread's own end comes after all, once. */
	assert_ptr_equal(leave(101, KILLED(9))->task, thread);
	assert_int_equal(thread->status, KILLED(9));
	leave(101, KILLED(9));
	assert_int_equal(tally()->exits, 2);
	assert_int_equal(tally()->killed, 2);
	check();
	end();
}

static void test_exec_ends_other_threads(void **state)
{
	const struct task *thread;

	(void)state;
	begin(MODEL_KEEP_ALL);
	launch(100, "sh");
	make_thread(100, 100, 101);
	make_thread(100, 100, 102);
	thread = live(101);
	leave(102, EXITED(0));
	assert_null(exec_as(100, 100, "true")->other);
	assert_int_equal(thread->state, TASK_REPLACED);
	assert_int_equal(thread->status, TASK_STATUS_UNKNOWN);
	assert_int_equal(process_of(100)->nlwp, 1);
	assert_int_equal(tally()->exits, 1);
	check();
	end();
}

static void test_exec_by_thread(void **state)
{
	const struct task *leader, *caller, *other;
	const struct step *done;

	(void)state;
	begin(MODEL_KEEP_ALL);
	launch(100, "sh");
	make_thread(100, 100, 101);
	make_thread(101, 100, 102);
	make_thread(101, 100, 103);
	make_process(100, 100, 110);
	leader = live(100);
	caller = live(102);
	other = live(103);
	leave(101, EXITED(0));
	done = exec_as(100, 102, "true");
	assert_ptr_equal(done->task, caller);
	assert_ptr_equal(done->other, leader);
	assert_ptr_equal(live(100), caller);
	assert_null(model_find(model, 102));
	assert_int_equal(caller->tid, 100);
	assert_int_equal(caller->former, 102);
	assert_int_equal(caller->birth, 3);
	assert_ptr_equal(process_of(100)->leader, caller);
	assert_string_equal(process_of(100)->command, "true");
	assert_int_equal(process_of(100)->nlwp, 1);
	assert_int_equal(leader->state, TASK_REPLACED);
	assert_int_equal(leader->tid, 100);
	assert_int_equal(other->state, TASK_REPLACED);
	assert_ptr_equal(caller->creator->creator, leader);
	assert_ptr_equal(live(110)->creator, leader);
	assert_int_equal(tally()->alive, 2);
	check();

	/* The former tid is free again, and the process continues with its old number. */
	assert_null(leave(102, EXITED(0))->task);
	make_process(100, 100, 102);
	assert_ptr_equal(live(102)->creator, caller);
	leave(102, EXITED(0));
	leave(100, EXITED(0));
	assert_int_equal(caller->state, TASK_ENDED);
	assert_int_equal(leader->state, TASK_REPLACED);
	assert_null(model_find_process(model, 100));
	check();
	end();
}

/* How many tasks the end of a process took along: those that were there when it began. */
static void test_process_ended(void **state)
{
	const struct event with_group = { .kind = EVENT_EXIT,
					  .tid = 103,
					  .have = EVENT_HAVE_LEADER,
					  .exit = { .status = KILLED(9), .with_group = true } };
	struct event alone = with_group, last = with_group;

	(void)state;
	begin(true);
	launch(100, "sh");
	for (pid_t tid = 101; tid < 104; tid++)
		make_thread(100, 100, tid);
	alone.tid = 101;
	alone.exit.status = EXITED(0);
	alone.exit.with_group = false;
	apply(alone);
	leave(102, EXITED(0));
	assert_int_equal(process_of(100)->ended, 0);
	apply(with_group);
	assert_int_equal(process_of(100)->ended, 2);
	last.tid = 100;
	assert_int_equal(apply(last)->task->process->ended, 2);

	launch(200, "sh");
	make_thread(200, 200, 201);
	make_thread(200, 200, 202);
	assert_int_equal(finish(EVENT_GROUP_EXIT, 201, EXITED(3))->task->process->ended, 3);
	assert_int_equal(process_of(200)->nlwp, 3);
	exec_as(200, 202, "true"); /* came before */
	assert_int_equal(process_of(200)->ended, 0);
	check();
	end();
}

/* The leader's end, in either form, may be reported before the exec. */
static void test_exec_by_thread_after_leader(void **state)
{
	static const enum event_kind kinds[] = { EVENT_LEADER_EXIT, EVENT_EXIT };

	(void)state;
	for (size_t i = 0; i < ARRAY_LENGTH(kinds); i++) {
		const struct task *leader, *caller;

		begin(MODEL_KEEP_ALL);
		launch(100, "sh");
		make_thread(100, 100, 101);
		leader = live(100);
		caller = live(101);
		finish(kinds[i], 100, KILLED(9));
		if (kinds[i] == EVENT_EXIT) { /* which was taken as the end of all */
			assert_int_equal(caller->state, TASK_ENDED);
			assert_ptr_equal(exec_as(100, 101, "true")->task, leader);
			end();
			continue;
		}
		assert_ptr_equal(exec_as(100, 101, "true")->other, leader);
		assert_ptr_equal(live(100), caller);
		assert_int_equal(leader->state, TASK_REPLACED);
		assert_int_equal(leader->status, KILLED(9));
		assert_int_equal(process_of(100)->nlwp, 1);
		check();
		end();
	}
}

static void name(pid_t tid, const char *given)
{
	apply((struct event){ .kind = EVENT_NAME, .tid = tid, .have = EVENT_HAVE_NAME, .name = { .name = given } });
}

static const struct step *fail_exec(pid_t tid, const char *file, int error)
{
	return apply((struct event){ .kind = EVENT_CALL,
				     .tid = tid,
				     .have = file ? EVENT_HAVE_FILE : 0,
				     .attempt.request = { .call = CALL_EXECVE, .abi = abi_find_name("x86_64") },
				     .call = { .result = -error, .file = file } });
}

/* Execs that fail one behind the other: of one name and with one error they are one search. */
static void test_failed_execs(void **state)
{
	const struct failed_exec *failed;

	(void)state;
	begin(MODEL_KEEP_ALL);
	launch(100, "make");
	make_process(100, 100, 101);
	assert_false(fail_exec(101, "/a/cc", ENOENT)->again);
	assert_true(fail_exec(101, "/b/cc", ENOENT)->again);
	assert_true(fail_exec(101, "cc", ENOENT)->again);
	failed = live(101)->process->failed;
	assert_int_equal(failed->count, 3);
	assert_int_equal(failed->error, ENOENT);
	assert_string_equal(failed->file, "cc");
	assert_null(live(100)->process->failed);
	assert_false(fail_exec(101, "/c/cc", EACCES)->again);
	assert_false(fail_exec(101, "/c/ld", EACCES)->again);
	assert_int_equal(live(101)->process->failed->count, 1);
	assert_false(fail_exec(101, NULL, EACCES)->again);
	assert_false(fail_exec(101, NULL, EACCES)->again);
	assert_null(live(101)->process->failed->file);
	/* whatever else the task does ends it, what another one does not */
	fail_exec(101, "/a/cc", ENOENT);
	make_thread(101, 101, 102);
	assert_null(live(101)->process->failed);
	fail_exec(101, "/a/cc", ENOENT);
	make_process(102, 101, 103);
	assert_true(fail_exec(101, "/a/cc", ENOENT)->again);
	assert_false(fail_exec(102, "/a/cc", ENOENT)->again);
	exec_as(101, 101, "cc");
	assert_null(live(101)->process->failed);
	end();
}

/* A name is the task's own, until it execs. */
static void test_names(void **state)
{
	(void)state;
	begin(MODEL_KEEP_ALL);
	launch(100, "sh");
	make_thread(100, 100, 101);
	assert_null(live(100)->name);
	name(101, "worker 0");
	name(101, "worker 1");
	name(999, "nobody");
	plain(EVENT_NAME, 101); /* a name that is not known */
	assert_string_equal(live(101)->name, "worker 1");
	make_thread(101, 100, 102);
	make_process(101, 100, 103);
	assert_null(live(100)->name);
	assert_null(live(102)->name);
	assert_null(live(103)->name);
	exec_as(100, 101, "ls");
	assert_null(live(100)->name);
	end();
}

static void look(pid_t tid, const char *state, const char *named, bool kernel, bool worker)
{
	apply((struct event){
		.kind = EVENT_LOOK,
		.tid = tid,
		.have = EVENT_HAVE_LOOK,
		.look = { .state = state, .name = named, .cpus = "", .kernel = kernel, .worker = worker } });
}

/* What a snapshot says of a task is known of it: every format has the same. */
static void test_look(void **state)
{
	(void)state;
	begin(MODEL_KEEP_ALL);
	attach(10, 10, false);
	look(10, "T", "server", false, false);
	attach(11, 10, false);
	look(11, "R", "iou-wrk-10", false, true);
	attach(2, 2, false);
	look(2, "S", "kthreadd", true, false);
	look(99, "S", "nobody", false, false);
	assert_true(process_of(10)->stopped);
	assert_false(process_of(10)->kernel);
	assert_string_equal(live(11)->name, "iou-wrk-10");
	assert_true(live(11)->worker);
	assert_false(live(10)->worker);
	assert_true(process_of(2)->kernel);
	assert_false(process_of(2)->stopped);
	end();
}

/* What a task does first shows more of the library call that made it, once. */
static void test_guess(void **state)
{
	static const char shell[] = "system() or popen()", session[] = "daemon() or forkpty()";
	const struct event setsid = {
		.kind = EVENT_CALL, .tid = 104, .attempt.request = { .call = CALL_SETSID }, .call = { .result = 104 }
	};
	struct event spawned = spawn_event(100, 100, 101, FLAG_VM | FLAG_VFORK);
	struct event failed = setsid;

	(void)state;
	spawned.attempt.request.have |= REQUEST_STACK;
	begin(MODEL_KEEP_ALL);
	launch(100, "sh");
	apply(spawned);
	assert_string_equal(live(101)->looks_like, "posix_spawn()");
	assert_string_equal(exec_as(101, 101, "sh -c ls")->guess, shell);
	assert_string_equal(live(101)->looks_like, shell);
	assert_null(exec_as(101, 101, "sh -c ls")->guess);

	spawned.spawn.child = spawned.spawn.child_tgid = 102;
	apply(spawned);
	assert_null(exec_as(102, 102, "ls")->guess);
	assert_null(exec_as(102, 102, "sh -c ls")->guess); /* too late */
	assert_string_equal(live(102)->looks_like, "posix_spawn()");

	make_process(100, 100, 104);
	failed.call.result = -1;
	assert_null(apply(failed)->guess);
	assert_string_equal(apply(setsid)->guess, session);
	assert_string_equal(live(104)->looks_like, session);
	assert_null(apply(setsid)->guess);
	end();
}

static void test_exec_of_unknown(void **state)
{
	const struct task *other;
	const struct step *done;

	(void)state;
	begin(MODEL_KEEP_ALL);
	launch(100, "sh");
	assert_null(exec_as(55, 55, "true")->task);
	assert_null(exec_as(55, 56, "true")->task);
	done = exec_as(100, 56, "true"); /* the caller was never seen, the leader was */
	assert_ptr_equal(done->task, live(100));
	assert_null(done->other);
	assert_string_equal(process_of(100)->command, "true");

	/* A task that was never known to lead is found by its former tid. */
	attach(201, 200, false);
	done = exec_as(200, 201, "false");
	assert_ptr_equal(done->task, live(200));
	assert_null(done->other);
	assert_int_equal(live(200)->former, 201);

	/* The leader's number was last seen with a task of another process, which must be over. */
	other = make_thread(100, 100, 300)->other;
	attach(301, 300, false);
	done = exec_as(300, 301, "false");
	assert_ptr_equal(done->task, live(300));
	assert_null(done->other);
	assert_int_equal(other->state, TASK_ENDED);
	check();
	end();
}

static void test_group_stop(void **state)
{
	(void)state;
	begin(MODEL_KEEP_ALL);
	launch(100, "sh");
	make_thread(100, 100, 101);
	apply((struct event){ .kind = EVENT_GROUP_STOP, .tid = 101, .signal = { .signo = 19 } });
	assert_true(process_of(100)->stopped);
	apply((struct event){ .kind = EVENT_GROUP_CONT, .tid = 100 });
	assert_false(process_of(100)->stopped);
	assert_null(plain(EVENT_GROUP_STOP, 4711)->task);
	end();
}

static void test_detach(void **state)
{
	const struct task *leader, *thread;

	(void)state;
	begin(MODEL_KEEP_ALL);
	attach(100, 100, false);
	attach(101, 100, false);
	leader = live(100);
	thread = live(101);
	assert_ptr_equal(plain(EVENT_DETACH, 100)->task, leader);
	assert_int_equal(leader->state, TASK_DETACHED);
	assert_int_equal(leader->end, 30);
	assert_int_equal(process_of(100)->nlwp, 1);
	assert_ptr_equal(process_of(100)->leader, leader);
	plain(EVENT_DETACH, 100);
	plain(EVENT_DETACH, 101);
	plain(EVENT_DETACH, 4711);
	assert_int_equal(thread->state, TASK_DETACHED);
	assert_null(model_find_process(model, 100));
	assert_int_equal(tally()->alive, 0);
	assert_int_equal(tally()->exits, 0);
	leave(101, EXITED(0)); /* not ours any more */
	assert_int_equal(thread->state, TASK_DETACHED);
	assert_int_equal(tally()->exits, 0);
	check();
	end();
}

static void test_reuse_of_tids(void **state)
{
	const struct task *first, *second, *thread;

	(void)state;
	begin(MODEL_KEEP_ALL);
	launch(100, "sh");

	/* After the end of the first one. */
	first = make_process(100, 100, 101)->other;
	exec_as(101, 101, "one");
	leave(101, EXITED(1));
	second = make_process(100, 100, 101)->other;
	assert_ptr_not_equal(first, second);
	assert_ptr_equal(live(101), second);
	assert_ptr_not_equal(first->process, second->process);
	assert_string_equal(first->process->command, "one");
	assert_string_equal(second->process->command, "sh");
	assert_int_equal(first->status, EXITED(1));

	/* Of a live process: it and its threads must be gone. */
	thread = make_thread(101, 101, 102)->other;
	make_process(100, 100, 101);
	assert_int_equal(second->state, TASK_ENDED);
	assert_int_equal(second->status, TASK_STATUS_UNKNOWN);
	assert_int_equal(thread->state, TASK_ENDED);
	assert_int_equal(process_of(101)->nlwp, 1);
	assert_int_equal(tally()->alive, 2);
	check();

	/* Of a live thread by another thread, and by one that was there. */
	thread = make_thread(101, 101, 103)->other;
	make_thread(100, 100, 103);
	assert_int_equal(thread->state, TASK_ENDED);
	assert_int_equal(process_of(101)->nlwp, 1);
	thread = live(103);
	attach(103, 103, false);
	assert_int_equal(thread->state, TASK_ENDED);
	assert_true(live(103)->attached);
	attach(103, 103, false); /* the same process again */
	assert_int_equal(process_of(103)->nlwp, 1);
	check();

	/* Of the creator itself. */
	make_process(101, 101, 101);
	assert_ptr_not_equal(live(101)->creator, live(101));
	assert_int_equal(live(101)->creator->tid, 101);
	check();
	end();
}

static void test_creator_killed_first(void **state)
{
	const struct task *creator, *thread;
	const struct step *done;

	(void)state;
	for (int keep = 0; keep < 2; keep++) {
		begin(keep ? MODEL_KEEP_ALL : 0);
		launch(100, "sh");
		make_process(100, 100, 101);
		exec_as(101, 101, "forker");
		make_thread(101, 101, 102);
		creator = live(102);
		leave(102, KILLED(9));
		leave(101, KILLED(9));
		done = make_process(102, 101, 103);
		assert_ptr_equal(done->task, creator);
		assert_ptr_equal(done->other->creator, creator);
		assert_string_equal(process_of(103)->command, "forker");
		assert_int_equal(process_of(103)->ppid, 101);

		/* A thread whose whole process has been reported dead joins it all the same, to be reported dead too.
		 */
		thread = make_thread(101, 101, 104)->other;
		assert_ptr_equal(thread->process, creator->process);
		assert_int_equal(thread->process->nlwp, 1);
		check();
		leave(104, KILLED(9));
		assert_int_equal(thread->process->nlwp, 0);
		check();
		end();
	}
}

static void test_unknown_creator(void **state)
{
	struct event event = spawn_event(0, 100, 101, 0);
	const struct step *done;

	(void)state;
	begin(MODEL_KEEP_ALL);
	launch(100, "sh");
	event.have = EVENT_HAVE_REQUEST;
	done = apply(event);
	assert_null(done->task);
	assert_null(done->other->creator);
	assert_ptr_equal(live(100)->next, done->other);
	assert_int_equal(process_of(101)->ppid, 100);
	assert_string_equal(process_of(101)->command, "sh");
	assert_int_equal(done->other->kind, KIND_PROCESS);
	assert_false(done->other->attached);

	/* A thread by an unknown sibling; then creators of which nothing was ever seen. */
	event = spawn_event(0, 100, 102, PTHREAD_FLAGS);
	event.have = EVENT_HAVE_REQUEST;
	apply(event);
	assert_ptr_equal(live(102)->process, process_of(100));
	assert_null(live(102)->creator);
	done = make_process(500, 500, 501);
	assert_null(done->task);
	assert_int_equal(process_of(501)->ppid, 500);
	assert_null(process_of(501)->command);
	make_thread(600, 600, 601);
	assert_ptr_equal(process_of(600)->leader, live(601));
	assert_int_equal(process_of(600)->ppid, 0);
	apply(spawn_event(700, 700, 701, FLAG_PARENT));
	assert_int_equal(process_of(701)->ppid, 0);
	check();
	end();
}

/* unshare by one of two parts both, exec all but what it keeps; what was never shared is not parted. */
static void test_parted(void **state)
{
	const struct step *done;

	(void)state;
	begin(MODEL_KEEP_ALL);
	launch(100, "sh");
	apply(spawn_event(100, 100, 101, FLAG_VM | FLAG_FILES | FLAG_FS));
	apply(spawn_event(100, 100, 102, FLAG_FILES));
	apply(spawn_event(101, 101, 103, 0));
	assert_int_equal(live(101)->shares, 1 << CHECK_MEMORY | 1 << CHECK_FILES | 1 << CHECK_FS);
	done = apply((struct event){
		.kind = EVENT_CALL, .tid = 101, .attempt.request = unit_call(CALL_UNSHARE, FLAG_FILES, 0) });
	assert_int_equal(done->parted, 1 << CHECK_FILES);
	assert_int_equal(done->parted_from, 100);
	assert_int_equal(live(101)->shares, 1 << CHECK_MEMORY | 1 << CHECK_FS);
	done = apply((struct event){ .kind = EVENT_CALL,
				     .tid = 101,
				     .attempt.request = unit_call(CALL_UNSHARE, FLAG_FS, 0),
				     .call = { .result = -1 } });
	assert_int_equal(done->parted, 0);
	done = plain(EVENT_EXEC, 101);
	assert_int_equal(done->parted, 1 << CHECK_MEMORY);
	assert_int_equal(live(101)->shares, 1 << CHECK_FS);
	done = apply((struct event){
		.kind = EVENT_CALL, .tid = 100, .attempt.request = unit_call(CALL_UNSHARE, FLAG_FILES | FLAG_FS, 0) });
	assert_int_equal(done->parted, 1 << CHECK_FILES | 1 << CHECK_FS);
	assert_int_equal(done->parted_from, 101);
	assert_int_equal(live(101)->shares | live(102)->shares | live(103)->shares, 0);
	end();
}

static void test_what_does_not_fit(void **state)
{
	static const enum event_kind kinds[] = { EVENT_CALL,	    EVENT_SIGNAL, EVENT_GROUP_STOP, EVENT_GROUP_CONT,
						 EVENT_LEADER_EXIT, EVENT_EXIT,	  EVENT_REPARENT,   EVENT_DETACH,
						 EVENT_GROUP_EXIT,  EVENT_NOTE,	  EVENT_REFUSED,    EVENT_ATTACH,
						 EVENT_SPAWN };

	(void)state;
	begin(MODEL_KEEP_ALL);
	for (size_t i = 0; i < ARRAY_LENGTH(kinds); i++) {
		const struct step *done = plain(kinds[i], 0);

		assert_null(done->task);
		assert_null(done->other);
	}
	assert_int_equal(count_tasks(), 0);
	launch(100, "sh");
	assert_ptr_equal(plain(EVENT_NOTE, 100)->task, live(100));
	assert_ptr_equal(plain(EVENT_CALL, 100)->task, live(100));
	assert_ptr_equal(plain(EVENT_SIGNAL, 100)->task, live(100));
	assert_ptr_equal(plain(EVENT_REFUSED, 100)->task, live(100));
	check();
	end();
}

/* Dead tasks stay when they are to be kept, all of them. */
static void test_keep(void **state)
{
	const unsigned count = 5000;

	(void)state;
	begin(MODEL_KEEP_ALL);
	launch(100, "sh");
	for (unsigned i = 0; i < count; i++) {
		make_process(100, 100, 101 + (pid_t)(i % 10));
		leave(101 + (pid_t)(i % 10), EXITED((int)i % 256));
	}
	assert_int_equal(count_tasks(), count + 1);
	assert_int_equal(live(100)->first->birth, 2);
	assert_int_equal(live(100)->last->status, EXITED((int)(count - 1) % 256));
	assert_int_equal(tally()->tasks, count + 1);
	end();
}

/* Of a limited number the first stay, whoever made them, and those that live. */
static void test_keep_some(void **state)
{
	unsigned count = 0;

	(void)state;
	begin(50);
	launch(100, "sh");
	for (pid_t i = 1; i < 60; i++)
		make_process(100, 100, 100 + i);
	for (pid_t i = 1; i < 60; i++)
		leave(100 + i, EXITED(i));
	for (pid_t i = 0; i < 5000; i++) {
		make_process(100, 100, 1000 + i);
		leave(1000 + i, EXITED(0));
	}
	for (const struct task *task = live(100)->first; task; task = task->next, count++) {
		if (count < 49)
			assert_int_equal(task->status, EXITED((int)count + 1));
		else
			assert_true(task->tid >= 1000);
		assert_int_equal(task->made_by, 0);
	}
	assert_true(count < 3000);
	assert_int_equal(tally()->tasks, 5060);
	check();
	end();
}

static void round_child(pid_t tid)
{
	make_process(100, 100, tid);
	leave(tid, EXITED(0));
}

static void round_thread(pid_t tid)
{
	make_thread(100, 100, tid);
	leave(tid, EXITED(0));
}

/* A process with a thread and a child that outlives it, everything dying from the top. */
static void round_family(pid_t tid)
{
	make_process(100, 100, tid);
	make_thread(tid, tid, tid + 1);
	make_process(tid + 1, tid, tid + 2);
	finish(EVENT_LEADER_EXIT, tid, EXITED(0));
	leave(tid + 1, EXITED(0));
	leave(tid, EXITED(0));
	exec_as(tid + 2, tid + 2, "x");
	leave(tid + 2, EXITED(0));
}

static void round_thread_exec(pid_t tid)
{
	make_process(100, 100, tid);
	make_thread(tid, tid, tid + 1);
	exec_as(tid, tid + 1, "x");
	leave(tid, EXITED(0));
}

static void round_root(pid_t tid)
{
	attach(tid, tid, false);
	attach(tid + 1, tid, false);
	plain(EVENT_DETACH, tid);
	plain(EVENT_DETACH, tid + 1);
}

/* The number of tasks stays within bounds, whatever the pattern. */
static void test_bounded(void **state)
{
	static void (*const patterns[])(pid_t) = { round_child, round_thread, round_family, round_thread_exec,
						   round_root };
	const size_t limits[] = { 0, 500 };

	(void)state;
	for (size_t i = 0; i < ARRAY_LENGTH(patterns) * ARRAY_LENGTH(limits); i++) {
		const size_t limit = limits[i % ARRAY_LENGTH(limits)];

		begin(limit);
		launch(100, "sh");
		for (pid_t round = 0; round < 100000; round++) {
			patterns[i / ARRAY_LENGTH(limits)](1000 + 4 * (round % 8000));
			if (round % 10000 == 0)
				assert_true(count_tasks() < limit + 3000);
		}
		assert_true(count_tasks() < limit + 3000);
		assert_int_equal(tally()->alive, 1);
		assert_ptr_equal(model_roots(model), live(100));
		end();
	}
}

/* A server for days, with three tasks at once: whether its workers are made by a master or each by the one before,
 * which then ends, and whether the end is to be drawn or not. A million events. */
static void test_server(void **state)
{
	const size_t limits[] = { 0, 200 };

	(void)state;
	for (int i = 0; i < 4; i++) {
		const bool hops = i % 2;
		const size_t limit = limits[i / 2];
		pid_t before = 100;
		unsigned count = 0;

		begin(limit);
		attach(100, 100, false);
		make_thread(100, 100, 101);
		for (int round = 0; round < 125000; round++) {
			const pid_t tid = 1000 + round % 30000, creator = hops ? before : 101;

			make_process(creator, hops ? before : 100, tid);
			if (before != 100)
				leave(before, EXITED(0));
			before = tid;
			if (round % 5000 != 4999)
				continue;
			assert_int_equal(tally()->alive, 3);
			if (count)
				assert_int_equal(count_tasks(), count); /* a constant number */
			count = count_tasks();
		}
		assert_true(count < limit + 3000);
		assert_int_equal(tally()->tasks, 125002);
		assert_true(hops ? live(before)->creator != NULL : live(before)->creator == live(101));
		end();
	}
}

/* What a task made that is forgotten hangs below the next one above it. A process whose leader is forgotten has
 * another.
 */
static void test_handed_over(void **state)
{
	const struct task *task;

	(void)state;
	begin(0);
	launch(100, "sh");
	make_process(100, 100, 101);
	make_process(100, 100, 110);
	make_process(101, 101, 102);
	make_process(101, 101, 103);
	make_process(103, 103, 104);
	leave(101, EXITED(1));
	leave(103, EXITED(1));
	attach(200, 200, false);
	make_process(200, 200, 202);
	attach(201, 200, false);
	plain(EVENT_DETACH, 200);
	assert_int_equal(process_of(200)->leader->tid, 200);
	for (pid_t i = 0; i < 5000; i++)
		round_child(1000 + i);
	/* in place of their creators, before those that stood behind them */
	task = live(100)->first;
	assert_ptr_equal(task, live(102));
	assert_int_equal(task->made_by, 101);
	assert_ptr_equal(task->creator, live(100));
	task = task->next;
	assert_ptr_equal(task, live(104));
	assert_int_equal(task->made_by, 103);
	assert_ptr_equal(task->creator, live(100));
	task = task->next;
	assert_ptr_equal(task, live(110));
	assert_int_equal(task->made_by, 0);
	/* without a creator that is known they are roots */
	task = model_roots(model)->next;
	assert_ptr_equal(task, live(202));
	assert_int_equal(task->made_by, 200);
	assert_null(task->creator);
	assert_ptr_equal(task->next, live(201));
	assert_ptr_equal(process_of(200)->leader, live(201));
	check();
	end();
}

/* As many generations as tasks: nothing may recurse. The stack is too small for a frame of each. */
static void test_deep_chain(void **state)
{
	const pid_t depth = 100000;
	struct rlimit limit, small;

	(void)state;
	assert_int_equal(getrlimit(RLIMIT_STACK, &limit), 0);
	small = limit;
	small.rlim_cur = 512 * 1024;
	for (int keep = 0; keep < 2; keep++) {
		begin(keep ? MODEL_KEEP_ALL : 0);
		launch(1, "sh");
		for (pid_t tid = 2; tid <= depth; tid++)
			make_process(tid - 1, tid - 1, tid);
		assert_int_equal(tally()->most, depth);
		assert_string_equal(process_of(depth)->command, "sh");
		assert_int_equal(setrlimit(RLIMIT_STACK, &small), 0);
		if (!keep)
			for (pid_t tid = 1; tid < depth; tid++)
				leave(tid, EXITED(0));
		assert_true(keep ? count_tasks() == (unsigned)depth : count_tasks() < 3000);
		assert_true(keep || live(depth)->creator);
		end();
		assert_int_equal(setrlimit(RLIMIT_STACK, &limit), 0);
	}
}

static uint32_t random_next(uint32_t *seed)
{
	*seed = *seed * 1664525 + 1013904223;
	return *seed >> 16;
}

/* Any event about a few tids, sense or nonsense. */
static struct event random_event(uint32_t *seed)
{
	static const uint64_t flags[] = { 0, PTHREAD_FLAGS, FLAG_PARENT, FLAG_VM | FLAG_VFORK, FLAG_NEWPID };
	const pid_t a = (pid_t)(random_next(seed) % 12), b = (pid_t)(random_next(seed) % 12);
	const pid_t c = (pid_t)(random_next(seed) % 12);
	struct event event = { .kind = (enum event_kind)(random_next(seed) % EVENT_KIND_COUNT), .tid = a };

	switch (random_next(seed) % 8) {
	case 0:
		event.kind = EVENT_EXEC;
		event.have = random_next(seed) & EVENT_HAVE_COMMAND;
		event.exec.former = b;
		event.exec.command = "random";
		break;
	case 1:
		event.kind = EVENT_ATTACH;
		event.have = random_next(seed) & EVENT_HAVE_PPID;
		event.attach.tgid = b;
		event.attach.creator = c;
		event.attach.zombie = random_next(seed) % 2;
		break;
	case 2:
	case 3:
	case 4:
		event = spawn_event(a, b, c, flags[random_next(seed) % ARRAY_LENGTH(flags)]);
		event.have = random_next(seed);
		if (random_next(seed) % 4 == 0)
			event.spawn.child_tgid = (pid_t)(random_next(seed) % 12);
		break;
	default:
		break;
	}
	return event;
}

static void test_random(void **state)
{
	(void)state;
	for (uint32_t run = 0; run < 60; run++) {
		uint32_t seed = run * 7919 + 1;
		const size_t limits[] = { 0, MODEL_KEEP_ALL, 40 };
		const bool keep = run % 3 == 1;

		begin(limits[run % 3]);
		for (unsigned i = 0; i < (keep ? 300 : 6000); i++) {
			apply(random_event(&seed));
			if (i % (keep ? 10 : 600) == 0)
				check();
		}
		check();
		end();
	}
}

/* An exec and another parent make the exit signal SIGCHLD; a CLONE_PARENT child has its creator's. */
static void test_exit_signal(void **state)
{
	struct event event;

	(void)state;
	begin(MODEL_KEEP_ALL);
	launch(1, "a");
	assert_int_equal(process_of(1)->exit_signal, -1);
	exec_as(1, 1, "a");
	assert_int_equal(process_of(1)->exit_signal, SIGNO_CHLD);

	event = spawn_event(1, 1, 2, 0);
	event.attempt.request.exit_signal = 10;
	apply(event);
	assert_int_equal(process_of(2)->exit_signal, 10);
	apply(spawn_event(2, 2, 3, FLAG_PARENT));
	assert_int_equal(process_of(3)->exit_signal, 10);
	make_thread(2, 2, 4);
	assert_int_equal(process_of(2)->exit_signal, 10);
	event = spawn_event(2, 2, 5, 0);
	event.have &= ~(unsigned)EVENT_HAVE_REQUEST;
	apply(event);
	assert_int_equal(process_of(5)->exit_signal, -1);

	exec_as(2, 4, "b");
	assert_int_equal(process_of(2)->exit_signal, SIGNO_CHLD);
	apply((struct event){ .kind = EVENT_REPARENT, .tid = 3, .reparent = { .from = 1, .to = 9 } });
	assert_int_equal(process_of(3)->exit_signal, SIGNO_CHLD);
	end();
}

static void make_odd(pid_t parent, pid_t pid, uint64_t flags, uint64_t signo)
{
	struct event event = spawn_event(parent, parent, pid, flags);

	event.attempt.request.exit_signal = signo;
	apply(event);
}

/* After an exec of the parent its children's ends send SIGCHLD, whatever they asked for (kernel/signal.c:
 * do_notify_parent()); what an end has sent stays as it was. */
static void test_exit_signal_parent(void **state)
{
	const struct process *ended;

	(void)state;
	begin(MODEL_KEEP_ALL);
	attach(1, 1, false);
	apply((struct event){
		.kind = EVENT_ATTACH, .tid = 9, .have = EVENT_HAVE_PPID, .attach = { .tgid = 9, .ppid = 1 } });
	make_odd(1, 2, 0, 10);
	make_odd(1, 3, 0, 0);
	make_odd(1, 4, 0, 10);
	make_odd(2, 5, 0, 10);
	make_odd(1, 6, FLAG_AUTOREAP, 0);
	ended = process_of(4);
	leave(4, 0);
	assert_int_equal(process_of(9)->exit_signal, -1);

	exec_as(1, 1, "a");
	assert_int_equal(process_of(2)->exit_signal, SIGNO_CHLD);
	assert_int_equal(process_of(3)->exit_signal, SIGNO_CHLD);
	assert_int_equal(ended->exit_signal, 10);
	assert_int_equal(process_of(5)->exit_signal, 10);
	assert_int_equal(process_of(6)->exit_signal, 0);
	assert_int_equal(process_of(9)->exit_signal, SIGNO_CHLD);
	make_odd(2, 7, FLAG_PARENT, 0); /* its creator's, whose creator has exec'ed */
	assert_int_equal(process_of(7)->exit_signal, SIGNO_CHLD);
	make_odd(1, 8, 0, 10); /* asked for by the new program */
	assert_int_equal(process_of(8)->exit_signal, 10);

	apply((struct event){ .kind = EVENT_REPARENT, .tid = 6, .reparent = { .from = 1, .to = 99 } });
	exec_as(6, 6, "b");
	assert_int_equal(process_of(6)->exit_signal, 0);

	/* Nothing reports what it does after cltrace has detached from it. */
	apply((struct event){ .kind = EVENT_DETACH, .tid = 1 });
	assert_int_equal(process_of(8)->exit_signal, -1);
	assert_int_equal(process_of(2)->exit_signal, SIGNO_CHLD);
	end();
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_empty),
		cmocka_unit_test(test_launch),
		cmocka_unit_test(test_process),
		cmocka_unit_test(test_threads),
		cmocka_unit_test(test_parents),
		cmocka_unit_test(test_kinds_and_tally),
		cmocka_unit_test(test_retry),
		cmocka_unit_test(test_nspid),
		cmocka_unit_test(test_attach),
		cmocka_unit_test(test_attach_zombie_leader),
		cmocka_unit_test(test_zombie_leader),
		cmocka_unit_test(test_process_ended),
		cmocka_unit_test(test_leader_exit_before_threads),
		cmocka_unit_test(test_exec_ends_other_threads),
		cmocka_unit_test(test_exec_by_thread),
		cmocka_unit_test(test_exec_by_thread_after_leader),
		cmocka_unit_test(test_exec_of_unknown),
		cmocka_unit_test(test_failed_execs),
		cmocka_unit_test(test_names),
		cmocka_unit_test(test_guess),
		cmocka_unit_test(test_look),
		cmocka_unit_test(test_group_stop),
		cmocka_unit_test(test_detach),
		cmocka_unit_test(test_reuse_of_tids),
		cmocka_unit_test(test_creator_killed_first),
		cmocka_unit_test(test_unknown_creator),
		cmocka_unit_test(test_parted),
		cmocka_unit_test(test_what_does_not_fit),
		cmocka_unit_test(test_exit_signal),
		cmocka_unit_test(test_exit_signal_parent),
		cmocka_unit_test(test_keep),
		cmocka_unit_test(test_keep_some),
		cmocka_unit_test(test_bounded),
		cmocka_unit_test(test_server),
		cmocka_unit_test(test_handed_over),
		cmocka_unit_test(test_deep_chain),
		cmocka_unit_test(test_random),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
