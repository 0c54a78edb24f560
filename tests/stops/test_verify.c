/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Stories of --verify: what the kernel answers about a new task, before it first runs. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "script.h"

#define BIT(check) (UINT64_C(1) << (check))

static struct script *begin(enum event_mode mode)
{
	return script_launched_with(
		&(struct follow_config){ .mode = mode, .wants = WANT_VERIFY, .seccomp_data = SCRIPT_SECCOMP_DATA });
}

/* From now on the kernel says so about TID and whoever it is compared with. */
static void answers(struct script *s, pid_t tid, uint64_t shared, uint64_t apart, uint64_t neither)
{
	script_task(s, tid)->answers = (struct check_answers){ .shared = shared, .apart = apart, .neither = neither };
	script_task(s, tid)->answers_known = true;
}

/* Whichever comes first, the child runs when the answer has been reported. */
static void test_before_the_child_runs(void **state)
{
	(void)state;
	for (int child_first = 0; child_first < 2; child_first++) {
		struct script *s = begin(EVENT_MODE_FILTER);
		const char *event;

		answers(s, 10, 0x17fc0, 0x2803f, 0);
		script_entry(s, 10, CALL_FORK, 0);
		script_passes(s);
		if (child_first) {
			script_born(s, 10, 11);
			script_first(s, 11);
			script_says_nothing(s);
		}
		script_created(s, 10, 11);
		assert_int_equal(script_task(s, 10)->asked_beside, 11);
		event = "verify 10 and 11: said 0x13fc0 0x2c03f, shared 0x17fc0, apart 0x2803f, neither 0x0";
		if (child_first)
			script_says(s, "spawn 11 by 10: in 11, parent 10, fork 0x11", event,
				    "difference 10 and 11: said 0x0 0x4000, shared 0x4000, apart 0x0, neither 0x0, "
				    "unknown",
				    "cont 11", "cont 10");
		else
			script_says(s, "spawn 11 by 10: in 11, parent 10, fork 0x11", event,
				    "difference 10 and 11: said 0x0 0x4000, shared 0x4000, apart 0x0, neither 0x0, "
				    "unknown",
				    "cont 10");
		script_free(s);
	}
}

static void test_causes(void **state)
{
	struct script *s = begin(EVENT_MODE_EVENTS);

	(void)state;
	answers(s, 10, BIT(CHECK_NS_PID_CHILDREN), BIT(CHECK_NS_PID), BIT(CHECK_IO) | BIT(CHECK_SYSVSEM));
	script_in_call(s, 10, CALL_CLONE, FLAG_IO | FLAG_SYSVSEM);
	script_created(s, 10, 11);
	script_says(s, "spawn 11 by 10: in 11, parent 10, clone 0x80040000",
		    "verify 10 and 11: said 0x13ff0 0x2c00f, shared 0x40000, apart 0x400, neither 0x30",
		    "difference 10 and 11: said 0x10 0x0, shared 0x0, apart 0x0, neither 0x10, unknown",
		    "difference 10 and 11: said 0x20 0x0, shared 0x0, apart 0x0, neither 0x20, no-io-context",
		    "difference 10 and 11: said 0x400 0x0, shared 0x0, apart 0x400, neither 0x0, for-children",
		    "cont 10");
	script_free(s);
}

/* What cannot be asked, because one of them is ending, is not reported; and nothing is asked without the option. */
static void test_nothing_to_report(void **state)
{
	struct script *s = begin(EVENT_MODE_FILTER);

	(void)state;
	script_spawn(s, 10, CALL_FORK, 0, 11);
	script_entry(s, 10, CALL_FORK, 0);
	script_created(s, 10, 12);
	script_says(s, "syscall 10", "spawn 12 by 10: in 12, parent 10, fork 0x11", "cont 10");
	script_free(s);

	s = script_launched(EVENT_MODE_FILTER);
	answers(s, 10, 1, 0, 0);
	script_entry(s, 10, CALL_FORK, 0);
	script_created(s, 10, 11);
	script_says(s, "syscall 10", "spawn 11 by 10: in 11, parent 10, fork 0x11", "cont 10");
	script_free(s);
}

/* unshare is about the caller and another thread; alone there is the tracer, which shares namespaces at most. */
static void test_unshare(void **state)
{
	struct script *s = begin(EVENT_MODE_FILTER);

	(void)state;
	script_spawn(s, 10, CALL_CLONE, SCRIPT_PTHREAD, 11);
	answers(s, 11, BIT(CHECK_MEMORY), BIT(CHECK_FILES), 0);
	script_entry(s, 11, CALL_UNSHARE, FLAG_FILES);
	script_returns(s, 11, 0);
	script_says(s, "syscall 11", "call 11: unshare 0x400 = 0",
		    "verify 11 and 10: said 0x0 0x2, shared 0x1, apart 0x2, neither 0x0", "cont 11");
	answers(s, 11, BIT(CHECK_FILES), 0, 0);
	script_entry(s, 11, CALL_UNSHARE, FLAG_FILES);
	script_returns(s, 11, 0);
	script_says(s, "syscall 11", "call 11: unshare 0x400 = 0",
		    "verify 11 and 10: said 0x0 0x2, shared 0x2, apart 0x0, neither 0x0",
		    "difference 11 and 10: said 0x0 0x2, shared 0x2, apart 0x0, neither 0x0, unknown", "cont 11");
	script_entry(s, 11, CALL_UNSHARE, FLAG_FILES);
	script_returns(s, 11, -1);
	script_says(s, "syscall 11", "call 11: unshare 0x400 = -1", "cont 11");
	script_death(s, 11, 0);
	script_passes(s);
	answers(s, 10, 0, BIT(CHECK_FILES), 0);
	script_entry(s, 10, CALL_UNSHARE, FLAG_FILES);
	script_returns(s, 10, 0);
	script_says(s, "exit 11: 0x0 alone", "syscall 10", "call 10: unshare 0x400 = 0", "cont 10");
	answers(s, 10, 0, BIT(CHECK_NS_UTS), 0);
	script_entry(s, 10, CALL_UNSHARE, FLAG_NEWUTS);
	script_returns(s, 10, 0);
	script_says(s, "syscall 10", "call 10: unshare 0x4000000 = 0",
		    "verify 10 and 0: said 0x0 0x2000, shared 0x0, apart 0x2000, neither 0x0", "cont 10");
	script_free(s);
}

/* Whoever is nearest: a thread before the parent, that one before a child. */
static void test_nearest(void **state)
{
	struct script *s = begin(EVENT_MODE_FILTER);

	(void)state;
	script_spawn(s, 10, CALL_FORK, 0, 11);
	script_spawn(s, 11, CALL_FORK, 0, 12);
	answers(s, 11, 0, BIT(CHECK_FS), 0);
	script_entry(s, 11, CALL_UNSHARE, FLAG_FS);
	script_returns(s, 11, 0);
	script_says(s, "syscall 11", "call 11: unshare 0x200 = 0",
		    "verify 11 and 10: said 0x0 0x4, shared 0x0, apart 0x4, neither 0x0", "cont 11");
	answers(s, 10, 0, BIT(CHECK_FS), 0);
	script_entry(s, 10, CALL_UNSHARE, FLAG_FS);
	script_returns(s, 10, 0);
	script_says(s, "syscall 10", "call 10: unshare 0x200 = 0",
		    "verify 10 and 11: said 0x0 0x4, shared 0x0, apart 0x4, neither 0x0", "cont 10");
	script_task(s, 11)->answers_known = false;
	script_spawn(s, 11, CALL_CLONE, SCRIPT_PTHREAD, 13);
	answers(s, 11, 0, BIT(CHECK_FS), 0);
	script_entry(s, 11, CALL_UNSHARE, FLAG_FS);
	script_returns(s, 11, 0);
	script_says(s, "syscall 11", "call 11: unshare 0x200 = 0",
		    "verify 11 and 13: said 0x0 0x4, shared 0x0, apart 0x4, neither 0x0", "cont 11");
	script_free(s);
}

static void entered(struct script *s, uint64_t shared, uint64_t apart, uint64_t refused)
{
	script_task(s, 10)->entered = (struct check_answers){ .shared = shared, .apart = apart, .refused = refused };
	script_task(s, 10)->entered_known = true;
}

static void enter(struct script *s, uint64_t flags)
{
	script_in_call(s, 10, CALL_SETNS, 0);
	script_task(s, 10)->call.seccomp_data = SCRIPT_SECCOMP_DATA;
	script_task(s, 10)->call.args[0] = 3;
	script_task(s, 10)->call.args[1] = flags;
	script_event(s, 10, STOP_EVENT_SECCOMP, SCRIPT_SECCOMP_DATA);
	script_returns(s, 10, 0);
}

/* Whatever the flags say, the caller of setns is in the namespace of its descriptor. */
static void test_setns(void **state)
{
	struct script *s = begin(EVENT_MODE_FILTER);

	(void)state;
	entered(s, BIT(CHECK_NS_NET), 0, 0);
	enter(s, FLAG_NEWNET);
	script_says(s, "syscall 10", "call 10: setns 0x40000000 = 0",
		    "verify 10 and descriptor 3: said 0x200 0x0, shared 0x200, apart 0x0, neither 0x0", "cont 10");
	assert_int_equal(script_task(s, 10)->wanted.descriptor, 3);
	assert_int_equal(script_task(s, 10)->wanted.namespaces, FLAG_NEWNET);
	entered(s, 0, BIT(CHECK_NS_UTS), 0);
	enter(s, 0);
	script_says(s, "syscall 10", "call 10: setns 0x0 = 0",
		    "verify 10 and descriptor 3: said 0x2000 0x0, shared 0x0, apart 0x2000, neither 0x0",
		    "difference 10 and descriptor 3: said 0x2000 0x0, shared 0x0, apart 0x2000, neither 0x0, unknown",
		    "cont 10");
	entered(s, 0, 0, BIT(CHECK_NS_UTS));
	enter(s, FLAG_NEWUTS);
	script_says(s, "syscall 10", "call 10: setns 0x4000000 = 0",
		    "verify 10 and descriptor 3: said 0x0 0x0, shared 0x0, apart 0x0, neither 0x0", "cont 10");
	entered(s, 0, 0, 0);
	enter(s, FLAG_NEWUTS);
	script_says(s, "syscall 10", "call 10: setns 0x4000000 = 0", "cont 10");
	script_free(s);
}

/* close_range(2) with CLOSE_RANGE_UNSHARE is another way to have descriptors of one's own; others pass unseen. */
static void test_close_range(void **state)
{
	struct script *s = begin(EVENT_MODE_FILTER);

	(void)state;
	script_spawn(s, 10, CALL_CLONE, SCRIPT_PTHREAD, 11);
	answers(s, 11, BIT(CHECK_MEMORY), BIT(CHECK_FILES), 0);
	script_in_call(s, 11, CALL_CLOSE_RANGE, 3);
	script_task(s, 11)->call.seccomp_data = SCRIPT_SECCOMP_DATA;
	script_task(s, 11)->call.args[2] = REQUEST_CLOSE_UNSHARE;
	script_event(s, 11, STOP_EVENT_SECCOMP, SCRIPT_SECCOMP_DATA);
	script_returns(s, 11, 0);
	script_says(s, "syscall 11", "call 11: close_range 0x3 = 0",
		    "verify 11 and 10: said 0x0 0x2, shared 0x1, apart 0x2, neither 0x0", "cont 11");
	script_in_call(s, 11, CALL_CLOSE_RANGE, 3);
	script_task(s, 11)->call.seccomp_data = SCRIPT_SECCOMP_DATA;
	script_event(s, 11, STOP_EVENT_SECCOMP, SCRIPT_SECCOMP_DATA);
	script_says(s, "cont 11");
	script_free(s);
}

/* exec is about the caller and its parent, or a child. */
static void test_exec(void **state)
{
	struct script *s = begin(EVENT_MODE_FILTER);

	(void)state;
	script_spawn(s, 10, CALL_CLONE, FLAG_VM | FLAG_VFORK, 11);
	answers(s, 11, BIT(CHECK_FS), BIT(CHECK_MEMORY) | BIT(CHECK_FILES) | BIT(CHECK_SIGHAND), 0);
	script_exec(s, 11, 11, "./other");
	script_says(s, "exec 11: ./other", "verify 11 and 10: said 0x0 0xb, shared 0x4, apart 0xb, neither 0x0",
		    "cont 11");
	answers(s, 10, 0, BIT(CHECK_MEMORY), 0);
	script_exec(s, 10, 10, "./other"); /* its parent is not traced */
	script_says(s, "exec 10: ./other", "verify 10 and 11: said 0x0 0xb, shared 0x0, apart 0x1, neither 0x0",
		    "cont 10");
	script_free(s);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_before_the_child_runs),
		cmocka_unit_test(test_causes),
		cmocka_unit_test(test_nothing_to_report),
		cmocka_unit_test(test_unshare),
		cmocka_unit_test(test_close_range),
		cmocka_unit_test(test_exec),
		cmocka_unit_test(test_nearest),
		cmocka_unit_test(test_setns),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
