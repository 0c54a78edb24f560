/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Tests that every sentence has its flag, its request and its source, and that every misconception is shown for some
 * request. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <string.h>

#include "clone/flags.h"
#include "clone/kind.h"
#include "teach/explain.h"
#include "teach/meaning.h"
#include "requests.h"

static struct request request_of(enum call call, uint64_t flags, uint64_t signo)
{
	switch (call) {
	case CALL_CLONE:
		return unit_clone(flags | signo, 0);
	case CALL_CLONE3:
		return unit_clone3(flags, signo, 0);
	case CALL_SETNS:
		return unit_call(call, 3, flags);
	default:
		return unit_call(call, flags, 0);
	}
}

/* How many of the calls in ROW can have its flags. In each of them it must be the first row that fits a request with
 * these flags. */
static unsigned check_reachable(const struct meaning *row)
{
	static const enum call calls[] = { CALL_CLONE, CALL_CLONE3, CALL_UNSHARE, CALL_SETNS };
	const uint64_t flags = row->with | (row->set ? row->flag : 0);
	unsigned reached = 0;

	for (size_t c = 0; c < sizeof(calls) / sizeof(calls[0]); c++) {
		const struct request request = request_of(calls[c], flags, 17);

		if (!(row->calls & 1U << calls[c]) || request.flags != flags) /* such as a bit beyond clone's 32 */
			continue;
		assert_ptr_equal(meaning_find(row->flag, row->set, &request), row);
		reached++;
	}
	return reached;
}

static void test_reachable(void **state)
{
	size_t count;
	const struct meaning *table = meaning_table(&count);

	(void)state;
	for (size_t i = 0; i < count; i++) {
		if (!check_reachable(&table[i]))
			fail_msg("no request fits \"%s\"", table[i].text);
	}
}

static void test_texts(void **state)
{
	size_t count;
	const struct meaning *table = meaning_table(&count);

	(void)state;
	for (size_t i = 0; i < count; i++) {
		bool known = false;

		for (int call = CALL_CLONE; call <= CALL_SETNS; call++)
			known |= table[i].calls & 1U << call && flag_find(table[i].flag, (enum call)call);
		/* what is not set may be of another call */
		assert_true(known || !table[i].set);
		assert_true(strlen(table[i].text) > 10);
		assert_true(strlen(table[i].source) > 5);
		assert_null(strpbrk(table[i].text, "\n\t"));
		assert_true(!i || table[i - 1].flag <= table[i].flag);
	}
}

/* Of the flags that share, what it means that one is not set is said for every creation. */
static void test_not_set(void **state)
{
	struct request request = unit_clone(FLAG_VM | 17, 0);
	uint64_t flags = explain_sharing_flags(&request);

	(void)state;
	assert_int_equal(flags, FLAG_VM | FLAG_FS | FLAG_FILES | FLAG_SIGHAND | FLAG_THREAD | FLAG_SYSVSEM | FLAG_IO |
					FLAG_SETTLS);
	for (unsigned bit = 0; bit < 64; bit++)
		if (flags & UINT64_C(1) << bit)
			assert_non_null(meaning_find(UINT64_C(1) << bit, false, &request));
	request = unit_clone(17, 0);
	assert_int_equal(explain_sharing_flags(&request), flags & ~FLAG_SETTLS);
	request = unit_call(CALL_UNSHARE, FLAG_FILES, 0);
	assert_int_equal(explain_sharing_flags(&request), 0);
}

static const struct occasion {
	enum call call;
	uint64_t flags, signo;
	bool by_thread;
	const char *half; /* the one that it must bring up */
} occasions[] = {
	{ CALL_VFORK, 0, 0, false, "CLONE_VM makes a thread" },
	{ CALL_CLONE, FLAG_VM, 17, false, "CLONE_VM makes a thread" },
	{ CALL_CLONE, 0, 17, false, "fork copies the memory" },
	{ CALL_CLONE3, 0x3d0f00, 0, false, "a thread is a light process with a pid of its own" },
	{ CALL_CLONE3, 0x3d0f00, 0, false, "threads share their signals" },
	{ CALL_CLONE, 0, 17, false, "copied descriptors are other open files" },
	{ CALL_CLONE, FLAG_VFORK, 17, false, "CLONE_VFORK shares the memory" },
	{ CALL_CLONE, 0, 10, false, "a child's end sends SIGCHLD" },
	{ CALL_CLONE, FLAG_PARENT, 17, false, "who makes a process is its parent" },
	{ CALL_CLONE, 0, 17, true, "a process is the child of the thread that made it" },
	{ CALL_UNSHARE, FLAG_NEWUSER, 0, false, "new namespaces need root" },
	{ CALL_UNSHARE, FLAG_NEWPID, 0, false, "unshare(CLONE_NEWPID) makes its caller pid 1" },
};

static bool brings_up(const struct occasion *occasion, const struct correction *correction)
{
	const struct request request = request_of(occasion->call, occasion->flags, occasion->signo);

	return correction_fits(correction, &request, occasion->by_thread);
}

static void test_corrections(void **state)
{
	size_t count;
	const struct correction *table = correction_table(&count);

	(void)state;
	assert_true(count <= 32); /* bits of explain_correction()'s memory */
	for (size_t i = 0; i < count; i++) {
		bool comes = false;

		assert_true(strlen(table[i].source) > 5);
		for (size_t o = 0; o < sizeof(occasions) / sizeof(occasions[0]); o++)
			if (!strcmp(occasions[o].half, table[i].half)) {
				assert_true(brings_up(&occasions[o], &table[i]));
				comes = true;
			}
		assert_true(comes);
	}
}

/* And not where it would be out of place. */
static void test_no_correction(void **state)
{
	const struct request thread = unit_clone3(0x3d0f00, 0, UNIT_STACK), fork = unit_clone(17, 0);
	const uint64_t args[6] = { 0x1000, 88 };
	const struct request unknown = unit_decode("x86_64", CALL_CLONE3, args, NULL);
	size_t count;
	const struct correction *table = correction_table(&count);

	(void)state;
	for (size_t i = 0; i < count; i++) {
		const char *half = table[i].half;

		assert_false(correction_fits(&table[i], &unknown, true));
		if (!strcmp(half, "CLONE_VM makes a thread") || !strcmp(half, "a child's end sends SIGCHLD") ||
		    !strcmp(half, "a process is the child of the thread that made it"))
			assert_false(correction_fits(&table[i], &thread, true));
		if (strstr(half, "thread"))
			assert_false(correction_fits(&table[i], &fork, false));
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_reachable),     cmocka_unit_test(test_texts),
		cmocka_unit_test(test_not_set),	      cmocka_unit_test(test_corrections),
		cmocka_unit_test(test_no_correction),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
