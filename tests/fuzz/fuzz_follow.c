/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Fuzzes the state machine: whatever wait(2) says, in whatever order, with few tids, so that they meet again and again.
 *
 * Input: the configuration (2 bytes), how many tasks are attached and 3 bytes for each, then the operations, each
 * mostly with a tid (stops[], others[]); what follow asks for is read from the input when it asks. With FUZZ_VERBOSE in
 * the environment it prints on stderr what happens. */
#include <errno.h>
#include <signal.h>
#include <stdarg.h>
#include <sys/wait.h>

#include "clone/flags.h"
#include "event/event.h"
#include "follow/follow.h"
#include "fuzz.h"
#include "trace.h"

#define TIDS 24 /* from 1 to 23 */
#define FILTER_DATA 0x1d
#define OPERATIONS_MAX 1000

/* What a task is to the kernel, as far as stops and orders go. */
enum standing {
	RUNNING, /* or not there */
	STOPPED, /* to be resumed by exactly one order */
	LEAVING, /* past PTRACE_EVENT_EXIT: an order comes too late, which does no harm */
};

struct kernel_task {
	enum standing standing;
	pid_t tgid;	 /* 0: not announced, or over */
	int status;	 /* of its last stop */
	int signal;	 /* of the last order */
	bool foreign;	 /* stopped by a filter that is not ours */
	bool detached;	 /* it was detached after its announcement: its tid is not used again */
	bool taken_back; /* detached without ever having been announced */
	bool dead;	 /* it has ended, which must still be reported if it was announced */
};

struct world {
	struct facts facts; /* of the last refusal */
	struct input input;
	struct follow *follow;
	struct trace trace;
	struct kernel_task tasks[TIDS];
	uint64_t now, seq;
	bool detaching, verbose;
};

static void __attribute__((format(printf, 2, 3))) narrate(const struct world *world, const char *format, ...)
{
	va_list ap;

	if (!world->verbose)
		return;
	va_start(ap, format);
	vfprintf(stderr, format, ap);
	va_end(ap);
}

static struct kernel_task *task_at(struct world *world, pid_t tid)
{
	FUZZ_CHECK(tid > 0 && tid < TIDS);
	return &world->tasks[tid];
}

static pid_t input_tid(struct world *world)
{
	return 1 + input_u8(&world->input) % (TIDS - 1);
}

/* What follow says and wants */

static void task_ends(struct world *world, pid_t tid)
{
	struct kernel_task *task = task_at(world, tid);

	FUZZ_CHECK(task->tgid);
	task->tgid = 0;
	task->dead = false;
}

static void on_exec(struct world *world, const struct event *event)
{
	struct kernel_task *task = task_at(world, event->tid);
	struct kernel_task *former = task_at(world, event->exec.former);

	FUZZ_CHECK(task->tgid || former->tgid == event->tid); /* the latter: its leader was a zombie already */
	if (!task->tgid)
		task->tgid = event->tid;
	if (former != task && former->tgid == task->tgid)
		former->tgid = 0;
}

static void on_spawn(struct world *world, const struct event *event)
{
	struct kernel_task *child = task_at(world, event->spawn.child);

	FUZZ_CHECK(!child->tgid && event->spawn.child_tgid > 0);
	FUZZ_CHECK(!child->taken_back);
	child->tgid = event->spawn.child_tgid;
	child->detached = false;
}

/* Keeps account of who is announced and has not ended. */
static void on_event(void *data, const struct event *event)
{
	struct world *world = data;

	narrate(world, "    event %s %d\n", event_kind_name(event->kind), (int)event->tid);
	FUZZ_CHECK(event->seq == ++world->seq);
	FUZZ_CHECK(event->when <= world->now);
	switch (event->kind) {
	case EVENT_ATTACH:
		if (!event->attach.zombie && !task_at(world, event->tid)->tgid)
			task_at(world, event->tid)->tgid = event->attach.tgid;
		break;
	case EVENT_SPAWN:
		on_spawn(world, event);
		break;
	case EVENT_EXEC:
		on_exec(world, event);
		break;
	case EVENT_EXIT:
	case EVENT_DETACH:
		task_ends(world, event->tid);
		break;
	case EVENT_VFORK_DONE:
	case EVENT_REFUSED:
	case EVENT_CALL:
	case EVENT_NAME:
	case EVENT_LEADER_EXIT:
	case EVENT_GROUP_EXIT:
	case EVENT_SIGNAL:
		FUZZ_CHECK(task_at(world, event->tid)->tgid);
		break;
	case EVENT_BEGIN:
	case EVENT_GROUP_STOP:
	case EVENT_GROUP_CONT:
	case EVENT_REPARENT:
	case EVENT_VERIFY:
	case EVENT_DIFFERENCE:
	case EVENT_NOTE:
	case EVENT_LOOK:
	case EVENT_END:
	case EVENT_KIND_COUNT:
		break;
	}
	trace_event(&world->trace, event);
}

static bool is_group_stop(int status)
{
	int signo = WSTOPSIG(status);

	return stop_event(status) == STOP_EVENT_STOP &&
	       (signo == SIGSTOP || signo == SIGTSTP || signo == SIGTTIN || signo == SIGTTOU);
}

static void on_order(void *data, const struct order *order)
{
	struct world *world = data;
	struct kernel_task *task = task_at(world, order->tid);
	int event = stop_event(task->status);

	narrate(world, "    order %d how %d signal %d change %#x\n", (int)order->tid, order->how, order->signal,
		order->change);
	FUZZ_CHECK(task->standing != RUNNING);
	FUZZ_CHECK(order->how == ORDER_DETACH || !world->detaching || event == STOP_EVENT_EXIT);
	FUZZ_CHECK(order->how != ORDER_LISTEN || is_group_stop(task->status));
	FUZZ_CHECK(!order->signal || order->signal == SIGKILL || (!event && order->signal == WSTOPSIG(task->status)));
	/* Even if the task is detached, a call that its own filter passed to a tracer must not be made. */
	FUZZ_CHECK(!(order->change & ORDER_SKIP_CALL) == !task->foreign);
	FUZZ_CHECK(!(order->change & ORDER_SET_FLAGS) || order->audit_arch);
	task->standing = event == STOP_EVENT_EXIT ? LEAVING : RUNNING;
	task->signal = order->signal;
	if (order->how == ORDER_DETACH && !task->detached) { /* once more: it came too late */
		task->detached = task->tgid;
		task->taken_back = !task->tgid;
	}
}

/* The answers to follow's questions */

struct row {
	const char *abi;
	enum call call;
	uint64_t args[6];
	uint64_t fields[7]; /* clone3: flags .. stack_size */
};

static const struct row rows[16] = {
	{ "x86_64", CALL_CLONE, { 0x1200011, 0, 0, 0x7f00, 0 }, { 0 } },		 /* fork() */
	{ "x86_64", CALL_CLONE3, { 0x7000, 88 }, { 0x3d0f00, 0, 1, 1, 0, 0x5000, 64 } }, /* pthread_create() */
	{ "x86_64", CALL_CLONE3, { 0x7100, 88 }, { 0x4100, 0, 0, 0, 17, 0x5000, 64 } },	 /* posix_spawn() */
	{ "x86_64", CALL_VFORK, { 0 }, { 0 } },
	{ "x86_64", CALL_CLONE, { 0x3d0f00, 0x5000, 1, 1, 1 }, { 0 } },
	{ "x86_64", CALL_CLONE, { FLAG_UNTRACED | 17 }, { 0 } },
	{ "x86_64", CALL_CLONE3, { 0x7200, 88 }, { FLAG_UNTRACED | FLAG_PARENT } },
	{ "x86_64", CALL_CLONE, { FLAG_NEWPID | FLAG_NEWUSER | 17 }, { 0 } },
	{ "i386", CALL_CLONE, { 0x3d0f00, 0x5000, 1, 1, 1 }, { 0 } },
	{ "i386", CALL_FORK, { 0 }, { 0 } },
	{ "x86_64", CALL_UNSHARE, { FLAG_NEWPID }, { 0 } },
	{ "x86_64", CALL_SETNS, { 3, 0 }, { 0 } },
	{ "x86_64", CALL_SETSID, { 0 }, { 0 } },
	{ "x86_64", CALL_PRCTL, { 36, 1 }, { 0 } },
	{ "x86_64", CALL_EXIT, { 3 }, { 0 } },
	{ "x86_64", CALL_EXIT_GROUP, { 3 }, { 0 } },
};

static void answer_call(struct world *world, struct stop *stop)
{
	uint8_t pick = input_u8(&world->input);
	const struct row *row = &rows[pick & 15];
	const struct abi *abi = abi_find_name(row->abi);

	memset(&stop->call, 0, sizeof(stop->call));
	stop->call.audit_arch = abi->audit_arch;
	stop->call.nr = (uint64_t)abi->nr[row->call];
	memcpy(stop->call.args, row->args, sizeof(stop->call.args));
	if (row->call == CALL_PRCTL && pick & 0x10)
		stop->call.args[0] = 15; /* PR_SET_NAME */
	if (row->call == CALL_SETSID && pick & 0x30) {
		stop->call.nr = (uint64_t)abi->nr[pick & 0x10 ? CALL_KILL : CALL_SECCOMP];
		stop->call.args[0] = pick & 0x10 ? 0 : 1;
		stop->call.args[1] = SIGTERM;
	}
	stop->call.sp = (uint64_t)(pick >> 4 & 3) * 0x100;
	stop->call.seccomp_data = pick & 0x40 ? 1 : FILTER_DATA;
	task_at(world, stop->tid)->foreign = pick & 0x40 && stop_event(stop->status) == STOP_EVENT_SECCOMP;
	memset(&stop->clone_args, 0, sizeof(stop->clone_args));
	if (row->call == CALL_CLONE3) {
		stop->clone_args.length = CLONE_ARGS_SIZE_VER2;
		memcpy(stop->clone_args.bytes, row->fields, sizeof(row->fields));
	}
	if (pick & 0x80) { /* something else */
		pick = input_u8(&world->input);
		stop->clone_args.bytes[pick & 63] ^= input_u8(&world->input);
		stop->call.args[pick & 3] ^= UINT64_C(1) << (pick >> 2);
		stop->call.nr += pick == 0xff;
		stop->call.audit_arch += pick == 0xfe;
	}
	stop->have |= STOP_CALL;
}

static void answer_result(struct world *world, struct stop *stop)
{
	static const int64_t results[] = { 0,	 7,    1000, -1,    -11,   -22,	      -38, -512,
					   -513, -514, -516, -4095, -4096, INT64_MIN, -17, INT64_MAX };

	stop->result = results[input_u8(&world->input) % 16];
	stop->have |= STOP_RESULT;
}

static void answer_ids(struct world *world, struct stop *stop)
{
	static const char states[] = { 'S', 'R', 'T', 't', 'Z', 'X', 'D', 0 };
	uint8_t pick;

	stop->ids.tgid = input_tid(world);
	stop->ids.ppid = input_u8(&world->input) % TIDS;
	pick = input_u8(&world->input);
	stop->ids.depth = 1 + (pick & 1);
	stop->ids.nspid = 1 + (pick >> 1 & 3);
	stop->ids.state = states[pick >> 3 & 7];
	stop->ids.ours = pick >> 6 & 1;
	stop->have |= STOP_IDS;
}

static void answer_command(struct world *world, struct stop *stop)
{
	static const char *const commands[] = { "make -j2", "", "sh -c \"a\nb\"", "\033[2J\xff\xc3", "caf\xc3\xa9" };
	uint8_t pick = input_u8(&world->input);

	stop->command = commands[pick % 5];
	stop->set_id = (struct stop_set_id){ .ignored = pick & 0x80, .file_id = pick, .actual_id = (uid_t)-1 };
	stop->have |= STOP_COMMAND;
}

static void answer_siginfo(struct world *world, struct stop *stop)
{
	stop->siginfo.code = (int8_t)input_u8(&world->input);
	stop->siginfo.sender = (int8_t)input_u8(&world->input);
	stop->siginfo.value = input_u8(&world->input) * UINT64_C(0x01010101010101);
	stop->have |= STOP_SIGINFO;
}

/* The pid in an event's message; 0 when the task was killed meanwhile. */
static uint64_t input_message(struct world *world)
{
	uint8_t pick = input_u8(&world->input);
	pid_t tid = 1 + pick % (TIDS - 1);

	return pick == 0xff || world->tasks[tid].detached ? 0 : (uint64_t)tid;
}

static void answer_message(struct world *world, struct stop *stop)
{
	if (stop_event(stop->status) == STOP_EVENT_EXIT)
		stop->message = (uint64_t)input_u8(&world->input) << 8;
	else
		stop->message = input_message(world);
	narrate(world, "    message %#x\n", (unsigned)stop->message);
	stop->have |= STOP_MESSAGE;
}

/* Any facts, those that were not asked for too. */
static void answer_facts(struct world *world, struct stop *stop)
{
	const unsigned count = input_u8(&world->input) % 6;

	FUZZ_CHECK(stop->wanted.facts && !(stop->wanted.facts >> FACT_COUNT));
	world->facts = (struct facts){ .cgroup = "/fuzz" };
	for (unsigned i = 0; i < count; i++) {
		const struct fact fact = {
			.what = (enum fact_what)(input_u8(&world->input) % FACT_COUNT),
			.value = input_u8(&world->input),
			.use = input_u8(&world->input),
			.id = input_u8(&world->input),
		};

		facts_add(&world->facts, &fact);
	}
	stop->facts = &world->facts;
	stop->have |= STOP_FACTS;
}

/* Each question may find the task gone, whatever was answered before. */
static void on_gather(void *data, struct stop *stop, unsigned parts)
{
	struct world *world = data;
	uint8_t refused = input_u8(&world->input);

	FUZZ_CHECK(parts == STOP_IDS || parts == STOP_MEMORY || parts == STOP_ANSWERS || parts == STOP_LIFE ||
		   parts == STOP_WORKERS || task_at(world, stop->tid)->standing != RUNNING);
	FUZZ_CHECK(!(parts &
		     ~(unsigned)(STOP_MESSAGE | STOP_CALL | STOP_IDS | STOP_COMMAND | STOP_PID_NS | STOP_SIGINFO |
				 STOP_ACTION | STOP_USER | STOP_MEMORY | STOP_UNREAPED | STOP_FACTS | STOP_ANSWERS |
				 STOP_NAME | STOP_ENTERED | STOP_LIFE | STOP_LEFT | STOP_FATAL | STOP_WORKERS)));
	parts &= ~(unsigned)refused;
	if (parts & STOP_MESSAGE)
		answer_message(world, stop);
	if (parts & STOP_CALL && refused & 0x80 && stop->status == ((SIGTRAP | 0x80) << 8 | 0x7f))
		answer_result(world, stop);
	else if (parts & STOP_CALL)
		answer_call(world, stop);
	if (parts & STOP_IDS)
		answer_ids(world, stop);
	if (parts & STOP_PID_NS) {
		stop->other_pid_ns = input_u8(&world->input) & 1;
		stop->have |= STOP_PID_NS;
	}
	if (parts & STOP_LIFE) {
		stop->life = (enum stop_life)(input_u8(&world->input) % 3);
		stop->have |= STOP_LIFE;
	}
	if (parts & STOP_FATAL) {
		stop->fatal = input_u8(&world->input) & 1;
		stop->have |= STOP_FATAL;
	}
	if (parts & STOP_LEFT) {
		stop->left = input_u8(&world->input) & 1;
		stop->have |= STOP_LEFT;
	}
	if (parts & STOP_NAME) {
		stop->name = input_u8(&world->input) & 1 ? "" : "a name";
		stop->have |= STOP_NAME;
	}
	if (parts & STOP_COMMAND)
		answer_command(world, stop);
	if (parts & STOP_SIGINFO)
		answer_siginfo(world, stop);
	if (parts & STOP_MEMORY) {
		stop->memory.page_tables = input_u8(&world->input) * UINT64_C(4096);
		stop->memory.resident = input_u8(&world->input) * UINT64_C(0x1000001);
		stop->have |= STOP_MEMORY;
	}
	if (parts & STOP_UNREAPED) {
		stop->unreaped = input_u8(&world->input);
		stop->have |= STOP_UNREAPED;
	}
	if (parts & STOP_WORKERS) {
		stop->workers = input_u8(&world->input);
		stop->have |= STOP_WORKERS;
	}
	if (parts & STOP_FACTS)
		answer_facts(world, stop);
	if (parts & (STOP_ANSWERS | STOP_ENTERED)) {
		stop->answers.shared = input_u8(&world->input) * UINT64_C(0x1011);
		stop->answers.apart = ~stop->answers.shared & input_u8(&world->input) * UINT64_C(0x1011);
		stop->answers.neither = refused & 0x20;
		stop->have |= parts & (STOP_ANSWERS | STOP_ENTERED);
	}
	if (parts & STOP_ACTION) {
		stop->action.caught = refused & 0x10;
		stop->action.ignored = refused & 0x8;
		stop->have |= STOP_ACTION;
	}
	if (parts & STOP_USER && refused & 0x40) {
		stop->user = refused;
		stop->have |= STOP_USER;
	}
}

/* What holds between any two operations */

static void check_world(struct world *world)
{
	size_t known = 0, count;
	pid_t *tids;

	for (pid_t tid = 1; tid < TIDS; tid++) {
		const struct kernel_task *task = &world->tasks[tid];
		bool knows = follow_knows(world->follow, tid);

		known += knows;
		FUZZ_CHECK(!task->tgid || knows || task->dead);
		/* Nothing is left stopped but what waits for its creator, or for its death, and that will be looked at
		 * again. */
		if (task->standing == STOPPED || (knows && !task->tgid))
			FUZZ_CHECK(knows && follow_is_holding(world->follow));
	}
	FUZZ_CHECK(follow_count(world->follow) == known);
	count = follow_tids(world->follow, &tids);
	FUZZ_CHECK(count == known);
	for (size_t i = 0; i < count; i++)
		FUZZ_CHECK(follow_knows(world->follow, tids[i]));
	free(tids);
}

/* What happens */

#define EVENT_STATUS(event, signo) ((event) << 16 | (signo) << 8 | 0x7f)

/* Wait statuses. Those with `values` have a number from `first` on at bit `shift`. */
static const struct {
	int status;
	unsigned shift, first, values;
} stops[] = {
	{ .status = EVENT_STATUS(STOP_EVENT_STOP, SIGTRAP) },
	{ .status = EVENT_STATUS(STOP_EVENT_FORK, SIGTRAP) },
	{ .status = EVENT_STATUS(STOP_EVENT_VFORK, SIGTRAP) },
	{ .status = EVENT_STATUS(STOP_EVENT_CLONE, SIGTRAP) },
	{ .status = EVENT_STATUS(STOP_EVENT_SECCOMP, SIGTRAP) },
	{ .status = EVENT_STATUS(0, SIGTRAP | 0x80) },
	{ .status = 0, .shift = 8, .values = 256 },	       /* exited */
	{ .status = 0, .shift = 0, .first = 1, .values = 64 }, /* killed */
	{ .status = EVENT_STATUS(STOP_EVENT_EXEC, SIGTRAP) },
	{ .status = EVENT_STATUS(STOP_EVENT_EXIT, SIGTRAP) },
	{ .status = EVENT_STATUS(STOP_EVENT_STOP, 0), .shift = 8, .first = SIGSTOP, .values = 4 }, /* .. SIGTTOU */
	{ .status = EVENT_STATUS(0, 0), .shift = 8, .first = 1, .values = 64 },			   /* a signal */
	{ .status = EVENT_STATUS(STOP_EVENT_VFORK_DONE, SIGTRAP) },
	{ .status = EVENT_STATUS(0, SIGTRAP), .shift = 16, .values = 256 }, /* any event */
};

#define STOPS (sizeof(stops) / sizeof(stops[0]))

static void do_stop(struct world *world, size_t which)
{
	pid_t tid = input_tid(world);
	struct kernel_task *task = task_at(world, tid);
	struct stop stop = { .tid = tid, .status = stops[which].status, .when = world->now };
	bool announced = task->tgid && !task->dead, signal;

	if (stops[which].values)
		stop.status |= (int)((stops[which].first + input_u8(&world->input) % stops[which].values)
				     << stops[which].shift);
	signal = WIFSTOPPED(stop.status) && !stop_event(stop.status) && WSTOPSIG(stop.status) != (SIGTRAP | 0x80);
	task->status = stop.status;
	task->standing = WIFSTOPPED(stop.status) ? STOPPED : RUNNING;
	task->signal = 0;
	task->taken_back = task->foreign = false;
	if (!WIFSTOPPED(stop.status) || !task->tgid)
		task->dead = !WIFSTOPPED(stop.status);
	/* at which a detached task can stop when it is killed */
	if (stop_event(stop.status) != STOP_EVENT_EXIT)
		task->detached = false;
	narrate(world, "stop %d status %#x\n", (int)tid, (unsigned)stop.status);
	follow_stop(world->follow, &stop);
	/* Handed on, once, except what an init ignores, and the end of an init that does not die of its faults. */
	FUZZ_CHECK(!announced || !signal || task->signal == WSTOPSIG(stop.status) || task->signal == SIGKILL ||
		   WSTOPSIG(stop.status) == SIGSTOP);
}

static void do_idle(struct world *world)
{
	follow_idle(world->follow, world->now);
}

/* As long as it takes until a held task's creator is taken as gone. */
static void do_idle_long(struct world *world)
{
	narrate(world, "idle long\n");
	for (int i = 0; i < 60; i++)
		do_idle(world);
	world->now += 100000000;
	follow_look(world->follow, world->now);
	FUZZ_CHECK(!follow_look_at(world->follow) || follow_look_at(world->follow) > world->now);
}

static void do_detach(struct world *world)
{
	narrate(world, "detach\n");
	world->detaching = true;
	follow_detach(world->follow, world->now);
}

static void do_mode(struct world *world)
{
	follow_set_mode(world->follow, EVENT_MODE_EVENTS, ENOSYS, world->now);
}

/* The end of the tracer: nothing is heard of anybody after it. */
static void do_leave(struct world *world)
{
	narrate(world, "leave\n");
	follow_leave(world->follow, world->now);
	FUZZ_CHECK(follow_count(world->follow) == 0);
	for (pid_t tid = 1; tid < TIDS; tid++)
		world->tasks[tid].standing = RUNNING;
	world->input.size = 0;
}

static void do_operation(struct world *world)
{
	static void (*const others[])(struct world *) = { do_idle, do_idle_long, do_detach, do_mode, do_leave };
	size_t which = input_u8(&world->input) % (STOPS + sizeof(others) / sizeof(others[0]));

	world->now += 1000;
	if (which < STOPS)
		do_stop(world, which);
	else
		others[which - STOPS](world);
	check_world(world);
}

static void do_attach(struct world *world)
{
	struct follow_attached attached = { .tid = input_tid(world) };
	uint8_t pick;

	attached.tgid = input_tid(world);
	pick = input_u8(&world->input);
	attached.ppid = pick % TIDS;
	attached.nspid = pick & 0x40 ? 1 : 0;
	attached.nlwp = attached.tid == attached.tgid ? 2 : 0;
	attached.launched = pick & 0x20;
	attached.zombie = pick & 0x80 && attached.tid == attached.tgid;
	attached.exit_stop = attached.tid == attached.tgid;
	attached.command = pick & 0x10 ? "server --port 80" : NULL;
	follow_attach(world->follow, &attached, world->now);
	check_world(world);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const struct follow_ops ops = { on_event, on_order, on_gather };
	struct world world = { .input = { data, size }, .now = 1000, .verbose = getenv("FUZZ_VERBOSE") };
	uint8_t how = input_u8(&world.input);
	struct follow_config config = { .mode = (enum event_mode)(how % 3),
					.wants = (how & 0x80 ? WANT_DURATIONS : 0) | (how & 0x10 ? WANT_MEMORY : 0) |
						 (how & 0x20 ? WANT_SIGNALS : 0) | (how & 0x04 ? WANT_VERIFY : 0) |
						 (how & 0x08 ? 0 : WANT_NAMES),
					.stop_cost = how & 0x08,
					.detach_on_exec = how & 0x10,
					.seccomp_data = FILTER_DATA };

	trace_open(&world.trace, input_u8(&world.input) * UINT64_C(0x10101));
	world.follow = follow_new(&config, &ops, &world);
	follow_begin(world.follow, how & 0x40, abi_at(0)->audit_arch, world.now, 0);
	for (unsigned n = input_u8(&world.input) % 8; n; n--)
		do_attach(&world);
	for (unsigned n = 0; world.input.size && n < OPERATIONS_MAX; n++)
		do_operation(&world);
	world.now += 1000;
	follow_end(world.follow, 0, world.now);
	check_world(&world);
	FUZZ_CHECK(!follow_is_holding(world.follow));
	follow_free(world.follow);
	trace_close(&world.trace);
	return 0;
}
