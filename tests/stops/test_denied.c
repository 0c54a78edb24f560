/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Stories of what is denied because we trace, and of what is denied for other reasons. */
#include <errno.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/wait.h>

#include <cmocka.h>

#include "script.h"

enum { TRACEME = 0, ATTACH = 16, SEIZE = 0x4206, STRICT = 1 };

/* TID enters CALL with these arguments, which stops by the mode, and is let to its end, at which it returns RESULT. */
static void call_with(struct script *s, enum event_mode mode, pid_t tid, enum call call, const uint64_t args[3],
		      int64_t result)
{
	struct script_task *task = script_task(s, tid);

	script_in_call(s, tid, call, 0);
	for (int i = 0; i < 3; i++)
		task->call.args[i] = args[i];
	if (mode == EVENT_MODE_FILTER) {
		task->call.seccomp_data = SCRIPT_SECCOMP_DATA;
		script_event(s, tid, STOP_EVENT_SECCOMP, SCRIPT_SECCOMP_DATA);
	} else {
		script_stop(s, tid, W_STOPCODE(SIGTRAP | 0x80));
	}
	script_returns(s, tid, result);
}

static void test_traceme(void **state)
{
	struct script *s = script_launched(EVENT_MODE_FILTER);

	(void)state;
	call_with(s, EVENT_MODE_FILTER, 10, CALL_PTRACE, (const uint64_t[3]){ TRACEME }, -EPERM);
	script_says(s, "syscall 10", "note ptrace-denied 10 0 0", "cont 10");
	script_entry(s, 10, CALL_PTRACE, TRACEME); /* once: its end is of no interest any more */
	script_says(s, "cont 10");
	script_spawn(s, 10, CALL_FORK, 0, 20);
	call_with(s, EVENT_MODE_FILTER, 20, CALL_PTRACE, (const uint64_t[3]){ TRACEME }, -EPERM);
	script_says(s, "syscall 20", "note ptrace-denied 20 0 0", "cont 20");
	script_free(s);
}

/* By every call's stop the program's own filter may have answered. */
static void test_traceme_by_calls(void **state)
{
	struct script *s = script_launched(EVENT_MODE_CALLS);

	(void)state;
	call_with(s, EVENT_MODE_CALLS, 10, CALL_PTRACE, (const uint64_t[3]){ TRACEME }, -EPERM);
	script_says(s, "syscall 10", "syscall 10");
	script_task(s, 10)->filters_known = true;
	script_task(s, 10)->filters = 1;
	call_with(s, EVENT_MODE_CALLS, 10, CALL_PTRACE, (const uint64_t[3]){ TRACEME }, -EPERM);
	script_says(s, "syscall 10", "syscall 10");
	script_task(s, 10)->filters = 0;
	call_with(s, EVENT_MODE_CALLS, 10, CALL_PTRACE, (const uint64_t[3]){ TRACEME }, -EPERM);
	script_says(s, "syscall 10", "note ptrace-denied 10 0 0", "syscall 10");
	script_free(s);
}

/* Of who is to be traced: one that we trace, and that could be traced else. */
static void test_attach(void **state)
{
	static const struct {
		uint64_t request, target;
		int64_t result;
		bool traceable, reported;
	} cases[] = {
		{ ATTACH, 99, -ESRCH, true, false }, { ATTACH, 99, -EPERM, true, false },
		{ ATTACH, 11, -EPERM, true, false }, { SEIZE, 20, -EPERM, false, false },
		{ SEIZE, 20, -EIO, true, false },    { SEIZE, 20, -EPERM, true, true },
	};
	struct script *s = script_launched(EVENT_MODE_FILTER);

	(void)state;
	script_spawn(s, 10, CALL_CLONE3, SCRIPT_PTHREAD, 11);
	script_spawn(s, 10, CALL_FORK, 0, 20);
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		script_task(s, 10)->traceable = cases[i].traceable;
		call_with(s, EVENT_MODE_FILTER, 10, CALL_PTRACE,
			  (const uint64_t[3]){ cases[i].request, cases[i].target }, cases[i].result);
		if (cases[i].reported)
			script_says(s, "syscall 10", "note ptrace-denied 10 20 0", "cont 10");
		else
			script_says(s, "syscall 10", "cont 10");
	}
	script_free(s);
}

static void test_strict(void **state)
{
	struct script *s = script_launched(EVENT_MODE_FILTER);
	struct script_task *task = script_task(s, 10);

	(void)state;
	task->filters_known = true;
	task->filters = 2; /* one of its own would have it refused, too */
	call_with(s, EVENT_MODE_FILTER, 10, CALL_PRCTL, (const uint64_t[3]){ 22, STRICT }, -EINVAL);
	script_says(s, "syscall 10", "cont 10");
	task->filters = 1;
	call_with(s, EVENT_MODE_FILTER, 10, CALL_PRCTL, (const uint64_t[3]){ 22, STRICT }, -EACCES);
	script_says(s, "syscall 10", "cont 10");
	script_entry(s, 10, CALL_SECCOMP, 1); /* another mode */
	script_says(s, "cont 10");
	call_with(s, EVENT_MODE_FILTER, 10, CALL_PRCTL, (const uint64_t[3]){ 22, STRICT }, -EINVAL);
	script_says(s, "syscall 10", "note strict-denied 10 0 0", "cont 10");
	script_entry(s, 10, CALL_SECCOMP, 0);
	script_says(s, "cont 10");
	script_free(s);
}

/* Flags, or an argument, are a reason of their own. */
static void test_strict_by_seccomp(void **state)
{
	static const uint64_t others[][3] = { { 0, 1, 0 }, { 0, 0, 0x1000 } };
	struct script *s = script_launched(EVENT_MODE_FILTER);
	struct script_task *task = script_task(s, 10);

	(void)state;
	task->filters_known = true;
	task->filters = 1;
	for (int i = 0; i < 2; i++) {
		script_in_call(s, 10, CALL_SECCOMP, 0);
		for (int a = 0; a < 3; a++)
			task->call.args[a] = others[i][a];
		task->call.seccomp_data = SCRIPT_SECCOMP_DATA;
		script_event(s, 10, STOP_EVENT_SECCOMP, SCRIPT_SECCOMP_DATA);
		script_says(s, "cont 10");
	}
	call_with(s, EVENT_MODE_FILTER, 10, CALL_SECCOMP, (const uint64_t[3]){ 0 }, -EINVAL);
	script_says(s, "syscall 10", "note strict-denied 10 0 0", "cont 10");
	script_free(s);
}

/* A call whose struct we may not read: once for each process. */
static void test_unreadable(void **state)
{
	static const enum event_mode modes[] = { EVENT_MODE_FILTER, EVENT_MODE_EVENTS };

	(void)state;
	for (int i = 0; i < 2; i++) {
		struct script *s = script_launched(modes[i]);

		for (pid_t child = 11; child < 13; child++) {
			script_task(s, 10)->unreadable = true;
			script_entry(s, 10, CALL_CLONE3, SCRIPT_PTHREAD);
			script_born(s, 10, child);
			script_reports(s, 10, child);
			if (child == 11 && modes[i] == EVENT_MODE_FILTER)
				script_says(s, "note unreadable 10 10 0", "syscall 10",
					    "spawn 11 by 10: in 10, parent 1, clone3 0x0", "cont 10");
			else if (child == 11)
				script_says(s, "spawn 11 by 10: in 10, parent 1, clone3 0x0", "note unreadable 10 10 0",
					    "cont 10");
			else
				script_passes(s);
		}
		script_free(s);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_traceme),
		cmocka_unit_test(test_traceme_by_calls),
		cmocka_unit_test(test_attach),
		cmocka_unit_test(test_strict),
		cmocka_unit_test(test_strict_by_seccomp),
		cmocka_unit_test(test_unreadable),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
