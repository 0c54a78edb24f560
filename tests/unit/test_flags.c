/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Tests the flag table against <linux/sched.h> and the manual, and the printing of flags. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <linux/sched.h>
#include <string.h>

#include "base/text.h"
#include "clone/flags.h"

/* Those newer than Linux 5.2 may be missing in the header. */
#ifndef CLONE_NEWTIME
#define CLONE_NEWTIME 0x80
#endif
#ifndef CLONE_CLEAR_SIGHAND
#define CLONE_CLEAR_SIGHAND 0x100000000ULL
#endif
#ifndef CLONE_INTO_CGROUP
#define CLONE_INTO_CGROUP 0x200000000ULL
#endif
#ifndef CLONE_AUTOREAP
#define CLONE_AUTOREAP 0x400000000ULL
#endif
#ifndef CLONE_NNP
#define CLONE_NNP 0x800000000ULL
#endif
#ifndef CLONE_PIDFD_AUTOKILL
#define CLONE_PIDFD_AUTOKILL 0x1000000000ULL
#endif
#ifndef CLONE_EMPTY_MNTNS
#define CLONE_EMPTY_MNTNS 0x2000000000ULL
#endif
#ifndef UNSHARE_EMPTY_MNTNS
#define UNSHARE_EMPTY_MNTNS 0x100000
#endif

#define ROW(flag, calls)           \
	{                          \
#flag, flag, calls \
	}

/* c clone, 3 clone3, u unshare, s setns */
static const struct {
	const char *name;
	uint64_t value;
	const char *calls;
} expected[] = {
	ROW(CLONE_NEWTIME, "3us"),	ROW(CLONE_VM, "c3u"),
	ROW(CLONE_FS, "c3u"),		ROW(CLONE_FILES, "c3u"),
	ROW(CLONE_SIGHAND, "c3u"),	ROW(CLONE_PIDFD, "c3"),
	ROW(CLONE_PTRACE, "c3"),	ROW(CLONE_VFORK, "c3"),
	ROW(CLONE_PARENT, "c3"),	ROW(CLONE_THREAD, "c3u"),
	ROW(CLONE_NEWNS, "c3us"),	ROW(CLONE_SYSVSEM, "c3u"),
	ROW(CLONE_SETTLS, "c3"),	ROW(CLONE_PARENT_SETTID, "c3"),
	ROW(UNSHARE_EMPTY_MNTNS, "u"),	ROW(CLONE_CHILD_CLEARTID, "c3"),
	ROW(CLONE_DETACHED, "c"),	ROW(CLONE_UNTRACED, "c3"),
	ROW(CLONE_CHILD_SETTID, "c3"),	ROW(CLONE_NEWCGROUP, "c3us"),
	ROW(CLONE_NEWUTS, "c3us"),	ROW(CLONE_NEWIPC, "c3us"),
	ROW(CLONE_NEWUSER, "c3us"),	ROW(CLONE_NEWPID, "c3us"),
	ROW(CLONE_NEWNET, "c3us"),	ROW(CLONE_IO, "c3"),
	ROW(CLONE_CLEAR_SIGHAND, "3"),	ROW(CLONE_INTO_CGROUP, "3"),
	ROW(CLONE_AUTOREAP, "3"),	ROW(CLONE_NNP, "3"),
	ROW(CLONE_PIDFD_AUTOKILL, "3"), ROW(CLONE_EMPTY_MNTNS, "3"),
};

static unsigned calls_of(const char *letters)
{
	unsigned calls = 0;

	for (; *letters; letters++)
		calls |= 1U << (*letters == 'c'	  ? CALL_CLONE
				: *letters == '3' ? CALL_CLONE3
				: *letters == 'u' ? CALL_UNSHARE
						  : CALL_SETNS);
	return calls;
}

static void test_table(void **state)
{
	size_t count;
	const struct flag *table = flag_table(&count);

	(void)state;
	assert_int_equal(count, sizeof(expected) / sizeof(expected[0]));
	for (size_t i = 0; i < count; i++) {
		assert_string_equal(table[i].name, expected[i].name);
		assert_int_equal(table[i].value, expected[i].value);
		assert_int_equal(table[i].calls, calls_of(expected[i].calls));
		assert_int_equal(table[i].value & (table[i].value - 1), 0);
		assert_true(!i || table[i - 1].value <= table[i].value);
		assert_non_null(table[i].means);
		assert_true(strlen(table[i].means) > 5);
	}
	assert_int_equal(FLAG_CSIGNAL, CSIGNAL);
}

static const struct {
	uint64_t value;
	const char *since;
} sinces[] = {
	{ FLAG_NEWCGROUP, "4.6" }, { FLAG_PIDFD, "5.2" },	   { FLAG_CLEAR_SIGHAND, "5.5" },
	{ FLAG_NEWTIME, "5.6" },   { FLAG_INTO_CGROUP, "5.7" },	   { FLAG_AUTOREAP, "7.1" },
	{ FLAG_NNP, "7.1" },	   { FLAG_PIDFD_AUTOKILL, "7.1" }, { FLAG_EMPTY_MNTNS, "7.1" },
};

static void test_since(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(sinces) / sizeof(sinces[0]); i++)
		assert_string_equal(flag_find(sinces[i].value, CALL_CLONE3)->since, sinces[i].since);
	assert_string_equal(flag_find(FLAG_UNSHARE_EMPTY_MNTNS, CALL_UNSHARE)->since, "7.1");
	assert_null(flag_find(FLAG_VM, CALL_CLONE)->since);
}

/* No two rows claim one bit of one call, and flag_find() gives what the table says. */
static void test_find(void **state)
{
	static const enum call calls[] = { CALL_CLONE, CALL_CLONE3, CALL_UNSHARE, CALL_SETNS };
	size_t count;
	const struct flag *table = flag_table(&count);

	(void)state;
	for (size_t c = 0; c < 4; c++)
		for (unsigned bit = 0; bit < 64; bit++) {
			const struct flag *found = NULL;

			for (size_t i = 0; i < count; i++) {
				if (table[i].value != UINT64_C(1) << bit || !(table[i].calls & 1U << calls[c]))
					continue;
				assert_null(found);
				found = &table[i];
			}
			assert_ptr_equal(flag_find(UINT64_C(1) << bit, calls[c]), found);
		}
	assert_ptr_equal(flag_find(FLAG_VM, CALL_VFORK), flag_find(FLAG_VM, CALL_CLONE));
	assert_ptr_equal(flag_find(FLAG_DETACHED, CALL_FORK), flag_find(FLAG_DETACHED, CALL_CLONE));
	assert_null(flag_find(FLAG_VM | FLAG_FS, CALL_CLONE));
	assert_null(flag_find(0, CALL_CLONE));
	assert_null(flag_find(FLAG_VM, CALL_SETSID));
	assert_null(flag_find(FLAG_VM, CALL_NONE));
}

/* One bit, four calls, up to three meanings. */
static void test_ambiguous_bits(void **state)
{
	(void)state;
	assert_null(flag_find(0x80, CALL_CLONE));
	assert_string_equal(flag_find(0x80, CALL_CLONE3)->name, "CLONE_NEWTIME");
	assert_string_equal(flag_find(0x80, CALL_UNSHARE)->name, "CLONE_NEWTIME");
	assert_string_equal(flag_find(0x80, CALL_SETNS)->name, "CLONE_NEWTIME");
	assert_string_equal(flag_find(0x100000, CALL_CLONE)->name, "CLONE_PARENT_SETTID");
	assert_string_equal(flag_find(0x100000, CALL_UNSHARE)->name, "UNSHARE_EMPTY_MNTNS");
	assert_null(flag_find(0x100000, CALL_SETNS));
	assert_string_equal(flag_find(0x400000, CALL_CLONE)->name, "CLONE_DETACHED");
	assert_null(flag_find(0x400000, CALL_CLONE3));
}

static const struct {
	uint64_t flags;
	enum call call;
	const char *text;
} formats[] = {
	{ 0, CALL_CLONE, "0" },
	{ 0x100, CALL_CLONE, "CLONE_VM" },
	{ 0x1200000, CALL_CLONE, "CLONE_CHILD_CLEARTID|CLONE_CHILD_SETTID" },
	{ 0x3d0f00, CALL_CLONE3,
	  "CLONE_VM|CLONE_FS|CLONE_FILES|CLONE_SIGHAND|CLONE_THREAD|CLONE_SYSVSEM|CLONE_SETTLS|CLONE_PARENT_SETTID|"
	  "CLONE_CHILD_CLEARTID" },
	{ 0x180, CALL_CLONE3, "CLONE_NEWTIME|CLONE_VM" },
	{ 0x191, CALL_CLONE3, "CLONE_NEWTIME|CLONE_VM|0x11" },
	{ 0x400100, CALL_CLONE3, "CLONE_VM|0x400000" },
	{ 0x400100, CALL_CLONE, "CLONE_VM|CLONE_DETACHED" },
	{ 0x100000, CALL_UNSHARE, "UNSHARE_EMPTY_MNTNS" },
	{ 0x40000000, CALL_SETNS, "CLONE_NEWNET" },
	{ 0x8000000000000001, CALL_CLONE3, "0x8000000000000001" },
	{ 0x8000000100000000, CALL_CLONE3, "CLONE_CLEAR_SIGHAND|0x8000000000000000" },
	{ 0x4100, CALL_VFORK, "CLONE_VM|CLONE_VFORK" },
};

static void test_format(void **state)
{
	struct text text = TEXT_INIT;

	(void)state;
	for (size_t i = 0; i < sizeof(formats) / sizeof(formats[0]); i++) {
		text_clear(&text);
		flags_format(&text, formats[i].flags, formats[i].call);
		assert_string_equal(text_get(&text), formats[i].text);
	}
	text_done(&text);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_table),	       cmocka_unit_test(test_since),  cmocka_unit_test(test_find),
		cmocka_unit_test(test_ambiguous_bits), cmocka_unit_test(test_format),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
