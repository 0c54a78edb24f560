/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Stories of creations: who came first, whose child it is, what the call was. */
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "script.h"

static void test_fork_parent_first(void **state)
{
	struct script *s = script_launched(EVENT_MODE_FILTER);

	(void)state;
	script_entry(s, 10, CALL_FORK, 0);
	script_says(s, "syscall 10");
	script_created(s, 10, 11);
	script_says(s, "spawn 11 by 10: in 11, parent 10, fork 0x11", "cont 10");
	script_first(s, 11);
	script_says(s, "cont 11");
	script_death(s, 11, 0x300);
	script_says(s, "exit 11: 0x300 with its group");
	script_signal(s, 10, SIGCHLD);
	script_says(s, "cont 10 signal 17");
	script_death(s, 10, 0);
	script_says(s, "exit 10: 0x0 with its group");
	script_end(s, 0);
	script_says(s, "end 0x0");
	assert_int_equal(follow_count(script_follow(s)), 0);
	script_free(s);
}

/* The child's first stop has come: it is held, stopped, until it can be said who made it. */
static void test_child_first(void **state)
{
	static const enum event_mode modes[] = { EVENT_MODE_FILTER, EVENT_MODE_EVENTS, EVENT_MODE_CALLS };

	(void)state;
	for (size_t i = 0; i < sizeof(modes) / sizeof(modes[0]); i++) {
		struct script *s = script_launched(modes[i]);
		const char *go_on = modes[i] == EVENT_MODE_CALLS ? "syscall 11" : "cont 11";
		const char *creator_goes_on = modes[i] == EVENT_MODE_CALLS ? "syscall 10" : "cont 10";

		script_entry(s, 10, CALL_CLONE, SIGCHLD);
		script_passes(s);
		script_born(s, 10, 11);
		script_first(s, 11);
		script_says_nothing(s);
		assert_true(follow_is_holding(script_follow(s)));
		script_idle(s, 10);
		script_says_nothing(s);
		script_created(s, 10, 11);
		script_says(s, "spawn 11 by 10: in 11, parent 10, clone 0x11", go_on, creator_goes_on);
		assert_false(follow_is_holding(script_follow(s)));
		assert_int_equal(follow_count(script_follow(s)), 2);
		script_free(s);
	}
}

/* Two threads create at once, and the children's stops come before both events, in the other order. */
static void test_two_creators(void **state)
{
	struct script *s = script_launched(EVENT_MODE_FILTER);

	(void)state;
	script_spawn(s, 10, CALL_CLONE3, SCRIPT_PTHREAD, 11);
	script_entry(s, 10, CALL_FORK, 0);
	script_entry(s, 11, CALL_FORK, 0);
	script_born(s, 10, 20);
	script_born(s, 11, 21);
	script_passes(s);
	script_first(s, 21);
	script_first(s, 20);
	script_says_nothing(s);
	script_created(s, 10, 20);
	script_says(s, "spawn 20 by 10: in 20, parent 10, fork 0x11", "cont 20", "cont 10");
	script_created(s, 11, 21);
	script_says(s, "spawn 21 by 11: in 21, parent 10, fork 0x11", "cont 21", "cont 11");
	script_free(s);
}

/* The first thread: from now on the leader may end before others, and is to stop when it does. */
static void test_thread(void **state)
{
	struct script *s = script_launched(EVENT_MODE_FILTER);

	(void)state;
	script_entry(s, 10, CALL_CLONE3, SCRIPT_PTHREAD);
	script_says(s, "syscall 10");
	script_created(s, 10, 11);
	script_says(s, "spawn 11 by 10: in 10, parent 1, clone3 0x50f00", "cont 10");
	script_first(s, 11);
	script_says(s, "cont 11");
	/* A second one inherits that option and loses it; one made by a thread has nothing to lose. */
	script_entry(s, 10, CALL_CLONE3, SCRIPT_PTHREAD);
	script_created(s, 10, 12);
	script_passes(s);
	script_first(s, 12);
	script_says(s, "cont 12");
	script_entry(s, 12, CALL_CLONE3, SCRIPT_PTHREAD);
	script_created(s, 12, 13);
	script_passes(s);
	script_first(s, 13);
	script_says(s, "cont 13");
	/* A process made by a thread is a child of the group, not of the thread. */
	script_entry(s, 13, CALL_CLONE, SIGCHLD);
	script_created(s, 13, 14);
	script_says(s, "syscall 13", "spawn 14 by 13: in 14, parent 10, clone 0x11", "cont 13");
	script_free(s);
}

/* KERNEL.md, "Which event is not which kind": only CLONE_THREAD decides. */
static void test_event_is_not_kind(void **state)
{
	static const struct {
		uint64_t flags;
		bool thread;
	} cases[] = {
		{ 0, false },
		{ SIGUSR1, false },
		{ SCRIPT_PTHREAD | SIGCHLD, true },
		{ SCRIPT_PTHREAD | FLAG_VFORK, true },
		{ FLAG_VM | SIGCHLD, false },
		{ FLAG_VM | FLAG_VFORK | SIGCHLD, false },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct script *s = script_launched(EVENT_MODE_EVENTS);

		script_entry(s, 10, CALL_CLONE, cases[i].flags);
		script_created(s, 10, 11);
		assert_int_equal(script_count(s, "spawn 11 by 10: in 10, parent 1,"), cases[i].thread);
		assert_int_equal(script_count(s, "spawn 11 by 10: in 11, parent 10,"), !cases[i].thread);
		script_free(s);
	}
}

static void test_clone_parent(void **state)
{
	struct script *s = script_launched(EVENT_MODE_FILTER);

	(void)state;
	script_spawn(s, 10, CALL_FORK, 0, 11);
	script_entry(s, 11, CALL_CLONE, FLAG_PARENT | SIGCHLD);
	script_created(s, 11, 12);
	script_says(s, "syscall 11", "spawn 12 by 11: in 12, parent 10, clone 0x8011", "cont 11");
	script_first(s, 12);
	/* By a thread of the launched program: the child is its parent's, and ours when we launched it. */
	script_spawn(s, 10, CALL_CLONE3, SCRIPT_PTHREAD, 15);
	script_entry(s, 15, CALL_CLONE3, FLAG_PARENT);
	script_created(s, 15, 16);
	script_says(s, "syscall 15", "spawn 16 by 15: in 16, parent 1, clone3 0x8000", "cont 15");
	/* Its child in turn is its own. */
	script_first(s, 16);
	script_entry(s, 16, CALL_FORK, 0);
	script_passes(s);
	script_created(s, 16, 17);
	script_says(s, "spawn 17 by 16: in 17, parent 16, fork 0x11", "cont 16");
	script_free(s);
}

/* Each of two vforks sleeps until its child has exec'ed; the ends come from the inside out. */
static void test_nested_vfork(void **state)
{
	struct script *s = script_launched(EVENT_MODE_FILTER);

	(void)state;
	script_entry(s, 10, CALL_VFORK, 0);
	script_created(s, 10, 11);
	script_says(s, "syscall 10", "spawn 11 by 10: in 11, parent 10, vfork 0x4111", "cont 10");
	script_first(s, 11);
	script_entry(s, 11, CALL_VFORK, 0);
	script_says(s, "cont 11", "syscall 11");
	script_born(s, 11, 12);
	script_first(s, 12);
	script_says_nothing(s);
	script_created(s, 11, 12);
	script_says(s, "spawn 12 by 11: in 12, parent 11, vfork 0x4111", "cont 12", "cont 11");
	script_exec(s, 12, 12, "true");
	script_says(s, "exec 12: true", "cont 12");
	script_event(s, 11, STOP_EVENT_VFORK_DONE, 12);
	script_says(s, "cont 11");
	script_death(s, 11, 0);
	script_says(s, "exit 11: 0x0 with its group", "reparent 12: 11 to 1");
	script_event(s, 10, STOP_EVENT_VFORK_DONE, 11);
	script_says(s, "cont 10");
	script_free(s);
}

/* posix_spawn's child may be gone before VFORK_DONE. */
static void test_vfork_child_gone_first(void **state)
{
	struct script *s = script_launched(EVENT_MODE_EVENTS);

	(void)state;
	script_entry(s, 10, CALL_CLONE3, FLAG_VM | FLAG_VFORK | SIGCHLD);
	script_created(s, 10, 11);
	script_first(s, 11);
	script_passes(s);
	script_death(s, 11, 0x7f00);
	script_event(s, 10, STOP_EVENT_VFORK_DONE, 11);
	script_says(s, "exit 11: 0x7f00 with its group", "cont 10");
	script_free(s);
}

/* A tid that is used again is another task. */
static void test_tid_reuse(void **state)
{
	struct script *s = script_launched(EVENT_MODE_FILTER);

	(void)state;
	script_spawn(s, 10, CALL_CLONE3, SCRIPT_PTHREAD, 11);
	script_death(s, 11, 0);
	script_passes(s);
	script_entry(s, 10, CALL_FORK, 0);
	script_created(s, 10, 11);
	script_first(s, 11);
	script_says(s, "exit 11: 0x0 alone", "syscall 10", "spawn 11 by 10: in 11, parent 10, fork 0x11", "cont 10",
		    "cont 11");
	script_death(s, 11, 9);
	script_says(s, "exit 11: 0x9 with its group");
	script_entry(s, 10, CALL_CLONE3, SCRIPT_PTHREAD);
	script_born(s, 10, 11);
	script_first(s, 11);
	script_says(s, "syscall 10");
	script_created(s, 10, 11);
	script_says(s, "spawn 11 by 10: in 10, parent 1, clone3 0x50f00", "cont 11", "cont 10");
	script_free(s);
}

/* The ABI is the call's: one process makes calls of several. */
static void test_abis(void **state)
{
	static const char *const names[] = { "x86_64", "i386", "x86_64" };
	struct script *s = script_launched(EVENT_MODE_FILTER);

	(void)state;
	for (int i = 0; i < 3; i++) {
		script_abi(s, names[i]);
		script_entry(s, 10, CALL_FORK, 0);
		script_created(s, 10, 20 + i);
		assert_int_equal(script_count(s, "spawn"), i + 1);
		assert_int_equal(script_count(s, "spawn 22 by 10: in 22, parent 10, fork 0x11"), i == 2);
	}
	script_free(s);
}

/* clone3's struct could not be read: the kernel's ids say whether it is a thread, the flags are not invented. */
static void test_unreadable_struct(void **state)
{
	struct script *s = script_launched(EVENT_MODE_FILTER);
	const uint64_t flags = SCRIPT_PTHREAD;

	(void)state;
	script_in_call(s, 10, CALL_CLONE3, flags);
	script_born(s, 10, 11);
	memset(&script_task(s, 10)->clone_args, 0, sizeof(struct clone_args_read));
	script_task(s, 10)->call.seccomp_data = SCRIPT_SECCOMP_DATA;
	script_event(s, 10, STOP_EVENT_SECCOMP, SCRIPT_SECCOMP_DATA);
	script_says(s, "syscall 10");
	script_event(s, 10, STOP_EVENT_CLONE, 11);
	script_says(s, "spawn 11 by 10: in 10, parent 1, clone3 0x0", "cont 10");
	script_free(s);
}

/* Attached: events alone, registers at the event stop. The leader was seized with its stop at the end. */
static void test_attached(void **state)
{
	const struct follow_config config = { .mode = EVENT_MODE_EVENTS };
	struct script *s = script_new(&config);

	(void)state;
	follow_begin(script_follow(s), false, 0, script_now(s), 1);
	script_attach(s, 50, 50, 1);
	script_attach(s, 51, 50, 1);
	script_says(s, "begin", "attach 50: in 50, parent 1", "attach 51: in 50, parent 1");
	script_in_call(s, 51, CALL_CLONE3, SCRIPT_PTHREAD);
	script_created(s, 51, 52);
	script_says(s, "spawn 52 by 51: in 50, parent 1, clone3 0x50f00", "cont 51");
	script_in_call(s, 50, CALL_FORK, 0);
	script_created(s, 50, 53);
	script_says(s, "spawn 53 by 50: in 53, parent 50, fork 0x11", "cont 50");
	script_first(s, 52);
	script_first(s, 53);
	script_says(s, "cont 52", "cont 53");
	assert_false(script_task(s, 53)->exit_stop);
	script_free(s);
}

/* -T with -v: the sizes of creator and child are asked for, and reported where they can be had. */
static void test_memory(void **state)
{
	struct script *s = script_launched_with(&(struct follow_config){ .mode = EVENT_MODE_FILTER,
									 .wants = WANT_DURATIONS | WANT_MEMORY,
									 .seccomp_data = SCRIPT_SECCOMP_DATA });

	(void)state;
	script_task(s, 10)->memory = (struct stop_memory){ .page_tables = 8192, .resident = 65536 };
	script_entry(s, 10, CALL_CLONE, SIGCHLD);
	script_born(s, 10, 11);
	script_task(s, 11)->memory.page_tables = 4096;
	script_passes(s);
	script_created(s, 10, 11);
	script_says(s, "spawn 11 by 10: in 11, parent 10, clone 0x11, took 5, tables 8192 of 65536, its own 4096",
		    "cont 10");
	script_entry(s, 10, CALL_CLONE, SIGCHLD);
	script_passes(s);
	script_created(s, 10, 12);
	script_says(s, "spawn 12 by 10: in 12, parent 10, clone 0x11, took 5, tables 8192 of 65536, its own 0",
		    "cont 10");
	script_task(s, 10)->memory.page_tables = 0;
	script_entry(s, 10, CALL_CLONE, SIGCHLD);
	script_passes(s);
	script_created(s, 10, 13);
	script_says(s, "spawn 13 by 10: in 13, parent 10, clone 0x11, took 5", "cont 10");
	script_free(s);
}

/* What measuring costs is said once, where it was measured. */
static void test_stop_cost(void **state)
{
	const struct follow_config config = {
		.mode = EVENT_MODE_CALLS, .wants = WANT_DURATIONS, .stop_cost = 2000, .stop_cost_most = 9000
	};
	struct script *s = script_new(&config);

	(void)state;
	follow_begin(script_follow(s), true, 0xc000003e, script_now(s), 1);
	script_says(s, "begin", "note stop-cost 0 2000 9000");
	script_free(s);
}

/* A call that succeeds without an event: the kernel lets cltrace follow no such child. Nothing is made up. */
static void test_success_without_event(void **state)
{
	struct script *s = script_launched(EVENT_MODE_FILTER);

	(void)state;
	script_entry(s, 10, CALL_CLONE, SIGCHLD);
	script_returns(s, 10, 11);
	script_says(s, "syscall 10", "cont 10");
	script_free(s);
}

/* The event comes after the child was reported as one whose creator is lost: it is not reported again. */
static void test_event_after_all(void **state)
{
	struct script *s = script_launched(EVENT_MODE_EVENTS);

	(void)state;
	script_in_call(s, 10, CALL_FORK, 0);
	script_born(s, 10, 11);
	script_first(s, 11);
	script_idle(s, 4000);
	script_says(s, "spawn 11 by ?: in 11, parent 10, fork 0x11", "cont 11", "note creator-lost 11 0 0");
	script_created(s, 10, 11);
	script_says(s, "cont 10");
	script_free(s);
}

/* An event that only a newer kernel knows. */
static void test_unknown_event(void **state)
{
	struct script *s = script_launched(EVENT_MODE_FILTER);

	(void)state;
	script_event(s, 10, (enum stop_event)99, 0);
	script_says(s, "cont 10");
	script_free(s);
}

/* The entry of the call that made it was missed: the call that was seen before is another, and has made nothing. */
static void test_call_before_is_another(void **state)
{
	struct script *s = script_launched(EVENT_MODE_FILTER);

	(void)state;
	script_entry(s, 10, CALL_UNSHARE, FLAG_FS);
	script_says(s, "syscall 10");
	script_in_call(s, 10, CALL_FORK, 0);
	script_created(s, 10, 11);
	script_says(s, "spawn 11 by 10: in 11, parent 10, fork 0x11", "cont 10");
	script_free(s);
}

/* Workers of io_uring that were there when cltrace attached. */
static void test_attached_with_workers(void **state)
{
	const struct follow_config config = { .mode = EVENT_MODE_EVENTS };
	const struct follow_attached task = { .tid = 50, .tgid = 50, .ppid = 1, .nlwp = 3, .workers = 2 };
	struct script *s = script_new(&config);

	(void)state;
	script_add(s, 50, 50, 1);
	follow_attach(script_follow(s), &task, script_now(s));
	script_says(s, "attach 50: in 50, parent 1", "note workers 50 2 0");
	script_free(s);
}

/* follow_next() gives each task its turn, also while tasks come and go. */
static void test_turns(void **state)
{
	struct script *s = script_launched(EVENT_MODE_FILTER);
	struct follow *f = script_follow(s);

	(void)state;
	assert_int_equal(follow_next(f), 10); /* the only one */
	assert_int_equal(follow_next(f), 10);
	script_spawn(s, 10, CALL_FORK, 0, 11);
	script_spawn(s, 10, CALL_FORK, 0, 12);
	assert_int_equal(follow_next(f), 11);
	assert_int_equal(follow_next(f), 12);
	assert_int_equal(follow_next(f), 10);
	script_spawn(s, 10, CALL_FORK, 0, 13);
	assert_int_equal(follow_next(f), 11);
	assert_int_equal(follow_next(f), 12);
	script_death(s, 12, 0); /* in its turn: the next one is still 13 */
	assert_int_equal(follow_next(f), 13);
	for (pid_t tid = 13; tid >= 10; tid--) {
		if (tid != 12)
			script_death(s, tid, 0);
	}
	assert_int_equal(follow_next(f), 0);
	script_free(s);
}

/* What is known of a task that was there is reported, and nothing else. */
static void test_attach_reports_what_is_known(void **state)
{
	static const struct {
		struct follow_attached task;
		const char *says;
	} cases[] = {
		{ { .tid = 50, .tgid = 50, .ppid = 1 }, "attach 50: in 50, parent 1" },
		{ { .tid = 50, .tgid = 50 }, "attach 50: in 50, parent 0" },
		{ { .tid = 50, .tgid = 50, .ppid = 1, .has_uid = true }, "attach 50: in 50, parent 1, user 0" },
		{ { .tid = 50, .tgid = 50, .ppid = 1, .uid = 1000 }, "attach 50: in 50, parent 1" },
		{ { .tid = 50, .tgid = 50, .ppid = 1, .inferred = FLAG_VM },
		  "attach 50: in 50, parent 1, inferred 0x100" },
		{ { .tid = 50, .tgid = 50, .ppid = 1, .command = "./long", .command_cut = true },
		  "attach 50: in 50, parent 1: ./long..." },
		{ { .tid = 50, .tgid = 50, .ppid = 1, .command = "./short" }, "attach 50: in 50, parent 1: ./short" },
		{ { .tid = 50, .tgid = 50, .ppid = 1, .nspid = 2, .all = { .count = 2, .list = { 50, 2 } } },
		  "attach 50: in 50, parent 1, sees itself as 2" },
		{ { .tid = 50, .tgid = 50, .ppid = 1, .nspid = 2, .all = { .count = 3, .list = { 50, 9, 2 } } },
		  "attach 50: in 50, parent 1, sees itself as 2, numbers 50 9 2" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct script *s = script_new(&(struct follow_config){ .mode = EVENT_MODE_EVENTS });

		script_add(s, 50, 50, 1);
		follow_attach(script_follow(s), &cases[i].task, script_now(s));
		script_says(s, cases[i].says);
		script_free(s);
	}
}

/* A zombie is reported and not followed: its thread is. Told again, a task is followed once. */
static void test_attach_zombie_leader(void **state)
{
	const struct follow_attached leader = { .tid = 50, .tgid = 50, .ppid = 1, .zombie = true };
	struct script *s = script_new(&(struct follow_config){ .mode = EVENT_MODE_EVENTS });

	(void)state;
	script_add(s, 50, 50, 1);
	follow_attach(script_follow(s), &leader, script_now(s));
	script_says(s, "attach 50: in 50, parent 1, zombie");
	assert_int_equal(follow_count(script_follow(s)), 0);
	script_attach(s, 51, 50, 1);
	script_says(s, "attach 51: in 50, parent 1");
	assert_int_equal(follow_count(script_follow(s)), 1);
	assert_int_equal(follow_count_processes(script_follow(s)), 1);
	script_death(s, 51, 0x100);
	assert_int_equal(follow_count(script_follow(s)), 0);
	script_free(s);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_memory),
		cmocka_unit_test(test_stop_cost),
		cmocka_unit_test(test_fork_parent_first),
		cmocka_unit_test(test_child_first),
		cmocka_unit_test(test_two_creators),
		cmocka_unit_test(test_thread),
		cmocka_unit_test(test_event_is_not_kind),
		cmocka_unit_test(test_clone_parent),
		cmocka_unit_test(test_nested_vfork),
		cmocka_unit_test(test_vfork_child_gone_first),
		cmocka_unit_test(test_tid_reuse),
		cmocka_unit_test(test_abis),
		cmocka_unit_test(test_unreadable_struct),
		cmocka_unit_test(test_attached),
		cmocka_unit_test(test_success_without_event),
		cmocka_unit_test(test_event_after_all),
		cmocka_unit_test(test_unknown_event),
		cmocka_unit_test(test_call_before_is_another),
		cmocka_unit_test(test_attached_with_workers),
		cmocka_unit_test(test_turns),
		cmocka_unit_test(test_attach_reports_what_is_known),
		cmocka_unit_test(test_attach_zombie_leader),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
