/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Tests the words for every kind and every flag. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <string.h>

#include "base/text.h"
#include "teach/explain.h"
#include "clone/flags.h"
#include "requests.h"

enum { COLUMNS = 92 };

/* The main thread 44700 makes 44711. */
static const struct parties usual = {
	.creator = 44700,
	.creator_tgid = 44700,
	.child = 44711,
	.child_tgid = 44711,
	.parent = 44700,
	.threads = 1,
};
/* Thread 44702 of process 44700 makes 44711. */
static const struct parties by_thread = {
	.creator = 44702,
	.creator_tgid = 44700,
	.child = 44711,
	.child_tgid = 44711,
	.parent = 44700,
	.threads = 1,
};
/* 44700 makes a thread. */
static const struct parties joined = {
	.creator = 44700,
	.creator_tgid = 44700,
	.child = 44711,
	.child_tgid = 44700,
	.parent = 44600,
	.threads = 2,
};
/* 44700 makes 44711 for its own parent. */
static const struct parties sibling = {
	.creator = 44700,
	.creator_tgid = 44700,
	.child = 44711,
	.child_tgid = 44711,
	.parent = 44600,
	.threads = 1,
};
static const struct parties nobody;

static void assert_verdict(struct request request, const struct parties *parties, const char *expected)
{
	struct text text = TEXT_INIT;

	explain_verdict(&text, &request, parties);
	assert_string_equal(text_get(&text), expected);
	text_done(&text);
}

static void assert_sharing(struct request request, const struct parties *parties, const char *expected)
{
	struct text text = TEXT_INIT;

	explain_sharing(&text, &request, parties);
	assert_string_equal(text_get(&text), expected);
	text_done(&text);
}

static void assert_exit_signal(struct request request, const struct parties *parties, const char *expected)
{
	struct text text = TEXT_INIT;

	explain_exit_signal(&text, &request, parties);
	assert_string_equal(text_get(&text), expected);
	text_done(&text);
}

static void assert_flag(struct request request, uint64_t value, const struct parties *parties, const char *expected)
{
	struct text text = TEXT_INIT;

	assert_non_null(flag_find(value, request.call));
	explain_flag(&text, flag_find(value, request.call), &request, parties);
	assert_string_equal(text_get(&text), expected);
	text_done(&text);
}

static void test_process(void **state)
{
	(void)state;
	assert_verdict(unit_clone(0x1200011, 0), &usual,
		       "PROCESS 44711: a new thread group (no CLONE_THREAD), child of 44700; looks like fork()");
	assert_verdict(
		unit_clone(0x1200011, 0), &by_thread,
		"PROCESS 44711: no CLONE_THREAD, child of process 44700, by its thread 44702; looks like fork()");
	assert_verdict(unit_clone(FLAG_PARENT | 17, 0), &sibling,
		       "PROCESS 44711: no CLONE_THREAD, child of 44600 (CLONE_PARENT), not of 44700 that made it");
	assert_verdict(unit_clone(FLAG_VFORK | 17, 0), &usual,
		       "PROCESS 44711: no CLONE_THREAD, child of 44700; 44700 waits (CLONE_VFORK), memory is copied");
	assert_verdict(unit_clone(FLAG_FILES | 17, 0), &usual,
		       "PROCESS 44711: a new thread group (no CLONE_THREAD), child of 44700");
}

/* The creator's end may be noticed before its child: the kernel has given the child another parent by then. */
static void test_adopted(void **state)
{
	struct parties adopted = usual;

	(void)state;
	adopted.parent = 1;
	assert_verdict(unit_clone(FLAG_FILES | 17, 0), &adopted,
		       "PROCESS 44711: no CLONE_THREAD, now a child of 1, made by 44700");
	adopted.creator_tgid = 0; /* then 1 may as well be its process */
	assert_verdict(unit_clone(FLAG_FILES | 17, 0), &adopted,
		       "PROCESS 44711: no CLONE_THREAD, child of 1, made by 44700");
}

static void test_sharing_processes(void **state)
{
	(void)state;
	assert_verdict(
		unit_call(CALL_VFORK, 0, 0), &usual,
		"PROCESS 44711 sharing memory until exec: CLONE_VM|CLONE_VFORK, child of 44700; looks like vfork()");
	assert_verdict(unit_clone3(0x100004100, 17, UNIT_STACK), &usual,
		       "PROCESS 44711 sharing memory until exec: CLONE_VM|CLONE_VFORK, child of 44700; looks like "
		       "posix_spawn()");
	assert_verdict(unit_clone(0xf00 | 17, UNIT_STACK), &usual,
		       "PROCESS 44711 sharing memory for good: CLONE_VM, no CLONE_THREAD, child of 44700; neither one "
		       "thing nor the other");
}

static void test_thread(void **state)
{
	struct parties alone = joined;

	(void)state;
	assert_verdict(unit_clone3(0x3d0f00, 0, UNIT_STACK), &joined,
		       "THREAD 44711: CLONE_THREAD puts it in process 44700 (2 threads); looks like pthread_create()");
	alone.threads = 0;
	assert_verdict(unit_clone(0x10900, UNIT_STACK), &alone, "THREAD 44711: CLONE_THREAD puts it in process 44700");
	alone.threads = 1;
	assert_verdict(unit_clone(0x10900, UNIT_STACK), &alone,
		       "THREAD 44711: CLONE_THREAD puts it in process 44700 (1 thread)");
	assert_verdict(unit_clone(0x10900 | FLAG_NEWNET, UNIT_STACK), &joined,
		       "THREAD 44711: CLONE_THREAD puts it in process 44700 (2 threads); in a new network namespace: "
		       "CLONE_NEWNET");
	assert_verdict(unit_clone(0x10900 | FLAG_VFORK, UNIT_STACK), &joined,
		       "THREAD 44711: CLONE_THREAD puts it in process 44700 (2 threads); 44700 waits (CLONE_VFORK)");
}

static void test_namespaces(void **state)
{
	(void)state;
	assert_verdict(unit_clone(FLAG_NEWPID | 17, 0), &usual,
		       "PROCESS 44711 in a new pid namespace: CLONE_NEWPID, no CLONE_THREAD, child of 44700");
	assert_verdict(unit_clone(FLAG_NEWUSER | FLAG_NEWPID | 17, 0), &usual,
		       "PROCESS 44711 in new namespaces: CLONE_NEWUSER|CLONE_NEWPID, no CLONE_THREAD, child of 44700");
	assert_verdict(unit_clone(FLAG_NEWUSER | FLAG_NEWPID | FLAG_NEWNS | 17, 0), &usual,
		       "PROCESS 44711 in new namespaces: 3 CLONE_NEW* flags, no CLONE_THREAD, child of 44700");
	assert_verdict(unit_clone3(FLAG_EMPTY_MNTNS, 17, 0), &usual,
		       "PROCESS 44711 in a new mount namespace: CLONE_EMPTY_MNTNS, no CLONE_THREAD, child of 44700");
	assert_verdict(unit_clone(FLAG_NEWNS | 0x4100 | 17, 0), &usual,
		       "PROCESS 44711 in a new mount namespace: CLONE_NEWNS, no CLONE_THREAD, child of 44700; shares "
		       "memory until exec (CLONE_VM|CLONE_VFORK)");
	assert_verdict(unit_clone(FLAG_NEWNS | 0x100 | 17, 0), &usual,
		       "PROCESS 44711 in a new mount namespace: CLONE_NEWNS, no CLONE_THREAD, child of 44700; shares "
		       "memory for good (CLONE_VM)");
}

static void test_unknown_pids(void **state)
{
	struct parties some = nobody;

	(void)state;
	assert_verdict(unit_clone(17, 0), &nobody, "PROCESS: a new thread group (no CLONE_THREAD); looks like fork()");
	assert_verdict(unit_clone(0x10900, 0), &nobody, "THREAD: CLONE_THREAD puts it in the caller's process");
	assert_verdict(
		unit_clone(FLAG_PARENT | 17, 0), &nobody,
		"PROCESS: no CLONE_THREAD, child of the caller's parent (CLONE_PARENT), not of the caller that made "
		"it");
	some.creator = 44700;
	assert_verdict(unit_clone(FLAG_FS | 17, 0), &some,
		       "PROCESS: a new thread group (no CLONE_THREAD), child of the process of 44700");
	some = nobody;
	some.creator_tgid = 44700;
	assert_verdict(unit_clone(FLAG_FS | 17, 0), &some,
		       "PROCESS: a new thread group (no CLONE_THREAD), child of 44700");
}

static void test_unknown_flags(void **state)
{
	const uint64_t args[6] = { 0x1000, 88 };
	const struct request request = unit_decode("x86_64", CALL_CLONE3, args, NULL);

	(void)state;
	assert_verdict(request, &usual, "TASK 44711: its flags are not known; a process by its tgid");
	assert_verdict(request, &joined, "TASK 44711: its flags are not known; a thread of process 44700 by its tgid");
	assert_verdict(request, &nobody, "TASK the child: its flags are not known");
	assert_sharing(request, &usual, "");
}

static void test_sharing(void **state)
{
	(void)state;
	assert_sharing(unit_clone(0x1200011, 0), &usual,
		       "copied: memory (on write), descriptors, cwd and umask, signal handlers   parent gets SIGCHLD");
	assert_sharing(
		unit_clone3(0x3d0f00, 0, UNIT_STACK), &joined,
		"shared: memory, descriptors, cwd and umask, signal handlers, semaphore undo   own: TLS, stack   "
		"no signal is sent");
	assert_sharing(unit_call(CALL_VFORK, 0, 0), &usual,
		       "shared until exec: memory   copied: descriptors, cwd and umask, signal handlers   parent gets "
		       "SIGCHLD");
	assert_sharing(unit_clone3(0x100004100, 17, UNIT_STACK), &usual,
		       "shared until exec: memory   copied: descriptors, cwd and umask   reset: signal handlers   own: "
		       "stack   parent gets SIGCHLD");
	assert_sharing(
		unit_clone(FLAG_NEWUSER | FLAG_NEWPID | 17, 0), &usual,
		"copied: memory (on write), descriptors, cwd and umask, signal handlers   new: user, pid namespaces   "
		"parent gets SIGCHLD");
	assert_sharing(unit_clone(FLAG_NEWPID | 0xf00 | 17, 0), &usual,
		       "shared: memory, descriptors, cwd and umask, signal handlers   new: pid namespace   parent gets "
		       "SIGCHLD");
	assert_sharing(unit_clone(FLAG_IO | 17, 0), &usual,
		       "shared: I/O context (if any)   copied: memory (on write), descriptors, cwd and umask, signal "
		       "handlers   "
		       "parent gets SIGCHLD");
}

static void test_who_is_signaled(void **state)
{
	static const uint64_t all = FLAG_VM | FLAG_FS | FLAG_FILES | FLAG_SIGHAND;
#define SHARED "shared: memory, descriptors, cwd and umask, signal handlers   "

	(void)state;
	assert_sharing(unit_clone(all, 0), &usual,
		       SHARED "no signal is sent (SIGCHLD after an exec), wait needs __WALL/__WCLONE");
	assert_sharing(unit_clone(all | 10, 0), &usual,
		       SHARED "parent gets SIGUSR1 (SIGCHLD after an exec), wait needs __WALL/__WCLONE");
	assert_sharing(unit_clone(all | 64, 0), &usual,
		       SHARED "parent gets SIGRTMIN+30 (SIGCHLD after an exec), wait needs __WALL/__WCLONE");
	assert_sharing(unit_clone(all | 65, 0), &usual,
		       SHARED "no signal is sent (SIGCHLD after an exec), wait needs __WALL/__WCLONE");
	assert_sharing(unit_clone(all | FLAG_PARENT | 10, 0), &sibling, SHARED "parent gets the exit signal of 44700");
	assert_sharing(unit_clone3(all | FLAG_AUTOREAP, 0, 0), &usual, SHARED "no signal is sent, no zombie");
	assert_sharing(unit_clone(all | FLAG_THREAD | 17, 0), &joined, SHARED "no signal is sent");
}

static void test_exit_signal(void **state)
{
	(void)state;
	assert_exit_signal(unit_clone(17, 0), &usual, "exit signal SIGCHLD: sent to 44700 when 44711 ends");
	assert_exit_signal(unit_clone(17, 0), &by_thread, "exit signal SIGCHLD: sent to 44700 when 44711 ends");
	assert_exit_signal(unit_clone(17, 0), &nobody, "exit signal SIGCHLD: sent to the parent when the child ends");
	assert_exit_signal(unit_clone(10, 0), &usual,
			   "exit signal SIGUSR1: sent to 44700 when 44711 ends, wait needs __WALL/__WCLONE; "
			   "SIGCHLD instead after an exec by 44711 or 44700");
	assert_exit_signal(unit_clone(0, 0), &usual,
			   "exit signal 0: no signal is sent when 44711 ends, wait needs __WALL/__WCLONE; "
			   "SIGCHLD instead after an exec by 44711 or 44700");
	assert_exit_signal(unit_clone(200, 0), &usual,
			   "exit signal 200: no signal is sent when 44711 ends, wait needs __WALL/__WCLONE; "
			   "SIGCHLD instead after an exec by 44711 or 44700");
	assert_exit_signal(unit_clone(FLAG_PARENT | 17, 0), &sibling,
			   "exit signal: that of 44700 (CLONE_PARENT), sent to 44600 when 44711 ends");
	assert_exit_signal(unit_clone(0x10900 | 17, 0), &joined,
			   "exit signal: none, 44711 is a thread; no signal is sent when it ends");
	assert_exit_signal(unit_clone3(FLAG_AUTOREAP, 0, 0), &usual,
			   "exit signal: none (CLONE_AUTOREAP); no signal is sent when 44711 ends");
}

static void test_flags(void **state)
{
	const struct request thread = unit_clone3(0x3d0f00, 0, UNIT_STACK);

	(void)state;
	assert_flag(thread, FLAG_FILES, &joined,
		    "CLONE_FILES: 44711 and 44700 have one descriptor table: a close in one is a close in both");
	assert_flag(thread, FLAG_VM, &joined,
		    "CLONE_VM: 44711 and 44700 have one memory: what one writes the other reads");
	assert_flag(
		thread, FLAG_THREAD, &joined,
		"CLONE_THREAD: 44711 joins the thread group of 44700: one tgid, which is what getpid() gives in both");
	assert_flag(
		thread, FLAG_FILES, &nobody,
		"CLONE_FILES: the child and the caller have one descriptor table: a close in one is a close in both");
	assert_flag(unit_clone(0x4100 | 17, 0), FLAG_VM, &usual,
		    "CLONE_VM: 44711 and 44700 have one memory until 44711 execs or exits: "
		    "what one writes the other reads");
	assert_flag(unit_clone(0x4000 | 17, 0), FLAG_VFORK, &by_thread,
		    "CLONE_VFORK: 44702 waits until 44711 execs or exits");
	assert_flag(unit_clone(FLAG_PARENT | 17, 0), FLAG_PARENT, &sibling,
		    "CLONE_PARENT: 44711 is a child of 44600, not of 44700 that made it; "
		    "it is 44600 that learns of its end");
	assert_flag(unit_clone(FLAG_PARENT | 0x10900, 0), FLAG_PARENT, &joined,
		    "CLONE_PARENT: no effect: 44711 is a thread, its parent is that of its process");
	assert_flag(unit_clone3(FLAG_NEWTIME, 17, 0), FLAG_NEWTIME, &usual,
		    "CLONE_NEWTIME: 44711 begins in a new time namespace, its clocks' offsets are those of 44700's");
	assert_flag(unit_clone3(FLAG_NEWTIME | FLAG_VM, 17, 0), FLAG_NEWTIME, &usual,
		    "CLONE_NEWTIME: 44711 stays in 44700's time namespace, its children begin in a new one");
}

static void test_flags_of_callers(void **state)
{
	struct parties caller = { .creator = 44700, .creator_tgid = 44700 };

	(void)state;
	assert_flag(unit_call(CALL_UNSHARE, FLAG_NEWNET, 0), FLAG_NEWNET, &caller,
		    "CLONE_NEWNET: 44700 moves into a new network namespace, with a loopback device of its own");
	assert_flag(unit_call(CALL_UNSHARE, FLAG_NEWPID, 0), FLAG_NEWPID, &caller,
		    "CLONE_NEWPID: children of 44700 will begin in a new pid namespace, "
		    "the first of them as pid 1; 44700 itself stays");
	assert_flag(unit_call(CALL_UNSHARE, FLAG_FILES, 0), FLAG_FILES, &caller,
		    "CLONE_FILES: 44700 has a descriptor table of its own from now on, a copy of the one it shared");
	assert_flag(unit_call(CALL_SETNS, 3, FLAG_NEWNET), FLAG_NEWNET, &caller,
		    "CLONE_NEWNET: 44700 moves into the network namespace of the descriptor");
	assert_flag(unit_call(CALL_SETNS, 3, FLAG_NEWPID), FLAG_NEWPID, &caller,
		    "CLONE_NEWPID: children of 44700 will begin in the pid namespace of the descriptor; "
		    "44700 itself stays");
}

static struct request request_for(enum call call, uint64_t flag)
{
	switch (call) {
	case CALL_CLONE:
		return unit_clone(flag, 0);
	case CALL_CLONE3:
		return unit_clone3(flag, 0, 0);
	default:
		return call == CALL_SETNS ? unit_call(call, 3, flag) : unit_call(call, flag, 0);
	}
}

/* Every flag in every call that takes it has words of its own: more than its name, one line, no placeholder left. */
static void test_every_flag(void **state)
{
	struct text text = TEXT_INIT;
	size_t count;
	const struct flag *table = flag_table(&count);

	(void)state;
	for (size_t i = 0; i < count; i++)
		for (int call = CALL_CLONE; call <= CALL_SETNS; call++) {
			const struct request request = request_for((enum call)call, table[i].value);

			if (!(table[i].calls & 1U << call) || call_find("fork") == (enum call)call)
				continue;
			text_clear(&text);
			explain_flag(&text, &table[i], &request, &usual);
			assert_int_equal(strncmp(text_get(&text), table[i].name, strlen(table[i].name)), 0);
			assert_true(text.length > strlen(table[i].name) + 10);
			assert_null(strpbrk(text_get(&text), "$\n"));
			/* a row fell through to the words of the table, which know no pids */
			assert_string_not_equal(text_get(&text) + strlen(table[i].name) + 2, table[i].means);
			assert_true(text.length <= 130);
		}
	text_done(&text);
}

static void test_missing(void **state)
{
	const struct request fork = unit_clone(0x1200011, 0), unshare = unit_call(CALL_UNSHARE, FLAG_FS, 0);
	struct text text = TEXT_INIT;

	(void)state;
	assert_true(explain_missing(&text, flag_find(FLAG_FILES, CALL_CLONE), &fork, &usual));
	assert_string_equal(text_get(&text), "no CLONE_FILES: 44711 has a copy of 44700's descriptor table: a close in "
					     "one is not seen in the other");
	text_clear(&text);
	assert_false(explain_missing(&text, flag_find(FLAG_FILES, CALL_CLONE), &unshare, &usual));
	assert_string_equal(text_get(&text), "");
	text_done(&text);
}

/* Each once, whatever comes later. */
static void test_corrections(void **state)
{
	const struct request fork = unit_clone(0x1200011, 0), vfork = unit_call(CALL_VFORK, 0, 0);
	struct text text = TEXT_INIT;
	unsigned reported = 0;

	(void)state;
	assert_true(explain_correction(&text, &vfork, &usual, &reported));
	assert_string_equal(text_get(&text), "a half-truth: \"CLONE_VM makes a thread\": 44711 shares 44700's memory "
					     "and is a process; CLONE_THREAD alone decides");
	while (explain_correction(&text, &vfork, &usual, &reported))
		;
	text_clear(&text);
	assert_true(explain_correction(&text, &fork, &usual, &reported));
	assert_non_null(strstr(text_get(&text), "\"fork copies the memory\""));
	while (explain_correction(&text, &fork, &usual, &reported))
		;
	assert_false(explain_correction(&text, &vfork, &usual, &reported));
	text_done(&text);
}

static void test_looks_like(void **state)
{
	const struct request requests[] = { unit_clone3(0x3d0f00, 0, UNIT_STACK), unit_clone(FLAG_FS | 17, 0) };
	struct text text = TEXT_INIT;

	(void)state;
	explain_looks_like(&text, &requests[0]);
	assert_string_equal(text_get(&text),
			    "looks like pthread_create(): it makes exactly this clone3, with these flags, no exit "
			    "signal and a stack, in glibc 2.34 and newer; so do thrd_create(), std::thread");
	text_clear(&text);
	explain_looks_like(&text, &requests[1]);
	assert_string_equal(text_get(&text), "");
	text_done(&text);
}

/* Widths of the lines that most programs show, at five digits and nine threads. */
static void test_columns(void **state)
{
	const struct request requests[] = {
		unit_clone(0x1200011, 0),
		unit_clone3(0x3d0f00, 0, UNIT_STACK),
		unit_clone(FLAG_PARENT | 17, 0),
		unit_clone(FLAG_VFORK | 17, 0),
		unit_clone(FLAG_NEWUSER | FLAG_NEWPID | 17, 0),
	};
	struct parties nine = joined;
	struct text text = TEXT_INIT;

	(void)state;
	nine.threads = 9;
	for (size_t i = 0; i < sizeof(requests) / sizeof(requests[0]); i++) {
		text_clear(&text);
		explain_verdict(&text, &requests[i], requests[i].flags & FLAG_THREAD ? &nine : &usual);
		assert_true(text.length <= COLUMNS);
	}
	text_clear(&text);
	explain_sharing(&text, &requests[0], &usual);
	assert_true(text.length <= COLUMNS);
	text_done(&text);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_process),
		cmocka_unit_test(test_adopted),
		cmocka_unit_test(test_sharing_processes),
		cmocka_unit_test(test_thread),
		cmocka_unit_test(test_namespaces),
		cmocka_unit_test(test_unknown_pids),
		cmocka_unit_test(test_unknown_flags),
		cmocka_unit_test(test_sharing),
		cmocka_unit_test(test_who_is_signaled),
		cmocka_unit_test(test_exit_signal),
		cmocka_unit_test(test_flags),
		cmocka_unit_test(test_flags_of_callers),
		cmocka_unit_test(test_every_flag),
		cmocka_unit_test(test_missing),
		cmocka_unit_test(test_corrections),
		cmocka_unit_test(test_looks_like),
		cmocka_unit_test(test_columns),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
