/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Skips a test. Include it behind <cmocka.h>. */
#ifndef TESTS_UNIT_SKIP_H
#define TESTS_UNIT_SKIP_H

/* Ends the test that is running, which counts as skipped. The arguments, as of printf(3), say what is missing:
 * tests/run-unit puts that into the result. */
#define skip_because(...)                   \
	do {                                \
		print_message("skipped: "); \
		print_message(__VA_ARGS__); \
		print_message("\n");        \
		skip();                     \
	} while (0)

#endif
