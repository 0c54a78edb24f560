/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Tests which library call each known request looks like, and that a bit more or less is none. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "clone/fingerprint.h"
#include "clone/flags.h"
#include "requests.h"

enum { BY_CLONE, BY_CLONE3 };

static const struct row {
	int by;
	uint64_t flags, signo, stack;
	const char *name;
} rows[] = {
	{ BY_CLONE, 0x1200000, 17, 0, "fork()" },
	{ BY_CLONE, 0, 17, 0, "fork()" },
	{ BY_CLONE, 0x4100, 17, 0, "vfork()" },
	{ BY_CLONE, 0x4100, 17, UNIT_STACK, "posix_spawn()" },
	{ BY_CLONE3, 0x4100, 17, UNIT_STACK, "posix_spawn()" },
	{ BY_CLONE3, 0x100004100, 17, UNIT_STACK, "posix_spawn()" },
	{ BY_CLONE3, 0x300004100, 17, UNIT_STACK, "posix_spawn()" },
	{ BY_CLONE3, 0x100005100, 17, UNIT_STACK, "pidfd_spawn()" },
	{ BY_CLONE3, 0x300005100, 17, UNIT_STACK, "pidfd_spawn()" },
	{ BY_CLONE, 0x3d0f00, 0, UNIT_STACK, "pthread_create()" },
	{ BY_CLONE3, 0x3d0f00, 0, UNIT_STACK, "pthread_create()" },
	{ BY_CLONE, 0x7d0f00, 0, UNIT_STACK, "pthread_create() (musl)" },
	{ BY_CLONE, 0x50f00, 0, UNIT_STACK, "a goroutine's thread (Go)" },
	{ BY_CLONE, 0xd0f00, 0, UNIT_STACK, "a goroutine's thread (Go)" },
	{ BY_CLONE, 0xf00, 33, UNIT_STACK, "a LinuxThreads pthread" },
	/* near misses */
	{ BY_CLONE, 0x1200000, 17, UNIT_STACK, NULL },
	{ BY_CLONE, 0x1200000, 0, 0, NULL },
	{ BY_CLONE3, 0, 17, 0, NULL }, /* no library forks by clone3 */
	{ BY_CLONE3, 0x1200000, 17, 0, NULL },
	{ BY_CLONE, 0x1000000, 17, 0, NULL },
	{ BY_CLONE, 0x200000, 17, 0, NULL },
	{ BY_CLONE, 0x4000, 17, 0, NULL },
	{ BY_CLONE, 0x3d0f00, 17, UNIT_STACK, NULL },
	{ BY_CLONE, 0x3d0f00, 0, 0, NULL },
	{ BY_CLONE3, 0x7d0f00, 0, UNIT_STACK, NULL },
	{ BY_CLONE, 0xf00, 17, UNIT_STACK, NULL },
	{ BY_CLONE, 0xf00, 32, UNIT_STACK, NULL }, /* __pthread_sig_restart */
	{ BY_CLONE, 0xf00, 34, UNIT_STACK, NULL },
	{ BY_CLONE, 0xf00, 65, UNIT_STACK, NULL },
	{ BY_CLONE, 0x20000000, 17, 0, NULL },
};

static const char *find(const struct row *row)
{
	const struct request request = row->by == BY_CLONE ? unit_clone(row->flags | row->signo, row->stack)
							   : unit_clone3(row->flags, row->signo, row->stack);

	return fingerprint_find(&request);
}

static void test_rows(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		if (!rows[i].name) {
			assert_null(find(&rows[i]));
			continue;
		}
		assert_non_null(find(&rows[i]));
		assert_string_equal(find(&rows[i]), rows[i].name);
	}
}

/* A namespace, or a bit that nobody knows, makes any of them something else. */
static void test_one_bit_more(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct row more = rows[i];

		more.flags |= FLAG_NEWNET;
		assert_null(find(&more));
		if (rows[i].by == BY_CLONE3) {
			more.flags = rows[i].flags | UINT64_C(1) << 63;
			assert_null(find(&more));
		}
	}
}

static void test_plain_calls(void **state)
{
	struct request request = unit_call(CALL_FORK, 0, 0);

	(void)state;
	assert_string_equal(fingerprint_find(&request), "fork()");
	request = unit_call(CALL_VFORK, 0, 0);
	assert_string_equal(fingerprint_find(&request), "vfork()");
	request = unit_call(CALL_UNSHARE, 0, 0);
	assert_null(fingerprint_find(&request));
	request = unit_call(CALL_SETSID, 0, 0);
	assert_null(fingerprint_find(&request));
}

static void test_unknown_flags(void **state)
{
	const uint64_t args[6] = { 0x1000, 88 };
	const struct request request = unit_decode("x86_64", CALL_CLONE3, args, NULL);

	(void)state;
	assert_null(fingerprint_find(&request));
}

/* Each row fits the request that it describes, and no row before it does. */
static void test_table(void **state)
{
	size_t count;
	const struct fingerprint *table = fingerprint_table(&count);

	(void)state;
	for (size_t i = 0; i < count; i++) {
		const struct fingerprint *row = &table[i];
		const uint64_t stack = row->stack ? UNIT_STACK : 0;
		const struct request request =
			row->calls & 1U << CALL_CLONE	 ? unit_clone(row->flags | row->signal_low, stack)
			: row->calls & 1U << CALL_CLONE3 ? unit_clone3(row->flags, row->signal_low, stack)
			: row->calls & 1U << CALL_VFORK	 ? unit_call(CALL_VFORK, 0, 0)
							 : unit_call(CALL_FORK, 0, 0);

		assert_ptr_equal(fingerprint_row(&request), row);
		assert_true(*row->library && *row->source);
	}
}

static void test_what_follows(void **state)
{
	(void)state;
	assert_string_equal(fingerprint_after_exec("posix_spawn()", "sh -c true"), "system() or popen()");
	assert_null(fingerprint_after_exec("posix_spawn()", "sh script"));
	assert_null(fingerprint_after_exec("posix_spawn()", "bash -c true"));
	assert_null(fingerprint_after_exec("posix_spawn()", "sh"));
	assert_null(fingerprint_after_exec("fork()", "sh -c true"));
	assert_null(fingerprint_after_exec(NULL, "sh -c true"));
	assert_string_equal(fingerprint_after_setsid("fork()"), "daemon() or forkpty()");
	assert_null(fingerprint_after_setsid("posix_spawn()"));
	assert_null(fingerprint_after_setsid(NULL));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_rows),	    cmocka_unit_test(test_one_bit_more),
		cmocka_unit_test(test_plain_calls), cmocka_unit_test(test_unknown_flags),
		cmocka_unit_test(test_table),	    cmocka_unit_test(test_what_follows),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
