/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Tests which namespaces the tasks of a trace are in, by their calls and by the numbers from the kernel. */
#include <errno.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "clone/flags.h"
#include "model/model.h"
#include "requests.h"

#define BIT(ns) (1u << NAMESPACE_##ns)
#define BITS(ns) (BIT(ns) | BIT(ns##_CHILDREN))
#define OWN(i) (1000u + (i)) /* the tracer's */

static struct model *model;
static struct step step;
static uint64_t seq;

/* Applies EVENT, with the tracer's namespaces except those in NS, pairs of kind and number up to NAMESPACE_COUNT. */
static void apply_seen(struct event event, const unsigned *ns)
{
	static struct event current;

	current = event;
	current.seq = ++seq;
	if (ns) {
		current.have |= EVENT_HAVE_NS;
		for (unsigned i = 0; i < NAMESPACE_COUNT; i++)
			current.ns[i] = OWN(i < NAMESPACE_KINDS		  ? i
					    : i == NAMESPACE_PID_CHILDREN ? NAMESPACE_PID
									  : NAMESPACE_TIME);
		for (; *ns != NAMESPACE_COUNT; ns += 2)
			current.ns[ns[0]] = ns[1];
	}
	memset(&step, 0x55, sizeof(step));
	model_apply(model, &current, &step);
}

#define SEEN(...) ((const unsigned[]){ __VA_ARGS__, NAMESPACE_COUNT })
#define AS_TRACER ((const unsigned[]){ NAMESPACE_COUNT })

static void apply(struct event event)
{
	apply_seen(event, NULL);
}

static void begin(const unsigned *ns)
{
	seq = 0;
	model = model_new(MODEL_KEEP_ALL);
	apply_seen((struct event){ .kind = EVENT_BEGIN }, ns);
	apply((struct event){ .kind = EVENT_ATTACH, .tid = 10, .attach = { .tgid = 10, .nlwp = 1, .launched = true } });
}

static void end(void)
{
	model_free(model);
}

static struct event spawn_event(enum call call, pid_t creator, pid_t child, uint64_t flags)
{
	return (struct event){ .kind = EVENT_SPAWN,
			       .tid = creator,
			       .have = EVENT_HAVE_CREATOR | EVENT_HAVE_REQUEST,
			       .spawn = { .creator_tgid = creator,
					  .child = child,
					  .child_tgid = flags & FLAG_THREAD ? creator : child },
			       .attempt.request = { .call = call,
						    .abi = abi_find_name("x86_64"),
						    .have = REQUEST_FLAGS,
						    .flags = flags,
						    .exit_signal = SIGCHLD } };
}

static void spawn(pid_t creator, pid_t child, uint64_t flags)
{
	apply(spawn_event(CALL_CLONE3, creator, child, flags));
}

static struct event call_event(enum call call, pid_t tid, uint64_t flags, int64_t result)
{
	return (struct event){ .kind = EVENT_CALL,
			       .tid = tid,
			       .attempt.request =
				       call == CALL_SETNS ? unit_call(call, 3, flags) : unit_call(call, flags, 0),
			       .call = { .result = result } };
}

static const struct task *live(pid_t tid)
{
	const struct task *task = model_find(model, tid);

	assert_non_null(task);
	return task;
}

/* The namespaces of TID that are not the tracer's. */
static unsigned in(pid_t tid)
{
	return task_ns_others(live(tid));
}

static uint64_t id(pid_t tid, enum namespace ns)
{
	return live(tid)->ns ? live(tid)->ns->ids[ns] : 0;
}

static void test_nothing(void **state)
{
	(void)state;
	begin(AS_TRACER);
	spawn(10, 11, 0);
	spawn(10, 12, FLAG_VM | FLAG_FS | FLAG_SIGHAND | FLAG_THREAD);
	apply(call_event(CALL_UNSHARE, 10, FLAG_FILES | FLAG_FS, 0));
	apply(call_event(CALL_UNSHARE, 10, FLAG_NEWNS | FLAG_NEWPID, -EPERM));
	apply(call_event(CALL_SETNS, 10, FLAG_NEWNET, -EPERM));
	for (pid_t tid = 10; tid <= 12; tid++) {
		assert_null(live(tid)->ns);
		assert_int_equal(live(tid)->brought, 0);
		assert_int_equal(live(tid)->entered, 0);
	}
	assert_false(model_tally(model)->namespaces);
	end();
}

/* What a creation makes is the child's, and its children's; nothing of it is its creator's. */
static void test_made_by_creation(void **state)
{
	static const struct {
		uint64_t flag;
		unsigned in, brought;
	} kinds[] = {
		{ FLAG_NEWCGROUP, BIT(CGROUP), BIT(CGROUP) }, { FLAG_NEWIPC, BIT(IPC), BIT(IPC) },
		{ FLAG_NEWNS, BIT(MNT), BIT(MNT) },	      { FLAG_NEWNET, BIT(NET), BIT(NET) },
		{ FLAG_NEWPID, BITS(PID), BIT(PID) },	      { FLAG_NEWTIME, BITS(TIME), BIT(TIME) },
		{ FLAG_NEWUSER, BIT(USER), BIT(USER) },	      { FLAG_NEWUTS, BIT(UTS), BIT(UTS) },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++) {
		begin(AS_TRACER);
		spawn(10, 11, kinds[i].flag);
		assert_int_equal(step.ns_changed, kinds[i].in);
		spawn(11, 12, 0);
		assert_int_equal(step.ns_changed, 0);
		assert_int_equal(in(10), 0);
		assert_int_equal(in(11), kinds[i].in);
		assert_int_equal(live(11)->brought, kinds[i].brought);
		assert_ptr_equal(live(12)->ns, live(11)->ns);
		assert_int_equal(live(12)->brought, 0);
		assert_true(model_tally(model)->namespaces);
		end();
	}
}

/* unshare(2): the caller stays in its pid and its time namespace, its children do not. */
static void test_unshare(void **state)
{
	(void)state;
	begin(AS_TRACER);
	apply_seen(call_event(CALL_UNSHARE, 10, FLAG_NEWPID | FLAG_NEWTIME | FLAG_NEWUTS, 0),
		   SEEN(NAMESPACE_UTS, 7, NAMESPACE_PID_CHILDREN, 0, NAMESPACE_TIME_CHILDREN, 8));
	assert_int_equal(step.ns_changed, BIT(UTS) | BIT(PID_CHILDREN) | BIT(TIME_CHILDREN));
	assert_int_equal(in(10), BIT(UTS) | BIT(PID_CHILDREN) | BIT(TIME_CHILDREN));
	assert_int_equal(live(10)->brought, BIT(PID) | BIT(TIME) | BIT(UTS));
	assert_true(id(10, NAMESPACE_PID_CHILDREN) & TASK_NS_UNNAMED);
	assert_int_equal(id(10, NAMESPACE_TIME_CHILDREN), 8);
	/* One that shares memory stays in the time namespace (kernel/nsproxy.c, copy_namespaces()). */
	spawn(10, 11, FLAG_VM | FLAG_VFORK);
	assert_int_equal(step.ns_changed, BIT(PID));
	assert_int_equal(in(11), BITS(PID) | BIT(UTS) | BIT(TIME_CHILDREN));
	/* The first one whose number is reported shows that of the others. */
	apply_seen(spawn_event(CALL_CLONE, 10, 12, 0), SEEN(NAMESPACE_UTS, 7, NAMESPACE_PID, 9, NAMESPACE_PID_CHILDREN,
							    9, NAMESPACE_TIME, 8, NAMESPACE_TIME_CHILDREN, 8));
	assert_int_equal(step.ns_changed, BIT(PID) | BIT(TIME));
	assert_int_equal(in(12), BITS(PID) | BITS(TIME) | BIT(UTS));
	assert_int_equal(id(12, NAMESPACE_PID), 9);
	assert_int_equal(id(10, NAMESPACE_PID_CHILDREN), 9);
	spawn(10, 13, 0);
	assert_int_equal(id(13, NAMESPACE_PID), 9);
	assert_int_equal(live(12)->brought | live(13)->brought, 0);
	/* An exec goes where the children are (fs/exec.c since 6.3). */
	apply_seen((struct event){ .kind = EVENT_EXEC, .tid = 10, .exec = { .former = 10 } },
		   SEEN(NAMESPACE_UTS, 7, NAMESPACE_PID_CHILDREN, 9, NAMESPACE_TIME, 8, NAMESPACE_TIME_CHILDREN, 8));
	assert_int_equal(step.ns_changed, BIT(TIME));
	end();
}

static void test_setns(void **state)
{
	(void)state;
	begin(AS_TRACER);
	spawn(10, 11, FLAG_NEWNET | FLAG_NEWPID);
	apply(call_event(CALL_SETNS, 10, FLAG_NEWNET, 0)); /* its number is not known */
	assert_int_equal(step.ns_changed, BIT(NET));
	assert_int_equal(in(10), BIT(NET));
	assert_int_equal(live(10)->entered, BIT(NET));
	assert_int_equal(live(10)->brought, 0);
	/* Back, as the number shows; only the children enter a pid namespace. */
	apply_seen(call_event(CALL_SETNS, 10, FLAG_NEWNET | FLAG_NEWPID, 0), SEEN(NAMESPACE_PID_CHILDREN, 5));
	assert_int_equal(step.ns_changed, BIT(NET) | BIT(PID_CHILDREN));
	assert_int_equal(in(10), BIT(PID_CHILDREN));
	assert_int_equal(live(10)->entered, BIT(NET) | BIT(PID));
	/* Without flags only the numbers show what it was. */
	apply_seen(call_event(CALL_SETNS, 10, 0, 0), SEEN(NAMESPACE_UTS, 6, NAMESPACE_PID_CHILDREN, 5));
	assert_int_equal(step.ns_changed, BIT(UTS));
	assert_int_equal(live(10)->entered, BIT(NET) | BIT(PID) | BIT(UTS));
	/* Its own, again. */
	apply_seen(call_event(CALL_SETNS, 10, FLAG_NEWUTS, 0), SEEN(NAMESPACE_UTS, 6, NAMESPACE_PID_CHILDREN, 5));
	assert_int_equal(step.ns_changed, 0);
	assert_true(model_tally(model)->entered);
	end();
}

/* Who was there before may be anywhere; without the tracer's own numbers theirs say nothing. */
static void test_attached(void **state)
{
	const struct event event = { .kind = EVENT_ATTACH, .tid = 20, .attach = { .tgid = 20, .nlwp = 1 } };

	(void)state;
	begin(AS_TRACER);
	apply_seen(event, SEEN(NAMESPACE_MNT, 4, NAMESPACE_PID, 5, NAMESPACE_PID_CHILDREN, 0));
	assert_int_equal(step.ns_changed, BIT(MNT) | BITS(PID));
	assert_int_equal(in(20), BIT(MNT) | BITS(PID));
	assert_int_equal(live(20)->brought | live(20)->entered, 0);
	end();
	begin(NULL);
	apply_seen(event, SEEN(NAMESPACE_MNT, 4));
	assert_int_equal(in(20), 0);
	assert_false(model_tally(model)->namespaces);
	end();
}

/* If calls are not seen, a child shows what its creator must have done. */
static void test_learnt_from_child(void **state)
{
	(void)state;
	begin(AS_TRACER);
	apply_seen(spawn_event(CALL_CLONE, 10, 11, FLAG_NEWUTS),
		   SEEN(NAMESPACE_MNT, 3, NAMESPACE_UTS, 4, NAMESPACE_PID, 5, NAMESPACE_PID_CHILDREN, 5));
	assert_int_equal(step.ns_changed, BIT(UTS) | BIT(PID));
	assert_int_equal(in(11), BIT(MNT) | BIT(UTS) | BITS(PID));
	assert_int_equal(in(10), BIT(MNT) | BIT(PID_CHILDREN));
	assert_int_equal(live(11)->brought, BIT(UTS));
	assert_int_equal(live(10)->brought | live(10)->entered, 0);
	end();
}

/* A snapshot's, too. */
static void test_look(void **state)
{
	struct event look = { .kind = EVENT_LOOK,
			      .tid = 10,
			      .have = EVENT_HAVE_LOOK,
			      .look = { .state = "S", .name = "a", .cpus = "", .ns = { [NAMESPACE_PID] = 5 } } };

	(void)state;
	begin(AS_TRACER);
	apply(look);
	assert_int_equal(in(10), BITS(PID));
	end();
}

/* Nothing is left over when all have ended, and none too little. */
static void test_forgotten(void **state)
{
	(void)state;
	seq = 0;
	model = model_new(1);
	apply((struct event){ .kind = EVENT_ATTACH, .tid = 10, .attach = { .tgid = 10, .nlwp = 1, .launched = true } });
	apply(call_event(CALL_UNSHARE, 10, FLAG_NEWUTS, 0));
	for (pid_t tid = 11; tid < 5000; tid++) {
		spawn(10, tid, tid % 2 ? FLAG_NEWUTS : 0);
		apply((struct event){ .kind = EVENT_EXIT, .tid = tid });
	}
	assert_int_equal(live(10)->ns->refs, 1 + 512);
	end();
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_nothing),		  cmocka_unit_test(test_made_by_creation),
		cmocka_unit_test(test_unshare),		  cmocka_unit_test(test_setns),
		cmocka_unit_test(test_attached),	  cmocka_unit_test(test_look),
		cmocka_unit_test(test_learnt_from_child), cmocka_unit_test(test_forgotten),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
