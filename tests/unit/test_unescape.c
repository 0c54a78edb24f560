/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Tests that names and paths from /proc become what they were. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdio.h>
#include <sys/prctl.h>
#include <unistd.h>

#include "base/unescape.h"
#include "source/kernel/procfs/status.h"

static const struct row {
	const char *in, *name, *maps, *mounts; /* as the kernel writes it, and what it then was */
} rows[] = {
	{ "", "", "", "" },
	{ "plain", "plain", "plain", "plain" },
	{ "a\\nb", "a\nb", "a\\nb", "a\\nb" },
	{ "a\\\\nb", "a\\nb", "a\\\\nb", "a\\\\nb" },
	{ "\\", "\\", "\\", "\\" },
	{ "a\\012b", "a\\012b", "a\nb", "a\nb" },
	{ "a\\040b\\011c", "a\\040b\\011c", "a\\040b\\011c", "a b\tc" },
	{ "\\134x2d", "\\134x2d", "\\134x2d", "\\x2d" },
	{ "\\134012", "\\134012", "\\134012", "\\012" },
	{ "\\01", "\\01", "\\01", "\\01" },
	{ "\\101\\", "\\101\\", "\\101\\", "\\101\\" },
	{ "\\400\\000", "\\400\\000", "\\400\\000", "\\400\\000" },
	{ "\033[31m", "\033[31m", "\033[31m", "\033[31m" },
};

static void test_rows(void **state)
{
	char text[64];

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		snprintf(text, sizeof(text), "%s", rows[i].in);
		unescape_name(text);
		assert_string_equal(text, rows[i].name);
		snprintf(text, sizeof(text), "%s", rows[i].in);
		unescape_path(text, UNESCAPE_MAPS);
		assert_string_equal(text, rows[i].maps);
		snprintf(text, sizeof(text), "%s", rows[i].in);
		unescape_path(text, UNESCAPE_MOUNTS);
		assert_string_equal(text, rows[i].mounts);
	}
}

/* What the kernel says of our own name is what we have called us. */
static void test_own_name(void **state)
{
	static const char *const names[] = { "a\nb",	"\\n\n\\\\", "  blanks\t ", "\t",
					     ") R 1 (", "\033[31m",  "\nState:\tZ", "" };
	struct proc_status status;

	(void)state;
	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		assert_int_equal(prctl(PR_SET_NAME, names[i]), 0);
		assert_int_equal(proc_status(getpid(), &status), 0);
		assert_string_equal(status.name, names[i]);
		assert_int_equal(status.ids.state, 'R');
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_rows),
		cmocka_unit_test(test_own_name),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
