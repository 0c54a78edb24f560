/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Limits over scripted events: when a trace is over, and which of them keep the filter out. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "cli/limits.h"
#include "cli/options.h"
#include "event/event.h"

static struct limits limits;

static bool reached(enum event_kind kind, pid_t tid)
{
	return limits_reached(&limits, &(struct event){ .kind = kind, .tid = tid });
}

static bool reached_attach(pid_t tid, pid_t tgid, bool launched)
{
	return limits_reached(
		&limits,
		&(struct event){ .kind = EVENT_ATTACH, .tid = tid, .attach = { .tgid = tgid, .launched = launched } });
}

static void none(void **state)
{
	const struct options options = { 0 };

	(void)state;
	assert_false(limits_let_go(&options));
	limits_init(&limits, &options);
	assert_false(reached(EVENT_BEGIN, 0));
	assert_false(reached_attach(10, 10, true));
	assert_false(reached(EVENT_EXIT, 10));
	assert_false(reached(EVENT_END, 0));
	limits_done(&limits);
}

/* What is there at the beginning is no event of the program's. */
static void events(void **state)
{
	const struct options options = { .max_events = 2 };

	(void)state;
	limits_init(&limits, &options);
	assert_false(reached(EVENT_BEGIN, 0));
	assert_false(reached_attach(10, 10, true));
	assert_false(reached_attach(11, 11, false));
	assert_false(reached(EVENT_EXEC, 10));
	assert_true(reached(EVENT_SPAWN, 10));
	assert_true(reached(EVENT_EXIT, 10));
	assert_false(reached(EVENT_END, 0));
	limits_done(&limits);
}

static void until_the_program_ends(void **state)
{
	const struct options options = { .until_exit = true };

	(void)state;
	limits_init(&limits, &options);
	assert_false(reached(EVENT_BEGIN, 0));
	assert_false(reached_attach(10, 10, true));
	assert_false(reached(EVENT_EXIT, 11));
	assert_false(reached(EVENT_LEADER_EXIT, 10));
	assert_true(reached(EVENT_EXIT, 10));
	assert_false(reached(EVENT_EXIT, 10)); /* the tid again */
	limits_done(&limits);
}

/* A tid that is given stands for its process; what --descendants adds is not waited for, nor what was refused. */
static void until_the_attached_end(void **state)
{
	pid_t pids[] = { 20, 31, 40 };
	const struct options options = { .until_exit = true, .pids = pids, .pid_count = 3 };

	(void)state;
	limits_init(&limits, &options);
	assert_false(reached_attach(20, 20, false));
	assert_false(reached_attach(21, 20, false));
	assert_false(reached_attach(22, 22, false));
	assert_false(reached_attach(30, 30, false));
	assert_false(reached_attach(31, 30, false));
	assert_false(reached_attach(10, 10, true));
	assert_false(reached(EVENT_EXIT, 20));
	assert_false(reached(EVENT_DETACH, 10));
	assert_false(reached(EVENT_EXIT, 31));
	assert_true(reached(EVENT_EXIT, 30));
	limits_done(&limits);
}

static void until_one_ends(void **state)
{
	const struct options options = { .until_exit = true, .until_pid = 12 };

	(void)state;
	limits_init(&limits, &options);
	assert_false(reached_attach(10, 10, true));
	assert_false(reached(EVENT_EXIT, 10));
	assert_false(reached(EVENT_SPAWN, 12));
	assert_true(reached(EVENT_EXIT, 12));
	limits_done(&limits);
}

static void what_keeps_the_filter_out(void **state)
{
	(void)state;
	assert_true(limits_let_go(&(struct options){ .time_limit = 1 }));
	assert_true(limits_let_go(&(struct options){ .max_events = 1 }));
	assert_true(limits_let_go(&(struct options){ .until_exit = true }));
	assert_true(limits_let_go(&(struct options){ .detach_on_exec = true }));
	/* what is killed needs not run on without it */
	assert_false(limits_let_go(&(struct options){ .time_limit = 1, .kill_on_exit = true }));
	assert_true(limits_let_go(&(struct options){ .detach_on_exec = true, .kill_on_exit = true }));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(none),
		cmocka_unit_test(events),
		cmocka_unit_test(until_the_program_ends),
		cmocka_unit_test(until_the_attached_end),
		cmocka_unit_test(until_one_ends),
		cmocka_unit_test(what_keeps_the_filter_out),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
