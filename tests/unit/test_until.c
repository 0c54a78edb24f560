/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Limits over scripted events: when a trace is over, and which of them keep the filter out. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "cli/until.h"
#include "cli/options.h"
#include "event/event.h"

static struct until until;

static bool reached(enum event_kind kind, pid_t tid)
{
	return until_reached(&until, &(struct event){ .kind = kind, .tid = tid });
}

static bool reached_attach(pid_t tid, pid_t tgid, bool launched)
{
	return until_reached(
		&until,
		&(struct event){ .kind = EVENT_ATTACH, .tid = tid, .attach = { .tgid = tgid, .launched = launched } });
}

static void none(void **state)
{
	const struct options options = { 0 };

	(void)state;
	assert_false(until_detaches(&options));
	until_init(&until, &options);
	assert_false(reached(EVENT_BEGIN, 0));
	assert_false(reached_attach(10, 10, true));
	assert_false(reached(EVENT_EXIT, 10));
	assert_false(reached(EVENT_END, 0));
	until_done(&until);
}

/* What is there at the beginning is no event of the program's. */
static void events(void **state)
{
	const struct options options = { .max_events = 2 };

	(void)state;
	until_init(&until, &options);
	assert_false(reached(EVENT_BEGIN, 0));
	assert_false(reached_attach(10, 10, true));
	assert_false(reached_attach(11, 11, false));
	assert_false(reached(EVENT_EXEC, 10));
	assert_true(reached(EVENT_SPAWN, 10));
	assert_true(reached(EVENT_EXIT, 10));
	assert_false(reached(EVENT_END, 0));
	until_done(&until);
}

static void until_the_program_ends(void **state)
{
	const struct options options = { .until_exit = true };

	(void)state;
	until_init(&until, &options);
	assert_false(reached(EVENT_BEGIN, 0));
	assert_false(reached_attach(10, 10, true));
	assert_false(reached(EVENT_EXIT, 11));
	assert_false(reached(EVENT_LEADER_EXIT, 10));
	assert_true(reached(EVENT_EXIT, 10));
	assert_false(reached(EVENT_EXIT, 10)); /* the tid again */
	until_done(&until);
}

/* A tid that is given stands for its process; what --descendants adds is not waited for, nor what was refused. */
static void until_the_attached_end(void **state)
{
	pid_t pids[] = { 20, 31, 40 };
	const struct options options = { .until_exit = true, .pids = pids, .pid_count = 3 };

	(void)state;
	until_init(&until, &options);
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
	until_done(&until);
}

static void until_one_ends(void **state)
{
	const struct options options = { .until_exit = true, .until_pid = 12 };

	(void)state;
	until_init(&until, &options);
	assert_false(reached_attach(10, 10, true));
	assert_false(reached(EVENT_EXIT, 10));
	assert_false(reached(EVENT_SPAWN, 12));
	assert_true(reached(EVENT_EXIT, 12));
	until_done(&until);
}

static void what_keeps_the_filter_out(void **state)
{
	(void)state;
	assert_true(until_detaches(&(struct options){ .time_limit = 1 }));
	assert_true(until_detaches(&(struct options){ .max_events = 1 }));
	assert_true(until_detaches(&(struct options){ .until_exit = true }));
	assert_true(until_detaches(&(struct options){ .detach_on_exec = true }));
	/* what is killed needs not run on without it */
	assert_false(until_detaches(&(struct options){ .time_limit = 1, .kill_on_exit = true }));
	assert_true(until_detaches(&(struct options){ .detach_on_exec = true, .kill_on_exit = true }));
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
