/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Stories of calls: refused, restarted, timed, other than creations, meant for another tracer, asking not to be traced.
 */
#include <errno.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "clone/flags.h"
#include "script.h"

#define RESTARTNOINTR 513 /* ERESTARTNOINTR, include/linux/errno.h */

static void test_refused(void **state)
{
	static const enum event_mode modes[] = { EVENT_MODE_FILTER, EVENT_MODE_CALLS };

	(void)state;
	for (int i = 0; i < 2; i++) {
		struct script *s = script_launched(modes[i]);
		const char *go_on = modes[i] == EVENT_MODE_CALLS ? "syscall 10" : "cont 10";

		script_entry(s, 10, CALL_CLONE, FLAG_THREAD);
		script_returns(s, 10, -EINVAL);
		script_says(s, "syscall 10", "refused 10: clone 0x10000, errno 22", go_on);
		script_entry(s, 10, CALL_FORK, 0);
		script_returns(s, 10, -EAGAIN);
		script_says(s, "syscall 10", "refused 10: fork 0x11, errno 11", go_on);
		script_free(s);
	}
}

/* Of a refusal, and of nothing else, follow wants to know what the errno can come from. */
static void test_facts(void **state)
{
	static const struct facts nproc = { .count = 1, .list = { { FACT_NPROC, 5, 5, 1000 } } };
	static const struct facts descriptor = { .count = 1, .list = { { FACT_DESCRIPTOR, FLAG_NEWNET, 9, 2 } } };
	struct script *s = script_launched(EVENT_MODE_FILTER);
	struct script_task *task = script_task(s, 10);

	(void)state;
	task->facts = nproc;
	script_entry(s, 10, CALL_FORK, 0);
	script_returns(s, 10, -EAGAIN);
	script_says(s, "syscall 10", "refused 10: fork 0x11, errno 11, nproc 5 of 5", "cont 10");
	assert_true(task->wanted.facts & 1u << FACT_NPROC && task->wanted.facts & 1u << FACT_PIDS);
	assert_false(task->wanted.facts & 1u << FACT_MAX_NAMESPACES);
	task->facts = descriptor;
	script_entry(s, 10, CALL_SETNS, FLAG_NEWUTS);
	script_returns(s, 10, -EINVAL);
	script_says(s, "syscall 10", "call 10: setns 0x4000000 = -22, descriptor 1073741824", "cont 10");
	assert_int_equal(task->wanted.descriptor, 0);
	assert_int_equal(task->wanted.facts & 1u << FACT_DESCRIPTOR, 1u << FACT_DESCRIPTOR);
	task->wanted = (struct stop_wanted){ 0 };
	/* what succeeds, and an errno that no rule gives */
	script_entry(s, 10, CALL_UNSHARE, FLAG_NEWUTS);
	script_returns(s, 10, 0);
	script_says(s, "syscall 10", "call 10: unshare 0x4000000 = 0", "cont 10");
	script_entry(s, 10, CALL_CLONE, FLAG_VM);
	script_returns(s, 10, -EXDEV);
	script_says(s, "syscall 10", "refused 10: clone 0x100, errno 18", "cont 10");
	assert_int_equal(task->wanted.facts, 0);
	/* the flags whose limits are to be read */
	script_entry(s, 10, CALL_UNSHARE, FLAG_NEWUTS | FLAG_NEWUSER);
	script_returns(s, 10, -ENOSPC);
	script_says(s, "syscall 10", "call 10: unshare 0x14000000 = -28, descriptor 1073741824", "cont 10");
	assert_int_equal(task->wanted.namespaces, FLAG_NEWUTS | FLAG_NEWUSER);
	assert_true(task->wanted.facts & 1u << FACT_MAX_NAMESPACES);
	script_free(s);
}

/* A task names itself: reported at the entry, if that was asked for and the name can be read. */
static void test_names(void **state)
{
	const struct follow_config config = { .mode = EVENT_MODE_FILTER,
					      .wants = WANT_NAMES,
					      .seccomp_data = SCRIPT_SECCOMP_DATA };
	struct script *s = script_launched_with(&config);

	(void)state;
	script_task(s, 10)->name = "worker 3";
	script_entry(s, 10, CALL_PRCTL, 15);
	script_says(s, "name 10: worker 3", "cont 10");
	script_task(s, 10)->name = NULL; /* EFAULT */
	script_entry(s, 10, CALL_PRCTL, 15);
	script_says(s, "cont 10");
	script_entry(s, 10, CALL_PRCTL, 16); /* PR_GET_NAME */
	script_says(s, "cont 10");
	script_free(s);
	s = script_launched(EVENT_MODE_FILTER);
	script_task(s, 10)->name = "worker 3";
	script_entry(s, 10, CALL_PRCTL, 15);
	script_says(s, "cont 10");
	script_free(s);
}

/* The codes by which the kernel restarts a call are not errors: it is made again, entry stop and all. */
static void test_restart(void **state)
{
	struct script *s = script_launched(EVENT_MODE_FILTER);

	(void)state;
	for (int code = 512; code <= 516; code++) {
		script_entry(s, 10, CALL_FORK, 0);
		script_returns(s, 10, -code);
		script_says(s, "syscall 10", "cont 10");
	}
	script_entry(s, 10, CALL_FORK, 0);
	script_returns(s, 10, -RESTARTNOINTR);
	script_signal(s, 10, SIGALRM);
	script_entry(s, 10, CALL_FORK, 0);
	script_created(s, 10, 11);
	script_says(s, "syscall 10", "cont 10", "cont 10 signal 14", "syscall 10",
		    "spawn 11 by 10: in 11, parent 10, fork 0x11", "cont 10");
	/* 511 and 517 are outside. */
	script_entry(s, 10, CALL_FORK, 0);
	script_returns(s, 10, -511);
	script_says(s, "syscall 10", "refused 10: fork 0x11, errno 511", "cont 10");
	script_free(s);
}

/* Under "calls" a creation's exit stop comes after its event: it has been reported already. The child has one too. */
static void test_success_is_told_once(void **state)
{
	struct script *s = script_launched(EVENT_MODE_CALLS);

	(void)state;
	script_entry(s, 10, CALL_FORK, 0);
	script_created(s, 10, 11);
	script_passes(s);
	script_returns(s, 10, 11);
	script_first(s, 11);
	script_says(s, "syscall 10", "syscall 11");
	script_returns(s, 11, 0);
	script_says(s, "syscall 11");
	script_free(s);
}

/* Under "calls" most stops are of calls that do not matter. */
static void test_other_calls_pass(void **state)
{
	struct script *s = script_launched(EVENT_MODE_CALLS);

	(void)state;
	script_entry(s, 10, CALL_NONE, 0);
	script_returns(s, 10, -EINTR);
	script_says(s, "syscall 10", "syscall 10");
	script_entry(s, 10, CALL_EXIT_GROUP, 3);
	script_says(s, "syscall 10");
	script_free(s);
}

/* An exec that succeeds has its event, one that fails is a call; the search for the launched program is ours. */
static void test_failed_execs(void **state)
{
	static const enum event_mode modes[] = { EVENT_MODE_FILTER, EVENT_MODE_CALLS };

	(void)state;
	for (int i = 0; i < 2; i++) {
		struct script *s = script_launched(modes[i]);
		const char *go_on = modes[i] == EVENT_MODE_CALLS ? "syscall 10" : "cont 10";

		script_entry(s, 10, CALL_EXECVE, 0);
		script_returns(s, 10, -ENOENT);
		script_says(s, "syscall 10", go_on);
		script_entry(s, 10, CALL_EXECVE, 0);
		script_exec(s, 10, 10, "program");
		script_says(s, "syscall 10", "exec 10: program", go_on);
		script_entry(s, 10, CALL_EXECVE, 0);
		script_returns(s, 10, -ENOENT);
		script_says(s, "syscall 10", "call 10: execve 0x0 = -2", go_on);
		script_entry(s, 10, CALL_EXECVEAT, 0);
		script_returns(s, 10, -RESTARTNOINTR);
		script_says(s, "syscall 10", go_on);
		script_entry(s, 10, CALL_EXECVEAT, 0);
		script_returns(s, 10, -EACCES);
		script_says(s, "syscall 10", "call 10: execveat 0x0 = -13", go_on);
		script_free(s);
	}
}

static void test_followed_calls(void **state)
{
	struct script *s = script_launched(EVENT_MODE_FILTER);

	(void)state;
	script_entry(s, 10, CALL_SETSID, 0);
	script_returns(s, 10, 10);
	script_says(s, "syscall 10", "call 10: setsid 0x0 = 10", "cont 10");
	script_entry(s, 10, CALL_SETSID, 0);
	script_returns(s, 10, -EPERM);
	script_says(s, "syscall 10", "call 10: setsid 0x0 = -1", "cont 10");
	script_entry(s, 10, CALL_SETPGID, 7);
	script_returns(s, 10, 0);
	script_says(s, "syscall 10", "call 10: setpgid 0x7 = 0", "cont 10");
	script_entry(s, 10, CALL_UNSHARE, FLAG_NEWNS);
	script_returns(s, 10, 0);
	script_says(s, "syscall 10", "call 10: unshare 0x20000 = 0", "cont 10");
	script_entry(s, 10, CALL_SETNS, FLAG_NEWNET);
	script_returns(s, 10, -EBADF);
	script_says(s, "syscall 10", "call 10: setns 0x40000000 = -9", "cont 10");
	script_entry(s, 10, CALL_PRCTL, 36); /* PR_SET_CHILD_SUBREAPER */
	script_returns(s, 10, 0);
	script_says(s, "syscall 10", "call 10: prctl 0x24 = 0", "cont 10");
	/* One that is not followed needs no exit stop. */
	script_entry(s, 10, CALL_PRCTL, 15);
	script_says(s, "cont 10");
	script_free(s);
}

/* Killed at the entry: nothing can be read, and nothing is claimed. */
static void test_entry_of_the_dead(void **state)
{
	struct script *s = script_launched(EVENT_MODE_FILTER);

	(void)state;
	script_gone(s, 10);
	script_entry(s, 10, CALL_FORK, 0);
	script_says(s, "cont 10");
	script_death(s, 10, SIGKILL);
	script_says(s, "exit 10: 0x9 with its group");
	script_free(s);
}

static void test_exit_of_the_dead(void **state)
{
	struct script *s = script_launched(EVENT_MODE_FILTER);

	(void)state;
	script_entry(s, 10, CALL_FORK, 0);
	script_gone(s, 10);
	script_returns(s, 10, -ENOMEM);
	script_says(s, "syscall 10", "cont 10");
	script_free(s);
}

/* A stop of a filter of the program's own: with its tracer not there the call fails, as it would without us. */
static void test_foreign_filter(void **state)
{
	struct script *s = script_launched(EVENT_MODE_FILTER);

	(void)state;
	script_in_call(s, 10, CALL_FORK, 0);
	script_task(s, 10)->call.seccomp_data = 1;
	script_event(s, 10, STOP_EVENT_SECCOMP, 1);
	script_says(s, "refused 10: fork 0x11, errno 38", "cont 10 skip");
	script_in_call(s, 10, CALL_NONE, 0);
	script_task(s, 10)->call.seccomp_data = 1;
	script_event(s, 10, STOP_EVENT_SECCOMP, 1);
	script_says(s, "cont 10 skip");
	script_entry(s, 10, CALL_FORK, 0);
	script_created(s, 10, 11);
	script_says(s, "syscall 10", "spawn 11 by 10: in 11, parent 10, fork 0x11", "cont 10");
	script_free(s);
}

/* Seccomp was not to be had: the events alone say enough of successes. */
static void test_no_filter(void **state)
{
	struct script *s = script_launched(EVENT_MODE_FILTER);

	(void)state;
	follow_set_mode(script_follow(s), EVENT_MODE_EVENTS, EINVAL, script_now(s));
	script_says(s, "note no-filter 0 22 0");
	script_report_asking(s); /* unshare goes unseen now */
	script_in_call(s, 10, CALL_FORK, 0);
	script_created(s, 10, 20);
	script_says(s, "asks pid ns 10", "spawn 20 by 10: in 20, parent 10, fork 0x11", "cont 10");
	script_in_call(s, 10, CALL_CLONE3, SCRIPT_PTHREAD);
	script_created(s, 10, 11);
	script_says(s, "spawn 11 by 10: in 10, parent 1, clone3 0x50f00", "cont 10");
	script_free(s);
}

/* -T: from the entry to the event, or to the exit. */
static void test_durations(void **state)
{
	static const enum event_mode modes[] = { EVENT_MODE_FILTER, EVENT_MODE_CALLS };

	(void)state;
	for (int i = 0; i < 2; i++) {
		const struct follow_config config = { .mode = modes[i],
						      .wants = WANT_DURATIONS,
						      .seccomp_data = SCRIPT_SECCOMP_DATA };
		const char *go_on = modes[i] == EVENT_MODE_CALLS ? "syscall 50" : "cont 50";
		struct script *s = script_new(&config);

		follow_begin(script_follow(s), false, 0, script_now(s), 1);
		script_attach(s, 50, 50, 1);
		script_says(s, "begin", "attach 50: in 50, parent 1");
		script_entry(s, 50, CALL_FORK, 0);
		script_created(s, 50, 51);
		script_says(s, "syscall 50", "spawn 51 by 50: in 51, parent 50, fork 0x11, took 5", go_on);
		script_entry(s, 50, CALL_FORK, 0);
		script_now(s);
		script_returns(s, 50, -EAGAIN);
		script_says(s, "syscall 50", "refused 50: fork 0x11, errno 11, took 10", go_on);
		script_entry(s, 50, CALL_SETSID, 0);
		script_returns(s, 50, 50);
		script_says(s, "syscall 50", "call 50: setsid 0x0 = 50, took 5", go_on);
		script_free(s);
	}
}

/* The creator was killed within its call: its end reports the child, and how long that took is known too. */
/* -T: how long the creator waits is another thing than what the creation took. Seen in every mode. */
static void test_vfork_waits(void **state)
{
	static const enum event_mode modes[] = { EVENT_MODE_FILTER, EVENT_MODE_CALLS, EVENT_MODE_EVENTS };

	(void)state;
	for (int i = 0; i < 3; i++) {
		const struct follow_config config = { .mode = modes[i],
						      .wants = WANT_DURATIONS,
						      .seccomp_data = SCRIPT_SECCOMP_DATA };
		const char *go_on = modes[i] == EVENT_MODE_CALLS ? "syscall 10" : "cont 10";
		struct script *s = script_launched_with(&config);

		script_entry(s, 10, CALL_CLONE3, FLAG_VM | FLAG_VFORK | SIGCHLD);
		script_in_call(s, 10, CALL_CLONE3, FLAG_VM | FLAG_VFORK | SIGCHLD);
		script_created(s, 10, 11);
		script_passes(s);
		script_now(s);
		script_event(s, 10, STOP_EVENT_VFORK_DONE, 11);
		script_says(s, "vfork done 10: 11 after 10", go_on);
		/* one whose beginning was not seen is no wait that is known */
		script_event(s, 10, STOP_EVENT_VFORK_DONE, 12);
		script_says(s, go_on);
		script_free(s);
	}
}

/* Without -T there is no such stop; one that comes all the same says nothing. */
static void test_vfork_without_times(void **state)
{
	struct script *s = script_launched(EVENT_MODE_FILTER);

	(void)state;
	script_spawn(s, 10, CALL_VFORK, 0, 11);
	script_event(s, 10, STOP_EVENT_VFORK_DONE, 11);
	script_says(s, "cont 10");
	script_free(s);
}

static void test_duration_of_the_dead(void **state)
{
	const struct follow_config config = { .mode = EVENT_MODE_FILTER,
					      .wants = WANT_DURATIONS,
					      .seccomp_data = SCRIPT_SECCOMP_DATA };
	struct script *s = script_new(&config);

	(void)state;
	script_attach(s, 50, 50, 1);
	script_entry(s, 50, CALL_FORK, 0);
	script_born(s, 50, 51);
	script_passes(s);
	script_killed_stop(s, 50, SIGKILL);
	script_says(s, "spawn 51 by 50: in 51, parent 50, fork 0x11, took 5", "cont 50");
	script_free(s);
}

/* -T was asked for, and then seccomp was not to be had. */
static void test_durations_lost(void **state)
{
	const struct follow_config config = { .mode = EVENT_MODE_FILTER, .wants = WANT_DURATIONS };
	struct script *s = script_new(&config);

	(void)state;
	follow_begin(script_follow(s), true, 0, script_now(s), 1);
	script_passes(s);
	follow_set_mode(script_follow(s), EVENT_MODE_EVENTS, ENOSYS, script_now(s));
	script_says(s, "note no-filter 0 38 0", "note no-duration 0 0 0");
	script_free(s);
}

/* What a filter around us answers is never seen, which is said at the beginning. */
static void test_clone3_hidden(void **state)
{
	const struct follow_config config = { .mode = EVENT_MODE_FILTER, .clone3_hidden = ENOSYS };
	struct script *s = script_new(&config);

	(void)state;
	follow_begin(script_follow(s), false, 0, script_now(s), 1);
	script_says(s, "begin", "note clone-hidden 0 38 0");
	script_free(s);
}

/* Events alone do not show how long a call took: said once, and no duration is made up. */
static void test_no_durations(void **state)
{
	const struct follow_config config = { .mode = EVENT_MODE_EVENTS, .wants = WANT_DURATIONS };
	struct script *s = script_new(&config);

	(void)state;
	follow_begin(script_follow(s), false, 0, script_now(s), 1);
	script_attach(s, 50, 50, 1);
	script_says(s, "begin", "note no-duration 0 0 0", "attach 50: in 50, parent 1");
	script_in_call(s, 50, CALL_FORK, 0);
	script_created(s, 50, 51);
	script_says(s, "spawn 51 by 50: in 51, parent 50, fork 0x11", "cont 50");
	script_free(s);
}

/* CLONE_UNTRACED: cleared at the entry, so that the child is followed; the flags reported are those passed, and both
 * tasks see them again. */
static void test_untraced_clone(void **state)
{
	struct script *s = script_launched(EVENT_MODE_FILTER);
	const uint64_t flags = FLAG_UNTRACED | SIGCHLD;

	(void)state;
	script_entry(s, 10, CALL_CLONE, flags);
	script_says(s, "syscall 10 flags 0x11");
	assert_int_equal(script_task(s, 10)->call.args[0], SIGCHLD);
	script_created(s, 10, 11);
	script_says(s, "spawn 11 by 10: in 11, parent 10, clone 0x800011", "note untraced 10 11 0",
		    "cont 10 flags 0x800011");
	assert_int_equal(script_task(s, 11)->call.args[0], SIGCHLD);
	script_first(s, 11);
	script_says(s, "cont 11 flags 0x800011");
	assert_int_equal(script_task(s, 10)->call.args[0], flags);
	assert_int_equal(script_task(s, 11)->call.args[0], flags);
	script_free(s);
}

static uint64_t clone3_flags(struct script *s, pid_t tid)
{
	uint64_t flags;

	memcpy(&flags, script_task(s, tid)->clone_args.bytes, sizeof(flags));
	return flags;
}

/* clone3's flags are in memory, of which the child has a copy. Its stop comes first here. */
static void test_untraced_clone3(void **state)
{
	struct script *s = script_launched(EVENT_MODE_FILTER);

	(void)state;
	script_entry(s, 10, CALL_CLONE3, FLAG_UNTRACED | FLAG_FILES | SIGCHLD);
	script_says(s, "syscall 10 flags 0x400 at 0x6000000fff00");
	assert_int_equal(clone3_flags(s, 10), FLAG_FILES);
	script_born(s, 10, 11);
	script_first(s, 11);
	script_says_nothing(s);
	script_created(s, 10, 11);
	script_says(s, "spawn 11 by 10: in 11, parent 10, clone3 0x800411", "note untraced 10 11 0",
		    "cont 11 flags 0x800400 at 0x6000000fff00", "cont 10 flags 0x800400 at 0x6000000fff00");
	assert_int_equal(clone3_flags(s, 10), FLAG_UNTRACED | FLAG_FILES);
	assert_int_equal(clone3_flags(s, 11), FLAG_UNTRACED | FLAG_FILES);
	script_free(s);
}

/* Failed or restarted, the flags are put back all the same: the restarted call is to ask for the same again. */
static void test_untraced_fails(void **state)
{
	static const int errors[] = { EAGAIN, RESTARTNOINTR };

	(void)state;
	for (int i = 0; i < 2; i++) {
		struct script *s = script_launched(EVENT_MODE_FILTER);

		script_entry(s, 10, CALL_CLONE, FLAG_UNTRACED | SIGCHLD);
		script_returns(s, 10, -errors[i]);
		assert_int_equal(script_count(s, "refused 10: clone 0x800011, errno 11"), errors[i] == EAGAIN);
		assert_int_equal(script_count(s, "cont 10 flags 0x800011"), 1);
		assert_int_equal(script_task(s, 10)->call.args[0], FLAG_UNTRACED | SIGCHLD);
		script_entry(s, 10, CALL_CLONE3, FLAG_UNTRACED | SIGCHLD);
		script_returns(s, 10, -errors[i]);
		assert_int_equal(clone3_flags(s, 10), FLAG_UNTRACED);
		script_free(s);
	}
}

/* Killed before its event: the child's registers have the bit cleared, and it gets it back. */
static void test_untraced_creator_killed(void **state)
{
	struct script *s = script_launched(EVENT_MODE_FILTER);

	(void)state;
	script_spawn(s, 10, CALL_FORK, 0, 20);
	script_entry(s, 20, CALL_CLONE, FLAG_UNTRACED | SIGCHLD);
	script_born(s, 20, 21);
	script_first(s, 21);
	script_passes(s);
	script_death(s, 20, SIGKILL);
	script_says(s, "exit 20: 0x9 with its group", "spawn 21 by 20: in 21, parent 1, clone 0x800011",
		    "note untraced 20 21 0", "cont 21 flags 0x800011", "note creator-lost 21 0 0");
	script_free(s);
}

/* Without entry stops there is nothing to clear: the task is not followed, and there is no event. But one that was not
 * asked to be untraced is shown whatever its flags say. */
static void test_untraced_under_events(void **state)
{
	struct script *s = script_launched(EVENT_MODE_EVENTS);

	(void)state;
	script_entry(s, 10, CALL_CLONE, FLAG_UNTRACED | SIGCHLD);
	script_says_nothing(s);
	script_entry(s, 10, CALL_FORK, 0);
	script_created(s, 10, 11);
	script_says(s, "spawn 11 by 10: in 11, parent 10, fork 0x11", "cont 10");
	script_free(s);
}

/* With a filter ids are asked for only where pids may differ: after CLONE_NEWPID, in its namespace, after unshare. */
static void test_ids_under_filter(void **state)
{
	struct script *s = script_launched(EVENT_MODE_FILTER);

	(void)state;
	script_report_asking(s);
	script_spawn(s, 10, CALL_FORK, 0, 11);
	script_entry(s, 10, CALL_FORK, 0);
	script_created(s, 10, 12);
	assert_int_equal(script_count(s, "asks"), 0);
	script_passes(s);
	script_entry(s, 10, CALL_CLONE, FLAG_NEWPID | SIGCHLD);
	script_created(s, 10, 2020);
	script_says(s, "syscall 10", "asks ids 2020",
		    "spawn 2020 by 10: in 2020, parent 10, clone 0x20000011, sees itself as 1", "cont 10");
	script_first(s, 2020);
	script_entry(s, 2020, CALL_CLONE3, SCRIPT_PTHREAD);
	script_passes(s);
	script_created(s, 2020, 2021);
	script_says(s, "asks ids 2021",
		    "spawn 2021 by 2020: in 2020, parent 10, clone3 0x50f00, sees itself as 1021, "
		    "returned 1021",
		    "cont 2020");
	/* And its children, though none of them asked for anything. */
	script_first(s, 2021);
	script_entry(s, 2021, CALL_FORK, 0);
	script_created(s, 2021, 2022);
	script_first(s, 2022);
	script_entry(s, 2022, CALL_FORK, 0);
	script_passes(s);
	script_created(s, 2022, 2023);
	script_says(s, "asks ids 2023",
		    "spawn 2023 by 2022: in 2023, parent 2022, fork 0x11, sees itself as 1023, "
		    "returned 1023",
		    "cont 2022");
	script_free(s);
}

static void test_ids_after_unshare(void **state)
{
	static const struct {
		enum call call;
		uint64_t flags;
		int64_t result;
		bool asked;
	} cases[] = {
		{ CALL_UNSHARE, FLAG_NEWPID, 0, true },
		{ CALL_UNSHARE, FLAG_NEWPID, -EPERM, false },
		{ CALL_UNSHARE, FLAG_NEWNS, 0, false },
		{ CALL_SETNS, FLAG_NEWPID, 0, true },
		{ CALL_SETNS, 0, 0, true },
		{ CALL_SETNS, FLAG_NEWNET, 0, false },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct script *s = script_launched(EVENT_MODE_FILTER);

		script_report_asking(s);
		script_entry(s, 10, cases[i].call, cases[i].flags);
		script_returns(s, 10, cases[i].result);
		script_entry(s, 10, CALL_FORK, 0);
		script_created(s, 10, 11);
		assert_int_equal(script_count(s, "asks ids 11"), cases[i].asked);
		script_free(s);
	}
}

/* Without a filter unshare is not seen. follow asks for the pid namespace that a creator of a process has for its
 * children. Only if that is another pid namespace, or is not known, follow asks for the child's ids. For threads follow
 * asks nothing. */
static void test_ids_where_calls_go_unseen(void **state)
{
	static const enum event_mode modes[] = { EVENT_MODE_EVENTS, EVENT_MODE_CALLS };

	(void)state;
	for (size_t i = 0; i < sizeof(modes) / sizeof(modes[0]); i++) {
		struct script *s = script_launched(modes[i]);

		script_report_asking(s);
		script_entry(s, 10, CALL_CLONE3, SCRIPT_PTHREAD);
		script_created(s, 10, 11);
		assert_int_equal(script_count(s, "asks"), 0);
		script_entry(s, 10, CALL_FORK, 0);
		script_created(s, 10, 12);
		assert_int_equal(script_count(s, "asks pid ns 10"), 1);
		assert_int_equal(script_count(s, "asks ids"), 0);
		script_task(s, 10)->unshared = true;
		script_entry(s, 10, CALL_FORK, 0);
		script_created(s, 10, 13);
		assert_int_equal(script_count(s, "asks pid ns 10"), 2);
		assert_int_equal(script_count(s, "asks ids 13"), 1);
		script_task(s, 10)->no_proc = true;
		script_entry(s, 10, CALL_FORK, 0);
		script_created(s, 10, 14);
		assert_int_equal(script_count(s, "asks ids 14"), 1);
		script_free(s);
	}
}

/* A task that is created in another namespace is reported so, and so are the tasks that it creates. */
static void test_unseen_unshare(void **state)
{
	struct script *s = script_launched(EVENT_MODE_EVENTS);

	(void)state;
	script_task(s, 10)->unshared = true;
	script_in_call(s, 10, CALL_FORK, 0);
	script_born(s, 10, 11);
	script_task(s, 11)->depth = 2;
	script_task(s, 11)->nspid = 1;
	script_created(s, 10, 11);
	script_says(s, "spawn 11 by 10: in 11, parent 10, fork 0x11, sees itself as 1", "cont 10");
	script_free(s);
}

/* The launched program lives in another pid namespace than we from the beginning. */
static void test_ids_of_attached(void **state)
{
	const struct follow_config config = { .mode = EVENT_MODE_FILTER, .seccomp_data = SCRIPT_SECCOMP_DATA };
	const struct follow_attached task = { .tid = 1050, .tgid = 1050, .ppid = 1, .nspid = 50, .nlwp = 1 };
	struct script *s = script_new(&config);

	(void)state;
	script_add(s, 1050, 1050, 1)->depth = 2;
	follow_attach(script_follow(s), &task, script_now(s));
	script_report_asking(s);
	script_entry(s, 1050, CALL_FORK, 0);
	script_created(s, 1050, 1051);
	script_says(s, "attach 1050: in 1050, parent 1, sees itself as 50", "syscall 1050", "asks ids 1051",
		    "spawn 1051 by 1050: in 1051, parent 1050, fork 0x11, sees itself as 51", "cont 1050");
	script_free(s);
}

/* What a call returned is what its caller sees, wherever the new task lives; we see both, and all between. */
static void test_ids_nested(void **state)
{
	const struct follow_config config = { .mode = EVENT_MODE_FILTER, .seccomp_data = SCRIPT_SECCOMP_DATA };
	const struct follow_attached task = {
		.tid = 1050, .tgid = 1050, .ppid = 1, .nspid = 50, .nlwp = 1, .all = { 2, { 1050, 50 } }
	};
	struct script *s = script_new(&config);

	(void)state;
	script_add(s, 1050, 1050, 1)->depth = 2;
	follow_attach(script_follow(s), &task, script_now(s));
	script_passes(s);
	script_entry(s, 1050, CALL_CLONE, FLAG_NEWPID | SIGCHLD);
	script_created(s, 1050, 1051);
	script_says(s, "syscall 1050",
		    "spawn 1051 by 1050: in 1051, parent 1050, clone 0x20000011, sees itself as 1, numbers 1051 51 1, "
		    "returned 51",
		    "cont 1050");
	script_first(s, 1051);
	script_entry(s, 1051, CALL_FORK, 0);
	script_passes(s);
	script_created(s, 1051, 1060);
	script_says(s,
		    "spawn 1060 by 1051: in 1060, parent 1051, fork 0x11, sees itself as 60, numbers 1060 60 60, "
		    "returned 60",
		    "cont 1051");
	script_free(s);
}

/* Who stops at its end: not a child, whatever it inherits, until it has reason to. */
static void test_exit_stops(void **state)
{
	static const enum event_mode modes[] = { EVENT_MODE_FILTER, EVENT_MODE_EVENTS };

	(void)state;
	for (int i = 0; i < 2; i++) {
		struct script *s = script_launched(modes[i]);

		assert_false(script_task(s, 10)->exit_stop);
		script_entry(s, 10, CALL_CLONE3, SCRIPT_PTHREAD);
		assert_int_equal(script_task(s, 10)->exit_stop, modes[i] == EVENT_MODE_FILTER); /* killed in it... */
		script_created(s, 10, 11);
		script_first(s, 11);
		assert_true(script_task(s, 10)->exit_stop); /* its end may come before 11's */
		assert_false(script_task(s, 11)->exit_stop);
		script_death(s, 11, 0);
		script_exec(s, 10, 10, "next"); /* alone again */
		assert_false(script_task(s, 10)->exit_stop);
		script_spawn(s, 10, CALL_FORK, 0, 21);
		assert_true(script_task(s, 10)->exit_stop);
		assert_false(script_task(s, 21)->exit_stop);
		script_exec(s, 10, 10, "next");
		assert_true(script_task(s, 10)->exit_stop); /* it may leave 21 as a zombie */
		script_free(s);
	}
}

#define LOOK_NS UINT64_C(10000000) /* when workers are looked for first */

static void call_setup(struct script *s, pid_t tid, int64_t result)
{
	script_entry(s, tid, CALL_IO_URING_SETUP, 8);
	script_returns(s, tid, result);
}

/* io_uring's workers come some time after the call: they are looked for again and again until they are there. */
static void test_workers(void **state)
{
	struct script *s = script_launched(EVENT_MODE_FILTER);
	struct follow *f = script_follow(s);
	uint64_t at;

	(void)state;
	assert_int_equal(follow_look_at(f), 0);
	call_setup(s, 10, -ENOMEM);
	assert_int_equal(follow_look_at(f), 0);
	call_setup(s, 10, 5);
	script_says(s, "syscall 10", "cont 10", "syscall 10", "cont 10");
	at = follow_look_at(f);
	assert_true(at > script_now(s) && at < script_now(s) + LOOK_NS);
	script_look(s, 0); /* too early */
	assert_int_equal(follow_look_at(f), at);
	script_task(s, 10)->workers = 3;
	script_look(s, 0);
	script_says(s, NULL);
	script_task(s, 10)->workers = 0;
	script_look(s, LOOK_NS);
	assert_true(follow_look_at(f) > at + LOOK_NS);
	script_task(s, 10)->workers = 3;
	script_look(s, 4 * LOOK_NS);
	script_says(s, "note workers 10 3 0");
	assert_int_equal(follow_look_at(f), 0);
	call_setup(s, 10, 6); /* once for each process */
	assert_int_equal(follow_look_at(f), 0);
	script_says(s, "syscall 10", "cont 10");
	script_free(s);
}

/* A process that stays without is asked for some times, and not for ever; later when something is heard of it. */
static void test_workers_late(void **state)
{
	struct script *s = script_launched(EVENT_MODE_FILTER);
	struct follow *f = script_follow(s);
	unsigned looks = 0;

	(void)state;
	call_setup(s, 10, 5);
	script_passes(s);
	for (; follow_look_at(f); looks++)
		script_look(s, follow_look_at(f) - script_now(s));
	assert_true(looks >= 3 && looks <= 20);
	script_task(s, 10)->workers = 2;
	script_signal(s, 10, SIGUSR1);
	script_says(s, "cont 10 signal 10"); /* there has just been a look */
	script_wait(s, 1000 * LOOK_NS);
	script_signal(s, 10, SIGUSR1);
	script_says(s, "note workers 10 2 0", "cont 10 signal 10");
	script_free(s);
}

/* One that takes submissions is there when the call returns. */
static void test_worker_at_once(void **state)
{
	struct script *s = script_launched(EVENT_MODE_FILTER);

	(void)state;
	script_task(s, 10)->workers = 1;
	call_setup(s, 10, 5);
	script_says(s, "syscall 10", "note workers 10 1 0", "cont 10");
	script_free(s);
}

/* A child may use what its creator has set up; another program may not. */
static void test_workers_of_a_child(void **state)
{
	struct script *s = script_launched(EVENT_MODE_FILTER);
	struct follow *f = script_follow(s);

	(void)state;
	call_setup(s, 10, 5);
	script_spawn(s, 10, CALL_FORK, 0, 11);
	script_spawn(s, 11, CALL_FORK, 0, 12);
	script_exec(s, 11, 11, "next");
	script_passes(s);
	script_task(s, 10)->workers = 1;
	script_task(s, 11)->workers = 2;
	script_task(s, 12)->workers = 4;
	script_look(s, 2 * LOOK_NS);
	script_says(s, "note workers 10 1 0", "note workers 12 4 0");
	assert_int_equal(follow_look_at(f), 0);
	script_free(s);
}

/* A process with two threads. */
static struct script *attached_without_filter(void)
{
	struct script *s = script_new(&(struct follow_config){ .mode = EVENT_MODE_EVENTS });

	follow_begin(script_follow(s), false, 0, 1000, 0);
	script_attach(s, 20, 20, 1);
	script_attach(s, 21, 20, 1);
	return s;
}

/* Without a filter nobody says who has called it. A task is looked at when it is detached. */
static void test_workers_without_filter(void **state)
{
	struct script *s = attached_without_filter();

	(void)state;
	script_attach(s, 30, 30, 1);
	script_passes(s);
	script_task(s, 20)->workers = 2;
	script_look(s, LOOK_NS);
	script_says(s, "note workers 20 2 0");
	script_task(s, 30)->workers = 5;
	script_detach(s);
	script_signal(s, 30, SIGUSR1);
	script_says(s, "note workers 30 5 0", "detach 30 signal 10", "gone on 30");
	script_free(s);
}

/* Threads that were detached are not taken for workers: no task is looked at after the first one is detached. */
static void test_workers_before_detach(void **state)
{
	struct script *s = attached_without_filter();

	(void)state;
	script_attach(s, 22, 20, 1);
	script_passes(s);
	script_detach(s);
	for (pid_t tid = 20; tid <= 22; tid++) {
		script_wait(s, 1000 * LOOK_NS);
		script_signal(s, tid, SIGUSR1);
	}
	assert_int_equal(follow_count(script_follow(s)), 0);
	script_free(s);
}

/* What is no load of a filter does not make a program one that its filter may kill: no stop at its end is asked for. */
static void test_filter_is_loaded(void **state)
{
	static const struct {
		enum call call;
		uint64_t args[2];
		bool loads;
	} cases[] = {
		{ CALL_SECCOMP, { 0, 2 }, false },				     /* strict mode */
		{ CALL_SECCOMP, { 2, 1 }, false },				     /* SECCOMP_GET_ACTION_AVAIL */
		{ CALL_SECCOMP, { 1, 0 }, true },  { CALL_PRCTL, { 22, 1 }, false }, /* PR_SET_SECCOMP, strict mode */
		{ CALL_PRCTL, { 36, 2 }, false },				     /* PR_SET_CHILD_SUBREAPER */
		{ CALL_PRCTL, { 22, 2 }, true },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct script *s = script_launched(EVENT_MODE_FILTER);
		struct script_task *task = script_task(s, 10);

		script_report_exit_stops(s);
		script_in_call(s, 10, cases[i].call, 0);
		task->call.args[0] = cases[i].args[0];
		task->call.args[1] = cases[i].args[1];
		task->call.seccomp_data = SCRIPT_SECCOMP_DATA;
		script_event(s, 10, STOP_EVENT_SECCOMP, SCRIPT_SECCOMP_DATA);
		assert_int_equal(script_count(s, "cont 10 +exit-stop") + script_count(s, "syscall 10 +exit-stop"),
				 cases[i].loads);
		script_free(s);
	}
}

/* Only a task that makes others is asked to stop at its end. */
static void test_exit_stop_of_creators(void **state)
{
	struct script *s = script_launched(EVENT_MODE_FILTER);

	(void)state;
	script_report_exit_stops(s);
	script_entry(s, 10, CALL_UNSHARE, FLAG_FS);
	script_returns(s, 10, 0);
	script_says(s, "syscall 10", "call 10: unshare 0x200 = 0", "cont 10");
	script_entry(s, 10, CALL_FORK, 0);
	script_says(s, "syscall 10 +exit-stop");
	script_free(s);
}

/* A call whose result cannot be read, because its task is being killed, is not reported as one that succeeded; nor is
 * what is no result of a call. */
static void test_result_unknown(void **state)
{
	struct script *s = script_launched(EVENT_MODE_FILTER);

	(void)state;
	script_entry(s, 10, CALL_UNSHARE, FLAG_FS);
	script_returns(s, 10, -4096);
	script_says(s, "syscall 10", "cont 10");
	script_entry(s, 10, CALL_UNSHARE, FLAG_FS);
	script_returns(s, 10, -4095);
	script_says(s, "syscall 10", "call 10: unshare 0x200 = -4095", "cont 10");
	script_entry(s, 10, CALL_UNSHARE, FLAG_FS);
	script_gone(s, 10);
	script_returns(s, 10, 0);
	script_says(s, "syscall 10", "cont 10");
	script_free(s);
}

/* The lowest descriptor is one, too: a program may have closed its stdin. */
static void test_workers_of_descriptor_0(void **state)
{
	struct script *s = script_launched(EVENT_MODE_FILTER);

	(void)state;
	call_setup(s, 10, 0);
	assert_true(follow_look_at(script_follow(s)) != 0);
	script_free(s);
}

/* A process that ends before the time to look has come is looked at in its last stop. */
static void test_workers_at_the_end(void **state)
{
	struct script *s = script_launched(EVENT_MODE_FILTER);

	(void)state;
	script_spawn(s, 10, CALL_FORK, 0, 11);
	call_setup(s, 10, 5);
	script_task(s, 10)->workers = 3;
	script_passes(s);
	script_exit_stop(s, 10, CALL_EXIT_GROUP, 0);
	script_says(s, "note workers 10 3 0", "cont 10");
	script_free(s);
}

/* An exec ends what the process had set up: nobody looks for workers of the program that is gone. */
static void test_workers_end_at_exec(void **state)
{
	struct script *s = script_launched(EVENT_MODE_FILTER);

	(void)state;
	call_setup(s, 10, 5);
	script_exec(s, 10, 10, "next");
	script_says(s, "syscall 10", "cont 10", "exec 10: next", "cont 10");
	script_task(s, 10)->workers = 2;
	script_look(s, 100 * LOOK_NS);
	script_signal(s, 10, SIGUSR1);
	script_says(s, "cont 10 signal 10");
	script_spawn(s, 10, CALL_FORK, 0, 11); /* nor of its children */
	script_task(s, 11)->workers = 2;
	script_look(s, 100 * LOOK_NS);
	script_says_nothing(s);
	script_free(s);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_refused),
		cmocka_unit_test(test_facts),
		cmocka_unit_test(test_names),
		cmocka_unit_test(test_restart),
		cmocka_unit_test(test_success_is_told_once),
		cmocka_unit_test(test_failed_execs),
		cmocka_unit_test(test_other_calls_pass),
		cmocka_unit_test(test_followed_calls),
		cmocka_unit_test(test_entry_of_the_dead),
		cmocka_unit_test(test_exit_of_the_dead),
		cmocka_unit_test(test_foreign_filter),
		cmocka_unit_test(test_no_filter),
		cmocka_unit_test(test_vfork_waits),
		cmocka_unit_test(test_vfork_without_times),
		cmocka_unit_test(test_durations),
		cmocka_unit_test(test_duration_of_the_dead),
		cmocka_unit_test(test_durations_lost),
		cmocka_unit_test(test_clone3_hidden),
		cmocka_unit_test(test_no_durations),
		cmocka_unit_test(test_untraced_clone),
		cmocka_unit_test(test_untraced_clone3),
		cmocka_unit_test(test_untraced_fails),
		cmocka_unit_test(test_untraced_creator_killed),
		cmocka_unit_test(test_untraced_under_events),
		cmocka_unit_test(test_ids_under_filter),
		cmocka_unit_test(test_ids_after_unshare),
		cmocka_unit_test(test_ids_where_calls_go_unseen),
		cmocka_unit_test(test_unseen_unshare),
		cmocka_unit_test(test_ids_of_attached),
		cmocka_unit_test(test_ids_nested),
		cmocka_unit_test(test_exit_stops),
		cmocka_unit_test(test_workers),
		cmocka_unit_test(test_workers_late),
		cmocka_unit_test(test_worker_at_once),
		cmocka_unit_test(test_workers_of_a_child),
		cmocka_unit_test(test_workers_without_filter),
		cmocka_unit_test(test_workers_before_detach),
		cmocka_unit_test(test_filter_is_loaded),
		cmocka_unit_test(test_exit_stop_of_creators),
		cmocka_unit_test(test_result_unknown),
		cmocka_unit_test(test_workers_of_descriptor_0),
		cmocka_unit_test(test_workers_at_the_end),
		cmocka_unit_test(test_workers_end_at_exec),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
