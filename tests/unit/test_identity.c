/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Whom -u names: root, whom every machine has, and numbers that no machine has names for. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <unistd.h>

#include <cmocka.h>

#include "source/ptrace/identity.h"

enum { ANY = -2, NONE = -1 };

static void parses(void **state)
{
	static const struct {
		const char *spec;
		int64_t uid, gid; /* NONE: it is refused */
		int groups;	  /* ANY: those that the machine says */
	} cases[] = {
		{ "root", 0, 0, ANY },
		{ "root:", 0, 0, ANY },
		{ "0", 0, 0, ANY }, /* a number with a name */
		{ "root:4000000001", 0, 4000000001, ANY },
		{ "0:4000000001", 0, 4000000001, 0 },
		{ "4000000001:0", 4000000001, 0, 0 },
		{ "4000000001:4000000002", 4000000001, 4000000002, 0 },
		{ "4000000001:root", 4000000001, 0, 0 },
		{ "0:root", 0, 0, ANY },
		{ "4294967294:4294967294", 4294967294, 4294967294, 0 },
		{ ":4000000001", ANY, 4000000001, 0 },
		{ ":root", ANY, 0, 0 },
		{ "4000000001", NONE, 0, 0 }, /* of which group? */
		{ "4000000001:", NONE, 0, 0 },
		{ "4294967295:0", NONE, 0, 0 }, /* (uid_t)-1 */
		{ "0:4294967295", NONE, 0, 0 },
		{ "4294967296:0", NONE, 0, 0 },
		{ "99999999999999999999:0", NONE, 0, 0 },
		{ "-1:0", NONE, 0, 0 },
		{ "+0", NONE, 0, 0 },
		{ " 0:0", NONE, 0, 0 },
		{ "0x0:0", NONE, 0, 0 },
		{ "no such user", NONE, 0, 0 },
		{ "root:no such group", NONE, 0, 0 },
		{ "0:0:0", NONE, 0, 0 },
		{ "::", NONE, 0, 0 },
		{ ":", NONE, 0, 0 },
		{ "", NONE, 0, 0 },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		const int64_t uid = cases[i].uid == ANY ? (int64_t)geteuid() : cases[i].uid;
		struct identity identity;
		int r = identity_parse(cases[i].spec, &identity);

		if ((r < 0) != (uid == NONE))
			fail_msg("'%s': %d", cases[i].spec, r);
		if (r >= 0 && (identity.uid != uid || identity.gid != cases[i].gid))
			fail_msg("'%s' is %u:%u", cases[i].spec, (unsigned)identity.uid, (unsigned)identity.gid);
		if (r >= 0 && cases[i].groups != ANY && identity.group_count != cases[i].groups)
			fail_msg("'%s' has %d groups", cases[i].spec, identity.group_count);
		if (r < 0)
			assert_null(identity.groups);
		identity_done(&identity);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(parses),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
