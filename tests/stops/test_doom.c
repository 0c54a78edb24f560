/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Stories of threads that send their own process a signal that ends it. */
#include <errno.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "script.h"

#define SPARED 5 /* looks at one that should have been killed */

/* 10 and its thread 11, which is the one that sends. */
static struct script *with_sender(enum event_mode mode)
{
	struct script *s = script_launched(mode);

	script_spawn(s, 10, CALL_CLONE3, SCRIPT_PTHREAD, 11);
	script_task(s, 11)->fatal = true;
	return s;
}

/* TID enters a call that sends SIGNO to TARGET. */
static void send_signal(struct script *s, pid_t tid, enum call call, pid_t target, int signo)
{
	struct script_task *task = script_task(s, tid);

	script_in_call(s, tid, call, (uint64_t)target);
	task->call.args[1] = (uint64_t)signo;
	task->call.seccomp_data = SCRIPT_SECCOMP_DATA;
	script_event(s, tid, STOP_EVENT_SECCOMP, SCRIPT_SECCOMP_DATA);
}

/* It waits for its end as it would untraced: it does not come back from kill(). */
static void test_sender_does_not_run_on(void **state)
{
	static const struct {
		enum call call;
		pid_t target;
	} calls[] = {
		{ CALL_KILL, 10 },
		{ CALL_KILL, 0 },
		{ CALL_KILL, -10 },
		{ CALL_RT_SIGQUEUEINFO, 10 },
		{ CALL_PIDFD_SEND_SIGNAL, 3 },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(calls) / sizeof(calls[0]); i++) {
		struct script *s = with_sender(EVENT_MODE_FILTER);

		send_signal(s, 11, calls[i].call, calls[i].target, SIGTERM);
		script_says(s, "syscall 11");
		script_returns(s, 11, 0);
		script_says_nothing(s);
		assert_true(follow_is_holding(script_follow(s)));
		script_signal(s, 10, SIGTERM);
		script_says(s, "cont 10 signal 15");
		script_gone(s, 11);
		script_death(s, 11, SIGTERM);
		script_death(s, 10, SIGTERM);
		script_says(s, "exit 11: 0xf with its group", "exit 10: 0xf with its group");
		assert_false(follow_is_holding(script_follow(s)));
		script_free(s);
	}
}

/* Its own stop at its end may come before. */
static void test_sender_stops_at_its_end(void **state)
{
	struct script *s = with_sender(EVENT_MODE_FILTER);

	(void)state;
	send_signal(s, 11, CALL_KILL, 10, SIGTERM);
	script_returns(s, 11, 0);
	script_passes(s);
	script_task(s, 11)->stopped = false;
	script_killed_stop(s, 11, SIGTERM);
	script_says(s, "cont 11");
	assert_false(follow_is_holding(script_follow(s)));
	script_free(s);
}

/* What is none of it: the only task, another process, no effect, a refusal, somebody's handler, our own detaching. */
static void test_others_run_on(void **state)
{
	struct script *s = script_launched(EVENT_MODE_FILTER);

	(void)state;
	script_task(s, 10)->fatal = true;
	send_signal(s, 10, CALL_KILL, 10, SIGTERM);
	script_says(s, "cont 10");
	script_free(s);

	s = with_sender(EVENT_MODE_FILTER);
	send_signal(s, 11, CALL_KILL, 4444, SIGTERM);
	script_says(s, "cont 11");
	send_signal(s, 11, CALL_KILL, 10, SIGCHLD);
	script_says(s, "cont 11");
	send_signal(s, 11, CALL_KILL, 10, SIGTERM);
	script_returns(s, 11, -EPERM);
	script_says(s, "syscall 11", "cont 11");
	script_task(s, 11)->fatal = false;
	send_signal(s, 11, CALL_KILL, 10, SIGTERM);
	script_returns(s, 11, 0);
	script_says(s, "syscall 11", "cont 11");
	script_free(s);
}

/* Nothing comes of it: it is resumed before long. */
static void test_sender_is_spared(void **state)
{
	struct script *s = with_sender(EVENT_MODE_CALLS);

	(void)state;
	script_in_call(s, 11, CALL_KILL, 10);
	script_task(s, 11)->call.args[1] = SIGTERM;
	script_stop(s, 11, SIGTRAP << 8 | 0x80 << 8 | 0x7f);
	script_returns(s, 11, 0);
	script_says(s, "syscall 11");
	script_idle(s, SPARED);
	script_says_nothing(s);
	script_idle(s, 1);
	script_says(s, "syscall 11");
	assert_false(follow_is_holding(script_follow(s)));
	script_free(s);
}

/* A task that is detached while it waits gets no other stop for that. */
static void test_detached_sender(void **state)
{
	struct script *s = with_sender(EVENT_MODE_FILTER);

	(void)state;
	send_signal(s, 11, CALL_KILL, 10, SIGTERM);
	script_returns(s, 11, 0);
	script_passes(s);
	script_detach(s);
	script_says(s, "detach 11", "gone on 11");
	script_first(s, 10);
	script_says(s, "detach 10", "gone on 10");
	script_free(s);
}

/* Each time anew it is given the time to die, however often it was spared. */
static void test_spared_again(void **state)
{
	struct script *s = with_sender(EVENT_MODE_FILTER);

	(void)state;
	for (int i = 0; i < 3; i++) {
		send_signal(s, 11, CALL_KILL, 10, SIGTERM);
		script_returns(s, 11, 0);
		script_says(s, "syscall 11");
		script_idle(s, SPARED);
		script_says_nothing(s);
		assert_true(follow_is_holding(script_follow(s)));
		script_idle(s, 1);
		script_says(s, "cont 11");
		assert_false(follow_is_holding(script_follow(s)));
	}
	script_free(s);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_sender_does_not_run_on), cmocka_unit_test(test_sender_stops_at_its_end),
		cmocka_unit_test(test_others_run_on),	       cmocka_unit_test(test_sender_is_spared),
		cmocka_unit_test(test_detached_sender),	       cmocka_unit_test(test_spared_again),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
