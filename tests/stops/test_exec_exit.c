/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Stories of exec and of ends: who takes whose tid, who outlives whom. */
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "script.h"

/* 10 and its threads 11 and 12. */
static struct script *with_threads(enum event_mode mode)
{
	struct script *s = script_launched(mode);

	script_spawn(s, 10, CALL_CLONE3, SCRIPT_PTHREAD, 11);
	script_spawn(s, 11, CALL_CLONE3, SCRIPT_PTHREAD, 12);
	return s;
}

static void test_exec(void **state)
{
	struct script *s = script_launched(EVENT_MODE_FILTER);

	(void)state;
	script_exec(s, 10, 10, "./program");
	script_says(s, "exec 10: ./program", "cont 10");
	script_free(s);
}

/* The command is gone when the task is; that it has exec'ed is a fact all the same. */
static void test_exec_of_the_dead(void **state)
{
	struct script *s = script_launched(EVENT_MODE_FILTER);

	(void)state;
	script_gone(s, 10);
	script_exec(s, 10, 10, "./program");
	script_says(s, "exec 10", "cont 10");
	script_death(s, 10, SIGKILL);
	script_says(s, "exit 10: 0x9 with its group");
	script_free(s);
}

static void test_exec_set_id(void **state)
{
	struct script *s = script_launched(EVENT_MODE_FILTER);

	(void)state;
	script_task(s, 10)->set_id = (struct stop_set_id){ .ignored = true, .file_id = 0, .actual_id = 1000 };
	script_exec(s, 10, 10, "su");
	script_says(s, "exec 10: su", "note set-id 10 0 1000", "cont 10");
	script_free(s);
}

/* By the leader: its threads die, and it needs no stop at its end any more. */
static void test_exec_by_leader(void **state)
{
	struct script *s = with_threads(EVENT_MODE_FILTER);

	(void)state;
	script_death(s, 11, 0);
	script_death(s, 12, 0);
	script_exec(s, 10, 10, "next");
	script_says(s, "exec 10: next", "exit 11: 0x0 replaced", "exit 12: 0x0 replaced", "cont 10");
	script_death(s, 10, 0x100);
	script_says(s, "exit 10: 0x100 with its group");
	assert_int_equal(follow_count(script_follow(s)), 0);
	script_free(s);
}

/* By another thread: the leader dies without a word and the thread takes its tid. */
static void test_exec_by_thread(void **state)
{
	struct script *s = with_threads(EVENT_MODE_FILTER);

	(void)state;
	script_exit_stop(s, 10, CALL_NONE, 0);
	script_says(s, "cont 10");
	script_death(s, 11, 0);
	script_exec(s, 10, 12, "next");
	script_says(s, "exec 10, was 12: next", "exit 11: 0x0 replaced", "cont 10");
	assert_int_equal(follow_count(script_follow(s)), 1);
	assert_false(follow_knows(script_follow(s), 12));
	/* What it makes now is made by 10, alone: the first thread asks for the exit stop anew. */
	script_entry(s, 10, CALL_CLONE3, SCRIPT_PTHREAD);
	script_created(s, 10, 12);
	script_says(s, "syscall 10", "spawn 12 by 10: in 10, parent 1, clone3 0x50f00", "cont 10");
	script_free(s);
}

/* A call of the thread's was open at its exec: not the new program's. */
static void test_exec_forgets_call(void **state)
{
	struct script *s = with_threads(EVENT_MODE_FILTER);

	(void)state;
	script_entry(s, 12, CALL_UNSHARE, FLAG_FS);
	script_death(s, 11, 0);
	script_exec(s, 10, 12, "next");
	script_passes(s);
	script_returns(s, 10, 0);
	script_says(s, "cont 10");
	script_free(s);
}

/* The leader had exited before; its place is taken none the less. */
static void test_exec_with_zombie_leader(void **state)
{
	struct script *s = with_threads(EVENT_MODE_FILTER);

	(void)state;
	script_exit_stop(s, 10, CALL_EXIT, 0x300);
	script_says(s, "leader exit 10: 0x300", "cont 10");
	script_death(s, 11, 0);
	script_exec(s, 10, 12, "next");
	script_says(s, "exec 10, was 12: next", "exit 11: 0x0 replaced", "cont 10");
	assert_int_equal(follow_count(script_follow(s)), 1);
	script_free(s);
}

/* We attached when the leader had exited already: it is no tracee until a thread takes its place. */
static void test_exec_with_zombie_leader_attached(void **state)
{
	const struct follow_config config = { .mode = EVENT_MODE_EVENTS };
	const struct follow_attached leader = { .tid = 50, .tgid = 50, .ppid = 1, .nlwp = 1, .zombie = true };
	struct script *s = script_new(&config);

	(void)state;
	script_add(s, 50, 50, 1);
	follow_attach(script_follow(s), &leader, script_now(s));
	script_attach(s, 51, 50, 1);
	script_says(s, "attach 50: in 50, parent 1, zombie", "attach 51: in 50, parent 1");
	assert_int_equal(follow_count(script_follow(s)), 1);
	script_exec(s, 50, 51, "next");
	script_says(s, "exec 50, was 51: next", "cont 50");
	assert_int_equal(follow_count(script_follow(s)), 1);
	assert_true(follow_knows(script_follow(s), 50));
	script_death(s, 50, 0);
	script_says(s, "exit 50: 0x0 with its group");
	script_free(s);
}

/* Killed in its exec: the former tid cannot be had, but of the group nobody else is left. */
static void test_exec_by_thread_killed(void **state)
{
	struct script *s = with_threads(EVENT_MODE_FILTER);

	(void)state;
	script_death(s, 11, 0);
	script_in_call(s, 10, CALL_NONE, 0);
	script_task(s, 12)->ended = true;
	script_gone(s, 10);
	script_event(s, 10, STOP_EVENT_EXEC, 12);
	script_says(s, "exec 10, was 12", "exit 11: 0x0 replaced", "cont 10");
	script_death(s, 10, SIGKILL);
	script_says(s, "exit 10: 0x9 with its group");
	assert_int_equal(follow_count(script_follow(s)), 0);
	script_free(s);
}

/* exit(2) by the leader ends it alone; wait reports it only after its last thread's end. */
static void test_leader_exits_first(void **state)
{
	struct script *s = with_threads(EVENT_MODE_FILTER);

	(void)state;
	script_exit_stop(s, 10, CALL_EXIT, 0x300);
	script_says(s, "leader exit 10: 0x300", "cont 10");
	script_entry(s, 11, CALL_CLONE3, SCRIPT_PTHREAD);
	script_created(s, 11, 13);
	script_says(s, "syscall 11", "spawn 13 by 11: in 10, parent 1, clone3 0x50f00", "cont 11");
	script_first(s, 13);
	script_death(s, 13, 0);
	script_death(s, 11, 0);
	script_death(s, 12, 0);
	script_death(s, 10, 0x300);
	script_says(s, "cont 13", "exit 13: 0x0 alone", "exit 11: 0x0 alone", "exit 12: 0x0 alone",
		    "exit 10: 0x300 with its group");
	script_free(s);
}

/* exit_group(2) by the leader: all end because the process does. */
static void test_exit_group(void **state)
{
	struct script *s = with_threads(EVENT_MODE_FILTER);

	(void)state;
	script_exit_stop(s, 10, CALL_EXIT_GROUP, 0x500);
	script_says(s, "cont 10"); /* 11 or 12 may have been joined, and be ending by itself */
	script_death(s, 12, 0x500);
	script_death(s, 11, 0x500);
	script_death(s, 10, 0x500);
	script_says(s, "exit 12: 0x500 with its group", "exit 11: 0x500 with its group",
		    "exit 10: 0x500 with its group");
	script_free(s);
}

/* With --signals, by a thread. The second caller is one that the first has ended. */
static void test_exit_group_by_thread(void **state)
{
	struct script *s = script_launched_with(&(struct follow_config){
		.mode = EVENT_MODE_FILTER, .wants = WANT_SIGNALS, .seccomp_data = SCRIPT_SECCOMP_DATA });

	(void)state;
	script_exec(s, 10, 10, "./program");
	script_spawn(s, 10, CALL_CLONE3, SCRIPT_PTHREAD, 11);
	script_spawn(s, 10, CALL_CLONE3, SCRIPT_PTHREAD, 12);
	script_passes(s);
	script_exit_stop(s, 11, CALL_EXIT_GROUP, 0x500);
	script_says(s, "group exit 11: 0x500 of 3", "cont 11");
	script_exit_stop(s, 10, CALL_EXIT_GROUP, 0x500);
	script_says(s, "cont 10");
	script_death(s, 12, 0x500);
	script_says(s, "exit 12: 0x500 with its group");
	script_free(s);
}

/* With --signals, and the others are gone before it is known who ended them. */
static void test_exit_group_told_late(void **state)
{
	struct script *s = script_launched_with(&(struct follow_config){
		.mode = EVENT_MODE_FILTER, .wants = WANT_SIGNALS, .seccomp_data = SCRIPT_SECCOMP_DATA });

	(void)state;
	script_exec(s, 10, 10, "./program");
	script_spawn(s, 10, CALL_CLONE3, SCRIPT_PTHREAD, 11);
	script_spawn(s, 10, CALL_CLONE3, SCRIPT_PTHREAD, 12);
	script_passes(s);
	for (pid_t tid = 11; tid <= 12; tid++) {
		script_exit_stop(s, tid, CALL_NONE, 0x500);
		script_death(s, tid, 0x500);
	}
	script_says(s, "cont 11", "cont 12");
	script_exit_stop(s, 10, CALL_EXIT_GROUP, 0x500);
	script_says(s, "group exit 10: 0x500 of 3", "cont 10");
	script_death(s, 10, 0x500);
	script_says(s, "exit 11: 0x500 with its group", "exit 12: 0x500 with its group",
		    "exit 10: 0x500 with its group");
	script_free(s);
}

/* Within exit_group(2), yet killed: that is no exit of its. */
static void test_killed_in_exit_group(void **state)
{
	struct script *s = with_threads(EVENT_MODE_FILTER);

	(void)state;
	script_in_call(s, 10, CALL_EXIT_GROUP, 5);
	script_killed_stop(s, 10, SIGKILL);
	script_says(s, "cont 10");
	script_free(s);
}

/* With --signals all tasks have that stop, and it is known who ends alone. */
static void test_ends_with_signals(void **state)
{
	struct script *s = script_launched_with(&(struct follow_config){
		.mode = EVENT_MODE_FILTER, .wants = WANT_SIGNALS, .seccomp_data = SCRIPT_SECCOMP_DATA });

	(void)state;
	script_report_exit_stops(s);
	script_exec(s, 10, 10, "./program");
	script_says(s, "exec 10: ./program", "cont 10 +exit-stop");
	script_entry(s, 10, CALL_CLONE3, SCRIPT_PTHREAD);
	script_created(s, 10, 11);
	script_first(s, 11);
	script_says(s, "syscall 10", "spawn 11 by 10: in 10, parent 1, clone3 0x50f00", "cont 10", "cont 11");
	script_spawn(s, 10, CALL_CLONE3, SCRIPT_PTHREAD, 12);
	script_spawn(s, 10, CALL_CLONE3, SCRIPT_PTHREAD, 13);
	script_exit_stop(s, 11, CALL_EXIT, 0);
	script_death(s, 11, 0);
	script_says(s, "cont 11", "exit 11: 0x0 alone");
	script_exit_stop(s, 12, CALL_EXIT_GROUP, 0x300);
	script_says(s, "group exit 12: 0x300 of 3", "cont 12");
	script_exit_stop(s, 10, CALL_NONE, 0x300);
	script_exit_stop(s, 13, CALL_EXIT, 0); /* was on its way out already */
	script_says(s, "cont 10", "cont 13");
	script_death(s, 12, 0x300);
	script_death(s, 13, 0);
	script_death(s, 10, 0x300);
	script_says(s, "exit 12: 0x300 with its group", "exit 13: 0x0 alone", "exit 10: 0x300 with its group");
	script_free(s);
}

/* A thread that ended by itself and is waited for after exit_group() has the group's status for wait(2), and not its
 * own. */
static void test_status_of_its_own(void **state)
{
	struct script *s = script_launched_with(&(struct follow_config){
		.mode = EVENT_MODE_FILTER, .wants = WANT_SIGNALS, .seccomp_data = SCRIPT_SECCOMP_DATA });

	(void)state;
	script_exec(s, 10, 10, "./program");
	script_spawn(s, 10, CALL_CLONE3, SCRIPT_PTHREAD, 11);
	script_exit_stop(s, 11, CALL_EXIT, 0x100);
	script_exit_stop(s, 10, CALL_EXIT_GROUP, 0x400);
	script_says(s, "cont 11", "cont 10"); /* no other task is left for it to end */
	script_death(s, 11, 0x400);
	script_death(s, 10, 0x400);
	script_says(s, "exit 11: 0x100 alone", "exit 10: 0x400 with its group");
	script_free(s);
}

/* The last thread behind a leader that has ended: it ends nobody but itself by exit_group(). */
static void test_exit_group_behind_leader(void **state)
{
	struct script *s = with_threads(EVENT_MODE_FILTER);

	(void)state;
	script_exit_stop(s, 10, CALL_EXIT, 0);
	script_death(s, 12, 0);
	script_says(s, "leader exit 10: 0x0", "cont 10");
	script_exit_stop(s, 11, CALL_EXIT_GROUP, 0x200);
	script_death(s, 11, 0x200);
	script_death(s, 10, 0x200);
	script_says(s, "cont 11", "exit 11: 0x200 with its group", "exit 12: 0x0 alone",
		    "exit 10: 0x200 with its group");
	script_free(s);
}

/* The last task to exit(2) ends the process by that. */
static void test_exit_of_the_last(void **state)
{
	struct script *s = script_launched_with(&(struct follow_config){
		.mode = EVENT_MODE_FILTER, .wants = WANT_SIGNALS, .seccomp_data = SCRIPT_SECCOMP_DATA });

	(void)state;
	script_exec(s, 10, 10, "./program");
	script_passes(s);
	script_exit_stop(s, 10, CALL_EXIT, 0x100);
	script_death(s, 10, 0x100);
	script_says(s, "cont 10", "exit 10: 0x100 with its group");
	script_free(s);
}

static void test_fatal_signal(void **state)
{
	struct script *s = with_threads(EVENT_MODE_EVENTS);

	(void)state;
	script_signal(s, 11, SIGSEGV);
	script_says(s, "cont 11 signal 11");
	script_death(s, 11, 0x8b);
	script_death(s, 12, 0x8b);
	script_death(s, 10, 0x8b);
	script_says(s, "exit 11: 0x8b with its group", "exit 12: 0x8b with its group", "exit 10: 0x8b with its group");
	script_free(s);
}

/* The last one left: exit(2) ends the process then. */
static void test_leader_exits_last(void **state)
{
	struct script *s = with_threads(EVENT_MODE_FILTER);

	(void)state;
	script_death(s, 11, 0);
	script_death(s, 12, 0);
	script_exit_stop(s, 10, CALL_EXIT, 0x700);
	script_says(s, "cont 10");
	script_death(s, 10, 0x700);
	script_says(s, "exit 11: 0x0 alone", "exit 12: 0x0 alone", "exit 10: 0x700 with its group");
	script_free(s);
}

/* Killed at its stop at the end: nothing can be read, nothing is claimed. */
static void test_exit_stop_of_the_dead(void **state)
{
	struct script *s = with_threads(EVENT_MODE_FILTER);

	(void)state;
	script_gone(s, 10);
	script_exit_stop(s, 10, CALL_EXIT, 0x300);
	script_says(s, "cont 10");
	script_free(s);
}

/* Orphans: the kernel says whose they are now. */
static void test_reparent(void **state)
{
	struct script *s = script_launched(EVENT_MODE_FILTER);

	(void)state;
	script_spawn(s, 10, CALL_FORK, 0, 20);
	script_spawn(s, 20, CALL_FORK, 0, 30);
	script_spawn(s, 20, CALL_FORK, 0, 31);
	script_reaper(s, 10); /* a subreaper */
	script_death(s, 20, 0);
	script_says(s, "exit 20: 0x0 with its group", "reparent 31: 20 to 10", "reparent 30: 20 to 10");
	script_reaper(s, 1);
	script_death(s, 10, 0);
	script_says(s, "exit 10: 0x0 with its group", "reparent 30: 10 to 1", "reparent 31: 10 to 1",
		    "note outlived 0 2 0");
	script_gone(s, 31); /* its parent cannot be asked for any more */
	script_death(s, 30, 0);
	script_says(s, "exit 30: 0x0 with its group");
	script_free(s);
}

/* What outlives the program may be stopped; then nothing happens until somebody continues it. */
static void test_outlived_by_stopped(void **state)
{
	struct script *s = script_launched(EVENT_MODE_FILTER);

	(void)state;
	script_spawn(s, 10, CALL_FORK, 0, 20);
	script_spawn(s, 10, CALL_FORK, 0, 30);
	script_spawn(s, 30, CALL_CLONE3, SCRIPT_PTHREAD, 31);
	script_group_stop(s, 20, SIGSTOP);
	assert_int_equal(follow_count_processes(script_follow(s)), 3);
	script_passes(s);
	script_death(s, 10, 0);
	script_says(s, "exit 10: 0x0 with its group", "reparent 30: 10 to 1", "reparent 20: 10 to 1",
		    "note outlived 0 3 1");
	assert_int_equal(follow_count_processes(script_follow(s)), 2);
	script_free(s);
}

/* 10, whose child 20 has a thread 21. */
static struct script *with_child(bool asked, bool ignored)
{
	struct script *s = script_launched_with(&(struct follow_config){
		.mode = EVENT_MODE_FILTER, .seccomp_data = SCRIPT_SECCOMP_DATA, .wants = asked ? WANT_IGNORED : 0 });

	script_spawn(s, 10, CALL_FORK, 0, 20);
	script_spawn(s, 20, CALL_CLONE3, SCRIPT_PTHREAD, 21);
	script_task(s, 10)->action.ignored = ignored;
	return s;
}

/* Whether the parent ignores SIGCHLD is asked when a process ends, not when a thread does. */
static void test_sigchld_ignored(void **state)
{
	(void)state;
	for (unsigned i = 0; i < 4; i++) {
		const bool asked = i & 1, ignored = i & 2;
		struct script *s = with_child(asked, ignored);

		script_death(s, 21, 0);
		script_says_nothing(s);
		script_death(s, 20, 0);
		script_says(s, "exit 21: 0x0 with its group",
			    asked && ignored ? "exit 20: 0x0 with its group, SIGCHLD ignored"
					     : "exit 20: 0x0 with its group");
		script_death(s, 10, 0); /* its parent is not traced */
		script_says(s, "exit 10: 0x0 with its group");
		script_free(s);
	}
}

/* The parent's end is that of its last thread, and a thread of the child may do for the child. */
static void test_reparent_among_threads(void **state)
{
	struct script *s = with_threads(EVENT_MODE_FILTER);

	(void)state;
	script_spawn(s, 11, CALL_FORK, 0, 20);
	script_spawn(s, 20, CALL_CLONE3, SCRIPT_PTHREAD, 21);
	script_exit_stop(s, 20, CALL_EXIT, 0);
	script_task(s, 20)->state = 'Z';
	script_passes(s);
	script_death(s, 11, 0);
	script_death(s, 12, 0);
	script_says_nothing(s);
	script_death(s, 10, 0);
	script_says(s, "exit 11: 0x0 with its group", "exit 12: 0x0 with its group", "exit 10: 0x0 with its group",
		    "reparent 20: 10 to 1", "note outlived 0 2 0");
	script_free(s);
}

/* What an orphan makes has the parent that the flags give it, from where the orphan is now. */
static void test_orphan_creates(void **state)
{
	struct script *s = script_launched(EVENT_MODE_FILTER);

	(void)state;
	script_spawn(s, 10, CALL_FORK, 0, 20);
	script_spawn(s, 20, CALL_FORK, 0, 30);
	script_death(s, 20, 0);
	script_says(s, "exit 20: 0x0 with its group", "reparent 30: 20 to 1");
	script_entry(s, 30, CALL_CLONE, FLAG_PARENT | SIGCHLD);
	script_created(s, 30, 31);
	script_says(s, "syscall 30", "spawn 31 by 30: in 31, parent 1, clone 0x8011", "cont 30");
	script_free(s);
}

/* Asked once, of a process that has a child that ended: at its end, or when it is detached. */
static void test_unreaped(void **state)
{
	struct script *s = script_launched(EVENT_MODE_FILTER);

	(void)state;
	script_spawn(s, 10, CALL_FORK, 0, 11);
	script_spawn(s, 10, CALL_FORK, 0, 12);
	script_spawn(s, 10, CALL_CLONE3, SCRIPT_PTHREAD, 13);
	script_spawn(s, 13, CALL_FORK, 0, 14);
	script_spawn(s, 11, CALL_FORK, 0, 15);
	script_task(s, 10)->unreaped = 2;
	script_task(s, 11)->unreaped = 1; /* would be reported if it had a child that has ended */
	script_passes(s);
	script_exit_stop(s, 11, CALL_EXIT_GROUP, 0);
	script_says(s, "cont 11");
	script_death(s, 11, 0);
	script_death(s, 12, 0);
	script_passes(s);
	script_exit_stop(s, 13, CALL_EXIT, 0);
	script_says(s, "cont 13");
	script_exit_stop(s, 10, CALL_EXIT_GROUP, 0);
	script_says(s, "note unreaped 10 2 0", "cont 10");
	script_death(s, 13, 0);
	script_death(s, 10, 0);
	script_free(s);
}

static void test_unreaped_of_the_killed(void **state)
{
	struct script *s = script_launched(EVENT_MODE_EVENTS);

	(void)state;
	script_spawn(s, 10, CALL_FORK, 0, 11);
	script_death(s, 11, 0);
	script_task(s, 10)->unreaped = 1;
	script_passes(s);
	script_exit_stop(s, 10, CALL_NONE, SIGKILL);
	script_says(s, "note unreaped 10 1 0", "cont 10");
	script_free(s);
}

static void test_all_reaped(void **state)
{
	struct script *s = script_launched(EVENT_MODE_FILTER);

	(void)state;
	script_spawn(s, 10, CALL_FORK, 0, 11);
	script_death(s, 11, 0);
	script_passes(s);
	script_exit_stop(s, 10, CALL_EXIT_GROUP, 0);
	script_says(s, "cont 10");
	script_free(s);
}

static void test_exec_user(void **state)
{
	struct script *s = script_launched(EVENT_MODE_FILTER);

	(void)state;
	script_task(s, 10)->user_known = true;
	script_task(s, 10)->user = 1000;
	script_exec(s, 10, 10, "./program");
	script_says(s, "exec 10: ./program, user 1000", "cont 10");
	script_task(s, 10)->user = 0;
	script_exec(s, 10, 10, "su");
	script_says(s, "exec 10: su, user 0", "cont 10");
	script_free(s);
}

static void test_exec_command_cut(void **state)
{
	struct script *s = script_launched(EVENT_MODE_FILTER);

	(void)state;
	script_task(s, 10)->command_cut = true;
	script_exec(s, 10, 10, "./program");
	script_says(s, "exec 10: ./program...", "cont 10");
	script_free(s);
}

/* Whose new parent cannot be read, or has no number here, or is the old one, has none that could be reported. */
static void test_reparent_unknown(void **state)
{
	struct script *s = script_launched(EVENT_MODE_FILTER);

	(void)state;
	script_spawn(s, 10, CALL_FORK, 0, 20);
	for (pid_t tid = 30; tid <= 33; tid++)
		script_spawn(s, 20, CALL_FORK, 0, tid);
	script_passes(s);
	script_gone(s, 30);
	script_death(s, 20, 0);
	script_says(s, "exit 20: 0x0 with its group", "reparent 33: 20 to 1", "reparent 32: 20 to 1",
		    "reparent 31: 20 to 1");
	script_free(s);

	s = script_launched(EVENT_MODE_FILTER);
	script_spawn(s, 10, CALL_FORK, 0, 20);
	script_spawn(s, 20, CALL_FORK, 0, 30);
	script_passes(s);
	script_reaper(s, 0);
	script_death(s, 20, 0);
	script_says(s, "exit 20: 0x0 with its group");
	script_free(s);
}

/* exit_group(2) ends those that have not left by themselves. */
static void test_group_exit_counts(void **state)
{
	struct script *s = script_launched_with(&(struct follow_config){
		.mode = EVENT_MODE_FILTER, .wants = WANT_SIGNALS, .seccomp_data = SCRIPT_SECCOMP_DATA });

	(void)state;
	for (pid_t tid = 11; tid <= 14; tid++)
		script_spawn(s, 10, CALL_CLONE3, SCRIPT_PTHREAD | FLAG_SETTLS, tid);
	script_exit_stop(s, 11, CALL_EXIT, 0);
	script_passes(s);
	script_exit_stop(s, 10, CALL_EXIT_GROUP, 0x300);
	script_says(s, "group exit 10: 0x300 of 4", "cont 10");
	script_free(s);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_exec),
		cmocka_unit_test(test_exec_of_the_dead),
		cmocka_unit_test(test_exec_set_id),
		cmocka_unit_test(test_exec_by_leader),
		cmocka_unit_test(test_exec_by_thread),
		cmocka_unit_test(test_exec_forgets_call),
		cmocka_unit_test(test_exec_with_zombie_leader),
		cmocka_unit_test(test_exec_with_zombie_leader_attached),
		cmocka_unit_test(test_exec_by_thread_killed),
		cmocka_unit_test(test_leader_exits_first),
		cmocka_unit_test(test_exit_group),
		cmocka_unit_test(test_exit_group_by_thread),
		cmocka_unit_test(test_exit_group_told_late),
		cmocka_unit_test(test_killed_in_exit_group),
		cmocka_unit_test(test_ends_with_signals),
		cmocka_unit_test(test_exit_of_the_last),
		cmocka_unit_test(test_status_of_its_own),
		cmocka_unit_test(test_exit_group_behind_leader),
		cmocka_unit_test(test_fatal_signal),
		cmocka_unit_test(test_leader_exits_last),
		cmocka_unit_test(test_exit_stop_of_the_dead),
		cmocka_unit_test(test_reparent),
		cmocka_unit_test(test_outlived_by_stopped),
		cmocka_unit_test(test_sigchld_ignored),
		cmocka_unit_test(test_reparent_among_threads),
		cmocka_unit_test(test_orphan_creates),
		cmocka_unit_test(test_unreaped),
		cmocka_unit_test(test_unreaped_of_the_killed),
		cmocka_unit_test(test_all_reaped),
		cmocka_unit_test(test_exec_user),
		cmocka_unit_test(test_exec_command_cut),
		cmocka_unit_test(test_reparent_unknown),
		cmocka_unit_test(test_group_exit_counts),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
