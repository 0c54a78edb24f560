/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Stories of detaching: every task once, with its signal in hand, and nobody is left stopped or waited for. */
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include "script.h"

/* Attached to 50 with its thread 51, and to 60. */
static struct script *attached(enum event_mode mode)
{
	const struct follow_config config = { .mode = mode, .seccomp_data = SCRIPT_SECCOMP_DATA };
	struct script *s = script_new(&config);

	follow_begin(script_follow(s), false, 0, script_now(s), 1);
	script_attach(s, 50, 50, 1);
	script_attach(s, 51, 50, 1);
	script_attach(s, 60, 60, 1);
	script_passes(s);
	return s;
}

static void test_each_task_once(void **state)
{
	struct script *s = attached(EVENT_MODE_EVENTS);
	pid_t *tids;

	(void)state;
	script_detach(s);
	script_says_nothing(s);
	assert_int_equal(follow_tids(script_follow(s), &tids), 3);
	free(tids);
	script_first(s, 51); /* PTRACE_INTERRUPT */
	script_says(s, "detach 51", "gone on 51");
	script_first(s, 60);
	script_first(s, 50);
	script_says(s, "detach 60", "gone on 60", "detach 50", "gone on 50");
	assert_int_equal(follow_count(script_follow(s)), 0);
	script_end(s, 0);
	script_says(s, "end 0x0");
	script_free(s);
}

/* Whatever stop comes first is the one; a signal is delivered. */
static void test_any_stop_will_do(void **state)
{
	struct script *s = attached(EVENT_MODE_CALLS);

	(void)state;
	script_detach(s);
	script_signal(s, 50, SIGTERM);
	script_says(s, "detach 50 signal 15", "gone on 50");
	script_entry(s, 51, CALL_FORK, 0);
	script_says(s, "detach 51", "gone on 51");
	script_returns(s, 60, 0);
	script_says(s, "detach 60", "gone on 60");
	assert_int_equal(follow_count(script_follow(s)), 0);
	script_free(s);
}

static void test_ends_meanwhile(void **state)
{
	struct script *s = attached(EVENT_MODE_EVENTS);

	(void)state;
	script_detach(s);
	script_exit_stop(s, 60, CALL_EXIT_GROUP, 0x100);
	script_says(s, "detach 60", "gone on 60");
	script_death(s, 51, SIGKILL);
	script_death(s, 50, SIGKILL);
	script_says(s, "exit 51: 0x9 with its group", "exit 50: 0x9 with its group");
	assert_int_equal(follow_count(script_follow(s)), 0);
	script_free(s);
}

/* A detached task is not part of its process any more. */
static void test_last_one_ends(void **state)
{
	struct script *s = attached(EVENT_MODE_EVENTS);

	(void)state;
	script_detach(s);
	script_first(s, 51);
	script_says(s, "detach 51", "gone on 51");
	script_death(s, 50, 0x100);
	script_says(s, "exit 50: 0x100 with its group");
	script_free(s);
}

static void test_exec_meanwhile(void **state)
{
	struct script *s = attached(EVENT_MODE_EVENTS);

	(void)state;
	script_detach(s);
	script_exec(s, 50, 51, "next");
	script_says(s, "exec 50, was 51: next", "detach 50", "gone on 50");
	script_event(s, 60, STOP_EVENT_VFORK_DONE, 70);
	script_says(s, "detach 60", "gone on 60");
	assert_int_equal(follow_count(script_follow(s)), 0);
	script_free(s);
}

/* The leader was detached first; then another thread takes its place. */
static void test_exec_after_leader(void **state)
{
	struct script *s = attached(EVENT_MODE_EVENTS);

	(void)state;
	script_detach(s);
	script_first(s, 50);
	script_says(s, "detach 50", "gone on 50");
	script_exec(s, 50, 51, "next");
	script_says(s, "exec 50, was 51: next", "detach 50", "gone on 50");
	assert_int_equal(follow_count(script_follow(s)), 1);
	script_free(s);
}

/* Killed just when it is detached: PTRACE_DETACH comes too late, and it stops once more, and ends. It was reported. */
static void test_killed_when_detached(void **state)
{
	struct script *s = attached(EVENT_MODE_EVENTS);

	(void)state;
	script_detach(s);
	script_gone(s, 60);
	script_first(s, 60);
	script_says(s, "detach 60", "gone on 60");
	script_task(s, 60)->gone = script_task(s, 60)->stopped = false;
	script_killed_stop(s, 60, SIGKILL);
	script_says(s, "detach 60");
	script_task(s, 60)->traced = true; /* too late again */
	script_death(s, 60, SIGKILL);
	script_first(s, 50);
	script_first(s, 51);
	script_passes(s);
	assert_false(follow_is_holding(script_follow(s)));
	script_end(s, 0);
	script_says(s, "end 0x0");
	script_free(s);
}

/* A child made meanwhile is ours too: it is reported, and detached at its first stop. */
static void test_child_meanwhile(void **state)
{
	struct script *s = attached(EVENT_MODE_EVENTS);

	(void)state;
	script_detach(s);
	script_in_call(s, 60, CALL_FORK, 0);
	script_created(s, 60, 61);
	script_says(s, "spawn 61 by 60: in 61, parent 60, fork 0x11", "detach 60", "gone on 60");
	assert_true(follow_knows(script_follow(s), 61));
	script_first(s, 61);
	script_says(s, "detach 61", "gone on 61");
	script_first(s, 50);
	script_first(s, 51);
	assert_int_equal(follow_count(script_follow(s)), 0);
	script_free(s);
}

/* The child's stop comes first, before or after we were asked to detach: its creator's event reports it. */
static void test_held_child(void **state)
{
	(void)state;
	for (int after = 0; after < 2; after++) {
		struct script *s = attached(EVENT_MODE_EVENTS);

		script_in_call(s, 60, CALL_FORK, 0);
		script_born(s, 60, 61);
		if (!after)
			script_first(s, 61);
		script_detach(s);
		if (after)
			script_first(s, 61);
		script_says_nothing(s);
		script_created(s, 60, 61);
		script_says(s, "spawn 61 by 60: in 61, parent 60, fork 0x11", "detach 61", "gone on 61", "detach 60",
			    "gone on 60");
		script_first(s, 50);
		script_first(s, 51);
		assert_int_equal(follow_count(script_follow(s)), 0);
		assert_false(follow_is_holding(script_follow(s)));
		script_free(s);
	}
}

/* The creator was killed: the held child is detached all the same. */
static void test_held_child_of_the_dead(void **state)
{
	struct script *s = attached(EVENT_MODE_EVENTS);

	(void)state;
	script_in_call(s, 60, CALL_FORK, 0);
	script_born(s, 60, 61);
	script_first(s, 61);
	script_detach(s);
	script_death(s, 60, SIGKILL);
	script_idle(s, 60);
	assert_int_equal(script_count(s, "detach 61"), 1);
	assert_int_equal(script_count(s, "spawn 61"), 1);
	assert_false(follow_knows(script_follow(s), 61));
	script_free(s);
}

/* Stopped by a signal: it is still stopped after, and no end of the stop is made up. */
static void test_group_stopped(void **state)
{
	struct script *s = attached(EVENT_MODE_EVENTS);

	(void)state;
	script_group_stop(s, 50, SIGSTOP);
	script_group_stop(s, 51, SIGSTOP);
	script_says(s, "group stop 50: 19", "listen 50", "listen 51");
	script_detach(s);
	script_group_stop(s, 50, SIGSTOP); /* PTRACE_INTERRUPT while it listens */
	script_says(s, "detach 50", "gone on 50");
	script_first(s, 51); /* SIGCONT came in between */
	script_says(s, "detach 51", "gone on 51");
	script_free(s);
}

/* A call whose flags we changed has them back; one that was not ours to make is not made. */
static void test_changes_are_made(void **state)
{
	struct script *s = attached(EVENT_MODE_CALLS);

	(void)state;
	script_entry(s, 50, CALL_CLONE, FLAG_UNTRACED | SIGCHLD);
	script_entry(s, 60, CALL_CLONE, FLAG_UNTRACED | SIGCHLD);
	script_born(s, 50, 52);
	script_says(s, "syscall 50 flags 0x11", "syscall 60 flags 0x11");
	script_detach(s);
	script_created(s, 50, 52);
	script_says(s, "spawn 52 by 50: in 52, parent 50, clone 0x800011", "note untraced 50 52 0",
		    "detach 50 flags 0x800011", "gone on 50");
	script_first(s, 52);
	script_says(s, "detach 52 flags 0x800011", "gone on 52");
	script_returns(s, 60, -11);
	script_says(s, "refused 60: clone 0x800011, errno 11", "detach 60 flags 0x800011", "gone on 60");
	/* Nothing is changed any more where nobody is left to change it back. */
	script_entry(s, 51, CALL_CLONE, FLAG_UNTRACED | SIGCHLD);
	script_says(s, "detach 51", "gone on 51");
	assert_int_equal(script_task(s, 51)->call.args[0], FLAG_UNTRACED | SIGCHLD);
	script_free(s);
}

static void test_foreign_filter(void **state)
{
	struct script *s = attached(EVENT_MODE_FILTER);

	(void)state;
	script_detach(s);
	script_in_call(s, 60, CALL_FORK, 0);
	script_task(s, 60)->call.seccomp_data = 1;
	script_event(s, 60, STOP_EVENT_SECCOMP, 1);
	script_says(s, "refused 60: fork 0x11, errno 38", "detach 60 skip", "gone on 60");
	script_free(s);
}

/* A task that cannot stop, asleep in vfork, is left to our own end. */
static void test_left(void **state)
{
	struct script *s = attached(EVENT_MODE_EVENTS);

	(void)state;
	script_detach(s);
	script_first(s, 50);
	script_first(s, 51);
	script_passes(s);
	follow_leave(script_follow(s), script_now(s));
	script_says(s, "gone on 60");
	assert_int_equal(follow_count(script_follow(s)), 0);
	script_end(s, 0);
	script_says(s, "end 0x0");
	script_free(s);
}

/* -b execve: what a process is launched as is not counted, what it made before its exec is followed on. */
static void test_on_exec(void **state)
{
	struct script *s = script_launched_with(&(struct follow_config){
		.mode = EVENT_MODE_EVENTS, .detach_on_exec = true, .seccomp_data = SCRIPT_SECCOMP_DATA });

	(void)state;
	script_exec(s, 10, 10, "sh");
	script_says(s, "exec 10: sh", "cont 10");
	script_spawn(s, 10, CALL_VFORK, 0, 11);
	script_passes(s);
	script_exec(s, 11, 11, "ls");
	script_says(s, "exec 11: ls", "detach 11", "gone on 11");
	script_spawn(s, 10, CALL_FORK, 0, 12);
	script_passes(s);
	script_exec(s, 10, 10, "next");
	script_says(s, "exec 10: next", "detach 10", "gone on 10");
	assert_int_equal(follow_count(script_follow(s)), 1);
	script_death(s, 12, 0);
	script_says(s, "exit 12: 0x0 with its group");
	script_end(s, -1);
	script_says(s, "end 0xffffffff");
	script_free(s);
}

/* Of a process that was there the first exec counts, be it a thread's. */
static void test_on_exec_attached(void **state)
{
	struct script *s = script_new(&(struct follow_config){
		.mode = EVENT_MODE_EVENTS, .detach_on_exec = true, .seccomp_data = SCRIPT_SECCOMP_DATA });

	(void)state;
	follow_begin(script_follow(s), false, 0, script_now(s), 1);
	script_attach(s, 50, 50, 1);
	script_attach(s, 51, 50, 1);
	script_passes(s);
	script_exec(s, 50, 51, "next");
	script_says(s, "exec 50, was 51: next", "detach 50", "gone on 50");
	assert_int_equal(follow_count(script_follow(s)), 0);
	script_free(s);
}

/* A detached process may have zombies, too. */
static void test_unreaped(void **state)
{
	struct script *s = script_launched(EVENT_MODE_FILTER);

	(void)state;
	script_spawn(s, 10, CALL_FORK, 0, 11);
	script_death(s, 11, 0);
	script_task(s, 10)->unreaped = 1;
	script_passes(s);
	script_detach(s);
	script_signal(s, 10, SIGUSR1);
	script_says(s, "note unreaped 10 1 0", "detach 10 signal 10", "gone on 10");
	script_free(s);
}

/* The tid of a task that was detached may become another task's: its creator announces it, as any other. */
static void test_tid_of_the_detached_again(void **state)
{
	struct script *s =
		script_launched_with(&(struct follow_config){ .mode = EVENT_MODE_FILTER, .detach_on_exec = true });

	(void)state;
	script_spawn(s, 10, CALL_FORK, 0, 11);
	script_exec(s, 11, 11, "other");
	script_says(s, "exec 11: other", "detach 11", "gone on 11");
	script_task(s, 11)->ended = true; /* no stop shows it */
	script_entry(s, 10, CALL_FORK, 0);
	script_born(s, 10, 11);
	script_passes(s);
	script_first(s, 11);
	script_says_nothing(s);
	script_created(s, 10, 11);
	script_says(s, "spawn 11 by 10: in 11, parent 10, fork 0x11", "cont 11", "cont 10");
	script_death(s, 11, 0x200);
	script_says(s, "exit 11: 0x200 with its group");
	script_free(s);
}

/* The end of a detached child of cltrace's own is no event: it was reported as one who goes on. */
static void test_end_of_the_detached(void **state)
{
	struct script *s =
		script_launched_with(&(struct follow_config){ .mode = EVENT_MODE_FILTER, .detach_on_exec = true });

	(void)state;
	script_exec(s, 10, 10, "launched");
	script_exec(s, 10, 10, "other");
	script_says(s, "exec 10: launched", "cont 10", "exec 10: other", "detach 10", "gone on 10");
	script_task(s, 10)->traced = true;
	script_death(s, 10, 0x300);
	script_says_nothing(s);
	assert_int_equal(follow_remembers(script_follow(s)), 0);
	assert_false(follow_is_holding(script_follow(s)));
	script_free(s);
}

/* Killed in its call while cltrace detaches, so that its event names no child: no end of it will come, but the child
 * shows itself, and whose it is is known. */
static void test_creator_killed_meanwhile(void **state)
{
	struct script *s = script_launched(EVENT_MODE_FILTER);

	(void)state;
	script_spawn(s, 10, CALL_FORK, 0, 20);
	script_entry(s, 20, CALL_FORK, 0);
	script_born(s, 20, 21);
	script_passes(s);
	script_detach(s);
	script_gone(s, 20);
	script_created(s, 20, 21);
	script_says(s, "detach 20", "gone on 20");
	script_first(s, 21);
	script_idle(s, 4000);
	script_says(s, "spawn 21 by 20: in 21, parent 20, fork 0x11", "detach 21", "gone on 21",
		    "note creator-lost 21 0 0");
	script_free(s);
}

/* An exec names a task of another process as the one that it was: it is not believed, nor is that task touched. */
static void test_exec_names_another(void **state)
{
	struct script *s = attached(EVENT_MODE_EVENTS);

	(void)state;
	script_detach(s);
	script_first(s, 50);
	script_says(s, "detach 50", "gone on 50");
	script_task(s, 50)->traced = true;
	script_event(s, 50, STOP_EVENT_EXEC, 60);
	script_says_nothing(s);
	assert_true(follow_is_holding(script_follow(s)));
	assert_int_equal(follow_count(script_follow(s)), 3);
	script_first(s, 60);
	script_says(s, "detach 60", "gone on 60");
	script_free(s);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_on_exec),
		cmocka_unit_test(test_on_exec_attached),
		cmocka_unit_test(test_each_task_once),
		cmocka_unit_test(test_any_stop_will_do),
		cmocka_unit_test(test_ends_meanwhile),
		cmocka_unit_test(test_last_one_ends),
		cmocka_unit_test(test_exec_meanwhile),
		cmocka_unit_test(test_exec_after_leader),
		cmocka_unit_test(test_killed_when_detached),
		cmocka_unit_test(test_child_meanwhile),
		cmocka_unit_test(test_held_child),
		cmocka_unit_test(test_held_child_of_the_dead),
		cmocka_unit_test(test_group_stopped),
		cmocka_unit_test(test_changes_are_made),
		cmocka_unit_test(test_foreign_filter),
		cmocka_unit_test(test_left),
		cmocka_unit_test(test_unreaped),
		cmocka_unit_test(test_tid_of_the_detached_again),
		cmocka_unit_test(test_end_of_the_detached),
		cmocka_unit_test(test_creator_killed_meanwhile),
		cmocka_unit_test(test_exec_names_another),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
