/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Stories of servers that run for days: follow remembers nothing of what is over. */
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "script.h"

#define ROUNDS 20000
#define SETTLED 200 /* rounds after which what is remembered for some time has found its number */
#define TIDS 50	    /* so many rounds later a tid is used again */

/* Each round leaves the server as it was, 10 and its thread 11. It may use TID and the next three numbers, of which it
 * may leave the last one to the next round. */
typedef void round_play(struct script *s, pid_t tid, pid_t *left);

static void round_worker(struct script *s, pid_t tid, pid_t *left)
{
	(void)left;
	script_spawn(s, 11, CALL_CLONE, SIGCHLD, tid);
	script_spawn(s, tid, CALL_CLONE3, SCRIPT_PTHREAD, tid + 1);
	script_death(s, tid + 1, 0);
	script_death(s, tid, 0);
}

/* Each worker makes the next and ends. */
static void round_hop(struct script *s, pid_t tid, pid_t *left)
{
	script_spawn(s, *left ? *left : 10, CALL_FORK, 0, tid);
	if (*left)
		script_death(s, *left, 0);
	*left = tid;
}

/* Killed in the call: who made the child must be found otherwise. */
static void round_killed(struct script *s, pid_t tid, pid_t *left)
{
	(void)left;
	script_spawn(s, 10, CALL_FORK, 0, tid);
	script_entry(s, tid, CALL_FORK, 0);
	script_born(s, tid, tid + 1);
	script_first(s, tid + 1);
	script_death(s, tid, SIGKILL);
	script_idle(s, 1);
	script_death(s, tid + 1, 0);
}

/* Killed before its first stop, and before the call that made it has reported it. */
static void round_stillborn(struct script *s, pid_t tid, pid_t *left)
{
	(void)left;
	script_entry(s, 11, CALL_FORK, 0);
	script_born(s, 11, tid);
	script_death(s, tid, SIGKILL);
	script_reports(s, 11, tid);
}

static void round_exec(struct script *s, pid_t tid, pid_t *left)
{
	(void)left;
	script_spawn(s, 10, CALL_FORK, 0, tid);
	script_spawn(s, tid, CALL_CLONE3, SCRIPT_PTHREAD, tid + 1);
	script_exit_stop(s, tid, CALL_NONE, 0);
	script_exec(s, tid, tid + 1, "next");
	script_death(s, tid, 0);
}

static void check_constant(enum event_mode mode, round_play *play)
{
	struct script *s = script_launched(mode);
	size_t remembered = 0;
	pid_t left = 0;

	script_spawn(s, 10, CALL_CLONE3, SCRIPT_PTHREAD, 11);
	for (int round = 0; round < ROUNDS; round++) {
		play(s, 100 + 4 * (round % TIDS), &left);
		script_passes(s);
		if (round == SETTLED)
			remembered = follow_remembers(script_follow(s));
		else if (round > SETTLED)
			assert_int_equal(follow_remembers(script_follow(s)), remembered);
	}
	assert_int_equal(follow_count(script_follow(s)), left ? 3 : 2);
	assert_true(remembered < 10);
	script_free(s);
}

static void check_modes(round_play *play)
{
	check_constant(EVENT_MODE_FILTER, play);
	check_constant(EVENT_MODE_EVENTS, play);
}

static void test_workers(void **state)
{
	(void)state;
	check_modes(round_worker);
}

static void test_hops(void **state)
{
	(void)state;
	check_modes(round_hop);
}

static void test_killed_creators(void **state)
{
	(void)state;
	check_modes(round_killed);
}

static void test_stillborn(void **state)
{
	(void)state;
	check_modes(round_stillborn);
}

static void test_exec(void **state)
{
	(void)state;
	check_modes(round_exec);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_workers),	  cmocka_unit_test(test_hops), cmocka_unit_test(test_killed_creators),
		cmocka_unit_test(test_stillborn), cmocka_unit_test(test_exec),
	};

	return cmocka_run_group_tests_name("server", tests, NULL, NULL);
}
