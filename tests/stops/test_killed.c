/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Stories of tasks that are killed at the worst moment: no task that the kernel made is missing or waits for ever. */
#include <errno.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "script.h"

#define KILLED SIGKILL	   /* as a wait status */
#define PATIENCE 60	   /* calls of follow_idle() after which everything must be reported */
#define LONG_PATIENCE 3001 /* ... while one lives that could show more */

/* 10 has forked 20, which is to be killed. */
static struct script *with_victim(enum event_mode mode)
{
	struct script *s = script_launched(mode);

	script_spawn(s, 10, CALL_FORK, 0, 20);
	return s;
}

/* The same with a second thread, 22. */
static struct script *with_victims(enum event_mode mode)
{
	struct script *s = with_victim(mode);

	script_spawn(s, 20, CALL_CLONE3, SCRIPT_PTHREAD, 22);
	return s;
}

static void test_filter_child_first(void **state)
{
	struct script *s = with_victim(EVENT_MODE_FILTER);

	(void)state;
	script_entry(s, 20, CALL_FORK, 0);
	script_says(s, "syscall 20");
	script_born(s, 20, 21);
	script_first(s, 21);
	script_says_nothing(s);
	script_death(s, 20, KILLED);
	script_says(s, "exit 20: 0x9 with its group", "spawn 21 by 20: in 21, parent 1, fork 0x11", "cont 21",
		    "note creator-lost 21 0 0");
	assert_false(follow_is_holding(script_follow(s)));
	script_free(s);
}

static void test_filter_death_first(void **state)
{
	struct script *s = with_victim(EVENT_MODE_FILTER);

	(void)state;
	script_entry(s, 20, CALL_CLONE, SIGUSR1);
	script_born(s, 20, 21);
	script_death(s, 20, KILLED);
	script_says(s, "syscall 20", "exit 20: 0x9 with its group");
	script_first(s, 21);
	script_says(s, "spawn 21 by 20: in 21, parent 1, clone 0xa", "cont 21", "note creator-lost 21 0 0");
	script_free(s);
}

/* The creator's event stop was seen, but it was killed before anything could be read. */
static void test_filter_event_without_message(void **state)
{
	struct script *s = with_victim(EVENT_MODE_FILTER);

	(void)state;
	script_entry(s, 20, CALL_FORK, 0);
	script_born(s, 20, 21);
	script_first(s, 21);
	script_passes(s);
	script_gone(s, 20);
	script_created(s, 20, 21);
	script_says(s, "cont 20");
	script_death(s, 20, KILLED);
	script_says(s, "exit 20: 0x9 with its group", "spawn 21 by 20: in 21, parent 1, fork 0x11", "cont 21",
		    "note creator-lost 21 0 0");
	script_free(s);
}

/* Both threads were forking with the same arguments: the stack pointer shows whose child is whose. */
static void test_filter_exact_thread(void **state)
{
	struct script *s = with_victims(EVENT_MODE_FILTER);

	(void)state;
	script_entry(s, 20, CALL_CLONE, SIGCHLD);
	script_entry(s, 22, CALL_CLONE, SIGCHLD);
	script_born(s, 20, 30);
	script_born(s, 22, 32);
	script_passes(s);
	script_death(s, 22, KILLED);
	script_death(s, 20, KILLED);
	script_says(s, "exit 22: 0x9 with its group", "exit 20: 0x9 with its group");
	script_first(s, 30);
	script_says(s, "spawn 30 by 20: in 30, parent 1, clone 0x11", "cont 30", "note creator-lost 30 0 0");
	script_first(s, 32);
	script_says(s, "spawn 32 by 22: in 32, parent 1, clone 0x11", "cont 32", "note creator-lost 32 0 0");
	script_free(s);
}

/* clone3's struct has an address of its own, though the child's stack pointer is another. */
static void test_filter_clone3_thread(void **state)
{
	struct script *s = with_victims(EVENT_MODE_FILTER);

	(void)state;
	script_entry(s, 20, CALL_CLONE3, FLAG_VM | SIGCHLD);
	script_entry(s, 22, CALL_CLONE3, FLAG_VM | SIGCHLD);
	script_born(s, 22, 32);
	script_first(s, 32);
	script_passes(s);
	script_death(s, 22, KILLED);
	script_says(s, "exit 22: 0x9 with its group", "spawn 32 by 22: in 32, parent 20, clone3 0x111", "cont 32",
		    "note creator-lost 32 0 0");
	script_free(s);
}

/* A leader that another thread's exec replaces is never reported as dead. */
static void test_filter_leader_is_replaced(void **state)
{
	struct script *s = with_victims(EVENT_MODE_FILTER);

	(void)state;
	script_entry(s, 20, CALL_FORK, 0);
	script_born(s, 20, 21);
	script_first(s, 21);
	script_passes(s);
	script_exec(s, 20, 22, "next");
	script_says(s, "exec 20, was 22: next", "spawn 21 by ? of 20: in 21, parent 20, fork 0x11", "cont 21",
		    "note creator-lost 21 0 0", "cont 20");
	script_free(s);
}

/* Somebody else was killed while creating in the same way: that is no explanation for a child whose parent lives and is
 * about to say so. Forked workers have the same stack pointers. */
static void test_filter_other_creator(void **state)
{
	struct script *s = with_victim(EVENT_MODE_FILTER);

	(void)state;
	script_task(s, 20)->call.sp = script_task(s, 10)->call.sp;
	script_entry(s, 20, CALL_FORK, 0);
	script_death(s, 20, KILLED); /* before it made a child */
	script_entry(s, 10, CALL_FORK, 0);
	script_passes(s);
	script_born(s, 10, 30);
	script_first(s, 30);
	script_says_nothing(s);
	script_created(s, 10, 30);
	script_says(s, "spawn 30 by 10: in 30, parent 10, fork 0x11", "cont 30", "cont 10");
	script_free(s);
}

/* The same for one that makes a brother, whose parent is its own parent. */
static void test_filter_other_creator_of_brother(void **state)
{
	struct script *s = with_victim(EVENT_MODE_FILTER);

	(void)state;
	script_spawn(s, 10, CALL_FORK, 0, 24);
	script_spawn(s, 24, CALL_FORK, 0, 25);
	script_task(s, 25)->call.sp = script_task(s, 20)->call.sp;
	script_entry(s, 20, CALL_CLONE, FLAG_PARENT | SIGCHLD);
	script_death(s, 20, KILLED);
	script_entry(s, 25, CALL_CLONE, FLAG_PARENT | SIGCHLD);
	script_passes(s);
	script_born(s, 25, 30);
	script_first(s, 30);
	script_says_nothing(s);
	script_created(s, 25, 30);
	script_says(s, "spawn 30 by 25: in 30, parent 24, clone 0x8011", "cont 30", "cont 25");
	script_free(s);
}

/* Killed by exit_group or a signal while a thread was being made: both die, the child before its first stop. */
static void test_filter_thread_and_creator(void **state)
{
	struct script *s = with_victims(EVENT_MODE_FILTER);

	(void)state;
	script_entry(s, 22, CALL_CLONE3, SCRIPT_PTHREAD);
	script_born(s, 22, 23);
	script_passes(s);
	script_death(s, 23, KILLED);
	script_death(s, 22, KILLED);
	script_says(s, "exit 22: 0x9 with its group");
	assert_true(follow_is_holding(script_follow(s)));
	script_idle(s, 1);
	script_says(s, "spawn 23 by ? of 20: in 20, parent 10, clone3 0x50f00", "exit 23: 0x9 with its group",
		    "note creator-lost 23 0 0");
	assert_false(follow_is_holding(script_follow(s)));
	script_death(s, 20, KILLED);
	script_says(s, "exit 20: 0x9 with its group");
	assert_int_equal(follow_count(script_follow(s)), 1);
	script_free(s);
}

/* Of several that were creating when they died, each could have made it: only what they have in common is reported. */
static void test_filter_several_candidates(void **state)
{
	struct script *s = with_victims(EVENT_MODE_FILTER);

	(void)state;
	script_spawn(s, 10, CALL_FORK, 0, 24);
	script_entry(s, 22, CALL_FORK, 0);
	script_entry(s, 24, CALL_FORK, 0);
	script_born(s, 24, 25);
	script_death(s, 25, KILLED);
	script_death(s, 24, KILLED);
	script_death(s, 22, KILLED);
	script_death(s, 20, KILLED);
	script_passes(s);
	script_idle(s, 1);
	script_says(s, "spawn 25 by ?: in 25, fork 0x11", "exit 25: 0x9 with its group", "note creator-lost 25 0 0");
	/* Nor is it certain for the next. */
	script_add(s, 26, 26, 1);
	script_death(s, 26, KILLED);
	script_idle(s, 1);
	script_says(s, "spawn 26 by ?: in 26, fork 0x11", "exit 26: 0x9 with its group", "note creator-lost 26 0 0");
	script_free(s);
}

/* While a task lives that could still show it, follow does not ask about the dead, even if that task is slow. */
static void test_filter_creator_is_slow(void **state)
{
	struct script *s = with_victims(EVENT_MODE_FILTER);

	(void)state;
	script_spawn(s, 10, CALL_FORK, 0, 24);
	script_entry(s, 24, CALL_CLONE3, SCRIPT_PTHREAD);
	script_entry(s, 22, CALL_FORK, 0);
	script_born(s, 22, 23);
	script_death(s, 23, KILLED);
	script_death(s, 24, KILLED); /* within a call that made nothing */
	script_passes(s);
	script_idle(s, 10);
	script_says_nothing(s);
	script_killed_stop(s, 22, KILLED);
	script_says(s, "spawn 23 by 22: in 23, parent 20, fork 0x11", "exit 23: 0x9 with its group", "cont 22");
	script_free(s);
}

/* It may be preempted between the birth of the child and its own event: half a second says nothing. */
static void test_filter_creator_is_very_slow(void **state)
{
	struct script *s = with_victim(EVENT_MODE_FILTER);

	(void)state;
	script_entry(s, 20, CALL_FORK, 0);
	script_passes(s);
	script_born(s, 20, 21);
	script_first(s, 21);
	script_idle(s, LONG_PATIENCE - 1);
	script_says_nothing(s);
	script_created(s, 20, 21);
	script_says(s, "spawn 21 by 20: in 21, parent 20, fork 0x11", "cont 21", "cont 20");

	script_entry(s, 20, CALL_FORK, 0);
	script_passes(s);
	script_born(s, 20, 22);
	script_death(s, 22, KILLED);
	script_idle(s, LONG_PATIENCE - 1);
	script_says_nothing(s);
	script_reports(s, 20, 22);
	script_says(s, "spawn 22 by 20: in 22, parent 20, fork 0x11", "exit 22: 0x9 with its group", "cont 20");
	script_free(s);
}

/* One that began later than the child died has not made it; and nobody is waited for for ever. */
static void test_filter_nobody_can_show_it(void **state)
{
	struct script *s = with_victims(EVENT_MODE_FILTER);

	(void)state;
	script_entry(s, 22, CALL_FORK, 0);
	script_born(s, 22, 23);
	script_death(s, 23, KILLED);
	script_death(s, 22, KILLED);
	script_entry(s, 10, CALL_FORK, 0);
	script_passes(s);
	script_idle(s, 1);
	script_says(s, "spawn 23 by ? of 20: in 23, parent 20, fork 0x11", "exit 23: 0x9 with its group",
		    "note creator-lost 23 0 0");
	script_entry(s, 20, CALL_FORK, 0);
	script_add(s, 26, 26, 1);
	script_death(s, 26, KILLED);
	script_passes(s);
	script_idle(s, LONG_PATIENCE - 1);
	assert_int_equal(script_count(s, "spawn 26 by ?"), 0);
	script_idle(s, 1);
	assert_int_equal(script_count(s, "spawn 26 by ?"), 1);
	script_free(s);
}

/* If any of several processes could have created a thread, not even its kind is known. */
static void test_filter_several_candidates_of_thread(void **state)
{
	struct script *s = with_victim(EVENT_MODE_FILTER);

	(void)state;
	script_spawn(s, 10, CALL_FORK, 0, 24);
	script_entry(s, 20, CALL_CLONE3, SCRIPT_PTHREAD);
	script_entry(s, 24, CALL_CLONE3, SCRIPT_PTHREAD);
	script_born(s, 24, 25);
	script_death(s, 25, KILLED);
	script_death(s, 24, KILLED);
	script_death(s, 20, KILLED);
	script_passes(s);
	script_idle(s, 1);
	script_says(s, "spawn 25 by ?: in 25, request unknown", "exit 25: 0x9 with its group",
		    "note creator-lost 25 0 0");
	script_free(s);
}

/* Killed after it made a child, a creator stops at its end, where its result register names the child. */
static void test_exit_stop_tells_the_child(void **state)
{
	static const enum event_mode modes[] = { EVENT_MODE_FILTER, EVENT_MODE_EVENTS, EVENT_MODE_CALLS };

	(void)state;
	for (int i = 0; i < 3; i++) {
		for (int child_first = 0; child_first < 2; child_first++) {
			struct script *s = with_victims(modes[i]);

			script_entry(s, 20, CALL_FORK, 0);
			script_born(s, 20, 21);
			if (child_first)
				script_first(s, 21);
			script_killed_stop(s, 20, KILLED);
			assert_int_equal(script_count(s, "spawn 21 by 20: in 21, parent 20, fork 0x11"), 1);
			assert_int_equal(script_count(s, "note"), 0);
			if (!child_first)
				script_first(s, 21);
			assert_false(script_task(s, 21)->stopped);
			assert_int_equal(follow_count(script_follow(s)), 4);
			assert_false(follow_is_holding(script_follow(s)));
			script_free(s);
		}
	}
}

/* ... or dead before it was reported, or in a call that has made nothing yet, or one that was reported long ago. */
static void test_exit_stop_tells_the_dead_child(void **state)
{
	struct script *s = with_victims(EVENT_MODE_FILTER);

	(void)state;
	script_entry(s, 20, CALL_FORK, 0);
	script_born(s, 20, 21);
	script_death(s, 21, KILLED);
	script_passes(s);
	script_killed_stop(s, 20, KILLED);
	script_says(s, "spawn 21 by 20: in 21, parent 20, fork 0x11", "exit 21: 0x9 with its group", "cont 20");
	script_free(s);
}

static void test_exit_stop_tells_no_child(void **state)
{
	static const enum event_mode modes[] = { EVENT_MODE_FILTER, EVENT_MODE_EVENTS, EVENT_MODE_CALLS };

	(void)state;
	for (int i = 0; i < 3; i++) {
		struct script *s = with_victims(modes[i]);

		script_entry(s, 20, CALL_FORK, 0); /* nothing yet */
		script_killed_stop(s, 20, KILLED);
		assert_int_equal(script_count(s, "spawn"), 0);
		script_free(s);

		s = with_victims(modes[i]);
		script_spawn(s, 20, CALL_FORK, 0, 21); /* reported already */
		script_killed_stop(s, 20, KILLED);
		assert_int_equal(script_count(s, "spawn"), 0);
		script_free(s);
	}
}

/* It was killed after its event stop had been reported, and is in the stop at its end when it is asked. */
static void test_at_its_end_when_asked(void **state)
{
	static const enum event_mode modes[] = { EVENT_MODE_FILTER, EVENT_MODE_EVENTS };

	(void)state;
	for (int i = 0; i < 2; i++) {
		struct script *s = with_victim(modes[i]);

		script_entry(s, 20, CALL_FORK, 0);
		script_born(s, 20, 21);
		script_passes(s);
		script_event(s, 20, STOP_EVENT_FORK, 0);
		script_says(s, "spawn 21 by 20: in 21, parent 20, fork 0x11", "cont 20");
		script_free(s);
	}
}

/* In another pid namespace the register's number is not ours: the grave explains. */
static void test_exit_stop_in_namespace(void **state)
{
	struct script *s = script_launched(EVENT_MODE_FILTER);

	(void)state;
	script_spawn(s, 10, CALL_CLONE, FLAG_NEWPID | SIGCHLD, 2020);
	script_spawn(s, 2020, CALL_FORK, 0, 2030);
	script_spawn(s, 2030, CALL_FORK, 0, 2031);
	script_entry(s, 2030, CALL_FORK, 0);
	script_born(s, 2030, 2040);
	script_passes(s);
	script_first(s, 2040);
	script_killed_stop(s, 2030, KILLED);
	script_says(s, "cont 2030");
	script_death(s, 2030, KILLED);
	assert_int_equal(script_count(s, "spawn 2040 by 2030"), 1);
	script_free(s);
}

/* A child that dies before its first stop is reported when its creator's event comes. */
static void test_child_dies_first(void **state)
{
	static const enum event_mode modes[] = { EVENT_MODE_FILTER, EVENT_MODE_EVENTS };

	(void)state;
	for (int i = 0; i < 2; i++) {
		struct script *s = with_victim(modes[i]);

		script_entry(s, 20, CALL_FORK, 0);
		script_born(s, 20, 21);
		script_passes(s);
		script_death(s, 21, KILLED);
		script_says_nothing(s);
		script_created(s, 20, 21);
		script_says(s, "spawn 21 by 20: in 21, parent 20, fork 0x11", "exit 21: 0x9 with its group", "cont 20");
		assert_int_equal(follow_count(script_follow(s)), 2);
		script_free(s);
	}
}

/* ... and one that dies between its first stop and the event. */
static void test_held_child_dies(void **state)
{
	static const enum event_mode modes[] = { EVENT_MODE_FILTER, EVENT_MODE_EVENTS };

	(void)state;
	for (int i = 0; i < 2; i++) {
		struct script *s = with_victim(modes[i]);

		script_entry(s, 20, CALL_FORK, 0);
		script_born(s, 20, 21);
		script_first(s, 21);
		script_passes(s);
		script_death(s, 21, KILLED);
		script_says_nothing(s);
		script_created(s, 20, 21);
		script_says(s, "spawn 21 by 20: in 21, parent 20, fork 0x11", "exit 21: 0x9 with its group", "cont 20");
		script_free(s);
	}
}

/* A leader's child inherits the stop at the end, and may show that first. */
static void test_exit_stop_comes_first(void **state)
{
	struct script *s = with_victims(EVENT_MODE_FILTER);

	(void)state;
	script_entry(s, 20, CALL_FORK, 0);
	script_born(s, 20, 21);
	script_passes(s);
	script_event(s, 21, STOP_EVENT_EXIT, KILLED);
	script_says_nothing(s);
	script_created(s, 20, 21);
	assert_int_equal(script_count(s, "spawn 21 by 20: in 21, parent 20, fork 0x11"), 1);
	assert_int_equal(script_count(s, "cont 21"), 1);
	script_passes(s);
	script_death(s, 21, KILLED);
	script_says(s, "exit 21: 0x9 with its group");
	script_free(s);
}

/* A held task that is killed lets its stop go and may stop once more, at its end. */
static void test_held_child_exit_stop(void **state)
{
	struct script *s = with_victims(EVENT_MODE_FILTER);

	(void)state;
	script_entry(s, 20, CALL_FORK, 0);
	script_born(s, 20, 21);
	script_passes(s);
	script_first(s, 21);
	script_task(s, 21)->stopped = false;
	script_event(s, 21, STOP_EVENT_EXIT, KILLED);
	script_says(s, "cont 21");
	script_death(s, 21, KILLED);
	script_created(s, 20, 21);
	script_says(s, "spawn 21 by 20: in 21, parent 20, fork 0x11", "exit 21: 0x9 with its group", "cont 20");
	script_free(s);
}

/* Without entry stops there is nothing to compare: the orphan's creator was in a process that has ended. */
static void test_events_elimination(void **state)
{
	struct script *s = with_victim(EVENT_MODE_EVENTS);

	(void)state;
	script_entry(s, 20, CALL_FORK, 0);
	script_born(s, 20, 21);
	script_first(s, 21);
	script_says_nothing(s);
	script_death(s, 20, KILLED);
	script_says(s, "exit 20: 0x9 with its group", "spawn 21 by 20: in 21, parent 1, fork 0x11", "cont 21",
		    "note creator-lost 21 0 0");
	script_free(s);
}

/* Which thread of that process it was cannot be known. */
static void test_events_elimination_of_threads(void **state)
{
	struct script *s = with_victims(EVENT_MODE_EVENTS);

	(void)state;
	script_entry(s, 22, CALL_FORK, 0);
	script_born(s, 22, 21);
	script_first(s, 21);
	script_death(s, 22, KILLED);
	script_says(s, "exit 22: 0x9 with its group");
	script_death(s, 20, KILLED);
	script_says(s, "exit 20: 0x9 with its group", "spawn 21 by ? of 20: in 21, parent 1, fork 0x11", "cont 21",
		    "note creator-lost 21 0 0");
	script_free(s);
}

static void test_events_death_first(void **state)
{
	struct script *s = with_victim(EVENT_MODE_EVENTS);

	(void)state;
	script_entry(s, 20, CALL_FORK, 0);
	script_born(s, 20, 21);
	script_death(s, 20, KILLED);
	script_says(s, "exit 20: 0x9 with its group");
	script_first(s, 21);
	script_idle(s, 1);
	script_says(s, "spawn 21 by 20: in 21, parent 1, fork 0x11", "cont 21", "note creator-lost 21 0 0");
	script_free(s);
}

/* Of several processes that ended it may have been any. It is reported, and continues. */
static void test_events_elimination_of_processes(void **state)
{
	struct script *s = with_victim(EVENT_MODE_EVENTS);

	(void)state;
	script_spawn(s, 10, CALL_FORK, 0, 30);
	script_entry(s, 20, CALL_FORK, 0);
	script_born(s, 20, 21);
	script_death(s, 20, KILLED);
	script_death(s, 30, 0);
	script_passes(s);
	script_first(s, 21);
	script_idle(s, 1);
	script_says(s, "spawn 21 by ?: in 21, parent 1, fork 0x11", "cont 21", "note creator-lost 21 0 0");
	script_free(s);
}

/* Another's death explains nothing while the child's parent lives: its event is still to come. */
static void test_events_other_death(void **state)
{
	struct script *s = with_victim(EVENT_MODE_EVENTS);

	(void)state;
	script_entry(s, 10, CALL_FORK, 0);
	script_born(s, 10, 30);
	script_first(s, 30);
	script_death(s, 20, KILLED);
	script_idle(s, 5);
	script_says(s, "exit 20: 0x9 with its group");
	script_created(s, 10, 30);
	script_says(s, "spawn 30 by 10: in 30, parent 10, fork 0x11", "cont 30", "cont 10");
	script_free(s);
}

/* Nor when the child is its creator's brother and their parent is not traced. */
static void test_events_other_death_clone_parent(void **state)
{
	struct script *s = with_victim(EVENT_MODE_EVENTS);

	(void)state;
	script_entry(s, 10, CALL_CLONE, FLAG_PARENT | SIGCHLD);
	script_born(s, 10, 30);
	script_first(s, 30);
	script_death(s, 20, KILLED);
	script_idle(s, 5);
	script_says(s, "exit 20: 0x9 with its group");
	script_created(s, 10, 30);
	script_says(s, "spawn 30 by 10: in 30, parent 1, clone 0x8011", "cont 30", "cont 10");
	script_free(s);
}

/* exec by another thread killed the creator: its process goes on. */
static void test_events_creator_killed_by_exec(void **state)
{
	struct script *s = with_victims(EVENT_MODE_EVENTS);

	(void)state;
	script_entry(s, 22, CALL_FORK, 0);
	script_born(s, 22, 21);
	script_first(s, 21);
	script_death(s, 22, 0);
	script_exec(s, 20, 20, "next");
	script_says(s, "exec 20: next", "exit 22: 0x0 replaced", "spawn 21 by ? of 20: in 21, parent 20, fork 0x11",
		    "cont 21", "note creator-lost 21 0 0", "cont 20");
	script_free(s);
}

/* The parent's exec kills its threads; but a thread's parent is its creator's. */
static void test_events_exec_of_grandparent(void **state)
{
	struct script *s = with_victim(EVENT_MODE_EVENTS);

	(void)state;
	script_entry(s, 20, CALL_CLONE3, SCRIPT_PTHREAD);
	script_born(s, 20, 21);
	script_first(s, 21);
	script_exec(s, 10, 10, "next");
	script_passes(s);
	script_idle(s, 1);
	script_says_nothing(s);
	script_created(s, 20, 21);
	script_says(s, "spawn 21 by 20: in 20, parent 10, clone3 0x50f00", "cont 21", "cont 20");
	script_free(s);
}

/* A thread whose creator is gone: the kernel's ids have its group. */
static void test_events_held_thread(void **state)
{
	struct script *s = with_victims(EVENT_MODE_EVENTS);

	(void)state;
	script_entry(s, 22, CALL_CLONE3, SCRIPT_PTHREAD);
	script_born(s, 22, 23);
	script_first(s, 23);
	script_death(s, 22, KILLED);
	script_idle(s, PATIENCE);
	script_says(s, "exit 22: 0x9 with its group", "spawn 23 by ?: in 20, parent 10, clone3 0x50f00", "cont 23",
		    "note creator-lost 23 0 0");
	script_free(s);
}

/* Nothing at all is known of either; still it is reported in the end, and no task waits forever. */
static void test_events_both_die(void **state)
{
	struct script *s = with_victim(EVENT_MODE_EVENTS);

	(void)state;
	script_entry(s, 20, CALL_FORK, 0);
	script_born(s, 20, 21);
	script_death(s, 21, KILLED);
	script_death(s, 20, KILLED);
	script_says(s, "exit 20: 0x9 with its group");
	script_idle(s, PATIENCE);
	script_says(s, "spawn 21 by ?: in 21, request unknown", "exit 21: 0x9 with its group",
		    "note creator-lost 21 0 0");
	assert_false(follow_is_holding(script_follow(s)));
	script_free(s);
}

/* The tid of a task that died unannounced is used again before it could be explained. */
static void test_lost_tid_is_used_again(void **state)
{
	struct script *s = with_victim(EVENT_MODE_EVENTS);

	(void)state;
	script_entry(s, 20, CALL_FORK, 0);
	script_born(s, 20, 21);
	script_death(s, 21, KILLED);
	script_death(s, 20, KILLED);
	script_entry(s, 10, CALL_FORK, 0);
	script_passes(s);
	script_born(s, 10, 21);
	script_first(s, 21);
	script_says(s, "spawn 21 by ?: in 21, request unknown", "exit 21: 0x9 with its group",
		    "note creator-lost 21 0 0");
	script_created(s, 10, 21);
	script_says(s, "spawn 21 by 10: in 21, parent 10, fork 0x11", "cont 21", "cont 10");
	script_free(s);
}

/* The same with the creator's event first: the call began after that death. */
static void test_lost_tid_is_used_again_event_first(void **state)
{
	struct script *s = with_victim(EVENT_MODE_FILTER);

	(void)state;
	script_born(s, 10, 21);
	script_death(s, 21, KILLED); /* of whom nothing is known */
	script_entry(s, 10, CALL_FORK, 0);
	script_passes(s);
	script_created(s, 10, 21);
	script_says(s, "spawn 21 by ?: in 21, request unknown", "exit 21: 0x9 with its group",
		    "note creator-lost 21 0 0", "spawn 21 by 10: in 21, parent 10, fork 0x11", "cont 10");
	script_first(s, 21);
	script_says(s, "cont 21");
	script_free(s);
}

/* The end: each task that is still held or lost is reported, and detached. */
static void test_end_tells_all(void **state)
{
	static const enum event_mode modes[] = { EVENT_MODE_FILTER, EVENT_MODE_EVENTS };

	(void)state;
	for (int i = 0; i < 2; i++) {
		struct script *s = script_launched(modes[i]);

		script_add(s, 30, 30, 1);
		script_add(s, 31, 31, 1);
		script_in_call(s, 30, CALL_FORK, 0);
		script_first(s, 30);
		script_death(s, 31, KILLED);
		script_death(s, 10, 0);
		assert_int_equal(script_count(s, "cont 30"), i == 1);
		script_end(s, 0);
		assert_int_equal(script_count(s, "spawn 30"), 1);
		assert_int_equal(script_count(s, "cont 30"), 1);
		assert_int_equal(script_count(s, "spawn 31 by ?: in 31, request unknown"), 1);
		assert_int_equal(script_count(s, "exit 31: 0x9 with its group"), 1);
		assert_int_equal(script_count(s, "note creator-lost"), 2);
		assert_int_equal(script_count(s, "end 0x0"), 1);
		script_free(s);
	}
}

/* A story of everything, in which the task is killed at the n-th thing that is asked about it, for every n. */
static unsigned play_until_killed(enum event_mode mode, unsigned n)
{
	struct script *s = script_launched(mode);
	static const struct {
		enum call call;
		uint64_t flags;
	} calls[] = {
		{ CALL_FORK, 0 },
		{ CALL_CLONE3, SCRIPT_PTHREAD },
		{ CALL_CLONE, FLAG_UNTRACED | SIGCHLD },
		{ CALL_CLONE, FLAG_NEWPID | SIGCHLD },
	};
	unsigned children = 0;

	script_spawn(s, 10, CALL_FORK, 0, 20);
	script_kill_at_gather(s, n);
	for (int i = 0; i < 4 && !script_task(s, 20)->gone; i++) {
		script_entry(s, 20, calls[i].call, calls[i].flags);
		if (script_task(s, 20)->gone)
			break; /* before the call did anything */
		script_born(s, 20, 30 + i);
		children++;
		if (i % 2)
			script_first(s, 30 + i);
		script_created(s, 20, 30 + i);
		if (!(i % 2))
			script_first(s, 30 + i);
	}
	if (children > 1)
		script_death(s, 31, KILLED); /* the thread */
	if (!script_task(s, 20)->gone)
		script_exec(s, 20, 20, "next");
	script_death(s, 20, KILLED);
	script_idle(s, PATIENCE);
	assert_int_equal(script_count(s, "spawn 3"), children);
	assert_int_equal(follow_count(script_follow(s)), 1 + children - (children > 1));
	assert_false(follow_is_holding(script_follow(s)));
	for (unsigned i = 0; i < children; i++)
		assert_false(script_task(s, 30 + (pid_t)i)->stopped);
	n = script_was_killed(s);
	script_free(s);
	return n;
}

static void test_killed_at_every_point(void **state)
{
	static const enum event_mode modes[] = { EVENT_MODE_FILTER, EVENT_MODE_EVENTS, EVENT_MODE_CALLS };

	(void)state;
	for (int i = 0; i < 3; i++) {
		unsigned n = 1;

		while (play_until_killed(modes[i], n))
			n++;
		assert_true(n > 6);
	}
}

/* Killed in a call whose child lives in a new pid namespace: the register has the number from another namespace, which
 * says nothing; the call itself does, when the child shows itself. */
static void test_exit_stop_in_another_namespace(void **state)
{
	for (int entered = 0; entered < 2; entered++) {
		struct script *s = with_victims(entered ? EVENT_MODE_FILTER : EVENT_MODE_EVENTS);

		(void)state;
		script_entry(s, 20, CALL_CLONE, FLAG_NEWPID | SIGCHLD);
		script_born(s, 20, 21);
		script_passes(s);
		script_killed_stop(s, 20, KILLED);
		script_says(s, "cont 20");
		script_death(s, 20, KILLED);
		script_passes(s);
		script_first(s, 21);
		script_idle(s, LONG_PATIENCE);
		assert_int_equal(script_count(s, "spawn 21 by 20: in 21"), 1);
		script_free(s);
	}
}

/* The trace is given up while ends and newborns are unexplained: nothing of them is left (valgrind looks). */
static void test_given_up(void **state)
{
	struct script *s = with_victims(EVENT_MODE_FILTER);

	(void)state;
	script_entry(s, 10, CALL_FORK, 0);
	script_born(s, 10, 30);
	script_death(s, 30, KILLED); /* before its creator reports it */
	script_entry(s, 20, CALL_FORK, 0);
	script_born(s, 20, 31);
	script_first(s, 31);
	script_death(s, 22, 0); /* alone, or with its process */
	assert_true(follow_is_holding(script_follow(s)));
	assert_true(follow_remembers(script_follow(s)) > follow_count(script_follow(s)));
	script_free(s);
}

/* TID enters CALL in a program of ABI, with its stack pointer at SP and the last argument of clone LAST. */
static void enter(struct script *s, pid_t tid, const char *abi, enum call call, uint64_t flags, uint64_t sp,
		  uint64_t last)
{
	struct script_task *task = script_task(s, tid);

	script_abi(s, abi);
	task->call.sp = sp;
	script_in_call(s, tid, call, flags);
	if (call == CALL_CLONE)
		task->call.args[4] = last;
	task->call.seccomp_data = SCRIPT_SECCOMP_DATA;
	script_event(s, tid, STOP_EVENT_SECCOMP, SCRIPT_SECCOMP_DATA);
}

/* Two threads of two processes are killed in their calls, of which one has made a child. Its registers are a copy of
 * its creator's: whatever differs between the calls shows who that is. */
static void test_registers_show_the_creator(void **state)
{
	static const struct {
		const char *abi;
		enum call call;
		uint64_t flags, sp, last;
	} cases[][2] = {
		/* who has made nothing, and the creator */
		{ { "x86_64", CALL_VFORK, 0, 0x7000, 0 }, { "x86_64", CALL_FORK, 0, 0x7000, 0 } },
		{ { "x86_64", CALL_FORK, 0, 0x6000, 0 }, { "x86_64", CALL_FORK, 0, 0x7000, 0 } },
		{ { "x86_64", CALL_CLONE, SIGUSR1, 0x7000, 0 }, { "x86_64", CALL_CLONE, SIGCHLD, 0x7000, 0 } },
		{ { "x86_64", CALL_CLONE, SIGCHLD, 0x7000, 1 }, { "x86_64", CALL_CLONE, SIGCHLD, 0x7000, 2 } },
		{ { "i386", CALL_CLONE3, SIGCHLD, 0x7000, 0 }, { "x86_64", CALL_CLONE3, SIGCHLD, 0x7000, 0 } },
		{ { "x86_64", CALL_CLONE3, SIGCHLD, 0x6000, 0 }, { "x86_64", CALL_CLONE3, SIGCHLD, 0x7000, 0 } },
		{ { "x86_64", CALL_CLONE3, FLAG_FS | SIGCHLD, 0x7000, 0 },
		  { "x86_64", CALL_CLONE3, SIGCHLD, 0x7000, 0 } },
		{ { "x86_64", CALL_CLONE3, SCRIPT_PTHREAD, 0x7000, 0 },
		  { "x86_64", CALL_CLONE3, SCRIPT_PTHREAD, 0x7000, 0 } }, /* whose process it is in */
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		for (int creator_first = 0; creator_first < 2; creator_first++) {
			struct script *s = with_victims(EVENT_MODE_FILTER);
			const pid_t tids[] = { 22, 26 };

			script_spawn(s, 10, CALL_FORK, 0, 24);
			script_spawn(s, 24, CALL_CLONE3, SCRIPT_PTHREAD, 26);
			for (int who = 0; who < 2; who++)
				enter(s, tids[who], cases[i][who].abi, cases[i][who].call, cases[i][who].flags,
				      cases[i][who].sp, cases[i][who].last);
			script_born(s, 26, 30);
			script_first(s, 30);
			script_passes(s);
			script_death(s, creator_first ? 26 : 22, KILLED);
			script_death(s, creator_first ? 22 : 26, KILLED);
			assert_int_equal(script_count(s, "spawn 30 by 26: in "), 1);
			assert_int_equal(script_count(s, "note creator-lost 30 0 0"), 1);
			script_free(s);
		}
	}
}

/* cltrace itself has taken CLONE_UNTRACED out of the registers that the child has: they are the creator's all the same.
 */
static void test_registers_without_untraced(void **state)
{
	static const enum call calls[] = { CALL_CLONE, CALL_CLONE3 };

	(void)state;
	for (int i = 0; i < 2; i++) {
		struct script *s = with_victim(EVENT_MODE_FILTER);

		script_entry(s, 20, calls[i], FLAG_UNTRACED | SIGCHLD);
		script_born(s, 20, 30);
		script_first(s, 30);
		script_passes(s);
		script_death(s, 20, KILLED);
		assert_int_equal(script_count(s, "spawn 30 by 20: in 30, parent 1"), 1);
		script_free(s);
	}
}

/* Killed while it was held: the stop at its end was answered, so that nothing is left to be ordered. */
static void test_held_has_run_out(void **state)
{
	struct script *s = with_victim(EVENT_MODE_FILTER);

	(void)state;
	script_entry(s, 20, CALL_FORK, 0);
	script_born(s, 20, 21);
	script_first(s, 21);
	script_passes(s);
	script_task(s, 21)->stopped = false; /* SIGKILL wakes it */
	script_killed_stop(s, 21, KILLED);
	script_says(s, "cont 21");
	script_created(s, 20, 21);
	script_says(s, "spawn 21 by 20: in 21, parent 20, fork 0x11", "cont 20");
	script_death(s, 21, KILLED);
	script_says(s, "exit 21: 0x9 with its group");
	script_free(s);
}

/* A call that was refused is over: nobody waits for what it may have made. */
static void test_refused_call_is_over(void **state)
{
	struct script *s = with_victims(EVENT_MODE_FILTER);

	(void)state;
	script_entry(s, 22, CALL_FORK, 0);
	script_returns(s, 22, -EAGAIN);
	script_passes(s);
	script_add(s, 30, 30, 1);
	script_first(s, 30);
	script_idle(s, PATIENCE);
	assert_int_equal(script_count(s, "spawn 30 by ?: in 30, parent 1"), 1);
	script_free(s);
}

/* An exec before the child showed itself is no reason to give up its creator, whose event is about to come. */
static void test_events_exec_before(void **state)
{
	struct script *s = with_victim(EVENT_MODE_EVENTS);

	(void)state;
	script_exec(s, 20, 20, "next");
	script_in_call(s, 20, CALL_FORK, 0);
	script_born(s, 20, 21);
	script_passes(s);
	script_first(s, 21);
	script_idle(s, 10);
	script_says_nothing(s);
	script_created(s, 20, 21);
	script_says(s, "spawn 21 by 20: in 21, parent 20, fork 0x11", "cont 21", "cont 20");
	script_free(s);
}

/* One call makes one child: a call that has explained a child explains no other one. */
static void test_one_call_one_child(void **state)
{
	struct script *s = with_victim(EVENT_MODE_FILTER);

	(void)state;
	script_entry(s, 20, CALL_FORK, 0);
	script_born(s, 20, 21);
	script_death(s, 20, KILLED);
	script_first(s, 21);
	assert_int_equal(script_count(s, "spawn 21 by 20: in 21"), 1);
	script_passes(s);
	script_add(s, 31, 31, 1)->call = script_task(s, 21)->call;
	script_first(s, 31);
	script_says_nothing(s);
	script_idle(s, PATIENCE);
	script_says(s, "spawn 31 by ?: in 31, parent 1, fork 0x11", "cont 31", "note creator-lost 31 0 0");
	script_free(s);
}

/* Both are dead: a child with CLONE_PARENT was its creator's sibling. */
static void test_lost_sibling(void **state)
{
	struct script *s = with_victim(EVENT_MODE_FILTER);

	(void)state;
	script_entry(s, 20, CALL_CLONE, FLAG_PARENT | SIGCHLD);
	script_born(s, 20, 21);
	script_death(s, 21, KILLED);
	script_death(s, 20, KILLED);
	script_passes(s);
	script_idle(s, PATIENCE);
	script_says(s, "spawn 21 by ? of 20: in 21, parent 10, clone 0x8011", "exit 21: 0x9 with its group",
		    "note creator-lost 21 0 0");
	script_free(s);
}

/* Two children die before anybody announced them, and then their creators: both are reported. */
static void test_two_lost(void **state)
{
	struct script *s = with_victim(EVENT_MODE_FILTER);

	(void)state;
	script_spawn(s, 10, CALL_FORK, 0, 24);
	script_entry(s, 20, CALL_FORK, 0);
	script_entry(s, 24, CALL_FORK, 0);
	script_born(s, 20, 21);
	script_born(s, 24, 25);
	script_death(s, 21, KILLED);
	script_death(s, 25, KILLED);
	script_passes(s);
	script_created(s, 20, 21);
	script_says(s, "spawn 21 by 20: in 21, parent 20, fork 0x11", "exit 21: 0x9 with its group", "cont 20");
	assert_true(follow_is_holding(script_follow(s)));
	script_created(s, 24, 25);
	script_says(s, "spawn 25 by 24: in 25, parent 24, fork 0x11", "exit 25: 0x9 with its group", "cont 24");
	assert_false(follow_is_holding(script_follow(s)));
	script_free(s);
}

/* A dead creator explains one dead child, not the next one that nobody knows. */
static void test_one_call_one_lost(void **state)
{
	struct script *s = with_victim(EVENT_MODE_FILTER);

	(void)state;
	script_entry(s, 20, CALL_FORK, 0);
	script_born(s, 20, 21);
	script_death(s, 21, KILLED);
	script_death(s, 20, KILLED);
	script_idle(s, PATIENCE);
	assert_int_equal(script_count(s, "spawn 21 by ? of 20: in 21, parent 20, fork 0x11"), 1);
	script_passes(s);
	script_add(s, 31, 31, 1);
	script_death(s, 31, KILLED);
	script_idle(s, PATIENCE);
	script_says(s, "spawn 31 by ?: in 31, request unknown", "exit 31: 0x9 with its group",
		    "note creator-lost 31 0 0");
	script_free(s);
}

/* Nor does it explain one that died long after. */
static void test_lost_long_after(void **state)
{
	struct script *s = with_victim(EVENT_MODE_FILTER);

	(void)state;
	script_entry(s, 20, CALL_FORK, 0);
	script_death(s, 20, KILLED);
	script_passes(s);
	script_wait(s, UINT64_C(1000000000));
	script_add(s, 31, 31, 1);
	script_death(s, 31, KILLED);
	script_idle(s, PATIENCE);
	script_says(s, "spawn 31 by ?: in 31, request unknown", "exit 31: 0x9 with its group",
		    "note creator-lost 31 0 0");
	script_free(s);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_filter_child_first),
		cmocka_unit_test(test_filter_death_first),
		cmocka_unit_test(test_filter_event_without_message),
		cmocka_unit_test(test_filter_exact_thread),
		cmocka_unit_test(test_filter_clone3_thread),
		cmocka_unit_test(test_filter_leader_is_replaced),
		cmocka_unit_test(test_filter_other_creator),
		cmocka_unit_test(test_filter_other_creator_of_brother),
		cmocka_unit_test(test_filter_thread_and_creator),
		cmocka_unit_test(test_filter_several_candidates),
		cmocka_unit_test(test_filter_creator_is_slow),
		cmocka_unit_test(test_filter_creator_is_very_slow),
		cmocka_unit_test(test_filter_nobody_can_show_it),
		cmocka_unit_test(test_filter_several_candidates_of_thread),
		cmocka_unit_test(test_exit_stop_tells_the_child),
		cmocka_unit_test(test_exit_stop_tells_the_dead_child),
		cmocka_unit_test(test_exit_stop_tells_no_child),
		cmocka_unit_test(test_at_its_end_when_asked),
		cmocka_unit_test(test_exit_stop_in_namespace),
		cmocka_unit_test(test_child_dies_first),
		cmocka_unit_test(test_held_child_dies),
		cmocka_unit_test(test_exit_stop_comes_first),
		cmocka_unit_test(test_held_child_exit_stop),
		cmocka_unit_test(test_events_elimination),
		cmocka_unit_test(test_events_elimination_of_threads),
		cmocka_unit_test(test_events_death_first),
		cmocka_unit_test(test_events_elimination_of_processes),
		cmocka_unit_test(test_events_other_death),
		cmocka_unit_test(test_events_other_death_clone_parent),
		cmocka_unit_test(test_events_creator_killed_by_exec),
		cmocka_unit_test(test_events_exec_of_grandparent),
		cmocka_unit_test(test_events_held_thread),
		cmocka_unit_test(test_events_both_die),
		cmocka_unit_test(test_lost_tid_is_used_again),
		cmocka_unit_test(test_lost_tid_is_used_again_event_first),
		cmocka_unit_test(test_end_tells_all),
		cmocka_unit_test(test_killed_at_every_point),
		cmocka_unit_test(test_exit_stop_in_another_namespace),
		cmocka_unit_test(test_given_up),
		cmocka_unit_test(test_registers_show_the_creator),
		cmocka_unit_test(test_registers_without_untraced),
		cmocka_unit_test(test_held_has_run_out),
		cmocka_unit_test(test_refused_call_is_over),
		cmocka_unit_test(test_events_exec_before),
		cmocka_unit_test(test_one_call_one_child),
		cmocka_unit_test(test_lost_sibling),
		cmocka_unit_test(test_two_lost),
		cmocka_unit_test(test_one_call_one_lost),
		cmocka_unit_test(test_lost_long_after),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
