/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Stories of threads that end, and of what is known of their statuses; and of calls that a filter forbids. */
#include <errno.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/wait.h>

#include <cmocka.h>

#include "script.h"

#define MS UINT64_C(1000000)
#define PROBES 20 /* looks at a process that may be about to end, or to exec */

/* 10 and its threads 11 and 12; 10 sleeps. */
static struct script *with_threads(enum event_mode mode)
{
	struct script *s = script_launched(mode);

	script_spawn(s, 10, CALL_CLONE3, SCRIPT_PTHREAD, 11);
	script_spawn(s, 10, CALL_CLONE3, SCRIPT_PTHREAD, 12);
	script_task(s, 10)->state = script_task(s, 12)->state = 'S';
	return s;
}

/* Each stop of a task of the process but the last ones shows that the process lives. */
static void test_any_stop_tells(void **state)
{
	struct script *s = with_threads(EVENT_MODE_FILTER);

	(void)state;
	script_death(s, 11, 0);
	script_says_nothing(s);
	script_entry(s, 10, CALL_FORK, 0);
	script_says(s, "exit 11: 0x0 alone", "syscall 10");
	script_death(s, 12, 0x300);
	script_created(s, 10, 20);
	script_says(s, "exit 12: 0x300 alone", "spawn 20 by 10: in 20, parent 10, fork 0x11", "cont 10");
	script_free(s);

	s = with_threads(EVENT_MODE_EVENTS);
	script_death(s, 11, 0);
	script_signal(s, 12, SIGUSR1);
	script_says(s, "exit 11: 0x0 alone", "cont 12 signal 10");
	script_death(s, 12, 0);
	script_group_stop(s, 10, SIGSTOP);
	script_says(s, "exit 12: 0x0 alone", "group stop 10: 19", "listen 10");
	script_free(s);
}

/* But not one that is killed meanwhile, nor that on the way out, nor one of another process. */
static void test_other_stops_do_not_show_it(void **state)
{
	struct script *s = with_threads(EVENT_MODE_FILTER);

	(void)state;
	script_spawn(s, 10, CALL_FORK, 0, 20);
	script_death(s, 11, 0x500);
	script_signal(s, 20, SIGUSR1);
	script_says(s, "cont 20 signal 10");
	script_gone(s, 12);
	script_entry(s, 12, CALL_FORK, 0);
	script_says(s, "cont 12");
	script_exit_stop(s, 10, CALL_EXIT_GROUP, 0x500);
	script_says(s, "cont 10");
	script_death(s, 12, 0x500);
	script_death(s, 10, 0x500);
	script_says(s, "exit 11: 0x500 with its group", "exit 12: 0x500 with its group",
		    "exit 10: 0x500 with its group", "reparent 20: 10 to 1", "note outlived 0 1 0");
	assert_false(follow_is_holding(script_follow(s)));
	script_free(s);
}

/* wait(2) gave another status than the process's: it was asked before the process began to end. */
static void test_another_status(void **state)
{
	struct script *s = with_threads(EVENT_MODE_FILTER);

	(void)state;
	script_death(s, 11, 0);
	script_death(s, 12, 0x400);
	script_exit_stop(s, 10, CALL_EXIT_GROUP, 0x400);
	script_death(s, 10, 0x400);
	script_says(s, "cont 10", "exit 11: 0x0 alone", "exit 12: 0x400 with its group",
		    "exit 10: 0x400 with its group");
	script_free(s);
}

/* Nothing happens: the process is looked at. */
static void test_nothing_happens(void **state)
{
	struct script *s = with_threads(EVENT_MODE_EVENTS);

	(void)state;
	script_death(s, 11, 0);
	assert_true(follow_is_holding(script_follow(s)));
	script_idle(s, 1);
	script_says(s, "exit 11: 0x0 alone");
	assert_false(follow_is_holding(script_follow(s)));
	/* The last one may be in an exec, of which by events nothing is seen before. */
	script_death(s, 12, 0);
	script_idle(s, PROBES);
	script_says_nothing(s);
	assert_true(follow_is_holding(script_follow(s)));
	script_idle(s, 1);
	script_says(s, "exit 12: 0x0 alone");
	assert_false(follow_is_holding(script_follow(s)));
	script_free(s);
}

/* A task that runs may be about to end; only after some time is that unlikely. If a task is stopped for cltrace, its
 * next stop shows whether the process ends. */
static void test_it_runs(void **state)
{
	struct script *s = with_threads(EVENT_MODE_FILTER);

	(void)state;
	script_task(s, 10)->state = 'R';
	script_death(s, 11, 0);
	script_idle(s, PROBES);
	script_says_nothing(s);
	script_idle(s, 1);
	script_says(s, "exit 11: 0x0 alone");
	script_task(s, 10)->state = 't';
	script_death(s, 12, 0);
	script_idle(s, 2 * PROBES);
	script_says_nothing(s);
	assert_false(follow_is_holding(script_follow(s)));
	script_entry(s, 10, CALL_FORK, 0);
	script_says(s, "exit 12: 0x0 alone", "syscall 10");
	script_free(s);
}

/* Other processes never leave the tracer idle. */
static void test_others_are_busy(void **state)
{
	struct script *s = with_threads(EVENT_MODE_FILTER);

	(void)state;
	script_spawn(s, 10, CALL_FORK, 0, 20);
	script_death(s, 11, 0);
	script_wait(s, 10 * MS);
	script_signal(s, 20, SIGUSR1);
	script_says(s, "cont 20 signal 10");
	script_wait(s, 10 * MS);
	script_signal(s, 20, SIGUSR1);
	script_says(s, "exit 11: 0x0 alone", "cont 20 signal 10");
	script_free(s);
}

/* The process ends soon after: the C library knows whether the thread had left by itself, whether its end was reported
 * or not. */
static void test_library_knows(void **state)
{
	struct script *s = script_launched(EVENT_MODE_FILTER);

	(void)state;
	for (pid_t tid = 11; tid <= 15; tid++)
		script_spawn(s, 10, CALL_CLONE3, SCRIPT_PTHREAD | (tid < 15 ? FLAG_SETTLS : 0), tid);
	for (pid_t tid = 11; tid <= 13; tid++)
		script_task(s, tid)->left_known = true;
	script_task(s, 11)->left = script_task(s, 13)->left = true;
	script_death(s, 11, 0x400);
	script_death(s, 12, 0x400);
	script_exit_stop(s, 10, CALL_EXIT_GROUP, 0x400);
	script_says(s, "exit 11: 0x0 alone", "cont 10");
	for (pid_t tid = 13; tid <= 15; tid++)
		script_death(s, tid, 0x400);
	script_death(s, 10, 0x400);
	script_says(s, "exit 13: 0x0 alone", "exit 12: 0x400 with its group", "exit 14: 0x400 with its group",
		    "exit 15: 0x400 with its group", "exit 10: 0x400 with its group");
	script_free(s);
}

/* An exec has no status for those that it ends; whoever left by itself before keeps its own. */
static void test_exec(void **state)
{
	struct script *s = with_threads(EVENT_MODE_EVENTS);

	(void)state;
	script_death(s, 11, 0x300);
	script_death(s, 12, 0);
	script_exec(s, 10, 10, "next");
	script_says(s, "exec 10: next", "exit 11: 0x300 alone", "exit 12: 0x0 replaced", "cont 10");
	script_free(s);
}

/* A thread that has taken the leader's tid by exec is killed before it can report that: its old tid never ends for
 * wait(2). */
static void test_killed_in_exec(void **state)
{
	struct script *s = with_threads(EVENT_MODE_FILTER);

	(void)state;
	script_exit_stop(s, 10, CALL_NONE, 0);
	script_death(s, 11, 0);
	script_passes(s);
	script_death(s, 10, SIGKILL);
	script_says(s, "exit 12: 0x9 with its group", "exit 11: 0x0 alone", "exit 10: 0x9 with its group");
	assert_int_equal(follow_count(script_follow(s)), 0);
	assert_int_equal(follow_remembers(script_follow(s)), 0);
	script_free(s);
}

/* Whatever way the last one goes from us. */
static void test_detached(void **state)
{
	struct script *s = with_threads(EVENT_MODE_EVENTS);

	(void)state;
	script_death(s, 11, 0);
	script_detach(s);
	script_first(s, 12);
	script_says(s, "exit 11: 0x0 alone", "detach 12", "gone on 12");
	script_first(s, 10);
	script_says(s, "detach 10", "gone on 10");
	script_free(s);

	s = with_threads(EVENT_MODE_FILTER);
	script_death(s, 11, 0);
	follow_leave(script_follow(s), script_now(s));
	assert_int_equal(script_count(s, "exit 11: 0x0 alone"), 1);
	assert_int_equal(script_count(s, "gone on"), 2);
	script_free(s);

	/* By events it may be in an exec: nothing is claimed. */
	s = with_threads(EVENT_MODE_EVENTS);
	script_death(s, 11, 0);
	follow_leave(script_follow(s), script_now(s));
	assert_int_equal(script_count(s, "exit 11: 0x0\n"), 1);
	script_free(s);

	s = with_threads(EVENT_MODE_EVENTS);
	script_death(s, 11, 0);
	script_end(s, 0);
	script_says(s, "exit 11: 0x0 with its group", "end 0x0");
	script_free(s);
}

/* SIGSYS by a filter */

/* 10, of which it is known that it has a filter. */
static struct script *with_filter(void)
{
	struct script *s = script_launched(EVENT_MODE_FILTER);

	script_report_exit_stops(s);
	script_entry(s, 10, CALL_SECCOMP, 1);
	script_says(s, "cont 10 +exit-stop");
	return s;
}

/* TID is in clone3, which a filter has killed: the kernel has put the number where the result is to be. */
static void forbid(struct script *s, pid_t tid)
{
	script_in_call(s, tid, CALL_CLONE3, SCRIPT_PTHREAD);
	script_task(s, tid)->call.value = (int64_t)script_task(s, tid)->call.nr;
}

/* There is no task 435. */
static void test_killed_by_its_filter(void **state)
{
	struct script *s = with_filter();

	(void)state;
	script_spawn(s, 10, CALL_FORK, 0, 11);
	script_death(s, 11, 0x400);
	script_passes(s);
	forbid(s, 10);
	script_killed_stop(s, 10, SIGSYS);
	script_says(s, "cont 10");
	script_death(s, 10, SIGSYS);
	script_says(s, "exit 10: 0x1f with its group, call 435 forbidden by 1");
	assert_int_equal(follow_count(script_follow(s)), 0);
	script_free(s);
}

/* The same where no filter is known of, and where 435 is another's task, or ours in another place. */
static void test_no_child_of_that_number(void **state)
{
	struct script *s = script_launched(EVENT_MODE_EVENTS);

	(void)state;
	script_spawn(s, 10, CALL_FORK, 0, 11);
	script_spawn(s, 11, CALL_FORK, 0, 12);
	script_add(s, 435, 435, 1)->traced = false;
	forbid(s, 10);
	script_killed_stop(s, 10, SIGSYS);
	script_says(s, "cont 10");
	script_task(s, 435)->traced = true;
	forbid(s, 11);
	script_killed_stop(s, 11, SIGSYS);
	script_says(s, "cont 11");
	script_free(s);
}

/* A thread of such a process inherits the stop at the end; so does a process that it makes, through exec, too. */
static void test_filter_is_inherited(void **state)
{
	struct script *s = with_filter();

	(void)state;
	script_entry(s, 10, CALL_CLONE3, SCRIPT_PTHREAD);
	script_created(s, 10, 11);
	script_first(s, 11);
	script_says(s, "syscall 10", "spawn 11 by 10: in 10, parent 1, clone3 0x50f00", "cont 10", "cont 11");
	assert_true(script_task(s, 11)->exit_stop);
	script_entry(s, 11, CALL_FORK, 0);
	script_created(s, 11, 20);
	script_first(s, 20);
	script_passes(s);
	assert_true(script_task(s, 20)->exit_stop);
	script_exec(s, 20, 20, "next");
	script_says(s, "exec 20: next", "cont 20");
	assert_true(script_task(s, 20)->exit_stop);
	script_free(s);

	s = script_launched(EVENT_MODE_FILTER);
	script_in_call(s, 10, CALL_PRCTL, 22); /* PR_SET_SECCOMP */
	script_task(s, 10)->call.args[1] = 2;  /* SECCOMP_MODE_FILTER */
	script_task(s, 10)->call.seccomp_data = SCRIPT_SECCOMP_DATA;
	script_event(s, 10, STOP_EVENT_SECCOMP, SCRIPT_SECCOMP_DATA);
	assert_true(script_task(s, 10)->exit_stop);
	script_free(s);
}

/* Of those that are killed along with it, none is said to have made that call. */
static void test_others_are_taken_along(void **state)
{
	struct script *s = with_filter();

	(void)state;
	script_spawn(s, 10, CALL_CLONE3, SCRIPT_PTHREAD, 11);
	script_in_call(s, 10, CALL_NONE, 0);
	script_task(s, 10)->call.value = -EINTR;
	forbid(s, 11);
	script_killed_stop(s, 11, SIGSYS);
	script_killed_stop(s, 10, SIGSYS);
	script_death(s, 11, SIGSYS);
	script_death(s, 10, SIGSYS);
	script_says(s, "cont 11", "cont 10", "exit 11: 0x1f with its group, call 435 forbidden by 1",
		    "exit 10: 0x1f with its group");
	script_free(s);
}

/* SECCOMP_RET_KILL_THREAD in one of several. The status that wait(2) gives may be the process's, which ends meanwhile.
 */
static void test_thread_is_killed(void **state)
{
	struct script *s = with_filter();

	(void)state;
	script_spawn(s, 10, CALL_CLONE3, SCRIPT_PTHREAD, 11);
	script_in_call(s, 11, CALL_CLONE3, SCRIPT_PTHREAD);
	script_killed_stop(s, 11, SIGSYS);
	script_death(s, 11, 8 << 8);
	script_says(s, "cont 11", "exit 11: 0x1f alone, call 435 forbidden by 1");
	script_death(s, 10, 8 << 8);
	script_says(s, "exit 10: 0x800 with its group");
	script_free(s);
}

static void signal_sys(struct script *s, pid_t tid, int code)
{
	struct script_task *task = script_task(s, tid);

	task->siginfo_known = true;
	task->siginfo = (struct stop_siginfo){ .code = code, .value = 57, .arch = task->call.audit_arch };
	script_signal(s, tid, SIGSYS);
}

/* SECCOMP_RET_TRAP, or syscall user dispatch: the signal says it. It may be caught, and another one may come. */
static void test_signal_says_the_call(void **state)
{
	struct script *s = script_launched(EVENT_MODE_EVENTS);

	(void)state;
	signal_sys(s, 10, 1);
	script_says(s, "cont 10 signal 31");
	signal_sys(s, 10, 2);
	script_death(s, 10, SIGSYS);
	script_says(s, "cont 10 signal 31", "exit 10: 0x1f with its group, call 57 forbidden by 2");
	script_free(s);

	s = script_launched(EVENT_MODE_EVENTS);
	signal_sys(s, 10, 1);
	signal_sys(s, 10, 0); /* kill(2) */
	script_death(s, 10, SIGSYS);
	script_says(s, "cont 10 signal 31", "cont 10 signal 31", "exit 10: 0x1f with its group");
	script_free(s);
}

/* Syscall user dispatch leaves the registers that a filter does, at the end of a task that makes others. */
static void test_signal_outdoes_registers(void **state)
{
	struct script *s = script_launched(EVENT_MODE_EVENTS);

	(void)state;
	script_spawn(s, 10, CALL_FORK, 0, 11);
	script_death(s, 11, 0);
	script_passes(s);
	script_in_call(s, 10, CALL_FORK, 0);
	script_task(s, 10)->call.value = 57;
	signal_sys(s, 10, 2);
	script_killed_stop(s, 10, SIGSYS);
	script_death(s, 10, SIGSYS);
	script_says(s, "cont 10 signal 31", "cont 10", "exit 10: 0x1f with its group, call 57 forbidden by 2");
	script_free(s);
}

/* A signal for one call does not explain a death in another call, or in a call of the same number of another ABI. */
static void test_signal_of_another_call(void **state)
{
	static const struct {
		uint64_t signal;
		const char *abi;
	} cases[] = { { 57, "x86_64" }, { 435, "i386" } };

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct script *s = with_filter();
		struct script_task *task = script_task(s, 10);

		task->siginfo_known = true;
		task->siginfo = (struct stop_siginfo){ .code = 2,
						       .value = cases[i].signal,
						       .arch = abi_find_name(cases[i].abi)->audit_arch };
		script_signal(s, 10, SIGSYS);
		script_passes(s);
		forbid(s, 10);
		script_killed_stop(s, 10, SIGSYS);
		script_death(s, 10, SIGSYS);
		script_says(s, "cont 10", "exit 10: 0x1f with its group, call 435 forbidden by 1");
		script_free(s);
	}
}

/* The time in which nobody looks begins with the first end that is open, and again when all are explained: later ends
 * do not put a look off, and an end long ago does not bring it on. */
static void test_time_to_look(void **state)
{
	struct script *s = with_threads(EVENT_MODE_FILTER);

	(void)state;
	script_spawn(s, 10, CALL_FORK, 0, 20);
	script_spawn(s, 20, CALL_CLONE3, SCRIPT_PTHREAD, 21);
	script_spawn(s, 10, CALL_FORK, 0, 30); /* whose stops keep the tracer busy */
	script_task(s, 20)->state = 'S';
	script_passes(s);
	script_death(s, 11, 0);
	script_wait(s, 15 * MS);
	script_death(s, 21, 0);
	script_says_nothing(s);
	script_wait(s, 10 * MS);
	script_signal(s, 30, SIGUSR1);
	script_says(s, "exit 11: 0x0 alone", "exit 21: 0x0 alone", "cont 30 signal 10");
	script_wait(s, 100 * MS);
	script_death(s, 12, 0);
	script_signal(s, 30, SIGUSR1);
	script_says(s, "cont 30 signal 10");
	script_wait(s, 20 * MS);
	script_signal(s, 30, SIGUSR1);
	script_says(s, "exit 12: 0x0 alone", "cont 30 signal 10");
	script_free(s);
}

/* A thread that neither exit(2) nor exit_group(2) ended was killed by another's exec, though its process lives on. */
static void test_taken_by_exec(void **state)
{
	struct script *s = with_threads(EVENT_MODE_FILTER);

	(void)state;
	script_spawn(s, 11, CALL_FORK, 0, 20);
	script_exit_stop(s, 11, CALL_NONE, 0);
	script_death(s, 11, 0);
	script_passes(s);
	script_signal(s, 10, SIGUSR1);
	script_says(s, "cont 10 signal 10");
	script_death(s, 12, 0);
	script_exec(s, 10, 10, "next");
	script_says(s, "exec 10: next", "exit 11: 0x0 replaced", "exit 12: 0x0 replaced", "cont 10");
	script_free(s);
}

/* The end of a thread is not known yet when its exec shows that it has become the leader: it has not ended at all. */
static void test_exec_by_the_ended(void **state)
{
	struct script *s = with_threads(EVENT_MODE_EVENTS);

	(void)state;
	script_death(s, 12, 0);
	script_death(s, 11, 0);
	script_says_nothing(s);
	script_exec(s, 10, 11, "next");
	script_says(s, "exec 10, was 11: next", "exit 12: 0x0 replaced", "cont 10");
	script_end(s, 0);
	script_says(s, "end 0x0");
	script_free(s);
}

/* The tid is used again before it is known how its task ended: what can be known now is reported first. */
static void test_tid_is_used_again(void **state)
{
	(void)state;
	for (int sleeping = 0; sleeping < 2; sleeping++) {
		struct script *s = with_threads(EVENT_MODE_FILTER);

		script_spawn(s, 10, CALL_FORK, 0, 20);
		script_task(s, 10)->state = sleeping ? 'S' : 'R';
		script_passes(s);
		script_death(s, 11, 0);
		script_entry(s, 20, CALL_FORK, 0);
		script_says(s, "syscall 20");
		script_created(s, 20, 11);
		script_says(s, sleeping ? "exit 11: 0x0 alone" : "exit 11: 0x0",
			    "spawn 11 by 20: in 11, parent 20, fork 0x11", "cont 20");
		script_free(s);
	}
}

/* Who is asked whether the process lives is a task of it that has not left: not its leader, a zombie, nor another
 * thread that is about to end, nor a task of another process. */
static void test_who_is_asked(void **state)
{
	struct script *s = script_launched(EVENT_MODE_FILTER);

	(void)state;
	script_spawn(s, 10, CALL_FORK, 0, 20);
	for (pid_t tid = 11; tid <= 13; tid++)
		script_spawn(s, 10, CALL_CLONE3, SCRIPT_PTHREAD, tid);
	script_spawn(s, 11, CALL_FORK, 0, 30);
	script_task(s, 12)->state = 'S';
	script_exit_stop(s, 10, CALL_EXIT, 0);
	script_exit_stop(s, 11, CALL_EXIT, 0);
	script_task(s, 10)->state = script_task(s, 11)->state = 'Z';
	script_passes(s);
	script_death(s, 13, 0);
	script_idle(s, 1);
	script_says(s, "exit 13: 0x0 alone");
	script_free(s);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_any_stop_tells),
		cmocka_unit_test(test_other_stops_do_not_show_it),
		cmocka_unit_test(test_another_status),
		cmocka_unit_test(test_nothing_happens),
		cmocka_unit_test(test_it_runs),
		cmocka_unit_test(test_others_are_busy),
		cmocka_unit_test(test_library_knows),
		cmocka_unit_test(test_exec),
		cmocka_unit_test(test_killed_in_exec),
		cmocka_unit_test(test_detached),
		cmocka_unit_test(test_killed_by_its_filter),
		cmocka_unit_test(test_no_child_of_that_number),
		cmocka_unit_test(test_filter_is_inherited),
		cmocka_unit_test(test_others_are_taken_along),
		cmocka_unit_test(test_thread_is_killed),
		cmocka_unit_test(test_signal_says_the_call),
		cmocka_unit_test(test_signal_outdoes_registers),
		cmocka_unit_test(test_signal_of_another_call),
		cmocka_unit_test(test_time_to_look),
		cmocka_unit_test(test_taken_by_exec),
		cmocka_unit_test(test_exec_by_the_ended),
		cmocka_unit_test(test_tid_is_used_again),
		cmocka_unit_test(test_who_is_asked),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
