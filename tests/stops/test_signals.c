/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Stories of signals and group stops. */
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include <cmocka.h>

#include "script.h"

/* 10 and its thread 11. */
static struct script *with_thread(void)
{
	struct script *s = script_launched(EVENT_MODE_FILTER);

	script_spawn(s, 10, CALL_CLONE3, SCRIPT_PTHREAD, 11);
	return s;
}

/* Every signal is handed on once, SIGTRAP and SIGCHLD of the program's own too. */
static void test_signals_are_passed_on(void **state)
{
	static const int signals[] = { SIGHUP, SIGTRAP, SIGCHLD, SIGSTOP, SIGCONT, SIGSEGV, 64 };
	struct script *s = script_launched(EVENT_MODE_FILTER);

	(void)state;
	for (size_t i = 0; i < sizeof(signals) / sizeof(signals[0]); i++) {
		char line[32];

		snprintf(line, sizeof(line), "cont 10 signal %d", signals[i]);
		script_signal(s, 10, signals[i]);
		script_says(s, line);
	}
	script_free(s);
}

/* Under "calls" a task that gets a signal must still stop at its next call. */
static void test_signal_under_calls(void **state)
{
	struct script *s = script_launched(EVENT_MODE_CALLS);

	(void)state;
	script_signal(s, 10, SIGUSR1);
	script_says(s, "syscall 10 signal 10");
	script_free(s);
}

/* ^Z and fg of one task. */
static void test_group_stop(void **state)
{
	static const int signals[] = { SIGSTOP, SIGTSTP, SIGTTIN, SIGTTOU };

	(void)state;
	for (int i = 0; i < 4; i++) {
		struct script *s = script_launched(EVENT_MODE_FILTER);
		char line[32];

		snprintf(line, sizeof(line), "group stop 10: %d", signals[i]);
		script_signal(s, 10, signals[i]);
		script_passes(s);
		script_group_stop(s, 10, signals[i]);
		script_says(s, line, "listen 10");
		script_first(s, 10); /* SIGCONT */
		script_says(s, "group cont 10: 18", "cont 10");
		script_signal(s, 10, SIGCONT);
		script_says(s, "cont 10 signal 18");
		script_free(s);
	}
}

/* Each thread stops; the process is reported once. */
static void test_group_stop_of_threads(void **state)
{
	struct script *s = with_thread();

	(void)state;
	script_signal(s, 11, SIGSTOP);
	script_passes(s);
	script_group_stop(s, 11, SIGSTOP);
	script_group_stop(s, 10, SIGSTOP);
	script_says(s, "group stop 10: 19", "listen 11", "listen 10");
	script_first(s, 10);
	script_first(s, 11);
	script_says(s, "group cont 10: 18", "cont 10", "cont 11");
	script_group_stop(s, 10, SIGTSTP);
	script_says(s, "group stop 10: 20", "listen 10");
	script_group_stop(s, 11, SIGTSTP);
	script_says(s, "listen 11");
	script_free(s);
}

/* SIGCONT overtakes: a thread stops only when the others go on already. That is no new stop. */
static void test_late_group_stop(void **state)
{
	struct script *s = with_thread();

	(void)state;
	script_group_stop(s, 10, SIGSTOP);
	script_first(s, 10);
	script_says(s, "group stop 10: 19", "listen 10", "group cont 10: 18", "cont 10");
	script_group_stop(s, 11, SIGSTOP);
	script_says(s, "listen 11");
	script_first(s, 11);
	script_says(s, "cont 11");
	script_group_stop(s, 11, SIGSTOP);
	script_says(s, "group stop 10: 19", "listen 11");
	script_free(s);
}

/* Stopped again by another signal before it went on: still the same stop. */
static void test_stopped_twice(void **state)
{
	struct script *s = script_launched(EVENT_MODE_EVENTS);

	(void)state;
	script_group_stop(s, 10, SIGTSTP);
	script_group_stop(s, 10, SIGSTOP);
	script_says(s, "group stop 10: 20", "listen 10", "listen 10");
	script_free(s);
}

/* Our own PTRACE_INTERRUPT is neither a stop nor an end of one. */
static void test_interrupt(void **state)
{
	struct script *s = script_launched(EVENT_MODE_CALLS);

	(void)state;
	script_first(s, 10);
	script_says(s, "syscall 10");
	script_free(s);
}

/* A thread that is made while its process stops is born stopped. */
static void test_born_stopped(void **state)
{
	struct script *s = with_thread();

	(void)state;
	script_entry(s, 11, CALL_CLONE3, SCRIPT_PTHREAD);
	script_created(s, 11, 12);
	script_group_stop(s, 10, SIGSTOP);
	script_passes(s);
	script_group_stop(s, 12, SIGSTOP);
	script_says(s, "listen 12");
	script_first(s, 12);
	script_says(s, "group cont 10: 18", "cont 12");
	script_free(s);
}

/* The same when its stop comes before its creator's event: to let it run would be to break the stop. */
static void test_born_stopped_child_first(void **state)
{
	struct script *s = with_thread();

	(void)state;
	script_entry(s, 11, CALL_CLONE3, SCRIPT_PTHREAD);
	script_passes(s);
	script_born(s, 11, 12);
	script_group_stop(s, 12, SIGSTOP);
	script_says_nothing(s);
	script_created(s, 11, 12);
	script_says(s, "spawn 12 by 11: in 10, parent 1, clone3 0x50f00", "group stop 10: 19", "listen 12", "cont 11");
	script_group_stop(s, 10, SIGSTOP);
	script_group_stop(s, 11, SIGSTOP);
	script_says(s, "listen 10", "listen 11");
	script_first(s, 12);
	script_says(s, "group cont 10: 18", "cont 12");
	script_free(s);
}

/* A thread that is made after a stop and its end knows nothing of it: its own is a new one. */
static void test_born_after_stop(void **state)
{
	struct script *s = with_thread();

	(void)state;
	script_group_stop(s, 10, SIGSTOP);
	script_group_stop(s, 11, SIGSTOP);
	script_first(s, 10);
	script_first(s, 11);
	script_spawn(s, 11, CALL_CLONE3, SCRIPT_PTHREAD, 12);
	script_group_stop(s, 12, SIGTSTP);
	script_says(s, "group stop 10: 20", "listen 12");
	script_free(s);
}

/* Killed while stopped: its end is that of any other. */
static void test_killed_while_stopped(void **state)
{
	struct script *s = with_thread();

	(void)state;
	script_group_stop(s, 10, SIGSTOP);
	script_group_stop(s, 11, SIGSTOP);
	script_passes(s);
	script_exit_stop(s, 10, CALL_NONE, SIGKILL);
	script_says(s, "cont 10");
	script_death(s, 11, SIGKILL);
	script_death(s, 10, SIGKILL);
	script_says(s, "exit 11: 0x9 with its group", "exit 10: 0x9 with its group");
	script_free(s);
}

/* exec in a stopped process cannot be; but a new program that stops is reported again. */
static void test_stop_after_exec(void **state)
{
	struct script *s = with_thread();

	(void)state;
	script_group_stop(s, 10, SIGSTOP);
	script_first(s, 10);
	script_death(s, 11, 0);
	script_exec(s, 10, 10, "next");
	script_passes(s);
	script_group_stop(s, 10, SIGSTOP);
	script_says(s, "group stop 10: 19", "listen 10");
	script_free(s);
}

/* 20 is the init of a pid namespace, 21 a thread of it. */
static struct script *with_init(void)
{
	struct script *s = script_launched(EVENT_MODE_FILTER);

	script_spawn(s, 10, CALL_CLONE, FLAG_NEWPID | SIGCHLD, 20);
	script_spawn(s, 20, CALL_CLONE3, SCRIPT_PTHREAD, 21);
	return s;
}

/* SIGNO with CODE, sent by SENDER as 20's namespace has it, CAUGHT or not. */
static void signal_init(struct script *s, pid_t tid, int signo, int code, pid_t sender, bool caught)
{
	struct script_task *task = script_task(s, tid);

	task->siginfo_known = true;
	task->siginfo = (struct stop_siginfo){ .code = code, .sender = sender };
	task->action = (struct stop_action){ .caught = caught };
	script_signal(s, tid, signo);
}

/* What would end it untraced, ends it: the kernel is given the chance, and the signal that comes of that is passed on.
 */
static void test_init_dies_of_its_fault(void **state)
{
	static const int faults[] = { SIGSEGV, SIGBUS, SIGILL, SIGFPE, SIGTRAP, SIGSYS };

	(void)state;
	for (size_t i = 0; i < sizeof(faults) / sizeof(faults[0]); i++) {
		for (pid_t tid = 20; tid <= 21; tid++) {
			struct script *s = with_init();

			signal_init(s, tid, faults[i], 0x80, 0, false);
			assert_int_equal(script_count(s, tid == 20 ? "aside 20 signal" : "aside 21 signal"), 1);
			script_passes(s);
			signal_init(s, tid, faults[i], 1, 0, false);
			assert_int_equal(script_count(s, tid == 20 ? "cont 20 signal" : "cont 21 signal"), 1);
			script_free(s);
		}
	}
}

/* An init that was there before us is no different, even in our own namespace. */
static void test_attached_init_dies_of_its_fault(void **state)
{
	const struct follow_config config = { .mode = EVENT_MODE_EVENTS };
	const struct follow_attached inner = { .tid = 50, .tgid = 50, .ppid = 1, .nspid = 1, .nlwp = 1 };
	const struct follow_attached ours = { .tid = 1, .tgid = 1, .nlwp = 1 };
	struct script *s = script_new(&config);

	(void)state;
	script_add(s, 50, 50, 1);
	script_add(s, 1, 1, 0);
	follow_attach(script_follow(s), &inner, script_now(s));
	follow_attach(script_follow(s), &ours, script_now(s));
	script_passes(s);
	signal_init(s, 50, SIGSEGV, 1, 0, false);
	signal_init(s, 1, SIGSEGV, 1, 0, false);
	script_says(s, "aside 50 signal 11", "aside 1 signal 11");
	script_free(s);
}

/* The kernel has nothing to do with it in the end: better killed than faulting for ever. */
static void test_init_that_does_not_die(void **state)
{
	struct script *s = with_init();

	(void)state;
	for (int i = 0; i < 199; i++)
		signal_init(s, 20, SIGSEGV, 1, 0, false);
	assert_int_equal(script_count(s, "aside 20 signal 11"), 100);
	assert_int_equal(script_count(s, "cont 20 signal 11"), 99);
	script_passes(s);
	signal_init(s, 20, SIGSEGV, 1, 0, false);
	script_says(s, "note signal-repeats 20 11 200", "cont 20 signal 9");
	script_free(s);
}

/* What it survives untraced: its handlers' signals, whatever is sent from within, and faults of others. */
static void test_init_survives(void **state)
{
	struct script *s = with_init();

	(void)state;
	for (int i = 0; i < 300; i++) {
		signal_init(s, 20, SIGSEGV, 1, 0, true);
		signal_init(s, 20, SIGTRAP, 0, 5, false);
		signal_init(s, 20, SIGSYS, -6, 1, false);
		signal_init(s, 20, SIGTERM, 0, 5, false);
		signal_init(s, 10, SIGSEGV, 1, 0, false);
	}
	assert_int_equal(script_count(s, "aside"), 0);
	assert_int_equal(script_count(s, "note"), 0);
	assert_int_equal(script_count(s, "cont 20 signal"), 1200);
	assert_int_equal(script_count(s, "cont 10 signal 11"), 300);
	script_free(s);
}

/* SIGSTOP from within has no effect on it, SIGSTOP from outside stops it. */
static void test_init_is_stopped(void **state)
{
	struct script *s = with_init();

	(void)state;
	signal_init(s, 20, SIGSTOP, 0, 5, false);
	signal_init(s, 21, SIGSTOP, -6, 1, false);
	script_says(s, "cont 20", "cont 21");
	signal_init(s, 20, SIGSTOP, 0, 0, false);
	script_says(s, "cont 20 signal 19");
	script_free(s);
}

/* --signals. */
static struct script *with_signals(enum event_mode mode)
{
	return script_launched_with(
		&(struct follow_config){ .mode = mode, .wants = WANT_SIGNALS, .seccomp_data = SCRIPT_SECCOMP_DATA });
}

static void test_signal_is_reported(void **state)
{
	struct script *s = with_signals(EVENT_MODE_FILTER);

	(void)state;
	script_task(s, 10)->siginfo_known = true;
	script_task(s, 10)->siginfo = (struct stop_siginfo){ .code = -1, .sender = 20, .value = 7 };
	script_task(s, 10)->action.caught = true;
	script_signal(s, 10, 40);
	script_says(s, "signal 10: 40, code -1 by 20, value 7, caught", "cont 10 signal 40");
	script_task(s, 10)->action = (struct stop_action){ .ignored = true };
	script_signal(s, 10, SIGHUP);
	script_says(s, "signal 10: 1, code -1 by 20, value 7, ignored", "cont 10 signal 1");
	script_free(s);
}

/* It is delivered whatever could be read of it. */
static void test_signal_unread(void **state)
{
	struct script *s = with_signals(EVENT_MODE_CALLS);

	(void)state;
	script_signal(s, 10, SIGHUP);
	script_says(s, "signal 10: 1, default", "syscall 10 signal 1");
	script_gone(s, 10);
	script_signal(s, 10, SIGTERM);
	script_says(s, "signal 10: 15", "syscall 10 signal 15");
	script_free(s);
}

/* The sender's number is one of the receiver's pid namespace. */
static void test_signal_inside(void **state)
{
	struct script *s = with_signals(EVENT_MODE_FILTER);

	(void)state;
	script_spawn(s, 10, CALL_CLONE, FLAG_NEWPID | SIGCHLD, 20);
	script_task(s, 20)->siginfo_known = true;
	script_task(s, 20)->siginfo.sender = 5;
	script_signal(s, 20, SIGUSR1);
	script_says(s, "signal 20: 10, code 0 by 5 inside, value 0, default", "cont 20 signal 10");
	script_free(s);
}

/* SIGPIPE alone makes it look at the call that failed. */
static void test_signal_of_a_write(void **state)
{
	struct script *s = with_signals(EVENT_MODE_FILTER);

	(void)state;
	script_task(s, 10)->siginfo_known = true;
	script_task(s, 10)->siginfo.sender = 10;
	script_task(s, 10)->call.value = -32;
	script_signal(s, 10, SIGPIPE);
	script_says(s, "signal 10: 13, code 0 by 10, value 0, errno 32, default", "cont 10 signal 13");
	script_signal(s, 10, SIGTERM);
	script_says(s, "signal 10: 15, code 0 by 10, value 0, default", "cont 10 signal 15");
	script_task(s, 10)->call.value = 100;
	script_signal(s, 10, SIGPIPE);
	script_says(s, "signal 10: 13, code 0 by 10, value 0, default", "cont 10 signal 13");
	script_free(s);
}

/* What the kernel hides the sender of, or what no task has sent, comes from outside: the init is stopped. */
static void test_init_is_stopped_by_others(void **state)
{
	static const struct {
		int code;
		pid_t sender;
		const char *order;
	} cases[] = {
		{ -1, 5, "cont 20" },		  /* sigqueue() from within */
		{ -1, 0, "cont 20 signal 19" },	  /* ... from outside */
		{ -2, 5, "cont 20 signal 19" },	  /* a timer: no sender, whatever stands there */
		{ 0x80, 0, "cont 20 signal 19" }, /* the kernel */
	};
	struct script *s = with_init();

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		signal_init(s, 20, SIGSTOP, cases[i].code, cases[i].sender, false);
		script_says(s, cases[i].order);
	}
	script_free(s);
}

/* What cannot be read of a signal is no reason to keep it back. */
static void test_init_signal_unknown(void **state)
{
	struct script *s = with_init();

	(void)state;
	script_signal(s, 20, SIGSTOP);
	script_signal(s, 21, SIGSEGV);
	script_says(s, "cont 20 signal 19", "cont 21 signal 11");
	script_free(s);
}

/* Only the init of the namespace is special: not its children there, nor whom others fork. */
static void test_init_is_the_only_one(void **state)
{
	struct script *s = with_init();

	(void)state;
	script_spawn(s, 10, CALL_FORK, 0, 11);
	script_spawn(s, 20, CALL_FORK, 0, 22);
	script_spawn(s, 20, CALL_CLONE, FLAG_PARENT | SIGCHLD, 23);
	for (pid_t tid = 11; tid <= 23; tid += tid == 11 ? 11 : 1) {
		signal_init(s, tid, SIGSEGV, 1, 0, false);
		signal_init(s, tid, SIGSTOP, 0, 5, false);
	}
	script_says(s, "cont 11 signal 11", "cont 11 signal 19", "cont 22 signal 11", "cont 22 signal 19",
		    "cont 23 signal 11", "cont 23 signal 19");
	script_free(s);
}

/* What is in the result register is an error only in the range of errors. */
static void test_signal_of_no_error(void **state)
{
	static const int64_t results[] = { 0, 32, -4096, INT64_MIN };
	struct script *s = with_signals(EVENT_MODE_FILTER);
	struct script_task *task = script_task(s, 10);

	(void)state;
	task->siginfo_known = true;
	task->siginfo = (struct stop_siginfo){ .sender = 10 };
	for (size_t i = 0; i < sizeof(results) / sizeof(results[0]); i++) {
		script_in_call(s, 10, CALL_NONE, 0);
		task->call.value = results[i];
		script_signal(s, 10, SIGPIPE);
		script_says(s, "signal 10: 13, code 0 by 10, value 0, default", "cont 10 signal 13");
	}
	task->call.value = -4095;
	script_signal(s, 10, SIGPIPE);
	script_says(s, "signal 10: 13, code 0 by 10, value 0, errno 4095, default", "cont 10 signal 13");
	script_free(s);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_signals_are_passed_on),
		cmocka_unit_test(test_signal_under_calls),
		cmocka_unit_test(test_group_stop),
		cmocka_unit_test(test_group_stop_of_threads),
		cmocka_unit_test(test_late_group_stop),
		cmocka_unit_test(test_stopped_twice),
		cmocka_unit_test(test_interrupt),
		cmocka_unit_test(test_born_stopped),
		cmocka_unit_test(test_born_stopped_child_first),
		cmocka_unit_test(test_born_after_stop),
		cmocka_unit_test(test_killed_while_stopped),
		cmocka_unit_test(test_stop_after_exec),
		cmocka_unit_test(test_init_dies_of_its_fault),
		cmocka_unit_test(test_attached_init_dies_of_its_fault),
		cmocka_unit_test(test_init_that_does_not_die),
		cmocka_unit_test(test_init_survives),
		cmocka_unit_test(test_init_is_stopped),
		cmocka_unit_test(test_signal_is_reported),
		cmocka_unit_test(test_signal_unread),
		cmocka_unit_test(test_signal_inside),
		cmocka_unit_test(test_signal_of_a_write),
		cmocka_unit_test(test_init_is_stopped_by_others),
		cmocka_unit_test(test_init_signal_unknown),
		cmocka_unit_test(test_init_is_the_only_one),
		cmocka_unit_test(test_signal_of_no_error),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
