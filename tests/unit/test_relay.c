/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Which of our signals are for the program alone, in whichever order its copies come. */
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include "source/ptrace/relay.h"

#define LATER (1000 * (uint64_t)RELAY_NS)

static const struct wait_signal group = { .signo = SIGINT, .pid = 7, .code = SI_USER };
static const struct wait_signal others[] = {
	{ .signo = SIGTERM, .pid = 7, .code = SI_USER },
	{ .signo = SIGINT, .pid = 8, .code = SI_USER },
	{ .signo = SIGINT, .pid = 7, .code = SI_QUEUE },
};

static void assert_due(struct relay *relay, uint64_t now, const struct wait_signal *expected)
{
	struct wait_signal got;

	assert_true(relay_due(relay, now, &got));
	assert_true(relay_is_same(&got, expected));
}

static void for_us_alone(void **state)
{
	struct relay relay = { 0 };
	struct wait_signal got;

	(void)state;
	assert_int_equal(relay_timeout(&relay, LATER), -1);
	assert_false(relay_is_copy(&relay, &group, LATER));
	assert_true(relay_wait(&relay, &group, LATER));
	assert_int_equal(relay_timeout(&relay, LATER), RELAY_NS);
	assert_int_equal(relay_timeout(&relay, LATER + 1), RELAY_NS - 1);
	assert_false(relay_due(&relay, LATER + RELAY_NS - 1, &got));
	assert_int_equal(relay_timeout(&relay, LATER + 2 * RELAY_NS), 0);
	assert_due(&relay, LATER + RELAY_NS, &group);
	assert_int_equal(relay_timeout(&relay, LATER), -1);
	assert_false(relay_due(&relay, 2 * LATER, &got));
}

static void the_program_first(void **state)
{
	struct relay relay = { 0 };

	(void)state;
	relay_program(&relay, &group, false, LATER);
	for (size_t i = 0; i < 3; i++)
		assert_false(relay_is_copy(&relay, &others[i], LATER));
	assert_true(relay_is_copy(&relay, &group, LATER));
	assert_true(relay_is_copy(&relay, &group, LATER + RELAY_NS));
	assert_false(relay_is_copy(&relay, &group, LATER + RELAY_NS + 1));
}

static void we_first(void **state)
{
	struct relay relay = { 0 };

	(void)state;
	assert_true(relay_wait(&relay, &others[0], LATER));
	assert_true(relay_wait(&relay, &group, LATER + 1));
	assert_true(relay_wait(&relay, &others[1], LATER + 2));
	assert_true(relay_wait(&relay, &group, LATER + 3)); /* signals merge */
	assert_int_equal(relay.count, 3);
	relay_program(&relay, &others[2], false, LATER + 4);
	assert_int_equal(relay.count, 3);
	relay_program(&relay, &group, false, LATER + 4);
	assert_int_equal(relay.count, 2);
	assert_due(&relay, 2 * LATER, &others[0]);
	assert_due(&relay, 2 * LATER, &others[1]);
	assert_int_equal(relay.count, 0);
}

/* Ours was pending when the program got its own: it is taken much later, because we were kept from it. */
static void kept_from_it(void **state)
{
	struct relay relay = { 0 };

	(void)state;
	relay_program(&relay, &group, true, 1);
	assert_false(relay_is_copy(&relay, &others[0], LATER));
	assert_true(relay_is_copy(&relay, &group, LATER));
	assert_false(relay_is_copy(&relay, &group, LATER)); /* that is another one */
	/* what was pending was another's */
	relay_program(&relay, &group, true, 1);
	assert_false(relay_is_copy(&relay, &others[1], LATER));
	assert_false(relay_is_copy(&relay, &group, LATER));
}

static void no_room(void **state)
{
	struct wait_signal signal = group;
	struct relay relay = { 0 };

	(void)state;
	for (pid_t pid = 1; pid <= RELAY_MAX; pid++) {
		signal.pid = pid;
		assert_true(relay_wait(&relay, &signal, LATER));
	}
	signal.pid = RELAY_MAX + 1;
	assert_false(relay_wait(&relay, &signal, LATER));
	signal.pid = RELAY_MAX;
	assert_true(relay_wait(&relay, &signal, LATER));
	signal.pid = 1;
	assert_due(&relay, 2 * LATER, &signal);
	signal.pid = RELAY_MAX + 1;
	assert_true(relay_wait(&relay, &signal, LATER));
	/* of what the program got the oldest goes */
	for (pid_t pid = 1; pid <= RELAY_MAX + 1; pid++) {
		signal.pid = pid;
		relay_program(&relay, &signal, false, LATER);
	}
	assert_int_equal(relay.count, 0);
	signal.pid = 1;
	assert_false(relay_is_copy(&relay, &signal, LATER));
	signal.pid = 2;
	assert_true(relay_is_copy(&relay, &signal, LATER));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(for_us_alone), cmocka_unit_test(the_program_first), cmocka_unit_test(we_first),
		cmocka_unit_test(kept_from_it), cmocka_unit_test(no_room),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
